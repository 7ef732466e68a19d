//! The paper's campaign as the example writes it down, held against what the paper's text fixes (arXiv 2602.09771).
//! Constraints are ours to word; the section that each comes from stands beside it.

use std::collections::BTreeMap;

use galvanome_model::answer::{Answer, word_of};
use galvanome_model::ids::{ObservableId, TechniqueId};
use galvanome_model::metaview::Metaview;

use crate::examples;

struct Paper {
    views: Vec<Metaview>,
}

impl Paper {
    async fn open() -> Self {
        let open = examples::with("lno-graphite").await;
        Self { views: examples::views(&open, "lno-graphite").await.views }
    }

    fn view(&self, component: &str, question: &str) -> &Metaview {
        let found = self.views.iter().find(|view| {
            view.component.as_str() == component && view.question.as_str() == question
        });
        found.unwrap()
    }

    fn word(&self, component: &str, question: &str, technique: &str, observable: &str) -> &str {
        let view = self.view(component, question);
        let row = view.techniques.iter().position(|id| id.as_str() == technique).unwrap();
        let column = view.observables.iter().position(|id| id.as_str() == observable).unwrap();
        word_of(view.pixel(row, column).unwrap().answer)
    }

    /// The techniques of a column that measured something.
    fn measured(&self, component: &str, question: &str, observable: &str) -> Vec<(&str, &str)> {
        let view = self.view(component, question);
        let techniques = view.techniques.iter().map(TechniqueId::as_str);
        techniques
            .map(|technique| (technique, self.word(component, question, technique, observable)))
            .filter(|(_, word)| ["yes", "no", "unsure"].contains(word))
            .collect()
    }
}

#[tokio::test]
async fn rows_and_columns_stand_in_the_papers_order() {
    let paper = Paper::open().await;
    let order = "echem oems fibsem nmr tem xrd raman xps nanoct sxdm saxswaxs xas xrs ni ndp";
    let columns = "morphology crystal-structure lithium-distribution phase-transformation \
                   reaction-dynamics homogeneity sei-interfaces electronic-structure";
    let views: Vec<String> =
        paper.views.iter().map(|view| format!("{} {}", view.component, view.question)).collect();
    assert_eq!(views, ["LNO SQ1", "LNO SQ2", "Graphite SQ1", "Graphite SQ2"]);
    for view in &paper.views {
        let ids = |ids: Vec<&str>| ids.join(" ");
        assert_eq!(ids(view.techniques.iter().map(TechniqueId::as_str).collect()), order);
        assert_eq!(
            ids(view.observables.iter().map(ObservableId::as_str).collect()),
            columns.split_whitespace().collect::<Vec<_>>().join(" ")
        );
    }
}

#[tokio::test]
async fn the_text_fixes_112_of_480_pixels_and_34_of_60_rows_and_the_rest_stays_pending() {
    let paper = Paper::open().await;
    let mut counted: BTreeMap<&str, u32> = BTreeMap::new();
    for pixel in paper.views.iter().flat_map(|view| &view.pixels) {
        *counted.entry(word_of(pixel.answer)).or_default() += 1;
    }
    assert_eq!(counted.values().sum::<u32>(), 480);
    assert_eq!(counted["not_applicable"], 72);
    assert_eq!(counted["pending"], 368);
    let rows = paper.views.iter().flat_map(|view| &view.by_technique);
    assert_eq!(rows.filter(|row| row.stated.is_some()).count(), 34);
}

#[tokio::test]
async fn combined_answers_agree_with_what_is_stated_or_are_still_pending() {
    let paper = Paper::open().await;
    let mut equal = 0;
    for view in &paper.views {
        for (technique, row) in view.techniques.iter().zip(&view.by_technique) {
            let Some(stated) = &row.stated else { continue };
            let place = format!("{} {} {technique}", view.component, view.question);
            match row.combined.answer {
                Some(answer) => {
                    assert_eq!(answer, stated.answer, "{place}");
                    equal += 1;
                }
                None => assert!(
                    row.combined.so_far <= Some(stated.answer) || stated.answer < Answer::No,
                    "{place}: {:?} so far, stated {:?}",
                    row.combined.so_far,
                    stated.answer
                ),
            }
        }
    }
    assert!(equal >= 19, "only {equal} statements are reached by their pixels");
}

