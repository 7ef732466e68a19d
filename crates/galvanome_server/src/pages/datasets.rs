//! The datasets of a campaign: what there is, of what, how far it is; and where a new file is dropped.

use std::collections::BTreeMap;

use askama::Template;
use galvanome::dataset::{Standing, Step};
use galvanome_model::campaign::Campaign;
use galvanome_model::experiment::{Dataset, Experiment};
use galvanome_model::ids::DatasetId;
use galvanome_model::metaview::Frame;

use super::{Crumb, Shell, address, words};

/// What the page says.
#[derive(Debug, Clone, Copy)]
pub struct DatasetsInput<'a> {
    /// The frame of the page; its section is [`super::Section::Datasets`].
    pub shell: Shell<'a>,
    /// What is asked, of what.
    pub frame: &'a Frame,
    /// The campaign.
    pub campaign: &'a Campaign,
    /// The datasets that this reader may see.
    pub datasets: &'a [&'a Dataset],
    /// How far the work on those is that are held.
    pub work: &'a BTreeMap<DatasetId, Standing>,
}

struct Row<'a> {
    id: &'a str,
    href: String,
    file: &'a str,
    note: &'a str,
    samples: String,
    samples_title: String,
    state: State,
    size: String,
}

/// How far a dataset is, in a word or two, with its class.
pub(super) struct State {
    pub(super) class: &'static str,
    pub(super) word: String,
    /// Why, when it failed.
    pub(super) title: String,
}

struct Section<'a> {
    title: String,
    detail: String,
    rows: Vec<Row<'a>>,
}

/// An experiment that a file may belong to.
pub(super) struct Choice {
    pub(super) id: String,
    pub(super) name: String,
    pub(super) samples: String,
}

#[derive(Template)]
#[template(path = "datasets.html")]
struct Page<'a> {
    shell: Shell<'a>,
    crumbs: Vec<Crumb>,
    lead: String,
    sections: Vec<Section<'a>>,
    withheld: String,
    uploads: String,
    choices: Vec<Choice>,
}

/// The word for how far the work on a dataset is.
pub(super) fn state(dataset: &Dataset, work: Option<&Standing>) -> State {
    let told = |class, word: &str| State { class, word: word.to_owned(), title: String::new() };
    let Some(work) = work else {
        let refers = !(dataset.url.is_empty() && dataset.doi.is_empty());
        return match (refers, dataset.path.is_empty()) {
            (true, _) => told("elsewhere", "held elsewhere"),
            (false, true) => told("none", "no file held"),
            (false, false) => told("failed", "file is missing here"),
        };
    };
    match (&work.reading, &work.analysing) {
        (Step::Failed(why), _) => State { title: why.clone(), ..told("failed", "cannot be read") },
        (_, Step::Failed(why)) => State { title: why.clone(), ..told("failed", "analysis failed") },
        (Step::Runs { share, .. }, _) => told("open", &format!("reading, {:.0} %", 100.0 * share)),
        (_, Step::Runs { share, .. }) => {
            told("open", &format!("analysing, {:.0} %", 100.0 * share))
        }
        (_, Step::Waits) => told("open", "waits for its analysis"),
        (_, Step::Done) => told("done", "analysed"),
        (_, Step::Nothing) => told("held", "held"),
    }
}

/// The partner and technique of an experiment, in words.
pub(super) fn said(frame: &Frame, experiment: &Experiment) -> (String, String) {
    let technique = frame.catalogue.technique(&experiment.technique);
    let name = technique.map_or_else(|| experiment.technique.to_string(), |one| one.name.clone());
    let partner = experiment
        .partner
        .as_ref()
        .and_then(|id| frame.definition.partners.iter().find(|partner| partner.id == *id));
    let mut detail = vec![experiment.id.to_string()];
    detail.extend(partner.map(|partner| partner.name.clone()));
    if !experiment.instrument.is_empty() {
        detail.push(experiment.instrument.clone());
    }
    if !experiment.started_on.is_empty() {
        detail.push(words::day(&experiment.started_on));
    }
    (name, detail.join(", "))
}

/// The experiments that a file may belong to, with their samples.
pub(super) fn choices(frame: &Frame, experiments: &[Experiment]) -> Vec<Choice> {
    experiments
        .iter()
        .map(|experiment| {
            let technique = frame.catalogue.technique(&experiment.technique);
            let short = technique
                .map_or_else(|| experiment.technique.to_string(), |one| one.short_name.clone());
            let samples: Vec<&str> =
                experiment.samples.iter().map(galvanome_model::ids::SampleId::as_str).collect();
            Choice {
                id: experiment.id.to_string(),
                name: format!("{short}, {}", experiment.id),
                samples: samples.join(" "),
            }
        })
        .collect()
}

fn row<'a>(input: &DatasetsInput<'a>, dataset: &'a Dataset) -> Row<'a> {
    let samples: Vec<&str> =
        dataset.samples.iter().map(galvanome_model::ids::SampleId::as_str).collect();
    let reference =
        [dataset.doi.as_str(), dataset.url.as_str()].into_iter().find(|text| !text.is_empty());
    Row {
        id: dataset.id.as_str(),
        href: address::dataset(&input.frame.definition.id, &dataset.id),
        file: match dataset.path.rsplit('/').next() {
            Some(file) if !file.is_empty() => file,
            _ => reference.unwrap_or_default(),
        },
        note: &dataset.note,
        samples: match samples.as_slice() {
            [] => "–".to_owned(),
            [one] => (*one).to_owned(),
            [one, two] => format!("{one}, {two}"),
            [first, ..] => format!("{first} and {} more", samples.len() - 1),
        },
        samples_title: samples.join(", "),
        state: state(dataset, input.work.get(&dataset.id)),
        size: dataset.bytes.map(words::bytes).unwrap_or_default(),
    }
}

/// Renders the page.
pub fn render(input: &DatasetsInput) -> askama::Result<String> {
    let definition = &input.frame.definition;
    let sections: Vec<Section> = input
        .campaign
        .experiments
        .iter()
        .filter_map(|experiment| {
            let of = input.datasets.iter().filter(|one| one.experiment == experiment.id);
            let rows: Vec<Row> = of.map(|dataset| row(input, dataset)).collect();
            let (title, detail) = said(input.frame, experiment);
            (!rows.is_empty()).then_some(Section { title, detail, rows })
        })
        .collect();
    let held = input.datasets.iter().filter(|one| input.work.contains_key(&one.id)).count();
    let all = input.datasets.len();
    let lead = if all == 0 {
        "Nothing has been written down yet. Drop a file here, or list datasets in datasets.csv."
            .to_owned()
    } else if held == all {
        format!("{}, all of them held here.", words::counted(all, "dataset", "datasets"))
    } else {
        format!(
            "{}; the files of {held} are held here, of the others there is a reference.",
            words::counted(all, "dataset", "datasets")
        )
    };
    let hidden = input.campaign.datasets.len() - all;
    Page {
        shell: input.shell,
        crumbs: vec![
            Crumb::to("Campaign", address::overview(&definition.id)),
            Crumb::here("Datasets"),
        ],
        lead,
        sections,
        withheld: match hidden {
            0 => String::new(),
            1 => "One more dataset is withheld from you.".to_owned(),
            _ => format!("{hidden} more datasets are withheld from you."),
        },
        uploads: address::uploads(&definition.id),
        choices: choices(input.frame, &input.campaign.experiments),
    }
    .render()
}
