//! What a packed stream unpacks to, within bounds.

use std::io::Read;

/// Adds what a stream unpacks to, at most so many bytes and as they come.
pub(super) fn grow(packed: impl Read, most: usize, into: &mut Vec<u8>) -> Result<(), String> {
    // One more tells a stream that is too long.
    packed.take(most as u64 + 1).read_to_end(into).map(|_| ()).map_err(|error| error.to_string())
}
