//! How far the metaviews of a component are, in one sentence.

use galvanome_model::metaview::Metaview;

use crate::pages::words;

/// `24 of 240 pixels answered, 36 not applicable, 1 not done, 179 pending`.
pub(super) fn sentence(metaviews: &[Metaview]) -> String {
    let sum = |pick: fn(&Metaview) -> u32| {
        metaviews.iter().map(|view| pick(view) as usize).sum::<usize>()
    };
    let all: usize = metaviews.iter().map(|view| view.pixels.len()).sum();
    if all == 0 {
        return "no pixels yet: the campaign names no technique, observable or question".to_owned();
    }
    let mut parts = vec![format!(
        "{} of {} answered",
        words::count(sum(|view| view.counts.answered)),
        words::counted(all, "pixel", "pixels")
    )];
    for (count, what) in [
        (sum(|view| view.counts.not_applicable), "not applicable"),
        (sum(|view| view.counts.not_done), "not done"),
        (sum(|view| view.counts.pending), "pending"),
        (sum(|view| view.counts.withheld), "withheld"),
    ] {
        if count > 0 {
            parts.push(format!("{} {what}", words::count(count)));
        }
    }
    parts.join(", ")
}
