//! WiRE text: what Renishaw's WiRE exports of spectra, series and maps.
//!
//! A line of names that begin with `#` (`#X`, `#Y`, `#Wave`, `#Intensity`), then a row for each point of each spectrum, with tabs
//! between. The text does not say in which unit its axis is; WiRE shows Raman shift unless one tells it otherwise.

use galvanome_model::note::Note;
use galvanome_model::signal::{Axis, Signal, axes};

use crate::error::{ReadError, Trouble};
use crate::files::Files;
use crate::format::{Confidence, Format};
use crate::limits::Limits;
use crate::optical::{Lead, places};
use crate::sink::Sink;
use crate::text::cells::decode;
use crate::text::lines::Lines;
use crate::text::number::Decimal;
use crate::text::numbers::numbers_of;

/// The entry of the list of formats.
pub(crate) const FORMAT: Format =
    Format { id: "wire-text", name: "Renishaw WiRE text", endings: &["txt"], claims, read };

/// The names of axis and values.
const AXIS: &str = "#Wave";
const VALUE: &str = "#Intensity";

/// The names in a line.
fn names_of(line: &[u8]) -> Vec<String> {
    decode(line).split_whitespace().map(str::to_owned).collect()
}

/// The columns of axis and values.
fn columns_of(names: &[String]) -> Option<(usize, usize)> {
    let place = |wanted: &str| names.iter().position(|name| name == wanted);
    place(AXIS).zip(place(VALUE)).filter(|_| names.iter().all(|name| name.starts_with('#')))
}

fn claims(files: &Files) -> Confidence {
    let first = files.opening().and_then(|opening| opening.lines().next());
    Confidence::certain_if(first.is_some_and(|line| columns_of(&names_of(line)).is_some()))
}

/// Spectra on one axis, and the one that is being read.
struct Spectra<'a> {
    sink: &'a mut dyn Sink,
    axis: Vec<f64>,
    values: Vec<f64>,
    leads: Vec<Lead>,
    /// Axis, values and lead of the spectrum that is being read.
    now: (Vec<f64>, Vec<f64>, Vec<f64>),
}

impl Spectra<'_> {
    fn take(&mut self, lead: &[f64], at: f64, value: f64) {
        let (axis, _, own) = &self.now;
        // The next spectrum begins where another place is told, or the axis begins anew.
        if axis.first().is_some_and(|first| *first == at || own != lead) {
            self.end_spectrum();
        }
        let (axis, values, own) = &mut self.now;
        if axis.is_empty() {
            own.clear();
            own.extend(lead);
        }
        axis.push(at);
        values.push(value);
    }

    fn end_spectrum(&mut self) {
        if self.now.0.is_empty() {
            return;
        }
        if self.axis != self.now.0 {
            self.end_group();
            self.axis.clone_from(&self.now.0);
        }
        let (axis, values, lead) = &mut self.now;
        axis.clear();
        self.values.append(values);
        for (column, number) in self.leads.iter_mut().zip(lead) {
            column.points.push(*number);
        }
    }

    /// Tells the spectra so far as a signal.
    fn end_group(&mut self) {
        let spectra = self.values.len().checked_div(self.axis.len()).unwrap_or(0);
        if spectra == 0 {
            return;
        }
        let axis = Axis::of(axes::RAMAN_SHIFT, "Wave", std::mem::take(&mut self.axis));
        let mut signal = Signal {
            name: "intensity".to_owned(),
            values: std::mem::take(&mut self.values),
            ..Signal::default()
        };
        if spectra > 1 {
            let places = places(&self.leads, spectra);
            signal.axes.push(places.axis);
            signal.positions = places.positions;
        }
        signal.axes.push(axis);
        for column in &mut self.leads {
            column.points.clear();
        }
        self.sink.signal(signal);
    }
}

fn read(files: &Files, limits: &Limits, sink: &mut dyn Sink) -> Result<(), ReadError> {
    let none = |what: &str| ReadError::new(Trouble::Damaged, what, "export it from WiRE again");
    let Some(member) = files.only() else { return Err(none("a WiRE text is one file")) };
    let mut lines = Lines::new(member.source.as_ref(), &member.name, limits.max_line_bytes)?;
    let names = lines.next()?.map(|line| names_of(line.bytes)).unwrap_or_default();
    let Some((axis, value)) = columns_of(&names) else {
        return Err(none("the first line does not name `#Wave` and `#Intensity`").at_row(1));
    };
    let message = "the text does not say in which unit its axis is; it is taken as Raman shift in 1/cm, which WiRE shows unless it is told otherwise";
    sink.note(Note::new("unit-assumed", message, "column #Wave"));
    let leads = names.iter().enumerate().filter(|(place, _)| ![axis, value].contains(place));
    let places: Vec<usize> = leads.clone().map(|(place, _)| place).collect();
    let lead = |(_, name): (usize, &String)| Lead {
        name: name.trim_start_matches('#').to_owned(),
        // WiRE counts places in micrometres and time in seconds.
        unit: if name.contains("ime") { "s" } else { "um" }.to_owned(),
        points: Vec::new(),
    };
    let mut spectra = Spectra {
        leads: leads.map(lead).collect(),
        sink,
        axis: Vec::new(),
        values: Vec::new(),
        now: (Vec::new(), Vec::new(), Vec::new()),
    };
    let most = limits.max_rows.min(limits.max_cells / names.len().max(1) as u64);
    let (mut row, mut lead) = (Vec::new(), Vec::new());
    let (mut rows, mut odd, mut first_odd, mut open) = (0_u64, 0_u64, 0, None);
    while rows < most
        && let Some(line) = lines.next()?
    {
        if line.bytes.trim_ascii().is_empty() {
            continue;
        }
        let is_row = numbers_of(line.bytes, Decimal::Point, &mut row) && row.len() == names.len();
        let (true, Some(&at), Some(&value)) = (is_row, row.get(axis), row.get(value)) else {
            odd += 1;
            first_odd = if odd == 1 { line.number } else { first_odd };
            continue;
        };
        rows += 1;
        open = (!line.ended).then_some(line.number);
        lead.clear();
        lead.extend(places.iter().filter_map(|&place| row.get(place).copied()));
        spectra.take(&lead, at, value);
    }
    spectra.end_spectrum();
    spectra.end_group();
    if odd > 0 {
        let message =
            format!("{odd} lines are no rows of {} numbers; they were left out", names.len());
        sink.note(Note::new("unreadable-line", message, format!("line {first_odd}")));
    }
    if rows == most {
        let message = "the limit of rows is reached; the rest was not read";
        sink.note(Note::new("limit-reached", message, format!("row {rows}")));
    }
    if let Some(line) = open {
        let message = "no line break ends the last line, so its last number may lack digits";
        sink.note(Note::new("unterminated-last-line", message, format!("line {line}")));
    }
    if rows == 0 {
        sink.note(Note::new("no-data", "the text holds no row of numbers", ""));
    }
    Ok(())
}
