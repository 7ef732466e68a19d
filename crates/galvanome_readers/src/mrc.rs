//! MRC, CCP4 and MAP: volumes of electron tomography and density maps.
//!
//! Sources: A. Cheng et al., MRC2014: Extensions to the MRC format header for electron cryo-microscopy and tomography,
//! J. Struct. Biol. 192 (2015) 146; the CCP4 map format; for bytes with and without a sign the header of IMOD. A head of
//! 1024 bytes, an extended head, then the voxels, slice after slice.

use std::sync::Arc;

use galvanome_model::image::Image;
use galvanome_model::note::Note;

use crate::error::{ReadError, Trouble};
use crate::files::Files;
use crate::format::{Confidence, Format};
use crate::lengths::length;
use crate::limits::Limits;
use crate::sink::Sink;
use crate::source::head_of;
use crate::volume::{Layout, SourceSlabs, Voxel};

/// The entry of the list of formats.
pub(crate) const FORMAT: Format = Format {
    id: "mrc",
    name: "MRC, CCP4 and MAP volumes",
    endings: &["mrc", "map", "ccp4", "rec", "st", "ali", "mrcs"],
    claims,
    read,
};

/// Bytes of the head.
const HEAD: usize = 1024;
/// Where the mark, the byte order and the first label stand.
const MARK: usize = 208;
const ORDER: usize = 212;
const LABELS: usize = 224;
const LABEL: usize = 80;
/// What IMOD leaves in the head of its files.
const IMOD: i32 = 1_146_047_817;
/// Volumes of a stack of volumes that are given.
const VOLUMES_MAX: usize = 1024;

/// Numbers of four bytes of the head, in the order that the file has.
struct Head {
    bytes: Vec<u8>,
    high_first: bool,
    /// Whether it carries the mark of 2000 and later.
    marked: bool,
}

impl Head {
    /// The head that bytes are; none where they cannot be one.
    fn of(bytes: Vec<u8>) -> Option<Self> {
        let marked = bytes.get(MARK..MARK + 4).is_some_and(|mark| mark.starts_with(b"MAP"));
        let stamp = bytes.get(ORDER..ORDER + 2)?;
        let stated = match stamp {
            [0x44, 0x44 | 0x41 | 0x40 | 0x00] if marked => Some(false),
            [0x11, 0x11 | 0x00 | 0x01] if marked => Some(true),
            _ => None,
        };
        let mut head = Self { bytes, high_first: stated.unwrap_or(false), marked };
        // Some writers leave the stamp out, and some say the wrong one: sizes and kind of voxel tell.
        if !head.is_sound() {
            head.high_first = !head.high_first;
        }
        (head.bytes.len() == HEAD && head.is_sound()).then_some(head)
    }

    fn four(&self, at: usize) -> [u8; 4] {
        self.bytes.get(at..).and_then(|rest| rest.first_chunk()).copied().unwrap_or_default()
    }

    fn whole(&self, at: usize) -> i32 {
        if self.high_first {
            i32::from_be_bytes(self.four(at))
        } else {
            i32::from_le_bytes(self.four(at))
        }
    }

    fn real(&self, at: usize) -> f64 {
        f64::from(if self.high_first {
            f32::from_be_bytes(self.four(at))
        } else {
            f32::from_le_bytes(self.four(at))
        })
    }

    /// Columns, rows, slices.
    fn sides(&self) -> [i32; 3] {
        [self.whole(0), self.whole(4), self.whole(8)]
    }

    /// Which of x, y, z columns, rows and slices run along, from 0.
    fn axes(&self) -> Option<[usize; 3]> {
        let axes = [64, 68, 72].map(|at| self.whole(at));
        // Zeros stand in old files that mean the usual order.
        if axes == [0; 3] {
            return Some([0, 1, 2]);
        }
        let mut sorted = axes;
        sorted.sort_unstable();
        (sorted == [1, 2, 3]).then(|| axes.map(|axis| axis as usize - 1))
    }

    /// Whether sizes, kind of voxel and axes are such as can be.
    fn is_sound(&self) -> bool {
        let mode = self.whole(12);
        self.sides().iter().all(|side| (0..1 << 24).contains(side))
            && (matches!(mode, 0..=4 | 6 | 7 | 12 | 16 | 101)
                || self.marked && (0..256).contains(&mode))
            && (self.axes().is_some() || self.marked)
            && self.whole(92) >= 0
    }
}

