//! What an answer rests on: what every experiment said, experiments, datasets, gates, and the history.

use galvanome_exchange::marks::{Glyph, Strength, mark_of_answer};
use galvanome_model::experiment::{Dataset, Experiment, Gate};
use galvanome_model::ids::PartnerId;
use galvanome_model::pixel::Part;
use galvanome_model::record::{Certainty, Given, Revision};

use super::PixelInput;
use crate::pages::groups::{self, in_sentence};
use crate::pages::marks::Drawn;
use crate::pages::{address, standing, words};

/// What one experiment answered.
pub(super) struct PartView {
    pub(super) mark: Drawn,
    pub(super) answer: &'static str,
    /// What was given, where a gate makes it count otherwise.
    pub(super) given: String,
    pub(super) by: String,
    pub(super) on: Option<(String, String)>,
    pub(super) measured: String,
    pub(super) reason: String,
    pub(super) evidence: Vec<Reference>,
    pub(super) tags: Vec<&'static str>,
}

/// A text with the address that it stands for, where it has one.
pub(super) struct Reference {
    pub(super) text: String,
    pub(super) href: Option<String>,
}

/// An entry of a list of evidence.
pub(super) struct Entry {
    pub(super) head: String,
    pub(super) text: String,
    pub(super) detail: String,
    pub(super) href: Option<String>,
    pub(super) missing: bool,
}

/// A gate.
pub(super) struct GateView {
    pub(super) name: &'static str,
    pub(super) closed: bool,
    pub(super) effect: &'static str,
    pub(super) reason: String,
    pub(super) said: String,
}

/// An entry of the history.
pub(super) struct HistoryView {
    pub(super) iso: String,
    pub(super) when: String,
    pub(super) what: String,
    pub(super) detail: String,
    pub(super) written: String,
}

/// Where a text leads that names a paper, a DOI or a page; nothing else becomes a link.
pub(super) fn address_of(text: &str) -> Option<String> {
    let first = text.split_whitespace().next()?;
    if let Some(id) = first.strip_prefix("arXiv:") {
        let plain = !id.is_empty()
            && id.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '.' | '/' | '-'));
        return plain.then(|| format!("https://arxiv.org/abs/{id}"));
    }
    let doi = first
        .strip_prefix("doi:")
        .or_else(|| first.strip_prefix("https://doi.org/"))
        .unwrap_or(first);
    if doi.starts_with("10.") && doi.contains('/') {
        return Some(format!("https://doi.org/{doi}"));
    }
    (first.starts_with("https://") || first.starts_with("http://")).then(|| first.to_owned())
}

fn partner(input: &PixelInput, id: Option<&PartnerId>) -> Option<String> {
    let id = id?;
    Some(
        input
            .frame
            .definition
            .partner(id)
            .map_or_else(|| id.to_string(), |partner| partner.name.clone()),
    )
}

/// How an experiment is called: its instrument and mode, who did it, its id.
fn experiment_said(input: &PixelInput, experiment: &Experiment) -> String {
    let mut said = Vec::new();
    said.extend(experiment.mode.map(|mode| words::mode(mode).to_lowercase()));
    if !experiment.instrument.is_empty() {
        said.push(experiment.instrument.clone());
    }
    said.extend(partner(input, experiment.partner.as_ref()));
    said.join(", ")
}

pub(super) fn parts(input: &PixelInput) -> Vec<PartView> {
    input.pixel.parts.iter().map(|part| part_view(input, part)).collect()
}

