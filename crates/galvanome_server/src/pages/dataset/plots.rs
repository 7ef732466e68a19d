//! The curves of a dataset as its page shows them: drawn here, and made alive by the page's script.

use galvanome::Error;
use galvanome::curves::{self, ColumnFacts, Columns, View};
use galvanome::dataset::Opened;

use super::asked::Asked;
use super::charts::{ChartView, Export, WIDTH, exports, hue};
use super::cycles::{self, Cycles};
use super::spectra::{self, Spectra};
use super::tables::escaped;
use crate::pages::chart::{self, Shown, Style};
use crate::pages::{address, curve_words, words};

/// All curves of the page.
pub(super) struct Plots {
    /// The address of the curves, to which name and form are added.
    pub(super) source: String,
    pub(super) time: Option<Timed>,
    pub(super) others: Vec<Other>,
    pub(super) also: String,
    pub(super) zoomed: bool,
    pub(super) whole: String,
    pub(super) cycles: Option<Cycles>,
    pub(super) spectra: Option<Spectra>,
    /// Curves of the other tables that have a time.
    pub(super) beside: Vec<Timed>,
}

/// The curves of one table against time.
pub(super) struct Timed {
    /// The table; empty for the main one.
    pub(super) table: String,
    /// What its files are found by: `time:` and the table.
    pub(super) key: String,
    pub(super) about: String,
    pub(super) charts: Vec<ChartView>,
    pub(super) export: Vec<Export>,
    /// What a table of the numbers holds, with `{rows}` in place of how many are seen: when every row is in it, and when
    /// not.
    pub(super) table_says: (String, String),
    pub(super) x: String,
    /// What is not drawn.
    pub(super) more: String,
}

/// A further column that may be drawn.
pub(super) struct Other {
    pub(super) name: String,
    pub(super) label: String,
    pub(super) chosen: bool,
}

/// Curves of another table, at most.
const MOST_BESIDE: usize = 4;

/// Other tables whose curves are drawn, at most.
const MOST_TABLES: usize = 4;

/// Whether a column counts or tells the time, and is worth no curve until it is asked for.
fn is_counter(name: &str) -> bool {
    ["_count", "_index", "_id", "_second", "_ID"].iter().any(|end| name.ends_with(end))
}

/// The curves of a file; none when nothing in it is drawn.
pub(super) fn of(
    opened: &Opened,
    columns: &Columns,
    asked: &Asked,
) -> Result<Option<Plots>, Error> {
    let definition = &opened.known.frame.definition;
    let source = address::curves(&definition.id, &opened.dataset.id);
    let hue = hue(opened);
    let offered = curves::drawable(columns, 0);
    let mut names = curve_words::usual(columns, 0);
    let also = asked
        .also
        .as_ref()
        .filter(|name| offered.iter().any(|facts| facts.head.name == **name))
        .filter(|name| !names.contains(name));
    let others = offered
        .iter()
        .map(|facts| &facts.head.name)
        .filter(|name| !names.contains(name))
        .map(|name| Other {
            name: name.clone(),
            label: curve_words::column(name),
            chosen: also == Some(name),
        })
        .collect();
    names.extend(also.cloned());
    let view = View { from: asked.from, to: asked.to, width: WIDTH };
    let time = timed(columns, 0, &names, view, hue, &source)?;
    let beside = beside(columns, hue, &source)?;
    let spectra = spectra::of(columns, &source, asked)?;
    if time.is_none() && beside.is_empty() && spectra.is_none() {
        return Ok(None);
    }
    let zoomed = curves::time_span(columns, 0).is_some_and(|span| {
        let (from, to, _) = view.on(span);
        (from, to) != span
    });
    let whole = match also {
        Some(also) => format!("?also={}", escaped(also)),
        None => "?".to_owned(),
    };
    Ok(Some(Plots {
        time,
        others,
        also: also.cloned().unwrap_or_default(),
        zoomed,
        whole,
        cycles: cycles::of(columns, &source, asked, hue)?,
        spectra,
        beside,
        source,
    }))
}

