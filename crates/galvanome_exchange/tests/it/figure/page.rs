//! The self-contained page.

use std::collections::BTreeMap;

use galvanome_exchange::figure::{self, Evidence};
use galvanome_model::answer::Answer;
use galvanome_model::quantity::{Qualifier, Quantity};
use galvanome_model::visibility::{Viewer, Visibility};

use super::{ADDRESS, campaign, input};

fn quantity(group: &str, value: f64, source: &str) -> Quantity {
    Quantity {
        descriptor: "ndp.lithium".parse().unwrap(),
        component: Some("LNO".parse().unwrap()),
        groups: vec![group.parse().unwrap()],
        sample: None,
        experiment: None,
        dataset: None,
        qualifier: Qualifier::About,
        value,
        uncertainty: Some(0.02),
        unit: "1".to_owned(),
        n: Some(3),
        method: String::new(),
        source: source.to_owned(),
        visibility: Visibility::Campaign,
        extra: BTreeMap::new(),
    }
}

fn page(viewer: &Viewer) -> String {
    let quantities =
        [quantity("with", 0.46, "section 4.3"), quantity("unrelated", 9.9, "elsewhere")];
    let computed = [campaign::computed("ndp", "lithium", Answer::Yes, 2.0)];
    let evidence = Evidence { quantities: &quantities, computed: &computed };
    figure::html(&input(&campaign::small(viewer)), &evidence)
}

/// The values of an attribute, as they stand in the text.
fn attributes<'a>(text: &'a str, name: &str) -> Vec<&'a str> {
    let start = format!(" {name}=\"");
    text.split(&start).skip(1).map(|rest| rest.split_once('"').unwrap().0).collect()
}

#[test]
fn it_refers_to_nothing_but_itself_and_the_living_page() {
    let page = page(&Viewer::All);
    let ids = attributes(&page, "id");
    for target in attributes(&page, "href") {
        if let Some(id) = target.strip_prefix('#') {
            assert!(id == "_" || ids.contains(&id), "{target} leads nowhere");
        } else {
            assert_eq!(target, ADDRESS);
        }
    }
    assert_eq!(
        page.matches("http").count() - page.matches("http-equiv").count(),
        2,
        "only the address"
    );
    for loads in [" src=", "url(", "@import", "//cdn", "fetch(", "import("] {
        assert!(!page.contains(loads), "{loads}");
    }
    let mut unique = ids.clone();
    unique.sort_unstable();
    unique.dedup();
    assert_eq!(unique.len(), ids.len(), "every id is there once");
}

/// What the sheet of a pixel says.
fn sheet<'a>(page: &'a str, id: &str) -> &'a str {
    let (_, rest) = page.split_once(&format!("<section class=\"d\" id=\"{id}\"")).unwrap();
    rest.split_once("</section>").unwrap().0
}

fn check(page: &str, id: &str, says: &[&str], does_not_say: &[&str]) {
    let sheet = sheet(page, id);
    for text in says {
        assert!(sheet.contains(text), "{id} does not say `{text}`: {sheet}");
    }
    for text in does_not_say {
        assert!(!sheet.contains(text), "{id} says `{text}`: {sheet}");
    }
}

#[test]
fn every_pixel_opens_what_stands_behind_it() {
    let page = page(&campaign::member());
    check(
        &page,
        "LNO/SQ1/ndp/lithium",
        &[
            "R. Eader",
            "Seen in &quot;the&quot; spectrum &lt;1&gt;.",
            "2.0 δ clear of its margin",
            "about 0.460 ± 0.020",
            "section 4.3",
            "−25 % [−28 %, −22 %]",
            "class=\"vs vs-yes\"",
        ],
        &["elsewhere", "9.9"],
    );
    check(
        &page,
        "LNO/SQ1/nmr/sei",
        &["Contested", "<b>yes</b> from nmr-1 at Home laboratory", "<b>no</b> from nmr-2"],
        &[],
    );
    check(
        &page,
        "LNO/SQ1/nmr/morphology",
        &["Withheld", "not shown"],
        &["Yes", "SECRET", "Computed", "δ"],
    );
    check(
        &page,
        "LNO/SQ1/xps/sei",
        &["A fault voids the data", "<b>yes</b>, counted as unsure"],
        &[],
    );
    check(&page, "LNO/SQ1/xps/lithium", &["A surface method."], &[]);
    check(&page, "LNO/SQ1/tem/sei", &["model samples alone"], &[]);
    check(&page, "LNO/SQ1/tem/lithium", &["stale"], &[]);
    check(&page, "LNO/SQ1/xrd/sei", &["does not expect"], &[]);
    check(
        &page,
        "LNO/V1/ndp/lithium",
        &["Nobody has answered yet.", "about 0.460 ± 0.020"],
        &["Experts"],
    );
    check(&page, "LNO/SQ1/xps", &["Stated about the whole row", "<b>no</b> by R. Eader"], &[]);
}

#[test]
fn every_pixel_can_be_reached_and_is_named() {
    let page = page(&Viewer::All);
    let links = page.matches("<td><a href=\"#LNO/").count();
    assert_eq!(links, 2 * (5 * 3 + 5), "pixels and rows of two metaviews");
    let titles = attributes(&page, "title");
    assert!(titles.contains(&"NDP, Lithium distribution: Yes, clears the margin by 1 to 3 δ"));
    for said in [
        "Invented data",
        "22 November 2026",
        "revision 12",
        ADDRESS,
        "lang=\"en\"",
        "scope=\"row\"",
    ] {
        assert!(page.contains(said), "{said} is missing");
    }
}
