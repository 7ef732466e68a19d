//! Do two groups of spectra differ at all? Without a model of what is in them.
//!
//! Every curve is brought to a common axis and normalised; several curves of one specimen become their mean, since the
//! specimen is the unit of replication. The distance of two specimens is that of their curves. Whether those between
//! the groups are larger than those within is judged by putting the specimens into groups in every other way.

use galvanome_numerics::interpolation::linear;
use galvanome_numerics::random::Random;

/// One curve of a specimen, in rising order.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Curve<'a> {
    /// The specimen it is of: curves of one name are of one.
    pub specimen: &'a str,
    /// Places.
    pub x: &'a [f64],
    /// Values.
    pub y: &'a [f64],
}

/// What makes curves of different overall intensity comparable.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Normalisation {
    /// Values as they are.
    None,
    /// The mean is taken off, and the rest divided by its root mean square: offset and scale play no part.
    Standard,
    /// The least value is taken off, and the rest divided by its mean: a scale, and a flat background, play no part.
    Area,
}

impl Normalisation {
    /// In words.
    pub const fn words(self) -> &'static str {
        match self {
            Self::None => "values as they are",
            Self::Standard => "each curve less its mean, over its root mean square",
            Self::Area => "each curve less its least value, over its mean",
        }
    }
}

/// What was found.
#[derive(Debug, Clone, PartialEq)]
pub struct Difference {
    /// Specimens of the first and the second group.
    pub specimens: (usize, usize),
    /// The range that all curves share.
    pub range: (f64, f64),
    /// Points of the common axis.
    pub points: usize,
    /// How curves were normalised.
    pub normalisation: Normalisation,
    /// Mean distance of two specimens of one group; NaN where no group has two.
    pub within: f64,
    /// Mean distance of a specimen of the one group from one of the other.
    pub between: f64,
    /// Part of all ways to group the specimens in which the groups differ at least as much.
    pub p: f64,
    /// In how many ways they were grouped.
    pub ways: usize,
    /// Whether every way was tried; else they were drawn with a fixed seed.
    pub exhaustive: bool,
    /// Whether the groups differ: yes at p ≤ 0.05 with at least four specimens a side, otherwise unsure. It is never no:
    /// not to see a difference is no proof that there is none.
    pub differs: Differs,
}

/// The answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Differs {
    /// They do.
    Yes,
    /// Too few specimens a side to tell, whatever the distances.
    TooFew,
    /// The distances between the groups are not clearly larger than those within.
    Unsure,
}

/// Why there is no distance.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NoDifference {
    /// A group has no curve.
    Empty,
    /// A curve has fewer than two points, is not in rising order, holds a value that is not finite, or as many places as
    /// values are not given.
    BadCurve,
    /// The curves share no range.
    NoOverlap,
    /// A curve is flat, and cannot be normalised.
    Flat,
    /// One specimen is in both groups.
    InBoth,
}

/// Fewer specimens a side give no yes.
pub const FEWEST: usize = 4;

/// A larger part of groupings that differ as much is no yes.
pub const LEVEL: f64 = 0.05;

/// More ways than this are drawn, not all tried.
const MOST_WAYS: usize = 20_000;

/// How many are drawn.
const DRAWN: usize = 9_999;

/// More points than this say nothing new of a distance.
const MOST_POINTS: usize = 20_000;

