//! `galvanome analyze`

use std::fmt::Write as _;
use std::io::Write;

use galvanome_exchange::numbers::Shown;
use galvanome_model::measurement::{Table, Values};
use galvanome_model::note::Note;
use galvanome_techniques::{Analysis, Found};
use serde_json::{Value, json};

use crate::args::Analyze;
use crate::{say, style};

/// Finds quantities in the files of one specimen. False when `--strict` refused what it rests on.
pub(crate) fn run(args: &Analyze, out: &mut dyn Write) -> anyhow::Result<bool> {
    let technique = galvanome::analyze::technique(&args.technique)?;
    let analysis = galvanome::analyze::paths(technique, &args.files, &args.with, &args.set)?;
    if args.strict && !say::strictly("nothing was determined", &analysis.notes) {
        return Ok(false);
    }
    if let Some(path) = &args.plot {
        let Some(plot) = analysis.plots.first() else {
            anyhow::bail!(too_little("draw", &analysis));
        };
        std::fs::write(path, galvanome_exchange::plot::svg(plot))
            .map_err(|error| galvanome::Error::io(path, error))?;
    }
    for (name, path) in &args.table {
        let named = name.as_deref();
        let table = match named {
            Some(name) => analysis.tables.iter().find(|table| table.name == name),
            None => analysis.tables.first(),
        };
        let Some(table) = table else {
            if let Some(name) = named.filter(|_| !analysis.tables.is_empty()) {
                let names = analysis.tables.iter().map(|table| &table.name);
                return Err(galvanome::Error::not_found_among("table", name, names).into());
            }
            anyhow::bail!(too_little("tabulate", &analysis));
        };
        std::fs::write(path, csv(table)).map_err(|error| galvanome::Error::io(path, error))?;
    }
    if args.json {
        let document = json!({
            "schema": 1,
            "technique": technique.id,
            "version": technique.version,
            "files": args.files.iter().map(|file| file.display().to_string()).collect::<Vec<_>>(),
            "quantities": analysis.quantities.iter().map(quantity).collect::<Vec<_>>(),
            "tables": analysis.tables.iter().map(columns).collect::<Vec<_>>(),
            "notes": analysis.notes,
        });
        writeln!(out, "{document}")?;
        return Ok(true);
    }
    let width =
        analysis.quantities.iter().map(|found| found.descriptor.as_str().len()).max().unwrap_or(0);
    for found in &analysis.quantities {
        let sign = if found.qualifier.is_equal() { "" } else { found.qualifier.sign() };
        let value = Shown::of(found.value, found.uncertainty, &found.unit).text();
        writeln!(
            out,
            "{}  {sign}{value}  {}",
            style::bold(&format!("{:width$}", found.descriptor.as_str()), style::colours()),
            found.detail
        )?;
    }
    if analysis.quantities.is_empty() {
        writeln!(out, "nothing could be determined")?;
    }
    for note in analysis.notes.iter().map(line_of) {
        say::line(note);
    }
    Ok(true)
}

fn too_little(what: &str, analysis: &Analysis) -> String {
    format!(
        "the analysis found too little to {what}; its notes say why:\n{}",
        analysis.notes.iter().map(line_of).collect::<Vec<_>>().join("\n")
    )
}

fn line_of(note: &Note) -> String {
    format!("note {}: {}", note.code, note.message)
}

fn quantity(found: &Found) -> Value {
    json!({
        "descriptor": found.descriptor,
        "qualifier": found.qualifier,
        "value": found.value,
        "uncertainty": found.uncertainty,
        "unit": found.unit,
        "points": found.points,
        "detail": found.detail,
    })
}

/// A table with all its values; missing numbers are null.
fn columns(table: &Table) -> Value {
    let columns: Vec<Value> = table
        .columns
        .iter()
        .map(|column| {
            let values = match &column.values {
                Values::Number(values) => json!(values),
                Values::Text(values) => json!(values),
            };
            json!({"name": column.head.name, "unit": column.head.unit, "values": values})
        })
        .collect();
    json!({"name": table.name, "rows": table.rows, "columns": columns})
}

/// A table as comma-separated text: a line of names, then the rows; missing numbers are empty. The words in it hold
/// neither commas nor quotes.
fn csv(table: &Table) -> String {
    let names: Vec<&str> = table.columns.iter().map(|column| column.head.name.as_str()).collect();
    let mut text = names.join(",");
    text.push('\n');
    for row in 0..table.rows {
        for (place, column) in table.columns.iter().enumerate() {
            if place > 0 {
                text.push(',');
            }
            match &column.values {
                Values::Number(values) => {
                    if let Some(value) = values.get(row).filter(|value| value.is_finite()) {
                        let _ = write!(text, "{value}");
                    }
                }
                Values::Text(values) => text.push_str(values.get(row).map_or("", String::as_str)),
            }
        }
        text.push('\n');
    }
    text
}
