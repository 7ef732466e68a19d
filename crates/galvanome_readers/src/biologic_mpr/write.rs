//! Writing EC-Lab binaries, for simulated cells and tests.

use std::io::Write;

use galvanome_model::measurement::{Table, Values};

use super::columns::{Stored, flag_named, value_named};
use super::layout::{BYTES, HEAD, THREE, TWO, WIDE};
use super::log;
use super::modules::{FIRST, GREETING, MARK};
use super::settings;
use crate::text::clock::{Civil, DateOrder};

/// Bytes of the settings that are written.
const SETTINGS: usize = 0x480;

/// Bytes of the log that are written.
const LOG: usize = 0x400;

/// Which EC-Lab a file looks as if it came from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Version {
    /// Before 10: numbers of columns are bytes. Columns with a larger number are left out.
    Bytes,
    /// 10 to 11.0: data module 2.
    Two,
    /// 11.1 to 11.4: data module 3.
    Three,
    /// From 11.50 on: modules with 64 bits of length, data module 11.
    Wide,
}

/// What is written beside the rows.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Headed<'a> {
    /// The technique, by EC-Lab's short or long name (`GCPL`).
    pub technique: &'a str,
    /// The instrument, such as `VMP3`.
    pub device: &'a str,
    /// Its serial number.
    pub serial: &'a str,
    /// The start in local time, such as `2021-03-02T16:17:59.250`; no log is written when it is not a time.
    pub started_at: &'a str,
    /// The user's comments, at most 255 letters.
    pub comments: &'a str,
    /// The mass of the active material in mg.
    pub mass_mg: f32,
    /// The capacity of the battery in mAh.
    pub capacity_mah: f32,
    /// The first row of each loop, from 0 on; empty when there are no loops.
    pub loops: &'a [u32],
}

/// Columns that EC-Lab has under another name than ours, and what its numbers are ours times.
const WRITTEN: [(&str, &str, f64); 17] = [
    ("test_time_second", "time/s", 1.0),
    ("voltage_volt", "Ewe/V", 1.0),
    ("current_ampere", "I/mA", 1000.0),
    ("cycle_count", "cycle number", 1.0),
    ("step_id", "Ns", 1.0),
    ("step_time_second", "step time/s", 1.0),
    ("net_capacity_ah", "(Q-Qo)/mA.h", 1000.0),
    ("power_watt", "P/W", 1.0),
    ("internal_resistance_ohm", "R/Ohm", 1.0),
    ("ece_volt", "Ece/V", 1.0),
    ("temperature_t1_celsius", "Temperature/°C", 1.0),
    ("frequency_hertz", "freq/Hz", 1.0),
    ("absolute_impedance_ohm", "|Z|/Ohm", 1.0),
    ("phase_degree", "Phase(Z)/deg", 1.0),
    ("real_impedance_ohm", "Re(Z)/Ohm", 1.0),
    ("imaginary_impedance_ohm", "-Im(Z)/Ohm", -1.0),
    ("discharging_energy_wh", "Energy discharge/W.h", 1.0),
];

/// A column to be written.
struct Written<'a> {
    id: u16,
    factor: f64,
    numbers: &'a [f64],
    how: How,
}

enum How {
    Bits(u8),
    Value(Stored),
}

