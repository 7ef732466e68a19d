//! The spectra as signals.

use std::io;

use galvanome_model::note::Note;
use galvanome_model::signal::{Axis, Condition, Counting, Signal, axes, conditions};

use super::area::Area;
use super::blocks::{Block, Blocks};
use super::header::{self, Header, Together};
use super::kinds;
use super::origins::{self, Origin};
use super::positions;
use super::spectra;
use super::table;
use super::tell::Settings;
use crate::failure::Failure;
use crate::le::u32_at;
use crate::limits::Limits;
use crate::sink::Sink;
use crate::source::Source;

/// Bytes before the points of an axis: its kind and unit.
const AXIS_HEAD: u64 = 8;

/// Reads the spectra and what is said of each. Errors when the source cannot be read, or the sink not keep them.
pub(super) fn read(
    source: &dyn Source,
    header: &Header,
    blocks: &Blocks,
    settings: &Settings,
    limits: &Limits,
    sink: &mut dyn Sink,
) -> Result<(), Failure> {
    let Some(data) = blocks.first(*b"DATA") else {
        let message = "the file ends before its spectra";
        sink.note(Note::new("truncated-file", message, "block DATA"));
        return Ok(());
    };
    let points = header.points as usize;
    let count = count_of(header, data, limits, sink);
    let list = blocks.first(*b"XLST");
    if list.is_none() {
        let message =
            "the axis of the spectra is not in the file; their points are counted instead";
        sink.note(Note::new("axis-missing", message, "block XLST"));
    }
    unproven(header, blocks, sink);
    let origins = match blocks.first(*b"ORGN") {
        Some(block) if count > 0 => origins::read(source, header, block, count, sink)?,
        _ => Vec::new(),
    };
    let area = match blocks.first(*b"WMAP") {
        Some(block) => Area::of(&block.bytes(source, 64)?),
        None => None,
    };
    flags(header, &origins, sink);
    if count == 0 {
        sink.note(Note::new("no-data", "the file holds no whole spectrum", "block DATA"));
        return Ok(());
    }
    let is_map = header.together == Together::Map;
    let places = positions::of(&origins, area.as_ref(), count, is_map, sink);
    let mut values = spectra::floats(source, data.at, count * points, limits.threads)?;
    let tracks = match usize::try_from(header.tracks) {
        Ok(tracks) if header.flags & header::MULTITRACK != 0 && tracks > 1 => {
            tracks.min(count).min(limits.max_columns)
        }
        _ => 1,
    };
    let counting = counting(header, settings, sink);
    for track in 0..tracks {
        let axis = axis_of(source, list, track, points)?;
        let of_track = |number: &usize| tracks == 1 || number % tracks == track;
        let numbers: Vec<usize> = (0..count).filter(of_track).collect();
        let track_values = if tracks == 1 {
            std::mem::take(&mut values)
        } else {
            let part = |number: &usize| values.get(number * points..(number + 1) * points);
            numbers.iter().filter_map(part).flatten().copied().collect()
        };
        let mut axes = Vec::new();
        if count > 1 {
            axes.push(series_axis(header, &origins, &numbers, sink));
        }
        axes.push(axis);
        sink.signal(Signal {
            name: "intensity".to_owned(),
            label: header.title.clone(),
            unit: kinds::unit(header.unit).to_owned(),
            axes,
            values: track_values,
            uncertainties: Vec::new(),
            positions: numbers.iter().filter_map(|&number| places.get(number).copied()).collect(),
            counting,
            conditions: laser(header),
        });
    }
    if count > 1 {
        table::tell(header, &origins, count, limits, sink)?;
    }
    Ok(())
}

/// How many spectra there are to read: those that were taken, are there as a whole, and may be read.
fn count_of(header: &Header, data: Block, limits: &Limits, sink: &mut dyn Sink) -> usize {
    let bytes_each = u64::from(header.points) * 4;
    let whole = data.len / bytes_each;
    let mut count = header.count;
    if header.count > header.capacity {
        let message = format!(
            "the head counts {} spectra and has room for {}; the latter is taken",
            header.count, header.capacity
        );
        sink.note(Note::new("damaged-head", message, "byte 72"));
        count = header.capacity;
    } else if header.count < header.capacity {
        let message = format!(
            "the measurement was ended early: {} of {} spectra were taken",
            header.count, header.capacity
        );
        sink.note(Note::new("incomplete-measurement", message, ""));
    }
    if whole < count {
        let message = format!("{whole} of {count} spectra are there as a whole");
        sink.note(Note::new("truncated-file", message, "block DATA"));
        count = whole;
    }
    let may = limits.max_cells / u64::from(header.points);
    let may = may.min(limits.max_rows);
    if may < count {
        let message = format!("the limit of values is reached; {may} of {count} spectra were read");
        sink.note(Note::new("limit-reached", message, "block DATA"));
        count = may;
    }
    usize::try_from(count).unwrap_or(0)
}

/// Says of kinds of file that nobody has seen beside the vendor's own numbers.
fn unproven(header: &Header, blocks: &Blocks, sink: &mut dyn Sink) {
    let mut what = Vec::new();
    if header.flags & header::MULTITRACK != 0 {
        what.push("tracks of the camera with axes of their own");
    }
    if header.flags & header::XYXY != 0 || blocks.count(*b"DATA") > 1 || blocks.count(*b"XLST") > 1
    {
        what.push("several lists of spectra, of which the first is read");
    }
    if header.y_len > 1 {
        what.push("images of the camera, of which the rows follow each other");
    }
    if !what.is_empty() {
        let message = format!(
            "no real file of this kind was compared with what WiRE shows of it: {}; compare these with it before they are used",
            what.join(", ")
        );
        sink.note(Note::new("unverified-format", message, ""));
    }
}

