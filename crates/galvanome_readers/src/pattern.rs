//! What texts of powder patterns have in common: what their comments say of the measurement, and counts that are counts.

use galvanome_model::measurement::{StartTime, Zone};
use galvanome_model::signal::{Condition, ConditionKind, Counting, conditions};

use crate::text::clock::{Civil, DateOrder, iso_of_unix, order_matters, split_zone};
use crate::text::number::{Cell, Decimal, begin, parse};

/// What comments say that an analysis needs.
#[derive(Debug, Default)]
pub(crate) struct Said {
    /// Wavelengths, the radius of the goniometer, the temperature.
    pub(crate) conditions: Vec<Condition>,
    /// When the measurement started.
    pub(crate) start: Option<StartTime>,
    /// Whether day and month of that date could be the other way round.
    pub(crate) order_assumed: bool,
    /// The instrument.
    pub(crate) instrument: Option<String>,
    /// Whether angles 2θ are spoken of.
    pub(crate) two_theta: bool,
    /// Seconds that each point was counted.
    pub(crate) step_time_s: Option<f64>,
}

impl Said {
    /// Looks at an entry of the comments: `Calibrated wavelength = 0.414581`.
    pub(crate) fn look(&mut self, key: &str, value: &str) {
        let lower = key.to_lowercase();
        let (name, unit) = named(&lower);
        self.two_theta |= is_about_two_theta(&lower)
            || name == "scantype" && is_about_two_theta(&value.to_lowercase());
        // The multi-analyser diffractometer of beamline 11-BM at the Advanced Photon Source names its files so.
        if key.is_empty() && value.contains("/11bmb_") {
            self.instrument.get_or_insert_with(|| "APS 11-BM".to_owned());
        }
        let number = leading(value);
        match name {
            "wavelength"
            | "calibrated wavelength"
            | "lambda"
            | "x-ray wavelength"
            | "kalpha1"
            | "k-alpha1"
            | "k-alpha1 wavelength"
            | "wavelength1" => {
                self.wavelength(conditions::WAVELENGTH, value, unit);
            }
            "kalpha2" | "k-alpha2" | "k-alpha2 wavelength" | "wavelength2" => {
                self.wavelength(conditions::WAVELENGTH_K_ALPHA_2, value, unit);
            }
            "gonio._radius" | "goniometer radius" | "gonio radius" if unit == "mm" => {
                if let Some(radius) = number.filter(|radius| *radius > 0.0) {
                    self.add(conditions::GONIOMETER_RADIUS, radius / 1e3);
                }
            }
            "temp" | "temperature" | "sample temperature" => match (number, unit) {
                (Some(kelvin), "k") if kelvin > 0.0 => {
                    self.add(conditions::TEMPERATURE, kelvin - 273.15);
                }
                (Some(celsius), "c" | "°c" | "degc") => {
                    self.add(conditions::TEMPERATURE, celsius);
                }
                _ => {}
            },
            "scan time" | "start time" | "date" | "scan date" | "measurement date" => {
                self.begin(value);
            }
            "instrument" | "diffractometer" | "beamline" if !value.is_empty() => {
                self.instrument.get_or_insert_with(|| value.to_owned());
            }
            "timeperstep" | "time per step" if matches!(unit, "" | "s" | "sec") => {
                self.step_time_s = self.step_time_s.or(number.filter(|time| *time > 0.0));
            }
            _ => {}
        }
    }

    /// Adds a condition, unless the text told it before.
    pub(crate) fn add(&mut self, kind: ConditionKind, value: f64) {
        if value.is_finite() && !self.conditions.iter().any(|known| known.kind == kind) {
            self.conditions.push(kind.at(value));
        }
    }

    fn wavelength(&mut self, kind: ConditionKind, value: &str, unit: &str) {
        let Some(number) = leading(value) else { return };
        let behind = value.trim().trim_start_matches(|c: char| {
            c.is_ascii_digit() || matches!(c, '.' | '+' | '-' | 'e' | 'E')
        });
        let written = if unit.is_empty() { behind.trim() } else { unit };
        let angstrom = match written.to_lowercase().as_str() {
            "" | "a" | "å" | "angstrom" | "angstroms" | "ang" => number,
            "nm" => number * 10.0,
            "pm" => number / 100.0,
            "m" => number * 1e10,
            _ => return,
        };
        // What lies beyond is no wavelength of X-rays or thermal neutrons.
        if (0.01..100.0).contains(&angstrom) {
            self.add(kind, angstrom);
        }
    }

