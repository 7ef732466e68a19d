//! Opening a store: a data folder with SQLite, or a PostgreSQL database.

use std::path::{Path, PathBuf};
use std::sync::{Arc, Once};
use std::time::Duration;

use sqlx::any::{AnyConnectOptions, AnyPoolOptions};
use sqlx::{AnyConnection, AnyPool, ConnectOptions, Connection, Executor};

use crate::error::{StoreError, doing};
use crate::lock::{DataLock, ServerLock};
use crate::migration::{self, Version};
use crate::objects::Objects;

/// How long a writer waits for another one before it gives up.
const WAIT_FOR_WRITER: Duration = Duration::from_mins(2);
/// How often an opening process looks whether another one has finished migrating.
const LOOK_AGAIN: Duration = Duration::from_millis(50);
/// Connections that read, beside the one that writes.
const READERS: u32 = 4;

/// What may be set when a store is opened.
#[derive(Debug, Clone)]
pub struct Settings {
    /// The largest that the SQLite file may become, in bytes; what would make it larger is refused as if the
    /// disk were full. None for no limit.
    pub max_database_bytes: Option<u64>,
    /// How long to wait for other processes when the store has to be migrated: 10 s.
    pub wait_for_migration: Duration,
}

impl Default for Settings {
    fn default() -> Self {
        Self { max_database_bytes: None, wait_for_migration: Duration::from_secs(10) }
    }
}

/// Which database it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    /// In a file of the data folder.
    Sqlite,
    /// At an address.
    Postgres,
}

/// An open store. Clones share the connections.
#[derive(Debug, Clone)]
pub struct Store {
    inner: Arc<Inner>,
}

#[derive(Debug)]
struct Inner {
    kind: Kind,
    writer: AnyPool,
    readers: AnyPool,
    objects: Objects,
    folder: Option<PathBuf>,
    _lock: Option<DataLock>,
}

impl Store {
    /// Opens a data folder, made if it is not there: `galvanome.sqlite`, `objects/` and the lock files. An
    /// older store is brought up to this version first; `now_us` dates that.
    ///
    /// Errors: a folder that cannot be used, a store written by a newer version, a store that needs a
    /// migration while another process uses it.
    pub async fn open(data_dir: &Path, now_us: i64) -> Result<Self, StoreError> {
        Self::open_with(data_dir, &Settings::default(), now_us).await
    }

    /// As [`Store::open`], with settings.
    pub async fn open_with(
        data_dir: &Path,
        settings: &Settings,
        now_us: i64,
    ) -> Result<Self, StoreError> {
        std::fs::create_dir_all(data_dir)
            .map_err(|error| StoreError::folder("make the data folder", data_dir, error))?;
        let folder = data_dir
            .canonicalize()
            .map_err(|error| StoreError::folder("find the data folder", data_dir, error))?;
        let objects = Objects::in_folder(&folder.join("objects"))?;
        let url = sqlite_url(&folder.join("galvanome.sqlite"))?;
        let lock = DataLock::open(&folder)?;
        migrate_folder(&folder, &lock, &url, settings, now_us).await?;

        let limit = settings.max_database_bytes;
        let writer = pool(&url, 1, move |connection| {
            Box::pin(async move {
                connection.execute(PREPARE_WRITER).await?;
                if let Some(limit) = limit {
                    // A number of ours, in a statement that takes no parameters.
                    let text = format!("PRAGMA max_page_count = {}", (limit / 4096).max(1));
                    connection.execute(sqlx::AssertSqlSafe(text)).await?;
                }
                Ok(())
            })
        })
        .await?;
        let readers = pool(&url, READERS, |connection| {
            Box::pin(async move {
                connection.execute(PREPARE_READER).await?;
                Ok(())
            })
        })
        .await?;
        let inner = Inner {
            kind: Kind::Sqlite,
            writer,
            readers,
            objects,
            folder: Some(folder),
            _lock: Some(lock),
        };
        Ok(Self { inner: Arc::new(inner) })
    }

    /// Connects to a PostgreSQL database (`postgres://…`), with the object store given apart. An older store
    /// is brought up to this version first; `now_us` dates that.
    ///
    /// Errors: no connection, a database that does not order text bytewise, a store written by a newer version.
    pub async fn connect(url: &str, objects: Objects, now_us: i64) -> Result<Self, StoreError> {
        let is_postgres = url.starts_with("postgres://") || url.starts_with("postgresql://");
        if !is_postgres {
            return Err(StoreError::Refused {
                what: "the database address".to_owned(),
                why: "it does not begin with postgres://; a SQLite store is opened by its folder"
                    .to_owned(),
            });
        }
        let mut connection = connect(url).await?;
        check_collation(&mut connection).await?;
        migration::lock_postgres(&mut connection).await?;
        let migrated = match migration::version(&mut connection, "the database").await {
            Ok(Version::Older) => migration::migrate(&mut connection, now_us).await,
            Ok(Version::Current) => Ok(()),
            Err(error) => Err(error),
        };
        connection.close().await.map_err(doing("close the connection"))?;
        migrated?;
        let connections = pool(url, READERS + 1, |_| Box::pin(async { Ok(()) })).await?;
        let inner = Inner {
            kind: Kind::Postgres,
            writer: connections.clone(),
            readers: connections,
            objects,
            folder: None,
            _lock: None,
        };
        Ok(Self { inner: Arc::new(inner) })
    }

