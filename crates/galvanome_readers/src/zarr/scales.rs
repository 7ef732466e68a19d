//! Scales of OME-NGFF: how far the numbers of an array lie apart.

use serde_json::Value;

use crate::lengths::{length, metres};

/// The scale of an array.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Scale {
    /// The folder of the array, with `/` behind it.
    pub(super) folder: String,
    /// 0 for the finest.
    pub(super) level: usize,
    /// From one number to the next along each axis in metres, where it is a length.
    steps: Vec<Option<f64>>,
}

impl Scale {
    /// Edges of a voxel along the last three of so many axes.
    pub(super) fn voxel_m(&self, axes: usize) -> [Option<f64>; 3] {
        let mut edges = [None; 3];
        if axes == self.steps.len() {
            for (edge, step) in edges.iter_mut().rev().zip(self.steps.iter().rev()) {
                *edge = *step;
            }
        }
        edges
    }
}

/// The product of the scales that transformations say, along each axis.
fn factors(said: &Value, axes: usize) -> Vec<f64> {
    let mut all = vec![1.0; axes];
    let steps = said.as_array().into_iter().flatten();
    for step in steps.filter(|step| step["type"].as_str() == Some("scale")) {
        let numbers = step["scale"].as_array().into_iter().flatten();
        for (factor, number) in all.iter_mut().zip(numbers) {
            *factor *= number.as_f64().unwrap_or(f64::NAN);
        }
    }
    all
}

/// What the attributes of a folder say of the arrays below it (`multiscales` of OME-NGFF 0.4, `ome` of 0.5).
pub(super) fn scales(folder: &str, attributes: &Value) -> Vec<Scale> {
    let multiscales = match &attributes["ome"]["multiscales"] {
        Value::Null => &attributes["multiscales"],
        inside => inside,
    };
    let mut all = Vec::new();
    for image in multiscales.as_array().into_iter().flatten() {
        let axes: Vec<&Value> = image["axes"].as_array().into_iter().flatten().collect();
        let shared = factors(&image["coordinateTransformations"], axes.len());
        let datasets = image["datasets"].as_array().into_iter().flatten();
        for (level, dataset) in datasets.enumerate() {
            let Some(path) = dataset["path"].as_str() else { continue };
            let own = factors(&dataset["coordinateTransformations"], axes.len());
            let steps = axes.iter().zip(own.iter().zip(&shared)).map(|(axis, (own, shared))| {
                length(own * shared * metres(axis["unit"].as_str()?)?)
            });
            let folder = format!("{folder}{}/", path.trim_matches('/'));
            all.push(Scale { folder, level, steps: steps.collect() });
        }
    }
    all
}
