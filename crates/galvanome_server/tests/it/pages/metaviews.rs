//! The metaviews of a component: cells and their labels, filters and order by address, large campaigns, the JSON
//! behind the canvas.

use std::collections::BTreeSet;
use std::fmt::Write as _;

use galvanome_exchange::marks::glyph_of;
use galvanome_model::campaign::{Campaign, Definition};
use galvanome_model::catalogue::{Facility, Mode, Support};
use galvanome_model::metaview::{Frame, Metaview};
use galvanome_model::visibility::Viewer;
use galvanome_server::pages::metaviews::{
    Form, MetaviewsInput, Order, Query, RowNotes, StateFilter, cells_json, render, row_notes,
};
use galvanome_server::pages::{CampaignHead, DataVersion, Section, Shell};

use super::example::Example;
use super::html::{check_sound, keep, text};

fn shell(definition: &Definition) -> Shell<'_> {
    Shell {
        campaign: Some(CampaignHead::of(definition)),
        section: Section::Metaviews,
        user: "",
        data: Some(DataVersion { revision: "12", written_at_us: 1_780_000_000_000_000 }),
    }
}

/// What a page of an example is made of.
struct Made {
    example: Example,
    views: Vec<Metaview>,
    notes: RowNotes,
    component: String,
}

impl Made {
    fn of(example: Example, component: &str) -> Self {
        let definition = &example.frame.definition;
        let views = definition
            .questions
            .iter()
            .map(|question| example.metaview(component, question.id.as_str(), &Viewer::All))
            .collect();
        let id = definition
            .components
            .iter()
            .find(|one| one.id.as_str() == component)
            .unwrap()
            .id
            .clone();
        let notes = row_notes(&example.campaign, &id);
        Self { example, views, notes, component: component.to_owned() }
    }

    fn input<'a>(&'a self, query: &'a Query) -> MetaviewsInput<'a> {
        let definition = &self.example.frame.definition;
        MetaviewsInput {
            shell: shell(definition),
            frame: &self.example.frame,
            component: definition
                .components
                .iter()
                .find(|one| one.id.as_str() == self.component)
                .unwrap(),
            metaviews: &self.views,
            notes: &self.notes,
            query,
        }
    }

    fn page(&self, query: &Query) -> String {
        let page = render(&self.input(query)).unwrap();
        check_sound(&page);
        page
    }
}

fn paper(component: &str) -> Made {
    Made::of(Example::read("lno-graphite", |_| {}), component)
}

/// What stands between two texts, for the first occurrence of the first.
fn between<'a>(page: &'a str, from: &str, to: &str) -> &'a str {
    page.split_once(from).unwrap_or_else(|| panic!("no {from}")).1.split_once(to).unwrap().0
}

#[test]
fn every_pixel_of_every_question_is_one_link() {
    for (name, component) in [
        ("lno-graphite", "LNO"),
        ("lno-graphite", "Graphite"),
        ("invented-solid-state", "separator"),
    ] {
        let made = Made::of(Example::read(name, |_| {}), component);
        let page = made.page(&Query::default());
        keep(&format!("metaviews-{component}"), &page);
        let links: Vec<&str> = page
            .split("<a href=\"")
            .skip(1)
            .map(|rest| rest.split('"').next().unwrap())
            .filter(|href| href.contains("/pixel/"))
            .collect();
        let different: BTreeSet<_> = links.iter().collect();
        let frame = &made.example.frame;
        let cells =
            frame.catalogue.techniques.len() * frame.catalogue.observables.len() * made.views.len();
        assert_eq!((links.len(), different.len()), (cells, cells), "{component}");
        for view in &made.views {
            for (at, pixel) in view.pixels.iter().enumerate() {
                let (row, column) = (at / view.observables.len(), at % view.observables.len());
                let href = format!(
                    "/c/{name}/pixel/{component}/{}/{}/{}",
                    view.question, view.techniques[row], view.observables[column]
                );
                let said = between(&page, &format!("<a href=\"{href}\" aria-label=\""), "\"");
                let words = glyph_of(pixel).words();
                assert!(said.ends_with(&words), "{href} says {said}, not {words}");
            }
        }
        assert_eq!(frame.definition.invented, page.contains("Invented data."), "{component}");
    }
}

