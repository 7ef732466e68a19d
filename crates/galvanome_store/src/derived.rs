//! Files beside the objects: those that are still arriving, and those that were computed from an object and can be
//! computed again. Both are local, also where the objects will not be.

use std::path::PathBuf;

use crate::actor::Actor;
use crate::error::StoreError;
use crate::objects::{ObjectId, place};
use crate::store::Store;

impl Store {
    /// A folder for files that are still arriving, on the disk of the objects, made if it is not there.
    pub fn staging_folder(&self) -> Result<PathBuf, StoreError> {
        let folder = self.beside_objects("staging")?;
        std::fs::create_dir_all(&folder)
            .map_err(|error| StoreError::folder("make the folder", &folder, error))?;
        Ok(folder)
    }

    /// Where something of a kind that was computed from an object lies, or would lie. Errors when the address is
    /// none of an object.
    pub fn derived_file(&self, kind: &str, sha256: &str) -> Result<PathBuf, StoreError> {
        let inside = place(sha256)?;
        Ok(self.beside_objects("derived")?.join(kind).join(inside.as_ref()))
    }

    /// Moves a finished file of the staging folder to where derived ones lie. What was there is replaced.
    pub fn keep_derived(
        &self,
        staged: &std::path::Path,
        kind: &str,
        sha256: &str,
    ) -> Result<PathBuf, StoreError> {
        let to = self.derived_file(kind, sha256)?;
        let failed = |error| StoreError::folder("keep", &to, error);
        if let Some(parent) = to.parent() {
            std::fs::create_dir_all(parent).map_err(failed)?;
        }
        std::fs::rename(staged, &to).map_err(failed)?;
        Ok(to)
    }

    /// Takes a file of the staging folder into the object store by moving it; the same bytes are kept once, and then
    /// the file is removed. The caller knows its checksum.
    pub async fn put_object_file(
        &self,
        staged: &std::path::Path,
        id: ObjectId,
        actor: &Actor,
        now_us: i64,
    ) -> Result<ObjectId, StoreError> {
        self.objects().adopt(staged, &id).await?;
        self.note_object(id, actor, now_us).await
    }

    fn beside_objects(&self, name: &str) -> Result<PathBuf, StoreError> {
        self.objects().folder().map(|folder| folder.join(name)).ok_or_else(|| StoreError::Refused {
            what: "a local file".to_owned(),
            why: "the objects of this store are not in a local folder".to_owned(),
        })
    }
}
