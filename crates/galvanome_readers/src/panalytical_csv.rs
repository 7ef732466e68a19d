//! PANalytical's text of powder scans (`.csv`): `[Measurement conditions]` with a key and a value a line, then `[Scan points]`
//! with a line of names and the points.
//!
//! The date of the file is the start of the scan to the minute, as the `.xrdml` of the same scan shows. Intensities are counts
//! in that scan; the text does not say so, and they are taken as counts only where all of them are whole numbers.

use galvanome_model::note::Note;
use galvanome_model::signal::{Axis, Condition, Signal, axes, conditions};

use crate::error::{ReadError, Trouble};
use crate::files::Files;
use crate::format::{Confidence, Format};
use crate::limits::Limits;
use crate::pattern::{counting, leading};
use crate::sink::Sink;
use crate::text::cells::{Delimiter, decode, texts_of};
use crate::text::clock::{Civil, DateOrder, order_matters};
use crate::text::lines::Lines;
use crate::text::number::Decimal;
use crate::text::numbers::Numbers;

/// The entry of the list of formats.
pub(crate) const FORMAT: Format = Format {
    id: "panalytical-csv",
    name: "PANalytical scan as text",
    endings: &["csv"],
    claims,
    read,
};

const CONDITIONS: &[u8] = b"[Measurement conditions]";
const POINTS: &[u8] = b"[Scan points]";

fn claims(files: &Files) -> Confidence {
    let marked = files.opening().is_some_and(|opening| {
        let mut lines = opening.lines().filter(|line| !line.trim_ascii().is_empty());
        lines.next().is_some_and(|line| line.trim_ascii().starts_with(CONDITIONS))
    });
    Confidence::certain_if(marked)
}

/// What the conditions say.
#[derive(Default)]
struct Said {
    conditions: Vec<Condition>,
    ratio: Option<f64>,
    axis: String,
    time_per_step_s: Option<f64>,
    points: Option<f64>,
}

fn read(files: &Files, limits: &Limits, sink: &mut dyn Sink) -> Result<(), ReadError> {
    let none = || {
        ReadError::new(
            Trouble::Damaged,
            "there are no scan points in it: no line says [Scan points]",
            "export the scan from the instrument's software again, or give the .xrdml",
        )
    };
    let Some(member) = files.only() else { return Err(none()) };
    let mut lines = Lines::new(member.source.as_ref(), &member.name, limits.max_line_bytes)?;
    let (mut said, mut entries, mut scans) = (Said::default(), 0, 0);
    let mut next = lines.next()?.map(|line| line.bytes.to_vec());
    while let Some(line) = next {
        let trimmed = line.trim_ascii();
        if trimmed.starts_with(POINTS) {
            scans += 1;
            next = points(&mut lines, &said, limits, sink)?;
            continue;
        }
        if trimmed.starts_with(CONDITIONS) && scans > 0 {
            said = Said::default();
        } else if !trimmed.is_empty() && !trimmed.starts_with(b"[") {
            let text = decode(trimmed);
            let (key, value) = text.split_once(',').unwrap_or((&text, ""));
            let value = value.trim().trim_matches('"');
            entries += 1;
            if entries <= limits.max_metadata {
                sink.metadata(key.trim(), value);
            }
            said.look(key.trim(), value, scans == 0, sink);
        }
        next = lines.next()?.map(|line| line.bytes.to_vec());
    }
    if scans == 0 { Err(none().in_file(&member.name)) } else { Ok(()) }
}

impl Said {
    fn look(&mut self, key: &str, value: &str, first: bool, sink: &mut dyn Sink) {
        let number = leading(value);
        match key {
            "K-Alpha1 wavelength" => {
                self.conditions.extend(number.map(|at| conditions::WAVELENGTH.at(at)));
            }
            "K-Alpha2 wavelength" => {
                self.conditions.extend(number.map(|at| conditions::WAVELENGTH_K_ALPHA_2.at(at)));
            }
            "Ratio K-Alpha2/K-Alpha1" => {
                self.ratio = number;
                self.conditions.extend(number.map(|ratio| conditions::K_ALPHA_RATIO.at(ratio)));
            }
            "Scan axis" => value.clone_into(&mut self.axis),
            "Time per step" => self.time_per_step_s = number.filter(|time| *time > 0.0),
            "No. of points" => self.points = number,
            "Diffractometer system" if first => sink.instrument(value),
            key if first && key.starts_with("Comment") => {
                if let Some((_, system)) = value.split_once("Diffractometer system=") {
                    sink.instrument(system.split(',').next().unwrap_or_default().trim());
                }
            }
            "File date and time" if first => {
                if let Some(civil) = Civil::parse(value, DateOrder::DayFirst) {
                    sink.started_at(civil.start());
                    if order_matters(value) {
                        let message = "the date of the file does not show whether the day or the month stands first; the day was taken to";
                        sink.note(Note::new("date-order-assumed", message, ""));
                    }
                } else {
                    let message = format!("the date of the file could not be read: {value}");
                    sink.note(Note::new("start-unreadable", message, ""));
                }
            }
            _ => {}
        }
    }

