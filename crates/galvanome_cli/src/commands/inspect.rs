//! `galvanome inspect`

use std::io::Write;

use galvanome_exchange::numbers::{digits, fixed};
use galvanome_model::slabs::VoxelKind;
use galvanome_readers::sink::{ColumnSummary, NumberSpan, SignalSummary, Span, Summary};
use serde_json::{Value, json};

use crate::args::Inspect;
use crate::{say, style};

/// Says what is in each file. One unreadable file does not stop the others, and only when none can be read the exit status
/// is 1.
pub(crate) fn run(args: &Inspect, out: &mut dyn Write) -> anyhow::Result<bool> {
    let (mut good, mut any) = (true, false);
    for (index, file) in args.files.iter().enumerate() {
        match galvanome::inspect::path(file) {
            Ok(summary) => {
                any = true;
                let name = file.display().to_string();
                if args.json {
                    writeln!(out, "{}", document(&name, &summary))?;
                } else {
                    if index > 0 {
                        writeln!(out)?;
                    }
                    print(&name, &summary, out)?;
                }
                good &= !args.strict || say::strictly(name, &summary.notes);
            }
            Err(error) => say::error(error),
        }
    }
    Ok(good && any)
}

fn document(file: &str, summary: &Summary) -> Value {
    let tables: Vec<Value> = summary
        .tables
        .iter()
        .map(|table| {
            json!({
                "name": table.name,
                "rows": table.rows,
                "columns": table.columns.iter().map(column).collect::<Vec<_>>(),
            })
        })
        .collect();
    let signals: Vec<Value> = summary.signals.iter().map(signal).collect();
    let images: Vec<Value> = summary
        .images
        .iter()
        .map(|image| {
            json!({
                "name": image.name,
                "label": image.label,
                "unit": image.unit,
                "shape": image.shape,
                "voxel_m": image.voxel_m,
                "kind": kind_of(image.kind),
            })
        })
        .collect();
    let metadata: serde_json::Map<String, Value> =
        summary.metadata.iter().map(|(key, value)| (key.clone(), json!(value))).collect();
    json!({
        "schema": 1,
        "file": file,
        "format": summary.format,
        "instrument": summary.instrument,
        "started_at": summary.started_at.as_ref().map(|start| start.iso.clone()),
        "started_at_zone": summary.started_at.as_ref().map(|start| start.zone),
        "tables": tables,
        "signals": signals,
        "images": images,
        "metadata": metadata,
        "notes": summary.notes,
    })
}

fn signal(signal: &SignalSummary) -> Value {
    let ends = |span: Option<NumberSpan>| match span {
        Some(span) => [span.first, span.last, span.min, span.max].map(|number| json!(number)),
        None => [Value::Null, Value::Null, Value::Null, Value::Null],
    };
    let axes: Vec<Value> = signal
        .axes
        .iter()
        .map(|axis| {
            let [first, last, min, max] = ends(axis.span);
            json!({
                "name": axis.name,
                "unit": axis.unit,
                "vendor_name": axis.vendor_name,
                "points": axis.len,
                "first": first,
                "last": last,
                "min": min,
                "max": max,
            })
        })
        .collect();
    let [first, last, min, max] = ends(signal.span);
    let conditions: serde_json::Map<String, Value> = signal
        .conditions
        .iter()
        .map(|known| {
            let value = json!({"value": known.value, "unit": known.kind.unit});
            (known.kind.name.to_owned(), value)
        })
        .collect();
    json!({
        "name": signal.name,
        "label": signal.label,
        "unit": signal.unit,
        "axes": axes,
        "first": first,
        "last": last,
        "min": min,
        "max": max,
        "nulls": signal.nulls,
        "has_uncertainties": signal.has_uncertainties,
        "positions": signal.positions,
        "conditions": conditions,
    })
}

/// How the voxels of an image are held, as programs call it.
fn kind_of(kind: VoxelKind) -> &'static str {
    match kind {
        VoxelKind::U8 => "uint8",
        VoxelKind::U16 => "uint16",
        VoxelKind::F32 => "float32",
        VoxelKind::F64 => "float64",
    }
}

fn column(column: &ColumnSummary) -> Value {
    let (first, last, min, max) = match &column.span {
        Span::Number(Some(span)) => {
            (json!(span.first), json!(span.last), json!(span.min), json!(span.max))
        }
        Span::Text(Some((first, last))) => (json!(first), json!(last), Value::Null, Value::Null),
        Span::Number(None) | Span::Text(None) => {
            (Value::Null, Value::Null, Value::Null, Value::Null)
        }
    };
    json!({
        "name": column.head.name,
        "unit": column.head.unit,
        "vendor_name": column.head.vendor_name,
        "origin": column.head.origin,
        "first": first,
        "last": last,
        "min": min,
        "max": max,
        "nulls": column.nulls,
    })
}

