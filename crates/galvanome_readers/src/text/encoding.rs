//! Encodings of texts. What is neither UTF-16 nor GB18030 stays as it is: UTF-8, or Latin-1 cell by cell.

use encoding_rs::{Decoder, GB18030, UTF_16BE, UTF_16LE};

/// How the characters of a text are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Encoding {
    /// UTF-8, ASCII or Latin-1, whose line breaks and delimiters are single bytes.
    Bytes,
    /// Two bytes for most characters, the low one first.
    Utf16Le,
    /// Two bytes for most characters, the high one first.
    Utf16Be,
    /// The Chinese national encoding, which holds GB2312 and GBK.
    Gb18030,
}

/// Bytes at the beginning that tell UTF-16.
const SEEN: usize = 1024;

impl Encoding {
    /// The encoding of a text, judged by its beginning.
    pub(crate) fn of(head: &[u8]) -> Self {
        match head {
            [0xFF, 0xFE, ..] => return Self::Utf16Le,
            [0xFE, 0xFF, ..] => return Self::Utf16Be,
            _ => {}
        }
        let seen = head.get(..head.len().min(SEEN)).unwrap_or_default();
        let pairs = seen.len() / 2;
        let zeros = |place: usize| seen.iter().skip(place).step_by(2).filter(|b| **b == 0).count();
        if pairs >= 8 && zeros(1) * 10 >= pairs * 7 && zeros(0) == 0 {
            Self::Utf16Le
        } else if pairs >= 8 && zeros(0) * 10 >= pairs * 7 && zeros(1) == 0 {
            Self::Utf16Be
        } else if is_gb2312(head) {
            Self::Gb18030
        } else {
            Self::Bytes
        }
    }

    /// A decoder; none where bytes stay as they are.
    pub(crate) fn decoder(self) -> Option<Decoder> {
        Some(match self {
            Self::Bytes => return None,
            Self::Utf16Le => UTF_16LE.new_decoder_without_bom_handling(),
            Self::Utf16Be => UTF_16BE.new_decoder_without_bom_handling(),
            Self::Gb18030 => GB18030.new_decoder_without_bom_handling(),
        })
    }
}

/// Decodes bytes behind what is in `into` already; `last` says that nothing follows them.
pub(crate) fn decode_into(decoder: &mut Decoder, bytes: &[u8], last: bool, into: &mut Vec<u8>) {
    let Some(room) = decoder.max_utf8_buffer_length(bytes.len()) else { return };
    let old = into.len();
    into.resize(old + room, 0);
    let to = into.get_mut(old..).unwrap_or_default();
    let (_, _, written, _) = decoder.decode_to_utf8(bytes, to, last);
    into.truncate(old + written);
}

/// Whether a text that is not UTF-8 is Chinese: every run of high bytes is of pairs as GB2312 has them, and there
/// are several. Latin-1 has its high bytes one by one (`µA`, `°C`).
fn is_gb2312(head: &[u8]) -> bool {
    if std::str::from_utf8(head).map_or_else(|error| error.error_len().is_none(), |_| true) {
        return false;
    }
    let (mut pairs, mut run) = (0_usize, 0_usize);
    for &byte in head {
        match byte {
            0xA1..=0xF7 => run += 1,
            0xF8..=0xFE if run % 2 == 1 => run += 1,
            0x80.. => return false,
            _ if run % 2 == 1 => return false,
            _ => {
                pairs += run / 2;
                run = 0;
            }
        }
    }
    // The last run may be cut by the end of what was looked at.
    pairs + run / 2 >= 4
}