/// Compares two groups of curves.
///
/// The distance of two specimens is the root mean square of the difference of their normalised curves over the common
/// axis: the range that all share, in steps of the coarsest curve, by straight lines. Groups are compared by the ratio
/// of the variance between to the variance within that distances give.
///
/// Source: M. J. Anderson, Austral Ecol. 26 (2001) 32 (distances between and within groups, and permutation); B. Phipson,
/// G. K. Smyth, Stat. Appl. Genet. Mol. Biol. 9 (2010) 39 (p-values of drawn permutations).
pub fn difference(
    reference: &[Curve<'_>],
    test: &[Curve<'_>],
    normalisation: Normalisation,
) -> Result<Difference, NoDifference> {
    let all = || reference.iter().chain(test);
    if reference.is_empty() || test.is_empty() {
        return Err(NoDifference::Empty);
    }
    if !all().all(is_good) {
        return Err(NoDifference::BadCurve);
    }
    if reference.iter().any(|one| test.iter().any(|other| other.specimen == one.specimen)) {
        return Err(NoDifference::InBoth);
    }
    let axis = common_axis(all()).ok_or(NoDifference::NoOverlap)?;
    let first = specimens(reference, &axis, normalisation)?;
    let second = specimens(test, &axis, normalisation)?;
    let (n, a) = (first.len() + second.len(), first.len());
    let curves: Vec<Vec<f64>> = first.into_iter().chain(second).collect();
    let distances = Distances::of(&curves);
    let own: Vec<bool> = (0..n).map(|place| place < a).collect();
    let found = distances.ratio(&own);
    let (mut ways, mut as_much) = (0_usize, 0_usize);
    let mut count = |grouping: &[bool]| {
        ways += 1;
        // Sums in another order may differ in the last digits.
        as_much += usize::from(distances.ratio(grouping) >= found * (1.0 - 1e-9));
    };
    let exhaustive = combinations(n, a).is_some_and(|all| all <= MOST_WAYS);
    if exhaustive {
        every_grouping(n, a, &mut count);
    } else {
        count(&own);
        let mut random = Random::seeded(0x5eed);
        let mut grouping = own.clone();
        for _ in 0..DRAWN {
            for place in (1..n).rev() {
                grouping.swap(place, random.below(place + 1));
            }
            count(&grouping);
        }
    }
    let p = as_much as f64 / ways as f64;
    let differs = if a.min(n - a) < FEWEST {
        Differs::TooFew
    } else if p <= LEVEL {
        Differs::Yes
    } else {
        Differs::Unsure
    };
    let (within, between) = distances.means(&own);
    let range =
        (axis.first().copied().unwrap_or(f64::NAN), axis.last().copied().unwrap_or(f64::NAN));
    Ok(Difference {
        specimens: (a, n - a),
        range,
        points: axis.len(),
        normalisation,
        within,
        between,
        p,
        ways,
        exhaustive,
        differs,
    })
}

fn is_good(curve: &Curve<'_>) -> bool {
    curve.x.len() > 1
        && curve.x.len() == curve.y.len()
        && curve.x.iter().chain(curve.y).all(|one| one.is_finite())
        && curve.x.is_sorted()
}

fn common_axis<'a>(curves: impl Iterator<Item = &'a Curve<'a>>) -> Option<Vec<f64>> {
    let (mut low, mut high, mut step) = (f64::NEG_INFINITY, f64::INFINITY, 0.0_f64);
    for curve in curves {
        let (first, last) = (*curve.x.first()?, *curve.x.last()?);
        low = low.max(first);
        high = high.min(last);
        step = step.max((last - first) / (curve.x.len() - 1) as f64);
    }
    let intervals = ((high - low) / step).floor();
    if intervals.is_nan() || intervals < 1.0 {
        return None;
    }
    let intervals = (intervals as usize).min(MOST_POINTS);
    let step = (high - low) / intervals as f64;
    Some((0..=intervals).map(|place| (low + step * place as f64).min(high)).collect())
}

/// The mean normalised curve of each specimen, in order of first appearance.
fn specimens(
    curves: &[Curve<'_>],
    axis: &[f64],
    normalisation: Normalisation,
) -> Result<Vec<Vec<f64>>, NoDifference> {
    let mut found: Vec<(&str, usize, Vec<f64>)> = Vec::new();
    for curve in curves {
        let taken: Option<Vec<f64>> = axis.iter().map(|x| linear(curve.x, curve.y, *x)).collect();
        let taken = normalised(taken.ok_or(NoDifference::BadCurve)?, normalisation)?;
        match found.iter_mut().find(|one| one.0 == curve.specimen) {
            Some((_, count, sum)) => {
                *count += 1;
                sum.iter_mut().zip(taken).for_each(|(sum, one)| *sum += one);
            }
            None => found.push((curve.specimen, 1, taken)),
        }
    }
    let mean = |(_, count, mut sum): (&str, usize, Vec<f64>)| {
        for one in &mut sum {
            *one /= count as f64;
        }
        sum
    };
    Ok(found.into_iter().map(mean).collect())
}

fn normalised(
    mut values: Vec<f64>,
    normalisation: Normalisation,
) -> Result<Vec<f64>, NoDifference> {
    let n = values.len() as f64;
    let mean = |values: &[f64]| values.iter().sum::<f64>() / n;
    let (off, scale) = match normalisation {
        Normalisation::None => return Ok(values),
        Normalisation::Standard => {
            let mean = mean(&values);
            let square = values.iter().map(|one| (one - mean).powi(2)).sum::<f64>() / n;
            (mean, square.sqrt())
        }
        Normalisation::Area => {
            let least = values.iter().copied().fold(f64::INFINITY, f64::min);
            (least, mean(&values) - least)
        }
    };
    if !(scale > 0.0 && scale.is_finite()) {
        return Err(NoDifference::Flat);
    }
    for one in &mut values {
        *one = (*one - off) / scale;
    }
    Ok(values)
}

/// Distances of specimens from each other.
struct Distances {
    n: usize,
    all: Vec<f64>,
}

impl Distances {
    fn of(curves: &[Vec<f64>]) -> Self {
        let n = curves.len();
        let mut all = vec![0.0; n * n];
        for (one, a) in curves.iter().enumerate() {
            for (other, b) in curves.iter().enumerate().take(one) {
                let sum: f64 = a.iter().zip(b).map(|(a, b)| (a - b).powi(2)).sum();
                let distance = (sum / a.len() as f64).sqrt();
                all[one * n + other] = distance;
                all[other * n + one] = distance;
            }
        }
        Self { n, all }
    }

    /// Every pair once: whether it is of one group, and its distance.
    fn pairs<'a>(&'a self, grouping: &'a [bool]) -> impl Iterator<Item = (bool, bool, f64)> + 'a {
        (0..self.n).flat_map(move |one| {
            (0..one).map(move |other| {
                let (a, b) = (grouping[one], grouping[other]);
                (a == b, a, self.all[one * self.n + other])
            })
        })
    }

    /// Mean distances within groups and between them.
    fn means(&self, grouping: &[bool]) -> (f64, f64) {
        let mean = |within: bool| {
            let (mut sum, mut count) = (0.0, 0.0);
            for (_, _, distance) in self.pairs(grouping).filter(|pair| pair.0 == within) {
                sum += distance;
                count += 1.0;
            }
            sum / count
        };
        (mean(true), mean(false))
    }

    /// The sum of squares between groups over that within: squares of distances over the number of specimens they are
    /// among. Without any within, as large as it can be.
    fn ratio(&self, grouping: &[bool]) -> f64 {
        let first = grouping.iter().filter(|one| **one).count() as f64;
        let second = self.n as f64 - first;
        let (mut total, mut within) = (0.0, 0.0);
        for (is_within, group, distance) in self.pairs(grouping) {
            let square = distance * distance;
            total += square / self.n as f64;
            if is_within {
                within += square / if group { first } else { second };
            }
        }
        if within > 0.0 { (total - within) / within } else { f64::MAX }
    }
}

fn combinations(n: usize, k: usize) -> Option<usize> {
    let mut ways = 1_usize;
    for place in 0..k.min(n - k) {
        ways = ways.checked_mul(n - place)? / (place + 1);
        if ways > MOST_WAYS {
            return None;
        }
    }
    Some(ways)
}

/// Calls with every way to choose `k` of `n`.
fn every_grouping(n: usize, k: usize, call: &mut impl FnMut(&[bool])) {
    let mut chosen: Vec<usize> = (0..k).collect();
    let mut grouping = vec![false; n];
    loop {
        grouping.fill(false);
        for place in &chosen {
            grouping[*place] = true;
        }
        call(&grouping);
        // The last that can still move on, and those after it right behind it.
        let Some(moving) = (0..k).rev().find(|at| chosen[*at] < n - k + at) else { return };
        chosen[moving] += 1;
        for at in moving + 1..k {
            chosen[at] = chosen[at - 1] + 1;
        }
    }
}
