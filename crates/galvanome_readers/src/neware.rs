//! What Neware's formats have in common: types of steps, scales of ranges, records that hold everything of a
//! row, and the columns that they become.
//!
//! Layouts are told in our own tables. Their sources: bytes of real files beside the vendor's own export of
//! them (BTSDA), and the readers fastnda 1.3 and NewareNDA 2026 (BSD-3-Clause) for facts about versions.

pub(crate) mod batch;
pub(crate) mod clock;
pub(crate) mod record;
pub(crate) mod rows;
pub(crate) mod scale;
pub(crate) mod steps;
pub(crate) mod write;
