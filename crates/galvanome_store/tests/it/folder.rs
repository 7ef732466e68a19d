//! Data folders: locks, versions, odd paths, full disks. And databases that cannot be used.

use std::fs::File;
use std::path::Path;
use std::time::Duration;

use galvanome_model::answer::Answer;
use galvanome_store::{Objects, Settings, Store, StoreError};
use sqlx::{Connection, Executor};

use crate::databases::sqlite_url;
use crate::example::{actor, answer, campaign, id, revision};
use crate::postgres::{Server, connect};

async fn open(folder: &Path) -> Result<Store, StoreError> {
    let settings =
        Settings { wait_for_migration: Duration::from_millis(300), ..Settings::default() };
    Store::open_with(folder, &settings, 1).await
}

#[tokio::test]
async fn what_was_written_is_there_again() {
    let folder = tempfile::tempdir().unwrap();
    // Nothing in a path means anything to the database.
    let folder = folder.path().join("a b/ü?mode=ro#x%41&c'd");
    let store = open(&folder).await.unwrap();
    store.put_campaign(&campaign(), &actor(), 1).await.unwrap();
    store.close().await;
    drop(store);
    let mut names: Vec<_> = std::fs::read_dir(&folder)
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    names.sort();
    assert_eq!(names, ["data.lock", "galvanome.sqlite", "objects"]);
    let store = open(&folder).await.unwrap();
    assert_eq!(store.campaign(&id()).await.unwrap(), Some(campaign()));
}

#[tokio::test]
async fn one_server_and_others_beside_it() {
    let folder = tempfile::tempdir().unwrap();
    let server = open(folder.path()).await.unwrap();
    let lock = server.lock_server().unwrap();
    // The command line works beside the server, and both see what the other writes.
    let beside = open(folder.path()).await.unwrap();
    beside.put_campaign(&campaign(), &actor(), 1).await.unwrap();
    server.add_answer(&id(), &answer("xrd", "morphology", Answer::Yes), &actor(), 2).await.unwrap();
    assert_eq!(revision(&beside).await, Some(2));
    let error = beside.lock_server().unwrap_err().to_string();
    assert!(error.contains("another server is already running on this data folder"), "{error}");
    drop(lock);
    beside.lock_server().unwrap();
}

#[tokio::test]
async fn two_may_open_a_new_folder_at_once() {
    let folder = tempfile::tempdir().unwrap();
    let opening = || Store::open(folder.path(), 1);
    let (one, two, three) = tokio::join!(opening(), opening(), opening());
    one.unwrap().put_campaign(&campaign(), &actor(), 1).await.unwrap();
    assert_eq!(revision(&two.unwrap()).await, Some(1));
    assert_eq!(revision(&three.unwrap()).await, Some(1));
}

#[tokio::test]
async fn no_migration_while_others_use_the_folder() {
    let folder = tempfile::tempdir().unwrap();
    let lock = File::create(folder.path().join("data.lock")).unwrap();
    lock.lock_shared().unwrap();
    let error = open(folder.path()).await.unwrap_err();
    assert!(matches!(error, StoreError::InUse { .. }), "{error}");
    assert!(error.to_string().contains("stop that process and try again"), "{error}");
    lock.unlock().unwrap();
    // A migration in another process is waited for.
    lock.lock().unwrap();
    let opening = tokio::spawn({
        let folder = folder.path().to_owned();
        async move { Store::open(&folder, 1).await }
    });
    tokio::time::sleep(Duration::from_millis(100)).await;
    lock.unlock().unwrap();
    opening.await.unwrap().unwrap();
}

#[tokio::test]
async fn a_newer_folder_is_left_alone() {
    let folder = tempfile::tempdir().unwrap();
    open(folder.path()).await.unwrap().close().await;
    let mut connection = connect(&sqlite_url(folder.path())).await.unwrap();
    let newer = "INSERT INTO migration (number, program, applied_at_us) VALUES (9999, '99.8.7', 1)";
    connection.execute(newer).await.unwrap();
    connection.close().await.unwrap();
    let before = std::fs::read(folder.path().join("galvanome.sqlite")).unwrap();
    let error = open(folder.path()).await.unwrap_err().to_string();
    for part in [
        "was written by Galvanome 99.8.7 (store version 9999)",
        concat!("this is Galvanome ", env!("CARGO_PKG_VERSION")),
        "use Galvanome 99.8.7 or newer, or choose another data folder",
    ] {
        assert!(error.contains(part), "{error}");
    }
    assert_eq!(std::fs::read(folder.path().join("galvanome.sqlite")).unwrap(), before);
}

#[tokio::test]
async fn folders_that_cannot_be_used() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("file");
    std::fs::write(&file, "not a folder").unwrap();
    let error = open(&file.join("data")).await.unwrap_err().to_string();
    assert!(error.contains("cannot make the data folder"), "{error}");
    let other = folder.path().join("other");
    std::fs::create_dir(&other).unwrap();
    std::fs::write(
        other.join("galvanome.sqlite"),
        "not a database, and longer than its header".repeat(9),
    )
    .unwrap();
    let error = open(&other).await.unwrap_err().to_string();
    assert!(error.contains("not a database"), "{error}");
    let objects = Objects::in_folder(&folder.path().join("objects")).unwrap();
    let error = Store::connect("mysql://localhost/x", objects, 1).await.unwrap_err().to_string();
    assert!(error.contains("does not begin with postgres://"), "{error}");
}

/// A limit stands for the disk. (With a large limit and TMPDIR on a small tmpfs this is a real full disk, after
/// which SQLite has also ended the transaction by itself; that was tried and passes.)
#[tokio::test]
async fn a_full_disk_is_said_and_changes_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let settings = Settings { max_database_bytes: Some(600_000), ..Settings::default() };
    let store = Store::open_with(folder.path(), &settings, 1).await.unwrap();
    store.put_campaign(&campaign(), &actor(), 1).await.unwrap();
    let mut large = campaign();
    "Large".clone_into(&mut large.definition.title);
    large.answers =
        (0..9000).map(|number| answer("xrd", &format!("o{number}"), Answer::No)).collect();
    let error = store.put_campaign(&large, &actor(), 2).await.unwrap_err();
    assert!(matches!(error, StoreError::Full { .. }), "{error}");
    assert!(error.to_string().contains("the disk is full; make room and try again"), "{error}");
    assert_eq!(store.campaign(&id()).await.unwrap(), Some(campaign()));
    // And what fits can still be written.
    store.add_answer(&id(), &answer("xrd", "morphology", Answer::Yes), &actor(), 3).await.unwrap();
    assert_eq!(revision(&store).await, Some(2));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_database_that_orders_by_language_is_refused() {
    let Some(server) = Server::start() else { return };
    let folder = tempfile::tempdir().unwrap();
    let order = "LOCALE_PROVIDER icu ICU_LOCALE 'en-US' LC_COLLATE 'C' LC_CTYPE 'C'";
    let url = server.database("by_language", order).await;
    let objects = Objects::in_folder(folder.path()).unwrap();
    let error = Store::connect(&url, objects, 1).await.unwrap_err();
    assert!(matches!(error, StoreError::Collation { .. }), "{error}");
    assert!(
        error.to_string().contains("CREATE DATABASE by_language TEMPLATE template0"),
        "{error}"
    );
}
