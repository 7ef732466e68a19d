//! What the last digits of a record are worth, and cells that do not begin full.

use super::{Cell, analyze, codes, fading, measured, table};
use galvanome_model::measurement::Values;
use galvanome_techniques::{Analysis, Inputs};

/// A cell as an instrument writes it that rounds times to `time_s` and currents to `current_a`.
fn rounded(cell: &Cell, time_s: f64, current_a: f64) -> Analysis {
    let mut table = table(cell);
    for (column, digit) in [(0, time_s), (1, current_a)] {
        if let Values::Number(values) = &mut table.columns[column].values {
            for value in values.iter_mut() {
                *value = (*value / digit).round() * digit;
            }
        }
    }
    analyze(&Inputs::one("cell", measured(table, "")), &["reference-cycle=1"])
}

/// The capacity's error and its standard uncertainty, in parts of the capacity.
fn capacity(analysis: &Analysis) -> (f64, f64) {
    let found = analysis.quantity("echem.discharge-capacity").unwrap();
    ((found.value / 0.05 - 1.0).abs(), found.uncertainty.unwrap() / 0.05)
}

#[test]
fn last_digits_of_time_are_an_uncertainty() {
    // Rows before and after a switch carry one time: a second of 3600, twice, over √12.
    for digit in [1.0, 0.1] {
        let (error, u) = capacity(&rounded(&fading(9, 0.3), digit, 1e-12));
        let expected = digit / 3600.0 / 6.0_f64.sqrt();
        assert!((u / expected - 1.0).abs() < 0.05, "{u} is not {expected}");
        assert!(error <= 3.0 * u, "{error} against {u}");
    }
}

#[test]
fn last_digits_of_the_current_cancel_between_cycles_of_one_rate() {
    // A taper makes the digit visible; what flows is 0.0504 A, and 0.05 is written.
    let mut cell = fading(9, 0.3);
    for cycle in &mut cell.cycles {
        cycle.1 = 0.0504;
    }
    let mut table = table(&cell);
    if let Values::Number(current) = &mut table.columns[1].values {
        for amperes in current.iter_mut() {
            *amperes = (*amperes / 0.001).round() * 0.001;
        }
        for row in (3..current.len()).step_by(40).filter(|row| *row % 3 == 0) {
            if current[row] > 0.0 {
                current[row] += 0.001;
            }
        }
    }
    let analysis = analyze(&Inputs::one("cell", measured(table, "")), &["reference-cycle=1"]);
    let (error, u) = capacity(&analysis);
    assert!(error > 5e-3 && error <= 2.0 * u && u < 0.01, "{error} against {u}");
    let retention = analysis.quantity("echem.capacity-retention").unwrap();
    assert!((retention.value - 97.6).abs() < 0.01, "{retention:?}");
    assert!(retention.uncertainty.unwrap() < 0.01, "{retention:?}");
}

/// The first discharge gives so much of a full one, after a charge that took up so much.
fn begun(given: f64, taken: f64, settings: &[&str]) -> Analysis {
    let mut table = table(&fading(9, 0.3));
    let counter = table.numbers("cycle_count").unwrap().to_vec();
    let last_of_first = counter.iter().position(|count| *count == 2.0).unwrap();
    let current = table.numbers("current_ampere").unwrap().to_vec();
    let kept = |sign: f64, part: f64| {
        let rows: Vec<usize> =
            (0..last_of_first).filter(|row| current[*row] * sign > 0.0).collect();
        let skip = rows.len() - (part * rows.len() as f64) as usize;
        rows.into_iter().take(skip).collect::<Vec<_>>()
    };
    let dropped = [kept(1.0, taken), kept(-1.0, given)].concat();
    for column in &mut table.columns {
        if let Values::Number(values) = &mut column.values {
            let mut row = 0;
            values.retain(|_| {
                row += 1;
                !dropped.contains(&(row - 1))
            });
            table.rows = values.len();
        }
    }
    analyze(&Inputs::one("cell", measured(table, "")), settings)
}

