//! What is read from the text files of each vendor: values, units, signs, starts, notes.

use galvanome_model::measurement::{Measurement, Origin, Table, Values, Zone};
use galvanome_readers::{Collect, Files, Limits, identify, read};

use crate::fixtures::cycler_text as text;

fn measurement(bytes: impl Into<Vec<u8>>) -> Measurement {
    let mut collect = Collect::new();
    read(&Files::one("file", bytes.into()), &Limits::default(), &mut collect).expect("a file");
    collect.into_measurement()
}

/// A file and what must be read from it.
struct Row<'a> {
    bytes: Vec<u8>,
    format: &'a str,
    /// The start, and whether its zone is stated.
    start: (&'a str, Zone),
    /// Name, unit and values of columns of the first table.
    columns: &'a [(&'a str, &'a str, &'a [f64])],
    /// Codes of the notes.
    notes: &'a [&'a str],
}

fn check(row: Row<'_>) -> Measurement {
    let read = measurement(row.bytes);
    assert_eq!(read.format, row.format);
    let start = read.started_at.as_ref().map(|start| (start.iso.as_str(), start.zone));
    assert_eq!(start, (!row.start.0.is_empty()).then_some(row.start), "{}", row.format);
    check_columns(&read.tables[0], row.columns);
    let codes: Vec<_> = read.notes.iter().map(|note| note.code.as_str()).collect();
    assert_eq!(codes, row.notes, "{} {:?}", row.format, read.notes);
    read
}

fn check_columns(table: &Table, columns: &[(&str, &str, &[f64])]) {
    for (name, unit, values) in columns {
        let found = table.column(name).unwrap_or_else(|| panic!("no {name}"));
        assert_eq!(found.head.unit, *unit, "{name}");
        let numbers = table.numbers(name).unwrap_or_else(|| panic!("{name} is text"));
        let near = |(a, b): (&f64, &f64)| (a - b).abs() <= 1e-12 * b.abs().max(1e-6);
        assert!(
            numbers.len() == values.len() && numbers.iter().zip(*values).all(near),
            "{name}: {numbers:?}"
        );
    }
}

fn texts<'a>(read: &'a Measurement, name: &str) -> &'a [String] {
    match &read.tables[0].column(name).unwrap_or_else(|| panic!("no {name}")).values {
        Values::Text(texts) => texts,
        Values::Number(_) => panic!("{name} is numbers"),
    }
}

fn origin(read: &Measurement, name: &str) -> Option<Origin> {
    read.tables[0].column(name).map(|column| column.head.origin)
}

fn metadata<'a>(read: &'a Measurement, key: &str) -> Option<&'a str> {
    read.metadata.iter().find(|(found, _)| found == key).map(|(_, value)| value.as_str())
}

#[test]
fn basytec() {
    let read = check(Row {
        bytes: text::basytec(),
        format: "basytec-text",
        start: ("2023-06-19T17:56:53.000", Zone::Local),
        columns: &[
            ("test_time_second", "s", &[0.0, 30.5, 60.0, 90.0]),
            ("voltage_volt", "V", &[3.5, 3.5, 3.6, 3.4]),
            ("current_ampere", "A", &[0.0, 0.0, 0.5, -0.5]),
            ("temperature_t1_celsius", "degC", &[25.5, 25.5, 25.75, 26.0]),
            ("cycle_charging_capacity_ah", "Ah", &[0.0, 0.0, 0.001, 0.001]),
            ("Ah-Step", "", &[0.0, 0.0, 0.001, -0.001]),
            ("Wobble", "", &[7.0, 7.0, 7.0, 7.0]),
        ],
        notes: &["unknown-column"],
    });
    assert_eq!(read.instrument, "7 CH01 XCTS");
    assert_eq!(texts(&read, "step_type"), ["Pause", "Pause", "Charge", "Discharge"]);
    check(Row {
        bytes: text::BASYTEC_HOURS.into(),
        format: "basytec-text",
        start: ("2023-06-19T17:56:53.000", Zone::Local),
        columns: &[
            ("test_time_second", "s", &[0.0, 1800.0, 3600.0]),
            ("voltage_volt", "V", &[3.5, 3.6, 3.7]),
        ],
        notes: &["decimal-comma"],
    });
    // A clock that says how far it is from UTC, and a sign of degrees that was lost on the way.
    let zoned = "~Time[s]\tDateTime\tU[V]\tI[A]\tT1[?C]\n0\t2023-06-19 17:56:53+02:00\t3\t0\t25\n5\t2023-06-19 17:56:58+02:00\t3\t0\t25\n";
    check(Row {
        bytes: zoned.into(),
        format: "basytec-text",
        start: ("2023-06-19T17:56:53.000+02:00", Zone::Stated),
        columns: &[
            ("unix_time_second", "s", &[1_687_190_213.0, 1_687_190_218.0]),
            ("temperature_t1_celsius", "degC", &[25.0, 25.0]),
        ],
        notes: &["unit-assumed"],
    });
}

