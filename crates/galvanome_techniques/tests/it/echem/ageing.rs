//! Capacities, efficiencies, voltages, rates and the end of life of simulated cells.

use galvanome_model::measurement::Values;
use galvanome_model::quantity::Qualifier;
use galvanome_techniques::{Input, Inputs};

use super::cell::{Cell, Gauss, analyze, check, open_circuit_v, quantity};

/// Check-ups at C/20 every twenty cycles among cycles at 1C.
fn aged() -> Cell {
    let mut cell = Cell::fading(101, 0.1).checked_every(20);
    // At C/20 more of the capacity is reached, and less of it is lost.
    for (place, cycle) in cell.cycles.iter_mut().enumerate().step_by(20) {
        cycle.capacity_ah = 1.1 * (1.0 - 0.0008 * place as f64);
    }
    cell
}

/// Mean open-circuit voltage.
fn mean_v() -> f64 {
    let n = 20_000;
    (0..n).map(|i| open_circuit_v((f64::from(i) + 0.5) / f64::from(n))).sum::<f64>() / f64::from(n)
}

#[test]
fn what_a_cell_gives_and_loses() {
    let cell = aged();
    let found = cell.analyze(&["reference-cycle=2", "active-mass=5.5"]);
    check(&found, "discharge-capacity", 0.999, 1e-4);
    check(&found, "capacity-loss-rate", 0.1 / 0.999, 2e-4);
    check(&found, "capacity-retention", 100.0 * 0.901 / 0.999, 0.01);
    check(&found, "checkup-capacity", 1.1, 1e-4);
    check(&found, "discharge-capacity-c20", 200.0, 0.01);
    check(&found, "state-of-health", 92.0, 0.01);
    check(&found, "checkup-loss-rate", 0.08, 1e-3);
    check(&found, "coulombic-efficiency", 99.8, 0.01);
    // The polarisation is built up within a minute of an hour.
    let polarised = 0.03 + 0.02;
    check(&found, "mean-discharge-voltage", mean_v() - polarised, 5e-4);
    check(&found, "mean-charge-voltage", mean_v() + polarised, 5e-4);
    check(&found, "voltage-hysteresis", 2.0 * polarised, 5e-4);
    check(&found, "hysteresis-growth", 0.0, 1e-4);
    let efficiency = 99.8 * (mean_v() - polarised) / (mean_v() + polarised);
    check(&found, "energy-efficiency", efficiency, 0.02);
    assert_eq!(
        found.quantity("echem.state-of-health").unwrap().detail,
        "discharge of check-up cycle 101 in percent of cycle 1, at a mean of 0.050 A"
    );
}

#[test]
fn cycles_are_told_apart_by_their_rate() {
    let mut cell = aged();
    // Three formation cycles at C/10 do not return; they are no check-ups.
    for place in 1..4 {
        cell.cycles[place].current_a = 0.1;
    }
    let found = cell.analyze(&[]);
    let table = found.tables.iter().find(|table| table.name == "cycles").unwrap();
    let Values::Text(kinds) = &table.column("kind").unwrap().values else { panic!("no text") };
    let of = |kind: &str| -> Vec<usize> {
        (0..kinds.len()).filter(|&place| kinds[place] == kind).map(|place| place + 1).collect()
    };
    assert_eq!(of("check-up"), [1, 21, 41, 61, 81, 101]);
    assert_eq!(of("other-rate"), [2, 3, 4]);
    assert_eq!(of("ageing").len(), 92);
    let rates = found.tables.iter().find(|table| table.name == "rates").unwrap();
    let numbers = |name: &str| rates.numbers(name).unwrap().to_vec();
    assert_eq!(numbers("cycles"), [6.0, 3.0, 92.0]);
    let nominal = cell.cycles[4].capacity_ah;
    for (rate, current) in numbers("discharge_rate_per_hour").iter().zip([0.05, 0.1, 1.0]) {
        assert!((rate - current / nominal).abs() < 1e-3, "{rate}");
    }
    // The reference is cycle 5: check-ups and ageing cycles are counted from there on.
    let retention = numbers("capacity_retention_percent");
    assert!((retention[0] - 100.0 * 0.92 / 0.984).abs() < 0.01, "{retention:?}");
    assert!((retention[2] - 100.0 * 0.901 / 0.996).abs() < 0.01, "{retention:?}");
    // The rate can be said instead: C/10 and slower.
    let said = cell.analyze(&["checkup-rate=0.12"]);
    let (slow, _) = quantity(&said, "state-of-health");
    assert!((slow - 92.0).abs() < 0.01);
    let note = said.notes.iter().find(|note| note.code == "check-up").unwrap();
    assert_eq!(note.place, "cycle 1–4, 21, 41, 61, 81, 101");
    // Another check-up can be the reference.
    let other = cell.analyze(&["checkup-reference-cycle=21"]);
    check(&other, "state-of-health", 100.0 * 0.92 / 0.984, 0.01);
}

