//! Real texts of patterns and structures, where somebody has a folder of them (`GALVANOME_CORPUS`): every value that the
//! manifest states of them, and the same scan in two formats.

use std::path::{Path, PathBuf};

use galvanome_model::measurement::{Measurement, Values};
use galvanome_model::signal::{axes, conditions};
use galvanome_readers::{Collect, Files, Limits, read};
use serde_json::Value;

use crate::corpus::manifest;

/// The folder of other instruments than cyclers; none where there is no corpus.
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
    let name = path.display().to_string();
    let mut collect = Collect::new();
    let read = read(&Files::one(&name, bytes), &Limits::default(), &mut collect);
    read.unwrap_or_else(|error| panic!("{error}"));
    collect.into_measurement()
}

/// Axis and values of the main columns or of the first signal.
fn columns(read: &Measurement) -> (&[f64], &[f64]) {
    if let Some(table) = read.tables.first() {
        let column = |place: usize| match &table.columns[place].values {
            Values::Number(numbers) => numbers.as_slice(),
            Values::Text(_) => panic!("a column of text"),
        };
        return (column(0), column(1));
    }
    let signal = read.signals.first().expect("a signal");
    (&signal.axes.last().expect("an axis").points, &signal.values)
}

/// Which format must read which files, by the end of their path.
const FILES: [(&str, &str); 24] = [
    ("xrd_lab/open/210520step1_30min.xy", "bare-columns"),
    ("xrd_lab/open/210520step1_30min.csv", "panalytical-csv"),
    ("xrd_lab/open/inas_layer_radial_002_004.ras", "rigaku-ras"),
    ("xrd_lab/open/LaB6_d500_si_psd.xye", "bare-columns"),
    ("xrd_lab/open/FAP.XRA", "gsas-powder"),
    ("xrd_lab/open/example_bmb.xye", "xrd-columns"),
    ("xrd_lab/open/example_mac.xye", "bare-columns"),
    ("xrd_lab/open/example_ocx.xy", "xrd-columns"),
    ("xrd_lab/open/cod_9004112.cif", "cif"),
    ("xrd_operando/open/test_RampDown-00000.xye", "bare-columns"),
    ("xrd_operando/open/test_RampDown-00004.xye", "bare-columns"),
    ("xrd_operando/open/test_RampDown-00012.xye", "bare-columns"),
    ("xrd_operando/open/OH_04.fxye", "gsas-powder"),
    ("xrd_operando/open/OH_24.fxye", "gsas-powder"),
    ("xrd_operando/open/CuCr2O4.cif", "cif"),
    ("raman/open/testDW38C_pos1.txt", "bare-columns"),
    ("raman/open/testDW38C_pos2.txt", "bare-columns"),
    ("raman/open/testDW38C_pos4.txt", "bare-columns"),
    ("raman/open/PST_WiICV532_Z050OP02_075_800msx10.txt", "bare-columns"),
    ("raman/open/PST10_iR785_OP01_8000msx8.txt", "bare-columns"),
    ("saxs/open/apoferritin.txt", "bare-columns"),
    ("saxs/open/Alumina_usaxs.csv", "bare-columns"),
    ("saxs/open/APS_DND-CAT.TXT", "bare-columns"),
    ("saxs/open/S40_Ludox2_30pct.dat", "delimited"),
];

