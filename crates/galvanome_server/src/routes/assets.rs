//! What the browser needs, and the API's description of itself.

use axum::extract::Path;
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};

use crate::assets;
use crate::problem::Trouble;
use crate::reply::{Ready, send};

/// A script, a style or the icon. Its name holds a hash of its content, so that a browser may keep it for ever.
pub(super) async fn asset(Path(name): Path<String>, headers: HeaderMap) -> Response {
    let Some(asset) = assets::asset(&name) else {
        return Trouble::not_found(format!("there is no asset `{name}`")).into_response();
    };
    let has = headers.get(header::IF_NONE_MATCH).is_some_and(|given| given == asset.etag);
    let fixed = [(header::CACHE_CONTROL, assets::CACHE_CONTROL), (header::ETAG, asset.etag)];
    if has {
        return (StatusCode::NOT_MODIFIED, fixed).into_response();
    }
    let takes_brotli = headers
        .get(header::ACCEPT_ENCODING)
        .and_then(|accept| accept.to_str().ok())
        .is_some_and(|accept| accept.split(',').any(|one| one.trim().starts_with("br")));
    let kind = [(header::CONTENT_TYPE, asset.media_type), (header::VARY, "accept-encoding")];
    if takes_brotli && !asset.brotli.is_empty() {
        return (fixed, kind, [(header::CONTENT_ENCODING, "br")], asset.brotli).into_response();
    }
    (fixed, kind, asset.bytes).into_response()
}

/// The API's description, OpenAPI 3.1, made from the code.
pub(super) async fn openapi(headers: HeaderMap) -> Response {
    send(&Ready::json(&crate::openapi()), &headers)
}
