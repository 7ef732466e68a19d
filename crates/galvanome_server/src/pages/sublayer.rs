//! One observable by all techniques: the depth ladder, what sets them apart, their numbers on one scale, and each
//! answer beside the others.

mod card;
mod one_scale;
mod rest;

use std::fmt::Write as _;

use askama::Template;
use galvanome_exchange::marks::{glyph_of, glyph_of_combined};
use galvanome_model::answer::{Answer, Combined};
use galvanome_model::catalogue::{Mode, Technique};
use galvanome_model::experiment::{Experiment, Gate};
use galvanome_model::ids::{ComponentId, ExperimentId, ObservableId, QuestionId, TechniqueId};
use galvanome_model::metaview::Frame;
use galvanome_model::pixel::{Pixel, PixelKey};
use galvanome_model::plot::Plot;
use galvanome_model::quantity::Quantity;
use galvanome_model::verdict::ComputedAnswer;

use self::card::Card;
use self::one_scale::OneScale;
use self::rest::Rest;
use super::asked::{Asked, asked, question_name};
use super::differences::{self, Difference, Told};
use super::groups::{capitalised, count_word, in_sentence};
use super::ladder::{Ladder, ladder};
use super::marks::Drawn;
use super::{Crumb, Shell, address, marks, words};

/// What the page says. Everything is what this reader may see; of a withheld pixel nothing but that is shown.
#[derive(Debug, Clone, Copy)]
pub struct SublayerInput<'a> {
    /// The frame of the page.
    pub shell: Shell<'a>,
    /// Rows, columns, questions, margins.
    pub frame: &'a Frame,
    /// The component.
    pub component: &'a ComponentId,
    /// The question.
    pub question: &'a QuestionId,
    /// The observable.
    pub observable: &'a ObservableId,
    /// One for every technique, in row order.
    pub rows: &'a [SublayerRow],
    /// The experiments of all these techniques that concern this component.
    pub experiments: &'a [Experiment],
    /// The gates on them.
    pub gates: &'a [Gate],
}

/// A technique of the column.
#[derive(Debug, Clone, PartialEq)]
pub struct SublayerRow {
    /// The technique.
    pub technique: TechniqueId,
    /// Its pixel as this reader sees it.
    pub pixel: Pixel,
    /// Its computed answer with its numbers.
    pub computed: Option<ComputedAnswer>,
    /// The values of its descriptors that speak for the observable, for this component or the whole cell (of a `value`
    /// or `link` question: of the descriptors asked for); and whether an analysis of ours made each.
    pub quantities: Vec<(Quantity, bool)>,
    /// A plot of what it saw, where there is one.
    pub plot: Option<Plot>,
}

/// A row with what is known of its technique.
#[derive(Clone, Copy)]
struct Row<'a> {
    technique: &'a Technique,
    row: &'a SublayerRow,
}

impl Row<'_> {
    fn is_measured(&self) -> bool {
        !self.row.pixel.withheld && self.row.pixel.answer.is_some_and(Answer::is_measured)
    }
}

struct Switch {
    label: String,
    title: String,
    href: String,
    current: bool,
}

/// A column of the ladder with its head.
struct Head {
    name: String,
    /// The same, where it may be broken.
    label: String,
    full: String,
    href: String,
    mark: Drawn,
    depth: String,
    width: String,
    from_particle: bool,
}

#[derive(Template)]
#[template(path = "sublayer.html")]
struct Page<'a> {
    shell: Shell<'a>,
    crumbs: Vec<Crumb>,
    defs: &'static str,
    title: String,
    headline: String,
    lead: String,
    question: &'a str,
    combined: Drawn,
    components: Vec<Switch>,
    questions: Vec<Switch>,
    asked: Option<Asked>,
    has_numbers: bool,
    ladder: Option<Ladder>,
    heads: Vec<Head>,
    no_ladder: &'static str,
    why_title: &'static str,
    why: Vec<Difference>,
    disagree: bool,
    scale: Option<OneScale>,
    cards: Vec<Card>,
    rest: Vec<Rest>,
}

