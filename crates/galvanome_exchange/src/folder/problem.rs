//! What is wrong in a folder, where, and what would be right.

use std::fmt;
use std::path::Path;

use super::nearest::nearest;
use super::rows::Place;

/// Something wrong in a campaign folder.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem {
    /// The file, by its path inside the folder.
    pub file: String,
    /// The line, from 1; none when it concerns the whole file.
    pub line: Option<u32>,
    /// The row of a table as a spreadsheet counts, the header being row 1. It differs from the line when a cell
    /// above holds line breaks.
    pub row: Option<u32>,
    /// The column of a table, or the key in `campaign.toml`.
    pub column: Option<String>,
    /// What is wrong.
    pub message: String,
    /// What to do about it.
    pub hint: Option<String>,
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.file)?;
        match (self.row, self.line) {
            (Some(row), Some(line)) if row != line => write!(f, ", row {row} (line {line})")?,
            (Some(row), _) => write!(f, ", row {row}")?,
            (None, Some(line)) => write!(f, ", line {line}")?,
            (None, None) => {}
        }
        if let Some(column) = &self.column {
            let toml = Path::new(&self.file).extension().is_some_and(|ending| ending == "toml");
            let noun = if toml { "key" } else { "column" };
            write!(f, ", {noun} `{column}`")?;
        }
        write!(f, ": {}", self.message)?;
        match &self.hint {
            Some(hint) => write!(f, "; {hint}"),
            None => Ok(()),
        }
    }
}

impl std::error::Error for Problem {}

/// How many unknown words get a suggestion; the search is not free, and the first ones show the pattern.
const SUGGESTIONS: u32 = 100;
/// How many known words are compared for one suggestion.
const CANDIDATES: usize = 5_000;

/// The problems found so far.
#[derive(Debug, Default)]
pub(super) struct Problems {
    list: Vec<Problem>,
    suggested: u32,
}

impl Problems {
    pub(super) fn is_empty(&self) -> bool {
        self.list.is_empty()
    }

    pub(super) fn push(&mut self, problem: Problem) {
        self.list.push(problem);
    }

    /// A problem of a file as a whole.
    pub(super) fn of_file(&mut self, file: &str, message: impl Into<String>, hint: Option<String>) {
        self.push(Problem {
            file: file.to_owned(),
            line: None,
            row: None,
            column: None,
            message: message.into(),
            hint,
        });
    }

    /// A problem of one line of a file that is no table.
    pub(super) fn of_line(
        &mut self,
        file: &str,
        line: Option<u32>,
        column: Option<&str>,
        message: impl Into<String>,
        hint: Option<String>,
    ) {
        self.push(Problem {
            file: file.to_owned(),
            line,
            row: None,
            column: column.map(str::to_owned),
            message: message.into(),
            hint,
        });
    }

    /// A problem of one row of a table.
    pub(super) fn of_row(
        &mut self,
        file: &str,
        place: Place,
        column: Option<&str>,
        message: impl Into<String>,
        hint: Option<String>,
    ) {
        self.push(Problem {
            file: file.to_owned(),
            line: Some(place.line),
            row: Some(place.row),
            column: column.map(str::to_owned),
            message: message.into(),
            hint,
        });
    }

    /// The known word that is meant, while suggestions last.
    pub(super) fn suggest<'k>(
        &mut self,
        word: &str,
        known: impl Iterator<Item = &'k str>,
    ) -> Option<String> {
        if self.suggested >= SUGGESTIONS {
            return None;
        }
        self.suggested += 1;
        Some(format!("did you mean `{}`?", nearest(word, known.take(CANDIDATES))?))
    }

    /// All of them, in the order of the files and of the lines in each.
    pub(super) fn sorted(mut self) -> Vec<Problem> {
        let rank = |file: &str| super::ORDER.iter().position(|one| *one == file);
        self.list.sort_by(|a, b| {
            let files = match (rank(&a.file), rank(&b.file)) {
                (None, None) => a.file.cmp(&b.file),
                (None, _) => std::cmp::Ordering::Greater,
                (_, None) => std::cmp::Ordering::Less,
                (a, b) => a.cmp(&b),
            };
            files.then(a.line.cmp(&b.line))
        });
        self.list
    }
}

/// "a, b or c".
pub(super) fn any_of(words: &[&str]) -> String {
    match words {
        [] => String::new(),
        [one] => (*one).to_owned(),
        [most @ .., last] => format!("{} or {last}", most.join(", ")),
    }
}
