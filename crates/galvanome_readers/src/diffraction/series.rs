//! Signals of scans that belong together.

use galvanome_model::signal::{Axis, Condition, Counting, Position, Signal, axes};

use super::places::Places;
use super::scan::{Drive, Scan};
use crate::sink::Sink;

/// Drives of the stage, which say where on the sample was measured.
const STAGE: [&str; 3] = ["X", "Y", "Z"];

/// Scans of as many points each, and how they stand together.
struct Group {
    scans: Vec<Scan>,
    /// Points of each.
    n: usize,
    /// The axes of the values, slowest first.
    axes: Vec<Axis>,
    /// Names of drives that the axes and the positions tell.
    told: Vec<String>,
    positions: Vec<Position>,
}

/// Gives scans on the same points, or on overlapping ones, to a sink as one signal and those that say where its values were
/// measured.
pub(super) fn tell_group(scans: Vec<Scan>, same: bool, sink: &mut dyn Sink) {
    let Some(first) = scans.first() else { return };
    let n = first.values.len();
    let mut group = Group { n, axes: Vec::new(), told: Vec::new(), positions: Vec::new(), scans };
    group.find_axes(same);
    let name = |name: &str| name.to_owned();
    let values = join(&group.scans, |scan| &scan.values);
    let uncertainties = join(&group.scans, |scan| &scan.uncertainties);
    let first = group.scans.first();
    let intensity = Signal {
        name: name("intensity"),
        label: first.map(|scan| scan.label.clone()).unwrap_or_default(),
        unit: first.map(|scan| scan.unit.clone()).unwrap_or_default(),
        axes: group.axes.clone(),
        values,
        uncertainties,
        positions: group.positions.clone(),
        counting: group.counting(),
        conditions: group.conditions(),
    };
    sink.signal(intensity);
    let detector_counts = join(&group.scans, |scan| &scan.detector_counts);
    if !detector_counts.is_empty() {
        let signal = group.beside("detector_counts", "counts", group.axes.clone(), detector_counts);
        let counting = Counting { counts_per_unit: 1.0, live_time_s: group.live_time_s() };
        sink.signal(Signal { counting: Some(counting), ..signal });
    }
    let times: Option<Vec<&Places>> = group.scans.iter().map(|scan| scan.time_s.as_ref()).collect();
    if let Some(signal) = times.and_then(|times| group.coordinate("counting_time", "s", &times)) {
        sink.signal(signal);
    }
    for drive in group.scans.first().map(|scan| scan.drives.clone()).unwrap_or_default() {
        if group.told.contains(&drive.name) {
            continue;
        }
        let kind = drive.kind();
        let name = kind.map_or(drive.name.as_str(), |kind| kind.name);
        let unit = kind.map_or(drive.unit.as_str(), |kind| kind.unit);
        if let Some(signal) =
            group.places(&drive.name).and_then(|places| group.coordinate(name, unit, &places))
        {
            sink.signal(signal);
        }
    }
}

/// The same of all scans, one after the other.
fn join(scans: &[Scan], of: fn(&Scan) -> &Vec<f64>) -> Vec<f64> {
    scans.iter().flat_map(|scan| of(scan).iter().copied()).collect()
}

/// An axis of a drive.
fn axis_of(drive: &Drive, points: Vec<f64>) -> Axis {
    match drive.kind() {
        Some(kind) => Axis::of(kind, &drive.name, points),
        None => Axis {
            name: drive.name.clone(),
            unit: drive.unit.clone(),
            vendor_name: drive.name.clone(),
            points,
        },
    }
}

fn is_monotonic(points: &[f64]) -> bool {
    points.is_sorted_by(|a, b| a < b) || points.is_sorted_by(|a, b| a > b)
}

impl Group {
    /// The places of a drive in every scan, where each has it.
    fn places(&self, name: &str) -> Option<Vec<&Places>> {
        self.scans.iter().map(|scan| Some(&scan.drive(name)?.places)).collect()
    }

    /// Where a drive stood in every scan, where it moved in none.
    fn stood(&self, name: &str) -> Option<Vec<f64>> {
        let fixed = |places: &Places| match places {
            Places::Fixed(place) => Some(*place),
            _ => None,
        };
        self.places(name)?.into_iter().map(fixed).collect()
    }

    fn find_axes(&mut self, same: bool) {
        let Some(first) = self.scans.first() else { return };
        let spectral = first.spectral().cloned();
        let channels = || Axis::of(axes::CHANNEL, "", (0..self.n).map(|at| at as f64).collect());
        let inner = match &spectral {
            Some(drive) if same => {
                self.told.push(drive.name.clone());
                axis_of(drive, drive.places.all(self.n))
            }
            _ => channels(),
        };
        if self.scans.len() > 1 {
            let outer = self.outer();
            self.told.push(outer.vendor_name.clone());
            self.axes.push(outer);
            self.find_positions();
        }
        self.axes.push(inner);
    }

