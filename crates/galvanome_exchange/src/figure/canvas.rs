//! A sheet on which a figure is written as SVG: texts, marks, lines.

use std::borrow::Cow;
use std::collections::BTreeSet;
use std::fmt::Write as _;

use super::font::{self, FAMILY, Weight};
use crate::marks::{self, Glyph, Paint};

/// Ink of headings and names.
pub(super) const INK: &str = "#14181D";
/// Ink of what stands beside.
pub(super) const INK_2: &str = "#414951";
/// Ink of what recedes.
pub(super) const INK_3: &str = "#626B75";
/// Thin rules.
pub(super) const RULE: &str = "#C3C9CF";

/// Where a text is held.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Anchor {
    Start,
    Middle,
    End,
}

/// How a text is set.
#[derive(Debug, Clone, Copy)]
pub(super) struct Style {
    pub(super) size: f64,
    pub(super) weight: Weight,
    pub(super) colour: &'static str,
    pub(super) anchor: Anchor,
}

impl Style {
    pub(super) const fn new(size: f64, weight: Weight, colour: &'static str) -> Self {
        Self { size, weight, colour, anchor: Anchor::Start }
    }

    pub(super) const fn at(self, anchor: Anchor) -> Self {
        Self { anchor, ..self }
    }

    pub(super) fn width(&self, text: &str) -> f64 {
        font::width(text, self.size, self.weight)
    }

    pub(super) fn wrap(&self, text: &str, max: f64, lines: usize) -> Vec<String> {
        font::wrap(text, self.size, self.weight, max, lines)
    }
}

/// A text made safe for XML and HTML, in content and in quoted attributes. Control characters become spaces.
pub(super) fn escape(text: &str) -> Cow<'_, str> {
    let plain = |c: char| !matches!(c, '&' | '<' | '>' | '"' | '\'') && is_printable(c);
    if text.chars().all(plain) {
        return Cow::Borrowed(text);
    }
    let mut safe = String::with_capacity(text.len() + 16);
    for character in text.chars() {
        match character {
            '&' => safe.push_str("&amp;"),
            '<' => safe.push_str("&lt;"),
            '>' => safe.push_str("&gt;"),
            '"' => safe.push_str("&quot;"),
            '\'' => safe.push_str("&#39;"),
            character if is_printable(character) => safe.push(character),
            _ => safe.push(' '),
        }
    }
    Cow::Owned(safe)
}

fn is_printable(character: char) -> bool {
    !character.is_control() && !matches!(character, '\u{FFFE}' | '\u{FFFF}')
}

/// A number with at most two decimals.
pub(super) fn number(value: f64) -> String {
    let text = format!("{:.2}", if value.is_finite() { value } else { 0.0 });
    let text = text.trim_end_matches('0').trim_end_matches('.');
    if text == "-0" { "0".to_owned() } else { text.to_owned() }
}

/// The sheet.
#[derive(Default)]
pub(super) struct Canvas {
    body: String,
    symbols: BTreeSet<&'static str>,
    regular: BTreeSet<char>,
    bold: BTreeSet<char>,
}

impl Canvas {
    /// A text on its baseline.
    pub(super) fn text(&mut self, x: f64, y: f64, style: &Style, text: &str) {
        self.write_text(&format!(r#"x="{}" y="{}""#, number(x), number(y)), style, text);
    }

    /// A text that rises from its start at 45°.
    pub(super) fn rising_text(&mut self, x: f64, y: f64, style: &Style, text: &str) {
        let place = format!(r#"transform="translate({} {}) rotate(-45)""#, number(x), number(y));
        self.write_text(&place, style, text);
    }

    fn write_text(&mut self, place: &str, style: &Style, text: &str) {
        let (characters, bold) = match style.weight {
            Weight::Regular => (&mut self.regular, ""),
            Weight::Bold => (&mut self.bold, r#" font-weight="700""#),
        };
        characters.extend(text.chars().filter(|character| is_printable(*character)));
        let text = escape(text);
        let anchor = match style.anchor {
            Anchor::Start => "",
            Anchor::Middle => r#" text-anchor="middle""#,
            Anchor::End => r#" text-anchor="end""#,
        };
        let _ = writeln!(
            self.body,
            r#"<text {place} font-size="{}" fill="{}"{bold}{anchor}>{text}</text>"#,
            number(style.size),
            style.colour
        );
    }

    /// A glyph with its upper left corner at a place; `side` is the side of its square. The title is what a
    /// reader sees when resting on it, and what a screen reader says.
    pub(super) fn glyph(&mut self, x: f64, y: f64, side: f64, glyph: Glyph, title: &str) {
        let ids = marks::overlay_ids(&glyph);
        let (place, at) = if (side - marks::CELL).abs() < f64::EPSILON {
            (String::new(), format!(r#" x="{}" y="{}""#, number(x), number(y)))
        } else {
            let scale = number(side / marks::CELL * 100.0);
            let scale = format!("{:.4}", scale.parse::<f64>().unwrap_or(100.0) / 100.0);
            (
                format!(r#" transform="translate({} {}) scale({scale})""#, number(x), number(y)),
                String::new(),
            )
        };
        let _ = write!(self.body, "<g{place}>");
        if !title.is_empty() {
            let _ = write!(self.body, "<title>{}</title>", escape(title));
        }
        for id in ids {
            self.symbols.insert(id);
            let _ = write!(self.body, r##"<use xlink:href="#{id}"{at}/>"##);
        }
        self.body.push_str("</g>\n");
    }

    /// A straight line.
    pub(super) fn line(&mut self, from: (f64, f64), to: (f64, f64), colour: &str, width: f64) {
        let _ = writeln!(
            self.body,
            r#"<path d="M{} {}L{} {}" fill="none" stroke="{colour}" stroke-width="{}"/>"#,
            number(from.0),
            number(from.1),
            number(to.0),
            number(to.1),
            number(width)
        );
    }

    /// A frame without a field.
    pub(super) fn frame(&mut self, (x, y): (f64, f64), width: f64, height: f64, colour: &str) {
        let _ = writeln!(
            self.body,
            r#"<rect x="{}" y="{}" width="{}" height="{}" rx="3" fill="none" stroke="{colour}" stroke-dasharray="4 3"/>"#,
            number(x),
            number(y),
            number(width),
            number(height)
        );
    }

    /// The whole SVG file.
    pub(super) fn finish(&self, width: f64, height: f64, title: &str, description: &str) -> String {
        let (w, h) = (number(width.ceil()), number(height.ceil()));
        let ids: Vec<&str> = self.symbols.iter().copied().collect();
        let symbols = ids.iter().fold(String::new(), |mut text, id| {
            let _ = writeln!(text, r#"<g id="{id}">{}</g>"#, marks::literal(&[id], Paint::Literal));
            text
        });
        format!(
            "<svg xmlns=\"http://www.w3.org/2000/svg\" xmlns:xlink=\"http://www.w3.org/1999/xlink\" width=\"{w}\" \
             height=\"{h}\" viewBox=\"0 0 {w} {h}\" role=\"img\" aria-labelledby=\"title desc\">\n\
             <title id=\"title\">{}</title>\n<desc id=\"desc\">{}</desc>\n<style>{}</style>\n<defs>\n{symbols}</defs>\n\
             <rect width=\"{w}\" height=\"{h}\" fill=\"#FFFFFF\"/>\n<g font-family=\"'{FAMILY}', Verdana, sans-serif\">\n\
             {}</g>\n</svg>\n",
            escape(title),
            escape(description),
            font::face_rules(&self.regular, &self.bold),
            self.body
        )
    }
}
