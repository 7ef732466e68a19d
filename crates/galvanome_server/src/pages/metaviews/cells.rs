//! The metaviews of a component as compact JSON, from which a canvas draws them: one letter for each cell.
//!
//! ```json
//! {"schema": 1,
//!  "palette": [{"ids": ["m-yes-2", "m-expert"], "words": "Yes, expert", "flags": "a"}],
//!  "rows": [{"id", "name", "full", "facility", "support": ["bulk"], "modes": ["operando"], "depth": [0.1, 0.9, 0.6],
//!            "said", "by_depth": 3, "note"}],
//!  "columns": [{"id", "name", "short"}],
//!  "questions": [{"id", "name", "about", "cells": "AAB…", "by_row": "…", "by_column": "…", "all": "A",
//!                 "row_counts": ["1·0·0", …], "column_counts": […]}]}
//! ```
//!
//! A cell's letter is the palette's entry counted from U+0100; `cells` runs row by row. Depths are shares of the scale
//! from 1 nm (0) to its deep end (1): from, to, typical.

use std::collections::HashMap;

use galvanome_exchange::marks::{glyph_of, glyph_of_combined};
use galvanome_model::answer::Combined;
use serde::Serialize;

use super::MetaviewsInput;
use super::filters::Flags;
use super::panel::{about, row_margin};
use super::query::{facility_word, mode_word, support_word};
use crate::pages::depth::{DepthScale, depth_key};
use crate::pages::marks::Drawn;

#[derive(Serialize)]
struct Entry {
    ids: Vec<&'static str>,
    words: String,
    flags: &'static str,
}

/// Collects the different looks of cells, and gives each a letter.
#[derive(Default)]
struct Palette {
    entries: Vec<Entry>,
    known: HashMap<(Vec<&'static str>, &'static str), usize>,
}

impl Palette {
    fn letter(&mut self, drawn: Drawn, flags: &'static str) -> char {
        let key = (drawn.ids, flags);
        let index = if let Some(index) = self.known.get(&key) {
            *index
        } else {
            let index = self.entries.len();
            self.entries.push(Entry { ids: key.0.clone(), words: drawn.words, flags });
            self.known.insert(key, index);
            index
        };
        u32::try_from(index + 0x100).ok().and_then(char::from_u32).unwrap_or('\u{100}')
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
                    let technique = techniques.get(at / columns);
                    let noted = technique.is_some_and(|one| input.notes.contains_key(&one.id));
                    let flags = Flags::of(pixel, noted).classes();
                    palette.letter(Drawn::from(&glyph_of(pixel)), flags)
                })
                .collect();
            Some(Question {
                id: view.question.as_str(),
                name: &question.name,
                about: about(&frame.definition, question),
                cells,
                by_row: view
                    .by_technique
                    .iter()
                    .map(|row| {
                        let mut drawn = row_margin(row).drawn;
                        drawn.words = drawn.words.split(';').next().unwrap_or_default().to_owned();
                        palette.letter(drawn, "")
                    })
                    .collect(),
                by_column: view
                    .by_observable
                    .iter()
                    .map(|combined| palette.letter(Drawn::from(&glyph_of_combined(combined)), ""))
                    .collect(),
                all: palette.letter(Drawn::from(&glyph_of_combined(&view.overall)), "").to_string(),
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
