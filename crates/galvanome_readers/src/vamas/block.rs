//! One block of a VAMAS file: its items and its values.

use super::experiment::Experiment;
use super::items::{EXPERIMENTAL, ITEMS, TECHNIQUE, VARIABLES, When, is_there};
use super::lines::{Items, Stop};
use crate::electrons::number;
use crate::limits::Limits;

/// Numbers from here on mean that the value is not known.
const NOT_KNOWN: f64 = 1e36;

/// One line of an item: what it is, and what it says.
#[derive(Debug, Clone)]
pub(super) struct Entry {
    pub(super) key: &'static str,
    pub(super) text: String,
}

/// One block.
#[derive(Debug, Clone, Default)]
pub(super) struct Block {
    pub(super) name: String,
    pub(super) sample: String,
    /// The lines of each item, by its number less 1.
    items: Vec<Vec<Entry>>,
    /// Which of them stand in this block, and not in the first one.
    own: Vec<bool>,
    /// Lines that a later version of the standard may use.
    pub(super) upgrades: Vec<String>,
    /// Whether the items were read to their end.
    pub(super) whole: bool,
    /// The values of each corresponding variable, of one length.
    pub(super) values: Vec<Vec<f64>>,
    /// Values beyond the limits, which were left out.
    pub(super) beyond: u64,
}

impl Block {
    /// Reads a block, as far as there is one. Items that only the first block has are copied from it.
    pub(super) fn read(
        &mut self,
        items: &mut Items<'_>,
        experiment: &Experiment,
        first: Option<&Self>,
        limits: &Limits,
    ) -> Result<(), Stop> {
        self.name = items.text("identifier of a block")?;
        self.sample = items.text("identifier of the sample")?;
        for (place, (when, keys)) in ITEMS.iter().enumerate() {
            let included = experiment.included.get(place).copied().unwrap_or(true);
            if let Some(first) = first.filter(|_| !included) {
                self.items.push(first.items.get(place).cloned().unwrap_or_default());
                self.own.push(false);
                continue;
            }
            self.items.push(Vec::new());
            self.own.push(true);
            let technique = self.of(TECHNIQUE).first().map_or("", |entry| entry.text.trim());
            if !is_there(*when, &experiment.mode, &experiment.scans, technique) {
                continue;
            }
            let times = match when {
                When::Comment => items.count("number of lines in the comment of a block")?,
                When::Variables => items.count("number of corresponding variables")?,
                When::Additional => items.count("number of additional numerical parameters")?,
                When::Experimental => experiment.variables.len() as u64,
                _ => 1,
            };
            for _ in 0..times {
                for key in *keys {
                    let text = items.text(key)?;
                    if let Some(lines) = self.items.last_mut() {
                        lines.push(Entry { key, text });
                    }
                }
            }
        }
        for _ in 0..experiment.upgrades {
            self.upgrades.push(items.text("future upgrade entry of a block")?);
        }
        self.whole = true;
        self.read_values(items, limits)
    }

    fn read_values(&mut self, items: &mut Items<'_>, limits: &Limits) -> Result<(), Stop> {
        let count = items.count("number of values of the block")?;
        let variables = self.of(VARIABLES).len() / 2;
        for _ in 0..variables {
            items.text("least value of a variable")?;
            items.text("largest value of a variable")?;
        }
        if variables == 0 || variables > limits.max_columns || count == 0 {
            for _ in 0..count {
                items.value()?;
                self.beyond += 1;
            }
            return Ok(());
        }
        self.values = vec![Vec::new(); variables];
        let most = limits.max_rows.min(limits.max_cells / variables as u64);
        let (mut place, mut rows) = (0, 0);
        let mut end = Ok(());
        for _ in 0..count {
            let value = match items.value() {
                Ok(value) => value,
                Err(stop) => {
                    end = Err(stop);
                    break;
                }
            };
            if rows >= most {
                self.beyond += 1;
                continue;
            }
            if let Some(values) = self.values.get_mut(place) {
                values.push(value);
            }
            place += 1;
            if place == variables {
                (place, rows) = (0, rows + 1);
            }
        }
        // A point that lacks one of its values is none.
        let whole = usize::try_from(rows).unwrap_or(usize::MAX);
        for values in &mut self.values {
            values.truncate(whole);
        }
        end
    }

    /// A copy without its values, of which later blocks take what they do not say.
    pub(super) fn without_values(self) -> Self {
        Self { values: Vec::new(), ..self }
    }

    /// The lines of an item, by its number.
    pub(super) fn of(&self, number: usize) -> &[Entry] {
        number.checked_sub(1).and_then(|place| self.items.get(place)).map_or(&[], Vec::as_slice)
    }

    /// The lines of an item that stand in this block and are not those of the first one.
    pub(super) fn own(&self, number: usize) -> &[Entry] {
        let is_own = number.checked_sub(1).and_then(|place| self.own.get(place)) == Some(&true);
        if is_own { self.of(number) } else { &[] }
    }

    /// All lines of items that stand in this block, in order.
    pub(super) fn entries(&self) -> impl Iterator<Item = &Entry> {
        let own = self.items.iter().zip(&self.own).filter(|(_, own)| **own);
        own.flat_map(|(lines, _)| lines)
    }

    /// What a line says, without blanks around it; empty where it is not there.
    pub(super) fn text(&self, key: &str) -> &str {
        let entries = self.items.iter().flatten();
        entries.filter(|entry| entry.key == key).map(|entry| entry.text.trim()).next().unwrap_or("")
    }

    /// The number that a line gives; none where it says that it is not known.
    pub(super) fn number(&self, key: &str) -> Option<f64> {
        known(self.text(key))
    }

    /// Labels and units of the corresponding variables.
    pub(super) fn variables(&self) -> Vec<(&str, &str)> {
        let (pairs, _) = self.of(VARIABLES).as_chunks::<2>();
        pairs.iter().map(|[label, unit]| (label.text.trim(), unit.text.trim())).collect()
    }

    /// The values of the experimental variables.
    pub(super) fn experimental(&self) -> impl Iterator<Item = Option<f64>> {
        self.of(EXPERIMENTAL).iter().map(|entry| known(&entry.text))
    }
}

fn known(text: &str) -> Option<f64> {
    number(text).filter(|number| number.abs() < NOT_KNOWN)
}
