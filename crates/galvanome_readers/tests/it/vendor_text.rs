//! EC-Lab binaries against the text that EC-Lab itself exported of the same test, where somebody has both
//! (`GALVANOME_CORPUS`): every row, every stored column to the last digit printed, and what is rebuilt.

use std::path::{Path, PathBuf};

use galvanome_model::measurement::{Column, Measurement, Origin, Values};
use galvanome_readers::{Collect, Files, Limits, read};

/// Differences that are the vendor's: file, column, relative difference, and why.
const EXPLAINED: &[(&str, &str, f64, &str)] = &[(
    "cp",
    "Q charge/discharge/mA.h",
    1e-7,
    "a later EC-Lab exported it and computed the column anew from (Q-Qo)/C, a float",
)];

fn measurement(path: &Path) -> Measurement {
    let bytes = std::fs::read(path).expect("a file of the corpus");
    let mut collect = Collect::new();
    read(&Files::one("file", bytes), &Limits::default(), &mut collect).expect("a file that reads");
    collect.into_measurement()
}

/// The column names and the cells of a text.
fn cells(path: &Path) -> (Vec<String>, Vec<Vec<String>>) {
    let bytes = std::fs::read(path).expect("a file of the corpus");
    let text: String = bytes.iter().map(|&byte| char::from(byte)).collect();
    let mut lines = text.lines();
    let count = lines.nth(1).and_then(|line| line.split(':').nth(1));
    let count: usize = count.and_then(|count| count.trim().parse().ok()).expect("a count of lines");
    let of = |line: &str| line.split('\t').map(str::to_owned).collect::<Vec<_>>();
    let mut names = lines.nth(count - 3).map(of).expect("a line of names");
    names.retain(|name| !name.is_empty());
    (names, lines.map(of).collect())
}

/// What our number is to be times to be the vendor's.
fn factor(column: &Column) -> f64 {
    let head = &column.head;
    match (head.unit.as_str(), head.vendor_name.rsplit('/').next()) {
        ("A", Some("mA")) | ("Ah", Some("mA.h")) => 1e3,
        ("Ah", Some("C")) => 3600.0,
        _ if head.name == "imaginary_impedance_ohm" => -1.0,
        _ => 1.0,
    }
}

/// The number of a cell, and the worth of its last digit.
fn printed(cell: &str) -> (f64, f64) {
    let cell = cell.replace(',', ".");
    let number = cell.parse().expect("a number");
    let (mantissa, exponent) = cell.split_once('E').unwrap_or((&cell, "0"));
    let digits = mantissa.split_once('.').map_or(0, |(_, digits)| digits.len());
    let digits = i32::try_from(digits).expect("few digits");
    let exponent: i32 = exponent.parse().expect("an exponent");
    (number, 10f64.powi(exponent - digits))
}

