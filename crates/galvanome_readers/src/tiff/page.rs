//! What a directory says of its page: the grid, how a sample is stored, and where strips or tiles lie.

use std::io;

use super::directory::{Bytes, Directory, Entry, Order, kind_bytes, number};
use super::unpack::Compression;
use crate::source::read_full;
use crate::volume::{Voxel, is_believable};

/// Tags of what a page is made of.
pub(super) mod tags {
    pub(crate) const SUBFILE: u16 = 254;
    pub(crate) const WIDTH: u16 = 256;
    pub(crate) const HEIGHT: u16 = 257;
    pub(crate) const BITS: u16 = 258;
    pub(crate) const COMPRESSION: u16 = 259;
    pub(crate) const PHOTOMETRIC: u16 = 262;
    pub(crate) const FILL_ORDER: u16 = 266;
    pub(crate) const STRIP_OFFSETS: u16 = 273;
    pub(crate) const ORIENTATION: u16 = 274;
    pub(crate) const SAMPLES: u16 = 277;
    pub(crate) const ROWS_PER_STRIP: u16 = 278;
    pub(crate) const STRIP_COUNTS: u16 = 279;
    pub(crate) const X_RESOLUTION: u16 = 282;
    pub(crate) const Y_RESOLUTION: u16 = 283;
    pub(crate) const PLANAR: u16 = 284;
    pub(crate) const RESOLUTION_UNIT: u16 = 296;
    pub(crate) const PREDICTOR: u16 = 317;
    pub(crate) const COLOUR_MAP: u16 = 320;
    pub(crate) const TILE_WIDTH: u16 = 322;
    pub(crate) const TILE_HEIGHT: u16 = 323;
    pub(crate) const TILE_OFFSETS: u16 = 324;
    pub(crate) const TILE_COUNTS: u16 = 325;
    pub(crate) const SUB_DIRECTORIES: u16 = 330;
    pub(crate) const SAMPLE_FORMAT: u16 = 339;
}

/// What pages of one volume have in common.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Frame {
    /// Columns.
    pub(super) width: usize,
    /// Rows.
    pub(super) height: usize,
    /// Numbers of a pixel: 1 for grey, 3 for colours.
    pub(super) samples: usize,
    /// Bits of a number.
    pub(super) bits: usize,
    /// How a number is stored, once it has a byte of its own.
    pub(super) voxel: Voxel,
    /// What 0 means: 0 white, 1 black, 2 colours, 3 a palette.
    pub(super) photometric: u64,
}

impl Frame {
    /// Bytes of a number once it has one of its own.
    pub(super) fn bytes(&self) -> usize {
        self.voxel.bytes()
    }
}

/// How a page is packed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Packing {
    pub(super) compression: Compression,
    /// 1 none, 2 differences, 3 differences of the bytes of floats.
    pub(super) predictor: u64,
    /// Whether each sample has strips or tiles of its own.
    pub(super) apart: bool,
    /// Whether the bits of a byte stand in reverse.
    pub(super) reversed: bool,
    /// Columns and rows of a strip or tile.
    pub(super) across: usize,
    pub(super) down: usize,
    /// Whether edges are filled up to whole tiles.
    pub(super) tiled: bool,
}

/// Where strips or tiles lie.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Pieces {
    /// A single one, from a byte on, so many bytes long.
    One(u64, u64),
    /// By lists: of their places, and of their lengths where the file says them.
    Listed(Entry, Option<Entry>),
}

/// A page.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Page {
    pub(super) packing: Packing,
    pub(super) pieces: Pieces,
}

fn voxel_of(bits: u64, format: u64, order: Order) -> Option<Voxel> {
    let little = order == Order::Little;
    let of = |le, be| Some(if little { le } else { be });
    match (bits, format) {
        (1 | 2 | 4 | 8, 1 | 4) => Some(Voxel::U8),
        (8, 2) => Some(Voxel::I8),
        (16, 1 | 4) => of(Voxel::U16Le, Voxel::U16Be),
        (16, 2) => of(Voxel::I16Le, Voxel::I16Be),
        (16, 3) => of(Voxel::F16Le, Voxel::F16Be),
        (32, 1 | 4) => of(Voxel::U32Le, Voxel::U32Be),
        (32, 2) => of(Voxel::I32Le, Voxel::I32Be),
        (32, 3) => of(Voxel::F32Le, Voxel::F32Be),
        (64, 1 | 4) => of(Voxel::U64Le, Voxel::U64Be),
        (64, 2) => of(Voxel::I64Le, Voxel::I64Be),
        (64, 3) => of(Voxel::F64Le, Voxel::F64Be),
        _ => None,
    }
}

