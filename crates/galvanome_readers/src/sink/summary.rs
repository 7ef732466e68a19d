//! The sink that keeps what `inspect` shows, and no rows.

use galvanome_model::image::Image;
use galvanome_model::measurement::{ColumnHead, StartTime, Values};
use galvanome_model::note::Note;
use galvanome_model::signal::{Condition, Signal};
use galvanome_model::slabs::VoxelKind;

use super::{Kind, NewColumn, Sink};
use crate::error::ReadError;

/// What is in a set of files, without its rows.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Summary {
    /// Id of the format that read it.
    pub format: String,
    /// The instrument as the file names it; empty when it does not.
    pub instrument: String,
    /// When the measurement started, if the file says so.
    pub started_at: Option<StartTime>,
    /// Tables, the main one first.
    pub tables: Vec<TableSummary>,
    /// Signals.
    pub signals: Vec<SignalSummary>,
    /// Images and volumes.
    pub images: Vec<ImageSummary>,
    /// The vendor's own metadata, verbatim and in file order.
    pub metadata: Vec<(String, String)>,
    /// What was found about the quality of the data.
    pub notes: Vec<Note>,
}

/// What is in a table.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct TableSummary {
    /// Its name.
    pub name: String,
    /// How many rows it has.
    pub rows: u64,
    /// Its columns.
    pub columns: Vec<ColumnSummary>,
}

impl TableSummary {
    /// The column of a canonical name.
    pub fn column(&self, name: &str) -> Option<&ColumnSummary> {
        self.columns.iter().find(|column| column.head.name == name)
    }
}

/// What is in a column.
#[derive(Debug, Clone, PartialEq)]
pub struct ColumnSummary {
    /// What it is.
    pub head: ColumnHead,
    /// Values that are missing.
    pub nulls: u64,
    /// What its values span.
    pub span: Span,
}

/// What the values of a column span; missing values do not count.
#[derive(Debug, Clone, PartialEq)]
pub enum Span {
    /// Numbers; none when every value is missing.
    Number(Option<NumberSpan>),
    /// Text: the first and the last; none when every value is missing.
    Text(Option<(String, String)>),
}

/// What numbers span.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct NumberSpan {
    /// The first one.
    pub first: f64,
    /// The last one.
    pub last: f64,
    /// The smallest.
    pub min: f64,
    /// The largest.
    pub max: f64,
}

/// What a signal is, without its values.
#[derive(Debug, Clone, PartialEq)]
pub struct SignalSummary {
    /// Its name.
    pub name: String,
    /// What the file calls it.
    pub label: String,
    /// Unit of the values.
    pub unit: String,
    /// Its axes, slowest first.
    pub axes: Vec<AxisSummary>,
    /// What its values span.
    pub span: Option<NumberSpan>,
    /// Values that are missing.
    pub nulls: u64,
    /// Whether the file gives uncertainties of the values.
    pub has_uncertainties: bool,
    /// How many places on the sample it was taken at; 0 when it is not a map.
    pub positions: usize,
    /// Circumstances that analyses need.
    pub conditions: Vec<Condition>,
}

/// What an axis is, without its points.
#[derive(Debug, Clone, PartialEq)]
pub struct AxisSummary {
    /// Its name.
    pub name: String,
    /// Its unit.
    pub unit: String,
    /// Its name in the file.
    pub vendor_name: String,
    /// How many points it has.
    pub len: usize,
    /// What they span.
    pub span: Option<NumberSpan>,
}

/// What an image or volume is, without its voxels.
#[derive(Debug, Clone, PartialEq)]
pub struct ImageSummary {
    /// Its name.
    pub name: String,
    /// What the file calls it.
    pub label: String,
    /// Unit of the values.
    pub unit: String,
    /// Number of voxels along z, y, x.
    pub shape: [usize; 3],
    /// Edge lengths of a voxel along z, y, x in metres, each if known.
    pub voxel_m: [Option<f64>; 3],
    /// What its voxels are held in.
    pub kind: VoxelKind,
}

/// What some numbers span, and how many of them are missing.
fn span_of(values: &[f64]) -> (Option<NumberSpan>, u64) {
    let (missing, min, max) = extremes(values);
    let first = values.iter().find(|value| !value.is_nan());
    let last = values.iter().rfind(|value| !value.is_nan());
    let span = first.zip(last).map(|(&first, &last)| NumberSpan { first, last, min, max });
    (span, missing)
}

impl Summary {
    /// Nothing yet.
    pub fn new() -> Self {
        Self::default()
    }
}

impl ColumnSummary {
    fn new(new: &NewColumn) -> Self {
        let span = match new.kind {
            Kind::Number => Span::Number(None),
            Kind::Text => Span::Text(None),
        };
        Self { head: new.head.clone(), nulls: 0, span }
    }

