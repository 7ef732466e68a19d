//! The curves of a dataset as its page shows them: drawn here, and made alive by the page's script.

use galvanome::Error;
use galvanome::curves::{self, Columns, Cycle, Series, View};
use galvanome::dataset::Opened;

use super::Asked;
use super::tables::escaped;
use crate::pages::chart::{self, Chart, Shown, Style};
use crate::pages::{address, curve_words, groups, words};

/// All curves of the page.
pub(super) struct Plots {
    /// The address of the curves, to which name and form are added.
    pub(super) source: String,
    pub(super) time: Vec<ChartView>,
    pub(super) time_about: String,
    pub(super) time_export: Vec<Export>,
    pub(super) others: Vec<Other>,
    pub(super) also: String,
    pub(super) zoomed: bool,
    pub(super) whole: String,
    pub(super) cycles: Option<Cycles>,
}

/// The curves by cycle.
pub(super) struct Cycles {
    pub(super) about: String,
    pub(super) capacity: ChartView,
    pub(super) capacity_export: Vec<Export>,
    pub(super) chosen: String,
    pub(super) legend: Vec<(String, String)>,
    pub(super) charge: Option<ChartView>,
    pub(super) charge_export: Vec<Export>,
    pub(super) dqdv: Option<ChartView>,
    pub(super) dqdv_export: Vec<Export>,
    pub(super) first: String,
    pub(super) last: String,
}

/// One chart.
pub(super) struct ChartView {
    pub(super) label: String,
    pub(super) said: String,
    /// `time`, `cycle`, `charge`, `dqdv`.
    pub(super) curve: &'static str,
    pub(super) columns: String,
    pub(super) y: String,
    pub(super) y_unit: String,
    /// What one unit of either scale is worth.
    pub(super) factors: (f64, f64),
    pub(super) x: String,
    pub(super) x_kind: &'static str,
    pub(super) span: String,
    pub(super) chart: Chart,
}

/// A file of what is seen.
pub(super) struct Export {
    pub(super) word: &'static str,
    pub(super) detail: &'static str,
    pub(super) href: String,
}

/// A further column that may be drawn.
pub(super) struct Other {
    pub(super) name: String,
    pub(super) label: String,
    pub(super) chosen: bool,
}

/// Columns of pixels of what the server draws.
const WIDTH: usize = 600;

/// Classes of the colours of several cycles, the first to the last.
const RAMP: [&str; 6] = ["r1", "r2", "r3", "r4", "r5", "r6"];

/// The class of the group of the dataset's sample, whose hue its curves have.
pub(super) fn hue(opened: &Opened) -> &'static str {
    let definition = &opened.known.frame.definition;
    let of = |id: &galvanome_model::ids::SampleId| {
        let sample = opened.known.campaign.samples.iter().find(|sample| sample.id == *id)?;
        Some(groups::style(definition, sample.group.as_ref()?).class)
    };
    let mut classes: Vec<&str> = opened.dataset.samples.iter().filter_map(of).collect();
    classes.dedup();
    match classes.as_slice() {
        [one] => {
            opened.dataset.samples.first().and_then(of).filter(|class| class == one).unwrap_or("g0")
        }
        _ => "g0",
    }
}

fn exports(source: &str, curve: &str, query: &str) -> Vec<Export> {
    let query = if query.is_empty() { String::new() } else { format!("?{query}") };
    [("CSV", "csv", "the numbers"), ("SVG", "svg", "a drawing"), ("PNG", "png", "a picture")]
        .into_iter()
        .map(|(word, form, detail)| Export {
            word,
            detail,
            href: format!("{source}/{curve}.{form}{query}"),
        })
        .collect()
}

fn is_drawn(series: &[Series]) -> bool {
    series.iter().any(|one| one.y.iter().any(|y| y.is_finite()))
}