#[test]
fn maccor() {
    let read = check(Row {
        bytes: text::MACCOR_SECONDS.into(),
        format: "maccor-text",
        start: ("2019-10-21T10:59:59.000", Zone::Local),
        columns: &[
            ("test_time_second", "s", &[0.0, 10.0, 20.0, 30.0]),
            ("step_time_second", "s", &[0.0, 10.0, 10.0, 10.0]),
            ("step_id", "1", &[1.0, 1.0, 2.0, 3.0]),
            ("cycle_count", "1", &[0.0, 0.0, 0.0, 1.0]),
            ("current_ampere", "A", &[0.0, 0.0, 0.5, -0.5]),
            ("ac_internal_resistance_ohm", "ohm", &[0.0, 0.0, 0.0, 0.0]),
            ("Amp-hr", "Amp-hr", &[0.0, 0.0, 0.001, 0.001]),
        ],
        // Ten minutes pass on the clock in ten seconds of the test.
        notes: &["unknown-column", "clock-differs"],
    });
    assert_eq!(origin(&read, "current_ampere"), Some(Origin::Stored));
    assert_eq!(metadata(&read, "Date of Test"), Some("10/10/2019"));
    assert_eq!(metadata(&read, "Procedure"), Some("INVENTED.000"));
    assert_eq!(metadata(&read, "Filename"), Some("C:\\Data\\CELL.052"));
    let read = check(Row {
        bytes: text::MACCOR_MINUTES.into(),
        format: "maccor-text",
        start: ("2021-06-15T11:23:46.000", Zone::Local),
        columns: &[
            ("test_time_second", "s", &[0.0, 60.0, 120.0, 180.0]),
            ("step_time_second", "s", &[0.0, 60.0, 60.0, 60.0]),
            ("voltage_volt", "V", &[0.1377, 0.1378, 0.25, 0.125]),
            ("current_ampere", "A", &[0.0, 0.0, 0.00016, -0.00016]),
            ("cycle_count", "1", &[1.0, 1.0, 1.0, 1.0]),
        ],
        notes: &["decimal-comma", "time-unit-from-clock", "current-sign-from-state"],
    });
    assert_eq!(origin(&read, "current_ampere"), Some(Origin::Reconstructed));
    assert_eq!(read.instrument, "Maccor #4");
    let read = check(Row {
        bytes: text::MACCOR_DAYS.into(),
        format: "maccor-text",
        start: ("2020-12-11T12:22:12.000", Zone::Local),
        columns: &[
            ("test_time_second", "s", &[0.0, 96771.5, 96772.5]),
            ("step_time_second", "s", &[0.0, 7200.0, 1.0]),
            ("voltage_volt", "V", &[1853.8, 1853.9, 1852.9]),
            ("current_ampere", "A", &[0.0, 0.05, -0.05]),
            ("Aux #1", "C", &[25.5, 25.5, 25.5]),
        ],
        notes: &["voltage-out-of-range"],
    });
    assert_eq!(metadata(&read, "Tester Channel"), Some("1"));
    check(Row {
        bytes: text::MACCOR_CSV.into(),
        format: "maccor-text",
        start: ("2023-11-23T15:56:08.000", Zone::Local),
        columns: &[
            ("record_index", "1", &[1.0, 2.0, 3.0]),
            ("test_time_second", "s", &[0.0, 1.0, 2.0]),
            ("current_ampere", "A", &[0.0, 0.0, 28.798]),
            ("temperature_t1_celsius", "degC", &[22.2591, 22.2591, 22.2591]),
        ],
        notes: &["unit-assumed", "current-sign-assumed"],
    });
    let read = check(Row {
        bytes: text::MACCOR_IMPEDANCE.into(),
        format: "maccor-text",
        start: ("2016-11-02T15:58:00.000", Zone::Local),
        columns: &[
            ("frequency_hertz", "Hz", &[1000.0, 10.0, 1.0]),
            ("real_impedance_ohm", "ohm", &[0.773446, 1.157026, 2.095573]),
            ("imaginary_impedance_ohm", "ohm", &[-0.849201, -1.660851, -0.314082]),
        ],
        notes: &[],
    });
    assert_eq!(read.tables[0].name, "impedance");
    // A date of the day alone, and a clock of the time alone.
    let split = "Date of Test:\t04/21/2016\nRec#\tStep\tTest (Min)\tAmps\tVolts\tState\tDPt Time\n1\t1\t0.0000\t0\t3.3\tR\t16:05:31\n2\t1\t0.5\t0\t3.3\tR\t16:06:01\n";
    check(Row {
        bytes: split.into(),
        format: "maccor-text",
        start: ("2016-04-21T16:05:31.000", Zone::Local),
        columns: &[("test_time_second", "s", &[0.0, 30.0])],
        notes: &[],
    });
}

