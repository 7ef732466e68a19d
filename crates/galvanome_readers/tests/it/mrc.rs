//! MRC volumes against what was written into them.

use galvanome_model::measurement::Measurement;
use galvanome_model::slabs::VoxelKind;
use galvanome_readers::{Collect, Files, Limits, ReadError, read};

use crate::fixtures::mrc::Mrc;
use crate::tiff::voxels;

fn collected(bytes: Vec<u8>) -> Result<Measurement, ReadError> {
    let mut collect = Collect::new();
    read(&Files::one("volume.mrc", bytes), &Limits::default(), &mut collect)?;
    Ok(collect.into_measurement())
}

fn codes(measurement: &Measurement) -> Vec<&str> {
    measurement.notes.iter().map(|note| note.code.as_str()).collect()
}

fn check(mrc: &Mrc, kind: VoxelKind, value: &dyn Fn(usize) -> f64, more: f64, noted: &[&str]) {
    let read = collected(mrc.write(value)).unwrap_or_else(|error| panic!("{mrc:?}: {error}"));
    let slabs = &read.images[0].slabs;
    let [x, y, z] = mrc.sides.map(|side| side as usize);
    assert_eq!((slabs.shape(), slabs.kind()), ([z, y, x], kind), "{mrc:?}");
    let wanted: Vec<_> = (0..x * y * z).map(|place| value(place) + more).collect();
    assert_eq!(voxels(&read, 0), wanted, "{mrc:?}");
    assert_eq!(codes(&read), noted, "{mrc:?}");
}

#[test]
fn every_mode_is_read_in_either_order() {
    let ordered = [
        (false, [0x44, 0x44]),
        (false, [0x44, 0x41]),
        (true, [0x11, 0x11]),
        (true, [0, 0]),
        (false, [0, 0]),
        (true, [0x44, 0x44]),
    ];
    for (high_first, stamp) in ordered {
        let mrc = Mrc { high_first, stamp, ..Mrc::default() };
        let signed = |place: usize| place as f64 - 20.0;
        let plain = |place: usize| place as f64;
        check(&Mrc { mode: 0, ..mrc.clone() }, VoxelKind::F32, &signed, 0.0, &[]);
        check(&Mrc { mode: 1, ..mrc.clone() }, VoxelKind::F32, &signed, 0.0, &[]);
        check(
            &Mrc { mode: 2, ..mrc.clone() },
            VoxelKind::F32,
            &|place| place as f64 / 4.0 - 3.0,
            0.0,
            &[],
        );
        check(
            &Mrc { mode: 6, ..mrc.clone() },
            VoxelKind::U16,
            &|place| place as f64 + 65000.0,
            0.0,
            &[],
        );
        check(
            &Mrc { mode: 12, extended: vec![9; 160], ..mrc },
            VoxelKind::F32,
            &plain,
            1024.0,
            &[],
        );
    }
}

#[test]
fn bytes_have_a_sign_unless_the_head_says_otherwise() {
    let high = |place: usize| place as f64 + 190.0;
    let wrapped = |place: usize| place as f64 + 190.0 - 256.0;
    let mrc = Mrc { mode: 0, ..Mrc::default() };
    check(&mrc, VoxelKind::F32, &wrapped, 0.0, &[]);
    check(
        &Mrc { ends: [190.0, 249.0], ..mrc.clone() },
        VoxelKind::U8,
        &high,
        0.0,
        &["sign-assumed"],
    );
    check(&Mrc { imod: Some(0), ..mrc.clone() }, VoxelKind::U8, &high, 0.0, &[]);
    check(&Mrc { imod: Some(1), ends: [190.0, 249.0], ..mrc }, VoxelKind::F32, &wrapped, 0.0, &[]);
}

#[test]
fn edges_of_a_voxel_are_those_of_the_cell_over_its_intervals() {
    let check = |mrc: Mrc, wanted: [f64; 3], noted: bool| {
        let read = collected(mrc.write(&|place| place as f64)).unwrap();
        let found = read.images[0].slabs.voxel_m().map(Option::unwrap_or_default);
        let near = found.iter().zip(wanted).all(|(a, b)| (a - b).abs() <= 1e-6 * b);
        assert!(near, "{found:?}");
        assert_eq!(codes(&read).contains(&"axis-order"), noted);
    };
    check(Mrc::default(), [5e-10, 3e-10, 2e-10], false);
    // Columns run along z, rows along x, slices along y.
    check(
        Mrc { axes: [3, 1, 2], intervals: [4, 3, 5], cell: [4.0, 6.0, 15.0], ..Mrc::default() },
        [2e-10, 1e-10, 3e-10],
        true,
    );
    check(Mrc { axes: [0; 3], ..Mrc::default() }, [5e-10, 3e-10, 2e-10], false);
    check(Mrc { axes: [1, 1, 2], ..Mrc::default() }, [0.0; 3], true);
    check(Mrc { cell: [0.0, f32::NAN, -1.0], ..Mrc::default() }, [0.0; 3], false);
    check(Mrc { intervals: [0, -4, 3], ..Mrc::default() }, [5e-10, 0.0, 0.0], false);
}

#[test]
fn cut_files_give_whole_slices() {
    let whole = Mrc::default().write(&|place| place as f64);
    let check = |len: usize, shape: [usize; 3]| {
        let read = collected(whole[..len].to_vec()).unwrap();
        assert_eq!(read.images[0].slabs.shape(), shape);
        assert_eq!(codes(&read), ["truncated-file"]);
        assert!(voxels(&read, 0).iter().enumerate().all(|(place, value)| place as f64 == *value));
    };
    check(1024 + 119, [2, 4, 5]);
    check(1024 + 40, [1, 4, 5]);
    check(1024 + 39, [1, 3, 5]);
    assert!(collected(whole[..1024 + 9].to_vec()).is_err());
    let mut longer = whole;
    longer.extend([0; 3]);
    assert_eq!(codes(&collected(longer).unwrap()), ["bytes-left"]);
}

#[test]
fn stacks_of_volumes_are_volumes() {
    let mrc = Mrc { space_group: 401, intervals: [5, 4, 2], sides: [5, 4, 6], ..Mrc::default() };
    let read = collected(mrc.write(&|place| place as f64)).unwrap();
    let labels: Vec<_> = read.images.iter().map(|image| image.label.as_str()).collect();
    assert_eq!(labels, ["volume 1", "volume 2", "volume 3"]);
    assert_eq!(voxels(&read, 1)[0], 40.0);
}

#[test]
fn what_is_not_read_is_named() {
    for (mode, words) in [(3, "mode 3 (complex"), (101, "mode 101 (four bits)"), (99, "mode 99")] {
        let error = collected(Mrc { mode, ..Mrc::default() }.write(&|_| 0.0)).unwrap_err();
        assert!(error.to_string().contains(words), "{error}");
    }
    let error = collected(Mrc { sides: [5, 0, 3], ..Mrc::default() }.write(&|_| 0.0)).unwrap_err();
    assert!(error.to_string().contains("without voxels"), "{error}");
}
