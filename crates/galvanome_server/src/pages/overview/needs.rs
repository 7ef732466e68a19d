//! What waits for somebody: found in the data, never remembered apart from it.

use std::collections::{BTreeMap, BTreeSet};

use galvanome_model::answer::Answer;
use galvanome_model::experiment::{Experiment, Gate, GateKind};
use galvanome_model::ids::{ComponentId, DescriptorId, ObservableId};
use galvanome_model::metaview::Metaview;
use galvanome_model::pixel::{By, Pixel, PixelKey, Progress};

use super::OverviewInput;
use super::small::{place, said, technique};
use crate::pages::groups::{capitalised, count_word, in_sentence};
use crate::pages::metaviews::{Query, StateFilter};
use crate::pages::{address, strip, words};

/// So many are listed; of more it is said how many.
const LISTED: usize = 40;

/// Something that waits.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Need {
    pub(super) title: String,
    pub(super) detail: String,
    /// What the link says.
    pub(super) act: &'static str,
    pub(super) href: Option<String>,
    /// What the list behind it is called; empty when there is none.
    pub(super) all: String,
    pub(super) lines: Vec<Line>,
    /// How many of the list are left out.
    pub(super) rest: usize,
}

/// One of several things that wait for the same.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Line {
    pub(super) head: String,
    pub(super) text: String,
    pub(super) href: Option<String>,
}

/// A need of several things: with one it says it, with more it lists them.
fn need(
    title: String,
    detail: impl FnOnce(&[Line]) -> String,
    act: &'static str,
    all: &str,
    mut lines: Vec<Line>,
) -> Option<Need> {
    let first = lines.first()?;
    let href = first.href.clone();
    if lines.len() == 1 {
        let detail = format!("{}: {}", first.head, first.text);
        return Some(Need {
            title,
            detail,
            act,
            href,
            all: String::new(),
            lines: Vec::new(),
            rest: 0,
        });
    }
    let (detail, all) = (detail(&lines), format!("{} {all}", lines.len()));
    let rest = lines.len().saturating_sub(LISTED);
    lines.truncate(LISTED);
    Some(Need { title, detail, act, href, all, lines, rest })
}

/// Every pixel that the reader may see, with its place.
fn pixels<'a>(
    input: &OverviewInput<'a>,
) -> impl Iterator<Item = (&'a Metaview, usize, usize, &'a Pixel)> {
    input.metaviews.iter().flat_map(|view| {
        let columns = view.observables.len().max(1);
        view.pixels
            .iter()
            .enumerate()
            .filter(|(_, pixel)| !pixel.withheld)
            .map(move |(index, pixel)| (view, index / columns, index % columns, pixel))
    })
}

fn key(view: &Metaview, row: usize, column: usize) -> Option<PixelKey> {
    Some(PixelKey {
        component: view.component.clone(),
        question: view.question.clone(),
        technique: view.techniques.get(row)?.clone(),
        observable: view.observables.get(column)?.clone(),
    })
}

fn line(input: &OverviewInput, view: &Metaview, row: usize, column: usize, text: &str) -> Line {
    let definition = &input.frame.definition;
    Line {
        head: format!(
            "{}, {}",
            technique(input.frame, view, row),
            place(input.frame, view, column)
        ),
        text: text.to_owned(),
        href: key(view, row, column).map(|key| address::pixel(&definition.id, &key)),
    }
}

/// `yes by Hill, no by Delta`, or expert against computed.
fn sides(input: &OverviewInput, pixel: &Pixel) -> String {
    let whom = |answer| {
        let names: BTreeSet<String> = pixel
            .parts
            .iter()
            .filter(|part| part.answer == answer)
            .map(|part| {
                part.partner.as_ref().map_or_else(
                    || part.record.author.clone(),
                    |id| {
                        input
                            .frame
                            .definition
                            .partner(id)
                            .map_or_else(|| id.to_string(), |partner| partner.name.clone())
                    },
                )
            })
            .collect();
        let names: Vec<&str> = names.iter().map(String::as_str).collect();
        (!names.is_empty()).then(|| format!("{} by {}", said(Some(answer)), words::list(&names)))
    };
    let sides: Vec<String> = [Answer::Yes, Answer::No].into_iter().filter_map(whom).collect();
    match (sides.as_slice(), &pixel.computed) {
        ([one], Some(computed)) => format!("{one}, computed {}", said(Some(computed.answer))),
        (several, _) => several.join(", "),
    }
}

