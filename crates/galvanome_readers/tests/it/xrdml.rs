//! PANalytical XRDML: what its scans become.

use galvanome_model::measurement::{Measurement, Zone};
use galvanome_model::signal::{Counting, Signal, axes, conditions};
use galvanome_readers::{Collect, Files, Limits, read};

use crate::fixtures::diffraction::{XrdmlScan, between, common, listed, mesh, pattern, xrdml};

fn measured(bytes: Vec<u8>) -> Measurement {
    let mut collect = Collect::new();
    read(&Files::one("a.xrdml", bytes), &Limits::default(), &mut collect).expect("a measurement");
    collect.into_measurement()
}

fn of(version: &str, scans: &[XrdmlScan]) -> Measurement {
    measured(xrdml(version, "sampleMode=\"Reflection\"", "K-Alpha", scans))
}

fn codes(read: &Measurement) -> Vec<&str> {
    read.notes.iter().map(|note| note.code.as_str()).collect()
}

/// Names of signals, with the names of their axes.
fn shapes(read: &Measurement) -> Vec<String> {
    let axes = |signal: &Signal| {
        let each = signal.axes.iter().map(|axis| format!("{} {}", axis.name, axis.points.len()));
        each.collect::<Vec<_>>().join(", ")
    };
    read.signals.iter().map(|signal| format!("{} [{}]", signal.name, axes(signal))).collect()
}

#[test]
fn a_powder_scan() {
    let read = of("1.5", &[XrdmlScan::powder("intensities", 41)]);
    assert_eq!(shapes(&read), ["intensity [two_theta 41]"]);
    let signal = &read.signals[0];
    assert_eq!((signal.values.as_slice(), signal.unit.as_str()), (&pattern(41)[..], "counts"));
    let places: Vec<f64> = (0..41).map(|at| 10.0 + 0.5 * f64::from(at)).collect();
    assert!(signal.axes[0].is(axes::TWO_THETA));
    assert_eq!(signal.axes[0].points, places);
    assert_eq!(signal.counting, Some(Counting { live_time_s: 12.5, counts_per_unit: 1.0 }));
    for (kind, value) in [
        (conditions::WAVELENGTH, Some(1.540598)),
        (conditions::WAVELENGTH_K_ALPHA_2, Some(1.544426)),
        (conditions::K_ALPHA_RATIO, Some(0.5)),
        (conditions::GONIOMETER_RADIUS, Some(0.24)),
        (conditions::INCIDENCE_ANGLE, None),
    ] {
        assert_eq!(signal.condition(kind), value, "{}", kind.name);
    }
    let start = read.started_at.as_ref().expect("a start");
    assert_eq!((start.iso.as_str(), start.zone), ("2021-03-02T16:17:59+01:00", Zone::Stated));
    assert_eq!((read.instrument.as_str(), codes(&read)), ("MADE-UP", vec![]));
    for (key, value) in [
        ("comment/entry", "made up & small"),
        ("sample/id", "S 1"),
        ("sample@type", "To be analyzed"),
        ("xrdMeasurement/scan@scanAxis", "Gonio"),
        ("xrdMeasurement/scan/dataPoints/positions[2Theta]/startPosition", "10"),
    ] {
        let found = read.metadata.iter().find(|entry| entry.0 == key);
        assert_eq!(found.map(|entry| entry.1.as_str()), Some(value), "{key}");
    }
}

#[test]
fn only_lines_that_are_meant_count() {
    for (intended, first, second) in [
        ("K-Alpha 1", 1.540598, None),
        ("K-Beta", 1.39225, None),
        ("K-Alpha", 1.540598, Some(1.544426)),
    ] {
        let read = measured(xrdml("1.5", "", intended, &[XrdmlScan::powder("intensities", 3)]));
        let found = |kind| read.signals[0].condition(kind);
        assert_eq!(found(conditions::WAVELENGTH), Some(first), "{intended}");
        assert_eq!(found(conditions::WAVELENGTH_K_ALPHA_2), second, "{intended}");
    }
}

