//! HDF5: what comes out of files of both manners, what damage costs, and what is refused.

use galvanome_model::measurement::{Measurement, Values};
use galvanome_model::signal::{Signal, axes};
use galvanome_model::slabs::{VoxelKind, Voxels};
use galvanome_readers::{Collect, Files, Limits, read};

use crate::fixtures::hdf5::{counts, grey, new, old, volume};

fn read_bytes(bytes: Vec<u8>) -> Option<Measurement> {
    let mut collect = Collect::new();
    read(&Files::one("file.h5", bytes), &Limits::default(), &mut collect).ok()?;
    Some(collect.into_measurement())
}

fn codes(read: &Measurement) -> Vec<(&str, &str)> {
    read.notes.iter().map(|note| (note.code.as_str(), note.place.as_str())).collect()
}

fn metadata<'a>(read: &'a Measurement, key: &str) -> Option<&'a str> {
    read.metadata.iter().find(|entry| entry.0 == key).map(|entry| entry.1.as_str())
}

#[test]
fn nexus_in_the_old_manner() {
    let read = read_bytes(old()).expect("a whole file");
    assert_eq!(read.instrument, "Beam 7");
    assert_eq!(
        read.started_at.as_ref().map(|start| start.iso.as_str()),
        Some("2021-03-16T15:06:05+01:00")
    );
    let [Signal { name, label, unit, axes: signal_axes, values, uncertainties, .. }] =
        read.signals.as_slice()
    else {
        panic!("one signal: {:?}", read.signals)
    };
    assert_eq!(
        (name.as_str(), label.as_str(), unit.as_str()),
        ("intensity", "/entry/data/counts", "counts")
    );
    assert!(signal_axes[0].is(axes::TWO_THETA));
    assert_eq!((signal_axes[0].points[0], signal_axes[0].points[23]), (10.0, 21.5));
    assert_eq!(*values, counts().into_iter().map(f64::from).collect::<Vec<_>>());
    assert_eq!((uncertainties.len(), uncertainties[23]), (24, 33.0));
    let [image] = read.images.as_slice() else { panic!("one image: {:?}", read.images) };
    assert_eq!((image.label.as_str(), image.name.as_str()), ("/entry/log/image", "grey"));
    assert_eq!((image.slabs.shape(), image.slabs.kind()), ([1, 16, 18], VoxelKind::U8));
    let mut slice = Voxels::new(VoxelKind::F64);
    image.slabs.read(0..1, &mut slice).unwrap();
    assert_eq!(slice, Voxels::U8(grey()));
    let [table] = read.tables.as_slice() else { panic!("one table") };
    assert_eq!((table.name.as_str(), table.rows), ("/entry/log", 6));
    assert_eq!(table.numbers("keys").unwrap(), [-250.0, -150.0, -50.0, 50.0, 150.0, 250.0]);
    // Beyond 2^53 a double is not enough for three of these.
    assert_eq!(table.numbers("large").unwrap()[5], -9_007_199_254_740_990.0);
    assert_eq!(codes(&read), [("rounded-integers", "/entry/log/large")]);
    assert_eq!(metadata(&read, "/entry@default"), Some("data"));
    assert_eq!(metadata(&read, "/entry/data/two_theta@units"), Some("degrees"));
}

#[test]
fn exchange_in_the_new_manner() {
    let read = read_bytes(new()).expect("a whole file");
    let labels: Vec<&str> = read.images.iter().map(|image| image.label.as_str()).collect();
    assert_eq!(labels, ["/exchange/data", "/exchange/never"]);
    let mut slices = Voxels::new(VoxelKind::U8);
    let data = &read.images[0].slabs;
    assert_eq!(data.shape(), [2, 16, 17]);
    data.read(1..2, &mut slices).unwrap();
    assert_eq!(slices, Voxels::U16(volume()[16 * 17..].to_vec()));
    data.read(0..2, &mut slices).unwrap();
    assert_eq!(slices, Voxels::U16(volume()));
    read.images[1].slabs.read(0..1, &mut slices).unwrap();
    assert_eq!(slices, Voxels::F64(vec![-3.0; 400]));
    let table = read.table("/exchange").unwrap();
    assert_eq!(table.numbers("theta").unwrap(), [0.0, 90.0, 120.0, 180.0, 270.0]);
    assert_eq!(table.numbers("states").unwrap(), [0.0, 1.0, 1.0, 0.0, 1.0]);
    let pairs = read.table("/pairs").unwrap();
    assert_eq!(pairs.numbers("n").unwrap(), [-2.0, -1.0, 0.0, 1.0, 2.0]);
    let Values::Text(names) = &pairs.column("name").unwrap().values else { panic!("text") };
    assert_eq!(names, &["ab0", "ab1", "ab2", "ab3", "ab4"]);
    assert_eq!(metadata(&read, "/first"), Some("-> /exchange/data"));
    let expected =
        [("unsupported-object", "/exchange/white"), ("unwritten-values", "/exchange/never")];
    assert_eq!(codes(&read), expected);
    assert!(read.notes[0].message.contains("other.h5"), "{}", read.notes[0].message);
}

