//! Marks on pages: the one drawing of a pixel, under the strict content policy of the pages.

use std::sync::LazyLock;

use galvanome_exchange::marks::{Glyph, overlay_ids, symbol_defs};

/// The symbol that is drawn over a combined answer which somebody stated of the whole row.
pub const STATED: &str = "m-stated";

/// Every symbol, once per page that shows marks.
static DEFS: LazyLock<String> = LazyLock::new(|| {
    // The pages allow no style attributes; the element takes no room without it.
    symbol_defs().replacen(r#" style="position:absolute""#, "", 1).replacen(
        "</defs>",
        // Brackets around a combined answer that somebody stated of the whole row.
        r#"<symbol id="m-stated" viewBox="0 0 36 36"><path fill="none" class="ms-ink" d="M7 4.5H3.5V31.5H7M29 4.5H32.5V31.5H29" stroke-width="1.6"/></symbol></defs>"#,
        1,
    )
});

/// A mark as a page draws it: the ids of its symbols, lowest first, and what it says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Drawn {
    /// Ids of symbols of [`defs`].
    pub ids: Vec<&'static str>,
    /// What it says, for titles and labels.
    pub words: String,
}

impl From<&Glyph> for Drawn {
    fn from(glyph: &Glyph) -> Self {
        Self { ids: overlay_ids(glyph), words: glyph.words() }
    }
}

/// The hidden drawing that every page with marks begins with; marks refer to it.
pub fn defs() -> &'static str {
    &DEFS
}