/// The sentence that the page begins with, made from counts.
fn headline(observable: &str, rows: &[Row]) -> String {
    let measured: Vec<&Row> = rows.iter().filter(|row| row.is_measured()).collect();
    let count = |answer| measured.iter().filter(|row| row.row.pixel.answer == Some(answer)).count();
    let counts = [(Answer::Yes, "yes"), (Answer::No, "no"), (Answer::Unsure, "unsure")];
    let said: Vec<(usize, &str)> = counts
        .into_iter()
        .map(|(answer, word)| (count(answer), word))
        .filter(|(count, _)| *count > 0)
        .collect();
    match (measured.as_slice(), said.as_slice()) {
        ([], _) => format!("{observable}: nobody has answered yet"),
        ([one], [(_, "unsure")]) => {
            format!("{observable}: {} alone has measured, and is unsure", one.technique.short_name)
        }
        ([one], [(_, word)]) => {
            format!("{observable}: {} alone answers, and says {word}", one.technique.short_name)
        }
        ([_, _], [(_, "unsure")]) => format!("{observable}: both are unsure"),
        ([_, _], [(_, word)]) => format!("{observable}: both say {word}"),
        (all, [(_, "unsure")]) => format!("{observable}: all {} are unsure", count_word(all.len())),
        (all, [(_, word)]) => format!("{observable}: all {} say {word}", count_word(all.len())),
        (_, several) => {
            let mut clauses: Vec<String> = Vec::new();
            for (index, (count, word)) in several.iter().enumerate() {
                let verb = match (index, *count, *word) {
                    (0, 1, "yes" | "no") => "says ",
                    (0, _, "yes" | "no") => "say ",
                    _ => "",
                };
                clauses.push(format!("{} {verb}{word}", count_word(*count)));
            }
            let clauses: Vec<&str> = clauses.iter().map(String::as_str).collect();
            format!("{observable}: {}", words::list(&clauses))
        }
    }
}

/// How many answered and what became of the others.
fn counted(rows: &[Row], combined: &Combined) -> String {
    let of = |test: fn(&Pixel) -> bool| rows.iter().filter(|row| test(&row.row.pixel)).count();
    let measured = rows.iter().filter(|row| row.is_measured()).count();
    let others = [
        (of(|pixel| !pixel.withheld && pixel.answer.is_none()), "pending"),
        (of(|pixel| pixel.answer == Some(Answer::NotDone)), "not done"),
        (of(|pixel| pixel.answer == Some(Answer::NotApplicable)), "not applicable"),
        (of(|pixel| pixel.withheld), "withheld"),
    ];
    let others: Vec<String> = others
        .into_iter()
        .filter(|(count, _)| *count > 0)
        .map(|(count, word)| format!("{count} {word}"))
        .collect();
    let mut said = format!(
        "{} of {} answered",
        if measured == 0 { "None".to_owned() } else { capitalised(&count_word(measured)) },
        words::counted(rows.len(), "technique", "techniques")
    );
    if !others.is_empty() {
        let _ = write!(said, "; {}", others.join(", "));
    }
    let together = match (combined.answer, combined.so_far) {
        (Some(answer), _) => in_sentence(words::answer(Some(answer))),
        (None, Some(so_far)) if so_far.is_measured() => {
            format!(
                "{} so far, and pending techniques may still change it",
                in_sentence(words::answer(Some(so_far)))
            )
        }
        _ => "pending".to_owned(),
    };
    format!("{said}. Combined: {together}.")
}

/// The modes in which a technique was measured: of the experiments that answered, else of all of them.
fn modes(row: &Row, experiments: &[Experiment]) -> Vec<Mode> {
    let answered: Vec<&ExperimentId> =
        row.row.pixel.parts.iter().filter_map(|part| part.experiment.as_ref()).collect();
    let mut modes: Vec<Mode> = experiments
        .iter()
        .filter(|experiment| {
            experiment.technique == row.technique.id
                && (answered.is_empty() || answered.contains(&&experiment.id))
        })
        .filter_map(|experiment| experiment.mode)
        .collect();
    modes.sort_unstable();
    modes.dedup();
    modes
}

