//! Where bytes come from: anything that has a length and can be read at a position.

use std::io;
use std::sync::Arc;

/// Bytes that can be read at any position: a slice in memory, a file by positioned reads, a range of an
/// object. Reading never moves a cursor, so that several readers may share one source.
pub trait Source: Send + Sync {
    /// How many bytes there are.
    fn len(&self) -> u64;

    /// Whether there are none.
    fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Reads bytes from `offset` on into `into` and gives how many there were: fewer than asked for only
    /// near the end, and 0 at or behind it. Errors when the place that holds the bytes cannot be read.
    fn read_at(&self, offset: u64, into: &mut [u8]) -> io::Result<usize>;
}

fn read_slice(bytes: &[u8], offset: u64, into: &mut [u8]) -> usize {
    let rest =
        usize::try_from(offset).ok().and_then(|offset| bytes.get(offset..)).unwrap_or_default();
    let len = rest.len().min(into.len());
    if let (Some(to), Some(from)) = (into.get_mut(..len), rest.get(..len)) {
        to.copy_from_slice(from);
    }
    len
}

impl Source for &[u8] {
    fn len(&self) -> u64 {
        <[u8]>::len(self) as u64
    }

    fn read_at(&self, offset: u64, into: &mut [u8]) -> io::Result<usize> {
        Ok(read_slice(self, offset, into))
    }
}

impl Source for Vec<u8> {
    fn len(&self) -> u64 {
        self.as_slice().len() as u64
    }

    fn read_at(&self, offset: u64, into: &mut [u8]) -> io::Result<usize> {
        Ok(read_slice(self, offset, into))
    }
}

impl Source for Arc<[u8]> {
    fn len(&self) -> u64 {
        self.as_ref().len() as u64
    }

    fn read_at(&self, offset: u64, into: &mut [u8]) -> io::Result<usize> {
        Ok(read_slice(self, offset, into))
    }
}

/// A piece of a source.
pub(crate) struct Part {
    pub(crate) whole: Arc<dyn Source>,
    /// Where it begins.
    pub(crate) offset: u64,
    /// How long it is.
    pub(crate) len: u64,
}

impl Source for Part {
    fn len(&self) -> u64 {
        self.len
    }

    fn read_at(&self, offset: u64, into: &mut [u8]) -> io::Result<usize> {
        let left = usize::try_from(self.len.saturating_sub(offset)).unwrap_or(usize::MAX);
        let len = left.min(into.len());
        match into.get_mut(..len) {
            Some(into) if !into.is_empty() => {
                self.whole.read_at(self.offset.saturating_add(offset), into)
            }
            _ => Ok(0),
        }
    }
}

/// The first bytes of a source, at most `len`: what a format looks at to recognise a file. Errors when the
/// source cannot be read.
pub fn head_of(source: &dyn Source, len: usize) -> io::Result<Vec<u8>> {
    let len = usize::try_from(source.len()).map_or(len, |all| all.min(len));
    let mut bytes = vec![0; len];
    let read = read_full(source, 0, &mut bytes)?;
    bytes.truncate(read);
    Ok(bytes)
}

/// Reads from `offset` on until `into` is full or the source ends, and gives how many bytes were read.
/// Errors when the source cannot be read.
pub fn read_full(source: &dyn Source, offset: u64, into: &mut [u8]) -> io::Result<usize> {
    let mut read = 0;
    while let Some(rest) = into.get_mut(read..).filter(|rest| !rest.is_empty()) {
        match source.read_at(offset.saturating_add(read as u64), rest) {
            Ok(0) => break,
            // A source that claims more bytes than it was given room for is held to the room.
            Ok(more) => read += more.min(rest.len()),
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
        }
    }
    Ok(read)
}
