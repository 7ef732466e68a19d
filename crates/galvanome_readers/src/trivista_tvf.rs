//! TriVista `.tvf`: what the software of Teledyne Princeton's triple spectrometers (S&I) stores of spectra and maps, in XML.
//!
//! A document holds the points of its axis in an attribute (`ValueArray`, behind their number) and its spectra as frames: text
//! of numbers with semicolons between, each with the time at which it was taken and the place of the stage. What the user set
//! stands as XML within an attribute (`InfoSerialized`).
//!
//! The unit of places stands nowhere in the file. The software's own start and step are a thousandth of them and are taken as
//! micrometres by another reader; so places are taken as nanometres, and a note says so.

use std::sync::Arc;

use galvanome_model::measurement::{StartTime, Zone};
use galvanome_model::note::Note;
use galvanome_model::signal::{Signal, conditions};

use crate::error::{ReadError, Trouble};
use crate::files::Files;
use crate::format::{Confidence, Format};
use crate::limits::Limits;
use crate::optical::{Lead, counting, number_of, places, spectral_axis, values_unit};
use crate::sink::Sink;
use crate::source::head_of;
use crate::text::clock::iso_of_unix;
use crate::xml::numbers::Numbers;
use crate::xml::walk::{Ended, Step, walk};
use crate::xml::{Attributes, Xml, attribute};

/// The entry of the list of formats.
pub(crate) const FORMAT: Format =
    Format { id: "trivista-tvf", name: "TriVista tvf", endings: &["tvf"], claims, read };

/// Bytes in which the outermost element begins.
const HEAD: usize = 1024;
const MARKS: [&[u8]; 2] = [b"<!--TriVista-File", b"<XmlMain"];

/// Ticks of .NET, tenths of microseconds since the year 1, from 1970 on, and their number in a second.
const TICKS_1970: i64 = 621_355_968_000_000_000;
const TICKS: f64 = 1e7;

fn claims(files: &Files) -> Confidence {
    let head = files.only().and_then(|member| head_of(member.source.as_ref(), HEAD).ok());
    let has = |head: &[u8], mark: &[u8]| head.windows(mark.len()).any(|window| window == mark);
    Confidence::certain_if(head.is_some_and(|head| MARKS.iter().all(|mark| has(&head, mark))))
}

/// A document: an axis, and spectra on it.
#[derive(Default)]
struct Document {
    label: String,
    unit: String,
    axis_unit: String,
    laser_nm: f64,
    axis: Vec<f64>,
    values: Vec<f64>,
    /// Place and time in ticks of each spectrum.
    places: Vec<[f64; 3]>,
    ticks: Vec<i64>,
    /// Spectra that have another number of points than the axis, and those that hold what is no number.
    ragged: u64,
    odd: u64,
    exposure_s: f64,
    exposures: f64,
}

struct Found<'a> {
    sink: &'a mut dyn Sink,
    left: usize,
    max: usize,
    is_trivista: bool,
    document: Option<Document>,
    /// The spectrum that is being read, with what its tag says.
    frame: Option<(Numbers, [f64; 3], i64)>,
    started: bool,
    signals: usize,
}

