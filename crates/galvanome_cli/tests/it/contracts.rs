//! What `--json` prints: scripts depend on it.

use std::collections::BTreeSet;

use serde_json::Value;

use crate::program::{Data, ended, example, program, run, text};

const ANSWERS: &[&str] = &["yes", "no", "unsure", "not_done", "not_applicable", "pending"];

#[track_caller]
fn has(document: &Value, keys: &[&str]) {
    let members = document.as_object().unwrap_or_else(|| panic!("{document} is no object"));
    for key in keys {
        assert!(members.contains_key(*key), "`{key}` is missing from {document}");
    }
}

fn ids(list: &Value) -> Vec<&str> {
    list.as_array()
        .unwrap()
        .iter()
        .map(|one| {
            has(one, &["id", "name"]);
            one["id"].as_str().unwrap()
        })
        .collect()
}

#[test]
fn metaviews() {
    let data = Data::with_paper();
    let document = data.run(&["metaview", "lno-graphite", "--json"]).json();
    assert_eq!(document["campaign"], "lno-graphite");
    let observables = ids(&document["observables"]);
    assert_eq!(
        observables,
        [
            "morphology",
            "crystal-structure",
            "lithium-distribution",
            "phase-transformation",
            "reaction-dynamics",
            "homogeneity",
            "sei-interfaces",
            "electronic-structure"
        ]
    );
    let techniques = ids(&document["techniques"]);
    assert_eq!(
        techniques,
        [
            "echem", "oems", "fibsem", "nmr", "tem", "xrd", "raman", "xps", "nanoct", "sxdm",
            "saxswaxs", "xas", "xrs", "ni", "ndp"
        ]
    );
    let views = document["views"].as_array().unwrap();
    assert_eq!(views.len(), 4);
    let mut seen = BTreeSet::new();
    for view in views {
        has(view, &["component", "question", "cells", "by_technique", "by_observable"]);
        let margins = |name: &str| view[name].as_object().unwrap().clone();
        assert!(margins("cells").keys().eq(techniques.iter()));
        assert!(margins("by_technique").keys().eq(techniques.iter()));
        assert!(margins("by_observable").keys().eq(observables.iter()));
        for row in margins("cells").values() {
            assert!(row.as_object().unwrap().keys().eq(observables.iter()));
            for cell in row.as_object().unwrap().values() {
                has(cell, &["answer", "by", "reason", "certainty"]);
                let answer = cell["answer"].as_str().unwrap();
                assert!(ANSWERS.contains(&answer), "{cell}");
                assert_eq!(answer == "pending", cell["by"].is_null(), "{cell}");
                seen.insert(answer.to_owned());
            }
        }
        for row in margins("by_technique").values() {
            has(row, &["answer", "so_far", "pending", "stated"]);
            assert!(ANSWERS.contains(&row["answer"].as_str().unwrap()));
            assert!(row["pending"].is_u64());
        }
        for column in margins("by_observable").values() {
            has(column, &["answer", "so_far", "pending"]);
        }
    }
    assert_eq!(seen.len(), ANSWERS.len(), "the paper has every answer: {seen:?}");
}

#[test]
fn one_component_and_one_question_of_it() {
    let data = Data::with_paper();
    let of = |more: &[&str]| {
        let args = [&["metaview", "lno-graphite", "--json"], more].concat();
        let document = data.run(&args).json();
        let views = document["views"].as_array().unwrap().iter();
        let name = |view: &Value, key: &str| view[key].as_str().unwrap().to_owned();
        views.map(|view| (name(view, "component"), name(view, "question"))).collect::<Vec<_>>()
    };
    assert_eq!(of(&["--component", "LNO", "--question", "SQ2"]), [("LNO".into(), "SQ2".into())]);
    assert_eq!(of(&["--component", "LNO"]).len(), 2);
    assert_eq!(of(&["--question", "SQ1"]).len(), 2);
}

#[test]
fn campaigns() {
    let data = Data::empty();
    let imported = data.run(&["campaign", "import", "--json", text(&example("lno-graphite"))]);
    let imported = imported.json();
    has(&imported, &["campaign", "title", "counts", "files", "failed"]);
    has(&imported["counts"], &["samples", "experiments", "datasets", "quantities", "answers"]);
    let list = data.run(&["campaign", "list", "--json"]).json();
    assert_eq!(list["campaigns"].as_array().unwrap().len(), 1);
    has(&list["campaigns"][0], &["id", "title", "invented", "revision"]);
    let shown = data.run(&["campaign", "show", "lno-graphite", "--json"]).json();
    has(
        &shown,
        &[
            "id",
            "title",
            "description",
            "revision",
            "partners",
            "components",
            "groups",
            "questions",
            "observables",
            "techniques",
            "samples",
            "experiments",
            "datasets",
            "quantities",
        ],
    );
    assert_eq!(shown["partners"].as_array().unwrap().len(), 15);
}

