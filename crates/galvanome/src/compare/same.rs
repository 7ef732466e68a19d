//! What was given twice: files that are the same to the last byte, and specimens that share rows.

use std::collections::BTreeMap;

use galvanome_model::measurement::Table;
use galvanome_model::note::Note;
use galvanome_techniques::Input;

use super::{Analysed, Side, Specimen, fingerprint};
use crate::Error;

/// Leaves out files of a specimen that it has already, with a note. Errors when two specimens have one file.
pub(super) fn without_copies(
    given: &mut [(Side, Specimen)],
    notes: &mut Vec<Note>,
) -> Result<(), Error> {
    let mut seen: BTreeMap<[u8; 32], (usize, String)> = BTreeMap::new();
    for (place, (_, specimen)) in given.iter_mut().enumerate() {
        let mut kept = Vec::with_capacity(specimen.files.len());
        for file in std::mem::take(&mut specimen.files) {
            let name = file.display().to_string();
            let bytes = fingerprint(&file)?;
            match seen.get(&bytes) {
                Some((owner, other)) if *owner == place => notes.push(Note::new(
                    "repeated-file",
                    format!("{name} holds the same bytes as {other}, so it was left out"),
                    &specimen.label,
                )),
                Some((_, other)) => {
                    return Err(Error::Wrong(format!(
                        "{other} and {name} hold the same bytes, but stand for two specimens: one measurement is no replicate of itself. Leave one out; if both are files of one cell, give them one label"
                    )));
                }
                None => {
                    seen.insert(bytes, (place, name));
                    kept.push(file);
                }
            }
        }
        specimen.files = kept;
    }
    Ok(())
}

/// Hashes of rows that are kept of a specimen at most: the smallest, so that two specimens keep those of the
/// rows that they share (A. Z. Broder, Compression and Complexity of Sequences (1997) 21).
const MOST_ROWS: usize = 4096;

/// Rows below which nothing is said of what two specimens share.
const FEWEST_SHARED: f64 = 10.0;

/// What is kept of a specimen's rows to see whether another one has them too.
#[derive(Debug, Default)]
pub(super) struct Sketch {
    /// The smallest hashes of rows, rising.
    hashes: Vec<u64>,
    /// Whether there are more rows than that.
    cut: bool,
}

impl Sketch {
    /// Of the main tables of a specimen's measurements. Rows of cycler files count by time, current and voltage,
    /// which survive an export into another format; without voltage two cells under one programme look alike, and
    /// nothing is kept.
    pub(super) fn of(inputs: &[Input]) -> Self {
        let mut hashes = Vec::new();
        for table in inputs.iter().filter_map(|input| input.measurement.tables.first()) {
            let columns = columns(table);
            hashes.extend((0..table.rows).map(|row| {
                let bits = columns.iter().map(|column| column.get(row).map_or(0, |x| x.to_bits()));
                bits.fold(0x9e37_79b9_7f4a_7c15, mixed)
            }));
        }
        hashes.sort_unstable();
        hashes.dedup();
        let cut = hashes.len() > MOST_ROWS;
        hashes.truncate(MOST_ROWS);
        Self { hashes, cut }
    }

    /// Whether both have the same rows and no others.
    fn is_same(&self, other: &Self) -> bool {
        self.hashes.len() as f64 >= FEWEST_SHARED && self.hashes == other.hashes
    }

    /// The part of the smaller one's rows that both have, as far as it can be told; 0 for too few.
    fn shared(&self, other: &Self) -> f64 {
        let limit = [self, other]
            .into_iter()
            .filter(|one| one.cut)
            .filter_map(|one| one.hashes.last().copied())
            .min()
            .unwrap_or(u64::MAX);
        let below = |one: &Self| one.hashes.partition_point(|hash| *hash <= limit);
        let fewest = below(self).min(below(other)) as f64;
        let both = self.hashes.iter().take_while(|hash| **hash <= limit);
        let both = both.filter(|hash| other.hashes.binary_search(hash).is_ok()).count() as f64;
        if both < FEWEST_SHARED { 0.0 } else { both / fewest }
    }
}

/// The columns by which rows are told apart.
fn columns(table: &Table) -> Vec<&[f64]> {
    let named = |name: &str| table.numbers(name);
    match (named("test_time_second"), named("voltage_volt"), named("current_ampere")) {
        (Some(time), Some(voltage), Some(current)) => vec![time, voltage, current],
        (Some(_), _, _) => Vec::new(),
        _ => table.columns.iter().filter_map(|column| named(&column.head.name)).collect(),
    }
}

/// A mixing step of SplitMix64 (G. L. Steele, D. Lea, C. H. Flood, OOPSLA 2014).
fn mixed(state: u64, bits: u64) -> u64 {
    let mut z = (state ^ bits).wrapping_add(0x9e37_79b9_7f4a_7c15);
    z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    z ^ (z >> 31)
}

/// Part of the rows from which on two specimens are said to overlap.
const OVERLAP: f64 = 0.1;

/// Says which specimens share rows. Errors when two have the same rows and no others: one measurement, saved twice.
pub(super) fn report_overlaps(
    specimens: &[Analysed],
    sketches: &[Sketch],
    notes: &mut Vec<Note>,
) -> Result<(), Error> {
    let all: Vec<_> = specimens.iter().zip(sketches).collect();
    for (place, (one, rows)) in all.iter().enumerate() {
        for (other, others) in all.iter().skip(place + 1) {
            if rows.is_same(others) {
                return Err(Error::Wrong(format!(
                    "{} and {} hold the same rows, though not in the same bytes, but stand for two specimens: one measurement is no replicate of itself. Leave one out; if both are files of one cell, give them one label",
                    one.label, other.label
                )));
            }
            let shared = rows.shared(others);
            if shared < OVERLAP {
                continue;
            }
            let message = format!(
                "{:.0} % of the rows of the shorter of {} ({}) and {} ({}) are in the other, too, to the last digit of time, voltage and current: if they are one cell, give their files one label; one cell is no replicate of itself",
                100.0 * shared,
                one.label,
                one.side.word(),
                other.label,
                other.side.word()
            );
            notes.push(Note::new(
                "overlapping-files",
                message,
                format!("{}, {}", one.label, other.label),
            ));
        }
    }
    Ok(())
}