#[test]
fn counts_behind_an_attenuator() {
    let values = vec![0.0, 9.0, 16.0];
    let before = "<beamAttenuationFactors>1 1 100</beamAttenuationFactors>".to_owned();
    let scan = |name| XrdmlScan {
        before: before.clone(),
        values: values.clone(),
        ..XrdmlScan::powder(name, 3)
    };
    let read = of("2.1", &[scan("counts")]);
    assert_eq!(shapes(&read), ["intensity [two_theta 3]", "detector_counts [two_theta 3]"]);
    let [intensity, counts] = read.signals.as_slice() else { panic!("two signals") };
    assert_eq!(intensity.values, [0.0, 9.0, 1600.0]);
    assert_eq!(intensity.uncertainties, [1.0, 3.0, 400.0]);
    assert_eq!((counts.values.as_slice(), intensity.counting), (values.as_slice(), None));
    assert_eq!(counts.counting.map(|counting| counting.counts_per_unit), Some(1.0));
    // Before schema 2 the factors are in the values.
    let read = of("1.5", &[scan("intensities")]);
    assert_eq!(shapes(&read), ["intensity [two_theta 3]"]);
    assert_eq!(read.signals[0].values, values);
    assert_eq!(read.signals[0].uncertainties, [1.0, 3.0, 100.0]);
}

#[test]
fn a_map_on_the_same_points() {
    let read = measured(xrdml("1.3", "measurementStepAxis=\"Omega\"", "K-Alpha", &mesh(false)));
    assert_eq!(shapes(&read), ["intensity [omega 3, two_theta 9]"]);
    assert_eq!(read.signals[0].axes[0].points, [33.0, 33.005, 33.01]);
    assert_eq!(read.signals[0].spectrum(2), pattern(9).iter().map(|v| v + 2.0).collect::<Vec<_>>());
    // Of later scans the metadata tell what differs.
    let later: Vec<_> = read.metadata.iter().filter(|entry| entry.0.contains("scan[2]")).collect();
    assert_eq!(later.len(), 1, "{later:?}");
    assert_eq!(later[0].1, "33.005");
}

#[test]
fn a_map_on_points_of_their_own() {
    let read = measured(xrdml("1.3", "measurementStepAxis=\"Omega\"", "K-Alpha", &mesh(true)));
    assert_eq!(shapes(&read), ["intensity [omega 3, channel 9]", "two_theta [omega 3, channel 9]"]);
    let [_, places] = read.signals.as_slice() else { panic!("two signals") };
    assert_eq!(places.spectrum(1)[0], 67.0 + 0.004);
}

#[test]
fn scans_after_one_another_and_scans_apart() {
    let starts =
        ["2021-03-02T16:17:59+01:00", "2021-03-02T16:27:59+01:00", "2021-03-02T16:47:59+01:00"];
    let scans = starts.map(|started| XrdmlScan { started, ..XrdmlScan::powder("intensities", 5) });
    let read = of("1.5", &scans);
    assert_eq!(shapes(&read), ["intensity [time 3, two_theta 5]"]);
    assert_eq!(read.signals[0].axes[0].points, [0.0, 600.0, 1800.0]);
    let apart = XrdmlScan {
        positions: vec![("2Theta", "deg", between(30.0, 50.0)), ("Omega", "deg", common(5.0))],
        ..XrdmlScan::powder("intensities", 5)
    };
    let read = of("1.5", &[XrdmlScan::powder("intensities", 5), apart]);
    assert_eq!(shapes(&read), ["intensity [two_theta 5]", "intensity [two_theta 5]"]);
    assert_eq!(read.signals[1].label, "scan 2");
    assert_eq!(read.signals[1].condition(conditions::INCIDENCE_ANGLE), Some(5.0));
}

