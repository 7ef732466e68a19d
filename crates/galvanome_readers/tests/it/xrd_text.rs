//! Texts of diffractometers, of powder programs and of crystallographers.

use galvanome_model::measurement::{Measurement, Values, Zone};
use galvanome_model::signal::{Condition, Counting, Signal, axes, conditions};
use galvanome_readers::{Collect, Files, Limits, ReadError, Trouble, read};

use crate::fixtures::xrd_text::{
    BEAMLINE, STRUCTURE, bare, bare_comma, beamline, counts, gsas_fxye, gsas_map, gsas_neutrons,
    gsas_std, named, named_theta, panalytical, powder_cif, quoted, ras,
};
use crate::fixtures::{self, Fixture};
use crate::walk::every_byte_of;

fn tried(bytes: impl Into<Vec<u8>>) -> Result<Measurement, ReadError> {
    let mut collect = Collect::new();
    read(&Files::one("a", bytes.into()), &Limits::default(), &mut collect)?;
    Ok(collect.into_measurement())
}

fn measured(bytes: impl Into<Vec<u8>>) -> Measurement {
    tried(bytes).expect("a measurement")
}

fn codes(read: &Measurement) -> Vec<&str> {
    read.notes.iter().map(|note| note.code.as_str()).collect()
}

/// Holds a signal to its axis and values: each as near as a float comes after one division.
fn holds(signal: &Signal, points: impl Fn(usize) -> f64, values: &[f64]) {
    assert_eq!(signal.values.len(), values.len());
    let near = |a: f64, b: f64| (a - b).abs() <= 1e-12 * b.abs();
    for (place, (point, value)) in signal.axes[0].points.iter().zip(&signal.values).enumerate() {
        assert!(near(*point, points(place)), "point {place} is {point}, not {}", points(place));
        assert!(near(*value, values[place]), "value {place} is {value}, not {}", values[place]);
    }
}

fn has(signal: &Signal, expected: &[Condition]) {
    assert_eq!(signal.conditions.len(), expected.len(), "{:?}", signal.conditions);
    for condition in expected {
        let found = signal.condition(condition.kind).expect("a condition");
        assert!((found - condition.value).abs() < 1e-9, "{} is {found}", condition.kind.name);
    }
}

/// A number with as many digits as a file has.
fn digits(value: f64, digits: usize) -> f64 {
    format!("{value:.digits$}").parse().expect("a number")
}

#[test]
fn columns_without_names_stay_nameless() {
    let read = measured(bare());
    assert_eq!((read.format.as_str(), codes(&read)), ("bare-columns", vec!["columns-unnamed"]));
    let table = read.table("columns").expect("columns");
    let names: Vec<&str> = table.columns.iter().map(|column| column.head.name.as_str()).collect();
    assert_eq!(names, ["column_1", "column_2", "column_3"]);
    assert_eq!(table.numbers("column_2"), Some(&counts(40)[..]));
    let roots: Vec<f64> = counts(40).iter().map(|count| digits(count.sqrt(), 3)).collect();
    assert_eq!(table.numbers("column_3"), Some(&roots[..]));
    let told: Vec<_> = read.metadata.iter().map(|(a, b)| (a.as_str(), b.as_str())).collect();
    assert_eq!(
        told,
        [("Sample", "made up"), ("", "three columns"), ("frame.tif #0001 Azm", "0.00")]
    );
    assert!(read.notes[0].message.contains("the third as their standard uncertainties"));

    let read = measured(bare_comma());
    assert_eq!(codes(&read), ["decimal-comma", "columns-unnamed", "row-width"]);
    let table = &read.tables[0];
    assert_eq!((table.rows, table.columns.len()), (31, 2));
    assert_eq!(table.numbers("column_1").map(|all| (all[0], all[30])), Some((100.25, 1.5)));
}

