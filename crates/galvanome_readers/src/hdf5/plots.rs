//! What belongs together as values on axes: NXdata groups of NeXus in its new and its old manner, SASdata of canSAS, and
//! groups of the EMD convention.
//!
//! References: NeXus manual, "NXdata" and "Associating plottable data" (versions 1 to 3); canSAS 2012 (NXcanSAS); EMD
//! (Berkeley, 0.2).

use super::tree::{Member, Object, Tree, What};

/// Values on axes, by places among the objects.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Plot {
    /// The group.
    pub(super) group: usize,
    /// The values.
    pub(super) signal: usize,
    /// What each axis is called and where its points stand, as far as the file says.
    pub(super) axes: Vec<Option<usize>>,
    /// Standard uncertainties.
    pub(super) errors: Option<usize>,
}

/// The plots of a file, the default one first, then in the order of the file.
pub(super) fn find(tree: &Tree) -> Vec<Plot> {
    let mut plots = Vec::new();
    for (place, object) in tree.objects.iter().enumerate() {
        if !matches!(object.what, What::Group(_)) {
            continue;
        }
        for signal in signals(tree, place, object) {
            let Some(dims) = dims(tree, signal) else { continue };
            let axes = axes(tree, place, signal, &dims);
            let errors = errors(tree, place, signal).filter(|&errors| {
                errors != signal && self::dims(tree, errors).is_some_and(|other| other == dims)
            });
            plots.push(Plot { group: place, signal, axes, errors });
        }
    }
    let default = default(tree);
    plots.sort_by_key(|plot| Some(plot.group) != default);
    plots
}

/// The axes of a dataset of numbers; none of anything else, and of single values.
fn dims(tree: &Tree, object: usize) -> Option<Vec<u64>> {
    let dataset = tree.objects.get(object)?.dataset()?;
    dataset.of.number()?;
    (dataset.space.len > 1).then(|| dataset.space.dims.clone())
}

/// The group that the file's `default` attributes lead to.
fn default(tree: &Tree) -> Option<usize> {
    let mut at = 0;
    for _ in 0..8 {
        let Some(name) = tree.objects.get(at)?.text("default") else { break };
        match tree.find(at, &name) {
            Some(next) if next != at => at = next,
            _ => break,
        }
    }
    (at != 0).then_some(at)
}

/// Members of a group that are objects, with their names.
fn members<'a>(
    tree: &'a Tree,
    group: usize,
    object: &'a Object,
) -> impl Iterator<Item = (&'a str, usize)> {
    object.members().iter().filter_map(move |(name, member)| match member {
        Member::Object(place) => Some((name.as_str(), *place)),
        Member::Path(path) => tree.find(group, path).map(|place| (name.as_str(), place)),
        Member::Elsewhere => None,
    })
}

/// A number that an attribute of a dataset gives, also as text.
fn number(tree: &Tree, object: usize, attribute: &str) -> Option<i64> {
    tree.objects.get(object)?.text(attribute)?.parse().ok()
}

fn signals(tree: &Tree, group: usize, object: &Object) -> Vec<usize> {
    let is = |attribute: &str, word: &str| object.text(attribute).is_some_and(|text| text == word);
    let mut found = Vec::new();
    if let Some(name) = object.text("signal") {
        found.extend(tree.find(group, &name));
        let more = object.attribute("auxiliary_signals");
        for name in more.map(|value| value.texts().to_vec()).unwrap_or_default() {
            found.extend(tree.find(group, &name));
        }
    }
    if found.is_empty() {
        let mut told: Vec<(i64, usize)> = members(tree, group, object)
            .filter_map(|(_, place)| Some((number(tree, place, "signal")?, place)))
            .filter(|(number, _)| *number > 0)
            .collect();
        // A detector of NeXus says of its data that they are a signal; the plot is the NXdata group that links to them.
        if is("NX_class", "NXdata") || is("canSAS_class", "SASdata") {
            told.sort_unstable();
            found.extend(told.into_iter().map(|(_, place)| place));
        }
    }
    if found.is_empty() {
        let name = if is("NX_class", "NXdata") || is("emd_group_type", "1") {
            "data"
        } else if is("canSAS_class", "SASdata") {
            "I"
        } else {
            return found;
        };
        found.extend(tree.find(group, name));
    }
    found
}

