//! What a figure says in words: its blocks in the campaign's order, names, counts and the caption.

use std::fmt::Write as _;

use galvanome_model::answer::Combined;
use galvanome_model::campaign::{Question, QuestionKind};
use galvanome_model::catalogue::Technique;
use galvanome_model::ids::{
    ComponentId, DescriptorId, GroupId, ObservableId, QuestionId, TechniqueId,
};
use galvanome_model::metaview::{Counts, Frame, Metaview};

use super::FigureInput;

/// Said of a campaign whose data are invented.
pub(super) const INVENTED: &str = "Invented data: no measurement stands behind this figure";

/// The metaviews of one component, in the order of the campaign's questions.
pub(super) struct Block<'a> {
    pub(super) component: &'a ComponentId,
    pub(super) views: Vec<&'a Metaview>,
}

impl<'a> FigureInput<'a> {
    /// The metaviews by component, components and questions in the campaign's order; what the campaign does not
    /// know comes last, as given.
    pub(super) fn blocks(&self) -> Vec<Block<'a>> {
        let definition = &self.frame.definition;
        let component_at =
            |id: &ComponentId| definition.components.iter().position(|one| one.id == *id);
        let question_at =
            |id: &QuestionId| definition.questions.iter().position(|one| one.id == *id);
        let mut blocks: Vec<Block<'a>> = Vec::new();
        for view in self.views {
            match blocks.iter_mut().find(|block| *block.component == view.component) {
                Some(block) => block.views.push(view),
                None => blocks.push(Block { component: &view.component, views: vec![view] }),
            }
        }
        blocks.sort_by_key(|block| component_at(block.component).unwrap_or(usize::MAX));
        for block in &mut blocks {
            block.views.sort_by_key(|view| question_at(&view.question).unwrap_or(usize::MAX));
        }
        blocks
    }

    /// Names of things, by id; an unknown id is its own name.
    pub(super) const fn names(&self) -> Names<'a> {
        Names { frame: self.frame }
    }

    /// When, from which data, where: the parts of the caption.
    pub(super) fn origin(&self) -> Vec<String> {
        let mut parts = vec![
            format!("Campaign {}", self.frame.definition.id),
            format!("exported on {}", self.exported_on),
            format!("data version {}", self.data_version),
        ];
        parts.extend(self.address.map(|address| format!("living page {address}")));
        parts
    }
}

/// The sum of the counts of several metaviews.
pub(super) fn total<'a>(views: impl IntoIterator<Item = &'a Metaview>) -> Counts {
    views.into_iter().fold(Counts::default(), |mut sum, view| {
        sum.answered += view.counts.answered;
        sum.not_applicable += view.counts.not_applicable;
        sum.not_done += view.counts.not_done;
        sum.pending += view.counts.pending;
        sum.withheld += view.counts.withheld;
        sum
    })
}

/// Counts in words: `24 of 240 pixels answered, 36 not applicable, 1 not done, 179 pending`.
pub(super) fn counts_in_words(counts: &Counts) -> String {
    let all = counts.answered
        + counts.not_applicable
        + counts.not_done
        + counts.pending
        + counts.withheld;
    let mut text = format!(
        "{} of {all} pixels answered, {} not applicable, {} not done, {} pending",
        counts.answered, counts.not_applicable, counts.not_done, counts.pending
    );
    if counts.withheld > 0 {
        let _ = write!(text, ", {} withheld", counts.withheld);
    }
    text
}

/// How many said yes, unsure and no: `2·0·1`.
pub(super) fn tally(combined: &Combined) -> String {
    format!("{}·{}·{}", combined.yes, combined.unsure, combined.no)
}

/// A combined answer's counts in words, for a title.
pub(super) fn tally_in_words(combined: &Combined) -> String {
    let mut text = format!(
        "{} yes, {} unsure, {} no, {} pending",
        combined.yes, combined.unsure, combined.no, combined.pending
    );
    if combined.withheld > 0 {
        let _ = write!(text, ", {} withheld", combined.withheld);
    }
    text
}

