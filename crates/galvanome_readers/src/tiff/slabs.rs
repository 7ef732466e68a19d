//! Pages of a TIFF as slices.

use std::ops::Range;
use std::sync::Arc;

use galvanome_model::slabs::{SlabError, Slabs, VoxelKind, Voxels, slab_len};

use super::directory::{Bytes, Order};
use super::page::{Frame, Packing, Page, Pieces, grid};
use super::unpack::{Compression, add_up, add_up_floats, unpack};
use crate::source::{Source, read_full};
use crate::volume::read_run;

/// Where the pages of a volume are.
#[derive(Clone)]
pub(super) enum Pages {
    /// Each has a directory of its own.
    Listed(Arc<[Page]>),
    /// They lie one behind the other, as the first does.
    Run(Page, u64),
}

/// A volume of pages.
pub(super) struct TiffSlabs {
    pub(super) source: Arc<dyn Source>,
    pub(super) order: Order,
    pub(super) frame: Frame,
    /// Rows that are given; fewer than the frame's where the file ends before.
    pub(super) rows: usize,
    pub(super) pages: Pages,
    /// The first page, how many lie from one slice to the next, and how many slices there are.
    pub(super) first: usize,
    pub(super) step: usize,
    pub(super) slices: usize,
    /// Which number of a pixel.
    pub(super) sample: usize,
    pub(super) voxel_m: [Option<f64>; 3],
}

/// Room for what passes on the way from the file.
#[derive(Default)]
struct Room {
    packed: Vec<u8>,
    piece: Vec<u8>,
    band: Vec<u8>,
    spare: Vec<u8>,
}

impl Slabs for TiffSlabs {
    fn shape(&self) -> [usize; 3] {
        [self.slices, self.rows, self.frame.width]
    }

    fn voxel_m(&self) -> [Option<f64>; 3] {
        self.voxel_m
    }

    fn kind(&self) -> VoxelKind {
        self.frame.voxel.kind()
    }

    fn read(&self, z: Range<usize>, into: &mut Voxels) -> Result<(), SlabError> {
        slab_len(self.shape(), &z)?;
        into.clear_as(self.kind());
        let bytes = Bytes::new(Arc::clone(&self.source), self.order);
        let mut room = Room::default();
        for slice in z {
            let place = self.first + slice * self.step;
            let page = match &self.pages {
                Pages::Listed(pages) => pages.get(place).copied(),
                Pages::Run(page, len) => run_page(page, *len, place),
            };
            let read = page
                .ok_or_else(|| "there is no such page".to_owned())
                .and_then(|page| self.page(&bytes, &page, &mut room, into));
            if let Err(message) = read {
                let message = format!("slice {slice} (page {}): {message}", place + 1);
                return Err(SlabError { message });
            }
        }
        Ok(())
    }
}

fn run_page(first: &Page, len: u64, place: usize) -> Option<Page> {
    let Pieces::One(at, count) = first.pieces else { return None };
    let at = at.checked_add(len.checked_mul(place as u64)?)?;
    Some(Page { pieces: Pieces::One(at, count), ..*first })
}

impl TiffSlabs {
    fn page(
        &self,
        bytes: &Bytes,
        page: &Page,
        room: &mut Room,
        into: &mut Voxels,
    ) -> Result<(), String> {
        let (beside, below) = grid(&self.frame, &page.packing);
        let layer = if page.packing.apart { self.sample } else { 0 };
        let places = page
            .places(bytes, layer * beside * below, beside * below)
            .map_err(|error| error.to_string())?;
        if self.is_plain(&page.packing) {
            return self.plain(page, &places, into);
        }
        let wanted = into.len() + self.rows * self.frame.width;
        for (band, places) in places.chunks(beside).enumerate().take(below) {
            let begins = band * page.packing.down;
            let Some(left) = self.rows.checked_sub(begins).filter(|left| *left > 0) else { break };
            let rows = page.packing.down.min(left);
            for (nth, &place) in places.iter().enumerate() {
                self.piece(page, place, begins, room)
                    .map_err(|why| format!("rows from {begins} on: {why}"))?;
                self.put(page, nth, rows, room);
            }
            self.frame.voxel.decode(&room.band, into);
        }
        if into.len() == wanted { Ok(()) } else { Err("pixels are missing".to_owned()) }
    }

    /// Whether the rows of a page lie in the file as they are given.
    fn is_plain(&self, packing: &Packing) -> bool {
        packing.compression == Compression::None
            && !packing.tiled
            && packing.predictor == 1
            && !packing.reversed
            && self.frame.bits >= 8
            && (self.frame.samples == 1 || packing.apart)
    }

