//! Peaks on a polynomial, as a model for least squares whose parameters have names.

use galvanome_numerics::least_squares::{self, End, Fit, Range, Settings, Weights};
use galvanome_numerics::peak_shape::{
    self, Shaped, gauss_area, lorentz_area, pseudo_voigt_area, voigt_area,
};
use galvanome_numerics::propagation::variance;

/// The shape of every peak of a model.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Shape {
    /// Gaussian.
    Gauss,
    /// Lorentzian.
    Lorentz,
    /// A sum of both of one width; the second parameter is the Lorentzian's share.
    PseudoVoigt,
    /// Both folded; the second parameter is the Lorentzian's width.
    Voigt,
}

impl Shape {
    fn at(self, offset: f64, width: f64, second: f64) -> Shaped {
        match self {
            Self::Gauss => peak_shape::gauss(offset, width),
            Self::Lorentz => peak_shape::lorentz(offset, width),
            Self::PseudoVoigt => peak_shape::pseudo_voigt(offset, width, second),
            Self::Voigt => peak_shape::voigt(offset, width, second),
        }
    }

    /// Area of a peak of height 1: its integral breadth.
    pub fn area(self, width: f64, second: f64) -> f64 {
        match self {
            Self::Gauss => gauss_area(width),
            Self::Lorentz => lorentz_area(width),
            Self::PseudoVoigt => pseudo_voigt_area(width, second),
            Self::Voigt => voigt_area(width, second),
        }
    }

    /// Full width at half maximum.
    pub fn fwhm(self, width: f64, second: f64) -> f64 {
        match self {
            Self::Voigt => peak_shape::voigt_width(width, second),
            _ => width,
        }
    }

    /// What the second parameter is called, if there is one.
    fn second(self) -> Option<&'static str> {
        match self {
            Self::Gauss | Self::Lorentz => None,
            Self::PseudoVoigt => Some("share"),
            Self::Voigt => Some("lorentz width"),
        }
    }
}

/// A second line that goes with every peak, of the same shape (Kα2).
#[derive(Debug, Clone, Copy)]
pub struct Companion {
    /// Where it is for a peak at a place, and the derivative of that by the place; the second argument is `parameter`.
    pub place: fn(f64, f64) -> (f64, f64),
    /// What `place` is given beside the peak's place.
    pub parameter: f64,
    /// Its height over the peak's.
    pub ratio: f64,
}

/// A parameter: its name, where it starts, and what it may be.
#[derive(Debug, Clone, PartialEq)]
pub struct Parameter {
    /// Its name: `peak 2 centre`.
    pub name: String,
    /// Where the fit starts.
    pub start: f64,
    /// What it may be.
    pub range: Range,
}

/// A peak as the places of its parameters, of which several peaks may share one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Peak {
    /// Its centre.
    pub centre: usize,
    /// Its height.
    pub height: usize,
    /// Its width: full at half maximum, for a Voigt profile that of the Gaussian.
    pub width: usize,
    /// What else makes its shape.
    pub second: Option<usize>,
    /// How much wider its left half is than its right: widths are `w (1 ± s)`; none for a symmetric peak.
    pub skew: Option<usize>,
}

/// What a peak starts from.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Guess {
    /// Centre.
    pub centre: f64,
    /// Height.
    pub height: f64,
    /// Full width at half maximum.
    pub width: f64,
}

/// Peaks on a polynomial.
#[derive(Debug, Clone)]
pub struct PeakModel {
    /// The shape of every peak.
    pub shape: Shape,
    /// A line that goes with every peak.
    pub companion: Option<Companion>,
    /// The peaks.
    pub peaks: Vec<Peak>,
    /// The parameters, those of the background last.
    pub parameters: Vec<Parameter>,
    /// The places of the background's coefficients: of powers of `(x − middle)/half`.
    background: Vec<usize>,
    middle: f64,
    half: f64,
}

/// A model that was fitted.
#[derive(Debug, Clone)]
pub struct Fitted {
    /// The model.
    pub model: PeakModel,
    /// What the search found.
    pub fit: Fit,
    /// How the spread is known: by the points' uncertainties, or from the residuals where these are the larger.
    pub weights: Weights,
    /// Weighted sum of squares over degrees of freedom.
    pub reduced_chi_squared: f64,
    /// The window of the data.
    pub window: (f64, f64),
}

