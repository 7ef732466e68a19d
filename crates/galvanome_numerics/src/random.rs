//! Random numbers from a seed: the same seed, the same numbers.

use std::f64::consts::TAU;

use crate::gamma::ln_gamma;

/// A generator of random numbers.
///
/// Source: xoshiro256**, D. Blackman, S. Vigna, ACM Trans. Math. Softw. 47 (2021) 36; the seed is spread by splitmix64.
#[derive(Debug, Clone)]
pub struct Random {
    state: [u64; 4],
}

impl Random {
    /// The generator of a seed.
    pub fn seeded(seed: u64) -> Self {
        let mut z = seed;
        let state = std::array::from_fn(|_| {
            z = z.wrapping_add(0x9E37_79B9_7F4A_7C15);
            let mut mixed = z;
            mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
            mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
            mixed ^ (mixed >> 31)
        });
        Self { state }
    }

    /// The next 64 bits.
    pub fn bits(&mut self) -> u64 {
        let [a, b, c, d] = &mut self.state;
        let drawn = b.wrapping_mul(5).rotate_left(7).wrapping_mul(9);
        let shifted = *b << 17;
        *c ^= *a;
        *d ^= *b;
        *b ^= *c;
        *a ^= *d;
        *c ^= shifted;
        *d = d.rotate_left(45);
        drawn
    }

    /// A number from 0 to below 1.
    pub fn uniform(&mut self) -> f64 {
        (self.bits() >> 11) as f64 / (1_u64 << 53) as f64
    }

    /// A whole number from 0 to below `end`; 0 when that is 0.
    pub fn below(&mut self, end: usize) -> usize {
        // The part of 2^64 that is left over is below 2^-40 for any length that memory holds.
        ((u128::from(self.bits()) * end as u128) >> 64) as usize
    }

    /// A number of the standard normal distribution.
    ///
    /// Source: G. E. P. Box, M. E. Muller, Ann. Math. Stat. 29 (1958) 610.
    pub fn normal(&mut self) -> f64 {
        let radius = (-2.0 * (1.0 - self.uniform()).ln()).sqrt();
        radius * (TAU * self.uniform()).cos()
    }

    /// A count of the Poisson distribution of a mean; NaN for one that is negative or not finite.
    ///
    /// Source: below 30 by multiplication (D. E. Knuth, The Art of Computer Programming 2, 3.4.1); above by
    /// transformed rejection (W. Hörmann, Insurance: Math. Econ. 12 (1993) 39, PTRS).
    pub fn poisson(&mut self, mean: f64) -> f64 {
        if !(mean >= 0.0 && mean.is_finite()) {
            return f64::NAN;
        }
        if mean < 30.0 {
            let (limit, mut product, mut count) = ((-mean).exp(), self.uniform(), 0.0);
            while product > limit {
                product *= self.uniform();
                count += 1.0;
            }
            return count;
        }
        let b = 0.931 + 2.53 * mean.sqrt();
        let a = -0.059 + 0.02483 * b;
        let inverse = 1.1239 + 1.1328 / (b - 3.4);
        let quick = 0.9277 - 3.6224 / (b - 2.0);
        loop {
            let u = self.uniform() - 0.5;
            let v = self.uniform();
            let distance = 0.5 - u.abs();
            let count = ((2.0 * a / distance + b) * u + mean + 0.43).floor();
            if distance >= 0.07 && v <= quick {
                return count;
            }
            if count < 0.0 || (distance < 0.013 && v > distance) {
                continue;
            }
            let left = (v * inverse / (a / (distance * distance) + b)).ln();
            if left <= -mean + count * mean.ln() - ln_gamma(count + 1.0) {
                return count;
            }
        }
    }
}
