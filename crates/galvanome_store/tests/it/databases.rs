//! The suite, on SQLite and on PostgreSQL.

use std::path::Path;

use galvanome_store::{Objects, Store};

use crate::postgres::Server;
use crate::suite;

/// A store under test, and the address at which a test reaches its database by itself.
pub(crate) struct Db {
    pub(crate) store: Store,
    pub(crate) url: String,
}

/// The address of the SQLite file in a data folder.
pub(crate) fn sqlite_url(folder: &Path) -> String {
    format!("sqlite://{}/galvanome.sqlite?mode=rw", folder.display())
}

fn runtime() -> tokio::runtime::Runtime {
    tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap()
}

fn on_sqlite(test: impl AsyncFn(Db)) {
    let folder = tempfile::tempdir().unwrap();
    runtime().block_on(async {
        let store = Store::open(folder.path(), 1).await.unwrap();
        test(Db { store: store.clone(), url: sqlite_url(folder.path()) }).await;
        store.close().await;
    });
}

async fn on_postgres(server: &Server, name: &str, test: impl AsyncFn(Db)) {
    let folder = tempfile::tempdir().unwrap();
    let url = server.database(name, "LC_COLLATE 'C' LC_CTYPE 'C'").await;
    let objects = Objects::in_folder(folder.path()).unwrap();
    let store = Store::connect(&url, objects, 1).await.unwrap();
    println!("{name}");
    test(Db { store: store.clone(), url }).await;
    store.close().await;
}

/// One list of tests: each by itself on SQLite, all of them one after the other on PostgreSQL.
macro_rules! on_both {
    ($($module:ident: $($name:ident),+;)*) => {
        mod sqlite {
            $($(
                #[test]
                fn $name() {
                    super::on_sqlite(super::suite::$module::$name);
                }
            )+)*
        }

        #[test]
        fn all_on_postgres() {
            let Some(server) = Server::start() else { return };
            runtime().block_on(async {
                $($(on_postgres(&server, stringify!($name), suite::$module::$name).await;)+)*
            });
        }
    };
}

on_both! {
    campaigns: any_campaign_comes_back, an_import_replaces, refusals_name_the_culprit, a_failed_import_changes_nothing;
    answers: folders_add_to_history, experts_add_revisions, computed_answers_add_what_differs;
    quantities: computed_ones_are_replaced_and_not_exported;
    files: bytes_are_kept_once;
    uploads: datasets_are_added_one_by_one, staged_files_become_objects;
    log: the_chain_shows_what_was_altered, writers_come_one_after_the_other;
    jobs: each_is_taken_once, failures_rest_and_end, leases_run_out;
}
