//! What a verb can fail with: what happened, where, and what to do about it.

use galvanome_exchange::folder;
use galvanome_readers::ReadError;
use galvanome_store::StoreError;

use crate::upload::refused::Refused;

/// Why a verb did not do what it was asked for.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// There is no such thing.
    #[error("there is no {what} `{id}`{hint}")]
    NotFound {
        /// The noun.
        what: &'static str,
        /// The id that was asked for.
        id: String,
        /// What there is instead, beginning with a separator; may be empty.
        hint: String,
    },
    /// A campaign folder is wrong; nothing was imported.
    #[error("{}", in_full(.0))]
    Folder(Vec<folder::Problem>),
    /// What was given is wrong.
    #[error("{0}")]
    Wrong(String),
    /// It is there, and not for this reader.
    #[error("{0}")]
    Withheld(String),
    /// It is being computed.
    #[error("{0}")]
    NotYet(String),
    /// An upload does not go on.
    #[error(transparent)]
    Upload(#[from] Refused),
    /// An instrument file could not be read.
    #[error(transparent)]
    Read(#[from] ReadError),
    /// The store could not do it.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// A file or folder could not be read or written.
    #[error("{path}: {source}")]
    Io {
        /// The file or folder.
        path: String,
        /// What the system said.
        source: std::io::Error,
    },
}

fn in_full(problems: &[folder::Problem]) -> String {
    let mut text = match problems.len() {
        1 => "the campaign folder has 1 problem; nothing was imported".to_owned(),
        n => format!("the campaign folder has {n} problems; nothing was imported"),
    };
    for problem in problems {
        text.push_str("\n  ");
        text.push_str(&problem.to_string());
    }
    text
}

impl Error {
    /// There is no such thing.
    pub fn not_found(what: &'static str, id: impl std::fmt::Display) -> Self {
        Self::NotFound { what, id: id.to_string(), hint: String::new() }
    }

    /// There is no such thing, but there are others.
    pub fn not_found_among(
        what: &'static str,
        id: impl std::fmt::Display,
        there_are: impl IntoIterator<Item = impl std::fmt::Display>,
    ) -> Self {
        let names: Vec<String> = there_are.into_iter().map(|one| one.to_string()).collect();
        let hint = if names.is_empty() {
            String::new()
        } else {
            format!("; there are {}", names.join(", "))
        };
        Self::NotFound { what, id: id.to_string(), hint }
    }

    /// A file or folder could not be read or written.
    pub fn io(path: impl AsRef<std::path::Path>, source: std::io::Error) -> Self {
        Self::Io { path: path.as_ref().display().to_string(), source }
    }

    /// Whether something was asked for that does not exist.
    pub const fn is_not_found(&self) -> bool {
        matches!(self, Self::NotFound { .. })
    }

    /// Whether no room is left on the disk.
    pub fn is_full(&self) -> bool {
        match self {
            Self::Store(StoreError::Full { .. }) | Self::Upload(Refused::Full) => true,
            Self::Io { source, .. } => source.kind() == std::io::ErrorKind::StorageFull,
            _ => false,
        }
    }

    /// Whether what was given is wrong, rather than something broken here.
    pub const fn is_wrong_input(&self) -> bool {
        matches!(
            self,
            Self::NotFound { .. }
                | Self::Folder(_)
                | Self::Wrong(_)
                | Self::Read(_)
                | Self::Upload(_)
        )
    }
}
