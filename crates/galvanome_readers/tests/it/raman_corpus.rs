//! Real files of Raman spectrometers against what other readers say of them.

use std::path::{Path, PathBuf};

use galvanome_model::measurement::Measurement;
use galvanome_model::signal::axes;
use galvanome_readers::{Collect, Files, Limits, read};
use serde_json::Value;

use crate::corpus::manifest;

/// Reads a file of the folder.
fn read_file(path: &Path) -> Measurement {
    let bytes = std::fs::read(path).expect("a file of the corpus");
    let mut collect = Collect::new();
    let name = path.display().to_string();
    read(&Files::one(&name, bytes), &Limits::default(), &mut collect).expect("a readable file");
    collect.into_measurement()
}

fn close(ours: f64, said: &Value, relative: f64, what: &str) {
    let said = said.as_f64().expect("a number");
    let far = (ours - said).abs();
    assert!(far <= relative * said.abs().max(1e-6), "{what}: ours {ours}, the manifest {said}");
}

/// The sorted distinct values of a coordinate, in micrometres.
fn distinct(of: impl Iterator<Item = f64>) -> Vec<f64> {
    let mut all: Vec<f64> = of.map(|metres| metres * 1e6).collect();
    all.sort_by(f64::total_cmp);
    all.dedup_by(|a, b| (*a - *b).abs() < 1e-6);
    all
}

/// Compares the first signal with the first one that the manifest tells of: sums, extremes, and each axis.
fn check(path: &Path, expected: &Value) {
    let name = path.display().to_string();
    let measurement = read_file(path);
    let signal = &measurement.signals[0];
    let said = &expected["signals"][0];
    let shape: Vec<usize> = said["shape"]
        .as_array()
        .into_iter()
        .flatten()
        .filter_map(|len| usize::try_from(len.as_u64()?).ok())
        .collect();
    let len: usize = shape.iter().product();
    assert_eq!(signal.values.len(), len, "{name}");
    assert_eq!(Some(&signal.spectrum_len()), shape.last(), "{name}");
    let fold = |of: fn(f64, f64) -> f64| signal.values.iter().copied().reduce(of).unwrap_or(0.0);
    close(signal.values.iter().sum(), &said["sum"], 1e-9, &name);
    close(fold(f64::min), &said["min"], 1e-9, &name);
    close(fold(f64::max), &said["max"], 1e-9, &name);
    for axis in said["axes"].as_array().into_iter().flatten() {
        let what = format!("{name}, axis {}", axis["name"]);
        let points: Vec<f64> = match axis["name"].as_str().expect("a name") {
            "X" => distinct(signal.positions.iter().map(|place| place.x_m)),
            "Y" => distinct(signal.positions.iter().map(|place| place.y_m)),
            "Z" => distinct(signal.axes[0].points.iter().copied()),
            _ => {
                // The peer lets every axis rise.
                let mut points = signal.axes.last().expect("an axis").points.clone();
                points.sort_by(f64::total_cmp);
                points
            }
        };
        assert_eq!(axis["size"], points.len(), "{what}");
        if let Some(scale) = axis["scale"].as_f64() {
            // The peer keeps positions as floats of 32 bits, and of the step the first one.
            close(points[0], &axis["offset"], 1e-7, &what);
            assert!(
                (points[1] - points[0] - scale).abs() < 1e-6 * points[0].abs().max(1.0),
                "{what}"
            );
        } else {
            close(points[0], &axis["first"], 1e-9, &what);
            close(points[points.len() - 1], &axis["last"], 1e-9, &what);
        }
    }
    let notes: Vec<_> = measurement.notes.iter().map(|note| note.code.as_str()).collect();
    eprintln!("{name}: {} spectra of {}, {notes:?}", signal.spectra(), signal.spectrum_len());
}

fn folder() -> Option<PathBuf> {
    let folder = std::env::var("GALVANOME_CORPUS").ok();
    folder.map(|folder| PathBuf::from(folder).join("charact"))
}

