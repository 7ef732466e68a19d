//! `.ndc` files that were never packed, as they lie on the instrument's computer.

use std::sync::Arc;

use flate2::Crc;

use super::family::{DATA, family};
use crate::archive::Archive;
use crate::files::{Files, Member};
use crate::format::Confidence;
use crate::le::{u8_at, u32_at};
use crate::neware::record::of_ndc;
use crate::source::{Source, read_full};

/// Bytes of a page since version 5.
const PAGE: usize = 4096;

/// Bytes of a first page, and how many of them may be other than zero; in those that were seen a name and some numbers
/// are.
const HEAD: usize = 512;
const OTHERS_MAX: usize = 112;

/// Whether files are `.ndc` files of one test, all of them.
pub(super) fn claims(files: &Files) -> Confidence {
    let tests = files.members().iter().filter(|member| name_of(member) == DATA).count();
    if tests > 1 {
        return Confidence::No;
    }
    let each = files.members().iter().map(|member| claims_one(member.source.as_ref()));
    each.min().unwrap_or(Confidence::No)
}

fn claims_one(source: &dyn Source) -> Confidence {
    let mut pages = vec![0; 2 * PAGE];
    let Ok(got) = read_full(source, 0, &mut pages) else { return Confidence::No };
    let head = pages.get(..HEAD.min(got)).unwrap_or_default();
    let others = head.iter().filter(|&&byte| byte != 0).count();
    let version = u8_at(head, 2);
    let known = of_ndc(version).is_some() || family(version).is_some();
    let kind = matches!(u8_at(head, 0), 1 | 5 | 7 | 9 | 16 | 18);
    // The second byte of either number.
    let small = u8_at(head, 1) == 0 && u8_at(head, 3) == 0;
    if !(kind && small && known && head.len() == HEAD && others <= OTHERS_MAX) {
        return Confidence::No;
    }
    let page = pages.get(PAGE..).filter(|_| got == pages.len()).unwrap_or_default();
    let Some(summed) = page.get(..PAGE - 4) else { return Confidence::Likely };
    let mut crc = Crc::new();
    crc.update(summed);
    if crc.sum() == u32_at(page, PAGE - 4) { Confidence::Certain } else { Confidence::Likely }
}

/// The files as a zip would hold them, by what they say they store.
pub(super) fn set(files: &Files) -> Option<Archive> {
    let named = files.members().iter().map(|member| (name_of(member), Arc::clone(&member.source)));
    Archive::of_files(named.collect())
}

fn name_of(member: &Member) -> String {
    let mut head = [0];
    // What cannot be read is found out when it is unpacked.
    let _ = read_full(member.source.as_ref(), 0, &mut head);
    let file = member.name.rsplit('/').next().unwrap_or_default();
    match head {
        [1] => DATA.to_owned(),
        [7] => "data_step.ndc".to_owned(),
        [18] => "data_runInfo.ndc".to_owned(),
        [5] => match file.find("_AUX_") {
            Some(at) => format!("data{}", file.get(at..).unwrap_or_default()),
            None => file.to_owned(),
        },
        _ => file.to_owned(),
    }
}
