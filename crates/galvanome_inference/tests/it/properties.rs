//! What holds for every comparison.

use galvanome_inference::comparison::{Comparison, Gate, Input};
use galvanome_inference::pixel::judge;
use galvanome_inference::rule::{Rule, Verdict};
use galvanome_model::answer::Answer;
use galvanome_model::catalogue::Scale;
use galvanome_model::verdict::Direction;
use proptest::prelude::*;

/// Everything an input holds, owned.
#[derive(Debug, Clone)]
struct Case {
    scale: Scale,
    reference: Vec<f64>,
    test: Vec<f64>,
    u: Option<(Vec<f64>, Vec<f64>)>,
    paired: bool,
    delta: f64,
    spreads: (Option<f64>, Option<f64>),
    bias: (f64, Option<f64>),
    gates: Vec<Gate>,
}

impl Case {
    fn input(&self) -> Input<'_> {
        Input {
            reference_u: self.u.as_ref().map(|(reference, _)| reference.as_slice()),
            test_u: self.u.as_ref().map(|(_, test)| test.as_slice()),
            paired: self.paired,
            s0: self.spreads.0,
            s0_test: self.spreads.1,
            u_sys: self.bias.0,
            nu_sys: self.bias.1,
            gates: &self.gates,
            ..Input::new("x", self.scale, &self.reference, &self.test, self.delta)
        }
    }

    fn verdict(&self) -> Verdict {
        judge(&[Comparison::new(&self.input()).unwrap()], Rule::default()).unwrap().descriptors[0]
    }

    fn with_spread(&self, factor: f64) -> Self {
        let (s0, s0_test) = self.spreads;
        Self {
            spreads: (s0.map(|s0| s0 * factor), s0_test.map(|s0_test| s0_test * factor)),
            ..self.clone()
        }
    }
}

fn cases() -> impl Strategy<Value = Case> {
    let gate = prop_oneof![
        Just(Gate::Void),
        Just(Gate::NoCannot),
        Just(Gate::YesCannot),
        (0.001..0.2_f64).prop_map(Gate::Inflate)
    ];
    let numbers = (1_usize..6, 1_usize..6, any::<bool>()).prop_flat_map(|(n, other, paired)| {
        let m = if paired { n } else { other };
        let side = |n: usize| {
            (prop::collection::vec(-1.0..1.0_f64, n), prop::collection::vec(0.0..0.1_f64, n))
        };
        (side(n), side(m), Just(paired))
    });
    let shape = (any::<bool>(), -3.0..3.0_f64, -2.5..0.0_f64, 0.02..1.0_f64, any::<bool>());
    let declared = (prop::option::of(-2.5..0.3_f64), prop::option::of(0.2..5.0_f64));
    let bias = (prop_oneof![Just(0.0), 0.0..0.3_f64], prop::option::of(0.5..30.0_f64));
    let gates = prop_oneof![3 => Just(vec![]), 1 => prop::collection::vec(gate, 1..3)];
    (numbers, shape, declared, bias, gates).prop_map(|(numbers, shape, declared, bias, gates)| {
        let ((a, ua), (b, ub), paired) = numbers;
        let (is_ratio, shift, ln_noise, delta, with_u) = shape;
        let noise = 10_f64.powf(ln_noise);
        let value = |x: f64| if is_ratio { 2.0 * x.exp() } else { x };
        let s0 = declared.0.map(|exponent: f64| 10_f64.powf(exponent));
        let s0_test = s0.filter(|_| !paired).and_then(|s0| declared.1.map(|factor| s0 * factor));
        Case {
            scale: if is_ratio { Scale::Ratio } else { Scale::Difference },
            reference: a.iter().map(|z| value(noise * z)).collect(),
            test: b.iter().map(|z| value(delta * shift + noise * z)).collect(),
            u: with_u.then_some((ua, ub)),
            paired,
            delta,
            spreads: (s0, s0_test),
            bias,
            gates,
        }
    })
}

fn same(a: Option<f64>, b: Option<f64>) -> bool {
    match (a, b) {
        (Some(a), Some(b)) => a == b || (a - b).abs() <= 1e-9 * a.abs().max(b.abs()).max(1e-3),
        (a, b) => a == b,
    }
}

