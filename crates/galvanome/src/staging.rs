//! Files that are not what they will be yet: their names, and what is left of those that never became it.

use std::fs;
use std::path::Path;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, SystemTime};

use sha2::{Digest, Sha256};

use crate::clock;

/// How long something is kept in the staging folder after it was last written to.
const KEPT: Duration = Duration::from_hours(7 * 24);

/// A name that no other process or call gives.
pub(crate) fn fresh_name(what: &str) -> String {
    static COUNT: AtomicU64 = AtomicU64::new(0);
    let count = COUNT.fetch_add(1, Ordering::Relaxed);
    let seed = format!("{what} {} {count} {}", std::process::id(), clock::now_us());
    let digest = hexadecimal(&Sha256::digest(seed));
    format!("{what}-{}", digest.get(..24).unwrap_or_default())
}

/// Bytes as lower-case hexadecimal.
pub(crate) fn hexadecimal(bytes: &[u8]) -> String {
    use std::fmt::Write as _;
    let mut text = String::with_capacity(2 * bytes.len());
    for byte in bytes {
        let _ = write!(text, "{byte:02x}");
    }
    text
}

/// Removes what nobody has written to for a week. What cannot be removed stays.
pub(crate) fn sweep(staging: &Path) {
    let Ok(entries) = fs::read_dir(staging) else { return };
    for entry in entries.flatten() {
        let newest = [entry.path(), entry.path().join("bytes")]
            .iter()
            .filter_map(|path| path.metadata().ok()?.modified().ok())
            .max();
        let is_old = newest
            .is_some_and(|at| SystemTime::now().duration_since(at).is_ok_and(|since| since > KEPT));
        if is_old {
            let _ = fs::remove_dir_all(entry.path()).or_else(|_| fs::remove_file(entry.path()));
        }
    }
}
