//! A dataset's file is read into columns, which are kept until another version reads it differently.

use std::path::Path;
use std::sync::Arc;

use galvanome_model::experiment::Dataset;
use galvanome_readers::Files;

use crate::curves::{self, Columns};
use crate::files::FileSource;
use crate::progress::Progress;
use crate::staging::fresh_name;
use crate::{Error, Galvanome};

/// Whether columns are kept of a dataset's file.
pub(crate) fn is_kept(galvanome: &Galvanome, dataset: &Dataset) -> Result<bool, Error> {
    Ok(galvanome.store.derived_file(curves::KIND, &dataset.sha256)?.is_file())
}

/// The columns kept of a dataset's file, opened once for all who ask.
pub(crate) fn kept(
    galvanome: &Galvanome,
    dataset: &Dataset,
) -> Result<Option<Arc<Columns>>, Error> {
    let sha256 = dataset.sha256.as_str();
    if let Some(open) = galvanome.opened_columns(sha256) {
        return Ok(Some(open));
    }
    let path = galvanome.store.derived_file(curves::KIND, sha256)?;
    let opened = curves::open(&path).map(Arc::new);
    if let Some(columns) = &opened {
        galvanome.keep_columns(sha256, columns);
    }
    Ok(opened)
}

/// Reads a dataset's file into columns, which are kept. Errors when its file is not held or cannot be read.
pub(crate) async fn read(
    galvanome: &Galvanome,
    dataset: &Dataset,
    progress: &Progress,
) -> Result<(), Error> {
    let Some(path) = galvanome.store.object_file(&dataset.sha256) else {
        return Err(Error::not_found("file of dataset", &dataset.id));
    };
    let name = dataset.path.rsplit('/').next().unwrap_or(&dataset.path).to_owned();
    progress.say(format!("reading {name}"));
    let files = progress.watch(&Files::one(&name, FileSource::open(&path)?), 1.0);
    let staged = galvanome.store.staging_folder()?.join(fresh_name("columns"));
    let written = {
        let staged = staged.clone();
        tokio::task::spawn_blocking(move || curves::write(&files, &staged))
            .await
            .unwrap_or_else(|error| Err(Error::Wrong(format!("reading {name} stopped: {error}"))))
    };
    if let Err(error) = written {
        // Nothing is lost by leaving it: the next upload sweeps.
        let _ = std::fs::remove_file(&staged);
        return Err(error);
    }
    let to = galvanome.store.keep_derived(&staged, curves::KIND, &dataset.sha256)?;
    forget_other_kinds(&to);
    Ok(())
}

/// Removes what other versions kept, now that this one keeps its own: nobody here opens it, and who does reads the files
/// again. A process that has one of them open goes on with it. What cannot be removed stays.
fn forget_other_kinds(kept: &Path) {
    let kind = kept.ancestors().find(|folder| folder.ends_with(curves::KIND));
    let Some(derived) = kind.and_then(Path::parent) else { return };
    let Ok(entries) = std::fs::read_dir(derived) else { return };
    for entry in entries.flatten() {
        let is_other = entry
            .file_name()
            .to_str()
            .is_some_and(|name| name.starts_with(curves::KINDS) && name != curves::KIND);
        // A link is somebody's own arrangement.
        if is_other && entry.file_type().is_ok_and(|kind| kind.is_dir()) {
            let _ = std::fs::remove_dir_all(entry.path());
        }
    }
}
