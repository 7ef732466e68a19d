//! Files of photoelectron spectrometers: what is read from those that are made here.

use galvanome_model::measurement::{Measurement, Values};
use galvanome_model::signal::{Signal, conditions};
use galvanome_readers::{Collect, Files, Limits, read};

use crate::fixtures::xps;
use crate::fixtures::xps::counts;

fn measure(bytes: impl Into<Vec<u8>>) -> Measurement {
    let mut collect = Collect::new();
    read(&Files::one("file", bytes.into()), &Limits::default(), &mut collect).expect("a fixture");
    collect.into_measurement()
}

/// What is expected of a signal.
struct Expected<'a> {
    label: &'a str,
    name: &'a str,
    unit: &'a str,
    /// Names, units, first and last points of its axes.
    axes: &'a [(&'a str, &'a str, f64, f64)],
    values: Vec<f64>,
    /// Live time and counts per unit.
    counting: Option<(f64, f64)>,
    /// Photon energy, pass energy, sensitivity factor.
    conditions: [Option<f64>; 3],
}

fn check(signal: &Signal, expected: &Expected<'_>) {
    let Expected { label, name, unit, axes, values, counting, conditions: told } = expected;
    let called = (signal.label.as_str(), signal.name.as_str(), signal.unit.as_str());
    assert_eq!(called, (*label, *name, *unit));
    let ours: Vec<_> = signal
        .axes
        .iter()
        .map(|axis| {
            let (first, last) = (axis.points[0], axis.points[axis.points.len() - 1]);
            (axis.name.as_str(), axis.unit.as_str(), first, last)
        })
        .collect();
    assert_eq!(ours, *axes, "{label}");
    assert_eq!(signal.values, *values, "{label} {name}");
    let ours = signal.counting.map(|counting| (counting.live_time_s, counting.counts_per_unit));
    assert_eq!(ours, *counting, "{label} {name}");
    let kinds =
        [conditions::PHOTON_ENERGY, conditions::PASS_ENERGY, conditions::SENSITIVITY_FACTOR];
    assert_eq!(kinds.map(|kind| signal.condition(kind)), *told, "{label} {name}");
    assert_eq!(signal.condition(conditions::WORK_FUNCTION), None, "{label} {name}");
}

fn codes(measurement: &Measurement) -> Vec<&str> {
    measurement.notes.iter().map(|note| note.code.as_str()).collect()
}

fn numbers<'a>(measurement: &'a Measurement, table: &str, column: &str) -> &'a [f64] {
    let table = measurement.table(table).unwrap_or_else(|| panic!("no table {table}"));
    table.numbers(column).unwrap_or_else(|| panic!("no numbers {column}"))
}

fn texts<'a>(measurement: &'a Measurement, table: &str, column: &str) -> &'a [String] {
    let table = measurement.table(table).unwrap_or_else(|| panic!("no table {table}"));
    match &table.column(column).unwrap_or_else(|| panic!("no column {column}")).values {
        Values::Text(texts) => texts,
        Values::Number(_) => panic!("{column} holds numbers"),
    }
}

#[test]
fn vamas_blocks_are_signals_with_their_conditions() {
    let read = measure(xps::vamas_regular());
    assert_eq!(read.instrument, "AXIS 0");
    assert_eq!(read.started_at.as_ref().expect("a start").iso, "2024-02-29T13:05:46.000-05:00");
    assert_eq!(read.signals.len(), 4);
    let axes = [("kinetic_energy", "eV", 1196.6, 1206.6)];
    let told = |factor| [Some(1486.6), Some(20.0), factor];
    let transmission: Vec<f64> = (0..21).map(|place| 1.0 + f64::from(place) / 64.0).collect();
    for (at, label, factor) in [(0, "C 1s", Some(0.278)), (2, "wide", None)] {
        check(
            &read.signals[at],
            &Expected {
                label,
                name: "intensity",
                unit: "counts",
                axes: &axes,
                values: counts(21),
                counting: Some((1.0, 1.0)),
                conditions: told(factor),
            },
        );
        check(
            &read.signals[at + 1],
            &Expected {
                label,
                name: "Transmission",
                unit: "1",
                axes: &axes,
                values: transmission.clone(),
                counting: None,
                conditions: told(factor),
            },
        );
    }
    assert_eq!(numbers(&read, "blocks", "PositionX [mm]"), [21.195, 21.195]);
    assert_eq!(numbers(&read, "blocks", "points"), [21.0, 21.0]);
    assert_eq!(codes(&read), Vec::<&str>::new());
    // A work function that no binding energy is computed with stays in the metadata.
    let key = "block 1: analyser work function or acceptance energy of atom or ion";
    assert!(read.metadata.contains(&(key.to_owned(), "-4.5".to_owned())));
}