#[test]
fn reasons() {
    let data = Data::with_paper();
    let pixel = "LNO/SQ1/ndp/lithium-distribution";
    let pixel = data.run(&["why", "lno-graphite", pixel, "--json"]).json();
    has(&pixel, &["campaign", "cell", "answered", "verdicts", "quantities", "history"]);
    assert_eq!(pixel["cell"]["answer"], "yes");
    let column = ["why", "lno-graphite", "LNO", "SQ1", "lithium-distribution", "--json"];
    let column = data.run(&column).json();
    assert_eq!(column["pixels"].as_array().unwrap().len(), 15);
}

#[test]
fn techniques() {
    let all = run(&["techniques", "--json"]).json();
    assert_eq!(all["techniques"].as_array().unwrap().len(), 15);
    let one = run(&["techniques", "ndp", "--json"]).json();
    has(&one, &["id", "name", "facts", "sources", "descriptors", "terms"]);
}

#[test]
fn inspections() {
    let folder = example("invented-solid-state/data/cycler");
    let (first, second) = (folder.join("cell-25-1.csv"), folder.join("cell-60-1.csv"));
    let document = run(&["inspect", text(&first), "--json"]).json();
    has(&document, &["file", "format", "instrument", "started_at", "tables", "metadata", "notes"]);
    assert_eq!(document["file"], text(&first));
    let table = &document["tables"][0];
    has(table, &["name", "rows", "columns"]);
    let names: Vec<&str> = table["columns"]
        .as_array()
        .unwrap()
        .iter()
        .map(|column| {
            has(
                column,
                &["name", "unit", "vendor_name", "origin", "first", "last", "min", "max", "nulls"],
            );
            column["name"].as_str().unwrap()
        })
        .collect();
    for name in ["test_time_second", "voltage_volt", "current_ampere", "cycle_count"] {
        assert!(names.contains(&name), "{names:?}");
    }
    // One document a file, each on a line of its own; what cannot be read does not stop the others.
    let ran = run(&["inspect", text(&first), "/nonexistent", text(&second), "--json"]);
    assert_eq!(ran.status, 0);
    assert!(ran.err.contains("/nonexistent: No such file"), "{}", ran.err);
    assert_eq!(ran.out.lines().count(), 2);
    for line in ran.out.lines() {
        assert_eq!(serde_json::from_str::<Value>(line).unwrap()["schema"], 1);
    }
}

/// A file that says something and hides something: its notes have a code, a message and a place.
#[test]
fn notes_of_an_inspection() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("cut.csv");
    let whole = std::fs::read(example("invented-solid-state/data/cycler/cell-25-1.csv")).unwrap();
    std::fs::write(&file, &whole[..whole.len() / 2 - 3]).unwrap();
    let document = run(&["inspect", text(&file), "--json"]).json();
    let notes = document["notes"].as_array().unwrap();
    assert!(!notes.is_empty(), "a cut line is noted");
    for note in notes {
        has(note, &["code", "message", "where"]);
    }
}

#[test]
fn analyses() {
    let file = example("invented-solid-state/data/cycler/cell-25-1.csv");
    let folder = tempfile::tempdir().unwrap();
    let plot = folder.path().join("plot.svg");
    let args = ["analyze", text(&file), "--technique", "echem", "--json", "--plot", text(&plot)];
    let document = run(&args).json();
    has(&document, &["technique", "version", "files", "quantities", "notes"]);
    let quantities = document["quantities"].as_array().unwrap();
    assert!(!quantities.is_empty());
    for quantity in quantities {
        has(quantity, &["descriptor", "qualifier", "value", "uncertainty", "unit"]);
        // A bound ("not reached after 11 cycles") has no standard uncertainty, every value has one.
        let uncertainty = quantity["uncertainty"].as_f64();
        match quantity["qualifier"].as_str() {
            Some("=") => assert!(uncertainty.is_some_and(|u| u > 0.0), "{quantity}"),
            _ => assert_eq!(uncertainty, None, "{quantity}"),
        }
    }
    assert!(std::fs::read_to_string(&plot).unwrap().starts_with("<svg"));
    // The others beside it, by their names; one alone by its name.
    let beside = folder.path().join("plot-voltage-against-charge.svg");
    assert!(std::fs::read_to_string(&beside).unwrap().starts_with("<svg"));
    let named = folder.path().join("named.svg");
    let one = format!("voltage-against-charge={}", text(&named));
    run(&["analyze", text(&file), "-t", "echem", "--plot", &one]).good();
    assert_eq!(std::fs::read(named).unwrap(), std::fs::read(beside).unwrap());
    let wrong = run(&["analyze", text(&file), "-t", "echem", "--plot", "voltage=x.svg"]).refused();
    assert!(wrong.contains("voltage-against-charge"), "{wrong}");
}

