//! `galvanome metaview`

use std::io::Write;

use galvanome::figure::{self, Form};
use galvanome::metaview::{self, Views};
use galvanome_model::answer::{Answer, Combined};
use galvanome_model::metaview::Metaview as Matrix;
use galvanome_model::pixel::Pixel;
use galvanome_model::visibility::Viewer;
use galvanome_server::wire::Metaviews;

use crate::args::Metaview;
use crate::{data, style};

/// Prints or draws a campaign's metaviews.
pub(crate) async fn run(args: &Metaview, out: &mut dyn Write) -> anyhow::Result<()> {
    let form = args.out.as_ref().map(|path| Form::of_name(&path.to_string_lossy())).transpose()?;
    let galvanome = data::open(&args.data).await?;
    let id = data::campaign(&args.id)?;
    let viewer = Viewer::All;
    let (component, question) = (args.component.as_deref(), args.question.as_deref());
    let views = metaview::views(&galvanome, &id, component, question, &viewer).await?;
    if let (Some(path), Some(form)) = (&args.out, form) {
        let bytes = figure::draw(&galvanome, &views, form, None, &viewer).await?;
        std::fs::write(path, bytes).map_err(|error| galvanome::Error::io(path, error))?;
    } else if args.json {
        let document = Metaviews::of(&views.known.frame, views.known.revision, &views.views);
        serde_json::to_writer(&mut *out, &document)?;
        writeln!(out)?;
    } else {
        print(&views, out)?;
    }
    galvanome.close().await;
    Ok(())
}

/// One letter or sign for each state, so that a matrix fits a terminal.
fn sign(answer: Option<Answer>) -> &'static str {
    match answer {
        Some(Answer::Yes) => "●",
        Some(Answer::No) => "○",
        Some(Answer::Unsure) => "?",
        Some(Answer::NotDone) => "-",
        Some(Answer::NotApplicable) => "/",
        None => "·",
    }
}

fn of_pixel(pixel: &Pixel, colours: bool) -> String {
    if pixel.withheld {
        "x".to_owned()
    } else {
        style::of_answer(pixel.answer, sign(pixel.answer), colours)
    }
}

fn of_combined(combined: &Combined, colours: bool) -> String {
    let open = if combined.answer.is_none() && combined.so_far.is_some() { "…" } else { " " };
    format!("{}{open}", style::of_answer(combined.so_far, sign(combined.so_far), colours))
}

fn print(views: &Views, out: &mut dyn Write) -> std::io::Result<()> {
    let colours = style::colours();
    let frame = &views.known.frame;
    let names: Vec<&str> =
        frame.catalogue.techniques.iter().map(|one| one.short_name.as_str()).collect();
    let width = names.iter().map(|name| name.chars().count()).max().unwrap_or(0);
    for (index, view) in views.views.iter().enumerate() {
        if index > 0 {
            writeln!(out)?;
        }
        let component = frame.definition.component(&view.component);
        let question = frame.definition.question(&view.question);
        let title = format!(
            "{}, {} {}",
            component.map_or(view.component.as_str(), |one| one.name.as_str()),
            view.question,
            question.map_or("", |one| one.name.as_str())
        );
        writeln!(out, "{}", style::bold(&title, colours))?;
        heads(view, frame, width, out)?;
        let columns = view.observables.len().max(1);
        for (row, (name, pixels)) in names.iter().zip(view.pixels.chunks(columns)).enumerate() {
            let pad = " ".repeat(width - name.chars().count());
            let cells: Vec<String> = pixels.iter().map(|pixel| of_pixel(pixel, colours)).collect();
            let combined = view.by_technique.get(row);
            let end = combined.map_or_else(String::new, |row| of_combined(&row.combined, colours));
            let stated = combined.and_then(|row| row.stated.as_ref());
            let stated =
                stated.map_or_else(String::new, |one| format!(" stated {}", one.answer.word()));
            writeln!(out, "{pad}{name}  {}  {end}{stated}", cells.join(" "))?;
        }
        let below: Vec<String> = view
            .by_observable
            .iter()
            .map(|one| style::of_answer(one.so_far, sign(one.so_far), colours))
            .collect();
        writeln!(out, "{}  {}", " ".repeat(width), below.join(" "))?;
        let is_open = |one: &Combined| one.answer.is_none() && one.so_far.is_some();
        if view.by_observable.iter().any(is_open) {
            let marks: Vec<&str> =
                view.by_observable.iter().map(|one| if is_open(one) { "…" } else { " " }).collect();
            writeln!(out, "{}  {}", " ".repeat(width), marks.join(" ").trim_end())?;
        }
    }
    writeln!(out)?;
    writeln!(
        out,
        "● yes  ○ no  ? unsure  - not done  / not applicable  · pending  … pending could still raise it"
    )
}

/// The columns' numbers above the matrix, and their names beside it.
fn heads(
    view: &Matrix,
    frame: &galvanome_model::metaview::Frame,
    width: usize,
    out: &mut dyn Write,
) -> std::io::Result<()> {
    let names: Vec<String> = frame
        .catalogue
        .observables
        .iter()
        .zip(1..)
        .map(|(one, number)| format!("{number} {}", one.name))
        .collect();
    writeln!(out, "{}  {}", " ".repeat(width), names.join(", "))?;
    let numbers: Vec<String> =
        (1..=view.observables.len()).map(|number| (number % 10).to_string()).collect();
    writeln!(out, "{}  {}", " ".repeat(width), numbers.join(" "))
}
