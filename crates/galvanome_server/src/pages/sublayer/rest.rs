//! The techniques that have not answered yes, no or unsure, in words.

use galvanome_exchange::marks::glyph_of;
use galvanome_model::answer::Answer;
use galvanome_model::pixel::{Pixel, Progress};

use super::{Row, SublayerInput, key};
use crate::pages::address;
use crate::pages::marks::Drawn;

/// Techniques in the same state.
pub(super) struct Rest {
    pub(super) word: &'static str,
    pub(super) about: String,
    pub(super) techniques: Vec<RestOne>,
}

/// One of them.
pub(super) struct RestOne {
    pub(super) name: String,
    pub(super) full: String,
    pub(super) href: String,
    pub(super) mark: Drawn,
    pub(super) said: String,
}

/// The state of a pixel that is not measured: its order, its word, and what it means.
fn state(pixel: &Pixel) -> Option<(u8, &'static str, &'static str)> {
    if pixel.withheld {
        return Some((8, "Withheld", "answered, and not shared with you"));
    }
    Some(match pixel.answer {
        Some(answer) if answer.is_measured() => return None,
        Some(Answer::NotDone) => (6, "Not done", ""),
        Some(_) => (7, "Not applicable", "cannot see this observable here"),
        None => match pixel.progress {
            Some(Progress::Analysed) => (0, "Analysed", "waiting for an answer"),
            Some(Progress::Measured) => (1, "Measured", "not analysed yet"),
            Some(Progress::InTransit) => (2, "In transit", "samples on their way"),
            Some(Progress::Planned) => (3, "Planned", "no data yet"),
            None if pixel.expected => (4, "Pending", "nothing is under way"),
            None => (
                5,
                "Not expected",
                "the catalogue does not expect an answer; pending until somebody gives one",
            ),
        },
    })
}

/// What is said of one technique beyond its state.
fn said(pixel: &Pixel) -> String {
    if pixel.withheld { String::new() } else { pixel.reason.clone() }
}

/// The states with their techniques, the nearest to an answer first.
pub(super) fn rest(input: &SublayerInput, rows: &[Row]) -> Vec<Rest> {
    let mut states: Vec<(u8, Rest)> = Vec::new();
    for row in rows {
        let pixel = &row.row.pixel;
        let Some((order, word, about)) = state(pixel) else { continue };
        let one = RestOne {
            name: row.technique.short_name.clone(),
            full: row.technique.name.clone(),
            href: address::pixel(&input.frame.definition.id, &key(input, &row.technique.id)),
            mark: Drawn::from(&glyph_of(pixel)),
            said: said(pixel),
        };
        match states.iter_mut().find(|(known, _)| *known == order) {
            Some((_, rest)) => rest.techniques.push(one),
            None => {
                states.push((order, Rest { word, about: about.to_owned(), techniques: vec![one] }));
            }
        }
    }
    states.sort_by_key(|(order, _)| *order);
    states.into_iter().map(|(_, rest)| rest).collect()
}
