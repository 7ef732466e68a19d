//! The ids that a campaign knows of one kind of thing.

use std::borrow::Borrow;
use std::collections::HashMap;
use std::hash::Hash;

use super::problem::{Problems, any_of};

/// How many known ids are named outright in a message.
const NAMED: usize = 8;

/// The ids of one kind of thing, each with what the checks need to know about it.
#[derive(Debug)]
pub(super) struct Ids<T, I = ()> {
    /// "a technique of this campaign".
    noun: &'static str,
    /// Where one adds another: "samples.csv".
    home: &'static str,
    /// In the order in which they were added, for messages.
    order: Vec<T>,
    known: HashMap<T, I>,
    /// False when some could not be read: then an unknown one is not reported.
    complete: bool,
}

impl<T: Clone + Eq + Hash + Borrow<str>, I> Ids<T, I> {
    pub(super) fn new(noun: &'static str, home: &'static str) -> Self {
        Self { noun, home, order: Vec::new(), known: HashMap::new(), complete: true }
    }

    /// Adds an id; false when it is there already.
    pub(super) fn add(&mut self, id: &T, info: I) -> bool {
        if self.known.contains_key(id.borrow()) {
            return false;
        }
        self.order.push(id.clone());
        self.known.insert(id.clone(), info);
        true
    }

    /// Says that some ids could not be read.
    pub(super) fn mark_incomplete(&mut self) {
        self.complete = false;
    }

    /// The id of that text with what is known about it.
    pub(super) fn find(&self, text: &str) -> Option<(&T, &I)> {
        self.known.get_key_value(text)
    }

    /// What is known about an id.
    pub(super) fn info(&self, id: &T) -> Option<&I> {
        self.known.get(id.borrow())
    }

    /// Where an id stands in the order in which they were added.
    pub(super) fn positions(&self) -> HashMap<&T, usize> {
        self.order.iter().enumerate().map(|(at, id)| (id, at)).collect()
    }

    /// What is wrong with an id that is not among them, and what would be right; none when some could not be read.
    pub(super) fn unknown(
        &self,
        text: &str,
        problems: &mut Problems,
    ) -> Option<(String, Option<String>)> {
        if !self.complete {
            return None;
        }
        let known = self.order.iter().map(Borrow::borrow);
        let hint = problems.suggest(text, known).unwrap_or_else(|| {
            if (1..=NAMED).contains(&self.order.len()) {
                let all: Vec<&str> = self.order.iter().map(Borrow::borrow).collect();
                format!("use {}, or add it to {}", any_of(&all), self.home)
            } else {
                format!("add it to {}", self.home)
            }
        });
        Some((format!("`{text}` is not {}", self.noun), Some(hint)))
    }
}
