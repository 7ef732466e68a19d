//! Why reading ended early, in readers that go on and say only at their door in which file it was.

use std::io;

use crate::error::ReadError;

/// Why reading ended early.
pub(crate) enum Failure {
    /// The bytes could not be fetched.
    Source(io::Error),
    /// What was read could not be kept.
    Sink(ReadError),
}

impl Failure {
    /// The same as an error of a file.
    pub(crate) fn in_file(self, name: &str) -> ReadError {
        match self {
            Self::Source(error) => ReadError::source(name, &error),
            Self::Sink(error) => error,
        }
    }
}

impl From<io::Error> for Failure {
    fn from(error: io::Error) -> Self {
        Self::Source(error)
    }
}

impl From<ReadError> for Failure {
    fn from(error: ReadError) -> Self {
        Self::Sink(error)
    }
}
