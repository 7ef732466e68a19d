//! What the address of the catalogue asks for: filters, and the technique that is highlighted.

use galvanome_model::catalogue::{Consumes, Facility, Technique};
use serde::{Deserialize, Serialize};

use super::TechniquesInput;
use crate::pages::words;

/// The observable by which a technique is said to see lithium.
const LITHIUM: &str = "lithium-distribution";

/// The query of the address. Everything is optional.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Query {
    /// Only techniques done at this kind of place.
    pub facility: Option<Facility>,
    /// Only techniques that leave the specimen intact (`intact=true`).
    pub intact: bool,
    /// Only techniques that can answer lithium distribution (`lithium=true`).
    pub lithium: bool,
    /// The technique that is highlighted.
    pub at: Option<String>,
}

/// One choice of a control.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Choice {
    pub(super) label: String,
    pub(super) href: String,
    pub(super) current: bool,
}

/// Choices beside each other.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Control {
    pub(super) label: &'static str,
    pub(super) choices: Vec<Choice>,
}

const fn facility_word(facility: Facility) -> &'static str {
    match facility {
        Facility::Lab => "lab",
        Facility::Synchrotron => "synchrotron",
        Facility::Neutron => "neutron",
    }
}

fn is_id(text: &str) -> bool {
    !text.is_empty()
        && text.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.'))
}

fn intact(technique: &Technique) -> bool {
    technique.facts.consumes == Some(Consumes::None)
}

fn sees_lithium(technique: &Technique) -> bool {
    let observables = technique.facts.observables.as_ref();
    observables.is_some_and(|all| all.iter().any(|one| one.as_str() == LITHIUM))
}

impl Query {
    /// A link to the same page with this query: `?` alone clears it.
    pub fn link(&self) -> String {
        let mut parts = Vec::new();
        if let Some(facility) = self.facility {
            parts.push(format!("facility={}", facility_word(facility)));
        }
        if self.intact {
            parts.push("intact=true".to_owned());
        }
        if self.lithium {
            parts.push("lithium=true".to_owned());
        }
        // What is not an id highlights nothing, and is not repeated.
        if let Some(at) = self.at.as_ref().filter(|at| is_id(at)) {
            parts.push(format!("at={at}"));
        }
        format!("?{}", parts.join("&"))
    }

    /// Whether a technique passes the filters.
    pub fn passes(&self, technique: &Technique) -> bool {
        (self.facility.is_none() || technique.facts.facility == self.facility)
            && (!self.intact || intact(technique))
            && (!self.lithium || sees_lithium(technique))
    }
}

/// The filters, without those that could change nothing here.
pub(super) fn filters(input: &TechniquesInput) -> Vec<Control> {
    let (query, techniques) = (input.query, input.catalogue.techniques.as_slice());
    let count =
        |test: &dyn Fn(&Technique) -> bool| techniques.iter().filter(|one| test(one)).count();
    let mut places = vec![Choice {
        label: "All".to_owned(),
        href: Query { facility: None, ..query.clone() }.link(),
        current: query.facility.is_none(),
    }];
    for facility in [Facility::Lab, Facility::Synchrotron, Facility::Neutron] {
        let found = count(&|one| one.facts.facility == Some(facility));
        if found > 0 || query.facility == Some(facility) {
            places.push(Choice {
                label: format!("{} {found}", words::facility(facility)),
                href: Query { facility: Some(facility), ..query.clone() }.link(),
                current: query.facility == Some(facility),
            });
        }
    }
    let mut kinds = Vec::new();
    let (keeps, sees) = (count(&intact), count(&sees_lithium));
    if (keeps > 0 && keeps < techniques.len()) || query.intact {
        kinds.push(Choice {
            label: format!("Leaves it intact {keeps}"),
            href: Query { intact: !query.intact, ..query.clone() }.link(),
            current: query.intact,
        });
    }
    let column = input.catalogue.observables.iter().any(|one| one.id.as_str() == LITHIUM);
    if (column && sees > 0 && sees < techniques.len()) || query.lithium {
        kinds.push(Choice {
            label: format!("Sees lithium {sees}"),
            href: Query { lithium: !query.lithium, ..query.clone() }.link(),
            current: query.lithium,
        });
    }
    let mut all = Vec::new();
    if places.len() > 2 {
        all.push(Control { label: "Where it is done", choices: places });
    }
    if !kinds.is_empty() {
        all.push(Control { label: "Only techniques that", choices: kinds });
    }
    all
}
