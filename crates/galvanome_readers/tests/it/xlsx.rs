//! What is read from workbooks: sheets, cells, dates, what continues what, and what of a damaged one.

use galvanome_model::measurement::{Measurement, Values, Zone};
use galvanome_model::note::Note;
use galvanome_readers::{Collect, Files, Limits, read};

use crate::fixtures::xlsx::{self as book, Cell, How, members, packed, workbook};
use crate::zips::{Member, zip};

fn measurement(bytes: Vec<u8>) -> Measurement {
    let mut collect = Collect::new();
    read(&Files::one("book.xlsx", bytes), &Limits::default(), &mut collect).expect("a workbook");
    collect.into_measurement()
}

/// A workbook and what must be read from it.
struct Row<'a> {
    bytes: Vec<u8>,
    format: &'a str,
    start: (&'a str, Zone),
    /// Names and rows of its tables.
    tables: &'a [(&'a str, usize)],
    /// Name, unit and values of columns of the first table.
    columns: &'a [(&'a str, &'a str, &'a [f64])],
    /// Name and texts of columns of the first table.
    texts: &'a [(&'a str, &'a [&'a str])],
    metadata: &'a [(&'a str, &'a str)],
    /// Codes and places of the notes.
    notes: &'a [(&'a str, &'a str)],
}

fn check(row: Row<'_>) -> Measurement {
    let read = measurement(row.bytes);
    assert_eq!(read.format, row.format);
    let start = read.started_at.as_ref().map(|start| (start.iso.as_str(), start.zone));
    assert_eq!(start, (!row.start.0.is_empty()).then_some(row.start));
    let tables: Vec<_> =
        read.tables.iter().map(|table| (table.name.as_str(), table.rows)).collect();
    assert_eq!(tables, row.tables, "{:?}", read.notes);
    for (name, unit, values) in row.columns {
        let numbers = read.tables[0].numbers(name).unwrap_or_else(|| panic!("no numbers {name}"));
        let near = |(a, b): (&f64, &f64)| {
            (a - b).abs() <= 1e-12 * b.abs().max(1e-6) || a.is_nan() && b.is_nan()
        };
        let same = numbers.len() == values.len() && numbers.iter().zip(*values).all(near);
        assert!(same, "{name}: {numbers:?}");
        assert_eq!(read.tables[0].column(name).expect("a column").head.unit, *unit, "{name}");
    }
    for (name, expected) in row.texts {
        match &read.tables[0].column(name).unwrap_or_else(|| panic!("no {name}")).values {
            Values::Text(texts) => assert_eq!(texts, expected, "{name}"),
            Values::Number(numbers) => panic!("{name}: {numbers:?}"),
        }
    }
    for (key, value) in row.metadata {
        let found = read.metadata.iter().any(|(k, v)| (k.as_str(), v.as_str()) == (*key, *value));
        assert!(found, "{key}: {:?}", read.metadata);
    }
    let notes: Vec<_> =
        read.notes.iter().map(|note| (note.code.as_str(), note.place.as_str())).collect();
    assert_eq!(notes, row.notes, "{:?}", read.notes);
    read
}

/// What is left of a sheet of plain rows when its XML is changed.
fn changed(how: How, change: impl Fn(&str, String) -> String) -> Vec<u8> {
    let rows = vec![
        vec![Cell::S("Time (s)"), Cell::S("Voltage (V)"), Cell::S("Current (A)")],
        vec![Cell::N("0"), Cell::N("3.5"), Cell::N("0")],
        vec![Cell::N("1"), Cell::N("3.6"), Cell::N("1")],
    ];
    let members = members(&[("a", rows)], how);
    let changed = members.into_iter().map(|(name, xml)| {
        let new = change(&name, xml);
        (name, new)
    });
    packed(&changed.collect::<Vec<_>>())
}

