//! A campaign: what is asked, of what, by whom, and everything that was written down about it.

use serde::{Deserialize, Serialize};

use crate::catalogue::{
    Catalogue, DescriptorOverride, Margin, ObservableOverride, Problem, TechniqueOverride,
};
use crate::experiment::{Dataset, Experiment, Gate};
use crate::ids::{CampaignId, ComponentId, DescriptorId, GroupId, PartnerId, QuestionId};
use crate::quantity::Quantity;
use crate::record::AnswerRecord;
use crate::sample::{Sample, Shipment};

/// A campaign as a person writes it down: its definition and its facts. What is computed is not among them.
#[derive(Debug, Clone, PartialEq)]
pub struct Campaign {
    /// What is asked, of what, by whom.
    pub definition: Definition,
    /// Things with a label.
    pub samples: Vec<Sample>,
    /// Samples on their way.
    pub shipments: Vec<Shipment>,
    /// Partners measuring samples with techniques.
    pub experiments: Vec<Experiment>,
    /// What the experiments produced.
    pub datasets: Vec<Dataset>,
    /// Values of descriptors.
    pub quantities: Vec<Quantity>,
    /// Every revision of every expert answer, in order.
    pub answers: Vec<AnswerRecord>,
    /// What bars answers.
    pub gates: Vec<Gate>,
    /// Metadata forms and protocols, verbatim.
    pub documents: Vec<Document>,
}

impl Campaign {
    /// A campaign with a definition and no facts yet.
    pub fn new(definition: Definition) -> Self {
        Self {
            definition,
            samples: Vec::new(),
            shipments: Vec::new(),
            experiments: Vec::new(),
            datasets: Vec::new(),
            quantities: Vec::new(),
            answers: Vec::new(),
            gates: Vec::new(),
            documents: Vec::new(),
        }
    }
}

/// The content of `campaign.toml`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Definition {
    /// Version of the folder format.
    pub format: u32,
    /// The campaign's id.
    pub id: CampaignId,
    /// Its title.
    pub title: String,
    /// What it is about.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub description: String,
    /// Set when the campaign is invented: said on every page that shows it.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub invented: bool,
    /// Laboratories and facilities.
    #[serde(rename = "partner", default, skip_serializing_if = "Vec::is_empty")]
    pub partners: Vec<Partner>,
    /// Materials looked at.
    #[serde(rename = "component", default, skip_serializing_if = "Vec::is_empty")]
    pub components: Vec<Component>,
    /// Samples with the same history.
    #[serde(rename = "group", default, skip_serializing_if = "Vec::is_empty")]
    pub groups: Vec<Group>,
    /// Questions.
    #[serde(rename = "question", default, skip_serializing_if = "Vec::is_empty")]
    pub questions: Vec<Question>,
    /// Columns of the metaview, in order.
    #[serde(rename = "observable", default, skip_serializing_if = "Vec::is_empty")]
    pub observables: Vec<ObservableOverride>,
    /// Rows of the metaview, in order, with what this campaign changes about them.
    #[serde(rename = "technique", default, skip_serializing_if = "Vec::is_empty")]
    pub techniques: Vec<TechniqueOverride>,
    /// Descriptors that the campaign adds or changes.
    #[serde(rename = "descriptor", default, skip_serializing_if = "Vec::is_empty")]
    pub descriptors: Vec<DescriptorOverride>,
    /// Margins that the campaign declares.
    #[serde(rename = "margin", default, skip_serializing_if = "Vec::is_empty")]
    pub margins: Vec<Margin>,
    /// Numbers of the campaign as a whole.
    #[serde(rename = "fact", default, skip_serializing_if = "Vec::is_empty")]
    pub facts: Vec<Fact>,
}

impl Definition {
    /// The shipped catalogue as this campaign uses it: its rows and columns in its own order, its margins.
    /// Refuses with everything that does not fit ([`Catalogue::for_campaign`]).
    pub fn catalogue(&self, shipped: &Catalogue) -> Result<Catalogue, Vec<Problem>> {
        shipped.for_campaign(&self.observables, &self.techniques, &self.descriptors, &self.margins)
    }

    /// A component by its id.
    pub fn component(&self, id: &ComponentId) -> Option<&Component> {
        self.components.iter().find(|component| component.id == *id)
    }

    /// A question by its id.
    pub fn question(&self, id: &QuestionId) -> Option<&Question> {
        self.questions.iter().find(|question| question.id == *id)
    }

    /// A group by its id.
    pub fn group(&self, id: &GroupId) -> Option<&Group> {
        self.groups.iter().find(|group| group.id == *id)
    }

    /// A partner by its id.
    pub fn partner(&self, id: &PartnerId) -> Option<&Partner> {
        self.partners.iter().find(|partner| partner.id == *id)
    }
}

/// A laboratory or facility.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Partner {
    /// Its id.
    pub id: PartnerId,
    /// Its name.
    pub name: String,
    /// Where it is.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub country: String,
    /// Anything else worth knowing.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub note: String,
}

/// A material looked at.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Component {
    /// Its id.
    pub id: ComponentId,
    /// Its name.
    pub name: String,
    /// The active material.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub material: String,
    /// Thickness of the layer, from the face towards the separator to the collector.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub thickness_m: Option<f64>,
    /// Anything else worth knowing.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub note: String,
    /// Where these facts come from.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub source: String,
}

/// Samples with the same history.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Group {
    /// Its id.
    pub id: GroupId,
    /// Its name.
    pub name: String,
    /// Anything else worth knowing.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub note: String,
}

/// What a question asks for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum QuestionKind {
    /// Test groups against reference groups.
    Difference,
    /// A number.
    Value,
    /// Two descriptors.
    Link,
}

/// A question of a campaign.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Question {
    /// Its id.
    pub id: QuestionId,
    /// A word or two for headings.
    pub name: String,
    /// The question in full.
    pub text: String,
    /// What it asks for.
    pub kind: QuestionKind,
    /// Groups that the others are compared with.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub reference: Vec<GroupId>,
    /// Groups that are compared with them.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub test: Vec<GroupId>,
    /// Whether groups of one side are pooled; otherwise each pair is judged.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub pool: bool,
    /// The question that this one refines.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub parent: Option<QuestionId>,
    /// The descriptor asked for (`value`), or the first of two (`link`).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub descriptor: Option<DescriptorId>,
    /// What is wanted: a value with its condition (`value`), or the second descriptor (`link`).
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub target: String,
    /// Where the question comes from.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub source: String,
}

/// A number of the campaign as a whole, such as how many cells were cycled.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Fact {
    /// Its id; `samples-shipped`, `experiments` and `datasets` are shown on the overview.
    pub id: String,
    /// What it counts.
    pub name: String,
    /// The number.
    pub value: f64,
    /// How the number is meant.
    #[serde(default, skip_serializing_if = "crate::quantity::Qualifier::is_equal")]
    pub qualifier: crate::quantity::Qualifier,
    /// Its unit.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub unit: String,
    /// Where it comes from.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub source: String,
    /// Anything else worth knowing.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub note: String,
}

/// A metadata form or a protocol, verbatim.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Document {
    /// Path inside the folder, with `/`: `metadata/ndp-1.json`.
    pub path: String,
    /// The bytes as they were given.
    pub bytes: Vec<u8>,
}
