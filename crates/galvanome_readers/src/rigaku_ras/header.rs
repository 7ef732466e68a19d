//! The header of a scan: what it says of axis, beam and time.

use std::collections::BTreeMap;

use encoding_rs::SHIFT_JIS;
use galvanome_model::note::Note;
use galvanome_model::signal::{Condition, conditions};

use crate::diffraction::{Drive, Places};
use crate::limits::Limits;
use crate::sink::Sink;
use crate::text::clock::{Civil, DateOrder, order_matters};
use crate::text::number::{Cell, Decimal, parse};

/// The entries of a header, in the order of the file.
#[derive(Debug, Default)]
pub(super) struct Header {
    entries: Vec<(String, String)>,
    places: BTreeMap<String, usize>,
}

impl Header {
    /// Takes a line such as `*MEAS_SCAN_STEP "0.0040000000"`; others are passed over.
    pub(super) fn take(&mut self, line: &[u8], limits: &Limits) {
        let Some(line) = line.strip_prefix(b"*") else { return };
        if self.entries.len() >= limits.max_metadata {
            return;
        }
        let line = japanese(line);
        let (key, value) = line.split_once(' ').unwrap_or((&line, ""));
        let value = value.trim();
        let inside = value.strip_prefix('"').and_then(|value| value.strip_suffix('"'));
        self.places.entry(key.to_owned()).or_insert(self.entries.len());
        self.entries.push((key.to_owned(), inside.unwrap_or(value).to_owned()));
    }

    /// A value; empty where there is none.
    pub(super) fn text(&self, key: &str) -> &str {
        let place = self.places.get(key);
        place.and_then(|&place| self.entries.get(place)).map_or("", |(_, value)| value.trim())
    }

    /// A value that is a number.
    pub(super) fn number(&self, key: &str) -> Option<f64> {
        match parse(self.text(key).as_bytes(), Decimal::Point) {
            Cell::Number(number) => Some(number),
            _ => None,
        }
    }

    /// Tells the header of a scan: of the first one all, of the others what differs from the one before, with the number of
    /// the scan in front. `room` is how many entries are taken still.
    pub(super) fn tell(
        &self,
        scan: usize,
        before: Option<&Self>,
        room: &mut usize,
        sink: &mut dyn Sink,
    ) {
        for (key, value) in &self.entries {
            if before.is_some_and(|before| before.text(key) == value.trim()) || *room == 0 {
                continue;
            }
            *room -= 1;
            if scan == 1 {
                sink.metadata(key, value);
            } else {
                sink.metadata(&format!("scan {scan}: {key}"), value);
            }
        }
        if scan > 1 {
            return;
        }
        sink.instrument(english(self.text("HW_GONIOMETER_NAME")));
        if let Some((start, assumed)) = self.began() {
            sink.started_at(start.start());
            if assumed {
                let message = "the date of the start does not show whether the day or the month stands first; the month was taken to";
                sink.note(Note::new("date-order-assumed", message, ""));
            }
        }
    }

    /// The start, and whether the order of day and month in it is a guess. Start and end together show it when midnight or
    /// the end of a month lies between: in the wrong order the scan would last months or end before it began.
    fn began(&self) -> Option<(Civil, bool)> {
        let text = self.text("MEAS_SCAN_START_TIME");
        let end = self.text("MEAS_SCAN_END_TIME");
        let read = |order| {
            let start = Civil::parse(text, order)?;
            let lasted = Civil::parse(end, order).map(|end| end.seconds_since(&start));
            Some((start, lasted.filter(|lasted| *lasted >= 0.0)))
        };
        let month_first = read(DateOrder::MonthFirst)?;
        let Some(day_first) = read(DateOrder::DayFirst) else {
            return Some((month_first.0, false));
        };
        Some(match (month_first.1, day_first.1) {
            (Some(a), Some(b)) if b < a => (day_first.0, false),
            (None, Some(_)) => (day_first.0, false),
            (Some(a), Some(b)) if a == b => (month_first.0, order_matters(text)),
            (None, None) => (month_first.0, order_matters(text)),
            _ => (month_first.0, false),
        })
    }

