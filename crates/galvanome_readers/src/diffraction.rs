//! Scans of a diffractometer, as files of several vendors hold them, and the signals that they become.
//!
//! A scan is a signal on the angle that it ran along. Scans on the same points become one signal, whose first axis is the
//! drive that was moved between them, the time, or their number. Scans that overlap on points of their own while another
//! drive steps (a map of reciprocal space) become one signal on channels. Signals of the same shape then say where each
//! value was measured, as they do for every drive that neither stands still nor goes in even steps. All other scans are
//! signals of their own.

mod about;
mod beam;
pub(crate) mod packed;
mod places;
mod scan;
mod series;

pub(crate) use self::about::About;
pub(crate) use self::beam::Beam;
pub(crate) use self::places::Places;
pub(crate) use self::scan::{Drive, Scan};
use self::series::tell_group;
use crate::sink::Sink;

/// How two scans that follow one another belong together.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kinship {
    /// They were measured on the same points.
    Same,
    /// They were measured on as many points that overlap, with another drive moved between them.
    Overlapping,
    /// They have nothing in common.
    None,
}

fn kinship(a: &Scan, b: &Scan) -> Kinship {
    let n = a.values.len();
    let like = n == b.values.len() && a.unit == b.unit && n > 0;
    let optional = [
        (a.uncertainties.len(), b.uncertainties.len()),
        (a.detector_counts.len(), b.detector_counts.len()),
    ];
    if !like || optional.iter().any(|(a, b)| a != b) {
        return Kinship::None;
    }
    match (a.spectral(), b.spectral()) {
        (None, None) => Kinship::Same,
        (Some(a), Some(b)) if a.name == b.name && a.places.same(&b.places, n) => Kinship::Same,
        (Some(one), Some(other)) if one.name == other.name => {
            let stepped = a.drives.iter().any(|drive| {
                let other = b.drive(&drive.name).map(|drive| &drive.places);
                matches!((&drive.places, other), (Places::Fixed(a), Some(Places::Fixed(b))) if a != b)
            });
            if stepped && one.places.overlaps(&other.places, n) {
                Kinship::Overlapping
            } else {
                Kinship::None
            }
        }
        _ => Kinship::None,
    }
}

/// Gives scans to a sink as signals.
pub(crate) fn tell(mut scans: Vec<Scan>, sink: &mut dyn Sink) {
    // A damaged file may have lost a name, which axes need.
    for drive in scans.iter_mut().flat_map(|scan| &mut scan.drives) {
        if drive.name.is_empty() {
            "position".clone_into(&mut drive.name);
        }
    }
    let mut rest = scans.into_iter().peekable();
    while let Some(first) = rest.next() {
        let mut group = vec![first];
        let mut same = true;
        while let (Some(last), Some(next)) = (group.last(), rest.peek()) {
            match kinship(last, next) {
                Kinship::None => break,
                Kinship::Same => {}
                Kinship::Overlapping => same = false,
            }
            group.extend(rest.next());
        }
        tell_group(group, same, sink);
    }
}
