//! The questions of `campaign.toml`: what each kind needs, and that none refines itself.

use std::collections::HashMap;

use galvanome_model::campaign::{Group, Question, QuestionKind};
use galvanome_model::catalogue::Catalogue;
use galvanome_model::ids::{DescriptorId, GroupId};

use super::entries::{Entries, check_known};
use super::ids::Ids;
use super::lineage::cycles;
use super::problem::Problems;

/// Checks the questions against the groups and, when it could be read in full, the catalogue.
pub(super) fn check(
    questions: &Entries<'_, Question>,
    groups: &Entries<'_, Group>,
    catalogue: &Catalogue,
    catalogue_complete: bool,
    problems: &mut Problems,
) {
    let mut known_groups: Ids<GroupId> =
        Ids::new("a group of this campaign", "campaign.toml as [[group]]");
    groups.items.iter().for_each(|group| {
        known_groups.add(&group.id, ());
    });
    if !groups.complete {
        known_groups.mark_incomplete();
    }
    let mut known_descriptors: Ids<DescriptorId> =
        Ids::new("a descriptor of a technique of this campaign", "campaign.toml as [[descriptor]]");
    for descriptor in catalogue.techniques.iter().flat_map(|technique| &technique.descriptors) {
        known_descriptors.add(&descriptor.id, ());
    }
    if !catalogue_complete {
        known_descriptors.mark_incomplete();
    }
    for (index, question) in questions.items.iter().enumerate() {
        check_known(questions, index, "reference", &question.reference, &known_groups, problems);
        check_known(questions, index, "test", &question.test, &known_groups, problems);
        let both = question.reference.iter().find(|group| question.test.contains(group));
        if let Some(group) = both {
            let message = format!("`{group}` is on both sides");
            questions.wrong(
                index,
                "test",
                message,
                Some("compare it with another".to_owned()),
                problems,
            );
        }
        if let Some(descriptor) = &question.descriptor {
            let one = std::slice::from_ref(descriptor);
            check_known(questions, index, "descriptor", one, &known_descriptors, problems);
        }
        check_kind(questions, index, question, &known_descriptors, problems);
    }
    check_parents(questions, problems);
}

fn check_kind(
    questions: &Entries<'_, Question>,
    index: usize,
    question: &Question,
    descriptors: &Ids<DescriptorId>,
    problems: &mut Problems,
) {
    let mut needs = |key: &str, what: &str| {
        questions.wrong(index, key, "is missing or empty", Some(what.to_owned()), problems);
    };
    match question.kind {
        QuestionKind::Difference => {
            if question.reference.is_empty() {
                needs(
                    "reference",
                    "a question of kind difference names the groups to compare with",
                );
            }
            if question.test.is_empty() {
                needs("test", "a question of kind difference names the groups that are compared");
            }
        }
        QuestionKind::Value => {
            if question.descriptor.is_none() {
                needs("descriptor", "a question of kind value names the descriptor asked for");
            }
        }
        QuestionKind::Link => {
            if question.descriptor.is_none() {
                needs("descriptor", "a question of kind link names its first descriptor");
            }
            match DescriptorId::new(&question.target) {
                Err(_) => needs("target", "a question of kind link names its second descriptor"),
                Ok(target) => {
                    let one = [target];
                    check_known(questions, index, "target", &one, descriptors, problems);
                }
            }
        }
    }
}

fn check_parents(questions: &Entries<'_, Question>, problems: &mut Problems) {
    let mut at: HashMap<&str, usize> = HashMap::new();
    for (index, question) in questions.items.iter().enumerate() {
        at.entry(question.id.as_str()).or_insert(index);
    }
    let mut parents = Vec::new();
    for (index, question) in questions.items.iter().enumerate() {
        let parent = question.parent.as_ref().map(|parent| (parent, at.get(parent.as_str())));
        parents.push(parent.and_then(|(_, found)| found).copied().into_iter().collect());
        if let Some((parent, None)) = parent
            && questions.complete
        {
            let hint = problems
                .suggest(parent.as_str(), questions.items.iter().map(|one| one.id.as_str()))
                .unwrap_or_else(|| "add it to campaign.toml as [[question]]".to_owned());
            let message = format!("`{parent}` is not a question of this campaign");
            questions.wrong(index, "parent", message, Some(hint), problems);
        }
    }
    for cycle in cycles(&parents) {
        let Some(first) = cycle.first().copied() else { continue };
        let name = |index: usize| questions.items.get(index).map_or("", |one| one.id.as_str());
        let way: Vec<&str> = cycle.iter().copied().chain([first]).map(name).collect();
        let message = format!("`{}` refines itself: {}", name(first), way.join(" → "));
        let hint = Some("take one of these parents out".to_owned());
        questions.wrong(first, "parent", message, hint, problems);
    }
}
