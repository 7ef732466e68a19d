//! Brings the typeface of the figures, DejaVu Sans, to where `src/figure/font.rs` embeds it.
//!
//! It comes from the npm package that `fonts/package-lock.json` pins, fetched by `npm ci --ignore-scripts` only
//! when that file differs from the stamp that the last fetch left in `node_modules`; afterwards everything works
//! offline. `GALVANOME_FONTS` names a folder that holds the two files, and then neither Node.js nor the network
//! is needed.

use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::process::Command;

type Result<T> = std::result::Result<T, String>;

const FACES: [&str; 2] = ["DejaVuSans.ttf", "DejaVuSans-Bold.ttf"];

fn main() {
    println!("cargo::rerun-if-env-changed=GALVANOME_FONTS");
    if let Err(message) = run() {
        for line in message.lines() {
            println!("cargo::error={line}");
        }
    }
}

fn run() -> Result<()> {
    let out = PathBuf::from(variable("OUT_DIR")?);
    let folder = if let Some(given) = std::env::var_os("GALVANOME_FONTS") {
        PathBuf::from(given)
    } else {
        let fonts = PathBuf::from(variable("CARGO_MANIFEST_DIR")?).join("fonts");
        for source in [".npmrc", "package.json", "package-lock.json"] {
            println!("cargo::rerun-if-changed={}", fonts.join(source).display());
        }
        fetch(&fonts)?;
        fonts.join("node_modules/dejavu-fonts-ttf/ttf")
    };
    for face in FACES {
        let from = folder.join(face);
        println!("cargo::rerun-if-changed={}", from.display());
        fs::copy(&from, out.join(face)).map_err(|error| {
            format!(
                "cannot copy {}: {error}\nGALVANOME_FONTS, when set, names a folder with {} and {}",
                from.display(),
                FACES[0],
                FACES[1]
            )
        })?;
    }
    Ok(())
}

fn variable(name: &str) -> Result<String> {
    std::env::var(name).map_err(|_| format!("{name} is not set: this program is run by Cargo"))
}

/// Fetches the package where the lock file changed. Two builds at once take turns.
fn fetch(fonts: &Path) -> Result<()> {
    let turn = fonts.join(".build.lock");
    let held = File::create(&turn)
        .and_then(|file| file.lock().map(|()| file))
        .map_err(|error| format!("cannot lock {}: {error}", turn.display()))?;
    let lock = fonts.join("package-lock.json");
    let wanted =
        fs::read(&lock).map_err(|error| format!("cannot read {}: {error}", lock.display()))?;
    let stamp = fonts.join("node_modules").join(".galvanome-lock.json");
    if fs::read(&stamp).ok().as_deref() != Some(wanted.as_slice()) {
        let npm = if cfg!(windows) { "npm.cmd" } else { "npm" };
        call(
            Command::new(npm)
                .args(["ci", "--ignore-scripts", "--loglevel=error"])
                .current_dir(fonts),
        )?;
        fs::write(&stamp, &wanted)
            .map_err(|error| format!("cannot write {}: {error}", stamp.display()))?;
    }
    drop(held);
    Ok(())
}

fn call(command: &mut Command) -> Result<()> {
    let shown = format!("{command:?}");
    let output = command.output().map_err(|error| {
        if error.kind() == std::io::ErrorKind::NotFound {
            format!(
                "{shown} could not be started: install Node.js 20 or later (with npm), which fetches the typeface \
                 of the figures,\nor set GALVANOME_FONTS to a folder with {} and {}",
                FACES[0], FACES[1]
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
