//! `galvanome convert`

use std::io::Write;

use galvanome::convert::{Converted, Options, file};
use galvanome_readers::sink::Written;
use serde_json::{Value, json};

use crate::args::Convert;
use crate::say;

/// Writes one table of a file as Battery Data Format. False when `--strict` refused it.
pub(crate) fn run(args: &Convert, out: &mut dyn Write) -> anyhow::Result<bool> {
    let options = Options { table: args.table.as_deref(), force: args.force, strict: args.strict };
    let Converted { written, kept } = file(&args.file, &args.out, options)?;
    if args.json {
        writeln!(out, "{}", document(args, &written, kept))?;
    }
    let Written { table, columns, rows, others, notes } = &written;
    let name = args.out.display();
    if kept {
        notes.iter().for_each(say::note);
        say::line(format_args!("{name}: table {table}, {rows} rows, {} columns", columns.len()));
        if !others.is_empty() {
            say::line(format_args!("other tables, for --table: {}", others.join(", ")));
        }
    } else {
        say::strictly(format_args!("{name} was not written"), notes);
    }
    Ok(kept)
}

fn document(args: &Convert, written: &Written, kept: bool) -> Value {
    json!({
        "schema": 1,
        "file": args.file.display().to_string(),
        "out": args.out.display().to_string(),
        "written": kept,
        "table": written.table,
        "rows": written.rows,
        "columns": written.columns,
        "other_tables": written.others,
        "notes": written.notes,
    })
}
