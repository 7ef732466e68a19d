//! Routes, pages, API and the background worker.

mod accepts;
mod asked;
pub mod assets;
mod description;
mod doors;
pub mod pages;
mod problem;
mod reply;
mod routes;
mod serve;
mod state;
mod theme;
pub mod wire;
mod worker;

pub use description::openapi;
pub use doors::{Declared, Policy};
pub use routes::detail;
pub use serve::{Server, bind};
pub use state::App;

/// The router of the application with every header that it always sends.
pub fn router(app: App) -> axum::Router {
    let (router, _, _) = routes::all();
    serve::dressed(router).with_state(app)
}

/// Every route with the policy that it declares.
pub fn declared() -> Vec<Declared> {
    routes::all().2
}
