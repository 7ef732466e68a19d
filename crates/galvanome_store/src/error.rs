//! What can go wrong in the store: what, where, and what to do.

use std::path::{Path, PathBuf};

use galvanome_model::ids::CampaignId;

type Source = Box<dyn std::error::Error + Send + Sync>;

/// Why the store could not do something. Whatever it was, the store is as it was before.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum StoreError {
    /// A file or folder could not be used.
    #[error("cannot {doing} {}: {source}; check that the folder exists, that you may write there, and that the disk has room", path.display())]
    Folder {
        /// What was tried.
        doing: &'static str,
        /// The file or folder.
        path: PathBuf,
        /// Why it failed.
        source: std::io::Error,
    },
    /// The folder's path cannot be handed to the database.
    #[error("the path {} is not valid UTF-8; choose another data folder", path.display())]
    Path {
        /// The path.
        path: PathBuf,
    },
    /// The data were written by a newer version of this program.
    #[error(
        "{place} was written by Galvanome {written_by} (store version {found}); this is Galvanome {program}, which knows store versions up to {known}: use Galvanome {written_by} or newer, or choose another data folder; nothing was changed"
    )]
    Newer {
        /// The data folder or database.
        place: String,
        /// Its store version.
        found: i64,
        /// The program that wrote it.
        written_by: String,
        /// The newest store version that is known here.
        known: i64,
        /// The version of this program.
        program: &'static str,
    },
    /// Another server runs on the data folder.
    #[error("another server is already running on this data folder ({}): use that one, stop it, or give --data another folder", path.display())]
    ServerRuns {
        /// The lock file.
        path: PathBuf,
    },
    /// The folder has to be migrated while other processes use it.
    #[error("the data folder {} has to be brought up to this version, and another Galvanome process is using it: stop that process and try again", path.display())]
    InUse {
        /// The data folder.
        path: PathBuf,
    },
    /// Another process kept the database locked for too long.
    #[error(
        "could not {doing}: another process has been writing to the database for too long; try again when it has finished"
    )]
    Busy {
        /// What was tried.
        doing: &'static str,
    },
    /// No room is left.
    #[error("could not {doing}: the disk is full; make room and try again; nothing was changed")]
    Full {
        /// What was tried.
        doing: &'static str,
    },
    /// A PostgreSQL database that does not order text bytewise, or not in UTF-8.
    #[error(
        "the database {database} (collation {collation}, encoding {encoding}) does not order text by its bytes in UTF-8, which Galvanome needs: create it with CREATE DATABASE {database} TEMPLATE template0 ENCODING 'UTF8' LC_COLLATE 'C' LC_CTYPE 'C'"
    )]
    Collation {
        /// Its name.
        database: String,
        /// Its collation.
        collation: String,
        /// Its encoding.
        encoding: String,
    },
    /// There is no such campaign.
    #[error(
        "there is no campaign `{id}` in this data folder; `galvanome campaign list` shows which there are"
    )]
    NoCampaign {
        /// The id.
        id: CampaignId,
    },
    /// Something names a thing that the campaign does not have.
    #[error(
        "{named_by} names the {noun} `{id}`, which campaign `{campaign}` does not have: check its spelling, or add it to the campaign first"
    )]
    UnknownId {
        /// The campaign.
        campaign: CampaignId,
        /// What kind of thing (`sample`).
        noun: &'static str,
        /// Its id.
        id: String,
        /// What names it.
        named_by: String,
    },
    /// Two things of one kind have the same id.
    #[error("the campaign has two of {noun} `{id}`: give one of them another id")]
    Twice {
        /// What kind of thing.
        noun: &'static str,
        /// The id.
        id: String,
    },
    /// Something that is not stored.
    #[error("{what} is not stored: {why}")]
    Refused {
        /// What.
        what: String,
        /// Why, and what to do.
        why: String,
    },
    /// There is no such object.
    #[error("there is no file with SHA-256 {sha256} in the object store; add the file again")]
    NoObject {
        /// The checksum asked for.
        sha256: String,
    },
    /// An object's bytes are not what they were.
    #[error(
        "the file with SHA-256 {sha256} in the object store is damaged (its bytes now have {found}): restore it from a backup, or add the file again"
    )]
    Damaged {
        /// The checksum it should have.
        sha256: String,
        /// The checksum it has.
        found: String,
    },
    /// A job that this worker does not hold any more.
    #[error(
        "job {id} is not held by {worker} any more: its lease ran out and it was given to another worker"
    )]
    LostJob {
        /// The job.
        id: i64,
        /// The worker that thought it held it.
        worker: String,
    },
    /// A row that this version cannot read.
    #[error(
        "{what} in the store cannot be read: {source}; the data folder may be damaged, restore a backup"
    )]
    Unreadable {
        /// What was read.
        what: String,
        /// Why it failed.
        source: Source,
    },
    /// The object store failed.
    #[error("could not {doing} in the object store: {source}")]
    Object {
        /// What was tried.
        doing: &'static str,
        /// Why it failed.
        source: Source,
    },
    /// The database failed.
    #[error("could not {doing}: the database says: {source}")]
    Database {
        /// What was tried.
        doing: &'static str,
        /// Why it failed.
        source: Source,
    },
}

impl StoreError {
    pub(crate) fn folder(doing: &'static str, path: &Path, source: std::io::Error) -> Self {
        if source.kind() == std::io::ErrorKind::StorageFull {
            return Self::Full { doing };
        }
        Self::Folder { doing, path: path.to_owned(), source }
    }

    pub(crate) fn unreadable(what: impl Into<String>, source: impl Into<Source>) -> Self {
        Self::Unreadable { what: what.into(), source: source.into() }
    }

    pub(crate) fn object(doing: &'static str, source: object_store::Error) -> Self {
        let mut cause: Option<&(dyn std::error::Error + 'static)> = Some(&source);
        while let Some(error) = cause {
            let io = error.downcast_ref::<std::io::Error>();
            if io.is_some_and(|error| error.kind() == std::io::ErrorKind::StorageFull) {
                return Self::Full { doing };
            }
            cause = error.source();
        }
        Self::Object { doing, source: source.into() }
    }
}

/// SQLITE_IOERR_SHMSIZE: the file through which processes share the write-ahead log's index cannot grow. SQLite
/// calls that an I/O error whatever the system says; it is what a disk without a free block gives first.
const NO_ROOM_FOR_SHARED_MEMORY: i64 = 4874;

/// Says what was being done when the database failed. Disk full (SQLITE_FULL 13, SQLSTATE 53100) and a
/// database that stays locked (SQLITE_BUSY 5, SQLITE_LOCKED 6) have words of their own.
pub(crate) fn doing(doing: &'static str) -> impl FnOnce(sqlx::Error) -> StoreError {
    move |error| {
        let code = error
            .as_database_error()
            .and_then(sqlx::error::DatabaseError::code)
            .unwrap_or_default();
        // The low byte of SQLite's extended result codes is the result itself; a SQLSTATE has five characters.
        let sqlite = if code.len() == 5 { None } else { code.parse::<i64>().ok() };
        if sqlite == Some(NO_ROOM_FOR_SHARED_MEMORY) {
            return StoreError::Full { doing };
        }
        match (sqlite.map(|code| code & 0xff), code.as_ref()) {
            (Some(13), _) | (None, "53100") => StoreError::Full { doing },
            (Some(5 | 6), _) => StoreError::Busy { doing },
            _ => StoreError::Database { doing, source: error.into() },
        }
    }
}
