//! dQ/dV of simulated cells whose peaks are known.

use super::cell::{Cell, PEAKS, check, dqdv_of_unit, quantity};

/// Two check-ups at C/20 with many rows, and cycles at 1C between them.
fn checked() -> Cell {
    let mut cell = Cell { rows: 2000, ..Cell::fading(3, 0.0) };
    for place in [0, 2] {
        cell.cycles[place].current_a = 0.05;
    }
    cell
}

/// On discharge the voltage is lower by current times resistance.
const SHIFT_V: f64 = 0.05 * 0.05;

#[test]
fn a_known_peak_is_found() {
    let cell = checked();
    for (settings, (_, at, _)) in [
        (["reference-cycle=1", "dqdv-near=3.6"], PEAKS[0]),
        (["reference-cycle=1", "dqdv-near=4.1"], PEAKS[1]),
    ] {
        let found = cell.analyze(&settings);
        check(&found, "dqdv-peak-position", at - SHIFT_V, 3e-4);
        // Smoothing over 22 mV lowers peaks of 70 to 100 mV width by less than 3 %.
        let (height, _) = quantity(&found, "dqdv-peak-height");
        let truth = dqdv_of_unit(at);
        assert!(height < truth && height > 0.97 * truth, "{height} against {truth}");
        check(&found, "dqdv-peak-shift", 0.0, 1e-4);
        check(&found, "dqdv-peak-area-retention", 100.0, 0.3);
        let detail = &found.quantity("echem.dqdv-peak-position").unwrap().detail;
        assert!(
            detail.ends_with("on discharge of cycle 1; charge per 2 mV, Savitzky-Golay of degree 2 over 11 steps (22 mV)"),
            "{detail}"
        );
    }
    // The highest is the narrower one, with a higher voltage on charge.
    let highest = usize::from(dqdv_of_unit(PEAKS[1].1) > dqdv_of_unit(PEAKS[0].1));
    let charged = cell.analyze(&["reference-cycle=1", "dqdv-branch=charge"]);
    check(&charged, "dqdv-peak-position", PEAKS[highest].1 + SHIFT_V, 3e-4);
    let table = charged.tables.iter().find(|table| table.name == "dqdv-peaks").unwrap();
    assert_eq!(table.rows, 4, "two peaks in two cycles");
    // All charge is in one peak or the other.
    let areas = table.numbers("area_ah").unwrap();
    assert!((areas[0] + areas[1] - 1.0 / 0.998).abs() < 0.02, "{areas:?}");
}

#[test]
fn a_peak_that_moves_and_shrinks() {
    let mut cell = checked();
    cell.cycles[2].ohmic_ohm += 0.2;
    cell.cycles[2].capacity_ah = 0.9;
    let found = cell.analyze(&["reference-cycle=1"]);
    check(&found, "dqdv-peak-shift", -0.05 * 0.2, 3e-4);
    check(&found, "dqdv-peak-area-retention", 90.0, 0.3);
}

/// The stated uncertainty of a peak's position, height and area covers what noise does to them.
#[test]
fn the_uncertainty_covers_noise() {
    let exact = checked().analyze(&["reference-cycle=1"]);
    for noise_v in [2e-4, 1e-3] {
        let names = ["dqdv-peak-position", "dqdv-peak-height", "dqdv-peak-area"];
        let mut inside = [0; 3];
        let (mut squares, mut sum_u) = ([0.0; 3], [0.0; 3]);
        let cells = 40_u32;
        for seed in 1..=cells {
            let mut cell = Cell { noise_v, seed: seed.into(), ..checked() };
            cell.cycles.truncate(2);
            let found = cell.analyze(&["reference-cycle=1"]);
            for (place, name) in names.iter().enumerate() {
                let (truth, _) = quantity(&exact, name);
                let (value, u) = quantity(&found, name);
                inside[place] += u32::from((value - truth).abs() <= 2.0 * u);
                squares[place] += (value - truth).powi(2);
                sum_u[place] += u;
            }
        }
        for place in 0..names.len() {
            let spread = (squares[place] / f64::from(cells)).sqrt();
            let ratio = sum_u[place] / f64::from(cells) / spread;
            assert!((0.8..2.5).contains(&ratio), "{noise_v}, {}: {ratio}", names[place]);
        }
        assert!(inside.iter().all(|inside| *inside >= 34), "{noise_v}: {inside:?} of {cells}");
    }
}

#[test]
fn no_slow_cycle_no_peak() {
    let fast = Cell::fading(5, 0.0).analyze(&[]);
    assert!(fast.notes.iter().any(|note| note.code == "no-dqdv"));
    // Whoever takes 1C at its word may.
    let said =
        Cell { rows: 2000, ..Cell::fading(5, 0.0) }.analyze(&["dqdv-rate=1.1", "dqdv-near=3.6"]);
    check(&said, "dqdv-peak-position", PEAKS[0].1 - 0.05, 5e-4);
    assert_eq!(said.plots.last().unwrap().title, "dQ/dV against voltage");
}
