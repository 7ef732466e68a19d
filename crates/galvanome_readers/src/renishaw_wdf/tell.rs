//! What the file says beside the spectra: settings, comment, times, what blocks there are.

use std::borrow::Cow;
use std::fmt::Write;
use std::io;

use galvanome_model::measurement::{StartTime, Zone};
use galvanome_model::note::Note;

use super::area::Area;
use super::blocks::{Block, Blocks};
use super::header::{Header, text};
use super::properties::{Value, walk};
use crate::le::u32_at;
use crate::limits::Limits;
use crate::sink::Sink;
use crate::source::Source;
use crate::text::clock::iso_of_unix;

/// Bytes of a property set that are read; real ones have some hundred thousand.
const SET_MAX: usize = 8 << 20;
/// Bytes of a comment that are read.
const COMMENT_MAX: usize = 1 << 16;
/// What a property set begins with, before its length.
const SET: &[u8] = b"PSET";

/// Settings that signals need.
#[derive(Debug, Default)]
pub(super) struct Settings {
    /// Exposure of the camera in seconds.
    pub(super) exposure_s: Option<f64>,
}

/// Seconds since 1970 of a time of Windows, which counts tenths of microseconds since 1601; none for none.
fn unix_s(time: u64) -> Option<f64> {
    // In whole microseconds a float holds it exactly.
    let micros = i64::try_from(time / 10).ok()? - 11_644_473_600_000_000;
    (time != 0).then_some(micros as f64 / 1e6)
}

/// A time of Windows as text.
fn iso(time: u64) -> Option<String> {
    iso_of_unix(unix_s(time)?)
}

/// Tells the sink all of it, and gives the settings that signals need. Errors when the source cannot be read.
pub(super) fn all(
    source: &dyn Source,
    header: &Header,
    blocks: &Blocks,
    limits: &Limits,
    sink: &mut dyn Sink,
) -> io::Result<Settings> {
    let mut teller = Teller { left: limits.max_metadata, limits, sink };
    teller.header(header);
    let mut settings = Settings::default();
    let mut instrument = String::new();
    for block in &blocks.0 {
        let title = block.title();
        match &block.name {
            b"WDF1" | b"DATA" | b"XLST" | b"YLST" | b"ORGN" | b"BKXL" => {}
            b"TEXT" => teller.tell("comment", &text(&block.bytes(source, COMMENT_MAX)?)),
            b"WMAP" => {
                if let Some(area) = Area::of(&block.bytes(source, 64)?) {
                    for (key, value) in area.told() {
                        teller.tell(&format!("WMAP/{key}"), &value);
                    }
                }
            }
            b"WHTL" => {
                let what = if block.bytes(source, 3)? == [0xFF, 0xD8, 0xFF] {
                    "a JPEG picture under white light"
                } else {
                    "a picture under white light"
                };
                teller.tell("WHTL", &format!("{what}, {} bytes, not read", block.len));
            }
            _ => teller.set(source, *block, &title, &mut |path, value| match (path, value) {
                ([.., key], Value::Whole(exposure))
                    if title == "WXDM" && key == "Exposure Time" =>
                {
                    settings.exposure_s = Some(*exposure as f64 * 1e-3).filter(|time| *time > 0.0);
                }
                ([.., key], Value::Text(serial)) if title == "WXIS" && key == "Instrument" => {
                    serial.trim().clone_into(&mut instrument);
                }
                _ => {}
            })?,
        }
    }
    if !instrument.is_empty() {
        sink.instrument(&format!("Renishaw {instrument}"));
    }
    if let Some(iso) = iso(header.start) {
        sink.started_at(StartTime { iso, zone: Zone::Stated });
    }
    Ok(settings)
}

/// What is looked for in a set while it is told.
type Look<'l> = dyn FnMut(&[Cow<'_, str>], &Value<'_>) + 'l;

struct Teller<'a> {
    left: usize,
    limits: &'a Limits,
    sink: &'a mut dyn Sink,
}

impl Teller<'_> {
    /// Tells one entry, unless the limit is reached, which is said.
    fn tell(&mut self, key: &str, value: &str) {
        if value.is_empty() || self.left == 0 {
            return;
        }
        self.left -= 1;
        if self.left == 0 {
            let message = "the limit of metadata is reached; the rest was left out";
            self.sink.note(Note::new("limit-reached", message, key));
        }
        let most = value.floor_char_boundary(self.limits.max_text_bytes);
        self.sink.metadata(key, value.get(..most).unwrap_or_default());
    }

    fn header(&mut self, header: &Header) {
        self.tell("title", &header.title);
        self.tell("user", &header.user);
        self.tell("software", &header.software);
        self.tell("end", &iso(header.end).unwrap_or_default());
        for (key, value) in [
            ("scan type", u64::from(header.scan_type)),
            ("flags", header.flags),
            ("accumulations", header.exposures.into()),
            ("capacity", header.capacity),
            ("count", header.count),
        ] {
            self.tell(key, &value.to_string());
        }
        self.tell("laser wavenumber (1/cm)", &header.laser.to_string());
    }

    /// Tells a block of which only the property set at its beginning is read.
    fn set(
        &mut self,
        source: &dyn Source,
        block: Block,
        title: &str,
        look: &mut Look<'_>,
    ) -> io::Result<()> {
        let head = block.bytes(source, 8)?;
        let len = u32_at(&head, 4) as usize;
        let place =
            if block.uid == 0 { title.to_owned() } else { format!("{title} {}", block.uid) };
        if !head.starts_with(SET) || head.len() < 8 {
            self.tell(&place, &format!("{} bytes, not read", block.len));
            return Ok(());
        }
        let bytes = block.bytes(source, len.saturating_add(8).min(SET_MAX))?;
        let bytes = bytes.get(8..).unwrap_or_default();
        let mut key = String::new();
        let whole = walk(bytes, &mut |path, value| {
            // Names of what comes next, which has its own.
            if path.last().is_some_and(|name| name.starts_with("_key") || name == "_nitems") {
                return true;
            }
            look(path, value);
            key.clear();
            key.push_str(&place);
            for name in path {
                key.push('/');
                key.push_str(name);
            }
            self.tell(&key, &shown(value));
            self.left > 0
        });
        if (!whole || bytes.len() < len) && self.left > 0 {
            let message = format!(
                "the settings in block {place} are cut or damaged; what could be read of them was kept"
            );
            self.sink.note(Note::new("unreadable-metadata", message, format!("byte {}", block.at)));
        }
        Ok(())
    }
}

/// A value as text.
fn shown(value: &Value<'_>) -> String {
    match value {
        Value::Truth(truth) => truth.to_string(),
        Value::Whole(whole) => whole.to_string(),
        Value::Number(number) => number.to_string(),
        Value::Time(time) => iso(*time).unwrap_or_else(|| time.to_string()),
        Value::Text(text) => text.trim_end_matches('\0').trim().to_owned(),
        Value::Bytes(len) => format!("{len} bytes, not read"),
        Value::List(values, count) => {
            let mut text = values.iter().map(shown).collect::<Vec<_>>().join(" ");
            if *count > values.len() {
                // Writing to a text does not fail.
                let _ = write!(text, " … ({count} values)");
            }
            text
        }
    }
}
