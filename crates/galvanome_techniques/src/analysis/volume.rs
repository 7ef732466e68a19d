//! The volume in the inputs that an analysis is about: which image, how large its voxels are, and its slabs one after the
//! other.

use galvanome_model::image::Image;
use galvanome_model::note::Note;
use galvanome_model::slabs::Voxels;

use super::Inputs;

/// A volume that was chosen.
#[derive(Debug, Clone)]
pub struct Chosen<'a> {
    /// The image.
    pub image: &'a Image,
    /// File and image, for notes and details.
    pub name: String,
    /// Number of voxels along z, y, x.
    pub shape: [usize; 3],
    /// Edges of a voxel along z, y, x in micrometres; none where nobody says.
    pub spacing_um: Option<[f64; 3]>,
}

/// Voxels of one slab, about: some tens of megabytes at most, whatever a voxel takes.
const SLAB: usize = 1 << 22;

/// The volume (an image of two slices or more) of the inputs: the one of a number among those of all files, from 1, else the
/// largest. `voxel_um` stands in for a size that the file does not state. The notes say what was assumed, and why there
/// is none.
pub fn choose<'a>(
    inputs: &'a Inputs,
    number: Option<i64>,
    voxel_um: Option<f64>,
    notes: &mut Vec<Note>,
) -> Option<Chosen<'a>> {
    let all: Vec<(&str, &Image)> = inputs
        .main
        .iter()
        .flat_map(|input| input.measurement.images.iter().map(|image| (input.name.as_str(), image)))
        .filter(|(_, image)| image.slabs.shape().iter().all(|side| *side > 1))
        .collect();
    let voxels =
        |image: &Image| image.slabs.shape().iter().map(|side| *side as u64).product::<u64>();
    let chosen = match number {
        Some(number) => usize::try_from(number - 1).ok().and_then(|place| all.get(place)),
        // Of equal ones the first.
        None => all.iter().rev().max_by_key(|(_, image)| voxels(image)),
    };
    let Some((file, image)) = chosen else {
        let message = match (number, all.len()) {
            (Some(number), 1..) => {
                format!("there is no volume {number}; the files hold {}", all.len())
            }
            _ => {
                "no file holds a volume: an image of several slices, a stack or a folder of slices"
                    .to_owned()
            }
        };
        notes.push(Note::new("no-volume", message, ""));
        return None;
    };
    let label = if image.label.is_empty() { String::new() } else { format!(", {}", image.label) };
    let name = format!("{file}{label}");
    if all.len() > 1 && number.is_none() {
        let message = format!(
            "the files hold {} volumes; the largest was taken ({name}), and `volume` chooses another",
            all.len()
        );
        notes.push(Note::new("volume-chosen", message, ""));
    }
    let spacing_um = spacing(image, voxel_um, &name, notes);
    Some(Chosen { image, name, shape: image.slabs.shape(), spacing_um })
}

fn spacing(
    image: &Image,
    voxel_um: Option<f64>,
    name: &str,
    notes: &mut Vec<Note>,
) -> Option<[f64; 3]> {
    let stated = image.slabs.voxel_m();
    match (stated, voxel_um) {
        (_, Some(edge)) => Some([edge; 3]),
        ([Some(z), Some(y), Some(x)], None) => Some([z, y, x].map(|edge| edge * 1e6)),
        ([None, Some(y), Some(x)], None) => {
            let message = "the file does not say how far slices lie apart; as far as rows do was assumed, and `voxel` sets it";
            notes.push(Note::new("spacing-assumed", message, name));
            Some([y, y, x].map(|edge| edge * 1e6))
        }
        _ => {
            let message = "the file does not say how large a voxel is, so that lengths and areas are left out; `voxel` sets it";
            notes.push(Note::new("voxel-size-unknown", message, name));
            None
        }
    }
}

/// Hands on the slabs of a volume in the order of z, with the place of their first slice. Ends early with a note when
/// slices cannot be read, and gives how many were.
pub fn each_slab(
    volume: &Chosen<'_>,
    notes: &mut Vec<Note>,
    mut take: impl FnMut(usize, &Voxels),
) -> usize {
    let [depth, rows, row] = volume.shape;
    let slices = (SLAB / (rows * row).max(1)).clamp(1, depth);
    let mut voxels = Voxels::new(volume.image.slabs.kind());
    let mut z = 0;
    while z < depth {
        let end = (z + slices).min(depth);
        if let Err(error) = volume.image.slabs.read(z..end, &mut voxels) {
            let message = format!(
                "slices from {} on could not be read: {error}; what is found is of those before",
                z + 1
            );
            notes.push(Note::new("unreadable-slices", message, volume.name.as_str()));
            return z;
        }
        take(z, &voxels);
        z = end;
    }
    depth
}

/// How many threads work on one volume; results do not depend on it.
pub fn threads() -> usize {
    std::thread::available_parallelism().map_or(1, usize::from)
}
