//! Errors on their way out: problem details for programs, a page for people.

use axum::http::{HeaderMap, HeaderName, StatusCode, header};
use axum::response::{IntoResponse, Response};

use galvanome::upload::Refused;

use crate::accepts;
use crate::pages::problem::{self, ProblemInput};
use crate::pages::{Section, Shell};
use crate::theme::Theme;
use crate::wire;

/// What is wrong now may be right the next time, and depends on who asks how.
const NOT_KEPT: [(HeaderName, &str); 2] =
    [(header::CACHE_CONTROL, "no-store"), (header::VARY, "accept, cookie")];

/// Something that a request cannot get, and what to do about it.
#[derive(Debug, Clone)]
pub(crate) struct Trouble {
    status: StatusCode,
    kind: &'static str,
    title: &'static str,
    detail: String,
}

impl Trouble {
    /// There is no such thing.
    pub(crate) fn not_found(detail: impl Into<String>) -> Self {
        Self {
            status: StatusCode::NOT_FOUND,
            kind: "/problems/not-found",
            title: "There is nothing here",
            detail: detail.into(),
        }
    }

    /// The request is wrong.
    pub(crate) fn bad_request(detail: impl Into<String>) -> Self {
        Self {
            status: StatusCode::BAD_REQUEST,
            kind: "/problems/bad-request",
            title: "The request is wrong",
            detail: detail.into(),
        }
    }

    /// The request may not be made.
    pub(crate) fn forbidden(detail: impl Into<String>) -> Self {
        Self {
            status: StatusCode::FORBIDDEN,
            kind: "/problems/forbidden",
            title: "This is not open to you",
            detail: detail.into(),
        }
    }

    /// What the request rests on has changed.
    pub(crate) fn changed(detail: impl Into<String>) -> Self {
        Self {
            status: StatusCode::CONFLICT,
            kind: "/problems/changed",
            title: "The data have changed",
            detail: detail.into(),
        }
    }

    /// The address exists, but not for this method.
    pub(crate) fn not_so(detail: impl Into<String>) -> Self {
        Self {
            status: StatusCode::METHOD_NOT_ALLOWED,
            kind: "/problems/method-not-allowed",
            title: "This cannot be done here",
            detail: detail.into(),
        }
    }

    /// It is being computed.
    pub(crate) fn not_yet(detail: impl Into<String>) -> Self {
        Self {
            status: StatusCode::SERVICE_UNAVAILABLE,
            kind: "/problems/not-yet",
            title: "Not just now",
            detail: detail.into(),
        }
    }

    /// No room is left.
    pub(crate) fn full(detail: impl Into<String>) -> Self {
        Self {
            status: StatusCode::INSUFFICIENT_STORAGE,
            kind: "/problems/disk-full",
            title: "The disk is full",
            detail: detail.into(),
        }
    }

    /// An upload does not go on.
    fn upload(refused: &Refused) -> Self {
        let (status, kind, title) = match refused {
            Refused::Offset { .. } => {
                (StatusCode::CONFLICT, "/problems/wrong-offset", "The piece is out of turn")
            }
            Refused::Busy => (StatusCode::LOCKED, "/problems/busy", "Somebody else is sending"),
            Refused::TooLarge(_) => {
                (StatusCode::PAYLOAD_TOO_LARGE, "/problems/too-large", "That is too large")
            }
            Refused::Incomplete { .. } => {
                (StatusCode::CONFLICT, "/problems/incomplete", "The file is not complete")
            }
            Refused::Checksum { .. } => (
                StatusCode::UNPROCESSABLE_ENTITY,
                "/problems/checksum",
                "The file was changed on the way",
            ),
            Refused::Full => return Self::full(refused.to_string()),
        };
        Self { status, kind, title, detail: refused.to_string() }
    }

    /// The program failed; the log has the rest.
    pub(crate) fn internal(detail: impl Into<String>) -> Self {
        Self {
            status: StatusCode::INTERNAL_SERVER_ERROR,
            kind: "/problems/internal",
            title: "Something broke on our side",
            detail: detail.into(),
        }
    }

    /// The answer in the shape that the asker reads: problem details unless a browser asks for a page.
    pub(crate) fn into_answer(self, headers: &HeaderMap) -> Response {
        let page = || {
            let shell = Shell { campaign: None, section: Section::Campaigns, user: "", data: None };
            problem::render(&ProblemInput {
                shell,
                status: self.status.as_u16(),
                title: self.title,
                detail: &self.detail,
                next: Vec::new(),
            })
        };
        match accepts::page(headers).then(page) {
            Some(Ok(page)) => {
                let page = match Theme::kept(headers) {
                    Some(theme) => theme.of_page(&page),
                    None => page,
                };
                (self.status, [(header::CONTENT_TYPE, "text/html; charset=utf-8")], NOT_KEPT, page)
                    .into_response()
            }
            _ => self.into_response(),
        }
    }
}

impl From<galvanome::Error> for Trouble {
    fn from(error: galvanome::Error) -> Self {
        if let galvanome::Error::Upload(refused) = &error {
            Self::upload(refused)
        } else if error.is_full() {
            Self::full(error.to_string())
        } else if let galvanome::Error::Withheld(detail) = error {
            Self::forbidden(detail)
        } else if let galvanome::Error::NotYet(detail) = error {
            Self::not_yet(detail)
        } else if error.is_not_found() {
            Self::not_found(error.to_string())
        } else if error.is_wrong_input() {
            Self::bad_request(error.to_string())
        } else {
            tracing::error!("{error:#}");
            Self::internal(error.to_string())
        }
    }
}

impl IntoResponse for Trouble {
    fn into_response(self) -> Response {
        let problem = wire::Problem {
            kind: self.kind.to_owned(),
            title: self.title.to_owned(),
            status: self.status.as_u16(),
            detail: self.detail,
        };
        let body = serde_json::to_string(&problem).unwrap_or_default();
        (self.status, [(header::CONTENT_TYPE, "application/problem+json")], NOT_KEPT, body)
            .into_response()
    }
}
