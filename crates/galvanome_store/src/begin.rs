//! How transactions begin: the one place where the two databases are spoken to differently.

use sqlx::{Any, Transaction};

use crate::error::{StoreError, doing};
use crate::store::{Kind, Store};

impl Store {
    /// A transaction that will write. SQLite takes its one write lock at once, so that what is read in the
    /// transaction cannot change before it writes; PostgreSQL locks the rows that are updated first.
    pub(crate) async fn write(&self) -> Result<Transaction<'static, Any>, StoreError> {
        let begin = match self.kind() {
            Kind::Sqlite => "BEGIN IMMEDIATE",
            Kind::Postgres => "BEGIN",
        };
        self.writer().begin_with(begin).await.map_err(doing("begin writing"))
    }

    /// A transaction that reads: all its queries see the store at one moment.
    pub(crate) async fn read(&self) -> Result<Transaction<'static, Any>, StoreError> {
        let begin = match self.kind() {
            Kind::Sqlite => "BEGIN",
            Kind::Postgres => "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY",
        };
        self.readers().begin_with(begin).await.map_err(doing("begin reading"))
    }
}
