//! The computed answers of a campaign: every pixel that has numbers on both sides.

use std::collections::BTreeMap;

use galvanome_model::experiment::GateKind;
use galvanome_model::ids::{ComponentId, QuestionId, TechniqueId};
use galvanome_model::metaview::Frame;
use galvanome_model::quantity::Quantity;
use galvanome_model::verdict::{ComputedAnswer, Verdict};

use crate::comparison::{Comparison, Gate, Input};
use crate::evidence::{self, Comparable};
use crate::pixel::{self, PixelVerdict};
use crate::rule::{self, Rule};

/// Version of the decision rule and of how numbers are gathered for it. A changed answer needs a changed version.
pub const VERSION: u32 = 1;

/// The computed answers of a campaign, in the order of components, questions, techniques and observables. Only
/// quantities that everybody in the campaign may see should be handed in.
pub fn of_campaign(frame: &Frame, quantities: &[Quantity], rule: Rule) -> Vec<ComputedAnswer> {
    let mut by_technique: BTreeMap<&TechniqueId, Vec<&Quantity>> = BTreeMap::new();
    for quantity in quantities {
        if let Some((_, technique)) = frame.catalogue.descriptor_and_technique(&quantity.descriptor)
        {
            by_technique.entry(&technique.id).or_default().push(quantity);
        }
    }
    let mut answers = Vec::new();
    for component in &frame.definition.components {
        for question in &frame.definition.questions {
            for (technique, quantities) in frame
                .catalogue
                .techniques
                .iter()
                .filter_map(|technique| Some((&technique.id, by_technique.get(&technique.id)?)))
            {
                answers.extend(of_row(
                    frame,
                    &component.id,
                    &question.id,
                    technique,
                    quantities,
                    rule,
                ));
            }
        }
    }
    answers
}

fn of_row(
    frame: &Frame,
    component: &ComponentId,
    question: &QuestionId,
    technique: &TechniqueId,
    quantities: &[&Quantity],
    rule: Rule,
) -> Vec<ComputedAnswer> {
    let Some(asked) = frame.definition.question(question) else { return Vec::new() };
    let entry = frame.definition.techniques.iter().find(|entry| entry.id == *technique);
    let gates = |quantity: &Quantity| frame.gates_of(quantity);
    let mut answers = Vec::new();
    for observable in &frame.catalogue.observables {
        if entry.is_some_and(|entry| entry.not_applicable.contains(&observable.id)) {
            continue;
        }
        let comparables = evidence::of_pixel(
            &frame.catalogue,
            asked,
            component,
            technique,
            &observable.id,
            quantities,
            &gates,
        );
        let Some((verdict, verdicts)) = judge(&comparables, rule) else { continue };
        answers.push(ComputedAnswer {
            component: component.clone(),
            question: question.clone(),
            technique: technique.clone(),
            observable: observable.id.clone(),
            answer: verdict.answer,
            reason: verdict.reason.map_or("", rule::Reason::word).to_owned(),
            direction: verdict.direction,
            provisional: comparables.iter().any(|one| one.margin.confirmed_by.is_none()),
            stale: false,
            verdicts,
            alpha: rule.alpha(),
            kappa: rule.kappa(),
            basis: basis(&comparables, rule),
            version: VERSION,
        });
    }
    answers
}

fn judge(comparables: &[Comparable], rule: Rule) -> Option<(PixelVerdict, Vec<Verdict>)> {
    let mut kept = Vec::new();
    let mut comparisons = Vec::new();
    for one in comparables {
        let gates = gates_of(one);
        let input = Input {
            reference_u: one.reference.uncertainties.as_deref(),
            test_u: one.test.uncertainties.as_deref(),
            s0: one.margin.s0,
            s0_test: one.margin.s0_test,
            u_sys: one.margin.u_sys.unwrap_or(0.0),
            nu_sys: one.margin.nu_sys,
            gates: &gates,
            ..Input::new(
                one.descriptor.as_str(),
                one.margin.scale,
                &one.reference.values,
                &one.test.values,
                one.delta,
            )
        };
        if let Ok(comparison) = Comparison::new(&input) {
            kept.push(one);
            comparisons.push(comparison);
        }
    }
    let verdict = pixel::judge(&comparisons, rule).ok()?;
    let verdicts = kept.iter().zip(&verdict.descriptors).map(|(one, verdict)| told(one, verdict));
    let verdicts = verdicts.collect();
    Some((verdict, verdicts))
}

/// Gates as the rule takes them. What differs between the sides without a bound may neither support a yes nor a
/// no; a declared systematic uncertainty is that bound (science: confounding bars both unless `u_sys` bounds it).
fn gates_of(one: &Comparable) -> Vec<Gate> {
    let bounded = one.margin.u_sys.is_some();
    one.gates
        .iter()
        .flat_map(|gate| match gate {
            GateKind::Void => vec![Gate::Void],
            GateKind::NoCannot => vec![Gate::NoCannot],
            GateKind::YesCannot => vec![Gate::YesCannot],
            GateKind::Inflate if bounded => Vec::new(),
            GateKind::Inflate => vec![Gate::NoCannot, Gate::YesCannot],
        })
        .collect()
}

fn told(one: &Comparable, verdict: &rule::Verdict) -> Verdict {
    let of = (&one.descriptor, one.margin.scale);
    evidence::verdict(of, [&one.reference, &one.test], one.margin.s0, verdict)
}

/// A fingerprint of everything an answer rests on: it changes when any number, margin, gate or version does.
fn basis(comparables: &[Comparable], rule: Rule) -> String {
    let text = format!("{VERSION} {rule:?} {comparables:?}");
    format!("{:016x}", fnv1a(text.as_bytes()))
}

/// FNV-1a, 64 bits: stable over builds, which the standard library's hasher does not promise.
fn fnv1a(bytes: &[u8]) -> u64 {
    bytes.iter().fold(0xcbf2_9ce4_8422_2325, |hash, byte| {
        (hash ^ u64::from(*byte)).wrapping_mul(0x0000_0100_0000_01b3)
    })
}
