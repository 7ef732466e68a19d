//! What sets the techniques of a column apart, in sentences made from facts alone: how deep each sees, what its numbers
//! stand for, how the cell was, gates, numbers. They explain nothing away; nothing is weighed here.

mod depth;

use std::fmt::Write as _;

use galvanome_model::answer::Answer;
use galvanome_model::catalogue::{Mode, Technique};
use galvanome_model::experiment::Gate;
use galvanome_model::ids::ObservableId;
use galvanome_model::pixel::Pixel;
use galvanome_model::verdict::{ComputedAnswer, Direction};

use super::groups::{capitalised, in_sentence};
use super::ladder::{counts_from_particle, reach};
use super::{standing, words};

/// One technique of the column, as far as it matters here.
#[derive(Debug, Clone)]
pub struct Told<'a> {
    /// The technique.
    pub technique: &'a Technique,
    /// Its pixel, with a measured answer.
    pub pixel: &'a Pixel,
    /// Its computed answer.
    pub computed: Option<&'a ComputedAnswer>,
    /// The modes in which it was measured, as far as they are known.
    pub modes: Vec<Mode>,
    /// The gates that are closed on it.
    pub gates: Vec<&'a Gate>,
}

/// Sentences on one thing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Difference {
    /// What it is about.
    pub about: &'static str,
    /// What is to be said.
    pub texts: Vec<String>,
}

/// Says something about a thing, beside what was said about it before.
fn say(all: &mut Vec<Difference>, about: &'static str, text: String) {
    match all.last_mut().filter(|last| last.about == about) {
        Some(last) => last.texts.push(text),
        None => all.push(Difference { about, texts: vec![text] }),
    }
}

impl Told<'_> {
    fn label(&self) -> &str {
        &self.technique.short_name
    }

    fn says(&self, answer: Answer) -> bool {
        self.pixel.answer == Some(answer) && !self.pixel.contested && !self.pixel.voided
    }

    /// Depth from the face of the electrode, within the layer.
    fn depth(&self, thickness_m: Option<f64>) -> Option<f64> {
        if counts_from_particle(self.technique) {
            return None;
        }
        let (main, _) = reach(&self.technique.facts)?;
        Some(thickness_m.map_or(main, |thickness| main.min(thickness)))
    }
}

fn names(told: &[&Told]) -> String {
    words::list(&told.iter().map(|one| one.label()).collect::<Vec<_>>())
}

/// Whether yes stands against no.
pub fn disagree(told: &[Told]) -> bool {
    told.iter().any(|one| one.says(Answer::Yes)) && told.iter().any(|one| one.says(Answer::No))
}

/// What the sentences are headed by.
pub fn heading(told: &[Told]) -> &'static str {
    match told.len() {
        0 => "",
        1 => "What stands behind it",
        _ if disagree(told) => "Why they may differ",
        _ => "What sets them apart",
    }
}

/// The sentences, in the order in which one would ask.
pub fn differences(
    told: &[Told],
    observable: &ObservableId,
    thickness_m: Option<f64>,
) -> Vec<Difference> {
    let mut all = Vec::new();
    if told.is_empty() {
        return all;
    }
    depth::depth(told, thickness_m, &mut all);
    support(told, &mut all);
    mode(told, &mut all);
    read(told, observable, &mut all);
    for one in told {
        for gate in &one.gates {
            say(
                &mut all,
                "Gate",
                format!(
                    "{}, {}: {}",
                    one.label(),
                    standing::gate_name(gate.gate).to_lowercase(),
                    gate.reason
                ),
            );
        }
    }
    let of = |test: fn(&Told) -> bool| told.iter().filter(|one| test(one)).collect::<Vec<_>>();
    let surrogate = of(|one| one.pixel.surrogate);
    if !surrogate.is_empty() {
        say(
            &mut all,
            "Samples",
            format!(
                "{} looked at model samples, not at electrodes of the campaign.",
                names(&surrogate)
            ),
        );
    }
    let contested = of(|one| one.pixel.contested);
    if !contested.is_empty() {
        say(
            &mut all,
            "Within one",
            format!("{}: yes stands against no in the same pixel.", names(&contested)),
        );
    }
    let unsure = of(|one| one.says(Answer::Unsure));
    if !unsure.is_empty() && told.len() > 1 {
        say(
            &mut all,
            "Cannot tell",
            format!("{} measured and cannot tell: no word for either side.", names(&unsure)),
        );
    }
    numbers(told, &mut all);
    all
}

/// Sorts techniques by a property and says it: `Raman the surface; NDP and XRD the bulk`.
fn sorted_by<'a, K: PartialEq>(
    told: &'a [Told<'a>],
    key: impl Fn(&Told) -> Option<K>,
) -> Vec<(K, Vec<&'a Told<'a>>)> {
    let mut sorted: Vec<(K, Vec<&Told>)> = Vec::new();
    for one in told {
        let Some(key) = key(one) else { continue };
        match sorted.iter_mut().find(|(known, _)| *known == key) {
            Some((_, list)) => list.push(one),
            None => sorted.push((key, vec![one])),
        }
    }
    sorted
}

