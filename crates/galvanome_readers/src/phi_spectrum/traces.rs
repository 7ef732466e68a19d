//! The binary part of a PHI file: headers of traces, and their numbers.

use std::io;

use galvanome_model::note::Note;

use crate::limits::Limits;
use crate::sink::Sink;
use crate::source::{Source, read_full};

/// Bytes of the header of all traces, and of each: words of four bytes.
const HEADER: usize = 16;
const TRACE: usize = 96;

/// Traces that are read at most.
const MOST: u32 = 100_000;

/// What a trace holds, by the fifth word of its header.
const SPECTRUM: u32 = 1;
const TIMES: u32 = 8;

/// The header of a trace.
#[derive(Debug, Clone)]
pub(super) struct Trace {
    /// Its number, from 1.
    pub(super) number: u32,
    /// The number of its region; 0 where it is of all.
    pub(super) region: u64,
    kind: u32,
    /// How many values there are along each dimension, the quickest first.
    sizes: [u32; 3],
    names: [String; 2],
    unit: String,
    /// How a number is written: `f4`, `f8`.
    number_type: String,
    /// How many bytes there are, and where they begin behind the text.
    len: u32,
    offset: u32,
}

impl Trace {
    /// Whether it holds spectra.
    pub(super) fn is_spectrum(&self) -> bool {
        self.kind == SPECTRUM
    }

    /// Whether it holds the time that each region was sputtered before each cycle.
    pub(super) fn is_sputter_times(&self) -> bool {
        self.kind == TIMES && self.unit == "s"
    }

    /// Whether its spectra follow each other in depth.
    pub(super) fn is_profile(&self) -> bool {
        self.second() == "cyc"
    }

    /// Points of a spectrum, or rows of a small table.
    pub(super) fn points(&self) -> usize {
        self.sizes.first().map_or(0, |&size| size as usize)
    }

    /// How many spectra there are, or columns of a small table.
    pub(super) fn spectra(&self) -> usize {
        let [_, second, third] = self.sizes;
        (second as usize).saturating_mul(third.max(1) as usize)
    }

    /// What the second dimension is called: `cyc` for cycles of a profile, `sar` for places on the sample.
    pub(super) fn second(&self) -> &str {
        self.names.get(1).map_or("", String::as_str)
    }

    /// The unit of its values.
    pub(super) fn unit(&self) -> &str {
        match self.unit.as_str() {
            "c/s" => "counts/s",
            "c" => "counts",
            "c/s * eV" => "counts/s*eV",
            unit => unit,
        }
    }
}

/// All traces of a file.
pub(super) struct Traces {
    pub(super) list: Vec<Trace>,
    /// The byte behind the text, from which offsets count.
    begin: u64,
    big_endian: bool,
}

/// A word of four bytes.
fn word(bytes: &[u8], place: usize, big_endian: bool) -> u32 {
    let at = bytes.get(place * 4..).and_then(|rest| rest.first_chunk::<4>());
    match at {
        Some(word) if big_endian => u32::from_be_bytes(*word),
        Some(word) => u32::from_le_bytes(*word),
        None => 0,
    }
}

/// A text in so many words of four bytes, which a zero ends.
fn text(bytes: &[u8], place: usize, words: usize) -> String {
    let inside = bytes.get(place * 4..(place + words) * 4).unwrap_or_default();
    let inside = inside.split(|byte| *byte == 0).next().unwrap_or_default();
    let text: String = inside.iter().map(|&byte| char::from(byte)).collect();
    text.trim().to_owned()
}