fn close_to_a_border(verdict: &Verdict) -> bool {
    let near = |bound: Option<f64>, limit: f64| {
        bound.is_some_and(|bound| (bound - limit).abs() < 1e-9 * limit.max(1.0))
    };
    near(verdict.yes_bound, 0.5 * verdict.delta) || near(verdict.no_bound, verdict.delta)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2000))]

    #[test]
    fn answers_follow_from_the_numbers(case in cases()) {
        let verdict = case.verdict();
        prop_assert_eq!(verdict, case.verdict());
        for number in [verdict.u, verdict.yes_bound, verdict.no_bound, verdict.break_even_s0, verdict.u_needed_for_no] {
            prop_assert!(number.is_none_or(f64::is_finite));
        }
        prop_assert!(verdict.nu.is_none_or(|nu| nu > 0.0));
        let yes = verdict.yes_bound.is_some_and(|bound| bound > 0.5 * verdict.delta);
        let no = verdict.no_bound.is_some_and(|bound| bound < verdict.delta);
        match verdict.answer {
            Answer::Yes => prop_assert!(yes && !no && verdict.reason.is_none() && !case.gates.contains(&Gate::YesCannot)),
            Answer::No => prop_assert!(no && !yes && verdict.reason.is_none() && !case.gates.contains(&Gate::NoCannot)),
            _ => prop_assert!(verdict.reason.is_some()),
        }
        prop_assert_eq!(case.gates.contains(&Gate::Void), verdict.reason.is_some_and(|reason| reason.word() == "gate_void"));
        prop_assert_eq!(verdict.direction.is_some(), verdict.answer == Answer::Yes);
    }

    /// Test for reference and reference for test: the other way round and nothing else.
    #[test]
    fn swapping_groups_turns_the_direction(case in cases()) {
        let verdict = case.verdict();
        prop_assume!(!close_to_a_border(&verdict));
        let mut swapped = case.clone();
        std::mem::swap(&mut swapped.reference, &mut swapped.test);
        if let Some((reference, test)) = &mut swapped.u {
            std::mem::swap(reference, test);
        }
        if let (Some(s0), Some(s0_test)) = case.spreads {
            swapped.spreads = (Some(s0_test), Some(s0));
        }
        let other = swapped.verdict();
        prop_assert!((other.d + verdict.d).abs() <= 1e-12);
        prop_assert_eq!((other.answer, other.reason), (verdict.answer, verdict.reason));
        let turned = verdict.direction.map(|direction| match direction {
            Direction::Up => Direction::Down,
            Direction::Down => Direction::Up,
        });
        prop_assert_eq!(other.direction, turned);
        prop_assert!(same(other.u, verdict.u) && same(other.nu, verdict.nu));
        prop_assert!(same(other.yes_bound, verdict.yes_bound) && same(other.no_bound, verdict.no_bound));
    }

    /// Ratios do not know their unit; differences do not know their zero.
    #[test]
    fn unit_and_zero_do_not_matter(case in cases(), unit in 0.01..100.0_f64) {
        let verdict = case.verdict();
        prop_assume!(!close_to_a_border(&verdict));
        let mut other = case.clone();
        for value in other.reference.iter_mut().chain(&mut other.test) {
            *value = if case.scale == Scale::Ratio { *value * unit } else { *value + unit };
        }
        if let (Some((reference, test)), Scale::Ratio) = (&mut other.u, case.scale) {
            reference.iter_mut().chain(test).for_each(|u| *u *= unit);
        }
        let other = other.verdict();
        prop_assert_eq!((other.answer, other.reason), (verdict.answer, verdict.reason));
        prop_assert!((other.d - verdict.d).abs() <= 1e-11);
        prop_assert!(same(other.u, verdict.u) && same(other.yes_bound, verdict.yes_bound));
    }

    /// With one term and a bias that is taken as known, a larger declared spread widens the interval: what is too
    /// wide stays so, a no or yes can only become too wide, and only the grey zone can become yes or no.
    #[test]
    fn a_larger_spread_never_decides_what_was_too_wide(case in cases(), factor in 1.0..20.0_f64) {
        let mut case = case;
        case.bias.1 = None;
        case.spreads = (Some(case.spreads.0.unwrap_or(0.1)), None);
        let (before, after) = (case.verdict(), case.with_spread(factor).verdict());
        prop_assert!(after.yes_bound <= before.yes_bound && after.no_bound >= before.no_bound);
        let word = |verdict: &Verdict| verdict.reason.map_or(verdict.answer.word(), |reason| reason.word());
        match word(&before) {
            "grey_zone" => {}
            decided @ ("yes" | "no" | "gate_yes_cannot" | "gate_no_cannot") => {
                prop_assert!(word(&after) == decided || word(&after) == "too_wide");
            }
            other => prop_assert_eq!(word(&after), other),
        }
    }

    /// Judged with slightly less and slightly more than the break-even spread, the answers differ.
    #[test]
    fn the_break_even_spread_flips_the_answer(case in cases()) {
        let verdict = case.verdict();
        if let Some(break_even) = verdict.break_even_s0 {
            let declared = case.spreads.0.unwrap_or(1.0);
            let imagined = Case { spreads: (Some(declared), case.spreads.1), ..case.clone() };
            let [below, above] = [0.999, 1.001].map(|factor| imagined.with_spread(factor * break_even / declared).verdict());
            prop_assert!(below.answer != above.answer, "{:?} and {:?}", below, above);
            if verdict.answer != Answer::Unsure && case.spreads.0.is_some() {
                prop_assert!(break_even >= declared);
                prop_assert_eq!(below.answer, verdict.answer);
            }
        } else {
            // A decision that rests on a declared spread always gives way to a large enough one.
            prop_assert!(verdict.answer == Answer::Unsure || case.spreads.0.is_none());
        }
    }
}