#[test]
fn the_paper_reads_as_its_text_says() {
    let page = paper("LNO").page(&Query::default());
    let said = text(&page);
    for expected in [
        "24 of 240 pixels answered, 36 not applicable, 1 not done, 179 pending",
        "aged with LiTDI against aged without LiTDI",
        "aged with LiTDI and aged without LiTDI against pristine",
        "All 240 Answered 24 Pending 179",
        "All facilities Lab 8 Synchrotron 5 Neutron 2",
        "Brackets stated of the whole row",
        "Cut corner model samples alone",
        "data version 12",
    ] {
        assert!(said.contains(expected), "the page lacks: {expected}");
    }
    // XRS has no measured pixel: what the text states of the row is shown in brackets.
    let xrs = between(&page, r#"aria-label="XRS, SQ1, all observables: "#, "</a>");
    assert!(xrs.starts_with("Not done, stated of the whole row"), "{xrs}");
    assert!(xrs.contains("#m-stated"), "{xrs}");
    // A fault that voids a technique's data stands beside its name.
    let sxdm = between(&page, r#"#sxdm""#, "</th>");
    assert!(sxdm.contains("beam damage"), "{sxdm}");
}

#[test]
fn a_page_stays_small() {
    let page = paper("LNO").page(&Query::default());
    let mut packed = Vec::new();
    let settings = brotli::enc::BrotliEncoderParams { quality: 5, ..Default::default() };
    brotli::BrotliCompress(&mut page.as_bytes(), &mut packed, &settings).unwrap();
    let assets: usize = galvanome_server::assets::all()
        .iter()
        .filter(|asset| page.contains(asset.name))
        .map(|asset| asset.brotli.len())
        .sum();
    assert!(packed.len() + assets < 60_000, "{} + {assets} bytes", packed.len());
}

#[test]
fn the_address_sets_filters_order_and_highlights() {
    let made = paper("LNO");
    let check = |query: Query, address: &str, holds: &[&str]| {
        assert_eq!(query.link(), address);
        let page = made.page(&query);
        for expected in holds {
            assert!(page.contains(expected), "{address}: no {expected}");
        }
        page
    };
    check(
        Query::default(),
        "?",
        &[r#"data-state="all" data-facility="" data-support="" data-mode="""#],
    );
    check(
        Query { state: StateFilter::Answered, ..Query::default() },
        "?state=answered",
        &[
            r#"data-state="answered""#,
            r#"data-value="answered" aria-current="true">Answered 24"#,
            r#"href="/c/lno-graphite/metaviews/Graphite?state=answered""#,
            r#"href="?state=answered&#38;facility=lab""#,
        ],
    );
    check(
        Query {
            facility: Some(Facility::Neutron),
            support: Some(Support::Bulk),
            mode: Some(Mode::ExSitu),
            ..Query::default()
        },
        "?facility=neutron&support=bulk&mode=ex_situ",
        &[r#"data-facility="neutron" data-support="bulk" data-mode="ex_situ""#],
    );
    let pinned = check(
        Query { row: Some("xrd".into()), column: Some("morphology".into()), ..Query::default() },
        "?row=xrd&column=morphology",
        &[r#"class="col pin""#],
    );
    // One row in the names, in the global view and in each question.
    assert_eq!(pinned.matches(r#"" class="pin"><th"#).count(), 4);
    let sorted = check(
        Query { order: Order::Depth, ..Query::default() },
        "?order=depth",
        &[r#"data-value="depth" aria-current="true""#],
    );
    let place = |page: &str, name: &str| page.find(&format!("#{name}\"")).unwrap();
    assert!(place(&sorted, "xps") < place(&sorted, "raman"));
    assert!(place(&sorted, "raman") < place(&sorted, "ni"));
    // What is no id never comes back in an address.
    let odd = Query { row: Some("\"><script>".into()), ..Query::default() };
    assert_eq!(odd.link(), "?");
    assert!(!made.page(&odd).contains("><script>\""));
}

#[test]
fn a_query_is_read_from_an_address() {
    let check = |fields: &[(&str, &str)], expected: Query| {
        let object =
            fields.iter().map(|(name, value)| ((*name).to_owned(), (*value).into())).collect();
        let read: Query = serde_json::from_value(serde_json::Value::Object(object)).unwrap();
        assert_eq!(read, expected);
    };
    check(&[], Query::default());
    check(&[("state", "over")], Query { state: StateFilter::Over, ..Query::default() });
    check(&[("mode", "ex_situ")], Query { mode: Some(Mode::ExSitu), ..Query::default() });
    check(&[("form", "table")], Query { form: Form::Table, ..Query::default() });
    let wrong = serde_json::from_str::<Query>(r#"{"state": "everything"}"#);
    assert!(wrong.is_err(), "an unknown word is an error, not a guess");
}

#[test]
fn the_json_of_the_canvas_says_what_the_cells_say() {
    let made = paper("LNO");
    let json: serde_json::Value =
        serde_json::from_str(&cells_json(&made.input(&Query::default())).unwrap()).unwrap();
    assert_eq!(json["schema"], 1);
    assert_eq!(json["rows"].as_array().unwrap().len(), 15);
    assert_eq!(json["columns"].as_array().unwrap().len(), 8);
    let look = |letter: char| &json["palette"][letter as usize - 0x100];
    for (view, question) in made.views.iter().zip(json["questions"].as_array().unwrap()) {
        let letters: Vec<char> = question["cells"].as_str().unwrap().chars().collect();
        assert_eq!(letters.len(), view.pixels.len());
        for (letter, pixel) in letters.into_iter().zip(&view.pixels) {
            assert_eq!(look(letter)["words"], glyph_of(pixel).words());
        }
        assert_eq!(question["by_row"].as_str().unwrap().chars().count(), 15);
        assert_eq!(question["column_counts"].as_array().unwrap().len(), 8);
    }
    let xrs = json["questions"][0]["by_row"].as_str().unwrap().chars().nth(12).unwrap();
    assert_eq!(look(xrs)["words"], "Not done, stated of the whole row");
    assert_eq!(json["rows"][0]["facility"], "lab");
}

/// An invented campaign of so many techniques, observables and questions, all pending.
fn large(techniques: usize, observables: usize, questions: usize) -> (Campaign, Frame) {
    let mut text = String::from(
        "format = 1\nid = \"large\"\ntitle = \"Large\"\ninvented = true\n[[component]]\nid = \"c\"\nname = \"C\"\n",
    );
    let mut add = |kind: &str, count: usize, more: &str| {
        let letter = &kind[..1];
        for at in 0..count {
            writeln!(
                text,
                "[[{kind}]]\nid = \"{letter}{at}\"\nname = \"A {kind} of some length {at}\"\n{more}"
            )
            .unwrap();
        }
    };
    add("question", questions, "text = \"?\"\nkind = \"link\"\n");
    add("observable", observables, "");
    add("technique", techniques, "");
    let campaign = Campaign::new(toml::from_str(&text).unwrap());
    let catalogue = campaign.definition.catalogue(galvanome_techniques::catalogue()).unwrap();
    let frame = Frame::new(&campaign, catalogue);
    (campaign, frame)
}

#[test]
fn a_large_campaign_is_a_canvas_with_tables_behind_it() {
    let (campaign, frame) = large(200, 50, 4);
    let component = &campaign.definition.components[0];
    let views: Vec<Metaview> = frame
        .definition
        .questions
        .iter()
        .map(|question| Metaview::of(&frame, &component.id, &question.id, [], &Viewer::All))
        .collect();
    let notes = RowNotes::new();
    let page = |query: &Query| {
        let page = render(&MetaviewsInput {
            shell: shell(&frame.definition),
            frame: &frame,
            component,
            metaviews: &views,
            notes: &notes,
            query,
        })
        .unwrap();
        check_sound(&page);
        page
    };
    let canvas = page(&Query::default());
    assert!(canvas.len() < 20_000, "{} bytes", canvas.len());
    assert!(canvas.contains(r#"data-cells="/c/large/metaviews/c/cells.json""#));
    assert!(
        canvas.contains(r#"<a href="/c/large/metaviews/c?form=table">"#),
        "without scripts: tables"
    );

    // Walking through the tables by their own links meets every pixel once.
    let mut met = BTreeSet::new();
    for question in 0..4 {
        let mut query =
            Query { form: Form::Table, question: Some(format!("q{question}")), ..Query::default() };
        loop {
            let table = page(&query);
            let pixels: Vec<_> = table
                .split("<a href=\"/c/large/pixel/c/")
                .skip(1)
                .map(|rest| rest.split('"').next().unwrap().to_owned())
                .collect();
            assert!(pixels.len() <= 1500);
            for pixel in pixels {
                assert!(met.insert(pixel.clone()), "{pixel} twice");
            }
            let Some((before, _)) = table.split_once("\">Later</a>") else { break };
            let href = before.rsplit_once("href=\"").unwrap().1;
            query.from = href.rsplit_once("from=").unwrap().1.parse().unwrap();
        }
    }
    assert_eq!(met.len(), 200 * 50 * 4);
}

#[test]
fn an_empty_campaign_says_so() {
    let (campaign, frame) = large(0, 0, 0);
    let notes = RowNotes::new();
    let page = render(&MetaviewsInput {
        shell: shell(&frame.definition),
        frame: &frame,
        component: &campaign.definition.components[0],
        metaviews: &[],
        notes: &notes,
        query: &Query { form: Form::Table, from: 7, ..Query::default() },
    })
    .unwrap();
    check_sound(&page);
    assert!(text(&page).contains("the campaign names no technique, observable or question"));
}
