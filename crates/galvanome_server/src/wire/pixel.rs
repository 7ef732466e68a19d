//! One pixel with everything behind it, and a column opened up.

use galvanome::QuantityOrigin;
use galvanome_model::pixel::Part;
use galvanome_model::record::{Given, Revision};
use galvanome_model::verdict::Verdict;
use serde::Serialize;
use utoipa::ToSchema;

use super::SCHEMA;
use super::metaview::Cell;
use super::quantity::QuantityOut;

/// Everything behind one pixel: `galvanome why ID PIXEL --json`.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct PixelDetail {
    /// The number of this set of shapes.
    pub schema: u32,
    /// The campaign.
    pub campaign: String,
    /// The data version.
    pub revision: i64,
    /// The component.
    pub component: String,
    /// The question.
    pub question: String,
    /// The technique.
    pub technique: String,
    /// The observable.
    pub observable: String,
    /// The pixel as this reader sees it.
    pub cell: Cell,
    /// What each experiment answered.
    pub answered: Vec<PartOut>,
    /// The comparisons behind the computed answer.
    pub verdicts: Vec<VerdictOut>,
    /// The numbers of each group.
    pub quantities: Vec<QuantityOut>,
    /// Every answer that was ever given here, oldest first.
    pub history: Vec<HistoryEntry>,
}

/// What one experiment answered.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct PartOut {
    /// The experiment; null when the answer names none.
    pub experiment: Option<String>,
    /// Who measured.
    pub partner: Option<String>,
    /// The answer as given.
    pub given: &'static str,
    /// The answer that counts.
    pub answer: &'static str,
    /// Who gave it.
    pub author: String,
    /// Why.
    pub reason: String,
    /// What it rests on.
    pub evidence: Vec<String>,
    /// It rests on model samples alone.
    pub surrogate: bool,
}

/// One comparison. `d`, `u`, the bounds and `delta` are on the analysis scale: a log-ratio for ratio descriptors.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct VerdictOut {
    /// The descriptor.
    pub descriptor: String,
    /// `ratio` or `difference`.
    #[schema(value_type = String)]
    pub scale: galvanome_model::catalogue::Scale,
    /// Groups of the reference side.
    pub reference: Vec<String>,
    /// Groups of the test side.
    pub test: Vec<String>,
    /// Mean of the reference side in the descriptor's unit.
    pub reference_mean: f64,
    /// Mean of the test side.
    pub test_mean: f64,
    /// Specimens on the reference side.
    pub reference_n: u32,
    /// Specimens on the test side.
    pub test_n: u32,
    /// `yes`, `no` or `unsure`.
    pub answer: &'static str,
    /// A stable word.
    pub reason: String,
    /// `up` or `down`.
    #[schema(value_type = Option<String>)]
    pub direction: Option<galvanome_model::verdict::Direction>,
    /// The difference, test minus reference.
    pub d: f64,
    /// Its standard uncertainty.
    pub u: Option<f64>,
    /// Effective degrees of freedom.
    pub nu: Option<f64>,
    /// |d| less its guard; a yes needs it above κδ.
    pub yes_bound: Option<f64>,
    /// |d| plus its guard; a no needs it below δ.
    pub no_bound: Option<f64>,
    /// The margin δ.
    pub delta: f64,
    /// The spread, as one would declare it, at which the answer would flip.
    pub break_even_s0: Option<f64>,
    /// The uncertainty that would have allowed a no.
    pub u_needed_for_no: Option<f64>,
}

/// One entry of a pixel's history.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct HistoryEntry {
    /// Its number.
    pub seq: i64,
    /// When it was written down, microseconds since 1970 UTC.
    pub written_at_us: i64,
    /// Who wrote it down.
    pub actor: String,
    /// `expert` or `computed`.
    pub by: &'static str,
    /// The answer.
    pub answer: &'static str,
    /// Who gave it.
    pub author: String,
    /// Why.
    pub reason: String,
    /// When it was given, as its author says.
    pub answered_on: String,
    /// The entry that it replaced.
    pub replaced: Option<i64>,
}

