//! Spectra of Scienta analysers as text (`.txt`), as SES exports them: `[Info]`, then for each region `[Region 1]` with
//! its dimensions, `[Info 1]` with its settings, and `[Data 1]` with a line for each energy and a column for each slice of
//! the detector. A third dimension (positions, angles, repetitions) has a block of data for each of its points, `[Data 1:1]`.

use galvanome_model::measurement::{StartTime, Zone};
use galvanome_model::note::Note;
use galvanome_model::signal::{Axis, Condition, Signal, conditions};

use crate::electrons::{Told, axis, condition, counting, number, start_of, stepped};
use crate::error::ReadError;
use crate::files::Files;
use crate::format::{Confidence, Format};
use crate::limits::Limits;
use crate::sink::Sink;
use crate::text::cells::decode;
use crate::text::clock::DateOrder;
use crate::text::lines::Lines;
use crate::text::number::Decimal;
use crate::text::numbers::Numbers;
use crate::text::table::only;

/// The entry of the list of formats.
pub(crate) const FORMAT: Format =
    Format { id: "scienta-text", name: "Scienta SES text", endings: &["txt"], claims, read };

fn claims(files: &Files) -> Confidence {
    let Some(opening) = files.opening() else { return Confidence::No };
    let mut lines = opening.lines().map(<[u8]>::trim_ascii).filter(|line| !line.is_empty());
    let begins = lines.next() == Some(b"[Info]");
    let said = lines.take(8).any(|line| line.starts_with(b"Number of Regions="));
    Confidence::certain_if(begins && said)
}

/// A dimension of a region.
#[derive(Debug, Clone, Default)]
struct Dimension {
    /// Its name with its unit: `Binding Energy [eV]`.
    name: String,
    points: Vec<f64>,
}

/// A region that is being read.
#[derive(Debug, Default)]
struct Region {
    name: String,
    /// The first three dimensions.
    dimensions: [Dimension; 3],
    photon_ev: Option<f64>,
    pass_energy_ev: Option<f64>,
    time_s: Option<f64>,
    energy_scale: String,
    detector: String,
    date: String,
    time: String,
    /// One for each point of the third dimension.
    blocks: Vec<Numbers>,
}

/// Where in the file the reading stands.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Place {
    Settings,
    Data,
}

fn read(files: &Files, limits: &Limits, sink: &mut dyn Sink) -> Result<(), ReadError> {
    let member = only(files)?;
    let mut lines = Lines::new(member.source.as_ref(), &member.name, limits.max_line_bytes)?;
    let mut told = Told::new(limits);
    let mut reading = Reading::default();
    let mut place = Place::Settings;
    let mut section = String::new();
    let mut open = None;
    while let Some(line) = lines.next()? {
        let bytes = line.bytes.trim_ascii();
        if bytes.starts_with(b"[") && bytes.ends_with(b"]") {
            decode(bytes).trim_matches(['[', ']']).clone_into(&mut section);
            place = Place::Settings;
            if section.starts_with("Region ") {
                reading.give(limits, sink);
                reading.region = Some(Region::default());
            } else if section.starts_with("Data ") {
                place = Place::Data;
                if let Some(region) = &mut reading.region {
                    region.blocks.push(Numbers::default());
                }
            }
            continue;
        }
        if let (Place::Data, Some(region)) = (place, &mut reading.region) {
            let block = region.blocks.last_mut();
            if !bytes.is_empty()
                && !block.is_some_and(|block| block.take(bytes, Decimal::Point, limits))
            {
                reading.unread += 1;
                reading.unread_at.get_or_insert(line.number);
            }
            open = (!line.ended).then_some(line.number);
            continue;
        }
        let text = decode(bytes);
        let Some((key, value)) = text.split_once('=') else {
            told.tell(&section, &text, sink);
            continue;
        };
        let (key, value) = (key.trim(), value.trim());
        reading.setting(key, value, limits, sink);
        // Points of a dimension are given as an axis.
        if !key.ends_with(" scale") {
            told.tell(&format!("{section}: {key}"), value, sink);
        }
    }
    reading.give(limits, sink);
    told.finish(sink);
    reading.finish(open, sink);
    Ok(())
}