/// The curves of the tables beside the main one that have a time, and are not of spectra.
fn beside(columns: &Columns, hue: &str, source: &str) -> Result<Vec<Timed>, Error> {
    let mut all = Vec::new();
    for table in 1..columns.contents().tables.len() {
        if curves::has_spectra(columns, table) || all.len() >= MOST_TABLES {
            continue;
        }
        let telling = |facts: &&ColumnFacts| {
            !is_counter(&facts.head.name)
                && facts.span.is_some_and(|[_, _, least, greatest]| least < greatest)
        };
        let names: Vec<String> = curves::drawable(columns, table)
            .into_iter()
            .filter(telling)
            .map(|facts| facts.head.name.clone())
            .collect();
        let first = names.get(..names.len().min(MOST_BESIDE)).unwrap_or_default();
        let Some(mut one) = timed(columns, table, first, View::whole(WIDTH), hue, source)? else {
            continue;
        };
        if names.len() > first.len() {
            let more = names.len() - first.len();
            one.more = format!(
                "{} below, among the tables",
                words::counted(more, "more column stands", "more columns stand")
            );
        }
        all.push(one);
    }
    Ok(all)
}

/// Columns of a table against its time; none when it has none, or no column is named.
fn timed(
    columns: &Columns,
    table: usize,
    names: &[String],
    view: View,
    hue: &str,
    source: &str,
) -> Result<Option<Timed>, Error> {
    let facts = columns.contents().tables.get(table);
    let (Some(span), Some(facts)) = (curves::time_span(columns, table), facts) else {
        return Ok(None);
    };
    if names.is_empty() {
        return Ok(None);
    }
    let (from, to, _) = view.on(span);
    let has_time = curve_words::has_time(columns, table);
    let unit = if has_time { curve_words::time_unit(to - from) } else { ("", 1.0) };
    let x = if has_time { format!("Test time / {}", unit.0) } else { "Row".to_owned() };
    let table_name = if table == 0 { String::new() } else { facts.name.clone() };
    let wanted: Vec<&str> = names.iter().map(String::as_str).collect();
    let mut charts = Vec::new();
    let mut seen = 0;
    for (place, series) in
        curves::against_time(columns, table, &wanted, view)?.into_iter().enumerate()
    {
        let head = facts.column(&series.name).map(|(_, column)| column);
        let unit_of = head.map_or("", |column| column.head.unit.as_str());
        let most =
            head.and_then(|column| column.span).map_or(0.0, |[_, _, a, b]| a.abs().max(b.abs()));
        let (y_unit, y_factor) = curve_words::scaled(unit_of, most);
        let label = curve_words::column(&series.name);
        let name = series.name.clone();
        let is_tall = table == 0 && name == "voltage_volt";
        let height = if is_tall { chart::HEIGHT + 40.0 } else { chart::HEIGHT - 40.0 };
        seen = series.rows;
        let chart = chart::draw(&Shown {
            series: &[(series, hue.to_owned())],
            style: Style::Line,
            x: (from, to),
            y: None,
            logarithmic: (false, false),
            x_unit: unit.1,
            y_unit: y_factor,
            height,
            foot: place + 1 == names.len(),
        });
        let against = if has_time { "time" } else { "the number of the row" };
        charts.push(ChartView {
            said: format!("{label} against {against}"),
            y: curve_words::with_unit(&label, &y_unit),
            y_unit,
            factors: (1.0, y_factor),
            label,
            curve: "time",
            table: table_name.clone(),
            columns: name,
            x: x.clone(),
            x_kind: if has_time { "time" } else { "row" },
            span: format!("{},{}", span.0, span.1),
            logarithmic: "",
            class: "",
            chart,
        });
    }
    let mut query = format!("columns={}", escaped(&names.join(",")));
    if table != 0 {
        query = format!("table={}&{query}", escaped(&table_name));
    }
    if (from, to) != span {
        query = format!("{query}&from={from}&to={to}");
    }
    let table_says = (
        "all {rows} rows".to_owned(),
        format!(
            "least and greatest of {} steps through {{rows}} rows; every row of up to {}",
            words::count(curves::TABLE_WIDTH),
            words::count(curves::TABLE_ROWS)
        ),
    );
    let is_whole = seen <= curves::TABLE_ROWS as u64;
    let says = if is_whole { &table_says.0 } else { &table_says.1 };
    let rows = words::count(usize::try_from(seen).unwrap_or(usize::MAX));
    let mut export = exports(source, "time", &query);
    if let Some(first) = export.first_mut() {
        first.detail = says.replace("{rows}", &rows);
    }
    Ok(Some(Timed {
        key: format!("time:{table_name}"),
        table: table_name,
        about: words::counted(usize::try_from(facts.rows).unwrap_or(usize::MAX), "row", "rows"),
        charts,
        export,
        table_says,
        x,
        more: String::new(),
    }))
}
