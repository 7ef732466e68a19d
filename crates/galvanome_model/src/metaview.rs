//! The technique × observable matrix of one component and one question, with its combined answers.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use crate::answer::{Answer, Combined};
use crate::campaign::{Campaign, Definition};
use crate::catalogue::{Catalogue, Technique, TechniqueOverride};
use crate::experiment::{Experiment, GateKind};
use crate::ids::{ComponentId, DatasetId, ExperimentId, ObservableId, QuestionId, TechniqueId};
use crate::pixel::{ExperimentFacts, Pixel, PixelKey, Progress};
use crate::quantity::Quantity;
use crate::record::{AnswerRecord, Given, Revision};
use crate::sample::Sample;
use crate::visibility::Viewer;

/// What a metaview needs to know of a campaign beside its answers: rows, columns, experiments.
#[derive(Debug, Clone)]
pub struct Frame {
    /// What is asked.
    pub definition: Definition,
    /// The catalogue as this campaign uses it: its techniques and observables in its own order.
    pub catalogue: Catalogue,
    experiments: BTreeMap<ExperimentId, ExperimentFacts>,
    dataset_gates: BTreeMap<DatasetId, Vec<GateKind>>,
    progress: HashMap<(TechniqueId, ComponentId), Progress>,
}

impl Frame {
    /// The frame of a campaign, with the catalogue as this campaign uses it.
    pub fn new(campaign: &Campaign, catalogue: Catalogue) -> Self {
        let samples: BTreeMap<_, &Sample> =
            campaign.samples.iter().map(|sample| (&sample.id, sample)).collect();
        let on_their_way: BTreeSet<_> = campaign
            .shipments
            .iter()
            .filter(|shipment| shipment.is_on_its_way())
            .flat_map(|shipment| &shipment.samples)
            .collect();
        let mut experiments = BTreeMap::new();
        let mut progress = HashMap::new();
        for experiment in &campaign.experiments {
            let measured: Vec<&Sample> =
                experiment.samples.iter().filter_map(|id| samples.get(id).copied()).collect();
            experiments.insert(
                experiment.id.clone(),
                ExperimentFacts {
                    partner: experiment.partner.clone(),
                    surrogate: !measured.is_empty()
                        && measured.iter().all(|sample| sample.surrogate),
                    gates: closed_gates(campaign, experiment),
                },
            );
            let on_its_way = experiment.samples.iter().any(|id| on_their_way.contains(id));
            let Some(far) = Progress::of(experiment.status, on_its_way) else { continue };
            for component in &campaign.definition.components {
                let concerns = measured.is_empty()
                    || measured.iter().any(|sample| {
                        sample.component.as_ref().is_none_or(|id| *id == component.id)
                    });
                if concerns {
                    let entry = progress
                        .entry((experiment.technique.clone(), component.id.clone()))
                        .or_insert(far);
                    *entry = far.max(*entry);
                }
            }
        }
        let mut dataset_gates: BTreeMap<DatasetId, Vec<GateKind>> = BTreeMap::new();
        for gate in campaign.gates.iter().filter(|gate| gate.is_closed()) {
            if let Some(dataset) = &gate.dataset {
                dataset_gates.entry(dataset.clone()).or_default().push(gate.gate);
            }
        }
        Self {
            definition: campaign.definition.clone(),
            catalogue,
            experiments,
            dataset_gates,
            progress,
        }
    }

    /// The gates that are closed on what a quantity rests on: its experiment, and its dataset.
    pub fn gates_of(&self, quantity: &Quantity) -> Vec<GateKind> {
        let by_experiment = quantity.experiment.as_ref().and_then(|id| self.experiments.get(id));
        let by_dataset = quantity.dataset.as_ref().and_then(|id| self.dataset_gates.get(id));
        let mut gates = by_experiment.map_or_else(Vec::new, |facts| facts.gates.clone());
        gates.extend(by_dataset.into_iter().flatten());
        gates
    }

    /// One pixel from the revisions of its answers, oldest first. None for a technique or an observable outside the
    /// frame.
    pub fn pixel(
        &self,
        key: &PixelKey,
        revisions: impl IntoIterator<Item = Revision>,
        viewer: &Viewer,
    ) -> Option<Pixel> {
        let technique = self.catalogue.technique(&key.technique)?;
        self.catalogue.observable(&key.observable)?;
        let mut pixel = Pixel::default();
        for revision in revisions {
            match revision.given {
                Given::Expert(record) => {
                    let facts = self.facts_of(&record);
                    pixel.take_expert(record, facts, viewer);
                }
                Given::Computed(computed) => pixel.take_computed(&computed),
            }
        }
        self.row(technique, &key.component).finish(&mut pixel, &key.observable);
        Some(pixel)
    }