impl Traces {
    /// Reads the headers of the traces behind the text. None where the file ends before them. Errors when the source
    /// cannot be read.
    pub(super) fn read(
        source: &dyn Source,
        begin: u64,
        sink: &mut dyn Sink,
    ) -> io::Result<Option<Self>> {
        let mut head = [0; HEADER];
        if read_full(source, begin, &mut head)? < HEADER {
            return Ok(None);
        }
        let place = |at: u64| format!("byte {}", begin + at);
        // Groups are counted from 1, so that the first word tells how words are written.
        let big_endian = word(&head, 0, false) > word(&head, 0, true);
        if big_endian {
            let message = "the file was written by another kind of computer; nobody has seen how such files are laid out, so compare with the instrument's software";
            sink.note(Note::new("unverified-format", message, place(0)));
        }
        let announced = word(&head, 1, big_endian);
        let mut traces = Self { list: Vec::new(), begin, big_endian };
        let mut at = u64::from(word(&head, 3, big_endian)).max(HEADER as u64);
        for _ in 0..announced.min(MOST) {
            let mut bytes = [0; TRACE];
            if read_full(source, begin.saturating_add(at), &mut bytes)? < TRACE {
                let message = format!(
                    "the file ends within the headers of its {announced} spectra, of which {} are there",
                    traces.list.len()
                );
                sink.note(Note::new("truncated-file", message, place(at)));
                break;
            }
            at += TRACE as u64;
            let of = |at: usize| word(&bytes, at, big_endian);
            traces.list.push(Trace {
                number: of(0),
                region: u64::from(of(3)),
                kind: of(4),
                sizes: [of(5), of(6), of(7)],
                names: [text(&bytes, 8, 2), text(&bytes, 10, 2)],
                unit: text(&bytes, 14, 4),
                number_type: text(&bytes, 18, 1),
                len: of(19),
                offset: of(20),
            });
        }
        Ok(Some(traces))
    }

    /// The values of a trace, whole spectra of it, or a part of its only one. What is missing is told. Errors when the
    /// source cannot be read. All traces together take no more bytes than the budget, however often headers name the same.
    pub(super) fn values(
        &self,
        source: &dyn Source,
        trace: &Trace,
        budget: &mut u64,
        limits: &Limits,
        sink: &mut dyn Sink,
    ) -> io::Result<Vec<f64>> {
        let place = format!("spectrum {}", trace.number);
        let size = match trace.number_type.as_str() {
            "f4" => 4,
            "f8" => 8,
            other => {
                let message = format!("numbers of the kind {other:?} are not known; left out");
                sink.note(Note::new("unread-column", message, place));
                return Ok(Vec::new());
            }
        };
        let wanted = trace.points().saturating_mul(trace.spectra());
        let most = limits.max_rows.min(limits.max_cells);
        let begin = self.begin.saturating_add(u64::from(trace.offset));
        let there = source.len().saturating_sub(begin).min(u64::from(trace.len)) / size;
        let count = (wanted as u64).min(there).min(most).min(*budget / size);
        *budget -= count * size;
        let mut bytes = vec![0; usize::try_from(count * size).unwrap_or(0)];
        let read = read_full(source, begin, &mut bytes)?;
        let bytes = bytes.get(..read).unwrap_or_default();
        let mut values: Vec<f64> = match (size, self.big_endian) {
            (4, false) => each(bytes, |four| f64::from(f32::from_le_bytes(four))),
            (4, true) => each(bytes, |four| f64::from(f32::from_be_bytes(four))),
            (_, false) => each(bytes, f64::from_le_bytes),
            (_, true) => each(bytes, f64::from_be_bytes),
        };
        if values.len() < wanted {
            let message = format!(
                "{wanted} values are announced and {} are there; whole spectra of them are given",
                values.len()
            );
            sink.note(Note::new("truncated-file", message, place));
            let whole = values.len() / trace.points().max(1) * trace.points();
            if whole > 0 || trace.spectra() > 1 {
                values.truncate(whole);
            }
        }
        Ok(values)
    }
}

/// The numbers that bytes are.
fn each<const SIZE: usize>(bytes: &[u8], number: impl Fn([u8; SIZE]) -> f64) -> Vec<f64> {
    let (numbers, _) = bytes.as_chunks::<SIZE>();
    numbers.iter().map(|bytes| number(*bytes)).collect()
}
