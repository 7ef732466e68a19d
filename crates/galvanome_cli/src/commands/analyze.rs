//! `galvanome analyze`

use std::io::Write;

use galvanome_exchange::numbers::Shown;
use galvanome_model::note::Note;
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
            anyhow::bail!(
                "the analysis found too little to draw; its notes say why:\n{}",
                analysis.notes.iter().map(line_of).collect::<Vec<_>>().join("\n")
            );
        };
        std::fs::write(path, galvanome_exchange::plot::svg(plot))
            .map_err(|error| galvanome::Error::io(path, error))?;
    }
    if args.json {
        let quantities: Vec<Value> = analysis
            .quantities
            .iter()
            .map(|found| {
                json!({
                    "descriptor": found.descriptor,
                    "qualifier": found.qualifier,
                    "value": found.value,
                    "uncertainty": found.uncertainty,
                    "unit": found.unit,
                    "points": found.points,
                    "detail": found.detail,
                })
            })
            .collect();
        let document = json!({
            "schema": 1,
            "technique": technique.id,
            "version": technique.version,
            "files": args.files.iter().map(|file| file.display().to_string()).collect::<Vec<_>>(),
            "quantities": quantities,
            "notes": analysis.notes,
        });
        writeln!(out, "{document}")?;
        return Ok(true);
    }
    let width =
        analysis.quantities.iter().map(|found| found.descriptor.as_str().len()).max().unwrap_or(0);
    for found in &analysis.quantities {
        let value = Shown::of(found.value, found.uncertainty, &found.unit).text();
        writeln!(
            out,
            "{}  {value}  {}",
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

fn line_of(note: &Note) -> String {
    format!("note {}: {}", note.code, note.message)
}
