//! A region of a SPECS XML: its settings, its scans, and the signals that they are.

use galvanome_model::note::Note;
use galvanome_model::signal::{Axis, Condition, Signal, axes, conditions};

use super::numbers;
use crate::electrons::{condition, counting, number, stepped};
use crate::sink::Sink;

/// A region.
#[derive(Debug, Default)]
pub(super) struct Region {
    pub(super) name: String,
    /// Whether what is read stands in its cycles.
    pub(super) in_cycles: bool,
    /// For each detector, by how many pass energies its energy is above the one that is set.
    pub(super) shifts: Vec<f64>,
    pub(super) transmission: Vec<f64>,
    /// The scans of each cycle: the counts of all detectors at each step.
    cycles: Vec<Vec<Vec<f64>>>,
    scan_mode: String,
    values: Option<f64>,
    curves: Option<f64>,
    dwell_s: Option<f64>,
    step_ev: Option<f64>,
    photon_ev: Option<f64>,
    start_ev: Option<f64>,
    pass_energy_ev: Option<f64>,
    head: Option<f64>,
    tail: Option<f64>,
    announced: Option<f64>,
}

/// How the steps of a scan belong to the points of a region.
struct Layout {
    points: usize,
    detectors: usize,
    /// For each detector, the step at which it sees the first point.
    first: Vec<usize>,
}

impl Region {
    pub(super) fn new_cycle(&mut self) {
        self.cycles.push(Vec::new());
    }

    /// Takes the counts of one scan.
    pub(super) fn scan(&mut self, text: &str) {
        if let Some(cycle) = self.cycles.last_mut() {
            cycle.push(numbers(text));
        }
    }

    pub(super) fn setting(&mut self, key: &str, value: &str) {
        if self.in_cycles {
            return;
        }
        let of = match key {
            "name" if value.starts_with("Fixed") => {
                value.clone_into(&mut self.scan_mode);
                return;
            }
            "values_per_curve" => &mut self.values,
            "curves_per_scan" => &mut self.curves,
            "dwell_time" => &mut self.dwell_s,
            "scan_delta" => &mut self.step_ev,
            "excitation_energy" => &mut self.photon_ev,
            "kinetic_energy" => &mut self.start_ev,
            "pass_energy" => &mut self.pass_energy_ev,
            "mcd_head" => &mut self.head,
            "mcd_tail" => &mut self.tail,
            "num_scans" => &mut self.announced,
            _ => return,
        };
        *of = number(value);
    }

    /// How scans of so many values are laid out; none where that cannot be told.
    fn layout(&self, values: usize) -> Option<Layout> {
        let whole =
            |number: Option<f64>| number.filter(|n| (0.0..1e9).contains(n)).map(|n| n as usize);
        let points = whole(self.values)?;
        let detectors = self.shifts.len().max(1);
        let (head, tail) = (whole(self.head).unwrap_or(0), whole(self.tail).unwrap_or(0));
        let steps = points.checked_add(head)?.checked_add(tail)?;
        if points == 0 || steps.checked_mul(detectors)? != values {
            return None;
        }
        if head + tail == 0 {
            return Some(Layout { points, detectors, first: vec![0; detectors] });
        }
        if self.scan_mode != "FixedAnalyzerTransmission" {
            return None;
        }
        let (pass, step) = (self.pass_energy_ev?, self.step_ev.filter(|step| *step > 0.0)?);
        let first = self.shifts.iter().map(|shift| {
            let steps_before = (shift * pass / step).round();
            let first = head as f64 - steps_before;
            first.clamp(0.0, (head + tail) as f64) as usize
        });
        Some(Layout { points, detectors, first: first.collect() })
    }

