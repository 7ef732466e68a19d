//! An upload under way: a folder with what is to become of it and the bytes so far.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use galvanome_model::experiment::Dataset;
use galvanome_model::ids::{CampaignId, DatasetId, SampleId};
use galvanome_store::Actor;
use serde::{Deserialize, Serialize};

use super::refused::Refused;
use crate::{Error, Galvanome, Known};

/// What somebody wants to upload.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct New {
    /// The file's name as it came off the instrument.
    pub name: String,
    /// Its size.
    pub bytes: u64,
    /// SHA-256 of the whole, in hexadecimal, when it is known already.
    pub sha256: Option<String>,
    /// The experiment that produced it.
    pub experiment: String,
    /// The samples it is about; those of the experiment when empty.
    pub samples: Vec<String>,
    /// What it is to its experiment: `raw` for the measurement itself, or a role that the technique's analysis knows.
    #[serde(default = "raw")]
    pub role: String,
    /// Anything worth knowing.
    pub note: String,
}

fn raw() -> String {
    RAW.to_owned()
}

/// The role of the measurement itself.
pub(super) const RAW: &str = "raw";

/// An upload under way.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Upload {
    /// Its id.
    pub id: String,
    /// What is to become of it.
    pub new: New,
    /// How many bytes have arrived.
    pub offset: u64,
}

/// What is in `about.json`.
#[derive(Serialize, Deserialize)]
pub(super) struct About {
    pub(super) campaign: String,
    pub(super) actor: String,
    pub(super) new: New,
}

fn is_full(error: &io::Error) -> bool {
    matches!(error.kind(), io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded)
}

/// What went wrong with a file of an upload.
pub(super) fn failed(path: &Path, error: io::Error) -> Error {
    if is_full(&error) { Refused::Full.into() } else { Error::io(path, error) }
}

/// The dataset that is these bytes already, for the same experiment and samples.
pub(super) fn same_dataset(known: &Known, new: &New, sha256: &str) -> Option<DatasetId> {
    let is_same = |one: &&Dataset| {
        one.sha256 == sha256
            && !one.path.is_empty()
            && one.experiment.as_str() == new.experiment
            && one.samples.iter().map(SampleId::as_str).eq(new.samples.iter().map(String::as_str))
    };
    known.campaign.datasets.iter().find(is_same).map(|one| one.id.clone())
}

/// An upload that somebody may send to. Errors when there is none of this id, or it is somebody else's.
pub fn find(
    galvanome: &Galvanome,
    id: &CampaignId,
    upload: &str,
    actor: &Actor,
) -> Result<Upload, Error> {
    let folder = folder_of(galvanome, upload)?;
    let unknown = || Error::not_found("upload", upload);
    let text = fs::read(folder.join("about.json")).map_err(|_| unknown())?;
    let about: About = serde_json::from_slice(&text).map_err(|_| unknown())?;
    if about.campaign != id.as_str() || about.actor != actor.id() {
        return Err(unknown());
    }
    let bytes = folder.join("bytes");
    let offset = bytes.metadata().map_err(|error| Error::io(&bytes, error))?.len();
    Ok(Upload { id: upload.to_owned(), new: about.new, offset })
}

/// The folder of an upload. Errors when it is not the name of one.
pub(super) fn folder_of(galvanome: &Galvanome, upload: &str) -> Result<PathBuf, Error> {
    let is_one = upload
        .strip_prefix("upload-")
        .is_some_and(|rest| rest.len() == 24 && rest.bytes().all(|byte| byte.is_ascii_hexdigit()));
    if !is_one {
        return Err(Error::not_found("upload", upload));
    }
    Ok(galvanome.store.staging_folder()?.join(upload))
}

/// Gives an upload up: what has arrived is removed. Errors when there is no such upload.
pub fn give_up(
    galvanome: &Galvanome,
    id: &CampaignId,
    upload: &str,
    actor: &Actor,
) -> Result<(), Error> {
    find(galvanome, id, upload, actor)?;
    let folder = folder_of(galvanome, upload)?;
    fs::remove_dir_all(&folder).map_err(|error| Error::io(&folder, error))
}
