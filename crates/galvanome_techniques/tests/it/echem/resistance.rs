//! Resistances of simulated cells whose resistance is known at every time after a step.

use super::cell::{Cell, check, quantity};

/// Rows every second for a minute after each step.
fn pulsed() -> Cell {
    Cell { quick_s: 60, temperature_c: Some(25.0), ..Cell::fading(6, 0.0) }
}

#[test]
fn the_resistance_at_a_time_after_the_step() {
    let cell = pulsed();
    for after in [2.0, 10.0, 10.5, 30.0] {
        let found = cell.analyze(&[&format!("resistance-time={after}")]);
        check(&found, "internal-resistance", cell.resistance_ohm(0, after), 1e-4);
    }
    let found = cell.analyze(&[]);
    assert_eq!(
        found.quantity("echem.internal-resistance").unwrap().detail,
        "10 s after the current stepped from rest to -1.0 A (discharge), at 100 % of the charge held in that cycle, 25.0 °C at the surface, cycle 1"
    );
    check(&found, "resistance-growth", 0.0, 0.1);
    let charged = cell.analyze(&["resistance-direction=charge"]);
    let detail = &charged.quantity("echem.internal-resistance").unwrap().detail;
    assert!(detail.contains("to 1.0 A (charge)"), "{detail}");
    let table = found.tables.iter().find(|table| table.name == "resistances").unwrap();
    // Six discharges, and five charges: before the first the cell was not seen at rest.
    assert_eq!(table.rows, 11);
}

#[test]
fn growth_is_found() {
    let mut cell = pulsed();
    for (place, cycle) in cell.cycles.iter_mut().enumerate() {
        cycle.ohmic_ohm *= 1.0 + 0.1 * place as f64;
    }
    let truth = 100.0 * (cell.resistance_ohm(5, 10.0) / cell.resistance_ohm(0, 10.0) - 1.0);
    check(&cell.analyze(&[]), "resistance-growth", truth, 0.1);
}

/// A noisy voltmeter with a coarse digit: the stated uncertainty covers the error, and is not far too wide.
#[test]
fn the_uncertainty_covers_noise_and_digits() {
    let truth = {
        let (value, u) = quantity(&pulsed().analyze(&[]), "internal-resistance");
        assert!(u < 1e-4, "{u}");
        value
    };
    for (noise_v, digit_v) in [(1e-3, 0.0), (0.0, 1e-3), (5e-4, 1e-3)] {
        let (mut inside, mut squares, mut sum_u) = (0, 0.0, 0.0);
        for seed in 1..=40 {
            // Another seed is another instant at which a digit flips.
            let mut cell = Cell { noise_v, digit_v, seed, ..pulsed() };
            cell.cycles.truncate(3);
            cell.cycles.iter_mut().for_each(|cycle| cycle.ohmic_ohm += 1.7e-4 * seed as f64);
            let truth = truth + 1.7e-4 * seed as f64;
            let (value, u) = quantity(&cell.analyze(&[]), "internal-resistance");
            inside += u32::from((value - truth).abs() <= 2.0 * u);
            squares += (value - truth).powi(2);
            sum_u += u;
        }
        let (spread, mean_u) = ((squares / 40.0).sqrt(), sum_u / 40.0);
        assert!(
            inside >= 35,
            "{noise_v} {digit_v}: {inside} of 40 within two standard uncertainties"
        );
        assert!(mean_u < 2.5 * spread, "{noise_v} {digit_v}: {mean_u} against {spread}");
    }
}

#[test]
fn rows_too_far_apart_give_none() {
    let found = Cell::fading(6, 0.0).analyze(&[]);
    assert!(found.quantity("echem.internal-resistance").is_none());
    let note = found.notes.iter().find(|note| note.code == "no-resistance").unwrap();
    assert!(note.message.contains("10 s after"), "{}", note.message);
    // The same rows serve a longer time.
    assert!(found.quantity("echem.mean-discharge-voltage").is_some());
    let longer = Cell::fading(6, 0.0).analyze(&["resistance-time=60"]);
    assert!(longer.quantity("echem.internal-resistance").is_some(), "{:?}", longer.notes);
}
