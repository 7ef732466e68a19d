//! What CasaXPS keeps in the comments of a block: calibrations, regions and components.
//!
//! Words apart from texts in `(*…*)`. Energies are kinetic ones, as in the block.

use crate::electrons::{Entry, SmallTable, leading_number, number};
use crate::error::ReadError;
use crate::sink::Sink;

/// The tables that comments of CasaXPS give.
pub(super) struct Casa {
    calibrations: SmallTable,
    regions: SmallTable,
    components: SmallTable,
}

/// A word of a line, or a text in `(*…*)` without these.
fn words(line: &str) -> Vec<&str> {
    let mut words = Vec::new();
    let mut rest = line.trim_start();
    while !rest.is_empty() {
        let (word, behind) = match rest.strip_prefix("(*").and_then(|rest| rest.split_once("*)")) {
            Some(quoted) => quoted,
            None => rest.split_once(char::is_whitespace).unwrap_or((rest, "")),
        };
        words.push(word);
        rest = behind.trim_start();
    }
    words
}

/// The number so many words behind a key word.
fn behind(words: &[&str], key: &str, places: usize) -> Option<f64> {
    let at = words.iter().position(|word| *word == key)?;
    number(words.get(at + places)?)
}

impl Casa {
    /// Nothing yet.
    pub(super) fn new() -> Self {
        let energy = "kinetic energy";
        let regions = SmallTable::new("casaxps_regions")
            .number("block", "1", "")
            .text("name", "")
            .text("background", "")
            .number("kinetic_energy_start", "eV", energy)
            .number("kinetic_energy_end", "eV", energy)
            .rebuilt("binding_energy_start", "eV")
            .rebuilt("binding_energy_end", "eV")
            .number("sensitivity_factor", "1", "RSF")
            .number("average_width", "", "Av. Width")
            .number("start_offset", "", "St. Offset")
            .number("end_offset", "", "End Offset")
            .number("cross_section_1", "", "Cross Section")
            .number("cross_section_2", "", "Cross Section")
            .number("cross_section_3", "", "Cross Section")
            .number("cross_section_4", "", "Cross Section")
            .text("tag", "")
            .number("mass", "u", "")
            .number("unknown_1", "", "")
            .number("effective_sensitivity_factor", "1", "Eff. RSF");
        let mut components = SmallTable::new("casaxps_components")
            .number("block", "1", "")
            .text("name", "")
            .text("line_shape", "");
        for (name, unit, key) in
            [("area", "", "Area"), ("width", "eV", "MFWHM"), ("kinetic_energy", "eV", "Position")]
        {
            components = components
                .number(name, unit, key)
                .number(&format!("{name}_min"), unit, key)
                .number(&format!("{name}_max"), unit, key)
                .number(&format!("{name}_reference"), "1", key)
                .number(&format!("{name}_reference_factor"), "", key);
        }
        let components = components
            .rebuilt("binding_energy", "eV")
            .number("sensitivity_factor", "1", "RSF")
            .number("mass", "u", "MASS")
            .number("index", "1", "INDEX")
            .text("tag", "INDEX")
            .text("constraint", "CONST")
            .number("uncorrected_sensitivity_factor", "1", "UNCORRECTEDRSF");
        let calibrations = SmallTable::new("casaxps_calibrations")
            .number("block", "1", "")
            .text("measured", "M")
            .number("measured_energy", "eV", "M")
            .number("assigned_energy", "eV", "A")
            .text("axis", "")
            .text("operation", "");
        Self { calibrations, regions, components }
    }

    /// Takes what one line of a comment says, if it is of CasaXPS. Gives the sensitivity factor of a region.
    pub(super) fn take(&mut self, block: u64, line: &str, photon_ev: Option<f64>) -> Option<f64> {
        let line = line.trim();
        if let Some(line) = line.strip_prefix("CASA region ") {
            return self.region(block, &words(line), photon_ev);
        }
        if let Some(line) = line.strip_prefix("CASA comp ") {
            self.component(block, &words(line), photon_ev);
        } else if let Some(line) = line.strip_prefix("Calib ") {
            self.calibration(block, &words(line));
        }
        None
    }

    fn region(&mut self, block: u64, words: &[&str], photon_ev: Option<f64>) -> Option<f64> {
        let word = |place: usize| words.get(place).copied().unwrap_or_default();
        let value = |place: usize| Entry::from(number(word(place)));
        let binding = |place: usize| {
            photon_ev.zip(number(word(place))).map(|(photon, kinetic)| photon - kinetic)
        };
        let mut row = vec![Entry::from(block as f64), word(0).into(), word(1).into()];
        row.extend([value(2), value(3)]);
        row.extend([binding(2).into(), binding(3).into()]);
        row.extend((4..12).map(value));
        row.push(word(12).into());
        row.extend((13..16).map(value));
        self.regions.row(row);
        number(word(4)).filter(|factor| *factor > 0.0)
    }

    fn component(&mut self, block: u64, words: &[&str], photon_ev: Option<f64>) {
        let word = |place: usize| words.get(place).copied().unwrap_or_default();
        let mut row = vec![Entry::from(block as f64), word(0).into(), word(1).into()];
        // Names of components may be key words too.
        let words = words.get(2..).unwrap_or_default();
        for key in ["Area", "MFWHM", "Position"] {
            row.extend((1..=5).map(|place| Entry::from(behind(words, key, place))));
        }
        let text = |key: &str, places: usize| {
            let at = words.iter().position(|word| *word == key)?;
            words.get(at + places).copied()
        };
        let position = behind(words, "Position", 1);
        row.push(photon_ev.zip(position).map(|(photon, kinetic)| photon - kinetic).into());
        row.extend(["RSF", "MASS", "INDEX"].map(|key| Entry::from(behind(words, key, 1))));
        row.push(text("INDEX", 2).unwrap_or_default().into());
        row.push(text("CONST", 1).unwrap_or_default().into());
        row.push(behind(words, "UNCORRECTEDRSF", 1).into());
        self.components.row(row);
    }

    fn calibration(&mut self, block: u64, words: &[&str]) {
        let text = |key: &str| {
            let at = words.iter().position(|word| *word == key)?;
            words.get(at + 2).copied()
        };
        let measured = text("M").unwrap_or_default();
        // Several energies are the ends of a range in which the peak was looked for.
        let energy = leading_number(measured.split(',').next().unwrap_or_default());
        let energy = energy.filter(|_| !measured.contains(','));
        let at = words.iter().position(|word| *word == "A").unwrap_or(words.len());
        let word = |place: usize| words.get(at + place).copied().unwrap_or_default();
        self.calibrations.row([
            Entry::from(block as f64),
            measured.into(),
            energy.into(),
            text("A").and_then(number).into(),
            word(3).into(),
            word(4).into(),
        ]);
    }

    /// Gives the tables that have rows. Errors when the sink cannot keep them.
    pub(super) fn finish(self, sink: &mut dyn Sink) -> Result<(), ReadError> {
        self.regions.give(sink)?;
        self.components.give(sink)?;
        self.calibrations.give(sink)
    }
}
