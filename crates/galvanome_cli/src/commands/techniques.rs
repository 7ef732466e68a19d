//! `galvanome techniques`

use std::io::Write;

use galvanome_model::ids::TechniqueId;
use galvanome_server::wire::{TechniqueOut, TechniqueSummary};
use serde_json::json;

use crate::args::Techniques;
use crate::style;

/// Shows the catalogue, or one technique of it.
pub(crate) fn run(args: &Techniques, out: &mut dyn Write) -> anyhow::Result<()> {
    let catalogue = galvanome_techniques::catalogue();
    let Some(id) = &args.id else {
        if args.json {
            let all: Vec<TechniqueSummary> =
                catalogue.techniques.iter().map(TechniqueSummary::from).collect();
            writeln!(out, "{}", json!({"schema": 1, "techniques": all}))?;
            return Ok(());
        }
        let width = catalogue.techniques.iter().map(|one| one.id.as_str().len()).max().unwrap_or(0);
        for technique in &catalogue.techniques {
            writeln!(out, "{:width$}  {}", technique.id.as_str(), technique.name)?;
        }
        return Ok(());
    };
    let known = TechniqueId::new(id).ok().and_then(|id| catalogue.technique(&id));
    let Some(technique) = known else {
        let there_are = catalogue.techniques.iter().map(|technique| &technique.id);
        return Err(galvanome::Error::not_found_among("technique", id, there_are).into());
    };
    let document = TechniqueOut::from(technique);
    if args.json {
        writeln!(out, "{}", serde_json::to_string(&document)?)?;
        return Ok(());
    }
    let colours = style::colours();
    writeln!(out, "{} ({})", style::bold(&technique.name, colours), technique.id)?;
    if let Some(facts) = document.facts.as_object() {
        let width = facts.keys().map(String::len).max().unwrap_or(0);
        for (name, value) in facts {
            let value = value.as_str().map_or_else(|| value.to_string(), str::to_owned);
            let source = document.sources.get(name).map_or("", String::as_str);
            writeln!(out, "  {name:width$}  {value}  [{source}]")?;
        }
    }
    for descriptor in &technique.descriptors {
        let speaks: Vec<String> = descriptor
            .speaks_for
            .iter()
            .map(|speaks| {
                let margin = speaks.delta.map_or_else(String::new, |delta| format!(" δ {delta}"));
                format!("{}{margin}", speaks.observable)
            })
            .collect();
        writeln!(
            out,
            "  {} / {} ({}): {}",
            style::bold(descriptor.id.as_str(), colours),
            descriptor.unit,
            descriptor.scale.word(),
            speaks.join(", ")
        )?;
    }
    Ok(())
}
