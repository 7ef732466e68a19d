//! Zarr 2 and 3: arrays in chunks, as folders or zips, with the axes and scales of OME-NGFF.
//!
//! Sources: the specifications of Zarr version 2 and 3.1 with its codecs, numcodecs' descriptions of the compressors of
//! version 2, OME-NGFF 0.4 and 0.5. A chunk is fetched and unpacked when a slice of it is asked for.

mod array;
mod blosc;
mod codecs;
mod grow;
mod scales;
mod slabs;

use std::io;
use std::sync::Arc;

use galvanome_model::image::Image;
use galvanome_model::note::Note;
use serde_json::Value;

use self::array::{Array, version_2, version_3};
use self::scales::{Scale, scales};
use self::slabs::ZarrSlabs;
use crate::error::{ReadError, Trouble};
use crate::files::Files;
use crate::format::{Confidence, Format};
use crate::limits::Limits;
use crate::members::Members;
use crate::sink::Sink;
use crate::source::head_of;
use crate::volume::{Voxel, is_believable};

/// The entry of the list of formats.
pub(crate) const FORMAT: Format =
    Format { id: "zarr", name: "Zarr", endings: &["zarr", "zip"], claims, read };

/// Files of metadata: of arrays, of groups, of what is said of either, and of version 3.
const ARRAY: &str = ".zarray";
const GROUP: &str = ".zgroup";
const ATTRIBUTES: &str = ".zattrs";
const VERSION_3: &str = "zarr.json";

/// Bytes of metadata that are read of one file, and of one entry that is told.
const JSON_MAX: usize = 1 << 20;
const TOLD_MAX: usize = 1 << 16;
/// Images that are given.
const IMAGES_MAX: usize = 1024;

/// The folder of a file, with `/` behind it; none when the file has another name.
fn folder<'a>(name: &'a str, file: &str) -> Option<&'a str> {
    name.strip_suffix(file).filter(|folder| folder.is_empty() || folder.ends_with('/'))
}

fn claims(files: &Files) -> Confidence {
    let Ok(Some(members)) = Members::of(files) else { return Confidence::No };
    let is_mark =
        |name: &&str| [ARRAY, GROUP, VERSION_3].iter().any(|file| folder(name, file).is_some());
    let Some(mark) = members.names().find(is_mark) else { return Confidence::No };
    let Ok(Some(source)) = members.open(mark) else { return Confidence::No };
    let head = head_of(source.as_ref(), 1 << 16).unwrap_or_default();
    let marked = head.windows(13).any(|window| window == b"\"zarr_format\"");
    Confidence::certain_if(marked)
}

/// The JSON of a file; none when it is not there or is none. Errors when it cannot be fetched.
fn json(members: &Members, name: &str) -> io::Result<Option<Value>> {
    let Some(source) = members.open(name)? else { return Ok(None) };
    let bytes = head_of(source.as_ref(), JSON_MAX)?;
    // Python writes numbers that JSON does not have.
    Ok(serde_json::from_slice(&bytes).ok().or_else(|| {
        let text = String::from_utf8_lossy(&bytes);
        let text = text.replace(": NaN", ": \"NaN\"").replace(": Infinity", ": \"Infinity\"");
        serde_json::from_str(&text.replace(": -Infinity", ": \"-Infinity\"")).ok()
    }))
}

/// An array with its folder, or why it is not read.
type Found = (String, Result<Array, String>);

fn read(files: &Files, limits: &Limits, sink: &mut dyn Sink) -> Result<(), ReadError> {
    let failed = |error: io::Error| ReadError::source(files.name(), &error);
    let members = Members::of(files).map_err(failed)?;
    let Some(members) = members.map(Arc::new) else {
        let what = "this is neither a folder nor a zip";
        return Err(ReadError::new(
            Trouble::Damaged,
            what,
            "give the folder that holds zarr.json or .zarray",
        ));
    };
    let mut arrays: Vec<Found> = Vec::new();
    let mut all_scales: Vec<Scale> = Vec::new();
    let mut left = limits.max_metadata;
    for name in members.names() {
        let (place, said) = match [ARRAY, ATTRIBUTES, VERSION_3].map(|file| folder(name, file)) {
            [None, None, None] => continue,
            [Some(place), _, _] => {
                let array = json(&members, name).map_err(failed)?;
                let array = array.ok_or_else(|| "its metadata are damaged".to_owned());
                arrays.push((place.to_owned(), array.and_then(|said| version_2(&said))));
                continue;
            }
            [_, Some(place), _] => (place, json(&members, name).map_err(failed)?),
            [_, _, Some(place)] => {
                let said = json(&members, name).map_err(failed)?;
                if let Some(said) = &said
                    && said["node_type"].as_str() != Some("group")
                {
                    arrays.push((place.to_owned(), version_3(said)));
                }
                (place, said.map(|mut said| said["attributes"].take()))
            }
        };
        let Some(said) = said else { continue };
        all_scales.extend(scales(place, &said));
        for (key, value) in said.as_object().into_iter().flatten() {
            let told = match value {
                Value::String(text) => text.clone(),
                other => other.to_string(),
            };
            if let Some(less) = left.checked_sub(1)
                && told.len() <= TOLD_MAX
            {
                left = less;
                sink.metadata(&format!("{place}{key}"), &told);
            }
        }
    }
    if !members.whole {
        let message = "the zip is cut off or damaged; what could be found in it was read";
        sink.note(Note::new("truncated-file", message, files.name()));
    }
    give(&members, arrays, &all_scales, sink)
}