    /// The drive that was scanned by its name, and all drives of which a scan says where they stood.
    pub(super) fn drives(&self, points: Vec<f64>) -> (String, Vec<Drive>) {
        let scanned = self.text("MEAS_SCAN_AXIS_X_INTERNAL");
        let shown = self.text("MEAS_SCAN_AXIS_X");
        // Two drives that run together are told by the angle between the beams.
        let name = match scanned {
            "TwoThetaTheta" | "TwoThetaOmega" => "TwoTheta",
            "ThetaS" => "Omega",
            "" if shown.is_empty() => "position",
            "" => shown,
            other => other,
        };
        let unit = match self.text("MEAS_SCAN_UNIT_X") {
            "" => "deg",
            unit => unit,
        };
        let drive = |name: &str, unit: &str, places| Drive {
            name: name.to_owned(),
            unit: unit.to_owned(),
            places,
        };
        let mut drives = vec![drive(name, unit, Places::Listed(points))];
        for (key, other) in &self.entries {
            let Some(number) = key.strip_prefix("MEAS_COND_AXIS_NAME_INTERNAL-") else { continue };
            // What runs along with the drive that is scanned does not stand where it began.
            let stands = match other.as_str() {
                "Chi" | "Phi" | "X" | "Y" | "Z" => true,
                "Omega" => scanned == "TwoTheta",
                "TwoTheta" => matches!(scanned, "Omega" | "ThetaS" | "Chi" | "Phi"),
                _ => false,
            };
            let place = self.number(&format!("MEAS_COND_AXIS_POSITION-{number}"));
            if let Some(place) = place.filter(|_| stands && other != name) {
                let unit = self.text(&format!("MEAS_COND_AXIS_UNIT-{number}"));
                drives.push(drive(other, unit, Places::Fixed(place)));
            }
        }
        (name.to_owned(), drives)
    }

    /// When the scan began, by a clock taken for one in UTC: for differences between scans.
    pub(super) fn started_unix_s(&self) -> Option<f64> {
        Some(self.began()?.0.unix_s(0.0))
    }

    /// The unit of the intensities.
    pub(super) fn intensity_unit(&self) -> &str {
        match self.text("MEAS_SCAN_UNIT_Y") {
            "counts" => "counts",
            "cps" => "counts/s",
            other => other,
        }
    }

    /// Seconds that a point was counted: the step over the speed, or the time where the speed is one.
    pub(super) fn live_time_s(&self) -> Option<f64> {
        let speed = self.number("MEAS_SCAN_SPEED").filter(|speed| *speed > 0.0)?;
        let step = self.number("MEAS_SCAN_STEP").map(f64::abs);
        let time = match self.text("MEAS_SCAN_SPEED_UNIT") {
            "deg/min" => step? / speed * 60.0,
            "sec" | "s" => speed,
            _ => return None,
        };
        Some(time).filter(|time| *time > 0.0 && time.is_finite())
    }

    /// Wavelengths of the lines that were used.
    pub(super) fn conditions(&self) -> Vec<Condition> {
        let wavelength = |key: &str| self.number(key).filter(|length| *length > 0.0);
        let (first, second) =
            (wavelength("HW_XG_WAVE_LENGTH_ALPHA1"), wavelength("HW_XG_WAVE_LENGTH_ALPHA2"));
        let line = self.text("MEAS_COND_XG_WAVE_TYPE").to_lowercase();
        let mut known = Vec::new();
        match line.trim_start_matches("k-").trim_start_matches('k') {
            "a1" | "alpha1" => known.extend(first.map(|at| conditions::WAVELENGTH.at(at))),
            "b" | "beta" => {
                let beta = wavelength("HW_XG_WAVE_LENGTH_BETA");
                known.extend(beta.map(|at| conditions::WAVELENGTH.at(at)));
            }
            "" | "a" | "alpha" | "a12" | "alpha12" | "a1+a2" => {
                known.extend(first.map(|at| conditions::WAVELENGTH.at(at)));
                known.extend(second.map(|at| conditions::WAVELENGTH_K_ALPHA_2.at(at)));
            }
            _ => {}
        }
        known
    }
}

/// Names stand there in Japanese and in English: `標準|Standard`.
fn english(name: &str) -> &str {
    name.rsplit('|').next().unwrap_or(name)
}

/// Text in UTF-8, or in the Japanese encoding of Windows.
fn japanese(bytes: &[u8]) -> String {
    match std::str::from_utf8(bytes) {
        Ok(text) => text.to_owned(),
        Err(_) => SHIFT_JIS.decode_without_bom_handling(bytes).0.into_owned(),
    }
}
