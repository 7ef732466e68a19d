//! Spectra and depth profiles of ULVAC-PHI instruments (`.spe`, `.pro`), as Compass, SmartSoft and MultiPak write them.
//!
//! A text between `SOFH` and `EOFH` says how everything was measured; binary traces follow, each with a header of 24 words
//! that gives its dimensions, their names, the unit and where its numbers stand. A trace is the spectrum of a region, at
//! several places or after several cycles of sputtering, or a small table of cycles and regions. Values are
//! counts per second; times the time per point of the region they are whole counts.

mod header;
mod traces;

use galvanome_model::measurement::{StartTime, Zone};
use galvanome_model::note::Note;
use galvanome_model::signal::{Axis, Position, Signal, axes, conditions};

use self::header::{Header, Region};
use self::traces::{Trace, Traces};
use crate::electrons::{Entry, SmallTable, Told, condition, counting, stepped};
use crate::error::{ReadError, Trouble};
use crate::files::Files;
use crate::format::{Confidence, Format};
use crate::limits::Limits;
use crate::sink::Sink;
use crate::source::head_of;
use crate::text::table::only;

/// The entry of the list of formats.
pub(crate) const FORMAT: Format = Format {
    id: "phi-spectrum",
    name: "PHI spectrum or depth profile",
    endings: &["spe", "pro"],
    claims,
    read,
};

/// What the first line of the text is, and what its last one.
const BEGIN: &[u8] = b"SOFH";
const END: &[u8] = b"EOFH";

/// Bytes that the text has at most.
const TEXT_MAX: usize = 1 << 20;

fn claims(files: &Files) -> Confidence {
    let head = files.only().and_then(|member| head_of(member.source.as_ref(), 4096).ok());
    let Some(head) = head else { return Confidence::No };
    let is_line = |key: &[u8]| {
        let mut lines = head.split(|byte| matches!(byte, b'\n' | b'\r'));
        lines.any(|line| line.starts_with(key))
    };
    let marked = head.trim_ascii_start().starts_with(BEGIN);
    Confidence::certain_if(marked && (is_line(b"Platform:") || is_line(b"Technique:")))
}

fn read(files: &Files, limits: &Limits, sink: &mut dyn Sink) -> Result<(), ReadError> {
    let member = only(files)?;
    let source = member.source.as_ref();
    let head =
        head_of(source, TEXT_MAX).map_err(|error| ReadError::source(&member.name, &error))?;
    let Some((text, begin)) = text_of(&head) else {
        return Err(ReadError::new(
            Trouble::Damaged,
            "the line EOFH that ends the header is missing, so it is not known where spectra begin",
            "fetch the file from the instrument again",
        ));
    };
    let mut told = Told::new(limits);
    let header = Header::read(text, &mut told, sink);
    told.finish(sink);
    if !header.instrument.is_empty() {
        sink.instrument(&header.instrument);
    }
    if let Some(iso) = &header.day {
        sink.started_at(StartTime { iso: format!("{iso}T00:00:00.000"), zone: Zone::Local });
        let message = "the file gives the day of the measurement and no time of day";
        sink.note(Note::new("start-day-only", message, ""));
    }
    let traces = Traces::read(source, begin as u64, sink)
        .map_err(|error| ReadError::source(&member.name, &error))?;
    let Some(traces) = traces else {
        let message = "the file ends before the headers of its spectra";
        sink.note(Note::new("truncated-file", message, format!("byte {begin}")));
        return Ok(());
    };
    let failed = |error| ReadError::source(&member.name, &error);
    // What cycles and areas say of the spectra stands behind them.
    let mut small = Vec::new();
    let mut budget = source.len();
    for trace in traces.list.iter().filter(|trace| !trace.is_spectrum()) {
        small.push((
            trace,
            traces.values(source, trace, &mut budget, limits, sink).map_err(failed)?,
        ));
    }
    for trace in traces.list.iter().filter(|trace| trace.is_spectrum()) {
        let values = traces.values(source, trace, &mut budget, limits, sink).map_err(failed)?;
        if !values.is_empty() {
            let region = region_of(trace, &header, sink);
            sink.signal(spectrum(&header, trace, values, &small, region));
        }
    }
    profile(&header, &small, limits).give(sink)
}

/// The text of a file, and the byte behind the line that ends it.
fn text_of(head: &[u8]) -> Option<(&[u8], usize)> {
    let mut from = 0;
    loop {
        let rest = head.get(from..)?;
        let at = from + rest.windows(END.len()).position(|window| window == END)?;
        let starts = at
            .checked_sub(1)
            .and_then(|before| head.get(before))
            .is_none_or(|before| matches!(before, b'\n' | b'\r'));
        let behind = head.get(at + END.len()..)?;
        let len = if behind.starts_with(b"\r\n") { 2 } else { 1 };
        if starts && matches!(behind.first(), Some(b'\n' | b'\r')) {
            return Some((head.get(..at)?, at + END.len() + len));
        }
        from = at + END.len();
    }
}

