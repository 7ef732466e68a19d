//! Real files of photoelectron spectrometers, where somebody has a folder of them, against everything that the manifest
//! says of each.

use std::path::{Path, PathBuf};

use galvanome_model::measurement::{Measurement, Values};
use galvanome_model::signal::{Signal, conditions};
use galvanome_readers::{Collect, Files, Limits, read};
use serde_json::Value;

use crate::corpus::manifest;

/// Digits to which the manifest states sums, and other values.
const SUM: f64 = 1e-7;
const VALUE: f64 = 1e-8;

fn measure(path: &Path) -> Measurement {
    let bytes = std::fs::read(path).expect("a file of the corpus");
    let mut collect = Collect::new();
    read(&Files::one("file", bytes), &Limits::default(), &mut collect).expect("a real file");
    collect.into_measurement()
}

/// The spectrum of a measurement whose label an entry ends with, on the axis on which the entry says it is.
struct Spectrum {
    energies: Vec<f64>,
    values: Vec<f64>,
}

fn spectrum(signal: &Signal, first: Option<f64>) -> Spectrum {
    let axis = signal.spectral_axis().expect("an axis");
    let mut energies = axis.points.clone();
    // Another reader may have turned kinetic energies into binding energies: photon energy less kinetic energy.
    if first.is_some_and(|first| (first - energies[0]).abs() > 1e-6) {
        let photon = signal.condition(conditions::PHOTON_ENERGY).expect("a photon energy");
        for energy in &mut energies {
            *energy = photon - *energy;
        }
    }
    Spectrum { energies, values: signal.spectrum(0).to_vec() }
}

fn near(what: &str, ours: f64, said: Option<f64>, relative: f64, wrong: &mut Vec<String>) {
    let Some(said) = said else { return };
    if (ours - said).abs() > 1e-9 + relative * said.abs() {
        wrong.push(format!("{what}: {ours}, the manifest says {said}"));
    }
}

/// Compares one spectrum with what is said of it. Values may be another's times a factor.
fn check(what: &str, spectrum: &Spectrum, said: &Value, factor: f64) -> Vec<String> {
    let mut wrong = Vec::new();
    let number = |key: &str| said.get(key).and_then(Value::as_f64);
    let mut of = |key: &str, ours: f64, relative: f64| {
        near(&format!("{what} {key}"), ours, number(key), relative, &mut wrong);
    };
    let Spectrum { energies, values } = spectrum;
    let least = energies.iter().copied().fold(f64::INFINITY, f64::min);
    let most = energies.iter().copied().fold(f64::NEG_INFINITY, f64::max);
    let largest = values.iter().copied().fold(f64::NEG_INFINITY, f64::max);
    of("n_points", values.len() as f64, 0.0);
    of("axis_first", energies[0], VALUE);
    of("axis_last", energies[energies.len() - 1], VALUE);
    of("axis_min", least, VALUE);
    of("axis_max", most, VALUE);
    of("intensity_sum", values.iter().sum::<f64>() * factor, SUM);
    of("intensity_max", largest * factor, SUM);
    let at = values.iter().position(|value| *value == largest).expect("a largest value");
    of("x_at_max", energies[at], VALUE);
    wrong
}

fn entries(said: &Value) -> Vec<&Value> {
    let lists = ["blocks", "entries"].into_iter().filter_map(|key| said.get(key)?.as_array());
    lists.flatten().collect()
}

