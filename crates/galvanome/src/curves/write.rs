//! The sink that writes a columnar side file: rows in, groups of columns out, memory bounded by one group.

use std::fs::File;
use std::io::{BufWriter, Write};
use std::ops::Range;
use std::path::Path;

use galvanome_model::image::Image;
use galvanome_model::measurement::{ColumnHead, Origin, StartTime, Values};
use galvanome_model::note::Note;
use galvanome_model::signal::Signal;
use galvanome_readers::sink::{Kind, NewColumn};
use galvanome_readers::{ReadError, Sink, Trouble};

use super::contents::{CHARGE, ColumnFacts, Contents, Cycle, MAGIC, TIME, TableFacts};
use super::cycles;
use super::derive::Derive;
use super::images;
use super::nodes::{LEVELS, Level, Node, bytes_of};
use super::read::Columns;
use super::signals;

/// Values of one group, at most; a text counts as eight of them.
const GROUP_VALUES: u64 = 1 << 21;

/// Rows of one group, at most.
const GROUP_ROWS: u64 = 65_536;

/// Letters of a text that are kept for looking at.
const MOST_LETTERS: usize = 200;

/// Entries of metadata that are kept for looking at.
const MOST_METADATA: usize = 400;

/// Signals that are kept, at most.
const MOST_SIGNALS: usize = 4096;

/// Images that are kept, at most.
const MOST_IMAGES: usize = 256;

/// Values that become bytes at once.
const PART: usize = 1 << 17;

/// Writes what a reader finds.
pub(super) struct Writer {
    out: BufWriter<File>,
    at: u64,
    contents: Contents,
    columns: Vec<Column>,
    derive: Option<Derive>,
    images: Vec<Image>,
    failed: Option<std::io::Error>,
}

/// A column that is being written.
struct Column {
    facts: ColumnFacts,
    numbers: Vec<f64>,
    ends: Vec<u32>,
    letters: Vec<u8>,
    levels: [Level; 2],
}

impl Column {
    fn new(head: ColumnHead, kind: Kind, ours: bool) -> Self {
        let facts = ColumnFacts {
            head,
            is_text: kind == Kind::Text,
            ours,
            nulls: 0,
            span: None,
            texts: None,
            nodes: [(0, 0); 2],
        };
        let levels = [Level::new(LEVELS[1]), Level::new(LEVELS[2])];
        Self { facts, numbers: Vec::new(), ends: Vec::new(), letters: Vec::new(), levels }
    }

    fn number(&mut self, value: f64) {
        self.numbers.push(value);
        if value.is_nan() {
            self.facts.nulls += 1;
            return;
        }
        let [_, last, min, max] = self.facts.span.get_or_insert([value; 4]);
        *last = value;
        *min = min.min(value);
        *max = max.max(value);
    }

    fn text(&mut self, text: &str) {
        let shown = match text.char_indices().nth(MOST_LETTERS) {
            Some((end, _)) => text.get(..end).unwrap_or_default(),
            None => text,
        };
        self.letters.extend_from_slice(shown.as_bytes());
        self.ends.push(u32::try_from(self.letters.len()).unwrap_or(u32::MAX));
        if text.is_empty() {
            self.facts.nulls += 1;
            return;
        }
        let texts = &mut self.facts.texts;
        let (_, last) = texts.get_or_insert_with(|| (shown.to_owned(), String::new()));
        shown.clone_into(last);
    }

    /// Takes rows in.
    fn take(&mut self, values: Option<&Values>, rows: Range<usize>) {
        match (self.facts.is_text, values) {
            (false, Some(Values::Number(values))) => {
                values.get(rows).unwrap_or_default().iter().for_each(|value| self.number(*value));
            }
            (true, Some(Values::Text(values))) => {
                values.get(rows).unwrap_or_default().iter().for_each(|text| self.text(text));
            }
            // A reader that breaks its word must not leave columns of unequal length behind.
            (false, _) => rows.for_each(|_| self.number(f64::NAN)),
            (true, _) => rows.for_each(|_| self.text("")),
        }
    }
}

impl Writer {
    /// Begins a file. Errors when it cannot be made.
    pub(super) fn new(path: &Path) -> std::io::Result<Self> {
        let file = File::options().read(true).write(true).create(true).truncate(true).open(path)?;
        let mut out = BufWriter::with_capacity(1 << 20, file);
        out.write_all(MAGIC)?;
        Ok(Self {
            out,
            at: MAGIC.len() as u64,
            contents: Contents::default(),
            columns: Vec::new(),
            derive: None,
            images: Vec::new(),
            failed: None,
        })
    }

