//! What was found in a dataset, and the pixels that it speaks for.

use std::collections::BTreeSet;

use galvanome::dataset::{Opened, Step};
use galvanome::{HeldQuantity, QuantityOrigin};
use galvanome_model::campaign::QuestionKind;
use galvanome_model::ids::ComponentId;
use galvanome_model::pixel::PixelKey;

use crate::pages::numbers::Shown;
use crate::pages::{address, asked, values};

/// A quantity that was found in it.
pub(super) struct QuantityRow {
    pub(super) name: String,
    pub(super) value: String,
    pub(super) uncertainty: String,
    pub(super) detail: String,
    pub(super) method: String,
    pub(super) selects: bool,
}

/// The pixels of one question that its quantities speak for.
pub(super) struct Asked {
    pub(super) question: String,
    pub(super) pixels: Vec<(String, String)>,
}

/// Pixels that are named, at most.
const MOST: usize = 24;

pub(super) fn quantities(opened: &Opened) -> Vec<QuantityRow> {
    let catalogue = &opened.known.frame.catalogue;
    let several = opened.dataset.samples.len() != 1;
    let row = |held: &HeldQuantity| {
        let quantity = &held.quantity;
        let descriptor = catalogue.descriptor(&quantity.descriptor);
        let shown = Shown::of(quantity.value, quantity.uncertainty, &quantity.unit);
        QuantityRow {
            name: descriptor
                .map_or_else(|| quantity.descriptor.to_string(), |one| one.name.clone()),
            value: format!("{}{}", values::qualifier(quantity.qualifier), shown.value_text()),
            uncertainty: shown.uncertainty_text().unwrap_or_default(),
            detail: [
                quantity.sample.as_ref().filter(|_| several).map(ToString::to_string),
                Some(found_how(&quantity.source, opened)).filter(|source| !source.is_empty()),
            ]
            .into_iter()
            .flatten()
            .collect::<Vec<_>>()
            .join(", "),
            method: match held.origin {
                QuantityOrigin::Computed => format!("{}, computed here", quantity.method),
                QuantityOrigin::Folder => format!("{}, from the campaign folder", quantity.method),
            },
            selects: descriptor.is_some_and(|one| one.selects_specimens),
        }
    };
    opened.quantities.iter().map(row).collect()
}

/// How a quantity was found, without the files that it was found in where the page names them once for all.
fn found_how(source: &str, opened: &Opened) -> String {
    match source.rsplit_once("; from ") {
        Some((how, files)) if opened.together.len() > 1 && files.ends_with(" in time order") => {
            how.to_owned()
        }
        _ => source.to_owned(),
    }
}

/// What stands in place of quantities, or beside them.
pub(super) fn about(opened: &Opened) -> String {
    match (&opened.work.analysing, opened.quantities.is_empty(), opened.together.len()) {
        (Step::Waits | Step::Runs { .. }, true, _) => {
            "They appear here when the analysis is done.".to_owned()
        }
        (Step::Failed(_), true, _) => "The analysis failed; the reason stands above.".to_owned(),
        (Step::Nothing, true, _) => {
            "No analysis of ours takes this dataset: its technique has none, or it is of several samples.".to_owned()
        }
        (_, true, _) => "The analysis found none.".to_owned(),
        // What is there does not rest on what is only being looked at.
        (Step::Waits | Step::Runs { .. }, false, _) => {
            "These are of the analysis before; they are found anew when the one that is under way is done."
                .to_owned()
        }
        (Step::Failed(_), false, _) => {
            "The last analysis failed; the reason stands above. These are of the one before."
                .to_owned()
        }
        (_, false, files) if files > 1 => {
            format!("From {files} files of this sample together, in time order.")
        }
        _ => String::new(),
    }
}

pub(super) fn pixels(opened: &Opened) -> Vec<Asked> {
    let frame = &opened.known.frame;
    let definition = &frame.definition;
    let mut seen = BTreeSet::new();
    let mut found: Vec<Asked> = Vec::new();
    for held in &opened.quantities {
        let quantity = &held.quantity;
        let Some((descriptor, technique)) =
            frame.catalogue.descriptor_and_technique(&quantity.descriptor)
        else {
            continue;
        };
        if descriptor.selects_specimens {
            continue;
        }
        let components: Vec<&ComponentId> = match &quantity.component {
            Some(component) => vec![component],
            None => definition.components.iter().map(|one| &one.id).collect(),
        };
        let questions = definition.questions.iter().filter(|question| {
            let asks = question.kind == QuestionKind::Difference;
            let mut sides = question.reference.iter().chain(&question.test);
            asks && sides.any(|group| quantity.groups.contains(group))
        });
        for question in questions {
            for component in &components {
                for speaks in &descriptor.speaks_for {
                    let key = PixelKey {
                        component: (*component).clone(),
                        question: question.id.clone(),
                        technique: technique.id.clone(),
                        observable: speaks.observable.clone(),
                    };
                    let Some(name) = named(opened, &key) else { continue };
                    let href = address::pixel(&definition.id, &key);
                    if seen.len() >= MOST || !seen.insert(href.clone()) {
                        continue;
                    }
                    let question = asked::question_name(Some(question), question.id.as_str());
                    match found.iter_mut().find(|one| one.question == question) {
                        Some(one) => one.pixels.push((name, href)),
                        None => found.push(Asked { question, pixels: vec![(name, href)] }),
                    }
                }
            }
        }
    }
    found
}

/// Component and observable in words; none for an observable that the campaign does not have.
fn named(opened: &Opened, key: &PixelKey) -> Option<String> {
    let frame = &opened.known.frame;
    let observable = frame.catalogue.observables.iter().find(|one| one.id == key.observable)?;
    let component = frame.definition.components.iter().find(|one| one.id == key.component)?;
    Some(format!("{}, {}", component.name, observable.name))
}
