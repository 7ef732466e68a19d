//! Pictures of what was measured: slices of images and volumes, maps, and series of spectra.

use std::sync::Arc;

use galvanome_exchange::pixels;
use galvanome_model::experiment::Dataset;
use galvanome_model::image::Image;
use galvanome_model::measurement::{StartTime, Values};
use galvanome_model::note::Note;
use galvanome_model::signal::Signal;
use galvanome_model::slabs::{Slabs, Voxels};
use galvanome_readers::sink::NewColumn;
use galvanome_readers::{Files, ReadError, Sink};

use crate::curves::Raster;
use crate::files::FileSource;
use crate::{Error, Galvanome, files};

/// A sink that keeps images, and nothing else.
#[derive(Default)]
struct Images(Vec<Image>);

impl Sink for Images {
    fn format(&mut self, _: &str) {}
    fn instrument(&mut self, _: &str) {}
    fn started_at(&mut self, _: StartTime) {}
    fn metadata(&mut self, _: &str, _: &str) {}
    fn table(&mut self, _: &str, _: &[NewColumn]) {}
    fn rows(&mut self, _: &[Values]) -> Result<(), ReadError> {
        Ok(())
    }
    fn signal(&mut self, _: Signal) {}
    fn image(&mut self, image: Image) {
        self.0.push(image);
    }
    fn note(&mut self, _: Note) {}
}

/// The images and volumes of a dataset's file, none of whose voxels is read yet. They stay open for who asks next. Errors
/// when the file is not held or cannot be read.
pub async fn images(galvanome: &Galvanome, dataset: &Dataset) -> Result<Arc<[Image]>, Error> {
    if let Some(open) = galvanome.opened_images(&dataset.sha256) {
        return Ok(open);
    }
    let Some(path) = galvanome.store.object_file(&dataset.sha256) else {
        return Err(Error::not_found("file of dataset", &dataset.id));
    };
    let name = dataset.path.rsplit('/').next().unwrap_or(&dataset.path).to_owned();
    let opened = move || -> Result<Arc<[Image]>, Error> {
        let files = Files::one(&name, FileSource::open(&path)?);
        let mut images = Images::default();
        galvanome_readers::read(&files, &files::limits(), &mut images)?;
        Ok(images.0.into())
    };
    let found = tokio::task::spawn_blocking(opened)
        .await
        .map_err(|error| Error::Wrong(format!("opening the images stopped: {error}")))??;
    galvanome.keep_images(&dataset.sha256, &found);
    Ok(found)
}

/// Across which direction a volume is cut.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Cut {
    /// A slice as it was measured.
    Z,
    /// Through all slices, along x and z.
    Y,
    /// Through all slices, along y and z.
    X,
}

/// Voxels of a volume that is cut through all slices, at most: it is read as a whole for that.
pub const MOST_CUT: usize = 1 << 28;

/// A cut through a volume as grey values from `low` (black) to `high` (white), of at most so many pixels across and down:
/// larger ones are averaged. Errors when there is no such slice, or it cannot be read.
pub fn slice(
    image: &Image,
    cut: Cut,
    at: usize,
    (low, high): (f64, f64),
    most: usize,
) -> Result<Vec<u8>, Error> {
    let (width, height, values) = values_of(image.slabs.as_ref(), cut, at)?;
    let (width, height, values) = fitted(width, height, values, most.clamp(16, 8192));
    let extent = if high > low { high - low } else { 1.0 };
    let grey = |value: &f32| ((f64::from(*value) - low) / extent * 255.0).round() as u8;
    let values: Vec<u8> = values.iter().map(grey).collect();
    Ok(pixels::grey(width, height, &values))
}

fn singles(voxels: &Voxels) -> Vec<f32> {
    match voxels {
        Voxels::U8(all) => all.iter().map(|&voxel| f32::from(voxel)).collect(),
        Voxels::U16(all) => all.iter().map(|&voxel| f32::from(voxel)).collect(),
        Voxels::F32(all) => all.clone(),
        Voxels::F64(all) => all.iter().map(|&voxel| voxel as f32).collect(),
    }
}

