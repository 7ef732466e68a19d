//! When each pattern was taken, and the cell's voltage then.

use galvanome_model::measurement::Zone;
use galvanome_model::note::Note;
use galvanome_numerics::interpolation::linear;

use crate::analysis::spectrum::Spectrum;
use crate::analysis::{Inputs, start};

/// Starts of patterns, and what the cell did.
#[derive(Debug, Clone, Default)]
pub(super) struct Clock {
    /// Seconds from the first pattern's start to that of each; empty where not every file tells its start.
    pub(super) seconds: Vec<f64>,
    /// Voltage of the cell at the start of each; NaN outside the cycler's record, empty without one.
    pub(super) voltage: Vec<f64>,
}

/// The role of the cell's own record.
pub(super) const CYCLER: &str = "cycler";

/// Reads the clocks of patterns and of a cycler.
pub(super) fn clock(inputs: &Inputs, spectra: &[&Spectrum], notes: &mut Vec<Note>) -> Clock {
    let absolute: Option<Vec<(f64, Zone)>> = spectra
        .iter()
        .map(|spectrum| {
            let started = inputs.main.get(spectrum.input)?.measurement.started_at.as_ref()?;
            Some((start::seconds(started)? + spectrum.after_s, started.zone))
        })
        .collect();
    let inside: Vec<f64> = spectra.iter().map(|spectrum| spectrum.after_s).collect();
    let one_file = spectra.iter().all(|spectrum| spectrum.input == spectra[0].input);
    let one_zone = |all: &Vec<(f64, Zone)>| all.iter().all(|one| one.1 == all[0].1);
    let absolute = absolute.filter(one_zone);
    let from_first = |all: &[f64]| -> Vec<f64> {
        let first = all.first().copied().unwrap_or(0.0);
        all.iter().map(|one| one - first).collect()
    };
    let seconds = match &absolute {
        Some(all) => from_first(&all.iter().map(|one| one.0).collect::<Vec<_>>()),
        None if one_file && inside.iter().any(|after| *after > 0.0) => from_first(&inside),
        None => Vec::new(),
    };
    let told = seconds.windows(2).any(|pair| pair[1] > pair[0]);
    let seconds = if told { seconds } else { Vec::new() };
    let has_cycler = inputs.auxiliary.iter().any(|one| one.0 == CYCLER);
    if has_cycler && absolute.is_none() {
        notes.push(Note::new(
            "cycler-not-used",
            "the patterns do not all tell in the same way when they started, so the cycler's voltage cannot be assigned to them",
            "",
        ));
    }
    let voltage = absolute.map_or_else(Vec::new, |all| voltages(inputs, &all, notes));
    Clock { seconds, voltage }
}

fn voltages(inputs: &Inputs, starts: &[(f64, Zone)], notes: &mut Vec<Note>) -> Vec<f64> {
    let mut points: Vec<(f64, f64)> = Vec::new();
    let mut zones = Vec::new();
    for (_, input) in inputs.auxiliary.iter().filter(|one| one.0 == CYCLER) {
        let measurement = &input.measurement;
        let Some(table) = measurement.tables.first() else { continue };
        let Some(voltage) = table.numbers("voltage_volt") else { continue };
        let unix =
            table.numbers("unix_time_second").filter(|all| all.iter().any(|t| t.is_finite()));
        let started = measurement.started_at.as_ref();
        let clock = match (unix, started) {
            (Some(unix), _) => {
                zones.push(Zone::Stated);
                unix.to_vec()
            }
            (None, Some(started)) => {
                let (Some(begin), Some(time)) =
                    (start::seconds(started), table.numbers("test_time_second"))
                else {
                    continue;
                };
                zones.push(started.zone);
                let first = time.first().copied().unwrap_or(0.0);
                time.iter().map(|time| begin + time - first).collect()
            }
            (None, None) => continue,
        };
        points.extend(
            clock
                .iter()
                .zip(voltage)
                .filter(|(time, voltage)| time.is_finite() && voltage.is_finite())
                .map(|(time, voltage)| (*time, *voltage)),
        );
    }
    if inputs.auxiliary.iter().all(|one| one.0 != CYCLER) {
        return Vec::new();
    }
    let zone = starts.first().map(|one| one.1);
    if points.is_empty() || zones.iter().any(|one| Some(*one) != zone) {
        let message = if points.is_empty() {
            "the cycler's file holds no voltage with a clock, so the patterns have no voltage"
        } else {
            "of cycler and diffractometer one tells its time zone and the other does not, so the patterns have no voltage"
        };
        notes.push(Note::new("cycler-not-used", message, ""));
        return Vec::new();
    }
    if zone == Some(Zone::Local) {
        notes.push(Note::new(
            "clocks-assumed-equal",
            "cycler and diffractometer both give local time without a zone; their clocks were taken to agree",
            "",
        ));
    }
    points.sort_by(|a, b| a.0.total_cmp(&b.0));
    points.dedup_by(|a, b| a.0 == b.0);
    let (time, voltage): (Vec<f64>, Vec<f64>) = points.into_iter().unzip();
    let found: Vec<f64> =
        starts.iter().map(|one| linear(&time, &voltage, one.0).unwrap_or(f64::NAN)).collect();
    let outside = found.iter().filter(|one| one.is_nan()).count();
    if outside > 0 {
        let message = format!(
            "{outside} of {} patterns started outside the time that the cycler recorded and have no voltage",
            found.len()
        );
        notes.push(Note::new("outside-cycler-record", message, ""));
    }
    found
}
