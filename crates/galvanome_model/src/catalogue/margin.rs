//! Margins: from what difference on two groups differ, by descriptor and observable.

use serde::{Deserialize, Serialize};

use super::{BY_CAMPAIGN, Catalogue, Scale};
use crate::ids::{DescriptorId, ObservableId};

/// A margin of a campaign: `[[margin]]`, for one descriptor and one observable. On the ratio scale all its
/// numbers are fractions, on the difference scale they are in the descriptor's unit (science C2).
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Margin {
    /// The descriptor.
    pub descriptor: DescriptorId,
    /// The observable.
    pub observable: ObservableId,
    /// δ, the smallest difference of interest; the catalogue's when absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub delta: Option<f64>,
    /// s0, the expected spread between specimens (of the reference side when `s0_test` is given).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub s0: Option<f64>,
    /// The expected spread of the test side, where it differs.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub s0_test: Option<f64>,
    /// Standard uncertainty between the sides that no number of specimens makes smaller.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub u_sys: Option<f64>,
    /// Degrees of freedom of `u_sys`; without it `u_sys` counts as exactly known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub nu_sys: Option<f64>,
    /// Who confirmed δ and s0 as the technique's lead; until then a computed answer is provisional.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub confirmed_by: Option<String>,
    /// The day on which it was set, `YYYY-MM-DD`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub set_on: Option<String>,
    /// Where the numbers come from.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub source: Option<String>,
}

/// The margin that holds for a descriptor and an observable: the campaign's over the catalogue's.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct MarginInForce {
    /// How values are compared: what the numbers below mean.
    pub scale: Scale,
    /// Whether the descriptor decides the pixel.
    pub primary: bool,
    /// δ; without it nothing can be judged.
    pub delta: Option<f64>,
    /// Where δ comes from.
    pub delta_source: Option<String>,
    /// s0.
    pub s0: Option<f64>,
    /// Where s0 comes from.
    pub s0_source: Option<String>,
    /// s0 of the test side, where it differs.
    pub s0_test: Option<f64>,
    /// Uncertainty between the sides.
    pub u_sys: Option<f64>,
    /// Its degrees of freedom.
    pub nu_sys: Option<f64>,
    /// Who confirmed it.
    pub confirmed_by: Option<String>,
    /// When it was set.
    pub set_on: Option<String>,
}

impl Catalogue {
    /// The margin that holds for a descriptor and an observable; `None` when the descriptor is unknown or does
    /// not speak for the observable.
    pub fn margin_for(
        &self,
        descriptor: &DescriptorId,
        observable: &ObservableId,
    ) -> Option<MarginInForce> {
        let known = self.descriptor(descriptor)?;
        let speaks = known.speaks_for(observable)?;
        let set = self
            .margins
            .iter()
            .find(|margin| margin.descriptor == *descriptor && margin.observable == *observable);
        let campaign =
            || set.map(|margin| margin.source.clone().unwrap_or_else(|| BY_CAMPAIGN.to_owned()));
        let (set_delta, set_s0) =
            (set.and_then(|margin| margin.delta), set.and_then(|margin| margin.s0));
        Some(MarginInForce {
            scale: known.scale,
            primary: speaks.primary,
            delta: set_delta.or(speaks.delta),
            delta_source: if set_delta.is_some() {
                campaign()
            } else {
                speaks.delta_source.clone()
            },
            s0: set_s0.or(speaks.s0),
            s0_source: if set_s0.is_some() { campaign() } else { speaks.s0_source.clone() },
            s0_test: set.and_then(|margin| margin.s0_test),
            u_sys: set.and_then(|margin| margin.u_sys),
            nu_sys: set.and_then(|margin| margin.nu_sys),
            confirmed_by: set.and_then(|margin| margin.confirmed_by.clone()),
            set_on: set.and_then(|margin| margin.set_on.clone()),
        })
    }
}
