//! A figure as one self-contained page: no server, no other file, and every pixel still opens.

mod details;

use std::fmt::Write as _;

use galvanome_model::answer::Combined;
use galvanome_model::metaview::Metaview;

use super::FigureInput;
use super::canvas::escape;
use super::contents::{Block, INVENTED, counts_in_words, tally, tally_in_words, total};
use super::font::{self, Weight};
use super::legend::{self, Sample};
use super::numbers::Evidence;
use super::strip::strip_css;
use crate::marks::{self, Glyph, Strength};

const CSS: &str = include_str!("page/page.css");
const SCRIPT: &str = include_str!("page/page.js");

/// The figure as one HTML file that refers to no other: tables whose pixels open their answer, who gave it and
/// why, every experiment's part, the computed answer and the numbers of the groups.
///
/// Each pixel has the address `#COMPONENT/QUESTION/TECHNIQUE/OBSERVABLE` inside the file, each row
/// `#COMPONENT/QUESTION/TECHNIQUE`. It works without scripts; a small script adds arrow keys and Escape. Light and
/// dark follow the reader's system. Date, data version and address of the living page stand at its foot. What the
/// metaviews withhold is not in the file; `evidence` must hold only what the reader may see.
pub fn html(input: &FigureInput<'_>, evidence: &Evidence<'_>) -> String {
    let mut body = String::new();
    let _ = write!(body, "<h1>{}</h1>", escape(input.title));
    if input.frame.definition.invented {
        let _ = write!(body, "<p class=\"tag\">{INVENTED}</p>");
    }
    let _ = writeln!(body, "<p class=\"q\">{}</p>", counts_in_words(&total(input.views)));
    let mut sheets = String::new();
    for block in input.blocks() {
        write_block(&mut body, &block, input);
        for view in &block.views {
            details::write(&mut sheets, view, input, evidence);
        }
    }
    write_legend(&mut body, input);
    let _ = writeln!(body, "<footer>{}</footer>", origin(input));
    let csp =
        "default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'; img-src data:";
    format!(
        "<!doctype html>\n<html lang=\"en\"><head><meta charset=\"utf-8\">\
         <meta name=\"viewport\" content=\"width=device-width,initial-scale=1\">\
         <meta http-equiv=\"Content-Security-Policy\" content=\"{csp}\">\
         <meta name=\"generator\" content=\"Galvanome\"><title>{}</title>\n<style>\n{}{}{CSS}{}\n</style></head>\n<body>\n\
         {}\n<main>\n{body}</main>\n{sheets}<script>\n{SCRIPT}</script>\n</body></html>\n",
        escape(input.title),
        marks::tokens_css(),
        marks::css(),
        strip_css(),
        marks::symbol_defs(),
    )
}

fn origin(input: &FigureInput<'_>) -> String {
    let mut parts: Vec<String> =
        input.origin().iter().map(|part| escape(part).into_owned()).collect();
    if let Some(address) = input.address {
        parts.pop();
        let shown = escape(address);
        let is_web = address.starts_with("https://") || address.starts_with("http://");
        parts.push(if is_web {
            format!("living page <a href=\"{shown}\" rel=\"noreferrer\">{shown}</a>")
        } else {
            format!("living page {shown}")
        });
    }
    parts.join(" · ")
}

fn write_block(body: &mut String, block: &Block<'_>, input: &FigureInput<'_>) {
    let name = input.names().component(block.component);
    let counts = counts_in_words(&total(block.views.iter().copied()));
    let _ = writeln!(
        body,
        "<section class=\"comp\"><h2>{}</h2><p class=\"q s\">{counts}</p><div class=\"stage\">",
        escape(name)
    );
    let names = input.names();
    let heads: Vec<String> = block
        .views
        .iter()
        .map(|view| format!("{} {}", view.question, names.question_name(&view.question)))
        .collect();
    let columns = block.views.iter().flat_map(|view| &view.observables).map(|id| names.column(id));
    let height = height_of(columns.chain(heads.iter().map(String::as_str)));
    write_global(body, block, input, &heads, height);
    for view in &block.views {
        write_matrix(body, view, input, height);
    }
    body.push_str("</div></section>\n");
}

/// How high names that rise at 45° stand.
fn height_of<'a>(heads: impl Iterator<Item = &'a str>) -> f64 {
    let rise = |text| font::width(text, 12.0, Weight::Regular) * std::f64::consts::FRAC_1_SQRT_2;
    heads.map(rise).fold(20.0, f64::max) + 14.0
}

/// The heads of columns, each over its first of `span` cells, all panels of a component equally high.
fn write_heads<'a>(
    body: &mut String,
    heads: impl Iterator<Item = &'a str>,
    span: usize,
    height: f64,
) {
    let _ = write!(body, "<thead><tr style=\"height:{height:.0}px\"><td></td>");
    for head in heads {
        let _ = write!(body, "<th scope=\"col\"><span>{}</span></th>", escape(head));
        for _ in 1..span {
            body.push_str("<td></td>");
        }
    }
    body.push_str("</tr></thead>");
}

