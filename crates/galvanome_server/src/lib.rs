//! Routes, pages, API and the background worker.
