//! What lies under peaks.

mod clipping;
mod integral;
mod penalised;
mod polynomial;

pub use self::clipping::snip;
pub use self::integral::{CrossSection, Scattered, shirley, tougaard};
pub use self::penalised::{Penalised, arpls, asls};
pub use self::polynomial::{linear, polynomial};
