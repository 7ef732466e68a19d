//! Lists of numbers between two tags, separated by blanks, line breaks, commas or semicolons.

use crate::text::number::{Cell, Decimal, begin, parse};

/// The longest word that is looked at.
const WORD_MAX: usize = 64;

/// A list of numbers that comes in pieces.
#[derive(Debug, Default)]
pub(crate) struct Numbers {
    /// The numbers so far; what is no number is NaN.
    pub(crate) values: Vec<f64>,
    /// Words that were no numbers.
    pub(crate) odd: u64,
    /// Numbers beyond the most that are kept.
    pub(crate) beyond: u64,
    /// A word whose end may be in the next piece.
    open: Vec<u8>,
}

fn is_between(byte: u8) -> bool {
    byte.is_ascii_whitespace() || matches!(byte, b',' | b';')
}

impl Numbers {
    /// A list that goes on behind numbers that are there already.
    pub(crate) fn behind(values: Vec<f64>) -> Self {
        Self { values, ..Self::default() }
    }

    /// Adds a piece of text. Of all numbers `max` are kept.
    pub(crate) fn take(&mut self, mut text: &[u8], max: usize) {
        if !self.open.is_empty() {
            let len = text.iter().position(|&byte| is_between(byte));
            let (end, behind) =
                text.split_at_checked(len.unwrap_or(text.len())).unwrap_or_default();
            let room = (WORD_MAX + 1).saturating_sub(self.open.len());
            self.open.extend(end.iter().take(room));
            if len.is_none() {
                return;
            }
            self.close(max);
            text = behind;
        }
        loop {
            let blanks = text.iter().position(|&byte| !is_between(byte));
            let Some(rest) = blanks.and_then(|blanks| text.get(blanks..)) else { return };
            if let Some((number, len)) = begin(rest, Decimal::Point)
                && rest.get(len).is_some_and(|&byte| is_between(byte))
            {
                self.push(number, max);
                text = rest.get(len..).unwrap_or_default();
                continue;
            }
            let Some(len) = rest.iter().position(|&byte| is_between(byte)) else {
                self.open.extend(rest.iter().take(WORD_MAX + 1));
                return;
            };
            let (word, behind) = rest.split_at_checked(len).unwrap_or_default();
            self.word(word, max);
            text = behind;
        }
    }

    /// Takes the last word as whole: the list came to its end.
    pub(crate) fn close(&mut self, max: usize) {
        if !self.open.is_empty() {
            let word = std::mem::take(&mut self.open);
            self.word(&word, max);
        }
    }

    fn word(&mut self, word: &[u8], max: usize) {
        let number = match parse(word, Decimal::Point) {
            Cell::Number(number) => number,
            Cell::Missing => f64::NAN,
            Cell::Infinite | Cell::Other => {
                self.odd += 1;
                f64::NAN
            }
        };
        self.push(number, max);
    }

    fn push(&mut self, number: f64, max: usize) {
        if self.values.len() < max {
            self.values.push(number);
        } else {
            self.beyond += 1;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_in_pieces_are_those_of_the_whole() {
        let text = b" 1 22\n333.5,-4e2 x 5";
        let whole = [1.0, 22.0, 333.5, -400.0, f64::NAN, 5.0];
        for cut in 0..text.len() {
            let mut numbers = Numbers::default();
            numbers.take(&text[..cut], 6);
            numbers.take(&text[cut..], 6);
            numbers.close(6);
            let same = |(a, b): (&f64, &f64)| a == b || a.is_nan() && b.is_nan();
            assert_eq!((numbers.values.len(), numbers.odd), (6, 1), "{cut}");
            assert!(numbers.values.iter().zip(&whole).all(same), "{cut}: {:?}", numbers.values);
        }
    }

    #[test]
    fn a_number_that_is_cut_off_does_not_count() {
        let mut numbers = Numbers::default();
        numbers.take(b"1 2 34", 2);
        assert_eq!((numbers.values.as_slice(), numbers.beyond), (&[1.0, 2.0][..], 0));
        numbers.close(2);
        assert_eq!((numbers.values.len(), numbers.beyond), (2, 1));
    }
}
