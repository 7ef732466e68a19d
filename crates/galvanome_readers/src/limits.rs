//! How much a reader takes before it stops, so that no file decides how much memory is used.

use galvanome_model::note::Note;

/// Bounds on what is read from one set of files. A reader that meets one keeps what it has and says so in a
/// note (`limit-reached`).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// Rows of one table.
    pub max_rows: u64,
    /// Columns of one table.
    pub max_columns: usize,
    /// Cells of one table, rows times columns.
    pub max_cells: u64,
    /// Bytes of one line of text.
    pub max_line_bytes: usize,
    /// Bytes of one cell of a text column.
    pub max_text_bytes: usize,
    /// Lines before the table, and entries of metadata.
    pub max_metadata: usize,
    /// Notes of one reading; findings of one kind are counted into one note anyway.
    pub max_notes: usize,
    /// Threads that reading a large file may take, the calling one among them. What comes out is the same.
    pub threads: usize,
}

impl Default for Limits {
    /// Room for 4 GB of text: what a week of fast cycling or a long archive gives.
    fn default() -> Self {
        Self {
            max_rows: 200_000_000,
            max_columns: 4096,
            max_cells: 2_000_000_000,
            max_line_bytes: 1 << 20,
            max_text_bytes: 4096,
            max_metadata: 20_000,
            max_notes: 200,
            threads: 1,
        }
    }
}

impl Limits {
    /// The note of a table that has more columns than are read; none when all are.
    pub(crate) fn too_many_columns(&self, columns: usize, place: &str) -> Option<Note> {
        (columns > self.max_columns).then(|| {
            let most = self.max_columns;
            let message = format!("the table has {columns} columns; the first {most} were read");
            Note::new("limit-reached", message, place)
        })
    }
}
