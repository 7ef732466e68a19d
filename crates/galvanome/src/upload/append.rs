//! A piece of an upload arrives.

use std::fs;
use std::path::PathBuf;

use galvanome_model::ids::CampaignId;
use galvanome_store::Actor;
use tokio::io::AsyncWriteExt as _;

use super::refused::Refused;
use super::staged::{Upload, failed, find, folder_of};
use crate::{Error, Galvanome};

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
