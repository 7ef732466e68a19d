//! Puts back the two tables that a browser needs and that a subset for PDF leaves out: `cmap` (character to
//! glyph) and `OS/2` (OpenType specification 1.9, ISO/IEC 14496-22).

const HEAD: [u8; 4] = *b"head";

/// A font file with the tables of `font`, a `cmap` with these glyphs (sorted by character), and an `OS/2`.
/// None when `font` is not a font file. Characters above U+FFFF are left out of the map.
pub(super) fn complete(font: &[u8], map: &[(char, u16)], os2: &[u8]) -> Option<Vec<u8>> {
    let count = u16_at(font, 4)?;
    let mut tables: Vec<([u8; 4], Vec<u8>)> = Vec::new();
    for record in 0..usize::from(count) {
        let at = 12 + 16 * record;
        let tag: [u8; 4] = font.get(at..at + 4)?.try_into().ok()?;
        let (offset, length) = (u32_at(font, at + 8)? as usize, u32_at(font, at + 12)? as usize);
        tables.push((tag, font.get(offset..offset.checked_add(length)?)?.to_vec()));
    }
    tables.push((*b"OS/2", os2.to_vec()));
    tables.push((*b"cmap", character_map(map)?));
    tables.sort();
    for (tag, table) in &mut tables {
        if *tag == HEAD {
            table.get_mut(8..12)?.fill(0);
        }
    }
    Some(assemble(font.get(..4)?, &tables))
}

fn u16_at(bytes: &[u8], at: usize) -> Option<u16> {
    Some(u16::from_be_bytes(bytes.get(at..at + 2)?.try_into().ok()?))
}

fn u32_at(bytes: &[u8], at: usize) -> Option<u32> {
    Some(u32::from_be_bytes(bytes.get(at..at + 4)?.try_into().ok()?))
}

/// A `cmap` of one format 4 subtable with a segment for each character.
fn character_map(map: &[(char, u16)]) -> Option<Vec<u8>> {
    let mut segments: Vec<(u16, u16)> = map
        .iter()
        .filter_map(|(character, glyph)| Some((u16::try_from(u32::from(*character)).ok()?, *glyph)))
        .filter(|(code, _)| *code != 0xFFFF)
        .collect();
    segments.push((0xFFFF, 0));
    let count = u16::try_from(segments.len()).ok()?;
    let length = u16::try_from(16 + 8 * segments.len()).ok()?;
    let mut table = Vec::new();
    let mut put = |values: &[u16]| {
        for value in values {
            table.extend(value.to_be_bytes());
        }
    };
    // Version 0, one subtable: Windows, Unicode BMP, at byte 12.
    put(&[0, 1, 3, 1, 0, 12]);
    put(&[4, length, 0, count * 2]);
    put(&search_fields(count, 2));
    put(&segments.iter().map(|(code, _)| *code).collect::<Vec<_>>());
    put(&[0]);
    put(&segments.iter().map(|(code, _)| *code).collect::<Vec<_>>());
    put(&segments
        .iter()
        .map(|(code, glyph)| if *code == 0xFFFF { 1 } else { glyph.wrapping_sub(*code) })
        .collect::<Vec<_>>());
    put(&vec![0; segments.len()]);
    Some(table)
}

/// searchRange, entrySelector and rangeShift of `count` entries of `size` bytes.
fn search_fields(count: u16, size: u16) -> [u16; 3] {
    let selector = count.max(1).ilog2() as u16;
    let range = size << selector;
    [range, selector, (size * count).wrapping_sub(range)]
}

fn assemble(flavour: &[u8], tables: &[([u8; 4], Vec<u8>)]) -> Vec<u8> {
    let count = tables.len() as u16;
    let mut font = flavour.to_vec();
    font.extend(count.to_be_bytes());
    for field in search_fields(count, 16) {
        font.extend(field.to_be_bytes());
    }
    let mut offset = 12 + 16 * tables.len();
    let mut adjustment = None;
    for (tag, table) in tables {
        if *tag == HEAD {
            adjustment = Some(offset + 8);
        }
        font.extend(tag);
        for field in [checksum(table), offset as u32, table.len() as u32] {
            font.extend(field.to_be_bytes());
        }
        offset += table.len().next_multiple_of(4);
    }
    for (_, table) in tables {
        font.extend(table);
        font.resize(font.len().next_multiple_of(4), 0);
    }
    let whole = 0xB1B0_AFBA_u32.wrapping_sub(checksum(&font));
    if let Some(field) = adjustment.and_then(|at| font.get_mut(at..at + 4)) {
        field.copy_from_slice(&whole.to_be_bytes());
    }
    font
}

fn checksum(bytes: &[u8]) -> u32 {
    bytes.chunks(4).fold(0_u32, |sum, chunk| {
        let word = (0..4).fold(0_u32, |word, i| {
            word << 8 | u32::from(chunk.get(i).copied().unwrap_or_default())
        });
        sum.wrapping_add(word)
    })
}
