//! The six steps of a campaign with their counts: what was stated, and how much of it is written down here.

use galvanome_model::answer::Answer;
use galvanome_model::campaign::{Definition, Fact};
use galvanome_model::catalogue::{Facility, Technique};
use galvanome_model::experiment::ExperimentStatus;
use galvanome_model::quantity::Qualifier;

use super::OverviewInput;
use crate::pages::{address, asked, words};

/// How far a step is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum State {
    Open,
    Now,
    Done,
}

/// One of the six.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Step {
    pub(super) number: usize,
    pub(super) name: &'static str,
    /// Class of the state: `open`, `now`, `done`.
    pub(super) class: &'static str,
    /// The state in words.
    pub(super) state: &'static str,
    pub(super) count: String,
    pub(super) unit: &'static str,
    pub(super) lines: Vec<String>,
    pub(super) href: Option<String>,
}

/// A stated number as it stands in a sentence: `19`, `about 40`, `more than 3`.
fn stated(fact: &Fact) -> String {
    let number = words::digits(fact.value, 6);
    match fact.qualifier {
        Qualifier::Equal => number,
        Qualifier::Less => format!("less than {number}"),
        Qualifier::Greater => format!("more than {number}"),
        Qualifier::About => format!("about {number}"),
    }
}

/// The same, large.
fn large(fact: &Fact) -> String {
    let number = words::digits(fact.value, 6);
    match fact.qualifier {
        Qualifier::Equal => number,
        Qualifier::Less => format!("< {number}"),
        Qualifier::Greater => format!("> {number}"),
        Qualifier::About => format!("≈ {number}"),
    }
}

fn fact<'a>(definition: &'a Definition, id: &str) -> Option<&'a Fact> {
    definition.facts.iter().find(|fact| fact.id == id && fact.value.is_finite())
}

/// `19 stated (section 3.3), 17 written down here`.
fn beside(fact: &Fact, written: usize) -> String {
    let from = if fact.source.is_empty() { String::new() } else { format!(" ({})", fact.source) };
    let here = if written == 0 { "none".to_owned() } else { words::count(written) };
    format!("{} stated{from}, {here} written down here.", stated(fact))
}

/// A large number and its first line: the stated one where there is one.
fn count(fact: Option<&Fact>, written: usize) -> (String, Vec<String>) {
    match fact {
        Some(fact) if fact.qualifier.is_equal() && fact.value == written as f64 => {
            (words::count(written), Vec::new())
        }
        Some(fact) => (large(fact), vec![beside(fact, written)]),
        None => (words::count(written), Vec::new()),
    }
}

fn where_done(techniques: &[Technique]) -> String {
    let of = |facility| {
        techniques.iter().filter(|technique| technique.facts.facility == Some(facility)).count()
    };
    let kinds = [
        (of(Facility::Lab), "in the lab", "in the lab"),
        (of(Facility::Synchrotron), "at a synchrotron", "at synchrotrons"),
        (of(Facility::Neutron), "at a neutron source", "at neutron sources"),
    ];
    let said: Vec<String> = kinds
        .into_iter()
        .filter(|(count, ..)| *count > 0)
        .map(|(count, one, many)| words::counted(count, one, many))
        .collect();
    said.join(", ")
}

fn questions(definition: &Definition) -> Step {
    let names: Vec<String> = definition
        .questions
        .iter()
        .map(|question| asked::question_name(Some(question), question.id.as_str()))
        .collect();
    let (shown, rest) = names.split_at(names.len().min(4));
    let mut line = shown.join(", ");
    if !rest.is_empty() {
        line = format!("{line} and {} more", rest.len());
    }
    let about: Vec<&str> = definition.components.iter().map(|one| one.name.as_str()).collect();
    let mut lines = Vec::new();
    if !line.is_empty() {
        lines.push(format!("{line}."));
    }
    match about.as_slice() {
        [] => lines.push("No component named yet.".to_owned()),
        all if all.len() <= 4 => lines.push(format!("{}.", words::list(all))),
        all => lines.push(format!("{} components.", all.len())),
    }
    let ready = !names.is_empty() && !about.is_empty();
    step(
        1,
        "Question",
        if ready { State::Done } else { State::Open },
        (words::count(names.len()), if names.len() == 1 { "question" } else { "questions" }),
        lines,
        (!names.is_empty()).then(|| "#questions".to_owned()),
    )
}

