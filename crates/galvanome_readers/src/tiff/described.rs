//! What texts and tags of a TIFF say of its grid: ImageJ's description, OME-XML, resolution tags.

use std::io;

use super::directory::{Bytes, Directory};
use super::page::tags;
use crate::lengths::{length, metres};

/// How pages are arranged: of each dimension how many there are, and how many pages lie between two of them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Arranged {
    pub(super) channels: (usize, usize),
    pub(super) slices: (usize, usize),
    pub(super) frames: (usize, usize),
}

impl Arranged {
    /// Dimensions by their sizes, the one that changes from page to page first. None when there would be more pages than
    /// can be counted.
    fn of(order: [(u8, usize); 3]) -> Option<Self> {
        let mut step = 1_usize;
        let mut all = Self { channels: (1, 1), slices: (1, 1), frames: (1, 1) };
        for (which, count) in order {
            let count = count.max(1);
            match which {
                b'C' => all.channels = (count, step),
                b'Z' => all.slices = (count, step),
                _ => all.frames = (count, step),
            }
            step = step.checked_mul(count)?;
        }
        Some(all)
    }

    /// How many pages there are in all.
    pub(super) fn pages(&self) -> usize {
        self.channels.0.saturating_mul(self.slices.0).saturating_mul(self.frames.0)
    }
}

/// What a description says.
#[derive(Debug, Default)]
pub(super) struct Described {
    pub(super) arranged: Option<Arranged>,
    /// Edge lengths of a voxel along z, y, x in metres.
    pub(super) voxel_m: [Option<f64>; 3],
    /// The length of the unit in which ImageJ's resolution tags count, in metres.
    pub(super) unit_m: Option<f64>,
    /// How ImageJ computes values from what is stored, where it does: as it says it.
    pub(super) calibration: Option<String>,
}

/// What a description says; nothing when it is free text.
pub(super) fn described(text: &str) -> Described {
    if text.starts_with("ImageJ=") {
        return imagej(text);
    }
    let head = text.get(..text.len().min(4096)).unwrap_or(text);
    if text.trim_start().starts_with('<') && head.contains("OME") {
        ome(text)
    } else {
        Described::default()
    }
}

fn imagej(text: &str) -> Described {
    let value = |key: &str| {
        text.lines().find_map(|line| line.strip_prefix(key)?.strip_prefix('=')).map(str::trim)
    };
    let count = |key| value(key).and_then(|value| value.parse::<usize>().ok());
    let images = count("images").unwrap_or(1);
    let sizes = [count("channels"), count("slices"), count("frames")];
    let [channels, slices, frames] = sizes.map(|size| size.unwrap_or(1));
    let order = match sizes {
        // An ordinary stack says how many images there are and nothing else.
        [None, None, None] => [(b'Z', images), (b'C', 1), (b'T', 1)],
        _ => [(b'C', channels), (b'Z', slices), (b'T', frames)],
    };
    let unit_m = value("unit").and_then(metres);
    let spacing = value("spacing").and_then(|spacing| spacing.parse::<f64>().ok());
    let depth = spacing.zip(unit_m).and_then(|(spacing, unit)| length(spacing.abs() * unit));
    let constants = ["cf", "c0", "c1", "vunit"];
    let calibration = value("cf").map(|_| {
        let said = constants.iter().filter_map(|key| Some(format!("{key}={}", value(key)?)));
        said.collect::<Vec<_>>().join(", ")
    });
    Described { arranged: Arranged::of(order), voxel_m: [depth, None, None], unit_m, calibration }
}

/// The value of an attribute in what stands between the brackets of a tag.
fn attribute<'a>(tag: &'a str, name: &str) -> Option<&'a str> {
    let mut rest = tag;
    loop {
        let at = rest.find(name)?;
        let behind = rest.get(at + name.len()..)?;
        let before = rest.get(..at).and_then(|before| before.chars().next_back());
        if let Some(value) = behind.trim_start().strip_prefix('=')
            && before.is_none_or(char::is_whitespace)
        {
            let value = value.trim_start();
            let quote = value.chars().next().filter(|c| matches!(c, '"' | '\''))?;
            return value.get(1..)?.split(quote).next();
        }
        rest = behind;
    }
}

fn ome(text: &str) -> Described {
    let Some(pixels) = text.find("Pixels ").and_then(|at| text.get(at..)?.split('>').next()) else {
        return Described::default();
    };
    let edge = |axis: char| {
        let size = attribute(pixels, &format!("PhysicalSize{axis}"))?.parse::<f64>().ok()?;
        let unit = attribute(pixels, &format!("PhysicalSize{axis}Unit"));
        // Micrometres are the unit where the text says none (OME schema, Pixels).
        length(
            size * unit.map_or(Some(1e-6), |unit| {
                metres(&unit.replace("&#181;", "µ").replace("&#xB5;", "µ"))
            })?,
        )
    };
    let size = |axis: u8| {
        let name = format!("Size{}", char::from(axis));
        attribute(pixels, &name).and_then(|size| size.parse::<usize>().ok()).unwrap_or(1)
    };
    let order = attribute(pixels, "DimensionOrder").unwrap_or("XYCZT").as_bytes();
    let arranged = match order {
        &[b'X', b'Y', a @ b'C'..=b'Z', b @ b'C'..=b'Z', c @ b'C'..=b'Z']
            if a != b && b != c && a != c =>
        {
            Arranged::of([a, b, c].map(|axis| (axis, size(axis))))
        }
        _ => None,
    };
    Described { arranged, voxel_m: ['Z', 'Y', 'X'].map(edge), ..Described::default() }
}

/// What the resolution tags say of the edges of a pixel along y, x in metres, and whether they say a resolution of screens,
/// which software writes that knows none. Errors when the source cannot be read.
pub(super) fn resolution(
    bytes: &mut Bytes,
    directory: &Directory,
    unit_m: Option<f64>,
) -> io::Result<([Option<f64>; 2], bool)> {
    let unit = match directory.entry(tags::RESOLUTION_UNIT) {
        Some(entry) => bytes.whole(entry, 0)?,
        None => None,
    };
    let tag_m = match unit {
        Some(3) => Some(0.01),
        // Inches where a unit is not said (TIFF 6.0).
        Some(2) | None => Some(0.0254),
        _ => None,
    };
    // Who states a unit means it.
    let meant = unit_m.is_some();
    let Some(unit_m) = unit_m.or(tag_m) else { return Ok(([None; 2], false)) };
    let mut edges = [None; 2];
    let mut screen = false;
    for (edge, tag) in edges.iter_mut().zip([tags::Y_RESOLUTION, tags::X_RESOLUTION]) {
        let Some(entry) = directory.entry(tag) else { continue };
        let Some(per_unit) = bytes.real(entry, 0)? else { continue };
        let per_inch = per_unit * 0.0254 / unit_m;
        let usual = [72.0, 96.0].iter().any(|usual| (per_inch / usual - 1.0).abs() < 2e-3);
        if !meant && (usual || per_unit == 1.0) {
            screen = true;
        } else {
            *edge = length(unit_m / per_unit);
        }
    }
    Ok((edges, screen))
}
