//! Numbered images of one measurement, in a folder or a zip: slices of a volume, or frames.
//!
//! The number that changes from name to name gives the order, as a number and not as text. A slice is opened when it is
//! asked for, so that a folder of thousands takes no more memory than one of them.

use std::collections::BTreeMap;
use std::ops::Range;
use std::sync::Arc;

use galvanome_model::image::Image;
use galvanome_model::measurement::Measurement;
use galvanome_model::note::Note;
use galvanome_model::slabs::{SlabError, Slabs, VoxelKind, Voxels, slab_len};

use crate::error::{ReadError, Trouble};
use crate::files::{Files, Member, Together};
use crate::format::{Confidence, Format};
use crate::limits::Limits;
use crate::members::Members;
use crate::sink::{Collect, Sink};
use crate::{mrc, tiff};

/// The entry of the list of formats.
pub(crate) const FORMAT: Format = Format {
    id: "image-stack",
    name: "numbered images of one stack",
    endings: &["tif", "tiff", "mrc", "zip"],
    claims,
    read,
};

/// Formats that a slice may have.
const SLICES: [Format; 2] = [mrc::FORMAT, tiff::FORMAT];
/// Names that a note says.
const NAMED_MAX: usize = 10;

/// Numbered names.
#[derive(Debug, Default, PartialEq)]
struct Series {
    /// Numbers and names, in order.
    slices: Vec<(u64, String)>,
    /// Names that do not belong to it.
    others: Vec<String>,
}

/// The places of digits in a name, the last ones first.
fn digits(name: &str) -> Vec<Range<usize>> {
    let mut runs: Vec<Range<usize>> = Vec::new();
    for (at, byte) in name.bytes().enumerate() {
        match runs.last_mut() {
            Some(run) if run.end == at && byte.is_ascii_digit() => run.end += 1,
            _ if byte.is_ascii_digit() => runs.push(at..at + 1),
            _ => {}
        }
    }
    runs.reverse();
    runs
}

/// The largest set of names that differ in one number only. Of equal ones that in which the last number changes.
fn series<'a>(names: impl Iterator<Item = &'a str> + Clone) -> Series {
    let mut sets: BTreeMap<(usize, String, String), Vec<(u64, String)>> = BTreeMap::new();
    for name in names.clone() {
        // The ending may hold digits that are no number of a slice (`.mp4`).
        let stem = name.rfind('.').unwrap_or(name.len());
        let runs = digits(name.get(..stem).unwrap_or(name));
        for (nth, run) in runs.into_iter().enumerate() {
            let (Some(before), Some(after)) = (name.get(..run.start), name.get(run.end..)) else {
                continue;
            };
            if let Some(number) = name.get(run).and_then(|digits| digits.parse().ok()) {
                let key = (nth, before.to_owned(), after.to_owned());
                sets.entry(key).or_default().push((number, name.to_owned()));
            }
        }
    }
    let mut best: Option<Vec<(u64, String)>> = None;
    for set in sets.into_values() {
        if best.as_ref().is_none_or(|best| set.len() > best.len()) {
            best = Some(set);
        }
    }
    let mut slices = best.unwrap_or_default();
    slices.sort();
    let of: std::collections::BTreeSet<&str> =
        slices.iter().map(|(_, name)| name.as_str()).collect();
    let others = names.filter(|name| !of.contains(name)).map(str::to_owned).collect();
    Series { slices, others }
}

/// What a slice holds, as its own format reads it.
fn opened(members: &Members, name: &str) -> Result<Measurement, String> {
    let source = members.open(name).map_err(|error| error.to_string())?;
    let source = source.ok_or_else(|| format!("{name} is not there any more"))?;
    let member = Member { name: name.to_owned(), source };
    let files = Files::several(Together::One, name, vec![member]);
    let format = SLICES.iter().find(|format| (format.claims)(&files) > Confidence::No);
    let format = format.ok_or_else(|| format!("{name} is no image that is read here"))?;
    let mut collect = Collect::new();
    (format.read)(&files, &Limits::default(), &mut collect)
        .map_err(|error| error.in_file(name).to_string())?;
    Ok(collect.into_measurement())
}

/// What slices must have in common: of each image its rows, its columns and its kind. None when there is none, or one has
/// several slices itself.
fn frame(measurement: &Measurement) -> Option<Vec<([usize; 2], VoxelKind)>> {
    let of = |image: &Image| match image.slabs.shape() {
        [1, rows, columns] => Some(([rows, columns], image.slabs.kind())),
        _ => None,
    };
    let frames: Option<Vec<_>> = measurement.images.iter().map(of).collect();
    frames.filter(|frames| !frames.is_empty())
}

