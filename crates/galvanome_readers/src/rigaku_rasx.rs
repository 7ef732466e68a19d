//! Rigaku `.rasx`: a zip in which `Data0/Profile0.txt` holds places, intensities and the attenuator's factors, and
//! `Data0/MesurementConditions0.xml` what was measured and how. Source: real files, which are plain text and XML.

use std::io;

use galvanome_model::measurement::{StartTime, Zone};
use galvanome_model::note::Note;

use crate::archive::{Archive, End, Entry, note_differs};
use crate::diffraction::{self, About, Beam, Drive, Places, Scan, packed};
use crate::error::{ReadError, Trouble};
use crate::files::Files;
use crate::format::{Confidence, Format};
use crate::limits::Limits;
use crate::sink::Sink;
use crate::text::clock::{Civil, DateOrder, split_zone};
use crate::text::number::{Cell, Decimal, parse as number_of};
use crate::text::numbers::Numbers;
use crate::xml::attribute;
use crate::xml::walk::{Place, Step};

/// The entry of the list of formats.
pub(crate) const FORMAT: Format =
    Format { id: "rigaku-rasx", name: "Rigaku rasx", endings: &["rasx"], claims, read };

/// Drives whose places are of use; the others are slits and optics.
const DRIVES: [&str; 8] = ["TwoTheta", "Omega", "Chi", "Phi", "X", "Y", "Z", "TwoThetaChi"];

/// The number of the profile or of the conditions that a member holds.
fn number(entry: &Entry, before: &str, behind: &str) -> Option<u32> {
    let folder = entry.name.strip_suffix(entry.file_name())?.trim_end_matches(['/', '\\']);
    let folder = folder.rsplit(['/', '\\']).next()?;
    packed::number_of(folder, "Data", "")?;
    packed::number_of(entry.file_name(), before, behind).filter(|_| !entry.climbs())
}

fn profile(entry: &Entry) -> Option<u32> {
    number(entry, "Profile", ".txt")
}

/// Rigaku writes the word so.
fn conditions(entry: &Entry) -> Option<u32> {
    number(entry, "MesurementConditions", ".xml")
        .or_else(|| number(entry, "MeasurementConditions", ".xml"))
}

fn claims(files: &Files) -> Confidence {
    let Ok(Some(archive)) = Archive::open(files) else { return Confidence::No };
    let own = |entry: &Entry| profile(entry).or_else(|| conditions(entry)).is_some();
    Confidence::certain_if(archive.entries.iter().any(own))
}

/// What the conditions of a profile say.
#[derive(Debug, Default)]
struct Said {
    along: String,
    place_unit: String,
    intensity_unit: String,
    started: String,
    speed: Option<f64>,
    speed_unit: String,
    points: Option<usize>,
    wave: String,
    beam: Beam,
    fixed: Vec<Drive>,
}

impl Said {
    fn take(&mut self, place: &Place, step: &Step<'_>) {
        let number = |text: &str| match number_of(text.as_bytes(), Decimal::Point) {
            Cell::Number(number) => Some(number),
            _ => None,
        };
        match step {
            Step::Open("Axis", attributes) => {
                let of = |name: &str| attribute(attributes, name).unwrap_or_default();
                let (name, unit) = (of("Name"), of("Unit"));
                let is_of_use = of("State") == "Fixed" && DRIVES.contains(&name.as_str());
                if let Some(place) =
                    number(&of("Position")).filter(|_| is_of_use && self.fixed.len() < 64)
                {
                    self.fixed.push(Drive { name, unit, places: Places::Fixed(place) });
                }
            }
            Step::Open("Distance", attributes) => {
                let of = |name: &str| attribute(attributes, name).unwrap_or_default();
                let to_detector = of("To") == "Detector" && of("From") == "AttachmentStage";
                if to_detector && of("Unit") == "mm" {
                    self.beam.radius_mm = number(&of("Value"));
                }
            }
            Step::Close(name, Some(text)) => {
                if place.path_from(1).starts_with("ScanInformation/") {
                    match *name {
                        "AxisName" => (*text).clone_into(&mut self.along),
                        "PositionUnit" => (*text).clone_into(&mut self.place_unit),
                        "IntensityUnit" => (*text).clone_into(&mut self.intensity_unit),
                        "StartTime" => (*text).clone_into(&mut self.started),
                        "Speed" => self.speed = number(text),
                        "SpeedUnit" => (*text).clone_into(&mut self.speed_unit),
                        "DataCount" => self.points = text.parse().ok(),
                        _ => {}
                    }
                }
                match *name {
                    "WavelengthKalpha1" => self.beam.k_alpha_1 = number(text),
                    "WavelengthKalpha2" => self.beam.k_alpha_2 = number(text),
                    "WavelengthKbeta" => self.beam.k_beta = number(text),
                    "WaveType" => (*text).clone_into(&mut self.wave),
                    _ => {}
                }
            }
            _ => {}
        }
    }

