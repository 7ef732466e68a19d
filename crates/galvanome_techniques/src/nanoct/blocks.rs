//! What needs a volume as a whole, in blocks of a stated size: transport, sizes, correlations.

use galvanome_model::note::Note;
use galvanome_model::slabs::Voxels;
use galvanome_numerics::volume::{
    Axis, Granulometry, Mask, Solve, Tortuosity, granulometry, tortuosity, two_point_axes,
};

use super::phases::Phases;
use crate::analysis::volume::{Chosen, threads};

/// What was found in one block.
#[derive(Debug, Clone)]
pub(super) struct Block {
    /// Its first voxel along z, y, x.
    pub(super) corner: [usize; 3],
    /// Its sides.
    pub(super) shape: [usize; 3],
    /// Its porosity.
    pub(super) porosity: f64,
    /// Diffusivity through its pores by that in the open, along the direction: 0 where no pore reaches through.
    pub(super) diffusivity: f64,
    /// The tortuosity factor; none where no pore reaches through.
    pub(super) factor: Option<f64>,
    /// Whether the equations were solved as far as asked.
    pub(super) is_settled: bool,
    /// The median diameter of pores and of the rest, in the unit of the spacing; none where it is beyond what was looked for.
    pub(super) diameters: [Option<f64>; 2],
    /// How much of pores and of the rest balls of each radius reach.
    pub(super) balls: [Option<Granulometry>; 2],
    /// The probability that both ends of a step lie in pores, by its length in voxels, over the three directions.
    pub(super) pairs: Vec<f64>,
    /// The distance over which the correlation falls to 1/e, in voxels; none where it does not.
    pub(super) correlation: Option<f64>,
}

/// Radii of balls in units of a voxel's shortest edge.
const RADII: [f64; 16] =
    [1.0, 1.5, 2.0, 2.5, 3.0, 4.0, 5.0, 6.0, 8.0, 10.0, 12.0, 15.0, 18.0, 22.0, 27.0, 33.0];

/// Where blocks lie: as far apart as they go, evenly, not overlapping; at most so many.
pub(super) fn corners(shape: [usize; 3], edge: usize, most: usize) -> Vec<[usize; 3]> {
    let sides = shape.map(|side| side.min(edge));
    let mut counts = [0, 1, 2].map(|axis| shape[axis] / sides[axis].max(1));
    // The longest row of blocks loses one until there are few enough.
    while counts.iter().product::<usize>() > most.max(1) {
        let Some(longest) = (0..3).max_by_key(|axis| counts[*axis]) else { break };
        counts[longest] -= 1;
    }
    let starts = |axis: usize| -> Vec<usize> {
        let (room, count) = (shape[axis] - sides[axis], counts[axis]);
        (0..count)
            .map(|place| if count > 1 { room * place / (count - 1) } else { room / 2 })
            .collect()
    };
    let mut all = Vec::new();
    for z in starts(0) {
        for y in starts(1) {
            all.extend(starts(2).into_iter().map(|x| [z, y, x]));
        }
    }
    all
}

/// Looks at every block. Blocks that cannot be read are left out with a note.
pub(super) fn look(
    volume: &Chosen<'_>,
    phases: &Phases,
    direction: Axis,
    edge: usize,
    most: usize,
    notes: &mut Vec<Note>,
) -> Vec<Block> {
    let shape = volume.shape.map(|side| side.min(edge));
    let mut voxels = Voxels::new(volume.image.slabs.kind());
    let mut blocks = Vec::new();
    for corner in corners(volume.shape, edge, most) {
        match mask_of(volume, phases, corner, shape, &mut voxels) {
            Ok(Some(mask)) => blocks.push(block(&mask, corner, volume.spacing_um, direction)),
            Ok(None) => {}
            Err(message) => notes.push(Note::new(
                "unreadable-slices",
                format!("a block was left out: {message}"),
                volume.name.as_str(),
            )),
        }
    }
    blocks
}