/// The values of a cut, with its width and height.
fn values_of(slabs: &dyn Slabs, cut: Cut, at: usize) -> Result<(usize, usize, Vec<f32>), Error> {
    let [z, y, x] = slabs.shape();
    let failed = |error: galvanome_model::slabs::SlabError| Error::Wrong(error.to_string());
    let there = match cut {
        Cut::Z => z,
        Cut::Y => y,
        Cut::X => x,
    };
    if at >= there {
        return Err(Error::not_found("slice", at + 1));
    }
    let mut voxels = Voxels::new(slabs.kind());
    if cut == Cut::Z {
        slabs.read(at..at + 1, &mut voxels).map_err(failed)?;
        return Ok((x, y, singles(&voxels)));
    }
    if z.saturating_mul(y).saturating_mul(x) > MOST_CUT {
        return Err(Error::Wrong(format!(
            "a volume of {z} × {y} × {x} voxels is not cut through all slices here; take its slices as they were measured"
        )));
    }
    let mut values = Vec::new();
    for slice in 0..z {
        slabs.read(slice..slice + 1, &mut voxels).map_err(failed)?;
        let all = singles(&voxels);
        match cut {
            Cut::X => values.extend(all.iter().skip(at).step_by(x.max(1))),
            _ => values.extend(all.get(at * x..(at + 1) * x).unwrap_or_default()),
        }
    }
    Ok((if cut == Cut::X { y } else { x }, z, values))
}

/// Values averaged over squares of pixels until they are few enough.
fn fitted(width: usize, height: usize, values: Vec<f32>, most: usize) -> (usize, usize, Vec<f32>) {
    let by = width.div_ceil(most).max(height.div_ceil(most)).max(1);
    if by == 1 {
        return (width, height, values);
    }
    let (across, down) = (width.div_ceil(by), height.div_ceil(by));
    let mut sums = vec![(0.0_f32, 0.0_f32); across * down];
    for (row, values) in values.chunks(width.max(1)).enumerate() {
        for (column, value) in values.iter().enumerate() {
            if let Some((sum, count)) = sums.get_mut(row / by * across + column / by) {
                *sum += value;
                *count += 1.0;
            }
        }
    }
    (across, down, sums.into_iter().map(|(sum, count)| sum / count).collect())
}

/// Values on a colour scale that ends where all but half a percent of the values do, by the square root of what they are
/// above its lower end when `is_root`. The first row is on top.
pub fn coloured(raster: &Raster, is_root: bool) -> Vec<u8> {
    pixels::coloured(raster.width, raster.height, &raster.values, ends_of(raster), is_root)
}

/// Whether values of a unit are shown by their square root: counts, of which a few are many times the others.
pub fn is_root(unit: &str) -> bool {
    unit.starts_with("counts")
}

/// What the ends of the colour scale of a raster stand for.
pub fn ends_of(raster: &Raster) -> (f64, f64) {
    let mut there: Vec<f64> =
        raster.values.iter().copied().filter(|value| value.is_finite()).collect();
    there.sort_by(f64::total_cmp);
    let last = there.len().saturating_sub(1) as f64;
    let at = |share: f64| there.get((share * last).round() as usize).copied().unwrap_or(0.0);
    (at(0.005), at(0.995))
}

#[cfg(test)]
mod tests {
    use galvanome_model::slabs::Volume;

    use super::*;

    #[test]
    fn volumes_are_cut_in_three_directions() {
        let voxels = Voxels::U8((0..24).collect());
        let volume = Volume::new([2, 3, 4], [None; 3], voxels).unwrap();
        let check = |cut: Cut, at: usize, expected: (usize, usize, &[f32])| {
            let (width, height, values) = values_of(&volume, cut, at).unwrap();
            assert_eq!((width, height, values.as_slice()), expected);
        };
        check(Cut::Z, 1, (4, 3, &[12., 13., 14., 15., 16., 17., 18., 19., 20., 21., 22., 23.]));
        check(Cut::Y, 1, (4, 2, &[4., 5., 6., 7., 16., 17., 18., 19.]));
        check(Cut::X, 3, (3, 2, &[3., 7., 11., 15., 19., 23.]));
        assert!(values_of(&volume, Cut::Y, 3).is_err());
    }

    #[test]
    fn large_slices_are_averaged() {
        let values = vec![0.0, 2.0, 4.0, 2.0, 4.0, 6.0];
        assert_eq!(fitted(3, 2, values.clone(), 2), (2, 1, vec![2.0, 5.0]));
        assert_eq!(fitted(3, 2, values.clone(), 3), (3, 2, values));
    }

    #[test]
    fn the_ends_of_a_scale_leave_outliers_out() {
        let mut values: Vec<f64> = (0..1000).map(f64::from).collect();
        values[500] = 1e9;
        values[501] = f64::NAN;
        let raster = Raster { width: 1000, height: 1, values };
        let (low, high) = ends_of(&raster);
        assert!((4.0..6.0).contains(&low) && (993.0..996.0).contains(&high), "{low} {high}");
    }
}
