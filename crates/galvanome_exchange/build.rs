//! Brings the typeface of the figures, DejaVu Sans, to where `src/figure/font.rs` embeds it.
//!
//! It comes from the npm package that `fonts/package-lock.json` pins, fetched by `npm ci --ignore-scripts` only
//! when that file differs from the stamp that the last fetch left in `node_modules`; afterwards everything works
//! offline. `GALVANOME_FONTS` names a folder that holds the two files, and then neither Node.js nor the network
//! is needed.

#[path = "../../build/npm.rs"]
mod npm;

use std::fs;
use std::path::PathBuf;

use npm::{Result, variable, with_packages};

const FACES: [&str; 2] = ["DejaVuSans.ttf", "DejaVuSans-Bold.ttf"];

fn main() {
    println!("cargo::rerun-if-env-changed=GALVANOME_FONTS");
    npm::report(run());
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
        let without = format!("set GALVANOME_FONTS to a folder with {} and {}", FACES[0], FACES[1]);
        with_packages(&fonts, &without, || Ok(()))?;
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
