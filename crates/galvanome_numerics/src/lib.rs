//! Numerical methods on plain `f64` slices: no files, no units, no batteries.
//!
//! Functions do not panic: outside their domain the special functions give NaN and the others `None`. Every
//! item says where its method comes from.

pub mod baseline;
pub mod beta;
pub mod bootstrap;
pub mod error_function;
pub mod faddeeva;
pub mod fourier;
pub mod gamma;
pub mod integral;
pub mod interpolation;
pub mod least_squares;
pub mod median;
pub mod moments;
pub mod normal;
pub mod peak_shape;
pub mod peaks;
pub mod propagation;
pub mod random;
pub mod savitzky_golay;
pub mod student;
pub mod sum;
pub mod theil_sen;
pub mod turns;
pub mod volume;
pub mod weighted;
pub mod weighted_mean;
pub mod whittaker;