    fn facts_of(&self, record: &AnswerRecord) -> Option<&ExperimentFacts> {
        self.experiments.get(record.experiment.as_ref()?)
    }

    fn row<'f>(&'f self, technique: &'f Technique, component: &ComponentId) -> Row<'f> {
        let key = (technique.id.clone(), component.clone());
        Row {
            technique,
            entry: self.definition.techniques.iter().find(|entry| entry.id == technique.id),
            progress: self.progress.get(&key).copied(),
        }
    }

    /// What is known of an experiment.
    pub fn experiment(&self, id: &ExperimentId) -> Option<ExperimentFacts> {
        self.experiments.get(id).cloned()
    }
}

/// A row of a metaview: what its pixels have in common.
struct Row<'f> {
    technique: &'f Technique,
    entry: Option<&'f TechniqueOverride>,
    progress: Option<Progress>,
}

impl Row<'_> {
    /// Finishes a pixel of the row that has taken all its revisions.
    fn finish(&self, pixel: &mut Pixel, observable: &ObservableId) {
        let barred = self.entry.filter(|entry| entry.not_applicable.contains(observable));
        match barred {
            Some(entry) if pixel.is_untouched() => *pixel = Pixel::not_applicable(&why_not(entry)),
            _ => pixel.settle(),
        }
        pixel.expected = barred.is_none() && self.technique.expects(observable);
        if pixel.answer.is_none() && !pixel.withheld && pixel.expected {
            pixel.progress = self.progress;
        }
    }
}

/// Why a technique cannot see an observable, as the campaign says, with where it says it from.
fn why_not(entry: &TechniqueOverride) -> String {
    let reason = entry.not_applicable_reason.as_deref().unwrap_or_default();
    match entry.source.as_deref() {
        Some(source) if !reason.is_empty() => format!("{reason} ({source})"),
        _ => reason.to_owned(),
    }
}

fn closed_gates(campaign: &Campaign, experiment: &Experiment) -> Vec<GateKind> {
    let mut kinds: Vec<GateKind> = campaign
        .gates
        .iter()
        .filter(|gate| gate.is_closed() && gate.experiment.as_ref() == Some(&experiment.id))
        .map(|gate| gate.gate)
        .collect();
    kinds.sort_unstable();
    kinds.dedup();
    kinds
}

/// What somebody stated about a whole row, shown as stated.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Stated {
    /// The answer.
    pub answer: Answer,
    /// The record behind it.
    pub record: AnswerRecord,
}

/// A row's combined answer, with what was stated about the row.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct RowMargin {
    /// The combined answer of its pixels.
    pub combined: Combined,
    /// The latest statement on the whole row.
    pub stated: Option<Stated>,
}

/// How many pixels are in which state.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Counts {
    /// Yes, no or unsure.
    pub answered: u32,
    /// Not applicable.
    pub not_applicable: u32,
    /// Not done.
    pub not_done: u32,
    /// Pending.
    pub pending: u32,
    /// Hidden from this reader.
    pub withheld: u32,
}

/// One metaview as one reader sees it.
#[derive(Debug, Clone, PartialEq)]
pub struct Metaview {
    /// The component.
    pub component: ComponentId,
    /// The question.
    pub question: QuestionId,
    /// Rows.
    pub techniques: Vec<TechniqueId>,
    /// Columns.
    pub observables: Vec<ObservableId>,
    /// Pixels, row by row.
    pub pixels: Vec<Pixel>,
    /// The combined answer of each row.
    pub by_technique: Vec<RowMargin>,
    /// The combined answer of each column.
    pub by_observable: Vec<Combined>,
    /// The combined answer of the whole.
    pub overall: Combined,
    /// How many pixels are in which state.
    pub counts: Counts,
}

