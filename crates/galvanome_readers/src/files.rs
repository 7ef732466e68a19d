//! A named set of files that are read together.

use std::sync::{Arc, OnceLock};

use crate::source::Source;
use crate::text::opening::Opening;

/// How files belong together.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Together {
    /// One file.
    One,
    /// The files of a folder, sorted by name.
    Folder,
    /// Numbered files of one measurement, in order: frames, slices, scans.
    Stack,
    /// The members of an archive.
    Archive,
}

/// One file of a set.
#[derive(Clone)]
pub struct Member {
    /// Its name, with `/` between folders, relative to the set. Shown in messages; formats are recognised
    /// by content.
    pub name: String,
    /// Its bytes.
    pub source: Arc<dyn Source>,
}

impl std::fmt::Debug for Member {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{} ({} bytes)", self.name, self.source.len())
    }
}

/// A named set of files: one file, a folder, a stack or an archive.
#[derive(Debug, Clone)]
pub struct Files {
    together: Together,
    name: String,
    members: Vec<Member>,
    /// The beginning of the only file, once a format looked at it; none where it is no text.
    opening: OnceLock<Option<Arc<Opening>>>,
}

impl Files {
    /// One file.
    pub fn one(name: &str, source: impl Source + 'static) -> Self {
        let member = Member { name: name.to_owned(), source: Arc::new(source) };
        Self::several(Together::One, name, vec![member])
    }

    /// Several files that belong together, in the order given.
    pub fn several(together: Together, name: &str, members: Vec<Member>) -> Self {
        Self { together, name: name.to_owned(), members, opening: OnceLock::new() }
    }

    /// How they belong together.
    pub fn together(&self) -> Together {
        self.together
    }

    /// The name of the set: of one file its name, else that of the folder or archive.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Every file, in order.
    pub fn members(&self) -> &[Member] {
        &self.members
    }

    /// The file of a name.
    pub fn member(&self, name: &str) -> Option<&Member> {
        self.members.iter().find(|member| member.name == name)
    }

    /// The file, when there is exactly one.
    pub fn only(&self) -> Option<&Member> {
        match self.members.as_slice() {
            [member] => Some(member),
            _ => None,
        }
    }

    /// The beginning of the file as text, when there is exactly one and it is text. It is read once.
    pub(crate) fn opening(&self) -> Option<&Opening> {
        let read = || Opening::of(self.only()?.source.as_ref()).map(Arc::new);
        self.opening.get_or_init(read).as_deref()
    }
}
