//! A figure's SVG as PNG and PDF.

use krilla::geom::Size;
use krilla::metadata::Metadata;
use krilla::page::PageSettings;
use krilla_svg::{SurfaceExt, SvgSettings};
use resvg::tiny_skia::{Pixmap, Transform};
use usvg::{Options, Tree};

use super::font;

/// The most pixels that a PNG may have: 400 MB while it is drawn.
const MOST_PIXELS: f64 = 100e6;

/// Points of a PDF in one CSS pixel.
const POINTS: f32 = 0.75;

/// Why a figure could not be made.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FigureError {
    what: String,
}

impl FigureError {
    fn new(what: impl Into<String>) -> Self {
        Self { what: what.into() }
    }
}

impl std::fmt::Display for FigureError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.what)
    }
}

impl std::error::Error for FigureError {}

fn read(svg: &str) -> Result<Tree, FigureError> {
    let options = Options {
        fontdb: font::database(),
        font_family: font::FAMILY.to_owned(),
        ..Options::default()
    };
    Tree::from_str(svg, &options).map_err(|error| {
        FigureError::new(format!("the figure is not an SVG that can be drawn: {error}"))
    })
}

/// Draws an SVG of [`super::svg`] as a PNG with `scale` pixels for each CSS pixel (2 for a screen, 4 for print).
/// Refuses an SVG that cannot be read, a scale that is not a positive number, and a picture of more than a
/// hundred million pixels.
pub fn png(svg: &str, scale: f32) -> Result<Vec<u8>, FigureError> {
    if !(scale.is_finite() && scale > 0.0) {
        return Err(FigureError::new(format!(
            "a scale of {scale} draws nothing: give a positive number"
        )));
    }
    let tree = read(svg)?;
    let size = tree.size();
    let (width, height) = ((size.width() * scale).ceil(), (size.height() * scale).ceil());
    if f64::from(width) * f64::from(height) > MOST_PIXELS {
        return Err(FigureError::new(format!(
            "the figure would be {width} × {height} pixels, more than a hundred million: choose a smaller scale, fewer \
             questions, or PDF"
        )));
    }
    let mut pixmap = Pixmap::new(width as u32, height as u32).ok_or_else(|| {
        FigureError::new(format!("there is no picture of {width} × {height} pixels"))
    })?;
    resvg::render(&tree, Transform::from_scale(scale, scale), &mut pixmap.as_mut());
    pixmap
        .encode_png()
        .map_err(|error| FigureError::new(format!("the PNG could not be written: {error}")))
}

/// Prints an SVG of [`super::svg`] on one PDF page of its own size, with the typeface embedded; texts stay texts.
/// Refuses an SVG that cannot be read.
pub fn pdf(svg: &str) -> Result<Vec<u8>, FigureError> {
    let tree = read(svg)?;
    let failed = |what: &str| FigureError::new(format!("the PDF could not be written: {what}"));
    let page = Size::from_wh(tree.size().width() * POINTS, tree.size().height() * POINTS)
        .ok_or_else(|| failed("its page has no size"))?;
    let settings = PageSettings::from_wh(page.width(), page.height())
        .ok_or_else(|| failed("its page has no size"))?;
    let mut document = krilla::Document::new();
    let mut metadata = Metadata::new().creator("Galvanome".to_owned()).language("en".to_owned());
    if let Some(title) = title_of(svg) {
        metadata = metadata.title(title);
    }
    document.set_metadata(metadata);
    let mut sheet = document.start_page_with(settings);
    let mut surface = sheet.surface();
    surface
        .draw_svg(&tree, page, SvgSettings::default())
        .ok_or_else(|| failed("its page is empty"))?;
    surface.finish();
    sheet.finish();
    document.finish().map_err(|error| failed(&format!("{error:?}")))
}

/// The title that the SVG carries.
fn title_of(svg: &str) -> Option<String> {
    let document = usvg::roxmltree::Document::parse(svg).ok()?;
    let title = document.root_element().children().find(|node| node.has_tag_name("title"))?;
    title.text().map(str::to_owned)
}