#[test]
fn judgements() {
    const GOOD: &str = r#"{"descriptors":[{"name":"lithium","scale":"ratio","reference":[0.72,0.71,0.73],"test":[0.46,0.47,0.45],"delta":0.1,"s0":0.05}]}"#;
    let input = format!("{GOOD}\n\n{{\"descriptors\":[]}}\nnot json\n{GOOD}\n");
    let ran = ended(program(&["judge"]), &input);
    assert_eq!(ran.status, 1);
    let lines: Vec<Value> =
        ran.out.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert_eq!(lines.len(), 4, "one line of answer for each that is not empty");
    assert!(lines.iter().all(|line| line["schema"] == 1));
    for good in [&lines[0], &lines[3]] {
        has(good, &["answer", "reason", "direction", "descriptors"]);
        assert_eq!((&good["answer"], &good["direction"]), (&"yes".into(), &"down".into()));
        let keys = [
            "name",
            "answer",
            "reason",
            "direction",
            "d",
            "u",
            "nu",
            "yes_bound",
            "no_bound",
            "delta",
            "break_even_s0",
            "u_needed_for_no",
        ];
        has(&good["descriptors"][0], &keys);
    }
    for (bad, number) in [(&lines[1], 3), (&lines[2], 4)] {
        assert_eq!(bad["error"]["line"], number);
        assert!(ran.err.contains(&format!("galvanome: line {number}: ")), "{}", ran.err);
    }
    // The same from a file, and with the flag that changes nothing.
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("numbers.jsonl");
    std::fs::write(&file, &input).unwrap();
    assert_eq!(run(&["judge", "--json", text(&file)]).out, ran.out);
    assert_eq!(ended(program(&["judge", "-"]), GOOD).good().lines().count(), 1);
}

/// The files of six cells of an example, three a side.
fn six_cells() -> Vec<String> {
    let folder = example("invented-solid-state/data/cycler");
    let cells = ["25-1", "25-2", "25-3", "60-1", "60-2", "60-3"];
    cells.map(|cell| text(&folder.join(format!("cell-{cell}.csv"))).to_owned()).to_vec()
}

