//! The publication figure, as bytes in the form that a file name asks for.

use galvanome_exchange::figure::{self, Evidence, FigureInput};
use galvanome_exchange::plot;
use galvanome_model::plot::Plot;
use galvanome_model::quantity::Quantity;
use galvanome_model::record::Given;
use galvanome_model::verdict::ComputedAnswer;
use galvanome_model::visibility::Viewer;
use galvanome_store::QuantityFilter;

use crate::metaview::Views;
use crate::{Error, Galvanome, clock};

/// A form of the figure.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Form {
    /// Scalable vector graphics.
    Svg,
    /// A picture of pixels.
    Png,
    /// A page with embedded fonts.
    Pdf,
    /// One row per pixel.
    Csv,
    /// One file that still opens pixels with no server.
    Html,
}

impl Form {
    /// Every form.
    pub const ALL: [Self; 5] = [Self::Svg, Self::Png, Self::Pdf, Self::Csv, Self::Html];

    /// The ending of its file names.
    pub const fn ending(self) -> &'static str {
        match self {
            Self::Svg => "svg",
            Self::Png => "png",
            Self::Pdf => "pdf",
            Self::Csv => "csv",
            Self::Html => "html",
        }
    }

    /// Its media type.
    pub const fn media_type(self) -> &'static str {
        match self {
            Self::Svg => "image/svg+xml",
            Self::Png => "image/png",
            Self::Pdf => "application/pdf",
            Self::Csv => "text/csv; charset=utf-8",
            Self::Html => "text/html; charset=utf-8",
        }
    }

    /// The form that a file name asks for. Errors when it is none of them.
    pub fn of_name(name: &str) -> Result<Self, Error> {
        let ending = name.rsplit('.').next().unwrap_or_default().to_ascii_lowercase();
        Self::ALL.into_iter().find(|form| form.ending() == ending).ok_or_else(|| {
            Error::Wrong(format!(
                "`{name}` does not say how to draw: end it with .svg, .png, .pdf, .csv or .html"
            ))
        })
    }
}

/// Pixels per unit of the drawing in a PNG: 300 dots per inch at the drawing's own size.
const PNG_SCALE: f32 = 3.0;

/// Draws metaviews for one reader. `address` is where the living page is, when there is one.
pub async fn draw(
    galvanome: &Galvanome,
    views: &Views,
    form: Form,
    address: Option<&str>,
    viewer: &Viewer,
) -> Result<Vec<u8>, Error> {
    let today = jiff::Timestamp::from_microsecond(clock::now_us())
        .map(|now| now.strftime("%Y-%m-%d").to_string())
        .unwrap_or_default();
    let input = FigureInput {
        frame: &views.known.frame,
        views: &views.views,
        title: &views.known.frame.definition.title,
        exported_on: &today,
        data_version: &format!("revision {}", views.known.revision),
        address,
    };
    let failed = |error: figure::FigureError| Error::Wrong(error.to_string());
    Ok(match form {
        Form::Svg => figure::svg(&input).into_bytes(),
        Form::Png => figure::png(&figure::svg(&input), PNG_SCALE).map_err(failed)?,
        Form::Pdf => figure::pdf(&figure::svg(&input)).map_err(failed)?,
        Form::Csv => figure::csv(&input).into_bytes(),
        Form::Html => {
            let (quantities, computed) = evidence(galvanome, views, viewer).await?;
            let evidence = Evidence { quantities: &quantities, computed: &computed };
            figure::html(&input, &evidence).into_bytes()
        }
    })
}

/// The numbers behind the pixels, as far as this reader may see them: a file handed around takes nothing back.
async fn evidence(
    galvanome: &Galvanome,
    views: &Views,
    viewer: &Viewer,
) -> Result<(Vec<Quantity>, Vec<ComputedAnswer>), Error> {
    let id = &views.known.frame.definition.id;
    let held = galvanome.store.quantities(id, &QuantityFilter::default()).await?;
    let quantities = held
        .into_iter()
        .map(|held| held.quantity)
        .filter(|quantity| views.known.may_see(quantity, viewer))
        .collect();
    let mut computed = Vec::new();
    for view in &views.views {
        let revisions =
            galvanome.store.revisions_of_view(id, &view.component, &view.question).await?;
        computed.extend(revisions.into_iter().filter_map(|revision| match revision.given {
            Given::Computed(answer) => Some(answer),
            Given::Expert(_) => None,
        }));
    }
    Ok((quantities, computed))
}

/// Plots one below the other, as one SVG file that stands alone.
pub fn plots(plots: &[Plot]) -> String {
    let mut at = 0.0;
    let mut inside = String::new();
    for one in plots {
        let drawn = plot::svg(one);
        inside.push_str(&drawn.replacen("<svg ", &format!("<svg y=\"{at}\" "), 1));
        at += plot::HEIGHT;
    }
    if plots.len() == 1 {
        return plots.first().map(plot::svg).unwrap_or_default();
    }
    let (width, height) = (plot::WIDTH, at.max(1.0));
    format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {width} {height}\" width=\"{width}\" height=\"{height}\">\n{inside}</svg>\n"
    )
}

/// A plot whose two axes have the same scale, as one SVG file that stands alone.
pub fn plot_on_equal_axes(one: &Plot) -> String {
    plot::svg_on_equal_axes(one)
}

/// A drawing as a picture of pixels. Errors when it cannot be drawn.
pub fn picture(svg: &str) -> Result<Vec<u8>, Error> {
    figure::png(svg, PNG_SCALE).map_err(|error| Error::Wrong(error.to_string()))
}