#[test]
fn what_others_know_is_no_bare_table() {
    let check = |text: &str, format: Option<&str>| {
        let found = tried(text).map(|read| read.format).ok();
        assert_eq!(found.as_deref(), format, "{text}");
    };
    check("1 2\n3 4\n5 6\n", Some("bare-columns"));
    check("# energy i0\n1 2\n3 4\n5 6\n", Some("bare-columns"));
    check("a,b\n1,2\n3,4\n5,6\n", Some("delimited"));
    check("time/s\tEwe/V\n1\t2\n3\t4\n5\t6\n", Some("eclab-text"));
    check("2theta,volts\n1,2\n3,4\n5,6\n", Some("delimited"));
    check("2theta,counts\n1,2\n3,4\n5,6\n", Some("xrd-columns"));
    check("##TITLE=a\n##XYDATA=(X++(Y..Y))\n1 2 3\n4 5 6\n7 8 9\n", None);
    check("1\n2\n3\n", None);
    check("1 2\nwords\n", None);
}

#[test]
fn names_tell_a_pattern() {
    let read = measured(named());
    assert_eq!((read.format.as_str(), codes(&read)), ("xrd-columns", vec![]));
    let signal = &read.signals[0];
    holds(signal, |point| digits(10.0 + 0.25 * point as f64, 2), &counts(30));
    assert!(signal.axes[0].is(axes::TWO_THETA));
    let head = (signal.name.as_str(), signal.unit.as_str(), signal.axes[0].vendor_name.as_str());
    assert_eq!(head, ("intensity", "counts", "2Theta (deg)"));
    assert_eq!(signal.counting.map(|counting| counting.counts_per_unit), Some(1.0));

    let read = measured(named_theta());
    assert_eq!(codes(&read), ["axis-assumed"]);
    let names: Vec<&str> = read.signals.iter().map(|signal| signal.name.as_str()).collect();
    assert_eq!(names, ["intensity", "Icalc"]);
    let roots: Vec<f64> = counts(30).iter().map(|count| digits(count.sqrt(), 1)).collect();
    assert_eq!((&read.signals[0].uncertainties, read.signals[0].counting), (&roots, None));
    holds(
        &read.signals[1],
        |point| digits(10.0 + 0.25 * point as f64, 2),
        &counts(30).iter().map(|count| count + 1.0).collect::<Vec<_>>(),
    );
}

#[test]
fn comments_tell_a_pattern() {
    let expected = [
        conditions::WAVELENGTH.at(0.414_581),
        conditions::GONIOMETER_RADIUS.at(1.0),
        conditions::TEMPERATURE.at(27.0),
    ];
    let eighths: Vec<f64> = counts(30).iter().map(|count| digits(count / 8.0, 6)).collect();
    let read = measured(beamline());
    assert_eq!((read.format.as_str(), codes(&read)), ("xrd-columns", vec!["columns-by-custom"]));
    holds(&read.signals[0], |point| digits(0.5 + 0.001 * point as f64, 6), &eighths);
    has(&read.signals[0], &expected);
    assert_eq!(read.signals[0].uncertainties.len(), 30);
    let start = read.started_at.as_ref().expect("a start");
    assert_eq!((start.iso.as_str(), start.zone), ("2017-04-12T01:23:16.472", Zone::Local));
    assert_eq!(read.instrument, "APS 11-BM");

    let read = measured(gsas_fxye());
    assert_eq!((read.format.as_str(), codes(&read)), ("gsas-powder", vec![]));
    holds(&read.signals[0], |point| digits(50.0 + 0.2 * point as f64, 6) / 100.0, &eighths_of(25));
    has(&read.signals[0], &expected);
    assert_eq!(read.instrument, "APS 11-BM");
    let told = read.metadata.iter().filter(|(key, _)| key == "Run no.").count();
    assert_eq!((told, read.metadata.len()), (1, BEAMLINE.lines().count()));

    let read = measured(quoted());
    assert_eq!(codes(&read), ["columns-by-custom"]);
    holds(&read.signals[0], |point| digits(20.0 + 0.02 * point as f64, 4), &counts(30));
    assert!(read.metadata.contains(&("Operator".to_owned(), "A. Nobody".to_owned())));
}

