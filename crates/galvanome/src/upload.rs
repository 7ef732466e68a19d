//! A file arrives in pieces: begun, sent from wherever it broke off, checked, and made a dataset.
//!
//! An upload is a folder below `staging/` with what is to become of it (`about.json`) and the bytes so far
//! (`bytes`), which are only ever added to. How far it is, is how long that file is: a server that restarts has
//! forgotten nothing. It is swept away a week after its last byte.

mod naming;

use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, SystemTime};

use galvanome_model::experiment::Dataset;
use galvanome_model::ids::{CampaignId, DatasetId, ExperimentId, SampleId};
use galvanome_model::visibility::Visibility;
use galvanome_store::{Actor, ObjectId};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use tokio::io::AsyncWriteExt as _;

use crate::jobs::{self, Work};
use crate::{Error, Galvanome, Known, clock, ingest};

/// The largest file that is taken, in bytes: a terabyte-sized volume is referred to, not uploaded.
pub const LARGEST: u64 = 64 << 30;

/// How long an upload is kept after its last byte.
const KEPT: Duration = Duration::from_hours(7 * 24);

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
    /// Anything worth knowing.
    pub note: String,
}

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
struct About {
    campaign: String,
    actor: String,
    new: New,
}

/// Why an upload does not go on. What has arrived is kept, unless it says otherwise.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Refused {
    /// A piece does not begin where the last one ended.
    #[error(
        "this piece begins at byte {given}, but {at} bytes have arrived: send on from byte {at}"
    )]
    Offset {
        /// How many bytes have arrived.
        at: u64,
        /// Where the piece begins.
        given: u64,
    },
    /// It is larger than what is taken, or than was said.
    #[error("{0}")]
    TooLarge(String),
    /// Not all of it has arrived.
    #[error("{offset} of {bytes} bytes have arrived: send the rest first")]
    Incomplete {
        /// How many bytes have arrived.
        offset: u64,
        /// How many there are.
        bytes: u64,
    },
    /// Its checksum is not the one that was stated.
    #[error(
        "the bytes that arrived have SHA-256 {found}, not {stated}: they were changed on the way; nothing was kept, upload the file again"
    )]
    Checksum {
        /// What it should be.
        stated: String,
        /// What it is.
        found: String,
    },
    /// Somebody else is sending to it.
    #[error("another request is sending to this upload; wait for it, or ask how far it is")]
    Busy,
    /// The disk is full.
    #[error("the disk of the server is full; what has arrived is kept: make room and send on")]
    Full,
}

/// What came of beginning an upload.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Begun {
    /// The same bytes are held already for the same experiment and samples.
    Held(DatasetId),
    /// They may be sent.
    Open(Upload),
}

/// A name that no other process or call gives.
pub(crate) fn fresh_name(what: &str) -> String {
    static COUNT: AtomicU64 = AtomicU64::new(0);
    let count = COUNT.fetch_add(1, Ordering::Relaxed);
    let seed = format!("{what} {} {count} {}", std::process::id(), clock::now_us());
    let digest = hexadecimal(&Sha256::digest(seed));
    format!("{what}-{}", digest.get(..24).unwrap_or_default())
}

fn hexadecimal(bytes: &[u8]) -> String {
    use std::fmt::Write as _;
    let mut text = String::with_capacity(2 * bytes.len());
    for byte in bytes {
        let _ = write!(text, "{byte:02x}");
    }
    text
}

fn is_full(error: &io::Error) -> bool {
    matches!(error.kind(), io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded)
}

fn failed(path: &Path, error: io::Error) -> Error {
    if is_full(&error) { Refused::Full.into() } else { Error::io(path, error) }
}

/// Begins an upload. Errors when the experiment or a sample does not exist, the name or the checksum is none, or the
/// file is too large.
pub async fn begin(
    galvanome: &Galvanome,
    id: &CampaignId,
    new: New,
    actor: &Actor,
) -> Result<Begun, Error> {
    let known = galvanome.known(id).await?;
    let new = checked(&known, new)?;
    if let Some(sha256) = &new.sha256
        && let Some(same) = same_dataset(&known, &new, sha256)
    {
        return Ok(Begun::Held(same));
    }
    let staging = galvanome.store.staging_folder()?;
    sweep(&staging);
    let name = fresh_name("upload");
    let folder = staging.join(&name);
    fs::create_dir(&folder).map_err(|error| failed(&folder, error))?;
    let about = About { campaign: id.to_string(), actor: actor.id().to_owned(), new: new.clone() };
    let text = serde_json::to_vec(&about)
        .map_err(|error| Error::Wrong(format!("the upload cannot be written down: {error}")))?;
    let bytes = folder.join("bytes");
    fs::write(&bytes, b"").map_err(|error| failed(&bytes, error))?;
    let path = folder.join("about.json");
    fs::write(&path, text).map_err(|error| failed(&path, error))?;
    Ok(Begun::Open(Upload { id: name, new, offset: 0 }))
}

