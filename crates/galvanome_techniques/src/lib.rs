//! One folder per technique: catalogue entry, analysis, cases.
