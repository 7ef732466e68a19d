//! Ranges of a file, whatever its version.

use std::io;

use galvanome_model::measurement::StartTime;
use galvanome_model::note::Note;

use super::bytes::records;
use crate::diffraction::{Drive, Places, Scan};
use crate::limits::Limits;
use crate::sink::Sink;
use crate::source::Source;
use crate::text::clock::{Civil, DateOrder};

/// The largest record that is read.
pub(super) const RECORD_MAX: usize = 4096;

/// The ranges that were found, and what is wrong with them.
pub(super) struct Found {
    pub(super) scans: Vec<Scan>,
    /// Values that may still come.
    left: usize,
    beyond: bool,
    /// Whether the file ends before it should, and where that was noticed.
    pub(super) cut_at: Option<u64>,
    /// What of a range is not understood, by its number.
    pub(super) strange: Vec<(usize, String)>,
    /// Whether something was read as nobody has proved it.
    pub(super) unproved: Option<&'static str>,
}

/// Where the values of a range lie.
pub(super) struct Values {
    pub(super) at: u64,
    /// How many records there are.
    pub(super) n: u32,
    /// Bytes of a record.
    pub(super) size: usize,
    /// Names and units of drives of which each record holds the place.
    pub(super) listed: Vec<(&'static str, &'static str)>,
}

impl Found {
    pub(super) fn new(limits: &Limits) -> Self {
        let left = usize::try_from(limits.max_rows).unwrap_or(usize::MAX);
        Self {
            scans: Vec::new(),
            left,
            beyond: false,
            cut_at: None,
            strange: Vec::new(),
            unproved: None,
        }
    }

    /// Reads the values of a scan and keeps it, unless it has none. Gives where they end. Errors when the source cannot be
    /// read.
    pub(super) fn take(
        &mut self,
        source: &dyn Source,
        mut scan: Scan,
        values: &Values,
    ) -> io::Result<u64> {
        let stated = values.n as usize;
        let n = stated.min(self.left);
        self.beyond |= n < stated;
        let read = records(source, values.at, n, values.size, values.listed.len())?;
        let got = read.values.len();
        self.left -= got;
        if got < n {
            self.cut_at.get_or_insert(values.at + (got * values.size.max(4)) as u64);
        }
        for ((name, unit), places) in values.listed.iter().zip(read.behind) {
            scan.drives.retain(|drive| drive.name != *name);
            let (name, unit) = ((*name).to_owned(), (*unit).to_owned());
            scan.drives.push(Drive { name, unit, places: Places::Listed(places) });
        }
        if got > 0 {
            scan.values = read.values;
            "counts".clone_into(&mut scan.unit);
            scan.counts_per_unit = Some(1.0);
            scan.find_incidence();
            self.scans.push(scan);
        }
        let len = u64::from(values.n).saturating_mul(values.size.max(4) as u64);
        Ok(values.at.saturating_add(len))
    }

    /// Says what is wrong.
    pub(super) fn note(&mut self, sink: &mut dyn Sink) {
        if let Some(at) = self.cut_at {
            let message = "the file is cut off; everything that stands before the cut was read";
            sink.note(Note::new("truncated-file", message, format!("byte {at}")));
        }
        if self.beyond {
            let message = "the limit of values is reached; the rest was not read";
            sink.note(Note::new("limit-reached", message, format!("range {}", self.scans.len())));
        }
        if let Some(what) = self.unproved {
            let message = format!(
                "no file with {what} was seen yet; it was read as users describe it. Compare it with the vendor's software"
            );
            sink.note(Note::new("unverified-format", message, ""));
        }
        if let Some((number, what)) = self.strange.first() {
            let more = match self.strange.len() {
                1 => String::new(),
                len => format!(", and {} more ranges are like it", len - 1),
            };
            let message = format!("{what}{more}");
            sink.note(Note::new("unknown-scan-type", message, format!("range {number}")));
        }
        if self.scans.is_empty() {
            sink.note(Note::new("no-data", "no range with a value is in it", ""));
        }
        if self.scans.len() > 1 {
            for (number, scan) in (1..).zip(&mut self.scans) {
                scan.label = format!("range {number}");
            }
        }
    }
}

/// A drive that stood still or moves.
pub(super) fn drive(name: &str, unit: &str, places: Places) -> Drive {
    Drive { name: name.to_owned(), unit: unit.to_owned(), places }
}

/// The places of a drive that begins somewhere and goes on by a step.
pub(super) fn stepped(start: f64, step: f64) -> Places {
    if step == 0.0 { Places::Fixed(start) } else { Places::Stepped(start, step) }
}

/// The time in seconds that a point was counted; none where the file holds what stands for no time.
pub(super) fn time_s(seconds: Option<f64>) -> Option<Places> {
    seconds.filter(|time| *time > 0.0 && *time < 1e7).map(Places::Fixed)
}

/// When a file begins: the month stands first in these dates.
pub(super) fn start(date: &str, time: &str) -> Option<StartTime> {
    Civil::parse(&format!("{date} {time}"), DateOrder::MonthFirst).map(|civil| civil.start())
}
