//! Texts and XML of Raman spectrometers, as far as our own writers make them.

use galvanome_model::measurement::Measurement;
use galvanome_model::signal::{AxisKind, axes, conditions};
use galvanome_readers::{Collect, Files, Limits, ReadError, read};

use crate::fixtures::raman_text::{
    AXIS, LABSPEC_TIME, labspec_rows, labspec_single, labspec_xml, rruff, trivista, values,
    wire_map, wire_single, witec,
};

fn try_read(bytes: Vec<u8>, limits: &Limits) -> Result<Measurement, ReadError> {
    let mut collect = Collect::new();
    read(&Files::one("file", bytes), limits, &mut collect)?;
    Ok(collect.into_measurement())
}

fn read_of(bytes: Vec<u8>) -> Measurement {
    try_read(bytes, &Limits::default()).expect("a readable file")
}

fn codes(read: &Measurement) -> Vec<&str> {
    read.notes.iter().map(|note| note.code.as_str()).collect()
}

/// What a file must give: the spectral axis, unit of the values, positions in micrometres, live time, laser, codes of notes.
struct Expected<'a> {
    spectral: AxisKind,
    series: Option<AxisKind>,
    unit: &'a str,
    spectra: usize,
    places_um: &'a [[f64; 2]],
    live_time_s: Option<f64>,
    laser_nm: Option<f64>,
    codes: &'a [&'a str],
}

/// One spectrum over Raman shift, of which nothing else is said.
const PLAIN: Expected<'_> = Expected {
    spectral: axes::RAMAN_SHIFT,
    series: None,
    unit: "",
    spectra: 1,
    places_um: &[],
    live_time_s: None,
    laser_nm: None,
    codes: &["unit-assumed"],
};

fn check(bytes: Vec<u8>, expected: &Expected<'_>) -> Measurement {
    let read = read_of(bytes);
    assert_eq!(codes(&read), expected.codes, "{:?}", read.notes);
    let [signal] = read.signals.as_slice() else { panic!("{} signals", read.signals.len()) };
    let spectral = signal.axes.last().expect("an axis");
    assert!(spectral.is(expected.spectral), "{} / {}", spectral.name, spectral.unit);
    assert_eq!(spectral.points, AXIS);
    assert_eq!((signal.unit.as_str(), signal.spectra()), (expected.unit, expected.spectra));
    for spectrum in 0..expected.spectra {
        assert_eq!(signal.spectrum(spectrum), values(spectrum));
    }
    let series = signal.axes.first().filter(|_| signal.axes.len() == 2);
    assert_eq!(series.is_some(), expected.series.is_some());
    assert!(series.zip(expected.series).is_none_or(|(axis, kind)| axis.is(kind)), "{series:?}");
    assert_eq!(signal.positions.len(), expected.places_um.len());
    for (place, [x, y]) in signal.positions.iter().zip(expected.places_um) {
        assert!((place.x_m * 1e6 - x).abs() < 1e-9 && (place.y_m * 1e6 - y).abs() < 1e-9);
    }
    assert_eq!(signal.counting.map(|counting| counting.live_time_s), expected.live_time_s);
    assert_eq!(signal.condition(conditions::LASER_WAVELENGTH), expected.laser_nm);
    read
}

