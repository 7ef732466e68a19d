//! A page of the manual: the module comment of an analysis as HTML.
//!
//! The comment uses little: `#` and `##` headings, paragraphs, `1.` and `-` lists, and code between backticks. Everything else is
//! text, and every text is escaped.

use std::fmt::Write as _;

use super::svg::escape;

/// What the lines of a comment add up to.
enum Block {
    /// Its text, and whether it is one below another.
    Heading(String, bool),
    Paragraph(String),
    /// Items of a list, and whether they are numbered.
    List(Vec<String>, bool),
}

/// A line that begins an item: its text, and whether it is numbered.
fn item(line: &str) -> Option<(&str, bool)> {
    if let Some(text) = line.strip_prefix("- ").or_else(|| line.strip_prefix("* ")) {
        return Some((text, false));
    }
    let digits = line.bytes().take_while(u8::is_ascii_digit).count();
    let rest = line.get(digits..).filter(|_| (1..=3).contains(&digits))?;
    Some((rest.strip_prefix(". ")?, true))
}

fn append(text: &mut String, line: &str) {
    if !text.is_empty() {
        text.push(' ');
    }
    text.push_str(line);
}

fn blocks(text: &str) -> Vec<Block> {
    let mut blocks: Vec<Block> = Vec::new();
    let mut apart = true;
    for line in text.lines() {
        let indented = line.starts_with("  ") || line.starts_with('\t');
        let line = line.trim();
        if line.is_empty() {
            apart = true;
            continue;
        }
        if let Some(heading) = line.strip_prefix('#') {
            let text = heading.trim_start_matches('#').trim().to_owned();
            blocks.push(Block::Heading(text, heading.starts_with('#')));
            apart = true;
            continue;
        }
        let in_paragraph = !apart && matches!(blocks.last(), Some(Block::Paragraph(_)));
        match (item(line), blocks.last_mut()) {
            (Some((text, numbered)), Some(Block::List(items, of_numbers)))
                if *of_numbers == numbered =>
            {
                items.push(text.to_owned());
            }
            (Some((text, numbered)), _) if !in_paragraph => {
                blocks.push(Block::List(vec![text.to_owned()], numbered));
            }
            (None, Some(Block::List(items, _))) if !apart || indented => {
                if let Some(last) = items.last_mut() {
                    append(last, line);
                }
            }
            (_, Some(Block::Paragraph(paragraph))) if in_paragraph => append(paragraph, line),
            _ => blocks.push(Block::Paragraph(line.to_owned())),
        }
        apart = false;
    }
    blocks
}

/// Text with code between backticks; a backtick without its pair stays.
fn inline(text: &str) -> String {
    let parts: Vec<&str> = text.split('`').collect();
    let paired = parts.len() % 2 == 1;
    let mut out = String::new();
    for (at, part) in parts.iter().enumerate() {
        let last = at + 1 == parts.len();
        match (at % 2 == 1, last && !paired) {
            (true, false) => {
                let _ = write!(out, "<code>{}</code>", escape(part));
            }
            (_, true) => {
                let _ = write!(out, "`{}", escape(part));
            }
            (false, false) => out.push_str(&escape(part)),
        }
    }
    out
}

/// The comment as HTML, its headings as `<h3>` and `<h4>`. Lines may still begin with `//!`.
pub fn html(text: &str) -> String {
    let bare: Vec<&str> = text
        .lines()
        .map(|line| {
            let rest = line.strip_prefix("//!");
            rest.map_or(line, |rest| rest.strip_prefix(' ').unwrap_or(rest))
        })
        .collect();
    let bare = bare.join("\n");
    let mut out = String::new();
    for block in blocks(&bare) {
        let _ = match block {
            Block::Heading(text, false) => write!(out, "<h3>{}</h3>", inline(&text)),
            Block::Heading(text, true) => write!(out, "<h4>{}</h4>", inline(&text)),
            Block::Paragraph(text) => write!(out, "<p>{}</p>", inline(&text)),
            Block::List(items, numbered) => {
                let tag = if numbered { "ol" } else { "ul" };
                let items: Vec<String> = items.iter().map(|text| inline(text)).collect();
                write!(out, "<{tag}><li>{}</li></{tag}>", items.join("</li><li>"))
            }
        };
    }
    out
}

#[cfg(test)]
mod tests {
    use super::html;

    #[test]
    fn comments_become_headings_paragraphs_and_lists() {
        for (text, expected) in [
            (
                "//! Cycling of cells.\n//!\n//! # What it measures\n//! `echem.x`: the charge\n//! in Ah.",
                "<p>Cycling of cells.</p><h3>What it measures</h3><p><code>echem.x</code>: the charge in Ah.</p>",
            ),
            (
                "1. First\n   goes on.\n2. Second.\n\nAfter.",
                "<ol><li>First goes on.</li><li>Second.</li></ol><p>After.</p>",
            ),
            ("- a\n- b <script>", "<ul><li>a</li><li>b &lt;script&gt;</li></ul>"),
            ("a `b", "<p>a `b</p>"),
            ("`<i>` & more", "<p><code>&lt;i&gt;</code> &amp; more</p>"),
            (
                "In 1998\n1. is text of the line before",
                "<p>In 1998 1. is text of the line before</p>",
            ),
            ("# High\n## Deep", "<h3>High</h3><h4>Deep</h4>"),
            ("", ""),
        ] {
            assert_eq!(html(text), expected);
        }
    }
}
