//! LZ4 in blocks, as the registered filter 32004 writes it: the length of all and of a block, high byte first, then each
//! block behind its packed length; a block that did not pack stands as it is.

use crate::hdf5::trouble::Trouble;

/// Takes a number of some bytes, the high one first, off the front.
pub(super) fn high_first<'a>(bytes: &mut &'a [u8], len: usize) -> Option<(u64, &'a [u8])> {
    let (head, rest) = bytes.split_at_checked(len)?;
    *bytes = rest;
    Some((head.iter().fold(0, |number, &byte| number << 8 | u64::from(byte)), rest))
}

/// Unpacks. Errors when the bytes make no sense, or become more than `room`.
pub(super) fn lz4(bytes: &[u8], room: usize) -> Result<Vec<u8>, Trouble> {
    whole(bytes, room).ok_or_else(|| Trouble::Damaged("a chunk does not unpack (LZ4)".to_owned()))
}

fn whole(mut bytes: &[u8], room: usize) -> Option<Vec<u8>> {
    let all = usize::try_from(high_first(&mut bytes, 8)?.0).ok()?;
    let block = usize::try_from(high_first(&mut bytes, 4)?.0).ok()?.min(all);
    if all > room || (block == 0 && all > 0) {
        return None;
    }
    let mut out = Vec::new();
    while out.len() < all {
        let expected = block.min(all - out.len());
        let packed = usize::try_from(high_first(&mut bytes, 4)?.0).ok()?;
        let (head, rest) = bytes.split_at_checked(packed)?;
        bytes = rest;
        if packed == expected {
            out.extend_from_slice(head);
        } else {
            out.extend(block_of(head, expected)?);
        }
    }
    (out.len() == all).then_some(out)
}

/// One block, which must become exactly as long as expected. LZ4 makes at most 255 bytes of one, so a length that bytes
/// cannot become is refused before room is made for it.
pub(super) fn block_of(packed: &[u8], expected: usize) -> Option<Vec<u8>> {
    if expected / 256 > packed.len() {
        return None;
    }
    let block = lz4_flex::block::decompress(packed, expected).ok()?;
    (block.len() == expected).then_some(block)
}