#[test]
fn neware() {
    let read = check(Row {
        bytes: text::neware_flat(),
        format: "neware-csv",
        start: ("2025-06-17T09:26:39.383", Zone::Local),
        columns: &[
            ("test_time_second", "s", &[0.0, 3.5, 97206.5]),
            ("step_time_second", "s", &[0.0, 3.0, 97203.0]),
            ("voltage_volt", "V", &[3.1005, 3.2005, 3.1005]),
            ("current_ampere", "A", &[0.0, 0.0005, -0.0005]),
            ("step_cumulative_capacity_ah", "Ah", &[0.0, 0.001, 0.0005]),
            ("step_cumulative_energy_wh", "Wh", &[0.0, 0.002, 0.002]),
            ("Contact resistance(mO)", "mO", &[0.0, 0.0, 0.0]),
        ],
        notes: &["unknown-column"],
    });
    assert_eq!(texts(&read, "step_type"), ["Rest", "CC Chg", "CC DChg"]);
    let read = check(Row {
        bytes: text::NEWARE_NESTED.into(),
        format: "neware-csv",
        start: ("2026-03-06T12:37:25.000", Zone::Local),
        columns: &[
            ("cycle_count", "1", &[1.0, 1.0, 1.0, 1.0, 2.0, 2.0]),
            ("step_id", "1", &[1.0, 1.0, 2.0, 2.0, 3.0, 3.0]),
            ("step_count", "1", &[1.0, 1.0, 2.0, 2.0, 3.0, 3.0]),
            ("test_time_second", "s", &[0.0, 20.0, 20.0, 191.0, 191.0, 491.0]),
            ("current_ampere", "A", &[0.0, 0.0, 0.5, 0.47417, -0.5, -0.5]),
            ("temperature_t1_celsius", "degC", &[26.61; 6]),
        ],
        notes: &["unknown-column", "unit-assumed"],
    });
    let kinds = ["Rest", "Rest", "CC Chg", "CC Chg", "CC DChg", "CC DChg"];
    assert_eq!(texts(&read, "step_type"), kinds);
    let names: Vec<_> = read.tables.iter().map(|table| table.name.as_str()).collect();
    assert_eq!(names, ["records", "cycles", "steps"]);
    check_columns(
        &read.tables[1],
        &[
            ("cycle_count", "1", &[1.0, 2.0]),
            ("DChg. Cap.(Ah)", "Ah", &[0.33067, 0.32]),
            ("Chg. Time", "s", &[171.0, 171.0]),
        ],
    );
    check_columns(
        &read.tables[2],
        &[
            ("cycle_count", "1", &[1.0, 1.0, 2.0]),
            ("step_id", "1", &[1.0, 2.0, 3.0]),
            ("Step Time", "s", &[20.0, 171.0, 300.0]),
            ("Capacity(Ah)", "Ah", &[0.0, 0.02256, 0.33067]),
        ],
    );
    // Without signs in a table that is nested: the step above tells it.
    let unsigned = measurement(text::NEWARE_NESTED.replace(",-0.50000,", ",0.50000,"));
    assert_eq!(
        unsigned.tables[0].numbers("current_ampere"),
        Some(&[0.0, 0.0, 0.5, 0.47417, -0.5, -0.5][..])
    );
    assert_eq!(origin(&unsigned, "current_ampere"), Some(Origin::Reconstructed));
    let read = check(Row {
        bytes: text::neware_chinese(),
        format: "neware-csv",
        start: ("2024-05-13T09:00:00.000", Zone::Local),
        columns: &[
            ("test_time_second", "s", &[0.0, 120.0, 180.0]),
            ("current_ampere", "A", &[0.0, 0.05, -0.05]),
            ("step_discharging_capacity_ah", "Ah", &[0.0, 0.0, 0.0005]),
        ],
        notes: &["encoding-guessed", "current-sign-from-state"],
    });
    assert_eq!(texts(&read, "step_type"), ["搁置", "恒流充电", "恒流放电"]);
    let read = check(Row {
        bytes: text::NEWARE_OLD.into(),
        format: "neware-csv",
        start: ("2019-05-13T09:00:00.000", Zone::Local),
        columns: &[
            ("test_time_second", "s", &[0.0, 10.0, 20.0]),
            ("step_time_second", "s", &[0.0, 0.0, 10.0]),
            ("Capacitance_Chg(mAh)", "mAh", &[0.0, 0.0, 1.0]),
        ],
        notes: &["time-from-clock"],
    });
    assert_eq!(origin(&read, "test_time_second"), Some(Origin::Reconstructed));
}

