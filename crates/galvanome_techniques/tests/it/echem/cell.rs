//! A simulated cell of which everything is known: its open-circuit voltage with two peaks of dQ/dV, a resistance
//! with one relaxation, its capacity in each cycle, its efficiency, and the noise of its voltmeter.

use galvanome_model::measurement::{
    Column, ColumnHead, Measurement, StartTime, Table, Values, Zone,
};
use galvanome_techniques::{Analysis, Inputs, Settings, TECHNIQUES};

/// Share of the capacity, voltage and width of each peak of dQ/dV: logistic steps of charge.
pub(super) const PEAKS: [(f64, f64, f64); 2] = [(0.5, 3.65, 0.03), (0.3, 4.05, 0.02)];

/// The rest of the charge, evenly over these voltages.
pub(super) const RANGE_V: (f64, f64) = (3.2, 4.3);

/// Share of the charge below a voltage, from 0 to 1.
fn share_below(volts: f64) -> f64 {
    let logistic = |at: f64, width: f64| 1.0 / (1.0 + (-(volts - at) / width).exp());
    let even = 1.0 - PEAKS.iter().map(|peak| peak.0).sum::<f64>();
    let stepped: f64 = PEAKS.iter().map(|(share, at, width)| share * logistic(*at, *width)).sum();
    stepped + even * (volts - RANGE_V.0) / (RANGE_V.1 - RANGE_V.0)
}

/// The open-circuit voltage at a state of charge.
pub(super) fn open_circuit_v(soc: f64) -> f64 {
    let (mut low, mut high) = (RANGE_V.0 - 1.0, RANGE_V.1 + 1.0);
    let (bottom, top) = (share_below(RANGE_V.0), share_below(RANGE_V.1));
    for _ in 0..60 {
        let middle = 0.5 * (low + high);
        if (share_below(middle) - bottom) / (top - bottom) < soc {
            low = middle;
        } else {
            high = middle;
        }
    }
    0.5 * (low + high)
}

/// dQ/dV of a cell of unit capacity at a voltage.
pub(super) fn dqdv_of_unit(volts: f64) -> f64 {
    let span = share_below(RANGE_V.1) - share_below(RANGE_V.0);
    (share_below(volts + 1e-5) - share_below(volts - 1e-5)) / 2e-5 / span
}

/// One cycle: charge, rest, discharge, rest.
#[derive(Debug, Clone, Copy)]
pub(super) struct Cycle {
    pub(super) capacity_ah: f64,
    pub(super) current_a: f64,
    pub(super) ohmic_ohm: f64,
}

/// What is cycled, and how it is recorded.
#[derive(Debug, Clone)]
pub(super) struct Cell {
    pub(super) cycles: Vec<Cycle>,
    /// Charge given over charge taken up.
    pub(super) efficiency: f64,
    /// Resistance that builds up after a step of the current, and how fast.
    pub(super) slow_ohm: f64,
    pub(super) slow_s: f64,
    /// Rows of a half cycle.
    pub(super) rows: usize,
    /// Rows every second for the first so many seconds of each half and rest.
    pub(super) quick_s: usize,
    pub(super) rest_s: f64,
    pub(super) noise_v: f64,
    /// The voltmeter's last digit; 0 for none.
    pub(super) digit_v: f64,
    pub(super) seed: u64,
    pub(super) temperature_c: Option<f64>,
}

impl Cell {
    /// Cycles at 1C of 1 Ah that lose `percent` of the first capacity each.
    pub(super) fn fading(cycles: usize, percent: f64) -> Self {
        let capacity = |cycle: usize| 1.0 - percent / 100.0 * cycle as f64;
        Self {
            cycles: (0..cycles)
                .map(|cycle| Cycle {
                    capacity_ah: capacity(cycle),
                    current_a: 1.0,
                    ohmic_ohm: 0.03,
                })
                .collect(),
            efficiency: 0.998,
            slow_ohm: 0.02,
            slow_s: 8.0,
            rows: 150,
            quick_s: 0,
            rest_s: 600.0,
            noise_v: 0.0,
            digit_v: 0.0,
            seed: 1,
            temperature_c: None,
        }
    }

    /// The same with every `n`-th cycle at C/20, from the first on.
    pub(super) fn checked_every(mut self, n: usize) -> Self {
        self.cycles.iter_mut().step_by(n).for_each(|cycle| cycle.current_a = 0.05);
        self
    }

    /// The resistance so long after a discharge of the full cell has begun: ohmic, built up, and the fall of the
    /// open-circuit voltage meanwhile.
    pub(super) fn resistance_ohm(&self, cycle: usize, after_s: f64) -> f64 {
        let cycle = self.cycles[cycle];
        let soc = 1.0 - cycle.current_a * after_s / 3600.0 / cycle.capacity_ah;
        let fallen_v = open_circuit_v(1.0) - open_circuit_v(soc);
        let built_up = self.slow_ohm * (1.0 - (-after_s / self.slow_s).exp());
        cycle.ohmic_ohm + built_up + fallen_v / cycle.current_a
    }

