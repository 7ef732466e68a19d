//! Which numbers stand against which: from a campaign's quantities to the two sides of each comparison.

use std::collections::{BTreeMap, BTreeSet};

use galvanome_model::campaign::{Question, QuestionKind};
use galvanome_model::catalogue::{Catalogue, MarginInForce, Scale};
use galvanome_model::experiment::GateKind;
use galvanome_model::ids::{
    ComponentId, DescriptorId, GroupId, ObservableId, SampleId, TechniqueId,
};
use galvanome_model::quantity::Quantity;
use galvanome_model::verdict::Verdict;

use crate::rule;

/// One side of a comparison: the values of its specimens.
#[derive(Debug, Clone, PartialEq)]
pub struct Side {
    /// The groups on it.
    pub groups: Vec<GroupId>,
    /// One value per specimen, in the descriptor's unit. The unit of replication is the specimen.
    pub values: Vec<f64>,
    /// The standard uncertainty of each; none when none is stated. Where some are not, they count as the others.
    pub uncertainties: Option<Vec<f64>>,
}

impl Side {
    /// The mean of its values, geometric on the ratio scale; NaN when there are none.
    pub fn mean(&self, scale: Scale) -> f64 {
        let n = self.values.len() as f64;
        match scale {
            Scale::Difference => self.values.iter().sum::<f64>() / n,
            Scale::Ratio => (self.values.iter().map(|value| value.ln()).sum::<f64>() / n).exp(),
        }
    }
}

/// What the rule said of a descriptor (its id and scale) between a reference and a test side, by a spread `s0`, as it is
/// kept and shown.
pub fn verdict(
    (descriptor, scale): (&DescriptorId, Scale),
    [reference, test]: [&Side; 2],
    s0: Option<f64>,
    judged: &rule::Verdict,
) -> Verdict {
    Verdict {
        descriptor: descriptor.clone(),
        scale,
        reference: reference.groups.clone(),
        test: test.groups.clone(),
        reference_mean: reference.mean(scale),
        test_mean: test.mean(scale),
        reference_n: reference.values.len() as u32,
        test_n: test.values.len() as u32,
        answer: judged.answer,
        reason: judged.reason.map_or("", rule::Reason::word).to_owned(),
        direction: judged.direction,
        d: judged.d,
        u: judged.u,
        nu: judged.nu.filter(|nu| nu.is_finite()),
        yes_bound: judged.yes_bound,
        no_bound: judged.no_bound,
        delta: judged.delta,
        s0,
        break_even_s0: judged.break_even_s0,
        u_needed_for_no: judged.u_needed_for_no,
    }
}

/// One descriptor of one pixel between one reference and one test side.
#[derive(Debug, Clone, PartialEq)]
pub struct Comparable {
    /// The descriptor.
    pub descriptor: DescriptorId,
    /// Its margin.
    pub margin: MarginInForce,
    /// δ of that margin.
    pub delta: f64,
    /// What is compared with.
    pub reference: Side,
    /// What is compared.
    pub test: Side,
    /// Gates that are closed on an experiment behind one of its numbers.
    pub gates: BTreeSet<GateKind>,
}

/// The comparisons that decide one pixel: every primary descriptor with a margin, for every pair of groups that
/// has numbers on both sides. Empty when nothing can be compared.
///
/// Left out are: bounds (`<`, `>`), which are no values; descriptors by which specimens were stopped or selected;
/// arbitrary units on different scales; and non-positive values of a ratio.
pub fn of_pixel(
    catalogue: &Catalogue,
    question: &Question,
    component: &ComponentId,
    technique: &TechniqueId,
    observable: &ObservableId,
    quantities: &[&Quantity],
    gates: &dyn Fn(&Quantity) -> Vec<GateKind>,
) -> Vec<Comparable> {
    let mut comparisons = Vec::new();
    let Some(row) = catalogue.technique(technique) else { return comparisons };
    if question.kind != QuestionKind::Difference {
        return comparisons;
    }
    for (descriptor, speaks) in row.descriptors_for(observable) {
        let margin = catalogue.margin_for(&descriptor.id, observable);
        let Some((margin, delta)) =
            margin.and_then(|margin| margin.delta.map(|delta| (margin, delta)))
        else {
            continue;
        };
        if !speaks.primary || descriptor.selects_specimens {
            continue;
        }
        let values: Vec<&Quantity> = quantities
            .iter()
            .copied()
            .filter(|quantity| {
                quantity.descriptor == descriptor.id
                    && quantity.component.as_ref().is_none_or(|one| one == component)
                    && quantity.qualifier.is_value()
                    && (descriptor.scale == Scale::Difference || quantity.value > 0.0)
            })
            .collect();
        let closed = |side: &[&Quantity]| -> Vec<GateKind> {
            side.iter().flat_map(|one| gates(one)).collect()
        };
        for unit in values.iter().map(|one| one.unit.as_str()).collect::<BTreeSet<_>>() {
            let here: Vec<&Quantity> =
                values.iter().copied().filter(|one| one.unit == unit).collect();
            let references = sides(&question.reference, question.pool, &here);
            let tests = sides(&question.test, question.pool, &here);
            for (reference, of_reference) in &references {
                for (test, of_test) in &tests {
                    comparisons.push(Comparable {
                        descriptor: descriptor.id.clone(),
                        margin: margin.clone(),
                        delta,
                        reference: reference.clone(),
                        test: test.clone(),
                        gates: closed(of_reference).into_iter().chain(closed(of_test)).collect(),
                    });
                }
            }
        }
    }
    comparisons
}

