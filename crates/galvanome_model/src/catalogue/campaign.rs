//! What a campaign says of the catalogue: columns, rows, facts, descriptors and margins of its own.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::check::{Problem, Table};
use super::margin::Margin;
use super::{
    BY_CAMPAIGN, Catalogue, Descriptor, Facts, Observable, Relation, Scale, SpeaksFor, Technique,
    TypicalUncertainty,
};
use crate::ids::{DescriptorId, ObservableId, PartnerId, TechniqueId};

/// A column of a campaign: `[[observable]]`. An id of the catalogue needs nothing else.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ObservableOverride {
    /// Its id.
    pub id: ObservableId,
    /// Its name; needed for one that the catalogue does not have.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// A name for the head of a narrow column; the name when absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub short_name: Option<String>,
    /// What belongs to it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub description: Option<String>,
    /// Where it comes from.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub source: Option<String>,
}

/// A row of a campaign: `[[technique]]`. An id of the catalogue needs nothing else; facts that are given
/// replace the catalogue's.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TechniqueOverride {
    /// Its id.
    pub id: TechniqueId,
    /// Its name; needed for one that the catalogue does not have.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// The label of its row; the name when absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub short_name: Option<String>,
    /// The partners who do it in this campaign.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub partners: Vec<PartnerId>,
    /// The observables that it cannot see in this campaign.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub not_applicable: Vec<ObservableId>,
    /// Why it cannot.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub not_applicable_reason: Option<String>,
    /// Where the names and facts given here come from.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub source: Option<String>,
    /// Anything else to be known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub note: Option<String>,
    /// The facts that are given, `[technique.facts]`.
    #[serde(default, skip_serializing_if = "is_default")]
    pub facts: Facts,
    /// Facts by names that the catalogue does not know, `[technique.extra]`.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub extra: BTreeMap<String, String>,
}

/// A descriptor of a campaign: `[[descriptor]]`. What is given replaces what the catalogue says; an id that the
/// catalogue does not have defines a new one, which needs `name`, `unit` and `scale`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DescriptorOverride {
    /// Its id, written `technique.name`.
    pub id: DescriptorId,
    /// The technique that yields it; may be left out, since the id begins with it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub technique: Option<TechniqueId>,
    /// Its name in words.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// Its unit. That of a catalogue's descriptor never changes.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub unit: Option<String>,
    /// The unit as a public term.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub unit_iri: Option<String>,
    /// The kind of quantity as a public term.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub quantity_iri: Option<String>,
    /// How that term relates to this descriptor.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub quantity_relation: Option<Relation>,
    /// How two values are compared. That of a catalogue's descriptor never changes.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub scale: Option<Scale>,
    /// Whether specimens are stopped or selected by it in this campaign.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub selects_specimens: Option<bool>,
    /// Where it comes from.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub source: Option<String>,
    /// What is to be known when reading it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub note: Option<String>,
    /// What a laboratory usually reaches; never used as s0.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub typical_uncertainty: Option<TypicalUncertainty>,
    /// The observables that it speaks for; replaces the catalogue's whole list.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub speaks_for: Option<Vec<SpeaksFor>>,
}

fn is_default(facts: &Facts) -> bool {
    *facts == Facts::default()
}

impl Technique {
    /// This technique as a campaign describes it. Every fact that the campaign gives says so in `sources`.
    #[must_use]
    pub fn with(&self, change: &TechniqueOverride) -> Self {
        let source = change.source.as_deref().unwrap_or(BY_CAMPAIGN);
        let mut technique = self.clone();
        if let Some(name) = &change.name {
            technique.name.clone_from(name);
        }
        if let Some(short_name) = &change.short_name {
            technique.short_name.clone_from(short_name);
        }
        technique.facts = self.facts.replaced_by(&change.facts);
        for fact in change.facts.given() {
            technique.sources.insert(fact.to_owned(), source.to_owned());
        }
        for (name, value) in &change.extra {
            technique.extra.insert(name.clone(), value.clone());
        }
        technique
    }

