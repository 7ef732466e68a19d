//! A region of a SPECS text: its settings, its scans, and the signals that they are.

use galvanome_model::note::Note;
use galvanome_model::signal::{Axis, Condition, Signal, axes, conditions};

use crate::electrons::{axis, condition, counting, number, stepped};
use crate::sink::Sink;
use crate::text::numbers::Numbers;

/// The columns of one scan of one spectrum.
#[derive(Debug, Default)]
pub(super) struct Block {
    /// Cycle, curve and channel.
    spectrum: [u64; 3],
    /// Whether it is one scan, and not all of them already.
    single: bool,
    pub(super) labels: Vec<String>,
    pub(super) numbers: Numbers,
}

impl Block {
    /// The block of `0, Curve: 0, Scan: 0`; none where that is the head of a cycle only.
    pub(super) fn of(text: &str) -> Option<Self> {
        let mut parts = text.split(',');
        let cycle = parts.next()?.trim().parse().ok()?;
        let mut block = Self { spectrum: [cycle, 0, 0], ..Self::default() };
        let mut more = false;
        for part in parts {
            let Some((key, value)) = part.split_once(':') else { continue };
            let value = value.trim().parse().unwrap_or(0);
            more = true;
            let [_, curve, channel] = &mut block.spectrum;
            match key.trim() {
                "Curve" => *curve = value,
                "Channel" => *channel = value,
                "Scan" => block.single = true,
                _ => {}
            }
        }
        more.then_some(block)
    }

    fn energies(&self) -> &[f64] {
        self.column(0)
    }

    fn column(&self, place: usize) -> &[f64] {
        self.numbers.columns.get(place).map_or(&[], Vec::as_slice)
    }

    /// The place of a column behind the values whose label begins with a word, if it is there.
    fn extra(&self, word: &str) -> Option<usize> {
        let at = self.labels.iter().position(|label| label.to_lowercase().starts_with(word));
        at.filter(|place| *place > 1 && !self.column(*place).is_empty())
    }

    /// What the values are called.
    fn what(&self) -> &str {
        self.labels.get(1).map_or("counts", String::as_str)
    }
}

/// A region.
#[derive(Debug, Default)]
pub(super) struct Region {
    pub(super) name: String,
    energy_axis: String,
    pub(super) blocks: Vec<Block>,
    photon_ev: Option<f64>,
    pass_energy_ev: Option<f64>,
    scan_mode: String,
    dwell_s: Option<f64>,
    scans: Option<f64>,
    points: Option<u64>,
}

/// Spectra that are given together: values, and how many scans each is made of.
struct Together {
    values: Vec<f64>,
    uncertainties: Vec<f64>,
    spectra: Vec<[u64; 3]>,
    scans: Vec<f64>,
}

impl Region {
    pub(super) fn setting(&mut self, key: &str, value: &str) {
        match key {
            "Excitation Energy" => self.photon_ev = number(value).filter(|energy| *energy > 0.0),
            "Pass Energy" => self.pass_energy_ev = number(value).filter(|energy| *energy > 0.0),
            "Scan Mode" => value.clone_into(&mut self.scan_mode),
            "Dwell Time" => self.dwell_s = number(value),
            "Number of Scans" => self.scans = number(value),
            "Values/Curve" => self.points = value.parse().ok(),
            _ => {}
        }
    }

    /// A region of a name, on energies of a kind.
    pub(super) fn new(name: &str, energy_axis: &str) -> Self {
        Self { name: name.to_owned(), energy_axis: energy_axis.to_owned(), ..Self::default() }
    }

    /// Gives the signals of the region and says how many there were.
    pub(super) fn give(&self, sink: &mut dyn Sink) -> u64 {
        let place = format!("region {}", self.name);
        let filled = || self.blocks.iter().filter(|block| !block.column(1).is_empty());
        let Some(first) = filled().find(|block| block.what().starts_with("counts")) else {
            return 0;
        };
        let energies = first.energies();
        let (same, other): (Vec<&Block>, Vec<&Block>) = filled()
            .partition(|block| block.what() == first.what() && block.energies() == energies);
        self.tell_lost(&place, energies.len(), sink);
        let unit = first.what();
        let mut gave = 1;
        let together = self.together(&same, unit);
        let mut signal = self.signal(first, "intensity", unit, together.values);
        signal.uncertainties = together.uncertainties;
        let equal = together.scans.windows(2).all(|pair| pair[0] == pair[1]);
        let live = self.dwell_s.zip(together.scans.first().copied().filter(|_| equal));
        signal.counting = counting(unit, live.map(|(dwell, scans)| dwell * scans));
        let several = together.spectra.len();
        if several > 1 {
            signal.axes.insert(0, numbered(several));
        }
        sink.signal(signal);
        if same.len() > several {
            let values = same.iter().flat_map(|block| block.column(1)).copied().collect();
            let mut scans = self.signal(first, "scans", unit, values);
            scans.axes.insert(0, numbered(same.len()));
            scans.counting = counting(unit, self.dwell_s);
            sink.signal(scans);
            gave += 1;
        }
        if let Some(place) = first.extra("transmission") {
            let values = first.column(place).to_vec();
            sink.signal(self.signal(first, "transmission", "1", values));
            gave += 1;
        }
        for block in other {
            let is_counts = block.what().starts_with("counts");
            let name = if is_counts { "intensity" } else { block.what() };
            let unit = if is_counts { block.what() } else { "" };
            let mut signal = self.signal(block, name, unit, block.column(1).to_vec());
            signal.counting = counting(unit, self.dwell_s).filter(|_| block.single);
            sink.signal(signal);
            gave += 1;
        }
        gave
    }

