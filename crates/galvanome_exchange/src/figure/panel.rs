//! One component: its global panel and a matrix for each question, on shared rows.

use galvanome_model::answer::Combined;
use galvanome_model::ids::TechniqueId;
use galvanome_model::metaview::RowMargin;

use super::canvas::{Anchor, Canvas, INK, INK_2, INK_3, RULE, Style};
use super::contents::{Block, Names, counts_in_words, tally, tally_in_words, total};
use super::font::Weight;
use super::measure::{Global, Head, PITCH, Panel, SMALL, STATED, TITLE};
use crate::marks::{self, CELL, Glyph, Strength};

/// Between panels.
const GAP: f64 = 34.0;
/// A line of panels is broken where it would grow wider than this, or than 1.4 times its rows are high.
const WIDEST: f64 = 1560.0;
/// Names of rows are broken where they would grow wider than this.
const NAMES: f64 = 230.0;
/// Width of the strip of probed depths, which spans 1 nm to 1 mm on a logarithmic axis.
const DEPTH: f64 = 78.0;

const COMPONENT: Style = Style::new(19.0, Weight::Bold, INK);
const TITLE_2: Style = Style::new(15.0, Weight::Regular, INK_2);
const NAME: Style = Style::new(13.0, Weight::Regular, INK);
const SMALLER: Style = Style::new(10.0, Weight::Regular, INK_2);

/// A component, measured and ready to be drawn.
pub(super) struct Plan<'a> {
    names: Names<'a>,
    title: String,
    counts: String,
    rows: Vec<Row<'a>>,
    names_width: f64,
    depth: bool,
    lines: Vec<Line<'a>>,
    stacked: bool,
    /// Width of everything, heads that lean over included.
    pub(super) width: f64,
}

struct Row<'a> {
    id: &'a TechniqueId,
    label: Vec<String>,
    depth: Option<(f64, Option<f64>, f64)>,
}

struct Line<'a> {
    global: Option<Global<'a>>,
    panels: Vec<Panel<'a>>,
    titles: f64,
    heads: f64,
}

impl<'a> Plan<'a> {
    /// Measures the metaviews of a component.
    pub(super) fn new(block: &Block<'a>, names: Names<'a>) -> Self {
        let rows: Vec<Row<'a>> = block
            .views
            .first()
            .map_or(&[][..], |view| &view.techniques)
            .iter()
            .map(|id| Row {
                id,
                label: NAME.wrap(names.row(id), NAMES, 2),
                depth: depth_of(names, id),
            })
            .collect();
        let names_width = rows
            .iter()
            .flat_map(|row| &row.label)
            .map(|line| NAME.width(line))
            .fold(NAME.width(ALL), f64::max);
        let depth = rows.iter().any(|row| row.depth.is_some());
        let tallies = block.views.iter().flat_map(|view| view.by_observable.iter().map(tally));
        let stacked = tallies.map(|text| SMALLER.width(&text)).fold(0.0, f64::max) > PITCH - 1.0;
        let mut plan = Self {
            names,
            title: names.component(block.component).to_owned(),
            counts: counts_in_words(&total(block.views.iter().copied())),
            rows,
            names_width,
            depth,
            lines: Vec::new(),
            stacked,
            width: 0.0,
        };
        plan.place(block);
        plan.width =
            plan.width.max(COMPONENT.width(&plan.title) + 16.0 + SMALL.width(&plan.counts));
        plan
    }

    /// Places panels on lines; each line begins with the names of the rows.
    fn place(&mut self, block: &Block<'a>) {
        let start = self.names_width + 12.0 + if self.depth { DEPTH + 14.0 } else { 0.0 };
        let global = Global::new(block, self.names, start);
        let mut x = start + global.width() + GAP;
        self.width = x;
        let widest = WIDEST.max(1.4 * self.rows_height());
        let mut line = Line { global: Some(global), panels: Vec::new(), titles: 0.0, heads: 0.0 };
        for view in &block.views {
            let mut panel = Panel::new(view, self.names);
            let over = panel.reach();
            if x + over > widest && !line.panels.is_empty() {
                self.lines.push(std::mem::replace(
                    &mut line,
                    Line { global: None, panels: Vec::new(), titles: 0.0, heads: 0.0 },
                ));
                x = start;
            }
            panel.x = x;
            self.width = self.width.max(x + over);
            x += panel.width + GAP;
            line.panels.push(panel);
        }
        self.lines.push(line);
        for line in &mut self.lines {
            let title = line.panels.iter().map(Panel::titles_height).fold(44.0, f64::max);
            let heads = line.panels.iter().flat_map(|panel| &panel.heads);
            let columns = line.global.iter().flat_map(|global| &global.columns);
            line.titles = title;
            line.heads =
                heads.chain(columns.map(|(_, head)| head)).map(Head::reach).fold(30.0, f64::max);
        }
    }

