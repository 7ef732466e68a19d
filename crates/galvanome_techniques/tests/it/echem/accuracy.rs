//! What the stated accuracy of an instrument is worth: simulated instruments with every gain and offset within it.

use galvanome_model::measurement::{Table, Values};
use galvanome_techniques::Inputs;

use super::cell::{Cell, analyze, measured, quantity};

/// Check-ups at C/20 among ageing cycles at 1C, with a resistance that grows, read without noise.
fn aged() -> Cell {
    let mut cell = Cell::fading(31, 0.3).checked_every(15);
    for (place, cycle) in cell.cycles.iter_mut().enumerate() {
        cycle.ohmic_ohm *= 1.0 + 0.02 * place as f64;
        if place % 15 == 0 {
            cycle.capacity_ah = 1.1 - 0.003 * place as f64;
        }
    }
    Cell { quick_s: 20, rows: 400, ..cell }
}

/// The stated accuracy of the instrument, in parts of the full scale: 1 A and 5 V.
const BOUND: f64 = 1e-3;

const STATED: [&str; 6] = [
    "accuracy-drift=0",
    "reference-cycle=2",
    "current-accuracy=0.1",
    "current-range=1",
    "voltage-accuracy=0.1",
    "voltage-range=5",
];

/// What an instrument makes of a table whose errors fill so much of the bound: gain and offset of the current, of the
/// voltage. At rest the circuit is open, and the current is read as zero.
fn read_by(table: &Table, [gain_a, offset_a, gain_v, offset_v]: [f64; 4]) -> Table {
    let mut table = table.clone();
    let mut distort = |column: usize, gain: f64, offset: f64| {
        let Values::Number(values) = &mut table.columns[column].values else {
            panic!("no numbers")
        };
        for value in values.iter_mut().filter(|value| **value != 0.0) {
            *value = *value * (1.0 + BOUND * gain) + BOUND * offset;
        }
    };
    distort(1, gain_a, offset_a);
    distort(2, gain_v, 5.0 * offset_v);
    table
}

/// Even numbers between -1 and 1, the same in every run.
struct Even(u64);

impl Even {
    fn next(&mut self) -> f64 {
        self.0 =
            self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 11) as f64 / (1_u64 << 52) as f64 - 1.0
    }
}

const QUANTITIES: &[&str] = &[
    "discharge-capacity",
    "checkup-capacity",
    "capacity-loss-rate",
    "capacity-retention",
    "state-of-health",
    "cycles-to-80",
    "coulombic-efficiency",
    "energy-efficiency",
    "mean-discharge-voltage",
    "mean-charge-voltage",
    "voltage-hysteresis",
    "hysteresis-growth",
    "dqdv-peak-position",
    "dqdv-peak-height",
    "dqdv-peak-area",
    "dqdv-peak-shift",
    "dqdv-peak-area-retention",
    "internal-resistance",
    "resistance-growth",
];

/// Those whose uncertainty is the instrument's, not the record's: there the stated uncertainty is what the errors
/// scatter by, and no more.
const BY_THE_INSTRUMENT: &[&str] = &[
    "discharge-capacity",
    "checkup-capacity",
    "coulombic-efficiency",
    "energy-efficiency",
    "mean-discharge-voltage",
    "mean-charge-voltage",
    "dqdv-peak-position",
    "internal-resistance",
];

#[test]
fn every_quantity_lies_within_what_the_instrument_is_stated_to_be_accurate_by() {
    let mut cell = aged();
    // Fast enough to reach 80 %.
    cell.cycles.iter_mut().enumerate().for_each(|(place, cycle)| {
        cycle.capacity_ah -= 0.006 * place as f64;
    });
    let table = cell.table();
    let truth = analyze(&Inputs::one("cell", measured(table.clone(), "")), &["reference-cycle=2"]);
    let mut even = Even(11);
    let instruments = 60;
    let mut tally = vec![(0, 0.0, 0.0); QUANTITIES.len()];
    for _ in 0..instruments {
        let errors = [even.next(), even.next(), even.next(), even.next()];
        let found = analyze(&Inputs::one("cell", measured(read_by(&table, errors), "")), &STATED);
        for (name, (inside, squares, us)) in QUANTITIES.iter().zip(&mut tally) {
            let (value, u) = quantity(&found, name);
            let error = value - truth.quantity(&format!("echem.{name}")).unwrap().value;
            // What cancels leaves the last bits.
            *inside += u32::from(error.abs() <= 2.0 * u + 1e-12 * value.abs());
            *squares += error * error;
            *us += u * u;
        }
    }
    for (name, (inside, squares, us)) in QUANTITIES.iter().zip(tally) {
        // 95 % of 60 are 57.
        assert!(inside >= 57, "{name}: {inside} of {instruments} within 2 u");
        let ratio = f64::sqrt(squares / us);
        if BY_THE_INSTRUMENT.contains(name) {
            assert!((0.75..1.25).contains(&ratio), "{name}: errors scatter by {ratio} u");
        }
    }
}

