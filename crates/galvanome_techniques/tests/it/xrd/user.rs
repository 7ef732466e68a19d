//! What a user meets: tables without names, windows, series, bad input.

use galvanome_model::measurement::{Column, ColumnHead, Measurement, Table, Values};
use galvanome_model::quantity::Qualifier;
use galvanome_numerics::random::Random;
use galvanome_techniques::xrd::shift::{Moved, Verdict, separate};
use galvanome_techniques::{Analysis, Input, Inputs};

use super::simulated::{K_ALPHA, Made, analyze, series};

fn codes(analysis: &Analysis) -> Vec<&str> {
    analysis.notes.iter().map(|note| note.code.as_str()).collect()
}

fn table(columns: &[(&str, Vec<f64>)]) -> Measurement {
    let column = |(name, values): &(&str, Vec<f64>)| Column {
        head: ColumnHead { name: (*name).to_owned(), ..ColumnHead::default() },
        values: Values::Number(values.clone()),
    };
    let rows = columns[0].1.len();
    let table =
        Table { name: "records".to_owned(), columns: columns.iter().map(column).collect(), rows };
    Measurement { tables: vec![table], ..Measurement::default() }
}

#[track_caller]
fn near(analysis: &Analysis, name: &str, truth: f64, times: f64) {
    let found =
        analysis.quantity(name).unwrap_or_else(|| panic!("no {name}: {:#?}", analysis.notes));
    let u = found.uncertainty.expect("an uncertainty");
    assert!(
        (found.value - truth).abs() < times * u,
        "{name}: {} ± {u}, truth {truth}",
        found.value
    );
}

#[test]
fn a_table_without_names_is_a_pattern() {
    let made = Made::default();
    let signal = made.measurement(5).signals.remove(0);
    let (mut x, mut y) = (signal.axes[0].points.clone(), signal.values.clone());
    let named = table(&[("column_1", x.clone()), ("column_2", y.clone())]);
    let analysis =
        analyze(&Inputs::one("plain", named), &["wavelength=1.540598", "wavelength-2=1.544426"]);
    near(&analysis, "xrd.lattice-a", made.a, 4.0);
    assert!(codes(&analysis).contains(&"columns-assumed"));
    // Falling, with a hole, the columns the other way round, and nothing said of the wavelength.
    x.reverse();
    y.reverse();
    y[100] = f64::NAN;
    let turned = table(&[("Intensity", y), ("2Theta (deg)", x)]);
    let analysis = analyze(&Inputs::one("turned", turned), &["radius=240"]);
    near(&analysis, "xrd.lattice-c", made.c, 4.0);
    for code in ["columns-assumed", "points-left-out", "wavelength-assumed"] {
        assert!(codes(&analysis).contains(&code), "{code}");
    }
}

#[test]
fn bad_input_finds_nothing_and_says_why() {
    let check = |columns: &[(&str, Vec<f64>)], settings: &[&str], code: &str| {
        let analysis = analyze(&Inputs::one("bad", table(columns)), settings);
        assert!(analysis.quantities.is_empty(), "{code}: {:?}", analysis.quantities);
        assert!(codes(&analysis).contains(&code), "{code}: {:#?}", analysis.notes);
    };
    let line = |n: usize| (0..n).map(|place| 10.0 + place as f64 * 0.02).collect::<Vec<f64>>();
    check(&[("column_1", line(100))], &[], "no-spectrum");
    check(&[("x", line(5)), ("y", line(5))], &[], "too-few-points");
    check(&[("x", line(1000)), ("y", vec![f64::NAN; 1000])], &[], "too-few-points");
    check(&[("x", line(1000)), ("y", vec![100.0; 1000])], &[], "no-peaks");
    check(&[("x", line(1000)), ("y", vec![0.0; 1000])], &[], "no-peaks");
    check(&[("x", line(1000)), ("y", vec![-5.0; 1000])], &[], "no-peaks");
    check(&[("x", vec![20.0; 1000]), ("y", line(1000))], &[], "no-peaks");
    check(&[("x", line(1000)), ("y", line(1000))], &["from=90"], "too-few-points");
    let y: Vec<f64> =
        line(4000).iter().map(|x| 100.0 + 5e3 * (-((x - 31.0) / 0.1).powi(2)).exp()).collect();
    check(&[("x", line(4000)), ("y", y)], &[], "not-indexed");
}

