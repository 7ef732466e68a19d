//! Serial numbers of days as the texts of dates, times and durations. Source: ECMA-376 part 1, 18.17.4.

use super::styles::Shown;
use crate::text::clock::iso_of_unix;

/// Milliseconds of a day.
const DAY_MS: i64 = 86_400_000;
/// Serial numbers from this one on are dates, whatever of them is shown: 1927-05-18.
const DATES_FROM: f64 = 10_000.0;
/// The serial number behind 9999-12-31.
const DATES_TO: f64 = 2_958_466.0;

/// Writes serial numbers as texts.
#[derive(Debug, Default)]
pub(super) struct Dates {
    /// Whether days are counted from 1904.
    pub(super) from_1904: bool,
    /// The last day that was written, counted from 1970, and its text.
    day: Option<(i64, [u8; 10])>,
}

impl Dates {
    /// Dates of a workbook.
    pub(super) fn new(from_1904: bool) -> Self {
        Self { from_1904, day: None }
    }

    /// Adds the text of a serial number: `2024-01-31 12:00:00.5` to the millisecond, or for a time of day or duration
    /// `36:00:00.5`. Gives whether it is one.
    pub(super) fn put(&mut self, serial: f64, shown: Shown, into: &mut Vec<u8>) -> bool {
        let date = match shown {
            Shown::Number => return false,
            // A date of the first day is a time of day without a date, and a time of many years has a date.
            Shown::Date => serial >= 1.0,
            Shown::Time => serial >= DATES_FROM,
        };
        if !(0.0..DATES_TO).contains(&serial) {
            return false;
        }
        if !date {
            let millis = (serial * DAY_MS as f64).round() as i64;
            put_time(millis, into);
            return true;
        }
        // Days since 1970. Before March 1900 the count has a day that never was, 29 February.
        let since = match (self.from_1904, serial < 60.0) {
            (true, _) => serial - 24_107.0,
            (false, true) => serial - 25_568.0,
            (false, false) => serial - 25_569.0,
        };
        let millis = (since * DAY_MS as f64).round() as i64;
        let day = millis.div_euclid(DAY_MS);
        let Some(text) = self.day_text(day) else { return false };
        into.extend_from_slice(&text);
        into.push(b' ');
        put_time(millis.rem_euclid(DAY_MS), into);
        true
    }

    fn day_text(&mut self, day: i64) -> Option<[u8; 10]> {
        if let Some((known, text)) = self.day
            && known == day
        {
            return Some(text);
        }
        let iso = iso_of_unix(day as f64 * 86_400.0)?;
        let text = *iso.as_bytes().first_chunk()?;
        self.day = Some((day, text));
        Some(text)
    }
}

/// Adds a time as `12:34:56`, with milliseconds where there are any.
fn put_time(millis: i64, into: &mut Vec<u8>) {
    let (hours, rest) = (millis / 3_600_000, millis % 3_600_000);
    let (minutes, rest) = (rest / 60_000, rest % 60_000);
    if hours >= 100 {
        into.extend_from_slice((hours / 100).to_string().as_bytes());
    }
    put_two(hours % 100, into);
    into.push(b':');
    put_two(minutes, into);
    into.push(b':');
    put_two(rest / 1000, into);
    let rest = rest % 1000;
    if rest > 0 {
        into.push(b'.');
        into.push(b'0' + (rest / 100) as u8);
        put_two(rest % 100, into);
    }
}

fn put_two(number: i64, into: &mut Vec<u8>) {
    into.push(b'0' + (number / 10) as u8);
    into.push(b'0' + (number % 10) as u8);
}
