//! What is read from each kind of file: values, units, starts, notes.

use galvanome_model::measurement::{Measurement, Origin, Values, Zone};
use galvanome_readers::bdf_csv::Names;
use galvanome_readers::{Collect, Files, Limits, read};

use crate::fixtures::{
    BDF_OTHER_UNITS, BTLAB_CLOCK, DELIMITED_NESTED, DELIMITED_UNIT_LINE, DELIMITED_UNITS,
    ECLAB_BARE, ECLAB_THREE, bdf, cell, eclab,
};

fn measurement(bytes: impl Into<Vec<u8>>) -> Measurement {
    let mut collect = Collect::new();
    read(&Files::one("file", bytes.into()), &Limits::default(), &mut collect).expect("a file");
    collect.into_measurement()
}

fn latin(text: &str) -> Vec<u8> {
    text.chars().map(|c| u8::try_from(c).expect("Latin-1")).collect()
}

fn codes(measurement: &Measurement) -> Vec<&str> {
    measurement.notes.iter().map(|note| note.code.as_str()).collect()
}

/// Checks a text's columns (name, unit, values) among those of its table, and the codes of its notes.
fn check(text: impl Into<Vec<u8>>, columns: &[(&str, &str, &[f64])], notes: &[&str]) {
    let read = measurement(text);
    let table = &read.tables[0];
    for (name, unit, values) in columns {
        let found = table.column(name).unwrap_or_else(|| panic!("no {name}"));
        assert_eq!(
            (found.head.unit.as_str(), table.numbers(name)),
            (*unit, Some(*values)),
            "{name}"
        );
    }
    assert_eq!(codes(&read), notes, "{:?}", read.notes);
}

#[test]
fn what_is_written_is_read_back() {
    for bytes in [bdf(Names::Machine), bdf(Names::Label), eclab(false), eclab(true)] {
        let read = measurement(bytes);
        let (ours, truth) = (&read.tables[0], cell(16));
        assert_eq!(ours.name, "records");
        for column in &truth.columns {
            let name = &column.head.name;
            let numbers = ours.numbers(name).expect(name);
            let Values::Number(wanted) = &column.values else { panic!("{name} is numbers") };
            let near = numbers.iter().zip(wanted).all(|(a, b)| (a - b).abs() <= 1e-15 * b.abs());
            assert!(near && numbers.len() == wanted.len(), "{name}: {numbers:?}");
            assert_eq!(
                ours.column(name).map(|found| found.head.unit.as_str()),
                Some(column.head.unit.as_str())
            );
        }
    }
}

#[test]
fn battery_data_format() {
    check(
        BDF_OTHER_UNITS,
        &[
            ("test_time_second", "s", &[1800.0, 3600.0]),
            ("voltage_volt", "V", &[3.1005, 3.20025]),
            ("current_ampere", "A", &[-0.05025, 0.05]),
            ("unix_time_second", "s", &[1614702207.5, 1614704007.5]),
            ("Dose / kGy", "", &[1.5, 2.5]),
        ],
        &["decimal-comma", "unknown-column"],
    );
    let read = measurement(BDF_OTHER_UNITS);
    let start = read.started_at.as_ref().unwrap();
    assert_eq!((start.iso.as_str(), start.zone), ("2021-03-02T16:23:27.500Z", Zone::Stated));
    let steps = Values::Text(vec!["rest".to_owned(), "charge".to_owned()]);
    assert_eq!(read.tables[0].column("step_type").map(|column| &column.values), Some(&steps));
    // Machine names in other units, missing values, a repeated column and one without a name.
    check(
        "test_time_millisecond,voltage_millivolt,current_ampere,voltage_volt,\n500,3100,,9,1\n1500,NaN,-1,9,2\n2500,3300,inf,9,3\n",
        &[("test_time_second", "s", &[0.5, 1.5, 2.5]), ("unknown_5", "", &[1.0, 2.0, 3.0])],
        &["unknown-column", "infinite-value"],
    );
    let names = measurement("test_time_second,voltage_volt,voltage_volt\n1,2,3\n");
    let names: Vec<_> = names.tables[0].columns.iter().map(|c| c.head.name.clone()).collect();
    assert_eq!(names, ["test_time_second", "voltage_volt", "voltage_volt#3"]);
}

