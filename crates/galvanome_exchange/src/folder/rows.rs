//! The rows of a CSV text (RFC 4180), each with its exact place.
//!
//! Why not a general reader: those take an unclosed quote for one cell that swallows the rest of the file without
//! a word, and know lines only roughly where cells hold line breaks. Here the first is an error and the second
//! is exact, because people look for the row that a message names.

use std::borrow::Cow;

/// Where a row begins.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Place {
    /// As a spreadsheet counts, from 1.
    pub(super) row: u32,
    /// As a text editor counts, from 1.
    pub(super) line: u32,
}

/// Why a row cannot be split into cells. Holds the number of the cell, from 0.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Fault {
    /// A quote is opened and never closed.
    OpenQuote(usize),
    /// Text follows a closing quote.
    AfterQuote(usize),
}

/// Walks through the rows of a text. Commas separate; LF, CRLF and CR end a row.
#[derive(Debug)]
pub(super) struct Rows<'a> {
    text: &'a str,
    at: usize,
    next: Place,
}

impl<'a> Rows<'a> {
    pub(super) fn of(text: &'a str) -> Self {
        Self { text, at: 0, next: Place { row: 1, line: 1 } }
    }

    /// Puts the next row's cells into `cells`; none at the end of the text.
    pub(super) fn next(
        &mut self,
        cells: &mut Vec<Cow<'a, str>>,
    ) -> Option<(Place, Result<(), Fault>)> {
        cells.clear();
        if self.at >= self.text.len() {
            return None;
        }
        let place = self.next;
        self.next.row += 1;
        let result = self.split(cells);
        if result.is_err() {
            self.skip_line();
        }
        Some((place, result))
    }

    fn split(&mut self, cells: &mut Vec<Cow<'a, str>>) -> Result<(), Fault> {
        loop {
            let cell = if self.text.as_bytes().get(self.at) == Some(&b'"') {
                self.quoted(cells.len())?
            } else {
                Cow::Borrowed(self.plain())
            };
            cells.push(cell);
            match self.text.as_bytes().get(self.at) {
                Some(b',') => self.at += 1,
                Some(b'\r' | b'\n') => {
                    self.end_line();
                    return Ok(());
                }
                Some(_) => return Err(Fault::AfterQuote(cells.len() - 1)),
                None => return Ok(()),
            }
        }
    }

    fn plain(&mut self) -> &'a str {
        let rest = &self.text[self.at..];
        let end = rest.bytes().position(|byte| matches!(byte, b',' | b'\r' | b'\n'));
        let cell = &rest[..end.unwrap_or(rest.len())];
        self.at += cell.len();
        cell
    }

    fn quoted(&mut self, number: usize) -> Result<Cow<'a, str>, Fault> {
        let start = self.at + 1;
        let mut end = start;
        let mut doubled = false;
        loop {
            let Some(length) = self.text[end..].bytes().position(|byte| byte == b'"') else {
                // Nothing after it can be trusted.
                self.at = self.text.len();
                return Err(Fault::OpenQuote(number));
            };
            end += length;
            if self.text.as_bytes().get(end + 1) != Some(&b'"') {
                break;
            }
            doubled = true;
            end += 2;
        }
        let inside = &self.text[start..end];
        self.next.line += line_ends(inside);
        self.at = end + 1;
        Ok(if doubled { inside.replace("\"\"", "\"").into() } else { inside.into() })
    }

    fn end_line(&mut self) {
        let crlf = self.text[self.at..].starts_with("\r\n");
        self.at += if crlf { 2 } else { 1 };
        self.next.line += 1;
    }

    fn skip_line(&mut self) {
        let rest = &self.text[self.at..];
        if let Some(length) = rest.bytes().position(|byte| matches!(byte, b'\r' | b'\n')) {
            self.at += length;
            self.end_line();
        } else {
            self.at = self.text.len();
        }
    }
}

/// How many lines end within a text: at each LF, CRLF or CR.
pub(super) fn line_ends(text: &str) -> u32 {
    let bytes = text.as_bytes();
    let ends = bytes
        .iter()
        .enumerate()
        .filter(|(at, byte)| match **byte {
            b'\n' => true,
            b'\r' => bytes.get(at + 1) != Some(&b'\n'),
            _ => false,
        })
        .count();
    u32::try_from(ends).unwrap_or(u32::MAX)
}

#[cfg(test)]
mod tests {
    use super::{Fault, Place, Rows};

    type Row<'a> = (u32, u32, Result<Vec<&'a str>, Fault>);

    fn check(text: &str, expected: &[Row<'_>]) {
        let mut rows = Rows::of(text);
        let mut cells = Vec::new();
        let mut found = Vec::new();
        while let Some((Place { row, line }, result)) = rows.next(&mut cells) {
            found.push((
                row,
                line,
                result.map(|()| cells.iter().map(ToString::to_string).collect::<Vec<_>>()),
            ));
        }
        let found: Vec<Row<'_>> = found
            .iter()
            .map(|(row, line, cells)| {
                let cells = cells.as_ref().map(|cells| cells.iter().map(String::as_str).collect());
                (*row, *line, cells.map_err(|fault| *fault))
            })
            .collect();
        assert_eq!(found, expected, "{text:?}");
    }

    #[test]
    fn rows_and_their_places() {
        check("", &[]);
        check("a,b", &[(1, 1, Ok(vec!["a", "b"]))]);
        check("a,b\n", &[(1, 1, Ok(vec!["a", "b"]))]);
        check("a,\n,b\r\n", &[(1, 1, Ok(vec!["a", ""])), (2, 2, Ok(vec!["", "b"]))]);
        check("a\rb", &[(1, 1, Ok(vec!["a"])), (2, 2, Ok(vec!["b"]))]);
        check("\n\na", &[(1, 1, Ok(vec![""])), (2, 2, Ok(vec![""])), (3, 3, Ok(vec!["a"]))]);
        check("\"a\nb\r\nc\",d\ne", &[(1, 1, Ok(vec!["a\nb\r\nc", "d"])), (2, 4, Ok(vec!["e"]))]);
        check("\"say \"\"yes\"\"\",\"\",\"\"\"\"", &[(1, 1, Ok(vec!["say \"yes\"", "", "\""]))]);
        check("5\" disc,b", &[(1, 1, Ok(vec!["5\" disc", "b"]))]);
    }

    #[test]
    fn a_bad_quote_is_a_fault_of_its_row() {
        check("a,b\nc,\"d\ne,f\n", &[(1, 1, Ok(vec!["a", "b"])), (2, 2, Err(Fault::OpenQuote(1)))]);
        check("\"a\"b,c\nd,e", &[(1, 1, Err(Fault::AfterQuote(0))), (2, 2, Ok(vec!["d", "e"]))]);
    }
}
