//! A file arrives in pieces: begun, sent from wherever it broke off, checked, and made a dataset.
//!
//! An upload is a folder below `staging/` with what is to become of it (`about.json`) and the bytes so far
//! (`bytes`), which are only ever added to. How far it is, is how long that file is: a server that restarts has
//! forgotten nothing. It is swept away a week after its last byte.

mod append;
mod begin;
mod finish;
mod naming;
pub(crate) mod refused;
mod staged;

pub use append::{Appending, append};
pub use begin::{Begun, LARGEST, begin};
pub use finish::{Finished, finish};
pub use refused::Refused;
pub use staged::{New, Upload, find, give_up};
