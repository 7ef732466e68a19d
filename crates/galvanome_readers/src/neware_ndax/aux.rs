//! Auxiliary channels: a member of the zip for each, with a row for each row of the data.

use std::io;

use galvanome_model::measurement::Origin;
use galvanome_model::note::Note;

use super::info::{AuxInfo, Info};
use super::pages::{Pages, Stream, Wrong};
use crate::archive::{Archive, Entry};
use crate::le::{f32_at, i16_at, i32_at, u8_at, u32_at};
use crate::limits::Limits;
use crate::neware::batch::{Batch, Numbers};
use crate::sink::Sink;

/// What is stored in an auxiliary member.
const KIND: u8 = 5;

/// Types of channels: what they measure, and the unit that the file stores it in. Those after the first two
/// are told by fastnda and were not seen here.
const TYPES: [(u32, &str, &str); 19] = [
    (102, "voltage", "V"),
    (103, "temperature", "degC"),
    (104, "current", "A"),
    (105, "voltage", "V"),
    (106, "temperature", "degC"),
    (107, "current", "A"),
    (108, "clamp_temperature", "degC"),
    (109, "clamp_weight", "kg"),
    (110, "clamp_air_pressure", "kPa"),
    (111, "leader_temperature", "degC"),
    (112, "red_temperature", "degC"),
    (113, "humidity", ""),
    (114, "thickness", "mm"),
    (115, "flow", ""),
    (116, "voc", ""),
    (117, "pressure", "bar"),
    (118, "force", "N"),
    (335, "temperature_setpoint", "degC"),
    (345, "humidity", "%"),
];

/// The largest type that may be an unknown one and not a broken number.
const TYPE_MAX: u32 = 1_000_000;

/// How the rows of a member are laid out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Layout {
    /// One number of 4 bytes; the channel's type says of what.
    One,
    /// A mark, voltage in tenths of millivolts of 4 bytes, temperature in tenths of degrees of 2.
    Pair,
    /// The number of the row, and numbers at places: voltage, temperature, setpoint.
    Full {
        len: usize,
        index: usize,
        voltage: Option<usize>,
        temperature: usize,
        setpoint: Option<usize>,
    },
}

impl Layout {
    fn len(self) -> usize {
        match self {
            Self::One => 4,
            Self::Pair => 7,
            Self::Full { len, .. } => len,
        }
    }

    /// Voltage, temperature, setpoint, or the one number; and the number of the row, where it is told.
    fn values(self, row: &[u8]) -> (Option<u64>, [f64; 3]) {
        let tenths = |at| f64::from(i16_at(row, at)) / 10.0;
        match self {
            Self::One => (None, [f32_at(row, 0), f64::NAN, f64::NAN]),
            Self::Pair => (None, [f32_at(row, 1) / 1e4, tenths(5), f64::NAN]),
            Self::Full { index, voltage, temperature, setpoint, .. } => {
                let voltage = voltage.map_or(0.0, |at| f64::from(i32_at(row, at)) / 1e4);
                let values = [voltage, tenths(temperature), setpoint.map_or(0.0, tenths)];
                (Some(u64::from(u32_at(row, index))), values)
            }
        }
    }
}

/// The layout of a version, of which the first row begins with a mark.
fn layout(version: u8, mark: u8) -> Option<Layout> {
    let full = |len, index, temperature| Layout::Full {
        len,
        index,
        voltage: Some(temperature - 10),
        temperature,
        setpoint: Some(temperature + 2),
    };
    match (version, mark) {
        (2 | 4, _) => Some(full(94, 8, 41)),
        (5, _) => Some(full(87, 1, 34)),
        (9 | 11 | 13 | 16, 0x65) => Some(Layout::Pair),
        (9 | 11 | 13, 0x74) => {
            Some(Layout::Full { len: 88, index: 1, voltage: None, temperature: 35, setpoint: None })
        }
        (6 | 8 | 12 | 14 | 17, _) => Some(Layout::One),
        _ => None,
    }
}

/// A channel on its way into the table.
struct Channel {
    name: String,
    stream: Stream,
    layout: Layout,
    /// Columns for the values, by place.
    columns: [Option<Numbers>; 3],
    /// The row that comes next, and its values.
    next: Option<(u64, [f64; 3])>,
    /// The values of the rows that are filled.
    values: Vec<[f64; 3]>,
    used: u64,
}

/// Channels on their way into the table.
#[derive(Default)]
pub(super) struct Channels(Vec<Channel>);

/// An auxiliary member: `data_AUX_144_3_1.ndc` is channel 144, type 103; in older files the name ends in one
/// number.
fn member(entry: &Entry) -> Option<(u32, Option<u32>, u32)> {
    let stem = entry.file_name().strip_suffix(".ndc")?;
    let mut parts = stem.rsplit('_');
    let last: u32 = parts.next()?.parse().ok()?;
    let long = parts
        .next()
        .and_then(|part| part.parse().ok())
        .zip(parts.next().and_then(|p| p.parse().ok()));
    Some(match long {
        Some((kind, real)) => (real, Some(kind), last),
        None => (last, None, last),
    })
}

