//! Metaviews.

use galvanome_model::answer::{Combined, word_of};
use galvanome_model::metaview::{Frame, Metaview, RowMargin};
use galvanome_model::pixel::{ComputedBeside, Pixel};
use serde::Serialize;
use utoipa::ToSchema;

use super::SCHEMA;
use super::list::Ordered;

/// Metaviews of one campaign: `galvanome metaview ID --json`.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Metaviews {
    /// The number of this set of shapes.
    pub schema: u32,
    /// The campaign's id.
    pub campaign: String,
    /// The data version: it grows with every change of the campaign.
    pub revision: i64,
    /// Columns, in the campaign's order.
    pub observables: Vec<Named>,
    /// Rows, in the campaign's order.
    pub techniques: Vec<Named>,
    /// One view per component and question.
    pub views: Vec<View>,
}

/// An id with its name.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Named {
    /// The id.
    pub id: String,
    /// The name.
    pub name: String,
}

/// The matrix of one component and one question.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct View {
    /// The component.
    pub component: String,
    /// The question.
    pub question: String,
    /// Pixels, by technique and observable.
    #[schema(value_type = HashMap<String, HashMap<String, Cell>>)]
    pub cells: Ordered<Ordered<Cell>>,
    /// Combined answers of the rows.
    #[schema(value_type = HashMap<String, RowOut>)]
    pub by_technique: Ordered<RowOut>,
    /// Combined answers of the columns.
    #[schema(value_type = HashMap<String, CombinedOut>)]
    pub by_observable: Ordered<CombinedOut>,
    /// The combined answer of the whole.
    pub overall: CombinedOut,
    /// How many pixels are in which state.
    pub counts: CountsOut,
}

/// One pixel as this reader sees it.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Cell {
    /// `yes`, `no`, `unsure`, `not_done`, `not_applicable`, `pending`, or `withheld` when this reader may not
    /// see it.
    pub answer: &'static str,
    /// `expert`, `computed`, `campaign` (declared not applicable), or null while nobody answered.
    pub by: Option<&'static str>,
    /// Why, in words.
    pub reason: String,
    /// `explicit` or `implied`; null while nobody answered.
    pub certainty: Option<&'static str>,
    /// Who answered; null while nobody did.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub author: Option<String>,
    /// Whether the catalogue expects this technique to speak for this observable.
    pub expected: bool,
    /// How far a pending pixel is: `planned`, `in_transit`, `measured` or `analysed`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub progress: Option<&'static str>,
    /// Yes stands against no; shown as unsure.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub contested: bool,
    /// A closed gate voids the data; shown as unsure.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub voided: bool,
    /// It rests on model samples alone.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub surrogate: bool,
    /// How many experiments answered.
    pub parts: usize,
    /// The computed answer that stands beside or behind the shown one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub computed: Option<ComputedOut>,
}

/// A computed answer in short.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct ComputedOut {
    /// `yes`, `no` or `unsure`.
    pub answer: &'static str,
    /// A stable word of the decision rule.
    pub reason: String,
    /// Not confirmed by the technique's lead: it contests nothing and stays out of combined answers.
    pub provisional: bool,
    /// What it rests on has changed.
    pub stale: bool,
    /// How far it clears its margin, in δ.
    pub strength: Option<f64>,
}

/// A combined answer.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct CombinedOut {
    /// The maximum of yes > unsure > no > not_done > not_applicable; `pending` while a pending pixel could
    /// still raise it.
    pub answer: &'static str,
    /// The maximum of what is answered so far.
    pub so_far: &'static str,
    /// How many are still pending.
    pub pending: u32,
    /// How many answered yes.
    pub yes: u32,
    /// How many answered unsure.
    pub unsure: u32,
    /// How many answered no.
    pub no: u32,
    /// How many this reader may not see.
    pub withheld: u32,
}

/// A row's combined answer with what was stated about the row.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct RowOut {
    /// The combined answer.
    #[serde(flatten)]
    pub combined: CombinedOut,
    /// What somebody stated about the whole row; null when nobody did. It is never copied into a pixel.
    pub stated: Option<&'static str>,
    /// The reason of that statement.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub stated_reason: Option<String>,
}