fn step(
    number: usize,
    name: &'static str,
    state: State,
    (count, unit): (String, &'static str),
    lines: Vec<String>,
    href: Option<String>,
) -> Step {
    let (class, state) = match state {
        State::Open => ("open", "not begun"),
        State::Now => ("now", "under way"),
        State::Done => ("done", "done"),
    };
    Step { number, name, class, state, count, unit, lines, href }
}

/// `3 planned, 2 done`, in the order of work.
fn statuses(input: &OverviewInput) -> String {
    let of = |status| input.campaign.experiments.iter().filter(|one| one.status == status).count();
    let said: Vec<String> = ExperimentStatus::ALL
        .into_iter()
        .map(|status| (of(status), status.word()))
        .filter(|(count, _)| *count > 0)
        .map(|(count, word)| format!("{count} {word}"))
        .collect();
    if said.is_empty() { String::new() } else { format!("{}.", said.join(", ")) }
}

/// The six steps.
pub(super) fn steps(input: &OverviewInput, pixels: usize) -> Vec<Step> {
    let definition = &input.frame.definition;
    let catalogue = &input.frame.catalogue;
    let (campaign, written) = (input.campaign, input.written);
    let mut all = vec![questions(definition)];

    let techniques = catalogue.techniques.len();
    let (number, mut lines) = count(fact(definition, "techniques"), techniques);
    let done_at = where_done(&catalogue.techniques);
    lines.extend((!done_at.is_empty()).then(|| format!("{done_at}.")));
    let (_, differs) = count(fact(definition, "partners"), definition.partners.len());
    let partners = words::counted(definition.partners.len(), "partner", "partners");
    lines.push(
        differs
            .first()
            .map_or_else(|| format!("{partners}."), |said| format!("{partners}: {said}")),
    );
    all.push(step(
        2,
        "Techniques",
        if techniques > 0 { State::Done } else { State::Open },
        (number, if techniques == 1 { "technique" } else { "techniques" }),
        lines,
        Some(address::campaign_techniques(&definition.id)),
    ));

    let shipped = fact(definition, "samples-shipped");
    let parcels = campaign.shipments.len();
    let on_the_road = campaign.shipments.iter().filter(|one| one.is_on_its_way()).count();
    let here = format!(
        "{}, {}",
        words::counted(written.samples, "sample or stock", "samples and stocks"),
        if parcels == 0 {
            "no parcel".to_owned()
        } else {
            words::counted(parcels, "parcel", "parcels")
        }
    );
    let mut lines = match shipped {
        Some(fact) if fact.source.is_empty() => {
            vec![format!("{} stated; written down here: {here}.", stated(fact))]
        }
        Some(fact) => {
            vec![format!("{} stated ({}); written down here: {here}.", stated(fact), fact.source)]
        }
        None => vec![format!(
            "{}.",
            if parcels == 0 {
                "No parcel".to_owned()
            } else {
                words::counted(parcels, "parcel", "parcels")
            }
        )],
    };
    if on_the_road > 0 {
        lines.push(format!("{} on the road.", words::counted(on_the_road, "parcel", "parcels")));
    }
    all.push(step(
        3,
        "Samples",
        match (written.samples, shipped, on_the_road) {
            (0, None, 0) => State::Open,
            (_, _, 0) => State::Done,
            _ => State::Now,
        },
        shipped.map_or_else(
            || {
                (
                    words::count(written.samples),
                    if written.samples == 1 { "sample" } else { "samples" },
                )
            },
            |fact| (large(fact), "samples shipped"),
        ),
        lines,
        None,
    ));

    let is = |wanted: &[ExperimentStatus]| {
        campaign.experiments.iter().any(|one| wanted.contains(&one.status))
    };
    let measuring = is(&[ExperimentStatus::Planned, ExperimentStatus::Accepted]);
    let stated_experiments = fact(definition, "experiments");
    let (number, mut lines) = count(stated_experiments, written.experiments);
    let by_status = statuses(input);
    lines.extend((!by_status.is_empty()).then_some(by_status));
    all.push(step(
        4,
        "Experiments",
        match (written.experiments, stated_experiments, measuring) {
            (0, None, _) => State::Open,
            (_, _, true) => State::Now,
            _ => State::Done,
        },
        (number, if written.experiments == 1 { "experiment" } else { "experiments" }),
        lines,
        None,
    ));

    let stated_datasets = fact(definition, "datasets");
    let (number, mut lines) = count(stated_datasets, written.datasets);
    lines.push(match written.quantities {
        0 => "No number yet.".to_owned(),
        some => format!("{} written down.", words::counted(some, "number", "numbers")),
    });
    all.push(step(
        5,
        "Data",
        match (written.datasets + written.quantities, stated_datasets) {
            (0, None) => State::Open,
            _ if measuring || is(&[ExperimentStatus::Measured]) => State::Now,
            _ => State::Done,
        },
        (number, if written.datasets == 1 { "dataset" } else { "datasets" }),
        lines,
        Some(address::datasets(&definition.id)),
    ));

    all.push(knowledge(input, pixels));
    all
}

fn knowledge(input: &OverviewInput, pixels: usize) -> Step {
    let definition = &input.frame.definition;
    let views = definition.components.len() * definition.questions.len();
    let sum = |pick: fn(&galvanome_model::metaview::Counts) -> u32| {
        input.metaviews.iter().map(|view| pick(&view.counts) as usize).sum::<usize>()
    };
    let (answered, pending) = (sum(|counts| counts.answered), sum(|counts| counts.pending));
    let known = !input.metaviews.is_empty();
    let mut lines = Vec::new();
    if pixels > 0 && known {
        lines.push(format!(
            "{} of {} pixels answered, {} pending.",
            words::count(answered),
            words::count(pixels),
            words::count(pending)
        ));
        let yes = input
            .metaviews
            .iter()
            .flat_map(|view| &view.pixels)
            .filter(|pixel| pixel.answer == Some(Answer::Yes))
            .count();
        if answered > 0 {
            lines.push(format!(
                "{} of the answers {} yes.",
                words::count(yes),
                if yes == 1 { "is" } else { "are" }
            ));
        }
    } else if pixels > 0 {
        lines.push(format!("{} pixels.", words::count(pixels)));
    }
    step(
        6,
        "Knowledge",
        match (pixels, known, answered, pending) {
            (0, ..) | (_, true, 0, _) => State::Open,
            (_, true, _, 0) => State::Done,
            _ => State::Now,
        },
        (words::count(views), if views == 1 { "metaview" } else { "metaviews" }),
        lines,
        definition
            .components
            .first()
            .map(|component| address::metaviews(&definition.id, &component.id)),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn stated_and_written_numbers_stand_side_by_side() {
        let fact = |value, qualifier, source: &str| Fact {
            id: "experiments".to_owned(),
            name: "Experiments".to_owned(),
            value,
            qualifier,
            unit: String::new(),
            source: source.to_owned(),
            note: String::new(),
        };
        for (fact, written, number, line) in [
            (
                Some(fact(19.0, Qualifier::Equal, "section 3.3")),
                17,
                "19",
                Some("19 stated (section 3.3), 17 written down here."),
            ),
            (Some(fact(19.0, Qualifier::Equal, "section 3.3")), 19, "19", None),
            (
                Some(fact(75.0, Qualifier::Equal, "")),
                0,
                "75",
                Some("75 stated, none written down here."),
            ),
            (
                Some(fact(40.0, Qualifier::About, "a")),
                40,
                "≈ 40",
                Some("about 40 stated (a), 40 written down here."),
            ),
            (None, 12_345, "12\u{202f}345", None),
        ] {
            let (shown, lines) = count(fact.as_ref(), written);
            assert_eq!(shown, number);
            assert_eq!(lines.first().map(String::as_str), line);
        }
    }
}