/// The sides of one side of a question: each group that has values, or all together when they are pooled or when
/// the values were given for all of them together.
fn sides<'a>(
    groups: &[GroupId],
    pool: bool,
    quantities: &[&'a Quantity],
) -> Vec<(Side, Vec<&'a Quantity>)> {
    let wanted: BTreeSet<&GroupId> = groups.iter().collect();
    let within = |quantity: &&Quantity, allowed: &BTreeSet<&GroupId>| {
        !quantity.groups.is_empty() && quantity.groups.iter().all(|group| allowed.contains(group))
    };
    let mut sides = Vec::new();
    if pool {
        let chosen: Vec<&Quantity> =
            quantities.iter().copied().filter(|one| within(one, &wanted)).collect();
        sides.extend(side(groups.to_vec(), &chosen).map(|side| (side, chosen)));
        return sides;
    }
    for group in groups {
        let only: BTreeSet<&GroupId> = [group].into();
        let chosen: Vec<&Quantity> =
            quantities.iter().copied().filter(|one| within(one, &only)).collect();
        sides.extend(side(vec![group.clone()], &chosen).map(|side| (side, chosen)));
    }
    let together: Vec<&Quantity> = quantities
        .iter()
        .copied()
        .filter(|one| one.groups.len() > 1 && one.groups.iter().collect::<BTreeSet<_>>() == wanted)
        .collect();
    sides.extend(side(groups.to_vec(), &together).map(|side| (side, together)));
    sides
}

/// One value per specimen. Several values of one specimen are averaged; a mean over n specimens with its
/// standard error stands for n values with that mean and that spread.
fn side(groups: Vec<GroupId>, quantities: &[&Quantity]) -> Option<Side> {
    let mut by_specimen: BTreeMap<&SampleId, Vec<&Quantity>> = BTreeMap::new();
    let mut values = Vec::new();
    let mut uncertainties = Vec::new();
    for quantity in quantities {
        match (&quantity.sample, quantity.n, quantity.uncertainty) {
            (Some(sample), _, _) => by_specimen.entry(sample).or_default().push(quantity),
            (None, Some(n), Some(error)) if n >= 2 => {
                let spread = error * f64::from(n).sqrt();
                values.extend(with_mean_and_spread(quantity.value, spread, n));
                uncertainties.extend(std::iter::repeat_n(None, n as usize));
            }
            (None, _, error) => {
                values.push(quantity.value);
                uncertainties.push(error);
            }
        }
    }
    for specimen in by_specimen.values() {
        let n = specimen.len() as f64;
        values.push(specimen.iter().map(|one| one.value).sum::<f64>() / n);
        uncertainties.push(root_mean_square(specimen.iter().map(|one| one.uncertainty)));
    }
    let usual = root_mean_square(uncertainties.iter().copied());
    let uncertainties = usual
        .map(|usual| uncertainties.into_iter().map(|stated| stated.unwrap_or(usual)).collect());
    (!values.is_empty()).then_some(Side { groups, values, uncertainties })
}

/// The root mean square of those that are stated; none when none is.
fn root_mean_square(stated: impl Iterator<Item = Option<f64>>) -> Option<f64> {
    let (sum, n) = stated.flatten().fold((0.0, 0.0), |(sum, n), u| (u.mul_add(u, sum), n + 1.0));
    (n > 0.0).then(|| (sum / n).sqrt())
}

/// `n` values, evenly spaced, whose mean and standard deviation are the given ones.
fn with_mean_and_spread(mean: f64, spread: f64, n: u32) -> impl Iterator<Item = f64> {
    let n = f64::from(n);
    // Evenly spaced ranks 1..n have the sample variance n(n+1)/12.
    let scale = spread / (n * (n + 1.0) / 12.0).sqrt();
    let middle = f64::midpoint(n, 1.0);
    (1..=n as u32).map(move |rank| mean + (f64::from(rank) - middle) * scale)
}