/// Compares a text of one spectrum with what the manifest tells of its columns.
fn check_columns(path: &Path, expected: &Value) {
    let name = path.display().to_string();
    let measurement = read_file(path);
    // A text that names nothing is a table of columns without names.
    let bare = measurement.signals.is_empty();
    let (axis, values) = if bare {
        let column = |name| measurement.tables[0].numbers(name).expect("a column");
        (column("column_1"), column("column_2"))
    } else {
        let signal = &measurement.signals[0];
        (signal.axes[0].points.as_slice(), signal.values.as_slice())
    };
    assert_eq!(expected["n_points"], values.len(), "{name}");
    let largest = values.iter().copied().fold(f64::NEG_INFINITY, f64::max);
    let at = values.iter().position(|value| *value == largest).expect("a value");
    let sorted = distinct(axis.iter().map(|point| point * 1e-6));
    for (ours, key) in [
        (axis[0], "axis_first"),
        (axis[axis.len() - 1], "axis_last"),
        (sorted[0], "axis_min"),
        (sorted[sorted.len() - 1], "axis_max"),
        (values.iter().sum(), "intensity_sum"),
        (largest, "intensity_max"),
        (axis[at], "x_at_max"),
    ] {
        // The manifest prints ten digits.
        close(ours, &expected[key], 1e-9, &format!("{name}, {key}"));
    }
    let named = || measurement.signals[0].axes[0].is(axes::RAMAN_SHIFT);
    assert!((bare || named()) && expected["axis_unit"] == "cm-1", "{name}");
    eprintln!("{name}: {:?}", measurement.notes);
}

#[test]
fn real_files_of_raman_spectrometers_agree_with_other_readers() {
    let Some(folder) = folder() else { return };
    let (mut tried, mut columns) = (0, 0);
    for (path, expected) in manifest(&folder) {
        if !path.components().any(|part| part.as_os_str() == "raman") {
            continue;
        }
        if !expected["signals"].is_null() {
            check(&path, &expected);
            tried += 1;
        } else if !expected["n_points"].is_null() {
            check_columns(&path, &expected);
            columns += 1;
        }
    }
    assert_eq!((tried, columns), (8, 7));
}

/// What the manifest says nothing of: every value, by the text itself.
#[test]
fn a_real_text_of_witec_is_read_as_it_stands() {
    let Some(folder) = folder() else { return };
    let path = folder.join("raman/open/Si-wafer-Raman-Spectrum-1.txt");
    let measurement = read_file(&path);
    assert!(measurement.notes.is_empty(), "{:?}", measurement.notes);
    let signal = &measurement.signals[0];
    assert!(signal.axes[0].is(axes::WAVELENGTH) && signal.unit == "counts");
    let text = String::from_utf8_lossy(&std::fs::read(&path).expect("a text")).into_owned();
    let pair = |line: &str| -> Option<[f64; 2]> {
        let (at, value) = line.split_once(',')?;
        Some([at.trim().parse().ok()?, value.trim().parse().ok()?])
    };
    let rows: Vec<[f64; 2]> = text.lines().filter_map(pair).collect();
    assert_eq!(rows.len(), 1600);
    let ours = signal.axes[0].points.iter().zip(&signal.values);
    assert!(ours.zip(&rows).all(|((at, value), row)| [*at, *value] == *row));
}

#[test]
fn the_real_wdf_of_one_spectrum_equals_the_vendors_own_text() {
    let Some(folder) = folder() else { return };
    let folder = folder.join("raman/open");
    let signal = &read_file(&folder.join("raman_example.wdf")).signals[0];
    let text = std::fs::read_to_string(folder.join("raman_example.txt")).expect("a text");
    let mut rows = 0;
    for (row, line) in text.lines().filter(|line| !line.starts_with('#')).enumerate() {
        let pair: Vec<f64> =
            line.split_whitespace().map(|cell| cell.parse().expect("a number")).collect();
        // The text prints six decimals.
        let far =
            (signal.axes[0].points[row] - pair[0]).abs().max((signal.values[row] - pair[1]).abs());
        assert!(far <= 0.6e-6 + 1e-9 * pair[1].abs(), "row {row}: {far}");
        rows += 1;
    }
    assert_eq!(rows, signal.values.len());
}
