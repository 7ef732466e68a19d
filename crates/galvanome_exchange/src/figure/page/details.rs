//! What a pixel opens: its answer, who gave it and why, its parts, its numbers.

use std::fmt::Write as _;

use galvanome_model::catalogue::Scale;
use galvanome_model::metaview::{Metaview, RowMargin};
use galvanome_model::pixel::{By, Part, Pixel, PixelKey};
use galvanome_model::record::AnswerRecord;
use galvanome_model::verdict::ComputedAnswer;

use super::super::FigureInput;
use super::super::canvas::escape;
use super::super::contents::{Names, tally_in_words};
use super::super::numbers::{Evidence, difference_text, interval_text, quantity_text};
use super::super::strip::verdict_strip;
use crate::marks::{self, Glyph, Mark};
use crate::numbers::{Shown, share};

/// A sheet for every pixel and every row of a metaview.
pub(super) fn write(
    sheets: &mut String,
    view: &Metaview,
    input: &FigureInput<'_>,
    evidence: &Evidence<'_>,
) {
    let names = input.names();
    for (row, technique) in view.techniques.iter().enumerate() {
        let of = format!("{} · {}", view.question, names.component(&view.component));
        if let Some(margin) = view.by_technique.get(row) {
            let id = format!("{}/{}/{technique}", view.component, view.question);
            let place = format!("{} · whole row · {of}", names.row(technique));
            open(sheets, &id, marks::glyph_of_combined(&margin.combined), &place);
            write_row(sheets, margin);
            sheets.push_str("</section>\n");
        }
        for (column, observable) in view.observables.iter().enumerate() {
            let Some(pixel) = view.pixel(row, column) else { continue };
            let key = PixelKey {
                component: view.component.clone(),
                question: view.question.clone(),
                technique: technique.clone(),
                observable: observable.clone(),
            };
            let id = format!("{}/{}/{technique}/{observable}", view.component, view.question);
            let place = format!("{} · {} · {of}", names.row(technique), names.column(observable));
            open(sheets, &id, marks::glyph_of(pixel), &place);
            write_pixel(sheets, pixel, &key, input, evidence);
            sheets.push_str("</section>\n");
        }
    }
}

fn open(sheets: &mut String, id: &str, glyph: Glyph, place: &str) {
    let _ = write!(
        sheets,
        "<section class=\"d\" id=\"{id}\" tabindex=\"-1\" aria-label=\"{place}\"><header>{}<div><h3>{}</h3>\
         <p class=\"s q\">{place}</p></div><a class=\"close\" href=\"#_\">Close</a></header>",
        glyph.svg(""),
        escape(&glyph.words()),
        place = escape(place)
    );
}

fn write_row(sheets: &mut String, margin: &RowMargin) {
    let _ = write!(sheets, "<p>{} pixels.</p>", tally_in_words(&margin.combined));
    if let Some(stated) = &margin.stated {
        let _ = write!(
            sheets,
            "<h4>Stated about the whole row</h4><p><b>{}</b>{}</p>",
            plain(stated.answer.word()),
            said(&stated.record)
        );
    }
}

/// A stable word as people write it.
fn plain(word: &str) -> String {
    escape(&word.replace('_', " ")).into_owned()
}

/// By whom, when, why, resting on what.
fn said(record: &AnswerRecord) -> String {
    let mut text = String::new();
    if !record.author.is_empty() {
        let _ = write!(text, " by {}", escape(&record.author));
    }
    if !record.answered_on.is_empty() {
        let _ = write!(text, ", {}", escape(&record.answered_on));
    }
    let _ = write!(text, " ({})", record.certainty.word());
    if !record.reason.is_empty() {
        let _ = write!(text, "<br>{}", escape(&record.reason));
    }
    if !record.evidence.is_empty() {
        let _ = write!(
            text,
            "<br><span class=\"s qq\">Rests on: {}</span>",
            escape(&record.evidence.join("; "))
        );
    }
    text
}

