//! The objects that a store holds: kept, listed, read again.

use std::ops::Range;
use std::path::PathBuf;

use futures_util::StreamExt as _;
use futures_util::stream::BoxStream;
use serde_json::json;
use sqlx::AnyConnection;
use tokio::io::AsyncRead;

use crate::actor::Actor;
use crate::audit::{self, Deed};
use crate::error::{StoreError, doing};
use crate::objects::{ObjectId, place};
use crate::rows::Many;
use crate::store::Store;

const LIST_FILES: Many = Many {
    head: "INSERT INTO file (sha256, bytes, stored_at_us, actor) VALUES",
    pattern: "(?, ?, $1, $2)",
    tail: " ON CONFLICT (sha256) DO NOTHING",
    shared: 2,
};

/// Notes that objects are held.
pub(crate) async fn list_files(
    connection: &mut AnyConnection,
    ids: &[ObjectId],
    actor: &Actor,
    now_us: i64,
) -> Result<(), StoreError> {
    LIST_FILES
        .run(
            connection,
            "list files",
            ids,
            |shared, _| {
                shared.push(now_us);
                shared.push(actor.id());
            },
            |row, id| {
                row.push(id.sha256.as_str());
                row.push(i64::try_from(id.bytes).unwrap_or(i64::MAX));
            },
        )
        .await
}

impl Store {
    /// Keeps bytes; the same bytes are kept once. Errors when there is no room.
    pub async fn put_object(
        &self,
        bytes: Vec<u8>,
        actor: &Actor,
        now_us: i64,
    ) -> Result<ObjectId, StoreError> {
        let id = self.objects().put(bytes).await?;
        self.note_object(id, actor, now_us).await
    }

    /// Keeps what a reader yields, without holding all of it in memory.
    pub async fn put_object_from(
        &self,
        reader: impl AsyncRead + Unpin,
        actor: &Actor,
        now_us: i64,
    ) -> Result<ObjectId, StoreError> {
        let id = self.objects().put_from(reader).await?;
        self.note_object(id, actor, now_us).await
    }

    pub(crate) async fn note_object(
        &self,
        id: ObjectId,
        actor: &Actor,
        now_us: i64,
    ) -> Result<ObjectId, StoreError> {
        if self.has_object(&id.sha256).await? {
            return Ok(id);
        }
        let mut tx = self.write().await?;
        list_files(&mut tx, std::slice::from_ref(&id), actor, now_us).await?;
        let detail = json!({"sha256": id.sha256, "bytes": id.bytes});
        audit::commit(tx, Deed { actor, now_us, campaign: "", action: "put-object", detail })
            .await?;
        Ok(id)
    }

    /// Whether an object is kept.
    pub async fn has_object(&self, sha256: &str) -> Result<bool, StoreError> {
        let found: Option<(i64,)> = sqlx::query_as("SELECT bytes FROM file WHERE sha256 = $1")
            .bind(sha256)
            .fetch_optional(self.readers())
            .await
            .map_err(doing("look for a file"))?;
        Ok(found.is_some())
    }

    /// All bytes of an object, checked against its address. Errors when it is not there or was damaged.
    pub async fn object(&self, sha256: &str) -> Result<Vec<u8>, StoreError> {
        let bytes = self.objects().get(sha256).await?.bytes().await;
        let bytes: Vec<u8> =
            bytes.map_err(|error| StoreError::object("read a file", error))?.into();
        let found = ObjectId::of(&bytes).sha256;
        if found == sha256 {
            Ok(bytes)
        } else {
            Err(StoreError::Damaged { sha256: sha256.to_owned(), found })
        }
    }

    /// A part of an object's bytes, cut off at its end.
    pub async fn object_range(
        &self,
        sha256: &str,
        range: Range<u64>,
    ) -> Result<Vec<u8>, StoreError> {
        if range.is_empty() {
            return Ok(Vec::new());
        }
        self.objects().range(sha256, range).await
    }

    /// An object's bytes as a stream of pieces.
    pub async fn object_stream(
        &self,
        sha256: &str,
    ) -> Result<BoxStream<'static, Result<Vec<u8>, StoreError>>, StoreError> {
        let pieces = self.objects().get(sha256).await?.into_stream();
        let piece = |piece: Result<_, object_store::Error>| {
            piece.map(Into::into).map_err(|error| StoreError::object("read a file", error))
        };
        Ok(pieces.map(piece).boxed())
    }

    /// The local file that holds an object, for readers that want positions in it; none when the objects are
    /// not local or it is not there.
    pub fn object_file(&self, sha256: &str) -> Option<PathBuf> {
        let file = self.objects().folder()?.join(place(sha256).ok()?.as_ref());
        file.is_file().then_some(file)
    }
}
