//! What a block gives: signals, its row of the table of blocks, metadata.

use galvanome_model::measurement::StartTime;
use galvanome_model::note::Note;
use galvanome_model::signal::{Axis, Condition, Signal, conditions};

use super::block::Block;
use super::casa::Casa;
use super::experiment::Experiment;
use super::items::{
    ABSCISSA, ABSCISSA_INCREMENT, ABSCISSA_START, ABSCISSA_UNITS, AHEAD, ANALYSER_MODE,
    COLLECTION_TIME, COMMENT, DAY, HOURS, MINUTES, MONTH, PASS_ENERGY, SCANS, SECONDS, SIGNAL_MODE,
    SOURCE_ENERGY, SPECIES, TECHNIQUE_NAME, TRANSITION, X, Y, YEAR,
};
use crate::electrons::{
    Entry, SmallTable, Told, axis, condition, counting, number, stepped, zoned,
};
use crate::error::ReadError;
use crate::sink::Sink;
use crate::text::clock::{Civil, DateOrder};

/// Bytes that the table of blocks may take: what blocks take from the first one is not written again in the file.
const ROOM: usize = 64 << 20;

/// Bytes of a text that every signal of a block repeats.
const SHOWN: usize = 256;

/// What blocks gave so far.
pub(super) struct Given<'a> {
    experiment: &'a Experiment,
    blocks: SmallTable,
    casa: Casa,
    started: bool,
    /// Blocks that call rates what they state as counts.
    rates: Vec<u64>,
    shapeless: bool,
    beyond: u64,
    room: usize,
    /// Blocks that the table has no room for.
    untold: u64,
}

impl<'a> Given<'a> {
    /// Nothing yet.
    pub(super) fn new(experiment: &'a Experiment) -> Self {
        let mut blocks = SmallTable::new("blocks")
            .number("block", "1", "")
            .text("name", "block identifier")
            .text("sample", "sample identifier")
            .text("started_at", "")
            .text("technique", TECHNIQUE_NAME)
            .text("species", SPECIES)
            .text("transition", TRANSITION)
            .number("source_energy", "eV", SOURCE_ENERGY)
            .text("analyser_mode", ANALYSER_MODE)
            .number("pass_energy_or_ratio", "", PASS_ENERGY)
            .number("collection_time", "s", COLLECTION_TIME)
            .number("scans", "1", SCANS)
            .number("points", "1", "")
            .number("x_coordinate", "", X)
            .number("y_coordinate", "", Y);
        for (label, unit) in &experiment.variables {
            blocks = blocks.number(label, unit_of(unit), label);
        }
        Self {
            experiment,
            blocks,
            casa: Casa::new(),
            started: false,
            rates: Vec::new(),
            shapeless: false,
            beyond: 0,
            room: ROOM,
            untold: 0,
        }
    }