/// Why a page is not read, or why its bytes could not be fetched.
pub(super) enum Refused {
    /// Words for a note: they follow "page 3 was not read: ".
    Because(String),
    Source(io::Error),
}

impl From<io::Error> for Refused {
    fn from(error: io::Error) -> Self {
        Self::Source(error)
    }
}

impl From<String> for Refused {
    fn from(why: String) -> Self {
        Self::Because(why)
    }
}

/// What a directory says of its page.
pub(super) fn page(bytes: &mut Bytes, directory: &Directory) -> Result<(Frame, Page), Refused> {
    let mut whole = |tag: u16| match directory.entry(tag) {
        Some(entry) => bytes.whole(entry, 0),
        None => Ok(None),
    };
    let size = |value: Option<u64>| usize::try_from(value.unwrap_or(0)).unwrap_or(usize::MAX);
    let (width, height) = (size(whole(tags::WIDTH)?), size(whole(tags::HEIGHT)?));
    if width == 0 || height == 0 {
        return Err(format!("it says {width} columns and {height} rows").into());
    }
    let samples = size(whole(tags::SAMPLES)?.or(Some(1)));
    let bits = whole(tags::BITS)?.unwrap_or(1);
    let format = whole(tags::SAMPLE_FORMAT)?.unwrap_or(1);
    let photometric = whole(tags::PHOTOMETRIC)?.unwrap_or(1);
    let compression = Compression::of(whole(tags::COMPRESSION)?.unwrap_or(1))?;
    let predictor = whole(tags::PREDICTOR)?.unwrap_or(1);
    let apart = samples > 1 && whole(tags::PLANAR)? == Some(2);
    let reversed = whole(tags::FILL_ORDER)? == Some(2);
    let rows = size(whole(tags::ROWS_PER_STRIP)?.or(Some(u64::MAX)));
    let (tile_width, tile_height) = (whole(tags::TILE_WIDTH)?, whole(tags::TILE_HEIGHT)?);
    // Each sample may say its own.
    for (tag, first) in [(tags::BITS, bits), (tags::SAMPLE_FORMAT, format)] {
        let Some(entry) = directory.entry(tag) else { continue };
        for place in 1..entry.count.min(samples as u64) {
            if bytes.whole(entry, place)?.is_some_and(|other| other != first) {
                return Err("its samples are stored in different ways".to_owned().into());
            }
        }
    }
    if samples == 0 || samples > 64 {
        return Err(format!("it says {samples} numbers a pixel").into());
    }
    if photometric == 6 {
        return Err("its colours are stored as YCbCr, which is not read".to_owned().into());
    }
    let Some(voxel) = voxel_of(bits, format, bytes.order) else {
        let kind = match format {
            2 => "whole numbers with a sign",
            3 => "floats",
            5 | 6 => "complex numbers",
            _ => "whole numbers",
        };
        return Err(format!("its pixels are {kind} of {bits} bits, which are not read").into());
    };
    let floats = format == 3;
    if !matches!((predictor, floats), (1, _) | (2, false) | (3, true)) || predictor != 1 && bits < 8
    {
        return Err(format!("its predictor {predictor} does not fit its numbers").into());
    }
    let tiled = directory.entry(tags::TILE_OFFSETS).is_some();
    let (across, down) =
        if tiled { (size(tile_width), size(tile_height)) } else { (width, rows.min(height)) };
    if across == 0 || down == 0 {
        return Err(format!("its strips or tiles have {across} columns and {down} rows").into());
    }
    let together = if apart { 1 } else { samples };
    let frame = Frame { width, height, samples, bits: bits as usize, voxel, photometric };
    let held = bytes.source.len();
    for (columns, rows) in [(width, height), (across, down)] {
        let product = [rows, together, frame.bytes()];
        let all =
            product.iter().try_fold(columns as u64, |all, &side| all.checked_mul(side as u64));
        if all.is_none_or(|all| !is_believable(all, held)) {
            return Err(format!(
                "it says {columns} columns and {rows} rows, which a file of {held} bytes cannot hold"
            )
            .into());
        }
    }
    let packing = Packing { compression, predictor, apart, reversed, across, down, tiled };
    let pieces = pieces(bytes, directory, &frame, &packing)?;
    Ok((frame, Page { packing, pieces }))
}

/// How many strips or tiles lie beside and below each other.
pub(super) fn grid(frame: &Frame, packing: &Packing) -> (usize, usize) {
    (frame.width.div_ceil(packing.across), frame.height.div_ceil(packing.down))
}

