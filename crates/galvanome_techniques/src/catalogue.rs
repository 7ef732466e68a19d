//! The shipped catalogue, put together from `observables.toml` and every folder's `technique.toml`.

use std::sync::OnceLock;

use galvanome_model::catalogue::{Catalogue, Observable, Technique};
use serde::Deserialize;

/// Path in this crate and text of every `technique.toml`, by path.
const TECHNIQUE_FILES: &[(&str, &str)] = include!(concat!(env!("OUT_DIR"), "/technique_files.rs"));

const OBSERVABLES: (&str, &str) = ("src/observables.toml", include_str!("observables.toml"));

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Observables {
    observables: Vec<Observable>,
}

/// Technique and module comment of every analysis, by technique.
const MANUAL_PAGES: &[(&str, &str)] = include!(concat!(env!("OUT_DIR"), "/manual_pages.rs"));

/// The manual's page of a technique's analysis, with `#` headings; none when it has no analysis.
pub fn manual(technique: &str) -> Option<&'static str> {
    MANUAL_PAGES.iter().find(|(id, _)| *id == technique).map(|(_, page)| *page)
}

/// The shipped catalogue: the eight observables, and the techniques in the order of the paper's rows
/// (techniques that the paper does not have follow, by id). Read once, then shared.
///
/// A file that cannot be read is left out and is among [`unreadable_files`]; a test holds that there is none.
pub fn catalogue() -> &'static Catalogue {
    &shipped().0
}

/// The catalogue files that could not be read, each with its path and what is wrong, where. Empty in every
/// build that passed its tests.
pub fn unreadable_files() -> &'static [String] {
    &shipped().1
}

fn shipped() -> &'static (Catalogue, Vec<String>) {
    static SHIPPED: OnceLock<(Catalogue, Vec<String>)> = OnceLock::new();
    SHIPPED.get_or_init(|| put_together(OBSERVABLES, TECHNIQUE_FILES))
}

fn put_together((path, text): (&str, &str), files: &[(&str, &str)]) -> (Catalogue, Vec<String>) {
    let mut catalogue = Catalogue::default();
    let mut unreadable = Vec::new();
    match toml::from_str::<Observables>(text) {
        Ok(read) => catalogue.observables = read.observables,
        Err(error) => unreadable.push(format!("{path}: {error}")),
    }
    for (path, text) in files {
        match toml::from_str::<Technique>(text) {
            Ok(technique) => catalogue.techniques.push(technique),
            Err(error) => unreadable.push(format!("{path}: {error}")),
        }
    }
    catalogue.techniques.sort_by(|a, b| {
        (a.row.unwrap_or(u32::MAX), &a.id).cmp(&(b.row.unwrap_or(u32::MAX), &b.id))
    });
    (catalogue, unreadable)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_broken_file_is_named_and_the_rest_holds() {
        let good = "id = \"b\"\nname = \"B\"\nshort_name = \"B\"\nrow = 2\n";
        let first = good.replace("\"b\"", "\"a\"").replace("row = 2", "row = 1");
        let bad = good.replace("row = 2", "rwo = 2");
        let files = [("b.toml", good), ("bad.toml", bad.as_str()), ("a.toml", first.as_str())];
        let (catalogue, unreadable) = put_together(OBSERVABLES, &files);
        let ids: Vec<_> =
            catalogue.techniques.iter().map(|technique| technique.id.as_str()).collect();
        assert_eq!(ids, ["a", "b"]);
        assert_eq!(unreadable.len(), 1);
        assert!(
            unreadable[0].starts_with("bad.toml: ") && unreadable[0].contains("rwo"),
            "{}",
            unreadable[0]
        );
    }
}
