//! What gates do to each zone.

use galvanome_inference::comparison::Gate::{self, Inflate, NoCannot, Void, YesCannot};
use galvanome_inference::comparison::Input;

use crate::{alone, plain, told};

#[test]
fn zones_and_gates() {
    // Four pairs of single specimens with s0 = 0.1: t(0.975, 4) √2 s0 is 0.39, t(0.95, 4) √2 s0 is 0.30.
    let at = |test: &'static [f64]| Input { s0: Some(0.1), ..plain(&[0.0], test) };
    let (yes, no, wide) = (at(&[-2.0]), at(&[0.1]), at(&[0.8]));
    let grey = Input { s0: Some(0.01), ..plain(&[0.0], &[0.75]) };
    for (input, gates, expected) in [
        (yes, &[] as &[Gate], "yes"),
        (no, &[], "no"),
        (wide, &[], "unsure too_wide"),
        (grey, &[], "unsure grey_zone"),
        (yes, &[Void], "unsure gate_void"),
        (no, &[Void], "unsure gate_void"),
        (wide, &[Void], "unsure gate_void"),
        (grey, &[Void], "unsure gate_void"),
        (yes, &[NoCannot], "yes"),
        (no, &[NoCannot], "unsure gate_no_cannot"),
        (wide, &[NoCannot], "unsure too_wide"),
        (grey, &[NoCannot], "unsure grey_zone"),
        (yes, &[YesCannot], "unsure gate_yes_cannot"),
        (no, &[YesCannot], "no"),
        (wide, &[YesCannot], "unsure too_wide"),
        (grey, &[YesCannot], "unsure grey_zone"),
        // Both bar both; void outranks them in any order.
        (yes, &[NoCannot, YesCannot], "unsure gate_yes_cannot"),
        (no, &[NoCannot, YesCannot], "unsure gate_no_cannot"),
        (no, &[NoCannot, Void, YesCannot], "unsure gate_void"),
        (yes, &[Inflate(1.0)], "unsure too_wide"),
        (no, &[Inflate(1.0)], "unsure too_wide"),
        (yes, &[Inflate(0.0)], "yes"),
    ] {
        let verdict = alone(&Input { gates, ..input });
        assert_eq!(told(&verdict), expected, "{input:?} with {gates:?}");
        // The numbers stay to be looked at, and only a yes has a direction.
        assert!(verdict.u.is_some() && verdict.yes_bound.is_some());
        assert_eq!(verdict.direction.is_some(), expected == "yes");
    }
    // Nothing says how much specimens vary, but that the measurement does not count comes first.
    assert_eq!(
        told(&alone(&Input { gates: &[Void], ..plain(&[0.0], &[1.0]) })),
        "unsure gate_void"
    );
}

#[test]
fn words() {
    for gate in [Gate::Void, Gate::NoCannot, Gate::YesCannot] {
        assert_eq!(Gate::from_word(gate.word()), Some(gate));
    }
    assert_eq!(Gate::from_word("inflate"), None);
    assert_eq!(Gate::from_word("closed"), None);
}
