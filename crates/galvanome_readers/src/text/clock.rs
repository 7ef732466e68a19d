//! Dates, times of day and durations in text.

use galvanome_model::measurement::{StartTime, Zone};

use super::number::{Cell, Decimal, parse};

/// A date and time as written, without a zone.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Civil {
    year: i64,
    month: i64,
    day: i64,
    /// Seconds since midnight.
    seconds: f64,
}

/// How the parts of a date with slashes or dots stand.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum DateOrder {
    /// `12/31/2024`
    MonthFirst,
    /// `31/12/2024`
    DayFirst,
}

impl Civil {
    /// Reads `12/31/2024 23:59:59.123`, `31.12.2024 …` (dots: the day stands first), `2024-12-31 …`,
    /// `31-Dec-24 11:59:59 PM` or `31 December 2024, 23:59`. Where the order given is impossible (`31/12/2024` by
    /// month), the other one is taken.
    pub(crate) fn parse(text: &str, order: DateOrder) -> Option<Self> {
        let (date, time) = date_and_time(text)?;
        let seconds = time_of_day(time)?;
        Some(Self { seconds, ..Self::date(date, order)? })
    }

    /// Reads a date alone, and takes it at midnight.
    pub(crate) fn date(text: &str, order: DateOrder) -> Option<Self> {
        let text = text.trim();
        let (year, month, day) = if text.contains(|c: char| c.is_alphabetic()) {
            named_date(text)?
        } else {
            plain_date(text, order)?
        };
        let sane = (1..=12).contains(&month) && (1..=days_in(year, month)).contains(&day);
        (sane && (1900..=9999).contains(&year)).then_some(Self { year, month, day, seconds: 0.0 })
    }

    /// Reads a time of day on the day of this time.
    pub(crate) fn at(&self, time: &str) -> Option<Self> {
        Some(Self { seconds: time_of_day(time)?, ..*self })
    }

    /// This time with another one taken off it, if that leaves the year 1900 or later.
    pub(crate) fn minus(&self, seconds: f64) -> Option<Self> {
        civil_of_unix(self.seconds_since(&EPOCH) - seconds)
    }

    /// Seconds since 1970-01-01 of this time, if it is shown by a clock that is ahead of UTC by `ahead_s`.
    pub(crate) fn unix_s(&self, ahead_s: f64) -> f64 {
        self.seconds_since(&EPOCH) - ahead_s
    }

    /// As the start of a measurement, by the clock of a computer that does not say its zone.
    pub(crate) fn start(&self) -> StartTime {
        StartTime { iso: self.iso(), zone: Zone::Local }
    }

    /// As ISO 8601 with milliseconds, without a zone.
    pub(crate) fn iso(&self) -> String {
        let millis = (self.seconds * 1e3).round() as i64;
        let (hours, rest) = (millis / 3_600_000, millis % 3_600_000);
        let (minutes, rest) = (rest / 60_000, rest % 60_000);
        let Self { year, month, day, .. } = self;
        format!(
            "{year:04}-{month:02}-{day:02}T{hours:02}:{minutes:02}:{:02}.{:03}",
            rest / 1000,
            rest % 1000
        )
    }

    /// Seconds from another time to this one, as if both stood on one clock without leaps.
    pub(crate) fn seconds_since(&self, other: &Self) -> f64 {
        (self.days() - other.days()) as f64 * 86400.0 + (self.seconds - other.seconds)
    }

    /// Days since 1970-01-01. Source: H. Hinnant, chrono-compatible low-level date algorithms.
    fn days(&self) -> i64 {
        let year = if self.month <= 2 { self.year - 1 } else { self.year };
        let era = year.div_euclid(400);
        let year_of_era = year.rem_euclid(400);
        let shifted = (self.month + 9) % 12;
        let day_of_year = (153 * shifted + 2) / 5 + self.day - 1;
        era * 146_097 + year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year
            - 719_468
    }
}

const EPOCH: Civil = Civil { year: 1970, month: 1, day: 1, seconds: 0.0 };

/// Whether a date can only mean that the day stands first: `31/12/2024`.
pub(crate) fn day_stands_first(text: &str) -> bool {
    order_shown(text) == Some(DateOrder::DayFirst)
}

/// The order of day and month that a date proves, with strokes or hyphens and the year behind: `31/12/2024`.
pub(crate) fn order_shown(text: &str) -> Option<DateOrder> {
    let mut parts = text.trim_start().split(['/', '-']);
    let mut number = || parts.next()?.trim().parse::<u32>().ok();
    let (first, second) = (number()?, number()?);
    match (first, second) {
        (13..=31, 1..=12) => Some(DateOrder::DayFirst),
        (1..=12, 13..=31) => Some(DateOrder::MonthFirst),
        _ => None,
    }
}