/// Writes the columns of a table that EC-Lab has as its binary, in their order: by our names (`voltage_volt`), by
/// its own (`dq/mA.h`, `half cycle`, `mode`), or `unknown_<number>` as a float. Floats lose digits as they do in
/// EC-Lab. Errors when `into` cannot take the bytes.
pub fn write_mpr(
    table: &Table,
    headed: &Headed<'_>,
    version: Version,
    into: &mut dyn Write,
) -> std::io::Result<()> {
    let columns: Vec<Written<'_>> = table
        .columns
        .iter()
        .filter_map(|column| match &column.values {
            Values::Number(numbers) => written(&column.head.name, numbers),
            Values::Text(_) => None,
        })
        .filter(|column| version != Version::Bytes || column.id < 256)
        .collect();
    let start = Civil::parse(headed.started_at, DateOrder::DayFirst);
    let date = date(headed.started_at);
    let mut greeting = GREETING.to_vec();
    greeting.push(0x1a);
    greeting.resize(48, b' ');
    greeting.resize(FIRST as usize, 0);
    into.write_all(&greeting)?;
    let long = version == Version::Wide;
    let mut module = |short: &str, name: &str, number: u32, content: &[u8]| {
        let mut bytes = MARK.to_vec();
        bytes.extend(format!("{short:<10}{name:<25}").bytes());
        if long {
            bytes.extend(u32::MAX.to_le_bytes());
            bytes.extend((content.len() as u64).to_le_bytes());
        } else {
            bytes.extend((content.len() as u32).to_le_bytes());
        }
        bytes.extend(number.to_le_bytes());
        bytes.extend(date.bytes());
        into.write_all(&bytes)?;
        into.write_all(content)
    };
    let other = if long { 10 } else { 0 };
    module("VMP Set", "VMP settings", other, &settings_of(headed))?;
    let (number, writing) = match version {
        Version::Bytes => (0, BYTES),
        Version::Two => (2, TWO),
        Version::Three => (3, THREE),
        Version::Wide => (11, WIDE),
    };
    let mut data = head_of_data(table.rows, &columns, version);
    data.resize(writing.rows_at, 0);
    rows(table.rows, &columns, &mut data);
    module("VMP data", "VMP data", number, &data)?;
    if let Some(start) = start {
        module("VMP LOG", "VMP LOG", other, &log_of(headed, &start, version))?;
    }
    if !headed.loops.is_empty() {
        let mut bytes = (headed.loops.len() as u32 + 1).to_le_bytes().to_vec();
        for start in headed.loops.iter().chain([&(table.rows as u32)]) {
            bytes.extend(start.to_le_bytes());
        }
        module("VMP loop", "VMP expt. loop indexes", other, &bytes)?;
    }
    Ok(())
}

fn written<'a>(name: &str, numbers: &'a [f64]) -> Option<Written<'a>> {
    if let Some((id, mask)) = flag_named(name) {
        return Some(Written { id, factor: 1.0, numbers, how: How::Bits(mask) });
    }
    if let Some(id) = name.strip_prefix("unknown_").and_then(|id| id.parse().ok()) {
        return Some(Written { id, factor: 1.0, numbers, how: How::Value(Stored::F32) });
    }
    let known = WRITTEN.iter().find(|written| written.0 == name);
    let (name, factor) = known.map_or((name, 1.0), |&(_, name, factor)| (name, factor));
    let (id, stored) = value_named(name)?;
    Some(Written { id, factor, numbers, how: How::Value(stored) })
}

/// `03/02/21` of `2021-03-02T…`.
fn date(started_at: &str) -> String {
    let part = |from: usize, to: usize| {
        started_at.get(from..to).filter(|part| part.bytes().all(|b| b.is_ascii_digit()))
    };
    match (part(2, 4), part(5, 7), part(8, 10)) {
        (Some(year), Some(month), Some(day)) => format!("{month}/{day}/{year}"),
        _ => "01/01/00".to_owned(),
    }
}

fn put(bytes: &mut [u8], at: usize, what: &[u8]) {
    if let Some(place) = bytes.get_mut(at..at + what.len()) {
        place.copy_from_slice(what);
    }
}

/// A byte of length, then Latin-1.
fn put_text(bytes: &mut [u8], at: usize, text: &str, most: usize) {
    let latin: Vec<u8> =
        text.chars().take(most.min(255)).map(|c| u8::try_from(c).unwrap_or(b'?')).collect();
    put(bytes, at, &[latin.len() as u8]);
    put(bytes, at + 1, &latin);
}

