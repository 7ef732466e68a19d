//! Where the spectra of a map were taken.
//!
//! `ORGN` says of each spectrum where it was taken; `WMAP` says where the area begins, how far apart its points are and in
//! which order they come. In every real map seen both agree to the digits that `WMAP` has (it holds floats of 32 bits, the
//! other of 64), so the former is taken wherever it is there. A map that was interrupted, points set by hand and a stage that
//! corrects itself are in `ORGN` alone.

use galvanome_model::note::Note;
use galvanome_model::signal::Position;

use super::area::Area;
use super::kinds;
use super::origins::Origin;
use crate::sink::Sink;

/// Places of the first `count` spectra; none where the file says nothing of them.
pub(super) fn of(
    origins: &[Origin],
    area: Option<&Area>,
    count: usize,
    is_map: bool,
    sink: &mut dyn Sink,
) -> Vec<Position> {
    let planned = area.and_then(|area| area.positions(count));
    let mut assumed = false;
    let mut length = |kind: u32| {
        let (values, guessed) = origins.iter().find(|origin| origin.kind == kind)?.metres()?;
        assumed |= guessed;
        Some(values)
    };
    let (x, y, z) = (length(kinds::X), length(kinds::Y), length(kinds::Z));
    let z = z.or_else(|| length(kinds::FOCUS));
    if assumed {
        let message = "the file gives no unit of the positions; they are taken as micrometres";
        sink.note(Note::new("unit-assumed", message, "block ORGN"));
    }
    if x.is_none() && y.is_none() {
        return match planned {
            Some(planned) if is_map => {
                let message = "the file does not say where each spectrum was taken (block ORGN); positions are those that were planned (block WMAP)";
                sink.note(Note::new("positions-planned", message, "block WMAP"));
                planned
            }
            _ if is_map => {
                let message = "the file does not say where the spectra of its map were taken";
                sink.note(Note::new("positions-missing", message, "block ORGN"));
                Vec::new()
            }
            _ => Vec::new(),
        };
    }
    let at = |axis: &Option<Vec<f64>>, number: usize| {
        axis.as_ref().and_then(|axis| axis.get(number)).copied().unwrap_or(f64::NAN)
    };
    let places: Vec<Position> = (0..count)
        .map(|number| Position { x_m: at(&x, number), y_m: at(&y, number), z_m: at(&z, number) })
        .collect();
    if let (Some(planned), Some(step)) = (planned, area.and_then(Area::step_m)) {
        let far = |(taken, planned): (&Position, &Position)| {
            (taken.x_m - planned.x_m).abs().max((taken.y_m - planned.y_m).abs()) > step / 2.0
        };
        let differ = places.iter().zip(&planned).filter(|pair| far(*pair)).count();
        if differ > 0 {
            let message = format!(
                "{differ} of {count} spectra were taken more than half a step away from where they were planned (block WMAP); positions are those at which they were taken (block ORGN)"
            );
            sink.note(Note::new("positions-differ", message, "block ORGN"));
        }
    }
    places
}
