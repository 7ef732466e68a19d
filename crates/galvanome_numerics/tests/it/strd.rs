//! The certified non-linear regressions of NIST's Statistical Reference Datasets (StRD): all 27, from both starts.

mod dual;

use galvanome_numerics::least_squares::{End, Fit, Range, Settings, Weights, fit};

use self::dual::Dual;

/// A model: from parameters and predictors to the response.
type Model = fn(&[Dual], &[f64]) -> Dual;

/// A certified regression.
struct Certified {
    starts: [Vec<f64>; 2],
    parameters: Vec<f64>,
    deviations: Vec<f64>,
    residual_sum: f64,
    responses: Vec<f64>,
    predictors: Vec<Vec<f64>>,
}

impl Certified {
    fn of(text: &str) -> Self {
        let mut all = Self {
            starts: [Vec::new(), Vec::new()],
            parameters: Vec::new(),
            deviations: Vec::new(),
            residual_sum: 0.0,
            responses: Vec::new(),
            predictors: Vec::new(),
        };
        // Nelson's model is that of the logarithm of its response.
        let respond: fn(f64) -> f64 = if text.contains("Nelson") { f64::ln } else { |one| one };
        for line in text.lines().skip(1) {
            let (kind, rest) = line.split_once(' ').expect("two words");
            let numbers: Vec<f64> =
                rest.split(' ').map(|one| one.parse().expect("a number")).collect();
            match (kind, &numbers[..]) {
                ("b", [first, second, value, deviation]) => {
                    all.starts[0].push(*first);
                    all.starts[1].push(*second);
                    all.parameters.push(*value);
                    all.deviations.push(*deviation);
                }
                ("rss", [sum]) => all.residual_sum = *sum,
                (response, predictors) => {
                    all.responses.push(respond(response.parse().expect("a number")));
                    all.predictors.push(predictors.to_vec());
                }
            }
        }
        all
    }

    fn fit(&self, model: Model, start: &[f64]) -> Fit {
        let (n, rows) = (start.len(), self.responses.len());
        let evaluate = |parameters: &[f64], residuals: &mut [f64], jacobian: Option<&mut [f64]>| {
            let of: Vec<Dual> = parameters
                .iter()
                .enumerate()
                .map(|(at, value)| Dual::variable(*value, at))
                .collect();
            let found: Vec<Dual> = self.predictors.iter().map(|x| model(&of, x)).collect();
            for ((residual, found), response) in
                residuals.iter_mut().zip(&found).zip(&self.responses)
            {
                *residual = found.value - response;
            }
            if let Some(jacobian) = jacobian {
                for at in 0..n {
                    for (row, found) in found.iter().enumerate() {
                        jacobian[at * rows + row] = found.by[at];
                    }
                }
            }
        };
        let ranges = vec![Range::FREE; n];
        fit(start, &ranges, rows, &Settings::default(), evaluate).expect("a fit")
    }
}

/// How many digits two numbers share.
fn digits(found: f64, certified: f64) -> f64 {
    if found == certified { 16.0 } else { -((found - certified) / certified).abs().log10() }
}

#[track_caller]
fn check(text: &str, model: Model) {
    // The data of Lanczos1 are exact to 13 digits, so that its residuals are rounding.
    let is_exact = text.contains("Lanczos1");
    let certified = Certified::of(text);
    for (which, start) in certified.starts.iter().enumerate() {
        let found = certified.fit(model, start);
        let name =
            text.lines().next().unwrap_or_default().split([',', ':']).nth(1).unwrap_or_default();
        assert_eq!(found.end, End::Minimum, "{name}, start {}", which + 1);
        for at in 0..start.len() {
            let shared = digits(found.parameters[at], certified.parameters[at]);
            assert!(
                shared >= 8.0,
                "{name}, start {}: b{} to {shared:.1} digits: {found:?}",
                which + 1,
                at + 1
            );
            let error = found.standard_error(at, Weights::FromResiduals).expect("a standard error");
            let shared = digits(error, certified.deviations[at]);
            assert!(
                is_exact || shared >= 6.0,
                "{name}, start {}: error of b{} to {shared:.1} digits",
                which + 1,
                at + 1
            );
        }
        assert!(is_exact || digits(found.residual_sum, certified.residual_sum) >= 8.0, "{name}");
    }
}

