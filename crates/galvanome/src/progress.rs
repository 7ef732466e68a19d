//! How far a piece of work is, told by whoever does it and asked by whoever shows it.

use std::io;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use galvanome_readers::{Files, Member, Source};

/// How far a piece of work is. Clones share it.
#[derive(Debug, Clone, Default)]
pub struct Progress(Arc<Inside>);

#[derive(Debug, Default)]
struct Inside {
    done: AtomicU64,
    of: AtomicU64,
    saying: Mutex<String>,
}

impl Progress {
    /// Says what is being done.
    pub(crate) fn say(&self, what: impl Into<String>) {
        *self.0.saying.lock().unwrap_or_else(PoisonError::into_inner) = what.into();
    }

    /// What is being done; empty when nothing was said.
    pub(crate) fn said(&self) -> String {
        self.0.saying.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// How much is done, from 0 to 1.
    pub(crate) fn share(&self) -> f64 {
        let of = self.0.of.load(Ordering::Relaxed);
        if of == 0 {
            0.0
        } else {
            (self.0.done.load(Ordering::Relaxed) as f64 / of as f64).min(1.0)
        }
    }

    /// The same files, which tell how far they have been read. Reading is taken for `part` of the whole work.
    pub(crate) fn watch(&self, files: &Files, part: f64) -> Files {
        let members = files.members();
        let bytes: u64 = members.iter().map(|member| member.source.len()).sum();
        let more = (bytes as f64 / part.clamp(0.01, 1.0)) as u64;
        self.0.of.fetch_add(more, Ordering::Relaxed);
        let watched = |member: &Member| Member {
            name: member.name.clone(),
            source: Arc::new(Watched {
                source: Arc::clone(&member.source),
                furthest: AtomicU64::new(0),
                progress: self.clone(),
            }),
        };
        Files::several(files.together(), files.name(), members.iter().map(watched).collect())
    }
}

/// A source that tells how far it has been read.
struct Watched {
    source: Arc<dyn Source>,
    furthest: AtomicU64,
    progress: Progress,
}

impl Source for Watched {
    fn len(&self) -> u64 {
        self.source.len()
    }

    fn read_at(&self, offset: u64, into: &mut [u8]) -> io::Result<usize> {
        let read = self.source.read_at(offset, into)?;
        let end = offset + read as u64;
        let before = self.furthest.fetch_max(end, Ordering::Relaxed);
        self.progress.0.done.fetch_add(end.saturating_sub(before), Ordering::Relaxed);
        Ok(read)
    }
}
