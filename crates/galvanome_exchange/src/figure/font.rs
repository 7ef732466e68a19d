//! The typeface of figures, DejaVu Sans, embedded by the build: widths of texts, line breaks, and the small
//! subset of it that an SVG carries along. Fonts of the system are never read.

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::sync::{Arc, OnceLock};

use subsetter::GlyphRemapper;
use ttf_parser::Face;
use usvg::fontdb;

use super::sfnt;

/// The family's name, as figures ask for it.
pub(super) const FAMILY: &str = "DejaVu Sans";

const REGULAR: &[u8] = include_bytes!(concat!(env!("OUT_DIR"), "/DejaVuSans.ttf"));
const BOLD: &[u8] = include_bytes!(concat!(env!("OUT_DIR"), "/DejaVuSans-Bold.ttf"));

/// A face of the family.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Weight {
    Regular,
    Bold,
}

impl Weight {
    const fn bytes(self) -> &'static [u8] {
        match self {
            Self::Regular => REGULAR,
            Self::Bold => BOLD,
        }
    }

    fn face(self) -> Option<&'static Face<'static>> {
        static FACES: OnceLock<[Option<Face<'static>>; 2]> = OnceLock::new();
        let faces = FACES.get_or_init(|| [REGULAR, BOLD].map(|bytes| Face::parse(bytes, 0).ok()));
        match self {
            Self::Regular => faces[0].as_ref(),
            Self::Bold => faces[1].as_ref(),
        }
    }
}

/// Width of a text in the unit of `size`, without kerning (which only makes it narrower). A character that the
/// face does not have counts as a full em.
pub(super) fn width(text: &str, size: f64, weight: Weight) -> f64 {
    let Some(face) = weight.face() else { return text.chars().count() as f64 * size };
    let em = f64::from(face.units_per_em());
    let units: f64 = text
        .chars()
        .map(|character| {
            face.glyph_index(character)
                .and_then(|glyph| face.glyph_hor_advance(glyph))
                .map_or(em, f64::from)
        })
        .sum();
    units / em * size
}

/// Breaks a text into at most `lines` lines no wider than `max`; a word that is too long is broken, and what
/// does not fit ends in an ellipsis. An empty text has no line.
pub(super) fn wrap(text: &str, size: f64, weight: Weight, max: f64, lines: usize) -> Vec<String> {
    let fits = |line: &str| width(line, size, weight) <= max;
    let mut wrapped: Vec<String> = Vec::new();
    let mut line = String::new();
    for word in text.split_whitespace() {
        let longer = if line.is_empty() { word.to_owned() } else { format!("{line} {word}") };
        if fits(&longer) {
            line = longer;
            continue;
        }
        if !line.is_empty() {
            wrapped.push(std::mem::take(&mut line));
        }
        for character in word.chars() {
            line.push(character);
            if line.chars().count() > 1 && !fits(&line) {
                line.pop();
                wrapped.push(std::mem::replace(&mut line, character.to_string()));
            }
        }
    }
    if !line.is_empty() {
        wrapped.push(line);
    }
    if wrapped.len() > lines {
        wrapped.truncate(lines);
        if let Some(last) = wrapped.last_mut() {
            while !last.is_empty() && !fits(&format!("{last}…")) {
                last.pop();
            }
            *last = format!("{}…", last.trim_end());
        }
    }
    wrapped
}

/// The two faces as a database for usvg, with nothing else in it.
pub(super) fn database() -> Arc<fontdb::Database> {
    static DATABASE: OnceLock<Arc<fontdb::Database>> = OnceLock::new();
    let database = DATABASE.get_or_init(|| {
        let mut database = fontdb::Database::new();
        for bytes in [REGULAR, BOLD] {
            database.load_font_source(fontdb::Source::Binary(Arc::new(bytes)));
        }
        Arc::new(database)
    });
    Arc::clone(database)
}

/// The `@font-face` rules of an SVG that holds these characters: each face cut down to them, inside the file.
/// A face that cannot be cut is left out, and the reader's own DejaVu Sans or sans-serif stands in.
pub(super) fn face_rules(regular: &BTreeSet<char>, bold: &BTreeSet<char>) -> String {
    let mut rules = String::new();
    for (weight, css, characters) in
        [(Weight::Regular, "400", regular), (Weight::Bold, "700", bold)]
    {
        if let Some(subset) = subset(weight, characters) {
            let _ = write!(
                rules,
                "@font-face{{font-family:\"{FAMILY}\";font-weight:{css};src:url(data:font/ttf;base64,{})}}",
                base64(&subset)
            );
        }
    }
    rules
}

fn subset(weight: Weight, characters: &BTreeSet<char>) -> Option<Vec<u8>> {
    if characters.is_empty() {
        return None;
    }
    let face = weight.face()?;
    let mut remapper = GlyphRemapper::new();
    let mut map = Vec::new();
    for &character in characters {
        if let Some(glyph) = face.glyph_index(character) {
            map.push((character, remapper.remap(glyph.0)));
        }
    }
    let cut = subsetter::subset(weight.bytes(), 0, &remapper).ok()?;
    let os2 = face.raw_face().table(ttf_parser::Tag::from_bytes(b"OS/2"))?;
    sfnt::complete(&cut, &map, os2)
}

fn base64(bytes: &[u8]) -> String {
    const DIGITS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut text = String::with_capacity(bytes.len().div_ceil(3) * 4);
    for three in bytes.chunks(3) {
        let bits = three.iter().fold(0_u32, |bits, byte| bits << 8 | u32::from(*byte))
            << (8 * (3 - three.len()));
        for digit in 0..4 {
            let value = (bits >> (18 - 6 * digit) & 63) as usize;
            text.push(if digit <= three.len() { DIGITS[value] as char } else { '=' });
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn base64_is_that_of_rfc_4648() {
        for (bytes, text) in [
            ("", ""),
            ("f", "Zg=="),
            ("fo", "Zm8="),
            ("foo", "Zm9v"),
            ("foob", "Zm9vYg=="),
            ("fooba", "Zm9vYmE="),
            ("foobar", "Zm9vYmFy"),
        ] {
            assert_eq!(base64(bytes.as_bytes()), text);
        }
    }

    #[test]
    fn lines_hold_the_width_they_are_given() {
        for (text, max, lines) in [
            ("Lithium distribution", 60.0, 3),
            ("Supercalifragilisticexpialidocious", 50.0, 9),
            ("a b c d e f g h i j", 12.0, 2),
            ("", 10.0, 3),
            ("w", 0.0, 1),
        ] {
            let wrapped = wrap(text, 12.0, Weight::Regular, max, lines);
            assert!(wrapped.len() <= lines, "{text}: {wrapped:?}");
            for line in wrapped.iter().filter(|line| line.chars().count() > 1) {
                assert!(width(line, 12.0, Weight::Regular) <= max, "{text}: {line}");
            }
        }
    }

    #[test]
    fn a_subset_can_be_read_and_keeps_its_characters() {
        let cut = subset(Weight::Bold, &"Ageing δ é".chars().collect()).unwrap();
        let face = Face::parse(&cut, 0).unwrap();
        let whole = Weight::Bold.face().unwrap();
        for character in "Ageing δ é".chars() {
            let advance = |face: &Face| {
                face.glyph_index(character).and_then(|glyph| face.glyph_hor_advance(glyph))
            };
            assert_eq!(advance(&face), advance(whole), "{character}");
        }
        assert_eq!(face.glyph_index('Z'), None);
        assert!(cut.len() < 30_000, "{} bytes", cut.len());
    }
}
