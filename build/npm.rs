//! What build scripts share: packages of npm at build time, and errors that say what to install.

use std::fs::{self, File};
use std::path::Path;
use std::process::Command;

pub(crate) type Result<T> = std::result::Result<T, String>;

/// A variable that Cargo sets.
pub(crate) fn variable(name: &str) -> Result<String> {
    std::env::var(name).map_err(|_| format!("{name} is not set: this program is run by Cargo"))
}

/// Tells Cargo what went wrong, if something did.
pub(crate) fn report(result: Result<()>) {
    if let Err(message) = result {
        for line in message.lines() {
            println!("cargo::error={line}");
        }
    }
}

/// Fetches the packages that a folder's lock file pins, unless the last fetch left its stamp for that very lock
/// file, then does what needs them. Two builds at once take turns; afterwards everything works offline. `without`
/// says how to do without Node.js.
pub(crate) fn with_packages(
    folder: &Path,
    without: &str,
    then: impl FnOnce() -> Result<()>,
) -> Result<()> {
    let turn = folder.join(".build.lock");
    let held = File::create(&turn)
        .and_then(|file| file.lock().map(|()| file))
        .map_err(|error| format!("cannot lock {}: {error}", turn.display()))?;
    let lock = folder.join("package-lock.json");
    let wanted =
        fs::read(&lock).map_err(|error| format!("cannot read {}: {error}", lock.display()))?;
    let stamp = folder.join("node_modules").join(".galvanome-lock.json");
    if fs::read(&stamp).ok().as_deref() != Some(wanted.as_slice()) {
        let npm = if cfg!(windows) { "npm.cmd" } else { "npm" };
        call(
            Command::new(npm)
                .args(["ci", "--ignore-scripts", "--loglevel=error"])
                .current_dir(folder),
            without,
        )?;
        fs::write(&stamp, &wanted)
            .map_err(|error| format!("cannot write {}: {error}", stamp.display()))?;
    }
    then()?;
    drop(held);
    Ok(())
}

/// Runs a command of Node.js. `without` says how to do without it.
pub(crate) fn call(command: &mut Command, without: &str) -> Result<()> {
    let shown = format!("{command:?}");
    let output = command.output().map_err(|error| {
        if error.kind() == std::io::ErrorKind::NotFound {
            format!(
                "{shown} could not be started: install Node.js 20 or later (with npm),\nor {without}"
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