fn contested(input: &OverviewInput) -> Option<Need> {
    let lines: Vec<Line> = pixels(input)
        .filter(|(.., pixel)| pixel.contested)
        .map(|(view, row, column, pixel)| line(input, view, row, column, &sides(input, pixel)))
        .collect();
    let title = match lines.len() {
        1 => "Resolve a contradiction".to_owned(),
        several => format!("Resolve {} contradictions", count_word(several)),
    };
    need(
        title,
        |_| "Yes stands against no; they count as unsure until a second reviewer signs.".to_owned(),
        "Open pixel",
        "pixels",
        lines,
    )
}

/// The first component that an experiment concerns, in the campaign's order.
fn component_of<'a>(input: &OverviewInput<'a>, experiment: &Experiment) -> Option<&'a ComponentId> {
    let samples = &input.campaign.samples;
    let of: BTreeSet<&ComponentId> = experiment
        .samples
        .iter()
        .filter_map(|id| samples.iter().find(|sample| sample.id == *id)?.component.as_ref())
        .collect();
    let components = &input.frame.definition.components;
    let found = components.iter().find(|component| of.contains(&component.id));
    found.or(components.first()).map(|component| &component.id)
}

/// The beginning of a text, cut at a word.
fn beginning(text: &str, most: usize) -> String {
    if text.chars().count() <= most {
        return text.to_owned();
    }
    let cut: String = text.chars().take(most).collect();
    let end = cut.rfind(' ').unwrap_or(cut.len());
    format!("{}…", cut.get(..end).unwrap_or(&cut).trim_end_matches([',', ';', ':', '.']))
}

fn gates(input: &OverviewInput) -> Option<Need> {
    let campaign = input.campaign;
    let experiment_of = |gate: &Gate| {
        let id = gate.experiment.as_ref().or_else(|| {
            let dataset = gate.dataset.as_ref()?;
            Some(&campaign.datasets.iter().find(|one| one.id == *dataset)?.experiment)
        })?;
        campaign.experiments.iter().find(|one| one.id == *id)
    };
    let lines: Vec<Line> = campaign
        .gates
        .iter()
        .filter(|gate| gate.is_closed() && gate.gate == GateKind::Void)
        .filter_map(|gate| {
            let experiment = experiment_of(gate)?;
            let technique = input.frame.catalogue.technique(&experiment.technique);
            let name = technique.map_or(experiment.technique.as_str(), |one| &one.short_name);
            let component = component_of(input, experiment);
            let query = Query { row: Some(experiment.technique.to_string()), ..Query::default() };
            Some(Line {
                head: name.to_owned(),
                text: beginning(&gate.reason, 150),
                href: component.map(|component| {
                    address::metaviews(&input.frame.definition.id, component) + &query.text()
                }),
            })
        })
        .collect();
    let title = match lines.len() {
        1 => "Decide on voided data".to_owned(),
        2 => "Decide on voided data twice".to_owned(),
        several => format!("Decide on voided data {} times", count_word(several)),
    };
    let names = |lines: &[Line]| {
        let mut names: Vec<&str> = lines.iter().map(|line| line.head.as_str()).collect();
        names.dedup();
        format!("{}: unsure while their gates are closed.", words::list(&names))
    };
    need(title, names, "Open row", "closed gates", lines)
}

fn differing(input: &OverviewInput) -> Option<Need> {
    let mut kinds: BTreeMap<(String, String), usize> = BTreeMap::new();
    let lines: Vec<Line> = pixels(input)
        .filter_map(|(view, row, column, pixel)| {
            let computed = pixel.computed.as_ref().filter(|computed| computed.provisional)?;
            let differs = pixel.by == By::Expert
                && !pixel.contested
                && !pixel.voided
                && pixel.answer.is_some_and(Answer::is_measured)
                && pixel.answer != Some(computed.answer);
            differs.then(|| {
                let (expert, rule) = (said(pixel.answer), said(Some(computed.answer)));
                *kinds.entry((expert.clone(), rule.clone())).or_default() += 1;
                line(input, view, row, column, &format!("expert {expert}, computed {rule}"))
            })
        })
        .collect();
    let title = match lines.len() {
        1 => "Compare an answer with its numbers".to_owned(),
        several => format!("Compare {} answers with their numbers", count_word(several)),
    };
    let mut kinds: Vec<_> = kinds.into_iter().collect();
    kinds.sort_by_key(|kind| std::cmp::Reverse(kind.1));
    let detail = kinds
        .iter()
        .map(|((expert, rule), count)| format!("{count} × expert {expert}, computed {rule}"))
        .collect::<Vec<_>>()
        .join("; ");
    need(title, |_| capitalised(&detail) + ", provisional.", "Open pixel", "pixels", lines)
}

