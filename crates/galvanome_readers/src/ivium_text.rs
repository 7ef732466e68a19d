//! Files of Ivium's software: one data set (`.idf`) or several (`.ids`).
//!
//! A few bytes that are no text, then lines of `key=value` with the method and its settings, then blocks of numbers.
//! The block `primary_data` begins with how many columns and rows it has. An impedance has real part, imaginary part
//! and frequency; a method in time has time, current and voltage; a sweep has voltage and current. Latin-1.

mod sets;

use galvanome_model::note::Note;

use self::sets::{Kind, Sets};
use crate::error::ReadError;
use crate::files::Files;
use crate::format::{Confidence, Format};
use crate::limits::Limits;
use crate::sink::Sink;
use crate::text::cells::decode;
use crate::text::clock::{Civil, DateOrder};
use crate::text::lines::{Line, Lines};
use crate::text::opening::{head_of_any, whole_lines};
use crate::text::table::only;

/// The entry of the list of formats.
pub(crate) const FORMAT: Format =
    Format { id: "ivium-text", name: "Ivium data", endings: &["idf", "ids"], claims, read };

fn claims(files: &Files) -> Confidence {
    let head = files.only().and_then(|member| head_of_any(member.source.as_ref(), 1 << 15));
    let Some(head) = head else { return Confidence::No };
    let mut settings = [false; 3];
    for line in whole_lines(&head, usize::MAX) {
        let line = line.trim_ascii();
        let begins = [&b"Method="[..], b"Technique=", b"primary_data"];
        for (seen, begin) in settings.iter_mut().zip(begins) {
            *seen |= line.starts_with(begin);
        }
    }
    match settings {
        [true, true, _] | [true, _, true] => Confidence::Certain,
        _ => Confidence::No,
    }
}

/// Where in the file the reading stands.
enum Place {
    Settings,
    /// The number of columns comes next.
    Columns,
    /// The number of rows comes next, of so many columns.
    Rows(usize),
    /// Rows come, so many more as the file says.
    Data(u64),
}

fn read(files: &Files, limits: &Limits, sink: &mut dyn Sink) -> Result<(), ReadError> {
    let member = only(files)?;
    let mut lines = Lines::new(member.source.as_ref(), &member.name, limits.max_line_bytes)?;
    let mut header = Header::default();
    let mut sets = Sets::new(limits);
    let mut place = Place::Settings;
    while let Some(line) = lines.next()? {
        let text = line.bytes.trim_ascii();
        place = match place {
            Place::Columns => match count_in(text) {
                Some(columns @ 1..=32) => Place::Rows(columns as usize),
                _ => Place::Settings,
            },
            Place::Rows(columns) => match count_in(text) {
                Some(rows) => {
                    sets.begin(Kind::of(&header.method, columns), rows, line.number, sink)?;
                    Place::Data(rows)
                }
                None => Place::Settings,
            },
            Place::Data(left @ 1..) if sets.row(&line, sink)? => Place::Data(left - 1),
            Place::Data(left) if left > 0 && !line.ended => Place::Data(left),
            Place::Data(_) | Place::Settings => {
                header.take(&line, limits, sink);
                if text == b"primary_data" { Place::Columns } else { Place::Settings }
            }
        };
    }
    sets.finish(sink)?;
    if !header.left_out.is_empty() {
        let message = format!(
            "blocks of data that were not read: {}; export them as text if they are needed",
            header.left_out.join(", ")
        );
        sink.note(Note::new("block-left-out", message, ""));
    }
    Ok(())
}

fn count_in(text: &[u8]) -> Option<u64> {
    std::str::from_utf8(text).ok()?.parse().ok()
}

/// What the settings say.
#[derive(Default)]
struct Header {
    method: String,
    entries: usize,
    started: bool,
    named: bool,
    left_out: Vec<String>,
}

impl Header {
    fn take(&mut self, line: &Line<'_>, limits: &Limits, sink: &mut dyn Sink) {
        let text = decode(line.bytes);
        let text = text.trim();
        let Some((key, value)) = text.split_once('=') else {
            let is_block = text.ends_with("_data") && text != "primary_data";
            if is_block && !self.left_out.iter().any(|known| known == text) {
                self.left_out.push(text.to_owned());
            }
            return;
        };
        // Bytes that are no text stand before some keys.
        let key = key.trim_matches(|c: char| c.is_control() || c == ' ');
        match key {
            "Method" => value.clone_into(&mut self.method),
            "starttime" if !self.started => {
                if let Some(civil) = Civil::parse(value, DateOrder::DayFirst) {
                    self.started = true;
                    sink.started_at(civil.start());
                }
            }
            "serialnumber" if !self.named && !value.is_empty() => {
                self.named = true;
                sink.instrument(value);
            }
            _ => {}
        }
        self.entries += 1;
        if self.entries <= limits.max_metadata && !key.is_empty() {
            sink.metadata(key, value);
        }
    }
}
