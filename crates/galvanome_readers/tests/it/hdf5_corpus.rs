//! Real files of HDF5 and NeXus against what the manifest of GALVANOME_CORPUS says of them: every value that it states.

use std::path::Path;

use galvanome_model::measurement::Measurement;
use galvanome_model::slabs::Voxels;
use serde_json::Value;

use crate::corpus::manifest;
use crate::hdf5_truths::{near, numbers, read_file};

/// The manifest rounds to ten digits.
const DIGITS: f64 = 1e-9;

fn number(of: &Value, key: &str) -> Option<f64> {
    of.get(key)?.as_f64()
}

/// Paths, counts and sums of datasets; units where they are stated.
fn datasets(read: &Measurement, expected: &Value, wrong: &mut Vec<String>) {
    let found = numbers(read);
    for dataset in expected.get("numeric").and_then(Value::as_array).into_iter().flatten() {
        let path = format!("/{}", dataset["path"].as_str().unwrap_or_default());
        let shape = dataset["shape"].as_array().into_iter().flatten();
        let count: u64 = shape.filter_map(Value::as_u64).product();
        let sum = number(dataset, "sum").unwrap_or(f64::NAN);
        match found.get(&path) {
            Some(&(ours, of)) if ours as u64 == count && near(of, sum, DIGITS) => {}
            other => wrong.push(format!("{path}: {other:?}, not {count} values of sum {sum}")),
        }
        let units = dataset["units"].as_str().filter(|units| !units.starts_with("b'"));
        let told = read.metadata.iter().find(|entry| entry.0 == format!("{path}@units"));
        if units.is_some() && units != told.map(|entry| entry.1.as_str()) {
            wrong.push(format!("{path}: units {told:?}, not {units:?}"));
        }
    }
}

/// A curve by its ends, extremes, sum and largest value.
fn curve(read: &Measurement, expected: &Value, wrong: &mut Vec<String>) {
    let Some(signal) = read.signals.first() else { return wrong.push("no signal".to_owned()) };
    let points = &signal.axes[0].points;
    let least = |values: &[f64]| values.iter().copied().fold(f64::INFINITY, f64::min);
    let most = |values: &[f64]| values.iter().copied().fold(f64::NEG_INFINITY, f64::max);
    let top = most(&signal.values);
    let at = signal.values.iter().position(|&value| value == top).unwrap_or(0);
    let ours = [
        ("n_points", signal.values.len() as f64),
        ("axis_first", points[0]),
        ("axis_last", points[points.len() - 1]),
        ("axis_min", least(points)),
        ("axis_max", most(points)),
        ("intensity_sum", signal.values.iter().sum()),
        ("intensity_max", top),
        ("x_at_max", points[at]),
    ];
    for (key, ours) in ours {
        let said = number(expected, key).unwrap_or(f64::NAN);
        if !near(ours, said, DIGITS) {
            wrong.push(format!("{key}: {ours}, not {said}"));
        }
    }
    if signal.axes[0].unit != "1/angstrom" || expected["axis_unit"] != "A^{-1}" {
        wrong.push(format!("axis in {}", signal.axes[0].unit));
    }
    let unit = expected["I_unit"].as_str().unwrap_or_default();
    if !matches!((unit, signal.unit.as_str()), ("Counts", "counts") | ("cm^{-1}", "1/cm")) {
        wrong.push(format!("unit {}, not {unit}", signal.unit));
    }
    if expected["has_dy"] == true && signal.uncertainties.len() != signal.values.len() {
        wrong.push("no uncertainties".to_owned());
    }
}

fn voxels(read: &Measurement, label: &str) -> Vec<f64> {
    let Some(image) = read.images.iter().find(|image| image.label.ends_with(label)) else {
        return Vec::new();
    };
    let mut all = Voxels::new(image.slabs.kind());
    image.slabs.read(0..image.slabs.shape()[0], &mut all).expect("slices");
    all.to_f64()
}

fn spans(values: &[f64]) -> [f64; 2] {
    let least = values.iter().copied().fold(f64::INFINITY, f64::min);
    [least, values.iter().copied().fold(f64::NEG_INFINITY, f64::max)]
}

/// A scattering image by count, sum, largest value and the ranges of its two coordinates.
fn plane(read: &Measurement, expected: &Value, wrong: &mut Vec<String>) {
    let values = voxels(read, "/sasdata/I");
    let ours = [
        ("n_points", values.len() as f64),
        ("I_sum", values.iter().sum()),
        ("I_max", spans(&values)[1]),
    ];
    for (key, ours) in ours {
        let said = number(expected, key).unwrap_or(f64::NAN);
        if !near(ours, said, DIGITS) {
            wrong.push(format!("{key}: {ours}, not {said}"));
        }
    }
    for (key, label) in [("qx_range", "/sasdata/Qx"), ("qy_range", "/sasdata/Qy")] {
        let said =
            [number(&expected[key], ""), expected[key][0].as_f64(), expected[key][1].as_f64()];
        let ours = spans(&voxels(read, label));
        if said[1]
            .zip(said[2])
            .is_none_or(|(a, b)| !near(ours[0], a, 1e-6) || !near(ours[1], b, 1e-6))
        {
            wrong.push(format!("{key}: {ours:?}, not {said:?}"));
        }
    }
}

