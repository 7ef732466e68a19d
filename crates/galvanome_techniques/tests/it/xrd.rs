//! Patterns whose cell, peaks and movements are known, because they were made here, and real ones where there are some.

mod coverage;
mod difference;
mod simulated;
mod user;
