//! The metadata of a TIFF, verbatim.

use std::io;

use galvanome_model::note::Note;

use super::directory::{Bytes, Directory, Order, kind_bytes, number};
use super::instruments::{FEI, Told, ZEISS, fei, zeiss};
use crate::limits::Limits;
use crate::sink::Sink;

/// Where ImageJ keeps lengths of pieces of its own data, and the pieces.
const IMAGEJ_LENGTHS: u16 = 50838;
const IMAGEJ_PIECES: u16 = 50839;

/// Bytes of one text that are read, and numbers of one tag that are told.
const TEXT_MAX: usize = 1 << 20;
const NUMBERS_MAX: u64 = 16;

/// Tags for people, by their names in TIFF 6.0.
const NAMED: [(u16, &str); 11] = [
    (269, "DocumentName"),
    (270, "ImageDescription"),
    (271, "Make"),
    (272, "Model"),
    (285, "PageName"),
    (305, "Software"),
    (306, "DateTime"),
    (315, "Artist"),
    (316, "HostComputer"),
    (700, "XMP"),
    (33432, "Copyright"),
];

/// Tags from which on they are nobody's in particular.
const PRIVATE: u16 = 32768;

/// Tells entries as long as they may be told.
pub(super) struct Teller<'a> {
    sink: &'a mut dyn Sink,
    left: usize,
    full: bool,
}

impl<'a> Teller<'a> {
    pub(super) fn new(sink: &'a mut dyn Sink, limits: &Limits) -> Self {
        Self { sink, left: limits.max_metadata, full: false }
    }

    pub(super) fn entry(&mut self, key: &str, value: &str) {
        match self.left.checked_sub(1) {
            Some(left) => {
                self.left = left;
                self.sink.metadata(key, value);
            }
            None if !self.full => {
                self.full = true;
                let message = "the limit of metadata is reached; the rest was not read";
                self.sink.note(Note::new("limit-reached", message, "metadata"));
            }
            None => {}
        }
    }

    /// Lines, by what stands before and behind their first `=`.
    fn lines(&mut self, name: &str, text: &str) {
        for line in text.lines().filter(|line| !line.trim().is_empty()) {
            match line.split_once('=') {
                Some((key, value)) if !key.trim().is_empty() => {
                    self.entry(key.trim(), value.trim());
                }
                _ => self.entry(name, line.trim_end()),
            }
        }
    }
}

/// Tells what the tags of a directory say beside the pixels. Gives the description and what a microscope says of its image.
/// Errors when the source cannot be read.
pub(super) fn tell(
    bytes: &mut Bytes,
    directory: &Directory,
    teller: &mut Teller<'_>,
) -> io::Result<(String, Told)> {
    let mut description = String::new();
    let mut told = Told::default();
    let mut maker = [String::new(), String::new()];
    for entry in directory.entries() {
        let name = NAMED.iter().find(|(tag, _)| *tag == entry.tag).map(|(_, name)| *name);
        if name.is_none() && entry.tag < PRIVATE || entry.tag == IMAGEJ_LENGTHS {
            continue;
        }
        if entry.tag == IMAGEJ_PIECES {
            for text in imagej_texts(bytes, directory)? {
                teller.lines("ImageJ", &text);
            }
            continue;
        }
        let is_text = matches!(entry.kind, 1 | 2 | 7) && entry.count > 8 || entry.kind == 2;
        if !is_text {
            let numbers = numbers_of(bytes, entry)?;
            if !numbers.is_empty() {
                teller.entry(name.unwrap_or(&format!("tag {}", entry.tag)), &numbers);
            }
            continue;
        }
        let text = bytes.text(entry, TEXT_MAX)?;
        if text.chars().any(|c| c.is_control() && !c.is_whitespace()) || text.trim().is_empty() {
            // Bytes that are no text.
            continue;
        }
        match entry.tag {
            ZEISS => told = zeiss(&text),
            tag if FEI.contains(&tag) => told = fei(&text),
            270 if text.starts_with("ImageJ=") => teller.lines("ImageDescription", &text),
            _ => {
                let name = name.map_or_else(|| format!("tag {}", entry.tag), str::to_owned);
                teller.entry(&name, text.trim_end());
            }
        }
        match entry.tag {
            270 => description = text,
            271 => text.trim().clone_into(&mut maker[0]),
            272 => text.trim().clone_into(&mut maker[1]),
            _ => {}
        }
    }
    for (key, value) in &told.entries {
        teller.entry(key, value);
    }
    if told.instrument.is_empty() {
        maker.join(" ").trim().clone_into(&mut told.instrument);
    }
    Ok((description, told))
}

fn numbers_of(bytes: &mut Bytes, entry: &super::directory::Entry) -> io::Result<String> {
    if kind_bytes(entry.kind).is_none() {
        return Ok(String::new());
    }
    let mut numbers = Vec::new();
    for place in 0..entry.count.min(NUMBERS_MAX) {
        match bytes.real(entry, place)? {
            Some(number) => numbers.push(number.to_string()),
            None => break,
        }
    }
    if entry.count > NUMBERS_MAX {
        numbers.push(format!("… ({} in all)", entry.count));
    }
    Ok(numbers.join(" "))
}

/// The information and the labels of slices that ImageJ keeps: a head of kinds and how many there are of each, then one
/// piece of UTF-16 after the other, whose lengths stand in a tag of their own.
fn imagej_texts(bytes: &mut Bytes, directory: &Directory) -> io::Result<Vec<String>> {
    let (Some(lengths), Some(pieces)) =
        (directory.entry(IMAGEJ_LENGTHS).copied(), directory.entry(IMAGEJ_PIECES).copied())
    else {
        return Ok(Vec::new());
    };
    let raw = bytes.raw(&pieces, TEXT_MAX)?;
    let order = bytes.order;
    let mut texts = Vec::new();
    let Some(head_len) = bytes.whole(&lengths, 0)? else { return Ok(texts) };
    let head = usize::try_from(head_len).ok().and_then(|len| raw.get(4..len)).unwrap_or_default();
    let mut at = 4 + head.len();
    let mut nth = 0;
    for kind in head.chunks_exact(8) {
        let (name, count) = kind.split_at(4);
        let name = number(name, order).to_be_bytes();
        for _ in 0..number(count, order) {
            nth += 1;
            let Some(len) = bytes.whole(&lengths, nth)? else { return Ok(texts) };
            let end = usize::try_from(len).ok().and_then(|len| at.checked_add(len));
            let Some(piece) = end.and_then(|end| raw.get(at..end)) else { return Ok(texts) };
            at += piece.len();
            if matches!(name.get(4..), Some(b"info" | b"labl")) {
                texts.push(utf16(piece, order));
            }
        }
    }
    Ok(texts)
}

fn utf16(bytes: &[u8], order: Order) -> String {
    let units = bytes.as_chunks::<2>().0.iter().map(|two| match order {
        Order::Little => u16::from_le_bytes(*two),
        Order::Big => u16::from_be_bytes(*two),
    });
    char::decode_utf16(units).map(|c| c.unwrap_or(char::REPLACEMENT_CHARACTER)).collect()
}
