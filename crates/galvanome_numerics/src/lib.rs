//! Numerical methods on plain `f64` slices: no files, no units, no batteries.