#[test]
fn a_pattern_of_another_cell_is_not_indexed_by_chance() {
    // Rutile, whose peaks the default cell is not to explain.
    let places = [27.45, 36.09, 39.19, 41.23, 44.05, 54.32, 56.64, 62.76, 64.04, 69.01];
    let x: Vec<f64> = (0..3500).map(|place| 10.0 + 0.02 * f64::from(place)).collect();
    let y: Vec<f64> = x
        .iter()
        .map(|x| {
            let sum: f64 = places.iter().map(|at| 3000.0 / (1.0 + ((x - at) / 0.06).powi(2))).sum();
            (sum + 200.0 + 12.0 * (x * 977.0).sin()).round()
        })
        .collect();
    let measured = table(&[("two_theta", x), ("counts", y)]);
    let settings = ["k-alpha-ratio=0", "wavelength=1.5406"];
    let analysis = analyze(&Inputs::one("rutile", measured.clone()), &settings);
    assert_eq!(analysis.quantity("xrd.lattice-a"), None);
    assert!(codes(&analysis).contains(&"not-indexed"));
    let settings = ["k-alpha-ratio=0", "wavelength=1.5406", "cell=tetragonal", "a=4.6", "c=2.95"];
    let analysis = analyze(&Inputs::one("rutile", measured), &settings);
    let a = analysis.quantity("xrd.lattice-a").expect("a").value;
    assert!((a - 4.594).abs() < 0.003, "{a}");
}

#[test]
fn a_cell_needs_its_start() {
    let analysis = Made::default().analyzed(1, &["cell=cubic"]);
    assert!(codes(&analysis).contains(&"cell-needs-start"));
    assert_eq!(analysis.quantity("xrd.lattice-a"), None);
}

#[test]
fn a_monoclinic_cell() {
    let (a, b, c, beta) = (4.98, 2.83, 5.07, 109.3_f64.to_radians());
    let indices = [
        (0, 0, 1),
        (-2, 0, 1),
        (1, 1, 0),
        (-1, 1, 1),
        (-2, 0, 2),
        (1, 1, 1),
        (2, 0, 1),
        (-1, 1, 2),
        (1, 1, 2),
        (0, 2, 0),
        (-3, 1, 1),
        (0, 2, 1),
        (-3, 1, 2),
        (3, 1, 0),
    ];
    let places: Vec<f64> = indices
        .iter()
        .map(|&(h, k, l)| {
            let (h, k, l) = (f64::from(h), f64::from(k), f64::from(l));
            let sum = (h / a).powi(2) + (l / c).powi(2) - 2.0 * h * l * beta.cos() / (a * c);
            let square = sum / beta.sin().powi(2) + (k / b).powi(2);
            2.0 * (0.5 * 1.54 * square.sqrt()).asin().to_degrees()
        })
        .collect();
    let mut random = Random::seeded(4);
    let x: Vec<f64> = (0..6000).map(|place| 12.0 + 0.012 * f64::from(place)).collect();
    let y: Vec<f64> = x
        .iter()
        .map(|x| {
            let peaks: f64 =
                places.iter().map(|at| 4000.0 / (1.0 + ((x - at) / 0.04).powi(2))).sum();
            random.poisson(peaks + 100.0)
        })
        .collect();
    let measured = table(&[("two_theta", x), ("counts", y)]);
    let settings = [
        "k-alpha-ratio=0",
        "wavelength=1.54",
        "cell=monoclinic",
        "a=4.96",
        "b=2.84",
        "c=5.06",
        "beta=109",
    ];
    let analysis = analyze(&Inputs::one("monoclinic", measured), &settings);
    for (name, truth) in
        [("lattice-a", a), ("lattice-b", b), ("lattice-c", c), ("lattice-beta", 109.3)]
    {
        near(&analysis, &format!("xrd.{name}"), truth, 4.0);
    }
    near(&analysis, "xrd.cell-volume", a * b * c * beta.sin(), 4.0);
}

#[test]
fn without_the_instrument_size_is_a_bound() {
    let analysis = Made::default().analyzed(2, &[]);
    let size = analysis.quantity("xrd.crystallite-size").expect("a bound");
    assert_eq!(size.qualifier, Qualifier::Greater);
    assert_eq!(size.uncertainty, None);
    assert!(size.value < 80.0, "{}", size.value);
    assert_eq!(analysis.quantity("xrd.microstrain").expect("a bound").qualifier, Qualifier::Less);
}

#[test]
fn repeats_are_one_mean() {
    let base = Made::default();
    let inputs = series(&[(base.clone(), 1), (base.clone(), 2), (base.clone(), 3)]);
    let analysis = analyze(&inputs, &["series=repeats"]);
    near(&analysis, "xrd.lattice-c", base.c, 4.0);
    let found = analysis.quantity("xrd.lattice-c").expect("c");
    assert!(found.detail.starts_with("mean of 3 patterns"), "{}", found.detail);
    assert_eq!(analysis.quantity("xrd.peak-shift"), None);
}

