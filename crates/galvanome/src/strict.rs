//! What `--strict` refuses: notes that doubt the data.
//!
//! The rule: a note either says how numbers came about (the current was rebuilt by the vendor's rule, a check-up was
//! told from the other cycles, nothing in the file gives a resistance), or it doubts them (the file is cut off, a
//! column is unknown, the test time goes back). The first kind never fails anything; the second, and every code that
//! nobody has put among the first, makes `--strict` fail.
//!
//! Who asks for `--strict` wants a file that was understood from end to end, to the last digit, by a reader that real files
//! have proved. Hence an unknown column, a last line without its break and a format without a trusted sample are doubts,
//! though they say nothing against the other numbers; without `--strict` they are notes like all others.

use galvanome_model::note::Note;
use galvanome_readers::checks;

/// Codes of analyses that say how numbers came about, or that a file holds nothing to make one from. Those of readers
/// stand in `galvanome_readers::checks`.
const INFORMS: [&str; 17] = [
    "accuracy-by-default",
    "check-up",
    "cycle-without-discharge",
    "cycles-derived",
    "cycles-renumbered",
    "dqdv-peak-gone",
    "incomplete-cycle",
    "no-check-up",
    "no-dqdv",
    "no-efficiency",
    "no-reference",
    "no-resistance",
    "other-rate",
    "partial-discharge",
    "reference-by-default",
    "specimen-by-file",
    "too-few-cycles",
];

/// The notes that doubt the data.
pub fn findings(notes: &[Note]) -> Vec<&Note> {
    let informs = |code: &str| checks::informs(code) || INFORMS.contains(&code);
    notes.iter().filter(|note| !informs(&note.code)).collect()
}
