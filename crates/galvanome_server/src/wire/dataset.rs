//! One dataset with what its file says, rows of its tables, and uploads.

use galvanome::curves::{ColumnFacts, Contents};
use galvanome::dataset::{Cells, Opened, Step};
use galvanome::upload::{Finished, New, Upload};
use galvanome::{QuantityOrigin, dataset};
use galvanome_model::note::Note;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::quantity::{DatasetOut, QuantityOut};
use super::signal::{ImageOut, SignalOut};
use super::{Ordered, SCHEMA};

/// How far a piece of work is.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct StepOut {
    /// `nothing`, `waits`, `runs`, `done` or `failed`.
    pub state: &'static str,
    /// How much is done, 0 to 1.
    pub progress: f64,
    /// What is being done, or why it failed.
    pub message: String,
}

/// A column of a table.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct ColumnOut {
    /// Canonical name.
    pub name: String,
    /// Unit; `1` for pure numbers, empty for text and where the file does not say.
    pub unit: String,
    /// Its name in the file.
    pub vendor_name: String,
    /// How its values came about: `stored`, `integrated`, `interpolated`, `reconstructed`.
    #[schema(value_type = String)]
    pub origin: galvanome_model::measurement::Origin,
    /// First number; null for text and when every value is missing.
    pub first: Option<f64>,
    /// Last number.
    pub last: Option<f64>,
    /// Least number.
    pub min: Option<f64>,
    /// Greatest number.
    pub max: Option<f64>,
    /// First and last text; null for numbers.
    pub texts: Option<Vec<String>>,
    /// Values that are missing.
    pub nulls: u64,
}

/// A table.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct TableOut {
    /// Its name.
    pub name: String,
    /// How many rows it has.
    pub rows: u64,
    /// Its columns.
    pub columns: Vec<ColumnOut>,
}

/// A finding about the data.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct NoteOut {
    /// A stable word for programs.
    pub code: String,
    /// What was found.
    pub message: String,
    /// Where.
    #[serde(rename = "where")]
    pub place: String,
}

/// What a file says.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct ContentsOut {
    /// Id of the format.
    pub format: String,
    /// The instrument as the file names it.
    pub instrument: String,
    /// When the measurement started, ISO 8601, with an offset only when the file gives one.
    pub started_at: Option<String>,
    /// Whether the file states the time zone: `stated` or `local`; null without a start.
    #[schema(value_type = Option<String>)]
    pub time_zone: Option<galvanome_model::measurement::Zone>,
    /// Tables, the main one first.
    pub tables: Vec<TableOut>,
    /// Signals: spectra, patterns, maps.
    pub signals: Vec<SignalOut>,
    /// Images and volumes.
    pub images: Vec<ImageOut>,
    /// What was found about the data.
    pub notes: Vec<NoteOut>,
    /// The curves against time that can be asked for.
    pub curves: Vec<String>,
    /// How many cycles there are.
    pub cycles: usize,
}

/// A dataset with what its file says and what was found in it.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct DatasetDetail {
    /// The number of this set of shapes.
    pub schema: u32,
    /// What was written down of it.
    pub dataset: DatasetOut,
    /// Reading its file.
    pub reading: StepOut,
    /// Finding quantities in it.
    pub analysing: StepOut,
    /// What its file says; null until it has been read.
    pub contents: Option<ContentsOut>,
    /// The datasets that are analysed together with it, itself among them.
    pub together: Vec<String>,
    /// What was found in it.
    pub quantities: Vec<QuantityOut>,
    /// What the analysis said beside these numbers: why something is absent, what to think of what is there.
    pub findings: Vec<NoteOut>,
}

impl StepOut {
    /// The shape of a step.
    pub fn of(step: &Step) -> Self {
        let (state, progress, message) = match step {
            Step::Nothing => ("nothing", 0.0, ""),
            Step::Waits => ("waits", 0.0, ""),
            Step::Runs { share, saying } => ("runs", *share, saying.as_str()),
            Step::Done => ("done", 1.0, ""),
            Step::Failed(why) => ("failed", 0.0, why.as_str()),
        };
        Self { state, progress, message: message.to_owned() }
    }
}

fn column(facts: &ColumnFacts) -> ColumnOut {
    let number = |place: usize| facts.span.and_then(|span| span.get(place).copied());
    ColumnOut {
        name: facts.head.name.clone(),
        unit: facts.head.unit.clone(),
        vendor_name: facts.head.vendor_name.clone(),
        origin: facts.head.origin,
        first: number(0),
        last: number(1),
        min: number(2),
        max: number(3),
        texts: facts.texts.clone().map(|(first, last)| vec![first, last]),
        nulls: facts.nulls,
    }
}

fn contents(contents: &Contents, curves: Vec<String>, cycles: usize) -> ContentsOut {
    ContentsOut {
        format: contents.format.clone(),
        instrument: contents.instrument.clone(),
        started_at: contents.started_at.as_ref().map(|start| start.iso.clone()),
        time_zone: contents.started_at.as_ref().map(|start| start.zone),
        tables: contents
            .tables
            .iter()
            .map(|table| TableOut {
                name: table.name.clone(),
                rows: table.rows,
                columns: table.of_file().map(column).collect(),
            })
            .collect(),
        signals: contents.signals.iter().map(SignalOut::of).collect(),
        images: contents.images.iter().map(ImageOut::of).collect(),
        notes: contents.notes.iter().map(NoteOut::from).collect(),
        curves,
        cycles,
    }
}

