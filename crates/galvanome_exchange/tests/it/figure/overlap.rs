//! No two texts of a figure lie over each other, and none leaves the sheet.

use galvanome_exchange::figure;
use galvanome_model::visibility::Viewer;
use usvg::{Group, Node, Options, Tree, fontdb};

use super::campaign;

type Corners = [(f32, f32); 4];

fn texts(group: &Group, found: &mut Vec<(String, Corners)>) {
    for node in group.children() {
        match node {
            Node::Group(group) => texts(group, found),
            Node::Text(text) => {
                let content: String = text.chunks().iter().map(usvg::TextChunk::text).collect();
                let (bounds, transform) = (text.flattened().bounding_box(), text.abs_transform());
                let corners = [
                    (bounds.left(), bounds.top()),
                    (bounds.right(), bounds.top()),
                    (bounds.right(), bounds.bottom()),
                    (bounds.left(), bounds.bottom()),
                ]
                .map(|(x, y)| {
                    let mut point = usvg::tiny_skia_path::Point::from_xy(x, y);
                    transform.map_point(&mut point);
                    (point.x, point.y)
                });
                found.push((content, corners));
            }
            _ => {}
        }
    }
}

/// Whether two rectangles, each turned as it likes, share more than a hair (separating axes).
fn overlap(a: &Corners, b: &Corners) -> bool {
    let edges = |corners: &Corners| {
        [(corners[0], corners[1]), (corners[1], corners[2])]
            .map(|(from, to)| (to.1 - from.1, from.0 - to.0))
    };
    edges(a).into_iter().chain(edges(b)).all(|axis| {
        let length = axis.0.hypot(axis.1).max(1e-6);
        let span = |corners: &Corners| {
            let along = corners.map(|(x, y)| (x * axis.0 + y * axis.1) / length);
            (
                along.iter().copied().fold(f32::MAX, f32::min),
                along.iter().copied().fold(f32::MIN, f32::max),
            )
        };
        let (a, b) = (span(a), span(b));
        a.1.min(b.1) - a.0.max(b.0) > 0.6
    })
}

fn read(svg: &str) -> (Tree, Vec<(String, Corners)>) {
    let mut fonts = fontdb::Database::new();
    fonts.load_font_data(include_bytes!(concat!(env!("OUT_DIR"), "/DejaVuSans.ttf")).to_vec());
    fonts.load_font_data(include_bytes!(concat!(env!("OUT_DIR"), "/DejaVuSans-Bold.ttf")).to_vec());
    let options = Options { fontdb: fonts.into(), ..Options::default() };
    let tree = Tree::from_str(svg, &options).unwrap();
    let mut found = Vec::new();
    texts(tree.root(), &mut found);
    (tree, found)
}

fn check(what: &str, svg: &str) {
    let (tree, found) = read(svg);
    assert!(found.len() > 40, "{what}: {} texts", found.len());
    for (index, (text, corners)) in found.iter().enumerate() {
        for (x, y) in corners {
            let inside =
                *x >= 0.0 && *x <= tree.size().width() && *y >= 0.0 && *y <= tree.size().height();
            assert!(inside, "{what}: `{text}` leaves the sheet at {x}, {y}");
        }
        for (other, others) in found.iter().skip(index + 1) {
            assert!(!overlap(corners, others), "{what}: `{text}` lies over `{other}`");
        }
    }
}

#[test]
fn the_check_sees_what_lies_over_something() {
    for (second, expected) in [
        ("translate(100 100) rotate(-45)", true),
        ("translate(106 106) rotate(-45)", true),
        ("translate(120 100) rotate(-45)", false),
        ("translate(140 60)", true),
        ("translate(140 120)", false),
    ] {
        let svg = format!(
            r#"<svg xmlns="http://www.w3.org/2000/svg" width="400" height="400" font-family="DejaVu Sans" font-size="12"><text transform="translate(100 100) rotate(-45)">Morphology</text><text transform="{second}">Morphology</text></svg>"#
        );
        let (_, found) = read(&svg);
        assert_eq!(found.len(), 2);
        assert_eq!(overlap(&found[0].1, &found[1].1), expected, "{second}");
    }
}

#[test]
fn texts_keep_apart() {
    check("every state", &figure::svg(&super::input(&campaign::small(&Viewer::All))));
    for (techniques, observables, questions) in
        [(60, 20, 3), (1, 1, 1), (4, 2, 6), (16, 1, 2), (0, 3, 1)]
    {
        let large = campaign::large(techniques, observables, questions);
        let what = format!("{techniques} × {observables} × {questions}");
        check(&what, &figure::svg(&super::input(&large)));
    }
}
