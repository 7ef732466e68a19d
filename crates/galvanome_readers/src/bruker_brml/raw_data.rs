//! Raw data: points, and what stands around them.

use std::io;

use super::columns::{Route, View, ViewKind, axis_unit, scans_of};
use crate::archive::{Archive, Entry};
use crate::diffraction::{About, Beam, Drive, Places, Scan, packed};
use crate::text::clock::{Civil, DateOrder, split_zone};
use crate::text::number::{Cell, Decimal, parse as number};
use crate::xml::attribute;
use crate::xml::numbers::Numbers;
use crate::xml::walk::{Place, Step};

/// What a member of raw data holds.
#[derive(Debug, Default)]
pub(super) struct RawData {
    pub(super) started: String,
    pub(super) status: String,
    routes: Vec<Route>,
    beam: Beam,
    fixed: Vec<Drive>,
    /// Numbers that may still come.
    pub(super) left: usize,
    pub(super) beyond: u64,
    pub(super) odd: u64,
    /// The point that is open.
    point: Option<Numbers>,
    /// The drive whose place comes next.
    drive: String,
}

/// Reads a member. Gives whether it is whole. Errors when the source cannot be read.
pub(super) fn parse(
    archive: &Archive,
    entry: &Entry,
    about: &mut About<'_>,
    part: usize,
    found: &mut RawData,
) -> io::Result<bool> {
    let whole = packed::tell_xml(archive, entry, about, (part, "RawData"), |_, place, step| {
        found.take(place, step)
    })?;
    let (open, route) = (found.point.take(), found.routes.last_mut());
    if let (Some(open), Some(route)) = (open, route) {
        // A point that a cut left open is not whole.
        route.numbers = open.values;
        route.numbers.truncate(route.points_before * route.width);
    }
    let last = found.routes.last().map_or(0, |route| route.numbers.len());
    found.left -= last.min(found.left);
    Ok(whole)
}

impl RawData {
    pub(super) fn new(left: usize) -> Self {
        Self { left, ..Self::default() }
    }

    /// Takes what is needed of a step. Says whether the rest is to be told as metadata.
    fn take(&mut self, place: &Place, step: &Step<'_>) -> bool {
        match step {
            Step::Open("Datum", _) => {
                if let Some(route) = self.routes.last_mut() {
                    self.point = Some(Numbers::behind(std::mem::take(&mut route.numbers)));
                }
                false
            }
            Step::Text(piece) => {
                if let Some(point) = &mut self.point {
                    point.take(piece, self.left);
                }
                false
            }
            Step::Close("Datum", _) => {
                self.close_point();
                false
            }
            Step::Open(name, attributes) => {
                self.open(place, name, attributes);
                true
            }
            Step::Close(name, Some(text)) => {
                self.understand(place, name, text);
                true
            }
            Step::Close(..) => true,
        }
    }

    fn close_point(&mut self) {
        let (Some(mut point), Some(route)) = (self.point.take(), self.routes.last_mut()) else {
            return;
        };
        point.close(self.left);
        self.odd += point.odd;
        self.beyond += point.beyond;
        route.numbers = point.values;
        if route.width == 0 {
            route.width = route.numbers.len();
        }
        let width = route.width.max(1);
        // All before it are whole.
        let over = route.numbers.len() % width;
        let points = route.numbers.len() / width;
        if over > 0 || points != route.points_before + 1 {
            route.numbers.truncate(route.points_before * width);
            route.ragged += 1;
        } else {
            route.points_before = points;
        }
    }

