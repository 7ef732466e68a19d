//! Where each chunk of a dataset stands.

use super::arrays;
use super::cursor::Cursor;
use super::file::File;
use super::layout::{Grid, Index};
use super::space::Space;
use super::tree1::{self, Of};
use super::tree2;
use super::trouble::Trouble;

/// The most chunks of one dataset.
const CHUNKS_MAX: usize = 1 << 22;

/// A chunk that was written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Chunk {
    /// Its number in the grid of the dataset as it is, row-major.
    pub(super) number: u64,
    /// Where it stands.
    pub(super) address: u64,
    /// How many bytes it takes there.
    pub(super) bytes: u64,
    /// Filters that were left out.
    pub(super) mask: u32,
}

/// How many chunks there are along each axis of so many values.
pub(super) fn counts(dims: &[u64], edges: &[u64]) -> Vec<u64> {
    dims.iter().zip(edges).map(|(dim, edge)| dim.div_ceil(*edge)).collect()
}

/// The place of a chunk by its number, counted in chunks.
pub(super) fn place_of(number: u64, counts: &[u64]) -> Vec<u64> {
    let mut rest = number;
    let mut place: Vec<u64> = counts
        .iter()
        .rev()
        .map(|&count| {
            let at = rest % count.max(1);
            rest /= count.max(1);
            at
        })
        .collect();
    place.reverse();
    place
}

/// Collects chunks by their places.
struct Found<'a> {
    counts: Vec<u64>,
    grid: &'a Grid,
    chunks: Vec<Chunk>,
}

impl Found<'_> {
    fn take(&mut self, place: &[u64], address: u64, bytes: u64, mask: u32) -> Result<(), Trouble> {
        if self.chunks.len() >= CHUNKS_MAX {
            return Err(Trouble::too_many(format!("a dataset of more than {CHUNKS_MAX} chunks")));
        }
        // A dataset that became shorter leaves chunks behind.
        if place.iter().zip(&self.counts).any(|(at, count)| at >= count) {
            return Ok(());
        }
        let number = place
            .iter()
            .zip(&self.counts)
            .fold(0_u64, |number, (at, count)| number.wrapping_mul(*count).wrapping_add(*at));
        let bytes = if bytes == 0 { self.grid.bytes } else { bytes };
        self.chunks.push(Chunk { number, address, bytes, mask });
        Ok(())
    }
}

/// The chunks of a dataset, sorted by their number; and what went wrong on the way, where the index is damaged and not all
/// of them could be found.
pub(super) fn find(
    file: &File,
    space: &Space,
    grid: &Grid,
    address: Option<u64>,
    index: &Index,
    has_filters: bool,
) -> (Vec<Chunk>, Option<Trouble>) {
    let mut found = Found { counts: counts(&space.dims, &grid.edges), grid, chunks: Vec::new() };
    let outcome = match address {
        Some(address) if space.len > 0 => {
            collect(file, space, address, index, has_filters, &mut found)
        }
        _ => Ok(()),
    };
    let mut chunks = found.chunks;
    chunks.sort_by_key(|chunk| chunk.number);
    chunks.dedup_by_key(|chunk| chunk.number);
    (chunks, outcome.err())
}

fn collect(
    file: &File,
    space: &Space,
    address: u64,
    index: &Index,
    has_filters: bool,
    found: &mut Found,
) -> Result<(), Trouble> {
    let rank = space.dims.len();
    let edges = found.grid.edges.clone();
    match index {
        Index::Single(packed) => {
            let (bytes, mask) = packed.unwrap_or((0, 0));
            found.take(&vec![0; rank], address, bytes, mask)
        }
        Index::Implicit => implicit(file, space, address, found),
        Index::Tree1 => tree1::walk(file, address, Of::Chunks(rank), &mut |mut key, child| {
            let bytes = u64::from(key.u32()?);
            let mask = key.u32()?;
            let place = scaled(&mut key, &edges)?;
            found.take(&place, child, bytes, mask)
        }),
        Index::FixedArray => {
            let all = max_counts(space, &edges, None);
            arrays::fixed(file, address, &mut |(number, address, bytes, mask)| {
                found.take(&place_of(number, &all), address, bytes, mask)
            })
        }
        Index::ExtensibleArray => {
            // The axis that grows without end counts slowest.
            let grows = space.max.iter().position(|&max| max == u64::MAX).unwrap_or(0);
            let all = max_counts(space, &edges, Some(grows));
            arrays::extensible(file, address, &mut |(number, address, bytes, mask)| {
                let mut place = place_of(number, &all);
                if grows < place.len() {
                    place.get_mut(..=grows).unwrap_or_default().rotate_left(1);
                }
                found.take(&place, address, bytes, mask)
            })
        }
        Index::Tree2 => tree2::walk(file, address, &mut |kind, mut record| {
            let address = file.somewhere(&mut record)?;
            let (bytes, mask) = if kind == 11 {
                let width = record.left().saturating_sub(4 + 8 * rank).min(8);
                (record.uint(width)?, record.u32()?)
            } else {
                (0, 0)
            };
            if !matches!(kind, 10 | 11) || has_filters != (kind == 11) {
                return Err(Trouble::damaged("a tree of chunks is of another kind", record.byte()));
            }
            let place: Result<Vec<u64>, Trouble> = (0..rank).map(|_| record.uint(8)).collect();
            found.take(&place?, address, bytes, mask)
        }),
    }
}

/// The place of a chunk in chunks, of offsets in values.
fn scaled(key: &mut Cursor, edges: &[u64]) -> Result<Vec<u64>, Trouble> {
    let mut place = Vec::with_capacity(edges.len());
    for edge in edges {
        let offset = key.uint(8)?;
        if offset % edge != 0 {
            return Err(Trouble::damaged("a chunk stands between two others", key.byte()));
        }
        place.push(offset / edge);
    }
    Ok(place)
}

/// How many chunks there may be along each axis, with the axis `first` put before all others.
fn max_counts(space: &Space, edges: &[u64], first: Option<usize>) -> Vec<u64> {
    let mut counts = counts(&space.max, edges);
    if let Some(first) = first.filter(|&first| first < counts.len()) {
        counts.get_mut(..=first).unwrap_or_default().rotate_right(1);
    }
    counts
}

fn implicit(file: &File, space: &Space, address: u64, found: &mut Found) -> Result<(), Trouble> {
    let bytes = found.grid.bytes;
    let all = max_counts(space, &found.grid.edges.clone(), None);
    let count =
        all.iter().try_fold(1_u64, |count, &side| count.checked_mul(side)).unwrap_or(u64::MAX);
    let there = file.there(address, u64::MAX) / bytes;
    for number in 0..count.min(there) {
        found.take(&place_of(number, &all), address + number * bytes, bytes, 0)?;
    }
    if count > there {
        return Err(Trouble::damaged("the file ends before the last chunk", file.source.len()));
    }
    Ok(())
}