    fn of_campaign(change: &TechniqueOverride) -> Self {
        let name = change.name.clone().unwrap_or_else(|| change.id.to_string());
        let bare = Self {
            id: change.id.clone(),
            short_name: name.clone(),
            name,
            row: None,
            row_note: None,
            version: None,
            terms_note: None,
            facts: Facts::default(),
            sources: BTreeMap::new(),
            extra: BTreeMap::new(),
            terms: Vec::new(),
            descriptors: Vec::new(),
        };
        bare.with(change)
    }
}

impl Observable {
    fn of_campaign(known: Option<&Self>, change: &ObservableOverride) -> Self {
        let name = change.name.as_ref().or(known.map(|known| &known.name));
        let name = name.cloned().unwrap_or_else(|| change.id.to_string());
        let changed = change.name.is_some() || change.description.is_some();
        Self {
            id: change.id.clone(),
            short_name: match (&change.short_name, &change.name, known) {
                (Some(short_name), _, _) => short_name.clone(),
                (None, None, Some(known)) => known.short_name.clone(),
                _ => name.clone(),
            },
            name,
            description: change.description.clone().or_else(|| known?.description.clone()),
            source: match (&change.source, known) {
                (Some(source), _) => source.clone(),
                (None, Some(known)) if !changed => known.source.clone(),
                _ => BY_CAMPAIGN.to_owned(),
            },
        }
    }
}

impl Descriptor {
    /// This descriptor as a campaign describes it; unit and scale stay.
    fn with(&self, change: &DescriptorOverride) -> Self {
        let or = |new: &Option<String>, old: &Option<String>| new.clone().or_else(|| old.clone());
        Self {
            id: self.id.clone(),
            name: change.name.clone().unwrap_or_else(|| self.name.clone()),
            unit: self.unit.clone(),
            unit_iri: or(&change.unit_iri, &self.unit_iri),
            quantity_iri: or(&change.quantity_iri, &self.quantity_iri),
            quantity_relation: change.quantity_relation.or(self.quantity_relation),
            scale: self.scale,
            selects_specimens: change.selects_specimens.unwrap_or(self.selects_specimens),
            source: change.source.clone().unwrap_or_else(|| self.source.clone()),
            note: or(&change.note, &self.note),
            typical_uncertainty: change
                .typical_uncertainty
                .clone()
                .or_else(|| self.typical_uncertainty.clone()),
            speaks_for: change.speaks_for.clone().unwrap_or_else(|| self.speaks_for.clone()),
        }
    }

    fn of_campaign(change: &DescriptorOverride, unit: String, scale: Scale) -> Self {
        let bare = Self {
            id: change.id.clone(),
            name: change.id.to_string(),
            unit,
            unit_iri: None,
            quantity_iri: None,
            quantity_relation: None,
            scale,
            selects_specimens: false,
            source: BY_CAMPAIGN.to_owned(),
            note: None,
            typical_uncertainty: None,
            speaks_for: Vec::new(),
        };
        bare.with(change)
    }
}

