//! What one pass over the volume gives, with memory for a slab: fractions, surface, connectivity, representativity.

use galvanome_model::note::Note;
use galvanome_numerics::volume::{
    Axis, Components, Connected, Connectivity, Functionals, Minkowski, Profile, Region,
    Representativity, Tiled,
};

use super::phases::Phases;
use crate::analysis::volume::{Chosen, each_slab, threads};

/// What was found of the pores.
#[derive(Debug, Clone)]
pub(super) struct Passed {
    /// Number of voxels along z, y, x that could be read.
    pub(super) shape: [usize; 3],
    /// Voxels of pores.
    pub(super) pores: u64,
    /// Fraction at each place along the direction.
    pub(super) profile: Vec<f64>,
    /// Surface and more, in micrometres, or in voxels where their size is not known.
    pub(super) form: Option<Functionals>,
    /// Which pores are connected, by common faces.
    pub(super) connected: Option<Connected>,
    /// The fraction in cubes of several sizes.
    pub(super) sizes: Vec<Tiled>,
}

impl Passed {
    /// The fraction of the volume that is pores.
    pub(super) fn porosity(&self) -> f64 {
        self.pores as f64 / self.voxels()
    }

    fn voxels(&self) -> f64 {
        self.shape.iter().map(|side| *side as f64).product()
    }

    /// The standard uncertainty of the porosity as that of the material: another piece as large would differ so. From the
    /// largest cubes of which there are eight or more: their variance falls as their volume grows. So few tell a deviation
    /// badly, for which it is widened by the deviation of Student's t.
    ///
    /// Source: T. Kanit and others, Int. J. Solids Struct. 40 (2003) 3647; JCGM 101:2008, 6.4.9.4.
    pub(super) fn spread(&self) -> Option<(f64, Tiled)> {
        let telling =
            self.sizes.iter().filter(|tiled| tiled.tiles >= 8).max_by_key(|tiled| tiled.edge)?;
        let cube = (telling.edge as f64).powi(3);
        let cubes = telling.tiles as f64;
        let few = ((cubes - 1.0) / (cubes - 3.0)).sqrt();
        Some((few * telling.standard_deviation? * (cube / self.voxels()).sqrt(), *telling))
    }
}

/// Edges of cubes, from an eighth of the shortest side to half of it.
fn edges(shape: [usize; 3]) -> Vec<usize> {
    let shortest = shape.into_iter().min().unwrap_or(0);
    let mut edges: Vec<usize> = [16, 12, 8, 6, 4, 3, 2]
        .iter()
        .map(|part| shortest / part)
        .filter(|edge| *edge >= 4)
        .collect();
    edges.dedup();
    edges
}

/// Goes through the volume once. None, with a note, when no slice could be read.
pub(super) fn through(
    volume: &Chosen<'_>,
    phases: &Phases,
    direction: Axis,
    notes: &mut Vec<Note>,
) -> Option<Passed> {
    let [depth, rows, row] = volume.shape;
    let threads = threads();
    let spacing = volume.spacing_um.unwrap_or([1.0; 3]);
    let mut form = Minkowski::new(volume.shape, spacing);
    let mut components = Components::new(volume.shape, Connectivity::Faces);
    let edges = edges(volume.shape);
    let mut sizes = Representativity::new(volume.shape, &edges);
    let mut along = Profile::new(volume.shape, Region::whole(volume.shape), direction);
    let mut pores = 0;
    // What has been read once is not told again.
    let mut told = Vec::new();
    let read = each_slab(volume, &mut told, |_, voxels| {
        let slices = voxels.len() / (rows * row).max(1);
        let Some(mask) = phases.mask(voxels, [slices, rows, row]) else { return };
        pores += mask.count();
        // Each takes slices of its own shape in order, so that it takes all or none.
        let _ = form.as_mut().and_then(|form| form.add(&mask, threads));
        let _ = components.as_mut().and_then(|components| components.add(&mask));
        let _ = sizes.as_mut().and_then(|sizes| sizes.add(&mask));
        let ones: Vec<u8> = (0..slices)
            .flat_map(|z| (0..rows).flat_map(move |y| (0..row).map(move |x| (z, y, x))))
            .map(|(z, y, x)| u8::from(mask.get(z, y, x)))
            .collect();
        let _ = along.as_mut().and_then(|along| along.add(&ones));
    });
    if read == 0 {
        notes.append(&mut told);
        return None;
    }
    let is_whole = read == depth;
    let profile = along.map_or_else(Vec::new, |along| {
        along.parts().iter().filter(|part| part.n > 0).map(|part| part.mean).collect()
    });
    Some(Passed {
        shape: [read, rows, row],
        pores,
        profile,
        form: form.filter(|_| is_whole).map(Minkowski::finish),
        connected: components.filter(|_| is_whole).map(Components::finish),
        sizes: sizes.map_or_else(Vec::new, |sizes| sizes.sizes()),
    })
}
