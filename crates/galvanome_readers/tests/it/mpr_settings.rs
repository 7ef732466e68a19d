//! What was set for the steps of a technique.

use galvanome_readers::biologic_mpr::Version;
use galvanome_readers::{Collect, Files, Limits, read};

use crate::fixtures::cell;
use crate::fixtures::mpr::mpr;

/// Metadata of a file.
fn metadata(name: &str, bytes: Vec<u8>) -> Vec<(String, String)> {
    let mut collect = Collect::new();
    read(&Files::one(name, bytes), &Limits::default(), &mut collect).expect("a file");
    collect.into_measurement().metadata
}

/// A file whose settings are of a technique, with records of steps at a place.
fn with_settings(technique: u8, at: usize, settings: u16, steps: &[Vec<u8>]) -> Vec<u8> {
    let whole = mpr(&cell(2), Version::Three, &[]);
    let data = whole.windows(6).skip(53).position(|w| w == b"MODULE").expect("data") + 53;
    let mut module = vec![0; at + 4];
    module[0] = technique;
    let bytes: usize = steps.iter().map(Vec::len).sum();
    module[at - 4..at].copy_from_slice(&(0x104 + bytes as u32).to_le_bytes());
    module[at..at + 2].copy_from_slice(&(steps.len() as u16).to_le_bytes());
    module[at + 2..at + 4].copy_from_slice(&settings.to_le_bytes());
    module.extend(steps.concat());
    let mut file = whole[..52].to_vec();
    file.extend(b"MODULEVMP Set   VMP settings             ");
    file.extend((module.len() as u32).to_le_bytes());
    file.extend(b"\0\0\0\x0003/02/21");
    file.extend(module);
    file.extend(&whole[data..]);
    file
}

/// A step of chronopotentiometry.
fn step(amperes: f32, unit: u8, limit: f32) -> Vec<u8> {
    let mut bytes = amperes.to_le_bytes().to_vec();
    bytes.extend([unit, 2]);
    bytes.extend([30.5_f32.to_le_bytes(), limit.to_le_bytes(), 3.333_f32.to_le_bytes()].concat());
    bytes.extend([1, 1]);
    for value in [0.0_f32, 1.0, -10.0, 10.0] {
        bytes.extend(value.to_le_bytes());
    }
    bytes.extend([0x24, 8, 0, 0, 0, 0, 7, 0, 0, 0]);
    bytes
}

#[test]
fn steps_stand_in_the_metadata() {
    let check = |bytes: Vec<u8>, wanted: &[(&str, &str)], absent: &[&str]| {
        let found = metadata("cell.mpr", bytes);
        let of = |key: &str| found.iter().find(|(k, _)| k == key).map(|(_, v)| v.as_str());
        for (key, value) in wanted {
            assert_eq!(of(key), Some(*value), "{key}");
        }
        for key in absent {
            assert_eq!(of(key), None, "{key}");
        }
    };
    let steps = [step(-100.0, 1, f32::NAN), step(120.000_01, 2, 4.2)];
    for place in [0x572, 0x1845, 0x1846, 0x1847] {
        let wanted = [
            ("Technique, short", "CP"),
            ("Is", "-100 mA, 120 µA"),
            ("ts", "30.5 s, 30.5 s"),
            ("EM", "pass, 4.2 V"),
            ("dQM", "3.333 mA.h, 3.333 mA.h"),
            ("E range min", "-10 V, -10 V"),
            ("Bandwidth", "8, 8"),
            ("nc cycles", "7, 7"),
        ];
        check(with_settings(0x19, place, 16, &steps), &wanted, &["I Range", "record"]);
    }
    // A unit that nobody has seen leaves the setting out, of all steps.
    let strange = [step(1.0, 1, 4.2), step(1.0, 9, 4.2)];
    check(with_settings(0x19, 0x1845, 16, &strange), &[("EM", "4.2 V, 4.2 V")], &["Is"]);
    // Another technique, another number of settings, a record too long, and none: nothing is read.
    let none = ["Is", "EM", "ts", "nc cycles"];
    check(with_settings(0x18, 0x1845, 16, &steps), &[("Technique, short", "CA")], &none);
    check(with_settings(0x19, 0x1845, 17, &steps), &[], &none);
    let long = [[step(1.0, 1, 4.2), vec![0]].concat()];
    check(with_settings(0x19, 0x1845, 16, &long), &[], &none);
    check(with_settings(0x19, 0x1845, 16, &[]), &[], &none);
}

