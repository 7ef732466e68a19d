//! What the curves need and a file may not have: a time that only goes forward, and the charge that has flowed.

use std::ops::Range;

use galvanome_model::measurement::Values;
use galvanome_readers::sink::{Kind, NewColumn};

/// Works out both, row by row.
pub(super) struct Derive {
    time: Option<usize>,
    current: Option<usize>,
    /// The time of the row before as the file has it, and as the curves have it.
    last: Option<(f64, f64)>,
    /// The time that the curves had last.
    shown: f64,
    last_current: f64,
    charge_as: f64,
    /// What rounding has left over of the charge (Neumaier's sum).
    rest_as: f64,
}

impl Derive {
    /// For a table with these columns; none when it holds nothing that is drawn against time. Only the main table has a
    /// charge, and is drawn against its rows when it has no time.
    pub(super) fn new(columns: &[NewColumn], is_main: bool) -> Option<Self> {
        let place = |name: &str| {
            let found = |one: &NewColumn| one.kind == Kind::Number && one.head.name == name;
            columns.iter().position(found)
        };
        let time = place("test_time_second");
        let current = place("current_ampere").filter(|_| is_main);
        let drawn =
            time.is_some() || current.is_some() || (is_main && place("voltage_volt").is_some());
        drawn.then_some(Self {
            time,
            current,
            shown: f64::NEG_INFINITY,
            last: None,
            last_current: f64::NAN,
            charge_as: 0.0,
            rest_as: 0.0,
        })
    }

    /// Whether there is a charge.
    pub(super) fn has_charge(&self) -> bool {
        self.time.is_some() && self.current.is_some()
    }

    /// Time and, where there is one, charge of some rows.
    pub(super) fn rows(&mut self, columns: &[Values], rows: Range<usize>) -> [Vec<f64>; 2] {
        let numbers = |place: Option<usize>| match columns.get(place?)? {
            Values::Number(values) => Some(values.as_slice()),
            Values::Text(_) => None,
        };
        let (time, current) = (numbers(self.time), numbers(self.current));
        let mut out = [Vec::with_capacity(rows.len()), Vec::with_capacity(rows.len())];
        let [times, charges] = &mut out;
        for row in rows {
            let given = |column: Option<&[f64]>| column?.get(row).copied();
            let (at, gap) = self.time_of(given(time));
            times.push(at);
            if let Some(current) = given(current) {
                self.charge_of(current, gap);
            }
            charges.push((self.charge_as + self.rest_as) / 3600.0);
        }
        out
    }

    /// The time of a row, which never falls, and the seconds since the row before: 0 where the clock stepped back or
    /// is missing.
    fn time_of(&mut self, given: Option<f64>) -> (f64, f64) {
        let Some(given) = given else {
            self.shown = self.shown.max(0.0) + 1.0;
            return (self.shown, 0.0);
        };
        let (at, gap) = match self.last {
            _ if !given.is_finite() => (0.0, 0.0),
            None => (given, 0.0),
            // While the clock has not stepped back it is the file's own, to the last digit.
            Some((before, at)) if before == at && given >= before => (given, given - before),
            Some((before, at)) => {
                let gap = (given - before).max(0.0);
                (at + gap, gap)
            }
        };
        if given.is_finite() {
            self.last = Some((given, at));
        }
        self.shown = self.shown.max(at);
        (self.shown, gap)
    }

    fn charge_of(&mut self, current: f64, gap: f64) {
        let current = if current.is_finite() { current } else { 0.0 };
        let more = 0.5 * gap * (self.last_current + current);
        self.last_current = current;
        if !more.is_finite() {
            return;
        }
        let sum = self.charge_as + more;
        self.rest_as += if self.charge_as.abs() >= more.abs() {
            (self.charge_as - sum) + more
        } else {
            (more - sum) + self.charge_as
        };
        self.charge_as = sum;
    }
}
