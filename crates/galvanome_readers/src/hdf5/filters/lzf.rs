//! LZF, as h5py packs with it: runs of bytes, and references to what was unpacked already.

use crate::hdf5::trouble::Trouble;

/// Unpacks. Errors when the bytes make no sense, or become more than `room`.
pub(super) fn unpack(bytes: &[u8], room: usize) -> Result<Vec<u8>, Trouble> {
    whole(bytes, room).ok_or_else(|| Trouble::Damaged("a chunk does not unpack (LZF)".to_owned()))
}

fn whole(mut bytes: &[u8], room: usize) -> Option<Vec<u8>> {
    let mut out: Vec<u8> = Vec::with_capacity(bytes.len().min(room));
    while let [control, rest @ ..] = bytes {
        let control = usize::from(*control);
        if control < 32 {
            let (run, rest) = rest.split_at_checked(control + 1)?;
            out.extend_from_slice(run);
            bytes = rest;
        } else {
            let (more, rest) = if control >> 5 == 7 {
                let (more, rest) = rest.split_first()?;
                (usize::from(*more), rest)
            } else {
                (0, rest)
            };
            let (low, rest) = rest.split_first()?;
            let back = (control & 31) << 8 | usize::from(*low);
            let from = out.len().checked_sub(back + 1)?;
            let len = (control >> 5) + more + 2;
            if out.len() + len > room {
                return None;
            }
            // What is referred to may reach into what it becomes.
            for place in from..from + len {
                out.push(*out.get(place)?);
            }
            bytes = rest;
        }
    }
    (out.len() <= room).then_some(out)
}