fn write_global(
    body: &mut String,
    block: &Block<'_>,
    input: &FigureInput<'_>,
    heads: &[String],
    height: f64,
) {
    let names = input.names();
    body.push_str(
        "<div class=\"panel\"><table class=\"mx g\"><caption><b>Global view</b><span class=\"s q\">one answer \
         per technique</span></caption>",
    );
    write_heads(body, heads.iter().map(|head| head.trim_end()), 3, height);
    body.push_str("<tbody>");
    for id in block.views.first().map_or(&[][..], |view| &view.techniques) {
        let row = names.row(id);
        let full = names.technique(id).map_or(row, |technique| &technique.name);
        let _ =
            write!(body, "<tr><th scope=\"row\" title=\"{}\">{}</th>", escape(full), escape(row));
        for view in &block.views {
            let Some(margin) = view.row_of(id).and_then(|row| view.by_technique.get(row)) else {
                body.push_str("<td></td><td></td><td></td>");
                continue;
            };
            let title = combined_title(&format!("{row}, {}", view.question), &margin.combined);
            let _ = write!(
                body,
                "<td><a href=\"#{}/{}/{id}\" title=\"{}\">{}</a></td><td>",
                view.component,
                view.question,
                escape(&title),
                marks::glyph_of_combined(&margin.combined).svg("")
            );
            if let Some(stated) = &margin.stated {
                let glyph = Glyph::from(marks::mark_of_answer(stated.answer, Strength::Unknown));
                let _ = write!(
                    body,
                    "<span role=\"img\" aria-label=\"stated: {word}\" title=\"stated about the whole row: {word}\">{}</span>",
                    glyph.svg("st"),
                    word = glyph.words()
                );
            }
            let _ = write!(body, "</td><td class=\"n\">{}</td>", tally(&margin.combined));
        }
        body.push_str("</tr>");
    }
    body.push_str("</tbody><tfoot><tr><th scope=\"row\">All techniques</th>");
    for view in &block.views {
        write_combined(body, "All techniques", view, &view.overall);
        let _ = write!(body, "<td></td><td class=\"n\">{}</td>", tally(&view.overall));
    }
    body.push_str(
        "</tr><tr aria-hidden=\"true\"><td class=\"s\">&nbsp;</td></tr></tfoot></table></div>\n",
    );
}

fn write_matrix(body: &mut String, view: &Metaview, input: &FigureInput<'_>, height: f64) {
    let names = input.names();
    let _ = write!(
        body,
        "<div class=\"panel\"><table class=\"mx\"><caption><b>{}</b> <span class=\"q\">{}</span><span class=\"s q\">{}</span></caption>",
        view.question,
        escape(names.question_name(&view.question)),
        escape(&names.contrast(&view.question))
    );
    write_heads(body, view.observables.iter().map(|id| names.column(id)), 1, height);
    body.push_str("<tbody>");
    for (row, technique) in view.techniques.iter().enumerate() {
        let label = names.row(technique);
        let full = names.technique(technique).map_or(label, |technique| &technique.name);
        let _ =
            write!(body, "<tr><th scope=\"row\" title=\"{}\">{}</th>", escape(full), escape(label));
        for (column, observable) in view.observables.iter().enumerate() {
            let Some(pixel) = view.pixel(row, column) else { continue };
            let glyph = marks::glyph_of(pixel);
            let title = format!("{label}, {}: {}", names.column(observable), glyph.words());
            let _ = write!(
                body,
                "<td><a href=\"#{}/{}/{technique}/{observable}\" title=\"{}\">{}</a></td>",
                view.component,
                view.question,
                escape(&title),
                glyph.svg("")
            );
        }
        body.push_str("</tr>\n");
    }
    body.push_str("</tbody><tfoot><tr><th scope=\"row\">All techniques</th>");
    for (observable, combined) in view.observables.iter().zip(&view.by_observable) {
        write_combined(body, names.column(observable), view, combined);
    }
    body.push_str("</tr><tr><th scope=\"row\" class=\"s qq\">yes · unsure · no</th>");
    for combined in &view.by_observable {
        let _ = write!(body, "<td class=\"n\">{}</td>", tally(combined));
    }
    body.push_str("</tr></tfoot></table></div>\n");
}

fn combined_title(what: &str, combined: &Combined) -> String {
    let words = marks::glyph_of_combined(combined).words();
    format!("{what}, combined: {words} ({})", tally_in_words(combined))
}

fn write_combined(body: &mut String, what: &str, view: &Metaview, combined: &Combined) {
    let title = combined_title(&format!("{what}, {}", view.question), combined);
    let title = escape(&title);
    let _ = write!(
        body,
        "<td><span role=\"img\" aria-label=\"{title}\" title=\"{title}\">{}</span></td>",
        marks::glyph_of_combined(combined).svg("")
    );
}

fn write_legend(body: &mut String, input: &FigureInput<'_>) {
    body.push_str("<div class=\"lg\">");
    for section in legend::sections(input) {
        let _ = write!(body, "<section><h3>{}</h3><ul>", section.heading);
        for item in section.items {
            let sample = match &item.sample {
                Sample::Marks(glyphs) => glyphs.iter().map(|glyph| glyph.svg("")).collect(),
                Sample::Small(glyph) => glyph.svg("st"),
                Sample::Text(text) => format!("<span class=\"n\">{text}</span>"),
            };
            let _ = write!(
                body,
                "<li>{sample}<span><b>{}</b> <span class=\"q\">{}</span></span></li>",
                item.word,
                escape(&item.meaning)
            );
        }
        body.push_str("</ul></section>");
    }
    body.push_str("</div>\n");
}
