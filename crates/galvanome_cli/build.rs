//! Puts the paper's campaign into the binary, so that `demo` needs nothing beside it.

use std::env;
use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};

/// The campaign that `demo` imports.
const EXAMPLE: &str = "../../examples/lno-graphite";

fn main() {
    let root = PathBuf::from(env::var_os("CARGO_MANIFEST_DIR").unwrap_or_default()).join(EXAMPLE);
    println!("cargo::rerun-if-changed={}", root.display());
    let mut files = Vec::new();
    walk(&root, "", &mut files);
    files.sort();
    let mut list = String::from("&[\n");
    for (inside, path) in &files {
        let _ =
            writeln!(list, "    ({inside:?}, include_bytes!({:?})),", path.display().to_string());
    }
    list.push(']');
    let out = PathBuf::from(env::var_os("OUT_DIR").unwrap_or_default()).join("example.rs");
    if let Err(error) = fs::write(&out, list) {
        println!("cargo::error={} cannot be written: {error}", out.display());
    }
}

fn walk(folder: &Path, prefix: &str, files: &mut Vec<(String, PathBuf)>) {
    let entries = match fs::read_dir(folder) {
        Ok(entries) => entries,
        Err(error) => {
            println!("cargo::error={} cannot be read: {error}", folder.display());
            return;
        }
    };
    for entry in entries.flatten() {
        let name = entry.file_name().to_string_lossy().into_owned();
        let inside = if prefix.is_empty() { name } else { format!("{prefix}/{name}") };
        if entry.path().is_dir() {
            walk(&entry.path(), &inside, files);
        } else {
            files.push((inside, entry.path()));
        }
    }
}