#[test]
fn arbin() {
    check(Row {
        bytes: text::ARBIN_BARE.into(),
        format: "arbin-csv",
        start: ("2017-05-13T03:13:53.500Z", Zone::Stated),
        columns: &[
            ("test_time_second", "s", &[10.0, 20.0, 30.0]),
            ("unix_time_second", "s", &[1_494_645_243.5, 1_494_645_253.5, 1_494_645_263.5]),
            ("current_ampere", "A", &[0.0, 1.1, -1.1]),
            ("schedule_charging_capacity_ah", "Ah", &[0.0, 0.0031, 0.0031]),
            ("internal_resistance_ohm", "ohm", &[0.0, 0.017, 0.017]),
        ],
        notes: &["unit-assumed"],
    });
    check(Row {
        bytes: text::ARBIN_UNITS.into(),
        format: "arbin-csv",
        start: ("2024-09-20T08:32:04.558", Zone::Local),
        columns: &[
            ("test_time_second", "s", &[30.0005, 60.0015, 90.0015]),
            ("current_ampere", "A", &[0.0, 0.5, -0.5]),
            ("temperature_t1_celsius", "degC", &[24.66422, 24.73967, 24.71824]),
            ("Wobble (Pa)", "Pa", &[7.0, 7.0, 7.0]),
        ],
        notes: &["unknown-column"],
    });
}