/// Names out of one text, as NeXus of old wrote them: `[y, x]`, `y:x`, `y,x`.
fn split(text: &str) -> Vec<String> {
    let text = text.trim().trim_start_matches('[').trim_end_matches(']');
    text.split([':', ',']).map(|name| name.trim().to_owned()).collect()
}

fn axes(tree: &Tree, group: usize, signal: usize, dims: &[u64]) -> Vec<Option<usize>> {
    let mut axes = vec![None; dims.len()];
    let (Some(object), Some(data)) = (tree.objects.get(group), tree.objects.get(signal)) else {
        return axes;
    };
    let told = |of: &Object, attribute: &str| {
        let texts = of.attribute(attribute)?.texts();
        match texts {
            [] => None,
            [one] => Some(split(one)),
            all => Some(all.iter().map(|name| name.trim().to_owned()).collect::<Vec<_>>()),
        }
    };
    let names =
        told(object, "axes").or_else(|| told(object, "I_axes")).or_else(|| told(data, "axes"));
    let fits = |place: usize, dim: usize| {
        let points = self::dims(tree, place)?;
        let (len, asked) = (points.iter().product::<u64>(), *dims.get(dim)?);
        // As many points as values, or the edges of as many bins.
        (points.iter().filter(|&&side| side != 1).count() == 1
            && (len == asked || len == asked + 1))
            .then_some(place)
    };
    for (order, name) in names.iter().flatten().enumerate() {
        let index = object.attribute(&format!("{name}_indices")).map(super::value::Value::numbers);
        let dim = match index.as_deref() {
            Some([one]) if *one >= 0.0 => *one as usize,
            _ => order,
        };
        // Beside the signal, where a detector's own axes stand, or in the group.
        let place = tree.find(group, name).or_else(|| tree.find(data.parent, name));
        if let (Some(axis), Some(place)) = (axes.get_mut(dim), place) {
            *axis = axis.or_else(|| fits(place, dim));
        }
    }
    if names.is_none() {
        by_numbers(tree, group, object, &fits, &mut axes);
    }
    axes
}

/// Axes of the manner of old: datasets say of which axis they are the points, from 1; of several the primary one counts. The
/// EMD convention counts its `dim1`, `dim2` in the same way.
fn by_numbers(
    tree: &Tree,
    group: usize,
    object: &Object,
    fits: &dyn Fn(usize, usize) -> Option<usize>,
    axes: &mut [Option<usize>],
) {
    let mut told: Vec<(i64, i64, usize)> = Vec::new();
    for (name, place) in members(tree, group, object) {
        let by_name = || {
            name.strip_prefix("dim")
                .filter(|_| object.text("emd_group_type").is_some())?
                .parse()
                .ok()
        };
        if let Some(axis) = number(tree, place, "axis").or_else(by_name) {
            told.push((number(tree, place, "primary").unwrap_or(1), axis, place));
        }
    }
    told.sort_unstable();
    for (_, axis, place) in told {
        let dim = usize::try_from(axis.saturating_sub(1).max(0)).unwrap_or(usize::MAX);
        if let Some(known) = axes.get_mut(dim) {
            *known = known.or_else(|| fits(place, dim));
        }
    }
}

fn errors(tree: &Tree, group: usize, signal: usize) -> Option<usize> {
    let (object, data) = (tree.objects.get(group)?, tree.objects.get(signal)?);
    let name = data.name();
    let told =
        ["uncertainties", "uncertainty"].into_iter().find_map(|attribute| data.text(attribute));
    let of_group = ["uncertainties", "uncertainty"]
        .into_iter()
        .find_map(|attribute| object.text(&format!("{name}_{attribute}")));
    let named = told.or(of_group).and_then(|name| tree.find(group, &name));
    let by_name = || tree.find(group, &format!("{name}_errors"));
    // The old name for the uncertainties of the default signal.
    let of_default = || {
        let is_default = object.text("signal").is_none_or(|signal| signal == name);
        tree.find(group, "errors").filter(|_| is_default)
    };
    named.or_else(by_name).or_else(of_default)
}
