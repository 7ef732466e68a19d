//! Files by their names, alike whether they lie in a folder or in a zip.

use std::collections::BTreeMap;
use std::io;
use std::sync::Arc;

use crate::archive::{Archive, End};
use crate::files::{Files, Together};
use crate::source::Source;

/// What is unpacked of one member at most, since it is held in memory; and how many times longer than packed it may be.
const UNPACKED_MAX: u64 = 1 << 28;
const TIMES_MAX: u64 = 1100;
/// Unpacked bytes that any member may have.
const UNPACKED_FREE: u64 = 1 << 20;

/// Files by their names.
pub(crate) struct Members {
    places: BTreeMap<String, usize>,
    of: Of,
    /// Bytes of all of them, packed as they are.
    pub(crate) held: u64,
    /// Whether none can be missing: a zip that lost its end may have lost some.
    pub(crate) whole: bool,
}

enum Of {
    Files(Vec<Arc<dyn Source>>),
    Zip(Archive),
}

impl Members {
    /// The files of a folder or a zip; none of a single file. Errors when the source cannot be read.
    pub(crate) fn of(files: &Files) -> io::Result<Option<Self>> {
        let held = files.members().iter().map(|member| member.source.len()).sum();
        if files.together() == Together::One {
            let Some(archive) = Archive::open(files)? else { return Ok(None) };
            let there = archive.entries.iter().enumerate();
            let there = there.filter(|(_, entry)| !entry.climbs() && !entry.name.ends_with('/'));
            let places = there.map(|(place, entry)| (entry.name.clone(), place)).collect();
            let whole = archive.whole;
            return Ok(Some(Self { places, of: Of::Zip(archive), held, whole }));
        }
        let names = files.members().iter().map(|member| member.name.clone());
        let places = names.enumerate().map(|(place, name)| (name, place)).collect();
        let sources = files.members().iter().map(|member| Arc::clone(&member.source)).collect();
        Ok(Some(Self { places, of: Of::Files(sources), held, whole: true }))
    }

    /// Their names, sorted.
    pub(crate) fn names(&self) -> impl Iterator<Item = &str> + Clone {
        self.places.keys().map(String::as_str)
    }

    /// The bytes of a file; of one that is packed they are unpacked into memory. None when there is no such file. Errors
    /// when they cannot be fetched or unpacked.
    pub(crate) fn open(&self, name: &str) -> io::Result<Option<Arc<dyn Source>>> {
        let Some(&place) = self.places.get(name) else { return Ok(None) };
        match &self.of {
            Of::Files(sources) => Ok(sources.get(place).cloned()),
            Of::Zip(archive) => {
                let Some(entry) = archive.entries.get(place) else { return Ok(None) };
                if let Some(part) = archive.stored(entry)? {
                    return Ok(Some(Arc::new(part)));
                }
                let most = self.held.saturating_mul(TIMES_MAX).clamp(UNPACKED_FREE, UNPACKED_MAX);
                let most = usize::try_from(most).unwrap_or(usize::MAX);
                let (bytes, end, differs) = archive.bytes(entry, most)?;
                match end {
                    End::Whole if !differs => Ok(Some(Arc::new(bytes))),
                    End::TooLong => Err(io::Error::other(format!(
                        "{name} is too long to be unpacked in memory; unpack the zip"
                    ))),
                    End::Unknown => Err(io::Error::other(format!(
                        "{name} is packed or locked in a way that is not read; unpack the zip"
                    ))),
                    _ => Err(io::Error::other(format!(
                        "{name} does not unpack to what the zip says that it holds"
                    ))),
                }
            }
        }
    }
}
