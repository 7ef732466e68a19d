//! The catalogue and the page of a technique.

use galvanome_model::catalogue::{Catalogue, Facility};
use galvanome_model::ids::TechniqueId;
use galvanome_server::pages::technique::{self, TechniqueInput};
use galvanome_server::pages::techniques::{self, Query, TechniquesInput};
use galvanome_server::pages::{CampaignHead, Section, Shell};

use super::example::Example;
use super::html::{check_sound, keep, text};

fn shell(example: Option<&Example>) -> Shell<'_> {
    Shell {
        campaign: example.map(|example| CampaignHead::of(&example.campaign.definition)),
        section: Section::Techniques,
        user: "",
        data: None,
    }
}

fn catalogue_page(catalogue: &Catalogue, example: Option<&Example>, query: &Query) -> String {
    techniques::render(&TechniquesInput {
        shell: shell(example),
        catalogue,
        campaign: example.map(|example| &example.campaign.definition),
        query,
    })
    .unwrap()
}

fn technique_page(example: Option<&Example>, id: &str, manual: Option<&str>) -> String {
    let shipped = galvanome_techniques::catalogue();
    let catalogue = example.map_or(shipped, |example| &example.frame.catalogue);
    let id = TechniqueId::new(id).unwrap();
    technique::render(&TechniqueInput {
        shell: shell(example),
        technique: catalogue.technique(&id).unwrap(),
        catalogue,
        campaign: example.map(|example| &example.campaign.definition),
        shipped: example.and_then(|_| shipped.technique(&id)),
        manual,
    })
    .unwrap()
}

/// The catalogue four times over, each copy a little elsewhere.
fn sixty() -> Catalogue {
    let mut catalogue = galvanome_techniques::catalogue().clone();
    let shipped = catalogue.techniques.clone();
    for copy in 1..4_i32 {
        for technique in &shipped {
            let mut other = technique.clone();
            other.id = format!("{}-{copy}", technique.id).parse().unwrap();
            other.short_name = format!("{} {copy}", technique.short_name);
            let shift = |value: &mut Option<f64>, by: f64| {
                *value = value.map(|value| value * by.powi(copy));
            };
            shift(&mut other.facts.depth_typical_m, 0.45);
            shift(&mut other.facts.lateral_resolution_m, 0.3);
            catalogue.techniques.push(other);
        }
    }
    catalogue
}

#[test]
fn the_catalogue_lists_every_technique_and_filters_by_address() {
    let shipped = galvanome_techniques::catalogue();
    let paper = Example::read("lno-graphite", |_| {});
    let invented = Example::read("invented-solid-state", |_| {});
    let all = Query::default();
    for (name, page) in [
        ("techniques", catalogue_page(shipped, None, &all)),
        (
            "techniques-lno-graphite",
            catalogue_page(
                &paper.frame.catalogue,
                Some(&paper),
                &Query { at: Some("ndp".to_owned()), ..all.clone() },
            ),
        ),
        ("techniques-invented", catalogue_page(&invented.frame.catalogue, Some(&invented), &all)),
        ("techniques-60", catalogue_page(&sixty(), None, &all)),
    ] {
        check_sound(&page);
        keep(name, &page);
    }
    for (query, expected, absent) in [
        (
            Query { facility: Some(Facility::Neutron), ..all.clone() },
            "2 of 15 techniques",
            "OEMS (",
        ),
        (Query { intact: true, lithium: true, ..all.clone() }, "of 15 techniques", "used up"),
    ] {
        let page = catalogue_page(shipped, None, &query);
        check_sound(&page);
        let said = text(&page);
        let table = said.split("The catalogue").nth(1).unwrap();
        assert!(table.contains(expected), "{table}");
        assert!(!table.contains(absent), "{table}");
    }
    let filtered = Query { facility: Some(Facility::Synchrotron), ..all };
    keep("techniques-synchrotron", &catalogue_page(shipped, None, &filtered));
    assert_eq!(filtered.link(), "?facility=synchrotron");
    let evil = Query { at: Some("\"><script>".to_owned()), ..Query::default() };
    assert_eq!(evil.link(), "?");
    check_sound(&catalogue_page(shipped, None, &evil));
}

#[test]
fn a_technique_tells_every_fact_with_its_source() {
    let shipped = galvanome_techniques::catalogue();
    for technique in &shipped.techniques {
        let page = technique_page(None, technique.id.as_str(), None);
        check_sound(&page);
        let said = text(&page);
        for artefact in technique.facts.artefacts.iter().flatten() {
            assert!(said.contains(&artefact.replace("  ", " ")), "{artefact}: {said}");
        }
        for descriptor in &technique.descriptors {
            assert!(said.contains(descriptor.id.as_str()), "{}", descriptor.id);
        }
        for source in technique.sources.values() {
            assert!(said.contains(source.as_str()), "{source}");
        }
    }
    let manual = "//! Cycling of whole cells.\n//!\n//! # What it measures\n//! `echem.discharge-capacity`: the charge.\n//!\n//! # How the numbers are made\n//! 1. Files are joined.\n//! 2. Cycles are found.\n//!\n//! # When it is unsure\n//! Below 3 cycles.\n//!\n//! # References\n//! Sen 1968.";
    let echem = technique_page(None, "echem", Some(manual));
    keep("technique-echem", &echem);
    assert!(echem.contains("<ol><li>Files are joined.</li>"));
}

#[test]
fn a_campaign_tells_what_it_changes() {
    let paper = Example::read("lno-graphite", |_| {});
    let invented = Example::read("invented-solid-state", |_| {});
    for (example, id, expected) in [
        (&paper, "ndp", "Deepest 26 µm 30 µm section 4.3"),
        (&paper, "nmr", "Not applicable morphology and electronic structure"),
        (&paper, "xps", "Not applicable"),
        (&invented, "acoustics", "Added by this campaign"),
        (&invented, "nanoct", "Margin Porosity"),
        (&invented, "tem", "No partner"),
    ] {
        let page = technique_page(Some(example), id, None);
        check_sound(&page);
        keep(&format!("technique-{}-{id}", example.campaign.definition.id), &page);
        let said = text(&page);
        if expected != "No partner" {
            assert!(said.contains(expected), "{expected} is not said in: {said}");
        }
    }
}
