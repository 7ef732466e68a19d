//! Folders of slices against what was written into them.

use std::sync::Arc;

use galvanome_model::measurement::Measurement;
use galvanome_model::slabs::{VoxelKind, Voxels};
use galvanome_readers::{Collect, Files, Limits, Member, ReadError, Together, identify, read};

use crate::fixtures::tiff::{Tiff, ramp};
use crate::tiff::voxels;

fn slice(nth: usize, tiff: &Tiff) -> Vec<u8> {
    tiff.write(&move |_, y, x, sample| ramp(nth, y, x, sample))
}

fn folder(members: Vec<(&str, Vec<u8>)>) -> Files {
    let mut members: Vec<_> = members
        .into_iter()
        .map(|(name, bytes)| Member { name: name.to_owned(), source: Arc::new(bytes) })
        .collect();
    members.sort_by(|a, b| a.name.cmp(&b.name));
    Files::several(Together::Folder, "slices", members)
}

fn collected(files: &Files) -> Result<Measurement, ReadError> {
    let mut collect = Collect::new();
    let format = read(files, &Limits::default(), &mut collect)?;
    assert_eq!(format.id, "image-stack");
    Ok(collect.into_measurement())
}

fn message(measurement: &Measurement, code: &str) -> String {
    let note = measurement.notes.iter().find(|note| note.code == code);
    note.map(|note| note.message.clone()).unwrap_or_default()
}

#[test]
fn slices_follow_one_another_by_their_numbers() {
    let tiff = Tiff::default();
    let names = ["a_2.tif", "a_10.tif", "a_9.tif", "a_6.tif"];
    let slices = names.iter().zip([2, 10, 9, 6]).map(|(name, nth)| (*name, slice(nth, &tiff)));
    let mut members: Vec<_> = slices.collect();
    members.push(("notes.txt", b"made on Monday".to_vec()));
    members.push(("a_11.tif", slice(11, &Tiff { width: 8, ..Tiff::default() })));
    members.push(("a_12.tif", b"II*\0\x08\0\0\0".to_vec()));
    let read = collected(&folder(members)).unwrap();
    assert_eq!(read.images[0].slabs.shape(), [4, 5, 7]);
    let firsts: Vec<_> = voxels(&read, 0).chunks(35).map(|slice| slice[0]).collect();
    assert_eq!(firsts, [200.0, 600.0, 900.0, 1000.0]);
    let missing = message(&read, "missing-slices");
    assert!(missing.contains("5 numbers") && missing.contains("(3, 4, 5, 7, 8)"), "{missing}");
    let left = message(&read, "slices-left-out");
    assert!(
        left.contains("2 numbered files") && left.contains("a_11.tif has another size"),
        "{left}"
    );
    assert!(message(&read, "files-left-out").contains("notes.txt"));
}

#[test]
fn numbers_may_count_by_tens_and_repeat() {
    let tiff = Tiff::default();
    let stack = |names: &[&'static str]| {
        let members = names.iter().enumerate().map(|(nth, name)| (*name, slice(nth, &tiff)));
        collected(&folder(members.collect())).unwrap()
    };
    let read = stack(&["p000.tif", "p010.tif", "p020.tif", "p030.tif"]);
    assert!(read.notes.is_empty(), "{:?}", read.notes);
    let read = stack(&["p000.tif", "p010.tif", "p030.tif"]);
    assert!(message(&read, "missing-slices").contains("(20)"));
    let read = stack(&["p1.tif", "p01.tif", "p2.tif"]);
    assert!(!message(&read, "repeated-slices").is_empty());
}

#[test]
fn colours_are_volumes_of_their_own() {
    let tiff = Tiff { samples: 3, photometric: 2, ..Tiff::default() };
    let read =
        collected(&folder(vec![("1.tif", slice(1, &tiff)), ("2.tif", slice(2, &tiff))])).unwrap();
    let labels: Vec<_> = read.images.iter().map(|image| image.label.as_str()).collect();
    assert_eq!(labels, ["red", "green", "blue"]);
    assert_eq!(voxels(&read, 2)[35], ramp(2, 0, 0, 2));
}

#[test]
fn folders_of_something_else_are_not_claimed() {
    let tiff = Tiff { pages: 2, ..Tiff::default() };
    for members in [
        vec![("1.tif", slice(1, &tiff)), ("2.tif", slice(2, &tiff))],
        vec![("1.tif", slice(1, &Tiff::default())), ("notes.txt", Vec::new())],
        vec![("1.txt", b"1 2 3".to_vec()), ("2.txt", b"1 2 3".to_vec())],
    ] {
        assert!(identify(&folder(members)).is_none());
    }
}

#[test]
fn a_slice_that_is_damaged_later_is_an_error() {
    let whole = Tiff { compression: 8, ..Tiff::default() };
    let mut damaged = slice(2, &whole);
    // Within the first strip.
    damaged[12] ^= 0xFF;
    let read = collected(&folder(vec![("1.tif", slice(1, &whole)), ("2.tif", damaged)])).unwrap();
    let mut into = Voxels::new(VoxelKind::U8);
    assert!(read.images[0].slabs.read(0..1, &mut into).is_ok());
    let error = read.images[0].slabs.read(0..2, &mut into).unwrap_err();
    assert!(error.message.contains("2.tif"), "{error}");
}
