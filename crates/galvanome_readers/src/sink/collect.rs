//! The sink that keeps everything in memory.

use galvanome_model::image::Image;
use galvanome_model::measurement::{Column, Measurement, StartTime, Table, Values};
use galvanome_model::note::Note;
use galvanome_model::signal::Signal;

use super::{NewColumn, Sink};
use crate::error::ReadError;

/// Keeps everything as a [`Measurement`].
#[derive(Debug, Default)]
pub struct Collect {
    measurement: Measurement,
}

impl Collect {
    /// Nothing yet.
    pub fn new() -> Self {
        Self::default()
    }

    /// What was read.
    pub fn into_measurement(self) -> Measurement {
        self.measurement
    }
}

impl Sink for Collect {
    fn format(&mut self, id: &str) {
        id.clone_into(&mut self.measurement.format);
    }

    fn instrument(&mut self, name: &str) {
        name.clone_into(&mut self.measurement.instrument);
    }

    fn started_at(&mut self, start: StartTime) {
        self.measurement.started_at = Some(start);
    }

    fn metadata(&mut self, key: &str, value: &str) {
        self.measurement.metadata.push((key.to_owned(), value.to_owned()));
    }

    fn table(&mut self, name: &str, columns: &[NewColumn]) {
        let columns = columns
            .iter()
            .map(|new| Column { head: new.head.clone(), values: new.kind.values() })
            .collect();
        self.measurement.tables.push(Table { name: name.to_owned(), columns, rows: 0 });
    }

    fn rows(&mut self, columns: &[Values]) -> Result<(), ReadError> {
        self.rows_and(columns, &[])
    }

    fn rows_and(&mut self, columns: &[Values], more: &[Values]) -> Result<(), ReadError> {
        let Some(table) = self.measurement.tables.last_mut() else { return Ok(()) };
        for (column, more) in table.columns.iter_mut().zip(columns.iter().chain(more)) {
            match (&mut column.values, more) {
                (Values::Number(all), Values::Number(more)) => all.extend_from_slice(more),
                (Values::Text(all), Values::Text(more)) => all.extend_from_slice(more),
                // A reader that breaks its word must not leave columns of unequal length behind.
                (Values::Number(all), Values::Text(more)) => {
                    all.resize(all.len() + more.len(), f64::NAN);
                }
                (Values::Text(all), Values::Number(more)) => {
                    all.resize(all.len() + more.len(), String::new());
                }
            }
        }
        table.rows += columns.first().map_or(0, Values::len);
        Ok(())
    }

    fn signal(&mut self, signal: Signal) {
        self.measurement.signals.push(signal);
    }

    fn image(&mut self, image: Image) {
        self.measurement.images.push(image);
    }

    fn note(&mut self, note: Note) {
        self.measurement.notes.push(note);
    }
}
