//! Files of Raman spectrometers, as far as our own writers make them.

use galvanome_model::measurement::{Measurement, Zone};
use galvanome_model::signal::{Position, axes, conditions};
use galvanome_readers::{Collect, Files, Limits, ReadError, read};

use crate::fixtures::raman::{Area, FLAGS, Origin, PRIMARY, START, TIME, Wdf, X};

fn read_with(bytes: Vec<u8>, limits: &Limits) -> Result<Measurement, ReadError> {
    let mut collect = Collect::new();
    read(&Files::one("file", bytes), limits, &mut collect)?;
    Ok(collect.into_measurement())
}

fn read_of(wdf: &Wdf) -> Measurement {
    read_with(wdf.write(), &Limits::default()).expect("a wdf")
}

/// Codes of notes but the one that every file in counts has.
fn codes(read: &Measurement) -> Vec<&str> {
    let codes = read.notes.iter().map(|note| note.code.as_str());
    codes.filter(|code| *code != "unit-assumed").collect()
}

#[test]
fn a_spectrum_of_a_wdf() {
    let read = read_of(&Wdf::single());
    assert_eq!((read.signals.len(), read.tables.len(), codes(&read)), (1, 0, vec![]));
    let signal = &read.signals[0];
    assert_eq!((signal.name.as_str(), signal.unit.as_str()), ("intensity", "counts"));
    assert_eq!(signal.axes.len(), 1);
    assert!(signal.axes[0].is(axes::RAMAN_SHIFT));
    assert_eq!(signal.axes[0].points, [1600.5, 1500.25, 1400.0, 1300.0, 1200.0]);
    assert_eq!(signal.values, [10.0, 20.5, 40.0, 20.0, 10.0]);
    assert_eq!(signal.condition(conditions::LASER_WAVELENGTH), Some(500.0));
    let counting = signal.counting.expect("counts");
    assert_eq!((counting.live_time_s, counting.counts_per_unit), (3.0, 1.0));
    assert_eq!(read.instrument, "Renishaw 12ABC3");
    let start = read.started_at.clone().expect("a start");
    assert_eq!((start.iso.as_str(), start.zone), ("2026-01-02T03:04:05.000Z", Zone::Stated));
    let told = |key: &str| {
        let entry = read.metadata.iter().find(|(name, _)| name == key);
        entry.map(|(_, value)| value.as_str())
    };
    assert_eq!(told("WXDM/Scan/Exposure Time"), Some("1500"));
    assert_eq!(told("WXDM/Scan/responseCalibration"), Some("true"));
    assert_eq!(told("WXDM/NDPercent"), Some("50"));
    assert_eq!(told("WXDM/CreationTime"), Some("2026-01-02T03:04:05.000Z"));
    assert_eq!((told("title"), told("user")), (Some("made up"), Some("somebody")));
    assert_eq!((told("software"), told("comment")), (Some("WiRE 5.0.0.7"), Some("a comment")));
    assert!(told("WHTL").is_some_and(|white| white.contains("JPEG")));
}

#[test]
fn axes_and_units_of_a_wdf() {
    let check = |units: [u32; 2], axis: (&str, &str), unit: &str, counts: bool| {
        let read = read_of(&Wdf { units, ..Wdf::single() });
        let signal = &read.signals[0];
        let found = &signal.axes[0];
        assert_eq!((found.name.as_str(), found.unit.as_str()), axis);
        assert_eq!((signal.unit.as_str(), signal.counting.is_some()), (unit, counts));
    };
    check([6, 1], ("raman_shift", "1/cm"), "counts", true);
    check([7, 3], ("wavelength", "nm"), "electrons", false);
    check([0, 5], ("wavelength", "nm"), "", false);
    check([18, 4], ("photon_energy", "eV"), "1", false);
    check([17, 2], ("wavenumber", "1/cm"), "", false);
    check([99, 16], ("channel", "1"), "", false);
    check([6, 99], ("spectral", ""), "counts", true);
    let micrometres = Wdf { units: [6, 5], axis: vec![0.5; 5], ..Wdf::single() };
    assert_eq!(read_of(&micrometres).signals[0].axes[0].points, [500.0; 5]);
    let no_laser = Wdf { laser: 0.0, ..Wdf::single() };
    assert!(read_of(&no_laser).signals[0].conditions.is_empty());
}

