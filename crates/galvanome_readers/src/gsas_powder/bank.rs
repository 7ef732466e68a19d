//! One bank: its line, its points, and what they mean.

use galvanome_model::note::Note;
use galvanome_model::signal::{Axis, Counting, Signal, axes};

use super::fields::Fields;
use super::positions::{Steps, TimeMap};
use crate::error::ReadError;
use crate::limits::Limits;
use crate::pattern::{Said, counting};
use crate::sink::Sink;
use crate::text::cells::decode;
use crate::text::lines::Lines;
use crate::text::number::Decimal;
use crate::text::numbers::{Numbers, numbers_of};

/// How the points of a bank are packed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Packing {
    /// Ten a line: how many counters, and counts per counter.
    Std,
    /// Five a line: intensity and standard uncertainty.
    Esd,
    /// Four a line: position times 32, intensity, standard uncertainty.
    Alt,
    /// One a line: position, intensity.
    Fxy,
    /// One a line: position, intensity, standard uncertainty.
    Fxye,
}

impl Packing {
    /// The word at the end of the bank's line; where it is left off, the standard is meant.
    fn of(word: &str) -> Option<Self> {
        Some(match word {
            "STD" => Self::Std,
            "ESD" => Self::Esd,
            "ALT" => Self::Alt,
            "FXY" => Self::Fxy,
            "FXYE" => Self::Fxye,
            _ => return None,
        })
    }

    fn fields(self) -> Fields {
        let widths: &'static [(usize, u32)] = match self {
            Self::Std => &[(2, 0), (6, 0)],
            Self::Esd | Self::Fxy => &[(8, 0), (8, 0)],
            Self::Alt | Self::Fxye => &[(8, 0), (7, 4), (5, 4)],
        };
        Fields { widths }
    }
}

/// The line of a bank.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Bank {
    /// The line, as the bank is called by it.
    label: String,
    points: f64,
    steps: Steps,
    coefficients: Vec<f64>,
    packing: Packing,
}

impl Bank {
    /// The bank that a line begins; none when it begins none.
    pub(super) fn of_line(line: &[u8]) -> Option<Self> {
        if !line.starts_with(b"BANK") {
            return None;
        }
        let text = decode(line);
        let mut words = text.split_whitespace().skip(1);
        let mut count = || words.next()?.parse::<u64>().ok();
        let (number, points, _lines) = (count()?, count()?, count()?);
        let steps = Steps::of(words.next()?)?;
        let rest: Vec<&str> = words.collect();
        let packing = rest.iter().find_map(|word| Packing::of(word)).unwrap_or(Packing::Std);
        let coefficients = rest.iter().map_while(|word| word.parse().ok()).collect();
        let label = format!("BANK {number}");
        Some(Self { label, points: points as f64, steps, coefficients, packing })
    }

    /// Whether real files showed how its kind is read.
    pub(super) fn is_proven(&self) -> bool {
        self.steps == Steps::Constant && matches!(self.packing, Packing::Std | Packing::Fxye)
    }
}

/// The points of a bank as they stand in the file; a column that its packing lacks is empty.
#[derive(Default)]
struct Points {
    positions: Vec<f64>,
    values: Vec<f64>,
    uncertainties: Vec<f64>,
    counters: Vec<f64>,
    /// Lines that could not be read.
    unread: u64,
}

