//! Which cells show their numbers as dates or times. Source: ECMA-376 part 1, 18.8.30 (number formats).

use std::collections::BTreeMap;
use std::io;

use crate::xml::{Token, Xml, attribute};

/// How a number is shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) enum Shown {
    /// As a number.
    #[default]
    Number,
    /// As a date, with or without the time of day.
    Date,
    /// As a time of day or a duration.
    Time,
}

/// Cell formats that are kept; Excel allows 65,490.
const STYLES_MAX: usize = 1 << 16;

/// How each cell format shows its numbers, in the order of the part. Errors when the source cannot be read.
pub(super) fn read(xml: &mut Xml) -> io::Result<Vec<Shown>> {
    let (mut custom, mut styles) = (BTreeMap::new(), Vec::new());
    let mut inside = false;
    while let Some(token) = xml.next()? {
        match token {
            Token::Open { name: b"numFmt", attributes, .. } if custom.len() < STYLES_MAX => {
                let id = attribute(attributes, "numFmtId").and_then(|id| id.parse::<u32>().ok());
                let code = attribute(attributes, "formatCode");
                if let (Some(id), Some(code)) = (id, code) {
                    custom.insert(id, of_code(&code));
                }
            }
            Token::Open { name: b"cellXfs", empty, .. } => inside = !empty,
            Token::Close(b"cellXfs") => break,
            Token::Open { name: b"xf", attributes, .. } if inside => {
                let id = attribute(attributes, "numFmtId").and_then(|id| id.parse::<u32>().ok());
                let id = id.unwrap_or(0);
                styles.push(custom.get(&id).copied().unwrap_or_else(|| of_number(id)));
                if styles.len() >= STYLES_MAX {
                    break;
                }
            }
            _ => {}
        }
        xml.was_useful();
    }
    Ok(styles)
}

/// How the built-in formats show numbers; those from 27 on are of eastern Asia.
fn of_number(id: u32) -> Shown {
    match id {
        14..=17 | 22 | 27..=31 | 36 | 50..=54 | 57 | 58 => Shown::Date,
        18..=21 | 32..=35 | 45..=47 | 55 | 56 => Shown::Time,
        _ => Shown::Number,
    }
}

/// How a format code shows numbers: by its letters outside quotes and brackets.
fn of_code(code: &str) -> Shown {
    let code = code.to_ascii_lowercase();
    let (mut date, mut time, mut minutes) = (false, false, false);
    let mut rest = code.chars();
    while let Some(c) = rest.next() {
        match c {
            // Other sections are for negative numbers and texts.
            ';' => break,
            '"' => drop(rest.by_ref().find(|&c| c == '"')),
            // The next sign stands for itself, or is as wide, or fills.
            '\\' | '_' | '*' => drop(rest.next()),
            '[' => {
                let inside: String = rest.by_ref().take_while(|&c| c != ']').collect();
                let of = |sign| !inside.is_empty() && inside.chars().all(|c| c == sign);
                if of('h') || of('m') || of('s') {
                    return Shown::Time;
                }
            }
            'a' if rest.as_str().starts_with("m/pm") || rest.as_str().starts_with("/p") => {
                time = true;
                rest.by_ref().find(|&c| c == 'p');
                if rest.as_str().starts_with('m') {
                    rest.next();
                }
            }
            'g' if rest.as_str().starts_with("eneral") => return Shown::Number,
            'y' | 'd' => date = true,
            'h' | 's' => time = true,
            'm' => minutes = true,
            _ => {}
        }
    }
    match (date, time, minutes) {
        (false, true, _) => Shown::Time,
        // Minutes on their own are months.
        (true, ..) | (false, false, true) => Shown::Date,
        (false, false, false) => Shown::Number,
    }
}
