//! The parts of a component's drawing, measured: heads of columns, the global panel, a panel for each question.

use galvanome_model::metaview::Metaview;

use super::canvas::{Canvas, INK, INK_2, Style};
use super::contents::{Block, Names, tally};
use super::font::Weight;
use crate::marks::CELL;

/// From one cell to the next.
pub(super) const PITCH: f64 = CELL + 2.0;
/// Rising heads are broken where they would grow longer than this.
pub(super) const HEAD: f64 = 190.0;
/// Titles of narrow panels get at least this.
pub(super) const NARROWEST: f64 = 190.0;
/// Side of the small mark of a statement on a whole row.
pub(super) const STATED: f64 = 18.0;
pub(super) const COS_45: f64 = std::f64::consts::FRAC_1_SQRT_2;
pub(super) const TITLE: Style = Style::new(15.0, Weight::Bold, INK);
pub(super) const SMALL: Style = Style::new(11.0, Weight::Regular, INK_2);
pub(super) const COLUMN: Style = Style::new(12.0, Weight::Regular, INK_2);

/// The combined answers of rows, a column for each question.
pub(super) struct Global<'a> {
    pub(super) x: f64,
    pub(super) columns: Vec<(&'a Metaview, Head)>,
    pub(super) stated: bool,
    pub(super) pitch: f64,
}

/// The matrix of one question.
pub(super) struct Panel<'a> {
    pub(super) x: f64,
    pub(super) view: &'a Metaview,
    pub(super) title: Vec<String>,
    pub(super) contrast: Vec<String>,
    pub(super) heads: Vec<Head>,
    pub(super) width: f64,
}

/// The head of a column: up to two lines that rise at 45°.
pub(super) struct Head {
    pub(super) lines: Vec<String>,
}

impl Head {
    pub(super) fn new(text: &str) -> Self {
        Self { lines: COLUMN.wrap(text, HEAD, 2) }
    }

    pub(super) fn reach(&self) -> f64 {
        let longest = self.lines.iter().map(|line| COLUMN.width(line)).fold(0.0, f64::max);
        longest * COS_45 + 14.0
    }

    /// Draws it over the column whose left edge is `x`, standing on `y`.
    pub(super) fn draw(&self, canvas: &mut Canvas, x: f64, y: f64) {
        let count = self.lines.len() as f64;
        for (index, line) in self.lines.iter().enumerate() {
            let down = (index as f64 - (count - 1.0) / 2.0) * 13.0 + 4.5;
            let (dx, dy) = (down * COS_45, down * COS_45);
            canvas.rising_text(x + CELL / 2.0 + dx - 1.0, y - 6.0 + dy - 3.0, &COLUMN, line);
        }
    }
}

impl<'a> Global<'a> {
    pub(super) fn new(block: &Block<'a>, names: Names<'a>, x: f64) -> Self {
        let margins = || block.views.iter().flat_map(|view| &view.by_technique);
        let stated = margins().any(|margin| margin.stated.is_some());
        let widest = margins()
            .map(|margin| SMALL.width(&tally(&margin.combined)))
            .chain(block.views.iter().map(|view| SMALL.width(&tally(&view.overall))))
            .fold(0.0, f64::max);
        let columns = block
            .views
            .iter()
            .map(|view| {
                let name = names.question_name(&view.question);
                (*view, Head::new(&format!("{} {name}", view.question)))
            })
            .collect();
        let beside = if stated { STATED + 4.0 } else { 0.0 };
        Self { x, columns, stated, pitch: CELL + 5.0 + beside + widest + 12.0 }
    }

    pub(super) fn width(&self) -> f64 {
        let over = self.columns.last().map_or(0.0, |(_, head)| head.reach() + CELL / 2.0);
        let before = self.columns.len().saturating_sub(1) as f64 * self.pitch;
        (before + self.pitch.max(over)).max(SMALL.width("one answer per technique"))
    }
}

impl<'a> Panel<'a> {
    pub(super) fn new(view: &'a Metaview, names: Names<'a>) -> Self {
        let matrix = view.observables.len() as f64 * PITCH - 2.0;
        let width = matrix.max(NARROWEST);
        let title = format!("{} {}", view.question, names.question_name(&view.question));
        // The id is bold, which is wider: leave it room.
        let title = TITLE.wrap(&title, width, 3);
        Self {
            x: 0.0,
            view,
            title,
            contrast: SMALL.wrap(&names.contrast(&view.question), width, 4),
            heads: view.observables.iter().map(|id| Head::new(names.column(id))).collect(),
            width,
        }
    }

    pub(super) fn titles_height(&self) -> f64 {
        8.0 + 18.0 * self.title.len() as f64 + 14.0 * self.contrast.len() as f64
    }

    /// How far it reaches to the right, heads that lean over included.
    pub(super) fn reach(&self) -> f64 {
        self.heads
            .iter()
            .enumerate()
            .map(|(column, head)| column as f64 * PITCH + CELL / 2.0 + head.reach())
            .fold(self.width, f64::max)
    }
}