/// What is read of the times of such a sheet, and the codes of the notes but those that every such sheet has.
fn check_changed(bytes: Vec<u8>, times: &[f64], notes: &[&str]) {
    let read = measurement(bytes);
    let codes: Vec<_> = read
        .notes
        .iter()
        .map(|note| note.code.as_str())
        .filter(|code| *code != "current-sign-assumed")
        .collect();
    assert_eq!(codes, notes, "{:?}", read.notes);
    let table = read.tables.first();
    let name = table.map_or("", |table| table.columns[0].head.name.as_str());
    assert_eq!(table.and_then(|table| table.numbers(name)).unwrap_or_default(), times);
}

#[test]
fn cells_written_in_every_way() {
    let of_sheet = |from: &str, to: &str| {
        changed(How::default(), |_, xml| {
            let found = xml.contains("sheetData") && !from.is_empty();
            assert!(!found || xml.contains(from), "{from}");
            if found { xml.replace(from, to) } else { xml }
        })
    };
    let rows: [(&str, &str, &[f64], &[&str]); 10] = [
        ("", "", &[0.0, 1.0], &[]),
        // Places out of order, comments, processing instructions, CDATA, entities, blanks.
        (
            "<c r=\"A3\"><v>1</v></c><c r=\"B3\"><v>3.6</v></c>",
            "<c r=\"B3\"><v>3.6</v></c><c r=\"A3\"><v>1</v></c>",
            &[0.0, 1.0],
            &[],
        ),
        (
            "<v>1</v></c><c r=\"B3\">",
            "<!-- <v>7</v> --><?x?><v>2</v></c><c r=\"B3\">",
            &[0.0, 2.0],
            &[],
        ),
        ("<v>1</v></c><c r=\"B3\">", "<v><![CDATA[2]]></v></c><c r=\"B3\">", &[0.0, 2.0], &[]),
        ("<v>1</v></c><c r=\"B3\">", "<v>&#50;</v></c><c r=\"B3\">", &[0.0, 2.0], &[]),
        (
            "<v>1</v></c><c r=\"B3\">",
            "<f>A&gt;\"</f><v > 2 </v ></c ><c r = 'B3' >",
            &[0.0, 2.0],
            &[],
        ),
        ("<c r=\"A3\">", "<c r=\"A3\" t=\"str\" x='>'>", &[0.0, 1.0], &[]),
        // Errors, and texts that nobody wrote.
        ("<c r=\"A3\">", "<c r=\"A3\" t=\"e\">", &[0.0, f64::NAN], &["error-cell"]),
        ("<c r=\"A3\">", "<c r=\"A3\" t=\"s\">", &[0.0, f64::NAN], &["unreadable-value"]),
        // A sheet that stops amid a row.
        ("<v>3.6</v></c>", "<v>3.6</v>", &[0.0], &["truncated-file"]),
    ];
    for (from, to, times, notes) in rows {
        let read = measurement(of_sheet(from, to));
        let numbers = read.tables[0].numbers("test_time_second").expect("times");
        assert_eq!(format!("{numbers:?}"), format!("{times:?}"), "{to}");
        let codes: Vec<_> = read.notes.iter().map(|note| note.code.as_str()).collect();
        let others: Vec<_> =
            codes.into_iter().filter(|code| *code != "current-sign-assumed").collect();
        assert_eq!(others, notes, "{to}");
    }
}

#[test]
fn parts_that_are_lost_or_elsewhere() {
    let whole: &[f64] = &[0.0, 1.0];
    let without = |lost: &'static str| {
        changed(
            How::default(),
            move |name, xml| {
                if name.ends_with(lost) { String::new() } else { xml }
            },
        )
    };
    check_changed(without("_rels/.rels"), whole, &[]);
    check_changed(without("workbook.xml"), whole, &[]);
    check_changed(without("workbook.xml.rels"), whole, &[]);
    check_changed(without("styles.xml"), whole, &[]);
    // The names were shared texts.
    check_changed(without("sharedStrings.xml"), whole, &["unknown-column", "lost-text"]);
    let climbing =
        changed(How::default(), |_, xml| xml.replace("worksheets/", "../../worksheets/"));
    check_changed(climbing, whole, &[]);
}

