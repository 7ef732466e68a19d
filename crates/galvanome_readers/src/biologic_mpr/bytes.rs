//! Numbers and texts at places in a block of bytes, little-endian. What lies beyond the block is not there.

fn array<const N: usize>(bytes: &[u8], at: usize) -> Option<[u8; N]> {
    bytes.get(at..at.checked_add(N)?)?.try_into().ok()
}

/// The byte at a place.
pub(super) fn u8_at(bytes: &[u8], at: usize) -> Option<u8> {
    bytes.get(at).copied()
}

/// The 16-bit number at a place.
pub(super) fn u16_at(bytes: &[u8], at: usize) -> Option<u16> {
    array(bytes, at).map(u16::from_le_bytes)
}

/// The 32-bit number at a place.
pub(super) fn u32_at(bytes: &[u8], at: usize) -> Option<u32> {
    array(bytes, at).map(u32::from_le_bytes)
}

/// The 64-bit number at a place.
pub(super) fn u64_at(bytes: &[u8], at: usize) -> Option<u64> {
    array(bytes, at).map(u64::from_le_bytes)
}

/// The float at a place.
pub(super) fn f32_at(bytes: &[u8], at: usize) -> Option<f32> {
    array(bytes, at).map(f32::from_le_bytes)
}

/// The double at a place.
pub(super) fn f64_at(bytes: &[u8], at: usize) -> Option<f64> {
    array(bytes, at).map(f64::from_le_bytes)
}

/// The text at a place: a byte of length, then Latin-1. None when it is longer than the room it has, or holds
/// what is not text: then something else stands there.
pub(super) fn text_at(bytes: &[u8], at: usize, room: usize) -> Option<String> {
    let len = usize::from(u8_at(bytes, at)?);
    if len > room {
        return None;
    }
    let text = bytes.get(at + 1..at + 1 + len)?;
    // Some texts count the zero at their end.
    let text = text.strip_suffix(&[0]).unwrap_or(text);
    text.iter().all(|&byte| byte >= 0x20).then(|| latin(text))
}

/// Latin-1 as text.
pub(super) fn latin(bytes: &[u8]) -> String {
    bytes.iter().map(|&byte| char::from(byte)).collect()
}