fn told<'a>(input: &SublayerInput<'a>, rows: &[Row<'a>]) -> Vec<Told<'a>> {
    rows.iter()
        .filter(|row| row.is_measured())
        .map(|row| {
            let own: Vec<&ExperimentId> = input
                .experiments
                .iter()
                .filter(|experiment| experiment.technique == row.technique.id)
                .map(|experiment| &experiment.id)
                .collect();
            Told {
                technique: row.technique,
                pixel: &row.row.pixel,
                computed: row.row.computed.as_ref(),
                modes: modes(row, input.experiments),
                gates: input
                    .gates
                    .iter()
                    .filter(|gate| {
                        gate.is_closed()
                            && gate.experiment.as_ref().is_some_and(|id| own.contains(&id))
                    })
                    .collect(),
            }
        })
        .collect()
}

fn key(input: &SublayerInput, technique: &TechniqueId) -> PixelKey {
    PixelKey {
        component: input.component.clone(),
        question: input.question.clone(),
        technique: technique.clone(),
        observable: input.observable.clone(),
    }
}

fn heads(input: &SublayerInput, rows: &[Row], ladder: &Ladder) -> Vec<Head> {
    ladder
        .rungs
        .iter()
        .filter_map(|rung| {
            let row = rows.get(rung.index)?;
            Some(Head {
                name: row.technique.short_name.clone(),
                // A zero-width space after each stroke: names may be broken there.
                label: row.technique.short_name.replace('/', "/\u{200b}"),
                full: row.technique.name.clone(),
                href: address::pixel(&input.frame.definition.id, &key(input, &row.technique.id)),
                mark: Drawn::from(&glyph_of(&row.row.pixel)),
                depth: rung.depth.clone(),
                width: rung.width.clone(),
                from_particle: rung.from_particle,
            })
        })
        .collect()
}

fn switches(input: &SublayerInput) -> (Vec<Switch>, Vec<Switch>) {
    let definition = &input.frame.definition;
    let components = definition
        .components
        .iter()
        .map(|one| Switch {
            label: one.id.to_string(),
            title: one.name.clone(),
            href: address::sublayer(&definition.id, &one.id, input.question, input.observable),
            current: one.id == *input.component,
        })
        .collect();
    let questions = definition
        .questions
        .iter()
        .map(|one| Switch {
            label: one.id.to_string(),
            title: one.name.clone(),
            href: address::sublayer(&definition.id, input.component, &one.id, input.observable),
            current: one.id == *input.question,
        })
        .collect();
    (components, questions)
}

/// Renders the page.
pub fn render(input: &SublayerInput) -> askama::Result<String> {
    let frame = input.frame;
    let (definition, catalogue) = (&frame.definition, &frame.catalogue);
    let question = definition.question(input.question);
    let component = definition.component(input.component);
    let thickness_m = component.and_then(|component| component.thickness_m);
    let observable = catalogue
        .observable(input.observable)
        .map_or_else(|| input.observable.to_string(), |one| one.name.clone());
    let rows: Vec<Row> = input
        .rows
        .iter()
        .filter_map(|row| Some(Row { technique: catalogue.technique(&row.technique)?, row }))
        .collect();
    let mut combined = Combined::default();
    for row in &rows {
        if row.row.pixel.withheld {
            combined.withheld += 1;
        } else {
            combined.add(row.row.pixel.for_margin());
        }
    }
    let told = told(input, &rows);
    let pixels: Vec<(&Technique, &Pixel)> =
        rows.iter().map(|row| (row.technique, &row.row.pixel)).collect();
    let ladder = ladder(&pixels, thickness_m);
    let question_name = question_name(question, input.question.as_str());
    let component_name =
        component.map_or_else(|| input.component.to_string(), |component| component.name.clone());
    let (components, questions) = switches(input);
    Page {
        shell: input.shell,
        crumbs: vec![
            Crumb::to("Overview", address::overview(&definition.id)),
            Crumb::to(
                format!("{} metaviews", input.component),
                address::metaviews(&definition.id, input.component),
            ),
            Crumb::here(format!("{question_name}, {}", in_sentence(&observable))),
        ],
        defs: marks::defs(),
        title: format!("{observable}, {}, {}", input.question, input.component),
        headline: headline(&observable, &rows),
        lead: format!("{component_name}, {question_name}. {}", counted(&rows, &combined)),
        question: question.map_or("", |question| question.text.as_str()),
        combined: Drawn::from(&glyph_of_combined(&combined)),
        components,
        questions,
        asked: question.and_then(|question| asked(frame, question)),
        has_numbers: input.rows.iter().any(|row| !row.quantities.is_empty() && !row.pixel.withheld),
        heads: ladder.as_ref().map(|ladder| heads(input, &rows, ladder)).unwrap_or_default(),
        no_ladder: if told.is_empty() {
            "The ladder shows how deep each technique sees, in the colour of its answer. It appears with the first yes, no or unsure."
        } else {
            "No depth is known of the techniques that answered, so there is no ladder to draw."
        },
        ladder,
        why_title: differences::heading(&told),
        why: differences::differences(&told, input.observable, thickness_m),
        disagree: differences::disagree(&told),
        scale: one_scale::one_scale(input, &rows),
        cards: rows.iter().filter_map(|row| card::card(input, row)).collect(),
        rest: rest::rest(input, &rows),
    }
    .render()
}