/// The curves of a file; none when nothing in it is drawn against time.
pub(super) fn of(
    opened: &Opened,
    columns: &Columns,
    asked: &Asked,
) -> Result<Option<Plots>, Error> {
    let Some(span) = curves::time_span(columns) else { return Ok(None) };
    let definition = &opened.known.frame.definition;
    let source = address::curves(&definition.id, &opened.dataset.id);
    let offered = curves::drawable(columns);
    let usual = curve_words::usual(columns);
    if usual.is_empty() {
        return Ok(None);
    }
    let is_offered = |name: &&String| offered.iter().any(|facts| facts.head.name == **name);
    let also = asked.also.as_ref().filter(is_offered).filter(|name| !usual.contains(name));
    let names: Vec<&str> = usual.iter().chain(also).map(String::as_str).collect();
    let view = View { from: asked.from, to: asked.to, width: WIDTH };
    let (from, to, _) = view.on(span);
    let has_time = curve_words::has_time(columns);
    let unit = if has_time { curve_words::time_unit(to - from) } else { ("", 1.0) };
    let hue = hue(opened);
    let mut time = Vec::new();
    for (place, series) in curves::against_time(columns, &names, view)?.into_iter().enumerate() {
        let facts = offered.iter().find(|facts| facts.head.name == series.name);
        let unit_of = facts.map_or("", |facts| facts.head.unit.as_str());
        let most =
            facts.and_then(|facts| facts.span).map_or(0.0, |[_, _, a, b]| a.abs().max(b.abs()));
        let (y_unit, y_factor) = curve_words::scaled(unit_of, most);
        let label = curve_words::column(&series.name);
        let columns = series.name.clone();
        let height =
            if columns == "voltage_volt" { chart::HEIGHT + 40.0 } else { chart::HEIGHT - 40.0 };
        let chart = chart::draw(&Shown {
            series: &[(series, hue.to_owned())],
            style: Style::Line,
            x: (from, to),
            x_unit: unit.1,
            y_unit: y_factor,
            height,
            foot: place + 1 == names.len(),
        });
        let x = if has_time { format!("Test time / {}", unit.0) } else { "Row".to_owned() };
        time.push(ChartView {
            said: format!(
                "{label} against {}",
                if has_time { "time" } else { "the number of the row" }
            ),
            y: curve_words::with_unit(&label, &y_unit),
            y_unit,
            factors: (1.0, y_factor),
            label,
            curve: "time",
            columns,
            x,
            x_kind: if has_time { "time" } else { "row" },
            span: format!("{},{}", span.0, span.1),
            chart,
        });
    }
    let others = offered
        .iter()
        .map(|facts| &facts.head.name)
        .filter(|name| !usual.contains(name))
        .map(|name| Other {
            name: name.clone(),
            label: curve_words::column(name),
            chosen: also == Some(name),
        })
        .collect();
    let zoomed = (from, to) != span;
    let rows = columns.contents().tables.first().map_or(0, |table| table.rows);
    let mut query = format!("columns={}", escaped(&names.join(",")));
    if zoomed {
        query = format!("{query}&from={from}&to={to}");
    }
    let whole = match also {
        Some(also) => format!("?also={}", escaped(also)),
        None => "?".to_owned(),
    };
    Ok(Some(Plots {
        time,
        time_about: words::counted(usize::try_from(rows).unwrap_or(usize::MAX), "row", "rows"),
        time_export: exports(&source, "time", &query),
        others,
        also: also.cloned().unwrap_or_default(),
        zoomed,
        whole,
        cycles: cycles(columns, &source, asked, hue)?,
        source,
    }))
}

/// The cycles that are asked for, as far as there are; else a few that tell.
fn chosen(columns: &Columns, asked: &Asked) -> Result<Vec<Cycle>, Error> {
    let all = curves::cycles(columns)?;
    let wanted = asked.cycles.as_deref().unwrap_or_default().split(',');
    let wanted = wanted.filter_map(|text| text.trim().parse::<f64>().ok());
    let mut found: Vec<Cycle> = wanted
        .filter_map(|number| all.iter().find(|cycle| cycle.number == number).copied())
        .take(curves::MOST_CYCLES)
        .collect();
    found.dedup_by(|a, b| a.number == b.number);
    if found.is_empty() { curves::telling(columns, curve_words::CYCLES) } else { Ok(found) }
}

/// The colour of one of several cycles.
fn ramp(place: usize, of: usize) -> String {
    let last = RAMP.len() - 1;
    let at = if of < 2 { last } else { (place * last).div_euclid(of - 1) };
    RAMP.get(at).copied().unwrap_or("r6").to_owned()
}

fn span_of(series: &[(Series, String)]) -> (f64, f64) {
    let all = || series.iter().flat_map(|(one, _)| one.x.iter().copied());
    let (low, high) =
        (all().fold(f64::INFINITY, f64::min), all().fold(f64::NEG_INFINITY, f64::max));
    if low < high { (low, high) } else { (low - 0.5, high + 0.5) }
}

