//! Writing `.ndax`, for simulated cells and tests.

use std::io;

use flate2::Crc;
use galvanome_model::measurement::Table;

use super::family::{DATA, Family, ROW_LEN, family};
use crate::archive::write_zip;
use crate::neware::record;
use crate::neware::scale::of_range;
use crate::neware::write::{Row, put, rows};

/// What stands beside the rows.
#[derive(Debug, Clone, PartialEq)]
pub struct NdaxTest<'a> {
    /// The version: one of 2, 4, 5, 8, 9, 11 to 14, 16 and 17.
    pub version: u8,
    /// The range of the current in milliamperes, of versions up to 5.
    pub range: i32,
    /// When the test began: seconds since 1970, in UTC or on the computer's clock as the version has it.
    pub start_s: f64,
    /// A remark.
    pub remarks: &'a str,
    /// Temperatures of one auxiliary channel in degrees Celsius, one for each row; none when empty.
    pub temperatures_c: &'a [f64],
    /// The way to count cycles that somebody asked for, if anybody did.
    pub cycle_mode: Option<u8>,
}

/// What is stored in a member.
const ROWS: u8 = 1;
const AUX: u8 = 5;
const STEPS: u8 = 7;
const RUNS: u8 = 18;

/// Writes a table as a test file of a version, packed. Since version 8 time, charge and energy are written for the
/// first two rows of a step and wherever the interval of time changes, as the instrument does. Errors
/// when the version or the range is not known, or `into` cannot take the bytes.
pub fn write_ndax(table: &Table, test: &NdaxTest<'_>, into: &mut dyn io::Write) -> io::Result<()> {
    let rows = rows(table);
    let unknown = || io::Error::new(io::ErrorKind::InvalidInput, "no known version or range");
    let count = u8::from(!test.temperatures_c.is_empty());
    let xml = |inner: &str| {
        format!(
            "<?xml version=\"1.0\" encoding=\"GB2312\"?>\n<root><config>{inner}</config></root>\n"
        )
    };
    let info = xml(&format!(
        "<TestInfo Remark=\"{}\" AuxCount=\"{count}\"><Aux1 AuxID=\"1\" RealChlID=\"225\" ChlType=\"103\"/></TestInfo>",
        test.remarks
    ));
    let mut members = vec![("TestInfo.xml".to_owned(), info.into_bytes())];
    if let Some(mode) = test.cycle_mode {
        let config = xml(&format!("<config CycleMode=\"{mode}\"/>"));
        members.push(("NdaxConfig.xml".to_owned(), config.into_bytes()));
    }
    let mut add = |name: &str, kind: u8, len: usize, records: Vec<Vec<u8>>| {
        members.push((name.to_owned(), ndc(test.version, kind, len, &records)));
    };
    if let Some(layout) = record::of_ndc(test.version) {
        let per_a = of_range(test.range).counts_per_ma().ok_or_else(unknown)? * 1000.0;
        let records = rows.iter().map(|row| layout.write(row, test.start_s, test.range, per_a));
        add(DATA, ROWS, layout.len, records.collect());
        let before = layout.mark;
        let aux = rows.iter().zip(test.temperatures_c).map(|(row, temperature)| {
            let mut record = vec![0; layout.len];
            put(&mut record, before, &[0x65]);
            put(&mut record, before + 1, &row.index.to_le_bytes());
            put(&mut record, before + 34, &((temperature * 10.0).round() as i16).to_le_bytes());
            record
        });
        let aux: Vec<_> = aux.collect();
        if !aux.is_empty() {
            add("data_AUX_225_3_1.ndc", AUX, layout.len, aux);
        }
        return write_zip(&members, into);
    }
    let family = family(test.version).ok_or_else(unknown)?;
    let data = rows.iter().map(|row| {
        let mut record = vec![0; ROW_LEN];
        put(&mut record, 0, &((row.voltage_v * family.per_v) as f32).to_le_bytes());
        put(&mut record, 4, &((row.current_a * family.per_a) as f32).to_le_bytes());
        record
    });
    add(DATA, ROWS, ROW_LEN, data.collect());
    add("data_step.ndc", STEPS, family.step_len, steps_of(&rows, family.step_len));
    add("data_runInfo.ndc", RUNS, family.run_len, runs_of(&rows, test.start_s, &family));
    let pairs = matches!(test.version, 9 | 11 | 13 | 16);
    let aux: Vec<_> = test
        .temperatures_c
        .iter()
        .map(|&temperature| {
            if !pairs {
                return (temperature as f32).to_le_bytes().to_vec();
            }
            let mut record = vec![0; 7];
            put(&mut record, 0, &[0x65]);
            put(&mut record, 5, &((temperature * 10.0).round() as i16).to_le_bytes());
            record
        })
        .collect();
    if !aux.is_empty() {
        add("data_AUX_225_3_1.ndc", AUX, if pairs { 7 } else { 4 }, aux);
    }
    write_zip(&members, into)
}

