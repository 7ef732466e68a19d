//! One pixel: the answer that is shown, and everything that stands behind or beside it.

use crate::answer::Answer;
use crate::experiment::{ExperimentStatus, GateKind};
use crate::ids::{ComponentId, ExperimentId, ObservableId, PartnerId, QuestionId, TechniqueId};
use crate::record::{AnswerRecord, Certainty};
use crate::verdict::{ComputedAnswer, Direction};
use crate::visibility::Viewer;

/// Which pixel.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct PixelKey {
    /// The component.
    pub component: ComponentId,
    /// The question.
    pub question: QuestionId,
    /// The technique.
    pub technique: TechniqueId,
    /// The observable.
    pub observable: ObservableId,
}

/// Who gave the answer that is shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum By {
    /// Nobody yet.
    #[default]
    Nobody,
    /// The campaign's definition says that the technique cannot see this.
    Campaign,
    /// A named expert.
    Expert,
    /// The decision rule, with confirmed margins.
    Computed,
}

impl By {
    /// The word used in JSON; none while nobody answered.
    pub const fn word(self) -> Option<&'static str> {
        match self {
            Self::Nobody => None,
            Self::Campaign => Some("campaign"),
            Self::Expert => Some("expert"),
            Self::Computed => Some("computed"),
        }
    }
}

/// How far a pending pixel is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Progress {
    /// An experiment is planned or accepted.
    Planned,
    /// Its samples are on their way.
    InTransit,
    /// Data were taken.
    Measured,
    /// The data were analysed.
    Analysed,
}

impl Progress {
    /// The word used in JSON and pages.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Planned => "planned",
            Self::InTransit => "in_transit",
            Self::Measured => "measured",
            Self::Analysed => "analysed",
        }
    }

    /// How far an experiment of this status is; none when it will not answer any more.
    pub const fn of(status: ExperimentStatus, on_its_way: bool) -> Option<Self> {
        match status {
            ExperimentStatus::Planned | ExperimentStatus::Accepted => {
                Some(if on_its_way { Self::InTransit } else { Self::Planned })
            }
            ExperimentStatus::Measured => Some(Self::Measured),
            ExperimentStatus::Analysed | ExperimentStatus::Done => Some(Self::Analysed),
            ExperimentStatus::Abandoned => None,
        }
    }
}

/// What the rest of the campaign says about one experiment, as far as answers need it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ExperimentFacts {
    /// Who measures.
    pub partner: Option<PartnerId>,
    /// Only model samples were measured.
    pub surrogate: bool,
    /// Gates that are closed on it.
    pub gates: Vec<GateKind>,
}

/// What one experiment answered in one pixel; the latest revision counts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Part {
    /// The experiment; none when the answer names none.
    pub experiment: Option<ExperimentId>,
    /// Who measured.
    pub partner: Option<PartnerId>,
    /// The answer as given.
    pub given: Answer,
    /// The answer that counts: unsure while a void gate is closed.
    pub answer: Answer,
    /// The revision as it was written.
    pub record: AnswerRecord,
    /// It rests on model samples alone.
    pub surrogate: bool,
    /// A closed gate that voids it.
    pub voided: bool,
}

/// The computed answer as it stands beside the expert's.
#[derive(Debug, Clone, PartialEq)]
pub struct ComputedBeside {
    /// The answer.
    pub answer: Answer,
    /// Why, as a stable word.
    pub reason: String,
    /// Which way it goes.
    pub direction: Option<Direction>,
    /// δ and s0 are not confirmed yet.
    pub provisional: bool,
    /// What it rests on has changed.
    pub stale: bool,
    /// How far it clears its margin, in δ.
    pub strength: Option<f64>,
}

impl From<&ComputedAnswer> for ComputedBeside {
    fn from(computed: &ComputedAnswer) -> Self {
        Self {
            answer: computed.answer,
            reason: computed.reason.clone(),
            direction: computed.direction,
            provisional: computed.provisional,
            stale: computed.stale,
            strength: computed.strength(),
        }
    }
}

