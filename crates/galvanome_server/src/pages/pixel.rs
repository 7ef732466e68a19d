//! One pixel: the answer and who gave it, the computed beside the expert's, the numbers against the margin, what would
//! turn it, what it rests on, and what is missing.

mod evidence;
mod headline;
mod missing;

use askama::Template;
use galvanome_exchange::marks::{Glyph, Strength, glyph_of, mark_of_answer};
use galvanome_model::answer::Answer;
use galvanome_model::catalogue::Technique;
use galvanome_model::experiment::{Dataset, Experiment, Gate};
use galvanome_model::ids::TechniqueId;
use galvanome_model::metaview::Frame;
use galvanome_model::pixel::{Pixel, PixelKey};
use galvanome_model::quantity::Quantity;
use galvanome_model::record::Revision;
use galvanome_model::verdict::ComputedAnswer;

use self::evidence::{Entry, GateView, HistoryView, PartView};
use self::headline::{Headline, Names};
use self::missing::Missing;
use super::asked::{Asked, asked, question_name};
use super::groups::{self, in_sentence};
use super::marks::Drawn;
use super::standing::{self, Standing};
use super::strip::{FLIP_HEIGHT, STRIP_HEIGHT};
use super::technique_facts::{self, FactLine};
use super::values::{self, ValueTable};
use super::verdict_view::{self, VerdictView};
use super::{Crumb, Shell, address, marks, words};

/// What the page says. Every list holds what this reader may see and nothing else; of a withheld pixel the page shows
/// none of them, whatever they hold.
#[derive(Debug, Clone, Copy)]
pub struct PixelInput<'a> {
    /// The frame of the page.
    pub shell: Shell<'a>,
    /// Rows, columns, questions, margins.
    pub frame: &'a Frame,
    /// Which pixel.
    pub key: &'a PixelKey,
    /// The pixel as this reader sees it.
    pub pixel: &'a Pixel,
    /// The computed answer with its numbers.
    pub computed: Option<&'a ComputedAnswer>,
    /// The values of this technique's descriptors that speak for the observable (of a `value` or `link` question: of
    /// the descriptors asked for), for this component or the whole cell; and whether an analysis of ours made each.
    pub quantities: &'a [(Quantity, bool)],
    /// Every answer given here, oldest first.
    pub history: &'a [Revision],
    /// The experiments of this technique that concern this component.
    pub experiments: &'a [Experiment],
    /// Their datasets.
    pub datasets: &'a [Dataset],
    /// The gates on them, closed and released.
    pub gates: &'a [Gate],
    /// The same observable by every technique, in row order, this one included.
    pub siblings: &'a [Sibling],
    /// The pixel before this one, where the reader would go next with a key.
    pub previous: Option<&'a PixelKey>,
    /// The pixel after it.
    pub next: Option<&'a PixelKey>,
}

/// A pixel of the same column.
#[derive(Debug, Clone, PartialEq)]
pub struct Sibling {
    /// Its technique.
    pub technique: TechniqueId,
    /// The pixel as this reader sees it.
    pub pixel: Pixel,
}

/// A sibling as it is drawn.
struct Peer {
    name: String,
    href: String,
    mark: Drawn,
    here: bool,
}

/// A link to a pixel beside this one.
struct Step {
    label: String,
    title: String,
    href: String,
}

/// The computed answer beside the expert's.
struct Beside {
    mark: Drawn,
    answer: &'static str,
    reason: String,
    provisional: bool,
    stale: bool,
    rule: String,
}

#[derive(Template)]
#[template(path = "pixel.html")]
struct Page<'a> {
    shell: Shell<'a>,
    crumbs: Vec<Crumb>,
    defs: &'static str,
    title: String,
    mark: Drawn,
    headline: Headline,
    lead: String,
    asked: Option<Asked>,
    standings: Vec<Standing>,
    previous: Option<Step>,
    next: Option<Step>,
    parts: Vec<PartView>,
    stated_reason: &'a str,
    beside: Option<Beside>,
    verdicts: Vec<VerdictView>,
    strip_height: f64,
    flip_height: f64,
    tables: Vec<ValueTable>,
    entries: Vec<Entry>,
    gates: Vec<GateView>,
    history: Vec<HistoryView>,
    waits: String,
    peers: Vec<Peer>,
    peers_title: String,
    peers_rest: String,
    sublayer: String,
    missing: Vec<Missing>,
    technique: Option<&'a Technique>,
    technique_href: String,
    technique_note: &'a str,
    facts: Vec<FactLine>,
    any_unverified: bool,
    withheld: bool,
    /// Nobody has said anything yet, and nothing is computed: what to do next comes first.
    open: bool,
}

