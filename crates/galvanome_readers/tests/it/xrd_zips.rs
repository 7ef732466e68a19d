//! Bruker brml and Rigaku rasx: what their scans become.

use galvanome_model::measurement::{Measurement, Zone};
use galvanome_model::signal::conditions;
use galvanome_readers::{Collect, Files, Limits, read};

use crate::fixtures::diffraction::pattern;
use crate::fixtures::xrd_zips::{Profile, Raw, brml, rasx};
use crate::zips::{Member, zip};

fn measured(bytes: Vec<u8>) -> Measurement {
    let mut collect = Collect::new();
    read(&Files::one("a.zip", bytes), &Limits::default(), &mut collect).expect("a measurement");
    collect.into_measurement()
}

/// Names of signals with their axes, and codes of notes.
fn check(bytes: Vec<u8>, signals: &[&str], notes: &[&str]) -> Measurement {
    let read = measured(bytes);
    let found: Vec<String> = read
        .signals
        .iter()
        .map(|signal| {
            let axes =
                signal.axes.iter().map(|axis| format!("{} {}", axis.name, axis.points.len()));
            format!("{} [{}]", signal.name, axes.collect::<Vec<_>>().join(", "))
        })
        .collect();
    assert_eq!(found, signals);
    assert_eq!(read.notes.iter().map(|note| note.code.as_str()).collect::<Vec<_>>(), notes);
    read
}

#[test]
fn raw_data_of_a_brml() {
    let read = check(brml(&[Raw::powder(21)]), &["intensity [two_theta 21]"], &[]);
    let signal = &read.signals[0];
    assert_eq!((signal.values.as_slice(), signal.unit.as_str()), (&pattern(21)[..], "counts"));
    assert_eq!(signal.axes[0].points[..3], [10.0, 10.5, 11.0]);
    assert_eq!(signal.counting.map(|counting| counting.live_time_s), Some(124.8));
    for (kind, value) in [
        (conditions::WAVELENGTH, Some(1.5406)),
        (conditions::K_ALPHA_RATIO, Some(0.5)),
        (conditions::GONIOMETER_RADIUS, Some(0.141)),
        (conditions::INCIDENCE_ANGLE, None),
    ] {
        assert_eq!(signal.condition(kind), value, "{}", kind.name);
    }
    let start = read.started_at.as_ref().expect("a start");
    assert_eq!((&start.iso[..19], start.zone), ("2021-03-02T16:17:59", Zone::Stated));
    assert_eq!(read.instrument, "Made-up diffractometer");
    for (key, value) in [
        ("DataContainer/MeasurementInfo@SampleName", "S 1"),
        ("RawData/MeasurementStatus", "Measured"),
    ] {
        let found = read.metadata.iter().find(|entry| entry.0 == key);
        assert_eq!(found.map(|entry| entry.1.as_str()), Some(value), "{key}");
    }
}

#[test]
fn several_raw_data() {
    let later = Raw { started: "2021-03-02T16:27:59.8708798+01:00", ..Raw::powder(9) };
    let read = check(brml(&[Raw::powder(9), later]), &["intensity [time 2, two_theta 9]"], &[]);
    assert!((read.signals[0].axes[0].points[1] - 600.0).abs() < 1e-3);
    let apart = Raw { two_theta: 40.0, theta: Some(2.0), ..Raw::powder(9) };
    let both = ["intensity [two_theta 9]", "intensity [two_theta 9]"];
    let read = check(brml(&[Raw::powder(9), apart]), &both, &[]);
    assert_eq!(read.signals[1].condition(conditions::INCIDENCE_ANGLE), Some(2.0));
    assert_eq!(read.signals[1].label, "RawData1");
    let later: Vec<_> = read
        .metadata
        .iter()
        .filter(|entry| entry.0.starts_with("RawData[2]/MeasurementStatus"))
        .collect();
    assert!(later.is_empty(), "{later:?}");
}