    fn rows_height(&self) -> f64 {
        self.rows.len() as f64 * PITCH
    }

    fn line_height(&self, line: &Line<'a>) -> f64 {
        line.titles
            + line.heads
            + self.rows_height()
            + 8.0
            + PITCH
            + if self.stacked { 40.0 } else { 20.0 }
    }

    /// Height of everything.
    pub(super) fn height(&self) -> f64 {
        30.0 + self.lines.iter().map(|line| self.line_height(line) + 22.0).sum::<f64>() - 22.0
    }

    /// Draws it with its upper left corner at a place.
    pub(super) fn draw(&self, canvas: &mut Canvas, x: f64, y: f64) {
        canvas.text(x, y + 19.0, &COMPONENT, &self.title);
        let beside = x + COMPONENT.width(&self.title) + 16.0;
        canvas.text(beside, y + 19.0, &SMALL, &self.counts);
        let mut top = y + 30.0;
        for line in &self.lines {
            self.draw_line(canvas, line, x, top);
            top += self.line_height(line) + 22.0;
        }
    }

    fn draw_line(&self, canvas: &mut Canvas, line: &Line<'a>, x: f64, y: f64) {
        let foot = y + line.titles + line.heads;
        let all = foot + self.rows_height() + 8.0;
        let names_end = x + self.names_width;
        for (index, row) in self.rows.iter().enumerate() {
            let middle = foot + index as f64 * PITCH + CELL / 2.0;
            lines_around(canvas, names_end, middle, &NAME.at(Anchor::End), &row.label);
            if self.depth {
                draw_depth(canvas, names_end + 12.0, middle, row.depth);
            }
        }
        let quiet = Style { colour: INK_2, ..NAME };
        lines_around(
            canvas,
            names_end,
            all + CELL / 2.0,
            &quiet.at(Anchor::End),
            &[ALL.to_owned()],
        );
        if self.depth {
            let (left, right) = (names_end + 12.0, names_end + 12.0 + DEPTH);
            let quiet = Style { colour: INK_3, ..SMALL };
            canvas.text(
                f64::midpoint(left, right),
                foot - 24.0,
                &quiet.at(Anchor::Middle),
                "Probed depth",
            );
            canvas.text(left, foot - 9.0, &quiet, "1 nm");
            canvas.text(right, foot - 9.0, &quiet.at(Anchor::End), "1 mm");
        }
        if let Some(global) = &line.global {
            self.draw_global(canvas, global, line, x, y);
        }
        for panel in &line.panels {
            self.draw_panel(canvas, panel, line, x, y);
        }
    }

    fn draw_global(
        &self,
        canvas: &mut Canvas,
        global: &Global<'a>,
        line: &Line<'a>,
        x: f64,
        y: f64,
    ) {
        let left = x + global.x;
        let foot = y + line.titles + line.heads;
        canvas.text(left, y + 17.0, &TITLE, "Global view");
        canvas.text(left, y + 33.0, &SMALL, "one answer per technique");
        for (index, (view, head)) in global.columns.iter().enumerate() {
            let at = left + index as f64 * global.pitch;
            let beside = at + CELL + 5.0 + if global.stated { STATED + 4.0 } else { 0.0 };
            head.draw(canvas, at, foot);
            for (row, known) in self.rows.iter().enumerate() {
                let top = foot + row as f64 * PITCH;
                let Some(margin) = view.row_of(known.id).and_then(|row| view.by_technique.get(row))
                else {
                    continue;
                };
                let what =
                    format!("{} · {} · {}", self.title, view.question, self.names.row(known.id));
                draw_combined(canvas, at, top, &margin.combined, &what);
                if let Some(stated) = stated_glyph(margin) {
                    let title = format!("{what}, stated about the whole row: {}", stated.words());
                    canvas.glyph(
                        at + CELL + 4.0,
                        top + (CELL - STATED) / 2.0,
                        STATED,
                        stated,
                        &title,
                    );
                }
                draw_tally(canvas, beside, top + CELL / 2.0 + 4.0, &margin.combined);
            }
            let all = foot + self.rows_height() + 8.0;
            let what = format!("{} · {} · {ALL}", self.title, view.question);
            draw_combined(canvas, at, all, &view.overall, &what);
            draw_tally(canvas, beside, all + CELL / 2.0 + 4.0, &view.overall);
        }
    }