#[test]
fn a_map_of_a_wdf_has_positions_and_a_table_of_its_spectra() {
    let read = read_of(&Wdf::map());
    assert_eq!(codes(&read), Vec::<&str>::new());
    let map = &read.signals[0];
    assert!(map.axes[0].is(axes::SPECTRUM) && map.axes[1].is(axes::RAMAN_SHIFT));
    assert_eq!((map.spectra(), map.spectrum_len(), map.positions.len()), (6, 5, 6));
    assert_eq!(map.spectrum(4), [14.0, 24.5, 44.0, 24.0, 14.0]);
    let Position { x_m, y_m, z_m } = map.positions[5];
    assert_eq!((x_m, y_m, z_m.is_nan()), (1e-6, 0.5e-6, true));
    let table = read.table("spectra").expect("a table");
    let names: Vec<_> = table.columns.iter().map(|column| column.head.name.as_str()).collect();
    assert_eq!(names, ["spectrum", "x", "y", "time"]);
    assert_eq!(table.numbers("time"), Some(&[2.0, 4.0, 6.0, 8.0, 10.0, 12.0][..]));
    assert_eq!(table.numbers("x").map(|x| x[0]), Some(-1e-6));
}

#[test]
fn series_of_a_wdf_run_along_their_axis() {
    let times = [START + 10_000_000, START + 25_000_000, START + 40_000_000];
    let check = |origin: Origin, name: &str, unit: &str, points: [f64; 3]| {
        let read = read_of(&Wdf { origins: vec![origin], ..Wdf::several(3, 2) });
        let axis = &read.signals[0].axes[0];
        assert_eq!((axis.name.as_str(), axis.unit.as_str()), (name, unit));
        for (found, expected) in axis.points.iter().zip(points) {
            assert!((found - expected).abs() <= 1e-15 * expected.abs(), "{:?}", axis.points);
        }
    };
    check(Origin::words(TIME | PRIMARY, 24, "Time", &times), "time", "s", [1.0, 2.5, 4.0]);
    let numbers =
        |kind: u32, unit, name| Origin::numbers(kind | PRIMARY, unit, name, &[-1.0, 0.0, 2.0]);
    check(numbers(18, 13, "Elapsed"), "time", "s", [-1e-3, 0.0, 2e-3]);
    check(numbers(5, 5, "Z"), "height", "m", [-1e-6, 0.0, 2e-6]);
    check(numbers(14, 8, "Focus"), "height", "m", [-1e-3, 0.0, 2e-3]);
    check(numbers(9, 21, "Temp"), "temperature", "degC", [-1.0, 0.0, 2.0]);
    check(numbers(26, 26, "Signal"), "signal", "V", [-1.0, 0.0, 2.0]);
    // The name of a known axis in another unit.
    check(numbers(28, 26, "time"), "time of the file", "V", [-1.0, 0.0, 2.0]);
    check(Origin::numbers(28, 26, "loose", &[1.0; 3]), "spectrum", "1", [0.0, 1.0, 2.0]);
}

#[test]
fn positions_that_were_planned_stand_in_for_those_that_are_missing() {
    let check = |flags: u32, points: [u32; 3], expected: &[[f64; 2]], code: &str| {
        let area = Area { flags, start: [10.0, 20.0, 5.0], step: [1.0, -2.0, 1.0], points };
        let map = Wdf { origins: Vec::new(), area: Some(area), ..Wdf::several(6, 3) };
        let read = read_of(&map);
        assert_eq!(codes(&read), [code]);
        let places = &read.signals[0].positions;
        assert_eq!(places.len(), expected.len());
        for (place, [x, y]) in places.iter().zip(expected) {
            let far = (place.x_m * 1e6 - x).abs().max((place.y_m * 1e6 - y).abs());
            assert!(far < 1e-9, "{places:?}");
        }
    };
    let [a, b, c] = [10.0, 11.0, 12.0];
    let [p, q, r] = [20.0, 18.0, 16.0];
    let rows = [[a, p], [b, p], [c, p], [a, q], [b, q], [c, q]];
    check(0, [3, 2, 1], &rows, "positions-planned");
    let columns = [[a, p], [a, q], [a, r], [b, p], [b, q], [b, r]];
    check(2, [2, 3, 1], &columns, "positions-planned");
    let snake = [[a, p], [b, p], [c, p], [c, q], [b, q], [a, q]];
    check(4, [3, 2, 1], &snake, "positions-planned");
    let snake_of_columns = [[a, p], [a, q], [a, r], [b, r], [b, q], [b, p]];
    check(6, [2, 3, 1], &snake_of_columns, "positions-planned");
    let line: Vec<[f64; 2]> =
        (0..6).map(|at| [10.0 + f64::from(at), 20.0 - 2.0 * f64::from(at)]).collect();
    check(128, [6, 1, 1], &line, "positions-planned");
    check(1, [3, 2, 1], &[], "positions-missing");
    check(0, [1, 2, 1], &[], "positions-missing");
    let elsewhere = Wdf {
        area: Some(Area { flags: 4, start: [-1.0, -0.5, 0.0], step: [1.0; 3], points: [3, 2, 1] }),
        ..Wdf::map()
    };
    let read = read_of(&elsewhere);
    assert_eq!(codes(&read), ["positions-differ"]);
    assert_eq!(read.signals[0].positions[3].x_m, -1e-6);
}