#[test]
fn arbin() {
    let of = |how: How, start, day: &[&str]| {
        check(Row {
            bytes: book::arbin(how),
            format: "arbin-xlsx",
            start: (start, Zone::Local),
            tables: &[("records", 3), ("Channel_1-007", 1), ("statistics", 1)],
            columns: &[
                ("record_index", "1", &[1.0, 2.0, 3.0]),
                ("test_time_second", "s", &[30.5, 60.5, 90.5]),
                ("voltage_volt", "V", &[3.5, 3.6, 3.4]),
                ("current_ampere", "A", &[0.0, 0.5, -0.5]),
                ("schedule_charging_capacity_ah", "Ah", &[0.001, 0.001, 0.001]),
                ("internal_resistance_ohm", "ohm", &[f64::NAN; 3]),
                ("Is_FC_Data", "", &[1.0, 1.0, 1.0]),
            ],
            texts: &[("Date_Time", day)],
            metadata: &[
                ("", "TEST REPORT"),
                ("Channel", "1-006"),
                ("Creator", "somebody"),
                ("Software Version", "PV7.0"),
            ],
            notes: &[("sheets-joined", "sheet Channel_1-006")],
        })
    };
    let read = of(
        How::default(),
        "2010-12-20T12:00:00.000",
        &["2010-12-20 12:00:30", "2010-12-20 12:01:00", "2010-12-20 12:01:30"],
    );
    assert_eq!(read.instrument, "Arbin PV7.0");
    of(
        How { from_1904: true, strict: true, placeless: true, texts_last: true },
        "2014-12-21T12:00:00.000",
        &["2014-12-21 12:00:30", "2014-12-21 12:01:00", "2014-12-21 12:01:30"],
    );
}

#[test]
fn neware() {
    let read = check(Row {
        bytes: book::neware_8(),
        format: "neware-xlsx",
        start: ("2024-03-05T10:00:00.000", Zone::Local),
        tables: &[("records", 3), ("cycles", 1), ("steps", 1)],
        columns: &[
            ("test_time_second", "s", &[0.0, 10.0, 86420.0]),
            ("step_time_second", "s", &[0.0, 10.0, 10.0]),
            ("voltage_volt", "V", &[3.5, 3.6, 3.4]),
            ("current_ampere", "A", &[0.0, 0.05, -0.05]),
            ("cycle_count", "1", &[1.0, 1.0, 1.0]),
            ("step_charging_capacity_ah", "Ah", &[0.0015, 0.0015, 0.0015]),
        ],
        texts: &[("step_type", &["Rest", "CC Chg", "CC DChg"])],
        metadata: &[("Start step ID", "1"), ("Remarks", "invented"), ("Builder", "nobody")],
        notes: &[],
    });
    assert_eq!(read.tables[2].numbers("Capacity(mAh)"), Some(&[1.5][..]));
    check(Row {
        bytes: book::neware_7(),
        format: "neware-xlsx",
        start: ("2020-11-16T18:10:04.000", Zone::Local),
        tables: &[("records", 3)],
        columns: &[
            ("test_time_second", "s", &[0.0, 10.0, 20.0]),
            ("step_time_second", "s", &[0.0, 10.0, 20.0]),
            ("record_index", "1", &[1.0, 2.0, 3.0]),
            ("current_ampere", "A", &[0.0, -0.05, -0.05]),
        ],
        texts: &[("step_type", &["Rest", "CC_DChg", "CC_DChg"])],
        metadata: &[("Barcode", "X-17")],
        notes: &[
            ("sheets-joined", "sheet Detail_67_1_5"),
            ("time-from-clock", "column Absolute Time"),
            ("current-sign-from-state", "column Cur(mA)"),
        ],
    });
    check(Row {
        bytes: book::neware_chinese(),
        format: "neware-xlsx",
        start: ("", Zone::Local),
        tables: &[("records", 2)],
        columns: &[
            ("test_time_second", "s", &[0.0, 30.5]),
            ("current_ampere", "A", &[0.05, 0.05]),
            ("step_charging_capacity_ah", "Ah", &[0.0005, 0.0005]),
        ],
        texts: &[("step_type", &["恒流充电", "恒流充电"])],
        metadata: &[],
        notes: &[],
    });
}

