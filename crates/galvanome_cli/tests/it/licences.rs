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

/// Whether one licence of an SPDX expression of `OR` and `AND` is allowed.
fn fits(expression: &str) -> bool {
    let expression = expression.replace('/', " OR ").replace(['(', ')'], "");
    expression
        .split(" OR ")
        .any(|side| side.split(" AND ").all(|licence| ALLOWED.contains(&licence.trim())))
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
            wrong.push(format!("{name}: {why}"));
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