fn cycles(
    columns: &Columns,
    source: &str,
    asked: &Asked,
    hue: &str,
) -> Result<Option<Cycles>, Error> {
    let all = curves::cycles(columns)?;
    if all.is_empty() {
        return Ok(None);
    }
    let capacity = curves::against_cycle(columns, View::whole(WIDTH))?;
    if !is_drawn(&capacity) {
        return Ok(None);
    }
    let (first, last) =
        (all.first().map_or(0.0, |one| one.number), all.last().map_or(0.0, |one| one.number));
    let classes = [format!("{hue} hollow"), hue.to_owned()];
    let dots: Vec<(Series, String)> = capacity.into_iter().zip(classes).collect();
    let view = |series: &[(Series, String)], style, x, height, name: Name| {
        let most = |values: fn(&Series) -> &Vec<f64>| {
            let all = series.iter().flat_map(|(one, _)| values(one).iter());
            all.fold(
                0.0,
                |most: f64, value| if value.is_finite() { most.max(value.abs()) } else { most },
            )
        };
        let (y_unit, y_factor) = curve_words::scaled(name.y_unit, most(|one| &one.y));
        let (x_unit, x_factor) = curve_words::scaled(name.x_unit, most(|one| &one.x));
        let chart = chart::draw(&Shown {
            series,
            style,
            x,
            x_unit: x_factor,
            y_unit: y_factor,
            height,
            foot: true,
        });
        ChartView {
            label: name.label.to_owned(),
            said: name.said.to_owned(),
            curve: name.curve,
            columns: String::new(),
            y: curve_words::with_unit(name.y, &y_unit),
            y_unit,
            factors: (x_factor, y_factor),
            x: curve_words::with_unit(name.x, &x_unit),
            x_kind: name.curve,
            span: format!("{},{}", x.0, x.1),
            chart,
        }
    };
    let of_cycles = (first - 0.5, (last + 0.5).max(first + 1.0));
    let capacity = view(&dots, Style::Dots, of_cycles, chart::HEIGHT, CAPACITY);
    let chosen = chosen(columns, asked)?;
    let coloured = |series: Vec<Series>| -> Vec<(Series, String)> {
        let class = |series: &Series| {
            let place = chosen
                .iter()
                .position(|cycle| series.name.starts_with(&format!("cycle {} ", cycle.number)));
            ramp(place.unwrap_or(0), chosen.len())
        };
        series.into_iter().map(|one| (class(&one), one)).map(|(class, one)| (one, class)).collect()
    };
    let charge = coloured(curves::against_charge(columns, &chosen, View::whole(WIDTH / 3))?);
    let dqdv = coloured(curves::dqdv(columns, &chosen, View::whole(WIDTH / 3))?);
    let drawn = |series: &[(Series, String)]| series.iter().any(|(one, _)| one.x.len() > 1);
    let line = |series: &[(Series, String)], name: Name| {
        drawn(series).then(|| {
            let x = span_of(series);
            let room = 0.02 * (x.1 - x.0);
            let x = if name.curve == "charge" { (0.0, x.1) } else { (x.0 - room, x.1 + room) };
            view(series, Style::Line, x, chart::HEIGHT + 60.0, name)
        })
    };
    let numbers: Vec<String> = chosen.iter().map(|cycle| cycle.number.to_string()).collect();
    let query = format!("cycles={}", numbers.join(","));
    let number = |value: f64| value.to_string();
    Ok(Some(Cycles {
        about: words::counted(all.len(), "cycle", "cycles"),
        capacity,
        capacity_export: exports(source, "cycle", ""),
        legend: numbers
            .iter()
            .enumerate()
            .map(|(place, one)| (one.clone(), ramp(place, chosen.len())))
            .collect(),
        chosen: numbers.join(", "),
        charge: line(&charge, CHARGE),
        charge_export: exports(source, "charge", &query),
        dqdv: line(&dqdv, DQDV),
        dqdv_export: exports(source, "dqdv", &query),
        first: number(first),
        last: number(last),
    }))
}

/// What a chart is called.
#[derive(Clone, Copy)]
struct Name {
    label: &'static str,
    said: &'static str,
    curve: &'static str,
    x: &'static str,
    x_unit: &'static str,
    y: &'static str,
    y_unit: &'static str,
}

const CAPACITY: Name = Name {
    label: "Capacity of each cycle",
    said: "Charge and discharge capacity against the number of the cycle",
    curve: "cycle",
    x: "Cycle",
    x_unit: "1",
    y: "Capacity",
    y_unit: "Ah",
};

const CHARGE: Name = Name {
    label: "Voltage against charge",
    said: "Voltage against the charge of each half cycle",
    curve: "charge",
    x: "Charge",
    x_unit: "Ah",
    y: "Voltage",
    y_unit: "V",
};

const DQDV: Name = Name {
    label: "dQ/dV",
    said: "Smoothed dQ/dV against voltage, that of discharge downward",
    curve: "dqdv",
    x: "Voltage",
    x_unit: "V",
    y: "dQ/dV",
    y_unit: "Ah/V",
};
