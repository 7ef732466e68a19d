//! The figure of a campaign: its metaviews as one publication figure (SVG, PNG, PDF), as a table (CSV), and as
//! one file that still opens pixels with no server (HTML).
//!
//! One SVG serves all three picture formats. Its texts are set in DejaVu Sans; the SVG carries a subset of it,
//! the PDF embeds it with selectable text, and fonts of the system are never read. Every export says when it was
//! made, from which version of the data, and where the living page is.

mod canvas;
mod contents;
mod drawing;
mod font;
mod legend;
mod measure;
mod numbers;
mod page;
mod panel;
mod print;
mod sfnt;
mod strip;
mod table;

use galvanome_model::metaview::{Frame, Metaview};

pub use self::drawing::svg;
pub use self::numbers::{Evidence, difference_text, interval_text, quantity_text};
pub use self::page::html;
pub use self::print::{FigureError, pdf, png};
pub use self::strip::{strip_css, verdict_strip};
pub use self::table::csv;

/// What a figure is made of. Metaviews carry what their reader may see, and a figure shows nothing else.
#[derive(Debug, Clone, Copy)]
pub struct FigureInput<'a> {
    /// The campaign's frame, for names.
    pub frame: &'a Frame,
    /// The metaviews, of any components and questions. They are drawn in the campaign's order.
    pub views: &'a [Metaview],
    /// The heading.
    pub title: &'a str,
    /// The day of the export, as people write it.
    pub exported_on: &'a str,
    /// Which state of the data it shows, e.g. `revision 12`.
    pub data_version: &'a str,
    /// Where the living page is, if there is one.
    pub address: Option<&'a str>,
}
