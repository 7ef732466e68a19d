//! What lies under peaks.

mod clipping;
mod integral;
mod penalised;

pub use self::clipping::snip;
pub use self::integral::{CrossSection, Scattered, shirley, tougaard};
pub use self::penalised::{Penalised, arpls, asls};