    /// What a scan of some places is.
    fn scan(mut self) -> Scan {
        self.beam.is_doublet = self.wave == "Ka";
        if self.wave == "Kb" {
            self.beam.used = self.beam.k_beta;
        }
        let unit = match self.intensity_unit.as_str() {
            "cps" => "counts/s",
            other => other,
        };
        // While two drives move together, the places of the single ones are those of before.
        let is_coupled = !DRIVES.contains(&self.along.as_str());
        let single = |drive: &Drive| matches!(drive.name.as_str(), "TwoTheta" | "Omega");
        self.fixed.retain(|drive| drive.name != self.along && !(is_coupled && single(drive)));
        let is_time = matches!(self.speed_unit.as_str(), "sec" | "s");
        let time_s = self.speed.filter(|time| is_time && *time > 0.0);
        let (time, ahead_s) = split_zone(&self.started).unwrap_or((&self.started, 0.0));
        Scan {
            counts_per_unit: match unit {
                "counts" => Some(1.0),
                "counts/s" => time_s,
                _ => None,
            },
            unit: unit.to_owned(),
            started_unix_s: Civil::parse(time, DateOrder::DayFirst)
                .map(|civil| civil.unix_s(ahead_s)),
            time_s: time_s.map(Places::Fixed),
            conditions: self.beam.conditions(),
            drives: self.fixed,
            along: self.along,
            ..Scan::default()
        }
    }
}

fn read(files: &Files, limits: &Limits, sink: &mut dyn Sink) -> Result<(), ReadError> {
    let failed = |error: io::Error| ReadError::source(files.name(), &error);
    let archive = Archive::open(files).map_err(failed)?.ok_or_else(|| {
        let remedy = "fetch the file from the instrument again";
        ReadError::new(Trouble::Damaged, "the file does not begin as a zip does", remedy)
    })?;
    let mut about = About::new(limits, sink);
    let scans = read_archive(files, &archive, limits, &mut about).map_err(failed)?;
    about.finish();
    if scans.is_empty() {
        sink.note(Note::new("no-data", "no profile with a point is in it", ""));
    }
    diffraction::tell(scans, sink);
    Ok(())
}

