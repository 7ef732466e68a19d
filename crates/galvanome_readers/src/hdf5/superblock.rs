//! The superblock: where a file begins, and how its addresses are written (HDF5 File Format Specification 3.0, II.A).

use std::sync::Arc;

use super::checksum::checked;
use super::cursor::Cursor;
use super::file::File;
use super::trouble::Trouble;
use crate::source::{Source, head_of, read_full};

/// What every file begins with, or what stands behind a block that another program put before it.
const SIGNATURE: &[u8; 8] = b"\x89HDF\r\n\x1a\n";

/// The byte at which the superblock stands: 0, 512, 1024, 2048 and so on. None when it stands nowhere.
pub(super) fn find(source: &dyn Source) -> std::io::Result<Option<u64>> {
    let mut begins = 0_u64;
    while begins < source.len() {
        let mut found = [0; 8];
        if read_full(source, begins, &mut found)? == 8 && &found == SIGNATURE {
            return Ok(Some(begins));
        }
        begins = (2 * begins).max(512);
        // Nobody puts more than this before it.
        if begins > 1 << 24 {
            break;
        }
    }
    Ok(None)
}

/// What the superblock says.
pub(super) struct Superblock {
    /// The file.
    pub(super) file: File,
    /// Address of the root group's header.
    pub(super) root: u64,
    /// How many bytes the file had when it was closed, counted from its beginning.
    pub(super) end: Option<u64>,
}

/// Reads the superblock that stands at a byte.
pub(super) fn read(source: &Arc<dyn Source>, begins: u64) -> Result<Superblock, Trouble> {
    let mut bytes = vec![0; 128];
    let read = read_full(source.as_ref(), begins, &mut bytes)?;
    bytes.truncate(read);
    let mut cursor = Cursor::new(&bytes, begins);
    cursor.skip(8)?;
    let version = cursor.version("the superblock", &[0, 1, 2, 3])?;
    if version < 2 {
        // Versions of the free space, of the root group's entry, of shared headers.
        cursor.skip(4)?;
    }
    let sizes = [usize::from(cursor.u8()?), usize::from(cursor.u8()?)];
    let [offset_size, length_size] = sizes;
    if sizes.iter().any(|size| ![2, 4, 8].contains(size)) {
        return Err(Trouble::refused(format!(
            "an address of {offset_size} or a length of {length_size} bytes"
        )));
    }
    // Addresses count from where the signature is found, as in the HDF5 library, whatever base address is written.
    let file = File { source: Arc::clone(source), base: begins, offset_size, length_size };
    if version < 2 {
        // One byte for nothing, sizes of nodes, consistency flags.
        cursor.skip(if version == 0 { 9 } else { 13 })?;
        let base = file.address(&mut cursor)?.unwrap_or(begins);
        file.address(&mut cursor)?;
        let end = file.address(&mut cursor)?;
        if let Some(driver) = file.address(&mut cursor)? {
            refuse_split(&file, driver)?;
        }
        file.length(&mut cursor)?;
        let root = file.somewhere(&mut cursor)?;
        let end = end.map(|end| end.saturating_sub(base).saturating_add(begins));
        return Ok(Superblock { file, root, end });
    }
    cursor.skip(1)?;
    let base = file.address(&mut cursor)?.unwrap_or(begins);
    file.address(&mut cursor)?;
    let end = file.address(&mut cursor)?;
    let root = file.somewhere(&mut cursor)?;
    let whole = cursor.at() + 4;
    checked(bytes.get(..whole).unwrap_or(&bytes), begins)?;
    let end = end.map(|end| end.saturating_sub(base).saturating_add(begins));
    Ok(Superblock { file, root, end })
}

/// Refuses files whose data stand in others: a family, or one file a kind of data.
fn refuse_split(file: &File, driver: u64) -> Result<(), Trouble> {
    let block = file.block(driver, 16)?;
    let name = block.get(8..16).unwrap_or_default();
    if name.starts_with(b"NCSAmult") || name.starts_with(b"NCSAfami") {
        return Err(Trouble::elsewhere(
            "a file of which parts stand in other files (family or multi driver)",
        ));
    }
    Ok(())
}

/// Whether a source begins as a file of this format, or does so behind a block of another program.
pub(super) fn is_there(source: &dyn Source) -> bool {
    head_of(source, 8).is_ok_and(|head| head == SIGNATURE)
        || find(source).is_ok_and(|begins| begins.is_some())
}