/// One observable by all techniques.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Sublayer {
    /// The number of this set of shapes.
    pub schema: u32,
    /// The campaign.
    pub campaign: String,
    /// The data version.
    pub revision: i64,
    /// The component.
    pub component: String,
    /// The question.
    pub question: String,
    /// The observable.
    pub observable: String,
    /// The column's pixels, in row order.
    pub pixels: Vec<PixelDetail>,
}

impl From<&Part> for PartOut {
    fn from(part: &Part) -> Self {
        Self {
            experiment: part.experiment.as_ref().map(ToString::to_string),
            partner: part.partner.as_ref().map(ToString::to_string),
            given: part.given.word(),
            answer: part.answer.word(),
            author: part.record.author.clone(),
            reason: part.record.reason.clone(),
            evidence: part.record.evidence.clone(),
            surrogate: part.surrogate,
        }
    }
}

impl From<&Verdict> for VerdictOut {
    fn from(verdict: &Verdict) -> Self {
        Self {
            descriptor: verdict.descriptor.to_string(),
            scale: verdict.scale,
            reference: verdict.reference.iter().map(ToString::to_string).collect(),
            test: verdict.test.iter().map(ToString::to_string).collect(),
            reference_mean: verdict.reference_mean,
            test_mean: verdict.test_mean,
            reference_n: verdict.reference_n,
            test_n: verdict.test_n,
            answer: verdict.answer.word(),
            reason: verdict.reason.clone(),
            direction: verdict.direction,
            d: verdict.d,
            u: verdict.u,
            nu: verdict.nu,
            yes_bound: verdict.yes_bound,
            no_bound: verdict.no_bound,
            delta: verdict.delta,
            break_even_s0: verdict.break_even_s0,
            u_needed_for_no: verdict.u_needed_for_no,
        }
    }
}

impl From<&Revision> for HistoryEntry {
    fn from(revision: &Revision) -> Self {
        let (by, answer, author, reason, answered_on) = match &revision.given {
            Given::Expert(record) => (
                "expert",
                record.answer,
                record.author.clone(),
                record.reason.clone(),
                record.answered_on.clone(),
            ),
            Given::Computed(computed) => (
                "computed",
                computed.answer,
                format!("decision rule {}", computed.version),
                computed.reason.clone(),
                String::new(),
            ),
        };
        Self {
            seq: revision.seq,
            written_at_us: revision.written_at_us,
            actor: revision.actor.clone(),
            by,
            answer: answer.word(),
            author,
            reason,
            answered_on,
            replaced: revision.replaced,
        }
    }
}

impl PixelDetail {
    /// The document of what is behind one pixel.
    pub fn of(known: &galvanome::Known, behind: &galvanome::why::Behind) -> Self {
        let computed = behind.computed.iter().flat_map(|computed| &computed.verdicts);
        Self {
            schema: SCHEMA,
            campaign: known.frame.definition.id.to_string(),
            revision: known.revision,
            component: behind.key.component.to_string(),
            question: behind.key.question.to_string(),
            technique: behind.key.technique.to_string(),
            observable: behind.key.observable.to_string(),
            cell: Cell::from(&behind.pixel),
            answered: behind.pixel.parts.iter().map(PartOut::from).collect(),
            verdicts: computed.map(VerdictOut::from).collect(),
            quantities: behind
                .quantities
                .iter()
                .map(|held| {
                    QuantityOut::of(&held.quantity, held.origin == QuantityOrigin::Computed)
                })
                .collect(),
            history: behind.history.iter().map(HistoryEntry::from).collect(),
        }
    }
}

impl Sublayer {
    /// The document of one observable by all techniques.
    pub fn of(column: &galvanome::why::Column) -> Self {
        Self {
            schema: SCHEMA,
            campaign: column.known.frame.definition.id.to_string(),
            revision: column.known.revision,
            component: column.component.to_string(),
            question: column.question.to_string(),
            observable: column.observable.to_string(),
            pixels: column
                .pixels
                .iter()
                .map(|behind| PixelDetail::of(&column.known, behind))
                .collect(),
        }
    }
}
