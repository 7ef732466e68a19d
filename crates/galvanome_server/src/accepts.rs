//! What an asker takes, as the `Accept` family of headers says it.

use axum::http::{HeaderMap, HeaderName, header};

/// The quality that a header gives to a name, 0 to 1; none when it does not name it.
fn quality(headers: &HeaderMap, header: &HeaderName, name: &str) -> Option<f32> {
    headers
        .get_all(header)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(','))
        .find_map(|one| {
            let mut parts = one.split(';').map(str::trim);
            if !parts.next()?.eq_ignore_ascii_case(name) {
                return None;
            }
            let weight = parts.find_map(|part| part.strip_prefix("q="));
            Some(weight.and_then(|weight| weight.parse().ok()).unwrap_or(1.0))
        })
}

/// Whether an answer may come in Brotli.
pub(crate) fn brotli(headers: &HeaderMap) -> bool {
    quality(headers, &header::ACCEPT_ENCODING, "br").is_some_and(|quality| quality > 0.0)
}

/// Whether a page is wanted rather than JSON, as browsers do.
pub(crate) fn page(headers: &HeaderMap) -> bool {
    let of = |name| quality(headers, &header::ACCEPT, name).unwrap_or(0.0);
    let page = of("text/html");
    page > 0.0 && page >= of("application/json") && page >= of("application/problem+json")
}

#[cfg(test)]
mod tests {
    use super::{brotli, page};
    use axum::http::{HeaderMap, HeaderValue, header};

    fn with(name: axum::http::HeaderName, value: &'static str) -> HeaderMap {
        HeaderMap::from_iter([(name, HeaderValue::from_static(value))])
    }

    #[test]
    fn brotli_is_sent_to_those_who_take_it() {
        for (given, expected) in [
            ("br", true),
            ("gzip, deflate, br, zstd", true),
            ("gzip;q=1.0, br;q=0.5", true),
            ("gzip, br;q=0", false),
            ("gzip", false),
            ("brotli", false),
            ("", false),
        ] {
            assert_eq!(brotli(&with(header::ACCEPT_ENCODING, given)), expected, "{given}");
        }
    }

    #[test]
    fn pages_go_to_browsers_and_problems_to_programs() {
        for (given, expected) in [
            ("text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8", true),
            ("*/*", false),
            ("application/json", false),
            ("application/json, text/html;q=0.2", false),
            ("text/html, application/json;q=0.2", true),
            ("text/html;q=0", false),
        ] {
            assert_eq!(page(&with(header::ACCEPT, given)), expected, "{given}");
        }
    }
}
