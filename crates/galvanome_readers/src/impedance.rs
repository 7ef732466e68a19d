//! Impedance data as a table of its own.
//!
//! Instruments write an impedance spectrum among the rows of the test. This sink lets them pass and gathers those
//! with a frequency, so that a table `impedance` follows with what belongs to a spectrum and nothing else. Real and
//! imaginary part are computed from modulus and phase where the file has only these, and the other way round; the
//! imaginary part is that of Z, negative for a capacitor.

use galvanome_model::measurement::{Origin, Values};
use galvanome_model::note::Note;

use crate::columns::by_name;
use crate::error::ReadError;
use crate::sink::{Kind, NewColumn, Sink, hand_on};

/// Rows of impedance that are gathered at most; the test itself has no such bound.
const MOST_ROWS: usize = 1 << 20;

/// Columns that a spectrum has, in this order, with what they need to be computed where they are not stored.
const COLUMNS: [&str; 12] = [
    "frequency_hertz",
    "real_impedance_ohm",
    "imaginary_impedance_ohm",
    "absolute_impedance_ohm",
    "phase_degree",
    "test_time_second",
    "cycle_count",
    "step_id",
    "voltage_volt",
    "current_ampere",
    "ece_volt",
    "temperature_t1_celsius",
];

/// Other columns that belong to a spectrum, by the beginning of their name.
const OTHERS: [&str; 11] =
    ["z cycle", "|", "Phase(Z", "Re(Z", "-Im(Z", "THD", "NSD", "NSR", "Cs", "Cp", "loop"];

/// A sink that gathers rows of impedance while they pass.
pub(crate) struct Impedance<'a> {
    inner: &'a mut dyn Sink,
    table: Option<Gathered>,
}

/// What is gathered of one table.
struct Gathered {
    frequency: usize,
    columns: Vec<NewColumn>,
    from: Vec<From>,
    values: Vec<Vec<f64>>,
    left_out: u64,
}

/// Where the values of a column come from: a column of the test, or two of them.
#[derive(Clone, Copy)]
enum From {
    Column(usize),
    Real(usize, usize),
    Imaginary(usize, usize),
    Modulus(usize, usize),
    Phase(usize, usize),
}

impl From {
    fn value(self, numbers: &dyn Fn(usize) -> f64) -> f64 {
        let both = |a, b| (numbers(a), numbers(b));
        match self {
            Self::Column(place) => numbers(place),
            Self::Real(modulus, phase) => {
                let (modulus, phase) = both(modulus, phase);
                modulus * phase.to_radians().cos()
            }
            Self::Imaginary(modulus, phase) => {
                let (modulus, phase) = both(modulus, phase);
                modulus * phase.to_radians().sin()
            }
            Self::Modulus(real, imaginary) => {
                let (real, imaginary) = both(real, imaginary);
                real.hypot(imaginary)
            }
            Self::Phase(real, imaginary) => {
                let (real, imaginary) = both(real, imaginary);
                imaginary.atan2(real).to_degrees()
            }
        }
    }
}

impl<'a> Impedance<'a> {
    /// Looks at what passes to `inner`.
    pub(crate) fn new(inner: &'a mut dyn Sink) -> Self {
        Self { inner, table: None }
    }

    /// Writes the table of what was gathered, if there is any. Call it when the table of the test has passed.
    /// Errors when the sink cannot keep it.
    pub(crate) fn finish(mut self) -> Result<(), ReadError> {
        self.write()
    }

    fn write(&mut self) -> Result<(), ReadError> {
        let Some(gathered) = self.table.take() else { return Ok(()) };
        if gathered.values.first().is_none_or(Vec::is_empty) {
            return Ok(());
        }
        self.inner.table("impedance", &gathered.columns);
        if gathered.left_out > 0 {
            let message = format!(
                "the table of impedance has its first {MOST_ROWS} rows; {} more stand in the table of the test only",
                gathered.left_out
            );
            self.inner.note(Note::new("limit-reached", message, "table impedance"));
        }
        let columns: Vec<_> = gathered.values.into_iter().map(Values::Number).collect();
        self.inner.rows(&columns)
    }
}

impl Gathered {
    fn begin(columns: &[NewColumn]) -> Option<Self> {
        let place = |name: &str| {
            columns
                .iter()
                .position(|column| column.kind == Kind::Number && column.head.name == name)
        };
        let frequency = place("frequency_hertz")?;
        let pair = |a: &str, b: &str| Some((place(a)?, place(b)?));
        let polar = pair("absolute_impedance_ohm", "phase_degree");
        let cartesian = pair("real_impedance_ohm", "imaginary_impedance_ohm");
        if polar.is_none() && cartesian.is_none() {
            return None;
        }
        let mut taken: Vec<(NewColumn, From)> = Vec::new();
        for name in COLUMNS {
            let computed = || match name {
                "real_impedance_ohm" => polar.map(|(modulus, phase)| From::Real(modulus, phase)),
                "imaginary_impedance_ohm" => {
                    polar.map(|(modulus, phase)| From::Imaginary(modulus, phase))
                }
                "absolute_impedance_ohm" => cartesian.map(|(re, im)| From::Modulus(re, im)),
                "phase_degree" => cartesian.map(|(re, im)| From::Phase(re, im)),
                _ => None,
            };
            let stored = place(name).and_then(|place| {
                columns.get(place).map(|column| (column.clone(), From::Column(place)))
            });
            let rebuilt = || {
                let column = by_name(name)?.column("", Origin::Reconstructed);
                Some((column, computed()?))
            };
            taken.extend(stored.or_else(rebuilt));
        }
        for (place, column) in columns.iter().enumerate() {
            let name = &column.head.name;
            let belongs = column.kind == Kind::Number
                && OTHERS.iter().any(|begin| name.starts_with(begin))
                && !name.starts_with("|Energy")
                && !taken.iter().any(|(known, _)| known.head.name == *name);
            if belongs {
                taken.push((column.clone(), From::Column(place)));
            }
        }
        let (columns, from): (Vec<_>, Vec<_>) = taken.into_iter().unzip();
        let values = vec![Vec::new(); columns.len()];
        Some(Self { frequency, columns, from, values, left_out: 0 })
    }

    fn look(&mut self, columns: &[Values]) {
        let Some(Values::Number(frequencies)) = columns.get(self.frequency) else { return };
        for (row, &frequency) in frequencies.iter().enumerate() {
            if frequency.is_nan() || frequency <= 0.0 {
                continue;
            }
            if self.values.first().is_some_and(|values| values.len() >= MOST_ROWS) {
                self.left_out += 1;
                continue;
            }
            let number = |place: usize| match columns.get(place) {
                Some(Values::Number(numbers)) => numbers.get(row).copied().unwrap_or(f64::NAN),
                _ => f64::NAN,
            };
            for (values, from) in self.values.iter_mut().zip(&self.from) {
                let value = from.value(&number);
                values.push(if value.is_finite() { value } else { f64::NAN });
            }
        }
    }
}

impl Sink for Impedance<'_> {
    hand_on! { format instrument started_at metadata signal image note }

    fn table(&mut self, name: &str, columns: &[NewColumn]) {
        self.table = Gathered::begin(columns);
        self.inner.table(name, columns);
    }

    fn rows(&mut self, columns: &[Values]) -> Result<(), ReadError> {
        if let Some(table) = &mut self.table {
            table.look(columns);
        }
        self.inner.rows(columns)
    }
}
