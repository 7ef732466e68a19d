//! Cells whose fade is known, because they were made here.

use galvanome_model::measurement::{
    Column, ColumnHead, Measurement, StartTime, Table, Values, Zone,
};
use galvanome_techniques::{Analysis, Input, Inputs};

use self::cell::analyze;

mod accuracy;
mod ageing;
mod cell;
mod counters;
mod digits;
mod dqdv;
mod joining;
mod resistance;
mod wild;

/// A cell that is cycled: charge, rest, discharge, rest, with rows every `step_s`.
#[derive(Clone)]
struct Cell {
    /// Discharge capacity of each cycle in Ah, with its current in A.
    cycles: Vec<(f64, f64)>,
    step_s: f64,
    counter: Counter,
    /// Where the current is not zero at the end: how much of the last discharge is left out, in rows.
    cut_rows: usize,
    discharge_first: bool,
}

#[derive(Clone, Copy, PartialEq)]
enum Counter {
    /// Counts from this number on.
    From(f64),
    /// Always says 1.
    Stuck,
    /// Is not there.
    Absent,
}

/// A cell that loses `percent` of its first capacity with each cycle.
fn fading(cycles: usize, percent: f64) -> Cell {
    let capacity = |cycle: usize| 0.05 * (1.0 - percent / 100.0 * cycle as f64);
    Cell {
        cycles: (0..cycles).map(|cycle| (capacity(cycle), 0.05)).collect(),
        step_s: 20.0,
        counter: Counter::From(1.0),
        cut_rows: 0,
        discharge_first: false,
    }
}

fn table(cell: &Cell) -> Table {
    let (mut time, mut current, mut counter) = (vec![], vec![], vec![]);
    let mut clock = 0.0;
    for (number, &(capacity, amperes)) in cell.cycles.iter().enumerate() {
        let seconds = capacity * 3600.0 / amperes;
        let charge = (seconds, amperes);
        let discharge = (seconds, -amperes);
        let steps = if cell.discharge_first { [discharge, charge] } else { [charge, discharge] };
        for (seconds, amperes) in steps {
            for (length, flow) in [(seconds, amperes), (200.0, 0.0)] {
                // The first row of a step comes at once, as cyclers write it.
                let mut inside = 1e-3;
                while inside < length {
                    time.push(clock + inside);
                    current.push(flow);
                    counter.push(number as f64);
                    inside += cell.step_s;
                }
                time.push(clock + length);
                current.push(flow);
                counter.push(number as f64);
                clock += length;
            }
        }
    }
    let keep = time.len() - cell.cut_rows;
    for column in [&mut time, &mut current, &mut counter] {
        column.truncate(keep);
    }
    let column = |name: &str, values: Vec<f64>| Column {
        head: ColumnHead { name: name.to_owned(), ..ColumnHead::default() },
        values: Values::Number(values),
    };
    let mut columns = vec![column("test_time_second", time), column("current_ampere", current)];
    match cell.counter {
        Counter::From(first) => {
            columns.push(column("cycle_count", counter.iter().map(|n| n + first).collect()));
        }
        Counter::Stuck => columns.push(column("cycle_count", vec![1.0; keep])),
        Counter::Absent => {}
    }
    Table { name: "records".to_owned(), columns, rows: keep }
}

fn measured(table: Table, started: &str) -> Measurement {
    let started_at =
        (!started.is_empty()).then(|| StartTime { iso: started.to_owned(), zone: Zone::Local });
    Measurement { tables: vec![table], started_at, ..Measurement::default() }
}

fn analyze_one(cell: &Cell, settings: &[&str]) -> Analysis {
    analyze(&Inputs::one("cell", measured(table(cell), "")), settings)
}

fn rate(analysis: &Analysis) -> Option<f64> {
    analysis.quantity("echem.capacity-loss-rate").map(|found| found.value)
}

fn capacity(analysis: &Analysis) -> Option<f64> {
    analysis.quantity("echem.discharge-capacity").map(|found| found.value)
}

