//! The instrument's own counters, where rows are too far apart to integrate.

use galvanome_model::measurement::{Column, ColumnHead, Origin, Table, Values};
use galvanome_techniques::{Analysis, Inputs};

use super::cell::{analyze, column, measured};

/// A cell that is charged, rests, and is discharged by a pulse of two seconds in every ten: the rows are half a
/// minute apart, and see none, some or only pulses. Every cycle takes up and gives 0.25 Ah at 3.6 V.
fn pulsed(counters: &[(&str, f64)], anew_each: Anew) -> Table {
    let mut rows: Vec<[f64; 5]> = Vec::new();
    // Exact charge and discharge since the start of the test, of the cycle, of the step.
    let mut clock = 0.0;
    let mut counted: Vec<[f64; 2]> = Vec::new();
    let (mut before, mut now) = ([0.0; 2], [0.0; 2]);
    for cycle in 1..=4 {
        let begins = [now[0], now[1]];
        if anew_each == Anew::Cycle {
            before = begins;
        }
        // 900 s at 1 A, then 4,500 s of which a fifth is at -1 A.
        for (seconds, charges) in [(900.0, true), (300.0, true), (4500.0, false), (300.0, false)] {
            let rests = seconds == 300.0;
            if anew_each == Anew::Step {
                before = now;
            }
            let start = now;
            // The last row stands at the end of the step, as instruments write it.
            let times: Vec<f64> = (0..1000)
                .map(|row| 0.01 + 29.0 * f64::from(row))
                .take_while(|t| *t < seconds)
                .chain([seconds])
                .collect();
            for inside in times {
                let pulses = (inside / 10.0).floor();
                let in_pulse = (inside - 10.0 * pulses).min(2.0);
                let flowed = match (rests, charges) {
                    (true, _) => [0.0, 0.0],
                    (_, true) => [inside, 0.0],
                    (_, false) => [0.0, 2.0 * pulses + in_pulse],
                };
                now = [start[0] + flowed[0], start[1] + flowed[1]];
                let current = match (rests, charges) {
                    (true, _) => 0.0,
                    (_, true) => 1.0,
                    (_, false) if inside - 10.0 * pulses < 2.0 => -1.0,
                    _ => 0.0,
                };
                rows.push([clock + inside, current, 3.6, f64::from(cycle), inside]);
                counted.push([now[0] - before[0], now[1] - before[1]]);
            }
            clock += seconds;
        }
    }
    let names =
        ["test_time_second", "current_ampere", "voltage_volt", "cycle_count", "step_time_second"];
    let mut columns: Vec<Column> = names
        .iter()
        .enumerate()
        .map(|(place, name)| column(name, rows.iter().map(|row| row[place]).collect()))
        .collect();
    for (name, factor) in counters {
        let of = usize::from(name.contains("discharging"));
        let values = counted.iter().map(|one| factor * one[of] / 3600.0).collect();
        columns.push(column(name, values));
    }
    Table { name: "records".to_owned(), rows: rows.len(), columns }
}

#[derive(Clone, Copy, PartialEq)]
enum Anew {
    Never,
    Cycle,
    Step,
}

fn found(table: Table) -> Analysis {
    analyze(&Inputs::one("cell", measured(table, "")), &["reference-cycle=2"])
}

/// Charge and discharge of cycles 2 and 3 with the uncertainty of the discharge, and whether a note doubts them.
fn capacities(analysis: &Analysis) -> ([f64; 2], f64, bool) {
    let cycles = &analysis.tables[0];
    let at = |name: &str| cycles.numbers(name).unwrap()[1];
    let both = ["cycle_charging_capacity_ah", "cycle_discharging_capacity_ah"].map(at);
    let doubted = analysis.notes.iter().any(|note| note.code == "counter-differs");
    (both, at("cycle_discharging_capacity_uncertainty_ah"), doubted)
}

#[test]
fn pulses_between_rows_are_counted() {
    let (_, u, _) = capacities(&found(pulsed(&[], Anew::Never)));
    assert!(u > 0.01, "rows alone do not tell: {u}");
    for (over, anew) in [
        ("schedule", Anew::Never),
        ("test", Anew::Never),
        ("cycle", Anew::Cycle),
        ("step", Anew::Step),
    ] {
        let names =
            [format!("{over}_charging_capacity_ah"), format!("{over}_discharging_capacity_ah")];
        let analysis = found(pulsed(&[(&names[0], 1.0), (&names[1], 1.0)], anew));
        let (both, u, doubted) = capacities(&analysis);
        assert!((both[0] - 0.25).abs() < 1e-6, "{over}: {both:?}");
        assert!((both[1] - 0.25).abs() < 1e-6 && u < 1e-6, "{over}: {both:?} ± {u}");
        assert!(!doubted, "{over}: {:?}", analysis.notes);
        let detail = &analysis.quantity("echem.discharge-capacity").unwrap().detail;
        assert!(detail.ends_with("as the instrument counted it"), "{detail}");
        // Energy without a counter of its own: the charge at the mean voltage.
        let energy = analysis.tables[0].numbers("cycle_discharging_energy_wh").unwrap()[1];
        assert!((energy - 0.25 * 3.6).abs() < 1e-6, "{over}: {energy}");
    }
}

