//! Paths inside a campaign folder.

/// Whether a path ends so, upper and lower case told apart: the contract names files in lower case.
pub(super) fn ends(path: &str, ending: &str) -> bool {
    path.rsplit_once('.').is_some_and(|(_, found)| found == ending)
}

/// Why a path is not one inside the folder, if it is not: it must be relative, with `/`, and never climb.
pub(super) fn fault(path: &str) -> Option<&'static str> {
    if path.contains('\\') {
        return Some("has a backslash");
    }
    if path.starts_with('/') || path.as_bytes().get(1) == Some(&b':') {
        return Some("is an absolute path");
    }
    if path.contains(|c: char| c.is_control()) {
        return Some("holds a control character");
    }
    let climbs = path.split('/').any(|part| part == "..");
    if climbs {
        return Some("leaves the campaign folder with `..`");
    }
    let idle = path.split('/').any(|part| part.is_empty() || part == ".");
    idle.then_some("has an empty part or `.` between its `/`")
}
