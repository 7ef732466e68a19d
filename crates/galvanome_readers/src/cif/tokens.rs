//! Words of the grammar, line by line.

/// A word.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Token<'a> {
    /// A block begins.
    Data(&'a str),
    /// A loop begins: names follow, then values in rows.
    Loop,
    /// A loop ends, or a frame begins or ends: words of the wider language that CIF reserves.
    Stop,
    /// A name.
    Tag(&'a str),
    /// A value; empty where it is not known or does not apply.
    Value(&'a str),
}

/// Splits lines into words.
#[derive(Debug)]
pub(super) struct Lexer {
    /// The text between semicolons so far, and whether one is open.
    text: String,
    open: bool,
    longest: usize,
    /// How many texts were cut to the longest allowed.
    pub(super) shortened: u64,
    full: bool,
}

impl Lexer {
    /// None yet; texts are at most so many bytes long.
    pub(super) fn new(longest: usize) -> Self {
        Self { text: String::new(), open: false, longest, shortened: 0, full: false }
    }

    /// Takes a line apart.
    pub(super) fn line(&mut self, line: &str, take: &mut dyn FnMut(Token<'_>)) {
        let mut rest = line;
        if self.open {
            let Some(behind) = line.strip_prefix(';') else {
                self.text.push('\n');
                self.add(line);
                return;
            };
            self.open = false;
            take(Token::Value(self.text.trim()));
            rest = behind;
        } else if let Some(behind) = line.strip_prefix(';') {
            self.open = true;
            self.full = false;
            self.text.clear();
            self.add(behind);
            return;
        }
        while let Some((word, behind)) = next_word(rest) {
            take(word);
            rest = behind;
        }
    }

    /// Whether a text between semicolons has not ended.
    pub(super) fn is_open(&self) -> bool {
        self.open
    }

    fn add(&mut self, line: &str) {
        let room = self.longest.saturating_sub(self.text.len());
        let end = line.floor_char_boundary(line.len().min(room));
        self.text.push_str(line.get(..end).unwrap_or_default());
        if end < line.len() && !self.full {
            self.full = true;
            self.shortened += 1;
        }
    }
}

/// The first word of a line, and what is behind it.
fn next_word(line: &str) -> Option<(Token<'_>, &str)> {
    let line = line.trim_start();
    let first = line.chars().next().filter(|first| *first != '#')?;
    if matches!(first, '\'' | '"') {
        let inside = line.get(1..)?;
        // A quote within stands before something else than a blank.
        let ends = |place: &usize| {
            inside
                .get(place + 1..)
                .is_some_and(|behind| behind.is_empty() || behind.starts_with(char::is_whitespace))
        };
        let end = inside.match_indices(first).map(|(place, _)| place).find(ends);
        let end = end.unwrap_or(inside.len());
        let value = inside.get(..end).unwrap_or_default();
        return Some((Token::Value(value), inside.get(end + 1..).unwrap_or_default()));
    }
    let len = line.find(char::is_whitespace).unwrap_or(line.len());
    let (word, behind) = line.split_at_checked(len)?;
    let starts =
        |mark: &str| word.get(..mark.len()).is_some_and(|begin| begin.eq_ignore_ascii_case(mark));
    let token = if first == '_' {
        Token::Tag(word)
    } else if starts("data_") {
        Token::Data(word.get(5..).unwrap_or_default())
    } else if word.eq_ignore_ascii_case("loop_") {
        Token::Loop
    } else if starts("save_")
        || word.eq_ignore_ascii_case("stop_")
        || word.eq_ignore_ascii_case("global_")
    {
        Token::Stop
    } else if matches!(word, "." | "?") {
        Token::Value("")
    } else {
        Token::Value(word)
    };
    Some((token, behind))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_are_taken_apart() {
        use Token::{Data, Loop, Stop, Tag, Value};
        let check = |text: &str, expected: &[Token<'_>]| {
            let mut lexer = Lexer::new(20);
            let mut found = Vec::new();
            let mut take = |token: Token<'_>| found.push(format!("{token:?}"));
            for line in text.split('\n') {
                lexer.line(line, &mut take);
            }
            let expected: Vec<String> = expected.iter().map(|token| format!("{token:?}")).collect();
            assert_eq!(found, expected, "{text}");
        };
        check(
            "DATA_a # words\n_b 'it''s' \"c d\"e\"",
            &[Data("a"), Tag("_b"), Value("it''s"), Value("c d\"e")],
        );
        check(
            "loop_ _x _y 1.0(2) ? . '?'",
            &[Loop, Tag("_x"), Tag("_y"), Value("1.0(2)"), Value(""), Value(""), Value("?")],
        );
        check("_t\n;one\n two\n; _u 5", &[Tag("_t"), Value("one\n two"), Tag("_u"), Value("5")]);
        check("_t\n;123456789012345678901234\n;", &[Tag("_t"), Value("12345678901234567890")]);
        check("save_a stop_ a;b 'open", &[Stop, Stop, Value("a;b"), Value("open")]);
    }
}