fn read_archive(
    files: &Files,
    archive: &Archive,
    limits: &Limits,
    about: &mut About<'_>,
) -> io::Result<Vec<Scan>> {
    let mut cut = Vec::new();
    if !archive.whole {
        cut.push("its end".to_owned());
    }
    let mut numbers: Vec<u32> = archive
        .entries
        .iter()
        .filter_map(|entry| profile(entry).or_else(|| conditions(entry)))
        .collect();
    numbers.sort_unstable();
    numbers.dedup();
    let several = numbers.len() > 1;
    let mut scans = Vec::new();
    for (part, number) in (1..).zip(numbers) {
        let of = |which: fn(&Entry) -> Option<u32>| {
            archive.entries.iter().find(|entry| which(entry) == Some(number))
        };
        let mut said = Said::default();
        if let Some(entry) = of(conditions) {
            let whole =
                packed::tell_xml(archive, entry, about, (part, "Data"), |about, place, step| {
                    if let Step::Close("SystemName", Some(text)) = step {
                        about.sink.instrument(text);
                    }
                    said.take(place, step);
                    true
                })?;
            if !whole {
                cut.push(entry.name.clone());
            }
        }
        if part == 1 && said.started.len() >= 10 {
            let zone = if split_zone(&said.started).is_some() { Zone::Stated } else { Zone::Local };
            about.sink.started_at(StartTime { iso: said.started.clone(), zone });
        }
        let Some(entry) = of(profile) else { continue };
        let (bytes, end, differs) = archive.bytes(entry, packed::text_max(files))?;
        if differs {
            note_differs(&entry.name, entry.name.clone(), about.sink);
        }
        if end == End::TooLong {
            let message = "the profile unpacks to far more than profiles are long; it was left out";
            about.sink.note(Note::new("limit-reached", message, entry.name.clone()));
            continue;
        }
        let is_cut = end != End::Whole;
        if is_cut {
            cut.push(entry.name.clone());
        }
        let (place_unit, points) = (said.place_unit.clone(), said.points);
        let mut scan = said.scan();
        take_profile(&bytes, is_cut, &place_unit, &mut scan, limits, (entry, about));
        if let Some(points) = points.filter(|points| *points > scan.values.len() && !is_cut) {
            let message = format!("{points} points were planned, {} are there", scan.values.len());
            about.sink.note(Note::new("incomplete-measurement", message, entry.name.clone()));
        }
        if several {
            scan.label = format!("Data{number}");
        }
        if !scan.values.is_empty() {
            scan.find_incidence();
            scans.push(scan);
        }
    }
    packed::note_cut(&cut, about);
    Ok(scans)
}

/// Reads the rows of a profile into a scan: the place, the intensity, the attenuator's factor.
fn take_profile(
    bytes: &[u8],
    is_cut: bool,
    place_unit: &str,
    scan: &mut Scan,
    limits: &Limits,
    (entry, about): (&Entry, &mut About<'_>),
) {
    let mut note = |code: &str, message: String| {
        about.sink.note(Note::new(code, message, entry.name.clone()));
    };
    let bytes = bytes.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(bytes);
    // Of a row that was cut off the last number may lack digits.
    let whole = if is_cut {
        bytes.iter().rposition(|&byte| byte == b'\n').unwrap_or(0)
    } else {
        bytes.len()
    };
    let mut rows = Numbers::default();
    let mut odd = 0;
    for line in bytes.get(..whole).unwrap_or_default().split(|&byte| byte == b'\n') {
        if !line.trim_ascii().is_empty() && !rows.take(line, Decimal::Point, limits) {
            odd += 1;
        }
    }
    if odd + rows.ragged > 0 {
        note(
            "unreadable-line",
            format!("{} lines are no rows of numbers; they were left out", odd + rows.ragged),
        );
    }
    if rows.beyond > 0 {
        note(
            "limit-reached",
            format!("{} rows lie beyond the limit and were not read", rows.beyond),
        );
    }
    let mut columns = rows.columns.into_iter();
    let (Some(places), Some(values)) = (columns.next(), columns.next()) else { return };
    let name = if scan.along.is_empty() { "position".to_owned() } else { scan.along.clone() };
    scan.drives
        .insert(0, Drive { name, unit: place_unit.to_owned(), places: Places::Listed(places) });
    scan.values = values;
    let factors = columns.next().unwrap_or_default();
    if let Some(factor) = factors.iter().find(|&&factor| factor != 1.0) {
        note(
            "unapplied-correction",
            format!(
                "an attenuator of factor {factor} stood in the beam. Whether the intensities hold it is not known, so that it was not applied; where it changes it stands beside them as `attenuation_factor`"
            ),
        );
        let (name, unit) = ("attenuation_factor".to_owned(), "1".to_owned());
        scan.drives.push(Drive { name, unit, places: Places::of(factors) });
    }
}
