//! Clocks of records: seconds since 1970, and dates of the computer that ran the test.

use galvanome_model::measurement::{StartTime, Zone};

use crate::le::{u8_at, u16_at};
use crate::text::clock::iso_of_unix;

/// Seconds from 1970-01-01 00:00 to a date of seven bytes (year, month, day, hour, minute, second), both on the
/// computer's own clock; NaN where it is none. Source of the day count: H. Hinnant, chrono-compatible
/// low-level date algorithms.
pub(crate) fn civil_s(bytes: &[u8], at: usize) -> f64 {
    let year = i64::from(u16_at(bytes, at));
    let [month, day, hour, minute, second] =
        [2, 3, 4, 5, 6].map(|behind| i64::from(u8_at(bytes, at + behind)));
    let sane = (1970..=9999).contains(&year)
        && (1..=12).contains(&month)
        && (1..=31).contains(&day)
        && hour < 24
        && minute < 60
        && second < 61;
    if !sane {
        return f64::NAN;
    }
    let year = if month <= 2 { year - 1 } else { year };
    let year_of_era = year % 400;
    let day_of_year = (153 * ((month + 9) % 12) + 2) / 5 + day - 1;
    let days = year / 400 * 146_097 + year_of_era * 365 + year_of_era / 4 - year_of_era / 100
        + day_of_year
        - 719_468;
    (days * 86400 + hour * 3600 + minute * 60 + second) as f64
}

/// The start of a test whose clock showed `clock_s` at `test_s` of it.
pub(crate) fn start(clock_s: f64, test_s: f64, zone: Zone) -> Option<StartTime> {
    let test_s = if test_s.is_finite() { test_s } else { 0.0 };
    // A clock that was never set is not a start.
    if clock_s.is_nan() || clock_s <= 0.0 {
        return None;
    }
    let iso = iso_of_unix(clock_s - test_s)?;
    Some(match zone {
        Zone::Stated => StartTime { iso, zone },
        Zone::Local => StartTime { iso: iso.trim_end_matches('Z').to_owned(), zone },
    })
}