fn margins(input: &OverviewInput) -> Option<Need> {
    let catalogue = &input.frame.catalogue;
    let used: BTreeSet<(&DescriptorId, &ObservableId)> = input
        .computed
        .iter()
        .flat_map(|answer| {
            answer.verdicts.iter().map(move |one| (&one.descriptor, &answer.observable))
        })
        .collect();
    let mut bare = 0;
    let lines: Vec<Line> = used
        .iter()
        .filter_map(|(descriptor, observable)| {
            let margin = catalogue.margin_for(descriptor, observable)?;
            if margin.confirmed_by.is_some() {
                return None;
            }
            let (known, technique) = catalogue.descriptor_and_technique(descriptor)?;
            let shown = |value: Option<f64>| {
                value.map_or_else(
                    || "not declared".to_owned(),
                    |value| strip::declared(value, margin.scale, &known.unit),
                )
            };
            bare += usize::from(margin.s0.is_none());
            let observable = catalogue
                .observable(observable)
                .map_or_else(|| observable.to_string(), |one| in_sentence(&one.name));
            Some(Line {
                head: format!(
                    "{}: {}, {observable}",
                    technique.short_name,
                    in_sentence(&known.name)
                ),
                text: format!("δ {}, s0 {}", shown(margin.delta), shown(margin.s0)),
                href: Some(
                    address::campaign_technique(&input.frame.definition.id, &technique.id)
                        + "#descriptors",
                ),
            })
        })
        .collect();
    let title = match lines.len() {
        1 => "Confirm a margin".to_owned(),
        several => format!("Confirm {} margins", count_word(several)),
    };
    let total = used.len();
    let detail = move |lines: &[Line]| {
        let open = match lines.len() {
            all if all == total => format!("any of the {total}"),
            some => format!("{some} of the {total}"),
        };
        let without = match bare {
            0 => String::new(),
            all if all == lines.len() => "; none of them has a declared spread".to_owned(),
            1 => "; one has no declared spread".to_owned(),
            some => format!("; {some} have no declared spread"),
        };
        format!("Nobody has confirmed {open} behind computed answers{without}.")
    };
    need(title, detail, "Review", "margins", lines)
}

fn unanswered(input: &OverviewInput) -> Option<Need> {
    let definition = &input.frame.definition;
    let mut open: BTreeMap<&ComponentId, usize> = BTreeMap::new();
    let mut pending = 0_usize;
    for (view, .., pixel) in pixels(input) {
        pending += usize::from(pixel.answer.is_none());
        if pixel.answer.is_none() && pixel.progress == Some(Progress::Analysed) {
            *open.entry(&view.component).or_default() += 1;
        }
    }
    let query = Query { state: StateFilter::Pending, ..Query::default() };
    let lines: Vec<Line> = definition
        .components
        .iter()
        .filter_map(|component| {
            let count = open.get(&component.id)?;
            Some(Line {
                head: component.name.clone(),
                text: words::counted(*count, "pending pixel", "pending pixels"),
                href: Some(address::metaviews(&definition.id, &component.id) + &query.text()),
            })
        })
        .collect();
    let sum: usize = open.values().sum();
    let detail = format!(
        "{sum} of the {pending} pending pixels belong to experiments that are analysed or done."
    );
    let mut found = need(
        "Ask for answers".to_owned(),
        |_| detail.clone(),
        "Open pending",
        "components",
        lines,
    )?;
    found.detail = detail;
    Some(found)
}

fn failed(input: &OverviewInput) -> Option<Need> {
    let lines: Vec<Line> = input
        .failed_jobs
        .iter()
        .map(|job| Line {
            head: job.what.to_owned(),
            text: beginning(job.why, 200),
            href: job.href.map(str::to_owned),
        })
        .collect();
    let title = match lines.len() {
        1 => "Look at a job that failed".to_owned(),
        several => format!("Look at {} jobs that failed", count_word(several)),
    };
    need(
        title,
        |lines| {
            lines.first().map_or_else(String::new, |line| {
                format!("The latest is {}: {}", in_sentence(&line.head), line.text)
            })
        },
        "Open",
        "jobs",
        lines,
    )
}

/// What waits, the most urgent first.
pub(super) fn needs(input: &OverviewInput) -> Vec<Need> {
    [
        failed(input),
        contested(input),
        gates(input),
        differing(input),
        margins(input),
        unanswered(input),
    ]
    .into_iter()
    .flatten()
    .collect()
}

#[cfg(test)]
mod tests {
    use super::beginning;

    #[test]
    fn long_texts_are_cut_at_words() {
        for (text, most, expected) in [
            ("short", 10, "short"),
            ("one two three", 9, "one two…"),
            ("one, two three", 5, "one…"),
            ("µµµµµµµµ", 4, "µµµµ…"),
        ] {
            assert_eq!(beginning(text, most), expected);
        }
    }
}
