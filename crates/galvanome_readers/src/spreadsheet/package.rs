//! The parts of a workbook: which sheets it has, in their order, and where their shared texts and styles are.
//!
//! Source: ECMA-376 part 2 (relationships) and part 1, 18.2 (workbook), in the transitional and the strict form. What
//! names the parts may be lost with the end of a file that was cut off: then sheets are found by their usual names.

use std::io;
use std::sync::{Arc, Mutex};

use super::strings::Strings;
use super::styles::{self, Shown};
use crate::archive::{Archive, Entry};
use crate::files::Files;
use crate::xml::{Token, Xml, attribute};

/// Sheets that are looked at; cyclers write a few dozen at most.
const SHEETS_MAX: usize = 1024;

/// A workbook.
pub(crate) struct Book {
    /// The zip that it is.
    pub(super) archive: Archive,
    /// Its sheets of cells, in its order.
    pub(crate) sheets: Vec<Sheet>,
    pub(super) strings: Mutex<Strings>,
    /// How cell formats show numbers.
    pub(super) styles: Vec<Shown>,
    /// Whether days are counted from 1904.
    pub(super) from_1904: bool,
}

/// A sheet.
#[derive(Debug, Clone)]
pub(crate) struct Sheet {
    /// Its name as people see it.
    pub(crate) name: String,
    pub(super) entry: Entry,
}

/// A relationship: its id, the last word of its kind, and the part that it leads to.
struct Relation {
    id: String,
    kind: String,
    part: String,
}

impl Book {
    /// The workbook that a file is, if it is one. Errors when the source cannot be read.
    pub(crate) fn open(files: &Files) -> io::Result<Option<Arc<Self>>> {
        let Some(archive) = Archive::open(files)? else { return Ok(None) };
        let of_workbook = |entry: &Entry| {
            let name = entry.name.trim_start_matches('/').to_ascii_lowercase();
            name.starts_with("xl/") || name == "workbook.xml"
        };
        let first = archive.entries.first();
        // A file that was cut off early may have kept no more than the list of its parts.
        let cut = !archive.whole && first.is_some_and(|entry| entry.name == "[Content_Types].xml");
        let may_be = cut && archive.entries.len() < 3;
        if !may_be && !archive.entries.iter().any(of_workbook) {
            return Ok(None);
        }
        let main = relations(&archive, "_rels/.rels", "")?
            .into_iter()
            .find(|relation| relation.kind == "officeDocument")
            .map_or_else(|| "xl/workbook.xml".to_owned(), |relation| relation.part);
        let (folder, file) = main.rsplit_once('/').unwrap_or(("", &main));
        let dash = if folder.is_empty() { "" } else { "/" };
        let relations = relations(&archive, &format!("{folder}{dash}_rels/{file}.rels"), folder)?;
        let (named, from_1904) = sheets(&archive, &main)?;
        let of_kind = |kind: &str, usual: &str| {
            let part = relations.iter().find(|relation| relation.kind == kind);
            part.and_then(|relation| entry(&archive, &relation.part))
                .or_else(|| archive.entry(usual))
                .cloned()
        };
        let styles = match of_kind("styles", "styles.xml") {
            Some(entry) => styles::read(&mut Xml::new(archive.unpack(&entry)?))?,
            None => Vec::new(),
        };
        let strings = match of_kind("sharedStrings", "sharedStrings.xml") {
            Some(entry) => Strings::new(Xml::new(archive.unpack(&entry)?)),
            None => Strings::default(),
        };
        let sheets = placed(&archive, &named, &relations);
        let strings = Mutex::new(strings);
        Ok(Some(Arc::new(Self { archive, sheets, strings, styles, from_1904 })))
    }
}

/// The member of a name, in letters of either case, unless it leads out of the zip.
fn entry<'a>(archive: &'a Archive, name: &str) -> Option<&'a Entry> {
    archive.entries.iter().find(|entry| {
        entry.name.trim_start_matches('/').eq_ignore_ascii_case(name) && !entry.climbs()
    })
}

