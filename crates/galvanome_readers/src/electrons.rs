//! What readers of photoelectron spectra share: energies and their axes, counts and rates, small tables, metadata.

use galvanome_model::measurement::{ColumnHead, Origin, StartTime, Values, Zone};
use galvanome_model::note::Note;
use galvanome_model::signal::{Axis, AxisKind, Condition, ConditionKind, Counting, axes};

use crate::columns::unique;
use crate::error::ReadError;
use crate::limits::Limits;
use crate::sink::{Kind, NewColumn, Sink};
use crate::text::clock::{Civil, DateOrder, split_zone};
use crate::text::number::{Cell, Decimal, parse};

/// The number that a text is; none where it is none, or infinite.
pub(crate) fn number(text: &str) -> Option<f64> {
    match parse(text.trim().as_bytes(), Decimal::Point) {
        Cell::Number(number) => Some(number),
        _ => None,
    }
}

/// The number at the beginning of a text, of which words or units may follow: `4.506 eV`.
pub(crate) fn leading_number(text: &str) -> Option<f64> {
    number(text.split_whitespace().next()?)
}

/// An axis by what a file calls it. Binding and kinetic energy are known where they are in electronvolts.
pub(crate) fn axis(label: &str, unit: &str, points: Vec<f64>) -> Axis {
    let lower = label.to_lowercase();
    let energy: Option<AxisKind> = match lower.as_str() {
        _ if !unit.eq_ignore_ascii_case("eV") => None,
        label if label.contains("binding") => Some(axes::BINDING_ENERGY),
        label if label.contains("kinetic") => Some(axes::KINETIC_ENERGY),
        label if label.contains("photon") || label.contains("excitation") => {
            Some(axes::PHOTON_ENERGY)
        }
        _ => None,
    };
    if let Some(kind) = energy {
        return Axis::of(kind, label, points);
    }
    // A name of ours with another unit would be a lie.
    let ours = |kind: &&AxisKind| kind.name == label && kind.unit != unit;
    let name = match label {
        "" => "axis".to_owned(),
        _ if axes::ALL.iter().any(|kind| ours(&kind)) => format!("{label} in {unit}"),
        label => label.to_owned(),
    };
    Axis { name, unit: unit.to_owned(), vendor_name: label.to_owned(), points }
}

/// Points of an axis with a fixed step.
pub(crate) fn stepped(start: f64, step: f64, len: usize) -> Vec<f64> {
    (0..len).map(|place| start + step * place as f64).collect()
}

/// A condition where the file gives a number for it.
pub(crate) fn condition(kind: ConditionKind, value: Option<f64>) -> Option<Condition> {
    value.filter(|value| value.is_finite()).map(|value| kind.at(value))
}

/// How values were counted, by their unit and the live time in seconds of a point, if the file gives it: counts are what
/// they are, rates are worth the live time. None for other units, and for rates over an unknown time.
pub(crate) fn counting(unit: &str, live_time_s: Option<f64>) -> Option<Counting> {
    let live_time_s = live_time_s.filter(|time| time.is_finite() && *time > 0.0);
    let counts_per_unit = match unit {
        "counts" => 1.0,
        "counts/s" => live_time_s?,
        _ => return None,
    };
    Some(Counting { live_time_s: live_time_s.unwrap_or(f64::NAN), counts_per_unit })
}

/// Writes down metadata, as many entries as the limits allow.
pub(crate) struct Told {
    left: usize,
    lost: usize,
}

impl Told {
    /// Nothing yet.
    pub(crate) fn new(limits: &Limits) -> Self {
        Self { left: limits.max_metadata, lost: 0 }
    }

    /// One entry; one without a value is none.
    pub(crate) fn tell(&mut self, key: &str, value: &str, sink: &mut dyn Sink) {
        if value.is_empty() {
            return;
        }
        match self.left.checked_sub(1) {
            Some(left) => {
                self.left = left;
                sink.metadata(key, value);
            }
            None => self.lost += 1,
        }
    }

    /// Says how many entries were left out.
    pub(crate) fn finish(&self, sink: &mut dyn Sink) {
        if self.lost > 0 {
            let message =
                format!("{} entries of metadata beyond the limit were left out", self.lost);
            sink.note(Note::new("limit-reached", message, ""));
        }
    }
}