    pub(super) fn table(&self) -> Table {
        let mut gauss = Gauss(self.seed);
        let mut columns: [Vec<f64>; 5] = Default::default();
        let (mut clock, mut slow_v) = (0.0, 0.0);
        for (number, cycle) in self.cycles.iter().enumerate() {
            let taken = cycle.capacity_ah / self.efficiency;
            let charge_s = 3600.0 * taken / cycle.current_a;
            let discharge_s = 3600.0 * cycle.capacity_ah / cycle.current_a;
            // What is lost is lost on charge: the state of charge follows what can be given again.
            for (current, seconds, from, to) in [
                (cycle.current_a, charge_s, 0.0, 1.0),
                (0.0, self.rest_s, 1.0, 1.0),
                (-cycle.current_a, discharge_s, 1.0, 0.0),
                (0.0, self.rest_s, 0.0, 0.0),
            ] {
                let start_v = slow_v;
                for inside in self.times(seconds) {
                    let soc = from + (to - from) * inside / seconds;
                    let target = current * self.slow_ohm;
                    slow_v = target + (start_v - target) * (-inside / self.slow_s).exp();
                    let exact = open_circuit_v(soc) + current * cycle.ohmic_ohm + slow_v;
                    let noisy = exact + self.noise_v * gauss.next();
                    let shown = if self.digit_v > 0.0 {
                        (noisy / self.digit_v).round() * self.digit_v
                    } else {
                        noisy
                    };
                    let row = [clock + inside, current, shown, number as f64 + 1.0, inside];
                    columns.iter_mut().zip(row).for_each(|(column, value)| column.push(value));
                }
                clock += seconds;
            }
        }
        let names = [
            "test_time_second",
            "current_ampere",
            "voltage_volt",
            "cycle_count",
            "step_time_second",
        ];
        let rows = columns[0].len();
        let mut columns: Vec<Column> =
            names.into_iter().zip(columns).map(|(name, values)| column(name, values)).collect();
        if let Some(temperature) = self.temperature_c {
            columns.push(column("surface_temperature_celsius", vec![temperature; rows]));
        }
        Table { name: "records".to_owned(), columns, rows }
    }

    /// Times of the rows of a step: at once, quickly at first, then evenly.
    fn times(&self, seconds: f64) -> Vec<f64> {
        let mut times = vec![1e-3];
        times.extend((1..=self.quick_s).map(|second| second as f64));
        let every = seconds / self.rows as f64;
        times.extend((1..=self.rows).map(|row| every * row as f64));
        times.sort_by(f64::total_cmp);
        times.dedup();
        times.retain(|time| *time <= seconds);
        times
    }

    pub(super) fn measured(&self, started: &str) -> Measurement {
        measured(self.table(), started)
    }

    pub(super) fn analyze(&self, settings: &[&str]) -> Analysis {
        analyze(&Inputs::one("cell", self.measured("")), settings)
    }
}

pub(super) fn column(name: &str, values: Vec<f64>) -> Column {
    let head = ColumnHead { name: name.to_owned(), ..ColumnHead::default() };
    Column { head, values: Values::Number(values) }
}

pub(super) fn measured(table: Table, started: &str) -> Measurement {
    let zone = if started.ends_with('Z') { Zone::Stated } else { Zone::Local };
    let started_at = (!started.is_empty()).then(|| StartTime { iso: started.to_owned(), zone });
    Measurement { tables: vec![table], started_at, ..Measurement::default() }
}

pub(super) fn analyze(inputs: &Inputs, settings: &[&str]) -> Analysis {
    let echem = TECHNIQUES.iter().find(|technique| technique.id == "echem").unwrap();
    // Simulated instruments have neither gain nor offset, unless a test gives them one.
    let stated = settings.iter().any(|setting| setting.contains("accuracy"));
    let perfect: &[&str] = if stated { &[] } else { &["current-accuracy=0", "voltage-accuracy=0"] };
    (echem.analyze)(
        inputs,
        &Settings::parse(echem.settings, &[settings, perfect].concat()).unwrap(),
    )
}

/// Normal numbers from a linear congruence: the same in every run.
pub(super) struct Gauss(pub(super) u64);

impl Gauss {
    pub(super) fn next(&mut self) -> f64 {
        let mut sum = 0.0;
        for _ in 0..12 {
            self.0 = self
                .0
                .wrapping_mul(6_364_136_223_846_793_005)
                .wrapping_add(1_442_695_040_888_963_407);
            sum += (self.0 >> 11) as f64 / (1_u64 << 53) as f64;
        }
        sum - 6.0
    }
}

/// A quantity's value and uncertainty.
#[track_caller]
pub(super) fn quantity(analysis: &Analysis, descriptor: &str) -> (f64, f64) {
    let found = analysis.quantity(&format!("echem.{descriptor}"));
    let found = found.unwrap_or_else(|| panic!("no {descriptor}; {:#?}", analysis.notes));
    (found.value, found.uncertainty.unwrap_or_else(|| panic!("{found:?}")))
}

/// Checks that a quantity is near the truth, and within so many standard uncertainties of it where that is wider.
#[track_caller]
pub(super) fn check(analysis: &Analysis, descriptor: &str, truth: f64, within: f64) {
    let (value, u) = quantity(analysis, descriptor);
    assert!(
        (value - truth).abs() <= within.max(3.0 * u),
        "{descriptor}: {value} ± {u} is not {truth}"
    );
    assert!(u <= within.max(1e-12), "{descriptor}: {u} is wider than {within}");
}
