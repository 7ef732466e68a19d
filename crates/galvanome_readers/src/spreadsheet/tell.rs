//! A sink that says sheets and rows where a reader of text says lines.

use std::sync::Arc;

use galvanome_model::image::Image;
use galvanome_model::measurement::{StartTime, Values};
use galvanome_model::note::Note;
use galvanome_model::signal::Signal;

use super::lines::Lines;
use super::package::Book;
use crate::error::ReadError;
use crate::sink::{NewColumn, Sink};

/// Passes on what is read from sheets.
pub(super) struct OnSheet<'a> {
    pub(super) inner: &'a mut dyn Sink,
    pub(super) book: &'a Arc<Book>,
    pub(super) lines: &'a Lines,
    /// What the table of records is called here.
    pub(super) table: &'a str,
    /// Whether it stands beside the main table, and so says nothing of the whole measurement.
    pub(super) aside: bool,
    /// Codes of notes that are not passed on.
    pub(super) muted: &'static [&'static str],
    /// Whether the start was told.
    pub(super) started: bool,
}

impl Sink for OnSheet<'_> {
    fn format(&mut self, _: &str) {}

    fn instrument(&mut self, name: &str) {
        if !self.aside {
            self.inner.instrument(name);
        }
    }

    fn started_at(&mut self, start: StartTime) {
        if !self.aside {
            self.started = true;
            self.inner.started_at(start);
        }
    }

    fn metadata(&mut self, key: &str, value: &str) {
        self.inner.metadata(key, value);
    }

    fn table(&mut self, name: &str, columns: &[NewColumn]) {
        // A damaged workbook may have lost the name of its sheet.
        let of_sheet = name == "records" && !self.table.is_empty();
        self.inner.table(if of_sheet { self.table } else { name }, columns);
    }

    fn rows(&mut self, columns: &[Values]) -> Result<(), ReadError> {
        self.inner.rows(columns)
    }

    fn signal(&mut self, signal: Signal) {
        self.inner.signal(signal);
    }

    fn image(&mut self, image: Image) {
        self.inner.image(image);
    }

    fn note(&mut self, mut note: Note) {
        if self.muted.contains(&note.code.as_str()) {
            return;
        }
        let behind = note.place.strip_prefix("line ").unwrap_or_default();
        let digits = behind.bytes().take_while(u8::is_ascii_digit).count();
        if let Some(line) = behind.get(..digits).and_then(|line| line.parse().ok()) {
            note.place = self.lines.seen().place(self.book, line);
        }
        self.inner.note(note);
    }
}