#[test]
fn landt() {
    check(Row {
        bytes: book::landt(),
        format: "landt-xlsx",
        start: ("2023-03-15T12:00:00.000", Zone::Local),
        tables: &[("records", 3), ("cycles", 1)],
        columns: &[
            ("test_time_second", "s", &[0.0, 30.0, 90000.0]),
            ("voltage_volt", "V", &[3.5, 3.6, 3.7]),
            ("current_ampere", "A", &[0.0, 5e-5, 5e-5]),
            ("step_cumulative_capacity_ah", "Ah", &[12.5e-6; 3]),
        ],
        texts: &[(
            "SysTime",
            &["2023-03-15 12:00:00", "2023-03-15 12:00:30", "2023-03-16 13:00:00"],
        )],
        metadata: &[("Test name", "invented"), ("Start time", "2023-03-15 12:00:00")],
        notes: &[],
    });
}

#[test]
fn nobody_in_particular() {
    check(Row {
        bytes: book::bdf(),
        format: "spreadsheet",
        start: ("", Zone::Local),
        tables: &[("records", 2)],
        columns: &[
            ("test_time_second", "s", &[0.0, 10.0]),
            ("voltage_volt", "V", &[3.1, f64::NAN]),
            ("current_ampere", "A", &[0.0, -0.05]),
        ],
        texts: &[("step_type", &["rest & \"wait\"", "discharge"])],
        metadata: &[],
        notes: &[],
    });
    check(Row {
        bytes: book::plain(),
        format: "spreadsheet",
        start: ("", Zone::Local),
        tables: &[("records", 3)],
        columns: &[
            ("test_time_second", "s", &[0.0, 90.0, 180.0]),
            ("voltage_volt", "V", &[3.5, f64::NAN, 3.7]),
            ("current_ampere", "A", &[0.0, 0.025, 0.025]),
            ("Pressure (torr)", "", &[760.0, 761.0, 762.0]),
        ],
        texts: &[],
        metadata: &[("Operator", "A. Nobody")],
        notes: &[
            ("unknown-column", "sheet Sheet1, row 3"),
            ("current-sign-assumed", "sheet Sheet1, row 3"),
            ("error-cell", "sheet Sheet1, row 5"),
        ],
    });
}

/// A sheet of plain rows whose XML is `inside` between its names and its end.
fn sheet_with(inside: &str) -> Vec<u8> {
    changed(How::default(), |name, xml| {
        if name.contains("worksheets") {
            xml.replace("</sheetData>", &format!("{inside}</sheetData>"))
        } else {
            xml
        }
    })
}

