//! The rule on the numbers of arXiv 2602.09771, one value a side, with spreads that are assumptions.

use galvanome_inference::comparison::Input;
use galvanome_model::verdict::Direction;

use crate::{alone, ratio, told};

const YES: &str = "yes";
const NO: &str = "no";
const WIDE: &str = "unsure too_wide";

/// Name, values, margin, direction, and spreads with their answers.
type Row = (&'static str, [f64; 2], f64, Option<Direction>, &'static [(f64, &'static str)]);

/// Values, margin, and spreads with the answers that they give. A margin is a fraction; the neutron images' is
/// 0.025 as a logarithm.
#[test]
fn assumed_spreads() {
    let narrow = 0.025_f64.exp_m1();
    let rows: [Row; 9] = [
        (
            "ndp, LNO, electrolyte",
            [0.72, 0.46],
            0.1,
            Some(Direction::Down),
            &[(0.05, YES), (0.10, YES), (0.15, WIDE)],
        ),
        (
            "ni, LNO, electrolyte",
            [1.0, 1.003],
            narrow,
            None,
            &[(0.003, NO), (0.005, NO), (0.01, WIDE)],
        ),
        (
            "ni, LNO, ageing",
            [127.0, 123.0],
            narrow,
            Some(Direction::Down),
            &[(0.003, YES), (0.005, WIDE), (0.01, WIDE)],
        ),
        (
            "ni, graphite, ageing",
            [98.0, 103.0],
            narrow,
            Some(Direction::Up),
            &[(0.003, YES), (0.005, YES), (0.01, WIDE)],
        ),
        (
            "nanoct, graphite, electrolyte",
            [26.0, 33.0],
            0.1,
            Some(Direction::Up),
            &[(0.03, YES), (0.05, WIDE), (0.1, WIDE)],
        ),
        (
            "nanoct, LNO, electrolyte",
            [48.0, 41.0],
            0.1,
            Some(Direction::Down),
            &[(0.03, WIDE), (0.05, WIDE), (0.1, WIDE)],
        ),
        (
            "nanoct, LNO, ageing",
            [59.0, 48.0],
            0.1,
            Some(Direction::Down),
            &[(0.03, YES), (0.05, WIDE), (0.1, WIDE)],
        ),
        (
            "raman, graphite, electrolyte",
            [0.24, 0.43],
            0.2,
            Some(Direction::Up),
            &[(0.05, YES), (0.10, YES), (0.2, WIDE)],
        ),
        (
            "raman, graphite, ageing",
            [0.54, 0.43],
            0.2,
            Some(Direction::Down),
            &[(0.05, WIDE), (0.10, WIDE), (0.2, WIDE)],
        ),
    ];
    for (name, [reference, test], delta, direction, answers) in rows {
        for &(s0, expected) in answers {
            let verdict = alone(&Input { delta, s0: Some(s0), ..ratio(&[reference], &[test]) });
            assert_eq!(told(&verdict), expected, "{name} with s0 = {s0}");
            assert_eq!(verdict.direction, direction.filter(|_| expected == YES), "{name}");
            // The break-even spread tells on which side of it an assumption lies.
            let break_even = verdict.break_even_s0.unwrap();
            assert_eq!(expected == WIDE, s0 > break_even, "{name}: {break_even}");
        }
        // Without any assumption one value a side says nothing, except which assumption would matter.
        let bare = alone(&Input { delta, ..ratio(&[reference], &[test]) });
        assert_eq!(told(&bare), "unsure no_spread");
        let assumed = alone(&Input { delta, s0: Some(0.05), ..ratio(&[reference], &[test]) });
        assert_eq!(bare.break_even_s0, assumed.break_even_s0, "{name}");
    }
}