impl Found<'_> {
    fn tell(&mut self, key: &str, value: &str) {
        if value.is_empty() || self.left == 0 {
            return;
        }
        self.left -= 1;
        if self.left == 0 {
            let message = "the limit of metadata is reached; the rest was left out";
            self.sink.note(Note::new("limit-reached", message, key));
        }
        self.sink.metadata(key, value);
    }

    fn open(&mut self, path: &str, name: &str, attributes: &[u8]) {
        let said = |key: &str| attribute(attributes, key).unwrap_or_default();
        match name {
            "XmlMain" => self.is_trivista = true,
            "Document" => {
                let document = Document {
                    label: said("Label"),
                    unit: values_unit(&said("DataLabel")),
                    laser_nm: f64::NAN,
                    exposure_s: f64::NAN,
                    exposures: 1.0,
                    ..Document::default()
                };
                self.document = Some(document);
            }
            "Frame" => {
                let mut place = said("ValuePosition");
                place = place.replace(',', ".");
                let mut parts = place.split(';').map(number_of);
                let place = [(); 3].map(|()| parts.next().unwrap_or(f64::NAN));
                let ticks = said("TimeStamp").parse().unwrap_or(0);
                self.frame = Some((Numbers::default(), place, ticks));
                return;
            }
            "Calibration" if path.contains("/xDim/") => {
                self.axis(attributes);
                return;
            }
            _ => {}
        }
        for (key, value) in Attributes(attributes) {
            let key = String::from_utf8_lossy(key);
            if key == "InfoSerialized" || key == "FileInfoSerialized" {
                self.settings(&said(&key));
            } else if value.len() <= 256 {
                let value = said(&key);
                self.tell(&format!("{path}/{key}"), &value);
            }
        }
    }

    /// The points of the axis.
    fn axis(&mut self, attributes: &[u8]) {
        let Some(document) = &mut self.document else { return };
        let list = attribute(attributes, "ValueArray").unwrap_or_default();
        // The number of points stands before them.
        document.axis = list.split('|').skip(1).map(number_of).take(self.max).collect();
        document.axis_unit = attribute(attributes, "Unit").unwrap_or_default();
        let laser = attribute(attributes, "LaserWave").map_or(f64::NAN, |laser| number_of(&laser));
        if laser > 0.0 {
            document.laser_nm = laser;
        }
        let unit = document.axis_unit.clone();
        self.tell("xDim/Unit", &unit);
    }

    /// What the user set: XML in an attribute, of groups with a name, of items with a name and a value.
    fn settings(&mut self, text: &str) {
        let mut xml = Xml::of_source(&(Arc::new(text.as_bytes().to_vec()) as _));
        let (mut groups, mut item) = (Vec::<String>::new(), String::new());
        let mut entries = Vec::new();
        // A text in memory can always be read.
        let _ = walk(&mut xml, |place, step| {
            let path = place.path_from(0);
            match step {
                Step::Open("Group", _) => groups.push(String::new()),
                Step::Close("Group", _) => drop(groups.pop()),
                Step::Close("Name", Some(text)) if path.ends_with("Item/Name") => {
                    text.clone_into(&mut item);
                }
                Step::Close("Name", Some(text)) => {
                    if let Some(group) = groups.last_mut() {
                        text.clone_into(group);
                    }
                }
                Step::Close("Value", Some(text)) => {
                    entries.push((groups.join("/"), std::mem::take(&mut item), text.to_owned()));
                }
                _ => {}
            }
            true
        });
        for (group, name, value) in entries {
            if let Some(document) = &mut self.document {
                match name.as_str() {
                    "Exposure_Time_(ms)" => document.exposure_s = number_of(&value) * 1e-3,
                    "No_of_Accumulations" => document.exposures = number_of(&value),
                    _ => {}
                }
            }
            self.tell(&format!("{group}/{name}"), &value);
        }
    }

    fn close(&mut self, name: &str) {
        match name {
            "Frame" => self.end_frame(),
            "Document" => self.end_document(),
            _ => {}
        }
    }

    fn end_frame(&mut self) {
        let (Some((mut numbers, place, ticks)), Some(document)) =
            (self.frame.take(), &mut self.document)
        else {
            return;
        };
        numbers.close(self.max);
        let points = document.axis.len();
        let room = self.max.saturating_sub(document.values.len()) >= points;
        if numbers.values.len() != points || points == 0 || !room {
            document.ragged += 1;
            return;
        }
        document.odd += numbers.odd;
        document.values.extend(numbers.values);
        document.places.push(place);
        document.ticks.push(ticks);
    }

    fn end_document(&mut self) {
        let Some(document) = self.document.take() else { return };
        if let Some(&first) = document.ticks.first()
            && !self.started
        {
            // The clock of the computer, written as if it were UTC.
            let seconds = first.saturating_sub(TICKS_1970) as f64 / TICKS;
            if let Some(iso) = iso_of_unix(seconds) {
                let iso = iso.trim_end_matches('Z').to_owned();
                self.sink.started_at(StartTime { iso, zone: Zone::Local });
                self.started = true;
            }
        }
        self.signals += 1;
        signal_of(document, self.sink);
    }
}