fn claims(files: &Files) -> Confidence {
    let Ok(Some(members)) = Members::of(files) else { return Confidence::No };
    let series = series(members.names());
    let Some((_, first)) = series.slices.first().filter(|_| series.slices.len() > 1) else {
        return Confidence::No;
    };
    match opened(&members, first) {
        Ok(measurement) if frame(&measurement).is_some() => Confidence::Likely,
        _ => Confidence::No,
    }
}

fn read(files: &Files, _: &Limits, sink: &mut dyn Sink) -> Result<(), ReadError> {
    let failed = |error: std::io::Error| ReadError::source(files.name(), &error);
    let damaged = |what: String| {
        let remedy = "give a folder of numbered images of equal size";
        ReadError::new(Trouble::Damaged, what, remedy)
    };
    let members = Members::of(files).map_err(failed)?;
    let members =
        members.ok_or_else(|| damaged("this is neither a folder nor a zip".to_owned()))?;
    let Series { slices, others } = series(members.names());
    let mut frames = None;
    let mut first = Measurement::default();
    let mut kept: Vec<(u64, String)> = Vec::new();
    let mut left: Vec<String> = Vec::new();
    let mut noted: Vec<(Note, usize)> = Vec::new();
    for (number, name) in slices {
        let measurement = match opened(&members, &name) {
            Ok(measurement) => measurement,
            Err(why) => {
                left.push(why);
                continue;
            }
        };
        let found = frame(&measurement);
        if frames.is_none() && found.is_some() {
            frames.clone_from(&found);
            first = measurement.clone();
        }
        if found.is_none() || found != frames {
            left.push(format!("{name} has another size or kind of numbers"));
            continue;
        }
        for note in measurement.notes {
            match noted.iter_mut().find(|(known, _)| known.code == note.code) {
                Some((_, times)) => *times += 1,
                None => noted.push((Note { place: name.clone(), ..note }, 1)),
            }
        }
        kept.push((number, name));
    }
    let Some(frames) = frames else {
        return Err(damaged("no numbered image can be read".to_owned()));
    };
    tell(&first, &kept, sink);
    for (mut note, times) in noted {
        if times > 1 {
            note.message = format!("{} (so in {times} of {} slices)", note.message, kept.len());
        }
        sink.note(note);
    }
    note_names(&kept, &left, &others, sink);
    let names: Arc<[String]> = kept.into_iter().map(|(_, name)| name).collect();
    let members = Arc::new(members);
    for (place, (image, (sides, kind))) in first.images.into_iter().zip(frames).enumerate() {
        let slabs = StackSlabs {
            members: Arc::clone(&members),
            names: Arc::clone(&names),
            place,
            sides,
            kind,
            voxel_m: image.slabs.voxel_m(),
        };
        sink.image(Image { slabs: Arc::new(slabs), ..image });
    }
    Ok(())
}

fn tell(first: &Measurement, kept: &[(u64, String)], sink: &mut dyn Sink) {
    if !first.instrument.is_empty() {
        sink.instrument(&first.instrument);
    }
    if let (Some((_, from)), Some((_, to))) = (kept.first(), kept.last()) {
        sink.metadata("slices", &format!("{from} to {to}, metadata of the first"));
    }
    for (key, value) in &first.metadata {
        sink.metadata(key, value);
    }
}

/// The greatest number that divides both.
fn divisor(a: u64, b: u64) -> u64 {
    if b == 0 { a } else { divisor(b, a % b) }
}

fn listed(names: &[String]) -> String {
    let named: Vec<_> = names.iter().take(NAMED_MAX).cloned().collect();
    let more = names.len() - named.len();
    let more = if more > 0 { format!(" and {more} more") } else { String::new() };
    named.join(", ") + &more
}