fn moved(c: f64, displacement_mm: f64) -> Analysis {
    let each = |part: f64, at_s| Made {
        c: 14.19 + c * part,
        a: 2.876 * (1.0 + c * part / 14.19),
        displacement_mm: displacement_mm * part,
        at_s,
        ..Made::default()
    };
    let inputs = series(&[(each(0.0, 0), 11), (each(0.5, 3600), 12), (each(1.0, 7200), 13)]);
    analyze(&inputs, &[])
}

#[track_caller]
fn verdict(analysis: &Analysis, expected: Verdict) {
    let found = analysis.quantity("xrd.peak-shift").expect("a shift");
    assert!(found.detail.ends_with(expected.words()), "{}", found.detail);
}

#[test]
fn a_series_tells_a_lattice_from_a_displacement() {
    let lattice = moved(0.02, 0.0);
    verdict(&lattice, Verdict::Lattice);
    let displaced = moved(0.0, 0.05);
    verdict(&displaced, Verdict::NotSeparated);
    let (first, last) = (Made::default(), Made { displacement_mm: 0.05, ..Made::default() });
    let place = |made: &Made| made.place(0, 0, 3, K_ALPHA.0, 14.19);
    let truth = place(&last) - place(&Made { displacement_mm: 0.0, ..first });
    near(&displaced, "xrd.peak-shift", truth, 4.0);
    let table = displaced.tables.first().expect("a table");
    assert_eq!((table.name.as_str(), table.rows), ("series", 3));
    assert_eq!(table.numbers("time_hour"), Some([0.0, 1.0, 2.0].as_slice()));
}

#[test]
fn a_cycler_gives_the_voltage_at_the_time_of_each_pattern() {
    let each = |at_s| Made { at_s, ..Made::default() };
    let mut inputs = series(&[(each(3600), 1), (each(7200), 2), (each(10800), 3)]);
    let mut cycler = table(&[
        ("test_time_second", vec![0.0, 9000.0]),
        ("current_ampere", vec![0.1, 0.1]),
        ("voltage_volt", vec![3.0, 3.9]),
    ]);
    let run = |inputs: &Inputs| analyze(inputs, &[]);
    cycler.started_at = Made::default().measurement(1).started_at;
    inputs.auxiliary.push((
        "cycler".to_owned(),
        Input { name: "cell".to_owned(), measurement: cycler.clone() },
    ));
    let analysis = run(&inputs);
    let voltage = analysis.tables[0].numbers("voltage_volt").expect("voltages");
    assert!((voltage[0] - 3.36).abs() < 1e-9 && (voltage[1] - 3.72).abs() < 1e-9);
    assert!(voltage[2].is_nan());
    assert!(codes(&analysis).contains(&"outside-cycler-record"));
    // A clock without a zone beside one with a zone says nothing.
    if let Some(start) = &mut cycler.started_at {
        start.zone = galvanome_model::measurement::Zone::Local;
    }
    inputs.auxiliary[0].1.measurement = cycler;
    let analysis = run(&inputs);
    assert_eq!(analysis.tables[0].numbers("voltage_volt"), None);
    assert!(codes(&analysis).contains(&"cycler-not-used"));
}

/// Movements of reflections and what they say.
#[track_caller]
fn check(moved: &[(f64, f64, f64)], expected: Option<Verdict>) {
    let moved: Vec<Moved> =
        moved.iter().map(|&(two_theta, by, u)| Moved { two_theta, by, u }).collect();
    assert_eq!(separate(&moved).map(|found| found.verdict), expected);
}

#[test]
fn movements_and_what_they_say() {
    check(&[], None);
    check(&[(20.0, -0.01, 0.0)], None);
    check(&[(20.0, -0.01, 0.001)], Some(Verdict::One));
    // By displacement of a ten-thousandth of the radius: −0.01146° cos θ.
    let by_displacement = |at: f64| -(2e-4_f64.to_degrees()) * (0.5 * at).to_radians().cos();
    let by_lattice = |at: f64| -(2e-3_f64.to_degrees()) * (0.5 * at).to_radians().tan();
    let rows = |f: &dyn Fn(f64) -> f64, places: &[f64]| -> Vec<(f64, f64, f64)> {
        places.iter().map(|at| (*at, f(*at), 0.0005)).collect()
    };
    check(&rows(&by_displacement, &[20.0, 45.0, 65.0]), Some(Verdict::NotSeparated));
    check(&rows(&by_lattice, &[20.0, 45.0, 65.0]), Some(Verdict::Lattice));
    check(&rows(&|at| by_lattice(at) + by_displacement(at), &[20.0, 65.0]), Some(Verdict::Lattice));
    // Two reflections so near that they cannot tell.
    check(&rows(&by_lattice, &[20.0, 21.0]), Some(Verdict::NotSeparated));
    check(&[(20.0, 0.05, 0.001), (45.0, -0.05, 0.001), (65.0, 0.05, 0.001)], Some(Verdict::Uneven));
}
