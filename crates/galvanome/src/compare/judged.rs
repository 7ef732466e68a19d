//! The answers to descriptors side by side.

use galvanome_inference::comparison::{self, Input};
use galvanome_inference::evidence;
use galvanome_inference::pixel::{self, PixelVerdict};
use galvanome_inference::rule::{self, Rule};
use galvanome_model::answer::Answer;
use galvanome_model::ids::{ObservableId, TechniqueId};
use galvanome_model::note::Note;
use galvanome_model::verdict::Direction;
use galvanome_techniques::{Technique, catalogue};

use super::rows::{Row, Unanswered, rows_of, side};
use super::{Analysed, Declared, Side};
use crate::Error;

/// The answer for one observable.
#[derive(Debug, Clone, PartialEq)]
pub struct Answered {
    /// The observable.
    pub observable: ObservableId,
    /// Yes, no or unsure.
    pub answer: Answer,
    /// Why it is unsure, as a stable word; empty for yes and no.
    pub reason: &'static str,
    /// Which way a yes goes.
    pub direction: Option<Direction>,
    /// Whether two descriptors say yes in opposite directions.
    pub opposite_directions: bool,
    /// The descriptors that decided.
    pub decided_by: Vec<&'static str>,
}

/// What was compared, and the answers.
#[derive(Debug, Clone, PartialEq)]
pub struct Compared {
    /// One row per descriptor and observable with a margin, those that decide first.
    pub rows: Vec<Row>,
    /// One answer per observable that could be decided.
    pub answers: Vec<Answered>,
    /// All together: yes if any is yes, else unsure if any is, else no; unsure when nothing could be decided.
    pub answer: Answer,
    /// The rule that was applied.
    pub rule: Rule,
}

/// Compares every descriptor that both sides have. Errors when what was declared cannot be.
pub(super) fn compare(
    technique: &Technique,
    specimens: &[Analysed],
    paired: bool,
    declared: &Declared,
    notes: &mut Vec<Note>,
) -> Result<Compared, Error> {
    let rule = Rule::default();
    let known = TechniqueId::new(technique.id).ok().and_then(|id| catalogue().technique(&id));
    let mut rows = Vec::new();
    for descriptor in known.into_iter().flat_map(|technique| &technique.descriptors) {
        rows.extend(rows_of(descriptor, specimens, paired, declared, notes));
    }
    rows.sort_by_key(|row| !row.primary);
    let answers = judge(&mut rows, paired, rule)?;
    let any = |answer: Answer| answers.iter().any(|one| one.answer == answer);
    let answer = if any(Answer::Yes) {
        Answer::Yes
    } else if any(Answer::Unsure) || answers.is_empty() {
        Answer::Unsure
    } else {
        Answer::No
    };
    if answers.is_empty() {
        let message = "no descriptor that decides an observable has numbers on both sides and a margin, so there is nothing to answer by; the notes of the specimens say what is missing";
        notes.push(Note::new("nothing-decides", message, ""));
    }
    let said = |row: &&Row| row.primary && row.unanswered.is_none() && row.margin.is_some();
    let unconfirmed: Vec<&str> = rows
        .iter()
        .filter(said)
        .filter(|row| row.margin.as_ref().is_some_and(|margin| margin.confirmed_by.is_none()))
        .map(|row| row.descriptor.id.as_str())
        .collect();
    if !unconfirmed.is_empty() {
        let message = format!(
            "nobody has confirmed the margin of {} for this comparison, so the answer is provisional",
            unconfirmed.join(", ")
        );
        notes.push(Note::new("margin-unconfirmed", message, ""));
    }
    Ok(Compared { rows, answers, answer, rule })
}

/// Fills in the verdicts of the rows, and gives the answers by observable: primary descriptors of one observable
/// share the risk of a false yes, every other one is judged for itself.
fn judge(rows: &mut [Row], paired: bool, rule: Rule) -> Result<Vec<Answered>, Error> {
    let mut answers: Vec<Answered> = Vec::new();
    let mut observables: Vec<ObservableId> = Vec::new();
    let decides = |row: &Row| row.primary && row.unanswered.is_none();
    for row in rows.iter().filter(|row| decides(row)) {
        if let Some(observable) = row.observable.as_ref().filter(|one| !observables.contains(one)) {
            observables.push(observable.clone());
        }
    }
    for observable in observables {
        let of = |row: &&mut Row| decides(row) && row.observable.as_ref() == Some(&observable);
        let mut deciding: Vec<&mut Row> = rows.iter_mut().filter(of).collect();
        let verdict = judge_together(&mut deciding, paired, rule)?;
        answers.push(Answered {
            observable,
            answer: verdict.answer,
            reason: verdict.reason.map_or("", rule::Reason::word),
            direction: verdict.direction,
            opposite_directions: verdict.opposite_directions,
            decided_by: deciding.iter().map(|row| row.descriptor.id.as_str()).collect(),
        });
    }
    for row in rows.iter_mut().filter(|row| row.verdict.is_none()) {
        let no_difference =
            matches!(row.unanswered, Some(Unanswered::Bound | Unanswered::NotPositive));
        if !no_difference {
            judge_together(&mut [row], paired, rule)?;
        }
    }
    Ok(answers)
}

/// Judges rows as comparisons of one pixel.
fn judge_together(rows: &mut [&mut Row], paired: bool, rule: Rule) -> Result<PixelVerdict, Error> {
    let wrong = |error: galvanome_inference::error::RuleError| Error::Wrong(error.to_string());
    let mut comparisons = Vec::with_capacity(rows.len());
    let mut sides = Vec::with_capacity(rows.len());
    for row in rows.iter() {
        let reference = side(Side::Reference, &row.reference.numbers);
        let test = side(Side::Test, &row.test.numbers);
        let margin = row.margin.as_ref();
        let input = Input {
            reference_u: reference.uncertainties.as_deref(),
            test_u: test.uncertainties.as_deref(),
            paired,
            s0: margin.and_then(|margin| margin.s0),
            // Differences of pairs have one spread.
            s0_test: margin.and_then(|margin| margin.s0_test).filter(|_| !paired),
            u_sys: margin.and_then(|margin| margin.u_sys).unwrap_or(0.0),
            nu_sys: margin.and_then(|margin| margin.nu_sys),
            ..Input::new(
                row.descriptor.id.as_str(),
                row.descriptor.scale,
                &reference.values,
                &test.values,
                // Without a margin only the difference and its uncertainty are shown, which do not depend on it.
                margin.and_then(|margin| margin.delta).unwrap_or(1.0),
            )
        };
        comparisons.push(comparison::Comparison::new(&input).map_err(wrong)?);
        sides.push((reference, test));
    }
    let judged = pixel::judge(&comparisons, rule).map_err(wrong)?;
    for (row, ((reference, test), verdict)) in
        rows.iter_mut().zip(sides.into_iter().zip(&judged.descriptors))
    {
        row.comparisons = judged.descriptors.len();
        let of = (&row.descriptor.id, row.descriptor.scale);
        let s0 = row.margin.as_ref().and_then(|margin| margin.s0);
        row.verdict = Some(evidence::verdict(of, [&reference, &test], s0, verdict));
    }
    Ok(judged)
}
