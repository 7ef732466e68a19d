//! The store's versions: numbered texts, each run once, and a note of which program ran it.

use sqlx::{AnyConnection, Connection, Executor};

use crate::error::{StoreError, doing};
use crate::rows::count;

/// The texts, in order; the number of one is its place, from 1. A text that was released never changes.
const MIGRATIONS: &[&str] =
    &[include_str!("../migrations/0001_start.sql"), include_str!("../migrations/0002_uploads.sql")];

const PROGRAM: &str = env!("CARGO_PKG_VERSION");

/// How old a store is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Version {
    /// It needs migrations, or is empty.
    Older,
    /// It is of this version.
    Current,
}

/// The version of a store; refuses one that a newer program has written.
pub(crate) async fn version(
    connection: &mut AnyConnection,
    place: &str,
) -> Result<Version, StoreError> {
    connection
        .execute(
            "CREATE TABLE IF NOT EXISTS migration \
             (number BIGINT NOT NULL PRIMARY KEY, program TEXT NOT NULL, applied_at_us BIGINT NOT NULL)",
        )
        .await
        .map_err(doing("prepare the store"))?;
    let last: Option<(i64, String)> =
        sqlx::query_as("SELECT number, program FROM migration ORDER BY number DESC LIMIT 1")
            .fetch_optional(connection)
            .await
            .map_err(doing("read the version of the store"))?;
    let known = count(MIGRATIONS.len());
    match last {
        Some((found, written_by)) if found > known => Err(StoreError::Newer {
            place: place.to_owned(),
            found,
            written_by,
            known,
            program: PROGRAM,
        }),
        Some((found, _)) if found == known => Ok(Version::Current),
        _ => Ok(Version::Older),
    }
}

/// Runs what is missing, all in one transaction.
pub(crate) async fn migrate(connection: &mut AnyConnection, now_us: i64) -> Result<(), StoreError> {
    let mut tx = connection.begin().await.map_err(doing("migrate the store"))?;
    let (done,): (i64,) =
        sqlx::query_as("SELECT CAST(COALESCE(MAX(number), 0) AS BIGINT) FROM migration")
            .fetch_one(&mut *tx)
            .await
            .map_err(doing("read the version of the store"))?;
    for (number, text) in (1_i64..).zip(MIGRATIONS).filter(|(number, _)| *number > done) {
        sqlx::raw_sql(*text).execute(&mut *tx).await.map_err(doing("migrate the store"))?;
        sqlx::query("INSERT INTO migration (number, program, applied_at_us) VALUES ($1, $2, $3)")
            .bind(number)
            .bind(PROGRAM)
            .bind(now_us)
            .execute(&mut *tx)
            .await
            .map_err(doing("migrate the store"))?;
    }
    tx.commit().await.map_err(doing("migrate the store"))
}

/// Lets one process at a time migrate a PostgreSQL database: held until the connection closes.
pub(crate) async fn lock_postgres(connection: &mut AnyConnection) -> Result<(), StoreError> {
    sqlx::query("SELECT pg_advisory_lock(7308604897286710639)")
        .execute(connection)
        .await
        .map(|_| ())
        .map_err(doing("wait for another process that migrates the database"))
}