fn codes(analysis: &Analysis) -> Vec<&str> {
    let codes = analysis.notes.iter().map(|note| note.code.as_str());
    // These cells have no voltage, and only some have check-ups; what is absent then is a matter of other tests.
    codes.filter(|code| !["no-voltage", "no-check-up"].contains(code)).collect()
}

/// Checks a cell's loss rate (%/cycle) and reference capacity (Ah) within a thousandth, and its notes.
fn check(cell: &Cell, settings: &[&str], truth: (Option<f64>, Option<f64>), notes: &[&str]) {
    let analysis = analyze_one(cell, settings);
    let near = |found: Option<f64>, truth: Option<f64>| match (found, truth) {
        (Some(found), Some(truth)) => (found - truth).abs() <= 1e-3 * truth.abs() + 1e-9,
        (found, truth) => found == truth,
    };
    assert!(near(rate(&analysis), truth.0), "{:?} is not {:?}", rate(&analysis), truth.0);
    assert!(near(capacity(&analysis), truth.1), "{:?} is not {:?}", capacity(&analysis), truth.1);
    assert_eq!(codes(&analysis), notes);
}

#[test]
fn a_known_fade_is_found() {
    let by_default = ["reference-by-default"];
    let fade = fading(40, 0.25);
    check(&fade, &[], (Some(0.25), Some(0.05)), &by_default);
    check(&fade, &["reference-cycle=1"], (Some(0.25), Some(0.05)), &[]);
    // Of the smaller capacity of cycle 21, 95 % of the first, the same loss is a larger part.
    check(&fade, &["reference-cycle=21"], (Some(0.25 / 0.95), Some(0.0475)), &[]);
    check(&fading(40, 0.0), &[], (Some(0.0), Some(0.05)), &by_default);
    check(&fading(40, -0.1), &[], (Some(-0.1), Some(0.05)), &by_default);
    // The counter may begin anywhere.
    let from_zero = Cell { counter: Counter::From(0.0), ..fade.clone() };
    check(&from_zero, &["reference-cycle=0"], (Some(0.25), Some(0.05)), &[]);
    let half_cell = Cell { discharge_first: true, ..fade };
    check(&half_cell, &[], (Some(0.25), Some(0.05)), &by_default);
    // Where positive current discharges, the first half of a cycle is the discharge.
    let turned = ["current-sign-turned", "reference-by-default"];
    check(&half_cell, &["current-sign=turned"], (Some(0.25), Some(0.05)), &turned);
    let tiny = Cell { cycles: vec![(5e-8, 5e-8); 9], ..fading(1, 0.0) };
    let detail = &analyze_one(&tiny, &[]).quantities[0].detail;
    assert_eq!(
        detail,
        "discharge of cycle 1 at a mean of 0.00000005000 A, integrated from the current"
    );
}

#[test]
fn cycles_are_derived_where_the_instrument_does_not_count() {
    let notes = ["cycles-derived", "reference-by-default"];
    for counter in [Counter::Absent, Counter::Stuck] {
        let cell = Cell { counter, ..fading(20, 0.5) };
        check(&cell, &[], (Some(0.5), Some(0.05)), &notes);
        let mut half_cell = Cell { discharge_first: true, ..cell };
        check(&half_cell, &[], (Some(0.5), Some(0.05)), &notes);
        // A pulse either way is no cycle.
        half_cell.cycles.insert(6, (0.0003, 0.05));
        check(&half_cell, &[], (Some(0.5), Some(0.05)), &notes);
    }
}

