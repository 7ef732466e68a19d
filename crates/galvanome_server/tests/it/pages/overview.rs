//! The overview of a campaign.

use galvanome_model::metaview::Metaview;
use galvanome_model::visibility::Viewer;
use galvanome_server::pages::overview::{self, FailedJob, OverviewInput, Written};
use galvanome_server::pages::{CampaignHead, DataVersion, Section, Shell};

use super::example::Example;
use super::html::{check_sound, keep, text};

fn page(
    example: &Example,
    metaviews: &[Metaview],
    failed_jobs: &[FailedJob],
    today: &str,
) -> String {
    overview::render(&OverviewInput {
        shell: Shell {
            campaign: Some(CampaignHead::of(&example.campaign.definition)),
            section: Section::Overview,
            user: "",
            data: Some(DataVersion { revision: "12", written_at_us: 1_780_000_000_000_000 }),
        },
        frame: &example.frame,
        campaign: &example.campaign,
        metaviews,
        written: Written::of(&example.campaign),
        computed: &example.computed,
        failed_jobs,
        today,
    })
    .unwrap()
}

fn metaviews(example: &Example) -> Vec<Metaview> {
    let definition = &example.campaign.definition;
    let pairs = definition.components.iter().flat_map(|component| {
        definition.questions.iter().map(move |question| (component, question))
    });
    pairs
        .map(|(component, question)| {
            example.metaview(component.id.as_str(), question.id.as_str(), &Viewer::All)
        })
        .collect()
}

#[test]
fn the_paper_s_campaign_says_what_is_stated_and_what_is_here() {
    let example = Example::read("lno-graphite", |_| {});
    let page = page(&example, &metaviews(&example), &[], "2026-11-22");
    check_sound(&page);
    keep("overview-lno-graphite", &page);
    let said = text(&page);
    for expected in [
        "19 stated (section 3.3), 17 written down here.",
        "75 stated (section 4.1), none written down here.",
        "8 in the lab, 5 at synchrotrons, 2 at neutron sources.",
        "LNO SQ1 Electrolyte 7 yes, 2 unsure, 6 no 86 of 120 pending",
        "Decide on voided data twice",
    ] {
        assert!(said.contains(expected), "{expected} is not said in: {said}");
    }
    assert!(!said.contains("What is late"), "the paper gives no dates");
}

#[test]
fn the_invented_campaign_says_what_waits_and_what_is_late() {
    let example = Example::read("invented-solid-state", |_| {});
    let failed = [FailedJob {
        what: "Analyse cycler-cell-25-1",
        why: "row 17, column current: “n/a” is not a number",
        href: None,
    }];
    let views = metaviews(&example);
    let page_then = page(&example, &views, &failed, "2025-06-20");
    check_sound(&page_then);
    keep("overview-invented-solid-state", &page_then);
    let said = text(&page_then);
    for expected in [
        "Invented data.",
        "What is late 2",
        "Look at a job that failed Analyse cycler-cell-25-1: row 17",
        "refines Ageing",
        "≈ 40 samples shipped",
        "contradiction",
    ] {
        assert!(said.contains(expected), "{expected} is not said in: {said}");
    }
    let at_once = text(&page(&example, &views, &[], "2025-06-03"));
    assert!(at_once.contains("What is late 1"), "only the parcel that is called late: {at_once}");
}

#[test]
fn a_large_campaign_is_linked_and_not_drawn() {
    let example = Example::read("lno-graphite", |campaign| {
        let first = campaign.definition.components[0].clone();
        for number in 0..20 {
            let id = format!("part-{number}").parse().unwrap();
            campaign
                .definition
                .components
                .push(galvanome_model::campaign::Component { id, ..first.clone() });
        }
    });
    let page = page(&example, &[], &[], "");
    check_sound(&page);
    keep("overview-large", &page);
    let said = text(&page);
    assert!(said.contains("5280 pixels are too many to draw here."), "{said}");
    assert!(page.contains(r#"href="/c/lno-graphite/metaviews/part-19""#));
}
