//! `metadata/*.json` and `protocols/`: kept verbatim.

use std::collections::BTreeMap;

use galvanome_model::campaign::Document;

use super::problem::Problems;
use super::{path, table};

const METADATA: &str = "metadata/";
const PROTOCOLS: &str = "protocols/";

/// Whether a path is that of a metadata form or a protocol.
pub(super) fn is_document(path: &str) -> bool {
    path.starts_with(METADATA) || path.starts_with(PROTOCOLS)
}

pub(super) fn read(files: &BTreeMap<String, Vec<u8>>, problems: &mut Problems) -> Vec<Document> {
    let mut documents = Vec::new();
    for (path, bytes) in files.iter().filter(|(path, _)| is_document(path)) {
        if path.starts_with(METADATA) {
            check_form(path, bytes, problems);
        }
        documents.push(Document { path: path.clone(), bytes: bytes.clone() });
    }
    documents
}

/// A metadata form is kept as it is, but a program must be able to read it later.
fn check_form(path: &str, bytes: &[u8], problems: &mut Problems) {
    if !path::ends(path, "json") {
        let hint = "a metadata form is a .json file; other documents lie in protocols/".to_owned();
        problems.of_file(path, "is not a .json file", Some(hint));
        return;
    }
    let Some(text) = table::text_of(path, bytes, problems) else { return };
    if let Err(error) = serde_json::from_str::<serde::de::IgnoredAny>(text) {
        let line = u32::try_from(error.line()).ok().filter(|line| *line > 0);
        problems.of_line(path, line, None, format!("is not JSON: {error}"), None);
    }
}
