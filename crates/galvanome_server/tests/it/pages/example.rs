//! A campaign folder with its answers, computed ones included, as pages get them.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};

use galvanome_exchange::folder::{self, HeldFile};
use galvanome_inference::answers;
use galvanome_inference::rule::Rule;
use galvanome_model::campaign::Campaign;
use galvanome_model::experiment::{Dataset, Experiment, Gate};
use galvanome_model::ids::{ComponentId, ObservableId, QuestionId, TechniqueId};
use galvanome_model::metaview::{Frame, Metaview};
use galvanome_model::pixel::PixelKey;
use galvanome_model::quantity::Quantity;
use galvanome_model::record::{Given, Revision};
use galvanome_model::verdict::ComputedAnswer;
use galvanome_model::visibility::Viewer;
use galvanome_server::pages::pixel::{self, PixelInput, Sibling};
use galvanome_server::pages::sublayer::{self, SublayerInput, SublayerRow};
use galvanome_server::pages::{CampaignHead, DataVersion, Section, Shell};
use sha2::{Digest, Sha256};

/// A campaign as the façade would hand it out.
pub(super) struct Example {
    pub(super) campaign: Campaign,
    pub(super) frame: Frame,
    pub(super) computed: Vec<ComputedAnswer>,
}

fn files(folder: &Path, below: &str, found: &mut Vec<String>) {
    for entry in fs::read_dir(folder.join(below)).unwrap() {
        let entry = entry.unwrap();
        let name = entry.file_name().into_string().unwrap();
        let path = if below.is_empty() { name } else { format!("{below}/{name}") };
        if entry.file_type().unwrap().is_dir() {
            files(folder, &path, found);
        } else {
            found.push(path);
        }
    }
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::new(), |mut text, byte| {
        let _ = write!(text, "{byte:02x}");
        text
    })
}

impl Example {
    /// One of the folders under `examples/`, its margins changed first.
    pub(super) fn read(name: &str, change: impl FnOnce(&mut Campaign)) -> Self {
        let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../examples").join(name);
        let mut paths = Vec::new();
        files(&folder, "", &mut paths);
        let mut texts = BTreeMap::new();
        let mut held = BTreeMap::new();
        for path in paths {
            let bytes = fs::read(folder.join(&path)).unwrap();
            if folder::is_text(&path) {
                texts.insert(path, bytes);
            } else if path.starts_with("data/") {
                let sha256 = hex(&Sha256::digest(&bytes));
                held.insert(path, HeldFile { bytes: bytes.len() as u64, sha256 });
            }
        }
        let shipped = galvanome_techniques::catalogue();
        let mut campaign = folder::read(&texts, &held, shipped).unwrap();
        change(&mut campaign);
        Self::of(campaign)
    }

    fn of(campaign: Campaign) -> Self {
        let catalogue = campaign.definition.catalogue(galvanome_techniques::catalogue()).unwrap();
        let frame = Frame::new(&campaign, catalogue);
        let computed = answers::of_campaign(&frame, &campaign.quantities, Rule::default());
        Self { campaign, frame, computed }
    }

    /// Every revision: what experts gave, then what was computed.
    fn revisions(&self) -> Vec<Revision> {
        let expert = self.campaign.answers.iter().cloned().map(Given::Expert);
        let given = expert.chain(self.computed.iter().cloned().map(Given::Computed));
        (0_i64..)
            .zip(given)
            .map(|(seq, given)| Revision {
                seq,
                written_at_us: 1_780_000_000_000_000 + seq * 1_000_000,
                actor: "import".to_owned(),
                replaced: None,
                given,
            })
            .collect()
    }

    pub(super) fn metaview(&self, component: &str, question: &str, viewer: &Viewer) -> Metaview {
        let (component, question) =
            (ComponentId::new(component).unwrap(), QuestionId::new(question).unwrap());
        Metaview::of(&self.frame, &component, &question, self.revisions(), viewer)
    }