#[test]
fn landt() {
    let read = check(Row {
        bytes: text::LANDT_SNAKE.into(),
        format: "landt-csv",
        start: ("2024-04-30T14:33:19.000", Zone::Local),
        columns: &[
            ("test_time_second", "s", &[0.02, 15.02, 30.02]),
            ("current_ampere", "A", &[0.0, -0.0002, 0.0002]),
            ("step_discharging_capacity_ah", "Ah", &[0.0, 0.0001, 0.0]),
            ("temperature_t1_celsius", "degC", &[21.5, 21.5, 21.5]),
        ],
        notes: &["unknown-column"],
    });
    assert_eq!(texts(&read, "step_type"), ["rest", "discharge CC", "charge CC"]);
    assert_eq!(metadata(&read, "test"), Some("invented"));
    for bytes in [text::LANDT_STROKES.into(), text::landt_chinese()] {
        let read = measurement(bytes);
        assert_eq!(read.format, "landt-csv");
        check_columns(
            &read.tables[0],
            &[
                ("test_time_second", "s", &[0.0, 10.0, 20.0]),
                ("voltage_volt", "V", &[3.1, 3.2, 3.1]),
                ("current_ampere", "A", &[0.0, 0.005, -0.005]),
                ("step_cumulative_capacity_ah", "Ah", &[0.0, 0.0005, 0.0005]),
            ],
        );
        let start = read.started_at.expect("a start");
        assert_eq!((start.iso.as_str(), start.zone), ("2023-03-15T16:38:41.000", Zone::Local));
    }
    check(Row {
        bytes: text::LANDT_LIKE_MACCOR.into(),
        format: "landt-csv",
        start: ("2020-03-15T16:38:41.000", Zone::Local),
        columns: &[
            ("test_time_second", "s", &[0.0, 10.0, 20.0]),
            ("step_id", "1", &[1.0, 2.0, 3.0]),
            ("current_ampere", "A", &[0.0, 0.5, -0.5]),
        ],
        notes: &[],
    });
}

#[test]
fn novonix() {
    let read = check(Row {
        bytes: text::NOVONIX_UHPC.into(),
        format: "novonix-csv",
        start: ("2025-07-19T15:26:20.000", Zone::Local),
        columns: &[
            ("test_time_second", "s", &[0.0, 1800.0, 3600.0]),
            ("current_ampere", "A", &[0.0, 0.5, -0.5]),
            ("net_capacity_ah", "Ah", &[0.0, 0.25, 0.0]),
            ("step_count", "1", &[1.0, 1.0, 2.0]),
            ("Circuit Temperature (°C)", "°C", &[25.268, 25.27, 25.286]),
        ],
        notes: &[],
    });
    assert_eq!(read.instrument, "Novonix UHPC");
    assert_eq!(metadata(&read, "Capacity (Ah)"), Some("5"));
    assert!(metadata(&read, "Protocol").is_some_and(|protocol| protocol.starts_with('{')));
    check(Row {
        bytes: text::NOVONIX_HPC.into(),
        format: "novonix-csv",
        start: ("2022-04-11T10:58:07.000", Zone::Local),
        columns: &[
            ("test_time_second", "s", &[0.0, 3600.0, 7200.0]),
            ("voltage_volt", "V", &[0.13736417, 0.13736194, 0.13735949]),
        ],
        notes: &[],
    });
}

#[test]
fn pec() {
    check(Row {
        bytes: text::PEC_MILLI.into(),
        format: "pec-csv",
        start: ("2019-02-22T16:23:26.000", Zone::Local),
        columns: &[
            ("test_time_second", "s", &[1.0, 31.5, 61.5]),
            ("voltage_volt", "V", &[3.2725, 3.2685, 3.2885]),
            ("current_ampere", "A", &[0.0, -1.6405, 1.6405]),
            ("cycle_discharging_capacity_ah", "Ah", &[0.0, 0.0005, 0.0]),
            ("cycle_discharging_energy_wh", "Wh", &[0.0, 0.0015, 0.0]),
            ("internal_resistance_ohm", "ohm", &[0.0, 0.0, 0.0125]),
            ("cycle_count", "1", &[0.0, 0.0, 1.0]),
            ("step_id", "1", &[0.0, 1.0, 8.0]),
        ],
        notes: &[],
    });
    let read = check(Row {
        bytes: text::PEC_CLOCKS.into(),
        format: "pec-csv",
        start: ("2026-01-16T17:51:06.000", Zone::Local),
        columns: &[
            ("test_time_second", "s", &[0.002, 1.0, 97201.0]),
            ("step_time_second", "s", &[0.002, 1.0, 1.0]),
            ("current_ampere", "A", &[-8e-6, 0.0, 1.5]),
            ("cycle_charging_energy_wh", "Wh", &[0.0, 0.0, 1.8]),
        ],
        notes: &[],
    });
    assert_eq!(texts(&read, "step_type"), ["Idle", "Idle", "Charge"]);
    assert_eq!(metadata(&read, "TestRegime Name"), Some("INVENTED"));
}

