//! Checksums: of descriptions (Bob Jenkins, lookup3, 2006) and of chunks (Fletcher 1982, 32 bits).

use super::cursor::Cursor;
use super::trouble::Trouble;

/// Holds bytes that end in their own checksum to it, and gives a cursor over what stands before.
pub(super) fn checked(bytes: &[u8], begins: u64) -> Result<Cursor<'_>, Trouble> {
    let split = bytes.split_last_chunk::<4>();
    match split {
        Some((body, sum)) if lookup3(body) == u32::from_le_bytes(*sum) => {
            Ok(Cursor::new(body, begins))
        }
        _ => Err(Trouble::damaged("a checksum is wrong", begins)),
    }
}

fn mix([mut a, mut b, mut c]: [u32; 3]) -> [u32; 3] {
    let step = |x: &mut u32, y: u32, z: &mut u32, turn: u32| {
        *x = x.wrapping_sub(*z) ^ z.rotate_left(turn);
        *z = z.wrapping_add(y);
    };
    step(&mut a, b, &mut c, 4);
    step(&mut b, c, &mut a, 6);
    step(&mut c, a, &mut b, 8);
    step(&mut a, b, &mut c, 16);
    step(&mut b, c, &mut a, 19);
    step(&mut c, a, &mut b, 4);
    [a, b, c]
}

fn last([mut a, mut b, mut c]: [u32; 3]) -> u32 {
    let step = |x: &mut u32, y: u32, turn: u32| *x = (*x ^ y).wrapping_sub(y.rotate_left(turn));
    step(&mut c, b, 14);
    step(&mut a, c, 11);
    step(&mut b, a, 25);
    step(&mut c, b, 16);
    step(&mut a, c, 4);
    step(&mut b, a, 14);
    step(&mut c, b, 24);
    c
}

/// The hash by which descriptions are checked.
pub(super) fn lookup3(bytes: &[u8]) -> u32 {
    let mut state = [0xDEAD_BEEF_u32.wrapping_add(bytes.len() as u32); 3];
    if bytes.is_empty() {
        return state[2];
    }
    // The last one to twelve bytes are mixed otherwise than those before.
    let before = (bytes.len() - 1) / 12 * 12;
    let (body, tail) = bytes.split_at(before);
    let add = |state: &mut [u32; 3], twelve: &[u8]| {
        for (word, four) in state.iter_mut().zip(twelve.chunks(4)) {
            let number =
                four.iter().rev().fold(0_u32, |number, &byte| number << 8 | u32::from(byte));
            *word = word.wrapping_add(number);
        }
    };
    for twelve in body.chunks_exact(12) {
        add(&mut state, twelve);
        state = mix(state);
    }
    add(&mut state, tail);
    last(state)
}

/// The checksum of a chunk: over pairs of bytes, the first one high, and a last odd byte alone.
pub(super) fn fletcher32(bytes: &[u8]) -> u32 {
    let (mut low, mut high) = (0_u32, 0_u32);
    // So many words may be added before the sums run over.
    for words in bytes.chunks(720) {
        for pair in words.chunks(2) {
            let word = u32::from(pair[0]) << 8 | u32::from(pair.get(1).copied().unwrap_or(0));
            low += word;
            high += low;
        }
        low = (low & 0xFFFF) + (low >> 16);
        high = (high & 0xFFFF) + (high >> 16);
    }
    low = (low & 0xFFFF) + (low >> 16);
    high = (high & 0xFFFF) + (high >> 16);
    high << 16 | low
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn checksums_of_known_texts() {
        // The values that the author's own program prints for a seed of 0.
        assert_eq!(lookup3(b""), 0xDEAD_BEEF);
        assert_eq!(lookup3(b"Four score and seven years ago"), 0x1777_0551);
    }

    #[test]
    fn checksums_of_chunks() {
        assert_eq!(fletcher32(&[0, 1, 0, 2]), 4 << 16 | 3);
        assert_eq!(fletcher32(&[0, 1, 2]), (1 + 0x201) << 16 | 0x201);
    }
}
