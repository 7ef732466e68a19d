//! Pictures of measured values as PNG: grey slices, and coloured maps.

/// Where the colours of a scale stand, from the least value to the greatest: lightness rises evenly, so that it is read
/// without colours too.
const SCALE: [[u8; 3]; 7] = [
    [16, 20, 46],
    [38, 48, 104],
    [43, 88, 145],
    [46, 130, 160],
    [86, 172, 168],
    [160, 212, 178],
    [246, 248, 214],
];

/// A picture of grey values, row by row from the top. Empty when the number of values is not that of the pixels.
pub fn grey(width: usize, height: usize, values: &[u8]) -> Vec<u8> {
    encode(width, height, values, png::ColorType::Grayscale)
}

/// A picture of values on a colour scale from `low` to `high`, row by row from the top; what is missing is clear. Colours go
/// with the square root of what a value is above `low` when `is_root`, which shows weak counts beside strong ones. Empty
/// when the number of values is not that of the pixels.
pub fn coloured(
    width: usize,
    height: usize,
    values: &[f64],
    (low, high): (f64, f64),
    is_root: bool,
) -> Vec<u8> {
    let extent = if high > low { high - low } else { 1.0 };
    let share = |value: &f64| {
        let share = (value - low) / extent;
        if is_root && share > 0.0 { share.sqrt() } else { share }
    };
    let pixels: Vec<u8> = values.iter().flat_map(|value| colour(share(value))).collect();
    encode(width, height, &pixels, png::ColorType::Rgba)
}

/// The colour of a share of the scale; clear for what is no number.
pub fn colour(share: f64) -> [u8; 4] {
    if share.is_nan() {
        return [0; 4];
    }
    let last = SCALE.len() - 1;
    let at = share.clamp(0.0, 1.0) * last as f64;
    let below = (at as usize).min(last - 1);
    let part = at - below as f64;
    let mut mixed = [255; 4];
    let ends = (SCALE.get(below), SCALE.get(below + 1));
    if let (Some(low), Some(high)) = ends {
        for ((slot, low), high) in mixed.iter_mut().zip(low).zip(high) {
            *slot = (f64::from(*low) + part * (f64::from(*high) - f64::from(*low))).round() as u8;
        }
    }
    mixed
}

fn encode(width: usize, height: usize, bytes: &[u8], kind: png::ColorType) -> Vec<u8> {
    let mut out = Vec::new();
    let written = || -> Result<(), png::EncodingError> {
        let side = |pixels: usize| u32::try_from(pixels).unwrap_or(u32::MAX);
        let mut encoder = png::Encoder::new(&mut out, side(width), side(height));
        encoder.set_color(kind);
        encoder.set_depth(png::BitDepth::Eight);
        encoder.set_compression(png::Compression::Fast);
        let mut writer = encoder.write_header()?;
        writer.write_image_data(bytes)?;
        writer.finish()
    };
    let mut written = written;
    if written().is_err() {
        out.clear();
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn colours_grow_lighter() {
        let light = |share: f64| {
            let [r, g, b, _] = colour(share).map(f64::from);
            0.2126 * r + 0.7152 * g + 0.0722 * b
        };
        let steps: Vec<f64> = (0..=20).map(|step| light(f64::from(step) / 20.0)).collect();
        assert!(steps.is_sorted(), "{steps:?}");
        assert_eq!((colour(f64::NAN), colour(2.0)), ([0; 4], colour(1.0)));
    }

    #[test]
    fn pictures_have_the_pixels_they_are_given() {
        let check = |bytes: &[u8], expected: Option<(u32, u32)>| {
            let read = png::Decoder::new(std::io::Cursor::new(bytes)).read_info();
            let size = read.ok().map(|reader| (reader.info().width, reader.info().height));
            assert_eq!(size, expected);
        };
        check(&grey(3, 2, &[0, 50, 100, 150, 200, 250]), Some((3, 2)));
        check(&grey(3, 2, &[0; 5]), None);
        check(&coloured(2, 1, &[1.0, f64::NAN], (0.0, 1.0), true), Some((2, 1)));
        check(&grey(0, 0, &[]), None);
    }
}
