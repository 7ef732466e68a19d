//! LabSpec `.xml`: what Horiba's LabSpec 6 exports of spectra and maps.
//!
//! Elements are called `LSX` and known by the number in `ID`. Axes stand in one of them: the intensity first, the spectral
//! axis second, then those along which the spectra were taken, the first of which runs fastest; their points are listed. The
//! spectra are the rows (`LSX_Row`) of a matrix. Settings are groups of a name, a value and a unit.
//!
//! Source: the elements of a real file. What the numbers mean was found by what stands in them.

use std::sync::Arc;

use galvanome_model::note::Note;
use galvanome_model::signal::{Signal, conditions};

use crate::error::{ReadError, Trouble};
use crate::files::Files;
use crate::format::{Confidence, Format};
use crate::limits::Limits;
use crate::optical::{Lead, counting, number_of, places, spectral_axis, values_unit};
use crate::sink::Sink;
use crate::source::head_of;
use crate::text::clock::{Civil, DateOrder};
use crate::xml::numbers::Numbers;
use crate::xml::walk::{Ended, Place, Step, walk};
use crate::xml::{Xml, attribute};

/// The entry of the list of formats.
pub(crate) const FORMAT: Format =
    Format { id: "labspec-xml", name: "Horiba LabSpec XML", endings: &["xml"], claims, read };

/// Bytes in which the outermost element begins.
const HEAD: usize = 1024;
const ROOT: &[u8] = b"<LSX_Data";

/// The element of all axes, and in each: its kind, its unit, its points.
const AXES: &str = "0x7B697861";
const KIND: &str = "0x6D707974";
const UNIT: &str = "0x7C696E75";
const POINTS: &str = "0x7D6CD4DB";
/// In a group: its name, its value, its value as a number.
const NAME: &str = "0x6D6D616E";
const VALUE: &str = "0x7D6C61DB";
const NUMBER: &str = "0x8736F70";

fn claims(files: &Files) -> Confidence {
    let head = files.only().and_then(|member| head_of(member.source.as_ref(), HEAD).ok());
    let marked = |head: Vec<u8>| head.windows(ROOT.len()).any(|window| window == ROOT);
    Confidence::certain_if(head.is_some_and(marked))
}

/// A list of numbers: the points of an axis, or a spectrum.
#[derive(Clone, Copy)]
enum List {
    Axis(usize),
    Spectrum,
}

/// What a walk gathers.
struct Found<'a> {
    sink: &'a mut dyn Sink,
    left: usize,
    max: usize,
    is_labspec: bool,
    axes: Vec<Lead>,
    /// The list that is being read.
    list: Option<List>,
    points: Numbers,
    values: Numbers,
    /// Lengths of the rows of the matrix.
    rows: u64,
    /// A group that is being read.
    group: Group,
    exposure_s: f64,
    exposures: f64,
    laser_nm: f64,
    start: Option<Civil>,
}

#[derive(Default)]
struct Group {
    name: String,
    value: String,
    unit: String,
    number: String,
}

impl Found<'_> {
    fn open(&mut self, place: &mut Place, name: &str, attributes: &[u8]) {
        match name {
            "LSX_Data" => self.is_labspec = true,
            "LSX" => {
                let id = attribute(attributes, "ID").unwrap_or_default();
                place.rename(&id);
                if let Some((axis, POINTS)) = self.axis(place) {
                    self.list = Some(List::Axis(axis));
                }
            }
            "LSX_Matrix" | "LSX_Row" => {
                self.rows += u64::from(name == "LSX_Row");
                self.list = Some(List::Spectrum);
            }
            _ => {}
        }
    }

    /// The axis, and the element within it, at a place in the element of all axes.
    fn axis<'p>(&mut self, place: &'p Place) -> Option<(usize, &'p str)> {
        let (_, path) = place.path_from(0).split_once(AXES)?;
        let mut parts = path.strip_prefix('/')?.split('/');
        let (number, element) = (parts.next()?, parts.next()?);
        let number = number.strip_prefix("0x")?;
        let number = usize::from_str_radix(number, 16).ok().filter(|number| *number < 16)?;
        if self.axes.len() <= number {
            self.axes.resize(number + 1, Lead::default());
        }
        parts.next().is_none().then_some((number, element))
    }

    fn text(&mut self, piece: &[u8]) {
        match self.list {
            Some(List::Axis(_)) => self.points.take(piece, self.max),
            Some(List::Spectrum) => self.values.take(piece, self.max),
            None => {}
        }
    }

    fn close(&mut self, place: &Place, name: &str, text: Option<&str>) {
        match self.list.take() {
            Some(List::Axis(axis)) => {
                self.points.close(self.max);
                let points = std::mem::take(&mut self.points.values);
                if let Some(axis) = self.axes.get_mut(axis) {
                    axis.points = points;
                }
                return;
            }
            Some(List::Spectrum) => {
                self.values.close(self.max);
                return;
            }
            None => {}
        }
        if name != "LSX" {
            return;
        }
        let Some(text) = text else {
            let group = std::mem::take(&mut self.group);
            self.tell(&group);
            return;
        };
        match self.axis(place) {
            Some((axis, element)) => {
                let Some(axis) = self.axes.get_mut(axis) else { return };
                match element {
                    KIND => text.clone_into(&mut axis.name),
                    UNIT => text.clone_into(&mut axis.unit),
                    _ => {}
                }
            }
            None => match place.path_from(0).rsplit('/').next().unwrap_or_default() {
                NAME => text.clone_into(&mut self.group.name),
                VALUE => text.clone_into(&mut self.group.value),
                UNIT => text.clone_into(&mut self.group.unit),
                NUMBER => text.clone_into(&mut self.group.number),
                _ => {}
            },
        }
    }

    fn tell(&mut self, group: &Group) {
        let Group { name, value, unit, number } = group;
        if name.is_empty() || value.is_empty() || self.left == 0 {
            return;
        }
        self.left -= 1;
        if self.left == 0 {
            let message = "the limit of metadata is reached; the rest was left out";
            self.sink.note(Note::new("limit-reached", message, name.as_str()));
        }
        let is_said = unit.is_empty() || name.contains(unit.as_str());
        let shown = if is_said { value.clone() } else { format!("{value} {unit}") };
        self.sink.metadata(name, &shown);
        match name.as_str() {
            "Acq. time (s)" => self.exposure_s = number_of(value),
            "Accumulations" => self.exposures = number_of(value),
            // The value is a label, `633`, the number beside it the wavelength.
            "Laser (nm)" => {
                let number = number_of(number);
                self.laser_nm = if number.is_nan() { number_of(value) } else { number };
            }
            "Instrument" => self.sink.instrument(value),
            "Acquired" => self.start = Civil::parse(value, DateOrder::DayFirst),
            "Date" if self.start.is_none() => {
                self.start = Civil::parse(value, DateOrder::DayFirst);
            }
            _ => {}
        }
    }
}

