//! Text as Jet stores it.

use std::borrow::Cow;

use encoding_rs::{Encoding, WINDOWS_1252};

use super::le::u16_at;
use super::pages::Jet;

/// What compressed Unicode begins with.
const COMPRESSED: [u8; 2] = [0xFF, 0xFE];

/// Reads text of a version; `code_page` is that of version 3.
pub(super) fn decode(jet: Jet, code_page: u16, bytes: &[u8]) -> String {
    match (jet, bytes.strip_prefix(&COMPRESSED)) {
        (Jet::Three, _) => encoding(code_page).decode_without_bom_handling(bytes).0.into_owned(),
        (Jet::Four, None) => plain(bytes),
        (Jet::Four, Some(bytes)) => expand(bytes),
    }
}

/// Text of two bytes a letter.
pub(super) fn plain(bytes: &[u8]) -> String {
    let units = bytes.chunks_exact(2).map(|unit| u16_at(unit, 0));
    char::decode_utf16(units).map(|unit| unit.unwrap_or(char::REPLACEMENT_CHARACTER)).collect()
}

/// Text of one byte a letter, or of two between bytes of zero.
fn expand(mut bytes: &[u8]) -> String {
    let mut units = Vec::with_capacity(bytes.len());
    let mut short = true;
    while let Some((&first, rest)) = bytes.split_first() {
        bytes = rest;
        if first == 0 {
            short = !short;
        } else if short {
            units.push(u16::from(first));
        } else if let Some((&second, rest)) = rest.split_first() {
            units.push(u16::from_le_bytes([first, second]));
            bytes = rest;
        }
    }
    char::decode_utf16(units).map(|unit| unit.unwrap_or(char::REPLACEMENT_CHARACTER)).collect()
}

/// Writes text of a version, compressed where that is shorter. Letters that code page 1252 lacks become `?` in
/// version 3.
pub(super) fn encode(jet: Jet, text: &str) -> Cow<'_, [u8]> {
    if jet == Jet::Three {
        let byte = |letter: char| {
            let mut utf8 = [0; 4];
            match WINDOWS_1252.encode(letter.encode_utf8(&mut utf8)) {
                (bytes, _, false) => bytes.first().copied().unwrap_or(b'?'),
                _ => b'?',
            }
        };
        return Cow::Owned(text.chars().map(byte).collect());
    }
    let plain: Vec<u8> = text.encode_utf16().flat_map(u16::to_le_bytes).collect();
    let mut packed = COMPRESSED.to_vec();
    let mut short = true;
    for unit in text.encode_utf16() {
        let [low, high] = unit.to_le_bytes();
        if low == 0 {
            return Cow::Owned(plain);
        }
        if short != (high == 0) {
            packed.push(0);
            short = !short;
        }
        packed.push(low);
        packed.extend((!short).then_some(high));
    }
    Cow::Owned(if packed.len() < plain.len() { packed } else { plain })
}

/// The encoding of a code page of Windows; that of Western Europe where it is not known.
fn encoding(code_page: u16) -> &'static Encoding {
    let label = match code_page {
        932 => "shift_jis".to_owned(),
        936 => "gbk".to_owned(),
        949 => "euc-kr".to_owned(),
        950 => "big5".to_owned(),
        other => format!("windows-{other}"),
    };
    Encoding::for_label(label.as_bytes()).unwrap_or(WINDOWS_1252)
}