/// What was read so far.
#[derive(Default)]
struct Reading {
    region: Option<Region>,
    /// Regions that the file announces, and that were given.
    announced: Option<u64>,
    gave: u64,
    unread: u64,
    unread_at: Option<u64>,
    instrument: bool,
    started: bool,
}

impl Reading {
    fn setting(&mut self, key: &str, value: &str, limits: &Limits, sink: &mut dyn Sink) {
        if key == "Instrument" && !self.instrument && !value.is_empty() {
            self.instrument = true;
            sink.instrument(value);
        }
        let Some(region) = &mut self.region else {
            if key == "Number of Regions" {
                self.announced = value.parse().ok();
            }
            return;
        };
        match key {
            "Region Name" => value.clone_into(&mut region.name),
            "Excitation Energy" => region.photon_ev = number(value).filter(|energy| *energy > 0.0),
            "Pass Energy" => region.pass_energy_ev = number(value).filter(|energy| *energy > 0.0),
            "Time per Spectrum Channel" => region.time_s = number(value),
            "Energy Scale" => value.clone_into(&mut region.energy_scale),
            "DetectorMode" | "Detector Mode" => value.clone_into(&mut region.detector),
            "Date" => value.clone_into(&mut region.date),
            "Time" => value.clone_into(&mut region.time),
            _ => {
                let words: Vec<&str> = key.split_whitespace().collect();
                let ["Dimension", place, what] = words.as_slice() else { return };
                let place = place.parse::<usize>().ok().and_then(|place| place.checked_sub(1));
                let dimension = place.and_then(|place| region.dimensions.get_mut(place));
                match (dimension, *what) {
                    (Some(dimension), "name") => value.clone_into(&mut dimension.name),
                    (Some(dimension), "scale") => {
                        let most = usize::try_from(limits.max_rows).unwrap_or(usize::MAX);
                        let points = value.split_whitespace().take(most);
                        dimension.points =
                            points.map(|point| number(point).unwrap_or(f64::NAN)).collect();
                    }
                    _ => {}
                }
            }
        }
    }

    /// Gives the region that is being read, if there is one.
    fn give(&mut self, limits: &Limits, sink: &mut dyn Sink) {
        let Some(region) = self.region.take() else { return };
        self.gave += 1;
        if !self.started
            && let Some(start) = started(&region)
        {
            self.started = true;
            sink.started_at(start);
        }
        region.give(limits, sink);
    }

    fn finish(&self, open: Option<u64>, sink: &mut dyn Sink) {
        if let Some(line) = self.unread_at {
            let message = format!("{} lines of data hold something else than numbers", self.unread);
            sink.note(Note::new("unreadable-line", message, format!("line {line}")));
        }
        if let Some(line) = open {
            let message = "the last line has no line break, so its last number may lack digits";
            sink.note(Note::new("unterminated-last-line", message, format!("line {line}")));
        }
        if let Some(announced) = self.announced
            && announced != self.gave
        {
            let message = format!("the file announces {announced} regions and holds {}", self.gave);
            let code = if announced > self.gave { "truncated-file" } else { "row-count" };
            sink.note(Note::new(code, message, ""));
        }
    }
}

fn started(region: &Region) -> Option<StartTime> {
    let text = format!("{} {}", region.date, region.time);
    start_of(&text, DateOrder::MonthFirst).map(|start| StartTime { zone: Zone::Local, ..start })
}

impl Region {
    /// Keeps the blocks that are as wide and long as the first one; the last one may be cut.
    fn of_one_shape(&mut self) -> usize {
        let all = self.blocks.len();
        let shape = |block: &Numbers| (block.columns.len(), block.len());
        let Some((width, rows)) = self.blocks.first().map(shape) else { return 0 };
        let mut place = 0;
        self.blocks.retain(|block| {
            place += 1;
            let is_cut = place == all && block.len() < rows;
            block.columns.len() == width && (block.len() == rows || is_cut)
        });
        all - self.blocks.len()
    }

