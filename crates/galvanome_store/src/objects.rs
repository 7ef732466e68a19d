//! Bytes in an object store, addressed by what they are.
//!
//! An object lies under its SHA-256 (`ab/cdef…`) and is never altered or deleted. It is written beside its
//! place first and then moved there, flushed to the disk, so that a place holds all of it or nothing.

use std::ops::Range;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use object_store::local::LocalFileSystem;
use object_store::{
    Error, ObjectStore, ObjectStoreExt as _, PutMode, PutPayload, path::Path as Place,
};
use sha2::{Digest, Sha256};
use tokio::io::{AsyncRead, AsyncReadExt as _};

use crate::error::StoreError;

/// Bytes that are read before they are handed on.
const PART: usize = 4 << 20;

/// The address of an object, and its size.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct ObjectId {
    /// SHA-256 of its bytes, in lower-case hexadecimal.
    pub sha256: String,
    /// Its size.
    pub bytes: u64,
}

impl ObjectId {
    /// The address that these bytes have, stored or not.
    pub fn of(bytes: &[u8]) -> Self {
        Self { sha256: hexadecimal(&Sha256::digest(bytes)), bytes: bytes.len() as u64 }
    }
}

/// Where objects are kept.
#[derive(Debug, Clone)]
pub struct Objects {
    store: Arc<dyn ObjectStore>,
    folder: Option<PathBuf>,
}

impl Objects {
    /// Objects in a local folder, made if it is not there.
    pub fn in_folder(folder: &Path) -> Result<Self, StoreError> {
        std::fs::create_dir_all(folder)
            .map_err(|error| StoreError::folder("make the folder", folder, error))?;
        let store = LocalFileSystem::new_with_prefix(folder)
            .map_err(|error| StoreError::object("open the folder", error))?
            .with_fsync(true);
        Ok(Self { store: Arc::new(store), folder: Some(folder.to_owned()) })
    }

    /// Stores bytes if they are not there yet.
    pub(crate) async fn put(&self, bytes: Vec<u8>) -> Result<ObjectId, StoreError> {
        let id = ObjectId::of(&bytes);
        let place = place(&id.sha256)?;
        if self.holds(&place, id.bytes).await? {
            return Ok(id);
        }
        match self.store.put_opts(&place, PutPayload::from(bytes), PutMode::Create.into()).await {
            Ok(_) | Err(Error::AlreadyExists { .. }) => Ok(id),
            Err(error) => Err(StoreError::object("write a file", error)),
        }
    }

    /// Stores what a reader yields, piece by piece, if it is not there yet.
    pub(crate) async fn put_from(
        &self,
        mut reader: impl AsyncRead + Unpin,
    ) -> Result<ObjectId, StoreError> {
        let mut part = read_part(&mut reader).await?;
        if part.len() < PART {
            return self.put(part).await;
        }
        let incoming = incoming();
        let failed = |error| StoreError::object("write a file", error);
        let mut upload = self.store.put_multipart(&incoming).await.map_err(failed)?;
        let mut hash = Sha256::new();
        let mut bytes = 0;
        while !part.is_empty() {
            hash.update(&part);
            bytes += part.len() as u64;
            upload.put_part(PutPayload::from(part)).await.map_err(failed)?;
            part = match read_part(&mut reader).await {
                Ok(part) => part,
                Err(error) => {
                    upload.abort().await.map_err(failed)?;
                    return Err(error);
                }
            };
        }
        upload.complete().await.map_err(failed)?;
        let id = ObjectId { sha256: hexadecimal(&hash.finalize()), bytes };
        let place = place(&id.sha256)?;
        if self.holds(&place, bytes).await? {
            self.store.delete(&incoming).await.map_err(failed)?;
            return Ok(id);
        }
        match self.store.rename(&incoming, &place).await {
            Ok(()) => Ok(id),
            Err(error) => Err(failed(error)),
        }
    }

    /// The local folder that they are in, if they are.
    pub(crate) fn folder(&self) -> Option<&Path> {
        self.folder.as_deref()
    }