fn part_view(input: &PixelInput, part: &Part) -> PartView {
    let record = &part.record;
    let experiment = part
        .experiment
        .as_ref()
        .and_then(|id| input.experiments.iter().find(|experiment| experiment.id == *id));
    let measured = match (experiment, &part.experiment) {
        (Some(experiment), _) => {
            let said = experiment_said(input, experiment);
            if said.is_empty() {
                experiment.id.to_string()
            } else {
                format!("{}: {said}", experiment.id)
            }
        }
        (None, Some(id)) => id.to_string(),
        (None, None) => String::new(),
    };
    let mut tags = Vec::new();
    if record.certainty == Certainty::Implied {
        tags.push("implied");
    }
    if part.surrogate {
        tags.push("model samples");
    }
    if part.voided {
        tags.push("voided");
    }
    let mark = mark_of_answer(part.answer, Strength::Unknown);
    let mark = if part.voided && part.given.is_measured() {
        galvanome_exchange::marks::Mark::UnsureVoided
    } else {
        mark
    };
    PartView {
        mark: Drawn::from(&Glyph::from(mark)),
        answer: words::answer(Some(part.answer)),
        given: if part.given == part.answer {
            String::new()
        } else {
            standing::answer_in_sentence(part.given)
        },
        by: record.author.clone(),
        on: (!record.answered_on.is_empty())
            .then(|| (record.answered_on.clone(), words::day(&record.answered_on))),
        measured,
        reason: record.reason.clone(),
        evidence: record
            .evidence
            .iter()
            .map(|text| Reference { text: text.clone(), href: address_of(text) })
            .collect(),
        tags,
    }
}

fn dataset_entry(input: &PixelInput, dataset: &Dataset) -> Entry {
    let role = if dataset.role.is_empty() { "data" } else { dataset.role.as_str() };
    let mut detail = vec![dataset.experiment.to_string()];
    detail.extend(dataset.bytes.map(words::bytes));
    if !dataset.license.is_empty() {
        detail.push(dataset.license.clone());
    }
    if !dataset.note.is_empty() {
        detail.push(dataset.note.clone());
    }
    let reference =
        [dataset.doi.as_str(), dataset.url.as_str()].into_iter().find(|text| !text.is_empty());
    let (head, text) = match reference {
        _ if !dataset.path.is_empty() => ("File held", format!("{role}: {}", dataset.path)),
        Some(reference) => ("Reference", format!("{role}: {reference}")),
        None => ("No file held", format!("{role}, {}", dataset.id)),
    };
    Entry {
        head: head.to_owned(),
        text,
        detail: detail.join(", "),
        href: Some(address::dataset(&input.frame.definition.id, &dataset.id)),
        missing: head == "No file held",
    }
}

pub(super) fn entries(input: &PixelInput) -> Vec<Entry> {
    let mut entries: Vec<Entry> = input
        .experiments
        .iter()
        .map(|experiment| {
            let mut detail = vec![groups::capitalised(experiment.status.word())];
            if !experiment.started_on.is_empty() {
                detail.push(match experiment.ended_on.as_str() {
                    "" => format!("from {}", words::day(&experiment.started_on)),
                    end if end == experiment.started_on => words::day(end),
                    end => format!("{} to {}", words::day(&experiment.started_on), words::day(end)),
                });
            }
            if !experiment.note.is_empty() {
                detail.push(experiment.note.clone());
            }
            Entry {
                head: format!("Experiment {}", experiment.id),
                text: experiment_said(input, experiment),
                detail: detail.join(". "),
                href: address_of(&experiment.doi),
                missing: false,
            }
        })
        .collect();
    if !input.quantities.is_empty() {
        let mut sources: Vec<&str> = Vec::new();
        for (quantity, _) in input.quantities {
            let source = quantity.source.as_str();
            if !source.is_empty() && !sources.contains(&source) {
                sources.push(source);
            }
        }
        let computed = input.quantities.iter().filter(|(_, computed)| *computed).count();
        entries.push(Entry {
            head: words::counted(input.quantities.len(), "number", "numbers"),
            text: match sources.as_slice() {
                [one] => (*one).to_owned(),
                _ => String::new(),
            },
            detail: [
                if sources.len() > 1 { sources.join("; ") } else { String::new() },
                if computed > 0 { format!("{computed} computed here") } else { String::new() },
            ]
            .into_iter()
            .filter(|text| !text.is_empty())
            .collect::<Vec<_>>()
            .join("; "),
            href: match sources.as_slice() {
                [one] => address_of(one),
                _ => None,
            },
            missing: false,
        });
    }
    entries.extend(input.datasets.iter().map(|dataset| dataset_entry(input, dataset)));
    if input.datasets.is_empty() {
        let who = input
            .experiments
            .iter()
            .find_map(|experiment| partner(input, experiment.partner.as_ref()));
        entries.push(Entry {
            head: "No file held".to_owned(),
            text: "neither raw data nor a reference to them".to_owned(),
            detail: who.map_or_else(String::new, |who| format!("{who} measured and may have them")),
            href: None,
            missing: true,
        });
    }
    entries
}

