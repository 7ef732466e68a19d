//! The page of one observable by all techniques.

use galvanome_model::answer::Answer;
use galvanome_model::ids::GroupId;
use galvanome_model::pixel::By;
use galvanome_model::plot::{Mark, Plot, PlotAxis, Series};
use galvanome_model::visibility::Viewer;
use galvanome_server::pages::sublayer::SublayerRow;

use super::example::Example;
use super::html::{check_sound, keep, text};

const LITHIUM: [&str; 3] = ["LNO", "SQ1", "lithium-distribution"];

fn check(
    example: &Example,
    place: [&str; 3],
    rows: &[SublayerRow],
    name: &str,
    says: &[&str],
    not: &[&str],
) {
    let page = example.sublayer_page(place, rows);
    check_sound(&page);
    keep(&format!("sublayer-{name}"), &page);
    let text = text(&page);
    for said in says {
        assert!(text.contains(said), "{name}: `{said}` is not in\n{text}");
    }
    for said in not {
        assert!(!text.contains(said), "{name}: `{said}` is in\n{text}");
    }
}

fn check_as_it_is(example: &Example, place: [&str; 3], says: &[&str], not: &[&str]) {
    let rows = example.rows(place[0], place[1], place[2], &Viewer::All);
    check(example, place, &rows, &place.join("-"), says, not);
}

#[test]
fn columns_of_the_paper() {
    let paper = Example::read("lno-graphite", |_| {});
    check_as_it_is(
        &paper,
        LITHIUM,
        &[
            "Lithium distribution: two say yes, two no and two unsure",
            "Six of 15 techniques answered; 7 pending, 2 not applicable. Combined: yes.",
            "Why they may differ",
            "Raman (no) sees the first 0.3 µm; XRD and NDP (yes) see deeper.",
            "Depth does not tell NI (no, all 43 µm) from XRD and NDP (yes, 26 µm to 30 µm).",
            "SXDM counts depth from the surface of a particle",
            "SXDM was measured operando",
            "SXDM, void:",
            "Only NDP has numbers that can be held against a margin",
            "so provisional: NDP unsure.",
            "Whether they explain the answers has not been computed.",
            "no number against a margin",
            "no spread is known; δ 10 %",
            "Galvanostatic cycling, as done here, sees the cell as a whole",
        ],
        &["probability", "diluted", "tension"],
    );
    check_as_it_is(
        &paper,
        ["Graphite", "SQ1", "sei-interfaces"],
        &[
            "SEI and interfaces: two say yes and one no",
            "the thickness of the layer is not stated, so the axis ends at 50 µm",
        ],
        &["current collector"],
    );
    check_as_it_is(
        &paper,
        ["LNO", "SQ1", "electronic-structure"],
        &[
            "Electronic structure: nobody has answered yet",
            "None of 15 techniques answered",
            "It appears with the first yes, no or unsure.",
        ],
        &["Why they may differ", "Side by side", "On one scale"],
    );
    check_as_it_is(
        &paper,
        ["LNO", "SQ1", "phase-transformation"],
        &[
            "Phase transformation: XRD alone answers, and says yes",
            "What stands behind it",
            "XRD sees the first 30 µm of 43 µm.",
        ],
        &["Why they may differ"],
    );
}

#[test]
fn columns_of_the_invented_campaign() {
    let invented = Example::read("invented-solid-state", |_| {});
    check_as_it_is(
        &invented,
        ["separator", "heat", "voids"],
        &[
            "Voids and cracks: both are unsure",
            "yes stands against no in the same pixel",
            "contested",
            "−25 % 95 % interval −33 % to −16 %; δ 20 %",
        ],
        &[],
    );
    check_as_it_is(
        &invented,
        ["separator", "void-growth", "voids"],
        &["A number is asked for", "Porosity", "0.075"],
        &[],
    );
    check_as_it_is(
        &invented,
        ["cathode", "ageing", "crystal-structure"],
        &["Crystal structure:"],
        &[],
    );
}

/// Twelve answers in one column, as large campaigns have them.
#[test]
fn twelve_techniques_fit() {
    let paper = Example::read("lno-graphite", |_| {});
    let mut rows = paper.rows(LITHIUM[0], LITHIUM[1], LITHIUM[2], &Viewer::All);
    let answers = [Answer::Yes, Answer::No, Answer::Unsure, Answer::Yes];
    for (index, row) in rows.iter_mut().filter(|row| row.pixel.answer.is_none()).enumerate().take(6)
    {
        row.pixel.answer = answers.get(index % 4).copied();
        row.pixel.by = By::Expert;
        row.pixel.reason = "Made up for a test.".to_owned();
    }
    check(
        &paper,
        LITHIUM,
        &rows,
        "twelve",
        &["Twelve of 15 techniques answered", "No number against a margin: OEMS, FIB/SEM"],
        &[],
    );
}

#[test]
fn plots_stand_beside_their_answers() {
    let paper = Example::read("lno-graphite", |_| {});
    let mut rows = paper.rows(LITHIUM[0], LITHIUM[1], LITHIUM[2], &Viewer::All);
    let profile = |group: &str, mean: f64| Series {
        label: group.to_owned(),
        group: Some(GroupId::new(group).unwrap()),
        mark: Mark::Line,
        x: (0..2000).map(|k| f64::from(k) * 0.013).collect(),
        y: (0..2000)
            .map(|k| {
                if k == 700 { f64::NAN } else { mean * (1.0 + 0.05 * (f64::from(k) / 190.0).sin()) }
            })
            .collect(),
        y_uncertainty: Vec::new(),
    };
    let axis = |label: &str, unit: &str| PlotAxis {
        label: label.to_owned(),
        unit: unit.to_owned(),
        logarithmic: false,
    };
    for row in rows.iter_mut().filter(|row| row.technique.as_str() == "ndp") {
        row.plot = Some(Plot {
            title: "Lithium through the depth, invented curves".to_owned(),
            x: axis("Depth", "um"),
            y: axis("Lithium content", "1"),
            series: vec![profile("aged-litdi", 0.46), profile("aged-standard", 0.72)],
        });
    }
    check(
        &paper,
        LITHIUM,
        &rows,
        "plot",
        &["Lithium through the depth, invented curves", "0 µm Depth 26 µm"],
        &["NaN"],
    );
    for row in &mut rows {
        if let Some(plot) = &mut row.plot {
            plot.series.clear();
        }
    }
    check(&paper, LITHIUM, &rows, "empty-plot", &[], &["invented curves"]);
}