/// Names of things, by id.
#[derive(Clone, Copy)]
pub(super) struct Names<'a> {
    frame: &'a Frame,
}

impl<'a> Names<'a> {
    pub(super) fn technique(self, id: &TechniqueId) -> Option<&'a Technique> {
        self.frame.catalogue.techniques.iter().find(|technique| technique.id == *id)
    }

    /// The label of a row.
    pub(super) fn row(self, id: &'a TechniqueId) -> &'a str {
        self.technique(id).map_or(id.as_str(), |technique| &technique.short_name)
    }

    /// The head of a column.
    pub(super) fn column(self, id: &'a ObservableId) -> &'a str {
        let known = self.frame.catalogue.observables.iter().find(|one| one.id == *id);
        known.map_or(id.as_str(), |observable| &observable.name)
    }

    pub(super) fn component(self, id: &'a ComponentId) -> &'a str {
        self.frame.definition.component(id).map_or(id.as_str(), |component| &component.name)
    }

    pub(super) fn group(self, id: &'a GroupId) -> &'a str {
        self.frame.definition.group(id).map_or(id.as_str(), |group| &group.name)
    }

    pub(super) fn descriptor(self, id: &'a DescriptorId) -> &'a str {
        self.frame.catalogue.descriptor(id).map_or(id.as_str(), |descriptor| &descriptor.name)
    }

    pub(super) fn question(self, id: &QuestionId) -> Option<&'a Question> {
        self.frame.definition.question(id)
    }

    /// The name of a question where it says more than its id.
    pub(super) fn question_name(self, id: &QuestionId) -> &'a str {
        let name = self.question(id).map_or("", |question| &question.name);
        if name == id.as_str() { "" } else { name }
    }

    /// What a question compares or asks for, in a line.
    pub(super) fn contrast(self, id: &QuestionId) -> String {
        let Some(question) = self.question(id) else { return String::new() };
        let groups = |ids: &'a [GroupId]| {
            ids.iter().map(|id| self.group(id)).collect::<Vec<_>>().join(" and ")
        };
        let descriptor = question.descriptor.as_ref().map(|id| self.descriptor(id));
        let text = match (question.kind, descriptor) {
            (QuestionKind::Difference, _)
                if !question.test.is_empty() && !question.reference.is_empty() =>
            {
                format!("{} against {}", groups(&question.test), groups(&question.reference))
            }
            (QuestionKind::Value, Some(descriptor)) if question.target.is_empty() => {
                descriptor.to_owned()
            }
            (QuestionKind::Value, Some(descriptor)) => format!("{descriptor}: {}", question.target),
            (QuestionKind::Link, Some(descriptor)) if !question.target.is_empty() => {
                let second = DescriptorId::new(&question.target).ok();
                let second = second
                    .and_then(|id| self.frame.catalogue.descriptor(&id))
                    .map_or(question.target.as_str(), |descriptor| &descriptor.name);
                format!("{descriptor} with {second}")
            }
            _ => question.text.clone(),
        };
        match &question.parent {
            Some(parent) => format!("{text} (refines {parent})"),
            None => text,
        }
    }

    /// What yes and no mean for the kinds of question among these metaviews.
    pub(super) fn meaning(self, views: &[Metaview]) -> (String, String) {
        let has = |kind| {
            views.iter().any(|view| {
                self.question(&view.question).map_or(QuestionKind::Difference, |one| one.kind)
                    == kind
            })
        };
        let (mut yes, mut no) = (Vec::new(), Vec::new());
        for (kind, when_yes, when_no) in [
            (QuestionKind::Difference, "the groups differ", "they are alike within the margin"),
            (QuestionKind::Value, "the value was obtained", "it could not be obtained"),
            (QuestionKind::Link, "the two go together", "they do not"),
        ] {
            if has(kind) {
                yes.push(when_yes);
                no.push(when_no);
            }
        }
        (yes.join("; "), no.join("; "))
    }
}