impl Metaview {
    /// The metaview of one component and one question from the revisions of its answers, oldest first.
    /// Revisions of other metaviews, and of techniques or observables outside the frame, are passed over.
    pub fn of(
        frame: &Frame,
        component: &ComponentId,
        question: &QuestionId,
        revisions: impl IntoIterator<Item = Revision>,
        viewer: &Viewer,
    ) -> Self {
        let techniques = &frame.catalogue.techniques;
        let observables = &frame.catalogue.observables;
        let rows: HashMap<&str, usize> =
            techniques.iter().enumerate().map(|(i, t)| (t.id.as_str(), i)).collect();
        let columns: HashMap<&str, usize> =
            observables.iter().enumerate().map(|(i, o)| (o.id.as_str(), i)).collect();
        let place = |technique: &TechniqueId, observable: &ObservableId| {
            let row = rows.get(technique.as_str())?;
            Some(row * observables.len() + columns.get(observable.as_str())?)
        };
        let mut pixels = vec![Pixel::default(); techniques.len() * observables.len()];
        let mut stated: Vec<Option<Stated>> = vec![None; techniques.len()];
        for revision in revisions {
            match revision.given {
                Given::Expert(record) => {
                    if record.component != *component || record.question != *question {
                        continue;
                    }
                    let facts = frame.facts_of(&record);
                    if let Some(observable) = &record.observable {
                        if let Some(at) = place(&record.technique, observable) {
                            pixels[at].take_expert(record, facts, viewer);
                        }
                    } else if let Some(&row) = rows.get(record.technique.as_str()) {
                        let partner = facts.and_then(|facts| facts.partner.as_ref());
                        if viewer.may_see(&record.visibility, partner) {
                            stated[row] = Some(Stated { answer: record.answer, record });
                        }
                    }
                }
                Given::Computed(computed) => {
                    if computed.component == *component
                        && computed.question == *question
                        && let Some(at) = place(&computed.technique, &computed.observable)
                    {
                        pixels[at].take_computed(&computed);
                    }
                }
            }
        }
        for (technique, pixels) in
            techniques.iter().zip(pixels.chunks_mut(observables.len().max(1)))
        {
            let row = frame.row(technique, component);
            for (observable, pixel) in observables.iter().zip(pixels) {
                row.finish(pixel, &observable.id);
            }
        }
        Self::combine(frame, component, question, pixels, stated)
    }

    fn combine(
        frame: &Frame,
        component: &ComponentId,
        question: &QuestionId,
        pixels: Vec<Pixel>,
        stated: Vec<Option<Stated>>,
    ) -> Self {
        let columns = frame.catalogue.observables.len();
        let mut by_technique: Vec<RowMargin> = stated
            .into_iter()
            .map(|stated| RowMargin { combined: Combined::default(), stated })
            .collect();
        let mut by_observable = vec![Combined::default(); columns];
        let mut overall = Combined::default();
        let mut counts = Counts::default();
        for (index, pixel) in pixels.iter().enumerate() {
            let into = [
                &mut by_technique[index / columns].combined,
                &mut by_observable[index % columns],
                &mut overall,
            ];
            for combined in into {
                if pixel.withheld {
                    combined.withheld += 1;
                } else {
                    combined.add(pixel.for_margin());
                }
            }
            match pixel.answer {
                _ if pixel.withheld => counts.withheld += 1,
                None => counts.pending += 1,
                Some(Answer::NotApplicable) => counts.not_applicable += 1,
                Some(Answer::NotDone) => counts.not_done += 1,
                Some(_) => counts.answered += 1,
            }
        }
        Self {
            component: component.clone(),
            question: question.clone(),
            techniques: frame
                .catalogue
                .techniques
                .iter()
                .map(|technique| technique.id.clone())
                .collect(),
            observables: frame
                .catalogue
                .observables
                .iter()
                .map(|observable| observable.id.clone())
                .collect(),
            pixels,
            by_technique,
            by_observable,
            overall,
            counts,
        }
    }

    /// The pixel of a row and a column.
    pub fn pixel(&self, row: usize, column: usize) -> Option<&Pixel> {
        (column < self.observables.len())
            .then(|| self.pixels.get(row * self.observables.len() + column))?
    }

    /// The row of a technique.
    pub fn row_of(&self, technique: &TechniqueId) -> Option<usize> {
        self.techniques.iter().position(|id| id == technique)
    }

    /// The column of an observable.
    pub fn column_of(&self, observable: &ObservableId) -> Option<usize> {
        self.observables.iter().position(|id| id == observable)
    }
}