    fn write(&mut self, bytes: &[u8]) -> std::io::Result<u64> {
        let place = self.at;
        self.out.write_all(bytes)?;
        self.at += bytes.len() as u64;
        Ok(place)
    }

    /// Writes the rows that have gathered, as one group.
    fn flush(&mut self) -> std::io::Result<()> {
        let mut columns = std::mem::take(&mut self.columns);
        let rows = columns.first().map_or(0, |column| column.numbers.len() + column.ends.len());
        let written = if rows == 0 { Ok(()) } else { self.group(&mut columns, rows as u64) };
        self.columns = columns;
        written
    }

    fn group(&mut self, columns: &mut [Column], rows: u64) -> std::io::Result<()> {
        let begin = self.contents.tables.last().map_or(0, |table| table.rows);
        let mut places = Vec::with_capacity(columns.len());
        for column in columns {
            if column.facts.is_text {
                let ends: Vec<u8> = column.ends.iter().flat_map(|end| end.to_le_bytes()).collect();
                places.push(self.write(&ends)?);
                self.write(&column.letters)?;
                column.ends.clear();
                column.letters.clear();
                continue;
            }
            places.push(self.write(&bytes_of(&column.numbers))?);
            let mut row = begin;
            for values in column.numbers.chunks(LEVELS[0] as usize) {
                let mut node = Node::EMPTY;
                for value in values {
                    node.take(row, *value);
                    row += 1;
                }
                for level in &mut column.levels {
                    level.take(&node, values.len() as u64);
                }
                self.out.write_all(&node.bytes())?;
                self.at += node.bytes().len() as u64;
            }
            column.numbers.clear();
        }
        if let Some(table) = self.contents.tables.last_mut() {
            table.rows += rows;
            table.places.extend(places);
        }
        Ok(())
    }

    /// Ends the table that began last.
    fn end_table(&mut self) -> std::io::Result<()> {
        self.flush()?;
        let mut columns = std::mem::take(&mut self.columns);
        for column in &mut columns {
            for (level, place) in column.levels.iter().zip([0, 1]) {
                let bytes: Vec<u8> = level.nodes.iter().flat_map(Node::bytes).collect();
                let at = self.write(&bytes)?;
                if let Some(slot) = column.facts.nodes.get_mut(place) {
                    *slot = (at, level.nodes.len() as u64);
                }
            }
        }
        if let Some(table) = self.contents.tables.last_mut() {
            table.columns = columns.into_iter().map(|column| column.facts).collect();
        }
        self.derive = None;
        Ok(())
    }

    /// Keeps a signal: the points of its axes, then its values, their uncertainties, and where they were taken.
    fn keep_signal(&mut self, signal: &Signal) -> std::io::Result<()> {
        // Rows that have gathered belong before it.
        self.flush()?;
        let mut facts = signals::facts(signal);
        for (axis, facts) in signal.axes.iter().zip(&mut facts.axes) {
            facts.place = self.write(&bytes_of(&axis.points))?;
        }
        facts.place = self.at;
        for values in [&signal.values, &signal.uncertainties] {
            for part in values.chunks(PART) {
                self.write(&bytes_of(part))?;
            }
        }
        for place in &signal.positions {
            self.write(&bytes_of(&[place.x_m, place.y_m, place.z_m]))?;
        }
        self.contents.signals.push(facts);
        Ok(())
    }

    /// Looks through the images once, slice by slice. What cannot be read is told.
    fn look_through_images(&mut self) -> std::io::Result<()> {
        for image in std::mem::take(&mut self.images).into_iter().take(MOST_IMAGES) {
            let (mut facts, profile, note) = images::look_through(&image);
            let numbers: Vec<f64> = profile.iter().flat_map(images::Slice::numbers).collect();
            facts.place = self.write(&bytes_of(&numbers))?;
            self.contents.images.push(facts);
            self.contents.notes.extend(note);
        }
        Ok(())
    }

    /// Ends the file. Errors when anything could not be written.
    pub(super) fn finish(mut self) -> std::io::Result<()> {
        if let Some(error) = self.failed.take() {
            return Err(error);
        }
        self.end_table()?;
        self.look_through_images()?;
        // What has been written is read once more for its cycles, now that the largest current is known.
        self.out.flush()?;
        let written = Columns::over(self.out.get_ref().try_clone()?, self.contents.clone());
        let (cycles, note) = cycles::find(&written)?;
        drop(written);
        self.contents.notes.extend(note);
        let numbers: Vec<f64> = cycles.iter().flat_map(Cycle::numbers).collect();
        let place = self.write(&bytes_of(&numbers))?;
        self.contents.cycles = (place, cycles.len() as u64);
        let contents = serde_json::to_vec(&self.contents)?;
        let place = self.write(&contents)?;
        self.write(&place.to_le_bytes())?;
        self.write(&(contents.len() as u64).to_le_bytes())?;
        self.write(MAGIC)?;
        self.out.flush()?;
        self.out.get_ref().sync_data()
    }