#[test]
fn places_on_the_sample() {
    let scan = |x: f64| XrdmlScan {
        positions: vec![
            ("2Theta", "deg", between(10.0, 20.0)),
            ("X", "mm", common(x)),
            ("Y", "mm", common(-1.5)),
        ],
        ..XrdmlScan::powder("intensities", 3)
    };
    let read = of("1.5", &[scan(1.0), scan(0.5), scan(2.0)]);
    assert_eq!(shapes(&read), ["intensity [spectrum 3, two_theta 3]"]);
    let places: Vec<_> = read.signals[0].positions.iter().map(|at| (at.x_m, at.y_m)).collect();
    assert_eq!(places, [(0.001, -0.0015), (0.0005, -0.0015), (0.002, -0.0015)]);
}

#[test]
fn scans_that_were_aborted_keep_the_step_of_the_others() {
    let short = XrdmlScan { status: "Aborted", ..XrdmlScan::powder("intensities", 21) };
    let read = of("1.5", &[XrdmlScan::powder("intensities", 41), short]);
    assert_eq!(shapes(&read), ["intensity [two_theta 41]", "intensity [two_theta 21]"]);
    assert_eq!(read.signals[1].axes[0].points.last(), Some(&20.0));
    assert_eq!(codes(&read), ["incomplete-measurement"]);
}

#[test]
fn versions_that_no_file_proved_and_lists_that_do_not_match() {
    let read = of("1.0", &[XrdmlScan::powder("intensities", 3)]);
    assert_eq!(codes(&read), ["unverified-format"]);
    let scan = XrdmlScan {
        positions: vec![("2Theta", "deg", listed(&[1.0, 2.0, 4.0]))],
        ..XrdmlScan::powder("intensities", 4)
    };
    let read = of("1.5", &[scan]);
    assert_eq!(read.signals[0].axes[0].points, [1.0, 2.0, 4.0]);
    assert_eq!(codes(&read), ["row-count"]);
    let odd =
        String::from_utf8(xrdml("1.5", "", "K-Alpha", &[XrdmlScan::powder("intensities", 3)]));
    let odd = odd.expect("text").replace("520", "x");
    let read = measured(odd.into_bytes());
    assert_eq!(codes(&read), ["unreadable-value", "missing-values"]);
}

/// Cut at every byte of the values: what stands before the cut is kept, and no number that may lack digits.
#[test]
fn a_cut_file_gives_every_whole_number() {
    let scan = XrdmlScan {
        positions: vec![("2Theta", "deg", listed(&[1.0, 2.0, 4.0, 5.0]))],
        values: vec![12.0, 34.0, 56.0, 78.0],
        ..XrdmlScan::powder("intensities", 4)
    };
    let bytes = xrdml("1.5", "", "K-Alpha", &[scan]);
    let text = String::from_utf8(bytes).expect("text");
    let begins = text.find(">12 34").expect("values") + 1;
    for cut in begins..text.len() - 1 {
        let read = measured(text[..cut].into());
        let whole = match cut - begins {
            0..3 => 0,
            3..6 => 1,
            6..9 => 2,
            9..12 => 3,
            _ => 4,
        };
        let values = read.signals.first().map_or(&[][..], |signal| &signal.values[..]);
        let expected = [12.0, 34.0, 56.0, 78.0];
        let closed = cut >= begins + "12 34 56 78</intensities>".len();
        let whole = if whole == 4 && !closed { 3 } else { whole };
        assert_eq!(values, &expected[..whole], "{cut}");
        assert!(codes(&read).contains(&"truncated-file"), "{cut}: {:?}", codes(&read));
        assert_eq!(codes(&read).contains(&"no-data"), whole == 0, "{cut}");
    }
    // Without listed places nobody knows the step.
    let text =
        String::from_utf8(xrdml("1.5", "", "K-Alpha", &[XrdmlScan::powder("intensities", 41)]));
    let text = text.expect("text");
    let cut = text.find("520").expect("the peak");
    let read = measured(text[..cut].into());
    assert_eq!(shapes(&read), ["intensity [channel 20]"]);
    assert_eq!(codes(&read), ["truncated-file", "places-unknown"]);
}
