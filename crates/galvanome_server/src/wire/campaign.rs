//! Campaigns.

use galvanome_model::campaign::{Component, Definition, Fact, Group, Partner, Question};
use serde::Serialize;
use utoipa::ToSchema;

use super::SCHEMA;
use super::metaview::Named;

/// A campaign in a list.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct CampaignSummary {
    /// Its id.
    pub id: String,
    /// Its title.
    pub title: String,
    /// Its contents are invented.
    pub invented: bool,
    /// The data version: it grows with every change.
    pub revision: i64,
}

/// A campaign: what is asked, of what, by whom.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct CampaignDetail {
    /// The number of this set of shapes.
    pub schema: u32,
    /// Its id.
    pub id: String,
    /// Its title.
    pub title: String,
    /// What it is about.
    pub description: String,
    /// Its contents are invented.
    pub invented: bool,
    /// The data version.
    pub revision: i64,
    /// Laboratories and facilities.
    pub partners: Vec<PartnerOut>,
    /// Materials looked at.
    pub components: Vec<ComponentOut>,
    /// Samples with the same history.
    pub groups: Vec<GroupOut>,
    /// Questions.
    pub questions: Vec<QuestionOut>,
    /// Columns of the metaviews.
    pub observables: Vec<Named>,
    /// Rows of the metaviews.
    pub techniques: Vec<Named>,
    /// Numbers of the campaign as a whole.
    pub facts: Vec<FactOut>,
    /// Entries for samples, counting stocks once.
    pub samples: usize,
    /// Experiments written down.
    pub experiments: usize,
    /// Datasets written down.
    pub datasets: usize,
    /// Quantities from the folder.
    pub quantities: usize,
}

/// A laboratory or facility.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct PartnerOut {
    /// Its id.
    pub id: String,
    /// Its name.
    pub name: String,
    /// Where it is.
    pub country: String,
}

/// A material looked at.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct ComponentOut {
    /// Its id.
    pub id: String,
    /// Its name.
    pub name: String,
    /// The active material.
    pub material: String,
    /// Thickness of the layer in metres.
    pub thickness_m: Option<f64>,
}

/// Samples with the same history.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct GroupOut {
    /// Its id.
    pub id: String,
    /// Its name.
    pub name: String,
}

/// A question.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct QuestionOut {
    /// Its id.
    pub id: String,
    /// A word or two.
    pub name: String,
    /// The question in full.
    pub text: String,
    /// `difference`, `value` or `link`.
    #[schema(value_type = String)]
    pub kind: galvanome_model::campaign::QuestionKind,
    /// Groups compared with.
    pub reference: Vec<String>,
    /// Groups compared.
    pub test: Vec<String>,
    /// The question that this one refines.
    pub parent: Option<String>,
}

/// A number of the campaign as a whole.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct FactOut {
    /// Its id.
    pub id: String,
    /// What it counts.
    pub name: String,
    /// The number.
    pub value: f64,
    /// How it is meant: `=`, `<`, `>` or `~`.
    pub qualifier: &'static str,
    /// Its unit.
    pub unit: String,
    /// Where it comes from.
    pub source: String,
}

/// How much of each noun a campaign holds.
#[derive(Debug, Clone, Copy, Default)]
pub struct Held {
    /// Entries for samples.
    pub samples: usize,
    /// Experiments.
    pub experiments: usize,
    /// Datasets.
    pub datasets: usize,
    /// Quantities.
    pub quantities: usize,
}

impl CampaignDetail {
    /// The document of a definition, with its columns and rows by name and how much it holds.
    pub fn of(
        definition: &Definition,
        revision: i64,
        observables: Vec<Named>,
        techniques: Vec<Named>,
        held: Held,
    ) -> Self {
        Self {
            schema: SCHEMA,
            id: definition.id.to_string(),
            title: definition.title.clone(),
            description: definition.description.clone(),
            invented: definition.invented,
            revision,
            partners: definition.partners.iter().map(PartnerOut::from).collect(),
            components: definition.components.iter().map(ComponentOut::from).collect(),
            groups: definition.groups.iter().map(GroupOut::from).collect(),
            questions: definition.questions.iter().map(QuestionOut::from).collect(),
            observables,
            techniques,
            facts: definition.facts.iter().map(FactOut::from).collect(),
            samples: held.samples,
            experiments: held.experiments,
            datasets: held.datasets,
            quantities: held.quantities,
        }
    }
}

impl From<&Partner> for PartnerOut {
    fn from(partner: &Partner) -> Self {
        Self {
            id: partner.id.to_string(),
            name: partner.name.clone(),
            country: partner.country.clone(),
        }
    }
}

impl From<&Component> for ComponentOut {
    fn from(component: &Component) -> Self {
        Self {
            id: component.id.to_string(),
            name: component.name.clone(),
            material: component.material.clone(),
            thickness_m: component.thickness_m,
        }
    }
}

impl From<&Group> for GroupOut {
    fn from(group: &Group) -> Self {
        Self { id: group.id.to_string(), name: group.name.clone() }
    }
}

impl From<&Question> for QuestionOut {
    fn from(question: &Question) -> Self {
        Self {
            id: question.id.to_string(),
            name: question.name.clone(),
            text: question.text.clone(),
            kind: question.kind,
            reference: question.reference.iter().map(ToString::to_string).collect(),
            test: question.test.iter().map(ToString::to_string).collect(),
            parent: question.parent.as_ref().map(ToString::to_string),
        }
    }
}

impl From<&Fact> for FactOut {
    fn from(fact: &Fact) -> Self {
        Self {
            id: fact.id.clone(),
            name: fact.name.clone(),
            value: fact.value,
            qualifier: fact.qualifier.sign(),
            unit: fact.unit.clone(),
            source: fact.source.clone(),
        }
    }
}
