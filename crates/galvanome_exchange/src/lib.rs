//! The campaign folder and the figures, both ways, as bytes and text.

pub mod figure;
pub mod folder;
pub mod marks;
pub mod numbers;
pub mod pixels;
pub mod plot;