    /// Moves a local file with a known checksum to its place, unless its bytes are there already; either way it is
    /// gone afterwards.
    pub(crate) async fn adopt(&self, file: &Path, id: &ObjectId) -> Result<(), StoreError> {
        let inside = place(&id.sha256)?;
        if self.holds(&inside, id.bytes).await? {
            return std::fs::remove_file(file)
                .map_err(|error| StoreError::folder("remove", file, error));
        }
        let Some(folder) = &self.folder else {
            let reader = tokio::fs::File::open(file)
                .await
                .map_err(|error| StoreError::folder("open", file, error))?;
            self.put_from(reader).await?;
            return std::fs::remove_file(file)
                .map_err(|error| StoreError::folder("remove", file, error));
        };
        let to = folder.join(inside.as_ref());
        let moved = || -> std::io::Result<()> {
            std::fs::File::open(file)?.sync_all()?;
            if let Some(parent) = to.parent() {
                std::fs::create_dir_all(parent)?;
                std::fs::rename(file, &to)?;
                std::fs::File::open(parent)?.sync_all()?;
            }
            Ok(())
        };
        moved().map_err(|error| StoreError::folder("keep", file, error))
    }

    /// An object, to be read; an error when it is not there.
    pub(crate) async fn get(&self, sha256: &str) -> Result<object_store::GetResult, StoreError> {
        match self.store.get(&place(sha256)?).await {
            Ok(found) => Ok(found),
            Err(Error::NotFound { .. }) => Err(StoreError::NoObject { sha256: sha256.to_owned() }),
            Err(error) => Err(StoreError::object("read a file", error)),
        }
    }

    /// A part of an object's bytes, cut off at its end.
    pub(crate) async fn range(
        &self,
        sha256: &str,
        range: Range<u64>,
    ) -> Result<Vec<u8>, StoreError> {
        match self.store.get_range(&place(sha256)?, range).await {
            Ok(bytes) => Ok(bytes.into()),
            Err(Error::NotFound { .. }) => Err(StoreError::NoObject { sha256: sha256.to_owned() }),
            Err(error) => Err(StoreError::object("read a part of a file", error)),
        }
    }

    /// Whether an object of this size is there. One of another size is a remnant of a broken disk: it is
    /// removed, so that it can be written again.
    async fn holds(&self, place: &Place, bytes: u64) -> Result<bool, StoreError> {
        match self.store.head(place).await {
            Ok(found) if found.size == bytes => Ok(true),
            Ok(_) => {
                let removed = self.store.delete(place).await;
                removed.map_err(|error| StoreError::object("remove a damaged file", error))?;
                Ok(false)
            }
            Err(Error::NotFound { .. }) => Ok(false),
            Err(error) => Err(StoreError::object("look for a file", error)),
        }
    }
}

async fn read_part(reader: &mut (impl AsyncRead + Unpin)) -> Result<Vec<u8>, StoreError> {
    let mut part = Vec::new();
    reader.take(PART as u64).read_to_end(&mut part).await.map_err(|error| StoreError::Object {
        doing: "read what was to be kept",
        source: error.into(),
    })?;
    Ok(part)
}

/// A place for an object whose checksum is not known yet; no other process or call uses it.
fn incoming() -> Place {
    static COUNT: AtomicU64 = AtomicU64::new(0);
    let count = COUNT.fetch_add(1, Ordering::Relaxed);
    Place::from(format!("incoming/{}-{count}", std::process::id()))
}

/// Where an object lies inside the store.
pub(crate) fn place(sha256: &str) -> Result<Place, StoreError> {
    let is_checksum = sha256.len() == 64
        && sha256.bytes().all(|byte| byte.is_ascii_digit() || (b'a'..=b'f').contains(&byte));
    match (is_checksum, sha256.split_at_checked(2)) {
        (true, Some((first, rest))) => Ok(Place::from(format!("{first}/{rest}"))),
        _ => Err(StoreError::NoObject { sha256: sha256.to_owned() }),
    }
}

/// Bytes as lower-case hexadecimal.
pub(crate) fn hexadecimal(bytes: &[u8]) -> String {
    use std::fmt::Write as _;
    let mut text = String::with_capacity(bytes.len() * 2);
    for byte in bytes {
        let _ = write!(text, "{byte:02x}");
    }
    text
}
