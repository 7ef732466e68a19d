//! The vendor's metadata on its way to a sink, within the limits.

use std::collections::BTreeMap;

use galvanome_model::note::Note;

use crate::limits::Limits;
use crate::sink::Sink;

/// Hands on metadata and notes.
pub(crate) struct About<'a> {
    pub(crate) sink: &'a mut dyn Sink,
    left: usize,
    beyond: bool,
    text_max: usize,
    /// What the first of several parts said.
    said: BTreeMap<String, String>,
}

impl<'a> About<'a> {
    /// What the limits allow.
    pub(crate) fn new(limits: &Limits, sink: &'a mut dyn Sink) -> Self {
        let (left, text_max) = (limits.max_metadata, limits.max_text_bytes);
        Self { sink, left, beyond: false, text_max, said: BTreeMap::new() }
    }

    /// One entry, unless its value is empty.
    pub(crate) fn tell(&mut self, key: &str, value: &str) {
        if value.is_empty() {
            return;
        }
        let Some(left) = self.left.checked_sub(1) else {
            self.beyond = true;
            return;
        };
        self.left = left;
        let mut end = value.len().min(self.text_max);
        while !value.is_char_boundary(end) {
            end -= 1;
        }
        self.sink.metadata(key, value.get(..end).unwrap_or_default());
    }

    /// One entry of a part of a file, which parts are counted from 1: of later ones what the first one did not say.
    pub(crate) fn tell_part(&mut self, part: usize, name: &str, key: &str, value: &str) {
        if part <= 1 {
            if self.said.len() < self.left {
                self.said.insert(key.to_owned(), value.to_owned());
            }
            self.tell(&format!("{name}/{key}"), value);
        } else if self.said.get(key).is_none_or(|said| said != value) {
            self.tell(&format!("{name}[{part}]/{key}"), value);
        }
    }

    /// Says when there was more than the limits allow.
    pub(crate) fn finish(self) {
        if self.beyond {
            let message = "the limit of metadata is reached; the rest was not kept";
            self.sink.note(Note::new("limit-reached", message, "metadata"));
        }
    }
}
