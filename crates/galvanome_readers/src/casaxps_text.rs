//! Text that CasaXPS exports: spectra with their components and background in columns, and tables of results.
//!
//! Spectra: a line names the spectrum (`Cycle 0:FeO:Fe2p`), one gives photon energy and acquisition time, five describe
//! the components (`Name`, `Position`, `FWHM`, `Area`, `Lineshape`), one names the columns, which are in counts on the
//! kinetic energy, in counts per second on the binding energy, or both. Copies that went through a
//! spreadsheet have commas, and names such as `BE_C 1s 1`. Results: a table with a line for each component or region, and
//! the same numbers in other layouts below, which are kept as metadata.

mod columns;

use galvanome_model::note::Note;

use self::columns::Section;
use crate::electrons::{Entry, SmallTable, Told, number};
use crate::error::{ReadError, Trouble};
use crate::files::Files;
use crate::format::{Confidence, Format};
use crate::limits::Limits;
use crate::sink::Sink;
use crate::text::cells::{Delimiter, texts_of};
use crate::text::lines::Lines;
use crate::text::table::only;

/// The entry of the list of formats.
pub(crate) const FORMAT: Format =
    Format { id: "casaxps-text", name: "CasaXPS text", endings: &["txt", "csv"], claims, read };

/// What a line of settings begins with.
const SETTINGS: &str = "Characteristic Energy eV";

/// Lines in which the first spectrum or table must begin.
const SOON: usize = 20;

/// What a line is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Mark {
    Settings,
    Results,
}

/// What a line is, by its cells, if it is a mark.
fn mark_of<T: AsRef<str>>(cells: &[T]) -> Option<Mark> {
    let has = |word: &str| cells.iter().any(|cell| cell.as_ref().trim() == word);
    if has(SETTINGS) && has("Acquisition Time s") {
        Some(Mark::Settings)
    } else if has("Name") && has("Position") && has("FWHM") && (has("%At Conc") || has("Raw Area"))
    {
        Some(Mark::Results)
    } else {
        None
    }
}

/// What separates the cells of a line that is a mark.
fn delimiter_of(line: &[u8]) -> Option<(Delimiter, Mark)> {
    [b'\t', b',', b';']
        .map(Delimiter::Byte)
        .into_iter()
        .find_map(|delimiter| Some((delimiter, mark_of(&texts_of(line, delimiter))?)))
}

fn claims(files: &Files) -> Confidence {
    let Some(opening) = files.opening() else { return Confidence::No };
    Confidence::certain_if(opening.lines().take(SOON).any(|line| delimiter_of(line).is_some()))
}

fn read(files: &Files, limits: &Limits, sink: &mut dyn Sink) -> Result<(), ReadError> {
    let member = only(files)?;
    let found =
        files.opening().and_then(|opening| opening.lines().take(SOON).find_map(delimiter_of));
    let Some((delimiter, mark)) = found else {
        return Err(ReadError::new(
            Trouble::Damaged,
            "neither a spectrum nor a table of results begins in the first lines",
            "export it from CasaXPS again",
        ));
    };
    let mut lines = Lines::new(member.source.as_ref(), &member.name, limits.max_line_bytes)?;
    match mark {
        Mark::Settings => spectra(&mut lines, delimiter, limits, sink),
        Mark::Results => results(&mut lines, delimiter, limits, sink),
    }
}

/// Reads spectra in columns.
fn spectra(
    lines: &mut Lines<'_>,
    delimiter: Delimiter,
    limits: &Limits,
    sink: &mut dyn Sink,
) -> Result<(), ReadError> {
    let mut told = Told::new(limits);
    let mut section = Section::new(1);
    let mut components = SmallTable::new("casaxps_components")
        .text("spectrum", "")
        .text("name", "Name")
        .number("position", "eV", "Position")
        .number("width", "eV", "FWHM")
        .number("area", "", "Area")
        .text("line_shape", "Lineshape");
    let mut open = None;
    let mut numbers = Vec::new();
    while let Some(line) = lines.next()? {
        let cells = texts_of(line.bytes, delimiter);
        if section.has_names() && section.take(&cells, &mut numbers, limits) {
            open = (!line.ended).then_some(line.number);
            continue;
        }
        if cells.iter().all(|cell| cell.is_empty()) {
            continue;
        }
        if section.has_names() {
            // Whatever is no row begins the next spectrum.
            let number = section.number() + 1;
            let done = std::mem::replace(&mut section, Section::new(number));
            done.components(&mut components);
            done.give(limits, sink)?;
        }
        section.head(&cells, &mut told, sink);
    }
    section.components(&mut components);
    section.give(limits, sink)?;
    components.give(sink)?;
    told.finish(sink);
    if let Some(line) = open {
        let message = "the last line has no line break, so its last number may lack digits";
        sink.note(Note::new("unterminated-last-line", message, format!("line {line}")));
    }
    Ok(())
}

/// Reads a table of results.
fn results(
    lines: &mut Lines<'_>,
    delimiter: Delimiter,
    limits: &Limits,
    sink: &mut dyn Sink,
) -> Result<(), ReadError> {
    let mut told = Told::new(limits);
    let mut tables: Vec<SmallTable> = Vec::new();
    let mut names: Option<Vec<String>> = None;
    let mut open = None;
    while let Some(line) = lines.next()? {
        let mut cells = texts_of(line.bytes, delimiter);
        while cells.last().is_some_and(|cell| cell.trim().is_empty()) {
            cells.pop();
        }
        if cells.is_empty() {
            names = None;
            continue;
        }
        if mark_of(&cells) == Some(Mark::Results) {
            cells.truncate(limits.max_columns);
            let mut table = SmallTable::new("casaxps_results");
            for cell in &cells {
                table = match cell.as_ref() {
                    "Name" | "Sample Identifier" => table.text(cell, cell),
                    "Position" | "FWHM" => table.number(cell, "eV", cell),
                    _ => table.number(cell, "", cell),
                };
            }
            tables.push(table);
            names = Some(cells.iter().map(ToString::to_string).collect());
            continue;
        }
        if let (Some(names), Some(table)) = (&names, tables.last_mut())
            && cells.len() * 2 > names.len()
        {
            table.row(names.iter().enumerate().map(|(place, name)| {
                let cell = cells.get(place).map_or("", AsRef::as_ref);
                match name.as_str() {
                    "Name" | "Sample Identifier" => Entry::from(cell),
                    _ => Entry::from(number(cell)),
                }
            }));
            open = (!line.ended).then_some(line.number);
            continue;
        }
        let (key, rest) = cells.split_first().map_or(("", &[][..]), |(key, rest)| (key, rest));
        let rest: Vec<&str> = rest.iter().map(AsRef::as_ref).collect();
        let value = rest.join("\t");
        if value.is_empty() {
            told.tell("", key, sink);
        } else {
            told.tell(key, &value, sink);
        }
    }
    for table in tables {
        table.give(sink)?;
    }
    told.finish(sink);
    if let Some(line) = open {
        let message = "the last line has no line break, so its last number may lack digits";
        sink.note(Note::new("unterminated-last-line", message, format!("line {line}")));
    }
    Ok(())
}
