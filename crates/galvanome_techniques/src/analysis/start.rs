//! Start times as numbers.

use galvanome_model::measurement::StartTime;

/// Seconds from 1970-01-01T00:00:00 to a start time, in its own zone's count: with an offset that of UTC, without
/// one that of the instrument's wall clock. None for text that is not ISO 8601 (`2024-03-01T08:00:00.5+01:00`).
pub(crate) fn seconds(start: &StartTime) -> Option<f64> {
    let (date, clock) = start.iso.split_once(['T', ' '])?;
    let mut parts = date.splitn(3, '-').map(whole);
    let (year, month, day) = (parts.next()??, parts.next()??, parts.next()??);
    if !(1..=9999).contains(&year) || !(1..=12).contains(&month) || !(1..=31).contains(&day) {
        return None;
    }
    let (clock, offset_s) = match clock.strip_suffix('Z') {
        Some(clock) => (clock, 0.0),
        None => match clock.rfind(['+', '-']) {
            Some(at) => {
                let sign = if clock.get(at..)?.starts_with('-') { -1.0 } else { 1.0 };
                (clock.get(..at)?, sign * of_day(clock.get(at + 1..)?)?)
            }
            None => (clock, 0.0),
        },
    };
    Some(days(year, month, day) as f64 * 86_400.0 + of_day(clock)? - offset_s)
}

/// Seconds of `hh:mm`, `hh:mm:ss` or `hh:mm:ss.fff`, or of an offset as `hhmm` or `hh`.
fn of_day(text: &str) -> Option<f64> {
    if !text.contains(':') {
        let (hours, minutes) = match text.len() {
            2 => (text, "0"),
            4 => text.split_at_checked(2)?,
            _ => return None,
        };
        return Some((whole(hours)? * 3600 + whole(minutes)? * 60) as f64);
    }
    let mut parts = text.splitn(3, ':');
    let (hours, minutes) = (whole(parts.next()?)?, whole(parts.next()?)?);
    let seconds: f64 = match parts.next() {
        Some(text) if text.starts_with(|c: char| c.is_ascii_digit()) => text.parse().ok()?,
        Some(_) => return None,
        None => 0.0,
    };
    let right = (0..=24).contains(&hours) && (0..60).contains(&minutes) && seconds < 61.0;
    right.then_some((hours * 3600 + minutes * 60) as f64 + seconds)
}

fn whole(text: &str) -> Option<i64> {
    text.bytes().all(|c| c.is_ascii_digit()).then(|| text.parse().ok())?
}

/// Days from 1970-01-01 in the Gregorian calendar.
///
/// Source: H. Hinnant, "chrono-Compatible Low-Level Date Algorithms", days_from_civil.
fn days(year: i64, month: i64, day: i64) -> i64 {
    let year = if month <= 2 { year - 1 } else { year };
    let era = year.div_euclid(400);
    let of_era = year.rem_euclid(400);
    let of_year = (153 * ((month + 9) % 12) + 2) / 5 + day - 1;
    era * 146_097 + of_era * 365 + of_era / 4 - of_era / 100 + of_year - 719_468
}

#[cfg(test)]
mod tests {
    use galvanome_model::measurement::Zone;

    use super::*;

    fn check(iso: &str, expected: Option<f64>) {
        let start = StartTime { iso: iso.to_owned(), zone: Zone::Local };
        assert_eq!(seconds(&start), expected, "{iso}");
    }

    #[test]
    fn start_times() {
        check("1970-01-01T00:00:00", Some(0.0));
        check("1970-01-02T00:00:01.5Z", Some(86_401.5));
        check("2024-02-29T12:00:00", Some(1_709_208_000.0));
        check("2024-02-29T12:00:00.000+01:00", Some(1_709_204_400.0));
        check("2024-02-29 12:00-0530", Some(1_709_227_800.0));
        check("2000-03-01T00:00:00Z", Some(951_868_800.0));
        for wrong in ["", "2024-02-29", "2024-13-01T00:00:00", "2024-01-01T", "2024-01-01Tab:cd"] {
            check(wrong, None);
        }
        for wrong in
            ["2024-01-01T25:00:00", "2024-01-01T00:00:inf", "2024-01-01T00:00:-1", "-1-1-1T0"]
        {
            check(wrong, None);
        }
    }
}
