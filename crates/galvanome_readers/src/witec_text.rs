//! WITec text: what WITec's Control and Project export of spectra and their series.
//!
//! A greeting, then sections: `[Header]` with `key = value`, and `[Data]` with a line of names, a line of units, and rows of which
//! the first number is the axis and each other one a spectrum's. A file may hold several of them.

use galvanome_model::note::Note;
use galvanome_model::signal::{Axis, Position, Signal, axes, conditions};

use crate::error::{ReadError, Trouble};
use crate::files::Files;
use crate::format::{Confidence, Format};
use crate::limits::Limits;
use crate::optical::{counting, metres, number_of, spectral_axis, values_unit};
use crate::sink::Sink;
use crate::text::cells::decode;
use crate::text::lines::Lines;
use crate::text::number::Decimal;
use crate::text::numbers::numbers_of;

/// The entry of the list of formats.
pub(crate) const FORMAT: Format =
    Format { id: "witec-text", name: "WITec text", endings: &["txt"], claims, read };

/// Lines in which the first section begins.
const SEEN: usize = 64;

fn claims(files: &Files) -> Confidence {
    let Some(opening) = files.opening() else { return Confidence::No };
    let has = |wanted: &[u8]| opening.lines().take(SEEN).any(|line| line.trim_ascii() == wanted);
    let keyed = || {
        let marks: [&[u8]; 3] = [b"GraphName", b"SizeGraph", b"XAxisUnit"];
        let is_mark = |line: &[u8]| marks.iter().any(|mark| line.trim_ascii().starts_with(mark));
        opening.lines().take(SEEN).any(is_mark)
    };
    Confidence::certain_if(has(b"[Header]") && keyed())
}

/// What a line belongs to.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Within {
    Greeting,
    Header,
    Names,
    Units,
    Rows,
}

/// A section of data with its header.
#[derive(Default)]
struct Section {
    entries: Vec<(String, String)>,
    names: Vec<String>,
    units: Vec<String>,
    /// The axis, then the spectra.
    columns: Vec<Vec<f64>>,
    ragged: u64,
    beyond: bool,
}

impl Section {
    fn entry(&self, key: &str) -> &str {
        let found = self.entries.iter().find(|(own, _)| own == key);
        found.map_or("", |(_, value)| value)
    }

    /// Adds a row. False when it is none.
    fn take(&mut self, row: &[f64], limits: &Limits) {
        if self.columns.is_empty() {
            let width = row.len().max(self.names.len()).min(limits.max_columns);
            self.columns = vec![Vec::new(); width];
        }
        let rows = self.columns.first().map_or(0, Vec::len) as u64;
        if row.len() < self.columns.len() {
            self.ragged += 1;
        } else if rows >= limits.max_rows || rows * self.columns.len() as u64 >= limits.max_cells {
            self.beyond = true;
        } else {
            for (column, number) in self.columns.iter_mut().zip(row) {
                column.push(*number);
            }
        }
    }

