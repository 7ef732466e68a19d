//! Sizes of what a phase is made of: the largest ball within it that covers a place.

use super::distance::squared_distances_up_to;
use super::{Mask, squared_distances};

/// How much of a phase balls of each radius reach.
#[derive(Debug, Clone, PartialEq)]
pub struct Granulometry {
    /// Voxels of the phase.
    pub voxels: u64,
    /// Radii, descending, each with the number of voxels that balls of this radius within the phase cover.
    pub covered: Vec<(f64, u64)>,
}

impl Granulometry {
    /// Radii, descending, each with the part of the phase whose largest ball it is. What no ball covers is left out.
    pub fn distribution(&self) -> Vec<(f64, f64)> {
        let mut above = 0;
        let mut parts = Vec::new();
        for &(radius, covered) in &self.covered {
            parts.push((radius, covered.saturating_sub(above) as f64 / self.voxels as f64));
            above = above.max(covered);
        }
        parts
    }

    /// The radius at which `part` of the phase (0.5: the median) is covered by balls at least as large, between the
    /// given radii by a straight line. `None` when balls of the smallest radius cover less, or those of the largest more.
    pub fn radius_at(&self, part: f64) -> Option<f64> {
        let wanted = part * self.voxels as f64;
        self.covered.windows(2).find_map(|pair| {
            let [(large, few), (small, many)] = *pair else { return None };
            let (few, many) = (few as f64, many as f64);
            (few <= wanted && wanted <= many && few < many)
                .then(|| large + (small - large) * (wanted - few) / (many - few))
        })
    }
}

/// The parts of a phase that balls of each of `radii` (in the unit of `spacing`) cover as far as they lie within it:
/// openings, whose differences are the distribution of local thickness. `None` when an edge of a voxel or a radius is no
/// length.
///
/// A ball stands on voxels whose distance to the nearest voxel outside is at least its radius, and covers those nearer to
/// its middle than its radius; as porespy's `local_thickness` with `method='dt'`. It takes twice four bytes a voxel, and
/// a distance transform for each radius.
///
/// Source: openings by balls, T. Hildebrand, P. Rüegsegger, J. Microsc. 185 (1997) 67.
pub fn granulometry(
    mask: &Mask,
    spacing: [f64; 3],
    radii: &[f64],
    threads: usize,
) -> Option<Granulometry> {
    let mut covered = Vec::new();
    openings(mask, spacing, radii, threads, |radius, inside| {
        covered.push((radius, inside.iter().filter(|one| **one).count() as u64));
    })?;
    Some(Granulometry { voxels: mask.count(), covered })
}

/// For each voxel (row-major z, y, x) the largest of `radii` whose balls cover it, as [`granulometry`] counts them; 0
/// outside the phase and where no ball does. `None` as there.
pub fn local_thickness(
    mask: &Mask,
    spacing: [f64; 3],
    radii: &[f64],
    threads: usize,
) -> Option<Vec<f32>> {
    let mut sizes = vec![0.0f32; usize::try_from(mask.voxels()).ok()?];
    openings(mask, spacing, radii, threads, |radius, inside| {
        for (size, _) in sizes.iter_mut().zip(inside).filter(|(size, one)| **one && **size == 0.0) {
            *size = radius as f32;
        }
    })?;
    Some(sizes)
}

/// Gives what balls of each radius cover, the largest first.
fn openings(
    mask: &Mask,
    spacing: [f64; 3],
    radii: &[f64],
    threads: usize,
    mut give: impl FnMut(f64, &[bool]),
) -> Option<()> {
    let mut radii = radii.to_vec();
    if radii.iter().any(|radius| !(*radius > 0.0 && radius.is_finite())) {
        return None;
    }
    radii.sort_unstable_by(|a, b| b.total_cmp(a));
    let distances = squared_distances(mask, spacing, threads)?;
    for radius in radii {
        let square = (radius * radius) as f32;
        let others = Mask::of(&distances, mask.shape(), threads, |one: f32| one < square)?;
        let inside: Vec<bool> = if others.count() == others.voxels() {
            vec![false; distances.len()]
        } else {
            // From those on which no ball stands, the distance to the nearest on which one does.
            let reach = squared_distances_up_to(&others, spacing, square, threads)?;
            reach.iter().map(|one| *one < square).collect()
        };
        give(radius, &inside);
    }
    Some(())
}
