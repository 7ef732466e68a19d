//! Real files of diffractometers, where somebody has a folder of them (`GALVANOME_CORPUS`): every number that the manifest
//! says of them, and the same scan in several formats.

use std::path::{Path, PathBuf};

use galvanome_model::measurement::Measurement;
use galvanome_model::signal::{Signal, conditions};
use galvanome_readers::{Collect, Files, Limits, read};
use serde_json::Value;

use crate::corpus::manifest;

/// Endings of files that are compared here.
const READ: [&str; 4] = ["brml", "rasx", "raw", "xrdml"];

/// Wavelengths that the manifest took for granted, where the file says another: the file, and what it says.
const WAVELENGTHS: [(&str, f64); 2] = [("LaB6_Jan2018.raw", 1.5406), ("TiOF.brml", 1.5406)];

fn folder() -> Option<PathBuf> {
    let Ok(corpus) = std::env::var("GALVANOME_CORPUS") else {
        eprintln!("GALVANOME_CORPUS is not set: real files were not tried");
        return None;
    };
    let corpus = PathBuf::from(corpus);
    let folder = corpus.join("charact");
    Some(if folder.is_dir() { folder } else { corpus })
}

fn measured(path: &Path) -> Measurement {
    let bytes = std::fs::read(path).expect("a file of the corpus");
    let mut collect = Collect::new();
    let files = Files::one(&path.display().to_string(), bytes);
    read(&files, &Limits::default(), &mut collect)
        .unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    collect.into_measurement()
}

/// The signal that peers read: they leave an attenuator in the counts.
fn as_peers_read(measurement: &Measurement) -> &Signal {
    let named = |name: &str| measurement.signals.iter().find(|signal| signal.name == name);
    named("detector_counts").or_else(|| named("intensity")).expect("an intensity")
}

fn extremes(values: &[f64]) -> (f64, f64) {
    values.iter().fold((f64::INFINITY, f64::NEG_INFINITY), |(low, high), &value| {
        (low.min(value), high.max(value))
    })
}

/// What is wrong with a pattern, by what the manifest says of it. Its numbers have ten digits.
fn pattern_differs(name: &str, measurement: &Measurement, expected: &Value) -> Vec<String> {
    let signal = as_peers_read(measurement);
    let points = &signal.axes.last().expect("an axis").points;
    let values = &signal.values;
    let (low, high) = extremes(points);
    let most = extremes(values).1;
    let at_most = values.iter().position(|&value| value == most).and_then(|at| points.get(at));
    let ours = [
        ("n_points", Some(values.len() as f64)),
        ("axis_first", points.first().copied()),
        ("axis_last", points.last().copied()),
        ("axis_min", Some(low)),
        ("axis_max", Some(high)),
        ("intensity_sum", Some(values.iter().sum())),
        ("intensity_max", Some(most)),
        ("x_at_max", at_most.copied()),
        (
            "d_wavelength_A",
            signal
                .condition(conditions::WAVELENGTH)
                .or_else(|| measurement.signals.first()?.condition(conditions::WAVELENGTH)),
        ),
    ];
    let mut wrong = Vec::new();
    for (key, ours) in ours {
        let Some(said) = expected.get(key).and_then(Value::as_f64) else {
            wrong.push(format!("the manifest does not say {key}"));
            continue;
        };
        let own = WAVELENGTHS.iter().find(|own| key == "d_wavelength_A" && own.0 == name);
        let said = own.map_or(said, |own| own.1);
        if !ours.is_some_and(|ours| (ours - said).abs() <= 1e-9 * said.abs()) {
            wrong.push(format!("{key} is {ours:?}, not {said}"));
        }
    }
    wrong
}

/// A number of every scan, as the metadata tell it: of later scans only what differs from the first.
fn of_each_scan(measurement: &Measurement, scans: usize, behind: &str) -> Vec<f64> {
    let number = |key: &str| {
        let found = measurement.metadata.iter().find(|entry| entry.0 == key)?;
        Some(found.1.parse::<f64>().expect("a number"))
    };
    let first = number(&format!("xrdMeasurement/scan/{behind}")).expect("the first scan's");
    let later = |scan| number(&format!("xrdMeasurement/scan[{scan}]/{behind}")).unwrap_or(first);
    std::iter::once(first).chain((2..=scans).map(later)).collect()
}

