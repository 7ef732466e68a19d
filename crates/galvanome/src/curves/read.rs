//! A columnar side file, read by position: any rows of any column, and the least and greatest of any stretch.

use std::fs::File;
use std::io;
use std::ops::Range;
use std::os::unix::fs::FileExt;
use std::path::Path;
use std::sync::OnceLock;

use super::contents::{CYCLE_NUMBERS, Contents, Cycle, MAGIC, TableFacts};
use super::nodes::{LEVELS, NODE_BYTES, Node, values_of};

/// An open columnar side file.
#[derive(Debug)]
pub struct Columns {
    file: File,
    contents: Contents,
    cycles: OnceLock<Vec<Cycle>>,
    /// Higher nodes by table, column and level, as they are asked for.
    nodes: Vec<Vec<[OnceLock<Vec<Node>>; 2]>>,
}

fn damaged(what: &str) -> io::Error {
    io::Error::new(
        io::ErrorKind::InvalidData,
        format!("the columns kept of it are damaged: {what}"),
    )
}

impl Columns {
    /// Opens a file. Errors when it is cut off, or of another layout.
    pub(super) fn open(path: &Path) -> io::Result<Self> {
        let file = File::open(path)?;
        let len = file.metadata()?.len();
        let mut end = [0; 24];
        let from = len.checked_sub(24).ok_or_else(|| damaged("too short"))?;
        file.read_exact_at(&mut end, from)?;
        let number = |at: usize| {
            let eight = end.get(at..at + 8).and_then(|part| part.try_into().ok());
            u64::from_le_bytes(eight.unwrap_or_default())
        };
        let (place, bytes) = (number(0), number(8));
        if !end.ends_with(MAGIC) || place.checked_add(bytes) != Some(from) {
            return Err(damaged("no end"));
        }
        let mut text = vec![0; usize::try_from(bytes).map_err(|_| damaged("contents"))?];
        file.read_exact_at(&mut text, place)?;
        let contents: Contents = serde_json::from_slice(&text)?;
        Ok(Self::over(file, contents))
    }

    /// The columns of a file whose contents are known.
    pub(super) fn over(file: File, contents: Contents) -> Self {
        let locks = |table: &TableFacts| {
            table.columns.iter().map(|_| [OnceLock::new(), OnceLock::new()]).collect()
        };
        let nodes = contents.tables.iter().map(locks).collect();
        Self { file, contents, cycles: OnceLock::new(), nodes }
    }

    /// What is in it.
    pub fn contents(&self) -> &Contents {
        &self.contents
    }

    /// The cycles of the main table, in order. Errors when they cannot be read.
    pub fn cycles(&self) -> io::Result<&[Cycle]> {
        if let Some(cycles) = self.cycles.get() {
            return Ok(cycles);
        }
        let (place, count) = self.contents.cycles;
        let numbers = values_of(&self.bytes(place, count * (8 * CYCLE_NUMBERS) as u64)?);
        let cycles = numbers.chunks_exact(CYCLE_NUMBERS).filter_map(Cycle::of).collect();
        Ok(self.cycles.get_or_init(|| cycles))
    }

    fn bytes(&self, place: u64, bytes: u64) -> io::Result<Vec<u8>> {
        let mut out = vec![0; usize::try_from(bytes).map_err(|_| damaged("a length"))?];
        self.file.read_exact_at(&mut out, place)?;
        Ok(out)
    }

    /// Numbers that were kept at a place.
    pub(super) fn kept_numbers(&self, place: u64, count: u64) -> io::Result<Vec<f64>> {
        let bytes = count.checked_mul(8).ok_or_else(|| damaged("a length"))?;
        Ok(values_of(&self.bytes(place, bytes)?))
    }

    fn table(&self, table: usize) -> io::Result<&TableFacts> {
        self.contents.tables.get(table).ok_or_else(|| damaged("no such table"))
    }

