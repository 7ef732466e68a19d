//! Answers that are computed once: cached by data version, marked with an ETag, compressed, timed.

use std::collections::HashMap;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Instant;

use axum::body::Bytes;
use axum::http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use galvanome_model::visibility::Viewer;

use crate::accepts;
use crate::theme::Theme;

/// What a cached answer is kept under: the address, the data version that it shows, and who looks.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(crate) struct Key {
    /// Path and query.
    pub(crate) address: String,
    /// The campaign's revision; 0 where no campaign is shown.
    pub(crate) revision: i64,
    /// Who looks.
    pub(crate) viewer: Viewer,
}

/// The media type of a page.
const HTML: &str = "text/html; charset=utf-8";

/// An answer ready to send.
#[derive(Debug, Clone)]
pub(crate) struct Ready {
    /// Its media type.
    pub(crate) mime: &'static str,
    /// Its bytes.
    pub(crate) plain: Bytes,
    /// Its bytes in Brotli, when that is worth while.
    pub(crate) brotli: Option<Bytes>,
    /// File name under which a browser saves it.
    pub(crate) file_name: Option<String>,
    /// The entity tag: a hash of the bytes.
    pub(crate) tag: String,
}

impl Ready {
    /// An answer of a media type.
    pub(crate) fn new(mime: &'static str, body: impl Into<Bytes>) -> Self {
        let plain: Bytes = body.into();
        let text = mime.starts_with("text/") || mime.contains("json") || mime.contains("svg");
        let brotli = (text && plain.len() > 1024).then(|| Bytes::from(squeeze(&plain)));
        let mut hasher = DefaultHasher::new();
        plain.hash(&mut hasher);
        let tag = format!("W/\"{:016x}\"", hasher.finish());
        Self { mime, plain, brotli, file_name: None, tag }
    }

    /// A page.
    pub(crate) fn html(mut body: String) -> Self {
        body.shrink_to_fit();
        Self::new(HTML, body)
    }

    /// A page in a theme; none when it is no page.
    fn in_theme(&self, theme: Theme) -> Option<Self> {
        let page = std::str::from_utf8(&self.plain).ok().filter(|_| self.mime == HTML)?;
        Some(Self::html(theme.of_page(page)))
    }

    /// The answer in the theme that the asker keeps.
    pub(crate) fn in_kept_theme(self, headers: &HeaderMap) -> Self {
        let themed = Theme::kept(headers).and_then(|theme| self.in_theme(theme));
        themed.unwrap_or(self)
    }

    /// A JSON document. It is one of ours, so that it always serialises.
    pub(crate) fn json(document: &impl serde::Serialize) -> Self {
        let mut body = serde_json::to_vec(document).unwrap_or_default();
        // It may be kept for long, and has grown to up to twice its size.
        body.shrink_to_fit();
        Self::new("application/json", body)
    }

    /// The same, saved under a name.
    #[must_use]
    pub(crate) fn saved_as(mut self, name: String) -> Self {
        self.file_name = Some(name);
        self
    }

    fn len(&self) -> usize {
        self.plain.len() + self.brotli.as_ref().map_or(0, Bytes::len)
    }
}

/// Brotli at a quality that costs about three milliseconds per megabyte. The next better one costs twice that and
/// gives 5 to 8 % less. The window holds the whole text up to 4 MB, and no more memory is touched than that.
fn squeeze(plain: &[u8]) -> Vec<u8> {
    let mut squeezed = Vec::with_capacity(plain.len() / 8);
    let bits = (usize::BITS - plain.len().leading_zeros()).clamp(16, 22);
    let lgwin = i32::try_from(bits).unwrap_or(22);
    let settings = brotli::enc::BrotliEncoderParams { quality: 3, lgwin, ..Default::default() };
    match brotli::BrotliCompress(&mut &plain[..], &mut squeezed, &settings) {
        Ok(_) => squeezed,
        Err(_) => Vec::new(),
    }
}

/// Answers kept in memory, the oldest thrown out first.
#[derive(Debug, Default)]
pub(crate) struct Answers {
    kept: Mutex<Kept>,
}

#[derive(Debug, Default)]
struct Kept {
    /// Pages in a theme that somebody keeps stand beside those that follow the system.
    answers: HashMap<(Key, Option<Theme>), (u64, Arc<Ready>)>,
    bytes: usize,
    clock: u64,
}

/// How much is kept.
const KEEP_BYTES: usize = 16 << 20;

impl Answers {
    fn get(&self, key: &(Key, Option<Theme>)) -> Option<Arc<Ready>> {
        let mut kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        kept.clock += 1;
        let now = kept.clock;
        let (used, ready) = kept.answers.get_mut(key)?;
        *used = now;
        Some(Arc::clone(ready))
    }