/// Finds the channels and makes their columns. Errors when the source cannot be read.
pub(super) fn columns(
    archive: &Archive,
    info: &Info,
    limits: &Limits,
    batch: &mut Batch,
    sink: &mut dyn Sink,
) -> io::Result<Channels> {
    let mut members: Vec<_> = archive
        .entries
        .iter()
        .filter(|entry| !entry.climbs())
        .filter_map(|entry| Some((member(entry)?, entry)))
        .collect();
    members.sort_by_key(|((real, kind, last), _)| (*real, *kind, *last));
    let mut channels = Vec::new();
    for (order, ((real, kind, _), entry)) in members.into_iter().enumerate() {
        if batch.width() + 3 > limits.max_columns {
            let message =
                "there are more auxiliary channels than columns may be; the rest were left out";
            sink.note(Note::new("limit-reached", message, entry.file_name()));
            break;
        }
        let Some(pages) = Pages::begin(archive.unpack(entry)?)? else {
            let message = format!("{} is cut off before its first row", entry.file_name());
            sink.note(Note::new("truncated-file", message, entry.file_name()));
            continue;
        };
        if pages.kind != KIND {
            continue;
        }
        // The description of the test knows a channel by its number and type; its type is that of the file's
        // name and 100.
        let told = info.aux.iter().find(|aux| {
            aux.real == real && kind.is_none_or(|kind| aux.kind == kind.saturating_add(100))
        });
        let told = told.copied().unwrap_or(AuxInfo {
            id: order as u32 + 1,
            real,
            kind: kind.map_or(0, |kind| kind.saturating_add(100)),
        });
        let Some(layout) = layout(pages.version, first_mark(archive, entry)?) else {
            let message = format!(
                "{} has version {} of auxiliary data, which is not known; it was left out",
                entry.file_name(),
                pages.version
            );
            sink.note(Note::new("unsupported-version", message, entry.file_name()));
            continue;
        };
        let columns = columns_of(told, layout, entry.file_name(), batch, sink);
        channels.push(Channel {
            name: entry.file_name().to_owned(),
            stream: Stream::new(pages, layout.len()),
            layout,
            columns,
            next: None,
            values: Vec::new(),
            used: 0,
        });
    }
    Ok(Channels(channels))
}

/// The first byte of the first row.
fn first_mark(archive: &Archive, entry: &Entry) -> io::Result<u8> {
    let mut unpack = archive.unpack(entry)?;
    let mut bytes = vec![0; 4096 + 133];
    let got = unpack.fill(&mut bytes)?;
    bytes.truncate(got);
    Ok(u8_at(&bytes, 4096 + 132))
}

fn columns_of(
    told: AuxInfo,
    layout: Layout,
    vendor: &str,
    batch: &mut Batch,
    sink: &mut dyn Sink,
) -> [Option<Numbers>; 3] {
    let mut add = |what: &str, unit: &str| {
        let id = told.id;
        let name = match what {
            "temperature" if (1..=5).contains(&id) => format!("temperature_t{id}_celsius"),
            _ if what.starts_with("unknown_") => what.to_owned(),
            _ => format!("aux{id}_{what}"),
        };
        let mut unique = name.clone();
        let mut again = 2;
        while batch.has(&unique) {
            unique = format!("{name}_{again}");
            again += 1;
        }
        batch.numbers(&unique, unit, vendor, Origin::Stored)
    };
    match layout {
        Layout::One => {
            let known = TYPES.iter().find(|(kind, _, _)| *kind == told.kind);
            let kind = told.kind.min(TYPE_MAX);
            let column = if let Some((_, what, unit)) = known {
                add(what, unit)
            } else {
                let message = format!(
                    "the auxiliary channel in {vendor} is of type {kind}, which is not known; its numbers are kept as they are, without a unit"
                );
                sink.note(Note::new("unknown-column", message, vendor));
                add(&format!("unknown_{kind}"), "")
            };
            [Some(column), None, None]
        }
        Layout::Pair => [Some(add("voltage", "V")), Some(add("temperature", "degC")), None],
        Layout::Full { voltage, setpoint, .. } => [
            voltage.map(|_| add("voltage", "V")),
            Some(add("temperature", "degC")),
            setpoint.map(|_| add("temperature_setpoint", "degC")),
        ],
    }
}

impl Channels {
    /// Puts values beside rows whose places rise. Errors when the source cannot be read.
    pub(super) fn fill(&mut self, places: &[u64], batch: &mut Batch) -> io::Result<()> {
        for channel in &mut self.0 {
            channel.values.clear();
            for &place in places {
                while channel.next.is_none_or(|(next, _)| next < place) {
                    let Some((counted, row)) = channel.stream.next()? else {
                        channel.next = Some((u64::MAX, [f64::NAN; 3]));
                        break;
                    };
                    let (told, values) = channel.layout.values(row);
                    channel.next = Some((told.unwrap_or(counted), values));
                }
                let found = channel.next.filter(|(next, _)| *next == place);
                channel.used += u64::from(found.is_some());
                channel.values.push(found.map_or([f64::NAN; 3], |(_, values)| values));
            }
            for (which, column) in channel.columns.iter().enumerate() {
                let values = channel.values.iter().filter_map(|values| values.get(which));
                if let Some(column) = column {
                    batch.extend(*column, values.copied());
                }
            }
        }
        Ok(())
    }

    /// What was found wrong with the pages of each channel, and how many rows got a value.
    pub(super) fn wrong(&self) -> impl Iterator<Item = (&str, Wrong, u64)> {
        self.0
            .iter()
            .map(|channel| (channel.name.as_str(), channel.stream.pages.wrong, channel.used))
    }
}
