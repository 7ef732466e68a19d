//! A walk through XML that knows where it is: the path of each element, and the text of those that hold nothing else.

use std::io;

use super::{Token, Xml, unescape};

/// Elements inside elements; real files have a dozen.
const DEPTH_MAX: usize = 64;
/// Bytes of a path.
const PATH_MAX: usize = 4096;
/// Bytes of a text that are kept, where a reader asks for no other number.
pub(crate) const TEXT_MAX: usize = 4096;

/// What the walk comes to.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Step<'a> {
    /// An element begins: its name, and its attributes as they are written.
    Open(&'a str, &'a [u8]),
    /// Text within the element that was opened last and is open, its entities as they stand.
    Text(&'a [u8]),
    /// An element ends: its name; and its text, where it held nothing but text.
    Close(&'a str, Option<&'a str>),
}

/// Where a walk is.
#[derive(Debug, Default)]
pub(crate) struct Place {
    /// Names of the open elements, with a stroke between.
    path: String,
    /// Where the names begin in the path.
    begins: Vec<usize>,
    /// Open elements that are too deep to be told.
    beyond: usize,
}

impl Place {
    /// Names of the open elements without the outermost `skip`, with a stroke between, the outermost first.
    pub(crate) fn path_from(&self, skip: usize) -> &str {
        self.begins.get(skip).and_then(|&begin| self.path.get(begin..)).unwrap_or_default()
    }

    /// Gives the innermost element another name.
    pub(crate) fn rename(&mut self, name: &str) {
        if let Some(&begin) = self.begins.last()
            && begin + name.len() <= PATH_MAX
        {
            self.path.truncate(begin);
            self.path.push_str(name);
        }
    }

    fn push(&mut self, name: &str) {
        if self.beyond > 0
            || self.begins.len() >= DEPTH_MAX
            || self.path.len() + 1 + name.len() > PATH_MAX
        {
            self.beyond += 1;
            return;
        }
        if !self.path.is_empty() {
            self.path.push('/');
        }
        self.begins.push(self.path.len());
        self.path.push_str(name);
    }

    fn pop(&mut self) {
        if self.beyond > 0 {
            self.beyond -= 1;
        } else if let Some(begin) = self.begins.pop() {
            self.path.truncate(begin.saturating_sub(1));
        }
    }

    fn is_too_deep(&self) -> bool {
        self.beyond > 0
    }

    fn depth(&self) -> usize {
        self.begins.len()
    }
}

/// How a walk ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Ended {
    /// With the end of the outermost element.
    Whole,
    /// Before that.
    Cut,
}

/// Walks through XML and tells `visit` each step, with the place: of a beginning element with it, of an ending one still
/// with it. The visitor says whether to go on. Errors when the source cannot be read.
pub(crate) fn walk(
    xml: &mut Xml,
    mut visit: impl FnMut(&mut Place, Step<'_>) -> bool,
) -> io::Result<Ended> {
    let mut place = Place::default();
    let mut text: Vec<u8> = Vec::new();
    // Whether the element that is open last holds no other.
    let mut is_leaf = false;
    let mut seen = false;
    loop {
        let mut useful = false;
        let go_on = match xml.next()? {
            None => break,
            Some(Token::Open { name, attributes, empty }) => {
                let name = String::from_utf8_lossy(name);
                place.push(&name);
                text.clear();
                is_leaf = !empty;
                let mut go_on = true;
                if !place.is_too_deep() {
                    go_on = visit(&mut place, Step::Open(&name, attributes));
                    if empty && go_on {
                        go_on = visit(&mut place, Step::Close(&name, Some("")));
                    }
                }
                if empty {
                    place.pop();
                }
                go_on
            }
            Some(Token::Close(name)) => {
                let mut go_on = true;
                if !place.is_too_deep() {
                    let leaf = is_leaf.then(|| String::from_utf8_lossy(&text));
                    let leaf = leaf.as_deref().map(str::trim);
                    useful = leaf.is_some_and(|leaf| !leaf.is_empty());
                    go_on = visit(&mut place, Step::Close(&String::from_utf8_lossy(name), leaf));
                }
                is_leaf = false;
                text.clear();
                place.pop();
                go_on
            }
            // Blanks between elements.
            Some(Token::Text(_) | Token::Verbatim(_)) if !is_leaf || place.is_too_deep() => true,
            Some(Token::Text(piece)) => {
                useful = true;
                if text.len() < TEXT_MAX {
                    unescape(piece.get(..TEXT_MAX.min(piece.len())).unwrap_or_default(), &mut text);
                }
                visit(&mut place, Step::Text(piece))
            }
            Some(Token::Verbatim(piece)) => {
                useful = true;
                let room = TEXT_MAX.saturating_sub(text.len());
                text.extend(piece.iter().take(room));
                visit(&mut place, Step::Text(piece))
            }
        };
        if useful {
            xml.was_useful();
        }
        seen |= place.depth() > 0;
        if !go_on || seen && place.depth() == 0 {
            return Ok(Ended::Whole);
        }
    }
    // What a cut left of the last text.
    let rest = xml.ahead();
    if is_leaf && !rest.starts_with(b"<") {
        visit(&mut place, Step::Text(rest));
    }
    Ok(Ended::Cut)
}
