//! Data blocks: single values and loops.

use super::tokens::Token;
use crate::limits::Limits;

/// A block.
#[derive(Debug, Default)]
pub(super) struct Block {
    /// Its name, behind `data_`.
    pub(super) name: String,
    /// Names and single values, in the order of the file.
    pub(super) items: Vec<(String, String)>,
    /// Loops with at least one whole row.
    pub(super) loops: Vec<Loop>,
}

impl Block {
    /// A single value by its name in small letters, with `_` in place of the point of newer dictionaries.
    pub(super) fn value(&self, tag: &str) -> Option<&str> {
        let found = self.items.iter().find(|(name, _)| is_tag(name, tag))?;
        Some(found.1.as_str()).filter(|value| !value.is_empty())
    }

    /// The first of several single values that is there.
    pub(super) fn first_of(&self, tags: &[&str]) -> Option<&str> {
        tags.iter().find_map(|tag| self.value(tag))
    }

    /// All values of a name, single or in a loop.
    pub(super) fn values<'a>(&'a self, tag: &str) -> Vec<&'a str> {
        let looped = self.loops.iter().find_map(|found| Some((found, found.column(tag)?)));
        match looped {
            Some((found, column)) => found.values(column).collect(),
            None => self.value(tag).into_iter().collect(),
        }
    }
}

/// A loop: names, and values row by row.
#[derive(Debug, Default)]
pub(super) struct Loop {
    /// The names of its columns, verbatim.
    pub(super) tags: Vec<String>,
    /// All values behind each other, and where each ends.
    text: String,
    ends: Vec<usize>,
}

impl Loop {
    /// How many whole rows there are.
    pub(super) fn rows(&self) -> usize {
        self.ends.len().checked_div(self.tags.len()).unwrap_or(0)
    }

    /// The column of a name in small letters, with `_` in place of a point.
    pub(super) fn column(&self, tag: &str) -> Option<usize> {
        self.tags.iter().position(|name| is_tag(name, tag))
    }

    /// The values of a column.
    pub(super) fn values(&self, column: usize) -> impl Iterator<Item = &str> {
        let width = self.tags.len();
        (0..self.rows()).map(move |row| self.at(row * width + column))
    }

    fn at(&self, place: usize) -> &str {
        let begin = place.checked_sub(1).and_then(|before| self.ends.get(before)).copied();
        let end = self.ends.get(place).copied().unwrap_or_default();
        self.text.get(begin.unwrap_or_default()..end).unwrap_or_default()
    }
}

/// Whether a name of a file is a known one.
fn is_tag(name: &str, known: &str) -> bool {
    let same = |(a, b): (u8, u8)| a.eq_ignore_ascii_case(&b) || a == b'.' && b == b'_';
    name.len() == known.len() && name.bytes().zip(known.bytes()).all(same)
}

/// What was left out.
#[derive(Debug, Default, Clone, Copy)]
pub(super) struct Lost {
    /// The file ends within a row, or behind a name.
    pub(super) cut: bool,
    /// Loops whose last row is not whole.
    pub(super) rows: u64,
    /// Names without a value and values without a name.
    pub(super) stray: u64,
    /// Values beyond the limits.
    pub(super) beyond: u64,
}

/// All blocks of a file, as they are read.
#[derive(Debug)]
pub(super) struct Blocks<'a> {
    pub(super) all: Vec<Block>,
    limits: &'a Limits,
    /// The name that waits for its value.
    pending: Option<String>,
    /// The loop that is open, and whether its names are still coming.
    open: Option<(Loop, bool)>,
    lost: Lost,
    entries: usize,
    cells: u64,
}

impl<'a> Blocks<'a> {
    pub(super) fn new(limits: &'a Limits) -> Self {
        let lost = Lost::default();
        Self { all: Vec::new(), limits, pending: None, open: None, lost, entries: 0, cells: 0 }
    }

    /// Takes the next word.
    pub(super) fn take(&mut self, token: &Token<'_>) {
        match *token {
            Token::Data(name) => {
                self.end_loop(false);
                self.end_pending();
                self.all.push(Block { name: name.to_owned(), ..Block::default() });
            }
            Token::Loop => {
                self.end_loop(false);
                self.end_pending();
                self.open = Some((Loop::default(), true));
            }
            Token::Stop => {
                self.end_loop(false);
                self.end_pending();
            }
            Token::Tag(tag) => {
                if let Some((open, true)) = &mut self.open {
                    if open.tags.len() < self.limits.max_columns {
                        open.tags.push(tag.to_owned());
                    } else {
                        self.lost.beyond += 1;
                    }
                    return;
                }
                self.end_loop(false);
                self.end_pending();
                self.pending = Some(tag.to_owned());
            }
            Token::Value(value) => self.value(value),
        }
    }

    fn value(&mut self, value: &str) {
        if let Some((open, names_coming)) = &mut self.open {
            *names_coming = false;
            if self.cells >= self.limits.max_cells || open.tags.is_empty() {
                self.lost.beyond += 1;
                return;
            }
            self.cells += 1;
            open.text.push_str(value);
            open.ends.push(open.text.len());
        } else if let (Some(tag), Some(block)) = (self.pending.take(), self.all.last_mut()) {
            self.entries += 1;
            if self.entries <= self.limits.max_metadata {
                block.items.push((tag, value.to_owned()));
            } else {
                self.lost.beyond += 1;
            }
        } else {
            self.lost.stray += 1;
        }
    }

    fn end_pending(&mut self) {
        self.lost.stray += u64::from(self.pending.take().is_some());
    }

    /// Ends a loop; the end of the file may cut its last row.
    fn end_loop(&mut self, of_file: bool) {
        let Some((open, _)) = self.open.take() else { return };
        if open.ends.len().checked_rem(open.tags.len()).unwrap_or(0) > 0 {
            if of_file {
                self.lost.cut = true;
            } else {
                self.lost.rows += 1;
            }
        }
        if open.rows() == 0 {
            self.lost.cut |= of_file;
            return;
        }
        match self.all.last_mut() {
            Some(block) => block.loops.push(open),
            None => self.lost.stray += 1,
        }
    }

    /// Ends the file, and says what was left out.
    pub(super) fn finish(&mut self) -> Lost {
        self.end_loop(true);
        self.lost.cut |= self.pending.take().is_some();
        self.lost
    }
}
