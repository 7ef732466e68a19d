//! Times what `galvanome_numerics::volume` does, for `scripts/bench_volumes.sh` and for anyone's own raw files of bytes.
//!
//! `volumes make FOLDER SIDE` writes volumes of SIDE³ bytes, the same ones every time: `blobs.u8` (0 and 1, 45 % are 1),
//! `noise.u8` (0 and 1, half are 1), `grey.u8` (the blobs as grey values with noise), `single.u8` (1 but for one voxel).
//! `volumes run WORK FILE Z,Y,X THREADS [LABEL]` reads a file and prints one line of JSON: seconds, most memory, what was
//! found. The phase is LABEL, 1 unless given.

#![expect(clippy::print_stdout, reason = "its lines are what it is for")]

use std::error::Error;
use std::path::Path;
use std::time::Instant;

use galvanome_numerics::volume::{
    Axis, Components, Connectivity, Edges, Histogram, Mask, Minkowski, Representativity, Solve,
    Tortuosity, granulometry, label, otsu, squared_distances, tortuosity, two_point_axes,
    two_point_radial,
};

fn main() -> Result<(), Box<dyn Error>> {
    let given: Vec<String> = std::env::args().skip(1).collect();
    match given.iter().map(String::as_str).collect::<Vec<_>>().as_slice() {
        ["make", folder, side] => make(Path::new(folder), side.parse()?),
        ["run", work, file, shape, threads] => {
            run(work, Path::new(file), shape, threads.parse()?, 1)
        }
        ["run", work, file, shape, threads, label] => {
            run(work, Path::new(file), shape, threads.parse()?, label.parse()?)
        }
        _ => Err("volumes make FOLDER SIDE | volumes run WORK FILE Z,Y,X THREADS [LABEL]".into()),
    }
}

/// Numbers that look random, by their place (splitmix64).
fn random(at: u64) -> u64 {
    let mut word = at.wrapping_add(0x9E37_79B9_7F4A_7C15).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    word = (word ^ word >> 30).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    word = (word ^ word >> 27).wrapping_mul(0x94D0_49BB_1331_11EB);
    word ^ word >> 31
}

/// From 0 to 1.
fn random_part(at: u64) -> f32 {
    (random(at) >> 40) as f32 / (1u64 << 24) as f32
}

fn make(folder: &Path, side: usize) -> Result<(), Box<dyn Error>> {
    std::fs::create_dir_all(folder)?;
    let voxels = side * side * side;
    let noise: Vec<u8> = (0..voxels as u64).map(|at| (random(at) >> 63) as u8).collect();
    std::fs::write(folder.join("noise.u8"), noise)?;
    let mut field: Vec<f32> =
        (0..voxels as u64).map(|at| random_part(at + (1 << 40)) - 0.5).collect();
    for stride in [1, side, side * side] {
        for _ in 0..3 {
            smooth(&mut field, side, stride, side / 40);
        }
    }
    let mut sorted: Vec<f32> = field.iter().copied().step_by(101).collect();
    sorted.sort_by(f32::total_cmp);
    let level = sorted[sorted.len() * 55 / 100];
    let blobs: Vec<u8> = field.iter().map(|value| u8::from(*value > level)).collect();
    drop(field);
    let spread = |at: usize| -> f32 {
        (0..4).map(|turn| random_part((at as u64) * 4 + turn + (1 << 41))).sum::<f32>() * 40.0
    };
    let grey: Vec<u8> = blobs
        .iter()
        .enumerate()
        .map(|(at, blob)| (f32::from(*blob) * 70.0 + spread(at)) as u8)
        .collect();
    std::fs::write(folder.join("grey.u8"), grey)?;
    std::fs::write(folder.join("blobs.u8"), blobs)?;
    let mut single = vec![1u8; voxels];
    single[voxels / 2 + side * side / 2 + side / 2] = 0;
    std::fs::write(folder.join("single.u8"), single)?;
    Ok(())
}

/// A running mean along lines of a cube, with mirrored ends.
fn smooth(field: &mut [f32], side: usize, stride: usize, reach: usize) {
    let mut line = vec![0.0f32; side];
    for from in (0..field.len()).filter(|at| (at / stride).is_multiple_of(side)) {
        for (at, value) in line.iter_mut().enumerate() {
            *value = field[from + at * stride];
        }
        let place = |at: isize| {
            line[(if at < 0 { -1 - at } else { at }).min(2 * side.cast_signed() - 1 - at) as usize]
        };
        let reach = reach.cast_signed();
        let mut sum: f64 = (-reach..=reach).map(|at| f64::from(place(at))).sum();
        for at in 0..side.cast_signed() {
            field[from + at as usize * stride] = (sum / (2 * reach + 1) as f64) as f32;
            if at + 1 < side.cast_signed() {
                sum += f64::from(place(at + 1 + reach)) - f64::from(place(at - reach));
            }
        }
    }
}

fn run(
    work: &str,
    file: &Path,
    shape: &str,
    threads: usize,
    phase: u8,
) -> Result<(), Box<dyn Error>> {
    let sides = shape.split(',').map(str::parse).collect::<Result<Vec<usize>, _>>()?;
    let shape: [usize; 3] = sides.as_slice().try_into()?;
    let values = std::fs::read(file)?;
    let begun = (Instant::now(), processor_s());
    let found = find(work, &values, shape, threads, phase)
        .ok_or("the file is not of this shape, or the work unknown")?;
    let (wall, processor) = (begun.0.elapsed().as_secs_f64(), processor_s() - begun.1);
    println!(
        "{{\"work\": \"{work}\", \"threads\": {threads}, \"wall_s\": {wall:.4}, \"main_thread_cpu_s\": {processor:.4}, \
         \"peak_bytes\": {}, \"found\": {found}}}",
        peak_bytes()
    );
    Ok(())
}