fn names(input: &PixelInput) -> Names {
    let definition = &input.frame.definition;
    let question = definition.question(&input.key.question);
    let catalogue = &input.frame.catalogue;
    let groups = |ids: &[galvanome_model::ids::GroupId]| groups::names_in_sentence(definition, ids);
    Names {
        technique: catalogue.technique(&input.key.technique).map_or_else(
            || input.key.technique.to_string(),
            |technique| technique.short_name.clone(),
        ),
        observable: catalogue
            .observable(&input.key.observable)
            .map_or_else(|| input.key.observable.to_string(), |observable| observable.name.clone()),
        test: question.map(|question| groups(&question.test)).unwrap_or_default(),
        reference: question.map(|question| groups(&question.reference)).unwrap_or_default(),
        several_tests: question.is_some_and(|question| question.test.len() > 1),
    }
}

fn step(input: &PixelInput, key: Option<&PixelKey>) -> Option<Step> {
    let key = key?;
    let catalogue = &input.frame.catalogue;
    let technique = catalogue
        .technique(&key.technique)
        .map_or_else(|| key.technique.to_string(), |technique| technique.short_name.clone());
    let observable = catalogue
        .observable(&key.observable)
        .map_or_else(|| key.observable.to_string(), |observable| observable.name.clone());
    let here = input.key;
    let label = match (key.technique == here.technique, key.observable == here.observable) {
        (false, true) => technique.clone(),
        (true, false) => observable.clone(),
        _ => format!("{technique}, {}", in_sentence(&observable)),
    };
    Some(Step {
        label,
        title: format!(
            "{technique}, {}, {}, {}",
            in_sentence(&observable),
            key.question,
            key.component
        ),
        href: address::pixel(&input.frame.definition.id, key),
    })
}

fn peers(input: &PixelInput) -> (Vec<Peer>, String, String) {
    let campaign = &input.frame.definition.id;
    let mut rest = [0_usize; 4];
    let mut peers = Vec::new();
    for sibling in input.siblings {
        let here = sibling.technique == input.key.technique;
        let pixel = &sibling.pixel;
        let answered = pixel.answer.is_some_and(Answer::is_measured);
        if !here && !answered {
            let slot = match pixel.answer {
                _ if pixel.withheld => 3,
                None => 0,
                Some(Answer::NotDone) => 1,
                Some(_) => 2,
            };
            if let Some(count) = rest.get_mut(slot) {
                *count += 1;
            }
            continue;
        }
        let name = input.frame.catalogue.technique(&sibling.technique).map_or_else(
            || sibling.technique.to_string(),
            |technique| technique.short_name.clone(),
        );
        let key = PixelKey { technique: sibling.technique.clone(), ..input.key.clone() };
        peers.push(Peer {
            name,
            href: address::pixel(campaign, &key),
            mark: Drawn::from(&glyph_of(pixel)),
            here,
        });
    }
    let answered = input
        .siblings
        .iter()
        .filter(|one| one.pixel.answer.is_some_and(Answer::is_measured))
        .count();
    let others = peers.iter().filter(|peer| !peer.here).count();
    let title = match (answered, others) {
        (0, _) => "The same question, not answered by any technique".to_owned(),
        (_, 0) => "The same question, answered here alone".to_owned(),
        (count, _) => format!(
            "The same question, {} {}",
            groups::count_word(count),
            if count == 1 { "way" } else { "ways" }
        ),
    };
    let said: Vec<String> = ["pending", "not done", "not applicable", "withheld"]
        .into_iter()
        .zip(rest)
        .filter(|(_, count)| *count > 0)
        .map(|(word, count)| format!("{count} {word}"))
        .collect();
    let said: Vec<&str> = said.iter().map(String::as_str).collect();
    let rest = if said.is_empty() {
        String::new()
    } else {
        format!("The other techniques: {}.", words::list(&said))
    };
    (peers, title, rest)
}

fn beside(computed: &ComputedAnswer) -> Beside {
    let mark = mark_of_answer(
        computed.answer,
        Strength::of(computed.strength().filter(|_| !computed.provisional)),
    );
    Beside {
        mark: Drawn::from(&Glyph::from(mark)),
        answer: words::answer(Some(computed.answer)),
        reason: groups::capitalised(&standing::reason(computed.answer, &computed.reason)),
        provisional: computed.provisional,
        stale: computed.stale,
        rule: format!(
            "Guard-banded rule, version {}, α {}, κ {}, {}",
            computed.version,
            words::digits(computed.alpha, 3),
            words::digits(computed.kappa, 3),
            words::counted(computed.verdicts.len(), "comparison", "comparisons")
        ),
    }
}