impl DatasetDetail {
    /// The document of a dataset.
    pub fn of(opened: &Opened) -> Self {
        let read = opened.columns.as_ref().map(|columns| {
            let curves = galvanome::curves::drawable(columns, 0);
            let curves = curves.iter().map(|facts| facts.head.name.clone()).collect();
            let cycles = columns.cycles().map_or(0, <[_]>::len);
            contents(columns.contents(), curves, cycles)
        });
        Self {
            schema: SCHEMA,
            dataset: DatasetOut::from(&opened.dataset),
            reading: StepOut::of(&opened.work.reading),
            analysing: StepOut::of(&opened.work.analysing),
            contents: read,
            together: opened.together.iter().map(ToString::to_string).collect(),
            findings: opened
                .findings
                .iter()
                .flat_map(|findings| findings.notes.iter().map(NoteOut::from))
                .collect(),
            quantities: opened
                .quantities
                .iter()
                .map(|held| {
                    QuantityOut::of(&held.quantity, held.origin == QuantityOrigin::Computed)
                })
                .collect(),
        }
    }
}

impl From<&Note> for NoteOut {
    fn from(note: &Note) -> Self {
        Self { code: note.code.clone(), message: note.message.clone(), place: note.place.clone() }
    }
}

/// Values of one column: numbers (null where one is missing) or texts.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[serde(untagged)]
pub enum CellsOut {
    /// Numbers.
    Numbers(Vec<Option<f64>>),
    /// Texts.
    Texts(Vec<String>),
}

/// Some rows of a table, column by column.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct RowsOut {
    /// The number of this set of shapes.
    pub schema: u32,
    /// The table.
    pub table: String,
    /// The first of these rows, from 0.
    pub first: u64,
    /// How many rows the table has.
    pub rows: u64,
    /// The columns by name.
    #[schema(value_type = std::collections::BTreeMap<String, CellsOut>)]
    pub columns: Ordered<CellsOut>,
}

impl RowsOut {
    /// The document of some rows.
    pub fn of(table: &str, first: u64, rows: u64, columns: Vec<(String, Cells)>) -> Self {
        let cells = |cells: Cells| match cells {
            dataset::Cells::Numbers(values) => CellsOut::Numbers(
                values.into_iter().map(|value| Some(value).filter(|v| v.is_finite())).collect(),
            ),
            dataset::Cells::Texts(values) => CellsOut::Texts(values),
        };
        let columns = columns.into_iter().map(|(name, values)| (name, cells(values))).collect();
        Self { schema: SCHEMA, table: table.to_owned(), first, rows, columns: Ordered(columns) }
    }
}

/// A file that somebody wants to upload.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewUpload {
    /// The file's name as it came off the instrument.
    pub name: String,
    /// Its size in bytes.
    pub bytes: u64,
    /// SHA-256 of the whole, in hexadecimal, when it is known: a file that is held already need not be sent.
    #[serde(default)]
    pub sha256: Option<String>,
    /// The experiment that produced it.
    pub experiment: String,
    /// The samples it is about; those of the experiment when left out.
    #[serde(default)]
    pub samples: Vec<String>,
    /// What it is to its experiment: `raw` for the measurement itself, also when left out, or a role that the technique's
    /// analysis knows (`open-beam`, `standard`).
    #[serde(default)]
    pub role: String,
    /// Anything worth knowing.
    #[serde(default)]
    pub note: String,
}

impl From<NewUpload> for New {
    fn from(new: NewUpload) -> Self {
        let NewUpload { name, bytes, sha256, experiment, samples, role, note } = new;
        Self { name, bytes, sha256, experiment, samples, role, note }
    }
}

/// The end of an upload.
#[derive(Debug, Clone, Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct EndUpload {
    /// SHA-256 of the whole, in hexadecimal.
    #[serde(default)]
    pub sha256: Option<String>,
}

/// An upload under way, or what has become of it.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct UploadOut {
    /// The number of this set of shapes.
    pub schema: u32,
    /// Its id; null when there is nothing to send.
    pub id: Option<String>,
    /// How many bytes have arrived.
    pub offset: u64,
    /// How many bytes there are.
    pub bytes: u64,
    /// The dataset that holds the file; null while it is under way.
    pub dataset: Option<String>,
    /// The same bytes were held already for the same experiment and samples: nothing was added.
    pub was_held: bool,
    /// Other datasets of the campaign with the same bytes.
    pub same: Vec<String>,
    /// The page of the dataset; null while it is under way.
    pub href: Option<String>,
}

impl UploadOut {
    /// An upload under way.
    pub fn open(upload: &Upload) -> Self {
        Self {
            schema: SCHEMA,
            id: Some(upload.id.clone()),
            offset: upload.offset,
            bytes: upload.new.bytes,
            dataset: None,
            was_held: false,
            same: Vec::new(),
            href: None,
        }
    }

    /// What became of an upload.
    pub fn done(finished: &Finished, bytes: u64, href: String) -> Self {
        Self {
            schema: SCHEMA,
            id: None,
            offset: bytes,
            bytes,
            dataset: Some(finished.dataset.to_string()),
            was_held: finished.was_held,
            same: finished.same.iter().map(ToString::to_string).collect(),
            href: Some(href),
        }
    }
}
