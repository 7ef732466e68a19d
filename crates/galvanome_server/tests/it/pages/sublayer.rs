//! The page of one observable by all techniques.

use galvanome_model::visibility::Viewer;

use super::example::Example;
use super::html::{check_sound, keep};

#[test]
fn looks() {
    let paper = Example::read("lno-graphite", |_| {});
    for place in [
        ["LNO", "SQ1", "lithium-distribution"],
        ["Graphite", "SQ1", "sei-interfaces"],
        ["LNO", "SQ1", "electronic-structure"],
        ["LNO", "SQ2", "lithium-distribution"],
        ["LNO", "SQ1", "sei-interfaces"],
    ] {
        let rows = paper.rows(place[0], place[1], place[2], &Viewer::All);
        let page = paper.sublayer_page(place, &rows);
        check_sound(&page);
        keep(&format!("sublayer-{}", place.join("-")), &page);
    }
    let invented = Example::read("invented-solid-state", |_| {});
    for place in [["separator", "heat", "voids"], ["separator", "void-growth", "voids"]] {
        let rows = invented.rows(place[0], place[1], place[2], &Viewer::All);
        let page = invented.sublayer_page(place, &rows);
        check_sound(&page);
        keep(&format!("sublayer-{}", place.join("-")), &page);
    }
}
