//! What stands around every page.

use galvanome_model::campaign::Definition;
use galvanome_model::ids::{CampaignId, ComponentId};

use super::{address, words};
use crate::assets;

/// Which entry of the navigation a page belongs to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Section {
    /// The list of campaigns.
    Campaigns,
    /// The overview of a campaign.
    Overview,
    /// Metaviews and what opens from them.
    Metaviews,
    /// Files and what they hold.
    Datasets,
    /// The catalogue.
    Techniques,
}

/// What the frame of a page says of the campaign that it belongs to.
#[derive(Debug, Clone, Copy)]
pub struct CampaignHead<'a> {
    /// Its id.
    pub id: &'a CampaignId,
    /// Its title.
    pub title: &'a str,
    /// Whether it is invented, which is said on every page that shows it.
    pub invented: bool,
    /// The component whose metaviews the navigation opens.
    pub component: Option<&'a ComponentId>,
}

impl<'a> CampaignHead<'a> {
    /// The head of a campaign; its navigation opens the metaviews of its first component.
    pub fn of(definition: &'a Definition) -> Self {
        Self {
            id: &definition.id,
            title: &definition.title,
            invented: definition.invented,
            component: definition.components.first().map(|component| &component.id),
        }
    }

    /// The same, with the navigation opening the metaviews of the component that is looked at.
    #[must_use]
    pub fn at(self, component: &'a ComponentId) -> Self {
        Self { component: Some(component), ..self }
    }

    /// The address of its overview.
    pub fn href(&self) -> String {
        address::overview(self.id)
    }
}

/// The state of the data that a page shows: every page says as of when it speaks.
#[derive(Debug, Clone, Copy)]
pub struct DataVersion<'a> {
    /// The campaign's revision.
    pub revision: &'a str,
    /// When that was written, in microseconds since 1970 UTC.
    pub written_at_us: i64,
}

impl DataVersion<'_> {
    /// For `<time datetime="…">`.
    pub fn iso(&self) -> String {
        words::moment_iso(self.written_at_us)
    }

    /// For people.
    pub fn moment(&self) -> String {
        words::moment(self.written_at_us)
    }
}

/// One step of the path to a page.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Crumb {
    /// What it is called.
    pub label: String,
    /// Where it leads; none for the page itself.
    pub href: Option<String>,
}

impl Crumb {
    /// A step that leads somewhere.
    pub fn to(label: impl Into<String>, href: impl Into<String>) -> Self {
        Self { label: label.into(), href: Some(href.into()) }
    }

    /// The page itself.
    pub fn here(label: impl Into<String>) -> Self {
        Self { label: label.into(), href: None }
    }
}

/// One entry of the navigation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NavLink {
    /// What it is called.
    pub label: &'static str,
    /// Where it leads.
    pub href: String,
    /// Whether the page belongs to it.
    pub current: bool,
}

/// An entry of the navigation: its section, its label, and where it leads, which may need a campaign.
type Entry = (Section, &'static str, fn(Option<&CampaignHead>) -> Option<String>);

/// The pages that exist, in the order of a campaign's work.
const NAVIGATION: &[Entry] = &[
    (Section::Campaigns, "Campaigns", |campaign| match campaign {
        Some(_) => None,
        None => Some(address::CAMPAIGNS.to_owned()),
    }),
    (Section::Overview, "Overview", |campaign| campaign.map(CampaignHead::href)),
    (Section::Metaviews, "Metaviews", |campaign| {
        let campaign = campaign?;
        Some(address::metaviews(campaign.id, campaign.component?))
    }),
    (Section::Datasets, "Datasets", |campaign| {
        campaign.map(|campaign| address::datasets(campaign.id))
    }),
    (Section::Techniques, "Techniques", |campaign| {
        Some(campaign.map_or_else(
            || address::TECHNIQUES.to_owned(),
            |campaign| address::campaign_techniques(campaign.id),
        ))
    }),
];

/// The frame of a page.
#[derive(Debug, Clone, Copy)]
pub struct Shell<'a> {
    /// The campaign that the page belongs to.
    pub campaign: Option<CampaignHead<'a>>,
    /// The entry of the navigation that the page belongs to.
    pub section: Section,
    /// The name of the person who looks; empty for the local user of a local server.
    pub user: &'a str,
    /// The state of the data that the page shows.
    pub data: Option<DataVersion<'a>>,
}

impl Shell<'_> {
    /// The navigation as this page shows it.
    pub fn navigation(&self) -> Vec<NavLink> {
        let campaign = self.campaign.as_ref();
        NAVIGATION
            .iter()
            .filter_map(|(section, label, leads)| {
                Some(NavLink { label, href: leads(campaign)?, current: *section == self.section })
            })
            .collect()
    }

    /// Address of the style sheet.
    pub fn css(&self) -> &'static str {
        assets::APP_CSS
    }

    /// Address of the script that every page has.
    pub fn app_js(&self) -> &'static str {
        assets::APP_JS
    }

    /// Address of the script of curves and uploads.
    pub fn dataset_js(&self) -> &'static str {
        assets::DATASET_JS
    }

    /// Address of htmx, for the pages on which something changes in place.
    pub fn live_js(&self) -> &'static str {
        assets::LIVE_JS
    }

    /// Address of the icon.
    pub fn icon(&self) -> &'static str {
        assets::ICON_SVG
    }

    /// The version of the program.
    pub fn program(&self) -> &'static str {
        env!("CARGO_PKG_VERSION")
    }
}
