//! What was set: the technique and what the user said of the cell; what is connected to the analogue inputs.
//!
//! The first 620 bytes stand at the same places in every version seen. What follows differs by technique
//! (`biologic_mpr/parameters.rs`): nothing in it is needed to read the rows.

use super::bytes::{f32_at, text_at, u8_at, u16_at};
use crate::sink::Sink;

/// Bytes of the settings that are looked at: 200 steps of the longest technique, and more.
pub(super) const HEAD: usize = 1 << 15;

/// The technique whose potential is that of the cell.
const BATTERY_CAPACITY_DETERMINATION: u8 = 0x88;

/// Techniques by their number: EC-Lab's short and long name.
const TECHNIQUES: &[(u8, &str, &str)] = &[
    (0x04, "GCPL", "Galvanostatic Cycling with Potential Limitation"),
    (0x06, "CV", "Cyclic Voltammetry"),
    (0x0b, "OCV", "Open Circuit Voltage"),
    (0x18, "CA", "Chronoamperometry / Chronocoulometry"),
    (0x19, "CP", "Chronopotentiometry"),
    (0x1c, "WAIT", "Wait"),
    (0x1d, "PEIS", "Potentio Electrochemical Impedance Spectroscopy"),
    (0x1e, "GEIS", "Galvano Electrochemical Impedance Spectroscopy"),
    (0x32, "ZIR", "IR compensation (PEIS)"),
    (0x6c, "LSV", "Linear Sweep Voltammetry"),
    (0x77, "GCPL", "Galvanostatic Cycling with Potential Limitation"),
    (0x7f, "MB", "Modulo Bat"),
    (BATTERY_CAPACITY_DETERMINATION, "BCD", "Battery Capacity Determination"),
];

/// Instruments by their number.
const DEVICES: &[(u8, &str)] = &[
    (0x05, "VMP3"),
    (0x06, "VSP"),
    (0x0e, "SP-150"),
    (0x10, "SP-300"),
    (0x16, "MPG-2"),
    (0x1b, "SP-240"),
    (0x22, "VSP-3e"),
];

/// Where the mass of the active material stands, in mg, and behind it x, the molecular weight of the material, the
/// atomic weight of the ion, x at the start and the number of electrons.
pub(super) const MASS_AT: usize = 0x107;
/// Where the comments stand.
pub(super) const COMMENTS_AT: usize = 0x07;
/// Where the material of the electrode stands.
pub(super) const MATERIAL_AT: usize = 0x11e;
/// Where the characteristic mass stands.
pub(super) const CHARACTERISTIC_MASS_AT: usize = 0x24c;
/// Where the capacity of the battery stands, in mAh.
pub(super) const CAPACITY_AT: usize = 0x25c;
/// Where the number of the instrument stands.
pub(super) const DEVICE_AT: usize = 0x46e;

/// The number of a technique, by its short or long name.
pub(super) fn technique_number(name: &str) -> Option<u8> {
    TECHNIQUES.iter().find(|known| known.1 == name || known.2 == name).map(|known| known.0)
}

/// The number of an instrument, by its name.
pub(super) fn device_number(name: &str) -> Option<u8> {
    DEVICES.iter().find(|known| known.1 == name).map(|known| known.0)
}

/// The name of an instrument.
pub(super) fn device(number: u8) -> String {
    match DEVICES.iter().find(|known| known.0 == number) {
        Some((_, name)) => (*name).to_owned(),
        None => format!("BioLogic instrument number {number}"),
    }
}

