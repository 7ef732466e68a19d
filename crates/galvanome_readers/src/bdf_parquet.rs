//! Battery Data Format as Parquet, and any other flat table in Parquet.
//!
//! Columns are known by the names of the Battery Data Format, machine names and labels alike; others keep their
//! own. Instants become seconds since 1970, truths 0 and 1. A damaged page costs the values in it, which count as
//! missing; without the end of the file, which names the columns, those that can be told by their pages are given without
//! names ([`lost`]).
//!
//! The pages are decoded here and not by a crate, because those at hand take memory by numbers that stand in the
//! file, and some stop the program on damaged pages. Source: Apache Parquet format 2.11.

mod bits;
mod described;
mod footer;
mod kinds;
mod lost;
mod meaning;
mod pages;
mod plan;
mod rows;
mod schema;
mod stream;
mod thrift;
mod values;

use galvanome_model::note::Note;

use self::footer::{Footer, MARK, Missing};
use self::lost::{Pages, Told};
use self::plan::plans_of;
use self::rows::read_rows;
use crate::carried::{Carried, KEY};
use crate::error::{ReadError, Trouble};
use crate::files::Files;
use crate::format::{Confidence, Format};
use crate::limits::Limits;
use crate::sink::Sink;
use crate::source::{Source, head_of};

/// The entry of the list of formats.
pub(crate) const FORMAT: Format = Format {
    id: "bdf-parquet",
    name: "Battery Data Format, Parquet",
    endings: &["bdf.parquet", "parquet"],
    claims,
    read,
};

fn claims(files: &Files) -> Confidence {
    let head = files.only().and_then(|member| head_of(member.source.as_ref(), MARK.len()).ok());
    if head.is_some_and(|head| head == MARK) { Confidence::Certain } else { Confidence::No }
}

fn read(files: &Files, limits: &Limits, sink: &mut dyn Sink) -> Result<(), ReadError> {
    let Some(member) = files.only().filter(|_| claims(files) == Confidence::Certain) else {
        return Err(ReadError::new(
            Trouble::Damaged,
            "this is not one Parquet file",
            "give a single file that begins with `PAR1`",
        ));
    };
    let source = member.source.as_ref();
    let footer = match Footer::of(source) {
        Ok(footer) => footer,
        Err(missing) => return read_without_end(source, &member.name, &missing, limits, sink),
    };
    if !footer.whole {
        let message = format!(
            "the end of the file, which says where the values stand, is damaged; what could be read of it led to {} groups of rows",
            footer.groups.len()
        );
        sink.note(Note::new("damaged-footer", message, format!("byte {}", footer.begins)));
    }
    let carried = carried(&footer, limits, sink);
    let plans = plans_of(&footer, carried.as_ref(), limits, sink);
    read_rows(source, &member.name, &footer, carried.as_ref(), &plans, limits, sink)
}

/// Gives what is written beside the columns to the sink, and takes what we wrote there ourselves.
fn carried(footer: &Footer, limits: &Limits, sink: &mut dyn Sink) -> Option<Carried> {
    let ours = footer.metadata.iter().find(|(key, _)| key == KEY);
    let carried = ours.and_then(|(_, value)| Carried::of_json(value));
    if let Some(carried) = &carried {
        if !carried.instrument.is_empty() {
            sink.instrument(&carried.instrument);
        }
        if let Some(start) = carried.started_at.clone() {
            sink.started_at(start);
        }
        for (key, value) in carried.metadata.iter().take(limits.max_metadata) {
            sink.metadata(key, value);
        }
    }
    // The second is a copy of the schema.
    let plumbing = |key: &str| carried.is_some() && key == KEY || key == "ARROW:schema";
    let others = footer.metadata.iter().filter(|(key, _)| !plumbing(key));
    for (key, value) in others.take(limits.max_metadata) {
        sink.metadata(key, value);
    }
    if !footer.created_by.is_empty() && carried.is_none() {
        sink.metadata("created_by", &footer.created_by);
    }
    carried
}

/// Reads what can be told of a file whose end is not there, without the names of its columns. Errors when nothing can.
fn read_without_end(
    source: &dyn Source,
    file: &str,
    missing: &Missing,
    limits: &Limits,
    sink: &mut dyn Sink,
) -> Result<(), ReadError> {
    const NAMES: &str = "which names the columns and says where their values stand";
    let again = "fetch the file again, or write it again from where it came from";
    let (code, what, at, remedy) = match missing {
        Missing::Source(error) => return Err(ReadError::source(file, error)),
        Missing::Encrypted => {
            return Err(ReadError::new(
                Trouble::Unsupported,
                "the file is encrypted",
                "write it again without encryption",
            )
            .in_file(file));
        }
        Missing::Damaged(begins) => {
            ("damaged-footer", format!("the end of the file, {NAMES}, is damaged"), *begins, again)
        }
        Missing::Length(length) => (
            "damaged-footer",
            format!(
                "the end of the file, {NAMES}, says that it is {length} bytes long, which cannot be"
            ),
            source.len().saturating_sub(8),
            again,
        ),
        Missing::Lost => (
            "truncated-file",
            format!("the end of the file, {NAMES}, is missing"),
            source.len(),
            "fetch the file again: it was cut off, or is still being written",
        ),
    };
    let pages = Pages::walk(source, file, at)?;
    let seen = pages.in_words();
    let Some(Told { footer, named, columns, over }) = pages.tell(source, file)? else {
        let what = format!("{what}; {seen}, and nothing says of which columns");
        return Err(ReadError::new(Trouble::Damaged, what, remedy).in_file(file).at_byte(at));
    };
    let (given, rows) = (footer.leaves.len(), footer.rows);
    let message = if named {
        format!(
            "{what}; {seen}. Its columns are described behind their pages: {given} columns of {rows} rows in {} groups were read, of {columns} such pieces; whole pages behind the last: {over}. What is described does not say which integers are dates, times or decimals: {remedy}",
            footer.groups.len()
        )
    } else {
        format!(
            "{what}; {seen}. Columns were told by how their values are written: {given} of {columns} columns of {rows} rows are given, called by their place in the file (unknown_1 is its first column; where it has several groups of rows, the columns of the next follow those of the first); pages that belong to none of them: {over}. What they measure, nobody can say: {remedy}"
        )
    };
    sink.note(Note::new(code, message, format!("byte {at}")));
    let plans = plans_of(&footer, None, limits, sink);
    read_rows(source, file, &footer, None, &plans, limits, sink)
}
