//! Who may see what.

use galvanome_model::ids::PartnerId;
use galvanome_model::visibility::{Viewer, Visibility};

fn member(partner: &str, group: &str) -> Viewer {
    Viewer::Member {
        partners: PartnerId::new(partner).into_iter().collect(),
        groups: [group.to_owned()].into(),
    }
}

fn check(visibility: &str, viewer: &Viewer, expected: bool) {
    let owner = PartnerId::new("ill").unwrap();
    let visibility = Visibility::from(visibility.to_owned());
    assert_eq!(
        viewer.may_see(&visibility, Some(&owner)),
        expected,
        "{visibility:?} for {viewer:?}"
    );
}

#[test]
fn a_thing_is_seen_by_those_it_is_meant_for() {
    check("", &member("tud", "none"), true);
    check("campaign", &member("tud", "none"), true);
    check("partner", &member("tud", "none"), false);
    check("partner", &member("ill", "none"), true);
    check("neutrons;coordinators", &member("tud", "neutrons"), true);
    check("neutrons;coordinators", &member("ill", "x-rays"), false);
    check("neutrons", &Viewer::All, true);
}

#[test]
fn the_text_of_a_visibility_goes_both_ways() {
    for text in ["campaign", "partner", "coordinators;neutrons", ";", "campaign;", "partner;"] {
        assert_eq!(String::from(Visibility::from(text.to_owned())), text);
    }
    // No groups at all is nobody, never everybody.
    assert_eq!(
        Visibility::from(";".to_owned()),
        Visibility::Groups(std::collections::BTreeSet::new())
    );
}