impl Catalogue {
    /// The catalogue as it holds in one campaign: the techniques that it lists, in its order; the observables
    /// that it lists, in its order (all of the catalogue's when it lists none); its descriptors and margins.
    ///
    /// Refuses, all at once: a new technique or observable without a name; a new descriptor without name, unit
    /// or scale; another unit or scale for a known one; a descriptor whose id does not begin with a technique
    /// of the campaign; ids given twice; observables that neither the catalogue nor the campaign has; and
    /// everything that [`Catalogue::problems`] finds.
    pub fn for_campaign(
        &self,
        observables: &[ObservableOverride],
        techniques: &[TechniqueOverride],
        descriptors: &[DescriptorOverride],
        margins: &[Margin],
    ) -> Result<Self, Vec<Problem>> {
        let mut problems = Vec::new();
        let mut here = Self { margins: margins.to_vec(), ..Self::default() };
        for (index, change) in observables.iter().enumerate() {
            let known = self.observable(&change.id);
            if known.is_none() && change.name.is_none() {
                problems.push(
                    Problem::new(Table::Observable, change.id.as_str(), "name", NEEDS_A_NAME)
                        .at(index),
                );
            }
            here.observables.push(Observable::of_campaign(known, change));
        }
        if observables.is_empty() {
            here.observables.clone_from(&self.observables);
        }
        for (index, change) in techniques.iter().enumerate() {
            let known = self.technique(&change.id);
            if known.is_none() && change.name.is_none() {
                problems.push(
                    Problem::new(Table::Technique, change.id.as_str(), "name", NEEDS_A_NAME)
                        .at(index),
                );
            }
            for observable in &change.not_applicable {
                if here.observable(observable).is_none() {
                    let what = format!("the campaign has no observable `{observable}`");
                    problems.push(
                        Problem::new(Table::Technique, change.id.as_str(), "not_applicable", what)
                            .at(index),
                    );
                }
            }
            here.techniques.push(
                known.map_or_else(|| Technique::of_campaign(change), |known| known.with(change)),
            );
        }
        for (index, change) in descriptors.iter().enumerate() {
            if descriptors.iter().take(index).any(|other| other.id == change.id) {
                problems.push(
                    Problem::new(Table::Descriptor, change.id.as_str(), "id", "is given twice")
                        .at(index),
                );
            } else if let Err(found) = here.describe(change) {
                problems.extend(found.into_iter().map(|problem| problem.at(index)));
            }
        }
        for mut problem in here.problems_beside(&self.observables) {
            problem.index = problem.index.or_else(|| {
                let id = problem.id.as_str();
                match problem.table {
                    Table::Observable => observables.iter().rposition(|one| one.id.as_str() == id),
                    Table::Technique => techniques.iter().rposition(|one| one.id.as_str() == id),
                    Table::Descriptor => descriptors.iter().rposition(|one| one.id.as_str() == id),
                    Table::Margin => None,
                }
            });
            problems.push(problem);
        }
        if problems.is_empty() { Ok(here) } else { Err(problems) }
    }

    fn describe(&mut self, change: &DescriptorOverride) -> Result<(), Vec<Problem>> {
        let problem =
            |field, what: &str| Problem::new(Table::Descriptor, change.id.as_str(), field, what);
        let begins = |technique: &Technique| {
            change
                .id
                .as_str()
                .strip_prefix(technique.id.as_str())
                .is_some_and(|rest| rest.starts_with('.'))
        };
        let fits = |technique: &Technique| match &change.technique {
            Some(id) => technique.id == *id && begins(technique),
            None => begins(technique),
        };
        // The longest id wins, since an id may itself hold a full stop.
        let Some(technique) = self
            .techniques
            .iter_mut()
            .filter(|technique| fits(technique))
            .max_by_key(|one| one.id.as_str().len())
        else {
            return Err(vec![problem(
                "technique",
                "is no technique of this campaign with which the id begins; list it under [[technique]] and write the id `technique.name`",
            )]);
        };
        let mut problems = Vec::new();
        if let Some(known) = technique.descriptors.iter_mut().find(|known| known.id == change.id) {
            if change.unit.as_ref().is_some_and(|unit| *unit != known.unit) {
                let what = format!(
                    "is `{}` in the catalogue and never changes; define a descriptor with a new id",
                    known.unit
                );
                problems.push(problem("unit", &what));
            }
            if change.scale.is_some_and(|scale| scale != known.scale) {
                let what = format!(
                    "is `{}` in the catalogue and never changes; define a descriptor with a new id",
                    known.scale.word()
                );
                problems.push(problem("scale", &what));
            }
            *known = known.with(change);
        } else {
            if change.name.is_none() {
                problems.push(problem("name", NEEDS_A_NAME));
            }
            match (&change.unit, change.scale) {
                (Some(unit), Some(scale)) => {
                    technique.descriptors.push(Descriptor::of_campaign(
                        change,
                        unit.clone(),
                        scale,
                    ));
                }
                (unit, scale) => {
                    if unit.is_none() {
                        problems.push(problem("unit", "is missing, and the catalogue does not have this descriptor; write 1 for a pure number"));
                    }
                    if scale.is_none() {
                        problems.push(problem("scale", "is missing, and the catalogue does not have this descriptor; write `ratio` or `difference`"));
                    }
                }
            }
        }
        if problems.is_empty() { Ok(()) } else { Err(problems) }
    }
}

const NEEDS_A_NAME: &str =
    "is missing, and the catalogue does not have this id: check its spelling, or give it a name";
