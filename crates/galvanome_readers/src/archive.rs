//! Members of a zip, unpacked as a stream from where they lie; nothing is ever written to a disk.
//!
//! A whole zip is read by its directory. One that lost its end, where the directory stands, is walked from
//! member to member, and what can be unpacked of the last one is given. How much a member says it holds is
//! never believed: a reader asks for as much as it can use. Source: PKWARE `.ZIP` application note 6.3.

mod directory;
mod unpack;
mod write;

use std::io;
use std::sync::Arc;

use galvanome_model::note::Note;

use self::directory::{by_directory, by_walking};
pub(crate) use self::unpack::{End, Unpack};
pub(crate) use self::write::write_zip;
use crate::files::Files;
use crate::sink::Sink;
use crate::source::{Part, Source, read_full};

/// What a zip begins with: the head of its first member.
pub(crate) const MARK: &[u8] = b"PK\x03\x04";

/// Members that are looked at: as many as a zip without extensions can have. Cycler files have a few dozen, volumes in
/// pieces many.
const MEMBERS_MAX: usize = 0xFFFF;

/// A member of a zip.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Entry {
    /// Its name, with `/` between folders.
    pub(crate) name: String,
    /// How it is packed: 0 not at all, 8 deflated.
    method: u16,
    /// Whether a password is needed.
    encrypted: bool,
    /// Where its own head begins.
    head_at: u64,
    /// Its packed length, where that is known.
    packed: Option<u64>,
    /// The CRC-32 of what it holds, where the zip says it. Some writers leave 0 in its place.
    checksum: Option<u32>,
    /// Whether it is a file of its own, of a set that was never packed: which.
    bare: Option<usize>,
}

impl Entry {
    /// The name without folders.
    pub(crate) fn file_name(&self) -> &str {
        self.name.rsplit(['/', '\\']).next().unwrap_or_default()
    }

    /// Whether the name ends in a dot and an ending, in letters of either case.
    pub(crate) fn has_ending(&self, ending: &str) -> bool {
        let found = self.file_name().rsplit_once('.');
        found.is_some_and(|(_, found)| found.eq_ignore_ascii_case(ending))
    }

    /// Whether the name leads out of the zip. Such members are not read, though here they could do no harm.
    pub(crate) fn climbs(&self) -> bool {
        let mut parts = self.name.split(['/', '\\']);
        self.name.starts_with(['/', '\\'])
            || parts.any(|part| part == "..")
            || self.name.contains(':')
    }
}

/// A zip.
pub(crate) struct Archive {
    source: Arc<dyn Source>,
    /// Its members, in the order of its directory.
    pub(crate) entries: Vec<Entry>,
    /// Files that were never packed.
    bare: Vec<Arc<dyn Source>>,
    /// Whether its directory is there.
    pub(crate) whole: bool,
}

impl Archive {
    /// The zip that a file is, if it begins as one. Errors when the source cannot be read.
    pub(crate) fn open(files: &Files) -> io::Result<Option<Self>> {
        let Some(member) = files.only() else { return Ok(None) };
        let source = Arc::clone(&member.source);
        let mut mark = [0; MARK.len()];
        if read_full(source.as_ref(), 0, &mut mark)? < mark.len() || mark != MARK {
            return Ok(None);
        }
        let (entries, whole) = match by_directory(source.as_ref())? {
            Some(entries) => (entries, true),
            None => (by_walking(&source)?, false),
        };
        Ok(Some(Self { source, entries, bare: Vec::new(), whole }))
    }

    /// Files that were never packed, by the names that they would have in the zip; none when there is none.
    pub(crate) fn of_files(files: Vec<(String, Arc<dyn Source>)>) -> Option<Self> {
        let (names, bare): (Vec<_>, Vec<_>) = files.into_iter().take(MEMBERS_MAX).unzip();
        let entries = names.into_iter().zip(&bare).enumerate();
        let entries = entries.map(|(place, (name, source))| Entry {
            name,
            method: 0,
            encrypted: false,
            head_at: 0,
            packed: Some(source.len()),
            checksum: None,
            bare: Some(place),
        });
        Some(Self {
            source: Arc::clone(bare.first()?),
            entries: entries.collect(),
            bare,
            whole: true,
        })
    }

    /// Whether it is no zip, but files that were never packed.
    pub(crate) fn is_bare(&self) -> bool {
        !self.bare.is_empty()
    }

    /// The member of a file name, whatever folder it is in; the first one where there are several.
    pub(crate) fn entry(&self, file_name: &str) -> Option<&Entry> {
        self.entries.iter().find(|entry| entry.file_name() == file_name && !entry.climbs())
    }

    /// A stream of what a member holds. Errors when the source cannot be read.
    pub(crate) fn unpack(&self, entry: &Entry) -> io::Result<Unpack> {
        match entry.bare.and_then(|place| self.bare.get(place)) {
            Some(source) => Ok(Unpack::plain(source)),
            None => Unpack::begin(&self.source, entry),
        }
    }

    /// A member that is not packed, where it lies; none of one that is. Errors when the source cannot be read.
    pub(crate) fn stored(&self, entry: &Entry) -> io::Result<Option<Part>> {
        let Some(len) = entry.packed.filter(|_| entry.method == 0 && !entry.encrypted) else {
            return Ok(None);
        };
        let Some(offset) = directory::begins(self.source.as_ref(), entry)? else { return Ok(None) };
        let len = len.min(self.source.len().saturating_sub(offset));
        Ok(entry.bare.is_none().then(|| Part { whole: Arc::clone(&self.source), offset, len }))
    }

    /// The first bytes of a member, at most `max`, how its stream stood after them, and whether their checksum differs
    /// from what the zip says; none of it when more than `max` would come. Errors when the source cannot be read.
    pub(crate) fn bytes(&self, entry: &Entry, max: usize) -> io::Result<(Vec<u8>, End, bool)> {
        let mut unpack = self.unpack(entry)?;
        let mut bytes = Vec::new();
        let mut piece = vec![0; 1 << 16];
        loop {
            let got = unpack.fill(&mut piece)?;
            if got == 0 {
                return Ok((bytes, unpack.end(), unpack.differs()));
            }
            bytes.extend_from_slice(piece.get(..got).unwrap_or_default());
            if bytes.len() > max {
                return Ok((Vec::new(), End::TooLong, false));
            }
        }
    }
}

/// Notes that what a member holds is not what the zip says that was put into it.
pub(crate) fn note_differs(name: &str, place: impl Into<String>, sink: &mut dyn Sink) {
    let message = format!(
        "the checksum that the zip holds of {name} does not hold: something in it was changed after it was packed. What it holds was kept as it is; compare it with another copy"
    );
    sink.note(Note::new("checksum-differs", message, place));
}