impl PeakModel {
    /// A model of peaks on a polynomial of a degree, over a window. The centre of each may move by a width to either
    /// side and stays in the window.
    pub fn new(shape: Shape, guesses: &[Guess], window: (f64, f64), degree: usize) -> Self {
        let (low, high) = window;
        let mut model = Self {
            shape,
            companion: None,
            peaks: Vec::new(),
            parameters: Vec::new(),
            background: Vec::new(),
            middle: 0.5 * (low + high),
            half: if high > low { 0.5 * (high - low) } else { 1.0 },
        };
        for (place, guess) in guesses.iter().enumerate() {
            let of = |what: &str| format!("peak {} {what}", place + 1);
            let span = (2.0 * guess.width).min(high - low);
            let centre = model.add(
                of("centre"),
                guess.centre,
                (guess.centre - span).max(low),
                (guess.centre + span).min(high),
            );
            let height = model.add(of("height"), guess.height, 0.0, f64::INFINITY);
            let (least, most) = (guess.width * 0.02, (guess.width * 20.0).min(2.0 * (high - low)));
            let first = if shape == Shape::Voigt { 0.7 * guess.width } else { guess.width };
            let width = model.add(of("width"), first, least, most.max(first));
            let second = shape.second().map(|word| match shape {
                Shape::Voigt => model.add(of(word), 0.5 * guess.width, 0.0, most.max(first)),
                _ => model.add(of(word), 0.5, 0.0, 1.0),
            });
            model.peaks.push(Peak { centre, height, width, second, skew: None });
        }
        for power in 0..=degree {
            let place =
                model.add(format!("background {power}"), 0.0, f64::NEG_INFINITY, f64::INFINITY);
            model.background.push(place);
        }
        model
    }

    /// With a line that goes with every peak.
    #[must_use]
    pub fn with_companion(mut self, companion: Option<Companion>) -> Self {
        self.companion = companion;
        self
    }

    /// With a left half of every peak that may be wider than its right, by a part they share.
    #[must_use]
    pub fn with_skew(mut self) -> Self {
        let place = self.add("skew".to_owned(), 0.0, -0.9, 0.9);
        self.peaks.iter_mut().for_each(|peak| peak.skew = Some(place));
        self
    }

    /// With one share (or Lorentzian width) for all peaks.
    #[must_use]
    pub fn with_one_second(mut self) -> Self {
        let first = self.peaks.first().and_then(|peak| peak.second);
        self.peaks.iter_mut().for_each(|peak| peak.second = first);
        self
    }

    /// With one width for all peaks.
    #[must_use]
    pub fn with_one_width(mut self) -> Self {
        let first = self.peaks.first().map(|peak| peak.width);
        self.peaks.iter_mut().for_each(|peak| peak.width = first.unwrap_or(peak.width));
        self
    }

    fn add(&mut self, name: String, start: f64, lower: f64, upper: f64) -> usize {
        let upper = upper.max(lower);
        let start = start.clamp(lower, upper);
        self.parameters.push(Parameter { name, start, range: Range { lower, upper } });
        self.parameters.len() - 1
    }

    /// The background alone.
    pub fn background(&self, parameters: &[f64], x: f64) -> f64 {
        let t = (x - self.middle) / self.half;
        let mut power = 1.0;
        self.background
            .iter()
            .map(|place| {
                let term = parameters[*place] * power;
                power *= t;
                term
            })
            .sum()
    }

    /// The model at a place; `derive` is told the derivative by each parameter it depends on, perhaps in parts.
    pub fn value(&self, parameters: &[f64], x: f64, mut derive: impl FnMut(usize, f64)) -> f64 {
        let t = (x - self.middle) / self.half;
        let (mut sum, mut power) = (0.0, 1.0);
        for place in &self.background {
            sum += parameters[*place] * power;
            derive(*place, power);
            power *= t;
        }
        for peak in &self.peaks {
            let centre = parameters[peak.centre];
            sum += self.line(peak, parameters, x, (centre, 1.0), 1.0, &mut derive);
            if let Some(companion) = &self.companion {
                let place = (companion.place)(centre, companion.parameter);
                if place.0.is_finite() {
                    sum += self.line(peak, parameters, x, place, companion.ratio, &mut derive);
                }
            }
        }
        sum
    }

