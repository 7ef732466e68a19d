//! What a folder holds beyond what is known here.

use std::collections::BTreeMap;

/// Columns whose name begins with `x_`: kept verbatim, never read.
pub type Extra = BTreeMap<String, String>;