fn read(files: &Files, limits: &Limits, sink: &mut dyn Sink) -> Result<(), ReadError> {
    let damaged = |what: &str| {
        ReadError::new(Trouble::Damaged, what, "save it from TriVista's software again")
    };
    let member = files.only().ok_or_else(|| damaged("a tvf is one file"))?;
    let mut found = Found {
        sink,
        left: limits.max_metadata,
        max: usize::try_from(limits.max_cells).unwrap_or(usize::MAX),
        is_trivista: false,
        document: None,
        frame: None,
        started: false,
        signals: 0,
    };
    let mut xml = Xml::of_source(&Arc::clone(&member.source));
    let ended = walk(&mut xml, |place, step| {
        match step {
            Step::Open(name, attributes) => found.open(place.path_from(0), name, attributes),
            Step::Text(piece) => {
                if let Some((numbers, _, _)) = &mut found.frame {
                    numbers.take(piece, found.max);
                }
            }
            Step::Close(name, _) => found.close(name),
        }
        true
    })
    .map_err(|error| ReadError::source(&member.name, &error))?;
    if !found.is_trivista {
        return Err(damaged("there is no element `XmlMain` in it"));
    }
    if ended == Ended::Cut {
        let spectra = found.document.as_ref().map_or(0, |document| document.places.len());
        let message = "the file is cut off; the spectra before the cut were read";
        found.sink.note(Note::new("truncated-file", message, format!("frame {spectra}")));
        // The spectrum that is cut is no whole one.
        found.frame = None;
        found.end_document();
    }
    if found.signals == 0 {
        found.sink.note(Note::new("no-data", "no document with spectra is in it", ""));
    }
    Ok(())
}

/// Tells the sink the signal of a document.
fn signal_of(document: Document, sink: &mut dyn Sink) {
    let place = format!("document {}", document.label);
    if document.ragged > 0 {
        let message = format!(
            "{} spectra have another number of points than the axis, which has {}; they were left out",
            document.ragged,
            document.axis.len()
        );
        sink.note(Note::new("ragged-spectra", message, place.as_str()));
    }
    if document.odd > 0 {
        let message = format!("{} values are no numbers; they are taken as missing", document.odd);
        sink.note(Note::new("unreadable-line", message, place.as_str()));
    }
    let spectra = document.places.len();
    if spectra == 0 {
        sink.note(Note::new("no-data", "the document holds no whole spectrum", place));
        return;
    }
    let mut signal = Signal {
        name: "intensity".to_owned(),
        label: document.label,
        values: document.values,
        counting: counting(&document.unit, document.exposure_s, document.exposures),
        unit: document.unit,
        ..Signal::default()
    };
    if document.laser_nm > 0.0 {
        signal.conditions.push(conditions::LASER_WAVELENGTH.at(document.laser_nm));
    }
    if spectra > 1 {
        let lead = |name: &str, coordinate: usize| Lead {
            name: name.to_owned(),
            unit: "nm".to_owned(),
            points: document.places.iter().filter_map(|at| at.get(coordinate).copied()).collect(),
        };
        let moved = |lead: &Lead| lead.points.windows(2).any(|pair| pair[0] != pair[1]);
        let stage = [lead("X", 0), lead("Y", 1), lead("Z", 2)];
        let leads: Vec<Lead> = if stage.iter().any(moved) {
            let message = "the file gives no unit of the places of its stage; they are taken as nanometres, of which the steps that the user set are a thousandth";
            sink.note(Note::new("unit-assumed", message, place.as_str()));
            if moved(&stage[0]) || moved(&stage[1]) { stage.into() } else { vec![lead("Z", 2)] }
        } else {
            // Nothing moved: the spectra follow each other in time.
            let first = document.ticks.first().copied().unwrap_or(0);
            let since = |ticks: &i64| ticks.saturating_sub(first) as f64 / TICKS;
            let points = document.ticks.iter().map(since).collect();
            vec![Lead { name: "Time".to_owned(), unit: "s".to_owned(), points }]
        };
        let places = places(&leads, spectra);
        signal.axes.push(places.axis);
        signal.positions = places.positions;
    }
    signal.axes.push(spectral_axis(&document.axis_unit, "", document.axis));
    sink.signal(signal);
}
