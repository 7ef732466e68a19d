//! Groups of samples: each has one hue and one marker wherever it appears in a campaign, by its place in the
//! campaign's own order.

use galvanome_model::campaign::Definition;
use galvanome_model::ids::GroupId;

/// Markers as `<path>` or `<circle>` elements about their origin, 10 pixels wide; stroked or filled.
const MARKERS: [(&str, bool); 6] = [
    (r#"d="M-4-4L4 4M4-4L-4 4""#, false),
    (r#"d="M-4.5-4.5H4.5V4.5H-4.5Z""#, true),
    (r#"d="M4.2 0A4.2 4.2 0 1 1-4.2 0A4.2 4.2 0 1 1 4.2 0Z""#, false),
    (r#"d="M0-5.4L5.2 3.8H-5.2Z""#, true),
    (r#"d="M0-5.4L5.4 0L0 5.4L-5.4 0Z""#, false),
    (r#"d="M0-5V5M-5 0H5""#, false),
];

/// How a group is drawn and called.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GroupStyle {
    /// Its name.
    pub name: String,
    /// Class of its hue, `g1` to `g6`; `g0` for a group that the campaign does not have.
    pub class: &'static str,
    /// Its marker: an element about its origin, 10 pixels wide.
    pub marker: String,
}

/// The style of a group.
pub fn style(definition: &Definition, id: &GroupId) -> GroupStyle {
    const CLASSES: [&str; 6] = ["g1", "g2", "g3", "g4", "g5", "g6"];
    let at = definition.groups.iter().position(|group| group.id == *id);
    let class = at.and_then(|at| CLASSES.get(at % CLASSES.len())).copied().unwrap_or("g0");
    let (shape, filled) =
        at.and_then(|at| MARKERS.get(at % MARKERS.len())).copied().unwrap_or(MARKERS[0]);
    GroupStyle {
        name: name(definition, id),
        class,
        marker: format!(r#"<path class="{class} {}" {shape}/>"#, if filled { "gf" } else { "gs" }),
    }
}

/// The name of a group, or its id where the campaign does not have it.
pub fn name(definition: &Definition, id: &GroupId) -> String {
    definition.group(id).map_or_else(|| id.to_string(), |group| group.name.clone())
}

/// A name inside a sentence: its first letter small, unless it begins with an abbreviation or a symbol.
pub fn in_sentence(name: &str) -> String {
    // Words of two letters that are no symbols of elements here.
    const SHORT: [&str; 15] =
        ["An", "As", "At", "By", "If", "In", "Is", "It", "Its", "No", "Of", "On", "Or", "To", "We"];
    let word = name.split_whitespace().next().unwrap_or_default();
    let word = word.trim_end_matches([',', ';', ':', '.']);
    let is_word = match word.chars().count() {
        0 => false,
        1 => word == "A",
        2 => SHORT.contains(&word),
        _ => {
            let mut letters = word.chars();
            letters.next().is_some_and(char::is_uppercase)
                && letters.next().is_some_and(char::is_lowercase)
                && letters.all(|c| c.is_lowercase() || matches!(c, '-' | '\'' | '’'))
        }
    };
    let mut letters = name.chars();
    match letters.next() {
        Some(first) if is_word => first.to_lowercase().chain(letters).collect(),
        _ => name.to_owned(),
    }
}

/// Several groups in a sentence: `aged with LiTDI and aged without LiTDI`.
pub fn names_in_sentence(definition: &Definition, ids: &[GroupId]) -> String {
    let names: Vec<String> = ids.iter().map(|id| in_sentence(&name(definition, id))).collect();
    super::words::list(&names.iter().map(String::as_str).collect::<Vec<_>>())
}

/// The same with its first letter large.
pub fn capitalised(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}

/// A count in letters up to twelve: `no`, `one`, `two`.
pub fn count_word(count: usize) -> String {
    const WORDS: [&str; 13] = [
        "no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten",
        "eleven", "twelve",
    ];
    WORDS.get(count).map_or_else(|| count.to_string(), |word| (*word).to_owned())
}

#[cfg(test)]
mod tests {
    use super::in_sentence;

    #[test]
    fn names_fit_into_sentences() {
        for (name, expected) in [
            ("Aged with LiTDI", "aged with LiTDI"),
            ("NMC", "NMC"),
            ("7Li shift", "7Li shift"),
            ("Pristine", "pristine"),
            ("", ""),
            ("A lamella", "a lamella"),
            ("In three dimensions", "in three dimensions"),
            ("Ni-O distance", "Ni-O distance"),
            ("Li2CO3 decomposes", "Li2CO3 decomposes"),
            ("Li only", "Li only"),
            ("X-ray", "X-ray"),
            ("Two-phase mix", "two-phase mix"),
        ] {
            assert_eq!(in_sentence(name), expected);
        }
    }
}