    /// Gives what a block holds.
    pub(super) fn take(
        &mut self,
        number: u64,
        block: &Block,
        told: &mut Told,
        sink: &mut dyn Sink,
    ) {
        let place = format!("block {number}");
        told.tell(&place, &block.name, sink);
        told.tell(&format!("{place}: sample"), &block.sample, sink);
        for entry in block.entries() {
            told.tell(&format!("{place}: {}", entry.key), &entry.text, sink);
        }
        for upgrade in &block.upgrades {
            told.tell(&format!("{place}: future upgrade entry"), upgrade, sink);
        }
        let start = start_of(block);
        if let Some(start) = start.clone().filter(|_| !self.started) {
            self.started = true;
            sink.started_at(start);
        }
        let technique = block.text(TECHNIQUE_NAME).to_uppercase();
        let by_photons = ["XPS", "UPS", "XRF"].contains(&technique.as_str());
        let source_ev = block.number(SOURCE_ENERGY).filter(|energy| *energy > 0.0);
        let photon_ev = source_ev.filter(|_| by_photons);
        let mut factors: Vec<f64> = Vec::new();
        for line in block.own(COMMENT) {
            factors.extend(self.casa.take(number, &line.text, photon_ev));
        }
        factors.dedup();
        let in_fat = block.text(ANALYSER_MODE).eq_ignore_ascii_case("FAT");
        let pass_energy = block.number(PASS_ENERGY);
        let conditions: Vec<Condition> = [
            condition(conditions::PHOTON_ENERGY, photon_ev),
            condition(
                conditions::PASS_ENERGY,
                pass_energy.filter(|energy| in_fat && *energy > 0.0),
            ),
            condition(
                conditions::SENSITIVITY_FACTOR,
                factors.first().copied().filter(|_| factors.len() == 1),
            ),
        ]
        .into_iter()
        .flatten()
        .collect();
        self.beyond += block.beyond;
        let points = block.values.first().map_or(0, Vec::len);
        let texts = [TECHNIQUE_NAME, SPECIES, TRANSITION, ANALYSER_MODE];
        let texts: usize = texts.iter().map(|key| block.text(key).len()).sum();
        let takes = texts
            + block.name.len()
            + block.sample.len()
            + 512
            + 8 * self.experiment.variables.len();
        self.untold += u64::from(block.whole && takes > self.room);
        if takes <= self.room && block.whole {
            self.room -= takes;
            let mut row = vec![
                Entry::from(number as f64),
                block.name.as_str().into(),
                block.sample.as_str().into(),
                start.map_or_else(String::new, |start| start.iso).as_str().into(),
                block.text(TECHNIQUE_NAME).into(),
                block.text(SPECIES).into(),
                block.text(TRANSITION).into(),
                source_ev.into(),
                block.text(ANALYSER_MODE).into(),
                pass_energy.into(),
                block.number(COLLECTION_TIME).into(),
                block.number(SCANS).into(),
                (points as f64).into(),
                block.number(X).into(),
                block.number(Y).into(),
            ];
            row.extend(block.experimental().map(Entry::from));
            self.blocks.row(row);
        }
        if points > 0 {
            self.signals(number, block, &conditions, sink);
        }
    }

    fn signals(
        &mut self,
        number: u64,
        block: &Block,
        conditions: &[Condition],
        sink: &mut dyn Sink,
    ) {
        let variables = block.variables();
        let (abscissa, of_axis) = self.axis(block, &variables);
        let label = [block.text(SPECIES), block.text(TRANSITION)].join(" ");
        let label = if label.trim().is_empty() { block.name.trim() } else { label.trim() };
        let label = shown(label);
        let live_time = block.number(COLLECTION_TIME).zip(block.number(SCANS));
        let live_time = live_time.map(|(time, scans)| time * scans);
        let pulses = block.text(SIGNAL_MODE).to_lowercase().contains("pulse");
        let mut main = true;
        let all = variables.iter().zip(&block.values).enumerate();
        for (_, ((name, unit), values)) in all.filter(|(place, _)| Some(*place) != of_axis) {
            let mut unit = match *unit {
                "d" if main && (pulses || name.eq_ignore_ascii_case("counts")) => "counts",
                "d" if main => "",
                unit => unit_of(unit),
            };
            let mut live_time = live_time;
            if unit == "counts" && (is_rate(&block.name) || is_rate(name)) {
                // Over which time they were counted is not known: the time that is stated fits counts.
                (unit, live_time) = ("counts/s", None);
                self.rates.push(number);
            }
            sink.signal(Signal {
                name: match *name {
                    _ if main => "intensity".to_owned(),
                    "" => "unnamed".to_owned(),
                    name => shown(name).to_owned(),
                },
                label: label.to_owned(),
                unit: unit.to_owned(),
                axes: vec![abscissa.clone()],
                values: values.clone(),
                counting: counting(unit, live_time).filter(|_| main),
                conditions: conditions.to_vec(),
                ..Signal::default()
            });
            main = false;
        }
    }