#[test]
fn the_end_at_80_percent() {
    // From the reference, cycle 1, 80 % is 200 cycles of 0.1 % away.
    let cell = Cell::fading(231, 0.1);
    let started = "2024-01-01T00:00:00";
    let found = analyze(&Inputs::one("cell", cell.measured(started)), &["reference-cycle=1"]);
    check(&found, "cycles-to-80", 200.0, 0.35);
    // A cycle takes two hours and twenty minutes less what has faded.
    let seconds = |cycle: usize| {
        3600.0 * cell.cycles[cycle].capacity_ah * (1.0 + 1.0 / cell.efficiency) + 1200.0
    };
    let days = (1..=200).map(seconds).sum::<f64>() / 86_400.0;
    check(&found, "time-to-80", days, 0.03);
    assert!(
        found
            .quantity("echem.time-to-80")
            .unwrap()
            .detail
            .contains("by the cycles at the common rate")
    );
    // One bad cycle is no end of life.
    let mut hiccup = cell.clone();
    hiccup.cycles[50].capacity_ah = 0.5;
    let found = hiccup.analyze(&["reference-cycle=1"]);
    check(&found, "cycles-to-80", 200.0, 0.35);
    // Scatter of 0.2 % over a slope of 0.1 % a cycle is two cycles.
    let mut scattered = cell.clone();
    let mut gauss = Gauss(3);
    scattered.cycles.iter_mut().for_each(|cycle| cycle.capacity_ah += 0.002 * gauss.next());
    let found = scattered.analyze(&["reference-cycle=1"]);
    let (value, u) = quantity(&found, "cycles-to-80");
    assert!((value - 200.0).abs() < 3.0 * u && (0.8..6.0).contains(&u), "{value} ± {u}");
}

#[test]
fn an_end_that_was_not_reached_is_a_bound() {
    let cell = aged();
    for (settings, bound) in [
        (&["reference-cycle=2"][..], 98.0),
        (&["reference-cycle=2", "end-of-life-by=check-up"], 100.0),
    ] {
        let found = cell.analyze(settings);
        for descriptor in ["echem.cycles-to-80", "echem.time-to-80"] {
            let end = found.quantity(descriptor).unwrap();
            assert_eq!((end.qualifier, end.uncertainty), (Qualifier::Greater, None));
            assert!(end.detail.contains("is not reached"), "{}", end.detail);
        }
        assert_eq!(found.quantity("echem.cycles-to-80").unwrap().value, bound);
    }
}

/// Where files do not tell the time between them there is no time to 80 %, and a note says so.
#[test]
fn time_is_not_guessed() {
    let cell = Cell::fading(120, 0.2);
    let (mut first, mut second) = (cell.clone(), cell.clone());
    first.cycles.truncate(60);
    second.cycles.drain(..60);
    let both = |starts: [&str; 2]| {
        let input = |name: &str, cell: &Cell, started: &str| Input {
            name: name.to_owned(),
            measurement: cell.measured(started),
        };
        let main = vec![input("a", &first, starts[0]), input("b", &second, starts[1])];
        analyze(&Inputs { main, auxiliary: Vec::new() }, &["reference-cycle=1"])
    };
    let known = both(["2024-01-01T00:00:00Z", "2024-02-01T00:00:00Z"]);
    check(&known, "cycles-to-80", 100.0, 0.35);
    let (days, _) = quantity(&known, "time-to-80");
    assert!((days - 31.0).abs() < 5.0, "the pause counts: {days}");
    let unknown = both(["", ""]);
    check(&unknown, "cycles-to-80", 100.0, 0.35);
    assert!(unknown.quantity("echem.time-to-80").is_none());
    assert!(unknown.notes.iter().any(|note| note.code == "elapsed-unknown"));
}

#[test]
fn what_is_missing_is_said_once() {
    let mut table = Cell::fading(10, 0.1).table();
    table.columns.retain(|column| column.head.name != "voltage_volt");
    let found = analyze(&Inputs::one("cell", super::cell::measured(table, "")), &[]);
    let codes: Vec<&str> = found.notes.iter().map(|note| note.code.as_str()).collect();
    assert_eq!(codes, ["reference-by-default", "no-voltage", "no-check-up"]);
    assert!(found.quantity("echem.mean-discharge-voltage").is_none());
    assert!(found.quantity("echem.coulombic-efficiency").is_some());
    let found = Cell::fading(10, 0.1).analyze(&[]);
    let codes: Vec<&str> = found.notes.iter().map(|note| note.code.as_str()).collect();
    assert_eq!(codes, ["reference-by-default", "no-check-up", "no-dqdv", "no-resistance"]);
    assert_eq!(found.plots.len(), 2, "capacity and voltage");
}

/// Currents that are not quite zero at rest do not dilute the rate.
#[test]
fn noise_at_rest_is_no_discharge() {
    let mut table = Cell::fading(10, 0.1).table();
    let Values::Number(current) = &mut table.columns[1].values else { panic!("no numbers") };
    current.iter_mut().filter(|current| **current == 0.0).for_each(|current| *current = -1e-5);
    let found = analyze(&Inputs::one("cell", super::cell::measured(table, "")), &[]);
    let cycles = found.tables.iter().find(|table| table.name == "cycles").unwrap();
    for current in cycles.numbers("mean_discharge_current_ampere").unwrap() {
        assert!((current - 1.0).abs() < 1e-3, "{current}");
    }
}
