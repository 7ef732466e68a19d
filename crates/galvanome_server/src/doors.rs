//! Every route, with the policy that it declares: there is no other way to open one.

use axum::Router;
use axum::extract::Request;
use axum::http::HeaderMap;
use axum::middleware::{self, Next};
use axum::response::Response;
use axum::routing::MethodRouter;
use utoipa_axum::router::{OpenApiRouter, UtoipaMethodRouter};

use crate::problem::Trouble;
use crate::state::App;

/// Who may use a route.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Policy {
    /// Everybody who reaches the server: assets, the API's description.
    Anyone,
    /// Somebody who may read campaigns: the local user.
    Reader,
    /// Somebody who may change campaigns: the local user, from a page of this server or from a program.
    Writer,
}

/// A route as it was declared.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Declared {
    /// Its path pattern.
    pub path: String,
    /// Who may use it.
    pub policy: Policy,
    /// Whether the API's description must have it.
    pub api: bool,
}

/// Collects routes with their policies.
#[derive(Default)]
pub(crate) struct Doors {
    api: OpenApiRouter<App>,
    pages: Router<App>,
    declared: Vec<Declared>,
}

impl Doors {
    /// Opens a route of the API, described in OpenAPI by its handler.
    #[must_use]
    pub(crate) fn api(mut self, policy: Policy, route: UtoipaMethodRouter<App>) -> Self {
        let (schemas, paths, methods) = route;
        self.declared.extend(paths.paths.keys().map(|path| Declared {
            path: path.clone(),
            policy,
            api: true,
        }));
        self.api = self.api.routes((schemas, paths, guarded(policy, methods)));
        self
    }

    /// Opens a page, an export or an asset.
    #[must_use]
    pub(crate) fn page(mut self, policy: Policy, path: &str, methods: MethodRouter<App>) -> Self {
        self.declared.push(Declared { path: path.to_owned(), policy, api: false });
        self.pages = self.pages.route(path, guarded(policy, methods));
        self
    }

    /// The router, the API's description, and what was declared.
    pub(crate) fn split(self) -> (Router<App>, utoipa::openapi::OpenApi, Vec<Declared>) {
        let (api, description) = self.api.split_for_parts();
        (api.merge(self.pages), description, self.declared)
    }
}

fn guarded(policy: Policy, methods: MethodRouter<App>) -> MethodRouter<App> {
    match policy {
        Policy::Anyone => methods,
        Policy::Reader => methods.layer(middleware::from_fn(local_user_only)),
        Policy::Writer => methods
            .layer(middleware::from_fn(own_pages_only))
            .layer(middleware::from_fn(local_user_only)),
    }
}

/// There is only the local user yet: whoever speaks to this machine as this machine. A request that was
/// forwarded, or that names another host, comes from elsewhere.
async fn local_user_only(request: Request, next: Next) -> Response {
    let headers = request.headers();
    let forwarded = ["forwarded", "x-forwarded-for", "x-forwarded-host", "x-real-ip"]
        .into_iter()
        .find(|name| headers.contains_key(*name));
    if let Some(name) = forwarded {
        return Trouble::forbidden(format!(
            "this server has no login yet and serves only its own machine; the request carries `{name}`, so it came through a proxy"
        ))
        .into_answer(headers);
    }
    let host = headers.get("host").and_then(|host| host.to_str().ok()).unwrap_or_default();
    if !is_this_machine(host) {
        return Trouble::forbidden(format!(
            "this server has no login yet and serves only its own machine; open it as http://127.0.0.1, not as `{host}`"
        ))
        .into_answer(headers);
    }
    next.run(request).await
}

/// A browser says which page a request comes from. A page of another server must not write here in the name of
/// whoever looks at it; a program says nothing of the kind.
async fn own_pages_only(request: Request, next: Next) -> Response {
    if let Some(whose) = foreign_page(request.headers()) {
        return Trouble::forbidden(format!(
            "only pages of this server may change something here; this request comes from {whose}"
        ))
        .into_answer(request.headers());
    }
    next.run(request).await
}

/// The page of another server that a request comes from, if it comes from one.
fn foreign_page(headers: &HeaderMap) -> Option<String> {
    let said = |name: &str| headers.get(name).map(|value| value.to_str().unwrap_or("?"));
    if let Some(origin) = said("origin") {
        let host = said("host").unwrap_or_default();
        let own = origin.strip_prefix("http://").or_else(|| origin.strip_prefix("https://"));
        if own != Some(host) {
            return Some(format!("`{origin}`"));
        }
    }
    match said("sec-fetch-site") {
        None | Some("same-origin" | "none") => None,
        Some(other) => Some(format!("a page that is {other}")),
    }
}

/// Whether a Host header names this machine by a loopback name or address.
fn is_this_machine(host: &str) -> bool {
    let name = match host.strip_prefix('[') {
        Some(rest) => rest.split(']').next().unwrap_or_default(),
        None => host.rsplit_once(':').map_or(host, |(name, _)| name),
    };
    name.eq_ignore_ascii_case("localhost")
        || name.parse::<std::net::IpAddr>().is_ok_and(|address| address.is_loopback())
}

#[cfg(test)]
mod tests {
    use axum::http::{HeaderMap, HeaderName, HeaderValue};

    use super::{foreign_page, is_this_machine};

    #[test]
    fn only_own_pages_and_programs_write() {
        for (origin, site, expected) in [
            (None, None, true),
            (Some("http://127.0.0.1:80"), None, true),
            (Some("http://127.0.0.1:80"), Some("same-origin"), true),
            (None, Some("none"), true),
            (Some("http://127.0.0.1:81"), None, false),
            (Some("http://example.org"), Some("cross-site"), false),
            (Some("null"), None, false),
            (Some("127.0.0.1:80"), None, false),
            (None, Some("cross-site"), false),
            (None, Some("same-site"), false),
        ] {
            let given =
                [("host", Some("127.0.0.1:80")), ("origin", origin), ("sec-fetch-site", site)];
            let headers: HeaderMap = given
                .into_iter()
                .filter_map(|(name, value)| {
                    Some((HeaderName::from_static(name), HeaderValue::from_static(value?)))
                })
                .collect();
            assert_eq!(foreign_page(&headers).is_none(), expected, "{origin:?} {site:?}");
        }
    }

    #[test]
    fn only_loopback_names_are_this_machine() {
        for (host, expected) in [
            ("127.0.0.1:8080", true),
            ("127.0.0.1", true),
            ("localhost:1", true),
            ("[::1]:80", true),
            ("", false),
            ("example.org", false),
            ("127.0.0.1.example.org:80", false),
            ("192.168.0.1:80", false),
        ] {
            assert_eq!(is_this_machine(host), expected, "{host}");
        }
    }
}