    /// The conditions of the beam: a second line without intensity is not in it.
    fn conditions(&self) -> Vec<Condition> {
        let second = [conditions::WAVELENGTH_K_ALPHA_2, conditions::K_ALPHA_RATIO];
        let absent = |known: &Condition| {
            second.contains(&known.kind) && !self.ratio.is_some_and(|ratio| ratio > 0.0)
        };
        self.conditions.iter().filter(|known| !absent(known)).copied().collect()
    }
}

/// Reads the points of a scan, and gives the line behind them. Errors when the text cannot be read.
fn points(
    lines: &mut Lines<'_>,
    said: &Said,
    limits: &Limits,
    sink: &mut dyn Sink,
) -> Result<Option<Vec<u8>>, ReadError> {
    let names: Vec<String> = match lines.next()? {
        Some(line) => {
            let cells = texts_of(line.bytes, Delimiter::Byte(b','));
            cells.into_iter().map(std::borrow::Cow::into_owned).collect()
        }
        None => Vec::new(),
    };
    let mut rows = Numbers::of_width(names.len().max(2), limits);
    let end = |line: &[u8]| line.trim_ascii().starts_with(b"[");
    let next = rows.read(lines, Decimal::Point, limits, usize::MAX, end)?;
    for note in rows.notes() {
        sink.note(note);
    }
    if let Some(stated) = said.points.filter(|stated| *stated != rows.len() as f64) {
        let message = format!(
            "the conditions say that the scan has {stated} points; {} were read. Fetch the file again if it was cut off",
            rows.len()
        );
        sink.note(Note::new("row-count", message, ""));
    }
    let points = rows.len();
    let mut columns: Vec<Option<Vec<f64>>> = rows.columns.into_iter().map(Some).collect();
    let mut take = |wanted: &str, or: Option<usize>| {
        let is = |name: &String| name.trim().eq_ignore_ascii_case(wanted);
        let place = names.iter().position(is).or(or)?;
        columns.get_mut(place)?.take()
    };
    let angles = take("Angle", Some(0)).unwrap_or_default();
    let uncertainties = take("ESD", None).unwrap_or_default();
    let times = take("TimePerStep", None).unwrap_or_default();
    let values = take("Intensity", Some(1)).unwrap_or_else(|| vec![f64::NAN; points]);
    let time = times.first().copied().filter(|first| times.iter().all(|time| time == first));
    let counted = counting(&values, time.or(said.time_per_step_s));
    if counted.is_some() {
        let message = "the file gives no unit for its intensities; they are taken as counts, since all are whole numbers";
        sink.note(Note::new("unit-assumed", message, ""));
    }
    let kind = match said.axis.as_str() {
        "Gonio" | "2Theta" | "2Theta-Omega" | "Omega-2Theta" | "" => axes::TWO_THETA,
        "Omega" => axes::OMEGA,
        "Phi" => axes::PHI,
        "Chi" | "Psi" => axes::CHI,
        other => {
            let message = format!(
                "the axis of the scan, {other}, is not known; its points are taken as angles 2θ"
            );
            sink.note(Note::new("axis-assumed", message, ""));
            axes::TWO_THETA
        }
    };
    sink.signal(Signal {
        name: "intensity".to_owned(),
        unit: if counted.is_some() { "counts" } else { "" }.to_owned(),
        axes: vec![Axis::of(kind, &said.axis, angles)],
        values,
        uncertainties,
        counting: counted,
        conditions: said.conditions(),
        ..Signal::default()
    });
    Ok(next.map(|(line, _)| line))
}
