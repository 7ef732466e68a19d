//! The catalogue: a map of probed depth against lateral scale, and a table of what each technique speaks for, needs and
//! costs; as it ships, or as a campaign uses it.

mod query;
mod table;

use askama::Template;
use galvanome_model::campaign::Definition;
use galvanome_model::catalogue::Catalogue;

use self::query::Control;
pub use self::query::Query;
pub(super) use self::table::href;
use self::table::{ObservableHead, Row};
use super::map::{self, Layer, Map};
use super::{Crumb, Shell, groups, svg, words};

/// What the page says.
#[derive(Debug, Clone, Copy)]
pub struct TechniquesInput<'a> {
    /// The frame of the page; its section is [`super::Section::Techniques`].
    pub shell: Shell<'a>,
    /// The techniques and observables: as shipped, or as the campaign uses them.
    pub catalogue: &'a Catalogue,
    /// The campaign, when the page is a campaign's: thickness of its components, partners of each technique, what they
    /// cannot see.
    pub campaign: Option<&'a Definition>,
    /// What the address asks for.
    pub query: &'a Query,
}

#[derive(Template)]
#[template(path = "techniques.html")]
struct Page<'a> {
    shell: Shell<'a>,
    crumbs: Vec<Crumb>,
    title: String,
    lead: String,
    filters: Vec<Control>,
    map: Map,
    narrow: Map,
    has_map: bool,
    heads: Vec<ObservableHead<'a>>,
    squares_width: String,
    two_letters: bool,
    rows: Vec<Row<'a>>,
    shown: String,
    clear: &'static str,
    many_observables: bool,
    unverified: String,
    /// Whether some rows hold the dash of what is not applicable.
    barred: bool,
}

/// The layers of a campaign's components whose thickness is known.
pub(super) fn layers(campaign: Option<&Definition>) -> Vec<Layer> {
    let components =
        campaign.map(|definition| definition.components.as_slice()).unwrap_or_default();
    components
        .iter()
        .filter_map(|component| {
            let thickness_m =
                component.thickness_m.filter(|depth| depth.is_finite() && *depth > 0.0)?;
            Some(Layer { name: component.id.to_string(), thickness_m })
        })
        .collect()
}

fn lead(input: &TechniquesInput) -> String {
    let count = input.catalogue.techniques.len();
    let ways = words::counted(count, "way", "ways");
    let layers = layers(input.campaign);
    let said = match layers.as_slice() {
        [] if count == 0 => return "No technique yet.".to_owned(),
        [] => format!("{ways} to look into a battery electrode"),
        [one] => format!("{ways} to look at an electrode {} thick", words::length(one.thickness_m)),
        several => {
            let thick: Vec<String> = several
                .iter()
                .map(|layer| format!("{} of {}", words::length(layer.thickness_m), layer.name))
                .collect();
            let thick: Vec<&str> = thick.iter().map(String::as_str).collect();
            format!("{ways} to look at {}", words::list(&thick))
        }
    };
    format!(
        "{}. Where two disagree, ask first whether they look at the same place.",
        groups::capitalised(&said)
    )
}

/// Renders the page.
pub fn render(input: &TechniquesInput) -> askama::Result<String> {
    let techniques = &input.catalogue.techniques;
    let layers = layers(input.campaign);
    let marked: Vec<map::Marked> = techniques
        .iter()
        .map(|technique| map::Marked {
            technique,
            href: table::href(input.campaign, &technique.id),
            faint: !input.query.passes(technique),
            highlighted: input.query.at.as_deref() == Some(technique.id.as_str()),
        })
        .collect();
    let rows = table::rows(input);
    let observables = &input.catalogue.observables;
    let many_observables = observables.len() > table::OBSERVABLES_DRAWN;
    let unverified = techniques
        .iter()
        .flat_map(|technique| technique.sources.values())
        .filter(|source| galvanome_model::catalogue::is_unverified(source))
        .count();
    let facts: usize = techniques.iter().map(|technique| technique.sources.len()).sum();
    Page {
        shell: input.shell,
        crumbs: Vec::new(),
        title: "Techniques".to_owned(),
        lead: lead(input),
        filters: query::filters(input),
        map: map::map(&marked, &layers, map::Size::Wide),
        narrow: map::map(&marked, &layers, map::Size::Narrow),
        has_map: marked.iter().any(map::Marked::has_place),
        heads: if many_observables { Vec::new() } else { table::heads(observables) },
        squares_width: svg::px(observables.len() as f64 * table::pitch(observables)),
        two_letters: table::pitch(observables) > table::PITCH,
        shown: if rows.len() == techniques.len() {
            String::new()
        } else {
            format!("{} of {}", rows.len(), words::counted(techniques.len(), "technique", "techniques"))
        },
        barred: !many_observables
            && techniques.iter().any(|technique| !table::barred(input, technique).is_empty()),
        rows,
        clear: "?",
        many_observables,
        unverified: if unverified == 0 {
            String::new()
        } else {
            format!("{unverified} of {facts} figures are general knowledge that nobody has confirmed; each technique's page marks them.")
        },
    }
    .render()
}
