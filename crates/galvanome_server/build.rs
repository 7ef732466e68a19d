//! Bundles the scripts and styles of `web/` and lists them for `src/assets.rs`.
//!
//! Packages are fetched by `npm ci --ignore-scripts`, only when `package-lock.json` differs from the stamp that the
//! last fetch left in `node_modules`; afterwards everything works offline. `GALVANOME_WEB_DIST` names a folder that
//! `node build.mjs FOLDER` made elsewhere, and then neither Node.js nor the network is needed.

use std::fmt::Write as _;
use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::process::Command;

type Result<T> = std::result::Result<T, String>;

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
    if let Err(message) = run() {
        for line in message.lines() {
            println!("cargo::error={line}");
        }
    }
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
        bundle(&web, &dist)?;
        dist
    };
    let table = table_of(&dist)?;
    let target = out.join("assets.rs");
    fs::write(&target, table).map_err(|error| format!("cannot write {}: {error}", target.display()))
}

fn variable(name: &str) -> Result<String> {
    std::env::var(name).map_err(|_| format!("{name} is not set: this program is run by Cargo"))
}

/// Fetches packages where the lock file changed, then bundles. Two builds at once take turns.
fn bundle(web: &Path, dist: &Path) -> Result<()> {
    let turn = web.join(".build.lock");
    let held = File::create(&turn)
        .and_then(|file| file.lock().map(|()| file))
        .map_err(|error| format!("cannot lock {}: {error}", turn.display()))?;
    let lock = web.join("package-lock.json");
    let wanted =
        fs::read(&lock).map_err(|error| format!("cannot read {}: {error}", lock.display()))?;
    let stamp = web.join("node_modules").join(".galvanome-lock.json");
    if fs::read(&stamp).ok().as_deref() != Some(wanted.as_slice()) {
        let npm = if cfg!(windows) { "npm.cmd" } else { "npm" };
        call(
            Command::new(npm).args(["ci", "--ignore-scripts", "--loglevel=error"]).current_dir(web),
        )?;
        fs::write(&stamp, &wanted)
            .map_err(|error| format!("cannot write {}: {error}", stamp.display()))?;
    }
    call(Command::new("node").arg("build.mjs").arg(dist).current_dir(web))?;
    drop(held);
    Ok(())
}

fn call(command: &mut Command) -> Result<()> {
    let shown = format!("{command:?}");
    let output = command.output().map_err(|error| {
        if error.kind() == std::io::ErrorKind::NotFound {
            format!(
                "{shown} could not be started: install Node.js 20 or later (with npm), which bundles the web \
                 pages,\nor set GALVANOME_WEB_DIST to a folder made by `node build.mjs FOLDER` on another machine"
            )
        } else {
            format!("{shown} could not be started: {error}")
        }
    })?;
    if output.status.success() {
        return Ok(());
    }
    Err(format!(
        "{shown} failed ({}):\n{}{}",
        output.status,
        String::from_utf8_lossy(&output.stdout),
        String::from_utf8_lossy(&output.stderr),
    ))
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