#[tokio::test]
async fn the_two_opened_columns_are_the_papers() {
    let paper = Paper::open().await;
    // Section 4.3, lithium distribution of LNO by electrolyte: six techniques, and no other measured it.
    assert_eq!(
        paper.measured("LNO", "SQ1", "lithium-distribution"),
        [
            ("nmr", "unsure"),
            ("xrd", "yes"),
            ("raman", "no"),
            ("sxdm", "unsure"),
            ("ni", "no"),
            ("ndp", "yes")
        ]
    );
    // Section 4.3, interphases of graphite by electrolyte: three techniques.
    assert_eq!(
        paper.measured("Graphite", "SQ1", "sei-interfaces"),
        [("nmr", "yes"), ("xps", "yes"), ("xrs", "no")]
    );
    // Section 4.2, reaction dynamics of LNO with ageing: two techniques, both yes.
    assert_eq!(
        paper.measured("LNO", "SQ2", "reaction-dynamics"),
        [("echem", "yes"), ("oems", "yes")]
    );
}

#[tokio::test]
async fn ageing_shows_nowhere_a_plain_no_and_the_electrolyte_shows_a_mix() {
    let paper = Paper::open().await;
    let stated = |question: &str| -> Vec<Answer> {
        ["LNO", "Graphite"]
            .iter()
            .flat_map(|component| &paper.view(component, question).by_technique)
            .filter_map(|row| row.combined.answer.or(row.stated.as_ref().map(|one| one.answer)))
            .collect()
    };
    // Section 4.2: the ageing column of the global views is mostly green and never orange.
    let ageing = stated("SQ2");
    assert!(!ageing.contains(&Answer::No));
    let green = ageing.iter().filter(|answer| **answer == Answer::Yes).count();
    assert!(green * 2 > ageing.len());
    // Section 4.2: the electrolyte column mixes colours; yellow rows are still pending here, with unsure so far.
    let electrolyte = stated("SQ1");
    assert!(electrolyte.contains(&Answer::Yes) && electrolyte.contains(&Answer::No));
    let unsure_so_far = ["LNO", "Graphite"].iter().any(|component| {
        let rows = &paper.view(component, "SQ1").by_technique;
        rows.iter().any(|row| row.combined.so_far == Some(Answer::Unsure))
    });
    assert!(unsure_so_far);
}

#[tokio::test]
async fn what_a_technique_cannot_see_is_grey_in_every_map() {
    let paper = Paper::open().await;
    // Section 4.2. Each row: the technique, and every observable that it can be coloured in where the text says so.
    let only: &[(&str, &[&str])] = &[
        ("echem", &["reaction-dynamics"]),
        ("xps", &["homogeneity", "sei-interfaces", "electronic-structure"]),
    ];
    let never: &[(&str, &[&str])] = &[
        ("nanoct", &["phase-transformation", "electronic-structure"]),
        ("xas", &["morphology", "sei-interfaces"]),
        ("nmr", &["morphology", "electronic-structure"]),
    ];
    for view in &paper.views {
        let (component, question) = (view.component.as_str(), view.question.as_str());
        for observable in view.observables.iter().map(ObservableId::as_str) {
            for (technique, seen) in only {
                let grey = paper.word(component, question, technique, observable);
                assert_eq!(
                    grey == "not_applicable",
                    !seen.contains(&observable),
                    "{technique} {observable}"
                );
            }
            for (technique, unseen) in never {
                let grey = paper.word(component, question, technique, observable);
                assert_eq!(
                    grey == "not_applicable",
                    unseen.contains(&observable),
                    "{technique} {observable}"
                );
            }
        }
    }
}

#[tokio::test]
async fn answers_of_the_paper_are_displayed_and_computed_ones_stand_beside_them() {
    let paper = Paper::open().await;
    for pixel in paper.views.iter().flat_map(|view| &view.pixels) {
        if let Some(computed) = &pixel.computed {
            assert!(computed.provisional, "no margin of the paper is confirmed");
        }
        assert!(!pixel.contested);
        let by = pixel.by.word();
        assert!(by != Some("computed"), "the paper's campaign displays the paper's answers");
        if pixel.answer.is_some() {
            assert!(pixel.reason.to_lowercase().contains("section"), "{}", pixel.reason);
        }
    }
    let beside = paper.views.iter().flat_map(|view| &view.pixels);
    assert!(beside.filter(|pixel| pixel.computed.is_some()).count() >= 5);
}
