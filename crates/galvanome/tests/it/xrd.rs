//! Real patterns, where somebody has a folder of them: `GALVANOME_CORPUS=FOLDER cargo test -p galvanome`. Peaks against
//! what another program fitted with the same model, and cells against certificates and published structures.

use std::path::{Path, PathBuf};

use galvanome::analyze;
use galvanome_techniques::analysis::peak_model::{Guess, PeakModel, Shape};
use galvanome_techniques::analysis::spectrum::{Spectrum, spectra};
use galvanome_techniques::xrd::ANGLE;
use galvanome_techniques::{Analysis, Input};
use serde_json::Value;

/// The folder of characterisation files; none, with a word, where there is none.
fn folder() -> Option<PathBuf> {
    let Some(root) = std::env::var_os("GALVANOME_CORPUS") else {
        eprintln!("GALVANOME_CORPUS is not set: no pattern was compared");
        return None;
    };
    Some(Path::new(&root).join("charact")).filter(|folder| folder.exists())
}

/// Path and what is said of it, from the lines of a manifest that stand in folders of diffraction.
fn manifest(folder: &Path) -> Vec<(String, Value)> {
    let Ok(text) = std::fs::read_to_string(folder.join("MANIFEST.csv")) else { return Vec::new() };
    text.lines()
        .filter(|line| line.starts_with("xrd_"))
        .filter_map(|line| {
            let path = line.split(',').next()?.to_owned();
            let begin = line.find("\"{")? + 1;
            let end = line.rfind("}\"")? + 1;
            let json = line.get(begin..end)?.replace("\"\"", "\"");
            Some((path, serde_json::from_str(&json).ok()?))
        })
        .collect()
}

fn spectrum(path: &Path) -> Option<Spectrum> {
    let measurement = analyze::measurement(&galvanome::files::open(path).ok()?).ok()?;
    let input = Input { name: path.display().to_string(), measurement };
    spectra(&input, 0, &ANGLE, &mut Vec::new()).into_iter().next()
}

/// One pseudo-Voigt peak on a straight line, unweighted: centre and its standard error.
fn centre(spectrum: &Spectrum, window: (f64, f64)) -> Option<(f64, f64)> {
    // The manifest rounds the ends of the window.
    let range = spectrum.between(window.0 - 1e-6, window.1 + 1e-6);
    let (x, y) = (&spectrum.x[range.clone()], &spectrum.y[range]);
    let (top, height) = x.iter().zip(y).max_by(|a, b| a.1.total_cmp(b.1))?;
    let width = (window.1 - window.0) / 9.0;
    let guess = Guess { centre: *top, height: *height, width };
    let model = PeakModel::new(Shape::PseudoVoigt, &[guess], window, 1);
    let fitted = model.fit(x, y, &vec![1.0; x.len()], false)?;
    let found = fitted.parameter(fitted.model.peaks.first()?.centre);
    Some((found.value, found.u))
}

#[test]
fn peaks_lie_where_the_same_model_puts_them_elsewhere() {
    let Some(folder) = folder() else { return };
    let (mut compared, mut unread) = (0, Vec::new());
    for (path, expected) in manifest(&folder) {
        let Some(peaks) = expected["peaks_pseudovoigt"].as_array().filter(|all| !all.is_empty())
        else {
            continue;
        };
        let Some(spectrum) = spectrum(&folder.join(&path)) else {
            unread.push(path);
            continue;
        };
        for peak in peaks {
            let number = |key: &str| peak[key].as_f64().unwrap();
            let window = (peak["window"][0].as_f64().unwrap(), peak["window"][1].as_f64().unwrap());
            let (centre, u) = centre(&spectrum, window).unwrap();
            let off = (centre - number("center")) / number("center_stderr");
            eprintln!("{path}: {centre:.6} ± {u:.6}, theirs {:.6}: {off:+.4} u", number("center"));
            assert!(off.abs() < 0.1, "{path}: {centre} is {off} standard errors off");
            let errors = u / number("center_stderr");
            assert!(
                (errors - 1.0).abs() < 0.01,
                "{path}: the standard error is {errors} of theirs"
            );
            compared += 1;
        }
    }
    eprintln!("{compared} peaks compared; not read: {unread:?}");
    assert!(compared > 0);
}

