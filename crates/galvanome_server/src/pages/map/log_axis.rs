//! A logarithmic axis of lengths in whole powers of ten.

use crate::pages::words;

/// A logarithmic axis from one pixel to another, in whole powers of ten.
#[derive(Debug, Clone, Copy)]
pub(super) struct LogAxis {
    from: i32,
    to: i32,
    pub(super) start: f64,
    pub(super) end: f64,
}

impl LogAxis {
    /// From 1 nm to 1 cm, or further where a value lies beyond.
    pub(super) fn over(values: impl IntoIterator<Item = f64>, (start, end): (f64, f64)) -> Self {
        let (mut from, mut to) = (-9, -2);
        for value in values.into_iter().filter(|value| value.is_finite() && *value > 0.0) {
            let power = value.log10();
            from = from.min((power + 1e-6).floor() as i32).max(-12);
            to = to.max((power - 1e-6).ceil() as i32).min(3);
        }
        Self { from, to, start, end }
    }

    /// The pixel of a value; what lies beyond stands at the end.
    pub(super) fn at(self, value: f64) -> f64 {
        let power = if value > 0.0 { value.log10() } else { f64::from(self.from) };
        let share = (power - f64::from(self.from)) / f64::from(self.to - self.from);
        self.start + share.clamp(0.0, 1.0) * (self.end - self.start)
    }

    /// Every power of ten, with its label where it has one.
    pub(super) fn powers(self) -> impl Iterator<Item = (f64, Option<String>)> {
        (self.from..=self.to).map(move |power| {
            let value = 10_f64.powi(power);
            let room = f64::from(self.to - power) / f64::from(self.to - self.from)
                * (self.end - self.start).abs();
            let is_named = power == self.to || (power % 3 == 0 && room > 52.0);
            (self.at(value), is_named.then(|| words::length(value)))
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn axes_hold_every_value_and_always_a_nanometre_to_a_centimetre() {
        for (values, from, to) in [
            (vec![], -9, -2),
            (vec![2e-10], -10, -2),
            (vec![1e-9, 1e-2], -9, -2),
            (vec![0.5, f64::NAN, 0.0], -9, 0),
            (vec![1e-30, 1e30], -12, 3),
        ] {
            let axis = LogAxis::over(values, (0.0, 100.0));
            assert_eq!((axis.from, axis.to), (from, to));
        }
        let axis = LogAxis::over([], (0.0, 70.0));
        for (value, at) in [(1e-9, 0.0), (1e-8, 10.0), (1e-2, 70.0), (0.0, 0.0), (5.0, 70.0)] {
            assert!((axis.at(value) - at).abs() < 1e-9);
        }
    }
}