fn read(files: &Files, limits: &Limits, sink: &mut dyn Sink) -> Result<(), ReadError> {
    let damaged =
        |what: &str| ReadError::new(Trouble::Damaged, what, "export it from LabSpec again");
    let member = files.only().ok_or_else(|| damaged("a LabSpec XML is one file"))?;
    let mut found = Found {
        sink,
        left: limits.max_metadata,
        max: usize::try_from(limits.max_cells).unwrap_or(usize::MAX),
        is_labspec: false,
        axes: Vec::new(),
        list: None,
        points: Numbers::default(),
        values: Numbers::default(),
        rows: 0,
        group: Group::default(),
        exposure_s: f64::NAN,
        exposures: 1.0,
        laser_nm: f64::NAN,
        start: None,
    };
    let mut xml = Xml::of_source(&Arc::clone(&member.source));
    let ended = walk(&mut xml, |place, step| {
        match step {
            Step::Open(name, attributes) => found.open(place, name, attributes),
            Step::Text(piece) => found.text(piece),
            Step::Close(name, text) => found.close(place, name, text),
        }
        true
    })
    .map_err(|error| ReadError::source(&member.name, &error))?;
    if !found.is_labspec {
        return Err(damaged("there is no element `LSX_Data` in it"));
    }
    signal_of(found, ended);
    Ok(())
}

/// Tells the sink the signal.
fn signal_of(found: Found<'_>, ended: Ended) {
    if let Some(start) = found.start {
        found.sink.started_at(start.start());
    }
    if ended == Ended::Cut {
        let message = "the file is cut off; the spectra before the cut were read";
        found.sink.note(Note::new("truncated-file", message, format!("row {}", found.rows)));
    }
    let Numbers { mut values, odd, beyond, .. } = found.values;
    if odd > 0 {
        let message = format!("{odd} values are no numbers; they are taken as missing");
        found.sink.note(Note::new("unreadable-line", message, "LSX_Matrix"));
    }
    if beyond > 0 {
        let message = "the limit of values is reached; the rest was not read";
        found.sink.note(Note::new("limit-reached", message, "LSX_Matrix"));
    }
    let mut axes = found.axes.into_iter();
    let (intensity, spectral) = (axes.next().unwrap_or_default(), axes.next().unwrap_or_default());
    let mut leads: Vec<Lead> = axes.filter(|axis| !axis.points.is_empty()).collect();
    let points = spectral.points.len();
    let whole = values.len().checked_div(points).unwrap_or(0);
    if whole == 0 {
        found.sink.note(Note::new("no-data", "the file holds no whole spectrum", "LSX_Matrix"));
        return;
    }
    values.truncate(whole * points);
    let planned = leads.iter().try_fold(1_usize, |all, axis| all.checked_mul(axis.points.len()));
    let series = whole > 1 || planned.is_some_and(|planned| planned > 1);
    if planned != Some(whole) && series {
        let planned = planned.map_or_else(|| "more".to_owned(), |planned| planned.to_string());
        let message = format!("{whole} spectra are there, {planned} by the axes of the file");
        found.sink.note(Note::new("incomplete-measurement", message, "LSX_Matrix"));
    }
    // The axes list their points once; the first runs fastest.
    let mut slower = 1_usize;
    for lead in &mut leads {
        let own = std::mem::take(&mut lead.points);
        let at = |number: usize| own.get((number / slower) % own.len()).copied();
        lead.points = (0..whole).filter_map(at).collect();
        slower = slower.saturating_mul(own.len());
    }
    let unit = values_unit(&intensity.unit);
    let counting = counting(&unit, found.exposure_s, found.exposures);
    let mut signal = Signal {
        name: "intensity".to_owned(),
        unit,
        values,
        counting,
        conditions: Vec::new(),
        ..Signal::default()
    };
    if found.laser_nm > 0.0 {
        signal.conditions.push(conditions::LASER_WAVELENGTH.at(found.laser_nm));
    }
    if series {
        let places = places(&leads, whole);
        if places.assumed {
            let message = "the file gives no unit of the positions; they are taken as micrometres";
            found.sink.note(Note::new("unit-assumed", message, "axes"));
        }
        signal.axes.push(places.axis);
        signal.positions = places.positions;
    }
    signal.axes.push(spectral_axis(&spectral.unit, &spectral.name, spectral.points));
    found.sink.signal(signal);
}
