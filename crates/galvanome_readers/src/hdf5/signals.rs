//! Datasets as signals and images.

use std::sync::Arc;

use galvanome_model::image::Image;
use galvanome_model::signal::{Axis, Condition, Signal, axes, conditions};

use super::gather::Part;
use super::hand_over::HandOver;
use super::kinds;
use super::plots::Plot;
use super::slabs::{DatasetSlabs, shape_of};
use super::tree::Object;

/// The side from which on an array of two axes is an image.
const SIDE: u64 = 16;

/// Names that say nothing about a quantity.
const GENERIC: [&str; 8] =
    ["data", "i", "intensity", "counts", "frames", "signal", "image", "value"];

/// Gives a plot as a signal, or as an image where it is one.
pub(super) fn plot(over: &mut HandOver, plot: &Plot) {
    if !over.given.insert(plot.signal) {
        return;
    }
    let Some((_, dataset)) = over.dataset(plot.signal) else { return };
    let dims = dataset.space.dims.clone();
    let known: Vec<Option<Axis>> =
        plot.axes.iter().zip(&dims).map(|(axis, &len)| axis_of(over, *axis, len)).collect();
    let spectral = known.last().and_then(Option::as_ref).is_some_and(|axis| {
        const SPECTRAL: [galvanome_model::signal::AxisKind; 7] = [
            axes::TWO_THETA,
            axes::RAMAN_SHIFT,
            axes::WAVELENGTH,
            axes::BINDING_ENERGY,
            axes::KINETIC_ENERGY,
            axes::PHOTON_ENERGY,
            axes::SCATTERING_VECTOR,
        ];
        SPECTRAL.iter().any(|kind| axis.is(*kind))
    });
    if is_image(&dims) && !spectral {
        let step = |number: usize| {
            let place = plot.axes.get(number).copied().flatten()?;
            let (object, _) = over.dataset(place)?;
            let axis = known.get(number)?.as_ref()?;
            kinds::step_m(&axis.points, &object.text("units")?)
        };
        let mut steps: Vec<Option<f64>> =
            (0..dims.len()).filter(|&number| dims.get(number) != Some(&1)).map(step).collect();
        let x = steps.pop().flatten();
        let y = steps.pop().flatten();
        // Several axes before the last two make one count of slices, which has no length.
        let z = if steps.len() == 1 { steps.pop().flatten() } else { None };
        let told = over.pixel_m(plot.signal);
        let voxel_m = [z, y.or(told), x.or(told)];
        image(over, plot.signal, voxel_m);
        if let Some(errors) = plot.errors.filter(|&errors| over.given.insert(errors)) {
            image(over, errors, voxel_m);
        }
        return;
    }
    // An image carries no axes: then their points are given as lists.
    over.given.extend(plot.axes.iter().flatten());
    let errors = plot.errors.and_then(|errors| {
        over.given.insert(errors);
        over.numbers(errors)
    });
    signal(over, plot.signal, known, &dims, errors.unwrap_or_default());
}

/// Gives an array that no plot names: as an image, or as a signal on axes that count.
pub(super) fn array(over: &mut HandOver, place: usize) {
    let Some((_, dataset)) = over.dataset(place) else { return };
    let Some(part) = Part::of(&dataset.of, 0) else { return };
    over.given.insert(place);
    if part.count == 1 && is_image(&dataset.space.dims) {
        let told = over.pixel_m(place);
        return image(over, place, [None, told, told]);
    }
    let mut dims = dataset.space.dims.clone();
    if part.count > 1 {
        dims.push(part.count as u64);
    }
    signal(over, place, vec![None; dims.len()], &dims, Vec::new());
}

/// Whether an array is an image or a volume.
fn is_image(dims: &[u64]) -> bool {
    let sides: Vec<u64> = dims.iter().copied().filter(|&side| side != 1).collect();
    match sides.as_slice() {
        [] | [_] => false,
        [y, x] => *y >= SIDE && *x >= SIDE,
        all => all.iter().fold(1_u64, |product, &side| product.saturating_mul(side)) >= SIDE * SIDE,
    }
}

fn name_of(object: &Object, generic: &str) -> String {
    let name = object.name();
    if name.is_empty() || GENERIC.contains(&name.to_lowercase().as_str()) {
        generic.to_owned()
    } else {
        name.to_owned()
    }
}

fn image(over: &mut HandOver, place: usize, voxel_m: [Option<f64>; 3]) {
    let Some((object, dataset)) = over.dataset(place) else { return };
    let (Some(part), Some(shape)) = (Part::of(&dataset.of, 0), shape_of(&dataset.space.dims))
    else {
        return;
    };
    let Some(dataset) = object.dataset().map(Arc::clone) else { return };
    over.look(place);
    let slabs = DatasetSlabs { dataset, part, path: object.path.clone(), shape, voxel_m };
    over.sink.image(Image {
        name: name_of(object, "grey"),
        label: object.path.clone(),
        unit: kinds::unit_of_values(&object.text("units").unwrap_or_default()),
        slabs: Arc::new(slabs),
    });
}

