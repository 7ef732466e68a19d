//! The matrices themselves, ready for the template: rows, the global view, one panel for each question.

use galvanome_exchange::marks::{Glyph, Strength, glyph_of, glyph_of_combined, mark_of_answer};
use galvanome_model::answer::Combined;
use galvanome_model::campaign::{Definition, Question, QuestionKind};
use galvanome_model::catalogue::Technique;
use galvanome_model::ids::GroupId;
use galvanome_model::metaview::{Metaview, RowMargin};

use super::MetaviewsInput;
use super::filters::Flags;
use super::query::{facility_word, mode_word, support_word};
use crate::pages::depth::{DepthBar, DepthScale, depth_key};
use crate::pages::marks::{Drawn, STATED};
use crate::pages::{address, words};

/// Names up to so many characters stand in the head of a column as they are.
const LONG_LABEL: usize = 24;

/// A combined answer with its counts.
pub(super) struct Margin {
    pub(super) drawn: Drawn,
    pub(super) counts: String,
    /// Nothing was measured: the counts are drawn quieter.
    pub(super) zero: bool,
}

/// One row: its name, its depth, its combined answers.
pub(super) struct Row<'a> {
    pub(super) technique: &'a Technique,
    /// Attributes by which the filters find it.
    pub(super) facility: &'static str,
    pub(super) support: String,
    pub(super) mode: String,
    /// Its place as published and by depth, for sorting in the browser.
    pub(super) published: usize,
    pub(super) by_depth: usize,
    pub(super) highlighted: bool,
    pub(super) bar: DepthBar,
    pub(super) note: String,
    pub(super) globals: Vec<Margin>,
}

/// The head of a column of the global view.
pub(super) struct GlobalHead<'a> {
    pub(super) code: &'a str,
    pub(super) name: &'a str,
    pub(super) overall: Margin,
}

/// The head of a column of a matrix, with the combined answer at its foot.
pub(super) struct Column<'a> {
    pub(super) id: &'a str,
    pub(super) name: &'a str,
    pub(super) label: String,
    pub(super) short: String,
    pub(super) href: String,
    pub(super) highlighted: bool,
    pub(super) foot: Margin,
}

/// A cell.
pub(super) struct Cell {
    pub(super) classes: &'static str,
    pub(super) drawn: Drawn,
}

/// The matrix of one question.
pub(super) struct Panel<'a> {
    pub(super) id: &'a str,
    pub(super) code: &'a str,
    pub(super) name: &'a str,
    pub(super) about: String,
    pub(super) text: &'a str,
    /// Where its pixels begin: `/c/…/pixel/LNO/SQ1`.
    pub(super) base: String,
    pub(super) columns: Vec<Column<'a>>,
    pub(super) lines: Vec<Vec<Cell>>,
}

fn counts(combined: &Combined) -> (String, bool) {
    let text = format!("{}·{}·{}", combined.yes, combined.unsure, combined.no);
    (text, combined.yes + combined.unsure + combined.no == 0)
}

fn spoken_counts(combined: &Combined) -> String {
    format!("{} yes, {} unsure, {} no", combined.yes, combined.unsure, combined.no)
}

/// A combined answer as it stands at the edge of a matrix.
fn margin(combined: &Combined) -> Margin {
    let mut drawn = Drawn::from(&glyph_of_combined(combined));
    drawn.words = format!("{}; {}", drawn.words, spoken_counts(combined));
    let (counts, zero) = counts(combined);
    Margin { drawn, counts, zero }
}

/// The statement that is shown in place of a row's combined answer, while that is pending.
pub(super) fn stated_glyph(row: &RowMargin) -> Option<Glyph> {
    let stated = row.stated.as_ref().filter(|_| row.combined.answer.is_none())?;
    Some(Glyph::from(mark_of_answer(stated.answer, Strength::Unknown)))
}

/// A row's combined answer; a statement stands in brackets.
fn row_margin(row: &RowMargin) -> Margin {
    let mut margin = margin(&row.combined);
    if let Some(glyph) = stated_glyph(row) {
        let so_far = margin.drawn.words;
        margin.drawn = Drawn::from(&glyph);
        margin.drawn.ids.push(STATED);
        margin.drawn.words =
            format!("{}, stated of the whole row; its pixels: {so_far}", margin.drawn.words);
    }
    margin
}

fn joined<T: Copy>(values: Option<&Vec<T>>, word: fn(T) -> &'static str) -> String {
    values.map_or_else(String::new, |values| {
        values.iter().map(|value| word(*value)).collect::<Vec<_>>().join(" ")
    })
}