fn steps_of(rows: &[Row], len: usize) -> Vec<Vec<u8>> {
    let mut steps = Vec::new();
    let mut last = None;
    for row in rows {
        if last != Some(row.step_count) {
            last = Some(row.step_count);
            let mut record = vec![0; len];
            put(&mut record, 0, &row.cycle.saturating_sub(1).to_le_bytes());
            put(&mut record, 4, &row.step_id.to_le_bytes());
            put(&mut record, 24, &[row.step_type]);
            let begun_ms = ((row.test_s - row.step_s) * 1e3).round() as u64;
            put(&mut record, 25, &begun_ms.to_le_bytes());
            put(&mut record, 33, &row.index.to_le_bytes());
            steps.push(record);
        }
    }
    steps
}

/// Rows of `runInfo` for a test that began at a time since 1970: of the first two rows of each step, and of
/// those behind which another interval begins.
fn runs_of(rows: &[Row], start_s: f64, family: &Family) -> Vec<Vec<u8>> {
    let ms = |seconds: f64| (seconds * 1e3).round() as i64;
    let interval = |at: usize| {
        let next = rows.get(at + 1).or(rows.get(at)).map_or(0, |row| ms(row.test_s));
        next - rows.get(at).map_or(0, |row| ms(row.test_s))
    };
    let mut runs = Vec::new();
    let mut step = (0, 0);
    let mut last = 0;
    for (at, row) in rows.iter().enumerate() {
        step = if step.0 == row.step_count { (step.0, step.1 + 1) } else { (row.step_count, 0) };
        let next = interval(at);
        // What comes last has no interval of its own.
        let same = at + 1 == rows.len() || next == last;
        if step.1 > 1 && same {
            continue;
        }
        last = next;
        let mut record = vec![0; family.run_len];
        put(&mut record, 0, &(ms(row.step_s) as u32).to_le_bytes());
        for (which, amount) in row.amounts.into_iter().enumerate() {
            put(&mut record, 5 + 4 * which, &((amount * family.per_ah) as f32).to_le_bytes());
        }
        let behind = family.run_behind;
        let clock_ms = ms(start_s + row.test_s).max(0);
        put(&mut record, behind, &(next as i32).to_le_bytes());
        put(&mut record, behind + 4, &((clock_ms / 1000) as u32).to_le_bytes());
        put(&mut record, behind + 8, &row.step_count.to_le_bytes());
        put(&mut record, behind + 12, &row.index.to_le_bytes());
        if family.run_millis {
            put(&mut record, behind + 16, &((clock_ms % 1000) as i16).to_le_bytes());
        }
        runs.push(record);
    }
    runs
}

/// Pages with records of a length.
fn ndc(version: u8, kind: u8, len: usize, records: &[Vec<u8>]) -> Vec<u8> {
    let short = version <= 4;
    let (size, rows_at, behind) = if short { (512, 5, 0) } else { (4096, 132, 4) };
    let mut bytes = vec![0; size];
    put(&mut bytes, 0, &[kind, 0, version]);
    for records in records.chunks((size - rows_at - behind) / len) {
        let mut page = vec![0; size];
        put(&mut page, 0, &[kind + 1]);
        if !short {
            put(&mut page, 2, &(records.len() as u16).to_le_bytes());
            for place in 0..records.len() {
                if let Some(mask) = page.get_mut(4 + place / 8) {
                    *mask |= 1 << (place % 8);
                }
            }
        }
        for (place, record) in records.iter().enumerate() {
            put(&mut page, rows_at + place * len, record);
        }
        if !short {
            let mut crc = Crc::new();
            crc.update(page.get(..size - behind).unwrap_or_default());
            put(&mut page, size - behind, &crc.sum().to_le_bytes());
        }
        bytes.extend(page);
    }
    bytes
}