/// What is wrong with a map, by the shapes and sums that the manifest says of it.
fn map_differs(measurement: &Measurement, said: &Value) -> Vec<String> {
    let signal = &measurement.signals[0];
    let (scans, n) = (signal.spectra(), signal.spectrum_len());
    let mut wrong = Vec::new();
    let near = |a: f64, b: f64| (a - b).abs() <= 1e-9 * b.abs().max(1.0);
    for (key, of) in said.as_object().expect("numbers by name") {
        let numbers: Vec<f64> =
            of.as_array().expect("a list").iter().filter_map(Value::as_f64).collect();
        let (shape, sum) = numbers.split_at(numbers.len() - 1);
        let ours = match key.as_str() {
            // The peer gives counts per second.
            "detector" => {
                let time = signal.counting.expect("a counting time").live_time_s;
                signal.values.iter().sum::<f64>() / time
            }
            "2Theta" => scans as f64 * signal.axes[1].points.iter().sum::<f64>(),
            "countTime" => {
                of_each_scan(measurement, scans, "dataPoints/commonCountingTime").iter().sum()
            }
            drive => {
                let behind = format!("dataPoints/positions[{drive}]/commonPosition");
                of_each_scan(measurement, scans, &behind).iter().sum()
            }
        };
        let our_shape =
            if shape.len() == 2 { vec![scans as f64, n as f64] } else { vec![scans as f64] };
        if shape != our_shape || !near(ours, sum[0]) {
            wrong.push(format!("{key}: {our_shape:?} {ours}, not {numbers:?}"));
        }
    }
    let omegas = of_each_scan(measurement, scans, "dataPoints/positions[Omega]/commonPosition");
    if signal.axes[0].points != omegas {
        wrong.push("the first axis is not omega".to_owned());
    }
    wrong
}

#[test]
fn patterns_agree_with_what_others_read() {
    let Some(folder) = folder() else { return };
    let (mut tried, mut wrong) = (0, Vec::new());
    for (path, expected) in manifest(&folder) {
        let ending = path.extension().and_then(|ending| ending.to_str()).unwrap_or_default();
        let of_xrd =
            path.components().any(|part| part.as_os_str().to_string_lossy().starts_with("xrd_"));
        if !of_xrd || !READ.contains(&ending) {
            continue;
        }
        tried += 1;
        let name = path.file_name().and_then(|name| name.to_str()).unwrap_or_default();
        let measurement = measured(&path);
        let found = match expected.get("scans") {
            Some(scans) => map_differs(&measurement, &scans[0]),
            None => pattern_differs(name, &measurement, &expected),
        };
        wrong.extend(found.into_iter().map(|what| format!("{name}: {what}")));
        let doubts: Vec<_> = measurement.notes.iter().map(|note| &note.code).collect();
        if !doubts.is_empty() {
            wrong.push(format!("{name}: {doubts:?}"));
        }
    }
    eprintln!("{tried} real files were tried");
    assert!(tried > 0, "GALVANOME_CORPUS holds no file with these endings: {READ:?}");
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// The vendor's own text of a scan, value by value.
#[test]
fn xrdml_agrees_with_the_vendors_text() {
    let Some(folder) = folder() else { return };
    let folder = folder.join("xrd_lab/open");
    let text = std::fs::read_to_string(folder.join("210520step1_30min.xy")).expect("the text");
    let rows: Vec<Vec<f64>> = text
        .lines()
        .filter_map(|line| line.split_whitespace().map(|cell| cell.parse().ok()).collect())
        .filter(|row: &Vec<f64>| row.len() == 2)
        .collect();
    let measurement = measured(&folder.join("210520step1_30min.xrdml"));
    let signal = &measurement.signals[0];
    assert_eq!((rows.len(), signal.values.len()), (4489, 4489));
    for ((row, point), value) in rows.iter().zip(&signal.axes[0].points).zip(&signal.values) {
        assert!((row[0] - point).abs() < 1e-7 && row[1] == *value, "{row:?}, not {point} {value}");
    }
}
