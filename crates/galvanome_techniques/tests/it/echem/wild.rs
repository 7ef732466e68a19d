//! Tables of anything: the analysis neither panics nor gives what is no number, and gives the same every time.

use galvanome_model::measurement::Table;
use galvanome_techniques::{Analysis, Input, Inputs};
use proptest::prelude::*;

use super::cell::{Cell, analyze, column, measured};

fn hold(analysis: &Analysis) -> Result<(), TestCaseError> {
    for found in &analysis.quantities {
        prop_assert!(
            found.value.is_finite() && found.uncertainty.is_none_or(|u| u.is_finite() && u >= 0.0),
            "{:?}",
            found
        );
        prop_assert!(!found.detail.is_empty() && !found.unit.is_empty());
    }
    prop_assert!(!analysis.quantities.is_empty() || !analysis.notes.is_empty());
    for table in &analysis.tables {
        prop_assert!(
            table.columns.iter().all(|column| column.values.len() == table.rows),
            "{}",
            table.name
        );
    }
    for series in analysis.plots.iter().flat_map(|plot| &plot.series) {
        prop_assert_eq!(series.x.len(), series.y.len());
    }
    Ok(())
}

/// As text, in which NaN equals NaN.
fn told(analysis: &Analysis) -> String {
    format!("{analysis:?}")
}

const NAMES: [&str; 6] = [
    "test_time_second",
    "current_ampere",
    "voltage_volt",
    "cycle_count",
    "step_time_second",
    "unix_time_second",
];

fn table_of(rows: &[[f64; 6]], columns: usize) -> Table {
    let columns: Vec<_> = NAMES
        .iter()
        .take(columns)
        .enumerate()
        .map(|(place, name)| column(name, rows.iter().map(|row| row[place]).collect()))
        .collect();
    Table { name: "records".to_owned(), columns, rows: rows.len() }
}

/// Settings that let every part of the analysis look at what there is.
const LOOSE: &[&str] = &[
    "rates=all",
    "dqdv-rate=1000",
    "resistance-time=0.001",
    "checkup-rate=1000",
    "end-of-life-by=check-up",
];

proptest! {
    #![proptest_config(ProptestConfig { cases: 256, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn no_numbers_break_it(
        rows in prop::collection::vec(prop::array::uniform6(prop::num::f64::ANY), 0..60),
        columns in 2..=6_usize,
        started in prop::sample::select(vec!["", "2024-01-01T00:00:00", "never"]),
    ) {
        let table = table_of(&rows, columns);
        let half = table_of(&rows[rows.len() / 2..], columns);
        let input = |name: &str, table: &Table| Input { name: name.to_owned(), measurement: measured(table.clone(), started) };
        let inputs = Inputs { main: vec![input("a", &table), input("b", &half)], auxiliary: Vec::new() };
        for settings in [&[][..], LOOSE] {
            let found = analyze(&inputs, settings);
            hold(&found)?;
            prop_assert_eq!(told(&analyze(&inputs, settings)), told(&found));
        }
    }

    /// Rows that look like cycling, in any order of steps, with rows missing.
    #[test]
    fn no_protocol_breaks_it(
        steps in prop::collection::vec((-3..=3_i8, 1..40_usize, 0.001..100.0_f64), 1..12),
        noise in prop::collection::vec(-0.1..0.1_f64, 40),
        counted in any::<bool>(), holes in any::<bool>(),
    ) {
        let (mut clock, mut held) = (0.0, 0.0);
        let mut rows = Vec::new();
        for (number, (current, count, every)) in steps.iter().enumerate() {
            for (row, noise) in noise.iter().enumerate().take(*count) {
                clock += every;
                held += f64::from(*current) * every;
                let volts = 3.5 + 1e-4 * held + noise;
                let volts = if holes && row % 7 == 3 { f64::NAN } else { volts };
                rows.push([clock, f64::from(*current), volts, (number / 3) as f64, every * row as f64, 1e9 + clock]);
            }
        }
        let table = table_of(&rows, if counted { 6 } else { 3 });
        let inputs = Inputs::one("a", measured(table, ""));
        for settings in [&[][..], LOOSE] {
            hold(&analyze(&inputs, settings))?;
        }
    }
}

/// Truncated anywhere, a good file gives an answer that holds.
#[test]
fn every_truncation_holds() {
    let cell = Cell { rows: 30, quick_s: 12, ..Cell::fading(4, 1.0).checked_every(3) };
    let whole = cell.table();
    let rows: Vec<[f64; 6]> = (0..whole.rows)
        .map(|row| {
            std::array::from_fn(|place| {
                whole.columns.get(place).map_or(f64::NAN, |column| match &column.values {
                    galvanome_model::measurement::Values::Number(values) => values[row],
                    galvanome_model::measurement::Values::Text(_) => f64::NAN,
                })
            })
        })
        .collect();
    for end in 0..rows.len() {
        let inputs = Inputs::one("cut", measured(table_of(&rows[..end], 5), ""));
        hold(&analyze(&inputs, LOOSE)).unwrap();
    }
}
