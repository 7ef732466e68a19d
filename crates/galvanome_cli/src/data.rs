//! Which data folder.

use std::path::PathBuf;

use galvanome::Galvanome;

use crate::args::Data;

/// The folder that is asked for, or the usual one of this user.
pub(crate) fn folder(data: &Data) -> anyhow::Result<PathBuf> {
    if let Some(folder) = &data.data {
        return Ok(folder.clone());
    }
    let set = |name: &str| std::env::var_os(name).filter(|value| !value.is_empty());
    if let Some(home) = set("XDG_DATA_HOME") {
        return Ok(PathBuf::from(home).join("galvanome"));
    }
    let home = set("HOME").ok_or_else(|| {
        anyhow::anyhow!("there is no home folder; name a data folder with --data")
    })?;
    Ok(PathBuf::from(home).join(".local/share/galvanome"))
}

/// Opens the data folder, making it when it is not there.
pub(crate) async fn open(data: &Data) -> anyhow::Result<Galvanome> {
    let folder = folder(data)?;
    std::fs::create_dir_all(&folder).map_err(|error| galvanome::Error::io(&folder, error))?;
    Ok(Galvanome::open(&folder).await?)
}

/// A campaign's id from the command line.
pub(crate) fn campaign(text: &str) -> anyhow::Result<galvanome_model::ids::CampaignId> {
    Ok(galvanome_model::ids::CampaignId::new(text)?)
}
