//! Why an upload does not go on.

/// Why an upload does not go on. What has arrived is kept, unless it says otherwise.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Refused {
    /// A piece does not begin where the last one ended.
    #[error(
        "this piece begins at byte {given}, but {at} bytes have arrived: send on from byte {at}"
    )]
    Offset {
        /// How many bytes have arrived.
        at: u64,
        /// Where the piece begins.
        given: u64,
    },
    /// It is larger than what is taken, or than was said.
    #[error("{0}")]
    TooLarge(String),
    /// Not all of it has arrived.
    #[error("{offset} of {bytes} bytes have arrived: send the rest first")]
    Incomplete {
        /// How many bytes have arrived.
        offset: u64,
        /// How many there are.
        bytes: u64,
    },
    /// Its checksum is not the one that was stated.
    #[error(
        "the bytes that arrived have SHA-256 {found}, not {stated}: they were changed on the way; nothing was kept, upload the file again"
    )]
    Checksum {
        /// What it should be.
        stated: String,
        /// What it is.
        found: String,
    },
    /// Somebody else is sending to it.
    #[error("another request is sending to this upload; wait for it, or ask how far it is")]
    Busy,
    /// The disk is full.
    #[error("the disk of the server is full; what has arrived is kept: make room and send on")]
    Full,
}