fn eighths_of(points: usize) -> Vec<f64> {
    counts(points).iter().map(|count| digits(count / 8.0, 6)).collect()
}

#[test]
fn banks_of_counts() {
    let read = measured(gsas_std(|_| 1));
    assert_eq!((read.format.as_str(), codes(&read)), ("gsas-powder", vec!["unit-assumed"]));
    let signal = &read.signals[0];
    holds(signal, |point| (1500.0 + 2.0 * point as f64) / 100.0, &counts(43));
    assert!(signal.axes[0].is(axes::TWO_THETA));
    assert_eq!((signal.label.as_str(), signal.unit.as_str()), ("BANK 1", "counts"));
    assert_eq!(signal.counting.map(|counting| counting.counts_per_unit), Some(1.0));
    assert!(signal.uncertainties.is_empty());

    let read = measured(gsas_std(|_| 12));
    let counting = read.signals[0].counting.map(|counting| counting.counts_per_unit);
    assert_eq!((counting, &read.signals[0].values), (Some(12.0), &counts(43)));

    let read = measured(gsas_std(|point| if point < 21 { 1 } else { 2 }));
    let signal = &read.signals[0];
    assert_eq!((signal.counting, &signal.values), (None, &counts(43)));
    assert_eq!(signal.uncertainties[20], counts(43)[20].sqrt());
    assert_eq!(signal.uncertainties[21], (counts(43)[21] / 2.0).sqrt());
    // As a program wrote it that knew nothing of the width of fields.
    let free = "free\nBANK 1 12 2 CONST 400 1\n20 21 26 29 30 36 18 21 25 25\n20 21\n";
    let read = measured(free);
    let expected = [20.0, 21.0, 26.0, 29.0, 30.0, 36.0, 18.0, 21.0, 25.0, 25.0, 20.0, 21.0];
    holds(&read.signals[0], |point| (400.0 + point as f64) / 100.0, &expected);
}

#[test]
fn banks_of_neutrons() {
    let read = measured(gsas_neutrons());
    assert_eq!(codes(&read), ["unverified-format", "axis-assumed", "axis-assumed"]);
    let [first, second] = read.signals.as_slice() else { panic!("two banks") };
    let near = |a: f64, b: f64| (a - b).abs() < 1e-9 * b;
    for (point, position) in first.axes[0].points.iter().enumerate() {
        assert!(near(*position, 2000.0 * 1.001_f64.powf(point as f64)), "{position}");
    }
    assert_eq!(
        (first.axes[0].name.as_str(), first.axes[0].unit.as_str()),
        ("time_of_flight", "us")
    );
    assert_eq!((&first.values, first.uncertainties.len()), (&counts(12), 12));
    holds(
        second,
        |point| 1500.0 + 2.0 * point as f64,
        &counts(10).iter().map(|count| count / 1000.0).collect::<Vec<_>>(),
    );
    assert_eq!(second.uncertainties.len(), 10);

    let read = measured(gsas_map());
    let signal = &read.signals[0];
    holds(
        signal,
        |point| {
            if point < 10 {
                2000.0 + 5.0 * point as f64
            } else {
                2050.0 + 10.0 * (point as f64 - 10.0)
            }
        },
        &counts(20),
    );
    assert_eq!(signal.label, "BANK 4");
    let lost = gsas_map().replace("TIME_MAP 3 7", "TIME_FLAP 3 7");
    let read = measured(lost);
    assert!(read.signals[0].axes[0].is(axes::CHANNEL), "{:?}", read.signals[0].axes[0]);
}