/// Reads the points of a bank and gives them as a signal. Gives the line behind them. Errors when the text cannot be read.
pub(super) fn read_bank(
    bank: &Bank,
    lines: &mut Lines<'_>,
    maps: &[TimeMap],
    said: &Said,
    limits: &Limits,
    sink: &mut dyn Sink,
) -> Result<Option<Vec<u8>>, ReadError> {
    let mut points = Points::default();
    let behind = match bank.packing {
        Packing::Fxy | Packing::Fxye => in_columns(bank, lines, limits, &mut points, sink)?,
        Packing::Std | Packing::Esd | Packing::Alt => packed(bank, lines, limits, &mut points)?,
    };
    let mut note = |code: &str, message: String| {
        sink.note(Note::new(code, message, bank.label.as_str()));
    };
    if points.unread > 0 {
        let message =
            format!("{} lines of the bank could not be read and were left out", points.unread);
        note("unreadable-line", message);
    }
    let read = points.values.len();
    if (read as f64) < bank.points {
        let message = format!(
            "the bank should have {} points and has {read}; if the file was cut off, fetch it again",
            bank.points
        );
        note("truncated-file", message);
    } else if read as f64 > bank.points {
        let message = format!("the bank should have {} points and has {read}", bank.points);
        note("row-count", message);
    }
    let counting = counts_of(bank.packing, &mut points);
    let (axis, notes) = axis_of(bank, points.positions, read, maps, said);
    for (code, message) in notes {
        note(code, message);
    }
    sink.signal(Signal {
        name: "intensity".to_owned(),
        label: bank.label.clone(),
        unit: if counting.is_some() { "counts" } else { "" }.to_owned(),
        axes: vec![axis],
        values: points.values,
        uncertainties: points.uncertainties,
        counting,
        conditions: said.conditions.clone(),
        ..Signal::default()
    });
    Ok(behind)
}

fn begins_another(line: &[u8]) -> bool {
    line.starts_with(b"BANK") || line.starts_with(b"TIME_MAP")
}

/// Points of one a line.
fn in_columns(
    bank: &Bank,
    lines: &mut Lines<'_>,
    limits: &Limits,
    points: &mut Points,
    sink: &mut dyn Sink,
) -> Result<Option<Vec<u8>>, ReadError> {
    let width = if bank.packing == Packing::Fxye { 3 } else { 2 };
    let mut rows = Numbers::of_width(width, limits);
    let behind = rows.read(lines, Decimal::Point, limits, usize::MAX, begins_another)?;
    for note in rows.notes() {
        sink.note(note);
    }
    let mut columns = rows.columns.into_iter();
    points.positions = columns.next().unwrap_or_default();
    points.values = columns.next().unwrap_or_default();
    points.uncertainties = columns.next().unwrap_or_default();
    Ok(behind.map(|(line, _)| line))
}

/// Points of several a line, in fields of fixed width; where a program wrote them with blanks between, by these.
fn packed(
    bank: &Bank,
    lines: &mut Lines<'_>,
    limits: &Limits,
    points: &mut Points,
) -> Result<Option<Vec<u8>>, ReadError> {
    let fields = bank.packing.fields();
    let mut fixed = None;
    let mut row = Vec::new();
    while let Some(line) = lines.next()? {
        if begins_another(line.bytes) {
            return Ok(Some(line.bytes.to_vec()));
        }
        if line.bytes.trim_ascii().is_empty() || line.bytes.starts_with(b"#") {
            continue;
        }
        // Behind the last point the last line is filled up.
        let wants = |points: &Points| {
            let there = points.values.len() as u64;
            (there as f64) < bank.points && there < limits.max_rows
        };
        if !wants(points) {
            continue;
        }
        if fixed.is_none() {
            fixed = Some(fields.points(line.bytes, |_| true));
        }
        let understood = if fixed == Some(true) {
            // A line that the end of the file cuts has no last point.
            let whole = if line.ended {
                line.bytes
            } else {
                let len = line.bytes.len() - line.bytes.len() % fields.width();
                line.bytes.get(..len).unwrap_or_default()
            };
            fields.points(whole, |point| {
                points.push(bank.packing, point);
                wants(points)
            })
        } else {
            let understood = numbers_of(line.bytes, Decimal::Point, &mut row);
            let wide = if bank.packing == Packing::Std { 1 } else { fields.widths.len() };
            for point in row.chunks_exact(wide).filter(|_| understood) {
                match point {
                    [value] => points.push(bank.packing, &[f64::NAN, *value]),
                    more => points.push(bank.packing, more),
                }
                if !wants(points) {
                    break;
                }
            }
            understood
        };
        points.unread += u64::from(!understood);
    }
    Ok(None)
}