    /// Where a row's group keeps a column, how many rows the group has, and the row's place in it.
    fn place(&self, table: usize, column: usize, row: u64) -> io::Result<(u64, u64, u64)> {
        let table = self.table(table)?;
        let group = row / table.group_rows.max(1);
        let at = group as usize * table.columns.len() + column;
        let place = table.places.get(at).ok_or_else(|| damaged("no such rows"))?;
        let begin = group * table.group_rows;
        Ok((*place, table.group_rows.min(table.rows - begin), row - begin))
    }

    /// Numbers of some rows, cut off at the table's end.
    pub fn numbers(&self, table: usize, column: usize, rows: Range<u64>) -> io::Result<Vec<f64>> {
        let end = rows.end.min(self.table(table)?.rows);
        let mut out = Vec::with_capacity(end.saturating_sub(rows.start) as usize);
        let mut row = rows.start;
        while row < end {
            let (place, in_group, within) = self.place(table, column, row)?;
            let take = (in_group - within).min(end - row);
            out.extend(values_of(&self.bytes(place + 8 * within, 8 * take)?));
            row += take;
        }
        Ok(out)
    }

    /// Texts of some rows, cut off at the table's end.
    pub fn texts(&self, table: usize, column: usize, rows: Range<u64>) -> io::Result<Vec<String>> {
        let end = rows.end.min(self.table(table)?.rows);
        let mut out = Vec::new();
        let mut row = rows.start;
        while row < end {
            let (place, in_group, within) = self.place(table, column, row)?;
            let take = (in_group - within).min(end - row);
            // The end of the text before is where the first one begins.
            let first = within.saturating_sub(1);
            let ends: Vec<u64> = self
                .bytes(place + 4 * first, 4 * (within + take - first))?
                .chunks_exact(4)
                .map(|four| u64::from(u32::from_le_bytes(four.try_into().unwrap_or_default())))
                .collect();
            let (begin, ends) = match ends.split_first() {
                Some((begin, rest)) if within > 0 => (*begin, rest),
                _ => (0, ends.as_slice()),
            };
            let last = ends.last().copied().unwrap_or(begin);
            let letters = self.bytes(place + 4 * in_group + begin, last.saturating_sub(begin))?;
            let mut from = begin;
            for end in ends {
                let text = letters.get((from - begin) as usize..(end - begin) as usize);
                out.push(String::from_utf8_lossy(text.unwrap_or_default()).into_owned());
                from = *end;
            }
            row += take;
        }
        Ok(out)
    }

    /// The nodes of a higher level.
    fn higher(&self, table: usize, column: usize, level: usize) -> io::Result<&[Node]> {
        let missing = || damaged("no such column");
        let kept = self.nodes.get(table).and_then(|columns| columns.get(column)?.get(level));
        let kept = kept.ok_or_else(missing)?;
        if let Some(nodes) = kept.get() {
            return Ok(nodes);
        }
        let facts = self.table(table)?.columns.get(column).ok_or_else(missing)?;
        let (place, count) = facts.nodes.get(level).copied().ok_or_else(missing)?;
        let nodes = Node::all_of(&self.bytes(place, count * NODE_BYTES as u64)?);
        Ok(kept.get_or_init(|| nodes))
    }

    /// The lowest nodes of the group that holds a row; the first of them, and the nodes.
    fn lowest(&self, table: usize, column: usize, row: u64) -> io::Result<(u64, Vec<Node>)> {
        let (place, in_group, within) = self.place(table, column, row)?;
        let count = in_group.div_ceil(LEVELS[0]);
        let nodes = Node::all_of(&self.bytes(place + 8 * in_group, count * NODE_BYTES as u64)?);
        Ok(((row - within) / LEVELS[0], nodes))
    }
}

/// Looks at one column from front to back, and keeps what it looked at last.
pub(super) struct Cursor<'a> {
    columns: &'a Columns,
    table: usize,
    column: usize,
    rows: u64,
    lowest: (u64, Vec<Node>),
    values: (u64, Vec<f64>),
}