fn checked(known: &Known, mut new: New) -> Result<New, Error> {
    if new.name.trim().is_empty() || new.name.len() > 255 || new.name.chars().any(char::is_control)
    {
        return Err(Error::Wrong(
            "the file needs a name of 1 to 255 letters without control characters".to_owned(),
        ));
    }
    if new.bytes > LARGEST {
        return Err(Refused::TooLarge(format!(
            "{} has {} bytes, and at most {LARGEST} are taken: enter a dataset that says where the file is",
            new.name, new.bytes
        ))
        .into());
    }
    if new.bytes == 0 {
        return Err(Error::Wrong(format!(
            "{} is empty: fetch it from the instrument again",
            new.name
        )));
    }
    new.sha256 = match new.sha256.map(|sum| sum.to_ascii_lowercase()) {
        Some(sum) if sum.len() == 64 && sum.bytes().all(|byte| byte.is_ascii_hexdigit()) => {
            Some(sum)
        }
        Some(sum) => {
            return Err(Error::Wrong(format!(
                "`{sum}` is no SHA-256: write its 64 hexadecimal digits"
            )));
        }
        None => None,
    };
    let experiments = &known.campaign.experiments;
    let experiment = experiments.iter().find(|one| one.id.as_str() == new.experiment);
    let Some(experiment) = experiment else {
        let there_are = experiments.iter().map(|one| &one.id);
        return Err(Error::not_found_among("experiment", &new.experiment, there_are));
    };
    if new.samples.is_empty() {
        new.samples = experiment.samples.iter().map(ToString::to_string).collect();
    }
    for sample in &new.samples {
        let of_experiment = experiment.samples.iter().any(|one| one.as_str() == sample);
        let is_free = experiment.samples.is_empty()
            && known.campaign.samples.iter().any(|one| one.id.as_str() == sample);
        if !of_experiment && !is_free {
            return Err(Error::not_found_among(
                "sample of this experiment",
                sample,
                experiment.samples.iter(),
            ));
        }
    }
    Ok(new)
}

/// The dataset that is these bytes already, for the same experiment and samples.
fn same_dataset(known: &Known, new: &New, sha256: &str) -> Option<DatasetId> {
    let is_same = |one: &&Dataset| {
        one.sha256 == sha256
            && !one.path.is_empty()
            && one.experiment.as_str() == new.experiment
            && one.samples.iter().map(SampleId::as_str).eq(new.samples.iter().map(String::as_str))
    };
    known.campaign.datasets.iter().find(is_same).map(|one| one.id.clone())
}

/// Removes what nobody has sent to for a week. What cannot be removed stays.
fn sweep(staging: &Path) {
    let Ok(entries) = fs::read_dir(staging) else { return };
    for entry in entries.flatten() {
        let newest = [entry.path(), entry.path().join("bytes")]
            .iter()
            .filter_map(|path| path.metadata().ok()?.modified().ok())
            .max();
        let is_old = newest
            .is_some_and(|at| SystemTime::now().duration_since(at).is_ok_and(|since| since > KEPT));
        if is_old {
            let _ = fs::remove_dir_all(entry.path()).or_else(|_| fs::remove_file(entry.path()));
        }
    }
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

fn folder_of(galvanome: &Galvanome, upload: &str) -> Result<PathBuf, Error> {
    let is_one = upload
        .strip_prefix("upload-")
        .is_some_and(|rest| rest.len() == 24 && rest.bytes().all(|byte| byte.is_ascii_hexdigit()));
    if !is_one {
        return Err(Error::not_found("upload", upload));
    }
    Ok(galvanome.store.staging_folder()?.join(upload))
}

/// A piece that is being added.
#[derive(Debug)]
pub struct Appending {
    file: tokio::fs::File,
    path: PathBuf,
    offset: u64,
    bytes: u64,
}

/// Begins to add a piece. Errors when there is no such upload, somebody else is sending to it, or the piece does not
/// begin where the last one ended.
pub fn append(
    galvanome: &Galvanome,
    id: &CampaignId,
    upload: &str,
    offset: u64,
    actor: &Actor,
) -> Result<Appending, Error> {
    let path = folder_of(galvanome, upload)?.join("bytes");
    let Upload { new, .. } = find(galvanome, id, upload, actor)?;
    let file = fs::File::options().append(true).open(&path);
    let file = file.map_err(|error| Error::io(&path, error))?;
    match file.try_lock() {
        Ok(()) => {}
        Err(fs::TryLockError::WouldBlock) => return Err(Refused::Busy.into()),
        Err(fs::TryLockError::Error(error)) => return Err(Error::io(&path, error)),
    }
    // Asked again, now that nobody else adds to it.
    let at = file.metadata().map_err(|error| Error::io(&path, error))?.len();
    if at != offset {
        return Err(Refused::Offset { at, given: offset }.into());
    }
    let file = tokio::fs::File::from_std(file);
    Ok(Appending { file, path, offset, bytes: new.bytes })
}

impl Appending {
    /// Adds some bytes. Errors when there are more than were said, or the disk is full; what was added before stays.
    pub async fn add(&mut self, piece: &[u8]) -> Result<(), Error> {
        let end = self.offset + piece.len() as u64;
        if end > self.bytes {
            return Err(Refused::TooLarge(format!(
                "the upload was begun for {} bytes, and this piece goes on beyond them: begin it again with the right size",
                self.bytes
            ))
            .into());
        }
        let wrote = self.file.write_all(piece).await;
        wrote.map_err(|error| failed(&self.path, error))?;
        self.offset = end;
        Ok(())
    }

    /// Ends the piece; gives how many bytes have arrived in all. Errors when the last of them could not be written.
    pub async fn end(mut self) -> Result<u64, Error> {
        self.file.flush().await.map_err(|error| failed(&self.path, error))?;
        Ok(self.offset)
    }
}

/// What became of an upload.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finished {
    /// The dataset that holds it.
    pub dataset: DatasetId,
    /// It was there before: the same bytes for the same experiment and samples.
    pub was_held: bool,
    /// Other datasets of the campaign with the same bytes.
    pub same: Vec<DatasetId>,
}