    fn put(&self, key: (Key, Option<Theme>), ready: &Arc<Ready>) {
        if ready.len() > KEEP_BYTES / 2 {
            return;
        }
        let mut kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        kept.clock += 1;
        let now = kept.clock;
        kept.bytes += ready.len();
        if let Some((_, old)) = kept.answers.insert(key, (now, Arc::clone(ready))) {
            kept.bytes -= old.len();
        }
        while kept.bytes > KEEP_BYTES {
            let oldest = kept.answers.iter().min_by_key(|(_, (used, _))| *used);
            let Some(key) = oldest.map(|(key, _)| key.clone()) else { break };
            if let Some((_, old)) = kept.answers.remove(&key) {
                kept.bytes -= old.len();
            }
        }
    }

    /// Keeps an answer that was made beside another one.
    pub(crate) fn keep(&self, key: Key, ready: Ready) {
        self.put((key, None), &Arc::new(ready));
    }

    /// Answers a request: not modified when the asker has it, kept when it was made before, made otherwise.
    pub(crate) async fn answer<E>(
        &self,
        key: Key,
        headers: &HeaderMap,
        started: Instant,
        make: impl AsyncFnOnce() -> Result<Ready, E>,
    ) -> Result<Response, E> {
        let theme = Theme::kept(headers);
        let mut key = (key, theme);
        let themed = theme.and_then(|_| self.get(&key));
        if let Some(ready) = themed {
            return Ok(timed(send(&ready, headers), started));
        }
        key.1 = None;
        let ready = if let Some(ready) = self.get(&key) {
            ready
        } else {
            let ready = Arc::new(make().await?);
            self.put(key.clone(), &ready);
            ready
        };
        if let Some(ready) = theme.and_then(|theme| ready.in_theme(theme)).map(Arc::new) {
            self.put((key.0, theme), &ready);
            return Ok(timed(send(&ready, headers), started));
        }
        Ok(timed(send(&ready, headers), started))
    }
}

/// Whether the asker has what a tag stands for. The comparison is the weak one (RFC 9110, 13.1.2).
pub(crate) fn has(headers: &HeaderMap, tag: &str) -> bool {
    let opaque = |tag: &str| tag.strip_prefix("W/").unwrap_or(tag).to_owned();
    headers
        .get_all(header::IF_NONE_MATCH)
        .iter()
        .filter_map(|given| given.to_str().ok())
        .flat_map(|given| given.split(','))
        .map(str::trim)
        .any(|one| one == "*" || opaque(one) == opaque(tag))
}

/// An answer stays with its asker, who asks each time whether it still holds.
const KEPT: [(HeaderName, &str); 2] =
    [(header::CACHE_CONTROL, "private, no-cache"), (header::VARY, "accept-encoding, cookie")];

/// The response of an answer: not modified when the asker has it, compressed when the asker takes that.
pub(crate) fn send(ready: &Ready, headers: &HeaderMap) -> Response {
    if has(headers, &ready.tag) {
        let tag = [(header::ETAG, ready.tag.clone())];
        return (StatusCode::NOT_MODIFIED, tag, KEPT).into_response();
    }
    let takes_brotli = accepts::brotli(headers);
    let mut response =
        match ready.brotli.as_ref().filter(|brotli| takes_brotli && !brotli.is_empty()) {
            Some(brotli) => ([(header::CONTENT_ENCODING, "br")], brotli.clone()).into_response(),
            None => ready.plain.clone().into_response(),
        };
    let out = response.headers_mut();
    out.insert(header::CONTENT_TYPE, HeaderValue::from_static(ready.mime));
    for (name, value) in KEPT {
        out.insert(name, HeaderValue::from_static(value));
    }
    if let Ok(tag) = HeaderValue::from_str(&ready.tag) {
        out.insert(header::ETAG, tag);
    }
    let save = ready.file_name.as_ref().map(|name| format!("attachment; filename=\"{name}\""));
    if let Some(save) = save.and_then(|save| HeaderValue::from_str(&save).ok()) {
        out.insert(header::CONTENT_DISPOSITION, save);
    }
    response
}

/// Says how long the server took, for the bench script and the browser's tools.
pub(crate) fn timed(mut response: Response, started: Instant) -> Response {
    let took = format!("app;dur={:.3}", started.elapsed().as_secs_f64() * 1e3);
    if let Ok(took) = HeaderValue::from_str(&took) {
        response.headers_mut().insert("server-timing", took);
    }
    response
}
