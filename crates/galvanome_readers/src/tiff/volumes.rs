//! Pages that belong together: stacks of equal pages are volumes, colours and channels volumes of their own.

use std::io;
use std::sync::Arc;

use galvanome_model::image::Image;
use galvanome_model::note::Note;

use super::described::{Arranged, Described, resolution};
use super::directory::{Bytes, Directory};
use super::instruments::Told;
use super::page::{Frame, Page, Pieces, tags};
use super::slabs::{Pages, TiffSlabs};
use super::unpack::Compression;
use crate::volume::Voxel;

/// Images that are given of one file.
const IMAGES_MAX: usize = 1024;
/// Pages that a note names.
const NAMED_MAX: usize = 10;

/// Equal pages in a row.
struct Group {
    frame: Frame,
    /// Rows that are given.
    rows: usize,
    pages: Vec<Page>,
    /// The number of its first page, from 1.
    first: usize,
    /// Edges of a pixel along y, x by the resolution tags.
    edges: [Option<f64>; 2],
}

/// What is known of the pages of a file.
#[derive(Default)]
pub(super) struct Volumes {
    groups: Vec<Group>,
    /// How many pages there were, those that were not read among them.
    pub(super) pages: usize,
    /// Pages that are not read, and why.
    pub(super) refused: Vec<(usize, String)>,
    /// Pages of which the file does not hold every row.
    short: Vec<usize>,
    /// Whether the list of pages breaks off.
    pub(super) cut: bool,
    /// Whether it goes on beyond what is looked at.
    pub(super) limit: bool,
    pub(super) described: Described,
    pub(super) told: Told,
    /// Codes of notes with what they say, each once.
    said: Vec<(&'static str, String)>,
}

/// What there is to give.
#[derive(Default)]
pub(super) struct Found {
    pub(super) images: Vec<Image>,
    pub(super) notes: Vec<Note>,
}

impl Volumes {
    /// A page that is not read.
    pub(super) fn refuse(&mut self, why: String, cut: bool) {
        // A directory that the file cuts off says nothing about its page.
        if !cut {
            self.refused.push((self.pages, why));
        }
    }

    fn say(&mut self, code: &'static str, message: impl Into<String>) {
        if self.said.iter().all(|(said, _)| *said != code) {
            self.said.push((code, message.into()));
        }
    }

    /// Takes a page. Errors when the source cannot be read.
    pub(super) fn add(
        &mut self,
        bytes: &mut Bytes,
        directory: &Directory,
        frame: Frame,
        page: Page,
    ) -> io::Result<()> {
        let held = page.rows_held(bytes, &frame)?;
        if held < frame.height {
            self.short.push(self.pages);
        }
        if let Some(last) = self.groups.last_mut()
            && last.frame == frame
            && last.rows == frame.height
        {
            if held == frame.height {
                last.pages.push(page);
            }
            return Ok(());
        }
        if held == 0 {
            return Ok(());
        }
        let (edges, screen) = resolution(bytes, directory, self.described.unit_m)?;
        let stated = self.told.pixel_m[0].or(self.described.voxel_m[1]).is_some();
        if screen && !stated {
            self.say("screen-resolution", "the file states the resolution of a screen, which software writes that knows no other; the size of a pixel stays unknown");
        }
        self.say_of(bytes, directory, &frame)?;
        let first = self.pages;
        self.groups.push(Group { frame, rows: held, pages: vec![page], first, edges });
        Ok(())
    }

    fn say_of(
        &mut self,
        bytes: &mut Bytes,
        directory: &Directory,
        frame: &Frame,
    ) -> io::Result<()> {
        match frame.photometric {
            0 => self.say(
                "white-is-zero",
                "0 is white in this image; the values are given as they are stored",
            ),
            3 => {
                let grey = match directory.entry(tags::COLOUR_MAP) {
                    Some(map) => is_grey(&bytes.raw(map, 3 * 2 * 256)?),
                    None => false,
                };
                let message = if grey {
                    "the values are places in a palette, which is a ramp of greys: they are given as they are stored"
                } else {
                    "the values are places in a palette of colours, and no amounts of anything; they are given as they are stored"
                };
                self.say(if grey { "grey-palette" } else { "palette-index" }, message);
            }
            _ => {}
        }
        if let Some(entry) = directory.entry(tags::ORIENTATION)
            && let Some(orientation @ 2..=8) = bytes.whole(entry, 0)?
        {
            let message = format!(
                "the file asks to be shown turned or mirrored (orientation {orientation}); rows and columns are given as they are stored"
            );
            self.say("orientation-not-applied", message);
        }
        if matches!(frame.voxel, Voxel::U64Le | Voxel::U64Be | Voxel::I64Le | Voxel::I64Be) {
            self.say("integers-rounded", "whole numbers of 64 bits are given in double precision, which rounds those beyond 9,007,199,254,740,992");
        }
        Ok(())
    }

