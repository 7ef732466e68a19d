//! LabSpec text: what Horiba's LabSpec 5 and 6 export of spectra, series and maps.
//!
//! Settings as `#Name=` with a value behind a tab; of LabSpec 6 also what each axis is (`#AxisType[1]=`, `#AxisUnit[1]=`: the
//! intensity, the spectral axis, and those along which spectra were taken). One spectrum follows as rows of two numbers. Several
//! follow as a row of the points of the axis behind as many empty cells as each spectrum has coordinates, then a row for each
//! spectrum, which begins with its coordinates.
//!
//! Without the names of its axes the first coordinate of two is taken as x and the second as y.

use std::borrow::Cow;

use galvanome_model::note::Note;
use galvanome_model::signal::{Signal, conditions};

use crate::error::{ReadError, Trouble};
use crate::files::Files;
use crate::format::{Confidence, Format};
use crate::limits::Limits;
use crate::optical::{Lead, counting, number_of, places, spectral_axis, values_unit};
use crate::sink::Sink;
use crate::text::cells::decode;
use crate::text::clock::{Civil, DateOrder};
use crate::text::lines::Lines;
use crate::text::number::Decimal;
use crate::text::numbers::numbers_of;

/// The entry of the list of formats.
pub(crate) const FORMAT: Format =
    Format { id: "labspec-text", name: "Horiba LabSpec text", endings: &["txt"], claims, read };

/// Settings that no other text has.
const MARKS: [&[u8]; 5] =
    [b"#Acq. time (s)=", b"#AxisType[0]=", b"#Spectro (nm)=", b"#Acq.", b"#Laser (nm)="];
/// Coordinates that a spectrum has at most.
const LEADS_MAX: usize = 4;
/// Words of a row of the axis by which a text without settings is known.
const AXIS_MIN: usize = 8;

fn claims(files: &Files) -> Confidence {
    let Some(opening) = files.opening() else { return Confidence::No };
    let settings = || opening.lines().take_while(|line| line.starts_with(b"#"));
    let marked = |line: &[u8]| MARKS.iter().any(|mark| line.starts_with(mark));
    if settings().any(marked) {
        return Confidence::Certain;
    }
    // A map without settings: the axis behind empty cells, then rows that are as much longer.
    let mut lines = opening.lines();
    let (Some(first), Some(second)) = (lines.next(), lines.next()) else { return Confidence::No };
    let (mut axis, mut row) = (Vec::new(), Vec::new());
    let leads = leads_of(first);
    let numbers = numbers_of(first, Decimal::Point, &mut axis)
        && numbers_of(second, Decimal::Point, &mut row);
    let runs = axis.is_sorted_by(|a, b| a < b) || axis.is_sorted_by(|a, b| a > b);
    let fits = (1..=LEADS_MAX).contains(&leads) && row.len() == axis.len() + leads;
    if numbers && runs && fits && axis.len() >= AXIS_MIN {
        Confidence::Likely
    } else {
        Confidence::No
    }
}

/// Empty cells at the beginning of a row of the axis.
fn leads_of(line: &[u8]) -> usize {
    line.iter().take_while(|byte| **byte == b'\t').count()
}

/// What the settings say.
struct Settings {
    types: Vec<String>,
    units: Vec<String>,
    exposure_s: f64,
    exposures: f64,
    laser_nm: f64,
    title: String,
}

impl Settings {
    fn take(&mut self, key: &str, value: &str, sink: &mut dyn Sink) {
        let numbered = |prefix: &str| -> Option<usize> {
            let number = key.strip_prefix(prefix)?.strip_suffix(']')?.parse().ok()?;
            (number <= LEADS_MAX + 1).then_some(number)
        };
        let put = |list: &mut Vec<String>, number: usize| {
            if list.len() <= number {
                list.resize(number + 1, String::new());
            }
            if let Some(place) = list.get_mut(number) {
                value.clone_into(place);
            }
        };
        if let Some(number) = numbered("AxisType[") {
            put(&mut self.types, number);
        } else if let Some(number) = numbered("AxisUnit[") {
            put(&mut self.units, number);
        }
        // LabSpec 5 and 6 name some settings differently, and write `532 nm`.
        let number =
            || number_of(value.split(|c: char| c == ' ' || c.is_alphabetic()).next().unwrap_or(""));
        match key {
            "Acq. time (s)" | "Exposition" | "Exposure time" => self.exposure_s = number(),
            "Accumulations" | "Accumulation" => self.exposures = number(),
            "Laser (nm)" | "Laser" => self.laser_nm = number(),
            "Title" => value.clone_into(&mut self.title),
            "Instrument" | "Spectrometer" if !value.is_empty() => sink.instrument(value),
            "Acquired" | "Date" => {
                if let Some(start) = Civil::parse(value, DateOrder::DayFirst) {
                    sink.started_at(start.start());
                }
            }
            _ => {}
        }
    }
}

/// What a list says of an axis; empty where it says nothing.
fn of_axis(list: &[String], number: usize) -> &str {
    list.get(number).map(String::as_str).unwrap_or_default()
}

/// Spectra as they are read.
#[derive(Default)]
struct Spectra {
    axis: Vec<f64>,
    values: Vec<f64>,
    leads: Vec<Vec<f64>>,
}

