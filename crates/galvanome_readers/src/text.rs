//! What all text formats share: lines, cells, numbers, clocks, and rows on their way to a sink.

pub(crate) mod ahead;
pub(crate) mod cells;
pub(crate) mod clock;
pub(crate) mod encoding;
pub(crate) mod guess;
pub(crate) mod heads;
pub(crate) mod lines;
pub(crate) mod names;
pub(crate) mod number;
pub(crate) mod numbers;
pub(crate) mod opening;
pub(crate) mod records;
pub(crate) mod remarks;
pub(crate) mod rows;
pub(crate) mod sign;
pub(crate) mod table;
pub(crate) mod wall;
