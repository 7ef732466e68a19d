//! `quantities.csv`: values of descriptors.

use std::borrow::Cow;
use std::collections::BTreeMap;

use galvanome_model::ids::DescriptorId;
use galvanome_model::quantity::{Qualifier, Quantity};

use super::cell;
use super::header::{Table, VISIBILITY};
use super::known::Known;
use super::problem::Problems;
use super::row::Row;
use super::table;

pub(super) const TABLE: Table = Table {
    file: "quantities.csv",
    columns: &[
        "descriptor",
        "component",
        "group",
        "sample",
        "experiment",
        "dataset",
        "qualifier",
        "value",
        "uncertainty",
        "unit",
        "n",
        "method",
        "source",
    ],
    needed: &["descriptor", "value", "unit"],
    optional: &[VISIBILITY],
};

/// What the unit of arbitrary units begins with.
const ARBITRARY: &str = "arb:";

pub(super) fn read(
    files: &BTreeMap<String, Vec<u8>>,
    known: &Known,
    problems: &mut Problems,
) -> Vec<Quantity> {
    let mut quantities = Vec::new();
    table::each_row(&TABLE, files, problems, |row| quantities.extend(read_row(row, known)));
    quantities
}

fn read_row(row: &mut Row<'_>, known: &Known) -> Option<Quantity> {
    let descriptor = row.known("descriptor", &known.descriptors)?;
    let signs = Qualifier::ALL.map(Qualifier::sign);
    let qualifier = row.word("qualifier", "a qualifier", &signs, Qualifier::from_sign);
    if row.cell("value").is_empty() {
        let hint = "leave the row out when there is no number".to_owned();
        row.wrong("value", "is empty", Some(hint));
    }
    let value = row.number("value");
    let uncertainty = row.number("uncertainty");
    if uncertainty.is_some_and(|uncertainty| uncertainty < 0.0) {
        let hint = "a standard uncertainty is zero or above; leave it empty when it is not stated";
        row.wrong("uncertainty", "is negative", Some(hint.to_owned()));
    }
    let n = row.whole("n");
    if n == Some(0) {
        let hint = "leave it empty when the number of specimens is not stated".to_owned();
        row.wrong("n", "is zero", Some(hint));
    }
    check_unit(row, &descriptor, known);
    let experiment = row.known_if_any("experiment", &known.experiments);
    let dataset = row.known_if_any("dataset", &known.datasets);
    if let Some(experiment) = &experiment
        && let Some(facts) = known.descriptors.info(&descriptor)
        && let Some(message) = known.other_technique(experiment, &facts.technique)
    {
        row.wrong("experiment", message, None);
    }
    if let Some(dataset) = &dataset
        && let Some(experiment) = &experiment
        && let Some(message) = known.other_experiment(dataset, experiment)
    {
        row.wrong("dataset", message, None);
    }
    Some(Quantity {
        descriptor,
        component: row.known_if_any("component", &known.components),
        groups: row.known_list("group", &known.groups),
        sample: row.known_if_any("sample", &known.samples),
        experiment,
        dataset,
        qualifier: qualifier.unwrap_or_default(),
        value: value.unwrap_or_default(),
        uncertainty,
        unit: row.cell("unit").to_owned(),
        n,
        method: row.text("method"),
        source: row.text("source"),
        visibility: row.visibility(),
        extra: row.extra(),
    })
}

/// The unit is the descriptor's own, or an arbitrary one with a named scale.
fn check_unit(row: &mut Row<'_>, descriptor: &DescriptorId, known: &Known) {
    let Some(facts) = known.descriptors.info(descriptor) else { return };
    let (unit, own) = (row.cell("unit"), facts.unit.as_str());
    if unit == own {
        return;
    }
    if own.starts_with(ARBITRARY) || unit.is_empty() {
        let message = if unit.is_empty() {
            "is empty".to_owned()
        } else {
            format!("`{unit}` is not the unit of `{descriptor}`")
        };
        row.wrong("unit", message, Some(format!("write the value in `{own}`")));
    } else if unit == ARBITRARY {
        row.wrong("unit", "names no scale", Some("write `arb:` and the scale's name".to_owned()));
    } else if !unit.starts_with(ARBITRARY) {
        let message = format!("`{unit}` is not the unit of `{descriptor}`");
        let hint = format!("write the value in `{own}`, or in `arb:SCALE` for arbitrary units");
        row.wrong("unit", message, Some(hint));
    }
}

pub(super) fn write(quantities: &[Quantity]) -> Vec<u8> {
    table::write(
        &TABLE,
        quantities,
        |quantity| {
            [
                Cow::Borrowed(quantity.descriptor.as_str()),
                cell::optional_id(quantity.component.as_ref()),
                cell::ids(&quantity.groups),
                cell::optional_id(quantity.sample.as_ref()),
                cell::optional_id(quantity.experiment.as_ref()),
                cell::optional_id(quantity.dataset.as_ref()),
                Cow::Borrowed(if quantity.qualifier.is_equal() {
                    ""
                } else {
                    quantity.qualifier.sign()
                }),
                Cow::Owned(cell::number_text(quantity.value)),
                cell::optional_number(quantity.uncertainty),
                Cow::Borrowed(&quantity.unit),
                cell::optional(quantity.n),
                Cow::Borrowed(&quantity.method),
                Cow::Borrowed(&quantity.source),
            ]
        },
        |quantity| &quantity.extra,
        Some(|quantity| &quantity.visibility),
    )
}
