//! What an uploaded file is called here.

use galvanome_model::ids::DatasetId;

use crate::{Error, Known};

/// Characters of an id, at most, so that a number still fits behind it.
const LONGEST: usize = 70;

/// A name for the file inside a campaign folder: letters, digits, `-`, `_` and `.`, every other character as `_`.
pub(super) fn file_name(name: &str) -> String {
    let name = name.rsplit(['/', '\\']).next().unwrap_or(name);
    let plain: String = name
        .chars()
        .map(|c| if c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.') { c } else { '_' })
        .collect();
    let plain = plain.trim_start_matches(['.', '-', '_']);
    let cut: String = match plain.char_indices().nth(120) {
        Some(_) => {
            let end = plain.rsplit_once('.').map_or("", |(_, end)| end);
            let end: String = end.chars().take(12).collect();
            format!("{}.{end}", plain.chars().take(100).collect::<String>())
        }
        None => plain.to_owned(),
    };
    if cut.is_empty() { "file".to_owned() } else { cut }
}

/// An id that no dataset of the campaign has: the file's name without its ending, with a number where it is taken.
pub(super) fn dataset_id(known: &Known, name: &str) -> Result<DatasetId, Error> {
    let file = file_name(name);
    let stem = file.rsplit_once('.').map_or(file.as_str(), |(stem, _)| stem);
    let stem: String = stem.chars().take(LONGEST).collect();
    let stem = stem.trim_end_matches(['.', '-', '_']);
    let stem = if stem.is_empty() { "file" } else { stem };
    let taken = |id: &str| known.campaign.datasets.iter().any(|one| one.id.as_str() == id);
    let free = (1_u32..).map(|n| if n == 1 { stem.to_owned() } else { format!("{stem}-{n}") });
    let id = free.take(1_000_000).find(|id| !taken(id)).unwrap_or_default();
    DatasetId::new(&id).map_err(|error| Error::Wrong(error.to_string()))
}

#[cfg(test)]
mod tests {
    use super::file_name;

    #[test]
    fn names_are_safe_and_tell_what_they_were() {
        for (given, expected) in [
            ("cell-1.mpr", "cell-1.mpr"),
            ("Zelle 1 (ä).csv", "Zelle_1____.csv"),
            ("../../etc/passwd", "passwd"),
            (r"C:\data\x.ndax", "x.ndax"),
            (".hidden", "hidden"),
            ("…", "file"),
            ("", "file"),
        ] {
            assert_eq!(file_name(given), expected, "{given}");
        }
        let long = format!("{}.ndax", "a".repeat(200));
        let (stem, end) = file_name(&long)
            .rsplit_once('.')
            .map(|(a, b)| (a.len(), b.to_owned()))
            .unwrap_or_default();
        assert_eq!((stem, end.as_str()), (100, "ndax"));
    }
}
