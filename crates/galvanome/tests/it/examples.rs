//! The campaigns under `examples/`, opened in a fresh data folder.

use std::path::{Path, PathBuf};

use galvanome::metaview::{self, Views};
use galvanome::{Actor, Galvanome, import, jobs};
use galvanome_model::ids::CampaignId;
use galvanome_model::visibility::Viewer;
use tempfile::TempDir;

/// An open data folder that goes away with the test.
pub(crate) struct Open {
    pub(crate) galvanome: Galvanome,
    pub(crate) folder: TempDir,
}

/// The folder of an example.
pub(crate) fn folder(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../examples").join(name)
}

/// A fresh data folder with one example in it, all its jobs done.
pub(crate) async fn with(name: &str) -> Open {
    let temporary = tempfile::tempdir().unwrap();
    let galvanome = Galvanome::open(temporary.path()).await.unwrap();
    import::folder(&galvanome, &folder(name), &Actor::local_user(), &|_| {}).await.unwrap();
    while let Some(ran) = jobs::run_next(&galvanome, "test").await.unwrap() {
        assert_eq!(ran.failed, None, "{}", ran.what);
    }
    Open { galvanome, folder: temporary }
}

/// All metaviews of a campaign.
pub(crate) async fn views(open: &Open, id: &str) -> Views {
    let id = CampaignId::new(id).unwrap();
    metaview::views(&open.galvanome, &id, None, None, &Viewer::All).await.unwrap()
}
