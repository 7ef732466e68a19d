//! Which columns of an Arbin table become which of ours.

use galvanome_model::measurement::{ColumnHead, Origin, Values};
use galvanome_model::note::Note;

use super::definition::{Column, Definition};
use super::long;
use super::pages::Pages;
use super::rows::Fields;
use crate::arbin_csv::VOCABULARY;
use crate::columns::by_name;
use crate::error::ReadError;
use crate::limits::Limits;
use crate::sink::{Allowance, Kind, NewColumn, Sink};
use crate::units::Convert;

/// Rows that are handed on at a time.
const ROWS: usize = 4096;

/// Days of OLE before 1970.
const EPOCH_D: f64 = 25_569.0;

/// Columns that keep their names, and their units as the software shows them.
const UNITS: [(&str, &str); 38] = [
    ("Test_ID", "1"),
    ("Is_FC_Data", "1"),
    ("dV/dt", "V/s"),
    ("dI/dt", "A/s"),
    ("dQ/dV", "Ah/V"),
    ("dV/dQ", "V/Ah"),
    ("AC_Impedance", "ohm"),
    ("ACI_Phase_Angle", "deg"),
    ("PulseStageIndex", "1"),
    ("PulseStageTime", "s"),
    ("TC_Counter1", "1"),
    ("TC_Counter2", "1"),
    ("TC_Counter3", "1"),
    ("TC_Counter4", "1"),
    ("TC_Time1", "s"),
    ("TC_Time2", "s"),
    ("TC_Time3", "s"),
    ("TC_Time4", "s"),
    ("TC_Charge_Capacity1", "Ah"),
    ("TC_Charge_Capacity2", "Ah"),
    ("TC_Discharge_Capacity1", "Ah"),
    ("TC_Discharge_Capacity2", "Ah"),
    ("TC_Charge_Energy1", "Wh"),
    ("TC_Charge_Energy2", "Wh"),
    ("TC_Discharge_Energy1", "Wh"),
    ("TC_Discharge_Energy2", "Wh"),
    ("Vmax_On_Cycle", "V"),
    ("Charge_Time", "s"),
    ("Discharge_Time", "s"),
    ("Event_Type", "1"),
    ("Event_Describe", ""),
    ("Cell_Index", "1"),
    ("ACI", "ohm"),
    ("Phase_Shift", "deg"),
    ("Voltage_Index", "1"),
    ("CAN_MV_Index", "1"),
    ("SMB_MV_Index", "1"),
    ("Signal_Value_X", ""),
];

/// Real or imaginary part of a number of modulus 1, from its angle.
type Part = fn(f64) -> f64;

/// Where the values of a column come from.
#[derive(Debug, Clone)]
enum From {
    /// A number, converted.
    Number(Column, Convert),
    /// Days of OLE on the computer's clock, as seconds since 1970.
    Clock(Column),
    /// Text.
    Text(Column),
    /// Real or imaginary part of an impedance, from modulus and phase.
    Part(Column, Column, Part),
    /// Put in from another table.
    Beside,
}

/// Columns of a table, and the rows of them that wait to be handed on.
pub(super) struct Rows {
    heads: Vec<NewColumn>,
    from: Vec<From>,
    values: Vec<Values>,
    allowance: Allowance,
    waiting: usize,
}