    /// The axis of a block, and which of its variables it is, if any.
    fn axis(&mut self, block: &Block, variables: &[(&str, &str)]) -> (Axis, Option<usize>) {
        let points = block.values.first().map_or(0, Vec::len);
        match self.experiment.scans.as_str() {
            "REGULAR" => {
                let number = |key| number(block.text(key)).unwrap_or(f64::NAN);
                let points = stepped(number(ABSCISSA_START), number(ABSCISSA_INCREMENT), points);
                (
                    axis(shown(block.text(ABSCISSA)), unit_of(block.text(ABSCISSA_UNITS)), points),
                    None,
                )
            }
            "IRREGULAR" => {
                let is_energy = |(label, _): &(&str, &str)| label.to_lowercase().contains("energy");
                let place = variables.iter().position(is_energy).unwrap_or(0);
                let (label, unit) = variables.get(place).copied().unwrap_or_default();
                let points = block.values.get(place).cloned().unwrap_or_default();
                (axis(shown(label), unit_of(unit), points), Some(place))
            }
            _ => {
                self.shapeless = true;
                (axis("pixel", "1", stepped(0.0, 1.0, points)), None)
            }
        }
    }

    /// Gives the tables and says what was found. Errors when the sink cannot keep them.
    pub(super) fn finish(self, sink: &mut dyn Sink) -> Result<(), ReadError> {
        if let Some(first) = self.rates.first() {
            let message = format!(
                "{} blocks are called counts per second while the unit of their values says counts; they are taken as rates, and how many counts they are is not known",
                self.rates.len()
            );
            sink.note(Note::new("counts-are-rates", message, format!("block {first}")));
        }
        if self.shapeless {
            let message = "the file does not say how many lines a scanned image has; its pixels are given in the order of the file";
            sink.note(Note::new("image-shape-unknown", message, ""));
        }
        if self.beyond > 0 {
            let message = format!("{} values beyond the limits were left out", self.beyond);
            sink.note(Note::new("limit-reached", message, ""));
        }
        if self.untold > 0 {
            let message = format!("the table of blocks has no room for {} of them", self.untold);
            sink.note(Note::new("limit-reached", message, "blocks"));
        }
        self.blocks.give(sink)?;
        self.casa.finish(sink)
    }
}

/// Our name of a unit of the standard.
fn unit_of(unit: &str) -> &str {
    match unit.trim() {
        "d" => "1",
        "n" => "",
        "c/s" | "c s-1" | "c s^-1" | "cps" | "CPS" | "counts/s" => "counts/s",
        "degree" => "deg",
        "micro m" => "um",
        "micro C" => "uC",
        unit => unit,
    }
}

/// The beginning of a text.
fn shown(text: &str) -> &str {
    text.get(..text.floor_char_boundary(SHOWN)).unwrap_or(text)
}

fn is_rate(name: &str) -> bool {
    let name = name.to_lowercase();
    let words = ["counts per second", "counts/s", "counts s-1"];
    words.iter().any(|word| name.contains(word)) || name.trim() == "cps"
}

/// When a block was measured, if it says so.
fn start_of(block: &Block) -> Option<StartTime> {
    let whole = |key: &str| {
        let number = block.number(key)?;
        (0.0..=9999.0).contains(&number).then_some(number as u32)
    };
    let [year, month, day] = [whole(YEAR)?, whole(MONTH)?, whole(DAY)?];
    let [hours, minutes, seconds] = [whole(HOURS)?, whole(MINUTES)?, whole(SECONDS)?];
    let text = format!("{year:04}-{month:02}-{day:02} {hours:02}:{minutes:02}:{seconds:02}");
    let civil = Civil::parse(&text, DateOrder::DayFirst)?;
    match block.number(AHEAD).filter(|hours| hours.abs() <= 14.0) {
        Some(hours) => Some(zoned(&civil, hours * 3600.0)),
        None => Some(civil.start()),
    }
}