    fn shell(&self) -> Shell<'_> {
        Shell {
            campaign: Some(CampaignHead::of(&self.campaign.definition)),
            section: Section::Metaviews,
            user: "",
            data: Some(DataVersion { revision: "12", written_at_us: 1_780_000_000_000_000 }),
        }
    }

    /// The numbers of a technique for an observable, or of the descriptors that the question asks for.
    fn quantities(&self, key: &PixelKey) -> Vec<(Quantity, bool)> {
        let technique = self.frame.catalogue.technique(&key.technique).unwrap();
        let asked = self.frame.definition.question(&key.question).unwrap().descriptor.as_ref();
        self.campaign
            .quantities
            .iter()
            .filter(|quantity| {
                technique.descriptor(&quantity.descriptor).is_some_and(|descriptor| {
                    descriptor.speaks_for(&key.observable).is_some()
                        || asked == Some(&descriptor.id)
                }) && quantity.component.as_ref().is_none_or(|id| *id == key.component)
            })
            .map(|quantity| (quantity.clone(), quantity.method.starts_with("galvanome")))
            .collect()
    }

    fn experiments(&self, technique: Option<&TechniqueId>) -> Vec<Experiment> {
        let wanted = |one: &&Experiment| technique.is_none_or(|id| one.technique == *id);
        self.campaign.experiments.iter().filter(wanted).cloned().collect()
    }

    fn computed_for(&self, key: &PixelKey) -> Option<&ComputedAnswer> {
        self.computed.iter().find(|one| {
            one.component == key.component
                && one.question == key.question
                && one.technique == key.technique
                && one.observable == key.observable
        })
    }

    pub(super) fn key(
        component: &str,
        question: &str,
        technique: &str,
        observable: &str,
    ) -> PixelKey {
        PixelKey {
            component: ComponentId::new(component).unwrap(),
            question: QuestionId::new(question).unwrap(),
            technique: TechniqueId::new(technique).unwrap(),
            observable: ObservableId::new(observable).unwrap(),
        }
    }

    /// The page of a pixel as a reader sees it.
    pub(super) fn pixel_page(&self, key: &PixelKey, viewer: &Viewer) -> String {
        let view = self.metaview(key.component.as_str(), key.question.as_str(), viewer);
        let column = view.column_of(&key.observable).unwrap();
        let siblings: Vec<Sibling> = view
            .techniques
            .iter()
            .enumerate()
            .map(|(row, technique)| Sibling {
                technique: technique.clone(),
                pixel: view.pixel(row, column).unwrap().clone(),
            })
            .collect();
        let row = view.row_of(&key.technique).unwrap();
        let beside = |row: Option<usize>| {
            let technique = view.techniques.get(row?)?;
            Some(PixelKey { technique: technique.clone(), ..key.clone() })
        };
        let (previous, next) = (beside(row.checked_sub(1)), beside(Some(row + 1)));
        let history: Vec<Revision> = self
            .revisions()
            .into_iter()
            .filter(|revision| match &revision.given {
                Given::Expert(record) => {
                    record.component == key.component
                        && record.question == key.question
                        && record.technique == key.technique
                        && record.observable.as_ref() == Some(&key.observable)
                }
                Given::Computed(one) => Some(one) == self.computed_for(key),
            })
            .collect();
        let experiments = self.experiments(Some(&key.technique));
        let of_these =
            |id: &galvanome_model::ids::ExperimentId| experiments.iter().any(|one| one.id == *id);
        let datasets: Vec<Dataset> = self
            .campaign
            .datasets
            .iter()
            .filter(|one| of_these(&one.experiment))
            .cloned()
            .collect();
        let gates: Vec<Gate> = self
            .campaign
            .gates
            .iter()
            .filter(|gate| gate.experiment.as_ref().is_some_and(of_these))
            .cloned()
            .collect();
        pixel::render(&PixelInput {
            shell: self.shell(),
            frame: &self.frame,
            key,
            pixel: view.pixel(row, column).unwrap(),
            computed: self.computed_for(key),
            quantities: &self.quantities(key),
            history: &history,
            experiments: &experiments,
            datasets: &datasets,
            gates: &gates,
            siblings: &siblings,
            previous: previous.as_ref(),
            next: next.as_ref(),
        })
        .unwrap()
    }

    /// The rows of a sublayer, for a test to change.
    pub(super) fn rows(
        &self,
        component: &str,
        question: &str,
        observable: &str,
        viewer: &Viewer,
    ) -> Vec<SublayerRow> {
        let view = self.metaview(component, question, viewer);
        let column = view.column_of(&ObservableId::new(observable).unwrap()).unwrap();
        view.techniques
            .iter()
            .enumerate()
            .map(|(row, technique)| {
                let key = Self::key(component, question, technique.as_str(), observable);
                SublayerRow {
                    technique: technique.clone(),
                    pixel: view.pixel(row, column).unwrap().clone(),
                    computed: self.computed_for(&key).cloned(),
                    quantities: self.quantities(&key),
                    plot: None,
                }
            })
            .collect()
    }

    /// The page of a sublayer.
    pub(super) fn sublayer_page(
        &self,
        [component, question, observable]: [&str; 3],
        rows: &[SublayerRow],
    ) -> String {
        sublayer::render(&SublayerInput {
            shell: self.shell(),
            frame: &self.frame,
            component: &ComponentId::new(component).unwrap(),
            question: &QuestionId::new(question).unwrap(),
            observable: &ObservableId::new(observable).unwrap(),
            rows,
            experiments: &self.experiments(None),
            gates: &self.campaign.gates,
        })
        .unwrap()
    }
}
