//! Writing `.nda`, for simulated cells and tests.

use std::io;

use galvanome_model::measurement::Table;

use crate::neware::record;
use crate::neware::scale::of_range;
use crate::neware::write::{Row, civil, put, rows};

/// What stands beside the rows.
#[derive(Debug, Clone, PartialEq)]
pub struct NdaTest<'a> {
    /// The version: one of 3 to 29 that is known, or 130.
    pub version: u8,
    /// The range of the current in milliamperes; negative for ranges with ten times finer counts. Version 130 has
    /// none.
    pub range: i32,
    /// When the test began: seconds since 1970, in UTC or on the computer's clock as the version has it.
    pub start_s: f64,
    /// A remark.
    pub remarks: &'a str,
    /// Temperatures of one auxiliary channel in degrees Celsius, one for each row; none when empty.
    pub temperatures_c: &'a [f64],
}

/// Bytes before the first block, and of the blocks that describe device and test.
const HEAD: usize = 1024;
const DEVICE: usize = 42;
const DESCRIPTION: usize = 503;

/// Writes a table as a test file of a version: test time, voltage and current, and where the table has them cycle
/// and step. Charges and energies of each step are summed from current, voltage and time. Errors when the
/// version or the range is not known, or `into` cannot take the bytes.
pub fn write_nda(table: &Table, test: &NdaTest<'_>, into: &mut dyn io::Write) -> io::Result<()> {
    let rows = rows(table);
    let mut head = vec![0; HEAD];
    put(&mut head, 0, super::MARK);
    let [low, high, month, day, ..] = civil(test.start_s);
    let year = u16::from_le_bytes([low, high]);
    put(&mut head, 6, format!("{year:04}{month:02}{day:02}").as_bytes());
    put(&mut head, super::VERSION_AT, &[test.version]);
    if test.version == 130 {
        return write_bts9(&rows, test, head, into);
    }
    let layout = record::of_nda(test.version);
    let counts = of_range(test.range).counts_per_ma();
    let (Some(layout), Some(per_ma)) = (layout, counts) else {
        return Err(io::Error::new(io::ErrorKind::InvalidInput, "no known version or range"));
    };
    let mut records = Vec::new();
    for row in &rows {
        records.extend(layout.write(row, test.start_s, test.range, per_ma * 1000.0));
    }
    let mut auxiliary = Vec::new();
    // From version 14 on a row has its readings in records of the same length, in a block of their own.
    if test.version >= 14 && layout.len == 86 {
        for (row, temperature) in rows.iter().zip(test.temperatures_c) {
            let mut record = vec![0; layout.len];
            put(&mut record, 0, &[super::aux::AUX, 1]);
            put(&mut record, 2, &row.index.to_le_bytes());
            put(&mut record, 34, &((temperature * 10.0).round() as i16).to_le_bytes());
            auxiliary.extend(record);
        }
    }
    let description = HEAD + DEVICE;
    let main = description + DESCRIPTION;
    let behind = main + records.len();
    let block = |head: &mut [u8], at: usize, begin: usize, len: usize| {
        put(head, at, &(begin as u32).to_le_bytes());
        put(head, at + 4, &(len as u32).to_le_bytes());
    };
    block(&mut head, 16, HEAD, DEVICE);
    block(&mut head, 24, description, DESCRIPTION);
    block(&mut head, 64, main, if test.version >= 9 { records.len() } else { 0 });
    block(&mut head, 72, behind, auxiliary.len());
    let mut device = vec![0; DEVICE];
    put(&mut device, 26, &test.range.to_le_bytes());
    let mut described = vec![0; DESCRIPTION];
    let remarks_at = if test.version >= 11 { 227 } else { 111 };
    put(&mut described, remarks_at, test.remarks.as_bytes());
    for part in [&head, &device, &described, &records, &auxiliary] {
        into.write_all(part)?;
    }
    Ok(())
}

/// Bytes of a row of BTS 9.1, with a temperature.
const BTS9_ROW: usize = 56;

fn write_bts9(
    rows: &[Row],
    test: &NdaTest<'_>,
    mut head: Vec<u8>,
    into: &mut dyn io::Write,
) -> io::Result<()> {
    let main = rows.len() * BTS9_ROW;
    put(&mut head, 16, &19_u16.to_le_bytes());
    put(&mut head, 34, &((HEAD + main) as u64).to_le_bytes());
    put(&mut head, 42, &481_u64.to_le_bytes());
    put(&mut head, 82, &(HEAD as u64).to_le_bytes());
    put(&mut head, 90, &(main as u64).to_le_bytes());
    put(&mut head, 258, b"9.1.5.7.20240403.R5");
    into.write_all(&head)?;
    for (at, row) in rows.iter().enumerate() {
        let nanos = |seconds: f64| ((seconds * 1e9).round() as u64).to_le_bytes();
        let split = |seconds: f64| {
            let nanos = u64::from_le_bytes(nanos(seconds));
            let mut eight = [0; 8];
            put(&mut eight, 0, &((nanos / 1_000_000_000) as u32).to_le_bytes());
            put(&mut eight, 4, &((nanos % 1_000_000_000) as u32).to_le_bytes());
            eight
        };
        let [charged, discharged, charged_wh, discharged_wh] = row.amounts;
        let temperature = test.temperatures_c.get(at).copied().unwrap_or(0.0);
        let mut record = vec![0; BTS9_ROW];
        put(&mut record, 0, &[record::ROW, 0, row.step_id as u8, row.step_type]);
        put(&mut record, 8, &row.index.to_le_bytes());
        put(&mut record, 12, &split(row.test_s));
        let numbers = [
            row.current_a * 1e3,
            row.voltage_v,
            (charged - discharged) * 3.6e6,
            (charged_wh - discharged_wh) * 3.6e6,
        ];
        for (place, number) in numbers.into_iter().enumerate() {
            put(&mut record, 20 + 4 * place, &(number as f32).to_le_bytes());
        }
        put(&mut record, 36, &row.cycle.saturating_sub(1).to_le_bytes());
        put(&mut record, 44, &split(test.start_s + row.test_s));
        put(&mut record, 52, &(temperature as f32).to_le_bytes());
        into.write_all(&record)?;
    }
    // The description of the test, in the version whose numbers begin at byte 424.
    let mut described = vec![0; 481];
    put(&mut described, 0, &19_u16.to_le_bytes());
    put(&mut described, 264, test.remarks.as_bytes());
    put(&mut described, 428, &(rows.len() as u32).to_le_bytes());
    let stop_s = test.start_s + rows.last().map_or(0.0, |row| row.test_s);
    put(&mut described, 432, &((test.start_s * 1e6) as u64).to_le_bytes());
    put(&mut described, 440, &((stop_s * 1e6) as u64).to_le_bytes());
    into.write_all(&described)
}
