//! Bruker raw files: what their ranges become.

use galvanome_model::measurement::Measurement;
use galvanome_model::signal::conditions;
use galvanome_readers::{Collect, Files, Limits, read};

use crate::fixtures::bruker_raw::{Range, first, fourth, second, third};

fn measured(bytes: Vec<u8>) -> Measurement {
    let mut collect = Collect::new();
    read(&Files::one("a.raw", bytes), &Limits::default(), &mut collect).expect("a measurement");
    collect.into_measurement()
}

/// What is checked of a measurement: names of the axis and points of each signal, whether its first point and step are
/// those of its range, and notes.
fn check(bytes: Vec<u8>, ranges: &[Range], notes: &[&str]) -> Measurement {
    let read = measured(bytes);
    let codes: Vec<_> = read.notes.iter().map(|note| note.code.as_str()).collect();
    assert_eq!(codes, notes);
    assert_eq!(read.signals.len(), ranges.len());
    for (signal, range) in read.signals.iter().zip(ranges) {
        let [axis] = signal.axes.as_slice() else { panic!("one axis") };
        assert_eq!((axis.name.as_str(), axis.points.len()), ("two_theta", range.counts.len()));
        let step = axis.points.get(1).map(|second| second - axis.points[0]);
        assert_eq!((axis.points[0], step), (range.two_theta, Some(range.step)));
        assert_eq!((&signal.values, signal.unit.as_str()), (&range.counts, "counts"));
        assert_eq!(signal.condition(conditions::WAVELENGTH), Some(1.5406));
        assert_eq!(
            signal.condition(conditions::WAVELENGTH_K_ALPHA_2),
            (signal.condition(conditions::K_ALPHA_RATIO)).map(|_| 1.54439)
        );
        assert_eq!(signal.condition(conditions::INCIDENCE_ANGLE), None);
    }
    read
}

fn ranges() -> Vec<Range> {
    vec![Range::from(10.0, 21), Range::from(40.0, 9)]
}

fn seconds(read: &Measurement) -> f64 {
    read.signals[0].counting.expect("counts").live_time_s
}

fn start(read: &Measurement) -> &str {
    read.started_at.as_ref().map_or("", |start| &start.iso)
}

#[test]
fn ranges_of_each_version() {
    for marks in [true, false] {
        let read = check(first(&ranges(), marks), &ranges(), &["unverified-format"]);
        assert_eq!(seconds(&read), 2.0);
    }
    let read = check(second(&ranges()), &ranges(), &["unverified-format"]);
    assert_eq!((seconds(&read), start(&read)), (2.0, "2001-03-02T16:17:59.000"));
    let read = check(third(&ranges(), 1, 0, false), &ranges(), &[]);
    assert_eq!((seconds(&read), start(&read)), (95.0, "2021-03-02T16:17:59.000"));
    assert_eq!(read.signals[0].condition(conditions::GONIOMETER_RADIUS), Some(0.25));
    let read = check(fourth(&ranges(), "Locked Coupled", 4), &ranges(), &[]);
    assert_eq!((seconds(&read), start(&read)), (77.9, "2021-03-02T16:17:59.000"));
    let sample = read.metadata.iter().find(|entry| entry.0 == "SAMPLEID");
    assert_eq!(sample.map(|entry| entry.1.as_str()), Some("made up"));
    // Records with more than a count in them.
    check(fourth(&ranges(), "Locked Coupled", 8), &ranges(), &["unverified-format"]);
}

#[test]
fn measurements_that_were_aborted() {
    check(third(&ranges(), 3, 0, false), &ranges(), &["incomplete-measurement"]);
}

#[test]
fn places_beside_the_counts() {
    let read = measured(third(&ranges()[..1], 1, 0, true));
    let points = &read.signals[0].axes[0].points;
    assert_eq!(points[..4], [10.0, 10.25, 11.0, 12.25]);
    assert_eq!(read.notes[0].code, "unverified-format");
}

#[test]
fn other_drives_than_two_theta() {
    let read = measured(third(&ranges()[..1], 1, 3, false));
    let axis = &read.signals[0].axes[0];
    assert_eq!((axis.name.as_str(), axis.points[1]), ("omega", 5.25));
    let read = measured(third(&ranges()[..1], 1, 2, false));
    assert_eq!(read.signals[0].condition(conditions::INCIDENCE_ANGLE), Some(5.0));
    // Nobody knows what moves, by its number; by its mark and its place 2θ does.
    let read = measured(third(&ranges()[..1], 1, 9999, false));
    assert_eq!(
        (read.notes[0].code.as_str(), read.signals[0].axes[0].name.as_str()),
        ("unknown-scan-type", "channel")
    );
    check(fourth(&ranges(), "Dance", 4), &ranges(), &["unverified-format"]);
}

#[test]
fn ranges_on_the_same_points_are_one_signal() {
    let ranges = vec![Range::from(10.0, 5); 3];
    let read = measured(third(&ranges, 1, 0, false));
    let [signal] = read.signals.as_slice() else { panic!("one signal") };
    let axes: Vec<_> = signal.axes.iter().map(|axis| axis.name.as_str()).collect();
    assert_eq!((axes, signal.spectra()), (vec!["spectrum", "two_theta"], 3));
}

#[test]
fn cut_files_give_every_whole_count() {
    let ranges = &ranges()[..1];
    for (bytes, begins) in [
        (first(ranges, true), 156),
        (second(ranges), 256 + 64),
        (third(ranges, 1, 0, false), 712 + 344),
        (fourth(ranges, "Locked Coupled", 4), 0),
    ] {
        let begins = if begins == 0 { bytes.len() - 21 * 4 } else { begins };
        for cut in begins..bytes.len() {
            let read = measured(bytes[..cut].to_vec());
            let whole = (cut - begins) / 4;
            let values = read.signals.first().map_or(&[][..], |signal| &signal.values[..]);
            assert_eq!(values, &ranges[0].counts[..whole], "{cut}");
            let noted = read.notes.iter().any(|note| note.code == "truncated-file");
            assert!(noted, "{cut}: {:?}", read.notes);
        }
    }
}