#[test]
fn scans_of_a_smart_diffractometer() {
    let read = measured(ras(&[("TwoThetaOmega", 1.0), ("TwoTheta", 7.5)]));
    assert_eq!((read.format.as_str(), codes(&read)), ("rigaku-ras", vec!["attenuation-applied"]));
    assert_eq!(read.instrument, "Made Up");
    assert!(read.metadata.iter().any(|(_, value)| value == "標準|Made Up"));
    assert!(read.metadata.iter().any(|(key, _)| key == "scan 2: MEAS_SCAN_AXIS_X_INTERNAL"));
    let start = read.started_at.as_ref().expect("a start");
    assert_eq!(start.iso, "2015-12-05T22:01:01.000", "start and end show the order of the date");
    let names: Vec<_> =
        read.signals.iter().map(|at| (at.name.as_str(), at.label.as_str())).collect();
    assert_eq!(
        names,
        [("intensity", "Data-1"), ("intensity", "Data-2"), ("detector_counts", "Data-2")]
    );
    let [first, second, counted] = read.signals.as_slice() else { panic!("three signals") };
    holds(first, |point| digits(20.0 + 0.02 * point as f64, 4), &counts(20));
    assert!(first.axes[0].is(axes::TWO_THETA));
    let counting = first.counting.expect("counts");
    assert!((counting.live_time_s - 0.5).abs() < 1e-12 && counting.counts_per_unit == 1.0);
    has(first, &[conditions::WAVELENGTH.at(1.540_593)]);
    holds(
        second,
        |point| digits(50.0 + 0.02 * point as f64, 4),
        &counts(20).iter().map(|count| count * 7.5).collect::<Vec<_>>(),
    );
    assert_eq!((second.counting, &counted.values), (None, &counts(20)));
    has(second, &[conditions::WAVELENGTH.at(1.540_593), conditions::INCIDENCE_ANGLE.at(0.5)]);
    let read = measured(ras(&[("Omega", 1.0)]));
    assert!(read.signals[0].axes[0].is(axes::OMEGA));
    let read = measured(ras(&[("Z", 1.0)]));
    assert_eq!(read.signals[0].axes[0].name, "Z");
}

#[test]
fn a_scan_as_text() {
    let read = measured(panalytical());
    assert_eq!((read.format.as_str(), codes(&read)), ("panalytical-csv", vec!["unit-assumed"]));
    let signal = &read.signals[0];
    holds(signal, |point| digits(5.0 + 0.0167 * point as f64, 9), &counts(30));
    assert_eq!(signal.counting, Some(Counting { live_time_s: 50.165, counts_per_unit: 1.0 }));
    has(
        signal,
        &[
            conditions::WAVELENGTH.at(1.540_598),
            conditions::WAVELENGTH_K_ALPHA_2.at(1.544_426),
            conditions::K_ALPHA_RATIO.at(0.5),
        ],
    );
    let start = read.started_at.as_ref().expect("a start");
    assert_eq!(
        (start.iso.as_str(), read.instrument.as_str()),
        ("2021-05-20T15:55:00.000", "MADE-UP")
    );
    let read = measured(panalytical().replace("Kα", "").replace("Alpha1,0.500", "Alpha1,0.000"));
    has(&read.signals[0], &[conditions::WAVELENGTH.at(1.540_598)]);
    let more = panalytical().replace("Angle,Intensity\n", "Angle,TimePerStep,Intensity,ESD\n");
    let more: String = more
        .lines()
        .map(|line| match line.split_once(',') {
            Some((angle, count)) if angle.contains('.') && !angle.contains(' ') => {
                format!("{angle},12.5,{count},9\n")
            }
            _ => format!("{line}\n"),
        })
        .collect();
    let read = measured(more);
    assert_eq!(read.signals[0].values, counts(30));
    assert_eq!(read.signals[0].uncertainties, vec![9.0; 30]);
    assert_eq!(read.signals[0].counting.map(|counting| counting.live_time_s), Some(12.5));
}

