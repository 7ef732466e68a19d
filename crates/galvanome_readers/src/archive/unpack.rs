//! Unpacking one member as a stream.

use std::io;
use std::sync::Arc;

use flate2::{Crc, Decompress, FlushDecompress, Status};

use super::directory::{HEAD_LEN, u16_at};
use super::{Entry, MARK};
use crate::source::{Source, read_full};

/// Packed bytes that are fetched at a time.
const FETCH: usize = 1 << 16;

/// How the stream of a member stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum End {
    /// More may come.
    Open,
    /// It came to its end.
    Whole,
    /// The file ends before it does.
    Cut,
    /// What is packed does not unpack from here on.
    Broken,
    /// It is packed or locked in a way that is not read here.
    Unknown,
    /// More came than was asked for.
    TooLong,
}

/// The stream of a member.
pub(crate) struct Unpack {
    source: Arc<dyn Source>,
    /// Where the next packed bytes are, and where they end at the latest.
    at: u64,
    until: u64,
    fetched: Vec<u8>,
    used: usize,
    inflate: Option<Decompress>,
    /// The checksum that the zip says, and that of what was given so far.
    checksum: Option<u32>,
    counted: Crc,
    end: End,
}

impl Unpack {
    /// The stream of a member, at its beginning. Errors when the source cannot be read.
    pub(super) fn begin(source: &Arc<dyn Source>, entry: &Entry) -> io::Result<Self> {
        let mut head = [0; HEAD_LEN as usize];
        let there = read_full(source.as_ref(), entry.head_at, &mut head)? == head.len();
        let behind = u64::from(u16_at(&head, 26)) + u64::from(u16_at(&head, 28));
        let at = entry.head_at.saturating_add(HEAD_LEN + behind);
        let end = if !there || !head.starts_with(MARK) {
            End::Broken
        } else if entry.encrypted || !matches!(entry.method, 0 | 8) {
            End::Unknown
        } else if entry.method == 0 && entry.packed.is_none() {
            // Nothing says where it ends.
            End::Unknown
        } else {
            End::Open
        };
        Ok(Self {
            source: Arc::clone(source),
            at,
            until: entry.packed.map_or(u64::MAX, |packed| at.saturating_add(packed)),
            fetched: Vec::new(),
            used: 0,
            inflate: (entry.method == 8).then(|| Decompress::new(false)),
            checksum: entry.checksum,
            counted: Crc::new(),
            end,
        })
    }

    /// A file that was never packed, from its beginning to its end.
    pub(crate) fn plain(source: &Arc<dyn Source>) -> Self {
        Self {
            source: Arc::clone(source),
            at: 0,
            until: source.len(),
            fetched: Vec::new(),
            used: 0,
            inflate: None,
            checksum: None,
            counted: Crc::new(),
            end: End::Open,
        }
    }

    /// How the stream stands.
    pub(crate) fn end(&self) -> End {
        self.end
    }

    /// Whether all of it was given and its checksum is not what the zip says.
    pub(crate) fn differs(&self) -> bool {
        self.end == End::Whole
            && self.checksum.is_some_and(|checksum| checksum != self.counted.sum())
    }

    /// Fills `into` and gives how many bytes there were: fewer only at the end. Errors when the source cannot
    /// be read.
    pub(crate) fn fill(&mut self, into: &mut [u8]) -> io::Result<usize> {
        let mut filled = 0;
        while let Some(rest) = into.get_mut(filled..).filter(|rest| !rest.is_empty()) {
            if self.end != End::Open {
                break;
            }
            if self.used == self.fetched.len() {
                self.fetch()?;
            }
            let packed = self.fetched.get(self.used..).unwrap_or_default();
            let Some(inflate) = &mut self.inflate else {
                let len = packed.len().min(rest.len());
                if len == 0 {
                    self.end = if self.at >= self.until { End::Whole } else { End::Cut };
                }
                for (to, from) in rest.iter_mut().zip(packed) {
                    *to = *from;
                }
                self.used += len;
                filled += len;
                continue;
            };
            let before = (inflate.total_in(), inflate.total_out());
            let status = inflate.decompress(packed, rest, FlushDecompress::None);
            let used = (inflate.total_in() - before.0) as usize;
            let gave = (inflate.total_out() - before.1) as usize;
            let fetched_nothing = packed.is_empty();
            self.used += used;
            filled += gave;
            match status {
                Ok(Status::StreamEnd) => self.end = End::Whole,
                Ok(_) if used == 0 && gave == 0 => {
                    self.end = if fetched_nothing { End::Cut } else { End::Broken };
                }
                Ok(_) => {}
                Err(_) => self.end = End::Broken,
            }
        }
        if self.checksum.is_some() {
            self.counted.update(into.get(..filled).unwrap_or_default());
        }
        Ok(filled)
    }

    /// Unpacks to the end and gives the place behind the last packed byte that was used.
    pub(super) fn run_out(mut self) -> io::Result<u64> {
        let mut piece = vec![0; FETCH];
        while self.fill(&mut piece)? > 0 {}
        Ok(self.at - (self.fetched.len() - self.used) as u64)
    }

    fn fetch(&mut self) -> io::Result<()> {
        let len =
            usize::try_from(self.until.saturating_sub(self.at)).map_or(FETCH, |all| all.min(FETCH));
        self.fetched.resize(len, 0);
        let got = read_full(self.source.as_ref(), self.at, &mut self.fetched)?;
        self.fetched.truncate(got);
        self.used = 0;
        self.at += got as u64;
        Ok(())
    }
}
