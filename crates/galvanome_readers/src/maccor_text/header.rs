//! What stands above a Maccor table, and when the test began.

use galvanome_model::measurement::{StartTime, Zone};

use crate::sink::Sink;
use crate::text::cells::decode;
use crate::text::clock::{Civil, DateOrder, order_shown};
use crate::text::lines::Line;
use crate::text::records::Records;

/// Entries of which older versions write several into one line.
const KEYS: [&str; 12] = [
    "Today's Date",
    "Today''s Date",
    "Date of Test",
    "Filename",
    "Tester Channel",
    "Procedure",
    "Description",
    "Comment/Barcode",
    "Comment",
    "Barcode",
    "SCap",
    "Started",
];

/// What was found above the table.
#[derive(Debug, Default)]
pub(crate) struct Header {
    started: Option<String>,
}

impl Header {
    /// Takes a line.
    pub(crate) fn take(&mut self, line: &Line<'_>, sink: &mut dyn Sink) {
        let text = decode(line.bytes);
        let text = text.trim_matches([' ', '\t', ',', ';']);
        if text.is_empty() {
            return;
        }
        let mut places: Vec<(usize, &str)> =
            KEYS.iter().filter_map(|key| Some((begin_of(text, key)?, *key))).collect();
        places.sort_by_key(|&(place, key)| (place, std::cmp::Reverse(key.len())));
        places.dedup_by_key(|(place, _)| *place);
        if places.first().is_none_or(|&(place, _)| place > 0) {
            let place = text.find(['\t', ',', ';', ':']);
            let (key, value) =
                place.and_then(|place| text.split_at_checked(place)).unwrap_or(("", text));
            self.entry(key.trim(), trimmed(value), sink);
            return;
        }
        for (at, &(place, key)) in places.iter().enumerate() {
            let end = places.get(at + 1).map_or(text.len(), |&(next, _)| next);
            let value = text.get(place + key.len()..end).unwrap_or_default();
            self.entry(key, trimmed(value), sink);
        }
    }

    fn entry(&mut self, key: &str, value: &str, sink: &mut dyn Sink) {
        match key {
            "Started" | "Date of Test" if !value.is_empty() => {
                self.started = Some(value.to_owned());
            }
            "Tester" => sink.instrument(value),
            _ => {}
        }
        sink.metadata(key, value);
    }

    /// The date of the test, if it is written so that day and month cannot be confused.
    pub(crate) fn known_date(&self) -> Option<Civil> {
        let stated = self.started.as_deref()?;
        // More letters than those of `PM` are the name of a month.
        let named = stated.chars().filter(|c| c.is_alphabetic()).count() >= 3;
        let order = order_shown(stated).or(named.then_some(DateOrder::DayFirst))?;
        Civil::parse(stated, order).or_else(|| Civil::date(stated, order))
    }

    /// Says when the test began: by the date and time above the table, else by the clock of the first row, else by
    /// the date alone.
    pub(crate) fn write(&self, records: Option<&Records<'_>>, sink: &mut dyn Sink) {
        if let Some(start) = self.start(records) {
            sink.started_at(start);
        }
    }

    fn start(&self, records: Option<&Records<'_>>) -> Option<StartTime> {
        let wall = records.and_then(|records| records.wall.as_ref());
        let local = |iso: String| StartTime { iso, zone: Zone::Local };
        let order = self.started.as_deref().and_then(order_shown);
        let order = order.or(wall.map(|wall| wall.order)).unwrap_or(DateOrder::MonthFirst);
        let stated = self.started.as_deref();
        if let Some(civil) = stated.and_then(|stated| Civil::parse(stated, order)) {
            return Some(local(civil.iso()));
        }
        if let Some(start) = records.and_then(Records::start) {
            return Some(start);
        }
        let day = Civil::date(stated?, order)?;
        // Some versions write the time of day alone into the rows.
        let first = records.and_then(|Records { table, plans, .. }| {
            let clock = table.place(&super::CLOCK)?;
            let time = plans.iter().find(|plan| plan.column.head.name == "test_time_second")?;
            let [clock, test] = table.cells([clock, time.cell]).next()?;
            let begins =
                test.iter().all(|byte| matches!(byte, b'0' | b'.' | b',' | b':' | b'd' | b' '));
            if begins { day.at(&decode(clock)) } else { None }
        });
        Some(local(match first {
            Some(first) => first.iso(),
            // The date, without the midnight that the file does not state.
            None => day.iso().chars().take_while(|&c| c != 'T').collect(),
        }))
    }
}

/// Where an entry begins: its key at the beginning, or behind a blank.
fn begin_of(text: &str, key: &str) -> Option<usize> {
    text.match_indices(key).map(|(place, _)| place).find(|&place| {
        let before = text.get(..place).unwrap_or_default();
        let behind = text.get(place + key.len()..).unwrap_or_default();
        (before.is_empty() || before.ends_with([' ', '\t', ',']))
            && (behind.is_empty() || behind.starts_with([' ', '\t', ',', ':', ';']))
    })
}

fn trimmed(value: &str) -> &str {
    value
        .trim_start_matches([' ', '\t', ':', ',', ';', '='])
        .trim_end_matches([' ', '\t', ',', ';'])
}