#[test]
fn structures() {
    let read = measured(STRUCTURE);
    assert_eq!((read.format.as_str(), codes(&read)), ("cif", vec![]));
    let cell = read.table("cell").expect("a cell");
    let number = |name: &str| cell.numbers(name).expect("a column")[0];
    for (name, value) in [
        ("a", 2.8161),
        ("a_uncertainty", 0.0005),
        ("c", 14.0536),
        ("c_uncertainty", 0.0012),
        ("alpha", 90.0),
        ("gamma", 120.0),
        ("volume", 96.52),
        ("volume_uncertainty", 0.03),
        ("space_group_number", 166.0),
        ("wavelength", 1.5406),
    ] {
        assert_eq!(number(name), value, "{name}");
    }
    assert!(number("alpha_uncertainty").is_nan());
    let texts = |table: &str, name: &str| match &read.table(table)?.column(name)?.values {
        Values::Text(texts) => Some(texts.clone()),
        Values::Number(_) => None,
    };
    let of = |all: &[&str]| Some(all.iter().map(|&text| text.to_owned()).collect());
    assert_eq!(texts("cell", "space_group"), of(&["R -3 m :H"]));
    assert_eq!(texts("cell", "formula"), of(&["Li Co O2"]));
    assert_eq!(texts("symmetry", "operation"), of(&["x, y, z", "-y, x-y, z"]));
    assert_eq!(texts("atoms", "label"), of(&["Li1", "Co1", "O1"]));
    assert_eq!(texts("atoms", "element"), of(&["Li+", "Co3+", "O2-"]));
    assert_eq!(texts("atoms", "disorder_group"), of(&["", "", "A"]));
    assert_eq!(texts("journal_author", "value"), of(&["A. Nobody", "B. Nobody"]));
    let atoms = read.table("atoms").expect("atoms");
    assert_eq!(atoms.numbers("z"), Some(&[0.5, 0.0, 0.239_51][..]));
    assert_eq!(atoms.numbers("occupancy"), Some(&[0.97, 1.0, 1.0][..]));
    assert_eq!(atoms.numbers("z_uncertainty").map(|all| all[2]), Some(0.000_15));
    assert_eq!(atoms.numbers("u_iso").map(|all| (all[0], all[1].is_nan())), Some((0.012, true)));
    let told =
        |key: &str| read.metadata.iter().find(|entry| entry.0 == key).map(|entry| entry.1.as_str());
    assert_eq!(told("_audit_creation_method"), Some("by hand; it''s not real"));
    assert_eq!(
        told("_publ_section_title"),
        Some("Words between\n semicolons: data_no loop_ 'not a quote")
    );
}

#[test]
fn patterns_in_crystallographic_files() {
    let read = measured(powder_cif());
    assert_eq!(codes(&read), ["unverified-format"]);
    let names: Vec<&str> = read.tables.iter().map(|table| table.name.as_str()).collect();
    assert_eq!(names, ["cell phase", "symmetry phase", "diffrn_radiation pattern"]);
    let names: Vec<&str> = read.signals.iter().map(|signal| signal.name.as_str()).collect();
    assert_eq!(names, ["intensity", "calc_intensity_total"]);
    let signal = &read.signals[0];
    holds(signal, |point| 10.0 + 0.02 * point as f64, &counts(25));
    assert_eq!((signal.unit.as_str(), signal.label.as_str()), ("counts", "pattern"));
    assert_eq!(signal.counting, Some(Counting { live_time_s: 2.5, counts_per_unit: 1.0 }));
    has(
        signal,
        &[
            conditions::WAVELENGTH.at(1.5406),
            conditions::WAVELENGTH_K_ALPHA_2.at(1.5444),
            conditions::K_ALPHA_RATIO.at(0.5),
            conditions::TEMPERATURE.at(25.0),
        ],
    );
    assert!(
        read.signals[1].uncertainties.iter().all(|uncertainty| (uncertainty - 0.3).abs() < 1e-12)
    );
    assert_eq!(read.started_at.map(|start| start.iso), Some("2021-03-02T16:17:59.000".to_owned()));
    let scanned = "data_a\n_cell_length_a 5\nloop_\n_pd_meas_2theta_scan\n_pd_meas.intensity_total\n1.5 100(10)\n1.6 ?\n1.7 90(9)\n";
    let read = measured(scanned);
    assert_eq!(read.signals[0].axes[0].points, [1.5, 1.6, 1.7]);
    assert_eq!((read.signals[0].values[2], read.signals[0].uncertainties[0]), (90.0, 10.0));
    assert_eq!(codes(&read), ["unverified-format", "missing-values"]);
}