#[test]
fn what_was_taken_of_a_wdf_is_given_and_what_is_odd_is_told() {
    let whole = Wdf::map();
    // Ended early: room for six, four taken.
    let mut ended = whole.clone();
    ended.spectra.truncate(4);
    let read = read_of(&ended);
    assert_eq!(codes(&read), ["incomplete-measurement"]);
    assert_eq!((read.signals[0].spectra(), read.signals[0].positions.len()), (4, 4));
    let none = Wdf { spectra: vec![Vec::new()], ..whole.clone() };
    assert!(read_with(none.write(), &Limits::default()).is_err());
    // Cut within the data: three whole spectra.
    let mut bytes = whole.write();
    bytes.truncate(512 + 16 + 3 * 5 * 4 + 7);
    let read = read_with(bytes, &Limits::default()).unwrap();
    assert_eq!(
        codes(&read),
        ["truncated-file", "truncated-file", "axis-missing", "positions-missing"]
    );
    assert_eq!(read.signals[0].values.len(), 15);
    assert_eq!(read.signals[0].values[..], read_of(&whole).signals[0].values[..15]);
    let limits = Limits { max_cells: 12, ..Limits::default() };
    let read = read_with(whole.write(), &limits).unwrap();
    assert_eq!((codes(&read), read.signals[0].spectra()), (vec!["limit-reached"], 2));
    let flags = [0, 1, 2, 0x104, 0x20, 1 << 48];
    let mut flagged = whole.clone();
    flagged.origins[3] = Origin::words(FLAGS, 0, "Flags", &flags);
    let read = read_of(&flagged);
    let expected =
        ["saturated-spectra", "faulty-spectra", "cosmic-rays", "focus-lost", "masked-spectra"];
    assert_eq!(codes(&read), expected);
    assert!(read.notes[0].message.starts_with("2 of 6 spectra"), "{:?}", read.notes);
    assert_eq!(read.notes[0].place, "spectrum 1");
    let column = read.table("spectra").and_then(|table| table.numbers("flags"));
    assert_eq!(column.map(|flags| flags[5]), Some(2_f64.powi(48)));
    let saturated = Wdf { flags: 16, ..whole.clone() };
    assert_eq!(codes(&read_of(&saturated)), ["saturated-spectra"]);
    let no_unit =
        Wdf { origins: vec![Origin::numbers(X, 0, "X", &[1.0; 6])], ..Wdf::several(6, 3) };
    assert!(read_of(&no_unit).notes.iter().any(|note| note.message.contains("micrometres")));
}

#[test]
fn tracks_of_a_wdf_have_axes_of_their_own() {
    let axis: Vec<f32> = (0..10_u8).map(f32::from).collect();
    let read = read_of(&Wdf { flags: 8, tracks: 2, axis, ..Wdf::several(4, 2) });
    assert_eq!(codes(&read), ["unverified-format"]);
    assert_eq!(read.signals.len(), 2);
    assert_eq!(read.signals[1].axes[1].points, [5.0, 6.0, 7.0, 8.0, 9.0]);
    assert_eq!(read.signals[1].axes[0].points, [1.0, 3.0]);
    assert_eq!(read.signals[1].spectrum(0)[0], 11.0);
}

#[test]
fn a_large_wdf_is_the_same_for_any_number_of_threads() {
    let points = 1000;
    let spectra: Vec<Vec<f32>> = (0..700_usize)
        .map(|spectrum| (0..points).map(|point| (spectrum * points + point) as f32).collect())
        .collect();
    let axis = (0..points).map(|point| point as f32).collect();
    let wdf = Wdf { capacity: 700, together: 3, axis, spectra, ..Wdf::single() };
    let wdf = Wdf { origins: Vec::new(), ..wdf };
    let bytes = wdf.write();
    let read_by = |threads| {
        let limits = Limits { threads, ..Limits::default() };
        read_with(bytes.clone(), &limits).expect("a wdf").signals.remove(0).values
    };
    let one = read_by(1);
    assert!(one.iter().enumerate().all(|(place, value)| *value == place as f64));
    for threads in [2, 3, 64] {
        assert_eq!(read_by(threads), one, "{threads} threads");
    }
}
