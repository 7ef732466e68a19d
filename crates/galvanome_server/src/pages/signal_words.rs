//! What signals and images are called, and how their axes are written.

use galvanome::curves::{AxisFacts, ImageFacts, Series, SignalFacts};
use galvanome_model::plot::{Mark, Plot, PlotAxis};

use super::{curve_words, numbers, words};

/// What an axis or a quantity shows, for people.
pub fn name(name: &str) -> String {
    let known = match name {
        "two_theta" => "2θ",
        "omega" => "ω",
        "phi" => "φ",
        "chi" => "χ",
        "raman_shift" => "Raman shift",
        "binding_energy" => "Binding energy",
        "kinetic_energy" => "Kinetic energy",
        "photon_energy" => "Photon energy",
        "k_alpha_ratio" => "Kα2 over Kα1",
        "wavelength_k_alpha_2" => "Wavelength Kα2",
        _ => {
            let spaced = name.replace('_', " ");
            let mut letters = spaced.chars();
            let first = letters.next().map(|letter| letter.to_uppercase().to_string());
            return first.unwrap_or_default() + letters.as_str();
        }
    };
    known.to_owned()
}

/// The unit of an axis or a quantity as it is written.
pub fn unit(unit: &str) -> String {
    numbers::unit(unit)
}

/// A number with its unit; the sign of a degree stands next to it.
pub fn with_unit(number: &str, of: &str) -> String {
    match unit(of).as_str() {
        "" => number.to_owned(),
        "°" => format!("{number}°"),
        unit => format!("{number} {unit}"),
    }
}

/// What a signal is called: as the file calls it, else by what it is.
pub fn title(facts: &SignalFacts) -> String {
    if facts.label.is_empty() { name(&facts.name) } else { facts.label.clone() }
}

/// What the values of an image are, for people.
pub fn grey(name: &str) -> String {
    if name == "grey" { "grey value".to_owned() } else { name.replace('_', " ") }
}

/// What an image is called: as the file calls it, else by what it is.
pub fn image_title(facts: &ImageFacts) -> String {
    match (facts.label.as_str(), facts.name.as_str()) {
        ("", "grey") => "Grey values".to_owned(),
        ("", _) => name(&facts.name),
        (label, _) => label.to_owned(),
    }
}

/// An axis with its unit: `2θ / °`.
pub fn axis(facts: &AxisFacts) -> String {
    curve_words::with_unit(&name(&facts.name), &unit(&facts.unit))
}

/// What a signal is, in a few words: `2000 spectra of 321 points`.
pub fn about(facts: &SignalFacts) -> String {
    let count = |number: u64| usize::try_from(number).unwrap_or(usize::MAX);
    let points = words::counted(count(facts.spectrum_len()), "point", "points");
    match facts.spectra() {
        1 => points,
        spectra => format!("{} of {points}", words::counted(count(spectra), "spectrum", "spectra")),
    }
}

/// What an image is, in a few words: `301 × 301 × 251 voxels of 0.4 µm`.
pub fn image_about(facts: &ImageFacts) -> String {
    let [z, y, x] = facts.shape;
    let size = match z {
        1 => format!("{x} × {y} pixels"),
        _ => format!("{x} × {y} × {z} voxels"),
    };
    match facts.voxel_m {
        [_, Some(down), Some(across)] if (down - across).abs() < 1e-6 * across => {
            format!("{size} of {}", length(across))
        }
        [_, Some(down), Some(across)] => format!("{size} of {} × {}", length(across), length(down)),
        _ => size,
    }
}

/// A length in the unit that fits it: `0.4 µm`.
pub fn length(metres: f64) -> String {
    let (value, unit) = match metres.abs() {
        short if short < 1e-6 => (metres * 1e9, "nm"),
        short if short < 1e-3 => (metres * 1e6, "µm"),
        short if short < 1.0 => (metres * 1e3, "mm"),
        _ => (metres, "m"),
    };
    format!("{} {unit}", numbers::digits(value, 3))
}

/// The longest round length that is no longer than a quarter of an extent, in metres: that of a scale bar.
pub fn scale_bar(extent_m: f64) -> f64 {
    let most = extent_m / 4.0;
    let power = 10_f64.powf(most.log10().floor());
    [5.0, 2.0, 1.0].into_iter().map(|lead| lead * power).find(|bar| *bar <= most).unwrap_or(power)
}

/// Where each slice of a volume lies, and how the axis is written: in micrometres where the distance of slices is known,
/// else by number.
pub fn depths(facts: &ImageFacts) -> (Vec<f64>, String, &'static str) {
    let slices = 0..facts.slices;
    match facts.voxel_m[0] {
        Some(step) => {
            let depths = slices.map(|slice| (slice as f64 + 0.5) * step * 1e6).collect();
            (depths, "Depth / µm".to_owned(), "µm")
        }
        None => (slices.map(|slice| (slice + 1) as f64).collect(), "Slice".to_owned(), ""),
    }
}

fn plot(title: String, x: PlotAxis, y: PlotAxis, series: Vec<Series>) -> Plot {
    let one = |series: Series| galvanome_model::plot::Series {
        label: series.name,
        group: None,
        mark: Mark::Line,
        x: series.x,
        y: series.y,
        y_uncertainty: Vec::new(),
    };
    Plot { title, x, y, series: series.into_iter().map(one).collect() }
}

fn plot_axis(label: String, unit: &str) -> PlotAxis {
    PlotAxis { label, unit: unit.to_owned(), logarithmic: false }
}

/// Spectra of a signal as a plot.
pub fn spectra_plot(facts: &SignalFacts, series: Vec<Series>, title: &str) -> Plot {
    let x = facts.spectral_axis().map_or_else(
        || plot_axis(String::new(), ""),
        |axis| plot_axis(name(&axis.name), &axis.unit),
    );
    let y = plot_axis(name(&facts.name), &facts.unit);
    plot(format!("{title}: {}", facts.title()), x, y, series)
}

/// The profile of an image through its slices as a plot.
pub fn profile_plot(facts: &ImageFacts, series: Vec<Series>, title: &str) -> Plot {
    let (_, _, unit) = depths(facts);
    let x = if unit.is_empty() {
        plot_axis("slice".to_owned(), "1")
    } else {
        plot_axis("depth".to_owned(), "um")
    };
    let y = plot_axis(format!("mean {}", grey(&facts.name)), &facts.unit);
    plot(format!("{title}: {} through its slices", facts.title()), x, y, series)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn scale_bars_are_round() {
        for (extent, expected) in [(1e-4, 2e-5), (4e-6, 1e-6), (3e-3, 5e-4), (9e-9, 2e-9)] {
            let bar = scale_bar(extent);
            assert!((bar / expected - 1.0).abs() < 1e-9, "{extent} gives {bar}");
        }
    }

    #[test]
    fn names_are_words() {
        for (given, expected) in [
            ("two_theta", "2θ"),
            ("intensity", "Intensity"),
            ("laser_wavelength", "Laser wavelength"),
        ] {
            assert_eq!(name(given), expected);
        }
        assert_eq!([length(4e-7), length(2.5e-5)], ["400 nm", "25 µm"]);
    }
}
