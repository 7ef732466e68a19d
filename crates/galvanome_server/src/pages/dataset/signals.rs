//! Signals of a file: single spectra and patterns side by side, and series and maps of them with the spectra that are
//! chosen.

use galvanome::Error;
use galvanome::curves::{self, Columns, Series, SignalFacts, View};
use galvanome::dataset::Opened;

use super::asked::Asked;
use super::charts::{ChartView, Export, WIDTH, exports, hue, ramp};
use super::tables::Step;
use crate::pages::chart::{self, Shown, Style};
use crate::pages::{address, curve_words, numbers, signal_words, words};

/// All signals of the page.
pub(super) struct Signals {
    /// The address of the curves.
    pub(super) source: String,
    /// The address of the pictures.
    pub(super) pictures: String,
    /// The series or map that is shown.
    pub(super) several: Option<Several>,
    /// Ways to the other ones.
    pub(super) others: Vec<Step>,
    /// Signals of one spectrum each.
    pub(super) singles: Vec<Single>,
    /// How many of these are not drawn.
    pub(super) more: String,
}

/// A signal of one spectrum.
pub(super) struct Single {
    pub(super) title: String,
    pub(super) about: String,
    pub(super) chart: ChartView,
    pub(super) export: Vec<Export>,
    pub(super) conditions: String,
}

/// A series or map of spectra.
pub(super) struct Several {
    pub(super) number: usize,
    pub(super) title: String,
    pub(super) about: String,
    pub(super) picture: Picture,
    pub(super) chart: ChartView,
    pub(super) export: Vec<Export>,
    pub(super) conditions: String,
    pub(super) chosen: String,
    pub(super) last: String,
    /// Number, words beside it, class of the colour.
    pub(super) legend: Vec<(String, String, String)>,
    /// For each spectrum that may be chosen, the words beside it: a line each.
    pub(super) said: String,
}

/// The picture of a series or map.
pub(super) struct Picture {
    /// `map` or `stack`.
    pub(super) kind: &'static str,
    pub(super) src: String,
    pub(super) said: String,
    /// Pixels across and down.
    pub(super) size: (usize, usize),
    /// What lies at the top and at the bottom of a stack.
    pub(super) ends: (String, String),
    /// What the ends of the colours stand for.
    pub(super) colours: (String, String),
    /// Whether the colours go with the square root of the values.
    pub(super) is_root: bool,
    /// A scale bar: its share of the width in percent, and its length; empty when there is none.
    pub(super) bar: (String, String),
    /// How many spectra there are.
    pub(super) spectra: u64,
}

/// Single spectra that are drawn, at most.
const MOST_SINGLES: usize = 12;

/// Spectra whose words the page carries, at most.
const MOST_SAID: u64 = 500;

/// Pixels down of a stack.
const STACK: usize = 360;

/// The signals of a file; none when it has none.
pub(super) fn of(
    opened: &Opened,
    columns: &Columns,
    asked: &Asked,
) -> Result<Option<Signals>, Error> {
    let all = &columns.contents().signals;
    if all.is_empty() {
        return Ok(None);
    }
    let definition = &opened.known.frame.definition;
    let source = address::curves(&definition.id, &opened.dataset.id);
    let pictures = address::pictures(&definition.id, &opened.dataset.id);
    let drawn = |facts: &SignalFacts| facts.spectrum_len() > 1 && facts.span.is_some();
    let numbered = || all.iter().enumerate().filter(|(_, facts)| drawn(facts));
    let several: Vec<usize> =
        numbered().filter(|(_, facts)| facts.spectra() > 1).map(|(number, _)| number).collect();
    let shown = asked.signal.filter(|number| several.contains(number)).or(several.first().copied());
    let others = match several.len() {
        0 | 1 => Vec::new(),
        _ => several
            .iter()
            .filter_map(|number| {
                let facts = all.get(*number)?;
                let href = (Some(*number) != shown).then(|| format!("?signal={number}#spectra-of"));
                Some(Step { label: facts.title().to_owned(), href })
            })
            .collect(),
    };
    let singles: Vec<usize> =
        numbered().filter(|(_, facts)| facts.spectra() == 1).map(|(number, _)| number).collect();
    let more = match singles.len().saturating_sub(MOST_SINGLES) {
        0 => String::new(),
        more => format!("{} not drawn here", words::counted(more, "more is", "more are")),
    };
    let hue = hue(opened);
    // One alone has the whole width.
    let height = chart::HEIGHT + if singles.len() == 1 { 90.0 } else { 30.0 };
    Ok(Some(Signals {
        several: match shown {
            Some(number) => Some(several_of(columns, number, &source, &pictures, asked)?),
            None => None,
        },
        others,
        singles: singles
            .iter()
            .take(MOST_SINGLES)
            .map(|number| single(columns, *number, &source, hue, height))
            .collect::<Result<_, _>>()?,
        more,
        source,
        pictures,
    }))
}

