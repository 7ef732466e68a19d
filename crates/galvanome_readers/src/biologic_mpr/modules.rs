//! The modules that a file is made of, one after the other behind 52 bytes of greeting.
//!
//! A module begins with `MODULE`, a short and a long name, its length, its version and a date. Up to EC-Lab 11.4
//! the length has 32 bits; from 11.50 on these are all set, and 64 bits of length follow.

use galvanome_model::note::Note;

use super::bytes::{latin, u32_at, u64_at};
use crate::error::ReadError;
use crate::sink::Sink;
use crate::source::{Source, read_full};

/// What every file begins with.
pub(super) const GREETING: &[u8] = b"BIO-LOGIC MODULAR FILE";

/// Where the first module stands.
pub(super) const FIRST: u64 = 52;

/// What a module begins with; the next ten bytes are its short name.
pub(super) const MARK: &[u8] = b"MODULE";

/// What all modules seen so far begin with: less likely than [`MARK`] to stand within numbers.
const SEARCHED: &[u8] = b"MODULEVMP ";

/// Bytes of a header with 32 bits of length.
pub(super) const SHORT_HEADER: usize = 57;

/// Bytes of a header with 64 bits of length.
pub(super) const LONG_HEADER: usize = 65;

/// The short name of the module with the rows.
pub(super) const DATA: &str = "VMP data";

/// More modules than any file has: a file of nothing but headers does not keep the reader busy.
const MOST: usize = 256;

/// Bytes read at once while looking for a module.
const PIECE: usize = 1 << 20;

/// One module.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Module {
    /// Its short name: `VMP data`.
    pub(super) name: String,
    /// Its version.
    pub(super) version: u32,
    /// Whether its header has 64 bits of length, as from EC-Lab 11.50 on.
    pub(super) long: bool,
    /// Its date, as written: `03/02/21`.
    pub(super) date: String,
    /// Where its content begins in the file.
    pub(super) at: u64,
    /// How long its content says it is.
    pub(super) declared: u64,
    /// How many bytes there are before the next module or the end of the file.
    pub(super) room: u64,
}

impl Module {
    /// Reads the beginning of its content, at most `most` bytes. Errors when the source cannot be read.
    pub(super) fn head(
        &self,
        source: &dyn Source,
        file: &str,
        most: usize,
    ) -> Result<Vec<u8>, ReadError> {
        let len = usize::try_from(self.room).map_or(most, |len| len.min(most));
        let mut bytes = vec![0; len];
        let read = read_full(source, self.at, &mut bytes)
            .map_err(|error| ReadError::source(file, &error))?;
        bytes.truncate(read);
        Ok(bytes)
    }
}

/// Finds every module, whole or cut, in the order of the file. What is wrong with their chain becomes notes.
/// Errors when the source cannot be read.
pub(super) fn modules(
    source: &dyn Source,
    file: &str,
    sink: &mut dyn Sink,
) -> Result<Vec<Module>, ReadError> {
    let end = source.len();
    let mut modules: Vec<Module> = Vec::new();
    let mut at = FIRST;
    while at < end && modules.len() < MOST {
        let mut head = [0; LONG_HEADER];
        let read =
            read_full(source, at, &mut head).map_err(|error| ReadError::source(file, &error))?;
        let head = head.get(..read).unwrap_or_default();
        if !head.starts_with(MARK) {
            let from = modules.last().map_or(at, |last| last.at);
            let found = find(source, file, from)?;
            if let Some(last) = modules.last_mut() {
                last.room = found.unwrap_or(end) - last.at;
            }
            let (what, next) = match found {
                Some(found) => (format!("the next module was found at byte {found}"), found),
                None => ("no other module follows".to_owned(), end),
            };
            let message = format!(
                "no module begins where the one before says that it ends; {what}, and what stands between was not understood"
            );
            sink.note(Note::new("damaged-module", message, format!("byte {at}")));
            at = next;
            continue;
        }
        let Some(mut module) = header(head, at) else {
            let message = "the file stops within the header of a module; fetch it again if the test is longer";
            sink.note(Note::new("truncated-file", message, format!("byte {end}")));
            break;
        };
        module.room = end.saturating_sub(module.at);
        if module.declared > module.room
            && let Some(found) = find(source, file, module.at)?
        {
            module.room = found - module.at;
            let message = format!(
                "module {} says that it is longer than the file, but another one follows at byte {found}; its length is wrong",
                module.name
            );
            sink.note(Note::new("damaged-module", message, format!("byte {at}")));
            at = found;
        } else {
            // Of the data it is said how many rows are there, when they are read.
            if module.declared > module.room && module.name != DATA {
                let message = format!(
                    "the file stops within module {}: {} of its {} bytes are there. Fetch the file again if the test is longer",
                    module.name, module.room, module.declared
                );
                sink.note(Note::new("truncated-file", message, format!("byte {end}")));
            }
            at = module.at.saturating_add(module.declared).min(end);
            module.room = at - module.at;
        }
        modules.push(module);
    }
    Ok(modules)
}

/// Reads a header that stands at `at`. None when it is cut.
fn header(head: &[u8], at: u64) -> Option<Module> {
    let name = head.get(MARK.len()..16)?;
    let length = u32_at(head, 41)?;
    let long = length == u32::MAX;
    let (declared, version, date, len) = if long {
        (u64_at(head, 45)?, u32_at(head, 53)?, head.get(57..65)?, LONG_HEADER)
    } else {
        (u64::from(length), u32_at(head, 45)?, head.get(49..57)?, SHORT_HEADER)
    };
    Some(Module {
        name: latin(name).trim_end_matches([' ', '\0']).to_owned(),
        version,
        long,
        date: latin(date).trim_end_matches([' ', '\0']).to_owned(),
        at: at + len as u64,
        declared,
        room: 0,
    })
}

/// Where the next module begins, from a place on.
fn find(source: &dyn Source, file: &str, from: u64) -> Result<Option<u64>, ReadError> {
    let mut at = from;
    let mut piece = vec![0; PIECE.min(usize::try_from(source.len()).unwrap_or(PIECE))];
    loop {
        let read =
            read_full(source, at, &mut piece).map_err(|error| ReadError::source(file, &error))?;
        let there = piece.get(..read).unwrap_or_default();
        if let Some(place) = there.windows(SEARCHED.len()).position(|bytes| bytes == SEARCHED) {
            return Ok(Some(at + place as u64));
        }
        if read < piece.len() || read < SEARCHED.len() {
            return Ok(None);
        }
        // A mark may lie across two pieces.
        at += (read - SEARCHED.len() + 1) as u64;
    }
}
