//! Real cells, where somebody has a folder of them: `GALVANOME_CORPUS=FOLDER cargo test -p galvanome`. The cycles that
//! `echem` finds against what the instruments counted themselves, and against summaries that others published.

use std::path::{Path, PathBuf};

use galvanome::analyze;
use galvanome_model::measurement::{Column, Measurement, Table, Values};
use galvanome_techniques::{Analysis, Inputs, Settings};

/// A file of the corpus; none, with a word, where there is no corpus or not this file.
fn file(inside: &str) -> Option<PathBuf> {
    let Some(root) = std::env::var_os("GALVANOME_CORPUS") else {
        eprintln!("GALVANOME_CORPUS is not set: {inside} was not compared");
        return None;
    };
    let path = [Path::new(&root).join(inside), Path::new(&root).join("cycling").join(inside)];
    let found = path.into_iter().find(|path| path.exists());
    if found.is_none() {
        eprintln!("{inside} is not in the corpus: it was not compared");
    }
    found
}

fn read(path: &Path) -> Measurement {
    analyze::measurement(&galvanome::files::open(path).unwrap()).unwrap()
}

fn analysed(name: &str, measurement: Measurement) -> Analysis {
    let echem = analyze::technique("echem").unwrap();
    analyze::inputs_of(echem, Inputs::one(name, measurement), &Settings::default())
}

/// A number of ours with its standard uncertainty and what the other side says: column, column of the uncertainty,
/// and their name.
type Columns<'a> = [(&'a str, &'a str, &'a str)];

/// Compares cycle by cycle what both sides have, where the discharge has ended. Each number must agree within a
/// relative tolerance and three of its standard uncertainties; the largest difference is printed, and must be below
/// `largest`. Gives how many were compared.
fn agree(
    what: &str,
    ours: &Table,
    columns: &Columns<'_>,
    theirs: &dyn Fn(&str, f64) -> Option<f64>,
    [tolerance, largest]: [f64; 2],
) -> usize {
    let cycles = ours.numbers("cycle_count").unwrap();
    let complete = ours.numbers("discharge_complete").unwrap();
    let mut compared = 0;
    for (our, their_u, their) in columns {
        let (values, u) = (ours.numbers(our).unwrap(), ours.numbers(their_u).unwrap());
        let (mut worst, mut at, mut n) = (0.0_f64, 0.0, 0);
        for (row, cycle) in cycles.iter().enumerate() {
            let said = theirs(their, *cycle).filter(|said| said.is_finite() && *said > 0.0);
            let Some(said) = said.filter(|_| complete[row] == 1.0) else { continue };
            let away = values[row] - said;
            assert!(
                away.abs() <= tolerance * said + 3.0 * u[row],
                "{what}: {our} of cycle {cycle} is {} ± {}, {their} says {said}",
                values[row],
                u[row]
            );
            n += 1;
            if (away / said).abs() >= worst.abs() {
                (worst, at) = (away / said, *cycle);
            }
        }
        eprintln!("{what}: {our} of {n} cycles, at most {:+.4} % (cycle {at})", 100.0 * worst);
        assert!(worst.abs() <= largest, "{what}: {our} differs by {worst} in cycle {at}");
        compared += n;
    }
    compared
}

const CAPACITIES: [(&str, &str); 4] = [
    ("cycle_charging_capacity_ah", "cycle_charging_capacity_uncertainty_ah"),
    ("cycle_discharging_capacity_ah", "cycle_discharging_capacity_uncertainty_ah"),
    ("cycle_charging_energy_wh", "cycle_charging_energy_uncertainty_wh"),
    ("cycle_discharging_energy_wh", "cycle_discharging_energy_uncertainty_wh"),
];

fn called(names: [&str; 4]) -> Vec<(&str, &str, &str)> {
    CAPACITIES.iter().zip(names).map(|((our, u), name)| (*our, *u, name)).collect()
}

/// Arbin's workbooks carry what the instrument counted up to the end of each cycle.
#[test]
fn cells_of_arbin_workbooks_against_their_own_statistics() {
    // Its counters run through the rows, too, and are taken in place of integrals.
    for (name, largest) in [("CS2_38_12_23_10", 1e-6), ("CS2_38_2_10_11", 1e-6)] {
        let Some(path) = file(&format!("arbin_xlsx/{name}.xlsx")) else { return };
        let measurement = read(&path);
        let counted = measurement.table("statistics").unwrap().clone();
        let cycles = counted.numbers("cycle_count").unwrap();
        let theirs = |column: &str, cycle: f64| {
            let row = cycles.iter().position(|one| *one == cycle)?;
            let named = |one: &&Column| one.head.vendor_name == column;
            let Values::Number(total) = &counted.columns.iter().find(named)?.values else {
                return None;
            };
            Some(total[row] - if row > 0 { total[row - 1] } else { 0.0 })
        };
        let analysis = analysed(name, measurement);
        let columns = called([
            "Charge_Capacity(Ah)",
            "Discharge_Capacity(Ah)",
            "Charge_Energy(Wh)",
            "Discharge_Energy(Wh)",
        ]);
        let compared = agree(name, &analysis.tables[0], &columns, &theirs, [0.002, largest]);
        assert!(compared >= 100, "{compared} numbers");
    }
}