/// The circumstances of a signal in one line.
fn conditions(facts: &SignalFacts) -> String {
    let one = |(name, value, unit): &(String, f64, String)| {
        let value = signal_words::with_unit(&numbers::digits(*value, 6), unit);
        format!("{} {value}", signal_words::name(name))
    };
    facts
        .conditions
        .iter()
        .map(one)
        .map(|text| text.trim_end().to_owned())
        .collect::<Vec<_>>()
        .join(" · ")
}

/// A chart of spectra of a signal.
fn chart_of(
    facts: &SignalFacts,
    number: usize,
    series: &[(Series, String)],
    height: f64,
    numbers: &str,
) -> ChartView {
    let span = facts.spectral_axis().and_then(|axis| axis.span).unwrap_or([0.0, 1.0]);
    let x = if span[0] < span[1] { (span[0], span[1]) } else { (span[0] - 0.5, span[0] + 0.5) };
    let chart = chart::draw(&Shown {
        series,
        style: Style::Line,
        x,
        y: None,
        logarithmic: (false, false),
        x_unit: 1.0,
        y_unit: 1.0,
        height,
        foot: true,
    });
    let unit = signal_words::unit(&facts.unit);
    let quantity = signal_words::name(&facts.name);
    let axis = facts.spectral_axis().map(signal_words::axis).unwrap_or_default();
    let against =
        facts.spectral_axis().map_or_else(String::new, |axis| signal_words::name(&axis.name));
    ChartView {
        said: format!("{quantity} against {against}"),
        y: curve_words::with_unit(&quantity, &unit),
        label: facts.title().to_owned(),
        y_unit: unit,
        factors: (1.0, 1.0),
        curve: "spectrum",
        table: number.to_string(),
        columns: numbers.to_owned(),
        x: axis,
        x_kind: "value",
        span: format!("{},{}", x.0, x.1),
        logarithmic: "",
        class: "",
        chart,
    }
}

fn single(
    columns: &Columns,
    number: usize,
    source: &str,
    hue: &str,
    height: f64,
) -> Result<Single, Error> {
    let facts = curves::signal(columns, number)?;
    let series = curves::spectra_of(columns, number, &[0], View::whole(WIDTH))?;
    let series: Vec<(Series, String)> =
        series.into_iter().map(|one| (one, hue.to_owned())).collect();
    Ok(Single {
        title: signal_words::title(facts),
        about: signal_words::about(facts),
        chart: chart_of(facts, number, &series, height, "1"),
        export: exports(source, "spectrum", &format!("signal={number}")),
        conditions: conditions(facts),
    })
}

/// The spectra that are asked for, counted from 1, as far as there are; else the first, the middle and the last of a
/// series, or the middle one of a map.
fn chosen(facts: &SignalFacts, is_map: bool, asked: &Asked) -> Vec<u64> {
    let wanted = asked.shown.as_deref().unwrap_or_default().split(',');
    let wanted = wanted.filter_map(|text| text.trim().parse::<u64>().ok());
    let there = facts.spectra();
    let mut found: Vec<u64> = wanted.filter(|number| (1..=there).contains(number)).collect();
    found.sort_unstable();
    found.dedup();
    found.truncate(curves::MOST_TOGETHER);
    if found.is_empty() {
        found = if is_map { vec![there.div_ceil(2)] } else { vec![1, there.div_ceil(2), there] };
        found.dedup();
    }
    found
}

/// What is known of each spectrum of a series by its first axis: its time or its height.
fn said_of(facts: &SignalFacts, along: &[f64], number: u64) -> String {
    let Some(axis) = facts.axes.first().filter(|_| facts.axes.len() > 1) else {
        return String::new();
    };
    let Some(value) = along.get(number as usize - 1).filter(|value| value.is_finite()) else {
        return String::new();
    };
    match axis.name.as_str() {
        "time" => {
            let (unit, seconds) = curve_words::time_unit(*value);
            format!("{} {unit}", numbers::digits(value / seconds, 3))
        }
        "height" => signal_words::length(*value),
        "spectrum" => String::new(),
        _ => signal_words::with_unit(&numbers::digits(*value, 5), &axis.unit),
    }
}

