//! The numbers that a technique yields, the observables that they speak for, and from what difference on.

use galvanome_model::catalogue::{
    Catalogue, Descriptor, Relation, Scale, Technique, TypicalUncertainty, UncertaintyKind,
    is_unverified,
};

use super::web;
use crate::pages::{numbers, strip, words};

/// A descriptor.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Line {
    pub(super) id: String,
    pub(super) name: String,
    pub(super) unit: String,
    pub(super) unit_iri: Option<String>,
    pub(super) quantity_iri: Option<String>,
    /// How that term relates to the descriptor, where it is not the same.
    pub(super) quantity_relation: &'static str,
    pub(super) scale: &'static str,
    pub(super) selects: bool,
    pub(super) note: String,
    pub(super) typical: String,
    pub(super) source: String,
    pub(super) unverified: bool,
    pub(super) speaks: Vec<Speaks>,
}

/// That it speaks for an observable.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Speaks {
    pub(super) observable: String,
    pub(super) primary: bool,
    /// δ with its source; none when nothing is declared.
    pub(super) delta: Option<String>,
    pub(super) delta_source: String,
    /// s0 with its source; none when nothing is declared.
    pub(super) s0: Option<String>,
    pub(super) s0_source: String,
    /// Who confirmed both, and when; empty while nobody has.
    pub(super) confirmed: String,
}

/// What a laboratory usually reaches.
fn typical(known: &TypicalUncertainty, unit: &str) -> String {
    let shown = |value: f64| match known.kind {
        UncertaintyKind::Relative => numbers::share(value),
        UncertaintyKind::Absolute => strip::declared(value, Scale::Difference, unit),
    };
    let range = match known.up_to {
        Some(up_to) => format!("{} to {}", shown(known.value), shown(up_to)),
        None => shown(known.value),
    };
    let source =
        if known.source.is_empty() { String::new() } else { format!(" ({})", known.source) };
    format!("Usual uncertainty {range}{source}; never taken for s0.")
}

fn line(descriptor: &Descriptor, catalogue: &Catalogue) -> Line {
    let speaks = descriptor
        .speaks_for
        .iter()
        .map(|speaks| {
            let margin = catalogue.margin_for(&descriptor.id, &speaks.observable);
            let observable = catalogue.observable(&speaks.observable);
            let shown = |value: f64| strip::declared(value, descriptor.scale, &descriptor.unit);
            let mut one = Speaks {
                observable: observable.map_or_else(
                    || format!("{} (no column here)", speaks.observable),
                    |one| one.name.clone(),
                ),
                primary: speaks.primary,
                delta: None,
                delta_source: String::new(),
                s0: None,
                s0_source: String::new(),
                confirmed: String::new(),
            };
            if let Some(margin) = margin {
                one.delta = margin.delta.map(shown);
                one.delta_source =
                    margin.delta_source.filter(|_| one.delta.is_some()).unwrap_or_default();
                one.s0 = margin.s0.map(|s0| match margin.s0_test {
                    Some(test) => format!("{} and {} on the test side", shown(s0), shown(test)),
                    None => shown(s0),
                });
                one.s0_source = margin.s0_source.filter(|_| one.s0.is_some()).unwrap_or_default();
                if let Some(u_sys) = margin.u_sys {
                    let text = format!("between the sides {}", shown(u_sys));
                    one.s0 =
                        Some(one.s0.map_or_else(|| text.clone(), |s0| format!("{s0}, {text}")));
                }
                one.confirmed = match (margin.confirmed_by, margin.set_on) {
                    (Some(who), Some(on)) => format!("{who}, {}", words::day(&on)),
                    (Some(who), None) => who,
                    (None, _) => String::new(),
                };
            }
            one
        })
        .collect();
    Line {
        id: descriptor.id.to_string(),
        name: descriptor.name.clone(),
        unit: numbers::unit_said(&descriptor.unit),
        unit_iri: descriptor.unit_iri.as_deref().and_then(web).map(str::to_owned),
        quantity_iri: descriptor.quantity_iri.as_deref().and_then(web).map(str::to_owned),
        quantity_relation: match descriptor.quantity_relation {
            None | Some(Relation::Exact) => "",
            Some(relation) => super::relation(relation),
        },
        scale: match descriptor.scale {
            Scale::Ratio => "by ratio",
            Scale::Difference => "by difference",
        },
        selects: descriptor.selects_specimens,
        note: descriptor.note.clone().unwrap_or_default(),
        typical: descriptor
            .typical_uncertainty
            .as_ref()
            .map_or_else(String::new, |known| typical(known, &descriptor.unit)),
        source: descriptor.source.clone(),
        unverified: is_unverified(&descriptor.source),
        speaks,
    }
}

/// The descriptors of a technique, in the catalogue's order.
pub(super) fn lines(technique: &Technique, catalogue: &Catalogue) -> Vec<Line> {
    technique.descriptors.iter().map(|descriptor| line(descriptor, catalogue)).collect()
}
