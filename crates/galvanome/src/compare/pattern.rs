//! Whether the spectra of two sides differ as a whole, without a model of what is in them.

use galvanome_model::note::Note;
use galvanome_techniques::Input;
use galvanome_techniques::analysis::Pattern;
use galvanome_techniques::analysis::pattern_difference::{
    Curve, Difference, NoDifference, difference,
};
use galvanome_techniques::analysis::spectrum::spectra;

use super::{Analysed, Side};

/// Places and values of the curves of one specimen.
pub(super) type Curves = Vec<(Vec<f64>, Vec<f64>)>;

/// The curves of a specimen's files; what is to be said of them, its analysis says.
pub(super) fn curves_of(inputs: &[Input], pattern: &Pattern) -> Curves {
    let of =
        |(place, input): (usize, &Input)| spectra(input, place, &pattern.wanted, &mut Vec::new());
    inputs.iter().enumerate().flat_map(of).map(|one| (one.x, one.y)).collect()
}

/// Compares the curves of the specimens that take part. None, with a note, where they cannot be.
pub(super) fn compare(
    pattern: &Pattern,
    specimens: &[Analysed],
    curves: &[Curves],
    notes: &mut Vec<Note>,
) -> Option<Difference> {
    let of = |side: Side| -> Vec<Curve<'_>> {
        specimens
            .iter()
            .zip(curves)
            .filter(|(one, _)| one.side == side && one.rejected.is_none())
            .flat_map(|(one, curves)| {
                curves.iter().map(|(x, y)| Curve { specimen: &one.label, x, y })
            })
            .collect()
    };
    let why = match difference(&of(Side::Reference), &of(Side::Test), pattern.normalisation) {
        Ok(found) => return Some(found),
        Err(NoDifference::Empty) => "a side has no spectrum",
        Err(NoDifference::BadCurve) => {
            "a spectrum has fewer than two points, or holds what is no number"
        }
        Err(NoDifference::NoOverlap) => "the spectra share no range",
        Err(NoDifference::Flat) => "a spectrum is flat",
        Err(NoDifference::InBoth) => {
            "the same specimens stand on both sides: pairs are compared by their quantities"
        }
    };
    let message = format!("the spectra were not compared as a whole: {why}");
    notes.push(Note::new("pattern-not-compared", message, ""));
    None
}
