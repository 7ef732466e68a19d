//! Checks that hold for every cycler file, made while its rows pass by: what they find becomes notes that
//! travel with the numbers, and changes nothing.

use galvanome_model::measurement::{Signal, StartTime, Values};
use galvanome_model::note::Note;

use crate::error::ReadError;
use crate::limits::Limits;
use crate::sink::{NewColumn, Sink};

/// A sink that looks at what passes through it.
pub struct Checked<'a> {
    inner: &'a mut dyn Sink,
    notes_left: usize,
}

impl<'a> Checked<'a> {
    /// Looks at what passes to `inner`.
    pub fn new(inner: &'a mut dyn Sink, limits: &Limits) -> Self {
        Self { inner, notes_left: limits.max_notes }
    }

    /// Writes down what was found. Call it once, when everything has passed.
    pub fn finish(self) {}
}

impl Sink for Checked<'_> {
    fn format(&mut self, id: &str) {
        self.inner.format(id);
    }

    fn instrument(&mut self, name: &str) {
        self.inner.instrument(name);
    }

    fn started_at(&mut self, start: StartTime) {
        self.inner.started_at(start);
    }

    fn metadata(&mut self, key: &str, value: &str) {
        self.inner.metadata(key, value);
    }

    fn table(&mut self, name: &str, columns: &[NewColumn]) {
        self.inner.table(name, columns);
    }

    fn rows(&mut self, columns: &[Values]) -> Result<(), ReadError> {
        self.inner.rows(columns)
    }

    fn signal(&mut self, signal: Signal) {
        self.inner.signal(signal);
    }

    fn note(&mut self, note: Note) {
        if let Some(left) = self.notes_left.checked_sub(1) {
            self.notes_left = left;
            self.inner.note(note);
        }
    }
}
