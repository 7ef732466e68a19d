//! Where rows of bare numbers stand in a text.

use super::numbers_of;
use crate::text::number::Decimal;

/// The longest run of rows of numbers at the beginning of a text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Found {
    /// The line of the first row, from 0.
    pub(crate) first: usize,
    /// How many rows follow each other, as far as was looked.
    pub(crate) rows: usize,
    /// How many numbers each has.
    pub(crate) width: usize,
    /// Their decimal sign.
    pub(crate) decimal: Decimal,
}

/// Fewer rows are no columns.
const FEWEST: usize = 3;

/// The longest run of rows with two numbers or more. None where there is none, or where it is less than half of what stands
/// behind its beginning: then the text is about something else.
pub(crate) fn find_rows(lines: &[&[u8]]) -> Option<Found> {
    let point = longest(lines, Decimal::Point);
    let comma = longest(lines, Decimal::Comma).filter(|found| {
        lines.iter().skip(found.first).take(found.rows).any(|line| has_comma_in_digits(line))
    });
    let found = match (point, comma) {
        // A line of prose may look like one more row when commas separate.
        (Some(point), Some(comma)) if comma.rows * 8 >= point.rows * 7 => comma,
        (Some(point), _) => point,
        (None, comma) => comma?,
    };
    let found = with_rows_before(found, lines);
    let filled = |line: &&&[u8]| !line.trim_ascii().is_empty();
    let behind = lines.iter().skip(found.first).filter(filled).count();
    (found.rows >= FEWEST && found.rows * 2 >= behind).then_some(found)
}

fn longest(lines: &[&[u8]], decimal: Decimal) -> Option<Found> {
    let mut numbers = Vec::new();
    let (mut best, mut run) = (None::<Found>, None::<Found>);
    for (place, line) in lines.iter().enumerate() {
        if line.trim_ascii().is_empty() {
            continue;
        }
        let width = if numbers_of(line, decimal, &mut numbers) { numbers.len() } else { 0 };
        run = match run {
            Some(run) if run.width == width => Some(Found { rows: run.rows + 1, ..run }),
            _ if width >= 2 => Some(Found { first: place, rows: 1, width, decimal }),
            _ => None,
        };
        if run.is_some_and(|run| best.is_none_or(|best| run.rows > best.rows)) {
            best = run;
        }
    }
    best
}

/// The same with the rows before it that a few damaged lines separate from it: at least eight for each of these.
fn with_rows_before(found: Found, lines: &[&[u8]]) -> Found {
    let mut numbers = Vec::new();
    let (mut rows, mut others) = (0, 0);
    let mut with = found;
    for (place, line) in lines.iter().enumerate().take(found.first).rev() {
        if numbers_of(line, found.decimal, &mut numbers) && numbers.len() == found.width {
            rows += 1;
            if rows >= others * 8 {
                with = Found { first: place, rows: found.rows + rows, ..found };
            }
        } else if !line.trim_ascii().is_empty() {
            others += 1;
        }
    }
    with
}

/// The first line behind a place that is a row of so many numbers.
pub(crate) fn first_row_behind(lines: &[&[u8]], place: usize, found: &Found) -> Option<usize> {
    let mut numbers = Vec::new();
    let mut is_row =
        |line: &[u8]| numbers_of(line, found.decimal, &mut numbers) && numbers.len() == found.width;
    lines.iter().enumerate().skip(place + 1).find(|(_, line)| is_row(line)).map(|(place, _)| place)
}

/// Whether a comma stands between two digits.
fn has_comma_in_digits(line: &[u8]) -> bool {
    line.windows(3).any(|three| {
        matches!(three, [before, b',', behind] if before.is_ascii_digit() && behind.is_ascii_digit())
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_are_found_behind_prose_and_shorter_rows() {
        let check = |text: &str, expected: Option<(usize, usize, usize, Decimal)>| {
            let lines: Vec<&[u8]> = text.lines().map(str::as_bytes).collect();
            let found = find_rows(&lines).map(|at| (at.first, at.rows, at.width, at.decimal));
            assert_eq!(found, expected, "{text}");
        };
        check("a\n1 2\nb 3\n1 2 3\n\n4 5 6\n7 8 9\n", Some((3, 3, 3, Decimal::Point)));
        check("1,5;2\n2,5;3\n3,5;4", Some((0, 3, 2, Decimal::Comma)));
        check("1.5,2\n2.5,3\n3.5,4", Some((0, 3, 2, Decimal::Point)));
        check("1,2\n2,3\n3,4", Some((0, 3, 2, Decimal::Point)));
        check("10, 2\n20, 3\n30, 4", Some((0, 3, 2, Decimal::Point)));
        check("1\n2\n3", None);
        let torn = format!("words\n1 2\nwords\n{}3\n{}", "1 2\n".repeat(8), "1 2\n".repeat(9));
        check(&torn, Some((3, 17, 2, Decimal::Point)));
        check("1 2\n3 4", None);
        check("1 2\n3 4\n5 6\na\nb\nc\nd\n", None);
    }
}
