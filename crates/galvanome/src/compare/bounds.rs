//! What bounds tell: a direction where the sides lie apart, never a size.

use galvanome_model::catalogue::Descriptor;
use galvanome_model::note::Note;
use galvanome_model::quantity::Qualifier;

use super::number::Number;

/// Says that every specimen of one side lies beyond every one of the other, where some gave only bounds (cells that have
/// not reached their end). The decision rule compares means of values and knows no censored ones, so this answers
/// nothing. None where the bounds leave the order open.
pub(super) fn direction(
    descriptor: &Descriptor,
    reference: &[Number],
    test: &[Number],
) -> Option<Note> {
    let (word, of_reference, of_test) = if let Some((most, least)) = apart(reference, test) {
        ("higher", format!("at most {most}"), format!("at least {least}"))
    } else {
        let (most, least) = apart(test, reference)?;
        ("lower", format!("at least {least}"), format!("at most {most}"))
    };
    let message = format!(
        "{} is {word} in every test specimen ({of_test} {}) than in every reference specimen ({of_reference}), although some gave only a bound: a direction without a size, and the decision rule, which compares values, does not answer by it",
        descriptor.id, descriptor.unit
    );
    Some(Note::new("bound-tells-direction", message, descriptor.id.as_str()))
}

/// The most that the lower side can be and the least that the higher side can be, where the second is larger.
fn apart(lower: &[Number], higher: &[Number]) -> Option<(f64, f64)> {
    let most = |one: &Number| (one.qualifier != Qualifier::Greater).then_some(one.value);
    let least = |one: &Number| (one.qualifier != Qualifier::Less).then_some(one.value);
    let most: Option<Vec<f64>> = lower.iter().map(most).collect();
    let least: Option<Vec<f64>> = higher.iter().map(least).collect();
    let (most, least) = (most?.into_iter().reduce(f64::max)?, least?.into_iter().reduce(f64::min)?);
    (least > most).then_some((most, least))
}
