//! Which files are which specimen.

use std::path::{Path, PathBuf};

use crate::Error;

/// Files of one specimen.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Specimen {
    /// What it is called: the label that was given, otherwise its file.
    pub label: String,
    /// Whether the label was given.
    pub labelled: bool,
    /// Its files, in the order given.
    pub files: Vec<PathBuf>,
}

/// Reads `[LABEL=]FILE` for each file: files that share a label are one specimen, a file without one is a specimen of
/// its own. Where a file of the whole name exists, its `=` is part of the name. Errors for an empty label or file name.
pub fn specimens(given: &[String]) -> Result<Vec<Specimen>, Error> {
    let mut all: Vec<Specimen> = Vec::new();
    for text in given {
        let (label, file) = match text.split_once('=') {
            Some(parts) if !Path::new(text).exists() => parts,
            _ => {
                let (label, files) = (text.clone(), vec![PathBuf::from(text)]);
                all.push(Specimen { label, labelled: false, files });
                continue;
            }
        };
        if label.is_empty() || file.is_empty() {
            return Err(Error::Wrong(format!(
                "`{text}` lacks a {}; write it as LABEL=FILE, or the file alone",
                if label.is_empty() { "label" } else { "file" }
            )));
        }
        let file = PathBuf::from(file);
        if let Some(known) = all.iter_mut().find(|one| one.labelled && one.label == label) {
            known.files.push(file);
        } else {
            all.push(Specimen { label: label.to_owned(), labelled: true, files: vec![file] });
        }
    }
    Ok(all)
}

/// Whether the sides are the same specimens: every label stands on both. Errors when only some do, since then
/// neither pairs nor independent specimens are compared.
pub(super) fn paired(reference: &[Specimen], test: &[Specimen]) -> Result<bool, Error> {
    let on = |side: &[Specimen], one: &Specimen| {
        one.labelled && side.iter().any(|other| other.labelled && other.label == one.label)
    };
    let both: Vec<&str> =
        reference.iter().filter(|one| on(test, one)).map(|one| one.label.as_str()).collect();
    if both.is_empty() {
        return Ok(false);
    }
    let mut alone = reference.iter().filter(|one| !on(test, one));
    let mut alone_in_test = test.iter().filter(|one| !on(reference, one));
    match alone.next().or_else(|| alone_in_test.next()) {
        None => Ok(true),
        Some(one) => Err(Error::Wrong(format!(
            "{} on both sides, {} on one only: specimens that are compared with themselves, before and after, need every label on both sides; otherwise call different specimens by different labels",
            both.join(", "),
            one.label
        ))),
    }
}
