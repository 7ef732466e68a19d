//! A verdict as a page shows it: strip, four numbers, and what would turn it.

use std::fmt::Write as _;

use galvanome_exchange::marks::{Glyph, Strength, mark_of_answer};
use galvanome_model::answer::Answer;
use galvanome_model::campaign::Definition;
use galvanome_model::catalogue::{Catalogue, MarginInForce, Scale};
use galvanome_model::ids::ObservableId;
use galvanome_model::verdict::{ComputedAnswer, Verdict};

use super::axis;
use super::groups;
use super::marks::Drawn;
use super::numbers::{self, Shown};
use super::standing;
use super::strip::{self, Flip, Numbers, Strip};
use super::words::{self, digits};

/// One comparison, ready to be shown.
#[derive(Debug, Clone, PartialEq)]
pub struct VerdictView {
    /// Name of the descriptor.
    pub name: String,
    /// Who is compared with whom, as a sentence begins.
    pub pair: String,
    /// Its own mark.
    pub mark: Drawn,
    /// Its own answer, as a sentence begins.
    pub answer: &'static str,
    /// Why.
    pub reason: String,
    /// The strip.
    pub strip: Strip,
    /// Which side of the strip is which.
    pub sides: String,
    /// Its numbers.
    pub numbers: Numbers,
    /// What the estimate is made of.
    pub means: String,
    /// What the interval for a yes does.
    pub for_yes: String,
    /// What the interval for a no does.
    pub for_no: String,
    /// κ.
    pub kappa: String,
    /// Where δ comes from, and whether it is confirmed.
    pub delta_from: String,
    /// Which spread would turn it, drawn.
    pub flip: Option<Flip>,
    /// The same in sentences.
    pub flip_said: Vec<String>,
}

/// The comparisons of a computed answer.
pub fn views(
    definition: &Definition,
    catalogue: &Catalogue,
    observable: &ObservableId,
    computed: &ComputedAnswer,
) -> Vec<VerdictView> {
    computed
        .verdicts
        .iter()
        .map(|verdict| view(definition, catalogue, observable, computed, verdict))
        .collect()
}

/// The unit of a verdict's descriptor.
pub fn unit_of<'a>(catalogue: &'a Catalogue, verdict: &Verdict) -> &'a str {
    catalogue.descriptor(&verdict.descriptor).map_or("", |descriptor| descriptor.unit.as_str())
}

fn view(
    definition: &Definition,
    catalogue: &Catalogue,
    observable: &ObservableId,
    computed: &ComputedAnswer,
    verdict: &Verdict,
) -> VerdictView {
    let unit = unit_of(catalogue, verdict);
    let comparisons = computed.verdicts.len();
    let numbers = strip::numbers_of(verdict, unit, computed.alpha, computed.kappa, comparisons);
    let margin = catalogue.margin_for(&verdict.descriptor, observable);
    let test = groups::names_in_sentence(definition, &verdict.test);
    let reference = groups::names_in_sentence(definition, &verdict.reference);
    let strength = Strength::Unknown;
    let (for_yes, for_no) = tests(verdict, &numbers);
    VerdictView {
        name: catalogue
            .descriptor(&verdict.descriptor)
            .map_or_else(|| verdict.descriptor.to_string(), |descriptor| descriptor.name.clone()),
        pair: groups::capitalised(&format!("{test} against {reference}")),
        mark: Drawn::from(&Glyph::from(mark_of_answer(verdict.answer, strength))),
        answer: words::answer(Some(verdict.answer)),
        reason: standing::reason(verdict.answer, &verdict.reason),
        strip: strip::strip(verdict, unit, computed.alpha, computed.kappa, comparisons),
        sides: sides(verdict, &test, unit),
        means: means(verdict, unit),
        for_yes,
        for_no,
        kappa: digits(computed.kappa, 2),
        delta_from: delta_from(margin.as_ref(), &numbers.guard),
        flip: strip::flip(verdict, unit, computed.kappa),
        flip_said: flip_said(verdict, unit, computed.kappa, margin.as_ref()),
        numbers,
    }
}

/// Which side of the strip is which, and the unit of its axis where the ticks do not carry it.
fn sides(verdict: &Verdict, test: &str, unit: &str) -> String {
    let is = if verdict.test.len() == 1 { "is" } else { "are" };
    let mut said = format!("Left of zero: {test} {is} lower; right: higher.");
    if verdict.scale == Scale::Difference && axis::is_long(unit) {
        let _ = write!(said, " The axis is in {}.", numbers::unit(unit));
    }
    said
}

fn means(verdict: &Verdict, unit: &str) -> String {
    let mean = |value: f64| Shown::of(rounded(value, verdict), None, unit).value_text();
    format!(
        "{} to {}, n = {} against {}",
        mean(verdict.reference_mean),
        mean(verdict.test_mean),
        verdict.reference_n,
        verdict.test_n
    )
}

