//! Tables with several values for a data point, each in a row of its own: auxiliary channels, built-in voltages,
//! signals of a bus. They become columns beside the records.

use std::collections::BTreeMap;
use std::io;

use galvanome_model::note::Note;

use super::catalog::{AUXILIARY, AUXILIARY_NAMES, Catalog};
use super::columns::{Rows, finite};
use super::definition::{Column, Definition};
use super::long;
use super::order::{Key, Ordered, Survey};
use super::pages::Pages;
use super::rows::Fields;
use crate::limits::Limits;
use crate::sink::Sink;
use crate::units::{Convert, Dimension, conversion};

/// A table of this kind.
struct Kind {
    table: &'static str,
    /// Columns that say which channel it is.
    which: &'static [&'static str],
    /// Columns with its value and with the rate of that.
    values: &'static [&'static str],
    /// What its channels are called, and in which unit.
    called: &'static str,
    unit: &'static str,
}

const KINDS: [Kind; 4] = [
    Kind {
        table: AUXILIARY,
        which: &["Auxiliary_Index", "Data_Type"],
        values: &["X", "dX_dt"],
        called: "aux",
        unit: "",
    },
    Kind {
        table: "BuiltInVoltage_Table",
        which: &["Voltage_Index"],
        values: &["Value"],
        called: "built_in_voltage",
        unit: "V",
    },
    Kind {
        table: "Can_BMS_Data_Table",
        which: &["CAN_MV_Index"],
        values: &["Signal_Value_X"],
        called: "can",
        unit: "",
    },
    Kind {
        table: "SMBData_Table",
        which: &["SMB_MV_Index"],
        values: &["Signal_Value_X"],
        called: "smb",
        unit: "",
    },
];

/// What auxiliary channels measure by their type, and the unit where none is told. Real files proved the second; the
/// others follow the order in which the table of tests counts channels.
const TYPES: [(&str, &str); 8] = [
    ("voltage", "V"),
    ("temperature", "degC"),
    ("pressure", ""),
    ("ph", "1"),
    ("flow_rate", ""),
    ("concentration", ""),
    ("digital_input", "1"),
    ("digital_output", "1"),
];

/// Names of tables whose values stand beside the records.
pub(super) fn tables() -> impl Iterator<Item = &'static str> {
    KINDS.iter().map(|kind| kind.table)
}

/// A channel is told by one or two numbers.
type Which = (i32, i32);

/// A column of values, and how they are converted.
#[derive(Debug, Clone, Copy)]
struct Target {
    place: usize,
    convert: Convert,
}

/// One such table on its way into the records.
struct Channels<'a> {
    kind: &'static Kind,
    ordered: Ordered<'a>,
    which: Vec<&'a Column>,
    values: Vec<&'a Column>,
    targets: BTreeMap<Which, Vec<Target>>,
    /// The row that comes next: its key, and its values with their places.
    next: Option<(Key, Vec<(usize, f64)>)>,
    /// The key that was asked for last, and what was found for it.
    held: (Option<Key>, Vec<(usize, f64)>),
    used: u64,
    unused: u64,
}

/// All such tables on their way into the records.
#[derive(Default)]
pub(super) struct Beside<'a>(Vec<Channels<'a>>);

fn which(columns: &[&Column], fields: &Fields<'_>) -> Which {
    let number = |place: usize| columns.get(place).map_or(0, |c| fields.number(c) as i32);
    (number(0), number(1))
}

impl<'a> Beside<'a> {
    /// Finds the channels and makes their columns. Errors when the source cannot be read.
    pub(super) fn open(
        pages: &'a Pages<'a>,
        catalog: &'a Catalog,
        limits: &Limits,
        rows: &mut Rows,
        sink: &mut dyn Sink,
    ) -> io::Result<Self> {
        let units = Units::read(pages, catalog)?;
        let mut all = Vec::new();
        for kind in &KINDS {
            let Some(definition) = catalog.get(kind.table) else { continue };
            let columns = |names: &[&str]| -> Vec<&'a Column> {
                let known = names.iter().filter_map(|name| definition.column(name));
                known.filter(|column| column.holds.is_number()).collect()
            };
            let (by, values) = (columns(kind.which), columns(kind.values));
            if definition.column("Data_Point").is_none() || values.is_empty() {
                continue;
            }
            let mut found: BTreeMap<Which, Vec<Target>> = BTreeMap::new();
            let room = limits.max_columns.saturating_sub(rows.heads().len()) / values.len();
            let mut full = false;
            let ordered = Ordered::open(pages, definition, &mut |fields| {
                let which = which(&by, fields);
                if found.len() < room {
                    found.entry(which).or_default();
                } else {
                    full |= !found.contains_key(&which);
                }
            })?;
            if full {
                let message =
                    "there are more auxiliary channels than columns may be; the rest were left out";
                sink.note(Note::new("limit-reached", message, format!("table {}", kind.table)));
            }
            // By type first, so that the columns of temperatures stand together.
            let mut sorted: Vec<_> = found.iter_mut().collect();
            sorted.sort_by_key(|((index, of), _)| (*of, *index));
            for (which, targets) in sorted {
                for column in &values {
                    targets.push(target(kind, *which, column, &units, rows));
                }
            }
            all.push(Channels {
                kind,
                ordered,
                which: by,
                values,
                targets: found,
                next: None,
                held: (None, Vec::new()),
                used: 0,
                unused: 0,
            });
        }
        for channels in &mut all {
            channels.step()?;
        }
        Ok(Self(all))
    }

    /// Puts values beside the row that waits last; keys rise. Errors when the source cannot be read.
    pub(super) fn fill(&mut self, key: Key, rows: &mut Rows) -> io::Result<()> {
        for channels in &mut self.0 {
            if channels.held.0 != Some(key) {
                channels.held.0 = Some(key);
                channels.held.1.clear();
                while let Some((next, _)) = &channels.next
                    && *next <= key
                {
                    let used = *next == key;
                    if let Some((_, values)) = channels.next.take().filter(|_| used) {
                        channels.held.1.extend(values);
                    }
                    channels.used += u64::from(used);
                    channels.unused += u64::from(!used);
                    channels.step()?;
                }
            }
            for (place, value) in &channels.held.1 {
                rows.put_beside(*place, *value);
            }
        }
        Ok(())
    }

    /// What a look at the rows of each table found, and how many of them stand beside no record.
    pub(super) fn surveys(
        &self,
    ) -> impl Iterator<Item = (&'static str, &Definition, &Survey, u64)> {
        self.0.iter().map(|channels| {
            let survey = &channels.ordered.survey;
            let unused = survey.rows.saturating_sub(channels.used);
            (channels.kind.table, channels.ordered.definition(), survey, unused)
        })
    }
}

