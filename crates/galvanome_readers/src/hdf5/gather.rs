//! Numbers of a dataset, put together from its runs.

use std::ops::Range;

use galvanome_model::slabs::{VoxelKind, Voxels};

use super::dataset::{Dataset, Run};
use super::datatype::{Datatype, Kind};
use super::number::Number;
use super::trouble::Trouble;

/// The numbers that a value of a dataset holds: all of it, or a member.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Part {
    /// How each number is stored.
    pub(super) number: Number,
    /// Where they begin in a value.
    pub(super) offset: usize,
    /// How many there are.
    pub(super) count: usize,
}

impl Part {
    /// The numbers of a type, if it is made of them alone.
    pub(super) fn of(of: &Datatype, offset: usize) -> Option<Self> {
        if let Kind::Array(_, inner) = &of.kind {
            let inner = Self::of(inner, offset)?;
            return Some(Self { count: of.size / inner.number.size(), ..inner });
        }
        of.number().map(|number| Self { number: *number, offset, count: 1 })
    }
}

/// Puts numbers into their places.
struct Gather {
    part: Part,
    size: usize,
    into: Voxels,
    fill: Voxels,
    scratch: Voxels,
    bytes: Vec<u8>,
}

/// Adds all of some voxels behind others of the same kind.
fn append(into: &mut Voxels, from: &Voxels) {
    match (into, from) {
        (Voxels::U8(into), Voxels::U8(from)) => into.extend_from_slice(from),
        (Voxels::U16(into), Voxels::U16(from)) => into.extend_from_slice(from),
        (Voxels::F32(into), Voxels::F32(from)) => into.extend_from_slice(from),
        (Voxels::F64(into), Voxels::F64(from)) => into.extend_from_slice(from),
        _ => {}
    }
}

/// Puts voxels over others of the same kind from a place on, as far as there are any, and gives how many it put.
fn put_over(into: &mut Voxels, at: usize, from: &Voxels) -> usize {
    fn put<T: Copy>(into: &mut [T], at: usize, from: &[T]) -> usize {
        let there = into.get_mut(at..).unwrap_or_default();
        let len = there.len().min(from.len());
        there.iter_mut().zip(from).for_each(|(to, from)| *to = *from);
        len
    }
    match (into, from) {
        (Voxels::U8(into), Voxels::U8(from)) => put(into, at, from),
        (Voxels::U16(into), Voxels::U16(from)) => put(into, at, from),
        (Voxels::F32(into), Voxels::F32(from)) => put(into, at, from),
        (Voxels::F64(into), Voxels::F64(from)) => put(into, at, from),
        _ => 0,
    }
}

/// Makes voxels as many as asked for, with one that stands for the others; 0 where there is none.
fn fill_up(into: &mut Voxels, len: usize, fill: &Voxels) {
    match (into, fill) {
        (Voxels::U8(into), Voxels::U8(fill)) => {
            into.resize(len, fill.first().copied().unwrap_or(0));
        }
        (Voxels::U16(into), Voxels::U16(fill)) => {
            into.resize(len, fill.first().copied().unwrap_or(0));
        }
        (Voxels::F32(into), Voxels::F32(fill)) => {
            into.resize(len, fill.first().copied().unwrap_or(0.0));
        }
        (Voxels::F64(into), Voxels::F64(fill)) => {
            into.resize(len, fill.first().copied().unwrap_or(0.0));
        }
        _ => {}
    }
}

impl Gather {
    fn new(dataset: &Dataset, part: Part, mut into: Voxels) -> Self {
        let kind = part.number.kind();
        into.clear_as(kind);
        let mut fill = Voxels::new(kind);
        let end = part.offset + part.number.size();
        part.number.decode(dataset.fill.get(part.offset..end).unwrap_or_default(), &mut fill);
        Self {
            part,
            size: dataset.of.size,
            into,
            fill,
            scratch: Voxels::new(kind),
            bytes: Vec::new(),
        }
    }