    /// The images, and what is to be said about them.
    pub(super) fn images(&mut self, bytes: &Bytes) -> Found {
        let mut found = Found::default();
        if let Some(calibration) = self.described.calibration.take() {
            let message = format!(
                "ImageJ computes values from the stored numbers ({calibration}); the numbers are given as they are stored"
            );
            self.say("calibration-not-applied", message);
        }
        let groups = std::mem::take(&mut self.groups);
        let size = groups.first().map(|group| (group.frame.width, group.frame.height));
        let alone = groups.len() == 1;
        let mut beyond = 0;
        for group in groups {
            let pages = group.pages.len();
            let arranged = self.described.arranged.filter(|_| alone);
            let run = arranged.and_then(|arranged| run_of(bytes, &group, arranged));
            let (there, planes) = match run {
                Some((len, there)) => {
                    let first = group.pages.first().copied();
                    let Some(first) = first else { continue };
                    (there, Pages::Run(first, len))
                }
                None => (pages, Pages::Listed(group.pages.as_slice().into())),
            };
            if let Some(arranged) = arranged
                && arranged.pages() > there.max(self.pages)
            {
                self.cut = true;
                let message = format!(
                    "the description says {} pages and the file holds {there}; these were read",
                    arranged.pages()
                );
                self.say("truncated-file", message);
            }
            let arranged = arranged.filter(|arranged| arranged.pages() == there);
            for (label, first, step, slices, deep) in stacks(arranged, there) {
                for sample in 0..group.frame.samples {
                    if found.images.len() >= IMAGES_MAX {
                        beyond += 1;
                        continue;
                    }
                    let slabs = TiffSlabs {
                        source: Arc::clone(&bytes.source),
                        order: bytes.order,
                        frame: group.frame,
                        rows: group.rows,
                        pages: planes.clone(),
                        first,
                        step,
                        slices,
                        sample,
                        voxel_m: self.voxel_m(&group, deep, size),
                    };
                    let mut labels = Vec::new();
                    if !alone {
                        labels.push(pages_of(&group, there));
                    }
                    labels.extend((!label.is_empty()).then(|| label.clone()));
                    labels.extend(sample_name(&group.frame, sample));
                    found.images.push(Image {
                        name: "grey".to_owned(),
                        label: labels.join(", "),
                        unit: String::new(),
                        slabs: Arc::new(slabs),
                    });
                }
            }
        }
        if beyond > 0 {
            let message =
                format!("the file holds {beyond} more images than the {IMAGES_MAX} that were read");
            self.say("limit-reached", message);
        }
        self.note(&mut found);
        found
    }

    /// Edges of a voxel. What the first page says in words is true of pages of its size: another may be a smaller copy.
    fn voxel_m(&self, group: &Group, deep: bool, size: Option<(usize, usize)>) -> [Option<f64>; 3] {
        let [edge_y, edge_x] = group.edges;
        if size != Some((group.frame.width, group.frame.height)) {
            return [None, edge_y, edge_x];
        }
        let [z, y, x] = self.described.voxel_m;
        let [told_y, told_x] = self.told.pixel_m;
        [z.filter(|_| deep), told_y.or(y).or(edge_y), told_x.or(x).or(edge_x)]
    }

