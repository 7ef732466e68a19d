//! A sink that keeps nothing and holds readers to their word.

use std::collections::BTreeSet;

use galvanome_model::image::Image;
use galvanome_model::measurement::{StartTime, Values};
use galvanome_model::note::Note;
use galvanome_model::signal::{Signal, axes, conditions};
use galvanome_model::slabs::Voxels;
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
        assert!(!signal.name.is_empty(), "a signal without a name");
        assert!(!signal.axes.is_empty(), "a signal without an axis");
        let mut values = 1;
        for axis in &signal.axes {
            assert!(!axis.name.is_empty(), "an axis without a name");
            assert!(!axis.points.iter().any(|point| point.is_infinite()), "an infinite point");
            let known = axes::ALL.iter().find(|known| known.name == axis.name);
            assert!(
                known.is_none_or(|known| known.unit == axis.unit),
                "{} / {}",
                axis.name,
                axis.unit
            );
            values *= axis.points.len();
        }
        assert_eq!(values, signal.values.len(), "as many values as the axes have points");
        let all = signal.values.iter().chain(&signal.uncertainties);
        assert!(!all.clone().any(|value| value.is_infinite()), "an infinite value");
        assert!([0, values].contains(&signal.uncertainties.len()), "an uncertainty for each value");
        assert!(
            [0, signal.spectra()].contains(&signal.positions.len()),
            "a place for each spectrum"
        );
        for condition in &signal.conditions {
            assert!(condition.value.is_finite(), "{} is {}", condition.kind.name, condition.value);
            assert!(conditions::ALL.contains(&condition.kind), "{}", condition.kind.name);
        }
        if let Some(counting) = signal.counting {
            assert!(counting.counts_per_unit.is_finite() && counting.counts_per_unit > 0.0);
            assert!(!counting.live_time_s.is_infinite());
        }
    }

    fn image(&mut self, image: Image) {
        assert!(!image.name.is_empty(), "an image without a name");
        let shape = image.slabs.shape();
        for edge in image.slabs.voxel_m().into_iter().flatten() {
            assert!(edge.is_finite() && edge > 0.0, "a voxel of {edge} m");
        }
        // One slice at a time, at either end: no more is promised.
        let slice = shape[1].checked_mul(shape[2]).expect("a slice that can be counted");
        let mut voxels = Voxels::new(image.slabs.kind());
        for place in [0, shape[0].saturating_sub(1)] {
            if slice < 1 << 22
                && place < shape[0]
                && image.slabs.read(place..place + 1, &mut voxels).is_ok()
            {
                assert_eq!(voxels.len(), slice, "a whole slice");
                assert_eq!(voxels.kind(), image.slabs.kind(), "voxels of another kind than told");
            }
        }
        let behind = image.slabs.read(shape[0]..shape[0] + 1, &mut voxels);
        assert!(behind.is_err(), "slices behind the last one");
    }

    fn note(&mut self, note: Note) {
        assert!(!note.code.is_empty() && !note.message.is_empty(), "an empty note");
        self.notes += 1;
    }
}