fn exponential_rise(b: &[Dual], x: &[f64]) -> Dual {
    b[0] * (Dual::from(1.0) - (-b[1] * x[0]).exp())
}

fn three_exponentials(b: &[Dual], x: &[f64]) -> Dual {
    b[0] * (-b[1] * x[0]).exp() + b[2] * (-b[3] * x[0]).exp() + b[4] * (-b[5] * x[0]).exp()
}

fn decay_over_line(b: &[Dual], x: &[f64]) -> Dual {
    (-b[0] * x[0]).exp() / (b[1] + b[2] * x[0])
}

fn two_peaks(b: &[Dual], x: &[f64]) -> Dual {
    let peak = |height: Dual, centre: Dual, width: Dual| {
        let off = (-centre + x[0]) / width;
        height * (-(off * off)).exp()
    };
    b[0] * (-b[1] * x[0]).exp() + peak(b[2], b[3], b[4]) + peak(b[5], b[6], b[7])
}

/// A polynomial of degree `numerator.len() - 1` over one whose constant is 1.
fn rational(numerator: &[Dual], denominator: &[Dual], x: f64) -> Dual {
    let horner = |coefficients: &[Dual], last: Dual| {
        coefficients.iter().rev().fold(last, |sum, one| sum * x + *one)
    };
    let below = horner(denominator, Dual::from(0.0)) * x + 1.0;
    horner(numerator, Dual::from(0.0)) / below
}

macro_rules! certified {
    ($($name:ident: $model:expr;)*) => {$(
        #[test]
        fn $name() {
            check(include_str!(concat!("strd/", stringify!($name), ".txt")), $model);
        }
    )*};
}

certified! {
    misra1a: exponential_rise;
    misra1b: |b, x| b[0] * (Dual::from(1.0) - (b[1] * x[0] / 2.0 + 1.0).powf(Dual::from(-2.0)));
    misra1c: |b, x| b[0] * (Dual::from(1.0) - (b[1] * x[0] * 2.0 + 1.0).powf(Dual::from(-0.5)));
    misra1d: |b, x| b[0] * b[1] * x[0] / (b[1] * x[0] + 1.0);
    chwirut1: decay_over_line;
    chwirut2: decay_over_line;
    lanczos1: three_exponentials;
    lanczos2: three_exponentials;
    lanczos3: three_exponentials;
    gauss1: two_peaks;
    gauss2: two_peaks;
    gauss3: two_peaks;
    danwood: |b, x| b[0] * Dual::from(x[0]).powf(b[1]);
    kirby2: |b, x| rational(&b[..3], &b[3..], x[0]);
    hahn1: |b, x| rational(&b[..4], &b[4..], x[0]);
    thurber: |b, x| rational(&b[..4], &b[4..], x[0]);
    nelson: |b, x| b[0] - b[1] * x[0] * (-b[2] * x[1]).exp();
    mgh09: |b, x| b[0] * (b[1] * x[0] + x[0] * x[0]) / (b[2] * x[0] + b[3] + x[0] * x[0]);
    mgh10: |b, x| b[0] * (b[1] / (b[2] + x[0])).exp();
    mgh17: |b, x| b[0] + b[1] * (-b[3] * x[0]).exp() + b[2] * (-b[4] * x[0]).exp();
    roszman1: |b, x| b[0] - b[1] * x[0] - (b[2] / (-b[3] + x[0])).atan() / std::f64::consts::PI;
    enso: |b, x| {
        let turn = 2.0 * std::f64::consts::PI * x[0];
        let wave = |period: Dual, cosine: Dual, sine: Dual| {
            let angle = Dual::from(turn) / period;
            cosine * angle.cos() + sine * angle.sin()
        };
        b[0] + wave(Dual::from(12.0), b[1], b[2]) + wave(b[3], b[4], b[5]) + wave(b[6], b[7], b[8])
    };
    rat42: |b, x| b[0] / ((b[1] - b[2] * x[0]).exp() + 1.0);
    rat43: |b, x| b[0] / ((b[1] - b[2] * x[0]).exp() + 1.0).powf(Dual::from(1.0) / b[3]);
    eckerle4: |b, x| {
        let off = (-b[2] + x[0]) / b[1];
        b[0] / b[1] * (off * off * -0.5).exp()
    };
    bennett5: |b, x| b[0] * (b[1] + x[0]).powf(Dual::from(-1.0) / b[2]);
    boxbod: exponential_rise;
}
