//! The text of a PHI file.

use crate::electrons::{Told, leading_number, number};
use crate::sink::Sink;
use crate::text::cells::decode;

/// Regions that a header has at most.
const REGIONS: usize = 10_000;

/// A region of energies.
#[derive(Debug, Clone)]
pub(super) struct Region {
    pub(super) number: u64,
    /// What it is called: `C1s`, `1su`.
    pub(super) name: String,
    /// Binding energy of its first and last point, and the step between two, which is negative.
    pub(super) start_ev: f64,
    pub(super) end_ev: f64,
    pub(super) step_ev: f64,
    /// Time that was counted at each point.
    pub(super) time_s: f64,
    pub(super) pass_energy_ev: f64,
}

/// What the text says.
#[derive(Debug, Default)]
pub(super) struct Header {
    pub(super) instrument: String,
    /// The day of the measurement, as ISO 8601.
    pub(super) day: Option<String>,
    pub(super) photon_ev: Option<f64>,
    pub(super) regions: Vec<Region>,
    /// Numbers of the places on the sample, and where they are in micrometres.
    pub(super) areas: Vec<(u64, [f64; 3])>,
}

impl Header {
    /// Reads the text and tells every line of it.
    pub(super) fn read(text: &[u8], told: &mut Told, sink: &mut dyn Sink) -> Self {
        let mut header = Self::default();
        for line in text.split(|byte| matches!(byte, b'\n' | b'\r')) {
            let line = decode(line);
            let Some((key, value)) = line.split_once(':') else { continue };
            let (key, value) = (key.trim(), value.trim());
            told.tell(key, value, sink);
            header.take(key, value);
        }
        header
    }

    fn take(&mut self, key: &str, value: &str) {
        match key {
            "InstrumentModel" => value.clone_into(&mut self.instrument),
            "AcqFileDate" => self.day = day_of(value).or(self.day.take()),
            "FileDate" if self.day.is_none() => self.day = day_of(value),
            // `Al 1486.6 mono`
            "XraySource" => {
                let energy = value.split_whitespace().find_map(leading_number);
                self.photon_ev = energy.filter(|energy| *energy > 0.0);
            }
            "SpectralRegDef" if self.regions.len() < REGIONS => {
                self.regions.extend(region_of(value));
            }
            "SpatialAreaDef" if self.areas.len() < REGIONS => self.areas.extend(area_of(value)),
            _ => {}
        }
    }
}

/// The day of three numbers: `2024 1 22`.
fn day_of(text: &str) -> Option<String> {
    let mut parts = text.split_whitespace().map(|part| part.parse::<u32>().ok());
    let (year, month, day) = (parts.next()??, parts.next()??, parts.next()??);
    let sane =
        (1900..=9999).contains(&year) && (1..=12).contains(&month) && (1..=31).contains(&day);
    sane.then(|| format!("{year:04}-{month:02}-{day:02}"))
}

/// A region: number, count, name, atomic number, points, step, first and last energy, two energies between which the
/// peak is looked for, time per point, pass energy, kind. The name may hold blanks, so numbers are counted from the end.
fn region_of(text: &str) -> Option<Region> {
    let words: Vec<&str> = text.split_whitespace().collect();
    let name_end = words.len().checked_sub(10)?;
    let name = words.get(2..name_end)?.join(" ");
    let mut rest = words.get(name_end..)?.iter().map(|word| number(word));
    let (_, _) = (rest.next()?, rest.next()?);
    let (step_ev, start_ev, end_ev) = (rest.next()??, rest.next()??, rest.next()??);
    let (_, _) = (rest.next()?, rest.next()?);
    let (time_s, pass_energy_ev) = (rest.next()??, rest.next()??);
    let number = words.first()?.parse().ok()?;
    Some(Region { number, name, start_ev, end_ev, step_ev, time_s, pass_energy_ev })
}

/// A place: `1 Point1 1 (47930.2 2899.4 9152.4 45.0 1.7)`.
fn area_of(text: &str) -> Option<(u64, [f64; 3])> {
    let area = text.split_whitespace().next()?.parse().ok()?;
    let inside = text.rsplit_once('(')?.1.split(')').next()?;
    let mut numbers = inside.split_whitespace().map(number);
    Some((area, [numbers.next()??, numbers.next()??, numbers.next()??]))
}
