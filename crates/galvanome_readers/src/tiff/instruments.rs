//! What microscopes write into private tags: Zeiss SmartSEM (34118) and FEI / Thermo Fisher (34680, 34682). Their texts are
//! given verbatim, and the size of a pixel is taken from them.

use crate::lengths::{length, metres};

/// The tag of Zeiss.
pub(super) const ZEISS: u16 = 34118;
/// The tags of FEI.
pub(super) const FEI: [u16; 2] = [34680, 34682];

/// What such a text says.
#[derive(Debug, Default, PartialEq)]
pub(super) struct Told {
    /// Keys and what stands beside them, in the order of the text.
    pub(super) entries: Vec<(String, String)>,
    /// Edges of a pixel along y, x in metres.
    pub(super) pixel_m: [Option<f64>; 2],
    /// The microscope.
    pub(super) instrument: String,
}

/// A number with its unit as metres.
fn length_of(value: &str) -> Option<f64> {
    let (number, unit) = value.trim().split_once(char::is_whitespace)?;
    length(number.parse::<f64>().ok()? * metres(unit)?)
}

/// Zeiss: first bare numbers, then pairs of lines, a key in capitals and `Name = value unit`.
pub(super) fn zeiss(text: &str) -> Told {
    let mut told = Told::default();
    let mut bare: Vec<f64> = Vec::new();
    let mut key: Option<&str> = None;
    let mut sizes = [None; 2];
    for line in text.lines().map(|line| line.trim_end_matches('\r')) {
        let is_key = line.starts_with(|c: char| c.is_ascii_uppercase())
            && line.contains('_')
            && line.chars().all(|c| c.is_ascii_uppercase() || c.is_ascii_digit() || c == '_');
        match key.take() {
            _ if is_key => key = Some(line),
            Some(key) => {
                let value = line.split_once('=').map(|(_, value)| value);
                match key {
                    "AP_IMAGE_PIXEL_SIZE" => sizes[0] = value.and_then(length_of),
                    "AP_PIXEL_SIZE" => sizes[1] = value.and_then(length_of),
                    "DP_SEM" | "DP_MODEL" | "SV_INSTRUMENT" => {
                        value.unwrap_or_default().trim().clone_into(&mut told.instrument);
                    }
                    _ => {}
                }
                told.entries.push((key.to_owned(), line.to_owned()));
            }
            None if line.trim().is_empty() => {}
            None => {
                if let Ok(number) = line.trim().parse::<f64>() {
                    bare.push(number);
                }
                told.entries.push(("Zeiss".to_owned(), line.to_owned()));
            }
        }
    }
    let rounded = sizes[0].or(sizes[1]);
    // The same length stands among the bare numbers in metres, with more digits.
    let exact = bare.iter().copied().find(|bare| {
        rounded.is_some_and(|rounded| (bare / rounded - 1.0).abs() < 1e-3) && *bare > 0.0
    });
    told.pixel_m = [exact.or(rounded); 2];
    told
}

/// FEI: sections in brackets with lines `Key=value`.
pub(super) fn fei(text: &str) -> Told {
    let mut told = Told::default();
    let mut section = "";
    for line in text.lines().map(str::trim).filter(|line| !line.is_empty()) {
        if let Some(name) = line.strip_prefix('[').and_then(|line| line.strip_suffix(']')) {
            section = name;
            continue;
        }
        let Some((key, value)) = line.split_once('=') else {
            told.entries.push((section.to_owned(), line.to_owned()));
            continue;
        };
        let metres = || value.trim().parse::<f64>().ok().and_then(length);
        match (section, key) {
            ("Scan" | "EScan", "PixelHeight") if told.pixel_m[0].is_none() => {
                told.pixel_m[0] = metres();
            }
            ("Scan" | "EScan", "PixelWidth") if told.pixel_m[1].is_none() => {
                told.pixel_m[1] = metres();
            }
            ("System", "SystemType") => value.trim().clone_into(&mut told.instrument),
            _ => {}
        }
        told.entries.push((format!("{section}.{key}"), value.to_owned()));
    }
    told
}
