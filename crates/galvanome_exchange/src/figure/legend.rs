//! The legend: every state, what its strength, lines, rims and corners mean.

use galvanome_model::pixel::Progress;

use super::FigureInput;
use super::canvas::{Canvas, INK, INK_2, Style};
use super::font::Weight;
use super::measure::STATED;
use crate::marks::{Glyph, Line, Mark, Strength};

const HEADING: Style = Style::new(12.0, Weight::Bold, INK);
const WORD: Style = Style::new(11.0, Weight::Bold, INK);
const TEXT: Style = Style::new(11.0, Weight::Regular, INK_2);

/// Side of a mark.
const SIDE: f64 = 22.0;
/// From the left edge of an item with one mark to its text.
const INDENT: f64 = SIDE + 9.0;
const COLUMN: f64 = 300.0;
const LEADING: f64 = 14.0;

/// What an item explains.
pub(super) enum Sample {
    /// Marks, side by side.
    Marks(Vec<Glyph>),
    /// A mark at the size of a statement on a row.
    Small(Glyph),
    /// A text.
    Text(&'static str),
}

/// One line of the legend: marks, a word, what it means.
pub(super) struct Item {
    pub(super) sample: Sample,
    pub(super) word: &'static str,
    pub(super) meaning: String,
}

/// A group of lines.
pub(super) struct Section {
    pub(super) heading: &'static str,
    pub(super) items: Vec<Item>,
}

fn item(glyphs: &[Glyph], word: &'static str, meaning: &str) -> Item {
    Item { sample: Sample::Marks(glyphs.to_vec()), word, meaning: meaning.to_owned() }
}

/// Everything there is to explain.
pub(super) fn sections(input: &FigureInput<'_>) -> Vec<Section> {
    let (when_yes, when_no) = input.names().meaning(input.views);
    let yes = Glyph::from(Mark::Yes(Strength::Unknown));
    let no = Glyph::from(Mark::No(Strength::Unknown));
    let pending = Glyph::from(Mark::Pending(None));
    let of = |mark| [Glyph::from(mark)];
    let strength = |mark: fn(Strength) -> Mark| {
        [Strength::Weak, Strength::Medium, Strength::Strong]
            .map(|strength| Glyph::from(mark(strength)))
    };
    let progress = |step| [Glyph::from(Mark::Pending(Some(step)))];
    vec![
        Section {
            heading: "How to read a pixel",
            items: vec![
                item(&[yes], "Yes", &when_yes),
                item(&[no], "No", &when_no),
                item(&of(Mark::Unsure), "Unsure", "measured, but cannot tell"),
                item(&of(Mark::UnsureVoided), "Unsure, data voided", "a fault voids the data"),
                item(&of(Mark::Contested), "Contested", "yes stands against no"),
            ],
        },
        Section {
            heading: "Where nothing was measured",
            items: vec![
                item(&of(Mark::NotApplicable), "Not applicable", "cannot see this property"),
                item(&of(Mark::NotDone), "Not done", "could, but was not measured"),
                item(&[pending], "Pending", "no answer yet"),
                item(
                    &[Glyph { unexpected: true, ..pending }],
                    "Pending, not expected",
                    "nor does the catalogue expect one",
                ),
                item(&of(Mark::Withheld), "Withheld", "answered, but not shown to this reader"),
            ],
        },
        Section {
            heading: "Progress of a pending pixel",
            items: vec![
                item(&progress(Progress::Planned), "Planned", ""),
                item(&progress(Progress::InTransit), "In transit", ""),
                item(&progress(Progress::Measured), "Measured", ""),
                item(&progress(Progress::Analysed), "Analysed", ""),
            ],
        },
        Section {
            heading: "Strength of evidence, and who answered",
            items: vec![
                item(
                    &strength(Mark::Yes),
                    "Disc grows",
                    "the interval clears the margin by under 1 δ, 1 to 3 δ, more",
                ),
                item(
                    &strength(Mark::No),
                    "Ring thickens",
                    "likewise; medium where it was not computed",
                ),
                item(&[yes], "No line", "computed; an expert agrees or is silent"),
                item(
                    &[Glyph { line: Some(Line::Expert), ..yes }],
                    "Thin line",
                    "an expert alone, strength unknown",
                ),
                item(
                    &[Glyph { line: Some(Line::ExpertOverComputed), ..yes }],
                    "Bold line",
                    "an expert over a different computed answer",
                ),
            ],
        },
        Section {
            heading: "Rows and columns combined, and corners",
            items: vec![
                item(
                    &[Glyph { rim: true, ..no }],
                    "Dotted rim",
                    "the highest so far (yes, unsure, no, in this order); pending pixels may still raise it",
                ),
                Item {
                    sample: Sample::Text("2·0·1"),
                    word: "Counts",
                    meaning: "how many yes · unsure · no".to_owned(),
                },
                Item {
                    sample: Sample::Small(no),
                    word: "Small mark",
                    meaning: "what somebody stated about the whole row".to_owned(),
                },
                item(
                    &[Glyph { stale: true, ..yes }],
                    "Clock",
                    "stale: what it was computed from has changed",
                ),
                item(
                    &[Glyph { surrogate: true, ..yes }],
                    "Cut corner",
                    "model samples alone; never a row's yes, counted as unsure",
                ),
            ],
        },
    ]
}

/// The legend, measured for a width.
pub(super) struct Legend {
    columns: Vec<Vec<Section>>,
    column_width: f64,
    pub(super) height: f64,
}

impl Legend {
    pub(super) fn new(input: &FigureInput<'_>, width: f64) -> Self {
        let sections = sections(input);
        let count = ((width / COLUMN) as usize).clamp(1, sections.len().max(1));
        let column_width = width / count as f64;
        let mut columns: Vec<Vec<Section>> = (0..count).map(|_| Vec::new()).collect();
        let mut heights = vec![0.0_f64; count];
        for section in sections {
            let shortest = heights
                .iter()
                .enumerate()
                .min_by(|a, b| a.1.total_cmp(b.1))
                .map_or(0, |(index, _)| index);
            if let (Some(column), Some(height)) =
                (columns.get_mut(shortest), heights.get_mut(shortest))
            {
                *height += section_height(&section, column_width) + 14.0;
                column.push(section);
            }
        }
        Self { columns, column_width, height: heights.into_iter().fold(0.0, f64::max) }
    }