    fn keep(&mut self, done: std::io::Result<()>) -> Result<(), ReadError> {
        done.map_err(|error| {
            let told = ReadError::new(
                Trouble::Sink,
                format!("what was read could not be kept: {error}"),
                "make room on the disk of the data folder",
            );
            self.failed = Some(error);
            told
        })
    }
}

/// A column that is worked out here.
fn ours(name: &str, unit: &str, origin: Origin) -> Column {
    let head = ColumnHead {
        name: name.to_owned(),
        unit: unit.to_owned(),
        vendor_name: String::new(),
        origin,
    };
    Column::new(head, Kind::Number, true)
}

impl Sink for Writer {
    fn format(&mut self, id: &str) {
        id.clone_into(&mut self.contents.format);
    }

    fn instrument(&mut self, name: &str) {
        name.clone_into(&mut self.contents.instrument);
    }

    fn started_at(&mut self, start: StartTime) {
        self.contents.started_at = Some(start);
    }

    fn metadata(&mut self, key: &str, value: &str) {
        self.contents.metadata_entries += 1;
        if self.contents.metadata.len() < MOST_METADATA {
            self.contents.metadata.push((key.to_owned(), value.to_owned()));
        }
    }

    fn table(&mut self, name: &str, columns: &[NewColumn]) {
        let ended = self.end_table();
        let _ = self.keep(ended);
        self.columns =
            columns.iter().map(|new| Column::new(new.head.clone(), new.kind, false)).collect();
        let is_main = self.contents.tables.is_empty();
        self.derive = Derive::new(columns, is_main);
        if let Some(derive) = &self.derive {
            self.columns.push(ours(TIME, "s", Origin::Reconstructed));
            if derive.has_charge() {
                self.columns.push(ours(CHARGE, "Ah", Origin::Integrated));
            }
        }
        let weight: u64 =
            self.columns.iter().map(|column| if column.facts.is_text { 8 } else { 1 }).sum();
        let group_rows =
            (GROUP_VALUES / weight.max(1) / LEVELS[0] * LEVELS[0]).clamp(LEVELS[0], GROUP_ROWS);
        self.contents.tables.push(TableFacts {
            name: name.to_owned(),
            group_rows,
            ..TableFacts::default()
        });
    }

    fn rows(&mut self, columns: &[Values]) -> Result<(), ReadError> {
        if let Some(error) = &self.failed {
            let told = format!("what was read could not be kept: {error}");
            return Err(ReadError::new(Trouble::Sink, told, "make room on the disk"));
        }
        let Some(group_rows) = self.contents.tables.last().map(|table| table.group_rows) else {
            return Ok(());
        };
        let all = columns.first().map_or(0, Values::len);
        let mut from = 0;
        while from < all {
            let gathered =
                self.columns.first().map_or(0, |column| column.numbers.len() + column.ends.len());
            let room = (group_rows as usize).saturating_sub(gathered).max(1);
            let rows = from..all.min(from + room);
            from = rows.end;
            let of_file = self.columns.iter_mut().filter(|column| !column.facts.ours);
            for (place, column) in of_file.enumerate() {
                column.take(columns.get(place), rows.clone());
            }
            if let Some(derive) = &mut self.derive {
                let worked_out = derive.rows(columns, rows);
                let ours = self.columns.iter_mut().filter(|column| column.facts.ours);
                for (column, values) in ours.zip(worked_out) {
                    for value in values {
                        column.number(value);
                    }
                }
            }
            let gathered =
                self.columns.first().map_or(0, |column| column.numbers.len() + column.ends.len());
            if gathered as u64 >= group_rows {
                let flushed = self.flush();
                self.keep(flushed)?;
            }
        }
        Ok(())
    }

    fn signal(&mut self, signal: Signal) {
        if self.failed.is_some() || self.contents.signals.len() >= MOST_SIGNALS {
            return;
        }
        if let Err(error) = self.keep_signal(&signal) {
            self.failed = Some(error);
        }
    }

    fn image(&mut self, image: Image) {
        self.images.push(image);
    }

    fn note(&mut self, note: Note) {
        self.contents.notes.push(note);
    }
}
