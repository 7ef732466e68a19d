//! What curves are called, and how their axes are written.

use galvanome::curves::{self, CHARGE, Columns, Impedance, Series};
use galvanome_model::plot::{Mark, Plot, PlotAxis};

use super::numbers;

/// Cycles that are shown together when none is chosen.
pub const CYCLES: usize = 5;

/// Spectra that are shown together when none is chosen.
pub const SPECTRA: usize = 5;

/// What is drawn of a spectrum against its frequency: the column, and what it is called.
pub const BODE: [(&str, &str); 2] = [("absolute_impedance_ohm", "|Z|"), ("phase_degree", "phase")];

/// What a column shows, for people: the words of the names that cyclers' columns have here, else the name itself.
pub fn column(name: &str) -> String {
    let known = match name {
        "voltage_volt" => "Voltage",
        "current_ampere" => "Current",
        CHARGE => "Capacity",
        "cycle_count" => "Cycle",
        "step_count" => "Step",
        "step_index" => "Step of the method",
        "ambient_temperature_celsius" => "Ambient temperature",
        "surface_temperature_celsius" => "Surface temperature",
        "charging_capacity_ah" => "Charge capacity",
        "discharging_capacity_ah" => "Discharge capacity",
        "net_capacity_ah" => "Net capacity",
        "step_capacity_ah" => "Capacity of the step",
        "charging_energy_wh" => "Charge energy",
        "discharging_energy_wh" => "Discharge energy",
        "power_watt" => "Power",
        "internal_resistance_ohm" => "Internal resistance",
        _ => return name.to_owned(),
    };
    known.to_owned()
}

/// A name with its unit, as axes have it: `Voltage / V`.
pub fn with_unit(name: &str, unit: &str) -> String {
    if unit.is_empty() { name.to_owned() } else { format!("{name} / {unit}") }
}

/// The unit in which values up to so much are written, and what one of it is worth: milliamperes of a coin cell, kilowatts
/// of a pack.
pub fn scaled(unit: &str, most: f64) -> (String, f64) {
    let first = unit.split('/').next().unwrap_or_default();
    let takes_prefix = ["A", "Ah", "V", "W", "Wh"].contains(&first);
    let (prefix, factor) = match most.abs() {
        most if !takes_prefix || most == 0.0 || !most.is_finite() => ("", 1.0),
        most if most < 1e-4 => ("µ", 1e-6),
        most if most < 0.1 => ("m", 1e-3),
        most if most >= 1e4 => ("k", 1e3),
        _ => ("", 1.0),
    };
    (format!("{prefix}{}", numbers::unit(unit)), factor)
}

/// The unit that a time of so many seconds is written in, and how many seconds it has.
pub fn time_unit(span_s: f64) -> (&'static str, f64) {
    match span_s {
        span if span <= 300.0 => ("s", 1.0),
        span if span <= 3.0 * 3600.0 => ("min", 60.0),
        span if span <= 10.0 * 86_400.0 => ("h", 3600.0),
        _ => ("d", 86_400.0),
    }
}

/// The columns that are drawn against time when none is asked for: voltage, current and the integrated charge, as far as
/// there are.
pub fn usual(columns: &Columns, table: usize) -> Vec<String> {
    let offered = curves::drawable(columns, table);
    let usual = |name: &str| ["voltage_volt", "current_ampere", CHARGE].contains(&name);
    let mut names: Vec<String> =
        offered.iter().map(|facts| facts.head.name.clone()).filter(|name| usual(name)).collect();
    if names.is_empty() {
        names.extend(offered.first().map(|facts| facts.head.name.clone()));
    }
    names
}

/// Whether the curves' time is that of the test; otherwise it is the number of the row.
pub fn has_time(columns: &Columns, table: usize) -> bool {
    let table = columns.contents().tables.get(table);
    table.is_some_and(|table| table.column("test_time_second").is_some())
}

fn axis(label: impl Into<String>, unit: &str) -> PlotAxis {
    PlotAxis { label: label.into(), unit: unit.to_owned(), logarithmic: false }
}

fn drawn(series: Series, mark: Mark) -> galvanome_model::plot::Series {
    let Series { name, x, y, .. } = series;
    galvanome_model::plot::Series {
        label: name,
        group: None,
        mark,
        x,
        y,
        y_uncertainty: Vec::new(),
    }
}

/// A column against time as a plot.
pub fn time_plot(columns: &Columns, table: usize, mut series: Series, title: &str) -> Plot {
    let facts = columns.contents().tables.get(table).and_then(|table| table.column(&series.name));
    let unit = facts.map_or("", |(_, facts)| facts.head.unit.as_str()).to_owned();
    let name = column(&series.name);
    let x = if has_time(columns, table) {
        let span = series.x.last().zip(series.x.first()).map_or(0.0, |(last, first)| last - first);
        let (time, seconds) = time_unit(span);
        series.x.iter_mut().for_each(|x| *x /= seconds);
        axis("test time", time)
    } else {
        axis("row", "1")
    };
    Plot {
        title: format!("{title}: {name}"),
        x,
        y: axis(name, &unit),
        series: vec![drawn(series, Mark::Line)],
    }
}