/// The axis along which the points of spectra run.
fn axis_of(
    source: &dyn Source,
    list: Option<Block>,
    track: usize,
    points: usize,
) -> io::Result<Axis> {
    let counted = || (0..points).map(|point| point as f64).collect();
    let Some(list) = list else { return Ok(Axis::of(axes::CHANNEL, "", counted())) };
    let unit = u32_at(&list.bytes(source, 8)?, 4);
    let skipped = (track as u64).saturating_mul(points as u64 * 4).saturating_add(AXIS_HEAD);
    let there = list.len.saturating_sub(skipped) / 4;
    if there < points as u64 {
        // An image of the camera has rows of this axis; a cut axis is none.
        return Ok(Axis::of(axes::CHANNEL, "", counted()));
    }
    Ok(kinds::spectral_axis(unit, spectra::floats(source, list.at + skipped, points, 1)?))
}

/// The axis that counts the spectra, or along which their series was taken.
fn series_axis(
    header: &Header,
    origins: &[Origin],
    numbers: &[usize],
    sink: &mut dyn Sink,
) -> Axis {
    let counted = || {
        let numbers = numbers.iter().map(|&number| number as f64).collect();
        Axis::of(axes::SPECTRUM, "", numbers)
    };
    if !matches!(header.together, Together::Series | Together::Unsaid) {
        return counted();
    }
    let mut along = origins.iter().filter(|origin| origin.primary);
    let (Some(origin), None) = (along.next(), along.next()) else { return counted() };
    let pick = |all: &[f64]| -> Vec<f64> {
        numbers.iter().filter_map(|&number| all.get(number).copied()).collect()
    };
    match origin.kind {
        kinds::TIME | kinds::ELAPSED => match origin.seconds_since(header.start) {
            Some(seconds) => Axis::of(axes::TIME, &origin.name, pick(&seconds)),
            None => counted(),
        },
        kinds::Z | kinds::FOCUS => match origin.metres() {
            Some((metres, assumed)) => {
                if assumed {
                    let message =
                        "the file gives no unit of the height; it is taken as micrometres";
                    sink.note(Note::new("unit-assumed", message, "block ORGN"));
                }
                Axis::of(axes::HEIGHT, &origin.name, pick(&metres))
            }
            None => counted(),
        },
        kinds::X | kinds::Y => counted(),
        kind => match origin.numbers() {
            Some(numbers) => own_axis(origin, kind, pick(numbers)),
            None => counted(),
        },
    }
}

/// An axis of a kind that analyses do not know.
fn own_axis(origin: &Origin, kind: u32, points: Vec<f64>) -> Axis {
    let unit = kinds::unit(origin.unit).to_owned();
    let mut name = match kind {
        kinds::TEMPERATURE => "temperature".to_owned(),
        _ if origin.name.is_empty() => "series".to_owned(),
        _ => origin.name.to_lowercase(),
    };
    // The names that analyses know have one unit each.
    if axes::ALL.iter().any(|known| known.name == name && known.unit != unit) {
        name.push_str(" of the file");
    }
    Axis { name, unit, vendor_name: origin.name.clone(), points }
}

/// Exposure and what a unit of the values is worth.
fn counting(header: &Header, settings: &Settings, sink: &mut dyn Sink) -> Option<Counting> {
    if kinds::unit(header.unit) != "counts" {
        return None;
    }
    let exposures = f64::from(header.exposures.max(1));
    let live_time_s = settings.exposure_s.map_or(f64::NAN, |exposure| exposure * exposures);
    let message = "what WiRE calls counts are units of the camera after its corrections, of which one is worth several photoelectrons; their noise is smaller than counting statistics say";
    sink.note(Note::new("unit-assumed", message, "signal intensity"));
    Some(Counting { live_time_s, counts_per_unit: 1.0 })
}

/// The laser's wavelength, as WiRE has it: 10⁷ over its wavenumber.
fn laser(header: &Header) -> Vec<Condition> {
    let wavelength = 1e7 / header.laser;
    let known = header.laser > 0.0 && wavelength.is_finite();
    known.then(|| conditions::LASER_WAVELENGTH.at(wavelength)).into_iter().collect()
}

/// What is said of single spectra that an analysis should not take as others.
const DOUBTS: [(u64, &str, &str); 5] = [
    (0x101, "saturated-spectra", "are saturated in part"),
    (0x2, "faulty-spectra", "had an error while they were taken"),
    (0x4, "cosmic-rays", "had a cosmic ray, which WiRE found and kept or took out"),
    (0xF0, "focus-lost", "were taken while the focus could not be tracked"),
    (1 << 48, "masked-spectra", "are masked in the file; they were read like the others"),
];

/// Says how many spectra have a flag.
fn flags(header: &Header, origins: &[Origin], sink: &mut dyn Sink) {
    let words = origins.iter().find(|origin| origin.kind == kinds::FLAGS).and_then(Origin::words);
    let words = words.unwrap_or_default();
    for (bits, code, what) in DOUBTS {
        let marked = || words.iter().enumerate().filter(|(_, word)| **word & bits != 0);
        if let Some((first, _)) = marked().next() {
            let message = format!("{} of {} spectra {what}", marked().count(), words.len());
            sink.note(Note::new(code, message, format!("spectrum {first}")));
        }
    }
    let saturated = words.iter().any(|word| word & 0x101 != 0);
    if header.flags & header::SATURATED != 0 && !saturated {
        let message =
            "the head says that there are saturated spectra, and no spectrum is marked as one";
        sink.note(Note::new("saturated-spectra", message, "byte 16"));
    }
}
