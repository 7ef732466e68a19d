//! Datasets: values of one type on axes, read run by run.

use std::collections::BTreeMap;
use std::ops::Range;
use std::sync::{Arc, Mutex};

use super::chunks::{self, Chunk};
use super::datatype::{self, Datatype};
use super::file::File;
use super::filters;
use super::header::{Message, kinds};
use super::layout::{self, Filter, Grid, Layout};
use super::space::{self, Space};
use super::trouble::Trouble;

/// Bytes read at once where they stand in one piece.
const PIECE: u64 = 1 << 20;

/// The most bytes of unpacked chunks that a dataset keeps for slices that are asked for next.
const KEPT_MAX: u64 = 64 << 20;

/// Chunks that reach over several slices, unpacked, by their numbers.
#[derive(Default)]
struct Kept {
    chunks: BTreeMap<u64, Arc<Vec<u8>>>,
    bytes: u64,
}

/// A dataset whose values stay where they are.
pub(super) struct Dataset {
    file: File,
    /// Its axes.
    pub(super) space: Space,
    /// What its values are.
    pub(super) of: Datatype,
    place: Place,
    filters: Vec<Filter>,
    kept: Mutex<Kept>,
    /// The value that stands for what was never written; empty where it is zero.
    pub(super) fill: Vec<u8>,
    /// What could not be found of its index.
    pub(super) lost: Option<Trouble>,
}

/// Where values stand.
enum Place {
    Here(Vec<u8>),
    Piece(Option<u64>),
    Chunks { grid: Grid, counts: Vec<u64>, chunks: Vec<Chunk> },
}

