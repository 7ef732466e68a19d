//! The curves by cycle: capacity of each, and voltage and dQ/dV of those that are compared.

use galvanome::Error;
use galvanome::curves::{self, Columns, Cycle, Series, View};

use super::asked::Asked;
use super::charts::{ChartView, Export, Name, WIDTH, exports, is_drawn, ramp, span_of, view};
use crate::pages::chart::{self, Style};
use crate::pages::{curve_words, words};

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

/// The curves by cycle; none when there are none.
pub(super) fn of(
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
