//! The measurements that an analysis is given.

use galvanome_model::measurement::{Measurement, Zone};
use galvanome_model::note::Note;

/// A measurement and the name people know it by.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Input {
    /// The name of its file or dataset, for notes.
    pub name: String,
    /// What was read from it.
    pub measurement: Measurement,
}

/// The measurements of one specimen.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Inputs {
    /// The measurements that are analysed, in time order: a test may be spread over several files.
    pub main: Vec<Input>,
    /// Measurements that help, each with its role (`open-beam`, `cycler`).
    pub auxiliary: Vec<(String, Input)>,
}

impl Inputs {
    /// One measurement, and nothing beside it.
    pub fn one(name: &str, measurement: Measurement) -> Self {
        Self { main: vec![Input { name: name.to_owned(), measurement }], auxiliary: Vec::new() }
    }

    /// Puts the main measurements in the order of their start times. Where not every file tells its start in
    /// the same way (all local, or all in UTC), the given order stays, and a note says so.
    pub fn order_by_start(&mut self) -> Option<Note> {
        if self.main.len() < 2 {
            return None;
        }
        let starts: Vec<_> =
            self.main.iter().map(|input| input.measurement.started_at.as_ref()).collect();
        let comparable = starts.iter().all(|start| {
            start.is_some_and(|start| start.zone == Zone::Local || start.iso.ends_with('Z'))
        }) && starts.windows(2).all(|pair| match pair {
            [Some(a), Some(b)] => a.zone == b.zone,
            _ => true,
        });
        if !comparable {
            return Some(Note::new(
                "start-unknown",
                "not every file tells in the same way when it started, so the files are taken in the order given; give them in time order",
                "",
            ));
        }
        // One form of ISO 8601 sorts as text.
        self.main.sort_by(|a, b| start_of(a).cmp(start_of(b)));
        None
    }
}

fn start_of(input: &Input) -> &str {
    input.measurement.started_at.as_ref().map_or("", |start| start.iso.as_str())
}