    fn open(&mut self, place: &Place, name: &str, attributes: &[u8]) {
        let of = |name: &str| attribute(attributes, name).unwrap_or_default();
        let value = || match number(of("Value").as_bytes(), Decimal::Point) {
            Cell::Number(number) => Some(number),
            _ => None,
        };
        let path = place.path_from(1);
        match name {
            "DataRoute" => {
                let is_measured = matches!(of("RouteFlag").as_str(), "" | "Measured");
                self.left -=
                    self.routes.last().map_or(0, |route| route.numbers.len()).min(self.left);
                self.routes.push(Route { is_measured, ..Route::default() });
            }
            "WaveLengthAlpha1" => self.beam.k_alpha_1 = value(),
            "WaveLengthAlpha2" => self.beam.k_alpha_2 = value(),
            "WaveLengthBeta" => self.beam.k_beta = value(),
            "WaveLengthRatio" => self.beam.ratio = value(),
            "Radius" if path.contains("SecondaryTracks") && of("Unit") == "mm" => {
                self.beam.radius_mm = value();
            }
            "InfoData" if path.ends_with("Drives/InfoData") => self.drive = of("LogicName"),
            "Position" if path.ends_with("Drives/InfoData/Position") => {
                let name = std::mem::take(&mut self.drive);
                if let (Some(place), false, true) =
                    (value(), name.is_empty(), self.fixed.len() < 64)
                {
                    let unit = axis_unit(&of("Unit"));
                    self.fixed.push(Drive { name, unit, places: Places::Fixed(place) });
                }
            }
            _ => {}
        }
        let Some(route) = self.routes.last_mut() else { return };
        match name {
            "ScanInformation" => route.name = of("VisibleName"),
            "ScanAxisInfo" if route.axes.len() < 64 && path.ends_with("ScanAxes/ScanAxisInfo") => {
                route.axes.push((of("AxisId"), axis_unit(&of("Unit"))));
            }
            "RawDataView" if route.views.len() < 4096 => {
                let place = |name: &str| of(name).parse::<usize>().ok();
                let kind = match of("type").as_str() {
                    "RecordedRawDataView" => ViewKind::Recorded,
                    "VaryingRawDataView" => ViewKind::Varying,
                    _ => ViewKind::Fixed,
                };
                if let (Some(start), Some(len)) = (place("Start"), place("Length")) {
                    let (name, unit) = (of("LogicName"), axis_unit(&of("Unit")));
                    route.views.push(View { kind, start, len, name, unit, fields: Vec::new() });
                }
            }
            "FieldDefinitions" => {
                if let Some(view) =
                    route.views.last_mut().filter(|view| view.fields.len() < view.len)
                {
                    view.fields.push((of("AxisId"), String::new()));
                }
            }
            "Restriction" => {
                let field = route.views.last_mut().and_then(|view| view.fields.last_mut());
                if let Some((_, unit)) = field {
                    *unit = axis_unit(&of("Unit"));
                }
            }
            "Recording" => {
                if let Some(view) = route.views.last_mut() {
                    view.name = of("LogicName");
                }
            }
            "Unit" if path.ends_with("Recording/Unit") => {
                if let Some(view) = route.views.last_mut() {
                    view.unit = of("Base");
                }
            }
            _ => {}
        }
    }

    fn understand(&mut self, place: &Place, name: &str, text: &str) {
        match (name, self.routes.last_mut()) {
            ("TimeStampStarted", None) => text.clone_into(&mut self.started),
            ("MeasurementStatus", None) => text.clone_into(&mut self.status),
            ("MeasurementPoints", Some(route))
                if place.path_from(1).ends_with("ScanInformation/MeasurementPoints") =>
            {
                route.planned = text.parse().ok();
            }
            _ => {}
        }
    }

    /// How many routes hold data that were processed, beside what was measured.
    pub(super) fn processed(&self) -> u64 {
        let measured = self.routes.iter().filter(|route| route.is_measured).count();
        if measured == 0 { 0 } else { (self.routes.len() - measured) as u64 }
    }

    /// The scans that it holds.
    pub(super) fn scans(mut self, label: &str, member: &str, about: &mut About<'_>) -> Vec<Scan> {
        let routes = std::mem::take(&mut self.routes);
        let some_measured = routes.iter().any(|route| route.is_measured);
        let mut scans = Vec::new();
        for route in routes {
            if route.is_measured || !some_measured {
                scans.extend(scans_of(&route, member, about));
            }
        }
        let (time, ahead_s) = split_zone(&self.started).unwrap_or((&self.started, 0.0));
        let started = Civil::parse(time, DateOrder::DayFirst).map(|civil| civil.unix_s(ahead_s));
        let conditions = self.beam.conditions();
        for scan in &mut scans {
            label.clone_into(&mut scan.label);
            scan.started_unix_s = started;
            scan.conditions.clone_from(&conditions);
            for drive in &self.fixed {
                if scan.drive(&drive.name).is_none() {
                    scan.drives.push(drive.clone());
                }
            }
            scan.find_incidence();
        }
        scans
    }
}
