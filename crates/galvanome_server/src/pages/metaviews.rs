//! The metaviews of one component: the global view and one matrix for each question, side by side.

mod cells;
mod filters;
mod legend;
mod panel;
mod query;
mod summary;

use std::collections::BTreeMap;

use askama::Template;
use galvanome_model::campaign::{Campaign, Component};
use galvanome_model::catalogue::Technique;
use galvanome_model::experiment::GateKind;
use galvanome_model::ids::{ComponentId, DatasetId, ExperimentId, SampleId, TechniqueId};
use galvanome_model::metaview::{Frame, Metaview};

pub use self::cells::cells_json;
use self::filters::{Control, filters, order};
use self::legend::Legend;
use self::panel::{GlobalHead, Panel, Row, panels, rows};
pub use self::query::{Form, Order, Query, StateFilter};
use super::depth::{DepthScale, depth_key};
use super::{Crumb, Shell, address, marks, words};

/// Above so many cells the page draws on a canvas, with tables behind it.
pub const CELLS_ON_A_PAGE: usize = 3000;

/// About so many cells stand in one table of [`Form::Table`].
const CELLS_IN_A_TABLE: usize = 1500;

/// What the page says.
#[derive(Debug, Clone, Copy)]
pub struct MetaviewsInput<'a> {
    /// The frame of the page.
    pub shell: Shell<'a>,
    /// Rows, columns and questions.
    pub frame: &'a Frame,
    /// The component that is looked at.
    pub component: &'a Component,
    /// Its metaviews, one for each question, in the campaign's order.
    pub metaviews: &'a [Metaview],
    /// Findings about whole rows ([`row_notes`]).
    pub notes: &'a RowNotes,
    /// What the address asks for.
    pub query: &'a Query,
}

/// What is to be known of a technique's data in this campaign before reading its row.
pub type RowNotes = BTreeMap<TechniqueId, Vec<String>>;

/// Findings about whole rows of a component: the reasons of the gates that are closed on a technique's experiments
/// and void them. An experiment that names no sample of a component concerns all of them.
pub fn row_notes(campaign: &Campaign, component: &ComponentId) -> RowNotes {
    let component_of: BTreeMap<&SampleId, Option<&ComponentId>> =
        campaign.samples.iter().map(|sample| (&sample.id, sample.component.as_ref())).collect();
    let experiment_of: BTreeMap<&DatasetId, &ExperimentId> =
        campaign.datasets.iter().map(|dataset| (&dataset.id, &dataset.experiment)).collect();
    let mut notes = RowNotes::new();
    for gate in campaign.gates.iter().filter(|gate| gate.is_closed() && gate.gate == GateKind::Void)
    {
        let by_dataset = || experiment_of.get(gate.dataset.as_ref()?).copied();
        let Some(id) = gate.experiment.as_ref().or_else(by_dataset) else { continue };
        for experiment in campaign.experiments.iter().filter(|experiment| experiment.id == *id) {
            let mut of = experiment.samples.iter().filter_map(|sample| component_of.get(sample));
            if experiment.samples.is_empty() || of.any(|of| of.is_none_or(|of| of == component)) {
                notes.entry(experiment.technique.clone()).or_default().push(gate.reason.clone());
            }
        }
    }
    notes
}

struct Switch {
    label: String,
    title: String,
    href: String,
    current: bool,
}

struct Export {
    label: &'static str,
    about: &'static str,
    href: String,
}

/// The links of a table that shows some rows of one question.
struct Pages {
    questions: Vec<Switch>,
    said: String,
    earlier: Option<String>,
    later: Option<String>,
    whole: String,
}

/// The canvas that stands for more cells than a page should hold.
struct Canvas {
    cells: String,
    pixels: String,
    techniques: String,
    table: String,
    label: String,
}

#[derive(Template)]
#[template(path = "metaviews.html")]
struct Page<'a> {
    shell: Shell<'a>,
    crumbs: Vec<Crumb>,
    defs: &'static str,
    title: &'a str,
    components: Vec<Switch>,
    summary: String,
    order: Control,
    exports: Vec<Export>,
    filters: Vec<Control>,
    state: &'static str,
    facility: &'static str,
    support: &'static str,
    mode: &'static str,
    head: &'static str,
    scale: DepthScale,
    technique_base: String,
    rows: Vec<Row<'a>>,
    globals: Vec<GlobalHead<'a>>,
    panels: Vec<Panel<'a>>,
    pages: Option<Pages>,
    canvas: Option<Canvas>,
    legend: Legend,
}

/// Which rows a page shows, as indices into the techniques, in the order in which it shows them.
fn shown_rows(techniques: &[Technique], query: &Query) -> Vec<usize> {
    let mut shown: Vec<usize> = (0..techniques.len()).collect();
    if query.order == Order::Depth {
        shown.sort_by(|a, b| {
            let depth =
                |at: usize| techniques.get(at).map_or(f64::MAX, |one| depth_key(&one.facts));
            depth(*a).total_cmp(&depth(*b))
        });
    }
    shown
}