#[test]
fn every_value_that_the_manifest_states() {
    let Some(folder) = folder() else { return };
    let mut wrong = Vec::new();
    let mut tried = 0;
    for (path, expected) in manifest(&folder) {
        let name = path.strip_prefix(&folder).unwrap_or(&path).display().to_string();
        let Some((_, format)) = FILES.iter().find(|(file, _)| *file == name) else { continue };
        tried += 1;
        let read = measured(&path);
        if read.format != *format {
            wrong.push(format!("{name} is read as {}", read.format));
        }
        wrong.extend(differs(&read, &expected).into_iter().map(|line| format!("{name}: {line}")));
        let told: Vec<_> = read.notes.iter().map(|note| note.code.as_str()).collect();
        eprintln!("{name}: {told:?}");
    }
    eprintln!("{tried} real files were tried");
    assert_eq!(tried, FILES.len(), "GALVANOME_CORPUS lacks some files");
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// What is wrong with a file by what is said of it.
fn differs(read: &Measurement, expected: &Value) -> Vec<String> {
    let mut wrong = Vec::new();
    // The manifest has ten digits.
    let mut compare = |key: &str, ours: f64, said: Option<f64>| {
        if let Some(said) = said
            && (ours - said).abs() > 6e-10 * said.abs().max(1e-3)
        {
            wrong.push(format!("{key} is {ours}, not {said}"));
        }
    };
    let said = |key: &str| expected.get(key).and_then(Value::as_f64);
    for (number, scan) in expected["scans"].as_array().into_iter().flatten().enumerate() {
        let signal = &read.signals[number];
        compare("n", signal.values.len() as f64, scan["n"].as_f64());
        compare("sum", signal.values.iter().sum(), scan["sum"].as_f64());
    }
    if let Some(count) = said("n_scans") {
        compare("n_scans", read.signals.len() as f64, Some(count));
    }
    for key in ["a", "b", "c"] {
        if let Some(length) = said(&format!("cell_length_{key}")) {
            let ours = read.table("cell").and_then(|cell| cell.numbers(key)).expect("a cell")[0];
            compare(key, ours, Some(length));
        }
    }
    if let Some(gamma) = said("cell_angle_gamma") {
        let ours = read.table("cell").and_then(|cell| cell.numbers("gamma")).expect("a cell")[0];
        compare("gamma", ours, Some(gamma));
    }
    if let Some(points) = said("n_points") {
        let (axis, values) = columns(read);
        let least = |of: &[f64]| of.iter().copied().fold(f64::INFINITY, f64::min);
        let most = |of: &[f64]| of.iter().copied().fold(f64::NEG_INFINITY, f64::max);
        let highest = values.iter().position(|value| *value == most(values)).expect("a maximum");
        compare("n_points", values.len() as f64, Some(points));
        compare("axis_first", axis[0], said("axis_first"));
        compare("axis_last", axis[axis.len() - 1], said("axis_last"));
        compare("axis_min", least(axis), said("axis_min"));
        compare("axis_max", most(axis), said("axis_max"));
        compare("intensity_sum", values.iter().sum(), said("intensity_sum"));
        compare("intensity_max", most(values), said("intensity_max"));
        compare("x_at_max", axis[highest], said("x_at_max"));
    }
    wrong
}

#[test]
fn the_same_scan_in_two_formats() {
    let Some(folder) = folder() else { return };
    let open = folder.join("xrd_lab/open");
    let [csv, bare, xml] = ["csv", "xy", "xrdml"]
        .map(|ending| measured(&open.join(format!("210520step1_30min.{ending}"))));
    assert_eq!(columns(&csv), columns(&bare));
    let (signal, other) = (&csv.signals[0], &xml.signals[0]);
    assert_eq!(signal.values, other.values);
    // The text has nine decimals.
    let pairs = signal.axes[0].points.iter().zip(&other.axes[0].points);
    assert!(
        pairs.clone().all(|(a, b)| (a - b).abs() < 1e-9),
        "{:?}",
        pairs.clone().max_by(|(a, b), (c, d)| (*a - *b).abs().total_cmp(&(*c - *d).abs()))
    );
    assert_eq!(signal.counting, other.counting);
    assert_eq!(signal.condition(conditions::WAVELENGTH), other.condition(conditions::WAVELENGTH));
    assert_eq!(
        signal.condition(conditions::K_ALPHA_RATIO),
        other.condition(conditions::K_ALPHA_RATIO)
    );
    let minute =
        |read: &Measurement| read.started_at.as_ref().map(|start| start.iso[..16].to_owned());
    assert_eq!(minute(&csv), minute(&xml));
}

#[test]
fn what_files_say_of_their_measurement() {
    let Some(folder) = folder() else { return };
    let read = measured(&folder.join("xrd_operando/open/OH_04.fxye"));
    let signal = &read.signals[0];
    assert!(signal.axes[0].is(axes::TWO_THETA));
    assert_eq!(signal.condition(conditions::WAVELENGTH), Some(0.413_263));
    assert_eq!(read.started_at.map(|start| start.iso), Some("2011-04-25T12:51:26.765".to_owned()));
    assert_eq!(signal.uncertainties.len(), 12_799);
    assert_eq!((signal.uncertainties[0], signal.uncertainties[12_798]), (10.914_098, 5.677_080));
    let read = measured(&folder.join("xrd_lab/open/example_bmb.xye"));
    assert_eq!(read.signals[0].condition(conditions::WAVELENGTH), Some(0.414_581));
    assert_eq!(read.signals[0].condition(conditions::GONIOMETER_RADIUS), Some(1.0));
    assert_eq!(read.started_at.map(|start| start.iso), Some("2017-04-12T01:23:16.472".to_owned()));
    // The last record holds 84 and nothing but zeros behind it, of which the bank's line counts two as points.
    let read = measured(&folder.join("xrd_lab/open/FAP.XRA"));
    let signal = &read.signals[0];
    let some =
        [0, 10, 5750, 5752].map(|place| (signal.axes[0].points[place], signal.values[place]));
    assert_eq!(some, [(15.0, 609.0), (15.2, 569.0), (130.0, 84.0), (130.04, 0.0)]);
    assert_eq!((signal.values.len(), signal.unit.as_str()), (5753, "counts"));
    let read = measured(&folder.join("xrd_lab/open/inas_layer_radial_002_004.ras"));
    assert_eq!(read.signals[0].condition(conditions::WAVELENGTH), Some(1.540_593));
    assert_eq!(read.started_at.map(|start| start.iso), Some("2015-12-05T22:01:01.000".to_owned()));
    let read = measured(&folder.join("xrd_operando/open/CuCr2O4.cif"));
    let rows = |name: &str| read.table(name).map(|table| table.rows);
    assert_eq!((rows("cell"), rows("atoms"), rows("symmetry")), (Some(1), Some(3), Some(32)));
}

/// Files of other instruments must not be taken for bare columns, or for patterns, that were read otherwise before.
#[test]
fn cyclers_keep_their_formats() {
    let Ok(corpus) = std::env::var("GALVANOME_CORPUS") else { return };
    let corpus = PathBuf::from(corpus).join("cycling");
    let mut taken = Vec::new();
    for (path, _) in manifest(&corpus) {
        let Ok(bytes) = std::fs::read(&path) else { continue };
        let files = Files::one("a", bytes);
        let ours =
            ["bare-columns", "cif", "gsas-powder", "panalytical-csv", "rigaku-ras", "xrd-columns"];
        if let Some((format, _)) = galvanome_readers::identify(&files)
            && ours.contains(&format.id)
        {
            taken.push(format!("{}: {}", path.display(), format.id));
        }
    }
    assert!(taken.is_empty(), "{}", taken.join("\n"));
}
