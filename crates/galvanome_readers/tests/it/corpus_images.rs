//! Real images and volumes: what the manifest says that other readers find in them.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use galvanome_model::image::Image;
use galvanome_model::slabs::{VoxelKind, Voxels};
use galvanome_readers::{Collect, Files, Limits, Member, Together, read};
use serde_json::Value;

use crate::corpus::manifest;

/// Endings of files that hold images and nothing else.
const ENDINGS: [&str; 5] = ["tif", "tiff", "mrc", "zarr", "zip"];

fn add(folder: &Path, inside: &str, members: &mut Vec<Member>) {
    for entry in std::fs::read_dir(folder).expect("a folder") {
        let entry = entry.expect("an entry");
        let name = format!("{inside}{}", entry.file_name().to_string_lossy());
        if entry.path().is_dir() {
            add(&entry.path(), &format!("{name}/"), members);
        } else {
            let bytes = std::fs::read(entry.path()).expect("a file");
            members.push(Member { name, source: Arc::new(bytes) });
        }
    }
}

/// A file or a folder of the corpus.
fn files(path: &Path) -> Files {
    let name = path.display().to_string();
    if !path.is_dir() {
        return Files::one(&name, std::fs::read(path).expect("a file of the corpus"));
    }
    let mut members = Vec::new();
    add(path, "", &mut members);
    members.sort_by(|a, b| a.name.cmp(&b.name));
    Files::several(Together::Folder, &name, members)
}

/// What comes of the voxels when they are met slice by slice.
#[derive(Default)]
struct Met {
    count: u64,
    sum: f64,
    min: f64,
    max: f64,
    labels: std::collections::BTreeMap<u64, u64>,
}

fn meet(image: &Image) -> Met {
    let mut met = Met { min: f64::INFINITY, max: f64::NEG_INFINITY, ..Met::default() };
    let mut voxels = Voxels::new(VoxelKind::U8);
    for z in 0..image.slabs.shape()[0] {
        image.slabs.read(z..z + 1, &mut voxels).expect("a slice of a whole file");
        for value in voxels.to_f64() {
            met.count += 1;
            met.sum += value;
            met.min = met.min.min(value);
            met.max = met.max.max(value);
            if let Voxels::U8(_) | Voxels::F32(_) = voxels
                && value >= 0.0
                && met.labels.len() < 300
            {
                *met.labels.entry(value as u64).or_default() += 1;
            }
        }
    }
    met
}

/// What a kind of number of others is held in here.
fn kind_of(dtype: &str) -> Option<VoxelKind> {
    Some(match dtype {
        "uint8" | "bool" => VoxelKind::U8,
        "uint16" => VoxelKind::U16,
        "int8" | "int16" | "float16" | "float32" => VoxelKind::F32,
        "uint32" | "int32" | "uint64" | "int64" | "float64" => VoxelKind::F64,
        _ => return None,
    })
}

/// Compares one file with what is said of it, and gives what is wrong.
fn check(path: &Path, expected: &Value) -> Vec<String> {
    let name = path.display().to_string();
    let mut collect = Collect::new();
    if let Err(error) = read(&files(path), &Limits::default(), &mut collect) {
        return vec![error.to_string()];
    }
    let measurement = collect.into_measurement();
    let codes: Vec<_> = measurement.notes.iter().map(|note| note.code.as_str()).collect();
    let Some(image) = measurement.images.first() else { return vec![format!("{name}: no image")] };
    let met = meet(image);
    let shape = image.slabs.shape();
    eprintln!(
        "{name}: {shape:?} {:?} {:?} m, sum {}, {} metadata, {codes:?}",
        image.slabs.kind(),
        image.slabs.voxel_m(),
        met.sum,
        measurement.metadata.len()
    );
    let mut wrong = Vec::new();
    let mut compare = |what: &str, ours: f64, said: &Value, digits: f64| {
        if let Some(said) = said.as_f64()
            && (ours - said).abs() > digits * said.abs().max(1e-30)
        {
            wrong.push(format!("{name}: {what} is {ours}, said is {said}"));
        }
    };
    let sides: Vec<_> = expected["shape"].as_array().into_iter().flatten().collect();
    let ours = shape.get(3 - sides.len().min(3)..).unwrap_or_default();
    for (ours, said) in ours.iter().zip(sides) {
        compare("a side", *ours as f64, said, 0.0);
    }
    compare("the number of pages", shape[0] as f64, &expected["pages"], 0.0);
    // The manifest prints ten digits.
    compare("the sum", met.sum, &expected["sum"], 1e-9);
    compare("the mean", met.sum / met.count as f64, &expected["mean"], 1e-9);
    compare("the least", met.min, &expected["min"], 1e-9);
    compare("the largest", met.max, &expected["max"], 1e-9);
    for (axis, edge) in image.slabs.voxel_m().into_iter().enumerate() {
        compare("an edge", edge.unwrap_or(0.0), &expected["voxel_m"][axis], 1e-6);
    }
    for (label, said) in expected["labels"].as_object().into_iter().flatten() {
        let label = label.parse().expect("a whole number");
        let ours = met.labels.get(&label).copied().unwrap_or(0);
        compare("a count", ours as f64, said, 0.0);
    }
    let keys = |prefix: &[&str]| {
        let metadata = measurement.metadata.iter();
        metadata.filter(|(key, _)| prefix.iter().any(|prefix| key.starts_with(prefix))).count()
    };
    compare(
        "the number of Zeiss' keys",
        keys(&["AP_", "DP_", "SV_"]) as f64,
        &expected["sem_keys"],
        0.0,
    );
    if let Some(dtype) = expected["dtype"].as_str()
        && kind_of(dtype).is_some_and(|kind| kind != image.slabs.kind())
    {
        wrong.push(format!("{name}: {:?} where {dtype} is said", image.slabs.kind()));
    }
    wrong
}

#[test]
fn real_images_hold_what_others_find_in_them() {
    let Ok(corpus) = std::env::var("GALVANOME_CORPUS") else {
        eprintln!("GALVANOME_CORPUS is not set: real images were not tried");
        return;
    };
    let files = manifest(&PathBuf::from(corpus).join("charact"));
    let mut wrong = Vec::new();
    let mut tried = 0;
    for (path, expected) in &files {
        let ending = path.extension().unwrap_or_default().to_string_lossy();
        if ENDINGS.contains(&ending.as_ref()) && expected["shape"].is_array() {
            tried += 1;
            wrong.extend(check(path, expected));
        }
    }
    eprintln!("{tried} images were tried");
    assert!(tried > 0, "no image in the corpus");
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