#[test]
fn comparisons() {
    let cells = six_cells();
    let cells: Vec<&str> = cells.iter().map(String::as_str).collect();
    let sides = [&["--reference"], &cells[..3], &["--test"], &cells[3..]].concat();
    let args = [&["compare", "-t", "echem"], &sides[..], &["--json", "--select"]].concat();
    let document = run(&args).json();
    has(
        &document,
        &[
            "technique",
            "version",
            "paired",
            "answer",
            "answers",
            "rule",
            "rows",
            "specimens",
            "selection",
            "pattern",
            "notes",
        ],
    );
    assert_eq!((&document["technique"], &document["answer"]), (&"echem".into(), &"yes".into()));
    assert!(document["pattern"].is_null(), "cells have no spectra");
    has(&document["rule"], &["alpha", "kappa"]);
    let answer = &document["answers"][0];
    has(answer, &["observable", "answer", "reason", "direction", "opposite_directions"]);
    assert_eq!(answer["decided_by"], serde_json::json!(["echem.capacity-loss-rate"]));
    let rows = document["rows"].as_array().unwrap();
    let mut unanswered = BTreeSet::new();
    for row in rows {
        has(
            row,
            &[
                "descriptor",
                "name",
                "unit",
                "scale",
                "observable",
                "primary",
                "comparisons",
                "answer",
                "reason",
                "direction",
                "unanswered",
                "reference",
                "test",
                "d",
                "u",
                "nu",
                "yes_bound",
                "no_bound",
                "delta",
                "break_even_s0",
                "u_needed_for_no",
                "margin",
            ],
        );
        assert_eq!(row["answer"].is_null(), row["unanswered"].is_string(), "{row}");
        unanswered.extend(row["unanswered"].as_str().map(str::to_owned));
        for side in ["reference", "test"] {
            has(&row[side], &["n", "mean", "uncertainty", "specimens"]);
            assert_eq!(row[side]["n"], 3);
            let specimen = &row[side]["specimens"][0];
            has(specimen, &["label", "qualifier", "value", "uncertainty", "detail"]);
        }
    }
    assert_eq!(
        unanswered.into_iter().collect::<Vec<_>>(),
        ["bound", "no_margin", "selects_specimens"]
    );
    let deciding = &rows[0];
    assert_eq!(deciding["descriptor"], "echem.capacity-loss-rate");
    has(
        &deciding["margin"],
        &["delta", "s0", "s0_test", "u_sys", "delta_source", "s0_source", "confirmed_by"],
    );
    for specimen in document["specimens"].as_array().unwrap() {
        has(specimen, &["side", "label", "files", "selected", "rejected", "notes"]);
    }
    for side in document["selection"].as_array().unwrap() {
        has(side, &["side", "descriptor", "allowed", "spread", "kept", "of"]);
        assert_eq!((&side["kept"], &side["allowed"]), (&3.into(), &0.08.into()));
    }
    for note in document["notes"].as_array().unwrap() {
        has(note, &["code", "message", "where"]);
    }
    // The decision rule on the same numbers says the same.
    let values = |side: &str, key: &str| {
        let specimens = deciding[side]["specimens"].as_array().unwrap().iter();
        specimens.map(|one| one[key].clone()).collect::<Vec<_>>()
    };
    let line = serde_json::json!({"descriptors": [{
        "name": "rate", "scale": "ratio", "delta": 0.1,
        "reference": values("reference", "value"), "reference_u": values("reference", "uncertainty"),
        "test": values("test", "value"), "test_u": values("test", "uncertainty"),
    }]});
    let judged = ended(program(&["judge"]), &format!("{line}\n")).json();
    for key in ["answer", "d", "u", "nu", "yes_bound", "no_bound", "break_even_s0"] {
        assert_eq!(judged["descriptors"][0][key], deciding[key], "{key}");
    }
    // In words for people, with the same answer.
    let said = run(&[&["compare", "-t", "echem"], &sides[..]].concat()).good();
    for part in [
        "echem.capacity-loss-rate  ",
        "  +5",
        "yes, up: the interval clears the guarded margin",
        "reaction-dynamics by echem: yes, up",
        ">11 cycle, >11 cycle, >11 cycle",
        "stopped or selected by it",
    ] {
        assert!(said.contains(part), "{part} is missing:\n{said}");
    }
}

#[test]
fn tables_of_an_analysis() {
    let cell = &six_cells()[0];
    let folder = tempfile::tempdir().unwrap();
    let (cycles, rates) = (folder.path().join("cycles.csv"), folder.path().join("rates.csv"));
    let named = format!("rates={}", text(&rates));
    let args =
        ["analyze", cell, "-t", "echem", "--json", "--table", text(&cycles), "--table", &named];
    let document = run(&args).json();
    let tables = document["tables"].as_array().unwrap();
    let names: Vec<_> = tables.iter().map(|table| table["name"].as_str().unwrap()).collect();
    assert_eq!(names, ["cycles", "rates", "resistances", "dqdv-peaks"]);
    for (place, path) in [(0, &cycles), (1, &rates)] {
        let written = std::fs::read_to_string(path).unwrap();
        let mut lines = written.lines();
        let columns = tables[place]["columns"].as_array().unwrap();
        let heads: Vec<_> = columns.iter().map(|column| column["name"].as_str().unwrap()).collect();
        assert_eq!(lines.next().unwrap(), heads.join(","));
        let first: Vec<&str> = lines.next().unwrap().split(',').collect();
        for (cell, column) in first.iter().zip(columns) {
            has(column, &["name", "unit", "values"]);
            match &column["values"][0] {
                Value::Null => assert_eq!(*cell, ""),
                Value::Number(number) => {
                    assert_eq!(cell.parse::<f64>().unwrap(), number.as_f64().unwrap());
                }
                text => assert_eq!(text, cell),
            }
        }
        assert_eq!(Some(lines.count() as u64 + 1), tables[place]["rows"].as_u64());
    }
}
