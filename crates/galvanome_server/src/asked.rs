//! What an address says, read into values; what cannot be read is a problem like any other.

use axum::extract::{
    FromRequest, FromRequestParts, Request, rejection::PathRejection, rejection::QueryRejection,
};
use axum::http::request::Parts;
use axum::response::Response;
use serde::de::DeserializeOwned;

use crate::problem::Trouble;

/// The parts of a path.
pub(crate) struct Path<T>(pub(crate) T);

/// What stands behind the question mark.
pub(crate) struct Query<T>(pub(crate) T);

/// A small JSON document in the body.
pub(crate) struct Sent<T>(pub(crate) T);

/// Bytes of such a document, at most.
const LARGEST: usize = 64 << 10;

impl<T: DeserializeOwned + Send, S: Send + Sync> FromRequest<S> for Sent<T> {
    type Rejection = Response;

    async fn from_request(request: Request, _: &S) -> Result<Self, Response> {
        let (parts, body) = request.into_parts();
        let bad = |why: String| {
            Trouble::bad_request(format!("the body cannot be read as JSON: {why}"))
                .into_answer(&parts.headers)
        };
        let bytes = axum::body::to_bytes(body, LARGEST).await;
        let bytes = bytes.map_err(|error| bad(error.to_string()))?;
        serde_json::from_slice(&bytes).map(Self).map_err(|error| bad(error.to_string()))
    }
}

impl<T: DeserializeOwned + Send, S: Send + Sync> FromRequestParts<S> for Path<T> {
    type Rejection = Response;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Response> {
        let read = axum::extract::Path::<T>::from_request_parts(parts, state).await;
        read.map(|axum::extract::Path(value)| Self(value)).map_err(|rejection: PathRejection| {
            Trouble::bad_request(format!("the address cannot be read: {}", rejection.body_text()))
                .into_answer(&parts.headers)
        })
    }
}

impl<T: DeserializeOwned + Send, S: Send + Sync> FromRequestParts<S> for Query<T> {
    type Rejection = Response;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Response> {
        let read = axum::extract::Query::<T>::from_request_parts(parts, state).await;
        read.map(|axum::extract::Query(value)| Self(value)).map_err(|rejection: QueryRejection| {
            let text = rejection.body_text();
            let why = text.strip_prefix("Failed to deserialize query string: ").unwrap_or(&text);
            Trouble::bad_request(format!("what stands behind the `?` cannot be read: {why}"))
                .into_answer(&parts.headers)
        })
    }
}
