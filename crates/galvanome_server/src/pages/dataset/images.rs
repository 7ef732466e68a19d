//! Images and volumes of a file: a slice with its scale bar, and what the slices hold from the first to the last.

use galvanome::Error;
use galvanome::curves::{self, Columns, ImageFacts, Series};
use galvanome::dataset::Opened;
use galvanome::pictures::MOST_CUT;

use super::asked::Asked;
use super::charts::{ChartView, Export, exports, hue};
use super::tables::Step;
use crate::pages::chart::{self, Shown, Style};
use crate::pages::{address, curve_words, numbers, signal_words, words};

/// The image that is shown, and the ways to others.
pub(super) struct Images {
    pub(super) source: String,
    pub(super) number: usize,
    pub(super) title: String,
    pub(super) about: String,
    pub(super) others: Vec<Step>,
    pub(super) src: String,
    pub(super) said: String,
    /// Pixels across and down.
    pub(super) size: (usize, usize),
    /// A scale bar: its share of the width in percent, and its length; empty when the file does not say how large a voxel
    /// is.
    pub(super) bar: (String, String),
    /// Directions in which it may be cut.
    pub(super) cuts: Vec<Cut>,
    pub(super) cut: &'static str,
    pub(super) slice: usize,
    pub(super) slices: usize,
    /// Values that are shown black and white.
    pub(super) contrast: (String, String),
    pub(super) span: String,
    pub(super) profile: Option<ChartView>,
    pub(super) export: Vec<Export>,
}

/// A direction in which a volume is cut.
pub(super) struct Cut {
    pub(super) name: &'static str,
    pub(super) label: &'static str,
    pub(super) slices: usize,
    pub(super) chosen: bool,
}

/// Images to which ways are offered, at most.
const MOST_OTHERS: usize = 24;

/// The images of a file; none when it has none.
pub(super) fn of(
    opened: &Opened,
    columns: &Columns,
    asked: &Asked,
) -> Result<Option<Images>, Error> {
    let all = &columns.contents().images;
    let number = asked.image.filter(|number| *number < all.len()).unwrap_or(0);
    let Some(facts) = all.get(number) else { return Ok(None) };
    let definition = &opened.known.frame.definition;
    let source = address::curves(&definition.id, &opened.dataset.id);
    let pictures = address::pictures(&definition.id, &opened.dataset.id);
    let [z, y, x] = facts.shape;
    let may_cut = z > 1 && z.saturating_mul(y).saturating_mul(x) <= MOST_CUT;
    let wanted = asked.cut.as_deref().filter(|_| may_cut).unwrap_or("z");
    let cuts = [
        ("z", "z, slice by slice", z),
        ("y", "y, through all slices", y),
        ("x", "x, through all slices", x),
    ];
    let (cut, _, slices) =
        *cuts.iter().find(|(name, ..)| *name == wanted).unwrap_or(&("z", "z", z));
    let slice = asked.slice.unwrap_or(slices / 2 + 1).clamp(1, slices.max(1));
    let [step_z, step_y, step_x] = facts.voxel_m;
    let (size, step) = match cut {
        "z" => ((x, y), step_x),
        "y" => ((x, z), step_x),
        _ => ((y, z), step_y),
    };
    // Cuts through all slices are as high as these lie apart.
    let stretch = match (cut, step_z, step) {
        ("z", ..) => 1.0,
        (_, Some(down), Some(across)) => down / across,
        _ => 1.0,
    };
    let bar = step.map_or_else(Default::default, |step| {
        let extent = step * size.0 as f64;
        let bar = signal_words::scale_bar(extent);
        (format!("{:.2}", 100.0 * bar / extent), signal_words::length(bar))
    });
    let [low, high] = facts.contrast.unwrap_or([0.0, 1.0]);
    let others = match all.len() {
        1 => Vec::new(),
        _ => all
            .iter()
            .enumerate()
            .take(MOST_OTHERS)
            .map(|(place, one)| Step {
                label: signal_words::image_title(one),
                href: (place != number).then(|| format!("?image={place}#image")),
            })
            .collect(),
    };
    let profile = (facts.slices > 1).then(|| profile(columns, number, facts, hue(opened)));
    Ok(Some(Images {
        number,
        title: signal_words::image_title(facts),
        about: format!("{}, {}", signal_words::image_about(facts), kind(&facts.kind)),
        others,
        src: format!("{pictures}/slice.png?image={number}"),
        said: format!("Slice of {}", signal_words::image_title(facts)),
        size: (size.0, ((size.1 as f64 * stretch).round() as usize).max(1)),
        bar,
        cuts: if may_cut {
            cuts.iter()
                .map(|(name, label, slices)| Cut {
                    name,
                    label,
                    slices: *slices,
                    chosen: *name == cut,
                })
                .collect()
        } else {
            Vec::new()
        },
        cut,
        slice,
        slices,
        contrast: (low.to_string(), high.to_string()),
        span: facts.span.map_or_else(String::new, |[low, high]| {
            let unit = signal_words::unit(&facts.unit);
            let ends =
                format!("{} to {} {unit}", numbers::digits(low, 5), numbers::digits(high, 5));
            ends.trim_end().to_owned()
        }),
        profile: profile.transpose()?,
        export: exports(&source, "profile", &format!("image={number}")),
        source,
    }))
}

/// How voxels are held, for people.
fn kind(kind: &str) -> &'static str {
    match kind {
        "uint8" => "8 bits",
        "uint16" => "16 bits",
        "float64" => "double precision",
        _ => "single precision",
    }
}

/// The mean of each slice against its depth.
fn profile(
    columns: &Columns,
    number: usize,
    facts: &ImageFacts,
    hue: &str,
) -> Result<ChartView, Error> {
    let slices = curves::profile(columns, number)?;
    let (x, axis, _) = signal_words::depths(facts);
    let span = (x.first().copied().unwrap_or(0.0), x.last().copied().unwrap_or(1.0));
    let y = slices.iter().map(|slice| slice.mean).collect();
    let rows = slices.len() as u64;
    let series = Series { name: "mean".to_owned(), x, y, rows, whole: true };
    let chart = chart::draw(&Shown {
        series: &[(series, hue.to_owned())],
        style: Style::Line,
        x: span,
        y: None,
        logarithmic: (false, false),
        x_unit: 1.0,
        y_unit: 1.0,
        height: chart::HEIGHT + 60.0,
        foot: true,
    });
    let unit = signal_words::unit(&facts.unit);
    let quantity = format!("Mean {} of each slice", signal_words::grey(&facts.name));
    let count = words::counted(slices.len(), "slice", "slices");
    Ok(ChartView {
        said: format!("{quantity}, {count}"),
        y: curve_words::with_unit(&quantity, &unit),
        label: "Through the slices".to_owned(),
        y_unit: unit,
        factors: (1.0, 1.0),
        curve: "profile",
        table: number.to_string(),
        columns: String::new(),
        x: axis,
        x_kind: "value",
        span: format!("{},{}", span.0, span.1),
        logarithmic: "",
        class: "",
        chart,
    })
}
