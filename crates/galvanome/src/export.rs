//! A campaign into a folder that can be edited and imported again.

use std::path::Path;

use galvanome_exchange::folder;
use galvanome_model::ids::CampaignId;

use crate::{Error, Galvanome};

/// Writes a campaign into a folder that is new or empty, with the files that the store holds. Gives what the
/// folder does not carry. Errors when the folder holds something already or cannot be written.
pub async fn campaign(
    galvanome: &Galvanome,
    id: &CampaignId,
    out: &Path,
) -> Result<&'static [&'static str], Error> {
    let Some(campaign) = galvanome.store.campaign(id).await? else {
        let there_are = crate::show::all_ids(galvanome).await?;
        return Err(Error::not_found_among("campaign", id, there_are));
    };
    let taken = std::fs::read_dir(out).is_ok_and(|mut entries| entries.next().is_some());
    if taken {
        return Err(Error::Wrong(format!(
            "{} is not empty; name a folder that does not exist yet",
            out.display()
        )));
    }
    for (inside, bytes) in folder::write(&campaign) {
        let path = out.join(&inside);
        if let Some(parent) = path.parent() {
            std::fs::create_dir_all(parent).map_err(|error| Error::io(parent, error))?;
        }
        std::fs::write(&path, bytes).map_err(|error| Error::io(&path, error))?;
    }
    for dataset in campaign.datasets.iter().filter(|dataset| !dataset.path.is_empty()) {
        let path = out.join(&dataset.path);
        if let Some(parent) = path.parent() {
            std::fs::create_dir_all(parent).map_err(|error| Error::io(parent, error))?;
        }
        if let Some(held) = galvanome.store.object_file(&dataset.sha256) {
            std::fs::copy(&held, &path).map_err(|error| Error::io(&path, error))?;
        } else {
            let bytes = galvanome.store.object(&dataset.sha256).await?;
            std::fs::write(&path, bytes).map_err(|error| Error::io(&path, error))?;
        }
    }
    Ok(folder::not_carried())
}