fn pages(
    input: &MetaviewsInput,
    rows: usize,
    columns: usize,
) -> (Pages, std::ops::Range<usize>, usize) {
    let query = input.query;
    let step = (CELLS_IN_A_TABLE / columns.max(1)).clamp(10, 100);
    let from = query.from.min(rows.saturating_sub(1)) / step * step;
    let to = (from + step).min(rows);
    let at = query
        .question
        .as_deref()
        .and_then(|id| input.metaviews.iter().position(|view| view.question.as_str() == id))
        .unwrap_or(0);
    let link = |from: usize| Query { from, ..query.clone() }.link();
    let questions = input
        .metaviews
        .iter()
        .enumerate()
        .map(|(index, view)| {
            let question = input.frame.definition.question(&view.question);
            let (code, name) = words::question(
                view.question.as_str(),
                question.map_or("", |question| question.name.as_str()),
            );
            Switch {
                label: code.to_owned(),
                title: name.to_owned(),
                href: Query { question: Some(view.question.to_string()), ..query.clone() }.link(),
                current: index == at,
            }
        })
        .collect();
    let pages = Pages {
        questions,
        said: format!("Techniques {} to {to} of {rows}", from + 1),
        earlier: (from > 0).then(|| link(from.saturating_sub(step))),
        later: (to < rows).then(|| link(to)),
        whole: Query { form: Form::Auto, question: None, from: 0, ..query.clone() }.link(),
    };
    (pages, from..to, at)
}

/// Whether the page draws its cells on a canvas, because there are too many for elements of their own.
pub fn is_on_canvas(input: &MetaviewsInput) -> bool {
    let catalogue = &input.frame.catalogue;
    let cells = catalogue.techniques.len() * catalogue.observables.len() * input.metaviews.len();
    input.query.form != Form::Table && cells > CELLS_ON_A_PAGE
}

/// Renders the page.
pub fn render(input: &MetaviewsInput) -> askama::Result<String> {
    let definition = &input.frame.definition;
    let campaign = &definition.id;
    let catalogue = &input.frame.catalogue;
    let techniques = catalogue.techniques.as_slice();
    let (query, component) = (input.query, input.component);
    let noted: Vec<bool> =
        techniques.iter().map(|technique| input.notes.contains_key(&technique.id)).collect();
    let scale = DepthScale::of(techniques);

    let mut shown = shown_rows(techniques, query);
    let mut views = input.metaviews;
    let here = address::metaviews(campaign, &component.id);
    let (mut paged, mut canvas) = (None, None);
    if query.form == Form::Table {
        let (links, range, at) = pages(input, shown.len(), catalogue.observables.len());
        shown = shown.get(range).unwrap_or_default().to_vec();
        views = views.get(at..=at).unwrap_or_default();
        paged = Some(links);
    } else if is_on_canvas(input) {
        shown.clear();
        views = &[];
        canvas = Some(Canvas {
            cells: address::cells(campaign, &component.id),
            pixels: format!("/c/{campaign}/pixel/{}", component.id),
            techniques: address::campaign_techniques(campaign),
            table: format!("{here}{}", Query { form: Form::Table, ..query.clone() }.text()),
            label: format!(
                "{} techniques by {} observables, {} questions",
                techniques.len(),
                catalogue.observables.len(),
                input.metaviews.len()
            ),
        });
    }
    let (panels, head) = panels(input, &shown, views, &noted);
    Page {
        shell: input.shell,
        crumbs: Vec::new(),
        defs: marks::defs(),
        title: &component.name,
        components: definition
            .components
            .iter()
            .map(|one| Switch {
                label: one.id.to_string(),
                title: one.name.clone(),
                href: format!("{}{}", address::metaviews(campaign, &one.id), query.text()),
                current: one.id == component.id,
            })
            .collect(),
        summary: summary::sentence(input.metaviews),
        order: order(query),
        exports: [
            ("SVG", "vector figure, fonts inside", "svg"),
            ("PDF", "vector figure for print", "pdf"),
            ("PNG", "picture", "png"),
            ("CSV", "one line for each pixel", "csv"),
            ("HTML", "one file that still opens pixels", "html"),
        ]
        .into_iter()
        .map(|(label, about, format)| Export {
            label,
            about,
            href: address::figure(campaign, &component.id, format),
        })
        .collect(),
        filters: filters(query, techniques, input.metaviews, &noted),
        state: query.state.word(),
        facility: query.facility.map_or("", query::facility_word),
        support: query.support.map_or("", query::support_word),
        mode: query.mode.map_or("", query::mode_word),
        head,
        scale,
        technique_base: address::campaign_techniques(campaign),
        rows: rows(input, &shown, views, scale),
        globals: panel::globals(input, views),
        panels,
        pages: paged,
        canvas,
        legend: legend::legend(input.metaviews),
    }
    .render()
}
