//! Writes what fuzzing begins with: the fixtures of the tests, packed ones also unpacked so that a changed byte is
//! not lost in a stream that no longer unpacks, and small files of a folder of real ones where there is one.
//!
//! `cargo run -p galvanome_readers --example fuzz_seeds TO [FOLDER]`; `scripts/fuzz.sh` does.

#[path = "../tests/it"]
#[expect(dead_code, reason = "the tests use more of it")]
mod it {
    pub(crate) mod fixtures;
    pub(crate) mod zips;
}

use std::path::{Path, PathBuf};
use std::{env, fs, io};

use crate::it::{fixtures, zips};

/// Real files up to this length: short inputs are tried more often.
const REAL_MAX: u64 = 48 << 10;

fn main() -> io::Result<()> {
    let mut arguments = env::args_os().skip(1).map(PathBuf::from);
    let to = arguments.next().ok_or_else(|| io::Error::other("fuzz_seeds TO [FOLDER]"))?;
    fs::create_dir_all(&to)?;
    for fixture in fixtures::all() {
        let name = format!("{}-{}", fixture.format, fixture.name);
        fs::write(to.join(&name), &fixture.bytes)?;
        if let Some(stored) = stored(&fixture.bytes) {
            fs::write(to.join(format!("{name}-stored")), stored)?;
        }
    }
    match arguments.next() {
        Some(folder) => take(&folder, &to),
        None => Ok(()),
    }
}

/// A zip with its members as they are; none of what is no zip of our own.
fn stored(bytes: &[u8]) -> Option<Vec<u8>> {
    if !bytes.starts_with(b"PK\x03\x04") {
        return None;
    }
    let members: Vec<_> =
        zips::unzip(bytes).iter().map(|(name, bytes)| zips::Member::stored(name, bytes)).collect();
    Some(zips::zip(&members))
}

/// Takes the small files of a folder and of those in it.
fn take(folder: &Path, to: &Path) -> io::Result<()> {
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        let path = entry.path();
        if path.is_dir() {
            take(&path, to)?;
        } else if entry.metadata()?.len() <= REAL_MAX {
            let name = path.to_string_lossy().replace('/', "_");
            fs::write(to.join(format!("real{name}")), fs::read(&path)?)?;
        }
    }
    Ok(())
}