/// Every value that the manifest states of a file.
fn compare(path: &Path, said: &Value) -> Vec<String> {
    let name = path.file_name().and_then(|name| name.to_str()).expect("a name");
    let read = measure(path);
    let mut wrong = Vec::new();
    let intensities: Vec<&Signal> =
        read.signals.iter().filter(|signal| signal.name == "intensity").collect();
    if let Some(blocks) = said.get("n_blocks").and_then(Value::as_u64) {
        let ours = numbers(&read, "blocks", "block").len() as u64;
        if ours != blocks {
            wrong.push(format!("{name}: {ours} blocks, not {blocks}"));
        }
    }
    for entry in entries(said) {
        let called = ["entry", "block"].into_iter().find_map(|key| entry.get(key)?.as_str());
        let called = called.expect("the name of an entry");
        // The reference of this file was made of two, of which the corpus has the first.
        if name == "Ag_0001.txt" && called.ends_with("VB") {
            continue;
        }
        let plain = |label: &str| label.replace(' ', "");
        let Some(signal) =
            intensities.iter().find(|signal| called.ends_with(plain(&signal.label).as_str()))
        else {
            wrong.push(format!("{name}: no spectrum {called}"));
            continue;
        };
        let first = entry.get("axis_first").and_then(Value::as_f64);
        // Counts of 2 s, which the other reader gives per second.
        let factor = if name == "FeO_analyzed.vms" { 0.5 } else { 1.0 };
        wrong.extend(check(&format!("{name} {called}"), &spectrum(signal, first), entry, factor));
        let axis = signal.spectral_axis().expect("an axis");
        let text = |key: &str| entry.get(key).and_then(Value::as_str);
        for (key, ours) in
            [("axis_unit", axis.unit.as_str()), ("x_label", axis.vendor_name.as_str())]
        {
            if text(key).is_some_and(|said| said != ours) {
                wrong.push(format!("{name} {key}: {ours:?}"));
            }
        }
        let source = entry.get("source_eV").and_then(Value::as_f64);
        if source.is_some() && source != signal.condition(conditions::PHOTON_ENERGY) {
            wrong.push(format!("{name}: another photon energy than {source:?}"));
        }
        if text("y_label").is_some_and(|said| said != signal.unit) {
            wrong.push(format!("{name}: values in {:?}", signal.unit));
        }
    }
    for variable in said.get("vars").and_then(Value::as_array).into_iter().flatten() {
        let text = |key: &str| variable.get(key).and_then(Value::as_str).unwrap_or_default();
        let label = text("path").trim_start_matches('/');
        let signal = intensities.iter().find(|signal| signal.label == label).expect("a region");
        let ours = spectrum(signal, None);
        let what = format!("{name} {label}");
        let number = |key: &str| variable.get(key).and_then(Value::as_f64);
        let ends = &variable["coords"]["E"];
        near(&what, ours.values.len() as f64, variable["shape"][0].as_f64(), 0.0, &mut wrong);
        near(&what, ours.values.iter().sum(), number("sum"), SUM, &mut wrong);
        let largest = ours.values.iter().copied().fold(f64::NEG_INFINITY, f64::max);
        near(&what, largest, number("max"), SUM, &mut wrong);
        near(&what, ours.energies[0], ends[0].as_f64(), VALUE, &mut wrong);
        near(&what, ours.energies[ours.energies.len() - 1], ends[1].as_f64(), VALUE, &mut wrong);
        if text("units").replace(' ', "") != signal.unit {
            wrong.push(format!("{what}: values in {:?}", signal.unit));
        }
    }
    if said.get("n_columns").is_some() {
        wrong.extend(of_columns(name, &read, said));
    }
    wrong
}