#[test]
fn cycles_that_say_nothing_of_the_loss_are_left_out() {
    // Slow check-ups every ten cycles show more capacity; the reference is the first of them.
    let mut checked = fading(31, 0.2);
    for cycle in checked.cycles.iter_mut().step_by(10) {
        *cycle = (cycle.0 * 1.1, 0.005);
    }
    check(&checked, &[], (Some(0.2 / 0.998), Some(0.0499)), &["reference-by-default", "check-up"]);
    let at_other = ["reference-at-other-rate", "check-up"];
    check(&checked, &["reference-cycle=1"], (Some(0.2 / 1.1), Some(0.055)), &at_other);
    // A record that stops within a discharge.
    let cut = Cell { cut_rows: 60, ..fading(20, 0.3) };
    check(&cut, &[], (Some(0.3), Some(0.05)), &["incomplete-cycle", "reference-by-default"]);
    // A cycle of pulses.
    let mut pulsed = fading(20, 0.3);
    pulsed.cycles[7].0 = 0.0005;
    check(
        &pulsed,
        &[],
        (Some(0.3), Some(0.05)),
        &["cycle-without-discharge", "reference-by-default"],
    );
    // The stretch of the slope can be chosen.
    let mut knee = fading(40, 0.1);
    for (place, cycle) in knee.cycles.iter_mut().enumerate().skip(20) {
        cycle.0 -= 0.05 * 0.01 * (place - 19) as f64;
    }
    check(&knee, &["reference-cycle=1", "last-cycle=20"], (Some(0.1), Some(0.05)), &[]);
    check(&knee, &["reference-cycle=1", "first-cycle=20"], (Some(1.1), Some(0.05)), &[]);
}

#[test]
fn what_cannot_be_determined_is_absent_with_a_reason() {
    let few = ["reference-by-default", "too-few-cycles"];
    check(&fading(2, 0.5), &[], (None, Some(0.05)), &few);
    check(&fading(4, 0.5), &[], (Some(0.5), Some(0.05)), &few);
    let unsure = analyze_one(&fading(4, 0.5), &[]);
    assert_eq!(unsure.quantity("echem.capacity-loss-rate").unwrap().uncertainty, None);
    check(&fading(9, 0.5), &["reference-cycle=77"], (None, None), &["no-reference"]);
    let mut resting = table(&fading(9, 0.5));
    resting.columns[1].values = Values::Number(vec![0.0; resting.rows]);
    let analysis = analyze(&Inputs::one("rest", measured(resting, "")), &[]);
    assert_eq!(
        (rate(&analysis), codes(&analysis)),
        (None, vec!["cycle-without-discharge", "no-reference"])
    );
    let mut blind = table(&fading(9, 0.5));
    blind.columns.remove(1);
    let analysis = analyze(&Inputs::one("blind", measured(blind, "")), &[]);
    assert_eq!(codes(&analysis), ["missing-column", "nothing-to-analyse"]);
    assert!(analysis.notes[0].message.contains("current_ampere"));
}

/// The cycles of a cell, split over two files of which the second counts from 1 again.
fn in_two_files(cell: &Cell, at: usize) -> Inputs {
    let part = |cycles: &[(f64, f64)]| Cell { cycles: cycles.to_vec(), ..cell.clone() };
    let (first, second) = cell.cycles.split_at(at);
    let input = |name: &str, cell: &Cell, started: &str| Input {
        name: name.to_owned(),
        measurement: measured(table(cell), started),
    };
    // Given in the wrong order: the start times tell.
    Inputs {
        main: vec![
            input("second", &part(second), "2024-03-01T08:00:00.000"),
            input("first", &part(first), "2024-01-01T08:00:00.000"),
        ],
        auxiliary: Vec::new(),
    }
}

#[test]
fn files_of_one_cell_are_joined_in_time_order() {
    let cell = fading(40, 0.25);
    let mut inputs = in_two_files(&cell, 15);
    let analysis = analyze(&inputs, &["reference-cycle=1"]);
    assert!((rate(&analysis).unwrap() - 0.25).abs() < 1e-3);
    assert_eq!(codes(&analysis), ["cycles-renumbered"]);
    assert_eq!(analysis.tables[0].rows, 40);
    let again = Input { name: "copy".to_owned(), ..inputs.main[0].clone() };
    inputs.main.push(again);
    let with_copy = analyze(&inputs, &["reference-cycle=1"]);
    assert_eq!(rate(&with_copy), rate(&analysis));
    assert_eq!(codes(&with_copy), ["cycles-renumbered", "repeated-file"]);
    for input in &mut inputs.main {
        input.measurement.started_at = None;
    }
    assert!(codes(&analyze(&inputs, &[])).contains(&"start-unknown"));
}

