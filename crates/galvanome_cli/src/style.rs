//! Colour on a terminal, plain text anywhere else.

use std::io::IsTerminal;

use galvanome_model::answer::Answer;

/// Whether standard output takes colours: a terminal, and `NO_COLOR` is not set.
pub(crate) fn colours() -> bool {
    std::env::var_os("NO_COLOR").is_none_or(|value| value.is_empty())
        && std::io::stdout().is_terminal()
}

/// Text in the colour of an answer, when colours are wanted.
pub(crate) fn of_answer(answer: Option<Answer>, text: &str, colours: bool) -> String {
    let code = match answer {
        Some(Answer::Yes) => "32",
        Some(Answer::No) => "38;5;208",
        Some(Answer::Unsure) => "33",
        Some(Answer::NotApplicable | Answer::NotDone) | None => "2",
    };
    if colours { format!("\x1b[{code}m{text}\x1b[0m") } else { text.to_owned() }
}

/// Bold text, when colours are wanted.
pub(crate) fn bold(text: &str, colours: bool) -> String {
    if colours { format!("\x1b[1m{text}\x1b[0m") } else { text.to_owned() }
}