fn pieces(
    bytes: &mut Bytes,
    directory: &Directory,
    frame: &Frame,
    packing: &Packing,
) -> Result<Pieces, Refused> {
    let (offsets, counts) = if packing.tiled {
        (tags::TILE_OFFSETS, tags::TILE_COUNTS)
    } else {
        (tags::STRIP_OFFSETS, tags::STRIP_COUNTS)
    };
    let Some(&offsets) = directory.entry(offsets) else {
        return Err("it does not say where its pixels are".to_owned().into());
    };
    let counts = directory.entry(counts).copied();
    let (across, down) = grid(frame, packing);
    let wanted = across
        .checked_mul(down)
        .and_then(|one| one.checked_mul(if packing.apart { frame.samples } else { 1 }));
    if wanted.is_none_or(|wanted| offsets.count < wanted as u64) {
        return Err(format!(
            "it lists {} strips or tiles where its {} columns and {} rows take more",
            offsets.count, frame.width, frame.height
        )
        .into());
    }
    if wanted == Some(1) {
        let offset = bytes.whole(&offsets, 0)?;
        let offset = offset.ok_or_else(|| "it does not say where its pixels are".to_owned())?;
        let count = match &counts {
            Some(counts) => bytes.whole(counts, 0)?,
            None => None,
        };
        return Ok(Pieces::One(offset, count.unwrap_or(u64::MAX)));
    }
    Ok(Pieces::Listed(offsets, counts))
}

/// Numbers of a list from one place on, as many as are there of those asked for. Errors when they cannot be fetched.
fn list(bytes: &Bytes, entry: &Entry, from: usize, len: usize) -> io::Result<Vec<u64>> {
    let one = usize::try_from(kind_bytes(entry.kind).unwrap_or(1)).unwrap_or(1);
    let at = entry.at.saturating_add((from * one) as u64);
    let there = usize::try_from(bytes.source.len().saturating_sub(at)).unwrap_or(usize::MAX);
    let mut raw = vec![0; len.saturating_mul(one).min(there)];
    let got = read_full(bytes.source.as_ref(), at, &mut raw)?;
    let whole = raw.get(..got).unwrap_or_default().chunks_exact(one);
    Ok(whole.map(|value| number(value, bytes.order)).collect())
}

impl Page {
    /// Places and lengths of strips or tiles, from one on; lengths are the largest number where the file says none. Errors
    /// when they cannot be fetched.
    pub(super) fn places(
        &self,
        bytes: &Bytes,
        from: usize,
        len: usize,
    ) -> io::Result<Vec<(u64, u64)>> {
        match &self.pieces {
            Pieces::One(offset, count) => Ok(vec![(*offset, *count); usize::from(from == 0)]),
            Pieces::Listed(offsets, counts) => {
                let offsets = list(bytes, offsets, from, len)?;
                let counts = match counts {
                    Some(counts) => list(bytes, counts, from, len)?,
                    None => Vec::new(),
                };
                let counts = counts.into_iter().chain(std::iter::repeat(u64::MAX));
                Ok(offsets.into_iter().zip(counts).collect())
            }
        }
    }

    /// How many of its rows the file holds from the first on. Errors when the file cannot be read.
    pub(super) fn rows_held(&self, bytes: &Bytes, frame: &Frame) -> io::Result<usize> {
        let Packing { compression, apart, across, down, tiled, .. } = self.packing;
        let (beside, below) = grid(frame, &self.packing);
        let layers = if apart { frame.samples } else { 1 };
        let end = bytes.source.len();
        let row = (across * frame.bits).saturating_mul(if apart { 1 } else { frame.samples });
        let row = row.div_ceil(8) as u64;
        let mut held = frame.height;
        for layer in 0..layers {
            let places = self.places(bytes, layer * beside * below, beside * below)?;
            for band in 0..below {
                let begins = band * down;
                let rows = if tiled { down } else { down.min(frame.height - begins) };
                for nth in 0..beside {
                    let there = match places.get(band * beside + nth) {
                        None => 0,
                        // What is not packed is as long as its rows are, whatever the file says.
                        Some(&(offset, _)) if compression == Compression::None => {
                            let rows_there = end.saturating_sub(offset) / row;
                            usize::try_from(rows_there).unwrap_or(usize::MAX).min(rows)
                        }
                        Some(&(offset, count)) => {
                            let ends =
                                offset.saturating_add(if count == u64::MAX { 1 } else { count });
                            if ends <= end { rows } else { 0 }
                        }
                    };
                    if there < rows {
                        let whole = if tiled { 0 } else { there };
                        held = held.min(begins + whole);
                    }
                }
                if held <= begins {
                    break;
                }
            }
        }
        Ok(held)
    }
}