#[test]
fn eclab_text() {
    let read = measurement(eclab(true));
    let start = read.started_at.as_ref().unwrap();
    assert_eq!((start.iso.as_str(), start.zone), ("2021-03-02T16:17:59.250", Zone::Local));
    assert_eq!(read.instrument, "VMP3 (SN 0001)");
    assert_eq!(codes(&read), ["decimal-comma"]);
    let current = &read.tables[0].column("current_ampere").unwrap().head;
    assert_eq!((current.vendor_name.as_str(), current.origin), ("I/mA", Origin::Stored));
    check(
        latin(ECLAB_THREE),
        &[
            ("voltage_volt", "V", &[3.1, 3.2]),
            ("ece_volt", "V", &[-0.2, -0.3]),
            ("ewe_ece_volt", "V", &[3.3, 3.5]),
            ("current_ampere", "A", &[0.0025, 0.0025]),
            ("net_capacity_ah", "Ah", &[0.01, 0.02]),
            ("Q charge/discharge/mA.h", "mA.h", &[10.0, 20.0]),
            ("control/V/mA", "", &[0.0, 0.0]),
            ("Wobble/µV", "µV", &[7.0, 8.0]),
        ],
        &["unknown-column", "three-electrodes"],
    );
    let metadata = measurement(latin(ECLAB_THREE)).metadata;
    let value = |key: &str| {
        metadata.iter().find(|(found, _)| found == key).map(|(_, value)| value.as_str())
    };
    assert_eq!(value("Electrode surface area"), Some("0.785 cm²"));
    assert_eq!(value("unit Is"), Some("µA                  mA"));
    assert_eq!(value("Ewe min"), Some("1.40 V"));
    assert_eq!(value("Technique"), Some("Chronopotentiometry"));
    check(
        latin(BTLAB_CLOCK),
        &[
            ("test_time_second", "s", &[8.5, 18.5]),
            ("step_id", "1", &[0.0, 1.0]),
            ("temperature_t1_celsius", "degC", &[19.379732, 19.324554]),
        ],
        &["time-from-clock"],
    );
    let clock = measurement(latin(BTLAB_CLOCK));
    assert_eq!(
        clock.tables[0].column("test_time_second").unwrap().head.origin,
        Origin::Reconstructed
    );
    // Names that the vendor's binary files have as well are known.
    let more = "mode\tox/red\tEwe/V\t-Im(Z)/Ohm\t|Ece h2|/V\t<E7>/V\t<E31>/V\n1\t0\t3.5\t-2.0\t0.5\t3.0\t3.0\n";
    check(more, &[("imaginary_impedance_ohm", "ohm", &[2.0])], &["unknown-column"]);
    assert!(measurement(more).notes[0].message.ends_with(": <E31>/V"));
    check(ECLAB_BARE, &[("voltage_volt", "V", &[3.1, 3.2])], &[]);
    // A count that points beside the line of names, and a file that ends before it.
    let wrong = ECLAB_THREE.replace("lines : 12", "lines : 11");
    assert!(codes(&measurement(latin(&wrong))).contains(&"header-count"));
    let read = measurement("EC-Lab ASCII FILE\r\nNb header lines : 12\r\n\r\nDevice : X");
    assert_eq!(
        (read.tables.len(), read.instrument.as_str(), codes(&read)),
        (0, "X", vec!["truncated-file"])
    );
}