pub(super) fn gates(gates: &[Gate]) -> Vec<GateView> {
    gates
        .iter()
        .map(|gate| {
            let on = gate
                .experiment
                .as_ref()
                .map(ToString::to_string)
                .or_else(|| gate.dataset.as_ref().map(|dataset| format!("dataset {dataset}")))
                .unwrap_or_default();
            let mut said = vec![on];
            if !gate.author.is_empty() {
                said.push(format!("set by {}", gate.author));
            }
            if !gate.set_on.is_empty() {
                said.push(words::day(&gate.set_on));
            }
            if !gate.is_closed() {
                said.push(format!("released {}", words::day(&gate.released_on)));
            }
            GateView {
                name: standing::gate_name(gate.gate),
                closed: gate.is_closed(),
                effect: standing::gate_effect(gate.gate),
                reason: gate.reason.clone(),
                said: said
                    .into_iter()
                    .filter(|text| !text.is_empty())
                    .collect::<Vec<_>>()
                    .join(", "),
            }
        })
        .collect()
}

pub(super) fn history(revisions: &[Revision]) -> Vec<HistoryView> {
    revisions.iter().map(entry_of).collect()
}

fn entry_of(revision: &Revision) -> HistoryView {
    let mut notes = Vec::new();
    let (what, on) = match &revision.given {
        Given::Expert(record) => {
            notes.push(record.reason.clone());
            if let Some(experiment) = &record.experiment {
                notes.push(experiment.to_string());
            }
            (
                format!("{}, by {}", words::answer(Some(record.answer)), record.author),
                record.answered_on.as_str(),
            )
        }
        Given::Computed(computed) => {
            notes.push(standing::reason(computed.answer, &computed.reason));
            notes.push(format!(
                "rule version {}, α {}, κ {}",
                computed.version, computed.alpha, computed.kappa
            ));
            let provisional = if computed.provisional { ", provisional" } else { "" };
            (
                format!(
                    "Computed: {}{provisional}",
                    in_sentence(words::answer(Some(computed.answer)))
                ),
                "",
            )
        }
    };
    if revision.replaced.is_some() {
        notes.push("replaces an earlier answer".to_owned());
    }
    let written = words::moment_iso(revision.written_at_us);
    let (iso, when) = if on.is_empty() {
        (written.clone(), words::moment(revision.written_at_us))
    } else {
        (on.to_owned(), words::day(on))
    };
    let detail: Vec<String> = notes.into_iter().filter(|note| !note.is_empty()).collect();
    HistoryView {
        iso,
        when,
        what,
        detail: detail.join(" · "),
        written: format!("written down {written} by {}", revision.actor),
    }
}

#[cfg(test)]
mod tests {
    use super::address_of;

    #[test]
    fn only_papers_dois_and_pages_become_links() {
        for (text, expected) in [
            ("arXiv:2602.09771 section 4.3", Some("https://arxiv.org/abs/2602.09771")),
            ("10.1103/PhysRev.1.1", Some("https://doi.org/10.1103/PhysRev.1.1")),
            ("doi:10.5281/zenodo.1", Some("https://doi.org/10.5281/zenodo.1")),
            ("https://example.org/a", Some("https://example.org/a")),
            ("javascript:alert(1)", None),
            ("arXiv:\"><script>", None),
            ("notebook 7, page 3", None),
            ("", None),
        ] {
            assert_eq!(address_of(text).as_deref(), expected, "{text}");
        }
    }
}