#[test]
fn a_cell_that_was_not_full_is_no_reference() {
    let reference =
        |analysis: &Analysis| analysis.quantity("echem.discharge-capacity").unwrap().detail.clone();
    let partial = begun(0.5, 0.0, &[]);
    assert!(reference(&partial).contains("of cycle 2 "), "{}", reference(&partial));
    assert_eq!(codes(&partial), ["partial-discharge", "reference-by-default"]);
    let retention = partial.quantity("echem.capacity-retention").unwrap().value;
    assert!((retention - 100.0 * (1.0 - 0.024) / (1.0 - 0.003)).abs() < 0.01, "{retention}");
    // What is declared holds; a charge before it, or nearly all of the capacity, makes it a reference.
    let declared = begun(0.5, 0.0, &["reference-cycle=1"]);
    assert!(reference(&declared).contains("of cycle 1 "));
    for (given, taken) in [(0.5, 1.0), (0.9, 0.0)] {
        let whole = begun(given, taken, &[]);
        assert!(reference(&whole).contains("of cycle 1 "), "{given} after {taken}");
        assert!(!codes(&whole).contains(&"partial-discharge"));
    }
}

/// A cell whose rows are a minute apart and where no row marks a switch, as some cyclers write it.
fn sparse(step_time: bool) -> Analysis {
    let cell = Cell { step_s: 1.0, ..fading(9, 0.3) };
    let mut table = table(&cell);
    let current = table.numbers("current_ampere").unwrap().to_vec();
    let time = table.numbers("test_time_second").unwrap().to_vec();
    let mut since = vec![0.0; current.len()];
    let mut began = 0.0;
    for row in 1..current.len() {
        if current[row] != current[row - 1] {
            began = time[row - 1];
        }
        since[row] = time[row] - began;
    }
    if step_time {
        let mut column = table.columns[0].clone();
        "step_time_second".clone_into(&mut column.head.name);
        column.values = Values::Number(since);
        table.columns.push(column);
    }
    for column in &mut table.columns {
        if let Values::Number(values) = &mut column.values {
            *values = values.iter().copied().skip(7).step_by(61).collect();
            table.rows = values.len();
        }
    }
    analyze(&Inputs::one("cell", measured(table, "")), &["reference-cycle=1"])
}

#[test]
fn the_time_since_a_step_began_tells_when_it_was_switched() {
    let (error, u) = capacity(&sparse(false));
    assert!(error <= 3.0 * u && u > 3e-3, "{error} against {u}");
    let (error, u) = capacity(&sparse(true));
    assert!(error < 1e-5 && u < 1e-5, "{error} against {u}");
}

#[test]
fn a_current_that_falls_between_rows_falls_exponentially() {
    // An hour at constant current, then a taper to a twentieth with few rows, then the discharge of it all.
    let taken = 0.05 + 0.05 * 600.0 / 3600.0 * (1.0 - 1.0 / 20.0);
    let (mut time, mut current) = (vec![], vec![]);
    let mut add = |seconds: f64, amperes: f64| {
        time.push(seconds);
        current.push(amperes);
    };
    let mut clock = 0.0;
    for _ in 0..5 {
        (0..=60).for_each(|row| add(clock + 60.0 * f64::from(row), 0.05));
        clock += 3600.0;
        let lasts = 600.0 * 20.0_f64.ln();
        (1..=9).map(|row| lasts / 9.0 * f64::from(row)).for_each(|inside| {
            add(clock + inside, 0.05 * (-inside / 600.0).exp());
        });
        clock += lasts;
        (0..=60).for_each(|row| add(clock + taken / 0.05 * 60.0 * f64::from(row), -0.05));
        clock += taken / 0.05 * 3600.0;
        add(clock, 0.0);
    }
    let mut table = table(&fading(1, 0.0));
    table.rows = time.len();
    table.columns.truncate(2);
    table.columns[0].values = Values::Number(time);
    table.columns[1].values = Values::Number(current);
    let analysis = analyze(&Inputs::one("cell", measured(table, "")), &[]);
    let cycles = &analysis.tables[0];
    let charge = cycles.numbers("cycle_charging_capacity_ah").unwrap()[1];
    let u = cycles.numbers("cycle_charging_capacity_uncertainty_ah").unwrap()[1];
    assert!((charge / taken - 1.0).abs() < 1e-6, "{charge} is not {taken}");
    assert!(u > 1e-5 * taken && u < 2e-2 * taken, "{u}");
}