#[test]
fn what_casaxps_keeps_in_comments_is_told_as_tables() {
    let read = measure(xps::vamas_regular());
    assert_eq!(texts(&read, "casaxps_components", "name"), ["C-C, C-H", "Area"]);
    assert_eq!(texts(&read, "casaxps_components", "line_shape"), ["GL(30)", "LA(1.53,243)"]);
    assert_eq!(texts(&read, "casaxps_components", "constraint"), ["", "x"]);
    let near = |column: &str, expected: [f64; 2]| {
        let ours = numbers(&read, "casaxps_components", column);
        let same = ours.iter().zip(expected).all(|(a, b)| (a - b).abs() < 1e-9);
        assert!(same && ours.len() == 2, "{column}: {ours:?}, not {expected:?}");
    };
    near("area", [4000.5, 700.0]);
    near("area_reference", [-1.0, 0.0]);
    near("area_reference_factor", [1.0, 0.5]);
    near("width", [1.1, 1.2]);
    near("kinetic_energy", [1201.6, 1200.1]);
    near("kinetic_energy_reference_factor", [1.0, -1.5]);
    near("binding_energy", [285.0, 286.5]);
    near("sensitivity_factor", [0.278, 0.278]);
    assert!(numbers(&read, "casaxps_components", "mass")[1].is_nan());
    assert_eq!(texts(&read, "casaxps_regions", "background"), ["Shirley"]);
    assert_eq!(numbers(&read, "casaxps_regions", "kinetic_energy_end"), [1206.6]);
    assert!((numbers(&read, "casaxps_regions", "binding_energy_start")[0] - 290.0).abs() < 1e-9);
    assert_eq!(numbers(&read, "casaxps_regions", "cross_section_2"), [-450.0]);
    assert_eq!(numbers(&read, "casaxps_regions", "effective_sensitivity_factor"), [0.278]);
    assert_eq!(numbers(&read, "casaxps_calibrations", "measured_energy"), [285.6]);
    assert_eq!(numbers(&read, "casaxps_calibrations", "assigned_energy"), [284.8]);
    assert_eq!(texts(&read, "casaxps_calibrations", "operation"), ["ADD"]);
}

#[test]
fn vamas_rates_that_are_called_counts_are_told() {
    let read = measure(xps::vamas_irregular());
    check(
        &read.signals[0],
        &Expected {
            label: "Survey",
            name: "intensity",
            unit: "counts/s",
            axes: &[("binding_energy", "eV", 1350.0, 1338.0)],
            values: counts(21).iter().map(|counts| counts * 10.0).collect(),
            counting: None,
            conditions: [Some(1486.6), Some(20.0), None],
        },
    );
    assert_eq!(codes(&read), ["counts-are-rates"]);
    assert_eq!(read.instrument, "");
}

#[test]
fn vamas_blocks_take_from_the_first_what_they_do_not_say() {
    let read = measure(xps::vamas_profile());
    assert_eq!(codes(&read), ["unverified-format"]);
    assert_eq!(read.signals.len(), 3);
    for (cycle, signal) in read.signals.iter().enumerate() {
        check(
            signal,
            &Expected {
                label: "O 1s",
                name: "intensity",
                unit: "counts/s",
                axes: &[("binding_energy", "eV", 538.0, 528.0)],
                values: counts(11).iter().map(|counts| counts - 10.0 * cycle as f64).collect(),
                counting: Some((1.0, 1.0)),
                // With a fixed ratio of retardation there is no pass energy.
                conditions: [Some(1486.6), None, None],
            },
        );
    }
    assert_eq!(numbers(&read, "blocks", "etch time"), [0.0, 30.0, 60.0]);
    let starts = ["05", "06", "07"].map(|minute| format!("2024-02-29T13:{minute}:46.000-05:00"));
    assert_eq!(texts(&read, "blocks", "started_at"), starts);
}

