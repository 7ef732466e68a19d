//! The figure, from a model to SVG, PNG, PDF, CSV and HTML.

#![expect(clippy::unwrap_used, reason = "a test that cannot build its input should stop there")]

mod campaign;
mod marks;
mod overlap;
mod page;

use galvanome_exchange::figure::{self, FigureInput};
use galvanome_model::answer::Answer;
use galvanome_model::metaview::{Frame, Metaview};
use galvanome_model::visibility::Viewer;
use resvg::tiny_skia::Pixmap;

pub(crate) const ADDRESS: &str = "http://localhost:8080/campaigns/small";

fn input((frame, views): &(Frame, Vec<Metaview>)) -> FigureInput<'_> {
    FigureInput {
        frame,
        views,
        title: "A small campaign",
        exported_on: "22 November 2026",
        data_version: "revision 12",
        address: Some(ADDRESS),
    }
}

/// The SVG without its fonts, which are long and say nothing to a reader.
fn without_fonts(svg: &str) -> String {
    let mut parts = svg.split("base64,");
    let mut text = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        text += "base64,…";
        text += part.trim_start_matches(|c: char| c.is_ascii_alphanumeric() || "+/=".contains(c));
    }
    text
}

#[test]
fn the_svg_of_every_state() {
    let small = campaign::small(&campaign::member());
    insta::assert_snapshot!(without_fonts(&figure::svg(&input(&small))));
}

#[test]
fn the_table_of_every_state() {
    let small = campaign::small(&campaign::member());
    insta::assert_snapshot!(figure::csv(&input(&small)));
}

#[test]
fn the_same_input_gives_the_same_bytes() {
    let (one, two) = (campaign::small(&Viewer::All), campaign::small(&Viewer::All));
    let (one, two) = (figure::svg(&input(&one)), figure::svg(&input(&two)));
    assert_eq!(one, two);
    assert_eq!(figure::png(&one, 1.0).unwrap(), figure::png(&two, 1.0).unwrap());
    assert_eq!(figure::pdf(&one).unwrap(), figure::pdf(&two).unwrap());
}

/// Width and height of an SVG of ours.
fn size(svg: &str) -> (u32, u32) {
    let value = |name: &str| {
        let (_, rest) = svg.split_once(&format!(" {name}=\"")).unwrap();
        rest.split_once('"').unwrap().0.parse().unwrap()
    };
    (value("width"), value("height"))
}

#[test]
fn a_png_has_the_size_and_the_colours_of_the_figure() {
    let svg = figure::svg(&input(&campaign::small(&Viewer::All)));
    let (width, height) = size(&svg);
    let picture = Pixmap::decode_png(&figure::png(&svg, 2.0).unwrap()).unwrap();
    assert_eq!((picture.width(), picture.height()), (2 * width, 2 * height));
    // The fields of yes, no, unsure and not applicable, and the ink of texts.
    for colour in [
        [0x8F, 0xCB, 0xAA],
        [0xFB, 0xD3, 0xB2],
        [0xF8, 0xE0, 0x8A],
        [0xD9, 0xDD, 0xE1],
        [0x14, 0x18, 0x1D],
    ] {
        let found = picture
            .pixels()
            .iter()
            .filter(|pixel| [pixel.red(), pixel.green(), pixel.blue()] == colour)
            .count();
        assert!(found > 300, "{found} pixels of {colour:02X?}");
    }
}

#[test]
fn a_png_that_cannot_be_is_refused_with_a_reason() {
    let svg = figure::svg(&input(&campaign::small(&Viewer::All)));
    for (svg, scale, reason) in [
        (svg.as_str(), 0.0, "positive number"),
        (svg.as_str(), f32::NAN, "positive number"),
        (svg.as_str(), 500.0, "smaller scale"),
        ("<svg", 1.0, "not an SVG"),
    ] {
        let error = figure::png(svg, scale).unwrap_err().to_string();
        assert!(error.contains(reason), "{error}");
    }
    assert!(figure::pdf("no").unwrap_err().to_string().contains("not an SVG"));
}

#[test]
fn a_pdf_embeds_the_typeface() {
    let pdf = figure::pdf(&figure::svg(&input(&campaign::small(&Viewer::All)))).unwrap();
    assert!(pdf.starts_with(b"%PDF-"));
    let text = String::from_utf8_lossy(&pdf);
    for what in ["+DejaVuSans", "+DejaVuSans-Bold", "/FontFile2", "/ToUnicode"] {
        assert!(text.contains(what), "{what} is missing");
    }
}

#[test]
fn any_size_can_be_drawn() {
    for (techniques, observables, questions, widest) in
        [(60, 20, 3, 3600), (1, 1, 1, 720), (0, 0, 1, 720), (3, 0, 2, 1000), (2, 2, 9, 1700)]
    {
        let large = campaign::large(techniques, observables, questions);
        let svg = figure::svg(&input(&large));
        let (width, height) = size(&svg);
        let what = format!("{techniques} × {observables} × {questions}: {width} × {height}");
        assert!(width <= widest && height <= 4000, "{what}");
        assert!(svg.len() < 2_000_000, "{what}: {} bytes", svg.len());
        assert!(figure::pdf(&svg).unwrap().starts_with(b"%PDF-"), "{what}");
        let pixels =
            figure::csv(&input(&large)).lines().filter(|line| line.starts_with("pixel,")).count();
        assert_eq!(pixels, techniques * observables * questions, "{what}");
    }
    let nothing = (campaign::large(1, 1, 1).0, Vec::new());
    assert!(figure::svg(&input(&nothing)).contains("No metaview to show."));
}

#[test]
fn what_is_withheld_leaves_no_trace() {
    let exports = |viewer: &Viewer, secret: Answer, reason: &str| {
        let small = campaign::small_with_secret(viewer, secret, reason);
        let evidence = figure::Evidence::default();
        [
            figure::svg(&input(&small)),
            figure::csv(&input(&small)),
            figure::html(&input(&small), &evidence),
        ]
    };
    let member = campaign::member();
    let hidden = exports(&member, Answer::Yes, "TOP SECRET");
    assert_eq!(hidden, exports(&member, Answer::NotDone, "another reason"));
    for (hidden, open) in hidden.iter().zip(exports(&Viewer::All, Answer::Yes, "TOP SECRET")) {
        assert!(!hidden.contains("TOP SECRET"));
        assert_ne!(*hidden, open);
    }
}
