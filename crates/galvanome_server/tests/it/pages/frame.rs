//! What stands around pages and is shared by them: assets, styles of marks, words, tooltips, the list of campaigns,
//! problems.

use std::path::Path;

use galvanome_exchange::marks;
use galvanome_model::campaign::Definition;
use galvanome_model::visibility::Viewer;
use galvanome_server::assets;
use galvanome_server::pages::campaigns::{self, CampaignEntry, CampaignsInput};
use galvanome_server::pages::problem::{self, ProblemInput};
use galvanome_server::pages::tip::{self, TipInput};
use galvanome_server::pages::{CampaignHead, Crumb, Section, Shell, words};

use super::example::Example;
use super::html::{check_sound, keep, text};

fn source(path: &str) -> String {
    std::fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join(path)).unwrap()
}

const NOWHERE: Shell<'static> =
    Shell { campaign: None, section: Section::Campaigns, user: "", data: None };

#[test]
fn assets_are_found_by_their_name_and_packed_without_loss() {
    assert!(assets::all().len() >= 5);
    for asset in assets::all() {
        assert_eq!(assets::asset(asset.name).map(|found| found.etag), Some(asset.etag));
        let mut unpacked = Vec::new();
        brotli::BrotliDecompress(&mut &asset.brotli[..], &mut unpacked).unwrap();
        assert!(unpacked == asset.bytes, "{}", asset.name);
        assert!(
            asset.name.contains(asset.etag.trim_matches('"')),
            "{} carries its hash",
            asset.name
        );
    }
    assert!(assets::asset("app.js").is_none());
    for address in [assets::APP_CSS, assets::APP_JS, assets::LIVE_JS, assets::ICON_SVG] {
        assert!(assets::asset(address.strip_prefix("/assets/").unwrap()).is_some(), "{address}");
    }
}

#[test]
fn the_lock_file_names_no_registry() {
    let lock = source("web/package-lock.json");
    for trace in ["http:", "https:", "resolved"] {
        assert!(!lock.contains(trace), "package-lock.json holds {trace}");
    }
}

#[test]
fn the_style_sheet_has_every_colour_of_the_marks() {
    let plain = |text: &str| text.split_whitespace().collect::<String>().replace(";}", "}");
    let (rules, tokens) = (plain(&source("web/styles/marks.css")), source("web/styles/tokens.css"));
    for rule in marks::css().split_inclusive('}') {
        assert!(rules.contains(rule), "marks.css lacks {rule}");
        let name = rule.split("var(").nth(1).unwrap().split(')').next().unwrap();
        assert!(tokens.contains(&format!("{name}: light-dark(")), "tokens.css lacks {name}");
    }
}

#[test]
fn lengths_are_said_as_people_say_them() {
    for (metres, said) in [
        (0.0, "0"),
        (1e-10, "0.1 nm"),
        (1e-9, "1 nm"),
        (5e-8, "50 nm"),
        (1e-7, "0.1 µm"),
        (4.3e-5, "43 µm"),
        (2.6e-5, "26 µm"),
        (1e-3, "1 mm"),
        (1e-2, "1 cm"),
        (0.123_456, "12.3 cm"),
        (2.0, "2 m"),
    ] {
        assert_eq!(words::length(metres), said);
    }
}

#[test]
fn numbers_days_and_lists_are_said_as_people_say_them() {
    for (value, digits, said) in [
        (0.0, 3, "0"),
        (0.123_456, 3, "0.123"),
        (-36.04, 3, "−36"),
        (1234.6, 3, "1235"),
        (1e-20, 3, "0"),
        (f64::NAN, 3, "–"),
        (f64::INFINITY, 3, "–"),
    ] {
        assert_eq!(words::digits(value, digits), said, "{value}");
    }
    for (iso, said) in [
        ("2026-06-03", "3 June 2026"),
        ("2026-06-03T12:00:00Z", "3 June 2026"),
        ("2026-06", "2026-06"),
        ("2026-13-41", "2026-13-41"),
        ("", ""),
        ("Dezember", "Dezember"),
    ] {
        assert_eq!(words::day(iso), said);
    }
    for (items, said) in
        [(&[][..], ""), (&["a"], "a"), (&["a", "b"], "a and b"), (&["a", "b", "c"], "a, b and c")]
    {
        assert_eq!(words::list(items), said);
    }
    for (number, said) in [
        (0, "0"),
        (9999, "9999"),
        (10_000, "10\u{202f}000"),
        (123_456, "123\u{202f}456"),
        (1_234_567, "1\u{202f}234\u{202f}567"),
    ] {
        assert_eq!(words::count(number), said);
    }
    for (id, name, said) in [
        ("SQ1", "Electrolyte", ("SQ1", "Electrolyte")),
        ("heat", "Heat", ("Heat", "")),
        ("void-growth", "Void growth", ("Void growth", "")),
    ] {
        assert_eq!(words::question(id, name), said);
    }
    assert_eq!(words::moment(1_780_000_000_000_000), "28 May 2026, 20:26 UTC");
    assert_eq!(words::moment_iso(1_780_000_000_000_000), "2026-05-28T20:26:40Z");
    assert_eq!(words::moment(i64::MAX), "");
    assert_eq!(words::counted(1, "pixel", "pixels"), "1 pixel");
    assert_eq!(words::counted(0, "pixel", "pixels"), "0 pixels");
}

