//! One file per command: parse, call, print.

pub(crate) mod analyze;
pub(crate) mod campaign;
pub(crate) mod compare;
pub(crate) mod convert;
pub(crate) mod inspect;
pub(crate) mod judge;
pub(crate) mod metaview;
pub(crate) mod serve;
pub(crate) mod techniques;
pub(crate) mod why;
