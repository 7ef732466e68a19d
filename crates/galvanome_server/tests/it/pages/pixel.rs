//! The page of one pixel.

use galvanome_model::visibility::Viewer;

use super::example::Example;
use super::html::{check_sound, keep, text};

fn with_spread(example: &str, descriptor: &str, s0: f64) -> Example {
    Example::read(example, |campaign| {
        use galvanome_model::catalogue::Margin;
        use galvanome_model::ids::{DescriptorId, ObservableId};
        campaign.definition.margins.push(Margin {
            descriptor: DescriptorId::new(descriptor).unwrap(),
            observable: ObservableId::new("lithium-distribution").unwrap(),
            delta: None,
            s0: Some(s0),
            s0_test: None,
            u_sys: None,
            nu_sys: None,
            confirmed_by: None,
            set_on: None,
            source: Some("assumed for a test".to_owned()),
        });
    })
}

#[test]
fn looks() {
    let paper = Example::read("lno-graphite", |_| {});
    for (component, question, technique, observable) in [
        ("LNO", "SQ1", "ndp", "lithium-distribution"),
        ("LNO", "SQ1", "sxdm", "lithium-distribution"),
        ("LNO", "SQ1", "nanoct", "morphology"),
        ("LNO", "SQ2", "nanoct", "morphology"),
        ("LNO", "SQ1", "echem", "morphology"),
        ("LNO", "SQ1", "saxswaxs", "lithium-distribution"),
        ("LNO", "SQ1", "tem", "sei-interfaces"),
        ("LNO", "SQ2", "ni", "lithium-distribution"),
    ] {
        let key = Example::key(component, question, technique, observable);
        let page = paper.pixel_page(&key, &Viewer::All);
        check_sound(&page);
        keep(&format!("pixel-{component}-{question}-{technique}-{observable}"), &page);
    }
    let spread = with_spread("lno-graphite", "ndp.lithium-content", 0.05);
    let page =
        spread.pixel_page(&Example::key("LNO", "SQ1", "ndp", "lithium-distribution"), &Viewer::All);
    keep("pixel-spread", &page);
    assert!(text(&page).contains("provisional"));
    let invented = Example::read("invented-solid-state", |_| {});
    for (component, question, technique, observable) in [
        ("separator", "heat", "nanoct", "voids"),
        ("cathode", "ageing", "xrd", "crystal-structure"),
        ("separator", "void-growth", "nanoct", "voids"),
    ] {
        let key = Example::key(component, question, technique, observable);
        let page = invented.pixel_page(&key, &Viewer::All);
        check_sound(&page);
        keep(&format!("pixel-{component}-{question}-{technique}-{observable}"), &page);
    }
}
