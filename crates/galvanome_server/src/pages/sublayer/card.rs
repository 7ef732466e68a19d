//! One technique beside the others: its answer, why, its numbers, its plot.

use galvanome_exchange::marks::glyph_of;

use super::{Row, SublayerInput, key};
use crate::pages::marks::Drawn;
use crate::pages::small_plot::{self, SmallPlot};
use crate::pages::standing::{self, Standing};
use crate::pages::values::{self, ValueTable};
use crate::pages::{address, words};

/// A card.
pub(super) struct Card {
    pub(super) name: String,
    pub(super) full: String,
    pub(super) href: String,
    pub(super) mark: Drawn,
    pub(super) answer: &'static str,
    pub(super) reasons: Vec<String>,
    pub(super) standings: Vec<Standing>,
    pub(super) tables: Vec<ValueTable>,
    pub(super) more_tables: usize,
    pub(super) plot: Option<SmallPlot>,
}

/// So many descriptors are shown on a card; the pixel's page has them all.
const MOST_TABLES: usize = 2;

/// The card of a technique that measured or has numbers; none otherwise, and none of a withheld pixel.
pub(super) fn card(input: &SublayerInput, row: &Row) -> Option<Card> {
    let pixel = &row.row.pixel;
    if pixel.withheld
        || !(row.is_measured() || !row.row.quantities.is_empty() || row.row.plot.is_some())
    {
        return None;
    }
    let definition = &input.frame.definition;
    let mut tables = values::tables(
        definition,
        definition.question(input.question),
        Some(row.technique),
        input.observable,
        &row.row.quantities,
    );
    let more_tables = tables.len().saturating_sub(MOST_TABLES);
    tables.truncate(MOST_TABLES);
    let several = pixel.parts.len() > 1;
    let reasons = if pixel.parts.is_empty() {
        row.row
            .computed
            .as_ref()
            .map(|computed| {
                crate::pages::groups::capitalised(&standing::reason(
                    computed.answer,
                    &computed.reason,
                )) + "."
            })
            .or_else(|| (!pixel.reason.is_empty()).then(|| pixel.reason.clone()))
            .into_iter()
            .collect()
    } else {
        pixel
            .parts
            .iter()
            .map(|part| {
                let experiment = part.experiment.as_ref().filter(|_| several);
                match experiment {
                    Some(id) => format!(
                        "{id}, {}: {}",
                        standing::answer_in_sentence(part.given),
                        part.record.reason
                    ),
                    None => part.record.reason.clone(),
                }
            })
            .collect()
    };
    let mut standings = standing::of(pixel);
    standings.retain(|one| one.word != "Expert alone");
    Some(Card {
        name: row.technique.short_name.clone(),
        full: row.technique.name.clone(),
        href: address::pixel(&definition.id, &key(input, &row.technique.id)),
        mark: Drawn::from(&glyph_of(pixel)),
        answer: words::answer(pixel.answer),
        reasons,
        standings,
        tables,
        more_tables,
        plot: row.row.plot.as_ref().and_then(|plot| small_plot::small_plot(definition, plot)),
    })
}
