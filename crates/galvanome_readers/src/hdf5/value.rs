//! Values of attributes and of small datasets.

use super::cursor::Cursor;
use super::datatype::{Datatype, Kind};
use super::file::File;
use super::heaps::GlobalHeap;
use super::trouble::Trouble;

/// Some values of one kind.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Value {
    /// Whole numbers, exactly.
    Whole(Vec<i128>),
    /// Floats.
    Numbers(Vec<f64>),
    /// Texts, and names of an enumeration.
    Texts(Vec<String>),
    /// Something that no number or text can be made of, by its name.
    Other(&'static str),
}

impl Value {
    /// All of it as text: one value alone, several in brackets.
    pub(super) fn told(&self) -> String {
        let all: Vec<String> = match self {
            Self::Whole(all) => all.iter().map(ToString::to_string).collect(),
            Self::Numbers(all) => all.iter().map(ToString::to_string).collect(),
            Self::Texts(all) => all.clone(),
            Self::Other(what) => return format!("({what}, not read)"),
        };
        match all.as_slice() {
            [one] => one.clone(),
            all => format!("[{}]", all.join(", ")),
        }
    }

    /// Its texts; numbers have none.
    pub(super) fn texts(&self) -> &[String] {
        if let Self::Texts(texts) = self { texts } else { &[] }
    }

    /// Its first value as text.
    pub(super) fn text(&self) -> Option<String> {
        match self {
            Self::Texts(texts) => texts.first().cloned(),
            Self::Whole(all) => all.first().map(ToString::to_string),
            Self::Numbers(all) => all.first().map(ToString::to_string),
            Self::Other(_) => None,
        }
    }

    /// Its numbers.
    pub(super) fn numbers(&self) -> Vec<f64> {
        match self {
            Self::Whole(all) => all.iter().map(|&value| value as f64).collect(),
            Self::Numbers(all) => all.clone(),
            Self::Texts(_) | Self::Other(_) => Vec::new(),
        }
    }
}

/// Bytes as text: UTF-8, else Latin-1, which old instruments write (`µm`).
pub(super) fn text_of(bytes: &[u8]) -> String {
    match std::str::from_utf8(bytes) {
        Ok(text) => text.to_owned(),
        Err(_) => bytes.iter().map(|&byte| char::from(byte)).collect(),
    }
}

/// A text in place: up to the first zero.
pub(super) fn fixed_text(bytes: &[u8], blanks_do_not_count: bool) -> String {
    let len = bytes.iter().position(|&byte| byte == 0).unwrap_or(bytes.len());
    let text = text_of(bytes.get(..len).unwrap_or_default());
    if blanks_do_not_count { text.trim_end_matches(' ').to_owned() } else { text }
}

/// A text of the heap.
pub(super) fn heap_text(
    file: &File,
    heap: &mut GlobalHeap,
    bytes: &[u8],
) -> Result<String, Trouble> {
    let mut cursor = Cursor::new(bytes, 0);
    let len = cursor.u32()? as usize;
    let address = file.address(&mut cursor)?;
    let number = cursor.u32()?;
    match address {
        Some(address) if len > 0 && number > 0 => {
            let value = heap.value(file, address, number)?;
            Ok(fixed_text(value.get(..len).unwrap_or(value), false))
        }
        _ => Ok(String::new()),
    }
}

/// The values that bytes hold.
pub(super) fn of_bytes(
    file: &File,
    heap: &mut GlobalHeap,
    of: &Datatype,
    bytes: &[u8],
) -> Result<Value, Trouble> {
    let each = bytes.chunks_exact(of.size);
    Ok(match &of.kind {
        Kind::Number(number) if number.is_whole() => {
            Value::Whole(each.filter_map(|one| number.whole(one)).collect())
        }
        Kind::Number(number) => Value::Numbers(each.filter_map(|one| number.value(one)).collect()),
        Kind::Enumeration(number, names) => Value::Texts(
            each.filter_map(|one| number.whole(one))
                .map(|value| match names.iter().find(|known| known.1 == value) {
                    Some((name, _)) => name.clone(),
                    None => value.to_string(),
                })
                .collect(),
        ),
        Kind::FixedText(blanks) => Value::Texts(each.map(|one| fixed_text(one, *blanks)).collect()),
        Kind::HeapText => {
            let texts: Result<Vec<String>, Trouble> =
                each.map(|one| heap_text(file, heap, one)).collect();
            Value::Texts(texts?)
        }
        Kind::Array(_, of) if !matches!(of.kind, Kind::Array(..)) => {
            of_bytes(file, heap, of, bytes)?
        }
        Kind::Array(..) => Value::Other("arrays of arrays"),
        Kind::Compound(members) => {
            let mut texts = Vec::new();
            for one in each {
                for member in members {
                    let end = member.offset + member.of.size;
                    let bytes = one.get(member.offset..end).unwrap_or_default();
                    if matches!(member.of.kind, Kind::Compound(_) | Kind::Array(..)) {
                        texts.push(format!("{}: (not read)", member.name));
                    } else {
                        let value = of_bytes(file, heap, &member.of, bytes)?;
                        texts.push(format!("{}: {}", member.name, value.told()));
                    }
                }
            }
            Value::Texts(texts)
        }
        Kind::Other(what) => Value::Other(what),
    })
}