#[test]
fn vamas_images_are_given_pixel_by_pixel() {
    let read = measure(xps::vamas_image());
    assert_eq!(codes(&read), ["unverified-format", "image-shape-unknown"]);
    check(
        &read.signals[0],
        &Expected {
            label: "SE",
            name: "intensity",
            unit: "nA",
            axes: &[("pixel", "1", 0.0, 11.0)],
            values: (0..12).map(f64::from).collect(),
            counting: None,
            // Electrons of a gun are no photons.
            conditions: [None, None, None],
        },
    );
}

#[test]
fn vamas_that_was_cut_gives_whole_points() {
    let whole = xps::vamas_regular();
    let text = String::from_utf8(whole.clone()).expect("text");
    // Within the value of the tenth point of the second block.
    let from = text.rfind("pulse counting").expect("a block");
    let (mut cut, mut lines) = (from, 0);
    while lines < 16 + 2 * 9 {
        lines += usize::from(whole[cut] == b'\n');
        cut += 1;
    }
    let read = measure(&whole[..cut + 2]);
    assert_eq!(codes(&read), ["truncated-file"]);
    assert_eq!(read.signals.len(), 4);
    assert_eq!(read.signals[2].values, counts(21)[..9]);
    assert_eq!(read.signals[3].axes[0].points.len(), 9);
    // All that it lacks is the last line.
    let read = measure(&whole[..whole.len() - 19]);
    assert_eq!((read.signals.len(), codes(&read)), (4, vec!["truncated-file"]));
}

#[test]
fn phi_spectra_are_rates_on_the_binding_energy() {
    let read = measure(xps::phi_spectra());
    assert_eq!(read.instrument, "PHI 0");
    assert_eq!(read.started_at.as_ref().expect("a start").iso, "2021-10-05T00:00:00.000");
    assert_eq!(codes(&read), ["start-day-only"]);
    for (signal, label, axes, points, rate, time, pass) in [
        (&read.signals[0], "1su", ("binding_energy", "eV", 545.0, 530.0), 31, 2.0, 0.5, 93.9),
        (&read.signals[1], "C 1s", ("binding_energy", "eV", 290.0, 287.5), 21, 4.0, 0.25, 29.35),
    ] {
        check(
            signal,
            &Expected {
                label,
                name: "intensity",
                unit: "counts/s",
                axes: &[axes],
                values: counts(points).iter().map(|counts| counts * rate).collect(),
                counting: Some((time, time)),
                conditions: [Some(1486.6), Some(pass), None],
            },
        );
    }
}

#[test]
fn phi_profiles_run_over_the_time_of_sputtering() {
    let read = measure(xps::phi_profile());
    let of = |points: usize| {
        (0..3).flat_map(move |cycle| {
            counts(points).into_iter().map(move |counts| counts - 10.0 * f64::from(cycle))
        })
    };
    for (signal, label, first, last, points) in
        [(&read.signals[0], "O1s", 538.0, 528.0, 11), (&read.signals[1], "C1s", 288.0, 284.0, 5)]
    {
        check(
            signal,
            &Expected {
                label,
                name: "intensity",
                unit: "counts/s",
                axes: &[("sputter_time", "s", 0.0, 60.0), ("binding_energy", "eV", first, last)],
                values: of(points).collect(),
                counting: Some((0.8, 0.8)),
                conditions: [Some(1486.6), Some(55.0), None],
            },
        );
    }
    assert_eq!(numbers(&read, "depth_profile", "C1s_sputter_time"), [0.0, 30.0, 60.0]);
    assert_eq!(numbers(&read, "depth_profile", "O1s_area"), [0.0, 7.0, 14.0]);
}

#[test]
fn phi_places_are_positions() {
    let read = measure(xps::phi_places());
    let signal = &read.signals[0];
    assert_eq!(signal.axes[0].name, "spectrum");
    assert_eq!(signal.spectrum(2), [10.0, 11.0, 12.0, 13.0, 14.0]);
    let x_m: Vec<f64> = signal.positions.iter().map(|place| (place.x_m * 1e6).round()).collect();
    assert_eq!(x_m, [100.0, 200.0, 300.0]);
}