fn read(files: &Files, limits: &Limits, sink: &mut dyn Sink) -> Result<(), ReadError> {
    let none = || {
        ReadError::new(
            Trouble::Damaged,
            "the text holds no row of two numbers or more",
            "export it from LabSpec again",
        )
    };
    let Some(member) = files.only() else { return Err(none()) };
    let mut lines = Lines::new(member.source.as_ref(), &member.name, limits.max_line_bytes)?;
    let mut settings = Settings {
        types: Vec::new(),
        units: Vec::new(),
        exposure_s: f64::NAN,
        exposures: 1.0,
        laser_nm: f64::NAN,
        title: String::new(),
    };
    let mut spectra = Spectra::default();
    let (mut is_map, mut begun, mut told, mut row) = (false, false, 0, Vec::new());
    let (mut odd, mut first_odd, mut beyond, mut open, mut cut) = (0_u64, 0, false, None, false);
    while let Some(line) = lines.next()? {
        if let (false, Some(setting)) = (begun, line.bytes.strip_prefix(b"#")) {
            let text: Cow<'_, str> = decode(setting);
            let (key, value) = text.split_once('=').unwrap_or((&text, ""));
            settings.take(key.trim(), value.trim(), sink);
            told += 1;
            if told <= limits.max_metadata && !value.trim().is_empty() {
                sink.metadata(key.trim(), value.trim());
            }
            continue;
        }
        if line.bytes.trim_ascii().is_empty() {
            continue;
        }
        let is_row = numbers_of(line.bytes, Decimal::Point, &mut row) && !line.cut;
        cut |= line.cut;
        if is_row && !begun {
            begun = true;
            is_map = leads_of(line.bytes) > 0 || row.len() > LEADS_MAX + 1;
            if is_map {
                spectra.leads = vec![Vec::new(); leads_of(line.bytes).min(LEADS_MAX)];
                spectra.axis = std::mem::take(&mut row);
                continue;
            }
        }
        let width = if is_map { spectra.axis.len() + spectra.leads.len() } else { 2 };
        if !is_row || row.len() != width {
            odd += 1;
            first_odd = if odd == 1 { line.number } else { first_odd };
            continue;
        }
        if (spectra.values.len() + width) as u64 > limits.max_cells {
            beyond = true;
            break;
        }
        open = (!line.ended).then_some(line.number);
        if is_map {
            let (lead, values) = row.split_at_checked(spectra.leads.len()).unwrap_or_default();
            for (column, number) in spectra.leads.iter_mut().zip(lead) {
                column.push(*number);
            }
            spectra.values.extend(values);
        } else if let &[at, value] = row.as_slice() {
            spectra.axis.push(at);
            spectra.values.push(value);
        }
    }
    if odd > 0 {
        let message = format!("{odd} lines are no rows as the others are; they were left out");
        sink.note(Note::new("unreadable-line", message, format!("line {first_odd}")));
    }
    if beyond || cut {
        let message =
            "the limit of values, or of the length of a line, is reached; the rest was not read";
        sink.note(Note::new("limit-reached", message, ""));
    }
    if let Some(line) = open {
        let message = "no line break ends the last line, so its last number may lack digits";
        sink.note(Note::new("unterminated-last-line", message, format!("line {line}")));
    }
    if spectra.values.is_empty() {
        return if begun { nothing(sink) } else { Err(none()) };
    }
    let message = "no real text of LabSpec with settings was compared with what LabSpec shows; compare this one with it before it is used";
    sink.note(Note::new("unverified-format", message, ""));
    tell(&settings, spectra, sink);
    Ok(())
}

#[expect(clippy::unnecessary_wraps, reason = "the way on of a reader that found no error")]
fn nothing(sink: &mut dyn Sink) -> Result<(), ReadError> {
    sink.note(Note::new("no-data", "the text holds no whole spectrum", ""));
    Ok(())
}

/// Tells the sink the signal.
fn tell(settings: &Settings, spectra: Spectra, sink: &mut dyn Sink) {
    let Spectra { axis, values, leads } = spectra;
    let count = values.len().checked_div(axis.len()).unwrap_or(0);
    let unit = values_unit(of_axis(&settings.units, 0));
    let mut signal = Signal {
        name: "intensity".to_owned(),
        label: settings.title.clone(),
        counting: counting(&unit, settings.exposure_s, settings.exposures),
        unit,
        values,
        ..Signal::default()
    };
    if settings.laser_nm > 0.0 {
        signal.conditions.push(conditions::LASER_WAVELENGTH.at(settings.laser_nm));
    }
    if count > 1 {
        let two = leads.len() == 2;
        let named = |(number, points): (usize, Vec<f64>)| {
            let kind = of_axis(&settings.types, number + 2);
            let custom = if two { ["X", "Y"].get(number).copied().unwrap_or("") } else { "" };
            let name = if kind.is_empty() { custom } else { kind };
            let unit = of_axis(&settings.units, number + 2).to_owned();
            Lead { name: name.to_owned(), unit, points }
        };
        let leads: Vec<Lead> = leads.into_iter().enumerate().map(named).collect();
        let places = places(&leads, count);
        if places.assumed {
            let message = "the text gives no unit of the positions; they are taken as micrometres";
            sink.note(Note::new("unit-assumed", message, ""));
        }
        signal.axes.push(places.axis);
        signal.positions = places.positions;
    }
    let unit = match of_axis(&settings.units, 1) {
        "" => {
            let message = "the text does not say in which unit its axis is; it is taken as Raman shift in 1/cm, which LabSpec shows unless it is told otherwise";
            sink.note(Note::new("unit-assumed", message, ""));
            "1/cm"
        }
        unit => unit,
    };
    signal.axes.push(spectral_axis(unit, of_axis(&settings.types, 1), axis));
    sink.signal(signal);
}
