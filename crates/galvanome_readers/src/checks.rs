//! Checks that hold for every file, made while its rows and signals pass by: what they find becomes notes that
//! travel with the numbers, and changes nothing. And the one column that every file of a cycler gets, our own count of
//! cycles ([`cycles`]).

mod charge;
mod cycles;
mod rows;
mod signals;

use galvanome_model::measurement::Values;
use galvanome_model::note::Note;
use galvanome_model::signal::Signal;

use self::charge::Charge;
use self::cycles::Cycles;
use self::rows::Watched;
use crate::error::ReadError;
use crate::limits::Limits;
use crate::sink::{NewColumn, Sink, hand_on};

/// Codes of notes that say how numbers came about, and doubt none of them.
const INFORMS: [&str; 25] = [
    "axis-of-edges",
    "axis-order",
    "calibration-not-applied",
    "clock-zone-unknown",
    "columns-by-custom",
    "current-rebuilt",
    "current-sign-from-state",
    "cycle-rebuilt",
    "cycles-counted",
    "decimal-comma",
    "detectors-added",
    "external-device",
    "files-left-out",
    "generic-reader",
    "grey-palette",
    "orientation-not-applied",
    "rows-filled-in",
    "screen-resolution",
    "start-day-only",
    "three-electrodes",
    "time-from-clock",
    "time-unit-from-clock",
    "unit-assumed",
    "unknown-flag",
    "white-is-zero",
];

/// Whether a note of a code says how numbers came about, and doubts none of them. All others are doubts about the data
/// or about how they were understood.
pub fn informs(code: &str) -> bool {
    INFORMS.contains(&code)
}

/// A sink that looks at what passes through it.
pub struct Checked<'a> {
    inner: &'a mut dyn Sink,
    notes_left: usize,
    columns_max: usize,
    /// Codes that were told of the table at hand, so that no reader's finding is told again.
    told: Vec<String>,
    watched: Watched,
    charge: Option<Charge>,
    cycles: Option<Cycles>,
    failed: Option<ReadError>,
}

impl<'a> Checked<'a> {
    /// Looks at what passes to `inner`.
    pub fn new(inner: &'a mut dyn Sink, limits: &Limits) -> Self {
        Self {
            inner,
            notes_left: limits.max_notes,
            columns_max: limits.max_columns,
            told: Vec::new(),
            watched: Watched::default(),
            charge: None,
            cycles: None,
            failed: None,
        }
    }

    /// Hands on the last rows and writes down what was found. Call it when everything has passed. Errors when the sink
    /// cannot keep them.
    pub fn finish(mut self) -> Result<(), ReadError> {
        self.end_table();
        self.failed.take().map_or(Ok(()), Err)
    }

    fn end_table(&mut self) {
        if let Some(mut cycles) = self.cycles.take()
            && let Err(error) = cycles.finish(self.inner)
        {
            self.failed.get_or_insert(error);
        }
        let mut notes = std::mem::take(&mut self.watched).notes();
        notes.extend(self.charge.take().iter().flat_map(Charge::notes));
        for note in notes {
            if !self.told.contains(&note.code) {
                self.note_on(note);
            }
        }
        self.told.clear();
    }

    fn note_on(&mut self, note: Note) {
        if let Some(left) = self.notes_left.checked_sub(1) {
            self.notes_left = left;
            self.inner.note(note);
        }
    }
}

impl Sink for Checked<'_> {
    hand_on! { format started_at metadata image }

    fn instrument(&mut self, name: &str) {
        // A file may have a place for it and nothing in there.
        if !name.is_empty() {
            self.inner.instrument(name);
        }
    }

    fn table(&mut self, name: &str, columns: &[NewColumn]) {
        self.end_table();
        self.watched = Watched::begin(columns);
        self.charge = Charge::begin(columns);
        self.cycles = Cycles::begin(name, columns).filter(|_| columns.len() < self.columns_max);
        if self.cycles.is_some() {
            let (key, rule) = Cycles::RULE;
            self.inner.metadata(key, rule);
            let columns: Vec<_> = columns.iter().cloned().chain([Cycles::column()]).collect();
            self.inner.table(name, &columns);
        } else {
            self.inner.table(name, columns);
        }
    }

    fn rows(&mut self, columns: &[Values]) -> Result<(), ReadError> {
        if let Some(error) = self.failed.take() {
            return Err(error);
        }
        self.watched.look(columns);
        if let Some(charge) = &mut self.charge {
            charge.look(columns);
        }
        match &mut self.cycles {
            Some(cycles) => cycles.take(columns, self.inner),
            None => self.inner.rows(columns),
        }
    }

    fn signal(&mut self, mut signal: Signal) {
        let notes = signals::look(&mut signal);
        self.inner.signal(signal);
        for note in notes {
            self.note_on(note);
        }
    }

    fn note(&mut self, note: Note) {
        self.told.push(note.code.clone());
        self.note_on(note);
    }
}