#[test]
fn table_and_plot_show_every_cycle() {
    let mut cell = fading(12, 0.3);
    cell.cycles[0].1 = 0.01;
    let analysis = analyze_one(&cell, &[]);
    let table = analysis.tables.iter().find(|table| table.name == "cycles").unwrap();
    assert_eq!(table.rows, 12);
    let charge = table.numbers("cycle_charging_capacity_ah").unwrap();
    let discharge = table.numbers("cycle_discharging_capacity_ah").unwrap();
    let uncertainty = table.numbers("cycle_discharging_capacity_uncertainty_ah").unwrap();
    for (cycle, truth) in cell.cycles.iter().enumerate() {
        assert!((charge[cycle] - truth.0).abs() < 1e-4);
        assert!((discharge[cycle] - truth.0).abs() < 5.0 * uncertainty[cycle] + 1e-6);
    }
    let plot = &analysis.plots[0];
    let lengths: Vec<_> =
        plot.series.iter().map(|series| (series.label.as_str(), series.x.len())).collect();
    assert_eq!(lengths, [("discharge capacity", 11), ("check-ups", 1), ("loss rate", 2)]);
    let line = &plot.series[2];
    assert!((line.y[0] - 0.05 * (1.0 - 0.003)).abs() < 1e-4, "{:?}", line.y);
}

#[test]
fn the_uncertainty_of_the_switching_moment_covers_the_error() {
    // Rows so far apart that the end of each discharge is known only within a minute.
    let coarse = |shift: f64| Cell { step_s: 60.0 + shift, ..fading(30, 0.2) };
    for shift in [0.0, 3.3, 7.7, 21.1] {
        let analysis = analyze_one(&coarse(shift), &["reference-cycle=1"]);
        let found = analysis.quantity("echem.capacity-loss-rate").unwrap();
        let uncertainty = found.uncertainty.unwrap();
        assert!((found.value - 0.2).abs() <= 3.0 * uncertainty, "{found:?}");
        assert!(uncertainty < 0.02, "{found:?}");
        assert_eq!(found.points, 30);
    }
}

#[test]
fn scatter_between_cycles_shows_in_the_uncertainty() {
    // A fixed sequence of errors of 0.2 % standard deviation, from a linear congruence.
    let mut state: u64 = 7;
    let mut noise = move || {
        let mut sum = 0.0;
        for _ in 0..12 {
            state = state
                .wrapping_mul(6_364_136_223_846_793_005)
                .wrapping_add(1_442_695_040_888_963_407);
            sum += (state >> 11) as f64 / (1_u64 << 53) as f64;
        }
        sum - 6.0
    };
    let (mut inside, mut ratios) = (0, 0.0);
    let cells = 40;
    for _ in 0..cells {
        let mut cell = fading(60, 0.1);
        cell.cycles.iter_mut().for_each(|cycle| cycle.0 *= 1.0 + 0.002 * noise());
        let found = analyze_one(&cell, &["reference-cycle=1"]);
        let found = found.quantity("echem.capacity-loss-rate").unwrap();
        let u = found.uncertainty.unwrap();
        inside += u32::from((found.value - 0.1).abs() <= 2.0 * u);
        // The standard error of a least-squares slope with this scatter: σ √(12 / n³).
        ratios += u / (0.2 * (12.0 / 60.0_f64.powi(3)).sqrt());
    }
    assert!(inside >= 35, "{inside} of {cells} within two standard uncertainties");
    let mean = ratios / f64::from(cells);
    assert!((0.8..1.6).contains(&mean), "the uncertainty is {mean} times that of least squares");
}
