//! Writing EC-Lab text, for simulated cells and tests.

use galvanome_model::measurement::{Table, Values};

/// What stands above the table.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Headed<'a> {
    /// The technique, such as `Galvanostatic Cycling with Potential Limitation`.
    pub technique: &'a str,
    /// The instrument, such as `VMP3 (SN 0858)`.
    pub device: &'a str,
    /// The start in EC-Lab's manner, `MM/DD/YYYY HH:MM:SS.mmm`.
    pub started_on: &'a str,
    /// Whether numbers have a decimal comma.
    pub decimal_comma: bool,
}

/// Canonical columns that EC-Lab has, with its names, and what its numbers are ours times.
const WRITTEN: [(&str, &str, f64); 8] = [
    ("test_time_second", "time/s", 1.0),
    ("step_id", "Ns", 1.0),
    ("voltage_volt", "Ewe/V", 1.0),
    ("current_ampere", "I/mA", 1000.0),
    ("cycle_count", "cycle number", 1.0),
    ("step_time_second", "step time/s", 1.0),
    ("net_capacity_ah", "(Q-Qo)/mA.h", 1000.0),
    ("power_watt", "P/W", 1.0),
];

/// Writes the columns of a table that EC-Lab has a name for, as EC-Lab would: tabs, Latin-1, 16 digits, no line
/// break at the end. Missing numbers become `NaN`. Errors when `into` cannot take the bytes.
pub fn write_eclab_text(
    table: &Table,
    headed: &Headed<'_>,
    into: &mut dyn std::io::Write,
) -> std::io::Result<()> {
    let columns: Vec<_> = WRITTEN
        .iter()
        .filter_map(|&(name, vendor, factor)| match &table.column(name)?.values {
            Values::Number(numbers) => Some((vendor, factor, numbers)),
            Values::Text(_) => None,
        })
        .collect();
    let lines = [
        String::new(),
        headed.technique.to_owned(),
        String::new(),
        "Run on channel : 1".to_owned(),
        format!("Acquisition started on : {}", headed.started_on),
        format!("Device : {}", headed.device),
        "Cycle Definition : Charge/Discharge alternance".to_owned(),
        String::new(),
    ];
    let count = lines.len() + 3;
    write!(into, "EC-Lab ASCII FILE\r\nNb header lines : {count:<28}\r\n")?;
    for line in &lines {
        let latin: Vec<u8> = line.chars().map(|c| u8::try_from(c).unwrap_or(b'?')).collect();
        into.write_all(&latin)?;
        into.write_all(b"\r\n")?;
    }
    for (vendor, _, _) in &columns {
        write!(into, "{vendor}\t")?;
    }
    for row in 0..table.rows {
        into.write_all(b"\r\n")?;
        for (place, (_, factor, numbers)) in columns.iter().enumerate() {
            let tab = if place > 0 { "\t" } else { "" };
            let number = numbers.get(row).copied().unwrap_or(f64::NAN);
            let text = exponential(number * factor);
            let text = if headed.decimal_comma { text.replace('.', ",") } else { text };
            write!(into, "{tab}{text}")?;
        }
    }
    Ok(())
}

/// `1.234567890123457E+002`: sixteen digits and three of the exponent.
fn exponential(number: f64) -> String {
    if !number.is_finite() {
        return "NaN".to_owned();
    }
    let text = format!("{number:.15E}");
    match text.split_once('E') {
        Some((mantissa, exponent)) => {
            let (sign, digits) = match exponent.strip_prefix('-') {
                Some(digits) => ('-', digits),
                None => ('+', exponent),
            };
            format!("{mantissa}E{sign}{digits:0>3}")
        }
        None => text,
    }
}
