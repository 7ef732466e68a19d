//! Spectra of SPECS instruments as XML, as SpecsLab 2 writes them (`XMLSerializer2`).
//!
//! Groups of regions; a region has settings, detectors, cycles of scans, and a transmission function. A scan holds the
//! counts of all detectors, step by step. Each detector looks at an energy of its own, which its shift times the pass energy
//! gives, and the scan begins and ends some steps before and behind the region so that every detector sees all of it.
//! The spectrum is the sum over the detectors, each at the nearest step, so that counts stay counts.

mod region;

use galvanome_model::measurement::{StartTime, Zone};
use galvanome_model::note::Note;
use quick_xml::Reader;
use quick_xml::events::{BytesStart, Event};

use self::region::Region;
use crate::electrons::{Told, number};
use crate::error::{ReadError, Trouble};
use crate::files::Files;
use crate::format::{Confidence, Format};
use crate::limits::Limits;
use crate::sink::Sink;
use crate::source::head_of;
use crate::text::cells::decode;
use crate::text::clock::iso_of_unix;
use crate::text::table::only;

/// The entry of the list of formats.
pub(crate) const FORMAT: Format =
    Format { id: "specs-xml", name: "SPECS SpecsLab 2 XML", endings: &["xml"], claims, read };

/// The largest file that is read; real ones have some hundred kilobytes.
const XML_MAX: usize = 256 << 20;
/// Elements inside elements; real files have some twenty.
const DEPTH_MAX: usize = 64;

fn claims(files: &Files) -> Confidence {
    let Some(opening) = files.opening() else { return Confidence::No };
    let text = decode(opening.text());
    let is_xml = text.trim_start().starts_with('<');
    Confidence::certain_if(is_xml && text.contains("IDL:specs.de/Serializer/RegionGroup"))
}

fn read(files: &Files, limits: &Limits, sink: &mut dyn Sink) -> Result<(), ReadError> {
    let member = only(files)?;
    let bytes = head_of(member.source.as_ref(), XML_MAX)
        .map_err(|error| ReadError::source(&member.name, &error))?;
    if member.source.len() > XML_MAX as u64 {
        let message = "the file is larger than 256 megabytes; the rest was not read";
        sink.note(Note::new("limit-reached", message, ""));
    }
    let text = decode(&bytes);
    let mut reading = Reading {
        path: Vec::new(),
        group: String::new(),
        region: None,
        regions: 0,
        parameter: String::new(),
        started: false,
        named: false,
    };
    let mut told = Told::new(limits);
    let (whole, at) = reading.read(&text, &mut told, sink);
    if !whole {
        if reading.regions == 0 && reading.region.is_none() {
            return Err(ReadError::new(
                Trouble::Damaged,
                "the XML breaks off before the first region",
                "export it from SpecsLab again",
            )
            .at_byte(at));
        }
        let message =
            "the file is not whole, or not written as XML is; the regions before that are given";
        sink.note(Note::new("truncated-file", message, format!("byte {at}")));
        reading.give(sink);
    }
    told.finish(sink);
    Ok(())
}

/// An open element: what it is, what it is called, and its text.
struct Element {
    tag: String,
    name: String,
    type_name: String,
    text: String,
    /// Whether other elements stand in it.
    parent: bool,
}

struct Reading {
    path: Vec<Element>,
    group: String,
    region: Option<Region>,
    regions: u64,
    /// The name of the parameter whose value comes next.
    parameter: String,
    started: bool,
    named: bool,
}

impl Reading {
    /// Reads a text to its end; false when it is not whole, and how far it was read.
    fn read(&mut self, text: &str, told: &mut Told, sink: &mut dyn Sink) -> (bool, u64) {
        let mut reader = Reader::from_str(text);
        reader.config_mut().check_end_names = false;
        loop {
            let event = reader.read_event();
            let at = reader.buffer_position();
            match event {
                Ok(Event::Start(element)) => {
                    if self.path.len() >= DEPTH_MAX {
                        return (false, at);
                    }
                    self.open(&element);
                }
                Ok(Event::Empty(element)) => {
                    self.open(&element);
                    self.close(told, sink);
                }
                Ok(Event::End(_)) => self.close(told, sink),
                Ok(Event::Text(text)) => {
                    if let Some(element) = self.path.last_mut() {
                        element.text.push_str(&text.xml10_content());
                    }
                }
                Ok(Event::Eof) => return (self.path.is_empty(), at),
                Ok(_) => {}
                Err(_) => return (false, at),
            }
        }
    }