/// Ends an upload: checks the whole, keeps it, makes it a dataset, and puts its reading and its analysis into the queue.
/// Errors when not all of it has arrived, or its checksum is not the one that was stated, now or at the beginning.
pub async fn finish(
    galvanome: &Galvanome,
    id: &CampaignId,
    upload: &str,
    sha256: Option<&str>,
    actor: &Actor,
) -> Result<Finished, Error> {
    let folder = folder_of(galvanome, upload)?;
    let path = folder.join("bytes");
    let Upload { new, offset, .. } = find(galvanome, id, upload, actor)?;
    if offset != new.bytes {
        return Err(Refused::Incomplete { offset, bytes: new.bytes }.into());
    }
    let hashed = path.clone();
    let found = tokio::task::spawn_blocking(move || checksum(&hashed))
        .await
        .map_err(|error| Error::Wrong(format!("checking {} stopped: {error}", new.name)))?
        .map_err(|error| Error::io(&path, error))?;
    let stated = [sha256.map(str::to_ascii_lowercase), new.sha256.clone()];
    if let Some(stated) = stated.into_iter().flatten().find(|stated| *stated != found) {
        fs::remove_dir_all(&folder).map_err(|error| Error::io(&folder, error))?;
        return Err(Refused::Checksum { stated, found }.into());
    }
    let known = galvanome.known(id).await?;
    let object = ObjectId { sha256: found.clone(), bytes: new.bytes };
    galvanome.store.put_object_file(&path, object, actor, clock::now_us()).await?;
    let finished = match same_dataset(&known, &new, &found) {
        Some(dataset) => Finished { dataset, was_held: true, same: Vec::new() },
        None => added(galvanome, &known, &new, &found, actor).await?,
    };
    // The bytes have moved; what is left says only what has been done.
    let _ = fs::remove_dir_all(&folder);
    Ok(finished)
}

async fn added(
    galvanome: &Galvanome,
    known: &Known,
    new: &New,
    sha256: &str,
    actor: &Actor,
) -> Result<Finished, Error> {
    let wrong = |error: galvanome_model::ids::BadId| Error::Wrong(error.to_string());
    let id = &known.frame.definition.id;
    let dataset = naming::dataset_id(known, &new.name)?;
    let file = naming::file_name(&new.name);
    let samples: Result<Vec<SampleId>, Error> =
        new.samples.iter().map(|sample| SampleId::new(sample).map_err(wrong)).collect();
    let mut extra = std::collections::BTreeMap::new();
    if file != new.name {
        extra.insert("x_file_name".to_owned(), new.name.clone());
    }
    let row = Dataset {
        id: dataset.clone(),
        experiment: ExperimentId::new(&new.experiment).map_err(wrong)?,
        samples: samples?,
        role: "raw".to_owned(),
        derived_from: Vec::new(),
        clock_offset_s: None,
        path: format!("data/uploads/{dataset}/{file}"),
        url: String::new(),
        doi: String::new(),
        bytes: Some(new.bytes),
        sha256: sha256.to_owned(),
        license: String::new(),
        visibility: Visibility::Campaign,
        note: new.note.clone(),
        extra,
    };
    galvanome.store.add_dataset(id, &row, actor, clock::now_us()).await?;
    let read = Work::Read { campaign: id.clone(), dataset: dataset.clone() };
    jobs::enqueue(galvanome, &read).await?;
    let known_now = galvanome.known(id).await?;
    if let Some(first) = ingest::group_of(&known_now.campaign, &row).into_iter().next() {
        jobs::enqueue(galvanome, &Work::Ingest { campaign: id.clone(), dataset: first }).await?;
    }
    let same = known.campaign.datasets.iter().filter(|one| one.sha256 == sha256);
    let same = same.map(|one| one.id.clone()).collect();
    Ok(Finished { dataset, was_held: false, same })
}

fn checksum(path: &Path) -> io::Result<String> {
    use std::io::Read as _;
    let mut file = fs::File::open(path)?;
    let mut hasher = Sha256::new();
    let mut buffer = vec![0; 1 << 18];
    loop {
        let read = file.read(&mut buffer)?;
        if read == 0 {
            return Ok(hexadecimal(&hasher.finalize()));
        }
        hasher.update(buffer.get(..read).unwrap_or_default());
    }
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