#[test]
fn harmless() {
    let whole: &[f64] = &[0.0, 1.0];
    let row = |at: u32, value: &str| {
        format!(
            "<row r=\"{at}\"><c r=\"A{at}\"><v>{value}</v></c><c r=\"B{at}\"><v>3</v></c></row>"
        )
    };
    // A million empty rows, and a row a million below.
    check_changed(sheet_with(&"<row/>".repeat(1_000_000)), whole, &[]);
    check_changed(sheet_with(&row(1_048_576, "2")), &[0.0, 1.0, 2.0], &[]);
    check_changed(sheet_with(&row(1_048_577, "2")), whole, &["limit-reached"]);
    check_changed(sheet_with(&row(u32::MAX, "2")), whole, &["limit-reached"]);
    check_changed(sheet_with(&"<row/>".repeat(1_048_575)), whole, &["limit-reached"]);
    // Cells far to the right, and many of them.
    let far = "<row><c r=\"XFD9\"><v>1</v></c></row>";
    check_changed(sheet_with(&far.repeat(1000)), whole, &["unreadable-line"]);
    let far = "<row><c r=\"ALL4\"><v>1</v></c></row>";
    check_changed(sheet_with(&far.repeat(1000)), whole, &["unreadable-line"]);
    let wide = format!("<row>{}</row>", "<c><v>1234567890</v></c>".repeat(200_000));
    check_changed(sheet_with(&wide), whole, &["unreadable-line"]);
    // Much of nothing: a text, a comment, a tag, styled cells.
    let much = 70 << 20;
    check_changed(sheet_with(&" ".repeat(much)), whole, &["limit-reached"]);
    check_changed(sheet_with(&format!("<!--{}-->", " ".repeat(much))), whole, &["limit-reached"]);
    check_changed(sheet_with(&format!("<row{}/>", " ".repeat(much))), whole, &["truncated-file"]);
    check_changed(sheet_with(&"<row><c/></row>".repeat(500_000)), whole, &[]);
    let deep = "<row><c><is><t>".repeat(300_000);
    check_changed(sheet_with(&deep), whole, &["truncated-file"]);
    // Shared texts without end.
    let texts = changed(How::default(), |name, xml| {
        if name.ends_with("sharedStrings.xml") {
            xml.replace("</sst>", &format!("<si><t>{}", "a".repeat(much)))
        } else {
            xml.replace("<c r=\"C3\"><v>1</v></c>", "<c r=\"C3\" t=\"s\"><v>9</v></c>")
        }
    });
    check_changed(texts, whole, &["unreadable-value", "lost-text"]);
}

#[test]
fn members_of_other_kinds_are_told() {
    let whole = [("records", 2)];
    let of = |method: u16, flags: u16| {
        let rows = vec![
            vec![Cell::Inline("Time (s)"), Cell::Inline("Voltage (V)")],
            vec![Cell::N("0"), Cell::N("3.5")],
            vec![Cell::N("1"), Cell::N("3.6")],
        ];
        let members: Vec<Member> = members(&[("a", rows)], How::default())
            .iter()
            .map(|(name, xml)| match (name.contains("sheet1"), method) {
                (true, 0) => Member::stored(name, xml.as_bytes()),
                (true, _) => Member { method, flags, ..Member::deflated(name, xml.as_bytes()) },
                _ => Member { flags: flags & 8, ..Member::deflated(name, xml.as_bytes()) },
            })
            .collect();
        zip(&members)
    };
    for (method, flags, tables) in [(0, 0, &whole[..]), (8, 8, &whole), (8, 1, &[]), (12, 0, &[])] {
        let mut collect = Collect::new();
        let outcome =
            read(&Files::one("book.xlsx", of(method, flags)), &Limits::default(), &mut collect);
        assert_eq!(outcome.is_ok(), !tables.is_empty(), "{method} {flags}");
        let read = collect.into_measurement();
        let found: Vec<_> = read.tables.iter().map(|t| (t.name.as_str(), t.rows)).collect();
        assert_eq!(found, tables, "{method} {flags}");
    }
}

#[test]
fn checksums_of_members_are_held_against_what_they_hold() {
    let rows = vec![
        vec![Cell::S("Time (s)"), Cell::S("Voltage (V)")],
        vec![Cell::N("0"), Cell::N("3.5")],
        vec![Cell::N("1"), Cell::N("3.6")],
    ];
    let members = members(&[("a", rows)], How::default());
    // Of a part: what its checksum is off by, and what is then said where. A checksum of 0 is one that nobody counted.
    let check = |part: &str, off: Option<u32>, said: &[(&str, &str)]| {
        let members: Vec<Member> = members
            .iter()
            .map(|(name, xml)| {
                let member = Member::deflated(name, xml.as_bytes());
                let checksum = match off {
                    Some(off) if name.ends_with(part) => member.checksum ^ off,
                    None => 0,
                    _ => member.checksum,
                };
                Member { checksum, ..member }
            })
            .collect();
        let read = measurement(zip(&members));
        let of = |note: &Note| (note.code.clone(), note.place.clone());
        let found: Vec<_> = read.notes.iter().map(of).collect();
        let found: Vec<_> = found.iter().map(|(code, place)| (&**code, &**place)).collect();
        assert_eq!((read.tables[0].rows, &found[..]), (2, said), "{part} {off:?}");
    };
    check("sheet1.xml", Some(1), &[("checksum-differs", "sheet a, row 3")]);
    check("sharedStrings.xml", Some(1), &[("checksum-differs", "")]);
    check("", Some(0), &[]);
    check("", None, &[]);
}