    fn open(&mut self, element: &BytesStart<'_>) {
        if let Some(parent) = self.path.last_mut() {
            parent.parent = true;
            parent.text.clear();
        }
        let (mut name, mut type_name) = (String::new(), String::new());
        for attribute in element.attributes().with_checks(false).flatten() {
            match attribute.key.0 {
                "name" => attribute.value.as_ref().clone_into(&mut name),
                "type_name" => attribute.value.as_ref().clone_into(&mut type_name),
                _ => {}
            }
        }
        if type_name == "RegionData" {
            self.region = Some(Region::default());
        }
        if let Some(region) = &mut self.region {
            match (name.as_str(), type_name.as_str()) {
                ("cycles", _) => region.in_cycles = true,
                (_, "Cycle") => region.new_cycle(),
                (_, "Detector") => region.shifts.push(0.0),
                _ => {}
            }
        }
        let tag = element.name().0.to_owned();
        self.path.push(Element { tag, name, type_name, text: String::new(), parent: false });
    }

    fn close(&mut self, told: &mut Told, sink: &mut dyn Sink) {
        let Some(element) = self.path.pop() else { return };
        if element.type_name == "RegionData" {
            self.give(sink);
            return;
        }
        if let Some(region) = &mut self.region
            && element.name == "cycles"
        {
            region.in_cycles = false;
        }
        if !element.parent {
            self.leaf(&element, told, sink);
        }
    }

    /// Takes an element without others in it.
    fn leaf(&mut self, element: &Element, told: &mut Told, sink: &mut dyn Sink) {
        let value = element.text.trim();
        let parent = self
            .path
            .last()
            .map_or(("", ""), |parent| (parent.name.as_str(), parent.type_name.as_str()));
        let Some(region) = &mut self.region else {
            if parent.1 == "RegionGroup" && element.name == "name" {
                value.clone_into(&mut self.group);
                told.tell("group", value, sink);
            }
            return;
        };
        match (parent, element.name.as_str()) {
            ((_, "RegionData"), "name") => value.clone_into(&mut region.name),
            ((_, "Detector"), "shift") => {
                if let Some(shift) = region.shifts.last_mut() {
                    *shift = number(value).unwrap_or(0.0);
                }
                return;
            }
            ((_, "Detector"), _) => return,
            (("counts", _), _) if element.tag == "ulong" || element.tag == "double" => {
                region.scan(value);
                return;
            }
            (("transmission", _), _) if element.tag == "double" => {
                region.transmission = numbers(value);
                return;
            }
            ((_, "Cycle"), "time") => {
                let start = number(value).and_then(iso_of_unix);
                if let Some(iso) = start.filter(|_| !self.started) {
                    self.started = true;
                    sink.started_at(StartTime { iso, zone: Zone::Stated });
                }
            }
            (("analyzer_info", _), "name") if !self.named && !value.is_empty() => {
                self.named = true;
                sink.instrument(value);
            }
            ((_, "Parameter"), "name") => {
                value.clone_into(&mut self.parameter);
                return;
            }
            (("value", _), _) => {
                // Thresholds and dead times of each detector are not told one by one.
                let of_detector = self.path.iter().any(|open| open.type_name == "Detector");
                if !of_detector {
                    told.tell(&format!("{}: {}", region.name, self.parameter), value, sink);
                }
                return;
            }
            _ => region.setting(&element.name, value),
        }
        if !element.name.is_empty() {
            let key = format!("{}: {}", region.name, element.name);
            told.tell(
                if element.name == "name" && parent.1 == "RegionData" { "region" } else { &key },
                value,
                sink,
            );
        }
    }

    /// Gives the region that is being read, if there is one.
    fn give(&mut self, sink: &mut dyn Sink) {
        if let Some(region) = self.region.take() {
            self.regions += 1;
            region.give(&self.group, sink);
        }
    }
}

/// All numbers of a text.
fn numbers(text: &str) -> Vec<f64> {
    text.split_ascii_whitespace().map(|word| number(word).unwrap_or(f64::NAN)).collect()
}