/// What is said of a table whose first columns are energy and intensity.
fn of_columns(name: &str, read: &Measurement, said: &Value) -> Vec<String> {
    let mut wrong = Vec::new();
    let Some(table) = read.tables.first() else {
        let signal = read.signals.first().expect("a table or a signal");
        return check(name, &spectrum(signal, None), said, 1.0);
    };
    if Some(table.columns.len() as u64) != said["n_columns"].as_u64() {
        wrong.push(format!("{name}: {} columns", table.columns.len()));
    }
    let names: Vec<&str> =
        table.columns.iter().map(|column| column.head.vendor_name.as_str()).collect();
    if said.get("header").and_then(Value::as_str).is_some_and(|header| header != names.join(",")) {
        wrong.push(format!("{name}: the columns {names:?}"));
    }
    if said["axis_unit"].as_str() != Some(table.columns[0].head.unit.as_str()) {
        wrong.push(format!("{name}: an axis in {:?}", table.columns[0].head.unit));
    }
    let column = |place: usize| match &table.columns[place].values {
        Values::Number(numbers) => numbers.clone(),
        Values::Text(_) => panic!("{name}: column {place} holds texts"),
    };
    let of_table = Spectrum { energies: column(0), values: column(1) };
    wrong.extend(check(name, &of_table, said, 1.0));
    if let Some(signal) = read.signals.first() {
        let of_signal = spectrum(signal, None);
        assert_eq!((of_signal.energies, of_signal.values), (column(0), column(1)), "{name}");
    }
    wrong
}

fn numbers<'a>(read: &'a Measurement, table: &str, column: &str) -> &'a [f64] {
    let table = read.table(table).unwrap_or_else(|| panic!("no table {table}"));
    table.numbers(column).unwrap_or_else(|| panic!("no numbers {column}"))
}

/// The folder of real files, if there is one.
fn corpus() -> Option<PathBuf> {
    let corpus = std::env::var("GALVANOME_CORPUS").ok().map(PathBuf::from);
    if corpus.is_none() {
        eprintln!("GALVANOME_CORPUS is not set: real files were not tried");
    }
    corpus.map(|corpus| corpus.join("charact"))
}