/// An electron micrograph by shape, sum, extremes and pixel.
fn micrograph(read: &Measurement, expected: &Value, wrong: &mut Vec<String>) {
    for signal in expected["signals"].as_array().into_iter().flatten() {
        let Some(image) = read.images.first() else { return wrong.push("no image".to_owned()) };
        let sides: Vec<u64> =
            signal["shape"].as_array().into_iter().flatten().filter_map(Value::as_u64).collect();
        let [_, y, x] = image.slabs.shape().map(|side| side as u64);
        if sides != [y, x] {
            wrong.push(format!("shape {y} × {x}, not {sides:?}"));
        }
        let values = voxels(read, &image.label);
        let [least, most] = spans(&values);
        for (key, ours) in [("sum", values.iter().sum()), ("min", least), ("max", most)] {
            let said = number(signal, key).unwrap_or(f64::NAN);
            if !near(ours, said, DIGITS) {
                wrong.push(format!("{key}: {ours}, not {said}"));
            }
        }
        let scale = signal["axes"][0]["scale"].as_f64().unwrap_or(f64::NAN);
        let ours = image.slabs.voxel_m();
        // A diffraction pattern has no pixel in metres; its metadata tell the pixel in 1/m.
        let told = || {
            let entry = read.metadata.iter().find(|entry| entry.0.ends_with("/PixelSize/width"))?;
            entry.1.parse::<f64>().ok()
        };
        let fits = match signal["axes"][0]["unit"].as_str() {
            Some("n_m") => ours[2].is_some_and(|edge| near(edge * 1e9, scale, 1e-6)),
            _ => ours == [None; 3] && told().is_some_and(|pixel| near(pixel * 1e-9, scale, DIGITS)),
        };
        if !fits {
            wrong.push(format!("pixel {ours:?}, not {scale}"));
        }
    }
}

/// The transmission of radiographs: data − dark over white − dark, each a mean of its frames.
fn transmission(read: &Measurement, expected: &Value, wrong: &mut Vec<String>) {
    let mean = |label: &str, slice: usize| {
        let all = voxels(read, label);
        let frames = (all.len() / slice) as f64;
        (0..slice)
            .map(|at| all.iter().skip(at).step_by(slice).sum::<f64>() / frames)
            .collect::<Vec<_>>()
    };
    let slice = 2 * 640;
    let (white, dark) = (mean("/exchange/data_white", slice), mean("/exchange/data_dark", slice));
    let data = voxels(read, "/exchange/data");
    let mut passed: Vec<f64> = data
        .iter()
        .enumerate()
        .map(|(at, value)| (value - dark[at % slice]) / (white[at % slice] - dark[at % slice]))
        .collect();
    passed.sort_by(f64::total_cmp);
    let ours = [
        ("median", 0.5 * (passed[passed.len() / 2] + passed[(passed.len() - 1) / 2])),
        ("min", passed[0]),
        (
            "mean_minus_log",
            passed.iter().map(|value| -value.ln()).sum::<f64>() / passed.len() as f64,
        ),
    ];
    for (key, ours) in ours {
        // The peer computed in single precision.
        if !number(expected, key).is_some_and(|said| near(ours, said, 2e-6)) {
            wrong.push(format!("transmission {key}: {ours}, not {}", expected[key]));
        }
    }
}

fn check(path: &Path, expected: &Value) -> Vec<String> {
    let read = read_file(&path.display().to_string());
    let mut wrong = Vec::new();
    datasets(&read, expected, &mut wrong);
    match expected["kind"].as_str() {
        Some("1D") => curve(&read, expected, &mut wrong),
        Some("2D") => plane(&read, expected, &mut wrong),
        _ => micrograph(&read, expected, &mut wrong),
    }
    if expected.get("transmission").is_some() {
        transmission(&read, &expected["transmission"], &mut wrong);
    }
    wrong.into_iter().map(|line| format!("{}: {line}", path.display())).collect()
}

#[test]
fn real_files_agree_with_what_others_read() {
    let Ok(corpus) = std::env::var("GALVANOME_CORPUS") else { return };
    let files = manifest(&Path::new(&corpus).join("charact"));
    let endings = ["hdf5", "nxs", "h5", "emd"];
    let of_these = files.iter().filter(|(path, _)| {
        path.extension().is_some_and(|ending| endings.iter().any(|known| ending == *known))
    });
    let mut tried = 0;
    let mut wrong = Vec::new();
    for (path, expected) in of_these {
        tried += 1;
        wrong.extend(check(path, expected));
    }
    eprintln!("{tried} real files of HDF5 were tried");
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
