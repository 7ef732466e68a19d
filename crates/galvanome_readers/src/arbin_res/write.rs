//! Writing `.res`, for simulated cells and tests. Not every tool of Access is content with the outcome: indexes and
//! the tables that Access keeps for itself are not written.

mod database;
mod fields;

use std::io;

use galvanome_model::measurement::Table;

use self::database::{Database, Sheet};
use self::fields::Cell;
use super::catalog::{AUXILIARY, AUXILIARY_NAMES, GLOBAL, RECORDS, STATISTICS};
use super::definition::Holds;
use super::pages::Jet;

/// A test to be written.
#[derive(Debug, Clone, Copy)]
pub struct ResTest<'a> {
    /// Its number in the file.
    pub test_id: i32,
    /// Test time, voltage and current, and where the table has them cycle, step, charge and energy, by the names of
    /// our columns; what it has not is zero.
    pub records: &'a Table,
    /// Its name.
    pub name: &'a str,
    /// What the operator wrote of it; of more than 255 letters it is kept as long text.
    pub comments: &'a str,
    /// When it began: seconds since 1970 on the computer's clock.
    pub start_s: f64,
    /// Temperatures of one auxiliary channel in degrees Celsius, one for each row; none when empty.
    pub temperatures_c: &'a [f64],
}

/// The file to be written.
#[derive(Debug, Clone, Copy)]
pub struct ResFile<'a> {
    /// The version of the database.
    pub jet: Jet,
    /// The serial number of the instrument.
    pub serial: &'a str,
    /// What is unusual about it.
    pub quirks: &'a [Quirk],
}

/// What real files may have, and a simulated one has only when asked to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Quirk {
    /// Pages are ciphered with a key that stands in the head of the file.
    Ciphered(u32),
    /// Rows that were deleted stand among the others.
    Deleted,
    /// Every third row stands on another page than its place.
    Elsewhere,
    /// Rows stand in the order from last to first.
    Backwards,
    /// Maps of pages are on pages of their own.
    FarMaps,
    /// The records have so many more columns (`MV_UD1` …), so that their definition goes over several pages.
    Wide(u8),
    /// Nothing but the records.
    RecordsOnly,
}

/// Columns of the records: name, what they hold, and ours.
const COLUMNS: [(&str, Holds, &str); 18] = [
    ("Test_ID", Holds::Long, ""),
    ("Data_Point", Holds::Long, "record_index"),
    ("Test_Time", Holds::Double, "test_time_second"),
    ("Step_Time", Holds::Double, "step_time_second"),
    ("DateTime", Holds::Double, ""),
    ("Step_Index", Holds::Int, "step_id"),
    ("Cycle_Index", Holds::Int, "cycle_count"),
    ("Is_FC_Data", Holds::Byte, ""),
    ("Current", Holds::Float, "current_ampere"),
    ("Voltage", Holds::Float, "voltage_volt"),
    ("Charge_Capacity", Holds::Double, "schedule_charging_capacity_ah"),
    ("Discharge_Capacity", Holds::Double, "schedule_discharging_capacity_ah"),
    ("Charge_Energy", Holds::Double, "schedule_charging_energy_wh"),
    ("Discharge_Energy", Holds::Double, "schedule_discharging_energy_wh"),
    ("dV/dt", Holds::Float, ""),
    ("Internal_Resistance", Holds::Float, "internal_resistance_ohm"),
    ("AC_Impedance", Holds::Float, ""),
    ("ACI_Phase_Angle", Holds::Float, ""),
];