    /// Gives the signals of the region.
    pub(super) fn give(self, group: &str, sink: &mut dyn Sink) {
        let place = format!("region {}", self.name);
        let scans = self.cycles.iter().map(Vec::len).sum::<usize>();
        let values = self.cycles.iter().flatten().map(Vec::len).max().unwrap_or(0);
        if scans == 0 || values == 0 {
            sink.note(Note::new("no-data", "the region holds no counts", place));
            return;
        }
        let Some(layout) = self.layout(values) else {
            return self.give_raw(values, &place, sink);
        };
        let whole = |scan: &&Vec<f64>| scan.len() == values;
        let kept: Vec<Vec<Vec<f64>>> = self
            .cycles
            .iter()
            .map(|cycle| cycle.iter().filter(whole).map(|scan| layout.spectrum(scan)).collect())
            .filter(|cycle: &Vec<Vec<f64>>| !cycle.is_empty())
            .collect();
        let lost = scans - kept.iter().map(Vec::len).sum::<usize>();
        if lost > 0 {
            let message = format!("{lost} scans lack counts and were left out");
            sink.note(Note::new("truncated-file", message, place.as_str()));
        }
        let each = kept.first().map_or(0, Vec::len);
        if let Some(announced) = self.announced.filter(|announced| *announced > each as f64) {
            let message = format!(
                "{announced} scans were planned and {each} are there; the time of counting is that of these"
            );
            sink.note(Note::new("incomplete-measurement", message, place.as_str()));
        }
        if layout.detectors > 1 {
            let message = format!(
                "the counts of {} detectors were added, each at the step nearest to its own energy",
                layout.detectors
            );
            sink.note(Note::new("detectors-added", message, place.as_str()));
        }
        let sums: Vec<f64> = kept.iter().flat_map(|cycle| sum(cycle, layout.points)).collect();
        let equal = kept.iter().all(|cycle| cycle.len() == each);
        let mut signal = self.signal("intensity", "counts", layout.points, sums, group);
        signal.counting =
            counting("counts", self.dwell_s.filter(|_| equal).map(|dwell| dwell * each as f64));
        if kept.len() > 1 {
            signal.axes.insert(0, numbered(kept.len()));
        }
        sink.signal(signal);
        let all: usize = kept.iter().map(Vec::len).sum();
        if all > kept.len() {
            let values = kept.into_iter().flatten().flatten().collect();
            let mut signal = self.signal("scans", "counts", layout.points, values, group);
            signal.axes.insert(0, numbered(all));
            signal.counting = counting("counts", self.dwell_s);
            sink.signal(signal);
        }
        if self.transmission.len() == layout.points {
            let values = self.transmission.clone();
            sink.signal(self.signal("transmission", "1", layout.points, values, group));
        }
    }

    /// Gives the counts as they stand in the file.
    fn give_raw(&self, values: usize, place: &str, sink: &mut dyn Sink) {
        let message = "how the counts of the detectors belong to energies is not known for this scan mode; they are given as they stand in the file";
        sink.note(Note::new("axis-unknown", message, place));
        let scans = || self.cycles.iter().flatten().filter(|scan| scan.len() == values);
        let count = scans().count();
        sink.signal(Signal {
            name: "intensity".to_owned(),
            label: self.name.clone(),
            unit: "counts".to_owned(),
            axes: vec![
                numbered(count),
                Axis::of(axes::CHANNEL, "counts", stepped(0.0, 1.0, values)),
            ],
            values: scans().flatten().copied().collect(),
            counting: counting("counts", self.dwell_s),
            ..Signal::default()
        });
    }

    /// A signal on the energies of the region.
    fn signal(
        &self,
        name: &str,
        unit: &str,
        points: usize,
        values: Vec<f64>,
        group: &str,
    ) -> Signal {
        let start = self.start_ev.unwrap_or(f64::NAN);
        let energies = stepped(start, self.step_ev.unwrap_or(f64::NAN), points);
        let in_fat = self.scan_mode == "FixedAnalyzerTransmission";
        let conditions: Vec<Condition> = [
            condition(conditions::PHOTON_ENERGY, self.photon_ev.filter(|energy| *energy > 0.0)),
            condition(conditions::PASS_ENERGY, self.pass_energy_ev.filter(|_| in_fat)),
        ]
        .into_iter()
        .flatten()
        .collect();
        let label = if self.name.is_empty() { group } else { &self.name };
        Signal {
            name: name.to_owned(),
            label: label.to_owned(),
            unit: unit.to_owned(),
            axes: vec![Axis::of(axes::KINETIC_ENERGY, "kinetic_energy", energies)],
            values,
            conditions,
            ..Signal::default()
        }
    }
}

impl Layout {
    /// The spectrum of a scan: at each point the sum of what its detectors counted there.
    fn spectrum(&self, scan: &[f64]) -> Vec<f64> {
        let mut spectrum = vec![0.0; self.points];
        for (detector, first) in self.first.iter().enumerate() {
            let seen = scan.iter().skip(first * self.detectors + detector).step_by(self.detectors);
            for (sum, counts) in spectrum.iter_mut().zip(seen) {
                *sum += counts;
            }
        }
        spectrum
    }
}

/// The sum of spectra.
fn sum(spectra: &[Vec<f64>], points: usize) -> Vec<f64> {
    let mut all = vec![0.0; points];
    for spectrum in spectra {
        for (sum, value) in all.iter_mut().zip(spectrum) {
            *sum += value;
        }
    }
    all
}

/// An axis that counts spectra.
fn numbered(spectra: usize) -> Axis {
    Axis::of(axes::SPECTRUM, "", stepped(0.0, 1.0, spectra))
}
