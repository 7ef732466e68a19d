//! `galvanome analyze`

use std::fmt::Write as _;
use std::io::Write;
use std::path::Path;

use galvanome_exchange::numbers::Shown;
use galvanome_model::measurement::{Table, Values};
use galvanome_model::note::Note;
use galvanome_model::plot::Plot;
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
    for (name, path) in &args.plot {
        draw(&analysis, name.as_deref(), path)?;
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

/// Writes a plot by its name, or all of them, the main one as `path` and the others beside it under their names.
fn draw(analysis: &Analysis, named: Option<&str>, path: &Path) -> anyhow::Result<()> {
    if analysis.plots.is_empty() {
        anyhow::bail!(too_little("draw", analysis));
    }
    let each = analysis.plots.iter().enumerate().map(|(place, plot)| (place, name_of(plot), plot));
    let mut drawn = 0;
    for (place, name, plot) in each {
        if named.is_some_and(|named| named != name) {
            continue;
        }
        let beside = if named.is_some() || place == 0 {
            path.to_owned()
        } else {
            let stem = path.file_stem().unwrap_or_default().to_string_lossy();
            path.with_file_name(format!("{stem}-{name}.svg"))
        };
        std::fs::write(&beside, galvanome_exchange::plot::svg(plot))
            .map_err(|error| galvanome::Error::io(&beside, error))?;
        say::line(format_args!("plot {name}: {}", beside.display()));
        drawn += 1;
    }
    match named.filter(|_| drawn == 0) {
        Some(named) => {
            let names: Vec<String> = analysis.plots.iter().map(name_of).collect();
            Err(galvanome::Error::not_found_among("plot", named, &names).into())
        }
        None => Ok(()),
    }
}

/// The name of a plot: its title in kebab case.
fn name_of(plot: &Plot) -> String {
    let letters = plot.title.to_lowercase();
    let words = letters.split(|letter: char| !letter.is_alphanumeric());
    words.filter(|word| !word.is_empty()).collect::<Vec<_>>().join("-")
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
