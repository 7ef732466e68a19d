//! The header of a VAMAS file.

use super::items::ITEMS;
use super::lines::{Items, Stop};
use crate::electrons::Told;
use crate::sink::Sink;

/// What the header says.
pub(super) struct Experiment {
    /// The mode of the experiment: `NORM`, `MAP`, `SDP` …
    pub(super) mode: String,
    /// How points lie: `REGULAR`, `IRREGULAR`, `MAPPING`.
    pub(super) scans: String,
    /// Labels and units of the experimental variables.
    pub(super) variables: Vec<(String, String)>,
    /// Which items blocks after the first one have, by their numbers less 1; the others are as in the first block.
    pub(super) included: [bool; ITEMS.len()],
    /// Lines at the end of each block that a later version of the standard may use.
    pub(super) upgrades: u64,
    /// How many blocks are announced.
    pub(super) blocks: u64,
}

const MODES: [&str; 9] =
    ["MAP", "MAPDP", "MAPSV", "MAPSVDP", "NORM", "SDP", "SDPSV", "SEM", "NOEXP"];

const SCANS: [&str; 3] = ["REGULAR", "IRREGULAR", "MAPPING"];

impl Experiment {
    /// Whether no real file proved what is read of such experiments.
    pub(super) fn unverified(&self) -> bool {
        !self.mode.eq_ignore_ascii_case("NORM")
            || self.scans.eq_ignore_ascii_case("MAPPING")
            || self.included.contains(&false)
            || self.upgrades > 0
    }

    /// Reads the header and tells what it says.
    pub(super) fn read(
        items: &mut Items<'_>,
        told: &mut Told,
        sink: &mut dyn Sink,
    ) -> Result<Self, Stop> {
        items.first()?;
        let mut tell = |key: &str, value: &str| told.tell(key, value, sink);
        tell("institution", &items.text("identifier of the institution")?);
        let instrument = items.text("model of the instrument")?;
        tell("instrument model", &instrument);
        tell("operator", &items.text("identifier of the operator")?);
        tell("experiment", &items.text("identifier of the experiment")?);
        for _ in 0..items.count("number of lines in the comment")? {
            tell("comment", &items.text("comment")?);
        }
        let mode = one_of(items, &MODES, "mode of the experiment")?;
        tell("experiment mode", &mode);
        let scans = one_of(items, &SCANS, "mode of the scans")?;
        tell("scan mode", &scans);
        let mode_is = |modes: &[&str]| modes.contains(&mode.as_str());
        if mode_is(&["MAP", "MAPDP", "NORM", "SDP"]) {
            tell("number of spectral regions", &items.text("number of spectral regions")?);
        }
        if mode_is(&["MAP", "MAPDP"]) {
            tell("number of analysis positions", &items.text("number of analysis positions")?);
            tell("number of x coordinates", &items.text("number of x coordinates")?);
            tell("number of y coordinates", &items.text("number of y coordinates")?);
        }
        let mut variables = Vec::new();
        for _ in 0..items.count("number of experimental variables")? {
            let label = items.text("label of an experimental variable")?;
            let unit = items.text("unit of an experimental variable")?;
            tell("experimental variable", &format!("{label} ({unit})"));
            variables.push((label, unit));
        }
        let listed = items.whole("number of included or excluded items")?;
        let mut included = [listed <= 0; ITEMS.len()];
        for _ in 0..listed.unsigned_abs() {
            let number = items.count("number of an included or excluded item")?;
            let place = usize::try_from(number).ok().and_then(|number| number.checked_sub(1));
            if let Some(entry) = place.and_then(|place| included.get_mut(place)) {
                *entry = listed > 0;
            }
        }
        for _ in 0..items.count("number of items entered by hand")? {
            tell("item entered by hand", &items.text("number of an item entered by hand")?);
        }
        let entries = items.count("number of future upgrade experiment entries")?;
        let upgrades = items.count("number of future upgrade block entries")?;
        for _ in 0..entries {
            tell("future upgrade entry", &items.text("future upgrade entry")?);
        }
        let blocks = items.count("number of blocks")?;
        if !instrument.is_empty() && !instrument.to_lowercase().starts_with("not specified") {
            sink.instrument(&instrument);
        }
        Ok(Self { mode, scans, variables, included, upgrades, blocks })
    }
}

/// The next item, one of some words, in capitals.
fn one_of(items: &mut Items<'_>, words: &[&str], what: &'static str) -> Result<String, Stop> {
    let text = items.text(what)?;
    let word = text.trim().to_uppercase();
    if words.contains(&word.as_str()) {
        return Ok(word);
    }
    Err(Stop::Wrong { what, found: text.chars().take(40).collect(), line: items.line() })
}