/// One pixel as one reader sees it.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Pixel {
    /// The answer that is shown; none while it is pending or withheld.
    pub answer: Option<Answer>,
    /// Who gave it.
    pub by: By,
    /// There is an answer, and this reader may not see it.
    pub withheld: bool,
    /// Yes stands against no: shown as unsure until a second reviewer signs.
    pub contested: bool,
    /// The catalogue expects this technique to speak for this observable.
    pub expected: bool,
    /// It rests on model samples alone: shown, never alone a row's yes.
    pub surrogate: bool,
    /// A closed void gate makes it unsure.
    pub voided: bool,
    /// How firmly the shown answer was given.
    pub certainty: Option<Certainty>,
    /// Who gave the shown answer.
    pub author: String,
    /// Why.
    pub reason: String,
    /// What every experiment answered, in the order in which they first answered.
    pub parts: Vec<Part>,
    /// The computed answer, if there is one.
    pub computed: Option<ComputedBeside>,
    /// How far a pending pixel is.
    pub progress: Option<Progress>,
}

impl Pixel {
    /// A pixel that the campaign declares not applicable.
    pub fn not_applicable(reason: &str) -> Self {
        Self {
            answer: Some(Answer::NotApplicable),
            by: By::Campaign,
            certainty: Some(Certainty::Explicit),
            reason: reason.to_owned(),
            ..Self::default()
        }
    }

    /// Whether no revision was taken yet.
    pub(crate) fn is_untouched(&self) -> bool {
        self.parts.is_empty() && self.computed.is_none() && !self.withheld
    }

    /// Takes the next revision of a computed answer.
    pub(crate) fn take_computed(&mut self, computed: &ComputedAnswer) {
        self.computed = Some(ComputedBeside::from(computed));
    }

    /// Takes the next revision of an expert's answer, for one reader. `facts` is what is known of its experiment.
    pub(crate) fn take_expert(
        &mut self,
        record: AnswerRecord,
        facts: Option<&ExperimentFacts>,
        viewer: &Viewer,
    ) {
        let partner = facts.and_then(|facts| facts.partner.as_ref());
        self.parts.retain(|part| part.experiment != record.experiment);
        if !viewer.may_see(&record.visibility, partner) {
            self.withheld = true;
            return;
        }
        let voided = facts.is_some_and(|facts| facts.gates.contains(&GateKind::Void));
        // Nearly every pixel has one part, and a vector that grows by itself begins with room for four.
        self.parts.reserve_exact(1);
        self.parts.push(Part {
            experiment: record.experiment.clone(),
            partner: partner.cloned(),
            given: record.answer,
            answer: if voided && record.answer.is_measured() {
                Answer::Unsure
            } else {
                record.answer
            },
            record,
            surrogate: facts.is_some_and(|facts| facts.surrogate),
            voided,
        });
    }

    /// Finds the answer that is shown, when all revisions were taken.
    pub(crate) fn settle(&mut self) {
        let says = |answer: Answer, parts: &[Part]| parts.iter().any(|part| part.answer == answer);
        let combined = self.parts.iter().map(|part| part.answer).max();
        if let Some(answer) = combined {
            self.by = By::Expert;
            self.withheld = false;
            let against = self
                .computed
                .as_ref()
                .filter(|computed| !computed.provisional && !computed.stale)
                .is_some_and(|computed| {
                    matches!(
                        (computed.answer, answer),
                        (Answer::Yes, Answer::No) | (Answer::No, Answer::Yes)
                    )
                });
            self.contested =
                against || (says(Answer::Yes, &self.parts) && says(Answer::No, &self.parts));
            self.answer = Some(if self.contested { Answer::Unsure } else { answer });
            self.surrogate = self.parts.iter().all(|part| part.surrogate);
            self.voided = self.parts.iter().all(|part| part.voided);
            if let Some(deciding) = self.parts.iter().rev().find(|part| part.answer == answer) {
                self.certainty = Some(deciding.record.certainty);
                self.author.clone_from(&deciding.record.author);
                self.reason.clone_from(&deciding.record.reason);
            }
        } else if let Some(computed) =
            self.computed.as_ref().filter(|computed| !computed.provisional)
            && !self.withheld
        {
            self.by = By::Computed;
            self.answer = Some(computed.answer);
            self.reason.clone_from(&computed.reason);
        }
    }

    /// What this pixel adds to a combined answer. Model samples alone never make a yes: they count as unsure.
    pub fn for_margin(&self) -> Option<Answer> {
        match self.answer {
            Some(Answer::Yes) if self.surrogate => Some(Answer::Unsure),
            answer => answer,
        }
    }
}
