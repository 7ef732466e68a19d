//! Why a file could not be read.

use std::fmt;

/// Which kind of trouble it was: what a program may decide by.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Trouble {
    /// No format recognises the file.
    NotRecognised,
    /// The format is known, and the file does not keep to it so far that nothing could be read.
    Damaged,
    /// The format is known, and this kind of it cannot be read yet.
    Unsupported,
    /// The bytes could not be fetched.
    Source,
    /// What was read could not be kept.
    Sink,
}

/// Why a file could not be read: what, where, which reader, and what to do about it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReadError(Box<Inside>);

#[derive(Debug, Clone, PartialEq, Eq)]
struct Inside {
    trouble: Trouble,
    what: String,
    remedy: String,
    reader: String,
    file: String,
    row: Option<u64>,
    column: Option<String>,
    byte: Option<u64>,
}

impl ReadError {
    /// An error that says what happened and what to do about it; where it happened is added by the other
    /// methods.
    pub fn new(trouble: Trouble, what: impl Into<String>, remedy: impl Into<String>) -> Self {
        Self(Box::new(Inside {
            trouble,
            what: what.into(),
            remedy: remedy.into(),
            reader: String::new(),
            file: String::new(),
            row: None,
            column: None,
            byte: None,
        }))
    }

    /// Bytes that could not be fetched.
    pub fn source(file: &str, error: &std::io::Error) -> Self {
        Self::new(
            Trouble::Source,
            format!("the file could not be read: {error}"),
            "check that the file is there, that you may read it, and that its disk or network share answers",
        )
        .in_file(file)
    }

    /// Says which reader it was, unless that is said already.
    #[must_use]
    pub fn by_reader(mut self, id: &str) -> Self {
        if self.0.reader.is_empty() {
            id.clone_into(&mut self.0.reader);
        }
        self
    }

    /// Says in which file it was, unless that is said already.
    #[must_use]
    pub fn in_file(mut self, name: &str) -> Self {
        if self.0.file.is_empty() {
            name.clone_into(&mut self.0.file);
        }
        self
    }

    /// Says in which row (of text: line) it was, counted from 1.
    #[must_use]
    pub fn at_row(mut self, row: u64) -> Self {
        self.0.row = Some(row);
        self
    }

    /// Says in which column it was.
    #[must_use]
    pub fn at_column(mut self, column: &str) -> Self {
        self.0.column = Some(column.to_owned());
        self
    }

    /// Says at which byte it was, counted from 0.
    #[must_use]
    pub fn at_byte(mut self, byte: u64) -> Self {
        self.0.byte = Some(byte);
        self
    }

    /// Which kind of trouble it was.
    pub fn trouble(&self) -> Trouble {
        self.0.trouble
    }

    /// What happened.
    pub fn what(&self) -> &str {
        &self.0.what
    }

    /// What to do about it.
    pub fn remedy(&self) -> &str {
        &self.0.remedy
    }

    /// The id of the reader; empty before one was chosen.
    pub fn reader(&self) -> &str {
        &self.0.reader
    }

    /// The file.
    pub fn file(&self) -> &str {
        &self.0.file
    }

    /// The row (of text: the line), counted from 1.
    pub fn row(&self) -> Option<u64> {
        self.0.row
    }

    /// The column.
    pub fn column(&self) -> Option<&str> {
        self.0.column.as_deref()
    }

    /// The byte, counted from 0.
    pub fn byte(&self) -> Option<u64> {
        self.0.byte
    }
}

impl fmt::Display for ReadError {
    /// `FILE, row 12, column Ewe/V, byte 1034: WHAT (reader eclab-text). REMEDY.`
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Inside { what, remedy, reader, file, row, column, byte, .. } = self.0.as_ref();
        let mut places = Vec::new();
        places.extend((!file.is_empty()).then(|| file.clone()));
        places.extend(row.map(|row| format!("row {row}")));
        places.extend(column.as_ref().map(|column| format!("column {column}")));
        places.extend(byte.map(|byte| format!("byte {byte}")));
        if !places.is_empty() {
            write!(f, "{}: ", places.join(", "))?;
        }
        f.write_str(what)?;
        if !reader.is_empty() {
            write!(f, " (reader {reader})")?;
        }
        write!(f, "; {remedy}")
    }
}

impl std::error::Error for ReadError {}