    /// Tells the sink what it holds.
    fn tell(mut self, place: &str, sink: &mut dyn Sink) {
        if self.ragged > 0 {
            let message = format!(
                "{} rows have fewer numbers than there are columns, {}; they were left out",
                self.ragged,
                self.columns.len()
            );
            sink.note(Note::new("unreadable-line", message, place));
        }
        if self.beyond {
            let message = "the limit of rows is reached; the rest was not read";
            sink.note(Note::new("limit-reached", message, place));
        }
        let said = self.entry("SizeGraph").parse::<usize>().ok();
        if self.columns.len() < 2 || self.columns.first().is_none_or(Vec::is_empty) {
            sink.note(Note::new("no-data", "the section holds no row of numbers", place));
            return;
        }
        let points = self.columns.remove(0);
        if let Some(said) = said.filter(|said| *said != points.len()) {
            let message = format!("{} points are there, {said} by the header", points.len());
            sink.note(Note::new("truncated-file", message, place));
        }
        let unit_of = |column: usize, key: &str| {
            let unit = self.units.get(column).map(String::as_str).unwrap_or_default();
            if unit.is_empty() { self.entry(key).to_owned() } else { unit.to_owned() }
        };
        let unit = values_unit(&unit_of(1, "DataUnit"));
        let exposure = number_of(self.entry("IntegrationTime"));
        let mut signal = Signal {
            name: "intensity".to_owned(),
            label: self.entry("GraphName").to_owned(),
            counting: counting(&unit, exposure, 1.0),
            unit,
            ..Signal::default()
        };
        let laser = ["ExcitationWavelength", "ExcitationWaveLength", "Excitation Wavelength"];
        let laser = laser.iter().map(|key| number_of(self.entry(key))).find(|laser| *laser > 0.0);
        signal.conditions.extend(laser.map(|laser| conditions::LASER_WAVELENGTH.at(laser)));
        let spectra = self.columns.len();
        if spectra > 1 {
            let numbers = (0..spectra).map(|number| number as f64).collect();
            signal.axes.push(Axis::of(axes::SPECTRUM, "", numbers));
            let message = "the text does not say where each of its spectra was taken";
            sink.note(Note::new("positions-missing", message, place));
        } else if let Some(by) = metres(self.entry("PositionUnit")) {
            let [x_m, y_m, z_m] =
                ["PositionX", "PositionY", "PositionZ"].map(|key| number_of(self.entry(key)) * by);
            signal.positions.push(Position { x_m, y_m, z_m });
        }
        let axis_name = self.names.first().map(String::as_str).unwrap_or_default();
        signal.axes.push(spectral_axis(&unit_of(0, "XAxisUnit"), axis_name, points));
        signal.values = self.columns.concat();
        sink.signal(signal);
    }
}

fn read(files: &Files, limits: &Limits, sink: &mut dyn Sink) -> Result<(), ReadError> {
    let none = || {
        ReadError::new(
            Trouble::Damaged,
            "the text holds no section `[Data]`",
            "export it from WITec's software again",
        )
    };
    let Some(member) = files.only() else { return Err(none()) };
    let mut lines = Lines::new(member.source.as_ref(), &member.name, limits.max_line_bytes)?;
    let (mut within, mut section) = (Within::Greeting, Section::default());
    let (mut sections, mut told, mut row, mut open) = (0_usize, 0, Vec::new(), None);
    while let Some(line) = lines.next()? {
        let text = line.bytes.trim_ascii();
        match text {
            b"" => continue,
            b"[Header]" => {
                if within != Within::Greeting {
                    sections += 1;
                    std::mem::take(&mut section).tell(&format!("section {sections}"), sink);
                }
                if sections >= limits.max_columns {
                    let message = "the limit of sections is reached; the rest was not read";
                    sink.note(Note::new("limit-reached", message, format!("line {}", line.number)));
                    return Ok(());
                }
                within = Within::Header;
                continue;
            }
            b"[Data]" => {
                within = Within::Names;
                continue;
            }
            _ => {}
        }
        let words = || decode(text).split([',', '\t']).map(|cell| cell.trim().to_owned()).collect();
        match within {
            Within::Greeting => {}
            Within::Header => {
                let text = decode(text);
                let (key, value) = text.split_once('=').unwrap_or(("", &text));
                told += 1;
                if told <= limits.max_metadata {
                    sink.metadata(key.trim(), value.trim());
                    section.entries.push((key.trim().to_owned(), value.trim().to_owned()));
                }
            }
            _ if numbers_of(text, Decimal::Point, &mut row) && row.len() > 1 => {
                within = Within::Rows;
                open = (!line.ended).then_some(line.number);
                section.take(&row, limits);
            }
            Within::Names => {
                section.names = words();
                within = Within::Units;
            }
            Within::Units => {
                section.units = words();
                within = Within::Rows;
            }
            Within::Rows => section.ragged += 1,
        }
    }
    if matches!(within, Within::Greeting | Within::Header) && sections == 0 {
        return Err(none());
    }
    section.tell(&format!("section {}", sections + 1), sink);
    if let Some(line) = open {
        let message = "no line break ends the last line, so its last number may lack digits";
        sink.note(Note::new("unterminated-last-line", message, format!("line {line}")));
    }
    Ok(())
}