/// Writes what was set into the metadata. Gives the instrument's number, if there is one, and whether the
/// potential of the technique is that of the cell.
pub(super) fn read_settings(head: &[u8], sink: &mut dyn Sink) -> (Option<u8>, bool) {
    let Some(technique) = u8_at(head, 0) else { return (None, false) };
    match TECHNIQUES.iter().find(|known| known.0 == technique) {
        Some((_, short, long)) => {
            sink.metadata("Technique", long);
            sink.metadata("Technique, short", short);
        }
        None => sink.metadata("Technique", &format!("number {technique}, whose name is not known")),
    }
    let mut text = |key: &str, at: usize, room: usize| {
        if let Some(text) = text_at(head, at, room).filter(|text| !text.is_empty()) {
            sink.metadata(key, &text);
        }
    };
    text("Comments", COMMENTS_AT, 255);
    text("Electrode material", MATERIAL_AT, 80);
    text("Initial state", 0x16f, 80);
    text("Electrolyte", 0x1c0, 80);
    text("Reference electrode", 0x215, 50);
    let mut number = |key: &str, at: usize, unit: &str| {
        if let Some(value) = f32_at(head, at).filter(|value| value.is_finite()) {
            sink.metadata(key, format!("{value} {unit}").trim_end());
        }
    };
    number("Reference electrode potential", 0x248, "V");
    number("Mass of active material", MASS_AT, "mg");
    number("at x", MASS_AT + 4, "");
    number("Molecular weight of active material", MASS_AT + 8, "g/mol");
    number("Atomic weight of intercalated ion", MASS_AT + 12, "g/mol");
    number("Acquisition started at xo", MASS_AT + 16, "");
    let area = match u8_at(head, CHARACTERISTIC_MASS_AT + 4) {
        Some(2) => "cm²",
        Some(3) => "mm²",
        _ => "",
    };
    let mass = match u8_at(head, CHARACTERISTIC_MASS_AT + 5) {
        Some(1) => "g",
        Some(2) => "mg",
        _ => "",
    };
    number("Electrode surface area", 0x211, area);
    number("Characteristic mass", CHARACTERISTIC_MASS_AT, mass);
    number("Battery capacity", CAPACITY_AT, "mA.h");
    if let Some(electrons) = u16_at(head, MASS_AT + 20) {
        sink.metadata(
            "Number of e- transfered per intercalated ion",
            &(electrons & 0xff).to_string(),
        );
    }
    let device = u8_at(head, DEVICE_AT).filter(|&number| number != 0);
    (device, technique == BATTERY_CAPACITY_DETERMINATION)
}

/// What is connected to the analogue inputs 1 to 3, with units, such as `Force/N`; empty where nothing is.
pub(super) fn read_external_device(head: &[u8], sink: &mut dyn Sink) -> Vec<String> {
    const FIRST: usize = 0x35;
    const EACH: usize = 45;
    (0..3)
        .map(|input| {
            let at = FIRST + input * EACH;
            let used = u8_at(head, at) == Some(1);
            let label = text_at(head, at + 1, 20).filter(|label| used && !label.is_empty());
            let label = label.unwrap_or_default();
            if !label.is_empty() {
                sink.metadata(&format!("Analog IN {}", input + 1), &label);
            }
            label
        })
        .collect()
}

/// The first row of each loop; the last number of the module is the end of the last loop.
pub(super) fn read_loops(head: &[u8], sink: &mut dyn Sink) -> Vec<u64> {
    let number = |at: usize| super::bytes::u32_at(head, at).map(u64::from);
    let count = number(0).unwrap_or(0) as usize;
    let most = count.min(head.len() / 4);
    let starts: Vec<u64> = (1..=most).map_while(|place| number(4 * place)).collect();
    // What does not begin at the first row and rise is not a list of loops.
    if starts.first() != Some(&0) || !starts.is_sorted_by(|a, b| a < b) {
        return Vec::new();
    }
    if starts.len() < count {
        // The module is cut: every number that is there begins a loop.
        return starts;
    }
    let ends = starts.get(1..).unwrap_or_default();
    sink.metadata("Number of loops", &ends.len().to_string());
    for (place, (start, end)) in starts.iter().zip(ends).enumerate() {
        let span = format!("from point number {start} to {}", end.saturating_sub(1));
        sink.metadata(&format!("Loop {place}"), &span);
    }
    starts.get(..ends.len()).unwrap_or_default().to_vec()
}
