//! An axis: where a value lies along the width of a drawing, and which values are written beside it.

use galvanome_model::catalogue::Scale;

use super::numbers;

/// One labelled place on an axis.
#[derive(Debug, Clone, PartialEq)]
pub struct Tick {
    /// Share of the width.
    pub at: f64,
    /// What is written there.
    pub label: String,
    /// Left out on narrow screens.
    pub wide_only: bool,
}

/// A range of values.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Axis {
    /// The value at the left edge.
    pub from: f64,
    /// The value at the right edge.
    pub to: f64,
}

impl Axis {
    /// An axis that holds a range with some room on both sides, as a share of the range. A range without extent gets
    /// one.
    pub fn around(low: f64, high: f64, room: f64) -> Self {
        let (low, high) = if low.is_finite() && high.is_finite() {
            (low.min(high), low.max(high))
        } else {
            (0.0, 1.0)
        };
        let extent = if high > low { high - low } else { low.abs().max(1.0) * 0.1 };
        Self { from: low - room * extent, to: high + room * extent }
    }

    /// The share of the width at which a value lies, kept between 0 and 1.
    pub fn share(&self, value: f64) -> f64 {
        let share = (value - self.from) / (self.to - self.from);
        if share.is_finite() { share.clamp(0.0, 1.0) } else { 0.5 }
    }

    /// Whether a value lies on it.
    pub fn holds(&self, value: f64) -> bool {
        (self.from..=self.to).contains(&value)
    }

    /// Round values, at most so many.
    pub fn round_values(&self, most: usize) -> Vec<f64> {
        let most = most.max(2);
        let extent = self.to - self.from;
        if !(extent.is_finite() && extent > 0.0) {
            return Vec::new();
        }
        let mut power = (extent / most as f64).log10().floor() as i32;
        loop {
            for lead in [1.0, 2.0, 5.0] {
                let step = lead * 10_f64.powi(power);
                let (first, last) = ((self.from / step).ceil(), (self.to / step).floor());
                if last - first < most as f64 {
                    return (0..=(last - first).max(-1.0) as i64)
                        .map(|k| (first + k as f64) * step)
                        .take(most)
                        .collect();
                }
            }
            power += 1;
        }
    }

    /// Ticks at round values with so many decimals as their step needs; every second one is for wide screens only.
    pub fn ticks(&self, most: usize, unit: &str) -> Vec<Tick> {
        let values = self.round_values(most);
        let step = match values.as_slice() {
            [first, second, ..] => second - first,
            _ => self.to - self.from,
        };
        let decimals = decimals_of_step(step);
        values
            .into_iter()
            .enumerate()
            .map(|(index, value)| Tick {
                at: self.share(value),
                label: numbers::Shown::of(0.0, None, short(unit))
                    .relabelled(&numbers::fixed(value, decimals)),
                wide_only: index % 2 == 1,
            })
            .collect()
    }

    /// Ticks of a difference on its analysis scale: changes in per cent on the ratio scale, values with their unit on
    /// the difference scale. Always at 0, and further out so that labels keep apart.
    pub fn difference_ticks(&self, scale: Scale, unit: &str) -> Vec<Tick> {
        const APART: f64 = 0.105;
        let candidates: Vec<(f64, String)> = match scale {
            Scale::Difference => {
                let values = self.round_values(7);
                let step = match values.as_slice() {
                    [first, second, ..] => second - first,
                    _ => self.to - self.from,
                };
                let decimals = decimals_of_step(step);
                let shown = numbers::Shown::of(0.0, None, short(unit));
                values
                    .into_iter()
                    .map(|value| {
                        (
                            value,
                            shown.relabelled(&numbers::signed(
                                value,
                                if value == 0.0 { 0 } else { decimals },
                            )),
                        )
                    })
                    .collect()
            }
            Scale::Ratio => {
                let changes = self.round_changes();
                let least =
                    changes.iter().map(|change| change.abs()).filter(|change| *change > 1e-9);
                let decimals = decimals_of_step(100.0 * least.fold(f64::INFINITY, f64::min));
                changes
                    .into_iter()
                    .map(|change| {
                        (
                            change.ln_1p(),
                            numbers::percent(
                                change.ln_1p(),
                                if change == 0.0 { 0 } else { decimals },
                            ),
                        )
                    })
                    .collect()
            }
        };
        let mut kept: Vec<Tick> = Vec::new();
        let mut outward = candidates;
        outward.sort_by(|a, b| a.0.abs().total_cmp(&b.0.abs()));
        for (value, label) in outward.into_iter().filter(|(value, _)| self.holds(*value)) {
            let at = self.share(value);
            if kept.iter().all(|tick| (tick.at - at).abs() >= APART) {
                let wide_only =
                    kept.iter().any(|tick| (tick.at - at).abs() < 2.0 * APART && !tick.wide_only);
                kept.push(Tick { at, label, wide_only });
            }
        }
        kept.sort_by(|a, b| a.at.total_cmp(&b.at));
        kept
    }