#[test]
fn phi_that_was_cut_gives_whole_spectra() {
    let whole = xps::phi_profile();
    // Within the second cycle of the second region.
    let behind = (6 + 6 + 4 - 5) * 4;
    let read = measure(&whole[..whole.len() - behind - 12]);
    assert!(codes(&read).contains(&"truncated-file"), "{:?}", read.notes);
    assert_eq!(read.signals[0].spectra(), 3);
    assert_eq!(read.signals[1].spectra(), 2);
}

#[test]
fn scienta_regions_have_up_to_three_dimensions() {
    let read = measure(xps::scienta());
    assert_eq!(codes(&read), Vec::<&str>::new());
    assert_eq!(read.started_at.as_ref().expect("a start").iso, "2023-03-08T15:24:35.000");
    let first = &read.signals[0];
    let near = |(ours, counts): (&f64, f64)| (ours - counts / 7.0).abs() < 1e-11;
    assert!(first.values.iter().zip(counts(5)).all(near), "{:?}", first.values);
    check(
        first,
        &Expected {
            label: "Ag3d",
            name: "intensity",
            unit: "",
            axes: &[("binding_energy", "eV", 382.0, 380.0)],
            values: first.values.clone(),
            counting: None,
            conditions: [Some(520.0), Some(50.0), None],
        },
    );
    let at = |block: i32, slice: i32, row: i32| f64::from(100 * block + 10 * row + slice);
    let values = (0..2).flat_map(|block| {
        (0..3).flat_map(move |slice| (0..4).map(move |row| at(block, slice, row)))
    });
    check(
        &read.signals[1],
        &Expected {
            label: "VB",
            name: "intensity",
            unit: "counts",
            axes: &[
                ("Position", "mm", 10.0, 20.0),
                ("Y-Scale", "deg", -1.0, 1.0),
                ("kinetic_energy", "eV", 500.0, 503.0),
            ],
            values: values.collect(),
            counting: Some((0.5, 1.0)),
            conditions: [Some(520.0), Some(50.0), None],
        },
    );
}

#[test]
fn specs_scans_are_put_together() {
    let read = measure(xps::specs_xy());
    assert_eq!(codes(&read), ["unterminated-last-line"; 0]);
    assert_eq!(read.started_at.as_ref().expect("a start").iso, "2023-08-24T14:19:47.000Z");
    let told = [Some(1486.61), Some(100.0), None];
    let axis = ("binding_energy", "eV", 1350.0, 1340.0);
    let scan = |number: f64| counts(11).into_iter().map(move |counts| counts * 10.0 + number);
    check(
        &read.signals[0],
        &Expected {
            label: "Survey",
            name: "intensity",
            unit: "counts/s",
            axes: &[axis],
            values: scan(0.5).collect(),
            counting: Some((0.2, 0.2)),
            conditions: told,
        },
    );
    check(
        &read.signals[1],
        &Expected {
            label: "Survey",
            name: "scans",
            unit: "counts/s",
            axes: &[("spectrum", "1", 0.0, 1.0), axis],
            values: scan(0.0).chain(scan(1.0)).collect(),
            counting: Some((0.1, 0.1)),
            conditions: told,
        },
    );
    let axis = ("binding_energy", "eV", 750.0, 746.0);
    let values: Vec<f64> = (100..105).map(f64::from).collect();
    let fe = Expected {
        label: "Fe2p",
        name: "intensity",
        unit: "counts/s",
        axes: &[axis],
        values,
        counting: Some((0.1, 0.1)),
        conditions: told,
    };
    check(&read.signals[2], &fe);
    assert_eq!(read.signals[2].uncertainties, [3.0; 5]);
    let transmission =
        Expected { name: "transmission", unit: "1", values: vec![0.5; 5], counting: None, ..fe };
    check(&read.signals[3], &transmission);
    check(
        &read.signals[4],
        &Expected {
            label: "C1s",
            name: "intensity",
            unit: "counts",
            axes: &[("spectrum", "1", 0.0, 1.0), ("binding_energy", "eV", 290.0, 288.0)],
            values: vec![7.0, 8.0, 9.0, 8.0, 9.0, 10.0],
            counting: Some((0.1, 1.0)),
            conditions: told,
        },
    );
    assert_eq!(read.signals.len(), 5);
}