fn plot(title: String, x: PlotAxis, y: PlotAxis, series: Vec<Series>, mark: Mark) -> Plot {
    Plot { title, x, y, series: series.into_iter().map(|one| drawn(one, mark)).collect() }
}

/// Capacity against cycle as a plot.
pub fn cycle_plot(series: Vec<Series>, title: &str) -> Plot {
    let title = format!("{title}: capacity of each cycle");
    plot(title, axis("cycle", "1"), axis("capacity", "Ah"), series, Mark::Points)
}

/// Voltage against charge as a plot.
pub fn charge_plot(series: Vec<Series>, title: &str) -> Plot {
    let title = format!("{title}: voltage against charge");
    plot(title, axis("charge", "Ah"), axis("voltage", "V"), series, Mark::Line)
}

/// dQ/dV against voltage as a plot.
pub fn dqdv_plot(series: Vec<Series>, title: &str) -> Plot {
    let title = format!("{title}: dQ/dV");
    plot(title, axis("voltage", "V"), axis("dQ/dV", "Ah/V"), series, Mark::Line)
}

/// A spectrum in the complex plane: −Im Z against Re Z, in ohm.
pub fn nyquist(points: &Impedance) -> Series {
    let parts = points.real_ohm.iter().zip(&points.imaginary_ohm);
    let (x, y) = rising(points, parts.map(|(real, imaginary)| (*real, -imaginary))).unzip();
    Series { x, y, ..of_spectrum(points, "") }
}

/// What belongs to each point of a spectrum, by rising frequency.
fn rising<T>(points: &Impedance, of: impl Iterator<Item = T>) -> impl Iterator<Item = T> {
    let mut all: Vec<(f64, T)> = points.frequency_hz.iter().copied().zip(of).collect();
    all.sort_by(|a, b| a.0.total_cmp(&b.0));
    all.into_iter().map(|(_, one)| one)
}

/// A curve of a spectrum without its points.
fn of_spectrum(points: &Impedance, what: &str) -> Series {
    let name = format!("spectrum {} {what}", points.number);
    Series {
        name: name.trim_end().to_owned(),
        rows: points.rows,
        whole: points.frequency_hz.len() as u64 == points.rows,
        ..Series::default()
    }
}

/// A column of [`BODE`] of a spectrum against its frequency in hertz.
pub fn bode(points: &Impedance, column: &str) -> Series {
    let is_phase = column == "phase_degree";
    let named = if is_phase { "phase" } else { "|Z|" };
    let y = if is_phase { points.phase_degree() } else { points.modulus_ohm() };
    let (x, y) = rising(points, points.frequency_hz.iter().copied().zip(y)).unzip();
    Series { x, y, ..of_spectrum(points, named) }
}

/// Spectra in the complex plane as a plot.
pub fn nyquist_plot(series: Vec<Series>, title: &str) -> Plot {
    let title = format!("{title}: impedance");
    plot(title, axis("Re Z", "Ω"), axis("−Im Z", "Ω"), series, Mark::Line)
}

/// Absolute value and phase of spectra as plots, as far as they are among these.
pub fn bode_plots(series: Vec<Series>, title: &str) -> Vec<Plot> {
    let (phases, moduli): (Vec<Series>, Vec<Series>) =
        series.into_iter().partition(|one| one.name.ends_with("phase"));
    let frequency = || PlotAxis { logarithmic: true, ..axis("frequency", "Hz") };
    let modulus = PlotAxis { logarithmic: true, ..axis("|Z|", "Ω") };
    [(moduli, modulus, "absolute value"), (phases, axis("phase", "°"), "phase")]
        .into_iter()
        .filter(|(series, ..)| !series.is_empty())
        .map(|(series, y, what)| {
            plot(format!("{title}: {what} of the impedance"), frequency(), y, series, Mark::Line)
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::{scaled, time_unit};

    #[test]
    fn units_fit_what_is_drawn() {
        for (unit, most, expected) in [
            ("A", 0.0003, ("mA", 1e-3)),
            ("Ah", 3.2, ("Ah", 1.0)),
            ("V", 4.2, ("V", 1.0)),
            ("Ah/V", 0.02, ("mAh/V", 1e-3)),
            ("W", 25_000.0, ("kW", 1e3)),
            ("degC", 0.01, ("degC", 1.0)),
            ("A", f64::NAN, ("A", 1.0)),
        ] {
            let (name, factor) = scaled(unit, most);
            assert_eq!(factor, expected.1, "{unit} {most}");
            if unit != "degC" {
                assert_eq!(name, expected.0);
            }
        }
        assert_eq!([time_unit(10.0).0, time_unit(7200.0).0, time_unit(1e5).0], ["s", "min", "h"]);
    }
}
