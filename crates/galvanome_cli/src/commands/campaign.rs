//! `galvanome campaign`

use std::io::{IsTerminal, Write};
use std::path::Path;
use std::time::Duration;

use galvanome::{Actor, Galvanome, export, import, jobs, show};
use galvanome_server::wire;
use indicatif::ProgressBar;
use serde_json::json;

use crate::args::{Campaign, Data};
use crate::{data, say, style};

/// Imports, exports, lists or shows.
pub(crate) async fn run(args: &Campaign, out: &mut dyn Write) -> anyhow::Result<()> {
    match args {
        Campaign::Import { folder, data, json } => import(folder, data, *json, out).await,
        Campaign::Export { id, out: to, data } => {
            let galvanome = data::open(data).await?;
            let missing = export::campaign(&galvanome, &data::campaign(id)?, to).await?;
            say::line(format_args!("written to {}; the folder does not carry:", to.display()));
            for one in missing {
                say::line(format_args!("  {one}"));
            }
            Ok(())
        }
        Campaign::List { data, json } => list(&data::open(data).await?, *json, out).await,
        Campaign::Show { id, data, json } => {
            show_one(&data::open(data).await?, id, *json, out).await
        }
    }
}

async fn import(
    folder: &Path,
    data: &Data,
    as_json: bool,
    out: &mut dyn Write,
) -> anyhow::Result<()> {
    let galvanome = data::open(data).await?;
    let bar = spinner();
    let told = bar.clone();
    let progress = move |what: &str| told.set_message(what.to_owned());
    let imported = import::folder(&galvanome, folder, &Actor::local_user(), &progress).await?;
    let worker = format!("import-{}", std::process::id());
    let mut failed = Vec::new();
    while let Some(ran) = jobs::run_next(&galvanome, &worker).await? {
        bar.set_message(ran.what.clone());
        failed.extend(ran.failed.map(|why| format!("{}: {why}", ran.what)));
    }
    bar.finish_and_clear();
    for why in &failed {
        say::error(format_args!("{why}; the data are kept, and it is tried again by `serve`"));
    }
    if as_json {
        let counts: serde_json::Map<String, serde_json::Value> =
            imported.counts.iter().map(|(name, n)| ((*name).to_owned(), json!(n))).collect();
        let document = json!({
            "schema": 1, "campaign": imported.id, "title": imported.title, "counts": counts,
            "files": imported.files, "failed": failed,
        });
        writeln!(out, "{document}")?;
    } else {
        let counts: Vec<String> =
            imported.counts.iter().map(|(name, n)| format!("{n} {name}")).collect();
        writeln!(out, "{}: {}", imported.id, counts.join(", "))?;
    }
    galvanome.close().await;
    Ok(())
}

/// A sign of life on a terminal, nothing in a pipe.
fn spinner() -> ProgressBar {
    if !std::io::stderr().is_terminal() {
        return ProgressBar::hidden();
    }
    let bar = ProgressBar::new_spinner();
    bar.enable_steady_tick(Duration::from_millis(120));
    bar
}

async fn list(galvanome: &Galvanome, as_json: bool, out: &mut dyn Write) -> anyhow::Result<()> {
    let mut all = Vec::new();
    loop {
        let page = show::campaigns(
            galvanome,
            all.last()
                .map(|one: &wire::CampaignSummary| one.id.as_str())
                .map(data::campaign)
                .transpose()?
                .as_ref(),
            show::PAGE,
        )
        .await?;
        let full = page.len() == show::PAGE as usize;
        all.extend(page.into_iter().map(|one| wire::CampaignSummary {
            id: one.id.to_string(),
            title: one.title,
            invented: one.invented,
            revision: one.revision,
        }));
        if !full {
            break;
        }
    }
    if as_json {
        writeln!(out, "{}", json!({"schema": 1, "campaigns": all}))?;
        return Ok(());
    }
    let width = all.iter().map(|one| one.id.len()).max().unwrap_or(0);
    for one in &all {
        let invented = if one.invented { " (invented)" } else { "" };
        writeln!(out, "{:width$}  {}{invented}", one.id, one.title)?;
    }
    if all.is_empty() {
        say::line("no campaign yet; import one with `galvanome campaign import FOLDER`");
    }
    Ok(())
}

async fn show_one(
    galvanome: &Galvanome,
    id: &str,
    as_json: bool,
    out: &mut dyn Write,
) -> anyhow::Result<()> {
    let id = data::campaign(id)?;
    let known = galvanome.known(&id).await?;
    let quantities = show::count_quantities(galvanome, &id).await?;
    let detail = galvanome_server::detail(&known, quantities);
    if as_json {
        writeln!(out, "{}", serde_json::to_string(&detail)?)?;
        return Ok(());
    }
    let colours = style::colours();
    writeln!(out, "{} ({})", style::bold(&detail.title, colours), detail.id)?;
    if detail.invented {
        writeln!(out, "Everything in this campaign is invented.")?;
    }
    if !detail.description.is_empty() {
        writeln!(out, "{}", detail.description)?;
    }
    let names = |names: Vec<&str>| names.join(", ");
    let rows = [
        ("components", names(detail.components.iter().map(|one| one.name.as_str()).collect())),
        ("groups", names(detail.groups.iter().map(|one| one.name.as_str()).collect())),
        ("techniques", names(detail.techniques.iter().map(|one| one.id.as_str()).collect())),
        ("observables", names(detail.observables.iter().map(|one| one.id.as_str()).collect())),
        ("partners", names(detail.partners.iter().map(|one| one.name.as_str()).collect())),
        (
            "held",
            format!(
                "{} samples, {} experiments, {} datasets, {} quantities",
                detail.samples, detail.experiments, detail.datasets, detail.quantities
            ),
        ),
    ];
    for (name, text) in rows {
        writeln!(out, "  {name:12}{text}")?;
    }
    for question in &detail.questions {
        writeln!(out, "  {:12}{}", question.id, question.text)?;
    }
    Ok(())
}
