//! The page of one pixel.

use std::collections::BTreeSet;

use galvanome_model::campaign::Campaign;
use galvanome_model::catalogue::Margin;
use galvanome_model::ids::{DescriptorId, ObservableId};
use galvanome_model::visibility::{Viewer, Visibility};

use super::example::Example;
use super::html::{check_sound, keep, text};

const LITHIUM: &str = "lithium-distribution";

/// Declares the spread of NDP's lithium content, confirmed or not.
fn spread(s0: f64, confirmed_by: Option<&str>) -> impl FnOnce(&mut Campaign) {
    let margin = Margin {
        descriptor: DescriptorId::new("ndp.lithium-content").unwrap(),
        observable: ObservableId::new(LITHIUM).unwrap(),
        delta: Some(0.1),
        s0: Some(s0),
        s0_test: None,
        u_sys: None,
        nu_sys: None,
        confirmed_by: confirmed_by.map(str::to_owned),
        set_on: None,
        source: Some("assumed for a test".to_owned()),
    };
    |campaign| campaign.definition.margins.push(margin)
}

/// A sound page, kept to be looked at, with everything of `says` and nothing of `not` in its text.
fn check(
    example: &Example,
    [component, question, technique, observable]: [&str; 4],
    says: &[&str],
    not: &[&str],
) {
    let key = Example::key(component, question, technique, observable);
    let page = example.pixel_page(&key, &Viewer::All);
    check_sound(&page);
    keep(&format!("pixel-{component}-{question}-{technique}-{observable}"), &page);
    let text = text(&page);
    for said in says {
        assert!(text.contains(said), "{technique}: `{said}` is not in\n{text}");
    }
    for said in not {
        assert!(!text.contains(said), "{technique}: `{said}` is in\n{text}");
    }
}

#[test]
fn what_experts_and_numbers_say_of_the_paper() {
    let paper = Example::read("lno-graphite", |_| {});
    let check = |key, says: &[&str], not: &[&str]| check(&paper, key, says, not);
    check(
        ["LNO", "SQ1", "ndp", LITHIUM],
        &[
            "Yes: aged with LiTDI differs from aged without LiTDI",
            "Delft University of Technology",
            "Provisional. The numbers give unsure",
            "one specimen a side and no declared spread",
            "−36 %",
            "One of at most 10.7 % would make it a yes.",
            "≈ 0.46",
            "≈ 0.72",
            "No spread between specimens, s0, is declared.",
            "2 of 2 numbers have no stated uncertainty.",
            "No file held neither raw data nor a reference to them",
            "50 nm to 26 µm of 43 µm",
            "The same question, six ways",
        ],
        &["95 % interval"],
    );
    check(
        ["LNO", "SQ1", "sxdm", LITHIUM],
        &["Unsure: a closed gate voids the data", "Voided.", "beam damage", "Void closed"],
        &[],
    );
    check(
        ["LNO", "SQ2", "nanoct", "morphology"],
        &[
            "aged with LiTDI and aged without LiTDI differ from pristine",
            "Aged with LiTDI against pristine:",
            "Aged without LiTDI against pristine:",
            "The data may support a yes, not a no.",
            "Implied.",
            "2 comparisons",
        ],
        &[],
    );
    check(
        ["LNO", "SQ1", "echem", "morphology"],
        &["Not applicable: Electrochemistry cannot see morphology here", "By definition."],
        &["What is missing", "No expert has answered"],
    );
    check(
        ["LNO", "SQ1", "saxswaxs", LITHIUM],
        &[
            "Pending: analysed, waiting for an answer",
            "A closed gate voids the data of SAXS / WAXS",
        ],
        &["Who says so"],
    );
    check(
        ["LNO", "SQ1", "oems", "morphology"],
        &["The catalogue does not expect OEMS to speak for morphology"],
        &[],
    );
    check(
        ["LNO", "SQ1", "xas", "electronic-structure"],
        &["Not done: XAS could have looked at electronic structure, and nobody did"],
        &[],
    );
    check(
        ["LNO", "SQ1", "tem", "sei-interfaces"],
        &["Model samples. It rests on model samples alone", "< 1 nm", "≈ 3.5 nm", "6 nm"],
        &[],
    );
    check(
        ["LNO", "SQ2", "ni", LITHIUM],
        &["≈ 127 grey (arb.)", "No margin δ is set for mean attenuation as a grey level"],
        &[],
    );
}

