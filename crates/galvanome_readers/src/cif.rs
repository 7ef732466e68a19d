//! Crystallographic information files (`.cif`): structures, and powder patterns where they hold one.
//!
//! Read by the grammar of CIF 1.1 (Hall, Allen, Brown, Acta Cryst. A47 (1991) 655; International Tables G, chapter 2.2): data
//! blocks, tags with values, loops, quotes, text between semicolons. Names of the core and powder dictionaries are known in
//! their old form and in the one with a point (`_cell.length_a`). Each block gives tables: `cell`, `atoms`, `symmetry`, and one
//! for every other loop; single values are metadata. Loops of a powder pattern become signals.

mod block;
mod number;
mod powder;
mod tables;
mod tokens;

use galvanome_model::note::Note;

use self::block::{Block, Blocks};
use self::tokens::Lexer;
use crate::error::{ReadError, Trouble};
use crate::files::Files;
use crate::format::{Confidence, Format};
use crate::limits::Limits;
use crate::sink::Sink;
use crate::text::cells::decode;
use crate::text::lines::Lines;

/// The entry of the list of formats.
pub(crate) const FORMAT: Format = Format {
    id: "cif",
    name: "crystallographic information file",
    endings: &["cif", "pdcif"],
    claims,
    read,
};

/// How tags begin that only crystallographers use; other files of the same grammar have others.
const TAGS: [&[u8]; 10] = [
    b"_cell",
    b"_atom_site",
    b"_symmetry",
    b"_space_group",
    b"_pd_",
    b"_chemical_",
    b"_audit_",
    b"_journal_",
    b"_diffrn",
    b"_refln",
];

fn claims(files: &Files) -> Confidence {
    let Some(opening) = files.opening() else { return Confidence::No };
    let mut lines = opening.lines().map(<[u8]>::trim_ascii);
    let mut begun = false;
    let known = lines.find_map(|line| {
        if line.starts_with(b"#\\#CIF") {
            return Some(true);
        }
        let lower = line.get(..line.len().min(12)).unwrap_or_default().to_ascii_lowercase();
        if begun {
            TAGS.iter().any(|tag| lower.starts_with(tag)).then_some(true)
        } else if lower.starts_with(b"data_") {
            begun = true;
            None
        } else {
            // Only comments stand before the first block.
            (!line.is_empty() && !line.starts_with(b"#")).then_some(false)
        }
    });
    Confidence::certain_if(known == Some(true))
}

fn read(files: &Files, limits: &Limits, sink: &mut dyn Sink) -> Result<(), ReadError> {
    let none = || {
        ReadError::new(
            Trouble::Damaged,
            "there is no data block in it: no line begins with data_",
            "fetch the file again from where it was published",
        )
    };
    let Some(member) = files.only() else { return Err(none()) };
    let mut lines = Lines::new(member.source.as_ref(), &member.name, limits.max_line_bytes)?;
    let (mut lexer, mut blocks) = (Lexer::new(limits.max_text_bytes), Blocks::new(limits));
    let mut open_end = None;
    while let Some(line) = lines.next()? {
        open_end = (!line.ended).then_some(line.number);
        lexer.line(&decode(line.bytes), &mut |token| blocks.take(&token));
    }
    let in_text = lexer.is_open();
    let lost = blocks.finish();
    if blocks.all.is_empty() {
        return Err(none().in_file(&member.name));
    }
    let several = blocks.all.len() > 1;
    for block in &blocks.all {
        give(block, several, sink, limits)?;
    }
    let mut note = |code: &str, message: &str, place: String| {
        sink.note(Note::new(code, message, place));
    };
    if in_text || lost.cut {
        note(
            "truncated-file",
            "the file stops within a text, a row or an entry; what is whole was read. Fetch it again",
            String::new(),
        );
    } else if let Some(line) = open_end {
        note(
            "unterminated-last-line",
            "the last line has no line break at its end; if the file was cut off, its last value may miss characters",
            format!("line {line}"),
        );
    }
    if lost.rows > 0 {
        let message =
            format!("{} loops have a last row that is not whole; it was left out", lost.rows);
        note("row-count", &message, String::new());
    }
    if lost.stray > 0 {
        let message =
            format!("{} values or names stand where none belong; they were left out", lost.stray);
        note("unreadable-metadata", &message, String::new());
    }
    if lost.beyond > 0 || lexer.shortened > 0 {
        let message = format!(
            "{} values are beyond the limits and were left out, {} texts were cut to the longest allowed",
            lost.beyond, lexer.shortened
        );
        note("limit-reached", &message, String::new());
    }
    Ok(())
}

/// Gives what is in a block. Errors when the sink cannot keep it.
fn give(
    block: &Block,
    several: bool,
    sink: &mut dyn Sink,
    limits: &Limits,
) -> Result<(), ReadError> {
    for (tag, value) in &block.items {
        if several {
            sink.metadata(&format!("{}: {tag}", block.name), value);
        } else {
            sink.metadata(tag, value);
        }
    }
    powder::tell(block, sink);
    tables::give(block, several, sink, limits)?;
    for found in block.loops.iter().filter(|found| powder::is_pattern(block, found)) {
        let message = "powder patterns in such files were written by our tests only: compare it with the program's own";
        sink.note(Note::new("unverified-format", message, format!("block {}", block.name)));
        powder::give(block, found, sink);
    }
    Ok(())
}
