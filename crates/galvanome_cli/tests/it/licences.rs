//! Licences of everything that is linked, and what may not be linked at all.

use std::process::Command;

/// Licences that go with Apache-2.0 in one binary.
const ALLOWED: &[&str] = &[
    "0BSD",
    "Apache-2.0",
    "Apache-2.0 WITH LLVM-exception",
    "BSD-2-Clause",
    "BSD-3-Clause",
    "BSL-1.0",
    "CC0-1.0",
    "CDLA-Permissive-2.0",
    "ISC",
    "MIT",
    "MIT-0",
    "Unicode-3.0",
    "Unlicense",
    "Zlib",
    "blessing",
];

/// Crates that must not come in, and why.
const BANNED: &[(&str, &str)] = &[
    ("openssl-sys", "needs a system library"),
    ("link-cplusplus", "needs the C++ runtime"),
    ("rusqlite", "a second crate that links sqlite3"),
    ("arrow", "heavy, and parquet is used without it"),
    ("memmap2", "no memory maps: a file may change under one"),
];

/// Banned crates that one crate may bring along, because we never reach what it uses them for.
/// `fontdb` maps font files, and no font is read from a file: the typeface is in the binary.
const BROUGHT_ALONG: &[(&str, &str)] = &[("memmap2", "fontdb")];

/// Whether one licence of an SPDX expression of `OR` and `AND` is allowed.
fn fits(expression: &str) -> bool {
    let expression = expression.replace('/', " OR ").replace(['(', ')'], "");
    expression
        .split(" OR ")
        .any(|side| side.split(" AND ").all(|licence| ALLOWED.contains(&licence.trim())))
}

/// The names of the crates that use a crate directly.
fn users_of<'a>(metadata: &'a serde_json::Value, id: &str) -> Vec<&'a str> {
    let uses = |node: &&serde_json::Value| {
        node["dependencies"].as_array().unwrap().iter().any(|one| one == id)
    };
    let nodes = metadata["resolve"]["nodes"].as_array().unwrap().iter().filter(uses);
    let name = |id: &serde_json::Value| {
        let packages = metadata["packages"].as_array().unwrap();
        packages.iter().find(|package| package["id"] == *id).unwrap()["name"].as_str().unwrap()
    };
    nodes.map(|node| name(&node["id"])).collect()
}

/// What `fontdb` is not asked to do, so that it maps no file.
#[test]
fn no_font_is_read_from_a_file() {
    let crates = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    for path in crate::house::sources_below(&crates, &["rs"]) {
        let text = std::fs::read_to_string(&path).unwrap();
        for call in [
            concat!("load_system", "_fonts"),
            concat!("load_font", "_file"),
            concat!("load_fonts", "_dir"),
        ] {
            assert!(!text.contains(call), "{} calls {call}", path.display());
        }
    }
}

#[test]
fn every_linked_crate_has_a_licence_that_fits_and_none_is_banned() {
    let output = Command::new(env!("CARGO"))
        .args(["metadata", "--locked", "--offline", "--format-version", "1"])
        .args(["--filter-platform", "x86_64-unknown-linux-gnu"])
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .output()
        .unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let metadata: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
    let linked: std::collections::BTreeSet<&str> = metadata["resolve"]["nodes"]
        .as_array()
        .unwrap()
        .iter()
        .map(|node| node["id"].as_str().unwrap())
        .collect();
    let mut wrong = Vec::new();
    for package in metadata["packages"].as_array().unwrap() {
        if !linked.contains(package["id"].as_str().unwrap()) {
            continue;
        }
        let name = package["name"].as_str().unwrap();
        let licence = package["license"].as_str().unwrap_or("none stated");
        if !fits(licence) {
            wrong.push(format!("{name}: licence {licence}"));
        }
        if let Some((_, why)) = BANNED.iter().find(|(banned, _)| *banned == name) {
            let by = users_of(&metadata, package["id"].as_str().unwrap());
            let excused =
                !by.is_empty() && by.iter().all(|user| BROUGHT_ALONG.contains(&(name, user)));
            if !excused {
                wrong.push(format!("{name}, used by {}: {why}", by.join(", ")));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn expressions_are_read_right() {
    assert!(fits("MIT OR Apache-2.0"));
    assert!(fits("MIT/GPL-3.0"));
    assert!(fits("(MIT OR Apache-2.0) AND Unicode-3.0"));
    assert!(!fits("GPL-3.0-only"));
    assert!(!fits("MIT AND GPL-3.0"));
}
