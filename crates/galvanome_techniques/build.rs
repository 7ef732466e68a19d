//! Lists the catalogue files, so that a technique's figures cost one `technique.toml` and no Rust.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::{env, fs, io};

fn main() -> io::Result<()> {
    let manifest = PathBuf::from(variable("CARGO_MANIFEST_DIR")?);
    let source = manifest.join("src");
    println!("cargo::rerun-if-changed=src");
    let mut files = Vec::new();
    for entry in fs::read_dir(&source)? {
        let file = entry?.path().join("technique.toml");
        if file.is_file() {
            files.push(file);
        }
    }
    // Directory order differs between machines; the binary should not.
    files.sort();
    let mut list = String::from("&[\n");
    for file in &files {
        let name = file.strip_prefix(&manifest).unwrap_or(file);
        writeln!(list, "    ({:?}, include_str!({:?})),", text(name)?, text(file)?)
            .map_err(io::Error::other)?;
    }
    list.push_str("]\n");
    fs::write(PathBuf::from(variable("OUT_DIR")?).join("technique_files.rs"), list)
}

fn variable(name: &str) -> io::Result<String> {
    env::var(name).map_err(io::Error::other)
}

fn text(path: &Path) -> io::Result<&str> {
    path.to_str().ok_or_else(|| io::Error::other(format!("{} is not UTF-8", path.display())))
}
