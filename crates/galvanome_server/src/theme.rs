//! The theme that a browser keeps in place of the system's: a cookie, which the button of every page writes. The server
//! marks pages with it, so that they need no script before they are painted.

use axum::http::{HeaderMap, header};

/// A theme that was chosen.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) enum Theme {
    /// Dark on light.
    Light,
    /// Light on dark.
    Dark,
}

impl Theme {
    /// The theme that the asker keeps; none follows the system.
    pub(crate) fn kept(headers: &HeaderMap) -> Option<Self> {
        headers
            .get_all(header::COOKIE)
            .iter()
            .filter_map(|cookies| cookies.to_str().ok())
            .flat_map(|cookies| cookies.split(';'))
            .find_map(|cookie| match cookie.trim() {
                "theme=light" => Some(Self::Light),
                "theme=dark" => Some(Self::Dark),
                _ => None,
            })
    }

    /// A page in this theme.
    pub(crate) fn of_page(self, page: &str) -> String {
        let mark = match self {
            Self::Light => r#"<html data-theme="light" "#,
            Self::Dark => r#"<html data-theme="dark" "#,
        };
        page.replacen("<html ", mark, 1)
    }
}