    fn line(
        &self,
        peak: &Peak,
        parameters: &[f64],
        x: f64,
        (centre, by_centre): (f64, f64),
        ratio: f64,
        derive: &mut impl FnMut(usize, f64),
    ) -> f64 {
        let offset = x - centre;
        let height = ratio * parameters[peak.height];
        let width = parameters[peak.width];
        let second = peak.second.map_or(0.0, |place| parameters[place]);
        let side = if offset < 0.0 { 1.0 } else { -1.0 };
        let factor = 1.0 + side * peak.skew.map_or(0.0, |place| parameters[place]);
        // The Lorentzian's width of a Voigt profile goes along with the Gaussian's.
        let (own_second, second_factor) = match self.shape {
            Shape::Voigt => (second * factor, factor),
            _ => (second, 1.0),
        };
        let shaped = self.shape.at(offset, width * factor, own_second);
        derive(peak.centre, -height * shaped.by_offset * by_centre);
        derive(peak.height, ratio * shaped.value);
        derive(peak.width, height * shaped.by_width * factor);
        if let Some(place) = peak.second {
            derive(place, height * shaped.by_shape * second_factor);
        }
        if let Some(place) = peak.skew {
            let through_second =
                if self.shape == Shape::Voigt { shaped.by_shape * second } else { 0.0 };
            derive(place, height * side * (shaped.by_width * width + through_second));
        }
        height * shaped.value
    }

    /// Fits the model to points with standard uncertainties. With `known` uncertainties the spread is the larger of
    /// theirs and the residuals', otherwise that of the residuals. None when there are too few points or the model has
    /// no value at the start.
    pub fn fit(mut self, x: &[f64], y: &[f64], u: &[f64], known: bool) -> Option<Fitted> {
        let count = self.parameters.len();
        let window = (*x.first()?, *x.last()?);
        self.start_background(x, y);
        self.hold_unused();
        let start: Vec<f64> = self.parameters.iter().map(|one| one.start).collect();
        let ranges: Vec<Range> = self.parameters.iter().map(|one| one.range).collect();
        let m = x.len();
        if y.len() != m || u.len() != m {
            return None;
        }
        let model = &self;
        let fit = least_squares::fit(
            &start,
            &ranges,
            m,
            &Settings::QUICK,
            |parameters, residuals, mut jacobian| {
                if let Some(jacobian) = jacobian.as_deref_mut() {
                    jacobian.fill(0.0);
                }
                for (place, slot) in residuals.iter_mut().enumerate() {
                    let u = u[place];
                    let value = match jacobian.as_deref_mut() {
                        Some(jacobian) => model.value(parameters, x[place], |at, by| {
                            jacobian[at * m + place] += by / u;
                        }),
                        None => model.value(parameters, x[place], |_, _| {}),
                    };
                    *slot = (value - y[place]) / u;
                }
            },
        )
        .ok()?;
        debug_assert_eq!(fit.parameters.len(), count);
        let reduced = fit.residual_sum / fit.degrees_of_freedom.max(1) as f64;
        let weights = if known && reduced <= 1.0 { Weights::Known } else { Weights::FromResiduals };
        Some(Fitted { model: self, fit, weights, reduced_chi_squared: reduced, window })
    }

    /// What no peak uses any more, since it shares another's, is held.
    fn hold_unused(&mut self) {
        let mut used = vec![false; self.parameters.len()];
        for peak in &self.peaks {
            let own = [Some(peak.centre), Some(peak.height), Some(peak.width)];
            for place in own.into_iter().chain([peak.second, peak.skew]).flatten() {
                used[place] = true;
            }
        }
        for place in &self.background {
            used[*place] = true;
        }
        for (parameter, _) in self.parameters.iter_mut().zip(used).filter(|(_, used)| !used) {
            parameter.range = Range { lower: parameter.start, upper: parameter.start };
        }
    }