/// Some values that follow each other.
pub(super) enum Run<'a> {
    /// Their bytes.
    Bytes(&'a [u8]),
    /// So many that cannot be read, and why.
    Lost(u64, &'a Trouble),
}

impl Dataset {
    /// The dataset that messages describe. Errors when it cannot be read at all.
    pub(super) fn open(file: &File, messages: &[Message]) -> Result<Self, Trouble> {
        let of = |kind: u16| messages.iter().find(|message| message.kind == kind);
        let missing = || Trouble::Damaged("its description lacks a part".to_owned());
        let datatype = datatype::read(&mut of(kinds::DATATYPE).ok_or_else(missing)?.cursor())?;
        let space = space::read(file, &mut of(kinds::DATASPACE).ok_or_else(missing)?.cursor())?;
        if of(kinds::EXTERNAL).is_some() {
            return Err(Trouble::elsewhere(
                "a dataset whose values stand in other files (external storage)",
            ));
        }
        // So that every place in bytes can be counted.
        if space.len.checked_mul(datatype.size as u64).is_none_or(|bytes| bytes > 1 << 60) {
            return Err(Trouble::Damaged("it has more bytes than can be counted".to_owned()));
        }
        let layout = layout::read(file, &mut of(kinds::LAYOUT).ok_or_else(missing)?.cursor())?;
        let filters = match of(kinds::FILTERS) {
            Some(message) => layout::filters(&mut message.cursor())?,
            None => Vec::new(),
        };
        filters::are_known(&filters)?;
        let mut fill = match (of(kinds::FILL), of(kinds::OLD_FILL)) {
            (Some(message), _) => layout::fill(&mut message.cursor(), false)?,
            (None, Some(message)) => layout::fill(&mut message.cursor(), true)?,
            (None, None) => Vec::new(),
        };
        if fill.len() != datatype.size {
            fill.clear();
        }
        let mut lost = None;
        let place = match layout {
            Layout::Compact(bytes) => Place::Here(bytes),
            Layout::Contiguous(address) => Place::Piece(address),
            Layout::Chunked(grid, address, index) => {
                if grid.edges.len() != space.dims.len() || grid.element != datatype.size as u64 {
                    return Err(Trouble::Damaged(
                        "its chunks do not fit its axes or its type".to_owned(),
                    ));
                }
                let packed = !filters.is_empty();
                let (chunks, trouble) = chunks::find(file, &space, &grid, address, &index, packed);
                lost = trouble;
                let counts = chunks::counts(&space.dims, &grid.edges);
                Place::Chunks { grid, counts, chunks }
            }
        };
        Ok(Self {
            file: file.clone(),
            space,
            of: datatype,
            place,
            filters,
            kept: Mutex::default(),
            fill,
            lost,
        })
    }

    /// How many bytes of the file hold its values.
    pub(super) fn stored(&self) -> u64 {
        let len = self.space.len.saturating_mul(self.of.size as u64);
        match &self.place {
            Place::Here(bytes) => bytes.len() as u64,
            Place::Piece(None) => 0,
            Place::Piece(Some(address)) => self.file.there(*address, len),
            Place::Chunks { chunks, .. } => {
                let all = chunks.iter().fold(0_u64, |sum, chunk| sum.saturating_add(chunk.bytes));
                all.min(self.file.source.len())
            }
        }
    }

    /// Whether its values went through filters, so that they may be more than their bytes.
    pub(super) fn is_packed(&self) -> bool {
        !self.filters.is_empty()
    }

    /// How many of its values were never written, so that the fill value stands for them; rounded up to whole chunks.
    pub(super) fn unwritten(&self) -> u64 {
        match &self.place {
            // What of a damaged index is not there counts as lost.
            Place::Chunks { .. } if self.lost.is_some() => 0,
            Place::Here(_) | Place::Piece(Some(_)) => 0,
            Place::Piece(None) => self.space.len,
            Place::Chunks { grid, counts, chunks } => {
                let all = counts.iter().fold(1_u64, |all, count| all.saturating_mul(*count));
                let values = grid.bytes / grid.element.max(1);
                all.saturating_sub(chunks.len() as u64).saturating_mul(values).min(self.space.len)
            }
        }
    }

    /// How many bytes of a contiguous dataset are missing since the file ends before.
    pub(super) fn missing(&self) -> u64 {
        match self.place {
            Place::Piece(Some(_)) => {
                self.space.len.saturating_mul(self.of.size as u64).saturating_sub(self.stored())
            }
            _ => 0,
        }
    }

    /// Gives the runs of a range of values, counted row-major, each with its place in the range. Values that no run holds
    /// were never written. Errors when `take` does.
    pub(super) fn runs(
        &self,
        range: Range<u64>,
        take: &mut dyn FnMut(u64, Run) -> Result<(), Trouble>,
    ) -> Result<(), Trouble> {
        let range = range.start..range.end.min(self.space.len);
        if range.is_empty() {
            return Ok(());
        }
        match &self.place {
            Place::Here(bytes) => {
                let size = self.of.size;
                let begin = (range.start as usize).saturating_mul(size);
                let end = (range.end as usize).saturating_mul(size);
                if let Some(bytes) = bytes.get(begin..end) {
                    return take(0, Run::Bytes(bytes));
                }
                let trouble = Trouble::Damaged("the values in its header are too few".to_owned());
                take(0, Run::Lost(range.end - range.start, &trouble))
            }
            Place::Piece(None) => Ok(()),
            Place::Piece(Some(address)) => self.pieces(*address, &range, take),
            Place::Chunks { grid, counts, chunks } => {
                let axes = Axes::new(&self.space.dims, grid, counts);
                let chunks = axes.touching(chunks, &range);
                let Some(trouble) = &self.lost else {
                    return chunks
                        .iter()
                        .try_for_each(|chunk| self.chunk(&axes, chunk, &range, take));
                };
                // Nobody knows which of the other values were written: all count as lost.
                let mut given: Vec<(u64, u64)> = Vec::new();
                for chunk in chunks {
                    self.chunk(&axes, chunk, &range, &mut |at, run| {
                        let count = match &run {
                            Run::Bytes(bytes) => (bytes.len() / self.of.size) as u64,
                            Run::Lost(count, _) => *count,
                        };
                        given.push((at, count));
                        take(at, run)
                    })?;
                }
                given.sort_unstable();
                given.push((range.end - range.start, 0));
                let mut end = 0;
                for (at, count) in given {
                    if at > end {
                        take(end, Run::Lost(at - end, trouble))?;
                    }
                    end = end.max(at + count);
                }
                Ok(())
            }
        }
    }

    fn pieces(
        &self,
        address: u64,
        range: &Range<u64>,
        take: &mut dyn FnMut(u64, Run) -> Result<(), Trouble>,
    ) -> Result<(), Trouble> {
        let size = self.of.size as u64;
        let per_piece = (PIECE / size).max(1);
        let mut at = range.start;
        while at < range.end {
            let count = per_piece.min(range.end - at);
            let begin = address.saturating_add(at * size);
            // Of a file that was cut off the whole values that are there are given.
            let there = self.file.there(begin, count * size) / size;
            if there > 0 {
                match self.file.bytes(begin, there * size) {
                    Ok(bytes) => take(at - range.start, Run::Bytes(&bytes))?,
                    Err(trouble) => take(at - range.start, Run::Lost(there, &trouble))?,
                }
            }
            if there < count {
                let trouble = Trouble::damaged("the file ends", self.file.source.len());
                let lost = range.end - at - there;
                return take(at + there - range.start, Run::Lost(lost, &trouble));
            }
            at += count;
        }
        Ok(())
    }

    fn chunk(
        &self,
        axes: &Axes,
        chunk: &Chunk,
        range: &Range<u64>,
        take: &mut dyn FnMut(u64, Run) -> Result<(), Trouble>,
    ) -> Result<(), Trouble> {
        let size = self.of.size;
        let place = chunks::place_of(chunk.number, axes.counts);
        let unpacked = self.unpacked(axes, chunk, &place);
        axes.rows(&place, range, &mut |at, from, count| match &unpacked {
            Ok(bytes) => {
                let begin = from as usize * size;
                let bytes = bytes.get(begin..begin + count as usize * size).unwrap_or_default();
                take(at, Run::Bytes(bytes))
            }
            Err(trouble) => take(at, Run::Lost(count, trouble)),
        })
    }

    fn unpacked(&self, axes: &Axes, chunk: &Chunk, place: &[u64]) -> Result<Arc<Vec<u8>>, Trouble> {
        let len = axes.grid.bytes;
        let is_bare = axes.grid.bare_ends && axes.reaches_over(place);
        if self.filters.is_empty() || is_bare {
            return self.file.bytes(chunk.address, len).map(Arc::new);
        }
        // Whoever reads slice by slice asks for such a chunk again and again.
        let again = axes.dims.len() > 2 && axes.grid.edges.first() != Some(&1) && len <= KEPT_MAX;
        if again
            && let Ok(kept) = self.kept.lock()
            && let Some(bytes) = kept.chunks.get(&chunk.number)
        {
            return Ok(Arc::clone(bytes));
        }
        if chunk.bytes > len.saturating_mul(2).saturating_add(1 << 20) {
            return Err(Trouble::damaged(
                "a chunk takes too many bytes",
                self.file.byte(chunk.address),
            ));
        }
        let packed = self.file.bytes(chunk.address, chunk.bytes)?;
        let bytes = Arc::new(filters::undo(&self.filters, chunk.mask, packed, len as usize)?);
        if again && let Ok(mut kept) = self.kept.lock() {
            if kept.bytes + len > KEPT_MAX {
                *kept = Kept::default();
            }
            kept.bytes += len;
            kept.chunks.insert(chunk.number, Arc::clone(&bytes));
        }
        Ok(bytes)
    }
}

/// The axes of a dataset cut into chunks.
struct Axes<'a> {
    dims: &'a [u64],
    grid: &'a Grid,
    counts: &'a [u64],
    /// Values between neighbours along each axis, in the dataset and in a chunk.
    strides: Vec<u64>,
    chunk_strides: Vec<u64>,
}