    fn tell_lost(&self, place: &str, points: usize, sink: &mut dyn Sink) {
        let sum = |of: fn(&Numbers) -> u64| {
            self.blocks.iter().map(|block| of(&block.numbers)).sum::<u64>()
        };
        let (ragged, beyond) = (sum(|numbers| numbers.ragged), sum(|numbers| numbers.beyond));
        let expected = self.points.unwrap_or(0);
        let cut = self.blocks.iter().any(|block| (block.numbers.len() as u64) < expected);
        if ragged > 0 || cut {
            let message = format!(
                "the region has {expected} energies, and {points} are there; {ragged} lines lack numbers"
            );
            sink.note(Note::new("truncated-file", message, place));
        }
        if beyond > 0 {
            let message = format!("{beyond} lines beyond the limit were left out");
            sink.note(Note::new("limit-reached", message, place));
        }
    }

    /// Puts the scans of each spectrum together: rates as their mean, counts as their sum.
    fn together(&self, blocks: &[&Block], unit: &str) -> Together {
        let mut all = Together {
            values: Vec::new(),
            uncertainties: Vec::new(),
            spectra: Vec::new(),
            scans: Vec::new(),
        };
        let points = blocks.first().map_or(0, |block| block.energies().len());
        let error = |block: &Block| block.extra("error");
        let with_errors = blocks.iter().all(|block| error(block).is_some());
        for block in blocks {
            let scans = if block.single { 1.0 } else { self.scans.unwrap_or(1.0) };
            let at = all.spectra.iter().position(|spectrum| *spectrum == block.spectrum);
            let at = at.unwrap_or_else(|| {
                all.spectra.push(block.spectrum);
                all.scans.push(0.0);
                all.values.resize(all.values.len() + points, 0.0);
                if with_errors {
                    all.uncertainties.resize(all.values.len(), 0.0);
                }
                all.spectra.len() - 1
            });
            if let Some(sum) = all.scans.get_mut(at) {
                *sum += scans;
            }
            let begin = at * points;
            let weight = if unit == "counts/s" { scans } else { 1.0 };
            for (sum, value) in all.values.iter_mut().skip(begin).zip(block.column(1)) {
                *sum += weight * value;
            }
            let errors = error(block).map_or(&[][..], |place| block.column(place));
            for (sum, value) in all.uncertainties.iter_mut().skip(begin).zip(errors) {
                *sum += (weight * value).powi(2);
            }
        }
        let weights: Vec<f64> =
            all.scans.iter().map(|scans| if unit == "counts/s" { *scans } else { 1.0 }).collect();
        for (values, scans) in all.values.chunks_mut(points.max(1)).zip(&weights) {
            // Divided by 1 each stays what it is, to the last bit.
            for value in values {
                *value /= scans;
            }
        }
        for (values, scans) in all.uncertainties.chunks_mut(points.max(1)).zip(&weights) {
            for value in values {
                *value = value.sqrt() / scans;
            }
        }
        all
    }

    /// A signal on the energies of a block.
    fn signal(&self, block: &Block, name: &str, unit: &str, values: Vec<f64>) -> Signal {
        let in_fat = self.scan_mode == "FixedAnalyzerTransmission";
        let conditions: Vec<Condition> = [
            condition(conditions::PHOTON_ENERGY, self.photon_ev),
            condition(conditions::PASS_ENERGY, self.pass_energy_ev.filter(|_| in_fat)),
        ]
        .into_iter()
        .flatten()
        .collect();
        Signal {
            name: name.to_owned(),
            label: self.name.clone(),
            unit: unit.to_owned(),
            axes: vec![axis(&self.energy_axis, "eV", block.energies().to_vec())],
            values,
            conditions,
            ..Signal::default()
        }
    }
}

/// An axis that counts spectra.
fn numbered(spectra: usize) -> Axis {
    Axis::of(axes::SPECTRUM, "", stepped(0.0, 1.0, spectra))
}
