//! The metaviews of a component as compact JSON, from which a canvas draws them: one letter for each cell.
//!
//! ```json
//! {"schema": 1,
//!  "palette": [{"ids": ["m-yes-2", "m-expert"], "words": "Yes, expert", "flags": "a"}],
//!  "rows": [{"id", "name", "full", "facility", "support": ["bulk"], "modes": ["operando"], "depth": [0.1, 0.9, 0.6],
//!            "said", "by_depth": 3, "note"}],
//!  "columns": [{"id", "name", "short"}],
//!  "questions": [{"id", "code", "name", "about", "cells": "AAB…", "by_row": "…", "by_column": "…", "all": "A",
//!                 "row_counts": ["1·0·0", …], "column_counts": […]}]}
//! ```
//!
//! A cell's letter is the palette's entry counted from U+0100; `cells` runs row by row. Depths are shares of the scale
//! from 1 nm (0) to its deep end (1): from, to, typical.

use std::collections::HashMap;

use galvanome_exchange::marks::{Glyph, glyph_of, glyph_of_combined};
use galvanome_model::answer::Combined;
use galvanome_model::metaview::RowMargin;
use serde::Serialize;

use super::MetaviewsInput;
use super::filters::Flags;
use super::panel::{about, stated_glyph};
use super::query::{facility_word, mode_word, support_word};
use crate::pages::depth::{DepthScale, depth_key};
use crate::pages::marks::{Drawn, STATED};
use crate::pages::words;

#[derive(Serialize)]
struct Entry {
    ids: Vec<&'static str>,
    words: String,
    flags: &'static str,
}

/// Collects the different looks of cells, and gives each a letter. There are a few dozen at most.
#[derive(Default)]
struct Palette {
    entries: Vec<Entry>,
    known: Vec<(Glyph, bool, &'static str)>,
}

impl Palette {
    fn letter(&mut self, glyph: Glyph, stated: bool, flags: &'static str) -> char {
        let look = (glyph, stated, flags);
        let index = self.known.iter().position(|known| *known == look).unwrap_or_else(|| {
            let mut drawn = Drawn::from(&glyph);
            if stated {
                drawn.ids.push(STATED);
                drawn.words.push_str(", stated of the whole row");
            }
            self.entries.push(Entry { ids: drawn.ids, words: drawn.words, flags });
            self.known.push(look);
            self.known.len() - 1
        });
        u32::try_from(index + 0x100).ok().and_then(char::from_u32).unwrap_or('\u{100}')
    }

    fn row(&mut self, row: &RowMargin) -> char {
        match stated_glyph(row) {
            Some(glyph) => self.letter(glyph, true, ""),
            None => self.letter(glyph_of_combined(&row.combined), false, ""),
        }
    }

    fn combined(&mut self, combined: &Combined) -> char {
        self.letter(glyph_of_combined(combined), false, "")
    }
}

#[derive(Serialize)]
struct Row<'a> {
    id: &'a str,
    name: &'a str,
    full: &'a str,
    facility: &'static str,
    support: Vec<&'static str>,
    modes: Vec<&'static str>,
    depth: Option<[f64; 3]>,
    said: String,
    by_depth: usize,
    note: String,
}

#[derive(Serialize)]
struct Column<'a> {
    id: &'a str,
    name: &'a str,
    short: &'a str,
}

#[derive(Serialize)]
struct Question<'a> {
    id: &'a str,
    code: &'a str,
    name: &'a str,
    about: String,
    cells: String,
    by_row: String,
    by_column: String,
    all: String,
    row_counts: Vec<String>,
    column_counts: Vec<String>,
}

#[derive(Serialize)]
struct Cells<'a> {
    schema: u32,
    palette: Vec<Entry>,
    depth_from: String,
    depth_to: String,
    rows: Vec<Row<'a>>,
    columns: Vec<Column<'a>>,
    questions: Vec<Question<'a>>,
}

fn counted(combined: &Combined) -> String {
    format!("{}·{}·{}", combined.yes, combined.unsure, combined.no)
}

/// The JSON. The query of the input is not used: the browser filters and sorts.
pub fn cells_json(input: &MetaviewsInput) -> serde_json::Result<String> {
    let frame = input.frame;
    let techniques = &frame.catalogue.techniques;
    let observables = &frame.catalogue.observables;
    let scale = DepthScale::of(techniques);
    let mut order: Vec<usize> = (0..techniques.len()).collect();
    order.sort_by(|a, b| {
        let depth = |at: usize| techniques.get(at).map_or(f64::MAX, |one| depth_key(&one.facts));
        depth(*a).total_cmp(&depth(*b))
    });
    let rank: HashMap<usize, usize> =
        order.into_iter().enumerate().map(|(place, at)| (at, place)).collect();
    let noted: Vec<bool> =
        techniques.iter().map(|technique| input.notes.contains_key(&technique.id)).collect();
    let mut palette = Palette::default();
    let questions = input
        .metaviews
        .iter()
        .filter_map(|view| {
            let question = frame.definition.question(&view.question)?;
            let columns = view.observables.len().max(1);
            let cells = view
                .pixels
                .iter()
                .enumerate()
                .map(|(at, pixel)| {
                    let noted = noted.get(at / columns).copied().unwrap_or(false);
                    let flags = Flags::of(pixel, noted).classes();
                    palette.letter(glyph_of(pixel), false, flags)
                })
                .collect();
            let (code, name) = words::question(view.question.as_str(), &question.name);
            Some(Question {
                id: view.question.as_str(),
                code,
                name,
                about: about(&frame.definition, question),
                cells,
                by_row: view.by_technique.iter().map(|row| palette.row(row)).collect(),
                by_column: view.by_observable.iter().map(|one| palette.combined(one)).collect(),
                all: palette.combined(&view.overall).to_string(),
                row_counts: view.by_technique.iter().map(|row| counted(&row.combined)).collect(),
                column_counts: view.by_observable.iter().map(counted).collect(),
            })
        })
        .collect();
    serde_json::to_string(&Cells {
        schema: 1,
        depth_from: scale.from(),
        depth_to: scale.to(),
        rows: techniques
            .iter()
            .enumerate()
            .map(|(at, technique)| {
                let facts = &technique.facts;
                Row {
                    id: technique.id.as_str(),
                    name: &technique.short_name,
                    full: &technique.name,
                    facility: facts.facility.map_or("", facility_word),
                    support: facts.support.iter().flatten().map(|one| support_word(*one)).collect(),
                    modes: facts.modes.iter().flatten().map(|one| mode_word(*one)).collect(),
                    depth: scale.shares(facts),
                    said: scale.bar(facts).said,
                    by_depth: rank.get(&at).copied().unwrap_or(at),
                    note: input
                        .notes
                        .get(&technique.id)
                        .map_or_else(String::new, |notes| notes.join(" ")),
                }
            })
            .collect(),
        columns: observables
            .iter()
            .map(|observable| Column {
                id: observable.id.as_str(),
                name: &observable.name,
                short: &observable.short_name,
            })
            .collect(),
        questions,
        palette: palette.entries,
    })
}