#[test]
fn digatron() {
    let read = check(Row {
        bytes: text::DIGATRON_UNITS.into(),
        format: "digatron-csv",
        start: ("2018-11-17T10:49:25.000", Zone::Local),
        columns: &[
            ("test_time_second", "s", &[22721.848, 22781.848, 22841.848]),
            ("voltage_volt", "V", &[3.38427, 3.38478, 3.37478]),
            ("current_ampere", "A", &[0.0, 0.5, -0.5]),
            ("net_energy_wh", "Wh", &[0.0, 0.01, 0.0]),
            ("Cnt", "Cnt", &[2.0, 2.0, 2.0]),
        ],
        notes: &[],
    });
    assert_eq!(texts(&read, "step_type"), ["PAU", "CHA", "DCH"]);
    check(Row {
        bytes: text::DIGATRON_HASHES.into(),
        format: "digatron-csv",
        start: ("2025-06-06T10:00:00.000+02:00", Zone::Stated),
        columns: &[
            ("test_time_second", "s", &[0.0, 10.0, 20.0, 30.0]),
            ("step_time_second", "s", &[0.0, 10.0, 20.0, 10.0]),
            (
                "unix_time_second",
                "s",
                &[1_749_196_800.0, 1_749_196_810.0, 1_749_196_820.0, 1_749_196_830.0],
            ),
            ("charging_capacity_ah", "Ah", &[0.0, 0.0139, 0.0278, 0.0278]),
            ("ambient_temperature_celsius", "degC", &[25.0, 25.0, 25.0, 25.0]),
        ],
        notes: &["time-unit-from-clock"],
    });
    check(Row {
        bytes: text::DIGATRON_GERMAN.into(),
        format: "digatron-csv",
        start: ("2023-06-19T17:56:53.000", Zone::Local),
        columns: &[
            ("test_time_second", "s", &[0.0, 60.0, 120.0]),
            ("voltage_volt", "V", &[3.5, 3.6, 3.7]),
            ("temperature_t1_celsius", "degC", &[25.5, 25.5, 25.5]),
        ],
        notes: &["decimal-comma", "unit-assumed"],
    });
}

#[test]
fn ivium() {
    let spectrum: [(&str, &str, &[f64]); 3] = [
        ("frequency_hertz", "Hz", &[10000.0, 719.686, 51.7947]),
        ("real_impedance_ohm", "ohm", &[109.009, 112.058, 116.906]),
        ("imaginary_impedance_ohm", "ohm", &[-26.5557, -35.1662, 46.4664]),
    ];
    let read = check(Row {
        bytes: text::ivium_one(),
        format: "ivium-text",
        start: ("2023-06-19T17:56:53.000", Zone::Local),
        columns: &spectrum,
        notes: &[],
    });
    assert_eq!((read.tables[0].name.as_str(), read.instrument.as_str()), ("impedance", "IV-0001"));
    assert_eq!(metadata(&read, "Title"), Some("one"));
    check(Row {
        bytes: text::ivium_several(),
        format: "ivium-text",
        start: ("2023-06-19T17:56:53.000", Zone::Local),
        columns: &[
            ("data_set", "1", &[1.0, 1.0, 1.0, 2.0, 2.0, 2.0]),
            ("frequency_hertz", "Hz", &[10000.0, 719.686, 51.7947, 10000.0, 719.686, 51.7947]),
        ],
        notes: &["block-left-out"],
    });
    let read = check(Row {
        bytes: text::ivium_time(),
        format: "ivium-text",
        start: ("2023-06-19T17:56:53.000", Zone::Local),
        columns: &[
            ("test_time_second", "s", &[0.0, 10.0, 20.0]),
            ("current_ampere", "A", &[0.5, 0.5, -0.5]),
            ("voltage_volt", "V", &[3.5, 3.6, 3.4]),
        ],
        notes: &["row-count"],
    });
    assert_eq!(read.tables[0].name, "records");
    let other = String::from_utf8_lossy(&text::ivium_time()).replace("Transients", "Wobble");
    check_columns(&measurement(other).tables[0], &[("unknown_2", "", &[0.5, 0.5, -0.5])]);
}