#[test]
fn text_that_nobody_knows() {
    let generic = ["generic-reader", "decimal-comma", "unknown-column", "current-sign-assumed"];
    check(
        DELIMITED_UNITS,
        &[
            ("test_time_second", "s", &[0.0, 90.0, 180.0]),
            ("voltage_volt", "V", &[3.1377, 3.2, 3.3]),
            ("current_ampere", "A", &[0.0, 0.025, 0.025]),
            ("cycle_count", "1", &[1.0, 1.0, 1.0]),
            ("Pressure (torr)", "", &[760.0, 761.0, 762.0]),
        ],
        &generic,
    );
    let mut metadata = measurement(DELIMITED_UNITS).metadata;
    // Behind the file's own: the rule of the column that every file of a cycler gets.
    assert_eq!(metadata.pop().expect("a rule").0, "galvanome.cycle_count_derived");
    let entry = |key: &str, value: &str| (key.to_owned(), value.to_owned());
    assert_eq!(metadata, [entry("Operator", "A. Nobody"), entry("Cell", "17")]);
    check(
        DELIMITED_UNIT_LINE,
        &[
            ("test_time_second", "s", &[0.0, 1800.0]),
            ("voltage_volt", "V", &[3.1, 3.15]),
            ("current_ampere", "A", &[0.0005, 0.0005]),
        ],
        &["generic-reader", "current-sign-assumed"],
    );
    check(
        DELIMITED_NESTED,
        &[
            ("record_index", "1", &[1.0, 2.0, 3.0]),
            ("test_time_second", "s", &[0.0, 60.5, 93600.0]),
            ("voltage_volt", "V", &[3.1, 3.2, 3.3]),
        ],
        &["generic-reader", "current-sign-assumed", "nested-table"],
    );
    let nested = measurement(DELIMITED_NESTED).started_at.expect("a start by the clock");
    assert_eq!((nested.iso.as_str(), nested.zone), ("2024-01-31T10:00:00.000", Zone::Local));
    // Other languages, a reference in a unit, counters of which nobody says what they count over.
    check(
        "Zeit/h;Spannung/V;Strom/mA;Charge_Capacity_Ah\n0,0;3,1;500;0,0\n0,5;3,2;500;0,25\n",
        &[
            ("test_time_second", "s", &[0.0, 1800.0]),
            ("voltage_volt", "V", &[3.1, 3.2]),
            ("current_ampere", "A", &[0.5, 0.5]),
            ("charging_capacity_ah", "Ah", &[0.0, 0.25]),
        ],
        &["generic-reader", "decimal-comma", "current-sign-assumed"],
    );
    check(
        "时间(s),电压(mV),电流(mA)\n0,3100,5\n9,3200,5\n",
        &[("voltage_volt", "V", &[3.1, 3.2]), ("current_ampere", "A", &[0.005, 0.005])],
        &["generic-reader", "current-sign-assumed"],
    );
    check(
        "Time [s]\tEwe [V vs. Li+/Li]\n0\t0.1\n9\t0.2\n",
        &[("voltage_volt", "V", &[0.1, 0.2])],
        &["generic-reader"],
    );
    // Where only a clock tells the time, it counts it.
    let clock = "Date,Voltage (V)\n2026-03-01 23:59:30,3.1\n2026-03-02 00:00:00,3.2\n";
    check(
        clock,
        &[("test_time_second", "s", &[0.0, 30.0]), ("voltage_volt", "V", &[3.1, 3.2])],
        &["generic-reader", "time-from-clock"],
    );
    let clock = measurement(clock);
    assert_eq!(clock.started_at.map(|start| start.iso).as_deref(), Some("2026-03-01T23:59:30.000"));
    assert_eq!(clock.tables[0].columns[0].head.origin, Origin::Reconstructed);
    // A name without a unit is not taken for what it may be.
    check(
        "Time,Voltage\n0,3100\n1,3200\n",
        &[("Time", "", &[0.0, 1.0]), ("Voltage", "", &[3100.0, 3200.0])],
        &["generic-reader", "unknown-column"],
    );
}

#[test]
fn damage_is_told_and_what_is_whole_is_kept() {
    let head = "test_time_second,voltage_volt,current_ampere\n";
    let broken = |rows: &str| format!("{head}{rows}");
    check(
        broken("0,3.1,1\n1,3.2\n2,3.3,1\n"),
        &[("test_time_second", "s", &[0.0, 1.0, 2.0])],
        &["row-width"],
    );
    check(broken("0,3.1,1\n1,3.2,1,77\n"), &[("voltage_volt", "V", &[3.1, 3.2])], &["row-width"]);
    check(
        broken("0,3.1,1\n1\n2,3.3,1\n"),
        &[("voltage_volt", "V", &[3.1, 3.3])],
        &["unreadable-line"],
    );
    check(
        broken("0,3.1,1\ntest,volt,amp\n2,3.3,1\n"),
        &[("voltage_volt", "V", &[3.1, 3.3])],
        &["unreadable-line"],
    );
    check(
        broken("0,3.1,1\n1,3.2,1\n2,3"),
        &[("voltage_volt", "V", &[3.1, 3.2])],
        &["truncated-file"],
    );
    check(
        broken("0,3.1,1\n1,3.2,1"),
        &[("voltage_volt", "V", &[3.1, 3.2])],
        &["unterminated-last-line"],
    );
    check(broken("0,3.1,1\n\n\n1,3.2,1\n"), &[("voltage_volt", "V", &[3.1, 3.2])], &[]);
    check(broken("0,3.1,1\r\n1,3.2,1\r\n"), &[("voltage_volt", "V", &[3.1, 3.2])], &[]);
    check(
        broken("0,3.1,1\n1,3.2,1\n").replace('\n', "\r"),
        &[("voltage_volt", "V", &[3.1, 3.2])],
        &[],
    );
    check(format!("\u{feff}{}", broken("0,\"3.1\",1\n")), &[("voltage_volt", "V", &[3.1])], &[]);
    let odd = measurement(broken("0,3.1,1\n1,3.x,1\n2,3.3,1\n"));
    assert_eq!(codes(&odd), ["unreadable-value"]);
    assert_eq!(odd.notes[0].place, "line 3");
    assert!(odd.tables[0].numbers("voltage_volt").unwrap()[1].is_nan());
    // 0,1377 is a number with a decimal comma, never 1377.
    let maccor =
        measurement("Rec\tVolts\tAmps\tTest Time [s]\n1\t0,1377\t0,5\t1,0\n2\t0,1378\t0,5\t2,0\n");
    assert_eq!(maccor.tables[0].numbers("voltage_volt"), Some(&[0.1377, 0.1378][..]));
}

