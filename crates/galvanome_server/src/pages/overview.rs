//! The overview of a campaign: the six steps with their counts, its metaviews in small, what waits for whom, and who
//! takes part.

mod late;
mod needs;
mod partners;
mod questions;
mod small;
mod steps;

use askama::Template;
use galvanome_model::campaign::Campaign;
use galvanome_model::metaview::{Frame, Metaview};
use galvanome_model::verdict::ComputedAnswer;

use self::late::Late;
use self::needs::Need;
use self::partners::Taking;
use self::questions::{Asks, GroupLine};
use self::small::{LegendLine, Small};
use self::steps::Step;
use super::{Crumb, Shell, address, groups, marks};

/// Above so many metaviews, or so many pixels, the page links to them instead of drawing them small.
pub const METAVIEWS_DRAWN: usize = 24;

/// See [`METAVIEWS_DRAWN`].
pub const PIXELS_DRAWN: usize = 20_000;

/// What the page says. Everything is what this reader may see.
#[derive(Debug, Clone, Copy)]
pub struct OverviewInput<'a> {
    /// The frame of the page; its section is [`super::Section::Overview`].
    pub shell: Shell<'a>,
    /// Rows, columns and questions.
    pub frame: &'a Frame,
    /// Partners, samples, shipments, experiments, gates. Answers, quantities and documents are not read.
    pub campaign: &'a Campaign,
    /// Its metaviews, component by component and question by question in the campaign's order; none when there are
    /// too many pixels to draw them ([`PIXELS_DRAWN`]).
    pub metaviews: &'a [Metaview],
    /// How many of each are written down.
    pub written: Written,
    /// The computed answers with their comparisons: from them the page tells which margins nobody has confirmed.
    pub computed: &'a [ComputedAnswer],
    /// Background work that failed, the latest first.
    pub failed_jobs: &'a [FailedJob<'a>],
    /// The day on which the page is asked for, `YYYY-MM-DD` in UTC; empty leaves out what is late.
    pub today: &'a str,
}

/// How many things of a campaign are written down.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Written {
    /// Entries of samples: things with a label, or stocks of identical ones.
    pub samples: usize,
    /// Experiments.
    pub experiments: usize,
    /// Datasets that the reader may see.
    pub datasets: usize,
    /// Quantities that the reader may see.
    pub quantities: usize,
}

impl Written {
    /// The counts of a whole campaign, for a reader who sees everything.
    pub fn of(campaign: &Campaign) -> Self {
        Self {
            samples: campaign.samples.len(),
            experiments: campaign.experiments.len(),
            datasets: campaign.datasets.len(),
            quantities: campaign.quantities.len(),
        }
    }
}

/// Background work that failed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct FailedJob<'a> {
    /// What was to be done, in words.
    pub what: &'a str,
    /// Why it failed, in words.
    pub why: &'a str,
    /// Where more is said of it.
    pub href: Option<&'a str>,
}

/// A link to the metaviews of a component, where they are not drawn.
struct Place {
    name: String,
    href: String,
}

#[derive(Template)]
#[template(path = "overview.html")]
struct Page<'a> {
    shell: Shell<'a>,
    crumbs: Vec<Crumb>,
    defs: &'static str,
    title: &'a str,
    description: &'a str,
    steps: Vec<Step>,
    views_title: String,
    views_about: String,
    views: Vec<Small>,
    per_row: &'static str,
    places: Vec<Place>,
    too_many: String,
    legend: Vec<LegendLine>,
    needs: Vec<Need>,
    unlisted: bool,
    late: Vec<Late>,
    questions: Vec<Asks>,
    groups: Vec<GroupLine>,
    partners: Vec<Taking>,
    more_partners: Vec<Taking>,
}

/// Renders the page.
pub fn render(input: &OverviewInput) -> askama::Result<String> {
    let definition = &input.frame.definition;
    let catalogue = &input.frame.catalogue;
    let views = definition.components.len() * definition.questions.len();
    let pixels = views * catalogue.techniques.len() * catalogue.observables.len();
    let drawn = views <= METAVIEWS_DRAWN && pixels <= PIXELS_DRAWN;
    let small: Vec<Small> = if drawn {
        input.metaviews.iter().map(|view| small::small(input.frame, view)).collect()
    } else {
        Vec::new()
    };
    let mut partners = partners::partners(input.frame, input.campaign);
    let more_partners = partners.split_off(partners.len().min(partners::PARTNERS_SHOWN));
    Page {
        shell: input.shell,
        crumbs: Vec::new(),
        defs: marks::defs(),
        title: &definition.title,
        description: definition.description.trim(),
        steps: steps::steps(input, pixels),
        views_title: match views {
            0 => "Metaviews".to_owned(),
            1 => "One metaview".to_owned(),
            _ => format!("{} metaviews", groups::capitalised(&groups::count_word(views))),
        },
        views_about: if pixels == 0 {
            String::new()
        } else {
            format!(
                "{} by {}",
                super::words::counted(catalogue.techniques.len(), "technique", "techniques"),
                super::words::counted(catalogue.observables.len(), "observable", "observables")
            )
        },
        per_row: small::per_row(definition.questions.len()),
        places: definition
            .components
            .iter()
            .map(|component| Place {
                name: component.name.clone(),
                href: address::metaviews(&definition.id, &component.id),
            })
            .collect(),
        too_many: if drawn || pixels == 0 {
            String::new()
        } else {
            format!("{} pixels are too many to draw here.", super::words::count(pixels))
        },
        legend: if small.is_empty() { Vec::new() } else { small::legend(input.metaviews) },
        views: small,
        needs: needs::needs(input),
        unlisted: input.metaviews.is_empty() && pixels > 0,
        late: late::late(input.campaign, input.today),
        questions: questions::questions(input.frame),
        groups: questions::groups(definition),
        partners,
        more_partners,
    }
    .render()
}
