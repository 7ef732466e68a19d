//! A process that is killed in the middle of an import leaves what was there before.

use std::path::Path;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use galvanome_model::answer::Answer;
use galvanome_store::{AuditState, Store};
use sqlx::{Connection, Executor};

use crate::databases::sqlite_url;
use crate::example::{actor, answer, campaign, id, revision};
use crate::postgres::connect;

const FOLDER: &str = "GALVANOME_TEST_KILLED_FOLDER";

/// Not a test of its own: the process that is killed.
#[test]
#[ignore = "started by the test below, in a process of its own"]
fn writes_until_killed() {
    let Some(folder) = std::env::var_os(FOLDER) else { return };
    let runtime = tokio::runtime::Runtime::new().unwrap();
    runtime.block_on(async {
        let store = Store::open(Path::new(&folder), 1).await.unwrap();
        let mut large = campaign();
        "Large".clone_into(&mut large.definition.title);
        large.answers =
            (0..300_000).map(|number| answer("xrd", &format!("o{number}"), Answer::No)).collect();
        store.put_campaign(&large, &actor(), 2).await.unwrap();
    });
}

#[tokio::test]
async fn a_killed_import_leaves_the_old_state() {
    let folder = tempfile::tempdir().unwrap();
    let store = Store::open(folder.path(), 1).await.unwrap();
    store.put_campaign(&campaign(), &actor(), 1).await.unwrap();
    let mut child = Command::new(std::env::current_exe().unwrap())
        .args(["--ignored", "--exact", "killed::writes_until_killed"])
        .env(FOLDER, folder.path())
        .stdout(Stdio::null())
        .spawn()
        .unwrap();
    // It is in the middle when the database is locked for writing, and has been for a while.
    let mut connection = connect(&sqlite_url(folder.path())).await.unwrap();
    connection.execute("PRAGMA busy_timeout = 0").await.unwrap();
    let end = Instant::now() + Duration::from_mins(2);
    let mut locked = 0;
    while locked < 10 {
        assert!(Instant::now() < end, "the child never wrote");
        assert_eq!(child.try_wait().unwrap(), None, "the child ended by itself");
        match connection.execute("BEGIN IMMEDIATE").await {
            Ok(_) => {
                connection.execute("ROLLBACK").await.unwrap();
                locked = 0;
            }
            Err(_) => locked += 1,
        }
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    child.kill().unwrap();
    child.wait().unwrap();
    connection.close().await.unwrap();

    let again = Store::open(folder.path(), 3).await.unwrap();
    for (store, entries) in [(store, 1), (again, 2)] {
        assert_eq!(store.campaign(&id()).await.unwrap(), Some(campaign()));
        assert_eq!(revision(&store).await, Some(1));
        assert_eq!(store.verify_audit().await.unwrap(), AuditState::Whole { entries });
        let bytes = format!("it goes on {entries}").into_bytes();
        store.put_object(bytes, &actor(), 4).await.unwrap();
    }
}