/// Compares a binary with its text. Gives how many values were compared, and what is wrong.
fn check(binary: &Path, text: &Path) -> (usize, Vec<String>) {
    let file = binary.file_stem().and_then(|stem| stem.to_str()).expect("a name").to_owned();
    let (ours, (names, rows)) = (measurement(binary), cells(text));
    let table = &ours.tables[0];
    let mut wrong = Vec::new();
    if table.rows != rows.len() {
        wrong.push(format!("{file}: {} rows, the text has {}", table.rows, rows.len()));
    }
    let mut compared = 0;
    // The text has the stored columns in their order, and behind them what EC-Lab computes.
    let stored =
        table.columns.iter().filter(|c| c.head.origin == Origin::Stored && c.head.name != "loop");
    for (place, (column, name)) in stored.zip(&names).enumerate() {
        let vendor = &column.head.vendor_name;
        let same_name = *name == *vendor || *name == "<Ewe/V>" && vendor == "<Ewe>/V";
        if !same_name && !vendor.starts_with("Analog IN") {
            wrong.push(format!("{file}: column {vendor} is {name} in the text"));
        }
        let allowed = EXPLAINED.iter().find(|known| known.0 == file && known.1 == name);
        let Values::Number(numbers) = &column.values else { panic!("{vendor} is numbers") };
        for (row, (number, cells)) in numbers.iter().zip(&rows).enumerate() {
            let (said, last_digit) = printed(&cells[place]);
            let number = number * factor(column);
            // One of the last digit: EC-Lab rounds half of it away, and sixteen digits are as fine as a double,
            // whose last bits ours may lose between two units.
            let double = 2.0 * f64::EPSILON * said.abs();
            let explained = allowed.map_or(0.0, |known| known.2 * said.abs());
            compared += 1;
            if (number - said).abs() > last_digit.max(double).max(explained) {
                wrong.push(format!("{file}: {vendor}, row {}: {number}, not {said}", row + 1));
                break;
            }
        }
    }
    // What is rebuilt, and the table of impedance, against our reading of the text.
    let theirs = measurement(text);
    for (table, other) in ours.tables.iter().zip(&theirs.tables) {
        for column in table.columns.iter().filter(|c| c.head.origin == Origin::Reconstructed) {
            let name = &column.head.name;
            let (Values::Number(numbers), Some(said)) = (&column.values, other.numbers(name))
            else {
                continue;
            };
            let scale = said.iter().fold(0.0, |max: f64, said| max.max(said.abs()));
            compared += said.len();
            let near = |(a, b): (&f64, &f64)| (a - b).abs() <= 1e-6 * b.abs() + 1e-9 * scale;
            if numbers.len() != said.len() || !numbers.iter().zip(said).all(near) {
                wrong.push(format!("{file}: {name} of {} is not that of the text", table.name));
            }
        }
    }
    if ours.tables.len() != theirs.tables.len() {
        wrong.push(format!(
            "{file}: {} tables, the text gives {}",
            ours.tables.len(),
            theirs.tables.len()
        ));
    }
    let (start, said) = (&ours.started_at, &theirs.started_at);
    if said.is_some() && start != said {
        wrong.push(format!("{file}: started at {start:?}, the text says {said:?}"));
    }
    if !theirs.instrument.is_empty() && ours.instrument != theirs.instrument {
        wrong.push(format!("{file}: {}, the text says {}", ours.instrument, theirs.instrument));
    }
    (compared, wrong)
}

/// Binaries beside a text of the same name.
fn pairs(corpus: &Path) -> Vec<(PathBuf, PathBuf)> {
    let Ok(files) = std::fs::read_dir(corpus.join("mpr")) else { return Vec::new() };
    let mut pairs: Vec<_> = files
        .flatten()
        .filter_map(|file| {
            let stem = file.path().file_stem()?.to_str()?.to_owned();
            let texts = [format!("{stem}.mpt"), format!("{stem}.old.mpt")];
            let text =
                texts.iter().map(|name| corpus.join("mpt").join(name)).find(|p| p.exists())?;
            Some((file.path(), text))
        })
        .collect();
    pairs.sort();
    pairs
}

#[test]
fn binaries_agree_with_the_vendors_own_text() {
    let Ok(corpus) = std::env::var("GALVANOME_CORPUS") else {
        eprintln!("GALVANOME_CORPUS is not set: real files were not tried");
        return;
    };
    let corpus = PathBuf::from(corpus);
    let pairs = [pairs(&corpus), pairs(&corpus.join("cycling"))].concat();
    let mut wrong = Vec::new();
    let mut compared = 0;
    for (binary, text) in &pairs {
        let (more, found) = check(binary, text);
        compared += more;
        wrong.extend(found);
    }
    eprintln!("{} binaries, {compared} values were compared with the vendor's text", pairs.len());
    for (file, column, _, why) in EXPLAINED {
        eprintln!("{file}, {column}: {why}");
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    assert!(!pairs.is_empty(), "GALVANOME_CORPUS holds no binary with its text");
}
