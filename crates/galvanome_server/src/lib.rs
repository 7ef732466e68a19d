//! Routes, pages, API and the background worker.

pub mod assets;
pub mod pages;
