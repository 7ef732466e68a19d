//! When and on which instrument the test was made.

use galvanome_model::measurement::{StartTime, Zone};
use galvanome_model::note::Note;

use super::bytes::{f32_at, f64_at, text_at, u8_at, u32_at};
use super::settings::device;
use crate::sink::Sink;
use crate::text::clock::iso_of_unix;

/// Bytes of the log that are looked at.
pub(super) const HEAD: usize = 0x1000;

/// Where the start of the acquisition stands, in versions that were seen, the newest first.
const STARTS_AT: [usize; 4] = [START_AT, 473, 469, 465];
/// Where the start of the acquisition stands in the newest version.
pub(super) const START_AT: usize = 0x249;
/// Where the versions of the software stand.
pub(super) const VERSIONS_AT: usize = 0x3b7;
/// Where the number of the instrument stands, and behind it its serial number.
pub(super) const DEVICE_AT: usize = 0x3ce;

/// Days from 1899-12-30, when the vendor's clock begins, to 1970-01-01.
pub(super) const DAYS_TO_UNIX: f64 = 25569.0;

/// The day of a module's date (`03/02/21`, the month first), as ISO 8601.
pub(super) fn day(date: &str) -> Option<String> {
    let mut parts = date.split(['/', '.', '-']).map(|part| part.trim().parse::<u32>().ok());
    let (a, b, year) = (parts.next()??, parts.next()??, parts.next()??);
    let (month, day) = if a > 12 { (b, a) } else { (a, b) };
    let sane = (1..=12).contains(&month) && (1..=31).contains(&day) && year < 100;
    sane.then(|| format!("20{year:02}-{month:02}-{day:02}"))
}

/// The start of the acquisition: a time of one of the places where it stands that falls on the day when the
/// settings were written, or failing that the first place whose time is of this century.
fn start(head: &[u8], date: Option<&str>) -> Option<String> {
    let time = |at: usize| {
        let days = f64_at(head, at)?;
        let iso = (32_874.0..73_050.0).contains(&days).then_some((days - DAYS_TO_UNIX) * 86400.0);
        iso_of_unix(iso?).map(|iso| iso.trim_end_matches('Z').to_owned())
    };
    let on_the_day =
        |at: usize| time(at).filter(|iso| date.is_some_and(|date| iso.starts_with(date)));
    STARTS_AT
        .into_iter()
        .find_map(on_the_day)
        .or_else(|| time(START_AT))
        .or_else(|| STARTS_AT.into_iter().find_map(time))
}

/// What the log told.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) struct Told {
    /// Whether it names the instrument.
    pub(super) instrument: bool,
    /// Whether BT-Lab wrote it, in which potentials are those of the cell.
    pub(super) bt_lab: bool,
}

/// Writes the log into the sink. `date` is the day of the settings.
pub(super) fn read_log(head: &[u8], date: Option<&str>, sink: &mut dyn Sink) -> Told {
    if let Some(iso) = start(head, date) {
        sink.metadata("Acquisition started on", &iso.replace('T', " "));
        sink.started_at(StartTime { iso, zone: Zone::Local });
    } else {
        let message = "the log holds no start of the acquisition that could be read";
        sink.note(Note::new("start-unreadable", message, "module VMP LOG"));
        start_by_day(date, sink);
    }
    // The rest stands at these places from EC-Lab 10 on; where it does not read as text, it is another version.
    let Some(version) = text_at(head, VERSIONS_AT, 6).filter(|text| text.contains('.')) else {
        return Told::default();
    };
    // EC-Lab was at version 9 when modules were new; BT-Lab counts from 1.
    let bt_lab = version.starts_with("1.");
    if let (Some(channel), Some(serial)) = (u8_at(head, 0x09), u32_at(head, 0xab)) {
        sink.metadata("Run on channel", &format!("{} (SN {serial})", u32::from(channel) + 1));
    }
    let mut text = |key: &str, at: usize, room: usize| {
        if let Some(text) = text_at(head, at, room).filter(|text| !text.is_empty()) {
            sink.metadata(key, &text);
        }
    };
    text("User", 0x8a, 31);
    text("File", 0x251, 255);
    text("Host", 0x351, 50);
    text("Address", 0x384, 50);
    text("Internet server", VERSIONS_AT + 7, 6);
    text("Command interpretor", VERSIONS_AT + 14, 6);
    sink.metadata(if bt_lab { "BT-Lab for windows" } else { "EC-Lab for windows" }, &version);
    if let (Some(min), Some(max)) = (f32_at(head, 0x1f8), f32_at(head, 0x1fc)) {
        sink.metadata("Ewe ctrl range", &format!("min = {min} V, max = {max} V"));
    }
    let serial = text_at(head, DEVICE_AT + 1, 16).unwrap_or_default();
    let number = u8_at(head, DEVICE_AT).filter(|&number| number != 0);
    if let Some(number) = number {
        let name = device(number);
        let name = if serial.is_empty() { name } else { format!("{name} (SN {serial})") };
        sink.instrument(&name);
        sink.metadata("Device", &name);
    }
    Told { instrument: number.is_some(), bt_lab }
}

/// The start as far as the date of a module fixes it.
pub(super) fn start_by_day(date: Option<&str>, sink: &mut dyn Sink) {
    if let Some(date) = date {
        sink.started_at(StartTime { iso: date.to_owned(), zone: Zone::Local });
        let message =
            "the file has no log with the start of the acquisition; only its day is known";
        sink.note(Note::new("start-day-only", message, ""));
    }
}