fn support(told: &[Told], all: &mut Vec<Difference>) {
    use galvanome_model::catalogue::Support;
    let said = |support: Support| match support {
        Support::Surface => "the surface",
        Support::Bulk => "an average over the electrode",
        Support::Local => "a small place",
    };
    let sorted = sorted_by(told, |one| one.technique.main_support());
    let text = match sorted.as_slice() {
        [] => return,
        [(support, list)] if list.len() > 1 => {
            format!("The numbers of all stand for {}.", said(*support))
        }
        [(support, list)] => format!("Its numbers stand for {}{}.", said(*support), note_of(list)),
        several => {
            let clauses: Vec<String> = several
                .iter()
                .map(|(support, list)| format!("{} for {}", names(list), said(*support)))
                .collect();
            format!("Numbers stand for different things: {}.", clauses.join("; "))
        }
    };
    say(all, "Stands for", text);
}

fn note_of(list: &[&Told]) -> String {
    let note =
        list.first().and_then(|one| one.technique.facts.support_note.as_deref()).unwrap_or("");
    let note = in_sentence(note.trim_end_matches('.'));
    if note.is_empty() { note } else { format!(": {note}") }
}

fn mode(told: &[Told], all: &mut Vec<Difference>) {
    let sorted = sorted_by(told, |one| (!one.modes.is_empty()).then(|| one.modes.clone()));
    let said = |modes: &[Mode]| {
        words::list(&modes.iter().map(|mode| words::mode(*mode)).collect::<Vec<_>>()).to_lowercase()
    };
    let unknown = told.iter().filter(|one| one.modes.is_empty()).count();
    let text = match sorted.as_slice() {
        [] => return,
        [(modes, list)] if unknown == 0 && list.len() > 1 => {
            format!("All were measured {}.", said(modes))
        }
        several => {
            let clauses: Vec<String> = several
                .iter()
                .map(|(modes, list)| {
                    format!(
                        "{} {} measured {}",
                        names(list),
                        if list.len() == 1 { "was" } else { "were" },
                        said(modes)
                    )
                })
                .collect();
            format!("{}.", clauses.join("; "))
        }
    };
    say(all, "Cell", text);
}

fn read(told: &[Told], observable: &ObservableId, all: &mut Vec<Difference>) {
    let clauses: Vec<String> = told
        .iter()
        .filter_map(|one| {
            let read: Vec<String> = one
                .technique
                .descriptors_for(observable)
                .into_iter()
                .filter(|(_, speaks)| speaks.primary)
                .take(2)
                .map(|(descriptor, _)| {
                    in_sentence(descriptor.name.split([',', '(']).next().unwrap_or("").trim())
                })
                .collect();
            let read: Vec<&str> = read.iter().map(String::as_str).collect();
            (!read.is_empty()).then(|| format!("{}: {}", one.label(), words::list(&read)))
        })
        .collect();
    if clauses.len() > 1 || (told.len() == 1 && clauses.len() == 1) {
        say(all, "Reads", format!("{}.", clauses.join("; ")));
    }
}

fn numbers(told: &[Told], all: &mut Vec<Difference>) {
    let way = |direction| {
        told.iter()
            .filter(|one| {
                one.says(Answer::Yes)
                    && one.computed.is_some_and(|computed| computed.direction == Some(direction))
            })
            .collect::<Vec<_>>()
    };
    let (up, down) = (way(Direction::Up), way(Direction::Down));
    if !up.is_empty() && !down.is_empty() {
        say(
            all,
            "Direction",
            format!(
                "{} {} higher, {} lower: two yes in opposite directions are no agreement.",
                names(&up),
                if up.len() == 1 { "finds it" } else { "find it" },
                names(&down)
            ),
        );
    }
    let with: Vec<&Told> = told.iter().filter(|one| one.computed.is_some()).collect();
    let mut text = if with.is_empty() {
        "No answer here rests on numbers against a margin: how strong each is stays unknown."
            .to_owned()
    } else if with.len() == told.len() {
        format!(
            "{} {} computed from numbers against a margin.",
            names(&with),
            if with.len() == 1 { "is" } else { "are all" }
        )
    } else {
        format!(
            "Only {} {} numbers that can be held against a margin; how strong the other answers are stays unknown.",
            names(&with),
            if with.len() == 1 { "has" } else { "have" }
        )
    };
    let provisional: Vec<String> = with
        .iter()
        .filter_map(|one| {
            let computed = one.computed.filter(|computed| computed.provisional)?;
            Some(format!("{} {}", one.label(), standing::answer_in_sentence(computed.answer)))
        })
        .collect();
    if !provisional.is_empty() {
        let _ = write!(
            text,
            " Computed with margins or spreads that nobody has confirmed, so provisional: {}.",
            provisional.join(", ")
        );
    }
    say(all, "Numbers", capitalised(&text));
}
