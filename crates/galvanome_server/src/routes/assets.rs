//! What the browser needs, and the API's description of itself.

use std::sync::LazyLock;

use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};

use crate::asked::Path;
use crate::problem::Trouble;
use crate::reply::{self, Ready, send};
use crate::{accepts, assets};

/// A script, a style or the icon. Its name holds a hash of its content, so that a browser may keep it for ever.
pub(super) async fn asset(Path(name): Path<String>, headers: HeaderMap) -> Response {
    let Some(asset) = assets::asset(&name) else {
        return Trouble::not_found(format!("there is no asset `{name}`")).into_answer(&headers);
    };
    let fixed = [
        (header::CACHE_CONTROL, assets::CACHE_CONTROL),
        (header::ETAG, asset.etag),
        (header::VARY, "accept-encoding"),
    ];
    if reply::has(&headers, asset.etag) {
        return (StatusCode::NOT_MODIFIED, fixed).into_response();
    }
    let kind = [(header::CONTENT_TYPE, asset.media_type)];
    if accepts::brotli(&headers) && !asset.brotli.is_empty() {
        return (fixed, kind, [(header::CONTENT_ENCODING, "br")], asset.brotli).into_response();
    }
    (fixed, kind, asset.bytes).into_response()
}

/// The API's description, OpenAPI 3.1, made from the code.
pub(super) async fn openapi(headers: HeaderMap) -> Response {
    static DESCRIPTION: LazyLock<Ready> = LazyLock::new(|| Ready::json(&crate::openapi()));
    send(&DESCRIPTION, &headers)
}