impl Rows {
    /// The columns of a table. A note names those that are not known.
    pub(super) fn of(
        name: &str,
        definition: &Definition,
        limits: &Limits,
        sink: &mut dyn Sink,
    ) -> Self {
        let mut rows = Self {
            heads: Vec::new(),
            from: Vec::new(),
            values: Vec::new(),
            allowance: Allowance::default(),
            waiting: 0,
        };
        let names: Vec<_> = definition.columns.iter().map(|column| column.name.clone()).collect();
        let meanings = VOCABULARY.meanings(&names, &[]);
        let mut unknown = Vec::new();
        for (column, meaning) in definition.columns.iter().zip(meanings) {
            if rows.heads.len() >= limits.max_columns {
                let message = "there are more columns than may be; the rest were left out";
                sink.note(Note::new("limit-reached", message, format!("table {name}")));
                break;
            }
            let own = column.name.as_str();
            let stored = Origin::Stored;
            let known = UNITS.iter().find(|(known, _)| known.eq_ignore_ascii_case(own));
            let spectrum = match own {
                "Freq" => Some("frequency_hertz"),
                "Zmod" => Some("absolute_impedance_ohm"),
                "Zphz" => Some("phase_degree"),
                _ => None,
            };
            if !column.holds.is_number() {
                if column.holds != super::definition::Holds::Other {
                    rows.add(own, "", own, stored, Kind::Text, From::Text(column.clone()));
                }
            } else if own.eq_ignore_ascii_case("DateTime") {
                let from = From::Clock(column.clone());
                let number = Kind::Number;
                rows.add("unix_time_second", "s", own, Origin::Reconstructed, number, from);
            } else if let Some(spectrum) = spectrum {
                let from = From::Number(column.clone(), Convert::Same);
                rows.add(spectrum, "", own, stored, Kind::Number, from);
            } else if let Some(meaning) = meaning
                && let Some(convert) = meaning.convert
            {
                let from = From::Number(column.clone(), convert);
                rows.add(meaning.canonical.name, "", own, stored, Kind::Number, from);
            } else {
                let from = From::Number(column.clone(), Convert::Same);
                rows.add(own, known.map_or("", |known| known.1), own, stored, Kind::Number, from);
                if known.is_none() && !VOCABULARY.knows(own) {
                    unknown.push(own);
                }
            }
        }
        if name == super::catalog::RECORDS && !unknown.is_empty() {
            let message = format!(
                "the meaning and the unit of {} are not known here; the numbers are kept as they are",
                unknown.join(", ")
            );
            sink.note(Note::new("unknown-column", message, format!("table {name}")));
        }
        if let (Some(modulus), Some(phase)) = (definition.column("Zmod"), definition.column("Zphz"))
            && modulus.holds.is_number()
            && phase.holds.is_number()
        {
            let parts: [(&str, Part); 2] =
                [("real_impedance_ohm", f64::cos), ("imaginary_impedance_ohm", f64::sin)];
            for (part, of) in parts {
                let from = From::Part(modulus.clone(), phase.clone(), of);
                let rebuilt = Origin::Reconstructed;
                rows.add(part, "", "Zmod, Zphz", rebuilt, Kind::Number, from);
            }
        }
        rows
    }

    /// Adds a column, under a name that no other one has. A canonical one has its own unit. Gives its place.
    fn add(
        &mut self,
        name: &str,
        unit: &str,
        vendor: &str,
        origin: Origin,
        kind: Kind,
        from: From,
    ) -> usize {
        let canonical = by_name(name).filter(|_| kind == Kind::Number);
        let taken = |name: &str| self.heads.iter().any(|column| column.head.name == name);
        let name = if name.is_empty() { "unnamed" } else { name };
        let mut unique = name.to_owned();
        let mut again = 2;
        while taken(&unique) {
            unique = format!("{name}_{again}");
            again += 1;
        }
        let unit = canonical.and_then(|known| known.dimension).map_or(unit, |known| known.unit());
        let head = ColumnHead {
            name: unique,
            unit: unit.to_owned(),
            vendor_name: vendor.to_owned(),
            origin,
        };
        self.heads.push(NewColumn { head, kind });
        self.from.push(from);
        self.values.push(kind.values());
        self.heads.len() - 1
    }

    /// Adds a column of numbers that come from another table. Gives its place.
    pub(super) fn add_beside(&mut self, name: &str, unit: &str, vendor: &str) -> usize {
        self.add(name, unit, vendor, Origin::Stored, Kind::Number, From::Beside)
    }