/// A form of the publication figure, as an address names it.
#[derive(Debug, Clone, Copy, Serialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum FigureForm {
    /// Scalable vector graphics.
    Svg,
    /// A picture of pixels.
    Png,
    /// A page with embedded fonts.
    Pdf,
    /// One row per pixel.
    Csv,
    /// One file that still opens pixels with no server.
    Html,
}

/// How many pixels are in which state.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct CountsOut {
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

impl Metaviews {
    /// The document of some views of a campaign.
    pub fn of(frame: &Frame, revision: i64, views: &[Metaview]) -> Self {
        Self {
            schema: SCHEMA,
            campaign: frame.definition.id.to_string(),
            revision,
            observables: frame
                .catalogue
                .observables
                .iter()
                .map(|observable| Named {
                    id: observable.id.to_string(),
                    name: observable.name.clone(),
                })
                .collect(),
            techniques: frame
                .catalogue
                .techniques
                .iter()
                .map(|technique| Named {
                    id: technique.id.to_string(),
                    name: technique.name.clone(),
                })
                .collect(),
            views: views.iter().map(View::from).collect(),
        }
    }
}

impl From<&Metaview> for View {
    fn from(view: &Metaview) -> Self {
        let columns = view.observables.len().max(1);
        let cells = view
            .techniques
            .iter()
            .zip(view.pixels.chunks(columns))
            .map(|(technique, pixels)| {
                let row = view.observables.iter().zip(pixels);
                let row =
                    row.map(|(observable, pixel)| (observable.to_string(), Cell::from(pixel)));
                (technique.to_string(), Ordered(row.collect()))
            })
            .collect();
        let rows = view.techniques.iter().zip(&view.by_technique);
        let columns = view.observables.iter().zip(&view.by_observable);
        Self {
            component: view.component.to_string(),
            question: view.question.to_string(),
            cells: Ordered(cells),
            by_technique: Ordered(
                rows.map(|(id, row)| (id.to_string(), RowOut::from(row))).collect(),
            ),
            by_observable: Ordered(
                columns
                    .map(|(id, combined)| (id.to_string(), CombinedOut::from(combined)))
                    .collect(),
            ),
            overall: CombinedOut::from(&view.overall),
            counts: CountsOut {
                answered: view.counts.answered,
                not_applicable: view.counts.not_applicable,
                not_done: view.counts.not_done,
                pending: view.counts.pending,
                withheld: view.counts.withheld,
            },
        }
    }
}

impl From<&Pixel> for Cell {
    fn from(pixel: &Pixel) -> Self {
        Self {
            answer: if pixel.withheld { "withheld" } else { word_of(pixel.answer) },
            by: pixel.by.word(),
            reason: pixel.reason.clone(),
            certainty: pixel.certainty.map(galvanome_model::record::Certainty::word),
            author: (!pixel.author.is_empty()).then(|| pixel.author.clone()),
            expected: pixel.expected,
            progress: pixel.progress.map(galvanome_model::pixel::Progress::word),
            contested: pixel.contested,
            voided: pixel.voided,
            surrogate: pixel.surrogate,
            parts: pixel.parts.len(),
            computed: pixel.computed.as_ref().filter(|_| !pixel.withheld).map(ComputedOut::from),
        }
    }
}

impl From<&ComputedBeside> for ComputedOut {
    fn from(computed: &ComputedBeside) -> Self {
        Self {
            answer: computed.answer.word(),
            reason: computed.reason.clone(),
            provisional: computed.provisional,
            stale: computed.stale,
            strength: computed.strength,
        }
    }
}

impl From<&Combined> for CombinedOut {
    fn from(combined: &Combined) -> Self {
        Self {
            answer: word_of(combined.answer),
            so_far: word_of(combined.so_far),
            pending: combined.pending,
            yes: combined.yes,
            unsure: combined.unsure,
            no: combined.no,
            withheld: combined.withheld,
        }
    }
}

impl From<&RowMargin> for RowOut {
    fn from(row: &RowMargin) -> Self {
        Self {
            combined: CombinedOut::from(&row.combined),
            stated: row.stated.as_ref().map(|stated| stated.answer.word()),
            stated_reason: row.stated.as_ref().map(|stated| stated.record.reason.clone()),
        }
    }
}
