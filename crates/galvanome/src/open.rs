//! An open data folder.

use std::collections::HashMap;
use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};

use galvanome_model::catalogue::Catalogue;
use galvanome_model::ids::{CampaignId, TechniqueId};
use galvanome_model::image::Image;
use galvanome_store::{ServerLock, Store};

use crate::curves::Columns;
use crate::{Error, Known, clock};

/// An open data folder with the shipped catalogue: what every verb works on.
#[derive(Debug)]
pub struct Galvanome {
    pub(crate) store: Store,
    pub(crate) shipped: &'static Catalogue,
    known: Mutex<HashMap<CampaignId, Arc<Known>>>,
    /// Columns of files that were looked at last, by the file's checksum.
    columns: Mutex<Vec<(String, Arc<Columns>)>>,
    /// Images of files that were looked at last, by the file's checksum.
    images: Mutex<Vec<(String, Arc<[Image]>)>>,
}

/// How many files stay open, of their columns and of their images.
const OPEN_FILES: usize = 16;

impl Galvanome {
    /// Opens a data folder, making it when it is not there. Errors when it cannot be used, or was written by a
    /// newer version.
    pub async fn open(data: &Path) -> Result<Self, Error> {
        let store = Store::open(data, clock::now_us()).await?;
        Ok(Self {
            store,
            shipped: galvanome_techniques::catalogue(),
            known: Mutex::default(),
            columns: Mutex::default(),
            images: Mutex::default(),
        })
    }

    /// Takes the data folder for one server. Errors when another one runs on it.
    pub fn lock_server(&self) -> Result<ServerLock, Error> {
        Ok(self.store.lock_server()?)
    }

    /// The shipped catalogue.
    pub const fn catalogue(&self) -> &'static Catalogue {
        self.shipped
    }

    /// The manual's page of a technique's analysis; none when it has no analysis.
    pub fn manual(&self, technique: &TechniqueId) -> Option<&'static str> {
        galvanome_techniques::manual(technique.as_str())
    }

    /// Ends every connection.
    pub async fn close(&self) {
        self.store.close().await;
    }

    /// What is known of a campaign beside its answers and quantities, as of its present revision; kept until the
    /// campaign changes. Errors when there is no such campaign.
    pub async fn known(&self, id: &CampaignId) -> Result<Arc<Known>, Error> {
        let Some((revision, updated_us)) = self.store.revision(id).await? else {
            let there_are = crate::show::all_ids(self).await?;
            return Err(Error::not_found_among("campaign", id, there_are));
        };
        let kept = self.kept().get(id).cloned();
        if let Some(known) = kept.filter(|known| known.revision == revision) {
            return Ok(known);
        }
        let known =
            Arc::new(Known::load(&self.store, self.shipped, id, (revision, updated_us)).await?);
        self.kept().insert(id.clone(), Arc::clone(&known));
        Ok(known)
    }

    /// The columns of a file, when they are open.
    pub(crate) fn opened_columns(&self, sha256: &str) -> Option<Arc<Columns>> {
        asked_last(&self.columns, sha256)
    }

    /// Keeps the columns of a file open, and closes those that nobody has asked for the longest.
    pub(crate) fn keep_columns(&self, sha256: &str, columns: &Arc<Columns>) {
        keep(&self.columns, sha256, Arc::clone(columns));
    }

    /// The images of a file, when they are open.
    pub(crate) fn opened_images(&self, sha256: &str) -> Option<Arc<[Image]>> {
        asked_last(&self.images, sha256)
    }

    /// Keeps the images of a file open, and closes those that nobody has asked for the longest.
    pub(crate) fn keep_images(&self, sha256: &str, images: &Arc<[Image]>) {
        keep(&self.images, sha256, Arc::clone(images));
    }

    fn kept(&self) -> std::sync::MutexGuard<'_, HashMap<CampaignId, Arc<Known>>> {
        self.known.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// What is open of a file, which now was asked for last.
fn asked_last<T: ?Sized>(open: &Mutex<Vec<(String, Arc<T>)>>, sha256: &str) -> Option<Arc<T>> {
    let mut open = open.lock().unwrap_or_else(PoisonError::into_inner);
    let place = open.iter().position(|(of, _)| of == sha256)?;
    let found = open.remove(place);
    let kept = Arc::clone(&found.1);
    open.push(found);
    Some(kept)
}

fn keep<T: ?Sized>(open: &Mutex<Vec<(String, Arc<T>)>>, sha256: &str, new: Arc<T>) {
    let mut open = open.lock().unwrap_or_else(PoisonError::into_inner);
    open.retain(|(of, _)| of != sha256);
    open.push((sha256.to_owned(), new));
    if open.len() > OPEN_FILES {
        open.remove(0);
    }
}
