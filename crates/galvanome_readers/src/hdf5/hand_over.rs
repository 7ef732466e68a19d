//! What all parts of the reader share on the way from objects to the sink: the file, limits, and what was told already.

use std::collections::{BTreeMap, BTreeSet};

use galvanome_model::note::Note;

use super::dataset::{Dataset, Run};
use super::datatype::{Datatype, Kind};
use super::file::File;
use super::gather::{Numbers, Part, numbers};
use super::heaps::GlobalHeap;
use super::tree::{Object, Tree};
use super::trouble::Trouble;
use super::value::{Value, fixed_text, heap_text, of_bytes};
use crate::limits::Limits;
use crate::sink::Sink;

/// Notes of one code that are given one by one; the others are counted.
const NOTES_EACH: usize = 20;

/// The most bytes of a value that becomes metadata.
const SMALL: u64 = 1 << 20;

/// Deflate makes at most so many bytes of one.
const PACKED_MAX: u64 = 1032;

/// The way of a file's objects to the sink.
pub(super) struct HandOver<'a> {
    pub(super) tree: &'a Tree,
    pub(super) file: &'a File,
    pub(super) heap: GlobalHeap,
    pub(super) limits: &'a Limits,
    pub(super) sink: &'a mut dyn Sink,
    /// Objects that were given as signals, axes, images or metadata.
    pub(super) given: BTreeSet<usize>,
    /// Edges of square pixels in metres that metadata tell of a group.
    pub(super) pixels_m: BTreeMap<usize, f64>,
    /// Bytes that values in memory may still take, of all datasets together.
    room: u64,
    notes: BTreeMap<String, usize>,
    told: BTreeSet<usize>,
}

impl<'a> HandOver<'a> {
    pub(super) fn new(
        tree: &'a Tree,
        file: &'a File,
        heap: GlobalHeap,
        limits: &'a Limits,
        sink: &'a mut dyn Sink,
    ) -> Self {
        let room = file.source.len().saturating_mul(8 * PACKED_MAX).saturating_add(16 << 20);
        Self {
            tree,
            file,
            heap,
            limits,
            sink,
            given: BTreeSet::new(),
            pixels_m: BTreeMap::new(),
            room,
            notes: BTreeMap::new(),
            told: BTreeSet::new(),
        }
    }

    /// An object and its values. None of anything that is no dataset.
    pub(super) fn dataset(&self, place: usize) -> Option<(&'a Object, &'a Dataset)> {
        let object = self.tree.objects.get(place)?;
        object.dataset().map(|dataset| (object, dataset.as_ref()))
    }

    /// The edge of a pixel of an image, where metadata beside it tell it.
    pub(super) fn pixel_m(&self, place: usize) -> Option<f64> {
        self.pixels_m.get(&self.tree.objects.get(place)?.parent).copied()
    }

    /// Gives a note, unless there were many of its code already.
    pub(super) fn note(&mut self, code: &str, message: String, place: &str) {
        let count = self.notes.entry(code.to_owned()).or_default();
        *count += 1;
        if *count <= NOTES_EACH {
            self.sink.note(Note::new(code, message, place));
        }
    }

    /// Says how many notes of each code were left out.
    pub(super) fn finish(self) {
        for (code, count) in self.notes {
            if let Some(more) = count.checked_sub(NOTES_EACH).filter(|&more| more > 0) {
                self.sink.note(Note::new(
                    &code,
                    format!("the same holds for {more} more objects"),
                    "",
                ));
            }
        }
    }

    /// Says once of a dataset what is not as it should be.
    pub(super) fn look(&mut self, place: usize) {
        let Some((object, dataset)) = self.dataset(place) else { return };
        if !self.told.insert(place) {
            return;
        }
        if let Some(trouble) = &dataset.lost {
            let message = format!(
                "not all chunks can be found, and what those that cannot hold counts as missing: {trouble}"
            );
            self.note("damaged-object", message, &object.path);
        }
        let unwritten = dataset.unwritten();
        if unwritten > 0 {
            let message = format!(
                "{unwritten} of {} values were never written; the file's fill value stands for them",
                dataset.space.len
            );
            self.note("unwritten-values", message, &object.path);
        }
        if dataset.missing() > 0 {
            let message =
                format!("the file ends {} bytes before the last value", dataset.missing());
            self.note("truncated-file", message, &object.path);
        }
    }