/// Gives a signal; axes that are not known count from 0.
fn signal(
    over: &mut HandOver,
    place: usize,
    axes: Vec<Option<Axis>>,
    dims: &[u64],
    uncertainties: Vec<f64>,
) {
    let Some((object, _)) = over.dataset(place) else { return };
    let Some(values) = over.numbers(place).filter(|values| !values.is_empty()) else { return };
    // Now that there are as many values, no axis is longer than they are many.
    let axes = axes.into_iter().zip(dims).enumerate();
    let axes = axes.map(|(number, (axis, &len))| {
        axis.unwrap_or_else(|| kinds::index(number, (len as usize).min(values.len())))
    });
    let axes: Vec<Axis> = axes.collect();
    let room: usize = axes.iter().map(|axis| axis.points.len()).product();
    if room != values.len() {
        return;
    }
    let uncertainties =
        if uncertainties.len() == values.len() { uncertainties } else { Vec::new() };
    let conditions = conditions_of(over, &object.path);
    over.sink.signal(Signal {
        name: name_of(object, "intensity"),
        label: object.path.clone(),
        unit: kinds::unit_of_values(&object.text("units").unwrap_or_default()),
        axes,
        values,
        uncertainties,
        positions: Vec::new(),
        counting: None,
        conditions,
    });
}

/// The points of an axis; of edges of bins their middles.
fn axis_of(over: &mut HandOver, place: Option<usize>, len: u64) -> Option<Axis> {
    let place = place?;
    let (object, dataset) = over.dataset(place)?;
    let is_edges = dataset.space.len == len + 1;
    let mut points = over.numbers(place)?;
    if is_edges {
        points = points.windows(2).map(|pair| 0.5 * (pair[0] + pair[1])).collect();
        let message = "the points are the edges of bins; their middles are given".to_owned();
        over.note("axis-of-edges", message, &object.path);
    }
    if points.iter().any(|point| point.is_infinite()) {
        points.iter_mut().filter(|point| point.is_infinite()).for_each(|point| *point = f64::NAN);
    }
    let unit = object.text("units").unwrap_or_default();
    // Names of a group such as `dim1` say nothing; what the axis is called stands in an attribute.
    let name = object.text("name").filter(|_| object.name().starts_with("dim"));
    let name = name.unwrap_or_else(|| object.name().to_owned());
    Some(kinds::axis(&name, &unit, &object.path, points, is_of_electrons(over, place)))
}

/// Whether an object stands in an entry of photoelectrons or of electron energy losses.
fn is_of_electrons(over: &mut HandOver, place: usize) -> bool {
    let tree = over.tree;
    let entry = tree
        .above(place)
        .find(|group| group.text("NX_class").is_some_and(|class| class == "NXentry"));
    let definition = entry.and_then(|entry| tree.find(0, &format!("{}/definition", entry.path)));
    let Some((_, dataset)) = definition.and_then(|place| over.dataset(place)) else { return false };
    if dataset.space.len != 1 {
        return false;
    }
    let text = over.small(dataset).ok().and_then(|value| value.text()).unwrap_or_default();
    ["NXmpes", "NXxps", "NXarpes", "NXeels", "NXem"]
        .iter()
        .any(|name| text.trim().starts_with(name))
}

/// Wavelength and energy of the photons, where the entry of an object gives one of each.
fn conditions_of(over: &mut HandOver, path: &str) -> Vec<Condition> {
    let tree = over.tree;
    let entry = path.get(1..).and_then(|path| path.split('/').next()).unwrap_or_default();
    let within = format!("/{entry}/");
    let mut found: Vec<Condition> = Vec::new();
    for (place, object) in tree.objects.iter().enumerate() {
        let monochromator = || {
            let parent = tree.objects.get(object.parent);
            parent
                .and_then(|parent| parent.text("NX_class"))
                .is_some_and(|class| class == "NXmonochromator")
        };
        let kind = match object.name() {
            "incident_wavelength" => conditions::WAVELENGTH,
            "incident_energy" => conditions::PHOTON_ENERGY,
            "wavelength" if monochromator() => conditions::WAVELENGTH,
            "energy" if monochromator() => conditions::PHOTON_ENERGY,
            _ => continue,
        };
        let Some((object, dataset)) = over.dataset(place) else { continue };
        if dataset.space.len != 1 || !object.path.starts_with(&within) {
            continue;
        }
        let unit = object.text("units").unwrap_or_default();
        let factor = match (kind == conditions::WAVELENGTH, unit.to_lowercase().as_str()) {
            (true, "a" | "angstrom" | "å") | (false, "ev") => 1.0,
            (true, "nm") => 10.0,
            (false, "kev") => 1e3,
            _ => continue,
        };
        let value = over.small(dataset).ok().and_then(|value| value.numbers().first().copied());
        if let Some(value) = value.filter(|value| value.is_finite() && *value > 0.0) {
            found.push(kind.at(value * factor));
        }
    }
    // Two that differ say nothing.
    let one_of = |kind| {
        let mut of_kind = found.iter().filter(|found| found.kind == kind);
        let first = of_kind.next()?;
        of_kind
            .all(|other| (other.value - first.value).abs() <= 1e-6 * first.value)
            .then_some(*first)
    };
    [conditions::WAVELENGTH, conditions::PHOTON_ENERGY].into_iter().filter_map(one_of).collect()
}
