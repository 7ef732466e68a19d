//! The JSON shapes of the API and of `--json`: the only place that knows them.
//!
//! Every document that stands alone carries `"schema": 1`. A field is added freely; a field that changes its
//! meaning or goes away needs a new schema number.

mod campaign;
mod catalogue;
mod curve;
mod dataset;
mod list;
mod map;
mod metaview;
mod pixel;
mod problem;
mod quantity;
mod signal;

pub use campaign::{
    CampaignDetail, CampaignSummary, ComponentOut, FactOut, GroupOut, Held, PartnerOut, QuestionOut,
};
pub use catalogue::{DescriptorOut, SpeaksForOut, TechniqueOut, TechniqueSummary, TermOut};
pub use curve::{
    CurvesOut, SeriesOut, bytes_of, csv_of, impedance_csv_of, long_csv_of, profile_csv_of,
};
pub use dataset::{
    CellsOut, ColumnOut, ContentsOut, DatasetDetail, EndUpload, NewUpload, NoteOut, RowsOut,
    StepOut, TableOut, UploadOut,
};
pub use list::{JobOut, Ordered, Page};
pub use map::MapOut;
pub use metaview::{
    Cell, CombinedOut, ComputedOut, CountsOut, FigureForm, Metaviews, Named, RowOut, View,
};
pub use pixel::{HistoryEntry, PartOut, PixelDetail, Sublayer, VerdictOut};
pub use problem::Problem;
pub use quantity::{DatasetOut, ExperimentOut, QuantityOut, SampleOut};
pub use signal::{AxisOut, ConditionOut, ImageOut, SignalOut};

/// The number of this set of shapes.
pub const SCHEMA: u32 = 1;
