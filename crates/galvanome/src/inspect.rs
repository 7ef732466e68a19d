//! What is this file: format, tables, columns with units, rows, metadata, notes.

use std::path::Path;

use galvanome_readers::{FORMATS, Files, Summary};

use crate::{Error, files};

/// What is in a file or folder, read once from end to end without keeping its rows.
/// Errors when nothing at all could be read.
pub fn path(path: &Path) -> Result<Summary, Error> {
    set(&files::open(path)?)
}

/// What is in a set of files. Errors when nothing at all could be read.
pub fn set(files: &Files) -> Result<Summary, Error> {
    let mut summary = Summary::new();
    galvanome_readers::read(files, &files::limits(), &mut summary)?;
    Ok(summary)
}

/// The name of a format for people; its id when it is none of those that are read.
pub fn format_name(id: &str) -> &str {
    FORMATS.iter().find(|format| format.id == id).map_or(id, |format| format.name)
}
