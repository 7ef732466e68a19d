//! One dataset: the file and what it says, its curves, what was found in it, and what that answers.

mod asked;
mod charts;
mod cycles;
mod facts;
mod images;
mod links;
mod plots;
mod signals;
mod spectra;
mod tables;

use askama::Template;
use galvanome::dataset::{Opened, Step};
use galvanome_model::note::Note;

pub use self::asked::Asked;
use self::facts::Fact;
use self::images::Images;
use self::links::QuantityRow;
use self::plots::Plots;
use self::signals::Signals;
use self::tables::{Preview, TableView};
use super::{Crumb, Shell, address, datasets, words};

/// What the page says.
#[derive(Debug, Clone, Copy)]
pub struct DatasetInput<'a> {
    /// The frame of the page; its section is [`super::Section::Datasets`].
    pub shell: Shell<'a>,
    /// The dataset.
    pub opened: &'a Opened,
    /// What the address asks for.
    pub asked: &'a Asked,
}

/// One step of the work, in words.
struct StepView {
    name: &'static str,
    class: &'static str,
    word: String,
    percent: Option<u32>,
    detail: String,
}

struct NoteView<'a> {
    message: &'a str,
    place: &'a str,
    code: &'a str,
}

impl<'a> NoteView<'a> {
    fn of(note: &'a Note) -> Self {
        Self { message: &note.message, place: &note.place, code: &note.code }
    }
}

#[derive(Template)]
#[template(path = "dataset.html")]
struct Page<'a> {
    shell: Shell<'a>,
    crumbs: Vec<Crumb>,
    title: &'a str,
    lead: String,
    hue: &'static str,
    state: String,
    is_open: bool,
    steps: Vec<StepView>,
    file: Option<String>,
    plots: Option<Plots>,
    signals: Option<Signals>,
    images: Option<Images>,
    notes: Vec<NoteView<'a>>,
    facts: Vec<Fact>,
    metadata: &'a [(String, String)],
    metadata_more: usize,
    tables: Vec<TableView>,
    preview: Option<Preview>,
    quantities: Vec<QuantityRow>,
    quantities_about: String,
    findings: Vec<NoteView<'a>>,
    findings_by: &'a str,
    pixels: Vec<links::Asked>,
    beside: Vec<(String, String)>,
    uploads: String,
    experiment: String,
    samples: String,
    why_not: String,
    /// What will stand in place of curves and tables that are not there yet.
    to_come: &'static str,
}

#[derive(Template)]
#[template(path = "dataset_state.html")]
struct Part {
    state: String,
    is_open: bool,
    steps: Vec<StepView>,
}

fn step(name: &'static str, step: &Step) -> Option<StepView> {
    let plain = |class, word: &str| StepView {
        name,
        class,
        word: word.to_owned(),
        percent: None,
        detail: String::new(),
    };
    Some(match step {
        Step::Nothing => return None,
        Step::Waits => plain("open", "waits for its turn"),
        Step::Runs { share, saying } => {
            let percent = (100.0 * share).round().clamp(0.0, 100.0) as u32;
            StepView {
                percent: Some(percent),
                detail: saying.clone(),
                ..plain("open", &format!("{percent} %"))
            }
        }
        Step::Done => plain("done", "done"),
        Step::Failed(why) => StepView { detail: why.clone(), ..plain("failed", "failed") },
    })
}

/// The steps that say something: nothing when all is done.
fn steps(opened: &Opened) -> Vec<StepView> {
    let both = [&opened.work.reading, &opened.work.analysing];
    if both.into_iter().all(|step| matches!(step, Step::Done | Step::Nothing)) {
        return Vec::new();
    }
    [step("Reading", &opened.work.reading), step("Analysis", &opened.work.analysing)]
        .into_iter()
        .flatten()
        .collect()
}

fn is_open(opened: &Opened) -> bool {
    opened.work.reading.is_open() || opened.work.analysing.is_open()
}

/// The part of the page that says how far the work is, alone.
pub fn work(opened: &Opened) -> askama::Result<String> {
    let state = address::dataset_state(&opened.known.frame.definition.id, &opened.dataset.id);
    Part { state, is_open: is_open(opened), steps: steps(opened) }.render()
}