fn several_of(
    columns: &Columns,
    number: usize,
    source: &str,
    pictures: &str,
    asked: &Asked,
) -> Result<Several, Error> {
    let facts = curves::signal(columns, number)?;
    let is_map = curves::is_map(columns, number)?;
    let along = curves::along(columns, number)?;
    let chosen = chosen(facts, is_map, asked);
    let from_zero: Vec<u64> = chosen.iter().map(|number| number - 1).collect();
    let series = curves::spectra_of(columns, number, &from_zero, View::whole(WIDTH))?;
    let of = series.len();
    let series: Vec<(Series, String)> =
        series.into_iter().enumerate().map(|(place, one)| (one, ramp(place, of))).collect();
    let texts: Vec<String> = chosen.iter().map(u64::to_string).collect();
    let query = format!("signal={number}&spectra={}", texts.join(","));
    let picture = if is_map {
        map(columns, facts, number, pictures)?
    } else {
        stack(columns, facts, number, pictures, &along)?
    };
    let words_of = |number: u64| said_of(facts, &along, number);
    Ok(Several {
        number,
        title: signal_words::title(facts),
        about: signal_words::about(facts),
        picture,
        chart: chart_of(facts, number, &series, chart::HEIGHT + 60.0, &texts.join(",")),
        export: exports(source, "spectrum", &query),
        conditions: conditions(facts),
        last: facts.spectra().to_string(),
        legend: chosen
            .iter()
            .enumerate()
            .map(|(place, one)| (one.to_string(), words_of(*one), ramp(place, of)))
            .collect(),
        chosen: texts.join(", "),
        said: (1..=facts.spectra().min(MOST_SAID)).map(words_of).collect::<Vec<_>>().join("\n"),
    })
}

fn colours((low, high): (f64, f64)) -> (String, String) {
    (numbers::digits(low, 3), numbers::digits(high, 3))
}

fn map(
    columns: &Columns,
    facts: &SignalFacts,
    number: usize,
    pictures: &str,
) -> Result<Picture, Error> {
    let found = curves::map_of(columns, number, (f64::NEG_INFINITY, f64::INFINITY))?;
    let Some((grid, raster)) = found else { return Err(Error::not_found("map", number)) };
    let extent = (grid.x_m.1 - grid.x_m.0) * grid.width as f64 / (grid.width - 1).max(1) as f64;
    let bar = signal_words::scale_bar(extent);
    let quantity = signal_words::name(&facts.name).to_lowercase();
    Ok(Picture {
        kind: "map",
        src: format!("{pictures}/map.png?signal={number}"),
        said: format!("Map of the mean {quantity} of each spectrum"),
        size: (grid.width, grid.height),
        ends: (String::new(), String::new()),
        colours: colours(galvanome::pictures::ends_of(&raster)),
        is_root: galvanome::pictures::is_root(&facts.unit),
        bar: (format!("{:.2}", 100.0 * bar / extent), signal_words::length(bar)),
        spectra: facts.spectra(),
    })
}

fn stack(
    columns: &Columns,
    facts: &SignalFacts,
    number: usize,
    pictures: &str,
    along: &[f64],
) -> Result<Picture, Error> {
    let rows = STACK.min(usize::try_from(facts.spectra()).unwrap_or(STACK));
    let raster = curves::stack_of(columns, number, View::whole(WIDTH), rows)?;
    let end = |number: u64| {
        let said = said_of(facts, along, number);
        if said.is_empty() { number.to_string() } else { said }
    };
    Ok(Picture {
        kind: "stack",
        src: format!("{pictures}/stack.png?signal={number}&width=1200&height={STACK}"),
        said: "Spectra one below the other, the first on top, in colours of their values"
            .to_owned(),
        size: (raster.width, raster.height),
        ends: (end(1), end(facts.spectra())),
        colours: colours(galvanome::pictures::ends_of(&raster)),
        is_root: galvanome::pictures::is_root(&facts.unit),
        bar: (String::new(), String::new()),
        spectra: facts.spectra(),
    })
}
