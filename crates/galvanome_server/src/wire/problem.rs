//! Errors, as RFC 9457 problem details.

use serde::Serialize;
use utoipa::ToSchema;

/// What went wrong and what to do about it (RFC 9457, `application/problem+json`).
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Problem {
    /// A stable word for programs, as a relative reference: `/problems/not-found`.
    #[serde(rename = "type")]
    pub kind: String,
    /// The kind of problem in a few words.
    pub title: String,
    /// The HTTP status.
    pub status: u16,
    /// This problem, in words of a colleague.
    pub detail: String,
}