impl Points {
    fn push(&mut self, packing: Packing, point: &[f64]) {
        match (packing, point) {
            (Packing::Std, [counters, value]) => {
                // None stands for one.
                self.counters.push(counters.max(1.0));
                self.values.push(*value);
            }
            (Packing::Alt, [position, value, uncertainty]) => {
                self.positions.push(position / 32.0);
                self.values.push(*value);
                self.uncertainties.push(*uncertainty);
            }
            (_, [value, uncertainty]) => {
                self.values.push(*value);
                self.uncertainties.push(*uncertainty);
            }
            _ => {}
        }
    }
}

/// How the values were counted. Where the number of counters differs from point to point, the values get the standard
/// uncertainties that follow: the mean of n counters with y counts each is known to √(y/n).
fn counts_of(packing: Packing, points: &mut Points) -> Option<Counting> {
    if packing != Packing::Std {
        return None;
    }
    let first = points.counters.first().copied().unwrap_or(1.0);
    if points.counters.iter().all(|counters| *counters == first) {
        let live_time_s = f64::NAN;
        let counted = if first == 1.0 {
            counting(&points.values, None)
        } else {
            Some(Counting { live_time_s, counts_per_unit: first })
        };
        return counted;
    }
    let pairs = points.values.iter().zip(&points.counters);
    points.uncertainties = pairs
        .map(|(value, counters)| if *value > 0.0 { (value / counters).sqrt() } else { f64::NAN })
        .collect();
    None
}

/// The axis of a bank with so many points, and what is to be said of it.
fn axis_of(
    bank: &Bank,
    stored: Vec<f64>,
    points: usize,
    maps: &[TimeMap],
    said: &Said,
) -> (Axis, Vec<(&'static str, String)>) {
    let positions = if stored.is_empty() && points > 0 {
        bank.steps.positions(&bank.coefficients, points, maps)
    } else {
        Some(stored)
    };
    let Some(mut positions) = positions else {
        let channels = (0..points).map(|point| point as f64).collect();
        let message =
            "where the points lie is not in the file or not known how; they are counted from 0"
                .to_owned();
        return (Axis::of(axes::CHANNEL, "", channels), vec![("axis-assumed", message)]);
    };
    let mut notes = Vec::new();
    // Where the bank ends by its line, so that one that was cut off is taken alike.
    let stated = match bank.coefficients.as_slice() {
        [first, step, ..] if bank.steps == Steps::Constant => first + (bank.points - 1.0) * step,
        _ => 0.0,
    };
    let last = positions.last().copied().unwrap_or_default().max(stated);
    let below_180 = last <= 18_000.0;
    let angle = said.two_theta || bank.steps == Steps::Constant && below_180;
    let because = match bank.steps {
        Steps::Constant if below_180 => {
            "since their steps have one width and they end below 180 degrees"
        }
        Steps::Constant => "since they go on behind 180 degrees",
        _ => "since their steps are of a kind that neutrons' times of flight have",
    };
    if !said.two_theta {
        let taken =
            if angle { "hundredths of a degree of 2θ" } else { "times of flight in microseconds" };
        let message = format!(
            "the file does not say what its positions are; they are taken as {taken}, {because}"
        );
        let doubted = !angle && below_180;
        notes.push((if doubted { "axis-assumed" } else { "unit-assumed" }, message));
    }
    let axis = if angle {
        for position in &mut positions {
            *position /= 100.0;
        }
        Axis::of(axes::TWO_THETA, "", positions)
    } else {
        Axis {
            name: "time_of_flight".to_owned(),
            unit: "us".to_owned(),
            vendor_name: String::new(),
            points: positions,
        }
    };
    (axis, notes)
}
