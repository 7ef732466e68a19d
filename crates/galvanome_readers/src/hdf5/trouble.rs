//! What may go wrong inside a file: bytes that cannot be fetched, bytes that make no sense, and what is not read.

use std::io;

/// Why a part of a file was not read.
#[derive(Debug)]
pub(super) enum Trouble {
    /// The bytes could not be fetched.
    Source(io::Error),
    /// The bytes make no sense, or are not there.
    Damaged(String),
    /// The bytes make sense, and this reader does not read them: what, and what to do.
    Refused(String, &'static str),
}

/// What to do about most of what is not read.
const REPACK: &str = "rewrite the file with h5repack of the HDF5 tools (`h5repack -l CONTI -f NONE IN OUT`) and read that";

impl Trouble {
    /// Bytes that make no sense at a place of the file.
    pub(super) fn damaged(what: &str, byte: u64) -> Self {
        Self::Damaged(format!("{what} at byte {byte}"))
    }

    /// Something that is not read; `what` is a noun.
    pub(super) fn refused(what: impl Into<String>) -> Self {
        Self::Refused(what.into(), REPACK)
    }

    /// Something that stands in another file; `what` is a noun.
    pub(super) fn elsewhere(what: impl Into<String>) -> Self {
        Self::Refused(
            what.into(),
            "read that file itself, or copy what it holds into this one (`h5copy`, h5py)",
        )
    }

    /// More of something than is read; `what` is a noun.
    pub(super) fn too_many(what: impl Into<String>) -> Self {
        Self::Refused(
            what.into(),
            "split the file, or copy the parts that matter into another one (`h5copy`, h5py)",
        )
    }

    /// The code of a note about it.
    pub(super) fn code(&self) -> &'static str {
        match self {
            Self::Source(_) | Self::Damaged(_) => "damaged-object",
            Self::Refused(..) => "unsupported-object",
        }
    }
}

impl std::fmt::Display for Trouble {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Source(error) => write!(f, "the bytes could not be fetched: {error}"),
            Self::Damaged(what) => f.write_str(what),
            Self::Refused(what, remedy) => write!(f, "{what} is not read; {remedy}"),
        }
    }
}

impl From<io::Error> for Trouble {
    fn from(error: io::Error) -> Self {
        Self::Source(error)
    }
}