/// Text in UTF-16, with a byte order mark.
fn utf16(text: &str, big: bool) -> Vec<u8> {
    let units = std::iter::once(0xFEFF).chain(text.encode_utf16());
    units.flat_map(|unit| if big { unit.to_be_bytes() } else { unit.to_le_bytes() }).collect()
}

#[test]
fn texts_in_utf_16_are_read_to_where_they_are_cut() {
    for big in [false, true] {
        let whole = utf16(text::PEC_CLOCKS, big);
        let all = measurement(whole.clone());
        assert_eq!(all.format, "pec-csv");
        check_columns(&all.tables[0], &[("test_time_second", "s", &[0.002, 1.0, 97201.0])]);
        assert!(all.tables[0].column("temperature_t1_celsius").is_some());
        let unmarked = measurement(whole.get(2..).unwrap_or_default().to_vec());
        let heads = |read: &Measurement| -> Vec<_> {
            read.tables[0].columns.iter().map(|column| column.head.clone()).collect()
        };
        assert_eq!((heads(&unmarked), unmarked.tables[0].rows), (heads(&all), 3));
        for cut in 0..whole.len() {
            let files = Files::one("cut", whole.get(..cut).unwrap_or_default().to_vec());
            if identify(&files).is_none_or(|(format, _)| format.id != "pec-csv") {
                continue;
            }
            let mut collect = Collect::new();
            read(&files, &Limits::default(), &mut collect).unwrap();
            for table in collect.into_measurement().tables {
                assert!(table.rows <= 3, "{cut}");
            }
        }
    }
}

#[test]
fn order_of_day_and_month() {
    let rows = |first: &str, second: &str| {
        format!(
            "Rec#\tStep\tTest (Sec)\tAmps\tVolts\tState\tDPt Time\n1\t1\t0\t0\t3\tR\t{first}\n2\t1\t86400\t0\t3\tR\t{second}\n"
        )
    };
    let check = |first: &str, second: &str, start: &str, notes: &[&str]| {
        let read = measurement(rows(first, second));
        assert_eq!(read.started_at.map(|start| start.iso).as_deref(), Some(start));
        let codes: Vec<_> = read.notes.iter().map(|note| note.code.as_str()).collect();
        assert_eq!(codes, notes, "{first}");
    };
    check("05/30/2021 10:00:00", "05/31/2021 10:00:00", "2021-05-30T10:00:00.000", &[]);
    check("30/05/2021 10:00:00", "31/05/2021 10:00:00", "2021-05-30T10:00:00.000", &[]);
    // Neither date shows it, but their distance does.
    check("05/06/2021 10:00:00", "06/06/2021 10:00:00", "2021-06-05T10:00:00.000", &[]);
    check("06/05/2021 10:00:00", "06/06/2021 10:00:00", "2021-06-05T10:00:00.000", &[]);
    let day = "06/05/2021 10:00:00";
    check(day, day, "2021-06-05T10:00:00.000", &["date-order-assumed", "clock-differs"]);
    check("5-Jun-21 1:00:00 PM", "6-Jun-21 1:00:00 PM", "2021-06-05T13:00:00.000", &[]);
    check("05.06.2021 10:00:00", "06.06.2021 10:00:00", "2021-06-05T10:00:00.000", &[]);
}

#[test]
fn rows_that_others_lose_are_kept() {
    // Rows wider and narrower than the names, an unknown column, an empty line, a row cut by a full disk.
    let ragged = text::LANDT_SNAKE.replace("21.5,rest,", "21.5,rest,,9")
        + "\n4,1,3,04/30/2024 14:34:04,45.020\n5,1,3,04/30/2024 14:34:19,60.020,45.020,0.0002,2.92,0,0.0001,0,21.5\n";
    let read = measurement(ragged);
    let table = &read.tables[0];
    let times = table.numbers("test_time_second").expect("times");
    assert_eq!(times, [0.02, 15.02, 30.02, 60.02]);
    let codes: Vec<_> = read.notes.iter().map(|note| note.code.as_str()).collect();
    assert_eq!(codes, ["unknown-column", "row-width", "unreadable-line"]);
    assert_eq!(table.numbers("unknown_15").map(|values| values[0]), Some(9.0));
}