/// Writes tests as one result file. A row of statistics is written for the last record of each cycle. Errors when
/// `into` cannot take the bytes, or a row is longer than a page.
pub fn write_res(
    tests: &[ResTest<'_>],
    file: &ResFile<'_>,
    into: &mut dyn io::Write,
) -> io::Result<()> {
    let has = |quirk: Quirk| file.quirks.contains(&quirk);
    let mut sheets = vec![records(tests, file)];
    if !has(Quirk::RecordsOnly) {
        sheets.push(global(tests, file));
        sheets.push(version());
        sheets.push(statistics(tests));
        if tests.iter().any(|test| !test.temperatures_c.is_empty()) {
            sheets.extend(auxiliary(tests));
        }
    }
    let mut database = Database::new(file.jet, file.quirks);
    for sheet in &sheets {
        database.add(sheet)?;
    }
    into.write_all(&database.finish()?)
}

/// A number of a row of our table; zero where the table has no such column.
fn number(table: &Table, name: &str, row: usize) -> f64 {
    table.numbers(name).and_then(|numbers| numbers.get(row)).copied().unwrap_or(0.0)
}

/// Seconds since 1970 as days of OLE.
fn ole_days(unix_s: f64) -> f64 {
    unix_s / 86_400.0 + 25_569.0
}

fn records(tests: &[ResTest<'_>], file: &ResFile<'_>) -> Sheet {
    let mut columns: Vec<_> =
        COLUMNS.iter().map(|(name, holds, _)| ((*name).to_owned(), *holds)).collect();
    let more =
        file.quirks.iter().map(|quirk| if let Quirk::Wide(more) = quirk { *more } else { 0 });
    columns
        .extend((1..=more.max().unwrap_or(0)).map(|more| (format!("MV_UD{more}"), Holds::Float)));
    let mut rows = Vec::new();
    for test in tests {
        for at in 0..test.records.rows {
            let time = number(test.records, "test_time_second", at);
            let cell = |(name, _): &(String, Holds)| {
                let known = COLUMNS.iter().find(|(known, ..)| known == name);
                Cell::Number(match (name.as_str(), known.map_or("", |known| known.2)) {
                    ("Test_ID", _) => f64::from(test.test_id),
                    ("Data_Point", _) => (at + 1) as f64,
                    ("DateTime", _) => ole_days(test.start_s + time.floor()),
                    (_, "") => 0.0,
                    (_, ours) => number(test.records, ours, at),
                })
            };
            rows.push(columns.iter().map(cell).collect());
        }
    }
    Sheet { name: RECORDS, columns, rows }
}

fn global(tests: &[ResTest<'_>], file: &ResFile<'_>) -> Sheet {
    let long = tests.iter().any(|test| test.comments.chars().count() > 255);
    let columns = [
        ("Test_ID", Holds::Long),
        ("Test_Name", Holds::Text),
        ("Channel_Index", Holds::Int),
        ("Start_DateTime", Holds::Double),
        ("Comments", if long { Holds::Memo } else { Holds::Text }),
        ("Schedule_File_Name", Holds::Text),
        ("Log_Aux_Data_Flag", Holds::Bool),
        ("Serial_Number", Holds::Text),
        ("Mapped_Aux_Temperature_Number", Holds::Int),
        ("MASS", Holds::Float),
    ];
    let row = |test: &ResTest<'_>| {
        let aux = f64::from(u8::from(!test.temperatures_c.is_empty()));
        vec![
            Cell::Number(f64::from(test.test_id)),
            Cell::Text(test.name.to_owned()),
            Cell::Number(1.0),
            Cell::Number(ole_days(test.start_s)),
            Cell::Text(test.comments.to_owned()),
            Cell::Missing,
            Cell::Number(aux),
            Cell::Text(file.serial.to_owned()),
            Cell::Number(aux),
            Cell::Number(0.0125),
        ]
    };
    Sheet::new(GLOBAL, &columns, tests.iter().map(row).collect())
}

fn version() -> Sheet {
    let text = || Cell::Text("Results File 5.23".to_owned());
    let columns = [("Version_Schema_Field", Holds::Text), ("Version_Comments_Field", Holds::Text)];
    Sheet::new("Version_Table", &columns, vec![vec![text(), text()]])
}

fn statistics(tests: &[ResTest<'_>]) -> Sheet {
    let columns =
        [("Test_ID", Holds::Long), ("Data_Point", Holds::Long), ("Vmax_On_Cycle", Holds::Float)];
    let mut rows = Vec::new();
    for test in tests {
        let table = test.records;
        let mut highest = f64::NEG_INFINITY;
        for at in 0..table.rows {
            highest = highest.max(number(table, "voltage_volt", at));
            let cycle = number(table, "cycle_count", at);
            if at + 1 == table.rows || number(table, "cycle_count", at + 1) != cycle {
                let numbers = [f64::from(test.test_id), (at + 1) as f64, highest];
                rows.push(numbers.into_iter().map(Cell::Number).collect());
                highest = f64::NEG_INFINITY;
            }
        }
    }
    Sheet::new(STATISTICS, &columns, rows)
}

fn auxiliary(tests: &[ResTest<'_>]) -> [Sheet; 2] {
    let columns = [
        ("Test_ID", Holds::Long),
        ("Data_Point", Holds::Long),
        ("Auxiliary_Index", Holds::Int),
        ("Data_Type", Holds::Int),
        ("X", Holds::Float),
    ];
    let mut rows = Vec::new();
    for test in tests {
        for (at, temperature) in test.temperatures_c.iter().enumerate() {
            let numbers = [f64::from(test.test_id), (at + 1) as f64, 0.0, 1.0, *temperature];
            rows.push(numbers.into_iter().map(Cell::Number).collect());
        }
    }
    let described = [
        ("Channel_Index", Holds::Int),
        ("Auxiliary_Index", Holds::Int),
        ("Data_Type", Holds::Int),
        ("Nickname", Holds::Text),
        ("Unit", Holds::Text),
    ];
    let text = |text: &str| Cell::Text(text.to_owned());
    let row =
        vec![Cell::Number(0.0), Cell::Number(0.0), Cell::Number(1.0), text("oven"), text("C")];
    [Sheet::new(AUXILIARY, &columns, rows), Sheet::new(AUXILIARY_NAMES[0], &described, vec![row])]
}