/// The region of a trace, and what is odd about it, which is told.
fn region_of<'h>(trace: &Trace, header: &'h Header, sink: &mut dyn Sink) -> Option<&'h Region> {
    let place = format!("spectrum {}", trace.number);
    let Some(region) = header.regions.iter().find(|region| region.number == trace.region) else {
        let message = "the header does not describe the region of this spectrum, so its energies are not known; its points are counted instead";
        sink.note(Note::new("axis-unknown", message, place));
        return None;
    };
    let last = region.start_ev + region.step_ev * (trace.points().saturating_sub(1)) as f64;
    if (last - region.end_ev).abs() > 0.51 * region.step_ev.abs() {
        let message = format!(
            "{} points in steps of {} eV lead to {last} eV, and the header says that the region ends at {} eV",
            trace.points(),
            region.step_ev,
            region.end_ev
        );
        sink.note(Note::new("axis-doubtful", message, place));
    }
    Some(region)
}

/// The signal of a trace.
fn spectrum(
    header: &Header,
    trace: &Trace,
    values: Vec<f64>,
    small: &[(&Trace, Vec<f64>)],
    region: Option<&Region>,
) -> Signal {
    let unit = trace.unit();
    // A file that was cut may lack the end of its only spectrum.
    let points = trace.points().min(values.len());
    let spectra = values.len() / points.max(1);
    let energies = match region {
        Some(region) => {
            let points = stepped(region.start_ev, region.step_ev, points);
            Axis::of(axes::BINDING_ENERGY, "", points)
        }
        None => Axis::of(axes::CHANNEL, "pnt", stepped(0.0, 1.0, points)),
    };
    let mut signal = Signal {
        name: "intensity".to_owned(),
        label: region.map_or_else(|| format!("{}", trace.number), |region| region.name.clone()),
        unit: unit.to_owned(),
        counting: counting(unit, region.map(|region| region.time_s)),
        values,
        conditions: [
            condition(conditions::PHOTON_ENERGY, header.photon_ev),
            condition(
                conditions::PASS_ENERGY,
                region.map(|region| region.pass_energy_ev).filter(|energy| *energy > 0.0),
            ),
        ]
        .into_iter()
        .flatten()
        .collect(),
        ..Signal::default()
    };
    if trace.spectra() > 1 {
        let times =
            small.iter().find(|(small, _)| small.is_sputter_times()).and_then(|(small, times)| {
                let place = header.regions.iter().position(|other| other.number == trace.region)?;
                let begin = place.checked_mul(small.points())?;
                times.get(begin..begin.checked_add(spectra)?)
            });
        signal.axes.push(match times.filter(|_| trace.is_profile()) {
            Some(times) => {
                // The first time may be written as −0.
                let times = times.iter().map(|time| time + 0.0).collect();
                Axis::of(axes::SPUTTER_TIME, "cyc", times)
            }
            None => Axis::of(axes::SPECTRUM, trace.second(), stepped(0.0, 1.0, spectra)),
        });
        let is_at = |number: usize| header.areas.iter().find(|area| area.0 == number as u64 + 1);
        if !trace.is_profile() && (0..spectra).all(|number| is_at(number).is_some()) {
            signal.positions = (0..spectra)
                .filter_map(is_at)
                .map(|(_, [x, y, z])| Position { x_m: x * 1e-6, y_m: y * 1e-6, z_m: z * 1e-6 })
                .collect();
        }
    }
    signal.axes.push(energies);
    signal
}

/// The small traces of cycles and regions as one table.
fn profile(header: &Header, small: &[(&Trace, Vec<f64>)], limits: &Limits) -> SmallTable {
    let mut table = SmallTable::new("depth_profile").number("cycle", "1", "cyc");
    let mut columns: Vec<&[f64]> = Vec::new();
    for (trace, values) in small {
        for (place, column) in values.chunks(trace.points().max(1)).enumerate() {
            if columns.len() + 2 > limits.max_columns {
                break;
            }
            let region = header.regions.get(place).map_or("", |region| region.name.as_str());
            let what = if trace.is_sputter_times() { "sputter_time" } else { "area" };
            table = table.number(&format!("{region}_{what}"), trace.unit(), region);
            columns.push(column);
        }
    }
    let rows = columns.iter().map(|column| column.len()).max().unwrap_or(0);
    for row in 0..rows {
        let values = columns.iter().map(|column| Entry::from(column.get(row).copied()));
        table.row([Entry::from(row as f64)].into_iter().chain(values));
    }
    table
}