    pub(super) fn draw(&self, canvas: &mut Canvas, x: f64, y: f64) {
        for (index, column) in self.columns.iter().enumerate() {
            let left = x + self.column_width * index as f64;
            let mut top = y;
            for section in column {
                canvas.text(left, top + 12.0, &HEADING, section.heading);
                let mut item_top = top + 22.0;
                for item in &section.items {
                    draw_item(canvas, item, self.column_width, left, item_top);
                    item_top += item_height(item, self.column_width);
                }
                top += section_height(section, self.column_width) + 14.0;
            }
        }
    }
}

fn section_height(section: &Section, width: f64) -> f64 {
    22.0 + section.items.iter().map(|item| item_height(item, width)).sum::<f64>()
}

fn item_height(item: &Item, width: f64) -> f64 {
    (lines_of(item, width).len() as f64 * LEADING + 4.0).max(SIDE + 4.0)
}

fn indent_of(item: &Item) -> f64 {
    match &item.sample {
        Sample::Marks(glyphs) => INDENT + glyphs.len().saturating_sub(1) as f64 * (SIDE + 3.0),
        Sample::Small(_) => INDENT,
        Sample::Text(text) => INDENT.max(TEXT.width(text) + 9.0),
    }
}

/// The lines of an item: the first begins with its word, which is set apart.
fn lines_of(item: &Item, width: f64) -> Vec<String> {
    let room = width - indent_of(item) - 18.0;
    let lead = WORD.width(item.word) + 6.0;
    let mut lines = Vec::new();
    let mut line = String::new();
    for word in item.meaning.split_whitespace() {
        let longer = if line.is_empty() { word.to_owned() } else { format!("{line} {word}") };
        let taken = if lines.is_empty() { lead } else { 0.0 };
        if taken + TEXT.width(&longer) <= room || (line.is_empty() && !lines.is_empty()) {
            line = longer;
        } else {
            lines.push(std::mem::replace(&mut line, word.to_owned()));
        }
    }
    lines.push(line);
    lines
}

fn draw_item(canvas: &mut Canvas, item: &Item, width: f64, x: f64, y: f64) {
    let lines = lines_of(item, width);
    let height = item_height(item, width) - 4.0;
    let middle = y + height / 2.0;
    match &item.sample {
        Sample::Marks(glyphs) => {
            for (index, glyph) in glyphs.iter().enumerate() {
                let at = x + index as f64 * (SIDE + 3.0);
                canvas.glyph(at, middle - SIDE / 2.0, SIDE, *glyph, "");
            }
        }
        Sample::Small(glyph) => {
            let at = x + (SIDE - STATED) / 2.0;
            canvas.glyph(at, middle - STATED / 2.0, STATED, *glyph, "");
        }
        Sample::Text(text) => canvas.text(x, middle + 4.0, &TEXT, text),
    }
    let mut baseline = middle + 4.0 - LEADING * (lines.len() as f64 - 1.0) / 2.0;
    let left = x + indent_of(item);
    canvas.text(left, baseline, &WORD, item.word);
    for (index, line) in lines.iter().enumerate() {
        let lead = if index == 0 { WORD.width(item.word) + 6.0 } else { 0.0 };
        if !line.is_empty() {
            canvas.text(left + lead, baseline, &TEXT, line);
        }
        baseline += LEADING;
    }
}
