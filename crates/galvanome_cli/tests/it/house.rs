//! The rules of the house: floors, purity, lints, sizes. ARCHITECTURE.md says why.

use std::path::{Path, PathBuf};

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..").canonicalize().unwrap()
}

/// Crates by floor, lowest first. A crate may use any lower floor, never its own.
const FLOORS: &[&[&str]] = &[
    &["galvanome_model", "galvanome_numerics"],
    &[
        "galvanome_exchange",
        "galvanome_inference",
        "galvanome_readers",
        "galvanome_store",
        "galvanome_techniques",
    ],
    &["galvanome"],
    &["galvanome_server"],
    &["galvanome_cli"],
];

/// What the pure floors must never link, and why.
const IMPURE: &[(&str, &str)] = &[
    ("tokio", "nothing async"),
    ("sqlx", "only the store knows SQL"),
    ("axum", "only the server knows HTTP"),
    ("object_store", "only the store holds bytes"),
    ("anyhow", "errors of the lower floors are their own types"),
    ("rand", "no unseeded randomness"),
];

fn manifest(krate: &str) -> toml::Table {
    let path = root().join("crates").join(krate).join("Cargo.toml");
    std::fs::read_to_string(path).unwrap().parse().unwrap()
}

fn dependencies(krate: &str) -> Vec<String> {
    let manifest = manifest(krate);
    let names = |section: &str| {
        manifest.get(section).and_then(toml::Value::as_table).map_or_else(Vec::new, |table| {
            table.keys().map(|name| name.replace('-', "_")).collect::<Vec<_>>()
        })
    };
    [names("dependencies"), names("build-dependencies")].concat()
}

fn floor_of(krate: &str) -> Option<usize> {
    FLOORS.iter().position(|floor| floor.contains(&krate))
}

fn crates() -> Vec<String> {
    let mut names: Vec<String> = std::fs::read_dir(root().join("crates"))
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    names.sort();
    names
}

/// Every tracked kind of source below a folder, without what the build makes.
pub(crate) fn sources_below(folder: &Path, extensions: &[&str]) -> Vec<PathBuf> {
    fn walk(folder: &Path, extensions: &[&str], found: &mut Vec<PathBuf>) {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
            if path.is_dir() {
                if !["target", "node_modules", ".git"].contains(&name.as_str()) {
                    walk(&path, extensions, found);
                }
            } else if path.extension().is_some_and(|end| extensions.iter().any(|one| end == *one)) {
                found.push(path);
            }
        }
    }
    let mut found = Vec::new();
    walk(folder, extensions, &mut found);
    found.sort();
    found
}

fn sources(extensions: &[&str]) -> Vec<PathBuf> {
    sources_below(&root(), extensions)
}

#[test]
fn arrows_run_downward_only() {
    for krate in crates() {
        let floor = floor_of(&krate);
        assert!(floor.is_some(), "`{krate}` has no floor: give it one here and in ARCHITECTURE.md");
        for used in dependencies(&krate) {
            if let Some(below) = floor_of(&used) {
                assert!(
                    Some(below) < floor,
                    "`{krate}` must not use `{used}`: arrows run downward"
                );
            }
        }
    }
}

#[test]
fn the_lower_floors_are_pure() {
    for krate in FLOORS[0].iter().chain(FLOORS[1]).filter(|krate| **krate != "galvanome_store") {
        let used = dependencies(krate);
        for (impure, why) in IMPURE {
            assert!(!used.iter().any(|name| name == impure), "`{krate}` uses `{impure}`: {why}");
        }
    }
}

#[test]
fn only_the_store_knows_sql_and_only_the_server_knows_http() {
    for (dependency, owner) in [("sqlx", "galvanome_store"), ("axum", "galvanome_server")] {
        for krate in crates() {
            if krate != owner {
                let used = dependencies(&krate);
                assert!(!used.iter().any(|name| name == dependency), "`{krate}` uses {dependency}");
            }
        }
    }
}

#[test]
fn names_of_crates_say_what_they_are() {
    for krate in crates() {
        for bad in ["_utils", "_common", "_types", "_core", "_traits"] {
            assert!(!krate.ends_with(bad), "`{krate}` says nothing: no {bad}");
        }
    }
}

#[test]
fn every_crate_has_the_lints_of_the_house() {
    for krate in crates() {
        let inherits = manifest(&krate)["lints"]["workspace"].as_bool();
        assert_eq!(inherits, Some(true), "`{krate}` does not inherit the workspace's lints");
    }
}

