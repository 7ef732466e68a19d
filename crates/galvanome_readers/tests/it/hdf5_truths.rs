//! HDF5 files against what h5py reads from them, every dataset: `scripts/compare_hdf5.sh`, which makes files of every kind
//! of storage, writes the truths, and names them in GALVANOME_HDF5_TRUTHS.

use std::collections::BTreeMap;

use galvanome_model::measurement::{Measurement, Values};
use galvanome_model::slabs::Voxels;
use galvanome_readers::{Collect, Files, Limits, read};
use serde_json::Value;

/// Count and sum of some numbers, missing ones left out.
pub(crate) type Sum = (usize, f64);

pub(crate) fn sum(values: &[f64]) -> Sum {
    (values.len(), values.iter().filter(|value| !value.is_nan()).sum())
}

/// Numbers that metadata tell: one alone, or several in brackets.
fn told(text: &str) -> Option<Vec<f64>> {
    let text = text.trim_start_matches('[').trim_end_matches(']');
    let number = |text: &str| match text.trim() {
        "TRUE" => Some(1.0),
        "FALSE" => Some(0.0),
        text => text.parse::<f64>().ok(),
    };
    text.split(',').map(number).collect()
}

/// Every dataset of numbers that was given, by its path: as signal, axis, uncertainty, image, column or metadata.
pub(crate) fn numbers(read: &Measurement) -> BTreeMap<String, Sum> {
    let mut found = BTreeMap::new();
    for signal in &read.signals {
        found.insert(signal.label.clone(), sum(&signal.values));
        for axis in &signal.axes {
            found.insert(axis.vendor_name.clone(), sum(&axis.points));
        }
        if !signal.uncertainties.is_empty() {
            found.insert(format!("uncertainties of {}", signal.label), sum(&signal.uncertainties));
        }
    }
    for image in &read.images {
        let mut slice = Voxels::new(image.slabs.kind());
        let mut all = (0, 0.0);
        for z in 0..image.slabs.shape()[0] {
            image.slabs.read(z..z + 1, &mut slice).expect("a slice");
            let (count, part) = sum(&slice.to_f64());
            all = (all.0 + count, all.1 + part);
        }
        // The same in one piece.
        image.slabs.read(0..image.slabs.shape()[0], &mut slice).expect("all slices");
        let (count, whole) = sum(&slice.to_f64());
        assert_eq!(count, all.0, "{}", image.label);
        assert!(near(whole, all.1, 1e-9), "{}: {whole} and {}", image.label, all.1);
        found.insert(image.label.clone(), all);
    }
    for column in read.tables.iter().flat_map(|table| &table.columns) {
        if let Values::Number(values) = &column.values {
            found.insert(column.head.vendor_name.clone(), sum(values));
        }
    }
    for (path, text) in &read.metadata {
        if let Some(values) = told(text) {
            found.entry(path.clone()).or_insert_with(|| sum(&values));
        }
    }
    found
}

/// Texts by the path of their dataset.
fn texts(read: &Measurement) -> BTreeMap<&str, Vec<String>> {
    let mut found: BTreeMap<&str, Vec<String>> = BTreeMap::new();
    for (path, text) in &read.metadata {
        found.insert(path, vec![text.clone()]);
    }
    for column in read.tables.iter().flat_map(|table| &table.columns) {
        if let Values::Text(values) = &column.values {
            found.insert(&column.head.vendor_name, values.clone());
        }
    }
    found
}

pub(crate) fn near(a: f64, b: f64, relative: f64) -> bool {
    (a - b).abs() <= relative * a.abs().max(b.abs()) + 1e-9
}

pub(crate) fn read_file(path: &str) -> Measurement {
    let bytes = std::fs::read(path).expect("a file");
    let mut collect = Collect::new();
    let format =
        read(&Files::one(path, bytes), &Limits::default(), &mut collect).expect("a file of HDF5");
    assert_eq!(format.id, "hdf5", "{path}");
    collect.into_measurement()
}

/// What differs between a file as we read it and as h5py does; and how many datasets were compared.
fn differences(path: &str, truth: &Value) -> (Vec<String>, usize) {
    let read = read_file(path);
    let (numbers, texts) = (numbers(&read), texts(&read));
    let refused = |name: &str| {
        read.notes.iter().any(|note| note.code == "unsupported-object" && note.place == name)
    };
    let mut wrong = Vec::new();
    let mut same = 0;
    for (name, of) in truth.as_object().into_iter().flatten() {
        if refused(name) {
            wrong.push(format!("{path}: {name} is refused"));
        } else if let Some(theirs) = of.get("sum").and_then(Value::as_f64) {
            let count = of.get("count").and_then(Value::as_u64).unwrap_or(0) as usize;
            match numbers.get(name) {
                Some(&(ours, sum)) if ours == count && near(sum, theirs, 1e-9) => same += 1,
                // The JSON of microscopes is told part by part, uncertainties stand beside their values.
                None if name.ends_with("/Metadata") || name.ends_with("dev") => {}
                other => wrong.push(format!(
                    "{path}: {name} is {other:?}, h5py says {count} values of sum {theirs}"
                )),
            }
        } else if let Some(theirs) = of.get("texts").and_then(Value::as_array) {
            let theirs: Vec<&str> = theirs.iter().filter_map(Value::as_str).collect();
            let all = format!("[{}]", theirs.join(", "));
            match texts.get(name.as_str()).map(Vec::as_slice) {
                Some([one]) if *one == all || theirs.first() == Some(&one.as_str()) => same += 1,
                Some(ours) if ours.iter().zip(&theirs).all(|(a, b)| a == b) => same += 1,
                // Texts that are no UTF-8 are told as Latin-1 here and with a sign of doubt there.
                Some(_) if all.contains('\u{FFFD}') => {}
                other => wrong.push(format!("{path}: {name} is {other:?}, h5py says {theirs:?}")),
            }
        }
    }
    (wrong, same)
}

#[test]
fn every_dataset_is_as_h5py_reads_it() {
    let Ok(truths) = std::env::var("GALVANOME_HDF5_TRUTHS") else { return };
    let truths = std::fs::read_to_string(truths).expect("truths");
    let truths: Value = serde_json::from_str(&truths).expect("JSON");
    let (mut wrong, mut same, mut files) = (Vec::new(), 0, 0);
    for (path, truth) in truths.as_object().into_iter().flatten() {
        let (differ, agree) = differences(path, truth);
        if path.ends_with("refused.h5") {
            // What is not read is named, and nothing takes its place.
            let all = ["/blosc", "/virtual"];
            assert!(
                all.iter().all(|name| differ
                    .iter()
                    .any(|line| line.contains(&format!("{name} is refused")))),
                "{differ:?}"
            );
            assert_eq!(differ.len(), all.len(), "{differ:?}");
        } else {
            wrong.extend(differ);
        }
        same += agree;
        files += 1;
    }
    eprintln!("{files} files, {same} datasets agree, {} differ", wrong.len());
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