    /// Takes the bytes of values, of which the first has a place.
    fn take(&mut self, value: u64, bytes: &[u8]) {
        let Part { number, offset, count } = self.part;
        let at = value as usize * count;
        let whole = number.size() * count;
        let bytes = if whole == self.size {
            bytes
        } else {
            self.bytes.clear();
            for one in bytes.chunks_exact(self.size) {
                self.bytes.extend_from_slice(one.get(offset..offset + whole).unwrap_or_default());
            }
            &self.bytes
        };
        if at >= self.into.len() {
            fill_up(&mut self.into, at, &self.fill);
            number.decode(bytes, &mut self.into);
            return;
        }
        self.scratch.clear_as(number.kind());
        number.decode(bytes, &mut self.scratch);
        let put = put_over(&mut self.into, at, &self.scratch);
        if put < self.scratch.len() {
            self.scratch.clear_as(number.kind());
            number.decode(bytes.get(put * number.size()..).unwrap_or_default(), &mut self.scratch);
            append(&mut self.into, &self.scratch);
        }
    }

    fn finish(mut self, len: usize) -> Voxels {
        fill_up(&mut self.into, len, &self.fill);
        self.into
    }
}

/// The numbers of a range of values in their own kind, into what had room for some. Errors where one cannot be read.
pub(super) fn exactly(
    dataset: &Dataset,
    part: Part,
    range: Range<u64>,
    into: Voxels,
) -> Result<Voxels, Trouble> {
    let len = (range.end - range.start) as usize * part.count;
    let mut gather = Gather::new(dataset, part, into);
    dataset.runs(range, &mut |at, run| match run {
        Run::Bytes(bytes) => {
            gather.take(at, bytes);
            Ok(())
        }
        Run::Lost(_, trouble) => Err(Trouble::Damaged(trouble.to_string())),
    })?;
    Ok(gather.finish(len))
}

/// All numbers of a dataset as doubles.
#[derive(Debug, Default)]
pub(super) struct Numbers {
    /// The numbers; those that cannot be read are NaN.
    pub(super) values: Vec<f64>,
    /// How many cannot be read, and why the first of them cannot.
    pub(super) lost: Option<(u64, String)>,
    /// How many whole numbers are beyond what a double holds exactly.
    pub(super) rounded: usize,
}

/// The numbers of a range of values of a dataset as doubles.
pub(super) fn numbers(dataset: &Dataset, part: Part, range: Range<u64>) -> Numbers {
    let range = range.start..range.end.min(dataset.space.len).max(range.start);
    let mut gather = Gather::new(dataset, part, Voxels::new(VoxelKind::F64));
    let mut missing: Vec<(u64, u64)> = Vec::new();
    let mut why = None;
    let outcome = dataset.runs(range.clone(), &mut |at, run| {
        match run {
            Run::Bytes(bytes) => gather.take(at, bytes),
            Run::Lost(count, trouble) => {
                why.get_or_insert_with(|| trouble.to_string());
                missing.push((at, count));
            }
        }
        Ok(())
    });
    if let Err(trouble) = outcome {
        why.get_or_insert_with(|| trouble.to_string());
    }
    let mut values = match gather.finish((range.end - range.start) as usize * part.count) {
        Voxels::F64(values) => values,
        other => other.to_f64(),
    };
    let mut lost = 0;
    for (at, count) in missing {
        let (begin, end) = (at as usize * part.count, (at + count) as usize * part.count);
        if let Some(values) = values.get_mut(begin..end) {
            lost += values.len() as u64;
            values.fill(f64::NAN);
        }
    }
    let rounded = if part.number.may_be_rounded() {
        values.iter().filter(|value| value.abs() > 9_007_199_254_740_992.0).count()
    } else {
        0
    };
    Numbers { values, lost: why.map(|why| (lost, why)), rounded }
}
