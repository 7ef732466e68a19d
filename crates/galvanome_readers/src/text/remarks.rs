//! What stands before the rows of a text that has no header of its own: comments, prose, `key = value`.

/// The marks that begin a comment in texts of numbers.
const MARKS: [char; 7] = ['#', '\'', '!', ';', '%', '/', '*'];

/// A line without the marks of a comment around it; empty when nothing else is in it.
pub(crate) fn unmarked(line: &str) -> &str {
    let line = line.trim();
    let inside = line.trim_start_matches(MARKS).trim();
    // A path begins with a mark too, which belongs to it.
    if line.starts_with('/') && !line.starts_with("/*") && !line.starts_with("//") {
        return line;
    }
    let inside = inside.strip_suffix("*/").unwrap_or(inside).trim_end();
    // `/* /data/a.mda`: the path again.
    match line.strip_prefix("/*").map(str::trim_start) {
        Some(behind) if behind.starts_with('/') => behind.trim_end_matches("*/").trim_end(),
        _ => inside,
    }
}

/// A line as an entry of metadata: `key = value` or `key: value`, else the whole of it as a value without a key. None when
/// nothing is in it.
pub(crate) fn entry(line: &str) -> Option<(&str, &str)> {
    let line = unmarked(line);
    if line.is_empty() {
        return None;
    }
    // The colon of a time or of a drive separates nothing.
    let is_digit = |c: char| c.is_ascii_digit();
    let separates = |place: usize| {
        let behind = line.get(place + 1..).unwrap_or_default();
        let before = line.get(..place).unwrap_or_default().trim();
        let of_time = behind.starts_with(is_digit) && before.ends_with(is_digit);
        let of_path = behind.starts_with(['\\', '/']);
        line.get(place..).is_some_and(|rest| rest.starts_with('=')) || !(of_time || of_path)
    };
    let place = line.find(['=', ':']).filter(|&place| separates(place));
    Some(match place.and_then(|place| line.split_at_checked(place)) {
        Some((key, value)) if !key.trim().is_empty() => {
            (key.trim(), value.get(1..).unwrap_or_default().trim())
        }
        _ => ("", line),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_become_entries() {
        let check = |line: &str, expected: Option<(&str, &str)>| {
            assert_eq!(entry(line), expected, "{line}");
        };
        check("# Run no. =               3294", Some(("Run no.", "3294")));
        check(
            "/* /data/a.mda APR 12, 2017 01:23:16 ",
            Some(("", "/data/a.mda APR 12, 2017 01:23:16")),
        );
        check(
            "/data/a.mda APR 12, 2017 01:23:16 ",
            Some(("", "/data/a.mda APR 12, 2017 01:23:16")),
        );
        check("# */ ", None);
        check("/*", None);
        check("*/", None);
        check("# a.tif #0001 Azm= 0.00", Some(("a.tif #0001 Azm", "0.00")));
        check("! Sample: copper", Some(("Sample", "copper")));
        check("plain words", Some(("", "plain words")));
        check("= 7", Some(("", "= 7")));
        check("C:\\data\\a.raw", Some(("", "C:\\data\\a.raw")));
    }
}