/// Does a piece of work on bytes in memory, and tells what it found as JSON.
fn find(work: &str, values: &[u8], shape: [usize; 3], threads: usize, phase: u8) -> Option<String> {
    let cubic = [1.0; 3];
    let mask = || Mask::of(values, shape, threads, |value: u8| value == phase);
    Some(match work {
        "otsu" => {
            let mut histogram = Histogram::of_bytes();
            histogram.add_u8(values, threads);
            let threshold = otsu(&histogram)?;
            format!(
                "{{\"threshold\": {threshold}, \"fraction_above\": {}}}",
                histogram.fraction_above(threshold)
            )
        }
        "fraction" => format!("{}", mask()?.count()),
        "components" | "components26" => {
            let touch =
                if work == "components" { Connectivity::Faces } else { Connectivity::Corners };
            let mut components = Components::new(shape, touch)?;
            components.add(&mask()?)?;
            let found = components.finish();
            format!(
                "{{\"components\": {}, \"largest\": {}, \"voxels\": {}, \"through\": {:?}, \"closed\": {}}}",
                found.components,
                found.largest,
                found.voxels,
                found.through.map(|through| through.voxels),
                found.closed
            )
        }
        "labels" => format!("{}", label(&mask()?, Connectivity::Faces)?.components),
        "distance" => {
            let distances = squared_distances(&mask()?, cubic, threads)?;
            let sums = distances
                .chunks(1 << 16)
                .map(|some| some.iter().map(|one| f64::from(*one)).sum::<f64>());
            let most = distances.iter().fold(0.0f32, |most, one| most.max(*one));
            format!("{{\"sum_of_squares\": {}, \"largest_square\": {most}}}", sums.sum::<f64>())
        }
        "surface" => {
            let mut minkowski = Minkowski::new(shape, cubic)?;
            minkowski.add(&mask()?, threads)?;
            let found = minkowski.finish();
            format!(
                "{{\"faces\": {}, \"crofton\": {}, \"specific\": {}, \"breadth\": {}, \"euler_faces\": {}, \"euler_corners\": {}}}",
                found.face_area,
                found.crofton_area,
                found.specific_surface,
                found.mean_breadth,
                found.euler_faces,
                found.euler_corners
            )
        }
        "representativity" => {
            let least = *shape.iter().min()?;
            let edges: Vec<usize> = [16, 8, 4, 2].iter().map(|part| least / part).collect();
            let mut sizes = Representativity::new(shape, &edges)?;
            sizes.add(&mask()?)?;
            let lines = sizes.sizes();
            let lines = lines.iter().map(|one| {
                format!(
                    "[{}, {}, {}, {:?}]",
                    one.edge,
                    one.tiles,
                    one.mean,
                    one.standard_deviation.unwrap_or(0.0)
                )
            });
            format!("[{}]", lines.collect::<Vec<_>>().join(", "))
        }
        "thickness" => {
            let mask = mask()?;
            let radii: Vec<f64> = (1..=12).map(f64::from).collect();
            format!(
                "{:?}",
                granulometry(&mask, cubic, &radii, threads)?
                    .covered
                    .iter()
                    .map(|one| one.1)
                    .collect::<Vec<_>>()
            )
        }
        "two_point" => {
            let most = (*shape.iter().min()? / 2) as f64;
            let shells = two_point_radial(&mask()?, cubic, Edges::Open, (most, 1.0), threads)?;
            format!(
                "{:?}",
                shells.iter().take(12).map(|shell| shell.probability).collect::<Vec<_>>()
            )
        }
        "two_point_axes" => {
            let most = *shape.iter().min()? / 2;
            let axes = two_point_axes(&mask()?, most, threads);
            format!(
                "{:?}",
                axes.map(|axis| axis.probabilities().into_iter().take(12).collect::<Vec<_>>())
            )
        }
        "tortuosity" => {
            let mask = mask()?;
            let lines = Axis::ALL.map(|axis| {
                let solve = Solve { threads, ..Solve::default() };
                match tortuosity(&mask, axis, cubic, &solve) {
                    Some(Tortuosity::Through(found)) => format!(
                        "{{\"factor\": {}, \"relative_diffusivity\": {}, \"iterations\": {}, \"residual\": {:e}, \"flow_spread\": {:e}}}",
                        found.factor, found.relative_diffusivity, found.iterations, found.residual, found.flow_spread
                    ),
                    _ => "null".to_owned(),
                }
            });
            format!("[{}]", lines.join(", "))
        }
        _ => return None,
    })
}

/// Seconds that the main thread ran; 0 where the system does not say.
fn processor_s() -> f64 {
    let told = std::fs::read_to_string("/proc/self/schedstat").unwrap_or_default();
    told.split_whitespace()
        .next()
        .and_then(|first| first.parse::<f64>().ok())
        .map_or(0.0, |ns| ns / 1e9)
}

/// Most resident memory so far; 0 where the system does not say.
fn peak_bytes() -> u64 {
    let told = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = told.lines().find(|line| line.starts_with("VmHWM"));
    let kilobytes = line
        .and_then(|line| line.split_whitespace().nth(1))
        .and_then(|word| word.parse::<u64>().ok());
    kilobytes.map_or(0, |kilobytes| kilobytes * 1024)
}
