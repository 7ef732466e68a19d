//! The wall clock of a table, compared with its test time.

use galvanome_model::note::Note;

use crate::text::cells::{Piece, decode};
use crate::text::clock::{Civil, DateOrder};

/// Watches a column that holds the time of day of each row, with its date and without a zone.
#[derive(Debug)]
pub(crate) struct Watch {
    /// The index of its cell.
    cell: usize,
    order: DateOrder,
    /// The index of the column of the test time.
    time: usize,
    name: String,
    first: Option<(Civil, f64)>,
    last: Vec<u8>,
    last_time: f64,
}

/// A clock and a test time that differ by more than this were told apart by something: 2 minutes.
const APART_MIN_S: f64 = 120.0;

impl Watch {
    /// Watches the column in `cell`, called `name`, beside the test time in column `time`.
    pub(crate) fn new(cell: usize, name: &str, order: DateOrder, time: usize) -> Self {
        let name = name.to_owned();
        Self { cell, order, time, name, first: None, last: Vec::new(), last_time: f64::NAN }
    }

    /// The index of the column of the test time.
    pub(super) fn time(&self) -> usize {
        self.time
    }

    /// Looks at a row.
    pub(super) fn look(&mut self, cells: &[Piece<'_>], time: f64) {
        let Some(Piece { bytes: cell, .. }) =
            cells.get(self.cell).filter(|cell| !cell.bytes.is_empty())
        else {
            return;
        };
        if !time.is_finite() {
            return;
        }
        if self.first.is_none() {
            self.first = Civil::parse(&decode(cell), self.order).map(|civil| (civil, time));
        }
        // Reading a date takes longer than keeping it: only the last one is read.
        self.last.clear();
        self.last.extend_from_slice(cell);
        self.last_time = time;
    }

    /// What the clock tells of the test time.
    pub(super) fn note(&self) -> Option<Note> {
        let (first, first_time) = self.first?;
        let wall_s = Civil::parse(&decode(&self.last), self.order)?.seconds_since(&first);
        let test_s = self.last_time - first_time;
        let thousand = |ratio: f64| (900.0..1100.0).contains(&ratio);
        let place = format!("column {}", self.name);
        if wall_s > 10.0 && test_s > 0.0 && (thousand(test_s / wall_s) || thousand(wall_s / test_s))
        {
            let faster = if test_s > wall_s { "faster" } else { "slower" };
            let message = format!(
                "the test time runs a thousand times {faster} than the wall clock: milliseconds and seconds confused? It was kept as it is"
            );
            return Some(Note::new("time-unit-suspect", message, place));
        }
        let apart_s = wall_s - test_s;
        (apart_s.abs() > APART_MIN_S && apart_s.abs() > 0.01 * test_s).then(|| {
            let (longer, cause) = if apart_s > 0.0 {
                ("more", "the test was paused, or the clock was set")
            } else {
                ("less", "the clock was set, or the unit of the test time is another")
            };
            let message = format!(
                "from the first row to the last the wall clock ran {:.0} s {longer} than the test time: {cause}. Both were kept as they are",
                apart_s.abs()
            );
            Note::new("clock-differs", message, place)
        })
    }
}