    /// Round changes as fractions: even steps where the range is moderate, powers where it is wide.
    fn round_changes(&self) -> Vec<f64> {
        let (low, high) = (self.from.exp_m1(), self.to.exp_m1());
        if self.to - self.from > 1.6 {
            return [
                -0.99, -0.9, -0.75, -0.5, -0.25, 0.0, 0.5, 1.0, 2.0, 4.0, 9.0, 19.0, 99.0, 999.0,
            ]
            .into();
        }
        Self { from: low, to: high }.round_values(9)
    }
}

/// A unit that is written at every tick; a longer one stands beside the drawing instead.
fn short(unit: &str) -> &str {
    if is_long(unit) { "1" } else { unit }
}

/// Whether a unit is too long to be written at every tick.
pub fn is_long(unit: &str) -> bool {
    numbers::unit(unit).chars().count() > 4
}

/// Decimals that multiples of a step need.
fn decimals_of_step(step: f64) -> i32 {
    if step.is_finite() && step > 0.0 {
        (-(step * 1.000_001).log10().floor() as i32).max(0)
    } else {
        0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ticks_are_round_and_few() {
        for (from, to, most, expected) in [
            (0.0, 1.0, 6, vec![0.0, 0.2, 0.4, 0.6000000000000001, 0.8, 1.0]),
            (122.5, 127.4, 6, vec![123.0, 124.0, 125.0, 126.0, 127.0]),
            (-0.3, 0.3, 3, vec![-0.2, 0.0, 0.2]),
        ] {
            assert_eq!(Axis { from, to }.round_values(most), expected);
        }
        assert!(Axis { from: f64::NAN, to: 1.0 }.round_values(5).is_empty());
        assert!(Axis { from: 1.0, to: 1.0 }.round_values(5).is_empty());
    }

    #[test]
    fn differences_are_labelled_in_per_cent_or_in_their_unit() {
        let labels = |axis: Axis, scale, unit| {
            axis.difference_ticks(scale, unit)
                .into_iter()
                .map(|tick| tick.label)
                .collect::<Vec<_>>()
        };
        let ratio = labels(Axis { from: -0.8, to: 0.3 }, Scale::Ratio, "1");
        assert!(ratio.contains(&"0 %".to_owned()), "{ratio:?}");
        assert!(ratio.contains(&"−40 %".to_owned()), "{ratio:?}");
        assert!(ratio.iter().all(|label| label.ends_with(" %")), "{ratio:?}");
        let volts = labels(Axis { from: -0.1, to: 0.1 }, Scale::Difference, "V");
        assert!(volts.contains(&"0 V".to_owned()), "{volts:?}");
        assert!(volts.iter().all(|label| label.ends_with(" V")), "{volts:?}");
        let tiny = labels(Axis { from: -0.002, to: 0.002 }, Scale::Ratio, "1");
        assert!(tiny.contains(&"+0.10 %".to_owned()), "{tiny:?}");
    }

    #[test]
    fn a_range_without_extent_still_makes_an_axis() {
        let axis = Axis::around(5.0, 5.0, 0.1);
        assert!(axis.from < 5.0 && axis.to > 5.0);
        assert!(Axis::around(f64::NAN, 1.0, 0.1).to > 0.0);
    }
}