/// Whether a date stands in an order of day and month that it does not show: `06/05/2021`.
pub(crate) fn order_matters(text: &str) -> bool {
    let text = text.trim_start();
    let digits = text.bytes().take_while(u8::is_ascii_digit).count();
    (1..=2).contains(&digits)
        && matches!(text.as_bytes().get(digits), Some(b'/' | b'-'))
        && text.as_bytes().get(digits + 1).is_some_and(u8::is_ascii_digit)
}

/// Splits a date from the time behind it, which begins with the digits before the first colon.
pub(super) fn date_and_time(text: &str) -> Option<(&str, &str)> {
    let text = text.trim();
    let colon = text.find(':')?;
    let before = text.get(..colon)?;
    let begins = before.trim_end_matches(|c: char| c.is_ascii_digit()).len();
    let (date, time) = text.split_at_checked(begins)?;
    let date = date.trim_end_matches(['T', ' ', ',', '\u{a0}']);
    (date.len() < begins && !date.is_empty()).then_some((date, time))
}

/// Year, month and day of three numbers.
fn plain_date(text: &str, order: DateOrder) -> Option<(i64, i64, i64)> {
    let separator = text.chars().find(|c| !c.is_ascii_digit())?;
    let mut parts = text.split(separator).map(|part| part.trim().parse::<i64>().ok());
    let (a, b, c) = (parts.next()??, parts.next()??, parts.next()??);
    if parts.next().is_some() {
        return None;
    }
    Some(match (separator, order) {
        ('-' | '/' | '.', _) if a > 31 => (a, b, c),
        ('.', _) | ('-' | '/', DateOrder::DayFirst) if b <= 12 => (full_year(c), b, a),
        ('-' | '/', DateOrder::MonthFirst) if a > 12 => (full_year(c), b, a),
        ('-' | '/', _) => (full_year(c), a, b),
        _ => return None,
    })
}

/// Year, month and day of a date with the name of the month, in English or German, and perhaps of the weekday.
fn named_date(text: &str) -> Option<(i64, i64, i64)> {
    const MONTHS: [(&str, i64); 16] = [
        ("jan", 1),
        ("feb", 2),
        ("mar", 3),
        ("mär", 3),
        ("apr", 4),
        ("may", 5),
        ("mai", 5),
        ("jun", 6),
        ("jul", 7),
        ("aug", 8),
        ("sep", 9),
        ("oct", 10),
        ("okt", 10),
        ("nov", 11),
        ("dec", 12),
        ("dez", 12),
    ];
    let (mut month, mut numbers) = (None, Vec::new());
    for part in text.split([' ', '-', '/', '.', ',']).filter(|part| !part.is_empty()) {
        if let Ok(number) = part.parse::<i64>() {
            numbers.push(number);
            continue;
        }
        let name = part.to_lowercase();
        let found = MONTHS.iter().find(|(short, _)| name.starts_with(short));
        let found = found.map(|&(_, month)| month);
        match (found, name.ends_with("day") || name.ends_with("tag")) {
            (Some(found), _) if month.is_none() => month = Some(found),
            (_, true) => {}
            _ => return None,
        }
    }
    match numbers.as_slice() {
        [year, day] if *year > 31 => Some((*year, month?, *day)),
        [day, year] => Some((full_year(*year), month?, *day)),
        _ => None,
    }
}

/// A year of two digits lies between 1970 and 2069.
fn full_year(year: i64) -> i64 {
    match year {
        0..70 => 2000 + year,
        70..100 => 1900 + year,
        _ => year,
    }
}

fn days_in(year: i64, month: i64) -> i64 {
    match month {
        2 if year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) => 29,
        2 => 28,
        4 | 6 | 9 | 11 => 30,
        _ => 31,
    }
}

/// Seconds since midnight of `23:59:59.123`, `23:59`, or `11:59:59 PM`.
fn time_of_day(text: &str) -> Option<f64> {
    let text = text.trim();
    let (clock, half) = text.split_at_checked(text.len().saturating_sub(2)).unwrap_or((text, ""));
    let (clock, shift) = if half.eq_ignore_ascii_case("AM") {
        (clock.trim(), Some(0.0))
    } else if half.eq_ignore_ascii_case("PM") {
        (clock.trim(), Some(12.0))
    } else {
        (text, None)
    };
    let mut parts = clock.split(':');
    let hours: f64 = digits(parts.next()?)?;
    let minutes = digits(parts.next()?)?;
    let seconds = parts.next().map_or(Some(0.0), digits)?;
    if parts.next().is_some() || minutes >= 60.0 || seconds >= 61.0 {
        return None;
    }
    let hours = match shift {
        Some(shift) if (1.0..=12.0).contains(&hours) => hours % 12.0 + shift,
        Some(_) => return None,
        None => hours,
    };
    (hours < 24.0).then_some(hours * 3600.0 + minutes * 60.0 + seconds)
}