    fn take_in(&mut self, values: &Values) {
        match (&mut self.span, values) {
            (Span::Number(span), Values::Number(values)) => {
                let (new, missing) = span_of(values);
                self.nulls += missing;
                let Some(new) = new else { return };
                *span = Some(match *span {
                    None => new,
                    Some(before) => NumberSpan {
                        first: before.first,
                        last: new.last,
                        min: before.min.min(new.min),
                        max: before.max.max(new.max),
                    },
                });
            }
            (Span::Text(span), Values::Text(values)) => {
                self.nulls += values.iter().filter(|text| text.is_empty()).count() as u64;
                let first = values.iter().find(|text| !text.is_empty());
                let last = values.iter().rev().find(|text| !text.is_empty());
                match (span.as_mut(), first, last) {
                    (Some((_, old)), _, Some(last)) => last.clone_into(old),
                    (None, Some(first), Some(last)) => *span = Some((first.clone(), last.clone())),
                    _ => {}
                }
            }
            // A reader that breaks its word: the values are not of the column's kind, so they are missing.
            (_, values) => self.nulls += values.len() as u64,
        }
    }
}

/// How many values are missing, and the smallest and the largest of the others. In lanes, so that a processor takes
/// several at once; a zero has no sign, since otherwise the order of the lanes would give it one.
fn extremes(values: &[f64]) -> (u64, f64, f64) {
    const LANES: usize = 8;
    let mut missing = [0_u64; LANES];
    let mut min = [f64::INFINITY; LANES];
    let mut max = [f64::NEG_INFINITY; LANES];
    let mut take = |values: &[f64; LANES]| {
        for (lane, &value) in values.iter().enumerate() {
            missing[lane] += u64::from(value.is_nan());
            min[lane] = if value < min[lane] { value } else { min[lane] };
            max[lane] = if value > max[lane] { value } else { max[lane] };
        }
    };
    let (whole, rest) = values.as_chunks();
    whole.iter().for_each(&mut take);
    let mut last = [f64::NAN; LANES];
    for (lane, &value) in last.iter_mut().zip(rest) {
        *lane = value;
    }
    take(&last);
    let missing: u64 = missing.iter().sum();
    (
        missing - (LANES - rest.len()) as u64,
        min.into_iter().fold(f64::INFINITY, f64::min) + 0.0,
        max.into_iter().fold(f64::NEG_INFINITY, f64::max) + 0.0,
    )
}

impl Sink for Summary {
    fn format(&mut self, id: &str) {
        id.clone_into(&mut self.format);
    }

    fn instrument(&mut self, name: &str) {
        name.clone_into(&mut self.instrument);
    }

    fn started_at(&mut self, start: StartTime) {
        self.started_at = Some(start);
    }

    fn metadata(&mut self, key: &str, value: &str) {
        self.metadata.push((key.to_owned(), value.to_owned()));
    }

    fn table(&mut self, name: &str, columns: &[NewColumn]) {
        let columns = columns.iter().map(ColumnSummary::new).collect();
        self.tables.push(TableSummary { name: name.to_owned(), rows: 0, columns });
    }

    fn rows(&mut self, columns: &[Values]) -> Result<(), ReadError> {
        self.rows_and(columns, &[])
    }

    fn rows_and(&mut self, columns: &[Values], more: &[Values]) -> Result<(), ReadError> {
        let Some(table) = self.tables.last_mut() else { return Ok(()) };
        table.rows += columns.first().map_or(0, Values::len) as u64;
        for (column, values) in table.columns.iter_mut().zip(columns.iter().chain(more)) {
            column.take_in(values);
        }
        Ok(())
    }

    fn signal(&mut self, signal: Signal) {
        let (span, nulls) = span_of(&signal.values);
        let axes = signal.axes.into_iter().map(|axis| AxisSummary {
            len: axis.points.len(),
            span: span_of(&axis.points).0,
            name: axis.name,
            unit: axis.unit,
            vendor_name: axis.vendor_name,
        });
        self.signals.push(SignalSummary {
            axes: axes.collect(),
            span,
            nulls,
            has_uncertainties: !signal.uncertainties.is_empty(),
            positions: signal.positions.len(),
            name: signal.name,
            label: signal.label,
            unit: signal.unit,
            conditions: signal.conditions,
        });
    }

    fn image(&mut self, image: Image) {
        self.images.push(ImageSummary {
            shape: image.slabs.shape(),
            voxel_m: image.slabs.voxel_m(),
            kind: image.slabs.kind(),
            name: image.name,
            label: image.label,
            unit: image.unit,
        });
    }

    fn note(&mut self, note: Note) {
        self.notes.push(note);
    }
}
