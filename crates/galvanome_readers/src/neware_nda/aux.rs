//! Auxiliary readings: temperatures and voltages of further channels, in records of their own that name the row
//! to which they belong.

use std::collections::BTreeMap;

use galvanome_model::measurement::Origin;

use crate::le::{i16_at, i32_at, u8_at, u32_at};
use crate::neware::batch::{Batch, Numbers};

/// The mark of such a record.
pub(super) const AUX: u8 = 0x65;

/// Where voltage (tenths of millivolts) and temperature (tenths of degrees) stand in such records.
#[derive(Debug, Clone, Copy)]
pub(super) struct Places {
    voltage: usize,
    temperature: usize,
}

/// The places in a version; none where it has no such records, or nobody knows them.
pub(super) fn places(version: u8) -> Option<Places> {
    match version {
        11 | 12 | 13 | 15 | 18 => Some(Places { voltage: 21, temperature: 33 }),
        14 | 16 | 17 | 20 | 22..=24 | 26 | 28 | 29 => Some(Places { voltage: 22, temperature: 34 }),
        _ => None,
    }
}

#[derive(Debug, Clone, Copy)]
struct Reading {
    index: u32,
    voltage: i32,
    temperature: i16,
}

/// Readings by channel.
#[derive(Debug, Default)]
pub(super) struct Readings {
    channels: BTreeMap<u8, Vec<Reading>>,
}

/// A channel on its way into the table.
#[derive(Debug)]
struct Channel {
    readings: Vec<Reading>,
    next: usize,
    voltage: Option<Numbers>,
    temperature: Option<Numbers>,
}

/// Channels on their way into the table.
#[derive(Debug)]
pub(super) struct Channels(Vec<Channel>);

impl Readings {
    /// Takes in a record.
    pub(super) fn take(&mut self, places: Places, record: &[u8]) {
        self.channels.entry(u8_at(record, 1)).or_default().push(Reading {
            index: u32_at(record, 2),
            voltage: i32_at(record, places.voltage),
            temperature: i16_at(record, places.temperature),
        });
    }

    /// Makes columns for what the channels measured: one that is 0 everywhere was not connected.
    pub(super) fn columns(self, batch: &mut Batch) -> Channels {
        let mut channels = Vec::new();
        for (number, mut readings) in self.channels {
            readings.sort_by_key(|reading| reading.index);
            readings.dedup_by_key(|reading| reading.index);
            let temperature = readings.iter().any(|reading| reading.temperature != 0);
            let voltage = readings.iter().any(|reading| reading.voltage != 0);
            let vendor = format!("aux {number}");
            channels.push(Channel {
                next: 0,
                temperature: temperature.then(|| {
                    batch.numbers(&temperature_name(number.into()), "degC", &vendor, Origin::Stored)
                }),
                voltage: voltage.then(|| {
                    batch.numbers(&format!("aux{number}_voltage"), "V", &vendor, Origin::Stored)
                }),
                readings,
            });
        }
        Channels(channels)
    }
}

/// The name of the column of a channel's temperature.
pub(crate) fn temperature_name(channel: u32) -> String {
    match channel {
        1..=5 => format!("temperature_t{channel}_celsius"),
        _ => format!("aux{channel}_temperature"),
    }
}

impl Channels {
    /// Puts readings beside rows whose numbers rise.
    pub(super) fn fill(&mut self, batch: &mut Batch, rows: &(impl Iterator<Item = u32> + Clone)) {
        for channel in &mut self.0 {
            let Channel { readings, next, voltage, temperature } = channel;
            for index in rows.clone() {
                while readings.get(*next).is_some_and(|reading| reading.index < index) {
                    *next += 1;
                }
                let reading = readings.get(*next).filter(|reading| reading.index == index);
                if let Some(column) = *voltage {
                    batch.push(column, reading.map_or(f64::NAN, |r| f64::from(r.voltage) / 1e4));
                }
                if let Some(column) = *temperature {
                    batch.push(
                        column,
                        reading.map_or(f64::NAN, |r| f64::from(r.temperature) / 10.0),
                    );
                }
            }
        }
    }
}