    /// Adds the rows of such a page. Strips that follow one another are read as one.
    fn plain(&self, page: &Page, places: &[(u64, u64)], into: &mut Voxels) -> Result<(), String> {
        let row = self.frame.width * self.frame.bytes();
        let mut left = self.rows;
        let mut run: Option<(u64, usize)> = None;
        let flush = |run: Option<(u64, usize)>, into: &mut Voxels| match run {
            Some((at, rows)) => {
                let voxels = rows * self.frame.width;
                read_run(self.source.as_ref(), at, voxels, self.frame.voxel, into)
            }
            None => Ok(()),
        };
        for &(at, _) in places {
            let rows = page.packing.down.min(left);
            left -= rows;
            run = match run {
                Some((begin, before)) if begin.checked_add((before * row) as u64) == Some(at) => {
                    Some((begin, before + rows))
                }
                other => {
                    flush(other, into)?;
                    Some((at, rows))
                }
            };
        }
        flush(run, into)?;
        if left == 0 { Ok(()) } else { Err("strips are missing".to_owned()) }
    }

    /// Unpacks a strip or tile, so that each of its numbers has bytes of its own.
    fn piece(
        &self,
        page: &Page,
        (at, count): (u64, u64),
        begins: usize,
        room: &mut Room,
    ) -> Result<(), String> {
        let Packing { compression, predictor, apart, reversed, across, down, tiled } = page.packing;
        let frame = &self.frame;
        let samples = if apart { 1 } else { frame.samples };
        let stored_row = (across * samples * frame.bits).div_ceil(8);
        let stored_rows = if tiled { down } else { down.min(frame.height - begins) };
        // Of a page that is cut only the rows that are given are there.
        let rows = stored_rows.min(self.rows - begins);
        let most = stored_row * rows;
        let there = self.source.len().saturating_sub(at);
        // What is not packed is as long as its rows are, and nothing packs to more than twice its length.
        let longest = match compression {
            Compression::None => most,
            _ => usize::try_from(count).unwrap_or(usize::MAX).min(2 * most + (1 << 16)),
        };
        let len = usize::try_from(there).unwrap_or(usize::MAX).min(longest);
        room.packed.resize(len, 0);
        let got = read_full(self.source.as_ref(), at, &mut room.packed);
        let got = got.map_err(|error| error.to_string())?;
        room.packed.truncate(got);
        if reversed {
            for byte in &mut room.packed {
                *byte = byte.reverse_bits();
            }
        }
        unpack(compression, &room.packed, most, &mut room.piece)?;
        if room.piece.len() < most {
            return Err(format!(
                "the strip or tile at byte {at} holds {} bytes of {most}",
                room.piece.len()
            ));
        }
        if frame.bits < 8 {
            spread(&mut room.piece, &mut room.spare, frame.bits, stored_row, across * samples);
        }
        let bytes = frame.bytes();
        for row in room.piece.chunks_exact_mut((across * samples * bytes).max(1)) {
            match predictor {
                2 => add_up(row, bytes, samples, self.order),
                3 => add_up_floats(row, bytes, samples, self.order, &mut room.spare),
                _ => {}
            }
        }
        Ok(())
    }

    /// Puts the numbers of the sample that is asked for from a piece into its band.
    fn put(&self, page: &Page, nth: usize, rows: usize, room: &mut Room) {
        let bytes = self.frame.bytes();
        let (samples, sample) =
            if page.packing.apart { (1, 0) } else { (self.frame.samples, self.sample) };
        let across = page.packing.across;
        let band_row = self.frame.width * bytes;
        if nth == 0 {
            // As large as what was just unpacked says, times the tiles beside it.
            room.band.resize(band_row * rows, 0);
        }
        let from_column = nth * across;
        let columns = across.min(self.frame.width - from_column);
        let rows_of = room.piece.chunks_exact((across * samples * bytes).max(1));
        for (piece, band) in rows_of.zip(room.band.chunks_exact_mut(band_row.max(1))) {
            let Some(to) = band.get_mut(from_column * bytes..(from_column + columns) * bytes)
            else {
                continue;
            };
            if samples == 1 {
                if let Some(from) = piece.get(..to.len()) {
                    to.copy_from_slice(from);
                }
                continue;
            }
            let pixels = piece.chunks_exact(samples * bytes);
            for (to, pixel) in to.chunks_exact_mut(bytes).zip(pixels) {
                if let Some(from) = pixel.get(sample * bytes..(sample + 1) * bytes) {
                    to.copy_from_slice(from);
                }
            }
        }
    }
}

/// Gives each number of less than eight bits a byte of its own; rows begin at whole bytes.
fn spread(piece: &mut Vec<u8>, spare: &mut Vec<u8>, bits: usize, row: usize, columns: usize) {
    spare.clear();
    let mask = (1_u8 << bits) - 1;
    let each = 8 / bits;
    for row in piece.chunks_exact(row.max(1)) {
        let numbers = row
            .iter()
            .flat_map(|&byte| (0..each).map(move |nth| byte >> (8 - bits * (nth + 1)) & mask));
        spare.extend(numbers.take(columns));
    }
    std::mem::swap(piece, spare);
}