/// A mean with the digits that its uncertainty carries, one more than it strictly needs.
fn rounded(value: f64, verdict: &Verdict) -> f64 {
    let Some(u) = verdict.u.filter(|u| *u > 0.0) else { return value };
    let absolute = match verdict.scale {
        Scale::Ratio => value.abs() * u,
        Scale::Difference => u,
    };
    let Some(decimals) = numbers::decimals_of(absolute) else { return value };
    let factor = 10_f64.powi((decimals + 1).clamp(-12, 12));
    (value * factor).round() / factor
}

fn tests(verdict: &Verdict, numbers: &Numbers) -> (String, String) {
    let Some(_) = numbers.yes_interval else {
        let none = "no spread is known, so there is no interval".to_owned();
        return (none.clone(), none);
    };
    let by = numbers.clears_by.clone().unwrap_or_default();
    let yes = match verdict.answer {
        Answer::Yes => format!("must clear ±κδ for a yes: it does, by {by}"),
        _ if verdict.reason == "grey_zone" || verdict.reason == "gate_yes_cannot" => {
            "must clear ±κδ for a yes: it does".to_owned()
        }
        _ => "must clear ±κδ for a yes: it does not".to_owned(),
    };
    let no = match verdict.answer {
        Answer::No => format!("must lie within ±δ for a no: it does, with {by} to spare"),
        _ if verdict.reason == "grey_zone" || verdict.reason == "gate_no_cannot" => {
            "must lie within ±δ for a no: it does".to_owned()
        }
        _ => "must lie within ±δ for a no: it does not".to_owned(),
    };
    (yes, no)
}

fn delta_from(margin: Option<&MarginInForce>, guard: &str) -> String {
    let from = margin.and_then(|margin| margin.delta_source.clone());
    let confirmed = margin.and_then(|margin| margin.confirmed_by.clone());
    match (confirmed, from) {
        (Some(name), _) => format!("κδ {guard}; confirmed by {name}"),
        (None, Some(source)) => format!("κδ {guard}; {source}"),
        (None, None) => format!("κδ {guard}"),
    }
}

/// What a small enough spread would make of it: yes, no, or either.
fn would_be(verdict: &Verdict, kappa: f64) -> &'static str {
    match verdict.d.abs() {
        size if size >= verdict.delta => "a yes",
        size if size <= kappa * verdict.delta => "a no",
        _ => "a yes or a no",
    }
}

fn flip_said(
    verdict: &Verdict,
    unit: &str,
    kappa: f64,
    margin: Option<&MarginInForce>,
) -> Vec<String> {
    let show = |s0: f64| strip::declared(s0, verdict.scale, unit);
    let turns = verdict.break_even_s0.map(show);
    let used = verdict.s0.map(show);
    let word = standing::answer_in_sentence(verdict.answer);
    let decided = verdict.answer != Answer::Unsure;
    let mut said = Vec::new();
    said.push(match (used, turns) {
        (Some(used), Some(turns)) if decided => {
            format!("The answer is {word} up to a spread of {turns} between specimens; {used} is declared.")
        }
        (None, Some(turns)) if decided => {
            format!("No spread s0 is declared, so the specimens' own decides. A declared one of more than {turns} would make it unsure.")
        }
        (used, Some(turns)) if verdict.reason == "grey_zone" => {
            let declared = used.map_or_else(|| "none is declared".to_owned(), |used| format!("{used} is declared"));
            format!("Real but small. Above a spread of {turns} it would become a yes or a no before it turns too wide; {declared}.")
        }
        (Some(used), Some(turns)) => {
            format!("A spread of at most {turns} would make it {}; {used} is declared.", would_be(verdict, kappa))
        }
        (None, Some(turns)) => {
            format!(
                "No spread s0 between specimens is declared, so nothing says how much they vary. One of at most {turns} would make it {}.",
                would_be(verdict, kappa)
            )
        }
        (_, None) if verdict.reason == "gate_void" => "A closed gate decides; no spread would turn it.".to_owned(),
        (Some(used), None) => format!("No spread turns this answer; {used} is declared."),
        (None, None) => "No spread s0 between specimens is declared, and none would turn this answer.".to_owned(),
    });
    if !decided && let Some(needed) = verdict.u_needed_for_no.filter(|needed| *needed > 0.0) {
        let now = verdict.u.map(|u| strip::margin(u, verdict.scale, unit));
        said.push(format!(
            "A no would need a standard uncertainty below {}{}.",
            strip::margin(needed, verdict.scale, unit),
            now.map_or_else(String::new, |now| format!("; it is {now}"))
        ));
    }
    if let Some(source) =
        margin.filter(|_| verdict.s0.is_some()).and_then(|margin| margin.s0_source.as_ref())
    {
        said.push(format!("Where the spread comes from: {source}."));
    }
    said
}