    fn draw_panel(&self, canvas: &mut Canvas, panel: &Panel<'a>, line: &Line<'a>, x: f64, y: f64) {
        let (left, view) = (x + panel.x, panel.view);
        let foot = y + line.titles + line.heads;
        for (index, text) in panel.title.iter().enumerate() {
            let at = y + 17.0 + 18.0 * index as f64;
            let id = view.question.as_str();
            if let Some(rest) = text.strip_prefix(id).filter(|_| index == 0) {
                canvas.text(left, at, &TITLE, id);
                canvas.text(left + TITLE.width(id) + 7.0, at, &TITLE_2, rest.trim_start());
            } else {
                canvas.text(left, at, &TITLE_2, text);
            }
        }
        for (index, text) in panel.contrast.iter().enumerate() {
            let at = y + 15.0 + 18.0 * panel.title.len() as f64 + 14.0 * index as f64;
            canvas.text(left, at, &SMALL, text);
        }
        for (column, head) in panel.heads.iter().enumerate() {
            head.draw(canvas, left + column as f64 * PITCH, foot);
        }
        for (index, known) in self.rows.iter().enumerate() {
            let Some(row) = view.row_of(known.id) else { continue };
            for (column, observable) in view.observables.iter().enumerate() {
                let Some(pixel) = view.pixel(row, column) else { continue };
                let glyph = marks::glyph_of(pixel);
                let title = format!(
                    "{} · {} · {} · {}: {}",
                    self.title,
                    view.question,
                    self.names.row(known.id),
                    self.names.column(observable),
                    glyph.words()
                );
                let at = (left + column as f64 * PITCH, foot + index as f64 * PITCH);
                canvas.glyph(at.0, at.1, CELL, glyph, &title);
            }
        }
        let all = foot + self.rows_height() + 8.0;
        for (column, (combined, observable)) in
            view.by_observable.iter().zip(&view.observables).enumerate()
        {
            let at = left + column as f64 * PITCH;
            let what =
                format!("{} · {} · {}", self.title, view.question, self.names.column(observable));
            draw_combined(canvas, at, all, combined, &what);
            self.draw_column_tally(canvas, at + CELL / 2.0, all + CELL, combined);
        }
    }

    fn draw_column_tally(&self, canvas: &mut Canvas, middle: f64, y: f64, combined: &Combined) {
        let style = tally_style(combined, SMALLER).at(Anchor::Middle);
        if self.stacked {
            for (index, count) in
                [combined.yes, combined.unsure, combined.no].into_iter().enumerate()
            {
                canvas.text(middle, y + 13.0 + 12.0 * index as f64, &style, &count.to_string());
            }
        } else {
            canvas.text(middle, y + 13.0, &style, &tally(combined));
        }
    }
}

const ALL: &str = "All techniques";

fn stated_glyph(margin: &RowMargin) -> Option<Glyph> {
    let stated = margin.stated.as_ref()?;
    Some(Glyph::from(marks::mark_of_answer(stated.answer, Strength::Unknown)))
}

fn tally_style(combined: &Combined, style: Style) -> Style {
    let none = combined.yes + combined.unsure + combined.no == 0;
    if none { Style { colour: INK_3, ..style } } else { style }
}

fn draw_tally(canvas: &mut Canvas, x: f64, y: f64, combined: &Combined) {
    canvas.text(x, y, &tally_style(combined, SMALL), &tally(combined));
}

fn draw_combined(canvas: &mut Canvas, x: f64, y: f64, combined: &Combined, what: &str) {
    let glyph = marks::glyph_of_combined(combined);
    let title = format!("{what}, combined: {} ({})", glyph.words(), tally_in_words(combined));
    canvas.glyph(x, y, CELL, glyph, &title);
}

/// Lines of text, set around a middle.
fn lines_around(canvas: &mut Canvas, x: f64, middle: f64, style: &Style, lines: &[String]) {
    let step = style.size * 1.2;
    let first = middle + style.size * 0.36 - step * (lines.len() as f64 - 1.0) / 2.0;
    for (index, line) in lines.iter().enumerate() {
        canvas.text(x, first + step * index as f64, style, line);
    }
}

/// Shallowest, typical and deepest probed depth, in metres.
fn depth_of(names: Names<'_>, id: &TechniqueId) -> Option<(f64, Option<f64>, f64)> {
    let facts = &names.technique(id)?.facts;
    let deepest = facts.depth_max_m.or(facts.depth_typical_m)?;
    Some((facts.depth_min_m.unwrap_or(0.0), facts.depth_typical_m, deepest))
}

fn draw_depth(canvas: &mut Canvas, x: f64, y: f64, depth: Option<(f64, Option<f64>, f64)>) {
    // One decade is a sixth of the strip: 1 nm at its left end, 1 mm at its right.
    let place =
        |depth_m: f64| x + DEPTH * ((depth_m.max(1e-9).log10() + 9.0) / 6.0).clamp(0.0, 1.0);
    canvas.line((x, y), (x + DEPTH, y), RULE, 0.8);
    if let Some((shallowest, typical, deepest)) = depth {
        canvas.line((place(shallowest), y), (place(deepest), y), INK_3, 3.0);
        if let Some(typical) = typical {
            let at = place(typical).clamp(x + 1.0, x + DEPTH - 1.0);
            canvas.line((at, y - 5.0), (at, y + 5.0), INK, 2.0);
        }
    }
}