#[test]
fn exceptions_are_expected_never_allowed() {
    let forbidden = concat!("#[", "allow(");
    let forbidden_inner = concat!("#![", "allow(");
    for path in sources(&["rs"]) {
        let text = std::fs::read_to_string(&path).unwrap();
        let line = text
            .lines()
            .position(|line| line.contains(forbidden) || line.contains(forbidden_inner));
        assert_eq!(line, None, "{} allows a lint: expect it, with a reason", path.display());
    }
}

/// Modules that may hold `unsafe`, each with its reason beside it. None needs it today.
const UNSAFE: &[&str] = &[];

#[test]
fn unsafe_code_stays_in_its_listed_modules() {
    let mark = concat!("unsafe", "_code, reason");
    let found: Vec<String> = sources(&["rs"])
        .into_iter()
        .filter(|path| std::fs::read_to_string(path).unwrap().contains(mark))
        .map(|path| path.strip_prefix(root()).unwrap().display().to_string())
        .collect();
    assert_eq!(found, UNSAFE);
}

#[test]
fn a_file_has_one_subject_and_is_not_too_long() {
    for path in sources(&["rs", "ts"]) {
        let lines = std::fs::read_to_string(&path).unwrap().lines().count();
        assert!(lines <= 600, "{} has {lines} lines: split it by subject", path.display());
    }
}

#[test]
fn every_source_file_is_named_by_a_module() {
    for file in sources(&["rs"]) {
        let name = file.file_stem().and_then(|name| name.to_str()).expect("a name");
        let folder = file.parent().expect("a folder");
        // Programs of their own, and what build scripts take by path.
        let apart = ["benches", "examples", "fuzz_targets", "build"];
        if ["lib", "main", "mod", "build"].contains(&name)
            || apart.iter().any(|one| folder.ends_with(one))
        {
            continue;
        }
        let beside = ["lib.rs", "main.rs", "mod.rs"].map(|one| folder.join(one));
        let named = beside.iter().chain([&folder.with_extension("rs")]).any(|parent| {
            std::fs::read_to_string(parent).is_ok_and(|text| {
                text.lines().any(|line| line.trim().ends_with(&format!("mod {name};")))
            })
        });
        assert!(named, "{}: no module names it, so it is never compiled", file.display());
    }
}

#[test]
fn nothing_unfinished_is_left_in_the_sources() {
    let marks = [concat!("todo", "!("), concat!("unimplemented", "!("), concat!("dbg", "!(")];
    for path in sources(&["rs"]) {
        let text = std::fs::read_to_string(&path).unwrap();
        for mark in marks {
            assert!(!text.contains(mark), "{} holds {mark}", path.display());
        }
    }
}

#[test]
fn only_wire_knows_the_json_shapes_of_the_api() {
    let mark = concat!("To", "Schema");
    for path in sources(&["rs"]) {
        let shown = path.strip_prefix(root()).unwrap().display().to_string();
        let wire = shown.starts_with("crates/galvanome_server/src/wire");
        let knows = std::fs::read_to_string(&path).unwrap().contains(mark);
        assert!(wire || !knows || shown.ends_with("house.rs"), "{shown} describes JSON of the API");
    }
}

#[test]
fn the_default_binary_needs_no_cpp_runtime() {
    let binary = std::fs::read(env!("CARGO_BIN_EXE_galvanome")).unwrap();
    let needle = b"libstdc++.so";
    assert!(
        !binary.windows(needle.len()).any(|window| window == needle),
        "the binary needs the C++ runtime: put what brings it behind a feature"
    );
}

#[test]
fn the_few_documents_are_there() {
    for name in [
        "README.md",
        "ARCHITECTURE.md",
        "DESIGN.md",
        "CONTRIBUTING.md",
        "CHANGELOG.md",
        "LICENSE",
        "docs/validation.md",
        "docs/performance.md",
    ] {
        assert!(root().join(name).is_file(), "{name} is missing");
    }
}

#[test]
fn every_dependency_has_its_reason_in_design() {
    let design = std::fs::read_to_string(root().join("DESIGN.md")).unwrap();
    let manifest: toml::Table =
        std::fs::read_to_string(root().join("Cargo.toml")).unwrap().parse().unwrap();
    for name in manifest["workspace"]["dependencies"].as_table().unwrap().keys() {
        if !name.starts_with("galvanome") {
            let row = format!("`{name}`");
            assert!(design.contains(&row), "DESIGN.md does not say why {row} is used");
        }
    }
}
