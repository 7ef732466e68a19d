//! One table of an instrument file into a file that everybody can read.

use std::fs::{self, File};
use std::io::ErrorKind;
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};

use galvanome_readers::sink::{CsvFile, ParquetFile, Written};
use galvanome_readers::{Files, ReadError, Trouble, read};

use crate::{Error, files, strict};

/// What to convert, and when not to.
#[derive(Debug, Clone, Copy, Default)]
pub struct Options<'a> {
    /// The table; the main one when none is named.
    pub table: Option<&'a str>,
    /// Whether a file that is there already is replaced.
    pub force: bool,
    /// Whether notes that doubt the data keep the file from being written.
    pub strict: bool,
}

/// What became of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Converted {
    /// The table and what was found about it.
    pub written: Written,
    /// Whether the file is there; not when `strict` refused it.
    pub kept: bool,
}

/// Into what a file is converted.
#[derive(Debug, Clone, Copy)]
enum Ending {
    Csv,
    Parquet,
}

impl Ending {
    fn of(path: &Path) -> Option<Self> {
        let ending = path.extension()?.to_str()?.to_ascii_lowercase();
        match ending.as_str() {
            "csv" => Some(Self::Csv),
            "parquet" => Some(Self::Parquet),
            _ => None,
        }
    }
}

/// Reads a file or folder and writes one of its tables as Battery Data Format, as text or Parquet by the ending of
/// `to`. Rows are written as they come. The file appears under its name when it is whole, and not at all when
/// anything fails. Errors when nothing could be read, when the table is not there, when `to` is there already or is
/// what is read, or cannot be written.
pub fn file(from: &Path, to: &Path, options: Options<'_>) -> Result<Converted, Error> {
    let Some(ending) = Ending::of(to) else {
        return Err(Error::Wrong(format!(
            "{}: end the name in .csv or .parquet, which says what to write",
            to.display()
        )));
    };
    let files = files::open(from)?;
    refuse_own_input(from, to)?;
    if !options.force && to.symlink_metadata().is_ok() {
        return Err(there_already(to));
    }
    let part = Part::beside(to)?;
    let wanted = options.table;
    let written = match ending {
        Ending::Csv => {
            let mut sink = CsvFile::new(&part.file, wanted);
            read_into(&files, &mut sink).and_then(|()| sink.finish())
        }
        Ending::Parquet => {
            let mut sink = ParquetFile::new(&part.file, wanted);
            read_into(&files, &mut sink).and_then(|()| sink.finish())
        }
    };
    let written = written.map_err(|error| match error.trouble() {
        Trouble::Sink => {
            Error::Wrong(format!("{}: {}; {}", to.display(), error.what(), error.remedy()))
        }
        _ => Error::Read(error.in_file(&from.display().to_string())),
    })?;
    let kept = !options.strict || strict::findings(&written.notes).is_empty();
    if kept {
        part.keep_as(to, options.force)?;
    }
    Ok(Converted { written, kept })
}

fn read_into(files: &Files, sink: &mut dyn galvanome_readers::Sink) -> Result<(), ReadError> {
    read(files, &files::limits(), sink).map(drop)
}

/// What came from an instrument is never written over, whatever is asked for.
fn refuse_own_input(from: &Path, to: &Path) -> Result<(), Error> {
    let id = |path: &Path| fs::metadata(path).ok().map(|facts| (facts.dev(), facts.ino()));
    let Some(to_id) = id(to) else { return Ok(()) };
    let mut read = vec![from.to_path_buf()];
    if from.is_dir() {
        read.extend(files::walk(from)?.into_iter().map(|(_, path)| path));
    }
    if read.iter().any(|path| id(path) == Some(to_id)) {
        return Err(Error::Wrong(format!(
            "{} is what is read; write to another file",
            to.display()
        )));
    }
    Ok(())
}

fn there_already(to: &Path) -> Error {
    Error::Wrong(format!(
        "{} is there already; name another file, or replace it with --force",
        to.display()
    ))
}

/// A file that is being written, beside the place where it will stand. It goes away unless it is kept.
struct Part {
    file: File,
    path: PathBuf,
}

impl Part {
    fn beside(to: &Path) -> Result<Self, Error> {
        let name = to.file_name().unwrap_or_default().to_string_lossy();
        let path = to.with_file_name(format!(".{name}.{}.part", std::process::id()));
        let file = File::create_new(&path).map_err(|error| Error::io(to, error))?;
        Ok(Self { file, path })
    }

    fn keep_as(self, to: &Path, force: bool) -> Result<(), Error> {
        let failed = |error| Error::io(to, error);
        self.file.sync_all().map_err(failed)?;
        if force {
            return fs::rename(&self.path, to).map_err(failed);
        }
        // A link is made only where nothing is, even when somebody else writes there at this moment.
        match fs::hard_link(&self.path, to) {
            Err(error) if error.kind() == ErrorKind::AlreadyExists => Err(there_already(to)),
            // Not every file system has links.
            Err(_) => fs::rename(&self.path, to).map_err(failed),
            Ok(()) => Ok(()),
        }
    }
}

impl Drop for Part {
    fn drop(&mut self) {
        // It is not there any more when it was renamed.
        let _ = fs::remove_file(&self.path);
    }
}