/// The pores of a block, read slice by slice.
fn mask_of(
    volume: &Chosen<'_>,
    phases: &Phases,
    corner: [usize; 3],
    shape: [usize; 3],
    voxels: &mut Voxels,
) -> Result<Option<Mask>, String> {
    let [depth, rows, row] = shape;
    let [first, y, x] = corner;
    let width = volume.shape[2];
    let mut values = Voxels::new(volume.image.slabs.kind());
    for z in first..first + depth {
        volume.image.slabs.read(z..z + 1, voxels).map_err(|error| error.message)?;
        for at in y..y + rows {
            let part = at * width + x..at * width + x + row;
            match (&mut values, &*voxels) {
                (Voxels::U8(into), Voxels::U8(from)) => {
                    into.extend_from_slice(from.get(part).unwrap_or_default());
                }
                (Voxels::U16(into), Voxels::U16(from)) => {
                    into.extend_from_slice(from.get(part).unwrap_or_default());
                }
                (Voxels::F32(into), Voxels::F32(from)) => {
                    into.extend_from_slice(from.get(part).unwrap_or_default());
                }
                (Voxels::F64(into), Voxels::F64(from)) => {
                    into.extend_from_slice(from.get(part).unwrap_or_default());
                }
                _ => return Err("the volume gives voxels of another kind than it says".to_owned()),
            }
        }
    }
    Ok(phases.mask(&values, shape))
}

fn block(mask: &Mask, corner: [usize; 3], spacing_um: Option<[f64; 3]>, direction: Axis) -> Block {
    let threads = threads();
    let spacing = spacing_um.unwrap_or([1.0; 3]);
    let porosity = mask.fraction();
    let solve = Solve { threads, ..Solve::default() };
    let found = tortuosity(mask, direction, spacing, &solve);
    let transport = match found {
        Some(Tortuosity::Through(transport)) => Some(transport),
        Some(Tortuosity::NotConnected { .. }) | None => None,
    };
    let shortest = spacing.into_iter().fold(f64::INFINITY, f64::min);
    let radii: Vec<f64> = RADII.iter().map(|radius| radius * shortest).collect();
    let rest = mask.complement();
    let balls = [mask, &rest].map(|mask| granulometry(mask, spacing, &radii, threads));
    let median = |balls: &Option<Granulometry>| Some(2.0 * balls.as_ref()?.radius_at(0.5)?);
    let most = mask.shape().into_iter().min().unwrap_or(0) / 2;
    let along = two_point_axes(mask, most, threads);
    let each = along.map(|pairs| pairs.probabilities());
    let pairs: Vec<f64> = (0..=most)
        .map(|step| each.iter().filter_map(|one| one.get(step)).sum::<f64>() / 3.0)
        .collect();
    Block {
        corner,
        shape: mask.shape(),
        porosity,
        diffusivity: transport.map_or(0.0, |transport| transport.relative_diffusivity),
        factor: transport.map(|transport| transport.factor),
        is_settled: transport.is_none_or(|transport| transport.is_settled),
        diameters: [median(&balls[0]), median(&balls[1])],
        correlation: correlation(&pairs, porosity),
        balls,
        pairs,
    }
}

/// Where (S₂ − ε²)/(ε − ε²) falls to 1/e, by a straight line between steps.
fn correlation(pairs: &[f64], porosity: f64) -> Option<f64> {
    let scale = porosity - porosity * porosity;
    let limit = (-1.0_f64).exp();
    let part = |value: f64| (value - porosity * porosity) / scale;
    let below = pairs.iter().position(|pair| part(*pair) < limit)?;
    let (before, after) = (part(*pairs.get(below.checked_sub(1)?)?), part(*pairs.get(below)?));
    let length = (below - 1) as f64 + (before - limit) / (before - after);
    length.is_finite().then_some(length)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn blocks_lie_apart() {
        for (shape, edge, most, expected) in [
            ([100, 100, 100], 100, 8, vec![[0, 0, 0]]),
            ([50, 100, 100], 100, 8, vec![[0, 0, 0]]),
            ([300, 100, 100], 100, 2, vec![[0, 0, 0], [200, 0, 0]]),
            ([110, 100, 100], 100, 8, vec![[5, 0, 0]]),
        ] {
            assert_eq!(corners(shape, edge, most), expected, "{shape:?} {edge} {most}");
        }
        assert_eq!(corners([256; 3], 128, 8).len(), 8);
        assert_eq!(corners([512; 3], 128, 8).len(), 8);
    }

    #[test]
    fn correlations_fall_to_one_part_in_e() {
        // An exponential of three voxels.
        let porosity = 0.4;
        let pair = |step: f64| porosity * porosity + porosity * 0.6 * (-step / 3.0).exp();
        let pairs: Vec<f64> = (0..20).map(|step| pair(f64::from(step))).collect();
        let found = correlation(&pairs, porosity).unwrap();
        assert!((found - 3.0).abs() < 1e-9, "{found}");
        assert_eq!(correlation(&[0.4, 0.4], 0.4), None);
    }
}
