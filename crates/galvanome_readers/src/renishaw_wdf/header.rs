//! The head of the file.

use crate::le::{f32_at, u16_at, u32_at, u64_at};

/// Its length.
pub(super) const LEN: usize = 512;

/// More lists of the axis and of spectra than one.
pub(super) const XYXY: u64 = 1;
/// Tracks of the camera that have axes of their own.
pub(super) const MULTITRACK: u64 = 1 << 3;
/// Some spectra are saturated.
pub(super) const SATURATED: u64 = 1 << 4;

/// How the spectra belong together.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Together {
    /// The file does not say.
    Unsaid,
    /// One spectrum.
    Single,
    /// Along one axis: time, depth, temperature.
    Series,
    /// Over an area or along a line of it.
    Map,
}

/// What the head says.
#[derive(Debug)]
pub(super) struct Header {
    pub(super) flags: u64,
    /// Tracks of the camera.
    pub(super) tracks: u32,
    /// Points of one spectrum.
    pub(super) points: u32,
    /// Spectra that were to be taken, for which there is room in the file.
    pub(super) capacity: u64,
    /// Spectra that were taken.
    pub(super) count: u64,
    /// Exposures of each spectrum, those for the removal of cosmic rays among them.
    pub(super) exposures: u32,
    /// Points of the second axis of an image of the camera, 1 for spectra.
    pub(super) y_len: u32,
    pub(super) software: String,
    pub(super) scan_type: u32,
    pub(super) together: Together,
    /// Start and end, in Windows' time.
    pub(super) start: u64,
    pub(super) end: u64,
    /// Unit of the values.
    pub(super) unit: u32,
    /// Wavenumber of the laser in 1/cm.
    pub(super) laser: f64,
    pub(super) user: String,
    pub(super) title: String,
}

impl Header {
    /// Reads a head; none where it is cut.
    pub(super) fn of(head: &[u8]) -> Option<Self> {
        let head = head.get(..LEN)?;
        let text = |from: usize, to: usize| text(head.get(from..to).unwrap_or_default());
        let version: Vec<String> =
            (120..128).step_by(2).map(|at| u16_at(head, at).to_string()).collect();
        let name = text(96, 120);
        let software =
            if name.is_empty() { String::new() } else { format!("{name} {}", version.join(".")) };
        Some(Self {
            flags: u64_at(head, 16),
            tracks: u32_at(head, 52),
            points: u32_at(head, 60),
            capacity: u64_at(head, 64),
            count: u64_at(head, 72),
            exposures: u32_at(head, 80),
            y_len: u32_at(head, 84),
            software,
            scan_type: u32_at(head, 128),
            together: match u32_at(head, 132) {
                1 => Together::Single,
                2 => Together::Series,
                3 => Together::Map,
                _ => Together::Unsaid,
            },
            start: u64_at(head, 136),
            end: u64_at(head, 144),
            unit: u32_at(head, 152),
            laser: f32_at(head, 156),
            user: text(208, 240),
            title: text(240, 400),
        })
    }
}

/// A text up to its first zero.
pub(super) fn text(bytes: &[u8]) -> String {
    let len = bytes.iter().position(|&byte| byte == 0).unwrap_or(bytes.len());
    let text = String::from_utf8_lossy(bytes.get(..len).unwrap_or_default());
    text.trim().to_owned()
}