#[test]
fn what_a_brml_may_say_otherwise() {
    let powder = Raw::powder(5);
    let one = ["intensity [two_theta 5]"];
    let with = |raw: Raw| brml(&[raw]);
    check(with(Raw { status: "Aborted", ..powder.clone() }), &one, &["incomplete-measurement"]);
    check(with(Raw { has_views: false, ..powder.clone() }), &one, &["columns-assumed"]);
    check(with(Raw { absorber: 8.0, ..powder.clone() }), &one, &["unapplied-correction"]);
    check(with(Raw { route: "Final", ..powder.clone() }), &one, &[]);
    let read = check(
        with(Raw { channels: 4, counts: pattern(12), ..powder.clone() }),
        &["intensity [two_theta 3, channel 4]", "omega [two_theta 3]"],
        &["places-unknown"],
    );
    assert_eq!(read.signals[0].values, pattern(12));
    // A number that is none, and a point that lacks one.
    let odd =
        powder.xml().replace(",520<", ",x<").replace("<Datum>124.8,1,12,6,", "<Datum>124.8,1,12,");
    let bytes = zip(&[Member::deflated("Experiment0/RawData0.xml", odd.as_bytes())]);
    let read = check(
        bytes,
        &["intensity [two_theta 4]"],
        &["row-count", "incomplete-measurement", "unreadable-value", "missing-values"],
    );
    assert_eq!(read.signals[0].axes[0].points, [10.0, 10.5, 11.0, 11.5]);
}

#[test]
fn profiles_of_a_rasx() {
    let read = check(rasx(&[Profile::powder(21)]), &["intensity [two_theta 21]"], &[]);
    let signal = &read.signals[0];
    assert_eq!((signal.values.as_slice(), signal.unit.as_str()), (&pattern(21)[..], "counts"));
    assert_eq!(signal.axes[0].points[..3], [3.0, 3.02, 3.04]);
    for (kind, value) in [
        (conditions::WAVELENGTH, Some(1.540593)),
        (conditions::WAVELENGTH_K_ALPHA_2, Some(1.544414)),
        (conditions::K_ALPHA_RATIO, None),
        (conditions::GONIOMETER_RADIUS, Some(0.331)),
        (conditions::INCIDENCE_ANGLE, None),
    ] {
        assert_eq!(signal.condition(kind), value, "{}", kind.name);
    }
    assert_eq!(read.instrument, "Made-up");
    let grazing = Profile { along: "TwoTheta", omega: 0.5, ..Profile::powder(5) };
    let read = check(rasx(&[grazing]), &["intensity [two_theta 5]"], &[]);
    assert_eq!(read.signals[0].condition(conditions::INCIDENCE_ANGLE), Some(0.5));
    let dimmed = Profile { factor: 10.0, unit: "cps", ..Profile::powder(5) };
    let read = check(rasx(&[dimmed]), &["intensity [two_theta 5]"], &["unapplied-correction"]);
    assert_eq!((read.signals[0].unit.as_str(), read.signals[0].counting), ("counts/s", None));
    let two = ["intensity [two_theta 5]", "intensity [two_theta 7]"];
    check(rasx(&[Profile::powder(5), Profile::powder(7)]), &two, &[]);
}

/// Stored members, cut within the values: every whole row is kept.
#[test]
fn cut_zips_give_every_whole_point() {
    let rows: Vec<_> = (0..21).map(|at| format!("{at}\t{}\t1\n", at * at)).collect();
    let cases = [
        ("Experiment0/RawData0.xml", Raw::powder(21).xml(), "</Datum>"),
        ("Data0/Profile0.txt", rows.concat(), "\n"),
    ];
    for (name, text, row) in cases {
        let bytes = zip(&[Member::stored(name, text.as_bytes())]);
        let begins = 30 + name.len();
        for end in [text.len() / 2, text.len() / 2 + 3, text.len() / 2 + 11] {
            let read = measured(bytes[..begins + end].to_vec());
            let whole = text[..end].matches(row).count();
            let values = read.signals.first().map_or(0, |signal| signal.values.len());
            assert_eq!(values, whole, "{name} cut at {end}");
            assert!(
                read.notes.iter().any(|note| note.code == "truncated-file"),
                "{:?}",
                read.notes
            );
        }
    }
}

/// A zip of little that unpacks to much.
#[test]
fn bombs_are_given_up() {
    let again = |begin: &str, again: &str| format!("{begin}{}", again.repeat(4_000_000));
    for (name, text) in [
        ("Experiment0/RawData0.xml", again("<RawData><DataRoutes><DataRoute><Datum>", "1,")),
        ("Data0/Profile0.txt", again("", "1 2 3\n")),
    ] {
        let read = measured(zip(&[Member::deflated(name, text.as_bytes())]));
        let values: usize = read.signals.iter().map(|signal| signal.values.len()).sum();
        assert!(values <= 1 << 20, "{name}: {values}");
        assert!(!read.notes.is_empty(), "{name}");
    }
}
