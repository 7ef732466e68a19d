//! Phases, profile, representativity, blocks, sizes and correlations as tables.

use galvanome_model::measurement::{Column, ColumnHead, Origin, Table, Values};
use galvanome_numerics::volume::Granulometry;

use super::blocks::Block;
use super::pass::Passed;
use super::phases::Phases;

fn table(name: &str, columns: Vec<Column>) -> Table {
    let rows = columns.first().map_or(0, |column| column.values.len());
    Table { name: name.to_owned(), columns, rows }
}

fn numbers(name: &str, unit: &str, values: Vec<f64>) -> Column {
    let head = ColumnHead {
        name: name.to_owned(),
        unit: unit.to_owned(),
        vendor_name: String::new(),
        origin: Origin::Reconstructed,
    };
    Column { head, values: Values::Number(values) }
}

/// All grey values with how many voxels have them.
pub(super) fn histogram(phases: &Phases) -> Table {
    let there = phases.histogram.counts().iter().enumerate().filter(|(_, count)| **count > 0);
    let (values, counts) =
        there.map(|(bin, count)| (phases.histogram.middle(bin), *count as f64)).unzip();
    table("histogram", vec![numbers("grey", "", values), numbers("voxels", "1", counts)])
}

/// The porosity at each place along the direction.
pub(super) fn profile(passed: &Passed, step_um: Option<f64>) -> Table {
    let places = 0..passed.profile.len();
    let (unit, step) = step_um.map_or(("1", 1.0), |step| ("um", step));
    let depths = places.map(|place| (place as f64 + 0.5) * step).collect();
    table(
        "profile",
        vec![numbers("depth", unit, depths), numbers("porosity", "1", passed.profile.clone())],
    )
}

/// How the porosity varies between cubes of each size.
pub(super) fn representativity(passed: &Passed) -> Table {
    let column = |of: fn(&galvanome_numerics::volume::Tiled) -> f64| {
        passed.sizes.iter().map(of).collect::<Vec<f64>>()
    };
    table(
        "representativity",
        vec![
            numbers("edge", "voxel", column(|one| one.edge as f64)),
            numbers("cubes", "1", column(|one| one.tiles as f64)),
            numbers("porosity", "1", column(|one| one.mean)),
            numbers(
                "standard_deviation",
                "1",
                column(|one| one.standard_deviation.unwrap_or(f64::NAN)),
            ),
        ],
    )
}

/// What was found in each block.
pub(super) fn blocks(blocks: &[Block], unit: &str) -> Table {
    let column = |of: &dyn Fn(&Block) -> f64| blocks.iter().map(of).collect::<Vec<f64>>();
    let corner = |axis: usize| column(&move |block: &Block| block.corner[axis] as f64);
    let side = |axis: usize| column(&move |block: &Block| block.shape[axis] as f64);
    let or_nothing = |value: Option<f64>| value.unwrap_or(f64::NAN);
    table(
        "blocks",
        vec![
            numbers("z", "voxel", corner(0)),
            numbers("y", "voxel", corner(1)),
            numbers("x", "voxel", corner(2)),
            numbers("depth", "voxel", side(0)),
            numbers("rows", "voxel", side(1)),
            numbers("row", "voxel", side(2)),
            numbers("porosity", "1", column(&|block| block.porosity)),
            numbers("relative_diffusivity", "1", column(&|block| block.diffusivity)),
            numbers("tortuosity", "1", column(&|block| or_nothing(block.factor))),
            numbers("pore_size", unit, column(&|block| or_nothing(block.diameters[0]))),
            numbers("particle_size", unit, column(&|block| or_nothing(block.diameters[1]))),
            numbers("correlation_length", "voxel", column(&|block| or_nothing(block.correlation))),
        ],
    )
}

/// Shares of pores and of the rest by the diameter of the largest ball that covers them, over all blocks.
pub(super) fn sizes(blocks: &[Block], unit: &str) -> Table {
    let all: Vec<[&Granulometry; 2]> = blocks
        .iter()
        .filter_map(|block| Some([block.balls[0].as_ref()?, block.balls[1].as_ref()?]))
        .collect();
    let mut diameters = Vec::new();
    let mut shares = [Vec::new(), Vec::new()];
    if let Some([first, _]) = all.first() {
        diameters.extend(first.covered.iter().map(|(radius, _)| 2.0 * radius));
        for (phase, shares) in shares.iter_mut().enumerate() {
            let voxels: f64 = all.iter().map(|both| both[phase].voxels as f64).sum();
            for place in 0..diameters.len() {
                let share = |both: &[&Granulometry; 2]| {
                    let of = both[phase].distribution();
                    of.get(place).map_or(0.0, |(_, share)| share * both[phase].voxels as f64)
                };
                shares.push(all.iter().map(share).sum::<f64>() / voxels);
            }
        }
    }
    let [pores, rest] = shares;
    table(
        "sizes",
        vec![
            numbers("diameter", unit, diameters),
            numbers("pores", "1", pores),
            numbers("particles", "1", rest),
        ],
    )
}

/// The two-point correlation of pores, the mean over blocks and directions.
pub(super) fn correlation(blocks: &[Block]) -> Table {
    let steps = blocks.iter().map(|block| block.pairs.len()).min().unwrap_or(0);
    let mean = |step: usize| {
        let sum: f64 = blocks.iter().filter_map(|block| block.pairs.get(step)).sum();
        sum / blocks.len() as f64
    };
    table(
        "correlation",
        vec![
            numbers("step", "voxel", (0..steps).map(|step| step as f64).collect()),
            numbers("probability", "1", (0..steps).map(mean).collect()),
        ],
    )
}