fn print(file: &str, summary: &Summary, out: &mut dyn Write) -> std::io::Result<()> {
    let colours = style::colours();
    writeln!(out, "{}", style::bold(file, colours))?;
    writeln!(out, "  format      {}", summary.format)?;
    if !summary.instrument.is_empty() {
        writeln!(out, "  instrument  {}", summary.instrument)?;
    }
    if let Some(start) = &summary.started_at {
        let zone = match start.zone {
            galvanome_model::measurement::Zone::Stated => "",
            galvanome_model::measurement::Zone::Local => " (instrument's clock, zone unknown)",
        };
        writeln!(out, "  started     {}{zone}", start.iso)?;
    }
    for table in &summary.tables {
        writeln!(out, "  table       {}, {} rows", table.name, table.rows)?;
        let width = table.columns.iter().map(|column| column.head.name.len()).max().unwrap_or(0);
        for column in &table.columns {
            writeln!(
                out,
                "    {:width$}  {:>6}  {}",
                column.head.name,
                column.head.unit,
                span(column)
            )?;
        }
    }
    for signal in &summary.signals {
        let axes: Vec<String> = signal
            .axes
            .iter()
            .map(|axis| match axis.span {
                Some(span) => format!(
                    "{} {} to {} {} ({})",
                    axis.name,
                    number(span.first),
                    number(span.last),
                    axis.unit,
                    axis.len
                ),
                None => format!("{} / {} ({})", axis.name, axis.unit, axis.len),
            })
            .collect();
        let label =
            if signal.label.is_empty() { String::new() } else { format!("{}: ", signal.label) };
        let places = match signal.positions {
            0 => String::new(),
            places => format!(", at {places} places"),
        };
        let span = signal.span.map_or_else(
            || "empty".to_owned(),
            |span| format!("{} to {}", number(span.min), number(span.max)),
        );
        writeln!(
            out,
            "  signal      {label}{} {span} {} over {}{places}",
            signal.name,
            signal.unit,
            axes.join(" × ")
        )?;
        for known in &signal.conditions {
            let name = known.kind.name.replace('_', " ");
            writeln!(out, "    {name}  {} {}", number(known.value), known.kind.unit)?;
        }
    }
    for image in &summary.images {
        let [z, y, x] = image.shape;
        let label =
            if image.label.is_empty() { String::new() } else { format!("{}: ", image.label) };
        let voxel: Vec<String> = image
            .voxel_m
            .iter()
            .map(|edge| edge.map_or_else(|| "?".to_owned(), |edge| number(edge * 1e6)))
            .collect();
        writeln!(
            out,
            "  image       {label}{} {}, {x} × {y} × {z} voxels (x, y, z) of {} µm",
            image.name,
            kind_of(image.kind),
            voxel.iter().rev().cloned().collect::<Vec<_>>().join(" × ")
        )?;
    }
    writeln!(out, "  metadata    {} entries", summary.metadata.len())?;
    for note in &summary.notes {
        let place =
            if note.place.is_empty() { String::new() } else { format!(" [{}]", note.place) };
        writeln!(out, "  note        {}: {}{place}", note.code, note.message)?;
    }
    Ok(())
}

fn span(column: &ColumnSummary) -> String {
    let nulls =
        if column.nulls == 0 { String::new() } else { format!(", {} missing", column.nulls) };
    match &column.span {
        Span::Number(Some(span)) => {
            format!("{} to {}{nulls}", number(span.min), number(span.max))
        }
        Span::Text(Some((first, last))) if first == last => format!("{first}{nulls}"),
        Span::Text(Some((first, last))) => format!("{first} … {last}{nulls}"),
        Span::Number(None) | Span::Text(None) => "empty".to_owned(),
    }
}

/// A number for people: whole ones as they are, others with seven digits. The exact ones are in the JSON.
fn number(value: f64) -> String {
    let size = value.abs();
    if size == size.trunc() && size < 1e15 {
        fixed(value, 0)
    } else if size >= 1e5 {
        fixed(value, 2)
    } else if size >= 1e-4 {
        digits(value, 7)
    } else {
        format!("{value:.3e}").replace('-', "\u{2212}")
    }
}
