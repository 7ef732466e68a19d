//! A campaign folder into the store: all of it or nothing.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::fs::File;
use std::io::Read;
use std::path::{Path, PathBuf};

use galvanome_exchange::folder::{self, HeldFile};
use galvanome_model::campaign::Campaign;
use galvanome_model::ids::CampaignId;
use galvanome_store::Actor;
use sha2::{Digest, Sha256};

use crate::{Error, Galvanome, clock, files, ingest, jobs};

/// What an import brought in.
#[derive(Debug, Clone)]
pub struct Imported {
    /// The campaign.
    pub id: CampaignId,
    /// Its title.
    pub title: String,
    /// Samples, experiments, datasets, quantities and answers in the folder.
    pub counts: [(&'static str, usize); 5],
    /// How many files were taken into the object store.
    pub files: usize,
    /// How many jobs were put into the queue: files to analyse, answers to compute.
    pub jobs: usize,
}

/// Imports a campaign folder. Everything that is wrong is reported at once, and then nothing is imported.
/// `progress` is told what is being done.
pub async fn folder(
    galvanome: &Galvanome,
    path: &Path,
    actor: &Actor,
    progress: &(dyn Fn(&str) + Sync),
) -> Result<Imported, Error> {
    progress("reading the folder");
    let Found { text, held, paths } = read(path)?;
    let campaign = folder::read(&text, &held, galvanome.shipped).map_err(Error::Folder)?;
    // A hundred megabytes for a large campaign, and all of it is in the campaign now.
    drop(text);
    let mut kept = 0;
    for dataset in &campaign.datasets {
        if let Some(file) = paths.get(&dataset.path) {
            progress(&format!("keeping {}", dataset.path));
            let reader =
                tokio::fs::File::open(file).await.map_err(|error| Error::io(file, error))?;
            galvanome.store.put_object_from(reader, actor, clock::now_us()).await?;
            kept += 1;
        }
    }
    progress("writing the campaign");
    keep(galvanome, with_checksums(campaign, &held), kept, actor).await
}

/// Imports a campaign folder held in memory, such as the example that the program carries.
pub async fn carried(
    galvanome: &Galvanome,
    text: &BTreeMap<String, Vec<u8>>,
    actor: &Actor,
) -> Result<Imported, Error> {
    let campaign =
        folder::read(text, &BTreeMap::new(), galvanome.shipped).map_err(Error::Folder)?;
    keep(galvanome, campaign, 0, actor).await
}

async fn keep(
    galvanome: &Galvanome,
    campaign: Campaign,
    files: usize,
    actor: &Actor,
) -> Result<Imported, Error> {
    let now = clock::now_us();
    galvanome.store.put_campaign(&campaign, actor, now).await?;
    let id = campaign.definition.id.clone();
    let mut queued = 0;
    for dataset in ingest::analysable(&campaign) {
        jobs::enqueue(galvanome, &jobs::Work::Ingest { campaign: id.clone(), dataset }).await?;
        queued += 1;
    }
    jobs::enqueue(galvanome, &jobs::Work::Answer { campaign: id.clone() }).await?;
    Ok(Imported {
        id,
        title: campaign.definition.title.clone(),
        counts: [
            ("samples", campaign.samples.len()),
            ("experiments", campaign.experiments.len()),
            ("datasets", campaign.datasets.len()),
            ("quantities", campaign.quantities.len()),
            ("answers", campaign.answers.len()),
        ],
        files,
        jobs: queued + 1,
    })
}

/// The store finds a file by its checksum: datasets whose file is held get it, where the folder left it out.
fn with_checksums(mut campaign: Campaign, held: &BTreeMap<String, HeldFile>) -> Campaign {
    for dataset in &mut campaign.datasets {
        if let Some(file) = held.get(&dataset.path) {
            dataset.sha256.clone_from(&file.sha256);
            dataset.bytes = Some(file.bytes);
        }
    }
    campaign
}

struct Found {
    text: BTreeMap<String, Vec<u8>>,
    held: BTreeMap<String, HeldFile>,
    paths: BTreeMap<String, PathBuf>,
}

fn read(path: &Path) -> Result<Found, Error> {
    if !path.join("campaign.toml").is_file() {
        return Err(Error::Wrong(format!(
            "{} is not a campaign folder: it has no campaign.toml",
            path.display()
        )));
    }
    let mut found = Found { text: BTreeMap::new(), held: BTreeMap::new(), paths: BTreeMap::new() };
    for (inside, file) in files::walk(path)? {
        if folder::is_text(&inside) {
            let bytes = std::fs::read(&file).map_err(|error| Error::io(&file, error))?;
            found.text.insert(inside, bytes);
        } else if inside.starts_with("data/") {
            found.held.insert(inside.clone(), checksum(&file)?);
            found.paths.insert(inside, file);
        }
    }
    Ok(found)
}

fn checksum(path: &Path) -> Result<HeldFile, Error> {
    let mut file = File::open(path).map_err(|error| Error::io(path, error))?;
    let mut hasher = Sha256::new();
    let mut buffer = vec![0; 1 << 18];
    let mut bytes = 0;
    loop {
        let read = file.read(&mut buffer).map_err(|error| Error::io(path, error))?;
        if read == 0 {
            break;
        }
        bytes += read as u64;
        hasher.update(&buffer[..read]);
    }
    let mut sha256 = String::with_capacity(64);
    for byte in hasher.finalize() {
        let _ = write!(sha256, "{byte:02x}");
    }
    Ok(HeldFile { bytes, sha256 })
}