fn strides(sides: &[u64]) -> Vec<u64> {
    let mut stride = 1_u64;
    let mut strides: Vec<u64> = sides
        .iter()
        .rev()
        .map(|&side| {
            let longer = stride.saturating_mul(side);
            std::mem::replace(&mut stride, longer)
        })
        .collect();
    strides.reverse();
    strides
}

impl<'a> Axes<'a> {
    fn new(dims: &'a [u64], grid: &'a Grid, counts: &'a [u64]) -> Self {
        let (strides, chunk_strides) = (strides(dims), strides(&grid.edges));
        Self { dims, grid, counts, strides, chunk_strides }
    }

    /// Chunks that may hold values of a range: those of its slices along the first axis.
    fn touching<'b>(&self, chunks: &'b [Chunk], range: &Range<u64>) -> &'b [Chunk] {
        let (Some(&stride), Some(&edge)) = (self.strides.first(), self.grid.edges.first()) else {
            return chunks;
        };
        let per_slice =
            self.counts.iter().skip(1).fold(1_u64, |all, count| all.saturating_mul(*count));
        let first = (range.start / stride.max(1) / edge).saturating_mul(per_slice);
        let last = ((range.end - 1) / stride.max(1) / edge + 1).saturating_mul(per_slice);
        let begin = chunks.partition_point(|chunk| chunk.number < first);
        let end = chunks.partition_point(|chunk| chunk.number < last);
        chunks.get(begin..end).unwrap_or_default()
    }

    /// Whether a chunk reaches over an end of the dataset.
    fn reaches_over(&self, place: &[u64]) -> bool {
        let edges = self.grid.edges.iter().zip(self.dims);
        place.iter().zip(edges).any(|(at, (edge, dim))| (at + 1).saturating_mul(*edge) > *dim)
    }

    /// Gives each run of a chunk within a range: its place in the range, its place in the chunk, its length.
    fn rows(
        &self,
        place: &[u64],
        range: &Range<u64>,
        give: &mut dyn FnMut(u64, u64, u64) -> Result<(), Trouble>,
    ) -> Result<(), Trouble> {
        let edges = &self.grid.edges;
        let begins: Vec<u64> = place.iter().zip(edges).map(|(at, edge)| at * edge).collect();
        let sides: Vec<u64> = begins
            .iter()
            .zip(self.dims.iter().zip(edges))
            .map(|(begin, (dim, edge))| dim.saturating_sub(*begin).min(*edge))
            .collect();
        // Axes at the end along which the chunk is as long as the dataset make one run together.
        let whole = |axis: &usize| edges.get(*axis) == self.dims.get(*axis);
        let joined = (0..edges.len()).rev().take_while(whole).count();
        let run_axis = edges.len().saturating_sub(joined + 1);
        let run: u64 = sides.iter().skip(run_axis).product();
        let mut at = vec![0_u64; run_axis];
        loop {
            let sum = |strides: &[u64], begins: &[u64]| {
                let of = |(axis, stride): (usize, &u64)| {
                    let begin = begins.get(axis).copied().unwrap_or(0);
                    (begin + at.get(axis).copied().unwrap_or(0)) * stride
                };
                strides.iter().enumerate().map(of).sum::<u64>()
            };
            let to = sum(&self.strides, &begins);
            let from = sum(&self.chunk_strides, &[]);
            let (begin, end) = (to.max(range.start), (to + run).min(range.end));
            if begin < end {
                give(begin - range.start, from + (begin - to), end - begin)?;
            }
            // The next row, as a counter of which each axis is a digit.
            let mut axis = run_axis;
            loop {
                let Some(lower) = axis.checked_sub(1) else { return Ok(()) };
                axis = lower;
                let (Some(digit), Some(side)) = (at.get_mut(axis), sides.get(axis)) else {
                    return Ok(());
                };
                *digit += 1;
                if *digit < *side {
                    break;
                }
                *digit = 0;
            }
        }
    }
}