    /// Takes the lock of the one server of this data folder; it is held until dropped. Errors when another
    /// server runs. Several servers may share a PostgreSQL database: there is nothing to lock then.
    pub fn lock_server(&self) -> Result<ServerLock, StoreError> {
        ServerLock::take(self.inner.folder.as_deref())
    }

    /// The data folder; none for PostgreSQL.
    pub fn folder(&self) -> Option<&Path> {
        self.inner.folder.as_deref()
    }

    /// Where the bytes are.
    pub fn objects(&self) -> &Objects {
        &self.inner.objects
    }

    /// Closes all connections, after what they are doing. SQLite then folds its write-ahead log into the file.
    pub async fn close(&self) {
        self.inner.readers.close().await;
        self.inner.writer.close().await;
    }

    pub(crate) fn kind(&self) -> Kind {
        self.inner.kind
    }

    pub(crate) fn writer(&self) -> &AnyPool {
        &self.inner.writer
    }

    pub(crate) fn readers(&self) -> &AnyPool {
        &self.inner.readers
    }
}

/// Durable to the last commit (FULL), readers beside the writer (WAL), waits two minutes for a writer in
/// another process, and up to 32 MB of pages in memory, which a large import needs for its index.
const PREPARE_WRITER: &str = "PRAGMA busy_timeout = 120000; PRAGMA journal_mode = WAL; \
    PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON; PRAGMA cache_size = -32768; \
    PRAGMA journal_size_limit = 67108864;";
const PREPARE_READER: &str = "PRAGMA busy_timeout = 120000; PRAGMA query_only = ON;";

type Prepared<'c> = futures_util::future::BoxFuture<'c, Result<(), sqlx::Error>>;

async fn pool(
    url: &str,
    connections: u32,
    prepare: impl for<'c> Fn(&'c mut AnyConnection) -> Prepared<'c> + Send + Sync + 'static,
) -> Result<AnyPool, StoreError> {
    AnyPoolOptions::new()
        .max_connections(connections)
        .min_connections(0)
        .acquire_timeout(WAIT_FOR_WRITER)
        .after_connect(move |connection, _| prepare(connection))
        // SQLite ends a transaction by itself when the disk is full; the driver then believes that it is
        // still in one. Such a connection is thrown away.
        .before_acquire(|connection, _| {
            let is_free = !connection.is_in_transaction();
            Box::pin(async move { Ok(is_free) })
        })
        .connect_with(options(url)?)
        .await
        .map_err(doing("open the database"))
}

async fn connect(url: &str) -> Result<AnyConnection, StoreError> {
    options(url)?.connect().await.map_err(doing("open the database"))
}

fn options(url: &str) -> Result<AnyConnectOptions, StoreError> {
    static DRIVERS: Once = Once::new();
    DRIVERS.call_once(sqlx::any::install_default_drivers);
    let options: AnyConnectOptions = url.parse().map_err(doing("read the database address"))?;
    Ok(options.disable_statement_logging())
}

async fn migrate_folder(
    folder: &Path,
    lock: &DataLock,
    url: &str,
    settings: &Settings,
    now_us: i64,
) -> Result<(), StoreError> {
    let place = format!("the data folder {}", folder.display());
    let looks = settings.wait_for_migration.as_millis() / LOOK_AGAIN.as_millis();
    for _ in 0..=looks {
        if lock.try_shared()? {
            let mut connection = connect(url).await?;
            let version = migration::version(&mut connection, &place).await;
            connection.close().await.map_err(doing("close the database"))?;
            if version? == Version::Current {
                return Ok(());
            }
            if lock.try_alone()? {
                let mut connection = connect(url).await?;
                let migrated = migration::migrate(&mut connection, now_us).await;
                connection.close().await.map_err(doing("close the database"))?;
                migrated?;
                continue;
            }
        }
        tokio::time::sleep(LOOK_AGAIN).await;
    }
    Err(StoreError::InUse { path: folder.to_owned() })
}

/// The address of a SQLite file. Everything but plain characters is escaped, since paths may hold `?`, `#`, `%`.
fn sqlite_url(file: &Path) -> Result<String, StoreError> {
    use std::fmt::Write as _;
    let text = file.to_str().ok_or_else(|| StoreError::Path { path: file.to_owned() })?;
    let mut url = String::from("sqlite://");
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || matches!(byte, b'/' | b'.' | b'-' | b'_') {
            url.push(char::from(byte));
        } else {
            let _ = write!(url, "%{byte:02X}");
        }
    }
    url.push_str("?mode=rwc");
    Ok(url)
}

/// Asks the database to order, rather than for the name of its collation: who provides the order (the C
/// library, ICU, PostgreSQL itself) stands in other places in each version.
async fn check_collation(connection: &mut AnyConnection) -> Result<(), StoreError> {
    let (database, collation, encoding, bytewise): (String, String, String, i64) = sqlx::query_as(
        "SELECT CAST(datname AS TEXT), CAST(datcollate AS TEXT), \
         CAST(pg_encoding_to_char(encoding) AS TEXT), \
         CAST(CASE WHEN 'B' < 'a' AND 'aB' < 'a_b' AND 'a-c' < 'ab' THEN 1 ELSE 0 END AS BIGINT) \
         FROM pg_database WHERE datname = current_database()",
    )
    .fetch_one(connection)
    .await
    .map_err(doing("read the collation of the database"))?;
    if bytewise == 1 && encoding == "UTF8" {
        Ok(())
    } else {
        Err(StoreError::Collation { database, collation, encoding })
    }
}