/// What two numbers of one channel share cancels: the gain in ratios, the offset in differences of voltage, and the
/// offset of the current between discharges at one rate.
#[test]
fn what_a_channel_shares_cancels() {
    let cell = aged();
    let with = |settings: &[&str]| {
        let found = analyze(&Inputs::one("cell", cell.measured("")), settings);
        move |name: &str| quantity(&found, name).1
    };
    let stated = with(&STATED);
    let perfect = with(&["reference-cycle=2", "current-accuracy=0", "voltage-accuracy=0"]);
    let u = BOUND / 3.0_f64.sqrt();
    let check = |name: &str, expected: f64| {
        let added = (stated(name).powi(2) - perfect(name).powi(2)).max(0.0).sqrt();
        assert!(
            (added - expected).abs() <= 0.02 * expected + 1e-7,
            "{name}: the instrument adds {added}, not {expected}"
        );
    };
    // At full scale gain and offset are alike; at C/20 the offset is twenty times as much.
    check("discharge-capacity", 0.994 * u * 2.0_f64.sqrt());
    check("checkup-capacity", 1.1 * u * 1.0_f64.hypot(20.0));
    check("capacity-retention", 0.0);
    check("state-of-health", 0.0);
    // The offset makes the charge larger and the discharge smaller.
    check("coulombic-efficiency", 99.8 * 2.0 * u);
    check(
        "mean-discharge-voltage",
        u * 5.0_f64.hypot(quantity_of(&cell, "mean-discharge-voltage")),
    );
    check("voltage-hysteresis", u * quantity_of(&cell, "voltage-hysteresis"));
    check("resistance-growth", 0.0);
}

/// What drifts from cycle to cycle does not cancel between cycles, and does within one.
#[test]
fn what_drifts_does_not_cancel() {
    let with = |drift: &str| {
        let settings = [&STATED[1..], &[drift]].concat();
        let found = analyze(&Inputs::one("cell", aged().measured("")), &settings);
        move |name: &str| quantity(&found, name)
    };
    let (still, drifts) = (with("accuracy-drift=0"), with("accuracy-drift=10"));
    let u = 0.1 * BOUND / 3.0_f64.sqrt();
    // Of two discharges at full scale, gain and offset of each.
    let (retention, drifted) = drifts("capacity-retention");
    assert!((drifted - 2.0 * u * retention).abs() < 0.01 * drifted, "{drifted}");
    let (_, alike) = still("capacity-retention");
    assert!(alike < 1e-3 * drifted, "{alike}");
    let (_, shift) = drifts("dqdv-peak-shift");
    assert!(shift >= 5.0 * 2.0_f64.sqrt() * u, "{shift}");
    let (growth, grown) = drifts("resistance-growth");
    // A step has the gains of current and voltage, and the offset of the current.
    let expected = (100.0 + growth) * 6.0_f64.sqrt() * u;
    assert!((grown - expected).abs() < 0.02 * expected, "{grown} {expected}");
    for name in
        ["coulombic-efficiency", "energy-efficiency", "voltage-hysteresis", "discharge-capacity"]
    {
        assert_eq!(still(name), drifts(name), "{name}");
    }
}

fn quantity_of(cell: &Cell, name: &str) -> f64 {
    quantity(&cell.analyze(&["reference-cycle=2"]), name).0
}

#[test]
fn what_is_assumed_of_the_instrument_is_said() {
    let echem = galvanome_techniques::TECHNIQUES.iter().find(|one| one.id == "echem").unwrap();
    let said = |settings: &[&str]| -> Option<String> {
        let settings = galvanome_techniques::Settings::parse(echem.settings, settings).unwrap();
        let found =
            (echem.analyze)(&Inputs::one("cell", Cell::fading(3, 0.1).measured("")), &settings);
        let note = found.notes.iter().find(|note| note.code == "accuracy-by-default")?;
        Some(note.message.clone())
    };
    assert!(said(&[]).unwrap().contains("current and voltage counts as ±0.1 %"));
    let voltage = said(&["current-accuracy=0.02"]).unwrap();
    assert!(
        voltage.contains("that of voltage") && voltage.contains("`voltage-accuracy`"),
        "{voltage}"
    );
    assert_eq!(said(&["current-accuracy=0.02", "voltage-accuracy=0"]), None);
}