impl<'a> Cursor<'a> {
    /// At the beginning of a column of numbers.
    pub(super) fn new(columns: &'a Columns, table: usize, column: usize) -> io::Result<Self> {
        let rows = columns.table(table)?.rows;
        let none = (0, Vec::new());
        Ok(Self { columns, table, column, rows, lowest: none, values: (0, Vec::new()) })
    }

    fn low(&mut self, node: u64) -> io::Result<Node> {
        let (first, nodes) = &self.lowest;
        if !(*first..first + nodes.len() as u64).contains(&node) {
            self.lowest = self.columns.lowest(self.table, self.column, node * LEVELS[0])?;
        }
        let (first, nodes) = &self.lowest;
        nodes.get((node - first) as usize).copied().ok_or_else(|| damaged("no such node"))
    }

    /// The values of the lowest node that holds a row, and its first row.
    fn near(&mut self, row: u64) -> io::Result<&(u64, Vec<f64>)> {
        let begin = row / LEVELS[0] * LEVELS[0];
        if self.values.0 != begin || self.values.1.is_empty() {
            let rows = begin..begin + LEVELS[0];
            self.values = (begin, self.columns.numbers(self.table, self.column, rows)?);
        }
        Ok(&self.values)
    }

    /// The value of a row; NaN beyond the end.
    pub(super) fn value(&mut self, row: u64) -> io::Result<f64> {
        let (begin, values) = self.near(row)?;
        Ok(values.get((row - begin) as usize).copied().unwrap_or(f64::NAN))
    }

    /// The least and the greatest of some rows.
    pub(super) fn extremes(&mut self, rows: Range<u64>) -> io::Result<Node> {
        let end = rows.end.min(self.rows);
        let mut row = rows.start;
        let mut all = Node::EMPTY;
        let whole = |row: u64, size: u64| row.is_multiple_of(size) && row + size <= end;
        while row < end {
            if whole(row, LEVELS[2]) {
                let nodes = self.columns.higher(self.table, self.column, 1)?;
                all.join(nodes.get((row / LEVELS[2]) as usize).unwrap_or(&Node::EMPTY));
                row += LEVELS[2];
            } else if whole(row, LEVELS[1]) {
                let nodes = self.columns.higher(self.table, self.column, 0)?;
                all.join(nodes.get((row / LEVELS[1]) as usize).unwrap_or(&Node::EMPTY));
                row += LEVELS[1];
            } else if whole(row, LEVELS[0]) {
                all.join(&self.low(row / LEVELS[0])?);
                row += LEVELS[0];
            } else {
                let (begin, values) = self.near(row)?;
                let stop = end.min(begin + LEVELS[0]);
                let (from, to) = ((row - begin) as usize, (stop - begin) as usize);
                for (value, at) in values.get(from..to).unwrap_or_default().iter().zip(row..) {
                    all.take(at, *value);
                }
                row = stop;
            }
        }
        Ok(all)
    }

    /// The first row at which a column that never falls has reached a value; the number of rows when it never does.
    pub(super) fn first_at(&mut self, value: f64) -> io::Result<u64> {
        let nodes = self.columns.higher(self.table, self.column, 0)?;
        let high = nodes.partition_point(|node| node.max < value) as u64;
        let mut row = high * LEVELS[1];
        if row >= self.rows {
            return Ok(self.rows);
        }
        let last = self.rows.div_ceil(LEVELS[0]);
        let mut low = row / LEVELS[0];
        while low < last && self.low(low)?.max < value {
            low += 1;
        }
        row = low * LEVELS[0];
        if row >= self.rows {
            return Ok(self.rows);
        }
        let (begin, values) = self.near(row)?;
        Ok(begin + values.partition_point(|one| *one < value) as u64)
    }
}
