//! Lists the catalogue files, so that a technique's figures cost one `technique.toml` and no Rust, and the pages of
//! the manual, which are the module comments of the analyses.

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
    let out = PathBuf::from(variable("OUT_DIR")?);
    fs::write(out.join("technique_files.rs"), list)?;
    let mut pages = String::from("&[\n");
    for file in &files {
        let folder = file.parent().unwrap_or(file);
        let Ok(module) = fs::read_to_string(folder.join("mod.rs")) else { continue };
        let id = folder.file_name().map_or(folder, Path::new);
        writeln!(pages, "    ({:?}, {:?}),", text(id)?, comment(&module))
            .map_err(io::Error::other)?;
    }
    pages.push_str("]\n");
    fs::write(out.join("manual_pages.rs"), pages)
}

/// The text of a module comment, without its marks.
fn comment(module: &str) -> String {
    module
        .lines()
        .map_while(|line| line.strip_prefix("//!"))
        .map(|line| line.strip_prefix(' ').unwrap_or(line))
        .collect::<Vec<_>>()
        .join("\n")
}

fn variable(name: &str) -> io::Result<String> {
    env::var(name).map_err(io::Error::other)
}

fn text(path: &Path) -> io::Result<&str> {
    path.to_str().ok_or_else(|| io::Error::other(format!("{} is not UTF-8", path.display())))
}