    /// The axis that counts the scans.
    fn outer(&self) -> Axis {
        let first = self.scans.first();
        let drives: &[Drive] = first.map(|scan| scan.drives.as_slice()).unwrap_or_default();
        let stepped = first.map(|scan| scan.stepped.as_str()).unwrap_or_default();
        let named = drives.iter().filter(|drive| drive.name == stepped);
        let angles = drives.iter().filter(|drive| drive.kind().is_some());
        let found = named.chain(angles).chain(drives).find_map(|drive| {
            let points = self.stood(&drive.name).filter(|points| is_monotonic(points))?;
            Some(axis_of(drive, points))
        });
        if let Some(found) = found {
            return found;
        }
        let starts: Option<Vec<f64>> = self.scans.iter().map(|scan| scan.started_unix_s).collect();
        let starts = starts.filter(|starts| starts.is_sorted_by(|a, b| a < b));
        if let Some([first, ..]) = starts.as_deref() {
            let since = starts.iter().flatten().map(|start| start - first).collect();
            return Axis::of(axes::TIME, "", since);
        }
        let numbers = (0..self.scans.len()).map(|at| at as f64);
        Axis::of(axes::SPECTRUM, "", numbers.collect())
    }

    /// Where on the sample each scan was taken, where that changed.
    fn find_positions(&mut self) {
        let metres = |name: &str| {
            let unit = &self.scans.first()?.drive(name)?.unit;
            let places = self.stood(name).filter(|_| unit == "mm")?;
            Some(places.into_iter().map(|place| place / 1e3).collect::<Vec<f64>>())
        };
        let [x, y, z] = STAGE.map(metres);
        let moved = |places: &Option<Vec<f64>>| {
            places.as_ref().is_some_and(|places| places.windows(2).any(|pair| pair[0] != pair[1]))
        };
        if !moved(&x) && !moved(&y) {
            return;
        }
        let at = |places: &Option<Vec<f64>>, scan: usize| {
            places.as_ref().and_then(|places| places.get(scan)).copied().unwrap_or(f64::NAN)
        };
        self.positions = (0..self.scans.len())
            .map(|scan| Position { x_m: at(&x, scan), y_m: at(&y, scan), z_m: at(&z, scan) })
            .collect();
        self.told.extend(STAGE.map(str::to_owned));
    }

    /// Seconds that every point of every scan was counted; NaN where that differs or is not known.
    fn live_time_s(&self) -> f64 {
        let each = |scan: &Scan| match &scan.time_s {
            Some(Places::Fixed(time)) => *time,
            _ => f64::NAN,
        };
        let mut times = self.scans.iter().map(each);
        let first = times.next().unwrap_or(f64::NAN);
        if times.all(|time| time == first) { first } else { f64::NAN }
    }

    fn counting(&self) -> Option<Counting> {
        let counts_per_unit = self.scans.first()?.counts_per_unit?;
        let all = self.scans.iter().all(|scan| scan.counts_per_unit == Some(counts_per_unit));
        let sound = counts_per_unit.is_finite() && counts_per_unit > 0.0;
        (all && sound).then(|| Counting { live_time_s: self.live_time_s(), counts_per_unit })
    }

    /// What holds for every scan.
    fn conditions(&self) -> Vec<Condition> {
        let Some(first) = self.scans.first() else { return Vec::new() };
        let everywhere = |condition: &&Condition| {
            self.scans.iter().all(|scan| scan.conditions.contains(condition))
        };
        first.conditions.iter().filter(everywhere).copied().collect()
    }

    /// A signal of this group beside the values.
    fn beside(&self, name: &str, unit: &str, axes: Vec<Axis>, values: Vec<f64>) -> Signal {
        let label = self.scans.first().map(|scan| scan.label.clone()).unwrap_or_default();
        let (name, unit) = (name.to_owned(), unit.to_owned());
        Signal { name, label, unit, axes, values, ..Signal::default() }
    }

    /// What was another one at each value or in each scan, as a signal; none where it went in the same even steps in all.
    fn coordinate(&self, name: &str, unit: &str, places: &[&Places]) -> Option<Signal> {
        let first = places.first()?;
        let alike = places.iter().all(|other| first.same(other, self.n));
        let axis = self.axes.last().map(|axis| axis.points.as_slice()).unwrap_or_default();
        if alike && first.is_even(axis) {
            return None;
        }
        let fixed: Option<Vec<f64>> = places
            .iter()
            .map(|places| match places {
                Places::Fixed(place) => Some(*place),
                _ => None,
            })
            .collect();
        if let (Some(values), Some(outer)) = (fixed, self.axes.first()) {
            return Some(self.beside(name, unit, vec![outer.clone()], values));
        }
        let values = places.iter().flat_map(|places| places.all(self.n)).collect();
        Some(self.beside(name, unit, self.axes.clone(), values))
    }
}
