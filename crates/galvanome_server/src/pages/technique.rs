//! One technique: everything that is known of it with where each fact comes from, the numbers that it yields, and the
//! page of the manual that its analysis has.

mod changes;
mod descriptors;
mod facts;

use askama::Template;
use galvanome_model::campaign::Definition;
use galvanome_model::catalogue::{Catalogue, Relation, Technique};

use self::changes::Change;
use self::descriptors::Line;
use self::facts::{Observed, Section};
use super::map::{self, Map, Marked, Shape};
use super::{Crumb, Shell, address, manual, techniques, words};

/// What the page says.
#[derive(Debug, Clone, Copy)]
pub struct TechniqueInput<'a> {
    /// The frame of the page; its section is [`super::Section::Techniques`].
    pub shell: Shell<'a>,
    /// The technique: as shipped, or as the campaign uses it.
    pub technique: &'a Technique,
    /// The catalogue that it stands in, of the same kind: names of observables, margins, the other marks of the map.
    pub catalogue: &'a Catalogue,
    /// The campaign, when the page is a campaign's.
    pub campaign: Option<&'a Definition>,
    /// The technique as it ships, beside which the campaign's changes are told; none when the campaign added it, or
    /// when the page is not a campaign's.
    pub shipped: Option<&'a Technique>,
    /// The page of the manual of its analysis: the text of its module comment, with `#` headings and without `//!`.
    pub manual: Option<&'a str>,
}

/// A term of a public vocabulary.
struct TermLine<'a> {
    scheme: &'a str,
    label: &'a str,
    /// Its address, when it is one that a browser opens.
    href: Option<&'a str>,
    iri: &'a str,
    relation: &'static str,
}

/// A partner with where it is.
struct By<'a> {
    name: &'a str,
    country: &'a str,
}

#[derive(Template)]
#[template(path = "technique.html")]
struct Page<'a> {
    shell: Shell<'a>,
    crumbs: Vec<Crumb>,
    technique: &'a Technique,
    shape: Shape,
    lead: String,
    unverified: String,
    map: Option<Map>,
    sections: Vec<Section>,
    observed: Vec<Observed<'a>>,
    artefacts: &'a [String],
    artefacts_source: &'a str,
    artefacts_unverified: bool,
    observed_source: &'a str,
    observed_unverified: bool,
    lines: Vec<Line>,
    in_campaign: bool,
    terms: Vec<TermLine<'a>>,
    partners: Vec<By<'a>>,
    changes: Vec<Change>,
    changes_title: String,
    campaign_note: &'a str,
    rows: Vec<(String, String)>,
    elsewhere: Option<(String, String)>,
    manual: String,
    version: &'a str,
}

/// A relation in words.
const fn relation(relation: Relation) -> &'static str {
    match relation {
        Relation::Exact => "the same",
        Relation::Broader => "covers more",
        Relation::Narrower => "covers less",
        Relation::Close => "near, not the same",
    }
}

/// An address that a browser may open; other texts are shown and not linked.
fn web(iri: &str) -> Option<&str> {
    (iri.starts_with("https://") || iri.starts_with("http://")).then_some(iri)
}

fn lead(technique: &Technique) -> String {
    let facts = &technique.facts;
    let mut said = Vec::new();
    said.extend(facts.facility.map(|one| match one {
        galvanome_model::catalogue::Facility::Lab => "Done in the laboratory".to_owned(),
        galvanome_model::catalogue::Facility::Synchrotron => "Done at synchrotrons".to_owned(),
        galvanome_model::catalogue::Facility::Neutron => "Done at neutron sources".to_owned(),
    }));
    said.extend(facts.probe.as_ref().map(|probe| format!("sends {probe}")));
    if let Some(support) = &facts.support {
        let all: Vec<String> =
            support.iter().map(|one| words::support(*one).to_lowercase()).collect();
        let all: Vec<&str> = all.iter().map(String::as_str).collect();
        said.push(format!(
            "its numbers stand for the {} of a specimen",
            words::list(&all).replace("local", "local parts")
        ));
    }
    if said.is_empty() {
        "Nothing is known of it yet.".to_owned()
    } else {
        format!("{}.", said.join("; "))
    }
}