/// A value of the vendor's text as a number, and how far what it was printed from may lie from it. `12:00:5.0000` is a
/// time.
fn printed(text: &str) -> Option<(f64, f64)> {
    let text = text.replace(',', ".");
    let decimals = text.split_once('.').map_or(0, |(_, decimals)| decimals.len());
    // No word of the user's, such as nan, is a number.
    let is_number = text.chars().all(|c| c.is_ascii_digit() || "+-.:".contains(c));
    let parts: Option<Vec<f64>> =
        text.split(':').map(|part| part.parse().ok().filter(|_| is_number)).collect();
    let value = parts?.into_iter().fold(0.0, |value, part| 60.0 * value + part);
    Some((value, 0.51 * 0.1_f64.powf(decimals as f64) + 2e-6 * value.abs()))
}

#[test]
fn settings_are_those_of_the_vendors_text() {
    let Some(folder) = std::env::var_os("GALVANOME_CORPUS").map(std::path::PathBuf::from) else {
        eprintln!("GALVANOME_CORPUS names no folder of real files: none was tried");
        return;
    };
    let folder = [folder.join("cycling"), folder].into_iter().find(|at| at.join("mpr").is_dir());
    let folder = folder.expect("a folder `mpr`");
    // Files, and how many of their settings the text must show.
    for (name, least) in [
        ("ca", 12),
        ("ca.issue_149", 12),
        ("cp", 11),
        ("cp.issue_149", 11),
        ("cv", 10),
        ("gcpl.issue_226.CxN", 22),
        ("gcpl.issue_226.I", 22),
        ("lsv.issue_195", 12),
        ("ocv", 6),
        ("vsp_ocv_wo", 6),
    ] {
        let [ours, theirs] = ["mpr", "mpt"].map(|ending| {
            let path = folder.join(ending).join(format!("{name}.{ending}"));
            metadata(name, std::fs::read(&path).expect("a file of the corpus"))
        });
        let mut compared = 0;
        for (key, values) in &ours {
            // The text says the unit behind the name, or in an entry of its own.
            let label = |label: &String| {
                label == key || label.strip_prefix(key).is_some_and(|rest| rest.starts_with(" ("))
            };
            let Some((label, text)) = theirs.iter().find(|(known, _)| label(known)) else {
                continue;
            };
            let text: Vec<&str> =
                text.split("  ").map(str::trim).filter(|part| !part.is_empty()).collect();
            let values: Vec<&str> = values.split(", ").collect();
            if text.len() != values.len()
                || text.iter().any(|text| printed(text).is_none() && *text != "pass")
            {
                continue;
            }
            let unit = label.strip_prefix(key).unwrap_or("").trim_matches([' ', '(', ')']);
            let units = ["unit ", "dunit "].iter().find_map(|before| {
                let of = theirs.iter().find(|(known, _)| *known == format!("{before}{key}"))?;
                Some(
                    of.1.split("  ")
                        .map(str::trim)
                        .filter(|unit| !unit.is_empty())
                        .collect::<Vec<_>>(),
                )
            });
            for (step, (value, text)) in values.iter().zip(&text).enumerate() {
                let Some((wanted, off)) = printed(text) else {
                    assert_eq!(value, text, "{name}: {key}");
                    continue;
                };
                let (number, rest) = value.split_once(' ').unwrap_or((value, ""));
                let number: f64 = number.parse().expect("a number");
                assert!((number - wanted).abs() <= off, "{name}: {key} {value}, not {text}");
                let said = units.as_ref().map_or(unit, |units| units[step]);
                let said = if said == "h:m:s" { "s" } else { said };
                let ours = rest.split(" vs.").next().unwrap_or("");
                assert!(said.is_empty() || said == ours, "{name}: {key} {value}, not in {said}");
            }
            compared += 1;
        }
        assert!(compared >= least, "{name}: {compared} settings compared");
        eprintln!("{name}: {compared} settings as the vendor's text says");
    }
}
