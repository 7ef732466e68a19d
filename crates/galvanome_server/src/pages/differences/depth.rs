//! How deep each technique sees, and what that says of a yes beside a no.

use galvanome_model::answer::Answer;

use super::{Difference, Told, disagree, names};
use crate::pages::ladder::{counts_from_particle, reach};
use crate::pages::{numbers, words};

/// Reaches further apart than by this factor look at different material.
const APART: f64 = 3.0;

pub(super) fn depth(told: &[Told], thickness_m: Option<f64>, all: &mut Vec<Difference>) {
    let mut say = |text: String| super::say(all, "Depth", text);
    let with_depth: Vec<(&Told, f64)> =
        told.iter().filter_map(|one| Some((one, one.depth(thickness_m)?))).collect();
    let whole = |depth: f64| thickness_m.is_some_and(|thickness| depth > 0.999 * thickness);
    let to = |depth: f64| {
        if whole(depth) { format!("all {}", words::length(depth)) } else { words::length(depth) }
    };
    let mut like: Vec<(&Told, Vec<&Told>)> = Vec::new();
    for (no, shallow) in with_depth.iter().filter(|(one, _)| one.says(Answer::No)) {
        let yes = with_depth.iter().filter(|(one, _)| one.says(Answer::Yes));
        let mut deeper = Vec::new();
        let mut shallower = Vec::new();
        let mut alike = Vec::new();
        for (one, depth) in yes {
            if *depth > APART * shallow {
                deeper.push(*one);
            } else if *depth < shallow / APART {
                shallower.push((*one, *depth));
            } else {
                alike.push(*one);
            }
        }
        if !deeper.is_empty() {
            say(format!(
                "{} (no) sees the first {}; {} (yes) {} deeper. What lies below is no part of its no.",
                no.label(),
                to(*shallow),
                names(&deeper),
                if deeper.len() == 1 { "sees" } else { "see" }
            ));
        }
        for (one, depth) in shallower {
            say(format!(
                "{} (yes) sees the first {}; {} (no) takes in {}, so that these are {} of what it sees.",
                one.label(),
                to(depth),
                no.label(),
                to(*shallow),
                numbers::share(depth / shallow)
            ));
        }
        if !alike.is_empty() {
            like.push((no, alike));
        }
    }
    // Those that stand against the same ones are told together.
    let mut together: Vec<(Vec<&Told>, Vec<&Told>)> = Vec::new();
    for (no, alike) in like {
        let ids =
            |list: &[&Told]| list.iter().map(|one| one.technique.id.clone()).collect::<Vec<_>>();
        match together.iter_mut().find(|(_, known)| ids(known) == ids(&alike)) {
            Some((list, _)) => list.push(no),
            None => together.push((vec![no], alike)),
        }
    }
    for (no, yes) in together {
        let range = |list: &[&Told]| {
            let depths = || list.iter().filter_map(|one| one.depth(thickness_m));
            let (low, high) =
                (depths().fold(f64::INFINITY, f64::min), depths().fold(0.0, f64::max));
            if to(low) == to(high) { to(high) } else { format!("{} to {}", to(low), to(high)) }
        };
        say(format!(
            "Depth does not tell {} (no, {}) from {} (yes, {}).",
            names(&no),
            range(&no),
            names(&yes),
            range(&yes)
        ));
    }
    if !disagree(told) && told.len() > 1 {
        let mut sorted = with_depth.clone();
        sorted.sort_by(|a, b| a.1.total_cmp(&b.1));
        if let (Some((first, low)), Some((last, high))) = (sorted.first(), sorted.last()) {
            if *high > APART * low {
                say(format!(
                    "They look at different depths, from {} ({}) to {} ({}).",
                    to(*low),
                    first.label(),
                    to(*high),
                    last.label()
                ));
            } else if sorted.len() > 1 && to(*low) == to(*high) {
                say(format!("They reach equally deep, {}.", to(*low)));
            } else if sorted.len() > 1 {
                say(format!("They reach similar depths, {} to {}.", to(*low), to(*high)));
            }
        }
    }
    let particle: Vec<&Told> =
        told.iter().filter(|one| counts_from_particle(one.technique)).collect();
    if !particle.is_empty() && told.len() > particle.len() {
        say(format!(
            "{} {} depth from the surface of a particle, wherever it lies; the others count from the face of the electrode.",
            names(&particle),
            if particle.len() == 1 { "counts" } else { "count" }
        ));
    }
    if let [one] = told
        && let Some((main, _)) = reach(&one.technique.facts)
    {
        let from_particle = counts_from_particle(one.technique);
        let of = thickness_m.filter(|thickness| !from_particle && main < 0.999 * thickness);
        say(format!(
            "{} sees the first {}{}.",
            one.label(),
            if from_particle {
                words::length(main)
            } else {
                to(one.depth(thickness_m).unwrap_or(main))
            },
            match of {
                Some(thickness) => format!(" of {}", words::length(thickness)),
                None if from_particle => " below the surface of a particle".to_owned(),
                None => String::new(),
            }
        ));
    }
}
