//! The list of campaigns: what is asked in each, and how far it is.

use askama::Template;
use galvanome_model::answer::Answer;
use galvanome_model::campaign::Definition;
use galvanome_model::metaview::Metaview;

use super::{Crumb, Shell, address, words};

/// One campaign of the list.
#[derive(Debug, Clone, Copy)]
pub struct CampaignEntry<'a> {
    /// What is asked, of what, by whom.
    pub definition: &'a Definition,
    /// Its metaviews, of all components and questions.
    pub metaviews: &'a [Metaview],
}

/// What the page says.
#[derive(Debug, Clone, Copy)]
pub struct CampaignsInput<'a> {
    /// The frame.
    pub shell: Shell<'a>,
    /// The campaigns.
    pub campaigns: &'a [CampaignEntry<'a>],
}

struct Share {
    class: &'static str,
    label: String,
    x: String,
    width: String,
}

struct Entry<'a> {
    title: &'a str,
    invented: bool,
    description: &'a str,
    href: String,
    views: Vec<(String, String)>,
    size: String,
    shares: Vec<Share>,
    said: String,
}

#[derive(Template)]
#[template(path = "campaigns.html")]
struct Page<'a> {
    shell: Shell<'a>,
    crumbs: Vec<Crumb>,
    campaigns: Vec<Entry<'a>>,
}

/// How many pixels answered what, drawn as one bar.
fn shares(metaviews: &[Metaview]) -> (Vec<Share>, String) {
    let mut counts = [0_usize; 6];
    for pixel in metaviews.iter().flat_map(|view| &view.pixels) {
        let slot = match pixel.answer {
            Some(Answer::Yes) => 0,
            Some(Answer::Unsure) => 1,
            Some(Answer::No) => 2,
            Some(Answer::NotApplicable) => 3,
            Some(Answer::NotDone) => 4,
            None => 5,
        };
        counts[slot] += 1;
    }
    let total: usize = counts.iter().sum();
    let classes = [
        ("share-yes", "yes"),
        ("share-unsure", "unsure"),
        ("share-no", "no"),
        ("share-na", "not applicable"),
        ("share-nd", "not done"),
        ("share-pending", "pending"),
    ];
    let mut shares = Vec::new();
    let mut said = Vec::new();
    let mut x = 0.0;
    for ((class, word), count) in classes.into_iter().zip(counts) {
        if count > 0 {
            let width = 100.0 * count as f64 / total as f64;
            let label = format!("{count} {word}");
            shares.push(Share {
                class,
                label: label.clone(),
                x: format!("{x:.2}"),
                width: format!("{width:.2}"),
            });
            said.push(label);
            x += width;
        }
    }
    (shares, said.join(", "))
}

fn entry<'a>(campaign: &CampaignEntry<'a>) -> Entry<'a> {
    let definition = campaign.definition;
    let (shares, said) = shares(campaign.metaviews);
    Entry {
        title: &definition.title,
        invented: definition.invented,
        description: definition.description.trim(),
        href: address::overview(&definition.id),
        views: definition
            .components
            .iter()
            .map(|component| {
                (component.name.clone(), address::metaviews(&definition.id, &component.id))
            })
            .collect(),
        size: [
            words::counted(definition.partners.len(), "partner", "partners"),
            words::counted(definition.components.len(), "component", "components"),
            words::counted(definition.questions.len(), "question", "questions"),
            words::counted(definition.techniques.len(), "technique", "techniques"),
        ]
        .join(" · "),
        shares,
        said,
    }
}

/// Renders the page.
pub fn render(input: &CampaignsInput) -> askama::Result<String> {
    Page {
        shell: input.shell,
        crumbs: Vec::new(),
        campaigns: input.campaigns.iter().map(entry).collect(),
    }
    .render()
}