#[test]
fn labspec_texts() {
    let read = check(
        labspec_single(),
        &Expected {
            unit: "counts/s",
            live_time_s: Some(6.0),
            laser_nm: Some(632.8),
            codes: &["unverified-format"],
            ..PLAIN
        },
    );
    assert_eq!(read.signals[0].counting.map(|counting| counting.counts_per_unit), Some(6.0));
    assert_eq!(read.instrument, "LabRAM");
    assert_eq!(read.started_at.map(|start| start.iso).as_deref(), Some("2022-08-19T09:30:34.000"));
    let places: [&[f64]; 2] = [&[-1.0, 2.0], &[0.0, 2.0]];
    check(
        labspec_rows("", &places),
        &Expected {
            series: Some(axes::SPECTRUM),
            spectra: 2,
            places_um: &[[-1.0, 2.0], [0.0, 2.0]],
            codes: &["unverified-format", "unit-assumed", "unit-assumed"],
            ..PLAIN
        },
    );
    let swapped = "#AxisType[2]=\tY\n#AxisUnit[2]=\tmm\n#AxisType[3]=\tX\n#AxisUnit[3]=\t\u{b5}m\n#Acq. time (s)=\t1\n";
    check(
        labspec_rows(swapped, &places),
        &Expected {
            series: Some(axes::SPECTRUM),
            spectra: 2,
            places_um: &[[2.0, -1000.0], [2.0, 0.0]],
            codes: &["unverified-format", "unit-assumed"],
            ..PLAIN
        },
    );
    let read = check(
        labspec_rows(LABSPEC_TIME, &[&[0.0], &[1.5]]),
        &Expected {
            spectral: axes::WAVELENGTH,
            series: Some(axes::TIME),
            unit: "counts",
            spectra: 2,
            live_time_s: Some(0.5),
            codes: &["unverified-format"],
            ..PLAIN
        },
    );
    assert_eq!(read.signals[0].axes[0].points, [0.0, 90.0]);
    // A row that is cut off is told, and no spectrum.
    let mut cut = labspec_rows("", &places);
    cut.truncate(cut.len() - 9);
    let read = read_of(cut);
    assert_eq!(read.signals[0].spectra(), 1);
    assert!(codes(&read).contains(&"unreadable-line"));
}

#[test]
fn labspec_xml_of_a_map() {
    let whole = Expected {
        spectral: axes::WAVELENGTH,
        series: Some(axes::SPECTRUM),
        unit: "counts/s",
        spectra: 4,
        places_um: &[[-2.0, -1.0], [0.0, -1.0], [-2.0, 1.0], [0.0, 1.0]],
        live_time_s: Some(6.0),
        laser_nm: Some(632.817),
        codes: &[],
    };
    let read = check(labspec_xml(4), &whole);
    assert_eq!(read.instrument, "LabRAM");
    assert!(read.metadata.contains(&("Acq. time (s)".to_owned(), "2".to_owned())));
    let places = &whole.places_um[..3];
    check(
        labspec_xml(3),
        &Expected { spectra: 3, places_um: places, codes: &["incomplete-measurement"], ..whole },
    );
    let mut cut = labspec_xml(4);
    let end = cut.len() - 70;
    cut.truncate(end);
    let read = read_of(cut);
    assert_eq!(read.signals[0].spectra(), 3);
    assert!(codes(&read).contains(&"truncated-file"), "{:?}", read.notes);
}

#[test]
fn trivista_files() {
    let spectrum = Expected {
        spectral: axes::WAVELENGTH,
        unit: "counts",
        live_time_s: Some(3.0),
        codes: &[],
        ..PLAIN
    };
    let read = check(trivista(&["0;0;0"], 532.5), &Expected { laser_nm: Some(532.5), ..spectrum });
    assert_eq!(read.signals[0].label, "Spot");
    assert_eq!(read.started_at.map(|start| start.iso).as_deref(), Some("2016-09-29T12:56:19.231"));
    let told = ("Detector/Exposure_Time_(ms)".to_owned(), "1500".to_owned());
    assert!(read.metadata.contains(&told), "{:?}", read.metadata);
    let several = Expected { spectra: 2, ..spectrum };
    check(
        trivista(&["-100;50;0", "-75;50;0"], 0.0),
        &Expected {
            series: Some(axes::SPECTRUM),
            places_um: &[[-0.1, 0.05], [-0.075, 0.05]],
            codes: &["unit-assumed"],
            ..several
        },
    );
    check(
        trivista(&["1;1;0", "1;1;500"], 0.0),
        &Expected { series: Some(axes::HEIGHT), codes: &["unit-assumed"], ..several },
    );
    let read = check(
        trivista(&["1;1;0", "1;1;0"], 0.0),
        &Expected { series: Some(axes::TIME), ..several },
    );
    assert_eq!(read.signals[0].axes[0].points, [0.0, 1.0]);
    let mut cut = trivista(&["0;0;0", "1;0;0", "2;0;0"], 0.0);
    cut.truncate(cut.len() - 75);
    let read = read_of(cut);
    assert_eq!(
        (read.signals[0].spectra(), codes(&read)),
        (2, vec!["truncated-file", "unit-assumed"])
    );
    let text = String::from_utf8(trivista(&["0;0;0", "1;0;0"], 0.0)).expect("text");
    let ragged = text.replacen("10.5;", "", 1).into_bytes();
    let read = read_of(ragged);
    assert_eq!((read.signals[0].spectra(), codes(&read)), (1, vec!["ragged-spectra"]));
}