/// The relationships in a part, whose relative names begin in `folder`.
fn relations(archive: &Archive, part: &str, folder: &str) -> io::Result<Vec<Relation>> {
    let mut relations = Vec::new();
    let Some(entry) = entry(archive, part) else { return Ok(relations) };
    let mut xml = Xml::new(archive.unpack(entry)?);
    while let Some(token) = xml.next()? {
        let Token::Open { name: b"Relationship", attributes, .. } = token else { continue };
        let of = |name| attribute(attributes, name).unwrap_or_default();
        let kind = of("Type");
        let kind = kind.rsplit('/').next().unwrap_or_default().to_owned();
        relations.push(Relation { id: of("Id"), kind, part: resolved(folder, &of("Target")) });
        if relations.len() >= SHEETS_MAX {
            break;
        }
    }
    Ok(relations)
}

/// The name of a part from a name relative to a folder. It is only ever looked up among the members of the zip.
fn resolved(folder: &str, target: &str) -> String {
    let mut parts: Vec<&str> = match target.strip_prefix('/') {
        Some(_) => Vec::new(),
        None => folder.split('/').filter(|part| !part.is_empty()).collect(),
    };
    for part in target.split(['/', '\\']) {
        match part {
            "" | "." => {}
            ".." => drop(parts.pop()),
            other => parts.push(other),
        }
    }
    parts.join("/")
}

/// Names and relationships of sheets, and whether days are counted from 1904.
fn sheets(archive: &Archive, part: &str) -> io::Result<(Vec<(String, String)>, bool)> {
    let (mut sheets, mut from_1904) = (Vec::new(), false);
    let Some(entry) = entry(archive, part) else { return Ok((sheets, from_1904)) };
    let mut xml = Xml::new(archive.unpack(entry)?);
    while let Some(token) = xml.next()? {
        let Token::Open { name, attributes, .. } = token else { continue };
        let of = |name| attribute(attributes, name);
        match name {
            b"workbookPr" => {
                from_1904 = of("date1904").is_some_and(|value| value == "1" || value == "true");
            }
            b"sheet" if sheets.len() < SHEETS_MAX => {
                sheets.push((of("name").unwrap_or_default(), of("id").unwrap_or_default()));
            }
            _ => {}
        }
    }
    Ok((sheets, from_1904))
}

/// The sheets with the members that hold them.
fn placed(archive: &Archive, named: &[(String, String)], relations: &[Relation]) -> Vec<Sheet> {
    let mut sheets = Vec::new();
    for (name, id) in named {
        let relation = relations.iter().find(|relation| relation.id == *id);
        let entry = relation
            .filter(|relation| relation.kind == "worksheet")
            .and_then(|relation| entry(archive, &relation.part));
        sheets.extend(entry.map(|entry| Sheet { name: name.clone(), entry: entry.clone() }));
    }
    if !sheets.is_empty() {
        return sheets;
    }
    // By their usual names, `xl/worksheets/sheet2.xml`.
    let mut found: Vec<(u32, &Entry)> = archive
        .entries
        .iter()
        .filter(|entry| entry.name.contains("worksheets/") && entry.has_ending("xml"))
        .filter(|entry| !entry.climbs())
        .map(|entry| {
            let digits: String = entry.file_name().chars().filter(char::is_ascii_digit).collect();
            (digits.parse().unwrap_or(u32::MAX), entry)
        })
        .collect();
    found.sort_by_key(|(number, _)| *number);
    let names_fit = named.len() == found.len();
    let name_of = |at: usize, entry: &Entry| match named.get(at).filter(|_| names_fit) {
        Some((name, _)) => name.clone(),
        None => entry.file_name().trim_end_matches(".xml").to_owned(),
    };
    let sheet = |(at, (_, entry)): (usize, &(u32, &Entry))| Sheet {
        name: name_of(at, entry),
        entry: (*entry).clone(),
    };
    found.iter().enumerate().take(SHEETS_MAX).map(sheet).collect()
}
