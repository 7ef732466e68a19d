//! What the address of the metaviews says beside the component: filters, order, what is highlighted.

use galvanome_model::catalogue::{Facility, Mode, Support, Technique};
use serde::{Deserialize, Serialize};

/// Which pixels stand out.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum StateFilter {
    /// All.
    #[default]
    All,
    /// Those with a yes, no or unsure.
    Answered,
    /// Those without an answer.
    Pending,
    /// Those where an expert stands over a different computed answer.
    Over,
    /// Those with a finding about data quality.
    Note,
}

impl StateFilter {
    /// The word in addresses and attributes.
    pub const fn word(self) -> &'static str {
        match self {
            Self::All => "all",
            Self::Answered => "answered",
            Self::Pending => "pending",
            Self::Over => "over",
            Self::Note => "note",
        }
    }
}

/// The order of the rows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Order {
    /// The campaign's own.
    #[default]
    Published,
    /// The shallowest first.
    Depth,
}

/// How large metaviews are shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Form {
    /// As they fit: cells of the page, or a canvas above [`super::CELLS_ON_A_PAGE`].
    #[default]
    Auto,
    /// As tables of one question, some rows at a time.
    Table,
}

/// The query of the address. Everything is optional, so that every state of the page has an address of its own.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Query {
    /// Which pixels stand out.
    pub state: StateFilter,
    /// Only techniques done at this kind of place stand out.
    pub facility: Option<Facility>,
    /// Only techniques whose numbers stand for this part of the specimen stand out.
    pub support: Option<Support>,
    /// Only techniques that can be done in this mode stand out.
    pub mode: Option<Mode>,
    /// The order of the rows.
    pub order: Order,
    /// The technique whose row is highlighted.
    pub row: Option<String>,
    /// The observable whose column is highlighted.
    pub column: Option<String>,
    /// How large metaviews are shown.
    pub form: Form,
    /// The question of a table.
    pub question: Option<String>,
    /// The first row of a table, from 0.
    pub from: usize,
}

/// The word of a facility in addresses and attributes.
pub(super) const fn facility_word(facility: Facility) -> &'static str {
    match facility {
        Facility::Lab => "lab",
        Facility::Synchrotron => "synchrotron",
        Facility::Neutron => "neutron",
    }
}

/// The word of a support class in addresses and attributes.
pub(super) const fn support_word(support: Support) -> &'static str {
    match support {
        Support::Surface => "surface",
        Support::Bulk => "bulk",
        Support::Local => "local",
    }
}

/// The word of a mode in addresses and attributes.
pub(super) const fn mode_word(mode: Mode) -> &'static str {
    match mode {
        Mode::ExSitu => "ex_situ",
        Mode::InSitu => "in_situ",
        Mode::Operando => "operando",
    }
}

impl Query {
    /// The query as it stands in an address, with its `?`; empty when it asks for nothing special.
    pub fn text(&self) -> String {
        let mut parts: Vec<(&str, String)> = Vec::new();
        if self.state != StateFilter::All {
            parts.push(("state", self.state.word().to_owned()));
        }
        if let Some(facility) = self.facility {
            parts.push(("facility", facility_word(facility).to_owned()));
        }
        if let Some(support) = self.support {
            parts.push(("support", support_word(support).to_owned()));
        }
        if let Some(mode) = self.mode {
            parts.push(("mode", mode_word(mode).to_owned()));
        }
        if self.order == Order::Depth {
            parts.push(("order", "depth".to_owned()));
        }
        if self.form == Form::Table {
            parts.push(("form", "table".to_owned()));
        }
        for (name, value) in
            [("question", &self.question), ("row", &self.row), ("column", &self.column)]
        {
            // What is not an id highlights nothing, and is not repeated.
            if let Some(value) = value.as_ref().filter(|value| is_id(value)) {
                parts.push((name, value.clone()));
            }
        }
        if self.from > 0 {
            parts.push(("from", self.from.to_string()));
        }
        let joined: Vec<String> =
            parts.into_iter().map(|(name, value)| format!("{name}={value}")).collect();
        if joined.is_empty() { String::new() } else { format!("?{}", joined.join("&")) }
    }

    /// A link to the same page with this query: `?` alone clears the query.
    pub fn link(&self) -> String {
        let text = self.text();
        if text.is_empty() { "?".to_owned() } else { text }
    }

    /// Whether a technique passes the filters of rows.
    pub fn passes(&self, technique: &Technique) -> bool {
        let facts = &technique.facts;
        let has = |wanted: bool, found: bool| !wanted || found;
        has(self.facility.is_some(), facts.facility == self.facility)
            && has(
                self.support.is_some(),
                facts
                    .support
                    .as_ref()
                    .zip(self.support)
                    .is_some_and(|(all, one)| all.contains(&one)),
            )
            && has(
                self.mode.is_some(),
                facts.modes.as_ref().zip(self.mode).is_some_and(|(all, one)| all.contains(&one)),
            )
    }
}

fn is_id(text: &str) -> bool {
    !text.is_empty()
        && text.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.'))
}
