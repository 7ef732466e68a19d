//! Routes, pages, API and the background worker.

pub mod assets;
mod doors;
pub mod pages;
mod problem;
mod reply;
mod routes;
mod serve;
mod state;
pub mod wire;
mod worker;

pub use doors::{Declared, Policy};
pub use routes::detail;
pub use serve::{Server, bind};
pub use state::App;

/// The router of the application with every header that it always sends.
pub fn router(app: App) -> axum::Router {
    let (router, _, _) = routes::all();
    serve::dressed(router).with_state(app)
}

/// The API's description, OpenAPI 3.1.
pub fn openapi() -> utoipa::openapi::OpenApi {
    let (_, mut description, _) = routes::all();
    description.info = utoipa::openapi::InfoBuilder::new()
        .title("Galvanome")
        .version(env!("CARGO_PKG_VERSION"))
        .description(Some(
            "Campaigns, metaviews, pixels, techniques. Every document carries `schema`; lists come by cursor; errors are RFC 9457 problems; every answer has an ETag.",
        ))
        .build();
    description
}

/// Every route with the policy that it declares.
pub fn declared() -> Vec<Declared> {
    routes::all().2
}