    /// Whether so many numbers of a dataset may be held in memory: their room must be in proportion to what the file holds
    /// of them. Says so where they may not.
    pub(super) fn may_hold(&mut self, place: usize, count: u64) -> bool {
        let Some((object, dataset)) = self.dataset(place) else { return false };
        let needs = count.saturating_mul(8);
        let widened = (8 / dataset.of.size.clamp(1, 8)) as u64;
        let packed = if dataset.is_packed() { PACKED_MAX } else { 1 };
        let may =
            dataset.stored().saturating_mul(packed).saturating_mul(widened).saturating_add(4 << 20);
        let fits = needs <= may && needs <= self.room && count <= self.limits.max_cells;
        if fits {
            self.room -= needs;
        } else {
            let message =
                format!("its {count} values are far more than the file holds; they were not read");
            self.note("limit-reached", message, &object.path);
        }
        fits
    }

    /// All numbers of a dataset. None where they are none, or too many.
    pub(super) fn numbers(&mut self, place: usize) -> Option<Vec<f64>> {
        let (_, dataset) = self.dataset(place)?;
        let part = Part::of(&dataset.of, 0)?;
        if !self.may_hold(place, dataset.space.len.saturating_mul(part.count as u64)) {
            return None;
        }
        self.look(place);
        let found = numbers(dataset, part, 0..dataset.space.len);
        self.say_of(place, &found);
        Some(found.values)
    }

    /// Says what was found about numbers that were read.
    pub(super) fn say_of(&mut self, place: usize, found: &Numbers) {
        let Some((object, _)) = self.dataset(place) else { return };
        if let Some((lost, why)) = &found.lost {
            let message = format!("{lost} values cannot be read and count as missing: {why}");
            self.note("damaged-values", message, &object.path);
        }
        if found.rounded > 0 {
            let message = format!(
                "{} whole numbers lie beyond 2^53, where the nearest double stands for each",
                found.rounded
            );
            self.note("rounded-integers", message, &object.path);
        }
    }

    /// The values of a small dataset.
    pub(super) fn small(&mut self, dataset: &Dataset) -> Result<Value, Trouble> {
        let len = dataset.space.len.saturating_mul(dataset.of.size as u64);
        if len > SMALL {
            return Err(Trouble::Damaged(format!("a single value takes {len} bytes")));
        }
        let mut bytes = Vec::new();
        dataset.runs(0..dataset.space.len, &mut |at, run| match run {
            Run::Bytes(run) => {
                bytes.resize(at as usize * dataset.of.size, 0);
                bytes.extend_from_slice(run);
                Ok(())
            }
            Run::Lost(_, trouble) => Err(Trouble::Damaged(trouble.to_string())),
        })?;
        if bytes.is_empty() && !dataset.fill.is_empty() {
            bytes = dataset.fill.repeat(dataset.space.len as usize);
        }
        bytes.resize(len as usize, 0);
        of_bytes(self.file, &mut self.heap, &dataset.of, &bytes)
    }

    /// Texts of a range of values, of a type that begins at an offset of each value; a text that cannot be read is empty.
    /// Also says whether there was one.
    pub(super) fn texts(
        &mut self,
        dataset: &Dataset,
        of: &Datatype,
        offset: usize,
        range: std::ops::Range<u64>,
    ) -> (Vec<String>, bool) {
        let len = (range.end - range.start) as usize;
        let mut texts = vec![String::new(); len];
        let (mut lost, file, heap) = (false, self.file, &mut self.heap);
        let longest = self.limits.max_text_bytes;
        let outcome = dataset.runs(range, &mut |at, run| {
            let Run::Bytes(bytes) = run else {
                lost = true;
                return Ok(());
            };
            let places = texts.iter_mut().skip(at as usize);
            for (to, one) in places.zip(bytes.chunks_exact(dataset.of.size)) {
                let one = one.get(offset..offset + of.size).unwrap_or_default();
                let text = match &of.kind {
                    Kind::FixedText(blanks) => Ok(fixed_text(one, *blanks)),
                    _ => heap_text(file, heap, one),
                };
                match text {
                    Ok(text) => *to = shortened(text, longest),
                    Err(_) => lost = true,
                }
            }
            Ok(())
        });
        (texts, lost || outcome.is_err())
    }
}

/// A text of at most so many bytes.
pub(super) fn shortened(mut text: String, longest: usize) -> String {
    if text.len() > longest {
        let end = (0..=longest).rev().find(|&end| text.is_char_boundary(end)).unwrap_or(0);
        text.truncate(end);
    }
    text
}
