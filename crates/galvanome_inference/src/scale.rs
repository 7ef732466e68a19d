//! Between a number as it is declared and the scale on which it is analysed.

use galvanome_model::catalogue::Scale;

/// From how a margin or spread is declared to the analysis scale: a fraction r becomes `ln(1 + r)` where values are
/// compared by their ratio, and anything else stays as it is.
pub fn to_analysis(scale: Scale, declared: f64) -> f64 {
    match scale {
        Scale::Ratio => declared.ln_1p(),
        Scale::Difference => declared,
    }
}

/// Back from the analysis scale to how it is declared; infinite where a logarithm is too large for a fraction.
pub fn to_declared(scale: Scale, analysis: f64) -> f64 {
    match scale {
        Scale::Ratio => analysis.exp_m1(),
        Scale::Difference => analysis,
    }
}