    fn note(&mut self, found: &mut Found) {
        if !self.short.is_empty() {
            let named: Vec<_> = self.short.iter().take(NAMED_MAX).map(usize::to_string).collect();
            let more = self.short.len().saturating_sub(NAMED_MAX);
            let more = if more > 0 { format!(" and {more} more") } else { String::new() };
            let rest = match found.images.first() {
                Some(image) if self.pages == 1 => {
                    format!("its first {} rows were read", image.slabs.shape()[1])
                }
                _ => "whole pages were read".to_owned(),
            };
            let message = format!(
                "the file ends before the last row of page {}{more}; {rest}. Fetch it from the instrument again",
                named.join(", ")
            );
            found.notes.push(Note::new("truncated-file", message, format!("page {}", named[0])));
        } else if self.cut && self.said.iter().all(|(code, _)| *code != "truncated-file") {
            let message = format!(
                "the list of pages breaks off after page {}; what is there was read. Fetch the file from the instrument again",
                self.pages
            );
            found.notes.push(Note::new("truncated-file", message, format!("page {}", self.pages)));
        }
        if !found.images.is_empty()
            && let Some((page, why)) = self.refused.first()
        {
            let more = self.refused.len() - 1;
            let more = if more > 0 {
                format!(" ({more} more pages were not read)")
            } else {
                String::new()
            };
            let message = format!("page {page} was not read: {why}{more}");
            found.notes.push(Note::new("page-not-read", message, format!("page {page}")));
        }
        for (code, message) in self.said.drain(..) {
            found.notes.push(Note::new(code, message, ""));
        }
    }
}

/// Whether a palette of 16-bit reds, then greens, then blues is a ramp of greys, in either order of bytes.
fn is_grey(map: &[u8]) -> bool {
    let third = map.len() / 3;
    let mut colours = map.chunks_exact(third.max(1));
    let (Some(red), Some(green), Some(blue)) = (colours.next(), colours.next(), colours.next())
    else {
        return false;
    };
    // Stored in either order the two bytes of a ramp (257 times the place) are equal.
    let ramp = |colour: &[u8]| {
        let step = 256 / (colour.len() / 2).max(1);
        let pairs = colour.chunks_exact(2).enumerate();
        pairs.into_iter().all(|(place, two)| {
            let wanted = u8::try_from(place * step).unwrap_or(u8::MAX);
            step == 1 && two.iter().all(|byte| *byte == wanted)
        })
    };
    red == green && green == blue && ramp(red)
}

/// Slices that ImageJ wrote one behind the other under a single directory: the bytes from one to the next, and how many the
/// file holds.
fn run_of(bytes: &Bytes, group: &Group, arranged: Arranged) -> Option<(u64, usize)> {
    let [page] = group.pages.as_slice() else { return None };
    let Pieces::One(at, _) = page.pieces else { return None };
    let plain = page.packing.compression == Compression::None
        && !page.packing.tiled
        && !page.packing.apart
        && group.frame.bits >= 8
        && group.rows == group.frame.height;
    if !plain || arranged.pages() < 2 {
        return None;
    }
    let Frame { width, height, samples, .. } = group.frame;
    let len = width.checked_mul(height)?.checked_mul(samples * group.frame.bytes())? as u64;
    let there = bytes.source.len().saturating_sub(at) / len.max(1);
    let there = usize::try_from(there).ok()?.min(arranged.pages());
    (there > 1).then_some((len, there))
}

/// Stacks of so many pages: a label, the first page, from one slice to the next, how many slices, and whether they lie
/// behind each other in space.
fn stacks(arranged: Option<Arranged>, pages: usize) -> Vec<(String, usize, usize, usize, bool)> {
    let Some(Arranged { channels, slices, frames }) = arranged else {
        return vec![(String::new(), 0, 1, pages, true)];
    };
    // Images at several times and one height are a stack in time.
    let (along, beside, deep) = if slices.0 == 1 && frames.0 > 1 {
        (frames, slices, false)
    } else {
        (slices, frames, true)
    };
    let mut stacks = Vec::new();
    for frame in 0..beside.0 {
        for channel in 0..channels.0 {
            let mut label = Vec::new();
            label.extend((beside.0 > 1).then(|| format!("frame {}", frame + 1)));
            label.extend((channels.0 > 1).then(|| format!("channel {}", channel + 1)));
            let first = frame * beside.1 + channel * channels.1;
            stacks.push((label.join(", "), first, along.1, along.0, deep));
            if stacks.len() > IMAGES_MAX {
                return stacks;
            }
        }
    }
    stacks
}

fn pages_of(group: &Group, there: usize) -> String {
    match there {
        1 => format!("page {}", group.first),
        more => format!("{more} pages from page {} on", group.first),
    }
}

fn sample_name(frame: &Frame, sample: usize) -> Option<String> {
    if frame.samples == 1 {
        return None;
    }
    let colours = ["red", "green", "blue", "alpha"];
    Some(match colours.get(sample) {
        Some(colour) if frame.photometric == 2 && frame.samples <= 4 => (*colour).to_owned(),
        _ => format!("sample {}", sample + 1),
    })
}
