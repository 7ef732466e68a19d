//! Spectra of SPECS instruments as text (`.xy`), as SpecsLab Prodigy exports them.
//!
//! Lines that begin with a sign (`#`) say how the export was made, then for each group, region, cycle and scan what it is,
//! and `ColumnLabels` what its columns are. Scans of one spectrum are given together, as the instrument's software shows
//! them (rates as their mean, counts as their sum), and one by one as well where there are several.

mod region;

use galvanome_model::note::Note;

use self::region::{Block, Region};
use crate::electrons::{Told, start_of};
use crate::error::ReadError;
use crate::files::Files;
use crate::format::{Confidence, Format};
use crate::limits::Limits;
use crate::sink::Sink;
use crate::text::cells::decode;
use crate::text::clock::DateOrder;
use crate::text::lines::Lines;
use crate::text::number::Decimal;
use crate::text::table::only;

/// The entry of the list of formats.
pub(crate) const FORMAT: Format =
    Format { id: "specs-xy", name: "SPECS Prodigy text", endings: &["xy"], claims, read };

fn claims(files: &Files) -> Confidence {
    let Some(opening) = files.opening() else { return Confidence::No };
    let mut marks = [false; 2];
    for line in opening.lines().take(40) {
        let line = decode(line);
        marks[0] |= line.contains("XY-Serializer Export Settings");
        marks[1] |= line.contains("Comment Prefix:");
    }
    Confidence::certain_if(marks == [true, true])
}

fn read(files: &Files, limits: &Limits, sink: &mut dyn Sink) -> Result<(), ReadError> {
    let member = only(files)?;
    let mut lines = Lines::new(member.source.as_ref(), &member.name, limits.max_line_bytes)?;
    let mut told = Told::new(limits);
    let mut reading = Reading { prefix: "#".to_owned(), ..Reading::default() };
    let mut open = None;
    while let Some(line) = lines.next()? {
        let bytes = line.bytes.trim_ascii();
        if bytes.is_empty() {
            continue;
        }
        if bytes.starts_with(reading.prefix.as_bytes()) {
            let text = decode(bytes);
            let text = text.get(reading.prefix.len()..).unwrap_or_default().trim();
            reading.comment(text, &mut told, sink);
            continue;
        }
        // Before the prefix is known, a comment by another one looks like a line of data.
        if reading.region.is_none()
            && let Some((before, after)) = decode(bytes).split_once("Comment Prefix:")
            && before.trim() == after.trim()
            && !after.trim().is_empty()
        {
            after.trim().clone_into(&mut reading.prefix);
            continue;
        }
        if let Some(block) = reading.region.as_mut().and_then(|region| region.blocks.last_mut())
            && block.numbers.take(bytes, Decimal::Point, limits)
        {
            open = (!line.ended).then_some(line.number);
            continue;
        }
        reading.unread += 1;
        reading.unread_at.get_or_insert(line.number);
    }
    reading.give(sink);
    told.finish(sink);
    if let Some(line) = reading.unread_at {
        let message = format!("{} lines are neither comments nor numbers", reading.unread);
        sink.note(Note::new("unreadable-line", message, format!("line {line}")));
    }
    if let Some(line) = open {
        let message = "the last line has no line break, so its last number may lack digits";
        sink.note(Note::new("unterminated-last-line", message, format!("line {line}")));
    }
    if reading.gave == 0 {
        sink.note(Note::new("no-data", "the file holds no spectrum", ""));
    }
    Ok(())
}

/// What was read so far.
#[derive(Default)]
struct Reading {
    prefix: String,
    energy_axis: String,
    group: String,
    region: Option<Region>,
    started: bool,
    named: bool,
    gave: u64,
    unread: u64,
    unread_at: Option<u64>,
}

impl Reading {
    /// Takes what a comment says.
    fn comment(&mut self, text: &str, told: &mut Told, sink: &mut dyn Sink) {
        let Some((key, value)) = text.split_once(':') else { return };
        let (key, value) = (key.trim(), value.trim());
        match (key, &mut self.region) {
            ("Group", _) => {
                self.give(sink);
                value.clone_into(&mut self.group);
                told.tell("Group", value, sink);
                return;
            }
            ("Region", _) => {
                self.give(sink);
                self.region = Some(Region::new(value, &self.energy_axis));
            }
            ("Comment Prefix", None) if !value.is_empty() => value.clone_into(&mut self.prefix),
            ("Energy Axis", None) => value.clone_into(&mut self.energy_axis),
            ("Cycle", Some(region)) => {
                // `0, Curve: 0, Scan: 0`
                if let Some(block) = Block::of(value) {
                    region.blocks.push(block);
                }
            }
            ("ColumnLabels", Some(region)) => {
                if let Some(block) = region.blocks.last_mut() {
                    block.labels = value.split_whitespace().map(str::to_owned).collect();
                }
            }
            ("Acquisition Date", Some(_)) if !self.started => {
                if let Some(start) = start_of(value, DateOrder::MonthFirst) {
                    self.started = true;
                    sink.started_at(start);
                }
            }
            ("Analyzer", Some(_)) if !self.named && !value.is_empty() => {
                self.named = true;
                sink.instrument(value);
            }
            (_, Some(region)) => region.setting(key, value),
            _ => {}
        }
        let place = match &self.region {
            Some(region) if key != "Region" => format!("{}: {key}", region.name),
            _ => key.to_owned(),
        };
        told.tell(&place, value, sink);
    }

    /// Gives the region that is being read, if there is one.
    fn give(&mut self, sink: &mut dyn Sink) {
        if let Some(region) = self.region.take() {
            self.gave += region.give(sink);
        }
    }
}