/// The start that a text with date and time gives, with its zone where it says one (`UTC`, `Z`, `+02:00`).
pub(crate) fn start_of(text: &str, order: DateOrder) -> Option<StartTime> {
    let text = text.trim();
    if let Some(text) = text.strip_suffix("UTC") {
        let iso = format!("{}Z", Civil::parse(text, order)?.iso());
        return Some(StartTime { iso, zone: Zone::Stated });
    }
    if let Some((time, ahead_s)) = split_zone(text)
        && let Some(civil) = Civil::parse(time, order)
    {
        return Some(zoned(&civil, ahead_s));
    }
    Some(Civil::parse(text, order)?.start())
}

/// A time by a clock that is so many seconds ahead of UTC.
pub(crate) fn zoned(civil: &Civil, ahead_s: f64) -> StartTime {
    let minutes = (ahead_s.abs() / 60.0).round() as i64;
    let sign = if ahead_s < 0.0 { '-' } else { '+' };
    let iso = format!("{}{sign}{:02}:{:02}", civil.iso(), minutes / 60, minutes % 60);
    StartTime { iso, zone: Zone::Stated }
}

/// A value of a small table.
pub(crate) enum Entry {
    /// A number; missing where there is none.
    Number(Option<f64>),
    /// A text.
    Text(String),
}

impl From<f64> for Entry {
    fn from(number: f64) -> Self {
        Self::Number(Some(number))
    }
}

impl From<Option<f64>> for Entry {
    fn from(number: Option<f64>) -> Self {
        Self::Number(number)
    }
}

impl From<&str> for Entry {
    fn from(text: &str) -> Self {
        Self::Text(text.to_owned())
    }
}

/// A table that is given whole at the end.
pub(crate) struct SmallTable {
    name: String,
    columns: Vec<NewColumn>,
    values: Vec<Values>,
}

impl SmallTable {
    /// A table without columns.
    pub(crate) fn new(name: &str) -> Self {
        Self { name: name.to_owned(), columns: Vec::new(), values: Vec::new() }
    }

    /// One more column of numbers.
    pub(crate) fn number(self, name: &str, unit: &str, vendor_name: &str) -> Self {
        self.column(name, unit, vendor_name, Kind::Number, Origin::Stored)
    }

    /// One more column of numbers that were computed from others.
    pub(crate) fn rebuilt(self, name: &str, unit: &str) -> Self {
        self.column(name, unit, "", Kind::Number, Origin::Reconstructed)
    }

    /// One more column of texts.
    pub(crate) fn text(self, name: &str, vendor_name: &str) -> Self {
        self.column(name, "", vendor_name, Kind::Text, Origin::Stored)
    }

    fn column(
        mut self,
        name: &str,
        unit: &str,
        vendor_name: &str,
        kind: Kind,
        origin: Origin,
    ) -> Self {
        let head = ColumnHead {
            name: if name.is_empty() { "unnamed" } else { name }.to_owned(),
            unit: unit.to_owned(),
            vendor_name: vendor_name.to_owned(),
            origin,
        };
        self.columns.push(NewColumn { head, kind });
        self.values.push(kind.values());
        self
    }

    /// One more row; an entry that is of another kind than its column, or not there, is missing.
    pub(crate) fn row(&mut self, entries: impl IntoIterator<Item = Entry>) {
        let mut entries = entries.into_iter();
        for values in &mut self.values {
            match (values, entries.next()) {
                (Values::Number(numbers), Some(Entry::Number(Some(number)))) => {
                    numbers.push(if number.is_finite() { number } else { f64::NAN });
                }
                (Values::Number(numbers), _) => numbers.push(f64::NAN),
                (Values::Text(texts), Some(Entry::Text(text))) => texts.push(text),
                (Values::Text(texts), _) => texts.push(String::new()),
            }
        }
    }

    /// Gives the table to a sink, unless it has no rows. Errors when the sink cannot keep it.
    pub(crate) fn give(mut self, sink: &mut dyn Sink) -> Result<(), ReadError> {
        if self.values.first().is_none_or(Values::is_empty) {
            return Ok(());
        }
        let columns = self.columns.iter_mut().enumerate();
        unique(columns.map(|(place, column)| (&mut column.head.name, place)));
        sink.table(&self.name, &self.columns);
        sink.rows(&self.values)
    }
}