    /// Adds the columns of numbers of another table, which come from there.
    pub(super) fn add_joined(&mut self, other: &[NewColumn]) -> Vec<(usize, usize)> {
        let mut places = Vec::new();
        for (place, column) in other.iter().enumerate() {
            let head = &column.head;
            let taken = self.heads.iter().any(|own| own.head.name == head.name);
            if column.kind == Kind::Number && !taken {
                let (vendor, origin) = (&head.vendor_name, head.origin);
                let from = From::Beside;
                let own = self.add(&head.name, &head.unit, vendor, origin, Kind::Number, from);
                places.push((place, own));
            }
        }
        places
    }

    /// The columns.
    pub(super) fn heads(&self) -> &[NewColumn] {
        &self.heads
    }

    /// Begins the table.
    pub(super) fn begin(&mut self, name: &str, limits: &Limits, sink: &mut dyn Sink) {
        self.allowance = Allowance::of(limits, self.heads.len());
        sink.table(name, &self.heads);
    }

    /// Puts a row into those that wait; columns of other tables are missing until they are put. Errors when the
    /// source cannot be read.
    pub(super) fn put(
        &mut self,
        pages: &Pages<'_>,
        fields: &Fields<'_>,
        limits: &Limits,
    ) -> std::io::Result<()> {
        self.waiting += 1;
        for (from, values) in self.from.iter().zip(&mut self.values) {
            match (from, values) {
                (From::Number(column, Convert::Same), Values::Number(numbers)) => {
                    numbers.push(fields.number(column));
                }
                (From::Number(column, convert), Values::Number(numbers)) => {
                    numbers.push(finite(convert.apply(fields.number(column))));
                }
                (From::Clock(column), Values::Number(numbers)) => {
                    numbers.push(unix_s(fields.number(column)));
                }
                (From::Part(modulus, phase, of), Values::Number(numbers)) => {
                    let phase = fields.number(phase).to_radians();
                    numbers.push(finite(fields.number(modulus) * of(phase)));
                }
                (From::Text(column), Values::Text(texts)) => {
                    let text = long::text(pages, fields, column, limits.max_text_bytes)?;
                    texts.push(text.map(|(text, _)| text).unwrap_or_default());
                }
                // What comes from beside is put in afterwards.
                (_, Values::Number(numbers)) => numbers.push(f64::NAN),
                (_, Values::Text(texts)) => texts.push(String::new()),
            }
        }
        Ok(())
    }

    /// Puts a number from another table into the row that waits last.
    pub(super) fn put_beside(&mut self, place: usize, value: f64) {
        if let Some(Values::Number(numbers)) = self.values.get_mut(place)
            && let Some(last) = numbers.last_mut()
        {
            *last = value;
        }
    }

    /// A number of the row that waits last.
    pub(super) fn last(&self, place: usize) -> f64 {
        match self.values.get(place) {
            Some(Values::Number(numbers)) => numbers.last().copied().unwrap_or(f64::NAN),
            _ => f64::NAN,
        }
    }

    /// Hands on what waits, if that is enough or `all` is asked for. False when no more rows may come, which a note
    /// then says. Errors when the sink cannot keep them.
    pub(super) fn flush(&mut self, all: bool, sink: &mut dyn Sink) -> Result<bool, ReadError> {
        if self.waiting == 0 || !all && self.waiting < ROWS {
            return Ok(true);
        }
        self.waiting = 0;
        let more = self.allowance.hand_on(&mut self.values, sink)?;
        for values in &mut self.values {
            match values {
                Values::Number(numbers) => numbers.clear(),
                Values::Text(texts) => texts.clear(),
            }
        }
        Ok(more)
    }

    /// How many rows were handed on.
    pub(super) fn gave(&self) -> u64 {
        self.allowance.gave()
    }
}

/// Days of OLE (since the end of 1899) as seconds since 1970, on one clock, to ten microseconds: a float of days resolves
/// some tenths of one.
pub(super) fn unix_s(days: f64) -> f64 {
    finite(((days - EPOCH_D) * 86_400.0 * 1e5).round() / 1e5)
}

/// A number, missing where it is not finite.
pub(super) fn finite(value: f64) -> f64 {
    if value.is_finite() { value } else { f64::NAN }
}