/// What the history waits for, as its last line; empty when nothing is open.
fn waits(input: &PixelInput) -> String {
    let pixel = input.pixel;
    match &pixel.computed {
        _ if pixel.contested => "Waits for a second reviewer".to_owned(),
        Some(computed) if computed.provisional => {
            "Waits for a confirmed margin and spread".to_owned()
        }
        _ if pixel.answer.is_none() => "Waits for an answer".to_owned(),
        _ if pixel.voided => "Waits until the gate is released".to_owned(),
        _ => String::new(),
    }
}

/// Renders the page.
pub fn render(input: &PixelInput) -> askama::Result<String> {
    // Nothing that stands behind a withheld answer gets as far as the template.
    let bare;
    let input = if input.pixel.withheld {
        bare = PixelInput {
            computed: None,
            quantities: &[],
            history: &[],
            experiments: &[],
            datasets: &[],
            gates: &[],
            ..*input
        };
        &bare
    } else {
        input
    };
    let (frame, key, pixel) = (input.frame, input.key, input.pixel);
    let definition = &frame.definition;
    let campaign = &definition.id;
    let question = definition.question(&key.question);
    let component = definition.component(&key.component);
    let component_name =
        component.map_or_else(|| key.component.to_string(), |component| component.name.clone());
    let technique = frame.catalogue.technique(&key.technique);
    let technique_name =
        technique.map_or_else(|| key.technique.to_string(), |technique| technique.name.clone());
    let names = names(input);
    let question_name = question_name(question, key.question.as_str());
    let sublayer = address::sublayer(campaign, &key.component, &key.question, &key.observable);
    let (peers, peers_title, peers_rest) = peers(input);
    let facts = technique
        .map(|technique| {
            technique_facts::lines(technique, component.and_then(|component| component.thickness_m))
        })
        .unwrap_or_default();
    let computed = input.computed;
    Page {
        shell: input.shell,
        crumbs: vec![
            Crumb::to("Overview", address::overview(campaign)),
            Crumb::to(
                format!("{} metaviews", key.component),
                address::metaviews(campaign, &key.component),
            ),
            Crumb::to(
                format!("{question_name}, {}", in_sentence(&names.observable)),
                sublayer.clone(),
            ),
            Crumb::here(names.technique.clone()),
        ],
        defs: marks::defs(),
        title: format!(
            "{}, {}, {}, {}",
            names.technique,
            in_sentence(&names.observable),
            key.question,
            key.component
        ),
        mark: Drawn::from(&glyph_of(pixel)),
        headline: headline::headline(input, &names),
        lead: format!(
            "{technique_name}, {}, {question_name}, {}.",
            component_name,
            in_sentence(&names.observable)
        ),
        asked: question.and_then(|question| asked(frame, question)),
        standings: standing::of(pixel),
        previous: step(input, input.previous),
        next: step(input, input.next),
        parts: if pixel.withheld { Vec::new() } else { evidence::parts(input) },
        stated_reason: if pixel.parts.is_empty()
            && pixel.answer.is_some()
            && !pixel.withheld
            && computed.is_none()
        {
            &pixel.reason
        } else {
            ""
        },
        beside: computed.map(beside),
        verdicts: computed
            .map(|computed| {
                verdict_view::views(definition, &frame.catalogue, &key.observable, computed)
            })
            .unwrap_or_default(),
        strip_height: STRIP_HEIGHT,
        flip_height: FLIP_HEIGHT,
        tables: values::tables(definition, question, technique, &key.observable, input.quantities),
        entries: if pixel.withheld { Vec::new() } else { evidence::entries(input) },
        gates: evidence::gates(input.gates),
        history: evidence::history(input.history),
        waits: if pixel.withheld { String::new() } else { waits(input) },
        peers,
        peers_title,
        peers_rest,
        sublayer,
        missing: missing::missing(input, &names),
        technique,
        technique_href: address::campaign_technique(campaign, &key.technique),
        technique_note: definition
            .techniques
            .iter()
            .find(|entry| entry.id == key.technique)
            .and_then(|entry| entry.note.as_deref())
            .unwrap_or(""),
        any_unverified: facts.iter().flat_map(|line| &line.parts).any(|part| part.unverified),
        facts,
        withheld: pixel.withheld,
        open: !pixel.withheld
            && pixel.answer.is_none()
            && pixel.parts.is_empty()
            && computed.is_none(),
    }
    .render()
}