#[test]
fn real_spectra_are_what_other_readers_say() {
    let Some(corpus) = corpus() else { return };
    let files: Vec<_> = manifest(&corpus)
        .into_iter()
        .filter(|(path, _)| path.strip_prefix(&corpus).is_ok_and(|path| path.starts_with("xps")))
        .collect();
    assert!(!files.is_empty(), "GALVANOME_CORPUS holds no photoelectron spectra");
    let wrong: Vec<String> = files.iter().flat_map(|(path, said)| compare(path, said)).collect();
    eprintln!("{} real files were tried", files.len());
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// The file of one survey as the instrument exports it in three ways: which of them are counts is told by arithmetic.
#[test]
fn one_survey_in_three_files_is_the_same() {
    let Some(corpus) = corpus() else { return };
    let open = corpus.join("xps/open");
    let [regular, irregular, text] =
        ["regular.vms", "irregular.vms", "MgFe2O4_small.xy"].map(|name| measure(&open.join(name)));
    let survey = |read: &Measurement| {
        let is = |signal: &&Signal| signal.label == "Survey" && signal.name == "intensity";
        read.signals.iter().find(is).expect("a survey").clone()
    };
    let (counts, rates, export) = (survey(&regular), survey(&irregular), survey(&text));
    let units = [&counts, &rates, &export].map(|signal| signal.unit.as_str());
    assert_eq!(units, ["counts", "counts/s", "counts/s"]);
    let dwell = counts.counting.expect("counts").live_time_s;
    assert_eq!(dwell, 0.1);
    assert_eq!(export.counting.map(|counting| counting.counts_per_unit), Some(dwell));
    assert_eq!(rates.counting, None);
    assert!(irregular.notes.iter().any(|note| note.code == "counts-are-rates"));
    let all = counts.values.iter().zip(&rates.values).zip(&export.values);
    for (place, ((counts, rate), export)) in all.enumerate() {
        // The two VAMAS files print six digits.
        assert!((counts / dwell - export).abs() <= 1e-5 * export, "point {place}");
        assert!((rate - export).abs() <= 1e-5 * export, "point {place}");
    }
    // Binding energy is photon energy less kinetic energy, whatever work function the file states.
    let photon = counts.condition(conditions::PHOTON_ENERGY).expect("a photon energy");
    let points = counts.axes[0].points.iter().zip(&export.axes[0].points);
    for (kinetic, binding) in points {
        assert!((photon - kinetic - binding).abs() < 1e-9, "{kinetic} and {binding} eV");
    }
}

/// What is fitted in the file, and what its makers' table says: of another state of the same fit, as widths and areas show.
#[test]
fn components_of_casaxps_are_those_of_the_file() {
    let Some(corpus) = corpus() else { return };
    let open = corpus.join("xps/open");
    let fitted = measure(&open.join("FeO_analyzed.vms"));
    let of = |column: &str| numbers(&fitted, "casaxps_components", column).to_vec();
    // As CasaXPS itself exports the components of this file, to the digits that it prints.
    for (column, exported, digits) in [
        ("binding_energy", [709.05, 716.00, 722.13, 729.89], 0.005),
        ("width", [3.86, 8.00, 4.87, 7.83], 0.005),
        ("area", [63507.37, 35837.06, 49042.13, 17705.16], 0.005),
    ] {
        for (ours, exported) in of(column).iter().zip(exported) {
            assert!((ours - exported).abs() <= digits + 1e-9, "{column}: {ours} and {exported}");
        }
    }
    assert_eq!(of("sensitivity_factor"), [16.42; 4]);
    assert_eq!(numbers(&fitted, "casaxps_regions", "sensitivity_factor"), [16.42]);
    let results = measure(&open.join("FeO_analyzed_results.csv"));
    let table = |column: &str| numbers(&results, "casaxps_results", column).to_vec();
    assert_eq!(table("Position"), [709.03, 715.73, 722.18, 730.22]);
    assert_eq!(table("FWHM"), [3.86, 7.89, 4.73, 7.88]);
    assert_eq!(table("%At Conc"), [41.89, 19.65, 28.06, 10.40]);
    for (ours, table) in of("binding_energy").iter().zip(table("Position")) {
        assert!((ours - table).abs() < 0.34, "{ours} and {table} eV");
    }
    // Concentrations are areas over sensitivity and transmission: the same for all within a few percent here.
    let areas = table("Raw Area");
    let sum: f64 = areas.iter().sum();
    for (area, concentration) in areas.iter().zip(table("%At Conc")) {
        assert!((100.0 * area / sum - concentration).abs() < 0.3, "{area}: {concentration} %");
    }
}

/// The file that another reader refuses since two empty lines stand before its first one.
#[test]
fn a_file_of_kratos_is_read() {
    let Some(corpus) = corpus() else { return };
    let read = measure(&corpus.join("xps/open/0-150W.vms"));
    let labels: Vec<&str> = read.signals.iter().map(|signal| signal.label.as_str()).collect();
    eprintln!("{labels:?} {:?}", read.notes);
    assert_eq!(read.signals.len(), 10);
    assert!(read.notes.is_empty(), "{:?}", read.notes);
    let wide = &read.signals[0];
    assert_eq!((wide.label.as_str(), wide.unit.as_str()), ("wide", "counts"));
    // The comment says: 286.690-1491.690eV, step size 1.000eV, 1 sweep, 0.1 s and the flyback.
    assert_eq!(wide.axes[0].points.len(), 1206);
    assert_eq!((wide.axes[0].points[0], wide.axes[0].points[1205]), (286.69, 1491.69));
    assert_eq!(wide.condition(conditions::PASS_ENERGY), Some(160.0));
    assert_eq!(wide.condition(conditions::WORK_FUNCTION), None);
    // What the file itself says of each variable: least and largest value.
    assert_eq!(wide.values.iter().copied().fold(f64::INFINITY, f64::min), 5.0);
    assert_eq!(wide.values.iter().copied().fold(0.0, f64::max), 6050.0);
    assert!(wide.values.iter().all(|counts| counts.fract() == 0.0));
    let start = read.started_at.expect("a start");
    assert_eq!(start.iso, "2020-08-27T14:05:46.000+07:00");
}