/// Whether values of a damaged file are those of the whole one, or missing.
fn same_or_missing(read: &Measurement, whole: &Measurement, what: &str) {
    let same = |some: &[f64], all: &[f64]| {
        some.len() == all.len() && some.iter().zip(all).all(|(a, b)| a == b || a.is_nan())
    };
    for signal in &read.signals {
        let all = whole.signals.iter().find(|all| all.label == signal.label).map(|all| &all.values);
        // What lost its group's attributes is a list in the whole file's table, and the other way round.
        let Some(all) = all else { continue };
        assert!(same(&signal.values, all), "{what}: {}", signal.label);
    }
    for column in read.tables.iter().flat_map(|table| &table.columns) {
        let all = whole.tables.iter().flat_map(|table| &table.columns);
        let all = all.into_iter().find(|all| all.head.vendor_name == column.head.vendor_name);
        if let (Values::Number(some), Some(Values::Number(all))) =
            (&column.values, all.map(|all| &all.values))
        {
            assert!(same(some, all), "{what}: {}", column.head.vendor_name);
        }
    }
    for image in &read.images {
        let Some(all) = whole.images.iter().find(|all| all.label == image.label) else { continue };
        let mut slices = [Voxels::new(VoxelKind::U8), Voxels::new(VoxelKind::U8)];
        for z in 0..image.slabs.shape()[0] {
            let [some, all_of] = &mut slices;
            if image.slabs.read(z..z + 1, some).is_ok() {
                all.slabs.read(z..z + 1, all_of).expect("a slice of the whole file");
                assert_eq!(some, all_of, "{what}: slice {z} of {}", image.label);
            }
        }
    }
}

#[test]
fn a_cut_file_gives_no_wrong_value_and_says_that_it_is_cut() {
    for bytes in [old(), new()] {
        let whole = read_bytes(bytes.clone()).expect("a whole file");
        for cut in 0..bytes.len() {
            let Some(read) = read_bytes(bytes[..cut].to_vec()) else { continue };
            assert!(codes(&read).iter().any(|code| code.0 == "truncated-file"), "cut at {cut}");
            same_or_missing(&read, &whole, &format!("cut at {cut}"));
        }
    }
}

#[test]
fn wrong_bytes_of_the_new_manner_change_no_number() {
    // Everything but values that stand alone is checked by sums there; deflate has its own.
    let bytes = new();
    let whole = read_bytes(bytes.clone()).expect("a whole file");
    let theta = 270_f64.to_le_bytes();
    let values = bytes.windows(8).position(|window| window == theta).expect("the angles");
    for place in (0..bytes.len()).filter(|place| !(values - 32..values + 8).contains(place)) {
        let mut bytes = bytes.clone();
        bytes[place] ^= 0x15;
        if let Some(read) = read_bytes(bytes) {
            same_or_missing(&read, &whole, &format!("byte {place}"));
        }
    }
}

#[test]
fn a_damaged_chunk_costs_its_own_values() {
    let mut bytes = old();
    // The first chunk stands right behind the superblock.
    bytes[110] ^= 0xFF;
    let read = read_bytes(bytes).expect("the rest of the file");
    let values = &read.signals[0].values;
    assert!(values[..10].iter().all(|value| value.is_nan()), "{values:?}");
    assert_eq!(
        values[10..],
        counts()[10..].iter().map(|&count| f64::from(count)).collect::<Vec<_>>()
    );
    assert!(codes(&read).contains(&("damaged-values", "/entry/data/counts")), "{:?}", read.notes);
}

#[test]
fn a_block_of_another_program_may_stand_before() {
    let mut bytes = b"another program's own".to_vec();
    bytes.resize(1024, 0);
    bytes.extend(new());
    let read = read_bytes(bytes).expect("a whole file");
    assert_eq!(read.images.len(), 2);
    assert_eq!(codes(&read).len(), 2, "{:?}", read.notes);
}