fn settings_of(headed: &Headed<'_>) -> Vec<u8> {
    let mut bytes = vec![0; SETTINGS];
    put(&mut bytes, 0, &[settings::technique_number(headed.technique).unwrap_or(0)]);
    put_text(&mut bytes, settings::COMMENTS_AT, headed.comments, 255);
    put(&mut bytes, settings::MASS_AT, &headed.mass_mg.to_le_bytes());
    // One electron for each ion; the area in cm², the characteristic mass in g.
    put(&mut bytes, settings::MASS_AT + 20, &[1]);
    put(&mut bytes, settings::CHARACTERISTIC_MASS_AT + 4, &[2, 1]);
    put(&mut bytes, settings::CAPACITY_AT, &headed.capacity_mah.to_le_bytes());
    put(&mut bytes, settings::DEVICE_AT, &[settings::device_number(headed.device).unwrap_or(0)]);
    bytes
}

fn log_of(headed: &Headed<'_>, start: &Civil, version: Version) -> Vec<u8> {
    let mut bytes = vec![0; LOG];
    put(&mut bytes, 2, &[settings::technique_number(headed.technique).unwrap_or(0)]);
    let epoch = Civil::parse("1970-01-01T00:00:00", DateOrder::DayFirst);
    let unix_s = epoch.map_or(0.0, |epoch| start.seconds_since(&epoch));
    let days = unix_s / 86400.0 + log::DAYS_TO_UNIX;
    put(&mut bytes, log::START_AT, &days.to_le_bytes());
    let software = match version {
        Version::Bytes => "9.90",
        Version::Two => "11.02",
        Version::Three => "11.30",
        Version::Wide => "11.50",
    };
    for place in 0..3 {
        put_text(&mut bytes, log::VERSIONS_AT + 7 * place, software, 6);
    }
    put(&mut bytes, log::DEVICE_AT, &[settings::device_number(headed.device).unwrap_or(0)]);
    put_text(&mut bytes, log::DEVICE_AT + 1, headed.serial, 16);
    bytes
}

fn head_of_data(rows: usize, columns: &[Written<'_>], version: Version) -> Vec<u8> {
    let mut bytes = (rows as u32).to_le_bytes().to_vec();
    match version {
        Version::Wide => bytes.extend((columns.len() as u16).to_le_bytes()),
        _ => bytes.push(columns.len() as u8),
    }
    for column in columns {
        match version {
            Version::Bytes => bytes.push(column.id as u8),
            _ => bytes.extend(column.id.to_le_bytes()),
        }
    }
    bytes.truncate(HEAD);
    bytes
}

fn rows(count: usize, columns: &[Written<'_>], into: &mut Vec<u8>) {
    let flags_first = columns.iter().position(|column| matches!(column.how, How::Bits(_)));
    for row in 0..count {
        let value = |column: &Written<'_>| {
            column.numbers.get(row).copied().unwrap_or(f64::NAN) * column.factor
        };
        for (place, column) in columns.iter().enumerate() {
            match column.how {
                How::Bits(_) if flags_first == Some(place) => {
                    let flags = columns.iter().filter_map(|column| match column.how {
                        How::Bits(mask) => {
                            Some(((value(column) as u8) << mask.trailing_zeros()) & mask)
                        }
                        How::Value(_) => None,
                    });
                    into.push(flags.fold(0, |all, some| all | some));
                }
                How::Bits(_) => {}
                How::Value(stored) => {
                    let value = value(column);
                    match stored {
                        Stored::U8 => into.push(value as u8),
                        Stored::U16 => into.extend((value as u16).to_le_bytes()),
                        Stored::U32 => into.extend((value as u32).to_le_bytes()),
                        Stored::F32 => into.extend((value as f32).to_le_bytes()),
                        Stored::F64 => into.extend(value.to_le_bytes()),
                    }
                }
            }
        }
    }
}
