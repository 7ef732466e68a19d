//! Scripts, styles and icon, carried by the binary. Names hold a hash of the content, so that a browser may keep
//! an asset for ever.

/// One file for the browser.
#[derive(Debug, Clone, Copy)]
pub struct Asset {
    /// File name with the hash of its content; its address is `/assets/{name}`.
    pub name: &'static str,
    /// The `Content-Type`.
    pub media_type: &'static str,
    /// The `ETag`, in its quotes.
    pub etag: &'static str,
    /// The file.
    pub bytes: &'static [u8],
    /// The file compressed with brotli, for `Content-Encoding: br`.
    pub brotli: &'static [u8],
}

/// The `Cache-Control` of every asset.
pub const CACHE_CONTROL: &str = "public, max-age=31536000, immutable";

include!(concat!(env!("OUT_DIR"), "/assets.rs"));

/// The asset of a name, if there is one.
pub fn asset(name: &str) -> Option<&'static Asset> {
    let index = ASSETS.binary_search_by(|asset| asset.name.cmp(name)).ok()?;
    ASSETS.get(index)
}

/// Every asset, by name.
pub fn all() -> &'static [Asset] {
    ASSETS
}