    /// The background starts as the line through the lower of the points near either end.
    fn start_background(&mut self, x: &[f64], y: &[f64]) {
        let n = x.len();
        let reach = (n / 8).max(2).min(n);
        let low = |part: &[f64]| {
            let mut sorted = part.to_vec();
            sorted.sort_by(f64::total_cmp);
            sorted.get(sorted.len() / 2).copied().unwrap_or(0.0)
        };
        let (left, right) = (low(&y[..reach]), low(&y[n - reach..]));
        let starts = [0.5 * (left + right), 0.5 * (right - left)];
        for (place, start) in self.background.iter().zip(starts) {
            if self.parameters[*place].start == 0.0 {
                self.parameters[*place].start = start;
            }
        }
    }
}

/// A number from a fit with its standard uncertainty.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Measured {
    /// The number.
    pub value: f64,
    /// Its standard uncertainty; NaN where the fit does not tell.
    pub u: f64,
}

impl Fitted {
    /// A parameter.
    pub fn parameter(&self, place: usize) -> Measured {
        let value = self.fit.parameters.get(place).copied().unwrap_or(f64::NAN);
        Measured { value, u: self.fit.standard_error(place, self.weights).unwrap_or(f64::NAN) }
    }

    /// The area of a peak, its companion not counted.
    pub fn area(&self, peak: &Peak) -> Measured {
        self.of_shape(peak, true, |p| p[0] * self.model.shape.area(p[1], p[2]))
    }

    /// The integral breadth of a peak: area over height.
    pub fn breadth(&self, peak: &Peak) -> Measured {
        self.of_shape(peak, false, |p| self.model.shape.area(p[1], p[2]))
    }

    /// The full width of a peak at half maximum.
    pub fn fwhm(&self, peak: &Peak) -> Measured {
        self.of_shape(peak, false, |p| self.model.shape.fwhm(p[1], p[2]))
    }

    /// The Lorentzian's share of a peak's shape, from 0 to 1.
    pub fn share(&self, peak: &Peak) -> f64 {
        let at = |place: usize| self.fit.parameters.get(place).copied().unwrap_or(f64::NAN);
        match (self.model.shape, peak.second) {
            (Shape::Gauss, _) => 0.0,
            (Shape::PseudoVoigt, Some(second)) => at(second),
            (Shape::Voigt, Some(second)) => at(second) / (at(second) + at(peak.width)),
            _ => 1.0,
        }
    }

    /// A function of height, width and second parameter, with derivatives by central differences. A parameter at the
    /// end of its range adds no uncertainty.
    fn of_shape(&self, peak: &Peak, height: bool, f: impl Fn(&[f64; 3]) -> f64) -> Measured {
        let at = |place: usize| self.fit.parameters.get(place).copied().unwrap_or(f64::NAN);
        let places = [height.then_some(peak.height), Some(peak.width), peak.second];
        let here = [at(peak.height), at(peak.width), peak.second.map_or(0.0, at)];
        let mut derivatives = [0.0; 3];
        for (place, slot) in derivatives.iter_mut().enumerate() {
            let step = 1e-5 * here[place].abs().max(1e-6);
            let beside = |sign: f64| {
                let mut moved = here;
                moved[place] += sign * step;
                f(&moved)
            };
            *slot = (beside(1.0) - beside(-1.0)) / (2.0 * step);
        }
        let mut covariance = [0.0; 9];
        for (row, one) in places.iter().enumerate() {
            for (column, other) in places.iter().enumerate() {
                if let (Some(one), Some(other)) = (one, other) {
                    covariance[row * 3 + column] =
                        self.fit.covariance(*one, *other, self.weights).unwrap_or(0.0);
                }
            }
        }
        let u = match variance(&derivatives, &covariance) {
            Some(variance) if variance > 0.0 => variance.sqrt(),
            _ => f64::NAN,
        };
        Measured { value: f(&here), u }
    }

    /// Whether the search came to a minimum.
    pub fn is_settled(&self) -> bool {
        self.fit.end == End::Minimum
    }

    /// The model at a place.
    pub fn at(&self, x: f64) -> f64 {
        self.model.value(&self.fit.parameters, x, |_, _| {})
    }
}
