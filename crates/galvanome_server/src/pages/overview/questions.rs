//! What is asked, and the groups of samples that are compared.

use galvanome_model::campaign::{Definition, Question, QuestionKind};
use galvanome_model::ids::GroupId;
use galvanome_model::metaview::Frame;

use super::small::heading;
use crate::pages::asked::{Asked, asked};
use crate::pages::groups::{GroupStyle, style};

/// A question.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Asks {
    pub(super) id: String,
    pub(super) heading: String,
    pub(super) text: String,
    /// The groups that are compared with the others, and the others.
    pub(super) test: Vec<GroupStyle>,
    pub(super) reference: Vec<GroupStyle>,
    pub(super) pooled: bool,
    /// What it asks for beside a difference.
    pub(super) asked: Option<Asked>,
    /// Name of the question that it refines.
    pub(super) parent: String,
    pub(super) source: String,
}

/// A group with its marker.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct GroupLine {
    pub(super) style: GroupStyle,
    pub(super) note: String,
}

fn styles(definition: &Definition, ids: &[GroupId]) -> Vec<GroupStyle> {
    ids.iter().map(|id| style(definition, id)).collect()
}

fn one(frame: &Frame, question: &Question) -> Asks {
    let definition = &frame.definition;
    let parent = question.parent.as_ref();
    Asks {
        id: question.id.to_string(),
        heading: heading(Some(question), question.id.as_str()),
        text: question.text.clone(),
        test: styles(definition, &question.test),
        reference: styles(definition, &question.reference),
        pooled: question.pool && question.kind == QuestionKind::Difference,
        asked: asked(frame, question),
        parent: parent.map_or_else(String::new, |id| heading(definition.question(id), id.as_str())),
        source: question.source.clone(),
    }
}

/// The questions, each one that refines another right after it, otherwise in the campaign's order.
pub(super) fn questions(frame: &Frame) -> Vec<Asks> {
    let all = &frame.definition.questions;
    let mut order: Vec<&Question> = Vec::new();
    let is_root = |question: &&Question| {
        question.parent.as_ref().is_none_or(|parent| all.iter().all(|one| one.id != *parent))
    };
    let mut waiting: Vec<&Question> = all.iter().filter(is_root).rev().collect();
    while let Some(question) = waiting.pop() {
        if order.iter().any(|one| one.id == question.id) {
            continue;
        }
        order.push(question);
        waiting.extend(all.iter().rev().filter(|one| one.parent.as_ref() == Some(&question.id)));
    }
    // Questions that refine each other in a ring have no beginning.
    for question in all {
        if order.iter().all(|one| one.id != question.id) {
            order.push(question);
        }
    }
    order.into_iter().map(|question| one(frame, question)).collect()
}

/// The groups, in the campaign's order.
pub(super) fn groups(definition: &Definition) -> Vec<GroupLine> {
    definition
        .groups
        .iter()
        .map(|group| GroupLine { style: style(definition, &group.id), note: group.note.clone() })
        .collect()
}