    fn give(mut self, limits: &Limits, sink: &mut dyn Sink) {
        let place = format!("region {}", self.name);
        let left_out = self.of_one_shape();
        if left_out > 0 {
            let message = format!(
                "{left_out} blocks of data are not as long or wide as the first one; they were left out"
            );
            sink.note(Note::new("damaged-rows", message, place.as_str()));
        }
        let [first, second, third] = &self.dimensions;
        let width = self.blocks.iter().map(|block| block.columns.len()).max().unwrap_or(0);
        let rows = self.blocks.iter().map(Numbers::len).max().unwrap_or(0);
        let slices = width.saturating_sub(1);
        let cells = rows.saturating_mul(slices).saturating_mul(self.blocks.len());
        if cells == 0 {
            sink.note(Note::new("no-data", "the region holds no values", place));
            return;
        }
        if cells as u64 > limits.max_cells {
            let message = "the region is larger than the limit; it was not read";
            sink.note(Note::new("limit-reached", message, place));
            return;
        }
        // The first column of the data says the energy again, with more digits.
        let energies = self.blocks.iter().find(|block| block.len() == rows);
        let energies = energies.and_then(|block| block.columns.first()).cloned();
        let expected = first.points.len();
        let (ragged, beyond) = self
            .blocks
            .iter()
            .fold((0, 0), |(ragged, beyond), block| (ragged + block.ragged, beyond + block.beyond));
        if rows < expected || ragged > 0 {
            let message = format!(
                "the region has {expected} energies, and {rows} whole lines of data are there"
            );
            sink.note(Note::new("truncated-file", message, place.as_str()));
        }
        if beyond > 0 {
            let message = format!("{beyond} lines beyond the limit were left out");
            sink.note(Note::new("limit-reached", message, place.as_str()));
        }
        let mut values = Vec::with_capacity(cells);
        for block in &self.blocks {
            for slice in 1..width {
                let column = block.columns.get(slice).map_or(&[][..], Vec::as_slice);
                values.extend_from_slice(column);
                values.extend(std::iter::repeat_n(f64::NAN, rows - column.len()));
            }
        }
        let of = |dimension: &Dimension, name: &str, len: usize| {
            let (label, unit) = named(&dimension.name);
            let label = if label.is_empty() { name } else { label };
            let points = if dimension.points.len() == len {
                dimension.points.clone()
            } else {
                stepped(0.0, 1.0, len)
            };
            axis(label, unit, points)
        };
        let mut all: Vec<Axis> = Vec::new();
        if self.blocks.len() > 1 {
            all.push(of(third, "block", self.blocks.len()));
        }
        if slices > 1 {
            all.push(of(second, "slice", slices));
        }
        let (label, unit) = named(&first.name);
        let label = match (label.to_lowercase().as_str(), self.energy_scale.as_str()) {
            ("energy" | "", "Binding") => "Binding Energy",
            ("energy" | "", "Kinetic") => "Kinetic Energy",
            _ => label,
        };
        all.push(axis(label, unit, energies.unwrap_or_default()));
        // What an analogue detector gives is no number of electrons.
        let unit = if self.detector.to_lowercase().contains("pulse") { "counts" } else { "" };
        let conditions: Vec<Condition> = [
            condition(conditions::PHOTON_ENERGY, self.photon_ev),
            condition(conditions::PASS_ENERGY, self.pass_energy_ev),
        ]
        .into_iter()
        .flatten()
        .collect();
        sink.signal(Signal {
            name: "intensity".to_owned(),
            label: self.name,
            unit: unit.to_owned(),
            axes: all,
            values,
            counting: counting(unit, self.time_s),
            conditions,
            ..Signal::default()
        });
    }
}

/// A name and the unit in brackets behind it.
fn named(name: &str) -> (&str, &str) {
    match name.trim().strip_suffix(']').and_then(|name| name.rsplit_once('[')) {
        Some((label, unit)) => (label.trim(), unit.trim()),
        None => (name.trim(), ""),
    }
}
