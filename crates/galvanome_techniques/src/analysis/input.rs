//! The measurements that an analysis is given.

use galvanome_model::measurement::{Measurement, Zone};
use galvanome_model::note::Note;

use super::start;

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
    /// the same way (all by local time, or all with their zone), the given order stays, and a note says so.
    pub fn order_by_start(&mut self) -> Option<Note> {
        match self.time_order() {
            Ok(order) => {
                let mut main: Vec<_> =
                    std::mem::take(&mut self.main).into_iter().map(Some).collect();
                let taken = order.iter().filter_map(|&place| main.get_mut(place)?.take());
                self.main = taken.collect();
                None
            }
            Err(note) => Some(note),
        }
    }

    /// The places of the main measurements in the order of their start times; files that start together stay in
    /// the order given. A note where not every file tells its start in the same way.
    pub(crate) fn time_order(&self) -> Result<Vec<usize>, Note> {
        let mut places: Vec<usize> = (0..self.main.len()).collect();
        if self.main.len() < 2 {
            return Ok(places);
        }
        let start = |input: &Input| {
            let start = input.measurement.started_at.as_ref()?;
            Some((start.zone, start::seconds(start)?))
        };
        let starts: Option<Vec<(Zone, f64)>> = self.main.iter().map(start).collect();
        let same = |starts: &Vec<(Zone, f64)>| {
            starts.iter().zip(starts.iter().skip(1)).all(|(a, b)| a.0 == b.0)
        };
        let Some(starts) = starts.filter(same) else {
            return Err(Note::new(
                "start-unknown",
                "not every file tells in the same way when it started, so the files are taken in the order given; give them in time order",
                "",
            ));
        };
        let of = |place: &usize| starts.get(*place).map_or(0.0, |start| start.1);
        places.sort_by(|a, b| of(a).total_cmp(&of(b)));
        Ok(places)
    }
}
