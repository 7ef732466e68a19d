//! An upload ends: the whole is checked, kept and made a dataset.

use std::fs;
use std::io;
use std::path::Path;

use galvanome_model::experiment::Dataset;
use galvanome_model::ids::{CampaignId, DatasetId, ExperimentId, SampleId};
use galvanome_model::visibility::Visibility;
use galvanome_store::{Actor, ObjectId};
use sha2::{Digest, Sha256};

use super::naming;
use super::refused::Refused;
use super::staged::{New, Upload, find, folder_of, same_dataset};
use crate::jobs::{self, Work};
use crate::staging::hexadecimal;
use crate::{Error, Galvanome, Known, clock, ingest};

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
        role: new.role.clone(),
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
    for first in ingest::affected_by(&known_now.campaign, &row) {
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
