//! Dates, times of day and durations in text.

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
    /// Reads `12/31/2024 23:59:59.123`, `31.12.2024 …` (dots: the day stands first) or `2024-12-31 …`. Where
    /// the order given is impossible (`31/12/2024` by month), the other one is taken.
    pub(crate) fn parse(text: &str, order: DateOrder) -> Option<Self> {
        let (date, time) = text.trim().split_once([' ', 'T'])?;
        let separator = date.chars().find(|c| !c.is_ascii_digit())?;
        let mut parts = date.split(separator).map(|part| part.parse::<i64>().ok());
        let (a, b, c) = (parts.next()??, parts.next()??, parts.next()??);
        if parts.next().is_some() {
            return None;
        }
        let (year, month, day) = match (separator, order) {
            ('-' | '/', _) if a > 31 => (a, b, c),
            ('.', _) | ('-' | '/', DateOrder::DayFirst) if b <= 12 => (c, b, a),
            ('-' | '/', DateOrder::MonthFirst) if a > 12 => (c, b, a),
            ('-' | '/', _) => (c, a, b),
            _ => return None,
        };
        let seconds = time_of_day(time)?;
        let sane = (1..=12).contains(&month) && (1..=days_in(year, month)).contains(&day);
        (sane && (1900..=9999).contains(&year)).then_some(Self { year, month, day, seconds })
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

/// Whether a date can only mean that the day stands first: `31/12/2024`.
pub(crate) fn day_stands_first(text: &str) -> bool {
    let first: String = text.trim_start().chars().take_while(char::is_ascii_digit).collect();
    first.parse::<u32>().is_ok_and(|first| (13..=31).contains(&first))
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
    let upper = text.to_ascii_uppercase();
    let (clock, shift) = match (upper.strip_suffix("AM"), upper.strip_suffix("PM")) {
        (Some(clock), _) => (clock.trim(), Some(0.0)),
        (_, Some(clock)) => (clock.trim(), Some(12.0)),
        _ => (text, None),
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
    let plain = text.starts_with(|c: char| c.is_ascii_digit())
        && text.chars().all(|c| c.is_ascii_digit() || c == '.' || c == ',');
    if !plain || text.len() > 40 {
        return None;
    }
    text.replace(',', ".").parse().ok()
}

/// Seconds of a duration written as `12:34:56.7`, `2d 03:04:05`, `2.03:04:05` or `2-03:04:05`.
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
    let sane = parts.next().is_none() && minutes < 60.0 && seconds < 61.0;
    sane.then_some(days * 86400.0 + hours * 3600.0 + minutes * 60.0 + seconds)
}

/// A Unix time as ISO 8601 in UTC, with milliseconds; none outside the years 1900 to 9999.
pub(crate) fn iso_of_unix(unix_s: f64) -> Option<String> {
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
    let civil = Civil { year, month, day, seconds: rest as f64 / 1e3 };
    Some(format!("{}Z", civil.iso()))
}