fn give(
    members: &Arc<Members>,
    arrays: Vec<Found>,
    all_scales: &[Scale],
    sink: &mut dyn Sink,
) -> Result<(), ReadError> {
    let unsupported = |what: String| {
        let remedy = "save it with the codecs bytes, gzip, zstd, blosc, lz4, crc32c or sharding_indexed, or as TIFF";
        ReadError::new(Trouble::Unsupported, what, remedy)
    };
    let mut refused = Vec::new();
    let (mut images, mut beyond) = (0_usize, 0_usize);
    let mut rounded = false;
    for (folder, array) in arrays {
        let label = folder.trim_end_matches('/');
        let scale = all_scales.iter().find(|scale| scale.folder == folder);
        if scale.is_some_and(|scale| scale.level > 0) {
            sink.metadata("smaller copy, not read", label);
            continue;
        }
        let array = match array.and_then(|array| plausible(array, members)) {
            Ok(array) => Arc::new(array),
            Err(why) => {
                refused.push(format!("array {label:?}: {why}"));
                continue;
            }
        };
        rounded |= matches!(array.voxel, Voxel::U64Le | Voxel::U64Be | Voxel::I64Le | Voxel::I64Be);
        let voxel_m = scale.map_or([None; 3], |scale| scale.voxel_m(array.shape.len()));
        let before = array.shape.get(..array.shape.len().saturating_sub(3)).unwrap_or_default();
        let count = before.iter().fold(1_usize, |all, &side| all.saturating_mul(side));
        for nth in 0..count {
            if images >= IMAGES_MAX {
                beyond = beyond.saturating_add(count - nth);
                break;
            }
            images += 1;
            let mut lead = vec![0; before.len()];
            let mut rest = nth;
            for (at, side) in lead.iter_mut().zip(before).rev() {
                (*at, rest) = (rest % side, rest / side);
            }
            let mut labels: Vec<String> = Vec::new();
            labels.extend((!label.is_empty()).then(|| label.to_owned()));
            labels.extend((count > 1).then(|| format!("{lead:?}")));
            let slabs = ZarrSlabs::new(
                Arc::clone(members),
                folder.clone(),
                Arc::clone(&array),
                lead,
                voxel_m,
            );
            sink.image(Image {
                name: "grey".to_owned(),
                label: labels.join(" "),
                unit: String::new(),
                slabs: Arc::new(slabs),
            });
        }
    }
    if beyond > 0 {
        let message =
            format!("the arrays hold {beyond} more images than the {IMAGES_MAX} that were read");
        sink.note(Note::new("limit-reached", message, "arrays"));
    }
    if rounded {
        let message = "whole numbers of 64 bits are given in double precision, which rounds those beyond 9,007,199,254,740,992";
        sink.note(Note::new("integers-rounded", message, ""));
    }
    match refused.first() {
        Some(why) if images == 0 => return Err(unsupported(why.clone())),
        Some(why) => {
            let more = refused.len() - 1;
            let more = if more > 0 {
                format!(" ({more} more arrays were not read)")
            } else {
                String::new()
            };
            sink.note(Note::new("array-not-read", format!("{why}{more}"), "arrays"));
        }
        None if images == 0 => {
            let what = "there is no array in it".to_owned();
            return Err(ReadError::new(
                Trouble::Damaged,
                what,
                "give the folder that holds zarr.json or .zarray",
            ));
        }
        None => {}
    }
    Ok(())
}

/// An array that can be given as slices.
fn plausible(array: Array, members: &Members) -> Result<Array, String> {
    if array.shape.len() < 2 {
        return Err(format!("it has {} axes; images have two or more", array.shape.len()));
    }
    if array.shape.contains(&0) {
        return Err(format!("its shape {:?} holds nothing", array.shape));
    }
    let slice: usize = array.shape.iter().rev().take(2).product();
    let slice = (slice as u64).saturating_mul(array.voxel.bytes() as u64);
    if is_believable(slice, members.held) {
        Ok(array)
    } else {
        Err(format!(
            "its shape {:?} says more than {} bytes of chunks can hold",
            array.shape, members.held
        ))
    }
}
