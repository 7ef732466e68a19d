//! Blocks: a name of four letters, a number, and the length with this head of 16 bytes.

use std::io;

use galvanome_model::note::Note;

use crate::le::{u32_at, u64_at};
use crate::limits::Limits;
use crate::sink::Sink;
use crate::source::{Source, read_full};

/// Bytes before what a block holds.
const HEAD: u64 = 16;

/// One block.
#[derive(Debug, Clone, Copy)]
pub(super) struct Block {
    pub(super) name: [u8; 4],
    /// Its number among those of one name.
    pub(super) uid: u32,
    /// Where what it holds begins.
    pub(super) at: u64,
    /// How many bytes of it are there.
    pub(super) len: u64,
}

/// All blocks, in the order of the file.
#[derive(Debug)]
pub(super) struct Blocks(pub(super) Vec<Block>);

impl Blocks {
    /// Finds the blocks. Tells where they end early. Errors when the source cannot be read.
    pub(super) fn walk(
        source: &dyn Source,
        limits: &Limits,
        sink: &mut dyn Sink,
    ) -> io::Result<Self> {
        let all = source.len();
        let (mut blocks, mut at) = (Vec::new(), 0_u64);
        while all.saturating_sub(at) >= HEAD {
            if blocks.len() >= limits.max_metadata {
                let message = "the limit of blocks is reached; the rest was not read";
                sink.note(Note::new("limit-reached", message, format!("byte {at}")));
                return Ok(Self(blocks));
            }
            let mut head = [0; HEAD as usize];
            if read_full(source, at, &mut head)? < head.len() {
                break;
            }
            let size = u64_at(&head, 8);
            let name = [head[0], head[1], head[2], head[3]];
            let is_name = name.iter().all(|byte| byte.is_ascii_graphic() || *byte == b' ');
            if size < HEAD || !is_name {
                let message =
                    "what follows is no block of a wdf, so the rest of the file is not read";
                sink.note(Note::new("damaged-block", message, format!("byte {at}")));
                return Ok(Self(blocks));
            }
            let there = size.min(all - at);
            let begin = at + HEAD;
            blocks.push(Block { name, uid: u32_at(&head, 4), at: begin, len: there - HEAD });
            if there < size {
                let name = String::from_utf8_lossy(&name);
                let message = format!(
                    "the file ends within its block {name}, {there} bytes of {size} are there; what is whole was read"
                );
                sink.note(Note::new("truncated-file", message, format!("byte {all}")));
                return Ok(Self(blocks));
            }
            at += size;
        }
        if at < all {
            let message = "the file ends within the head of a block";
            sink.note(Note::new("truncated-file", message, format!("byte {all}")));
        }
        Ok(Self(blocks))
    }

    /// The first block of a name.
    pub(super) fn first(&self, name: [u8; 4]) -> Option<Block> {
        self.0.iter().copied().find(|block| block.name == name)
    }

    /// How many blocks of a name there are.
    pub(super) fn count(&self, name: [u8; 4]) -> usize {
        self.0.iter().filter(|block| block.name == name).count()
    }
}

impl Block {
    /// Its name as text.
    pub(super) fn title(&self) -> String {
        String::from_utf8_lossy(&self.name).trim().to_owned()
    }

    /// Its first bytes, at most `most`. Errors when the source cannot be read.
    pub(super) fn bytes(&self, source: &dyn Source, most: usize) -> io::Result<Vec<u8>> {
        let len = usize::try_from(self.len).unwrap_or(most).min(most);
        let mut bytes = vec![0; len];
        let read = read_full(source, self.at, &mut bytes)?;
        bytes.truncate(read);
        Ok(bytes)
    }
}