fn note_names(kept: &[(u64, String)], left: &[String], others: &[String], sink: &mut dyn Sink) {
    let gaps = kept.windows(2).filter_map(|pair| match pair {
        [(before, _), (after, _)] => Some((*before, after - before)),
        _ => None,
    });
    // Numbers may count by tens.
    let step = gaps.clone().map(|(_, gap)| gap).fold(0, divisor).max(1);
    let (mut missing, mut count) = (Vec::new(), 0_u64);
    for (before, gap) in gaps {
        let between = (gap / step).saturating_sub(1);
        count = count.saturating_add(between);
        let room = (NAMED_MAX - missing.len()) as u64;
        missing.extend((1..=between.min(room)).map(|nth| (before + nth * step).to_string()));
    }
    if count > 0 {
        let more = count - missing.len() as u64;
        let more = if more > 0 { format!(" and {more} more") } else { String::new() };
        let message = format!(
            "{count} numbers are missing between the first slice and the last ({}{more}); the slices that are there follow one another",
            missing.join(", ")
        );
        sink.note(Note::new("missing-slices", message, "slices"));
    }
    if kept.windows(2).any(|pair| matches!(pair, [(a, _), (b, _)] if a == b)) {
        let message = "two slices have the same number; they follow one another by their names";
        sink.note(Note::new("repeated-slices", message, "slices"));
    }
    if !left.is_empty() {
        let message =
            format!("{} numbered files are no slices of this volume: {}", left.len(), listed(left));
        sink.note(Note::new("slices-left-out", message, "slices"));
    }
    if !others.is_empty() {
        let message = format!(
            "{} other files lie beside the slices and were not read: {}",
            others.len(),
            listed(others)
        );
        sink.note(Note::new("files-left-out", message, "files"));
    }
}

/// Slices that are opened when they are asked for.
struct StackSlabs {
    members: Arc<Members>,
    names: Arc<[String]>,
    /// Which image of a slice.
    place: usize,
    sides: [usize; 2],
    kind: VoxelKind,
    voxel_m: [Option<f64>; 3],
}

impl StackSlabs {
    fn slice(&self, place: usize, into: &mut Voxels) -> Result<(), String> {
        let name = self.names.get(place).ok_or("there is no such slice")?;
        let measurement = opened(&self.members, name)?;
        let image = measurement.images.get(self.place).ok_or("the image is not there any more")?;
        if image.slabs.shape() != [1, self.sides[0], self.sides[1]]
            || image.slabs.kind() != self.kind
        {
            return Err(format!("{name} was changed since it was first read"));
        }
        image.slabs.read(0..1, into).map_err(|error| format!("{name}: {}", error.message))
    }
}

impl Slabs for StackSlabs {
    fn shape(&self) -> [usize; 3] {
        [self.names.len(), self.sides[0], self.sides[1]]
    }

    fn voxel_m(&self) -> [Option<f64>; 3] {
        self.voxel_m
    }

    fn kind(&self) -> VoxelKind {
        self.kind
    }

    fn read(&self, z: Range<usize>, into: &mut Voxels) -> Result<(), SlabError> {
        slab_len(self.shape(), &z)?;
        into.clear_as(self.kind);
        let failed =
            |place: usize, why: String| SlabError { message: format!("slice {place}: {why}") };
        if z.len() == 1 {
            return self.slice(z.start, into).map_err(|why| failed(z.start, why));
        }
        let mut one = Voxels::new(self.kind);
        for place in z {
            self.slice(place, &mut one).map_err(|why| failed(place, why))?;
            match (&mut *into, &one) {
                (Voxels::U8(into), Voxels::U8(one)) => into.extend_from_slice(one),
                (Voxels::U16(into), Voxels::U16(one)) => into.extend_from_slice(one),
                (Voxels::F32(into), Voxels::F32(one)) => into.extend_from_slice(one),
                (Voxels::F64(into), Voxels::F64(one)) => into.extend_from_slice(one),
                _ => return Err(failed(place, "it holds another kind of numbers".to_owned())),
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::{Series, series};

    #[test]
    fn names_that_differ_in_one_number_belong_together() {
        let check = |names: &[&str], slices: &[(u64, &str)], others: &[&str]| {
            let owned = |names: &[&str]| names.iter().map(|name| (*name).to_owned()).collect();
            let slices =
                slices.iter().map(|(number, name)| (*number, (*name).to_owned())).collect();
            assert_eq!(
                series(names.iter().copied()),
                Series { slices, others: owned(others) },
                "{names:?}"
            );
        };
        check(
            &["a/s10.tif", "a/s2.tif", "a/s9.tif", "readme.txt"],
            &[(2, "a/s2.tif"), (9, "a/s9.tif"), (10, "a/s10.tif")],
            &["readme.txt"],
        );
        check(&["001_ch1.tif", "002_ch1.tif"], &[(1, "001_ch1.tif"), (2, "002_ch1.tif")], &[]);
        check(
            &["t1_z1", "t1_z2", "t2_z1", "t2_z2"],
            &[(1, "t1_z1"), (2, "t1_z2")],
            &["t2_z1", "t2_z2"],
        );
        check(&["a.tif", "b.tif"], &[], &["a.tif", "b.tif"]);
        check(
            &["9999999999999999999999.tif", "x1.tif"],
            &[(1, "x1.tif")],
            &["9999999999999999999999.tif"],
        );
    }
}
