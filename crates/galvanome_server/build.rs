//! Bundles the scripts and styles of `web/` and lists them for `src/assets.rs`.
//!
//! Packages are fetched by `npm ci --ignore-scripts`, only when `package-lock.json` differs from the stamp that the
//! last fetch left in `node_modules`; afterwards everything works offline. `GALVANOME_WEB_DIST` names a folder that
//! `node build.mjs FOLDER` made elsewhere, and then neither Node.js nor the network is needed.

#[path = "../../build/npm.rs"]
mod npm;

use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use npm::{Result, call, variable, with_packages};

/// How to build without Node.js.
const WITHOUT: &str =
    "set GALVANOME_WEB_DIST to a folder made by `node build.mjs FOLDER` on another machine";

const SOURCES: &[&str] = &[
    ".npmrc",
    "build.mjs",
    "icon.svg",
    "package-lock.json",
    "package.json",
    "src",
    "styles",
    "tsconfig.json",
];

fn main() {
    println!("cargo::rerun-if-env-changed=GALVANOME_WEB_DIST");
    npm::report(run());
}

fn run() -> Result<()> {
    let out = PathBuf::from(variable("OUT_DIR")?);
    let web = PathBuf::from(variable("CARGO_MANIFEST_DIR")?).join("web");
    let dist = if let Some(given) = std::env::var_os("GALVANOME_WEB_DIST") {
        let given = PathBuf::from(given);
        println!("cargo::rerun-if-changed={}", given.display());
        given
    } else {
        for source in SOURCES {
            println!("cargo::rerun-if-changed={}", web.join(source).display());
        }
        let dist = out.join("web");
        with_packages(&web, WITHOUT, || {
            call(Command::new("node").arg("build.mjs").arg(&dist).current_dir(&web), WITHOUT)
        })?;
        dist
    };
    let table = table_of(&dist)?;
    let target = out.join("assets.rs");
    fs::write(&target, table).map_err(|error| format!("cannot write {}: {error}", target.display()))
}

/// The Rust source of the table: one constant per asset, and all of them sorted by file name.
fn table_of(dist: &Path) -> Result<String> {
    let list = dist.join("assets.tsv");
    let text = fs::read_to_string(&list)
        .map_err(|error| format!("cannot read {}: {error}", list.display()))?;
    let mut rows = Vec::new();
    for (index, line) in text.lines().enumerate() {
        let fields: Vec<&str> = line.split('\t').collect();
        let [name, file, media_type, etag] = fields[..] else {
            return Err(format!("{}, line {}: want 4 fields", list.display(), index + 1));
        };
        rows.push((file, name, media_type, etag));
    }
    rows.sort_unstable();
    let mut source = String::new();
    for (file, name, _, _) in &rows {
        let constant = name.replace(['.', '-'], "_").to_uppercase();
        let _ = writeln!(
            source,
            "#[doc = \"Address of `{name}`.\"]\npub const {constant}: &str = {:?};",
            format!("/assets/{file}")
        );
    }
    source.push_str("\nstatic ASSETS: &[Asset] = &[\n");
    for (file, _, media_type, etag) in &rows {
        let path = dist.join(file);
        let _ = writeln!(
            source,
            "    Asset {{ name: {file:?}, media_type: {media_type:?}, etag: {etag:?}, bytes: \
             include_bytes!({:?}), brotli: include_bytes!({:?}) }},",
            path.display().to_string(),
            format!("{}.br", path.display()),
        );
    }
    source.push_str("];\n");
    Ok(source)
}