#[test]
fn a_declared_spread_decides_and_a_confirmed_one_counts() {
    let key = ["LNO", "SQ1", "ndp", LITHIUM];
    let provisional = Example::read("lno-graphite", spread(0.05, None));
    check(
        &provisional,
        key,
        &[
            "Yes: aged with LiTDI, lithium content is about 36 % lower",
            "−47 % to −23 %",
            "−45 % to −26 %",
            "must clear ±κδ for a yes: it does, by 2.2 δ",
            "must lie within ±δ for a no: it does not",
            "The answer is yes up to a spread of 10.7 % between specimens; 5 % is declared.",
            "Where the spread comes from: assumed for a test.",
            "provisional",
            "Waits for a confirmed margin and spread",
        ],
        &["Confirmed."],
    );
    keep(
        "pixel-spread",
        &provisional.pixel_page(&Example::key(key[0], key[1], key[2], key[3]), &Viewer::All),
    );
    let confirmed = Example::read("lno-graphite", spread(0.05, Some("A. Lead")));
    check(
        &confirmed,
        key,
        &[
            "Confirmed. Computed with a confirmed margin and spread: yes, as the expert says.",
            "confirmed by A. Lead",
        ],
        &["Provisional.", "Waits for"],
    );
    let wide = Example::read("lno-graphite", spread(0.2, Some("A. Lead")));
    check(
        &wide,
        key,
        &[
            "Expert over computed.",
            "the interval is too wide to tell",
            "A spread of at most 10.7 % would make it a yes; 20 % is declared.",
        ],
        &["Provisional."],
    );
}

#[test]
fn the_invented_campaign_shows_what_the_paper_does_not_have() {
    let invented = Example::read("invented-solid-state", |_| {});
    check(
        &invented,
        ["separator", "heat", "nanoct", "voids"],
        &[
            "Invented data.",
            "Contested: yes stands against no",
            "One experiment says yes and another says no.",
            "Northern Ring, a synchrotron (invented)",
            "Quarry Works (invented)",
            "0.041 ± 0.004",
            "Waits for a second reviewer",
            "Reference:",
        ],
        &["No file held"],
    );
    check(
        &invented,
        ["separator", "void-growth", "nanoct", "voids"],
        &[
            "A number is asked for",
            "volume fraction of voids after 200 cycles at 60 °C",
            "0.075 ± 0.004",
        ],
        &["Verdict strip"],
    );
}

/// Texts that would tell something of a hidden answer.
fn hide(campaign: &mut Campaign) {
    for answer in &mut campaign.answers {
        if answer.technique.as_str() == "ndp" {
            answer.visibility = Visibility::Groups(BTreeSet::from(["inner circle".to_owned()]));
        }
    }
}

#[test]
fn a_withheld_pixel_leaks_nothing() {
    let outsider = Viewer::Member { partners: BTreeSet::new(), groups: BTreeSet::new() };
    let example = Example::read("lno-graphite", |campaign| {
        spread(0.05, Some("A. Lead"))(campaign);
        hide(campaign);
    });
    let key = Example::key("LNO", "SQ1", "ndp", LITHIUM);
    let page = example.pixel_page(&key, &outsider);
    check_sound(&page);
    keep("pixel-withheld", &page);
    let said = text(&page);
    assert!(said.contains("Withheld: answered, and not shared with you"), "{said}");
    for secret in [
        "0.46",
        "0.72",
        "36 %",
        "Section 4.3",
        "ndp-1",
        "inner circle",
        "A. Lead",
        "differs",
        "Verdict strip",
    ] {
        assert!(!page.contains(secret), "`{secret}` leaks");
    }
    let insider = text(&example.pixel_page(&key, &Viewer::All));
    assert!(insider.contains("0.46"), "who may see it sees it");
    let rows = example.rows("LNO", "SQ1", LITHIUM, &outsider);
    let column = example.sublayer_page(["LNO", "SQ1", LITHIUM], &rows);
    check_sound(&column);
    for secret in ["0.46", "0.72", "36 %", "inner circle"] {
        assert!(!column.contains(secret), "`{secret}` leaks into the column");
    }
    assert!(text(&column).contains("1 withheld"), "the column says that it leaves one out");
}

#[test]
fn every_number_of_a_table_carries_its_unit() {
    let paper = Example::read("lno-graphite", |_| {});
    let page = paper.pixel_page(&Example::key("LNO", "SQ1", "tem", "sei-interfaces"), &Viewer::All);
    let mut cells = 0;
    for cell in page.split(r#"<td role="cell" class="r"><b>"#).skip(1) {
        let value = cell.split("</b>").next().unwrap();
        assert!(value.ends_with(" nm"), "{value}");
        cells += 1;
    }
    assert_eq!(cells, 4);
}

#[test]
fn texts_of_people_stay_texts() {
    let evil = r#"<script>alert(1)</script>"><img src=x>"#;
    let example = Example::read("lno-graphite", |campaign| {
        campaign.definition.groups.iter_mut().for_each(|group| group.name = evil.to_owned());
        campaign.definition.components.iter_mut().for_each(|one| one.name = evil.to_owned());
        campaign.answers.iter_mut().for_each(|answer| answer.reason = evil.to_owned());
        campaign.quantities.iter_mut().for_each(|quantity| quantity.source = evil.to_owned());
    });
    let pixel = example.pixel_page(&Example::key("LNO", "SQ1", "ndp", LITHIUM), &Viewer::All);
    let rows = example.rows("LNO", "SQ1", LITHIUM, &Viewer::All);
    let column = example.sublayer_page(["LNO", "SQ1", LITHIUM], &rows);
    for page in [pixel, column] {
        assert!(!page.contains("<script>alert"), "a script got through");
        assert!(!page.contains("<img"), "an element got through");
    }
}
