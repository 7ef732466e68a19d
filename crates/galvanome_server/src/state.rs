//! What every handler has at hand.

use std::sync::Arc;

use galvanome::{Actor, Galvanome};
use galvanome_model::visibility::Viewer;

use crate::reply::Answers;

/// The application as handlers see it. Cloning is cheap.
#[derive(Clone)]
pub struct App {
    /// The campaigns and what one can do with them.
    pub(crate) galvanome: Arc<Galvanome>,
    /// Answers kept in memory.
    pub(crate) answers: Arc<Answers>,
}

impl App {
    /// The application on an open data folder.
    pub fn new(galvanome: Arc<Galvanome>) -> Self {
        Self { galvanome, answers: Arc::default() }
    }

    /// Who writes. There is only the local user yet.
    #[expect(
        clippy::unused_self,
        reason = "who writes comes from the session, once there are sessions"
    )]
    pub(crate) fn actor(&self) -> Actor {
        Actor::local_user()
    }

    /// Who looks. There is only the local user yet, who sees everything.
    #[expect(
        clippy::unused_self,
        reason = "who looks comes from the session, once there are sessions"
    )]
    pub(crate) fn viewer(&self) -> Viewer {
        Viewer::All
    }
}