#[test]
fn the_longer_a_workbook_the_more_rows_and_the_same() {
    // Shared texts stand before the sheets or behind them; a row takes a few bytes of the file.
    for texts_last in [false, true] {
        let numbers: Vec<&'static str> = (0..400)
            .map(|number: u32| {
                &*Box::leak(format!("{}.{:04}", number, number * 7919 % 9973).into_boxed_str())
            })
            .collect();
        let mut rows = vec![vec![Cell::S("Time (s)"), Cell::S("Voltage (V)")]];
        rows.extend(numbers.iter().map(|number| vec![Cell::N(number), Cell::N("3.5")]));
        let bytes = workbook(&[("a", rows)], How { texts_last, ..How::default() });
        let whole = measurement(bytes.clone());
        let all = whole.tables[0].numbers("test_time_second").expect("times").to_vec();
        assert_eq!(all.len(), 400);
        let mut before = 0;
        for cut in (0..bytes.len()).step_by(29) {
            let mut collect = Collect::new();
            let files = Files::one("book.xlsx", bytes[..cut].to_vec());
            if read(&files, &Limits::default(), &mut collect).is_err() {
                assert_eq!(before, 0, "cut at {cut}");
                continue;
            }
            let read = collect.into_measurement();
            assert!(read.notes.iter().any(|note| note.code == "truncated-file"), "cut at {cut}");
            let Some(table) = read.tables.first() else { continue };
            let times = table.numbers(&table.columns[0].head.name).expect("times");
            assert!(times.len() >= before && times == &all[..times.len()], "cut at {cut}");
            before = times.len();
        }
        assert_eq!(before, 400);
    }
}

#[test]
fn names_of_the_test_stand_below_titles() {
    let about = vec![
        vec![Cell::Gap, Cell::S("title"), Cell::S("Serial Number"), Cell::Gap, Cell::S("C:\\x")],
        vec![Cell::Gap, Cell::Date("44140", 1), Cell::N("206951")],
        ["Channel", "Start DateTime", "Comments", "Schedule"].map(Cell::S).to_vec(),
        vec![Cell::N("11"), Cell::Date("44140.25", 1), Cell::Gap, Cell::S("a.sdu")],
    ];
    let records = vec![
        ["Test_Time(s)", "Date_Time", "Step_Index", "Cycle_Index", "Voltage(V)", "Current(A)"]
            .map(Cell::S)
            .into_iter()
            .chain([Cell::S("Charge_Capacity(Ah)")])
            .collect(),
        vec![
            Cell::N("900"),
            Cell::Date("44140.5", 1),
            Cell::N("1"),
            Cell::N("1"),
            Cell::N("3"),
            Cell::N("0"),
            Cell::N("0"),
        ],
    ];
    check(Row {
        bytes: workbook(&[("Global_Info", about), ("Channel_11_1", records)], How::default()),
        format: "arbin-xlsx",
        // The first record is a quarter of an hour old: only the sheet about the test says when it began.
        start: ("2020-11-05T06:00:00.000", Zone::Local),
        tables: &[("records", 1)],
        columns: &[("voltage_volt", "V", &[3.0])],
        texts: &[("Date_Time", &["2020-11-05 12:00:00"])],
        metadata: &[("", "title"), ("Channel", "11"), ("Schedule", "a.sdu")],
        notes: &[],
    });
}