fn head(files: &Files) -> Option<Head> {
    Head::of(head_of(files.only()?.source.as_ref(), HEAD).ok()?)
}

/// Bytes of a voxel of a mode.
fn bytes_of(mode: i32) -> Option<usize> {
    Some(match mode {
        0 => 1,
        1 | 6 | 12 => 2,
        2 => 4,
        _ => return None,
    })
}

fn claims(files: &Files) -> Confidence {
    let Some(head) = head(files) else { return Confidence::No };
    if head.marked {
        return Confidence::Certain;
    }
    // Without the mark only a length that fits exactly tells.
    let [x, y, z] = head.sides().map(|side| u64::from(side.cast_unsigned()));
    let voxel = bytes_of(head.whole(12)).unwrap_or(0) as u64;
    let wanted = (x * y).checked_mul(z).and_then(|voxels| voxels.checked_mul(voxel));
    let before = HEAD as u64 + u64::from(head.whole(92).cast_unsigned());
    let len = files.only().map_or(0, |member| member.source.len());
    match wanted.and_then(|wanted| wanted.checked_add(before)) {
        Some(wanted) if wanted == len && wanted > before => Confidence::Likely,
        _ => Confidence::No,
    }
}

/// Whether bytes have a sign, and why that is thought.
fn is_signed(head: &Head) -> (bool, Option<&'static str>) {
    if head.whole(152) == IMOD {
        return (head.whole(156) & 1 == 1, None);
    }
    let (least, largest) = (head.real(76), head.real(80));
    if largest > 127.0 && largest <= 255.0 && (0.0..=largest).contains(&least) {
        let why = "the head says a largest value above 127, so the bytes were read without a sign, against MRC2014";
        return (false, Some(why));
    }
    (true, None)
}

fn voxel_of(head: &Head) -> Result<(Voxel, Option<&'static str>), String> {
    let of = |le, be| if head.high_first { be } else { le };
    Ok(match head.whole(12) {
        0 => match is_signed(head) {
            (true, why) => (Voxel::I8, why),
            (false, why) => (Voxel::U8, why),
        },
        1 => (of(Voxel::I16Le, Voxel::I16Be), None),
        2 => (of(Voxel::F32Le, Voxel::F32Be), None),
        6 => (of(Voxel::U16Le, Voxel::U16Be), None),
        12 => (of(Voxel::F16Le, Voxel::F16Be), None),
        mode => {
            let kind = match mode {
                3 | 4 => " (complex numbers of a transform)",
                16 => " (colours)",
                101 => " (four bits)",
                _ => "",
            };
            return Err(format!("its mode {mode}{kind} is not read"));
        }
    })
}