#[test]
fn a_tooltip_says_answer_author_and_reason() {
    let example = Example::read("lno-graphite", |_| {});
    let said = |component: &str, question: &str, technique: &str, observable: &str| {
        let key = Example::key(component, question, technique, observable);
        let view = example.metaview(component, question, &Viewer::All);
        let (row, column) =
            (view.row_of(&key.technique).unwrap(), view.column_of(&key.observable).unwrap());
        let fragment = tip::render(&TipInput {
            frame: &example.frame,
            key: &key,
            pixel: view.pixel(row, column).unwrap(),
            computed: example.computed.iter().find(|one| {
                one.component == key.component
                    && one.question == key.question
                    && one.technique == key.technique
                    && one.observable == key.observable
            }),
        })
        .unwrap();
        assert!(
            fragment.contains(&format!("/pixel/{component}/{question}/{technique}/{observable}"))
        );
        assert!(!fragment.contains(" style="));
        text(&fragment)
    };
    let check = |[component, question, technique, observable]: [&str; 4], holds: &[&str]| {
        let said = said(component, question, technique, observable);
        for expected in holds {
            assert!(said.contains(expected), "{technique}: {said} lacks {expected}");
        }
    };
    check(
        ["LNO", "SQ1", "nmr", "lithium-distribution"],
        &["Unsure, by an expert", "NMR · Lithium distribution · SQ1, LNO", "550 ppm"],
    );
    check(
        ["LNO", "SQ1", "sxdm", "lithium-distribution"],
        &["Unsure", "A closed gate voids the data."],
    );
    check(["LNO", "SQ1", "tem", "sei-interfaces"], &["Yes", "model samples alone"]);
    check(
        ["LNO", "SQ1", "oems", "morphology"],
        &["Pending", "the catalogue does not expect this technique to"],
    );
    check(["LNO", "SQ1", "echem", "morphology"], &["Not applicable, by the campaign's definition"]);
}

#[test]
fn the_list_of_campaigns_shows_what_is_asked_and_how_far_it_is() {
    let example = Example::read("invented-solid-state", |_| {});
    let definition = &example.frame.definition;
    let mut views = Vec::new();
    for component in &definition.components {
        for question in &definition.questions {
            views.push(example.metaview(component.id.as_str(), question.id.as_str(), &Viewer::All));
        }
    }
    let campaigns = [CampaignEntry { definition, metaviews: &views }];
    let page =
        campaigns::render(&CampaignsInput { shell: NOWHERE, campaigns: &campaigns }).unwrap();
    check_sound(&page);
    keep("campaigns", &page);
    let said = text(&page);
    assert!(said.contains(&definition.title) && said.contains("invented data"), "{said}");
    assert!(said.contains("3 components · 4 questions"), "{said}");
    assert!(page.contains("href=\"/c/invented-solid-state/metaviews/separator\""));

    let empty = campaigns::render(&CampaignsInput { shell: NOWHERE, campaigns: &[] }).unwrap();
    check_sound(&empty);
    assert!(
        text(&empty).contains("galvanome campaign import FOLDER"),
        "an empty page says what to do next"
    );
}

#[test]
fn a_problem_is_said_in_a_sentence_and_leads_on() {
    let definition: Definition =
        toml::from_str("format = 1\nid = \"a\"\ntitle = \"A & B <C>\"\ninvented = true").unwrap();
    for status in [400, 403, 404, 405, 409, 413, 500, 503] {
        let page = problem::render(&ProblemInput {
            shell: Shell { campaign: Some(CampaignHead::of(&definition)), ..NOWHERE },
            status,
            title: "",
            detail: "",
            next: Vec::new(),
        })
        .unwrap();
        check_sound(&page);
        assert!(
            page.contains("href=\"/c/a\"") && page.contains("href=\"/\""),
            "{status} leads nowhere"
        );
        assert!(page.contains("A &#38; B &#60;C&#62;"), "text is escaped");
        assert!(text(&page).contains("Invented data."), "said on every page that shows it");
    }
    let page = problem::render(&ProblemInput {
        shell: NOWHERE,
        status: 404,
        title: "No such pixel",
        detail: "Component `LNO` has no question `SQ9`.",
        next: vec![Crumb::to("LNO metaviews", "/c/a/metaviews/LNO")],
    })
    .unwrap();
    keep("problem", &page);
    assert!(
        text(&page).contains("No such pixel Component `LNO` has no question `SQ9`. LNO metaviews")
    );
}
