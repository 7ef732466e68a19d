//! Lock files of a data folder.
//!
//! Every process holds `data.lock` shared; a migration takes it exclusively, so that no process ever works
//! on tables that change under it. A server holds `server.lock` exclusively. The operating system releases
//! both when a process ends, however it ends.

use std::fs::{File, TryLockError};
use std::path::{Path, PathBuf};

use crate::error::StoreError;

/// Held by the one server of a data folder; released when dropped.
#[derive(Debug)]
pub struct ServerLock {
    _file: Option<File>,
}

impl ServerLock {
    pub(crate) fn take(folder: Option<&Path>) -> Result<Self, StoreError> {
        let Some(folder) = folder else { return Ok(Self { _file: None }) };
        let path = folder.join("server.lock");
        let file = open(&path)?;
        match file.try_lock() {
            Ok(()) => Ok(Self { _file: Some(file) }),
            Err(TryLockError::WouldBlock) => Err(StoreError::ServerRuns { path }),
            Err(TryLockError::Error(error)) => Err(StoreError::folder("lock", &path, error)),
        }
    }
}

/// `data.lock`, held by this process.
#[derive(Debug)]
pub(crate) struct DataLock {
    file: File,
    path: PathBuf,
}

impl DataLock {
    /// Opens the lock file without locking it.
    pub(crate) fn open(folder: &Path) -> Result<Self, StoreError> {
        let path = folder.join("data.lock");
        Ok(Self { file: open(&path)?, path })
    }

    /// Takes it shared if no migration runs; false when one does.
    pub(crate) fn try_shared(&self) -> Result<bool, StoreError> {
        self.outcome(self.file.try_lock_shared())
    }

    /// Takes it alone if nobody else has it; false when somebody does, and then it is not held at all.
    pub(crate) fn try_alone(&self) -> Result<bool, StoreError> {
        self.file.unlock().map_err(|error| StoreError::folder("unlock", &self.path, error))?;
        self.outcome(self.file.try_lock())
    }

    fn outcome(&self, result: Result<(), TryLockError>) -> Result<bool, StoreError> {
        match result {
            Ok(()) => Ok(true),
            Err(TryLockError::WouldBlock) => Ok(false),
            Err(TryLockError::Error(error)) => Err(StoreError::folder("lock", &self.path, error)),
        }
    }
}

fn open(path: &Path) -> Result<File, StoreError> {
    File::options()
        .create(true)
        .truncate(false)
        .read(true)
        .write(true)
        .open(path)
        .map_err(|error| StoreError::folder("open", path, error))
}