impl Channels<'_> {
    fn step(&mut self) -> io::Result<()> {
        self.next = None;
        if let Some((key, row)) = self.ordered.next()?
            && let Some(fields) = self.ordered.fields(&row)
        {
            let targets = self.targets.get(&which(&self.which, &fields));
            let values = targets.into_iter().flatten().zip(&self.values);
            let values = values
                .map(|(target, column)| {
                    (target.place, finite(target.convert.apply(fields.number(column))))
                })
                .collect();
            self.next = Some((key, values));
        }
        Ok(())
    }
}

/// Makes the column of a channel.
fn target(kind: &Kind, which: Which, column: &Column, units: &Units, rows: &mut Rows) -> Target {
    let (index, of) = which;
    let rate =
        kind.values.iter().position(|name| column.name.eq_ignore_ascii_case(name)) == Some(1);
    let number = i64::from(index) + 1;
    if kind.table != AUXILIARY {
        let vendor = format!("{}.{} ({} {index})", kind.table, column.name, kind.which.join("; "));
        let name = format!("{}{number}", kind.called);
        return Target {
            place: rows.add_beside(&name, kind.unit, &vendor),
            convert: Convert::Same,
        };
    }
    let known = usize::try_from(of).ok().and_then(|of| TYPES.get(of));
    let told = units.of(which);
    let (mut unit, mut convert) =
        (told.map_or("", |(unit, _)| unit.as_str()).to_owned(), Convert::Same);
    let called = match known {
        Some((called, habit)) => {
            let dimension = match *called {
                "voltage" => Some(Dimension::Voltage),
                "temperature" => Some(Dimension::Temperature),
                _ => None,
            };
            if unit.is_empty() {
                (*habit).clone_into(&mut unit);
            }
            if let Some(dimension) = dimension
                && let Some(found) = conversion(&unit, dimension)
            {
                convert = found;
                dimension.unit().clone_into(&mut unit);
            }
            (*called).to_owned()
        }
        None => format!("unknown_{of}"),
    };
    let nickname = told.map(|(_, name)| name.as_str()).filter(|name| !name.is_empty());
    let vendor = format!(
        "{}.{} (Data_Type {of}; Auxiliary_Index {index}{})",
        kind.table,
        column.name,
        nickname.map(|name| format!("; {name}")).unwrap_or_default()
    );
    let name = match (called.as_str(), number, rate) {
        ("temperature", 1..=5, false) if unit == "degC" => format!("temperature_t{number}_celsius"),
        (_, _, false) => format!("aux{number}_{called}"),
        (_, _, true) => format!("aux{number}_{called}_rate"),
    };
    if rate {
        // Of real files it follows no difference of the values by time, so that its unit is open.
        (unit, convert) = (String::new(), Convert::Same);
    }
    Target { place: rows.add_beside(&name, &unit, &vendor), convert }
}

/// Units and names of auxiliary channels, as a table of the file tells them.
struct Units(BTreeMap<Which, (String, String)>);

impl Units {
    /// Channels whose units are kept.
    const MOST: usize = 4096;

    fn read(pages: &Pages<'_>, catalog: &Catalog) -> io::Result<Self> {
        let mut units = BTreeMap::new();
        for definition in AUXILIARY_NAMES.iter().filter_map(|name| catalog.get(name)) {
            let by: Vec<_> =
                KINDS[0].which.iter().filter_map(|name| definition.column(name)).collect();
            let mut ordered = Ordered::open(pages, definition, &mut |_| {})?;
            while units.len() < Self::MOST
                && let Some((_, row)) = ordered.next()?
            {
                let Some(fields) = ordered.fields(&row) else { continue };
                let mut told = [String::new(), String::new()];
                for (told, name) in told.iter_mut().zip(["Unit", "Nickname"]) {
                    if let Some(column) = definition.column(name)
                        && let Some((text, _)) = long::text(pages, &fields, column, 1024)?
                    {
                        text.trim().clone_into(told);
                    }
                }
                let [unit, nickname] = told;
                units.insert(which(&by, &fields), (unit, nickname));
            }
        }
        Ok(Self(units))
    }

    fn of(&self, which: Which) -> Option<&(String, String)> {
        self.0.get(&which)
    }
}
