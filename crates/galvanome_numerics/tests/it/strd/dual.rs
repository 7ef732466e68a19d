//! Numbers that carry their derivatives by up to nine parameters, so that models need no derivatives by hand.

use std::ops::{Add, Div, Mul, Neg, Sub};

/// A value with its derivatives.
#[derive(Debug, Clone, Copy)]
pub(super) struct Dual {
    pub(super) value: f64,
    pub(super) by: [f64; 9],
}

impl Dual {
    /// The parameter of an index.
    pub(super) fn variable(value: f64, at: usize) -> Self {
        let mut by = [0.0; 9];
        by[at] = 1.0;
        Self { value, by }
    }

    fn chain(self, value: f64, slope: f64) -> Self {
        Self { value, by: self.by.map(|by| by * slope) }
    }

    pub(super) fn exp(self) -> Self {
        let value = self.value.exp();
        self.chain(value, value)
    }

    pub(super) fn ln(self) -> Self {
        self.chain(self.value.ln(), 1.0 / self.value)
    }

    pub(super) fn cos(self) -> Self {
        self.chain(self.value.cos(), -self.value.sin())
    }

    pub(super) fn sin(self) -> Self {
        self.chain(self.value.sin(), self.value.cos())
    }

    pub(super) fn atan(self) -> Self {
        self.chain(self.value.atan(), 1.0 / (1.0 + self.value * self.value))
    }

    pub(super) fn powf(self, power: Self) -> Self {
        (self.ln() * power).exp()
    }
}

impl From<f64> for Dual {
    fn from(value: f64) -> Self {
        Self { value, by: [0.0; 9] }
    }
}

fn joined(a: Dual, b: Dual, value: f64, slopes: (f64, f64)) -> Dual {
    let mut by = [0.0; 9];
    for (by, (a, b)) in by.iter_mut().zip(a.by.iter().zip(b.by)) {
        *by = slopes.0 * a + slopes.1 * b;
    }
    Dual { value, by }
}

impl Neg for Dual {
    type Output = Self;
    fn neg(self) -> Self {
        self.chain(-self.value, -1.0)
    }
}

macro_rules! operators {
    ($($name:ident, $call:ident: |$a:ident, $b:ident| $value:expr, $slopes:expr;)*) => {$(
        impl $name for Dual {
            type Output = Self;
            fn $call(self, other: Self) -> Self {
                let ($a, $b) = (self.value, other.value);
                joined(self, other, $value, $slopes)
            }
        }

        impl $name<f64> for Dual {
            type Output = Self;
            fn $call(self, other: f64) -> Self {
                $name::$call(self, Self::from(other))
            }
        }
    )*};
}

operators! {
    Add, add: |a, b| a + b, (1.0, 1.0);
    Sub, sub: |a, b| a - b, (1.0, -1.0);
    Mul, mul: |a, b| a * b, (b, a);
    Div, div: |a, b| a / b, (1.0 / b, -a / (b * b));
}