/// A table of numbers as comma-separated text; what is no number is NaN.
fn csv(path: &Path) -> impl Fn(&str) -> Vec<f64> + use<> {
    let text = std::fs::read_to_string(path).unwrap();
    let rows: Vec<Vec<String>> =
        text.lines().map(|line| line.split(',').map(str::to_owned).collect()).collect();
    move |name: &str| {
        let column = rows[0].iter().position(|head| head == name).expect("a column of the summary");
        rows.iter().skip(1).map(|row| row[column].parse().unwrap_or(f64::NAN)).collect()
    }
}

/// What a counter that begins anew now and then counted in a cycle.
fn counted(raw: &dyn Fn(&str) -> Vec<f64>, column: &str, cycle: f64) -> f64 {
    let of_cycle = |column: &str| {
        let rows = raw("Cycle_Index").into_iter().zip(raw(column));
        rows.filter(|(one, _)| *one == cycle).map(|(_, value)| value).collect::<Vec<f64>>()
    };
    let values = of_cycle(column);
    let steps =
        values.windows(2).map(|pair| if pair[1] < pair[0] { pair[1] } else { pair[1] - pair[0] });
    values.first().copied().unwrap_or(0.0) + steps.sum::<f64>()
}

/// The instrument's own counters within the file, which begin anew with each charge and discharge, and the summary
/// that was published of it: that one takes the largest that a counter reached, which is less where a cycle holds
/// several charges (cycles 4 to 6, of a rate test and of pulses).
#[test]
fn a_published_summary_of_the_same_file() {
    let (Some(raw), Some(summary)) =
        (file("generic_csv/p492-13-raw.csv"), file("ageing_summary/p492-13-summary.csv"))
    else {
        return;
    };
    let analysis = analysed("p492-13", read(&raw));
    let (raw, summary) = (csv(&raw), csv(&summary));
    let table = &analysis.tables[0];
    let columns = called([
        "Charge_Capacity_Ah",
        "Discharge_Capacity_Ah",
        "Charge_Energy_Wh",
        "Discharge_Energy_Wh",
    ]);
    let by_counter = |column: &str, cycle: f64| Some(counted(&raw, column, cycle));
    agree("p492-13, counters", table, &columns, &by_counter, [0.004, 1.2]);
    let cycles = summary("Cycle_Index");
    let published = |column: &str, cycle: f64| {
        let row = cycles.iter().position(|one| *one == cycle)?;
        Some(summary(column)[row]).filter(|_| ![4.0, 5.0, 6.0].contains(&cycle))
    };
    let columns = called(["Q_chg", "Q_dis", "E_chg", "E_dis"]);
    let compared = agree("p492-13, summary", table, &columns, &published, [0.004, 0.02]);
    assert_eq!(compared, 14);
    // The reference is the first whole cycle: cycle 8 began half full, after a measurement of impedance.
    let capacity = analysis.quantity("echem.discharge-capacity").unwrap();
    assert!(capacity.detail.contains("of cycle 9 "), "{}", capacity.detail);
}

/// Two uploads of one cell at different days hold the same rows in different bytes.
#[test]
fn the_same_rows_saved_twice_are_one_measurement() {
    let (Some(first), Some(second)) =
        (file("arbin_xlsx/CS2_38_2_4_11.xlsx"), file("arbin_xlsx/CS2_38_2_10_11.xlsx"))
    else {
        return;
    };
    let echem = analyze::technique("echem").unwrap();
    let joined = analyze::paths(echem, &[first.clone(), second.clone()], &[], &[]).unwrap();
    assert!(joined.notes.iter().any(|note| note.code == "repeated-file"));
    let alone = analyze::paths(echem, std::slice::from_ref(&first), &[], &[]).unwrap();
    assert_eq!(joined.quantities, alone.quantities);
    let sides = [&first, &second].map(|path| path.display().to_string());
    let specimens = sides.map(|side| galvanome::compare::specimens(&[side]).unwrap());
    let asked = galvanome::compare::Asked {
        technique: echem,
        reference: &specimens[0],
        test: &specimens[1],
        auxiliary: &[],
        settings: &[],
        declared: &galvanome::compare::Declared::default(),
        select: None,
    };
    let error = galvanome::compare::paths(&asked, &|_, _| {}).unwrap_err().to_string();
    assert!(error.contains("the same rows"), "{error}");
}