fn analysed(paths: &[PathBuf], settings: &[&str]) -> Option<Analysis> {
    if !paths.iter().all(|path| path.exists()) {
        eprintln!("{paths:?} are not all there: not compared");
        return None;
    }
    let xrd = analyze::technique("xrd").unwrap();
    let settings: Vec<String> = settings.iter().map(|one| (*one).to_owned()).collect();
    analyze::paths(xrd, paths, &[], &settings).ok()
}

/// The shift of 0.0102° between the first and the last pattern of a cell, which is less than one step.
#[test]
fn a_shift_below_one_step_is_resolved() {
    let Some(folder) = folder() else { return };
    let paths: Vec<PathBuf> = [1, 2, 4, 5, 7, 8, 10]
        .iter()
        .map(|number| folder.join(format!("xrd_operando/open/Scan_C{number}.xrdml")))
        .collect();
    let settings = ["cell=none", "peak=17.65", "peak-2=34.68"];
    let Some(analysis) = analysed(&paths, &settings) else { return };
    let shift = analysis.quantity("xrd.peak-shift").unwrap();
    let u = shift.uncertainty.unwrap();
    eprintln!("{} ± {u}: {}", shift.value, shift.detail);
    // Theirs: 17.64974 ± 0.00062 and 17.63954 ± 0.00088, by a model without Kα2.
    let theirs = 0.000_622_5_f64.hypot(0.000_882_5);
    assert!((shift.value + 0.010_206_7).abs() < 2.0 * u.hypot(theirs), "{}", shift.value);
    assert!(shift.value.abs() > 5.0 * u, "resolved by {} u", shift.value.abs() / u);
    let cause = analysis.notes.iter().find(|note| note.code == "cause-of-shift").unwrap();
    eprintln!("{}", cause.message);
}

/// Files of a cell that somebody certified or published: parameters with how far ours may be.
#[test]
fn cells_that_are_known() {
    let Some(folder) = folder() else { return };
    let check = |file: &str, settings: &[&str], expected: &[(&str, f64, f64)]| {
        let path = folder.join(file);
        if spectrum(&path).is_none() {
            eprintln!("{file} is not read: not compared");
            return;
        }
        let analysis = analysed(&[path], settings).unwrap();
        for (name, truth, most) in expected {
            let found = analysis
                .quantity(name)
                .unwrap_or_else(|| panic!("{file}: no {name}: {:#?}", analysis.notes));
            let off = found.value - truth;
            eprintln!(
                "{file}: {name} {:.6} ± {:.6}, {truth} known, {off:+.6}; {}",
                found.value,
                found.uncertainty.unwrap_or(f64::NAN),
                found.detail
            );
            assert!(off.abs() < *most, "{file}: {name} is {off} off");
        }
    };
    let lab6 = ["cell=cubic", "a=4.157"];
    check("xrd_lab/open/LaB6_d500_si_psd.xye", &lab6, &[("xrd.lattice-a", 4.15689, 1e-4)]);
    // Eight reflections below 68°, whose positions no displacement and no zero shift explains: docs/validation.md.
    check("xrd_lab/open/LaB6_Jan2018.raw", &lab6, &[("xrd.lattice-a", 4.15689, 1.2e-3)]);
}

/// What is of another cell gives no parameters of the default one, not even with a vast uncertainty.
#[test]
fn patterns_of_another_cell_give_no_parameters() {
    let Some(folder) = folder() else { return };
    for file in ["LaB6_d500_si_psd.xye", "TiOF.brml", "TiO2.raw", "CG20396_jdb12-1.xrdml"] {
        let path = folder.join("xrd_lab/open").join(file);
        let Some(analysis) = analysed(&[path], &[]) else { continue };
        assert!(analysis.quantity("xrd.lattice-a").is_none(), "{file}: {:?}", analysis.quantities);
        assert!(!analysis.notes.is_empty(), "{file}");
    }
}
