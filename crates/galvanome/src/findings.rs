//! What an analysis said beside its numbers: why something is absent, and what to think of what is there. It is kept beside
//! the objects, since it can be computed again, and stands with the quantities on the page of each dataset.

use galvanome_model::ids::{CampaignId, DatasetId};
use galvanome_model::note::Note;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use crate::staging::{fresh_name, hexadecimal};
use crate::{Error, Galvanome};

/// The folder of these files among the derived ones; another layout has another name.
const KIND: &str = "findings-1";

/// Findings that are kept, at most.
const MOST: usize = 200;

/// What an analysis said of the datasets that it took together.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Findings {
    /// The analysis and its version, as quantities have it.
    pub method: String,
    /// What it said, in its own order; what the readers said of the files is not among it.
    pub notes: Vec<Note>,
}

impl Findings {
    /// What an analysis said; only the first few hundred notes.
    pub(crate) fn new(method: String, mut notes: Vec<Note>) -> Self {
        notes.truncate(MOST);
        Self { method, notes }
    }
}

/// What the findings of a dataset are filed under.
fn place(campaign: &CampaignId, dataset: &DatasetId) -> String {
    hexadecimal(&Sha256::digest(format!("{campaign}/{dataset}")))
}

/// Keeps what was found in some datasets together, for each of them. Errors when it cannot be written.
pub(crate) fn keep(
    galvanome: &Galvanome,
    campaign: &CampaignId,
    together: &[DatasetId],
    findings: &Findings,
) -> Result<(), Error> {
    let text = serde_json::to_vec(findings)
        .map_err(|error| Error::Wrong(format!("the findings cannot be written down: {error}")))?;
    for dataset in together {
        let staged = galvanome.store.staging_folder()?.join(fresh_name("findings"));
        std::fs::write(&staged, &text).map_err(|error| Error::io(&staged, error))?;
        galvanome.store.keep_derived(&staged, KIND, &place(campaign, dataset))?;
    }
    Ok(())
}

/// What was found in a dataset; none when it was not analysed since findings are kept, or they are gone.
pub(crate) fn kept(
    galvanome: &Galvanome,
    campaign: &CampaignId,
    dataset: &DatasetId,
) -> Result<Option<Findings>, Error> {
    let path = galvanome.store.derived_file(KIND, &place(campaign, dataset))?;
    let Ok(text) = std::fs::read(&path) else { return Ok(None) };
    Ok(serde_json::from_slice(&text).ok())
}
