//! From XML to scans as the file holds them, and its metadata on the way.

use std::collections::BTreeMap;
use std::io;
use std::sync::Arc;

use galvanome_model::measurement::{StartTime, Zone};
use galvanome_model::note::Note;

use super::scan::{DriveFound, Line, ScanFound};
use crate::diffraction::About;
use crate::limits::Limits;
use crate::sink::Sink;
use crate::source::Source;
use crate::text::clock::split_zone;
use crate::text::number::{Cell, Decimal, parse as number_of};
use crate::xml::numbers::Numbers;
use crate::xml::walk::{Ended, Place, Step, walk};
use crate::xml::{Attributes, Xml, attribute};

/// What a file holds.
pub(super) struct Found {
    /// Whether its outermost element is that of the format.
    pub(super) is_xrdml: bool,
    /// The version of the schema.
    pub(super) version: Option<String>,
    pub(super) scans: Vec<ScanFound>,
    pub(super) ended: Ended,
}

/// Lists of numbers in a scan.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum List {
    Positions,
    Intensities,
    Counts,
    Factors,
    Times,
}

/// The list that an element is.
fn list_of(name: &str) -> Option<List> {
    Some(match name {
        "listPositions" => List::Positions,
        "intensities" => List::Intensities,
        "counts" => List::Counts,
        "beamAttenuationFactors" => List::Factors,
        "countingTimes" => List::Times,
        _ => return None,
    })
}

struct Parser<'a> {
    about: About<'a>,
    /// Numbers of a list that are kept.
    max: usize,
    is_xrdml: bool,
    version: Option<String>,
    measurements: usize,
    line: Line,
    stepped: String,
    transmission: bool,
    /// What the first scan of a measurement said: later ones tell what differs.
    said: BTreeMap<String, String>,
    scans: Vec<ScanFound>,
    /// Scans of measurements before this one.
    before: usize,
    /// Whether a scan is open.
    in_scan: bool,
    list: Option<(List, Numbers)>,
    odd: u64,
    beyond: u64,
    instrument: bool,
}

/// Reads the XML. Errors when the source cannot be read.
pub(super) fn parse(
    source: &Arc<dyn Source>,
    limits: &Limits,
    sink: &mut dyn Sink,
) -> io::Result<Found> {
    let mut parser = Parser {
        about: About::new(limits, sink),
        max: usize::try_from(limits.max_rows).unwrap_or(usize::MAX),
        is_xrdml: false,
        version: None,
        measurements: 0,
        line: Line::default(),
        stepped: String::new(),
        transmission: false,
        said: BTreeMap::new(),
        scans: Vec::new(),
        before: 0,
        in_scan: false,
        list: None,
        odd: 0,
        beyond: 0,
        instrument: false,
    };
    let mut xml = Xml::of_source(source);
    let ended = walk(&mut xml, |place, step| {
        match step {
            Step::Open(name, attributes) => parser.open(place, name, attributes),
            Step::Text(piece) => parser.text(piece),
            Step::Close(name, text) => parser.close(place, name, text),
        }
        true
    })?;
    // What a cut left open: its last number may lack digits.
    if let Some((list, numbers)) = parser.list.take() {
        parser.keep(list, numbers);
        if let Some(scan) = parser.scans.last_mut() {
            scan.cut = true;
        }
    } else if let Some(scan) = parser.scans.last_mut().filter(|_| parser.in_scan) {
        scan.cut = scan.values().is_empty();
    }
    parser.notes();
    let Parser { about, is_xrdml, version, scans, .. } = parser;
    about.finish();
    Ok(Found { is_xrdml, version, scans, ended })
}