#[test]
fn checks_that_any_reader_could_make() {
    let head = "test_time_second,voltage_volt,current_ampere,unix_time_second\n";
    let rows = |of: &dyn Fn(f64) -> String| {
        format!("{head}{}", (0..20).map(|row| of(f64::from(row)) + "\n").collect::<String>())
    };
    check(rows(&|n| format!("{n},{},1,{}", 3.0 + n / 50.0, 1.6e9 + n)), &[], &[]);
    check(
        rows(&|n| format!("{},{},1,{}", (n - 9.5).abs(), 3.0 + n / 50.0, 1.6e9 + n)),
        &[],
        &["time-goes-back"],
    );
    check(rows(&|n| format!("{n},{},1,{}", 3000.0 + n, 1.6e9 + n)), &[], &["voltage-out-of-range"]);
    check(rows(&|n| format!("{},3,0,{}", 1000.0 * n, 1.6e9 + n)), &[], &["time-unit-suspect"]);
    check(rows(&|n| format!("{n},3,0,{}", 1.6e9 + 1000.0 * n)), &[], &["time-unit-suspect"]);
    check(rows(&|n| format!("{},3,0,", 5e7 * n)), &[], &["time-unit-suspect"]);
    check(rows(&|n| format!("{n},{},1,", 4.0 - n / 50.0)), &[], &["current-sign-suspect"]);
    check(rows(&|n| format!("{n},{},-1,", 4.0 - n / 50.0)), &[], &[]);
}

#[test]
fn units_behind_underlines() {
    let text = "Time_min,Voltage_V,Current_mA,V_min,Differential_Capacity_Ah_V\n0,3.1,5,3.0,0.1\n1,3.2,5,3.0,0.1\n2,3.3,5,3.0,0.1\n";
    let read = measurement(text);
    let unit = |name: &str| read.tables[0].column(name).map(|column| column.head.unit.as_str());
    let all =
        ["test_time_second", "current_ampere", "V_min", "Differential_Capacity_Ah_V"].map(unit);
    assert_eq!(all, [Some("s"), Some("A"), Some(""), Some("")]);
    assert_eq!(read.tables[0].numbers("test_time_second"), Some(&[0.0, 60.0, 120.0][..]));
}

#[test]
fn loops_of_a_text() {
    let text = |loops: &str, lines: u64| {
        format!(
            "EC-Lab ASCII FILE\r\nNb header lines : {lines}\r\n\r\nCharge\r\n\r\n{loops}time/s\tEwe/V\tI/mA\t\r\n1\t3.1\t1\r\n2\t3.2\t1\r\n3\t3.3\t1\r\n"
        )
    };
    let list = "Number of loops : 2\r\nLoop 0 from point number 0 to 1\r\nLoop 1 from point number 2 to 2\r\n";
    check(text(list, 9), &[("loop", "1", &[0.0, 0.0, 1.0])], &[]);
    // A list that goes on behind the rows, and one that is none.
    let long = list.replace("2 to 2", "2 to 9");
    check(text(&long, 9), &[("loop", "1", &[0.0, 0.0, 1.0])], &["row-count"]);
    let read = measurement(text(&list.replace("0 to 1", "5 to 9"), 9));
    assert!(read.tables[0].column("loop").is_none() && read.notes.is_empty(), "{:?}", read.notes);
}