    fn begin(&mut self, value: &str) {
        if self.start.is_some() {
            return;
        }
        let Some(start) = start_of(value, DateOrder::MonthFirst) else { return };
        self.order_assumed = start.zone == Zone::Local && order_matters(value);
        self.start = Some(start);
    }
}

/// A start as text says it: with its zone where it gives one, else by a clock that does not say its zone.
pub(crate) fn start_of(text: &str, order: DateOrder) -> Option<StartTime> {
    if let Some((time, ahead_s)) = split_zone(text)
        && let Some(civil) = Civil::parse(time, order)
    {
        return Some(StartTime { iso: iso_of_unix(civil.unix_s(ahead_s))?, zone: Zone::Stated });
    }
    Some(Civil::parse(text, order)?.start())
}

/// The number that a value begins with.
pub(crate) fn leading(value: &str) -> Option<f64> {
    let value = value.trim();
    let word = value.split([' ', '\t', ',', ';', '"']).next().unwrap_or_default();
    match parse(word.as_bytes(), Decimal::Point) {
        Cell::Number(number) => Some(number),
        _ => begin(value.as_bytes(), Decimal::Point).map(|(number, _)| number),
    }
}

/// Whether small letters speak of 2θ.
pub(crate) fn is_about_two_theta(lower: &str) -> bool {
    ["2theta", "2-theta", "2 theta", "two theta", "twotheta", "two_theta", "2θ", "tth", "2th"]
        .iter()
        .any(|word| lower.contains(word))
}

/// A name in small letters and the unit in brackets behind it.
fn named(lower: &str) -> (&str, &str) {
    let lower = lower.trim();
    for (open, close) in [('(', ')'), ('[', ']')] {
        if let Some((name, unit)) = lower.rsplit_once(open)
            && let Some(unit) = unit.strip_suffix(close)
            && !name.trim().is_empty()
        {
            return (name.trim(), unit.trim());
        }
    }
    (lower, "")
}

/// How values were counted that are said to be counts: none where they are not whole numbers, since something was done to
/// them then that counting statistics do not survive.
pub(crate) fn counting(values: &[f64], live_time_s: Option<f64>) -> Option<Counting> {
    let whole = values.iter().all(|value| value.is_nan() || value.fract() == 0.0);
    let live_time_s = live_time_s.unwrap_or(f64::NAN);
    whole.then_some(Counting { live_time_s, counts_per_unit: 1.0 })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn comments_tell_conditions() {
        let check = |key: &str, value: &str, expected: Option<Condition>| {
            let mut said = Said::default();
            said.look(key, value);
            assert_eq!(said.conditions.first().copied(), expected, "{key} = {value}");
        };
        let angstrom = |value| Some(conditions::WAVELENGTH.at(value));
        check("Calibrated wavelength", "0.413263 ", angstrom(0.413_263));
        check("Wavelength", "0.5 Å", angstrom(0.5));
        check("wavelength (nm)", "0.154", angstrom(1.54));
        check("Wavelength", "532 nm", None);
        check("Wavelength", "", None);
        check("Gonio._radius [mm]", "1000.0", Some(conditions::GONIOMETER_RADIUS.at(1.0)));
        check("Temp (K)", "273.15", Some(conditions::TEMPERATURE.at(0.0)));
        check("Temp", "300", None);
    }

    #[test]
    fn comments_tell_when_and_where() {
        let mut said = Said::default();
        said.look("", "/data/apr17/11bmb_3294.mda APR 12, 2017 01:23:16.472073");
        said.look("Scan time", "APR 12, 2017 01:23:16.472073");
        said.look("Start 2theta (deg)", "-6.0");
        let start = said.start.expect("a start");
        assert_eq!(start.iso, "2017-04-12T01:23:16.472");
        assert_eq!((said.instrument.as_deref(), said.two_theta), (Some("APS 11-BM"), true));
        assert!(!said.order_assumed);
    }
}