fn lead(opened: &Opened) -> String {
    let frame = &opened.known.frame;
    let dataset = &opened.dataset;
    let experiment =
        opened.known.campaign.experiments.iter().find(|one| one.id == dataset.experiment);
    let Some(experiment) = experiment else { return String::new() };
    let (technique, _) = datasets::said(frame, experiment);
    let samples: Vec<&str> =
        dataset.samples.iter().map(galvanome_model::ids::SampleId::as_str).collect();
    let of = match samples.len() {
        0 => String::new(),
        1..=4 => format!(" of {}", words::list(&samples)),
        n => format!(" of {n} samples"),
    };
    let partner = experiment
        .partner
        .as_ref()
        .and_then(|id| frame.definition.partners.iter().find(|partner| partner.id == *id))
        .map_or_else(String::new, |partner| format!(", measured by {}", partner.name));
    let note = match dataset.note.trim() {
        "" => String::new(),
        note => format!(" {note}"),
    };
    format!("{technique}{of}{partner}.{note}")
}

/// Why there is nothing to see of a file, when there is none.
fn why_not(opened: &Opened) -> String {
    if opened.columns.is_some() || opened.work.reading != Step::Nothing {
        return String::new();
    }
    let dataset = &opened.dataset;
    if dataset.path.is_empty() {
        "The file is not held here, so there is nothing to draw. When it is at hand, drop it on this page: it is kept as another dataset of the same experiment.".to_owned()
    } else {
        format!(
            "The file {} is listed and missing in the object store: import the campaign folder again.",
            dataset.path
        )
    }
}

/// Renders the page.
pub fn render(input: &DatasetInput) -> Result<String, galvanome::Error> {
    let DatasetInput { shell, opened, asked } = *input;
    let definition = &opened.known.frame.definition;
    let dataset = &opened.dataset;
    let contents = opened.columns.as_ref().map(|columns| columns.contents());
    let plots = match &opened.columns {
        Some(columns) => plots::of(opened, columns, asked)?,
        None => None,
    };
    let (signals, images) = match &opened.columns {
        Some(columns) => {
            (signals::of(opened, columns, asked)?, images::of(opened, columns, asked)?)
        }
        None => (None, None),
    };
    let preview = match &opened.columns {
        Some(columns) => tables::preview(opened, columns, asked)?,
        None => None,
    };
    let beside = opened
        .together
        .iter()
        .filter(|one| **one != dataset.id)
        .map(|one| (one.to_string(), address::dataset(&definition.id, one)))
        .collect();
    let page = Page {
        shell,
        crumbs: vec![
            Crumb::to("Campaign", address::overview(&definition.id)),
            Crumb::to("Datasets", address::datasets(&definition.id)),
            Crumb::here(dataset.id.as_str()),
        ],
        title: dataset.id.as_str(),
        lead: lead(opened),
        hue: charts::hue(opened),
        state: address::dataset_state(&definition.id, &dataset.id),
        is_open: is_open(opened),
        steps: steps(opened),
        file: (opened.work.reading != Step::Nothing)
            .then(|| address::file(&definition.id, &dataset.id)),
        plots,
        signals,
        images,
        notes: contents
            .map(|contents| contents.notes.as_slice())
            .unwrap_or_default()
            .iter()
            .map(NoteView::of)
            .collect(),
        facts: facts::of(opened),
        metadata: contents.map(|contents| contents.metadata.as_slice()).unwrap_or_default(),
        metadata_more: contents
            .map_or(0, |contents| contents.metadata_entries - contents.metadata.len()),
        tables: contents.map(tables::of).unwrap_or_default(),
        preview,
        quantities: links::quantities(opened),
        quantities_about: links::about(opened),
        findings: opened
            .findings
            .iter()
            .flat_map(|findings| &findings.notes)
            .map(NoteView::of)
            .collect(),
        findings_by: opened.findings.as_ref().map_or("", |findings| &findings.method),
        pixels: links::pixels(opened),
        beside,
        uploads: address::uploads(&definition.id),
        experiment: dataset.experiment.to_string(),
        samples: dataset
            .samples
            .iter()
            .map(galvanome_model::ids::SampleId::as_str)
            .collect::<Vec<_>>()
            .join(" "),
        why_not: why_not(opened),
        to_come: if opened.columns.is_none() && opened.work.reading.is_open() {
            "Curves and tables appear here when the file has been read."
        } else {
            ""
        },
    };
    page.render()
        .map_err(|error| galvanome::Error::Wrong(format!("the page could not be drawn: {error}")))
}