/// A number without sign or exponent; its decimal sign may be a comma.
fn digits(text: &str) -> Option<f64> {
    let bytes = text.as_bytes();
    let plain = bytes.first().is_some_and(u8::is_ascii_digit)
        && bytes.iter().all(|byte| matches!(byte, b'0'..=b'9' | b'.' | b','));
    if !plain || bytes.len() > 40 {
        return None;
    }
    let decimal = if bytes.contains(&b',') { Decimal::Comma } else { Decimal::Point };
    match parse(bytes, decimal) {
        Cell::Number(number) => Some(number),
        _ => None,
    }
}

/// Seconds of a duration written as `12:34:56.7`, `12:34:56:700`, `2d 03:04:05`, `2.03:04:05` or `2-03:04:05`.
pub(crate) fn duration_s(text: &str) -> Option<f64> {
    let text = text.trim();
    let (days, clock) = match text.split_once(['d', 'D']) {
        Some((days, clock)) => (digits(days.trim())?, clock.trim()),
        None => match text.split_once(['-', ' ']) {
            Some((days, clock)) => (digits(days.trim())?, clock.trim()),
            None => (0.0, text),
        },
    };
    let mut parts = clock.split(':');
    let (days, hours) = match parts.next()?.split_once('.') {
        Some((more_days, hours)) => (days + digits(more_days)?, digits(hours)?),
        None => (days, digits(clock.split(':').next()?)?),
    };
    let minutes = digits(parts.next()?)?;
    let seconds = digits(parts.next()?)?;
    let millis = match parts.next() {
        Some(millis) if millis.len() == 3 => digits(millis)?,
        Some(_) => return None,
        None => 0.0,
    };
    let sane = parts.next().is_none() && minutes < 60.0 && seconds < 61.0;
    sane.then_some(days * 86400.0 + hours * 3600.0 + minutes * 60.0 + seconds + millis / 1e3)
}

/// Hours and minutes by which a clock is ahead of UTC, from the end of a time: `Z`, `+02:00`, `-0500`. The first
/// is the time without them.
pub(crate) fn split_zone(text: &str) -> Option<(&str, f64)> {
    let text = text.trim();
    if let Some(time) = text.strip_suffix(['Z', 'z']) {
        return Some((time, 0.0));
    }
    let (time, zone) = text.split_at_checked(text.rfind(['+', '-'])?)?;
    if !time.contains(':') {
        return None;
    }
    let (sign, zone) = match zone.strip_prefix('-') {
        Some(zone) => (-1.0, zone),
        None => (1.0, zone.get(1..)?),
    };
    let (hours, minutes) = match zone.split_once(':') {
        Some(parts) => parts,
        None if zone.len() == 4 => zone.split_at_checked(2)?,
        None => (zone, "0"),
    };
    let (hours, minutes) = (digits(hours)?, digits(minutes)?);
    (hours <= 14.0 && minutes < 60.0).then_some((time, sign * (hours * 3600.0 + minutes * 60.0)))
}

/// A Unix time as ISO 8601 in UTC, with milliseconds; none outside the years 1900 to 9999.
pub(crate) fn iso_of_unix(unix_s: f64) -> Option<String> {
    Some(format!("{}Z", civil_of_unix(unix_s)?.iso()))
}

/// What a clock in UTC shows at a Unix time, to the millisecond; none outside the years 1900 to 9999.
fn civil_of_unix(unix_s: f64) -> Option<Civil> {
    if !(-2.2e9..2.5e11).contains(&unix_s) {
        return None;
    }
    let millis = (unix_s * 1e3).round() as i64;
    let (days, rest) = (millis.div_euclid(86_400_000), millis.rem_euclid(86_400_000));
    // The inverse of `Civil::days`, from the same source.
    let shifted = days + 719_468;
    let era = shifted.div_euclid(146_097);
    let day_of_era = shifted.rem_euclid(146_097);
    let year_of_era =
        (day_of_era - day_of_era / 1460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
    let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let month_shifted = (5 * day_of_year + 2) / 153;
    let day = day_of_year - (153 * month_shifted + 2) / 5 + 1;
    let month = if month_shifted < 10 { month_shifted + 3 } else { month_shifted - 9 };
    let year = year_of_era + era * 400 + i64::from(month <= 2);
    Some(Civil { year, month, day, seconds: rest as f64 / 1e3 })
}
