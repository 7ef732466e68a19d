//! How things are said to people: answers, dates, lengths, lists.

pub use galvanome_exchange::numbers::digits;
use galvanome_model::answer::Answer;
use galvanome_model::catalogue::{Facility, Mode, Support};
use galvanome_model::pixel::{By, Progress};
use jiff::Timestamp;
use jiff::civil::Date;

/// The answer as a word that begins a sentence.
pub const fn answer(answer: Option<Answer>) -> &'static str {
    match answer {
        Some(Answer::Yes) => "Yes",
        Some(Answer::No) => "No",
        Some(Answer::Unsure) => "Unsure",
        Some(Answer::NotDone) => "Not done",
        Some(Answer::NotApplicable) => "Not applicable",
        None => "Pending",
    }
}

/// Who answered, in a word or two; empty while nobody did.
pub const fn by(by: By) -> &'static str {
    match by {
        By::Nobody => "",
        By::Campaign => "by the campaign's definition",
        By::Expert => "by an expert",
        By::Computed => "computed",
    }
}

/// How far a pending pixel is, in words.
pub const fn progress(progress: Progress) -> &'static str {
    match progress {
        Progress::Planned => "planned",
        Progress::InTransit => "samples in transit",
        Progress::Measured => "measured, not analysed yet",
        Progress::Analysed => "analysed, waiting for an answer",
    }
}

/// Where a technique is done.
pub const fn facility(facility: Facility) -> &'static str {
    match facility {
        Facility::Lab => "Lab",
        Facility::Synchrotron => "Synchrotron",
        Facility::Neutron => "Neutron",
    }
}

/// What part of the specimen a technique's numbers stand for.
pub const fn support(support: Support) -> &'static str {
    match support {
        Support::Surface => "Surface",
        Support::Bulk => "Bulk",
        Support::Local => "Local",
    }
}

/// The state of the cell while it is measured.
pub const fn mode(mode: Mode) -> &'static str {
    match mode {
        Mode::ExSitu => "Ex situ",
        Mode::InSitu => "In situ",
        Mode::Operando => "Operando",
    }
}

/// A length in metres with the prefix that people use: `1 nm`, `0.3 µm`, `43 µm`, `1 cm`. Up to three digits.
pub fn length(metres: f64) -> String {
    const STEPS: [(f64, f64, &str); 5] = [
        (1e-7, 1e9, "nm"),
        (1e-3, 1e6, "µm"),
        (1e-2, 1e3, "mm"),
        (1.0, 1e2, "cm"),
        (1e3, 1.0, "m"),
    ];
    if metres == 0.0 {
        return "0".to_owned();
    }
    // A hair of slack, so that 100 nm written as 9.999…e-8 or 1.000…1e-7 is the same 0.1 µm.
    let (_, factor, unit) = STEPS
        .into_iter()
        .find(|(below, ..)| metres.abs() < below * 0.999_999)
        .unwrap_or((0.0, 1.0, "m"));
    format!("{} {unit}", digits(metres * factor, 3))
}

/// How a question is called in headings: its id and its name, or the name alone where the id only repeats it.
pub fn question<'a>(id: &'a str, name: &'a str) -> (&'a str, &'a str) {
    let plain = |text: &str| -> String {
        text.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect()
    };
    if plain(id) == plain(name) { (name, "") } else { (id, name) }
}

/// A count; from 10 000 on its digits stand in groups of three.
pub fn count(count: usize) -> String {
    let digits = count.to_string();
    if digits.len() < 5 {
        return digits;
    }
    let first = digits.len() % 3;
    let mut text = String::new();
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && at % 3 == first {
            text.push('\u{202f}');
        }
        text.push(digit);
    }
    text
}

/// A count with its noun: `1 pixel`, `3 pixels`.
pub fn counted(number: usize, one: &str, many: &str) -> String {
    format!("{} {}", count(number), if number == 1 { one } else { many })
}

/// A size as people write it: `9.94 kB`, `1.2 GB`.
pub fn bytes(bytes: u64) -> String {
    const STEPS: [(f64, &str); 4] = [(1e12, "TB"), (1e9, "GB"), (1e6, "MB"), (1e3, "kB")];
    let size = bytes as f64;
    STEPS.into_iter().find(|(step, _)| size >= *step).map_or_else(
        || counted(usize::try_from(bytes).unwrap_or(usize::MAX), "byte", "bytes"),
        |(step, unit)| format!("{} {unit}", digits(size / step, 3)),
    )
}

/// Several things in a sentence: `a`, `a and b`, `a, b and c`.
pub fn list(items: &[&str]) -> String {
    match items {
        [] => String::new(),
        [one] => (*one).to_owned(),
        [first @ .., last] => format!("{} and {last}", first.join(", ")),
    }
}

/// A day as people write it: `3 June 2026` from `2026-06-03`, also from a time stamp. Other texts stay as they
/// are: a campaign may know no more than the month.
pub fn day(iso: &str) -> String {
    let date = iso.get(..10).filter(|_| iso.len() == 10 || iso.as_bytes().get(10) == Some(&b'T'));
    match date.and_then(|text| text.parse::<Date>().ok()) {
        Some(date) => date.strftime("%-d %B %Y").to_string(),
        None => iso.to_owned(),
    }
}

/// A moment for `<time datetime="…">`, from microseconds since 1970 UTC. Empty when it lies outside the calendar.
pub fn moment_iso(us: i64) -> String {
    Timestamp::from_microsecond(us)
        .map(|moment| moment.strftime("%Y-%m-%dT%H:%M:%SZ").to_string())
        .unwrap_or_default()
}

/// A moment for people: `22 Nov 2026, 18:06 UTC`. Empty when it lies outside the calendar.
pub fn moment(us: i64) -> String {
    Timestamp::from_microsecond(us)
        .map(|moment| moment.strftime("%-d %b %Y, %H:%M UTC").to_string())
        .unwrap_or_default()
}
