//! An upload begins: what is to come is checked, and a folder made for it.

use std::fs;

use galvanome_model::ids::{CampaignId, DatasetId};
use galvanome_store::Actor;
use galvanome_techniques::TECHNIQUES;

use super::refused::Refused;
use super::staged::{About, New, RAW, Upload, failed, same_dataset};
use crate::staging::{fresh_name, sweep};
use crate::{Error, Galvanome, Known};

/// The largest file that is taken, in bytes: a terabyte-sized volume is referred to, not uploaded.
pub const LARGEST: u64 = 64 << 30;

/// What came of beginning an upload.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Begun {
    /// The same bytes are held already for the same experiment and samples.
    Held(DatasetId),
    /// They may be sent.
    Open(Upload),
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
    let technique = TECHNIQUES.iter().find(|one| one.id == experiment.technique.as_str());
    let roles = technique.map(|technique| technique.roles).unwrap_or_default();
    if new.role.is_empty() {
        RAW.clone_into(&mut new.role);
    }
    if new.role != RAW && !roles.iter().any(|(role, _)| *role == new.role) {
        let there_are = [RAW].into_iter().chain(roles.iter().map(|(role, _)| *role));
        return Err(Error::not_found_among(
            "role of a file of this technique",
            &new.role,
            there_are,
        ));
    }
    // What helps may be of no sample: an open beam is of the whole experiment.
    if new.samples.is_empty() && new.role == RAW {
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
