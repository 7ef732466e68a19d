//! A sink that keeps nothing and holds readers to their word.

use std::collections::BTreeSet;

use galvanome_model::measurement::{Signal, StartTime, Values};
use galvanome_model::note::Note;
use galvanome_readers::sink::{Kind, NewColumn};
use galvanome_readers::{Limits, ReadError, Sink};

/// Looks at everything that a reader gives.
#[derive(Debug, Default)]
pub(crate) struct Judge {
    kinds: Option<Vec<Kind>>,
    rows: u64,
    notes: usize,
    metadata: usize,
    format: bool,
}

impl Judge {
    /// What holds once all was read.
    pub(crate) fn finish(self, read: bool) {
        assert!(self.format, "nobody said which format reads");
        let limits = Limits::default();
        assert!(self.notes <= limits.max_notes, "{} notes", self.notes);
        assert!(self.metadata <= 2 * limits.max_metadata, "{} metadata", self.metadata);
        if read && self.rows > 0 {
            assert!(self.kinds.is_some());
        }
    }
}

impl Sink for Judge {
    fn format(&mut self, id: &str) {
        assert!(!id.is_empty());
        self.format = true;
    }

    fn instrument(&mut self, name: &str) {
        assert!(!name.is_empty(), "an instrument without a name");
    }

    fn started_at(&mut self, start: StartTime) {
        assert!(start.iso.len() >= 10, "a start at {:?}", start.iso);
    }

    fn metadata(&mut self, _: &str, _: &str) {
        self.metadata += 1;
    }

    fn table(&mut self, name: &str, columns: &[NewColumn]) {
        assert!(!name.is_empty());
        let mut names = BTreeSet::new();
        for column in columns {
            assert!(!column.head.name.is_empty(), "a column without a name");
            assert!(names.insert(&column.head.name), "two columns {:?}", column.head.name);
        }
        self.kinds = Some(columns.iter().map(|column| column.kind).collect());
    }

    fn rows(&mut self, columns: &[Values]) -> Result<(), ReadError> {
        let kinds = self.kinds.as_ref().expect("a table before its rows");
        assert_eq!(kinds.len(), columns.len(), "as many values as columns");
        let rows = columns.first().map_or(0, Values::len);
        for (kind, values) in kinds.iter().zip(columns) {
            assert_eq!(values.len(), rows, "columns of one length");
            match (kind, values) {
                (Kind::Number, Values::Number(numbers)) => {
                    assert!(!numbers.iter().any(|n| n.is_infinite()), "an infinite number");
                }
                (Kind::Text, Values::Text(_)) => {}
                _ => panic!("values of another kind than their column"),
            }
        }
        self.rows += rows as u64;
        Ok(())
    }

    fn signal(&mut self, signal: Signal) {
        assert!(!signal.name.is_empty());
    }

    fn note(&mut self, note: Note) {
        assert!(!note.code.is_empty() && !note.message.is_empty(), "an empty note");
        self.notes += 1;
    }
}