impl Parser<'_> {
    fn open(&mut self, place: &mut Place, name: &str, attributes: &[u8]) {
        let of = |name: &str| attribute(attributes, name);
        match name {
            "xrdMeasurements" => {
                self.is_xrdml = true;
                let schema = of("xmlns");
                self.version =
                    schema.and_then(|schema| Some(schema.rsplit_once('/')?.1.to_owned()));
            }
            "xrdMeasurement" => {
                self.measurements += 1;
                self.before = self.scans.len();
                self.said.clear();
                self.line = Line::default();
                self.stepped = of("measurementStepAxis").unwrap_or_default();
                self.transmission = of("sampleMode").is_some_and(|mode| mode == "Transmission");
                if self.measurements > 1 {
                    place.rename(&format!("xrdMeasurement[{}]", self.measurements));
                }
            }
            "usedWavelength" => self.line.intended = of("intended").unwrap_or_default(),
            "scan" => {
                self.in_scan = true;
                self.scans.push(ScanFound {
                    along: of("scanAxis").unwrap_or_default(),
                    status: of("status").unwrap_or_default(),
                    stepped: self.stepped.clone(),
                    transmission: self.transmission,
                    line: self.line.clone(),
                    ..ScanFound::default()
                });
                if self.scans.len() - self.before > 1 {
                    place.rename(&format!("scan[{}]", self.scans.len() - self.before));
                }
            }
            "positions" | "position" => {
                if let Some(axis) = of("axis") {
                    place.rename(&format!("{name}[{axis}]"));
                    if let Some(scan) = self.scans.last_mut().filter(|_| name == "positions") {
                        let unit = of("unit").unwrap_or_default();
                        scan.drives.push(DriveFound { name: axis, unit, ..DriveFound::default() });
                    }
                }
            }
            _ => {
                if self.in_scan {
                    self.list = list_of(name).map(|list| (list, Numbers::default()));
                    if let (Some((List::Intensities | List::Counts, _)), Some(scan)) =
                        (&self.list, self.scans.last_mut())
                    {
                        scan.unit = of("unit").unwrap_or_default();
                    }
                }
            }
        }
        for (name, value) in Attributes(attributes) {
            // Names of schemas are no facts about the measurement; which they are the root tells.
            let skip = ["xsi", "schemaLocation", "axis"].iter().any(|own| name == own.as_bytes());
            if !skip && !value.is_empty() {
                let name = String::from_utf8_lossy(name);
                let key = format!("{}@{name}", place.path_from(1));
                let value = attribute(attributes, &name).unwrap_or_default();
                self.metadata(&key, &value);
            }
        }
    }

    fn text(&mut self, piece: &[u8]) {
        if let Some((_, numbers)) = &mut self.list {
            numbers.take(piece, self.max);
        }
    }

    fn close(&mut self, place: &Place, name: &str, text: Option<&str>) {
        if let Some((list, mut numbers)) = self.list.take() {
            numbers.close(self.max);
            self.keep(list, numbers);
            return;
        }
        if name == "scan" {
            self.in_scan = false;
        }
        let Some(text) = text.filter(|text| !text.is_empty()) else { return };
        let path = place.path_from(1);
        self.understand(path, name, text);
        self.metadata(path, text);
    }

    /// Takes what is needed of a text.
    fn understand(&mut self, path: &str, name: &str, text: &str) {
        let number = || match number_of(text.as_bytes(), Decimal::Point) {
            Cell::Number(number) => Some(number),
            _ => None,
        };
        match name {
            "kAlpha1" => self.line.beam.k_alpha_1 = number(),
            "kAlpha2" => self.line.beam.k_alpha_2 = number(),
            "kBeta" => self.line.beam.k_beta = number(),
            "ratioKAlpha2KAlpha1" => self.line.beam.ratio = number(),
            "radius" if path.ends_with("diffractedBeamPath/radius") => {
                self.line.beam.radius_mm = number();
            }
            "instrumentControlSoftware" if !self.instrument => {
                self.instrument = true;
                self.about.sink.instrument(text);
            }
            _ => {}
        }
        let first = self.scans.len() == 1;
        let Some(scan) = self.scans.last_mut().filter(|_| self.in_scan) else { return };
        match name {
            "startTimeStamp" => {
                text.clone_into(&mut scan.started);
                if first && text.len() >= 10 {
                    let zone = if split_zone(text).is_some() { Zone::Stated } else { Zone::Local };
                    self.about.sink.started_at(StartTime { iso: text.to_owned(), zone });
                }
            }
            "commonCountingTime" => scan.time_s = number(),
            "commonBeamAttenuationFactor" => scan.factors = number().into_iter().collect(),
            "divergenceCorrections" | "commonDivergenceCorrection" => scan.diverges = true,
            "commonPosition" | "startPosition" | "endPosition" => {
                if let Some(drive) = scan.drives.last_mut() {
                    match name {
                        "commonPosition" => drive.common = number(),
                        "startPosition" => drive.start = number(),
                        _ => drive.end = number(),
                    }
                }
            }
            _ => {}
        }
    }

    /// Keeps a list in the scan that it is of.
    fn keep(&mut self, list: List, numbers: Numbers) {
        self.odd += numbers.odd;
        self.beyond += numbers.beyond;
        let Some(scan) = self.scans.last_mut() else { return };
        let values = numbers.values;
        match list {
            List::Intensities => scan.intensities = values,
            List::Counts => scan.counts = values,
            List::Factors => scan.factors = values,
            List::Times => scan.times_s = values,
            List::Positions => {
                if let Some(drive) = scan.drives.last_mut() {
                    drive.listed = Some(values);
                }
            }
        }
    }

    fn metadata(&mut self, key: &str, value: &str) {
        if self.in_scan {
            // Of later scans what the first one did not say.
            let behind = key
                .split_once("scan")
                .and_then(|(_, rest)| rest.split_once(['/', '@']).map(|(_, own)| own.to_owned()));
            let behind = behind.unwrap_or_default();
            if self.scans.len() - self.before == 1 {
                self.said.insert(behind, value.to_owned());
            } else if self.said.get(&behind).is_some_and(|said| said == value) {
                return;
            }
        }
        self.about.tell(key, value);
    }

    fn notes(&mut self) {
        if self.odd > 0 {
            let message = format!(
                "{} words in lists of numbers are no numbers; they are taken as missing values",
                self.odd
            );
            self.about.sink.note(Note::new("unreadable-value", message, "dataPoints"));
        }
        if self.beyond > 0 {
            let message =
                format!("{} numbers of lists lie beyond the limit and were not read", self.beyond);
            self.about.sink.note(Note::new("limit-reached", message, "dataPoints"));
        }
    }
}
