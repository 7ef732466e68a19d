//! Words that details share.

use crate::analysis::peak_model::Measured;

/// An angle with its uncertainty.
pub(super) fn degrees(angle: Measured) -> String {
    format!("{:.4}° ± {:.4}°", angle.value, angle.u)
}
