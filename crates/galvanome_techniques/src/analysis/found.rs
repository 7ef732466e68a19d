//! A value of a descriptor as the catalogue declares it.

use galvanome_model::ids::DescriptorId;
use galvanome_model::quantity::Qualifier;

use super::Found;
use crate::catalogue::catalogue;

/// A value of a descriptor. None for one that the catalogue does not have, and for numbers beyond all measure, which
/// are in a note already.
pub(crate) fn found(
    descriptor: &str,
    value: f64,
    uncertainty: Option<f64>,
    points: usize,
    detail: String,
) -> Option<Found> {
    let descriptor = DescriptorId::new(descriptor).ok()?;
    let unit = catalogue().descriptor(&descriptor)?.unit.clone();
    value.is_finite().then(|| Found {
        descriptor,
        qualifier: Qualifier::Equal,
        value,
        uncertainty: uncertainty.filter(|u| u.is_finite()),
        unit,
        points,
        detail,
    })
}