#[test]
fn specs_detectors_are_added_at_their_own_energies() {
    let read = measure(xps::specs_xml());
    assert_eq!(read.instrument, "PHOIBOS 0");
    assert_eq!(read.started_at.as_ref().expect("a start").iso, "2022-01-28T17:35:25.000Z");
    assert_eq!(codes(&read), ["detectors-added"]);
    let told = [Some(1253.6), Some(20.0), None];
    let axis = ("kinetic_energy", "eV", 1080.0, 1082.5);
    let sum = |peak: f64, others: f64| vec![others, others, peak, others, others, others];
    check(
        &read.signals[0],
        &Expected {
            label: "S2p",
            name: "intensity",
            unit: "counts",
            axes: &[axis],
            values: sum(303.0, 6.0),
            counting: Some((0.4, 1.0)),
            conditions: told,
        },
    );
    check(
        &read.signals[1],
        &Expected {
            label: "S2p",
            name: "scans",
            unit: "counts",
            axes: &[("spectrum", "1", 0.0, 1.0), axis],
            values: [sum(150.0, 3.0), sum(153.0, 3.0)].concat(),
            counting: Some((0.2, 1.0)),
            conditions: told,
        },
    );
    assert_eq!(read.signals[2].values, [6.0, 5.0, 4.0, 3.0, 2.0, 1.0]);
}

#[test]
fn casaxps_text_gives_columns_components_and_spectra() {
    let read = measure(xps::casaxps_columns());
    assert_eq!(codes(&read), Vec::<&str>::new());
    let first = &read.signals[0].axes[0].points;
    check(
        &read.signals[0],
        &Expected {
            label: "Fe2p",
            name: "intensity",
            unit: "counts",
            axes: &[("binding_energy", "eV", first[0], first[8])],
            values: counts(9),
            counting: Some((2.0, 1.0)),
            conditions: [Some(1486.61), None, None],
        },
    );
    assert!((first[0] - 710.0).abs() < 1e-9 && (first[8] - 706.0).abs() < 1e-9, "{first:?}");
    assert_eq!(read.signals[1].values, [40.0, 41.0, 42.0]);
    assert_eq!(numbers(&read, "spectrum_1", "Envelope CPS"), [75.0; 9]);
    assert_eq!(numbers(&read, "spectrum_1", "Fe 2p#9"), [10.0; 9]);
    assert_eq!(numbers(&read, "spectrum_2", "CPS"), [400.0, 410.0, 420.0]);
    assert_eq!(numbers(&read, "casaxps_components", "position"), [709.05, 716.0]);
    assert_eq!(numbers(&read, "casaxps_components", "area"), [63507.37, 35837.06]);
    let shapes = ["LF(0.54,10,80,100,6)", "SGL(30)"];
    assert_eq!(texts(&read, "casaxps_components", "line_shape"), shapes);

    let read = measure(xps::CASAXPS_COMMAS);
    check(
        &read.signals[0],
        &Expected {
            label: "C 1s 1",
            name: "intensity",
            unit: "counts/s",
            axes: &[("binding_energy", "eV", 299.1, 298.85)],
            values: vec![1888.93, 1877.14, 1851.79],
            counting: Some((2.8, 2.8)),
            conditions: [Some(1486.6), None, None],
        },
    );
    assert_eq!(read.tables[0].columns.len(), 4);

    let read = measure(xps::CASAXPS_RESULTS);
    assert_eq!(texts(&read, "casaxps_results", "Name"), ["Fe 2p", "O 1s"]);
    assert_eq!(numbers(&read, "casaxps_results", "%At Conc"), [41.89, 58.11]);
    let fit = numbers(&read, "casaxps_results", "Goodness of Fit");
    assert!(fit[0].is_nan() && fit[1] == 1.5, "{fit:?}");
    assert!(read.metadata.contains(&("%Conc".to_owned(), "41.89\t58.11".to_owned())));
}