#[test]
fn broken_files_say_so() {
    let check = |text: String, expected: &[&str]| {
        assert_eq!(codes(&measured(text.clone())), expected, "{text}");
    };
    let rows = |text: String, from: &str, to: &str| text.replacen(from, to, 1);
    check(rows(named(), "10.25,", "10.25,7,"), &["row-width"]);
    check(rows(named(), "10.25,", "words"), &["unreadable-line"]);
    check(rows(panalytical(), "points, 30", "points, 31"), &["row-count", "unit-assumed"]);
    check(rows(gsas_fxye(), " 25 25 ", " 26 26 "), &["truncated-file"]);
    check(rows(gsas_fxye(), " 25 25 ", " 24 24 "), &["row-count"]);
    check(rows(gsas_std(|_| 1), "1500 2 0 0", "1500 x 0 0"), &["axis-assumed"]);
    check(rows(STRUCTURE.to_owned(), "O1 O2-", "O1"), &["row-count"]);
    check(rows(STRUCTURE.to_owned(), "166", "166 167"), &["unreadable-metadata"]);
    check(rows(STRUCTURE.to_owned(), "not a quote\n;", "not a quote\n"), &["truncated-file"]);
    for (text, says) in [
        ("*RAS_DATA_START\n*RAS_HEADER_START\n", "RAS_INT_START"),
        ("[Measurement conditions]\nScan axis,Gonio\n", "[Scan points]"),
    ] {
        let error = tried(text).unwrap_err();
        assert_eq!(error.trouble(), Trouble::Damaged);
        assert!(error.to_string().contains(says), "{error}");
    }
}

/// Codes of notes that say that something may be missing.
const CUT: [&str; 4] = ["truncated-file", "unterminated-last-line", "row-count", "row-width"];

#[test]
fn a_cut_pattern_gives_every_whole_point_and_no_broken_one() {
    let of_these = ["cif", "gsas-powder", "panalytical-csv", "rigaku-ras", "xrd-columns"];
    let fixtures: Vec<Fixture> =
        fixtures::all().into_iter().filter(|fixture| of_these.contains(&fixture.format)).collect();
    every_byte_of(&fixtures, |fixture, cut| {
        let whole = measured(fixture.bytes.clone());
        let Ok(read) = tried(&fixture.bytes[..cut]) else { return };
        if read.format != fixture.format {
            return;
        }
        let name = fixture.name;
        let told = codes(&read).iter().any(|code| CUT.contains(code));
        let points =
            |read: &Measurement| read.signals.iter().map(|at| at.values.len()).sum::<usize>();
        // Where the file says how many there are, what is missing is told; else where a line was cut.
        let states = !matches!(fixture.format, "xrd-columns" | "cif");
        let at_line = fixture.bytes[..cut].trim_ascii_end().len() < cut;
        let all = read.signals.len() == whole.signals.len();
        if all && points(&read) < points(&whole) && (states || !at_line) {
            assert!(told, "{name} cut at {cut}: {:?}", codes(&read));
        }
        for (whole, part) in whole.signals.iter().zip(&read.signals) {
            if whole.name != part.name || whole.axes[0].name != part.axes[0].name {
                continue;
            }
            let last = part.values.len().saturating_sub(1);
            let pairs = part.values.iter().zip(&whole.values);
            let pairs = pairs.zip(part.axes[0].points.iter().zip(&whole.axes[0].points));
            for (place, ((a, b), (x, y))) in pairs.enumerate() {
                let same = a == b && x == y;
                assert!(
                    same || place == last && told,
                    "{name} cut at {cut}: {place}: {x} {a}, not {y} {b}"
                );
            }
        }
    });
}