/// The rows that are shown.
pub(super) fn rows<'a>(
    input: &MetaviewsInput<'a>,
    shown: &[usize],
    views: &[Metaview],
    scale: DepthScale,
) -> Vec<Row<'a>> {
    let techniques = &input.frame.catalogue.techniques;
    let mut by_depth: Vec<usize> = (0..techniques.len()).collect();
    by_depth.sort_by(|a, b| {
        let depth = |at: usize| techniques.get(at).map_or(f64::MAX, |one| depth_key(&one.facts));
        depth(*a).total_cmp(&depth(*b))
    });
    let mut rank = vec![0; techniques.len()];
    for (place, at) in by_depth.into_iter().enumerate() {
        if let Some(slot) = rank.get_mut(at) {
            *slot = place;
        }
    }
    shown
        .iter()
        .filter_map(|&at| {
            let technique = techniques.get(at)?;
            let facts = &technique.facts;
            Some(Row {
                technique,
                facility: facts.facility.map_or("", facility_word),
                support: joined(facts.support.as_ref(), support_word),
                mode: joined(facts.modes.as_ref(), mode_word),
                published: at,
                by_depth: rank.get(at).copied().unwrap_or(at),
                highlighted: input.query.row.as_deref() == Some(technique.id.as_str()),
                bar: scale.bar(facts),
                note: input.notes.get(&technique.id).map_or_else(String::new, |all| all.join(" ")),
                globals: views
                    .iter()
                    .filter_map(|view| Some(row_margin(view.by_technique.get(at)?)))
                    .collect(),
            })
        })
        .collect()
}

/// The heads of the global view.
pub(super) fn globals<'a>(
    input: &MetaviewsInput<'a>,
    views: &'a [Metaview],
) -> Vec<GlobalHead<'a>> {
    views
        .iter()
        .map(|view| {
            let question = input.frame.definition.question(&view.question);
            let (code, name) = words::question(
                view.question.as_str(),
                question.map_or("", |question| question.name.as_str()),
            );
            GlobalHead { code, name, overall: margin(&view.overall) }
        })
        .collect()
}

/// What is compared with what, or asked for.
pub(super) fn about(definition: &Definition, question: &Question) -> String {
    let names = |ids: &[GroupId]| {
        let names: Vec<String> = ids
            .iter()
            .map(|id| {
                definition
                    .group(id)
                    .map_or_else(|| id.to_string(), |group| lower_first(&group.name))
            })
            .collect();
        words::list(&names.iter().map(String::as_str).collect::<Vec<_>>())
    };
    match question.kind {
        QuestionKind::Difference if !question.test.is_empty() && !question.reference.is_empty() => {
            format!("{} against {}", names(&question.test), names(&question.reference))
        }
        QuestionKind::Difference => String::new(),
        QuestionKind::Value => ["a number", question.target.as_str()]
            .into_iter()
            .filter(|part| !part.is_empty())
            .collect::<Vec<_>>()
            .join(": "),
        QuestionKind::Link => "whether two descriptors go together".to_owned(),
    }
}

/// `Aged with LiTDI` inside a sentence; names that begin with an acronym stay.
fn lower_first(name: &str) -> String {
    let mut letters = name.chars();
    match (letters.next(), letters.next()) {
        (Some(first), Some(second)) if second.is_lowercase() => {
            first.to_lowercase().chain(name.chars().skip(1)).collect()
        }
        _ => name.to_owned(),
    }
}

fn clipped(name: &str, length: usize) -> String {
    if name.chars().count() <= length {
        return name.to_owned();
    }
    let kept: String = name.chars().take(length - 1).collect();
    format!("{}…", kept.trim_end())
}

/// The panels, and the class of the height that the heads of their columns need.
pub(super) fn panels<'a>(
    input: &MetaviewsInput<'a>,
    shown: &[usize],
    views: &'a [Metaview],
    noted: &[bool],
) -> (Vec<Panel<'a>>, &'static str) {
    let frame = input.frame;
    let campaign = &frame.definition.id;
    let observables = &frame.catalogue.observables;
    let mut longest = 0;
    let panels = views
        .iter()
        .filter_map(|view| {
            let question = frame.definition.question(&view.question)?;
            let columns = observables
                .iter()
                .zip(&view.by_observable)
                .map(|(observable, combined)| {
                    let whole = observable.name.chars().count() <= LONG_LABEL;
                    let label = if whole { &observable.name } else { &observable.short_name };
                    let label = clipped(label, LONG_LABEL);
                    longest = longest.max(label.chars().count());
                    Column {
                        id: observable.id.as_str(),
                        name: &observable.name,
                        short: clipped(&observable.short_name, 14),
                        label,
                        href: address::sublayer(
                            campaign,
                            &input.component.id,
                            &view.question,
                            &observable.id,
                        ),
                        highlighted: input.query.column.as_deref() == Some(observable.id.as_str()),
                        foot: margin(combined),
                    }
                })
                .collect();
            let lines = shown
                .iter()
                .map(|&row| {
                    let noted = noted.get(row).copied().unwrap_or(false);
                    (0..observables.len())
                        .filter_map(|column| view.pixel(row, column))
                        .map(|pixel| Cell {
                            classes: Flags::of(pixel, noted).classes(),
                            drawn: Drawn::from(&glyph_of(pixel)),
                        })
                        .collect()
                })
                .collect();
            let (code, name) = words::question(view.question.as_str(), &question.name);
            Some(Panel {
                id: view.question.as_str(),
                code,
                name,
                about: about(&frame.definition, question),
                text: &question.text,
                base: format!("/c/{campaign}/pixel/{}/{}", input.component.id, view.question),
                columns,
                lines,
            })
        })
        .collect();
    let head = match longest {
        0..=14 => "head-1",
        15..=20 => "head-2",
        _ => "head-3",
    };
    (panels, head)
}