#[test]
fn the_state_of_charge_before_a_pulse_is_counted() {
    let names = [("schedule_charging_capacity_ah", 1.0), ("schedule_discharging_capacity_ah", 1.0)];
    let analysis = found(with_long_pulses(pulsed(&names, Anew::Never)));
    let steps = analysis.tables.iter().find(|table| table.name == "resistances").unwrap();
    let soc = steps.numbers("state_of_charge_percent").unwrap();
    let cycles = steps.numbers("cycle_count").unwrap();
    let current = steps.numbers("current_ampere").unwrap();
    let of_second: Vec<f64> = (0..steps.rows)
        .filter(|row| cycles[*row] == 2.0 && current[*row] < 0.0)
        .map(|row| soc[row])
        .collect();
    assert_eq!(of_second.len(), 1, "{steps:?}");
    assert!((of_second[0] - 50.0).abs() < 0.5, "{of_second:?}");
}

/// Half way through each discharge a rest and a pulse that is seen row by row; its charge is next to nothing.
fn with_long_pulses(mut table: Table) -> Table {
    let numbers = |table: &Table, name: &str| table.numbers(name).unwrap().to_vec();
    let cycle = numbers(&table, "cycle_count");
    let charged = numbers(&table, "schedule_charging_capacity_ah");
    let given = numbers(&table, "schedule_discharging_capacity_ah");
    let middle: Vec<usize> = (1..table.rows)
        .filter(|&row| {
            let half = 0.25 * cycle[row] - 0.125;
            charged[row] > 0.25 * cycle[row] - 1e-6 && given[row - 1] < half && given[row] >= half
        })
        .collect();
    let mut rows: Vec<Vec<f64>> = Vec::new();
    let mut added = 0.0;
    for row in 0..table.rows {
        let mut values: Vec<f64> = table
            .columns
            .iter()
            .map(|column| match &column.values {
                Values::Number(values) => values[row],
                Values::Text(_) => f64::NAN,
            })
            .collect();
        values[0] += added;
        rows.push(values.clone());
        if middle.contains(&row) {
            for second in 1..=60 {
                let mut inside = values.clone();
                inside[0] += f64::from(second);
                inside[1] = if second > 40 { -1.0 } else { 0.0 };
                inside[2] = if second > 40 { 3.55 } else { 3.6 };
                inside[4] = f64::from(if second > 40 { second - 40 } else { second });
                rows.push(inside);
            }
            added += 60.0;
        }
    }
    table.rows = rows.len();
    for (place, column) in table.columns.iter_mut().enumerate() {
        column.values = Values::Number(rows.iter().map(|row| row[place]).collect());
    }
    table
}

#[test]
fn a_counter_that_says_something_else_is_noted_and_left() {
    // The rows of the charge, at one current, tell it well.
    let names = [("schedule_charging_capacity_ah", 1.1), ("schedule_discharging_capacity_ah", 1.0)];
    let ([charge, _], _, doubted) = capacities(&found(pulsed(&names, Anew::Never)));
    assert!(doubted && (charge - 0.25).abs() < 0.01, "{charge}");
}

/// Counters go on at rest, by the offset of the instrument; where nothing flowed that is no contradiction.
#[test]
fn what_is_counted_at_rest_is_no_contradiction() {
    let names = [("schedule_charging_capacity_ah", 1.0), ("schedule_discharging_capacity_ah", 1.0)];
    let mut table = pulsed(&names, Anew::Never);
    let current = table.numbers("current_ampere").unwrap().to_vec();
    for column in &mut table.columns {
        if let Values::Number(values) = &mut column.values {
            match column.head.name.as_str() {
                "current_ampere" => {
                    for current in values.iter_mut() {
                        *current = current.max(0.0);
                    }
                }
                "schedule_discharging_capacity_ah" => {
                    for (row, counted) in values.iter_mut().enumerate() {
                        *counted = 1e-9 * row as f64;
                    }
                }
                _ => {}
            }
        }
    }
    assert!(current.iter().any(|current| *current < 0.0));
    let ([charge, discharge], _, doubted) = capacities(&found(table));
    assert!(!doubted && (charge - 0.25).abs() < 1e-6 && discharge < 1e-6, "{charge} {discharge}");
}

#[test]
fn what_we_integrated_ourselves_is_no_counter() {
    let names = [("step_charging_capacity_ah", 1.0), ("step_discharging_capacity_ah", 1.0)];
    let mut table = pulsed(&names, Anew::Step);
    for column in &mut table.columns {
        if column.head.name.contains("capacity") {
            column.head = ColumnHead { origin: Origin::Integrated, ..column.head.clone() };
        }
    }
    let analysis = found(table);
    let detail = &analysis.quantity("echem.discharge-capacity").unwrap().detail;
    assert!(detail.ends_with("integrated from the current"), "{detail}");
}