#[test]
fn trivista_axes_may_be_long() {
    let text = String::from_utf8(trivista(&["0;0;0"], 0.0)).expect("text");
    let list = |between: &str| {
        let points: Vec<String> = (0..20_000).map(|point| format!("{point}.015625")).collect();
        points.join(between)
    };
    let of = |numbers: &[f64], between: &str| {
        numbers.iter().map(f64::to_string).collect::<Vec<_>>().join(between)
    };
    let text = text.replacen(&of(&AXIS, "|"), &list("|"), 1);
    let text = text.replacen(&of(&values(0), ";"), &list(";"), 1);
    let read = read_of(text.into_bytes());
    assert_eq!((read.signals[0].values.len(), codes(&read)), (20_000, vec![]));
    assert_eq!(read.signals[0].axes[0].points[19_999], 19_999.015625);
}

#[test]
fn rruff_texts() {
    let with_laser = Expected { laser_nm: Some(532.0), ..PLAIN };
    let read = check(rruff("##RAMAN WAVELENGTH=532\n"), &with_laser);
    assert_eq!(read.signals[0].label, "Made up");
    let powder = Expected { spectral: axes::TWO_THETA, ..PLAIN };
    let read = check(rruff("##X-RAY WAVELENGTH= 1.541838\n"), &powder);
    assert_eq!(read.signals[0].condition(conditions::WAVELENGTH), Some(1.541838));
    let mut cut = rruff("");
    cut.truncate(cut.len() - 7);
    assert_eq!(codes(&read_of(cut)), ["truncated-file", "unit-assumed"]);
    let mut cut = rruff("");
    cut.truncate(cut.len() - 11);
    assert_eq!(codes(&read_of(cut)), ["unterminated-last-line", "unit-assumed"]);
}

#[test]
fn wire_texts() {
    check(wire_single(), &PLAIN);
    let map = Expected {
        series: Some(axes::SPECTRUM),
        spectra: 2,
        places_um: &[[0.0, 1.0], [2.0, 1.0]],
        ..PLAIN
    };
    check(wire_map(&[[0.0, 1.0], [2.0, 1.0]]), &map);
    // A last spectrum that is cut off stands on its own.
    let mut cut = wire_map(&[[0.0, 1.0], [2.0, 1.0], [4.0, 1.0]]);
    cut.truncate(cut.len() - 30);
    let read = read_of(cut);
    assert_eq!(
        read.signals.iter().map(galvanome_model::signal::Signal::spectra).collect::<Vec<_>>(),
        [2, 1]
    );
    let limits = Limits { max_rows: 9, ..Limits::default() };
    let read = try_read(wire_map(&[[0.0, 1.0], [2.0, 1.0]]), &limits).expect("a text");
    assert_eq!(
        (read.signals[0].spectra(), codes(&read)),
        (1, vec!["unit-assumed", "limit-reached"])
    );
}

#[test]
fn witec_texts() {
    let counted = Expected { unit: "counts", live_time_s: Some(f64::NAN), codes: &[], ..PLAIN };
    let read = read_of(witec("nm", 1));
    let signal = &read.signals[0];
    assert!(signal.axes[0].is(axes::WAVELENGTH) && read.notes.is_empty(), "{:?}", read.notes);
    assert_eq!((signal.unit.as_str(), signal.label.as_str()), (counted.unit, "Made up"));
    assert_eq!((signal.axes[0].points.as_slice(), signal.values.clone()), (&AXIS[..], values(0)));
    let place = signal.positions[0];
    assert!((place.x_m - 1.5e-6).abs() < 1e-18 && place.y_m == -2e-6 && place.z_m == 0.0);
    let read = read_of(witec("rel. 1/cm", 3));
    assert_eq!(codes(&read), ["positions-missing"]);
    let signal = &read.signals[0];
    assert!(signal.axes[0].is(axes::SPECTRUM) && signal.axes[1].is(axes::RAMAN_SHIFT));
    assert_eq!(signal.spectrum(2), values(2));
    let two = [witec("nm", 1), witec("1/cm", 1)].concat();
    assert_eq!(read_of(two).signals.len(), 2);
    let mut cut = witec("nm", 1);
    cut.truncate(cut.len() - 30);
    assert!(codes(&read_of(cut)).contains(&"truncated-file"));
}
