//! Where and when each spectrum was taken, and its flags (block `ORGN`).

use std::io;

use galvanome_model::note::Note;

use super::blocks::Block;
use super::header::{Header, text};
use super::kinds;
use crate::le::{u32_at, u64_at};
use crate::sink::Sink;
use crate::source::{Source, read_full};

/// Bytes before the values of an origin.
const HEAD: u64 = 24;

/// What a bit of the kind says: the series runs along this origin.
const PRIMARY: u32 = 1 << 31;

/// One thing that is known of each spectrum.
#[derive(Debug)]
pub(super) struct Origin {
    /// What it is.
    pub(super) kind: u32,
    /// Whether the series or map runs along it.
    pub(super) primary: bool,
    pub(super) unit: u32,
    /// Its name in the file.
    pub(super) name: String,
    /// Its values, one for each spectrum.
    pub(super) values: Given,
}

/// Values of an origin.
#[derive(Debug)]
pub(super) enum Given {
    /// Numbers; a missing one is NaN.
    Numbers(Vec<f64>),
    /// Times of Windows, flags or checksums.
    Words(Vec<u64>),
}

/// Reads the origins of the first `count` spectra. Says so where the block ends early. Errors when the source cannot be
/// read.
pub(super) fn read(
    source: &dyn Source,
    header: &Header,
    block: Block,
    count: usize,
    sink: &mut dyn Sink,
) -> io::Result<Vec<Origin>> {
    let mut told = [0; 4];
    read_full(source, block.at, &mut told)?;
    let told = u32_at(&told, 0);
    let stride = header.capacity.saturating_mul(8).saturating_add(HEAD);
    let needed = (count as u64).saturating_mul(8).saturating_add(HEAD);
    let mut origins = Vec::new();
    let mut at = 4_u64;
    for _ in 0..told {
        if at.saturating_add(needed) > block.len {
            let message = format!(
                "the block ORGN ends early: {} of {told} columns of it could be read",
                origins.len()
            );
            sink.note(Note::new("truncated-file", message, format!("byte {}", block.at)));
            break;
        }
        let mut head = [0; HEAD as usize];
        read_full(source, block.at + at, &mut head)?;
        let kind = u32_at(&head, 0);
        let unit = u32_at(&head, 4);
        let mut bytes = vec![0; count * 8];
        read_full(source, block.at + at + HEAD, &mut bytes)?;
        let kind_only = kind & !PRIMARY;
        let words = unit == kinds::FILE_TIME
            || matches!(kind_only, kinds::CHECKSUM | kinds::FLAGS | kinds::TIME)
                && kinds::seconds(unit).is_none();
        let each = || (0..count).map(|spectrum| u64_at(&bytes, spectrum * 8));
        let values = if words {
            Given::Words(each().collect())
        } else {
            let number = |bits| Some(f64::from_bits(bits)).filter(|number| number.is_finite());
            Given::Numbers(each().map(|bits| number(bits).unwrap_or(f64::NAN)).collect())
        };
        let name = text(head.get(8..).unwrap_or_default());
        origins.push(Origin { kind: kind_only, primary: kind & PRIMARY != 0, unit, name, values });
        at = at.saturating_add(stride);
    }
    Ok(origins)
}

impl Origin {
    /// Its values as numbers in its unit; none where they are words.
    pub(super) fn numbers(&self) -> Option<&[f64]> {
        match &self.values {
            Given::Numbers(numbers) => Some(numbers),
            Given::Words(_) => None,
        }
    }

    /// Its values as words; none where they are numbers.
    pub(super) fn words(&self) -> Option<&[u64]> {
        match &self.values {
            Given::Words(words) => Some(words),
            Given::Numbers(_) => None,
        }
    }

    /// Its values as a length in metres, with whether that unit was assumed; none where it is none.
    pub(super) fn metres(&self) -> Option<(Vec<f64>, bool)> {
        // WiRE counts the stage in micrometres.
        let (in_a_metre, assumed) = match kinds::in_a_metre(self.unit) {
            Some(many) => (many, false),
            None if self.unit == 0 => (1e6, true),
            None => return None,
        };
        Some((self.numbers()?.iter().map(|length| length / in_a_metre).collect(), assumed))
    }

    /// Its values as seconds since a time of Windows (since the first spectrum where that is none, or later); none where it
    /// is no time.
    pub(super) fn seconds_since(&self, start: u64) -> Option<Vec<f64>> {
        match &self.values {
            Given::Numbers(numbers) => {
                let seconds = kinds::seconds(self.unit)?;
                Some(numbers.iter().map(|time| time * seconds).collect())
            }
            Given::Words(words) if matches!(self.kind, kinds::TIME | kinds::ELAPSED) => {
                let first = words.iter().copied().find(|&time| time != 0)?;
                let zero = if start == 0 || start > first { first } else { start };
                let since = |time: u64| match time {
                    0 => f64::NAN,
                    time => time.wrapping_sub(zero).cast_signed() as f64 / 1e7,
                };
                Some(words.iter().map(|&time| since(time)).collect())
            }
            Given::Words(_) => None,
        }
    }
}