fn read(files: &Files, limits: &Limits, sink: &mut dyn Sink) -> Result<(), ReadError> {
    let damaged =
        |what: &str| ReadError::new(Trouble::Damaged, what, "fetch it from the instrument again");
    let (Some(member), Some(head)) = (files.only(), head(files)) else {
        return Err(damaged("the file does not begin as an MRC volume does"));
    };
    tell(&head, limits, sink);
    let (voxel, why) = voxel_of(&head).map_err(|what| {
        ReadError::new(Trouble::Unsupported, what, "save it with a mode of 0, 1, 2, 6 or 12")
            .at_byte(12)
    })?;
    if let Some(why) = why {
        sink.note(Note::new("sign-assumed", why, "mode 0"));
    }
    let [columns, rows, slices] = head.sides().map(|side| side as usize);
    let row = (columns * voxel.bytes()) as u64;
    if row == 0 || rows == 0 || slices == 0 {
        return Err(damaged("the head says a volume without voxels"));
    }
    let offset = HEAD as u64 + u64::from(head.whole(92).cast_unsigned());
    let held = member.source.len().saturating_sub(offset);
    let slice = row * rows as u64;
    let there = usize::try_from(held / slice).unwrap_or(usize::MAX).min(slices);
    let mut shape = [there, rows, columns];
    if there < slices {
        let mut message = format!(
            "the head says {slices} slices and the file holds {there} whole ones; these were read. Fetch it from the instrument again"
        );
        if there == 0 {
            shape = [1, usize::try_from(held / row).unwrap_or(0), columns];
            if shape[1] == 0 {
                return Err(damaged("the file ends before its first whole row"));
            }
            message = format!(
                "the file ends within the first of {slices} slices; its first {} rows of {rows} were read. Fetch it from the instrument again",
                shape[1]
            );
        }
        sink.note(Note::new("truncated-file", message, format!("byte {}", member.source.len())));
    }
    if there == slices && held > slice * slices as u64 {
        let message =
            format!("{} bytes behind the last slice were not read", held - slice * slices as u64);
        sink.note(Note::new(
            "bytes-left",
            message,
            format!("byte {}", offset + slice * slices as u64),
        ));
    }
    // A stack of volumes holds several of `mz` slices each (space group 401 and above).
    let deep = usize::try_from(head.whole(36)).unwrap_or(0);
    let deep = if head.whole(88) >= 401 && deep > 0 { deep.min(shape[0]) } else { shape[0] };
    let count = shape[0].div_ceil(deep);
    let voxel_m = voxel_m(&head, sink);
    for nth in 0..count.min(VOLUMES_MAX) {
        let first = nth * deep;
        let layout = Layout {
            shape: [deep.min(shape[0] - first), shape[1], columns],
            voxel_m,
            offset: offset + first as u64 * slice,
            voxel,
        };
        let slabs = SourceSlabs::new(Arc::clone(&member.source), layout);
        let slabs = slabs.map_err(|error| damaged(&error.message))?;
        let label = if count > 1 { format!("volume {}", nth + 1) } else { String::new() };
        sink.image(Image {
            name: "grey".to_owned(),
            label,
            unit: String::new(),
            slabs: Arc::new(slabs),
        });
    }
    if count > VOLUMES_MAX {
        let message = format!("the file holds {count} volumes; the first {VOLUMES_MAX} were read");
        sink.note(Note::new("limit-reached", message, "volumes"));
    }
    Ok(())
}

/// Edges of a voxel along slices, rows, columns: those of the cell over the intervals along each.
fn voxel_m(head: &Head, sink: &mut dyn Sink) -> [Option<f64>; 3] {
    let Some(axes) = head.axes() else {
        let message = "the head does not say which axes columns, rows and slices run along; the size of a voxel stays unknown";
        sink.note(Note::new("axis-order", message, "MAPC, MAPR, MAPS"));
        return [None; 3];
    };
    if axes != [0, 1, 2] {
        let [x, y, z] = axes.map(|axis| ["x", "y", "z"].get(axis).copied().unwrap_or("?"));
        let message = format!(
            "columns run along {x}, rows along {y} and slices along {z} of the map; the volume is given as it is stored"
        );
        sink.note(Note::new("axis-order", message, "MAPC, MAPR, MAPS"));
    }
    let mut edges = axes.map(|axis| {
        let (intervals, cell) = (head.whole(28 + 4 * axis), head.real(40 + 4 * axis));
        length(cell * 1e-10 / f64::from(intervals.max(0)))
    });
    edges.reverse();
    edges
}

fn tell(head: &Head, limits: &Limits, sink: &mut dyn Sink) {
    let said = usize::try_from(head.whole(220)).unwrap_or(0);
    let labels = head.bytes.get(LABELS..).unwrap_or_default().chunks_exact(LABEL);
    for label in labels.take(said.min(limits.max_metadata)) {
        let label = label.split(|&byte| byte == 0).next().unwrap_or_default();
        let label = String::from_utf8_lossy(label);
        if !label.trim().is_empty() {
            sink.metadata("label", label.trim_end());
        }
    }
    if head.whole(92) > 0 {
        let kind = head.bytes.get(104..108).unwrap_or_default();
        let kind = String::from_utf8_lossy(kind).trim_matches(['\0', ' ']).to_owned();
        sink.metadata("extended header", &format!("{} bytes of type {kind:?}", head.whole(92)));
    }
    let numbers = [("NVERSION", 108), ("ISPG", 88), ("MODE", 12)];
    for (name, at) in numbers {
        sink.metadata(name, &head.whole(at).to_string());
    }
    for (name, at) in [("DMIN", 76), ("DMAX", 80), ("DMEAN", 84), ("RMS", 216)] {
        sink.metadata(name, &head.real(at).to_string());
    }
}