fn small_map(input: &TechniqueInput) -> Option<Map> {
    let marked: Vec<Marked> = input
        .catalogue
        .techniques
        .iter()
        .map(|one| Marked {
            technique: one,
            href: techniques::href(input.campaign, &one.id),
            faint: one.id != input.technique.id,
            highlighted: one.id == input.technique.id,
        })
        .collect();
    let has_place = marked.iter().any(|one| one.highlighted && one.has_place());
    has_place.then(|| map::map(&marked, &techniques::layers(input.campaign), map::Size::Small))
}

/// Renders the page.
pub fn render(input: &TechniqueInput) -> askama::Result<String> {
    let technique = input.technique;
    let entry = input
        .campaign
        .and_then(|definition| definition.techniques.iter().find(|one| one.id == technique.id));
    let (unconfirmed, all) = facts::unverified(technique);
    let source = |fact: &str| technique.sources.get(fact).map_or("", String::as_str);
    let (artefacts_source, observed_source) = (source("artefacts"), source("observables"));
    let catalogue_page = |definition: Option<&Definition>| {
        definition.map_or_else(
            || address::TECHNIQUES.to_owned(),
            |definition| address::campaign_techniques(&definition.id),
        )
    };
    Page {
        shell: input.shell,
        crumbs: vec![
            Crumb::to("Techniques", catalogue_page(input.campaign)),
            Crumb::here(technique.short_name.clone()),
        ],
        shape: map::shape(technique.facts.facility),
        lead: lead(technique),
        unverified: match unconfirmed {
            0 => String::new(),
            some => format!(
                "{some} of its {all} facts are general knowledge that nobody has confirmed yet, and are marked like this."
            ),
        },
        map: small_map(input),
        sections: facts::sections(technique),
        observed: facts::observed(technique, &input.catalogue.observables, entry),
        artefacts: technique.facts.artefacts.as_deref().unwrap_or_default(),
        observed_source,
        observed_unverified: galvanome_model::catalogue::is_unverified(observed_source),
        artefacts_source,
        artefacts_unverified: galvanome_model::catalogue::is_unverified(artefacts_source),
        lines: descriptors::lines(technique, input.catalogue),
        in_campaign: input.campaign.is_some(),
        terms: technique
            .terms
            .iter()
            .map(|term| TermLine {
                scheme: &term.scheme,
                label: &term.label,
                href: web(&term.iri),
                iri: &term.iri,
                relation: relation(term.relation),
            })
            .collect(),
        partners: entry
            .map(|entry| entry.partners.as_slice())
            .unwrap_or_default()
            .iter()
            .map(|id| {
                let partner = input.campaign.and_then(|definition| definition.partner(id));
                By {
                    name: partner.map_or(id.as_str(), |partner| &partner.name),
                    country: partner.map_or("", |partner| &partner.country),
                }
            })
            .collect(),
        changes: entry.map_or_else(Vec::new, |entry| changes::changes(input, entry)),
        changes_title: if input.shipped.is_some() {
            "What this campaign changes".to_owned()
        } else {
            "Added by this campaign".to_owned()
        },
        campaign_note: entry.and_then(|entry| entry.note.as_deref()).unwrap_or_default(),
        rows: input.campaign.map_or_else(Vec::new, |definition| {
            definition
                .components
                .iter()
                .map(|component| {
                    let query = super::metaviews::Query {
                        row: Some(technique.id.to_string()),
                        ..Default::default()
                    };
                    (
                        component.name.clone(),
                        address::metaviews(&definition.id, &component.id) + &query.text(),
                    )
                })
                .collect()
        }),
        elsewhere: input
            .campaign
            .filter(|_| input.shipped.is_some())
            .map(|_| ("As it ships".to_owned(), address::technique(&technique.id))),
        manual: input.manual.map(manual::html).unwrap_or_default(),
        version: technique.version.as_deref().unwrap_or_default(),
        technique,
    }
    .render()
}