fn write_pixel(
    sheets: &mut String,
    pixel: &Pixel,
    key: &PixelKey,
    input: &FigureInput<'_>,
    evidence: &Evidence<'_>,
) {
    if pixel.withheld {
        sheets.push_str("<p>It was answered; the answer is not shown to the reader for whom this file was made.</p>");
        return;
    }
    match marks::mark_of(pixel) {
        Mark::Pending(None) if !pixel.expected => sheets.push_str(
            "<p>Nobody has answered yet, and the catalogue does not expect this technique to.</p>",
        ),
        Mark::Pending(None) => sheets.push_str("<p>Nobody has answered yet.</p>"),
        Mark::Pending(Some(_)) => sheets.push_str("<p>The experiment is under way.</p>"),
        Mark::Contested => sheets.push_str(
            "<p>Yes stands against no: it counts as unsure until a second reviewer signs.</p>",
        ),
        Mark::UnsureVoided => sheets
            .push_str("<p>A fault voids the data: whatever was answered counts as unsure.</p>"),
        _ => {}
    }
    if pixel.surrogate && pixel.answer.is_some() {
        sheets.push_str("<p>It rests on model samples alone, and so never makes a row’s yes.</p>");
    }
    if pixel.by == By::Campaign {
        let _ = write!(sheets, "<p>Declared by the campaign. {}</p>", escape(&pixel.reason));
    }
    if !pixel.parts.is_empty() {
        sheets.push_str("<h4>Experts</h4><ul>");
        for part in &pixel.parts {
            write_part(sheets, part, input);
        }
        sheets.push_str("</ul>");
    }
    let numbers = evidence.computed(key);
    write_computed(sheets, pixel, numbers, input.names());
    write_quantities(sheets, key, input, evidence);
}

fn write_part(sheets: &mut String, part: &Part, input: &FigureInput<'_>) {
    let _ = write!(sheets, "<li><b>{}</b>", plain(part.given.word()));
    if part.answer != part.given {
        let _ = write!(sheets, ", counted as {}", plain(part.answer.word()));
    }
    if let Some(experiment) = &part.experiment {
        let _ = write!(sheets, " from {experiment}");
    }
    if let Some(partner) = &part.partner {
        let known = input.frame.definition.partner(partner);
        let name = known.map_or(partner.as_str(), |partner| &partner.name);
        let _ = write!(sheets, " at {}", escape(name));
    }
    let _ = write!(sheets, "{}</li>", said(&part.record));
}

fn write_computed(
    sheets: &mut String,
    pixel: &Pixel,
    numbers: Option<&ComputedAnswer>,
    names: Names<'_>,
) {
    if let Some(computed) = &pixel.computed {
        let _ = write!(
            sheets,
            "<h4>Computed</h4><p><b>{}</b>: {}",
            plain(computed.answer.word()),
            plain(&computed.reason)
        );
        if let Some(strength) = computed.strength.filter(|strength| strength.is_finite()) {
            let _ = write!(sheets, "; {strength:.1} δ clear of its margin");
        }
        for (set, text) in [
            (computed.provisional, "; provisional, for the margins are not confirmed yet"),
            (computed.stale, "; stale, for what it rests on has changed"),
        ] {
            if set {
                sheets.push_str(text);
            }
        }
        sheets.push_str(".</p>");
    }
    let Some(numbers) = numbers else { return };
    for verdict in &numbers.verdicts {
        let _ = write!(
            sheets,
            "<p><b>{}</b> {} <span class=\"q\">(test {}, n = {}; reference {}, n = {}; margin ±{})</span></p>{}",
            escape(names.descriptor(&verdict.descriptor)),
            escape(&interval_text(verdict)),
            bare(verdict.test_mean),
            verdict.test_n,
            bare(verdict.reference_mean),
            verdict.reference_n,
            escape(difference_text(verdict, verdict.delta).trim_start_matches('+')),
            verdict_strip(verdict, numbers.kappa)
        );
        if let Some(s0) = verdict.break_even_s0 {
            let _ = write!(
                sheets,
                "<p class=\"s qq\">The answer would flip at a spread of {}.</p>",
                match verdict.scale {
                    Scale::Ratio => share(s0),
                    Scale::Difference => bare(s0),
                }
            );
        }
    }
}

fn write_quantities(
    sheets: &mut String,
    key: &PixelKey,
    input: &FigureInput<'_>,
    evidence: &Evidence<'_>,
) {
    let quantities = evidence.quantities(key, input);
    if quantities.is_empty() {
        return;
    }
    let names = input.names();
    sheets.push_str(
        "<h4>Numbers of each group</h4><table><tr><th scope=\"col\">Descriptor</th><th scope=\"col\">Group</th>\
         <th scope=\"col\">Value</th><th scope=\"col\">n</th><th scope=\"col\">Source</th></tr>",
    );
    for quantity in quantities {
        let groups: Vec<&str> = quantity.groups.iter().map(|id| names.group(id)).collect();
        let n = quantity.n.map_or_else(String::new, |n| n.to_string());
        let whole = if quantity.component.is_none() { " (whole cell)" } else { "" };
        let _ = write!(
            sheets,
            "<tr><td>{}{whole}</td><td>{}</td><td>{}</td><td>{n}</td><td>{}</td></tr>",
            escape(names.descriptor(&quantity.descriptor)),
            escape(&groups.join(", ")),
            escape(&quantity_text(quantity)),
            escape(&quantity.source)
        );
    }
    sheets.push_str("</table>");
}

/// A number without its unit, which stands elsewhere in the sentence.
fn bare(value: f64) -> String {
    Shown::of(value, None, "1").text()
}
