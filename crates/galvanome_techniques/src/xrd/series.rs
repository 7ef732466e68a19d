//! One peak, and all that patterns have in common, followed through a series.

use galvanome_model::note::Note;

use super::Pattern;
use super::clock::Clock;
use super::lines::{Line, again};
use super::settings;
use super::shift::{Cause, Explanation, Moved, Separated, separate};
use super::{PEAK_SHIFT, words};
use crate::analysis::found::found;
use crate::analysis::{Found, Settings};

/// A peak through the patterns: its line in each, by the same model in the same window; none where it is not there.
#[derive(Debug, Clone, Default)]
pub(super) struct Track {
    lines: Vec<Option<Line>>,
}

impl Track {
    /// The line in a pattern.
    pub(super) fn line(&self, at: usize) -> Option<&Line> {
        self.lines.get(at)?.as_ref()
    }

    fn is_whole(&self) -> bool {
        self.lines.iter().all(Option::is_some)
    }
}

/// Follows a peak of the first pattern: its fit is made again in each, with the window moved along with the peak, and
/// the line nearest to where it was last is it, within its width.
fn followed(patterns: &[Pattern], begin: &Line, settings: &Settings) -> Track {
    let mut place = begin.two_theta.value;
    let mut lines = vec![Some(begin.clone())];
    let like = patterns.first().and_then(|first| first.lines.fits.get(begin.fit));
    for pattern in patterns.iter().skip(1) {
        let moved = place - begin.two_theta.value;
        let found = like.and_then(|like| {
            let lines = again(&pattern.spectrum, like, moved, &pattern.radiation, settings);
            nearest(&lines, place).and_then(|(at, _)| lines.into_iter().nth(at))
        });
        if let Some(line) = &found {
            place = line.two_theta.value;
        }
        lines.push(found);
    }
    Track { lines }
}

/// The line nearest to a place, if it lies within its own width of it.
fn nearest(lines: &[Line], place: f64) -> Option<(usize, f64)> {
    let off = |line: &Line| (line.two_theta.value - place).abs();
    let (at, line) = lines.iter().enumerate().min_by(|a, b| off(a.1).total_cmp(&off(b.1)))?;
    (off(line) < line.fwhm.value).then_some((at, line.two_theta.value))
}

/// What a series shows.
#[derive(Debug, Clone, Default)]
pub(super) struct Followed {
    /// The peak that is followed.
    pub(super) main: Option<Track>,
    /// The reflections by whose movement causes are told apart.
    pub(super) others: Vec<Track>,
    /// What was found of that.
    pub(super) separated: Option<Separated>,
}

/// Follows the peaks that the settings name, else all that every pattern has: the indexed ones where there are any.
pub(super) fn follow(patterns: &[Pattern], settings: &Settings, notes: &mut Vec<Note>) -> Followed {
    let (Some(first), Some(last)) = (patterns.first(), patterns.len().checked_sub(1)) else {
        return Followed::default();
    };
    let named: Vec<f64> = [&settings::PEAK, &settings::PEAK_2, &settings::PEAK_3]
        .into_iter()
        .filter_map(|setting| settings.number(setting))
        .collect();
    let mut chosen = Vec::new();
    for place in named.iter().copied() {
        if let Some(line) = nearest_within(&first.lines.all, place, 0.5) {
            chosen.push(line);
        } else {
            let message = format!("{}: no peak within 0.5° of {place}°", first.spectrum.name);
            notes.push(Note::new("peak-not-found", message, &*first.spectrum.name));
        }
    }
    let mut all: Vec<(usize, Track)> = first
        .lines
        .all
        .iter()
        .enumerate()
        .map(|(at, line)| (at, followed(patterns, line, settings)))
        .filter(|one| one.1.is_whole() || chosen.contains(&one.0))
        .collect();
    let indexed: Vec<usize> = first
        .lattice
        .iter()
        .flat_map(|lattice| lattice.indexed.iter().filter(|one| one.used).map(|one| one.line))
        .collect();
    // Else, of those that stand out well, the one at the lowest angle, of the cell where there is one.
    let strong = |line: &usize| {
        first.lines.all.get(*line).is_some_and(|line| line.height.value > 10.0 * line.height.u)
    };
    let lines = || all.iter().map(|one| one.0).filter(strong);
    let main = settings
        .number(&settings::PEAK)
        .and_then(|_| chosen.first().copied())
        .or_else(|| lines().find(|line| indexed.contains(line)).or_else(|| lines().next()));
    if named.len() > 1 {
        all.retain(|one| chosen.contains(&one.0));
    } else if indexed.len() > 1 {
        all.retain(|one| indexed.contains(&one.0) || Some(one.0) == main);
    }
    let main = main.and_then(|line| all.iter().find(|one| one.0 == line)).map(|one| one.1.clone());
    let others: Vec<Track> = all.into_iter().map(|one| one.1).collect();
    let moved: Vec<Moved> = others
        .iter()
        .filter_map(|track| {
            let (a, b) = (track.line(0)?, track.line(last)?);
            Some(Moved {
                two_theta: a.two_theta.value,
                by: b.two_theta.value - a.two_theta.value,
                u: a.two_theta.u.hypot(b.two_theta.u),
            })
        })
        .collect();
    let separated = (last > 0).then(|| separate(&moved)).flatten();
    if let Some(separated) = &separated {
        notes.push(Note::new("cause-of-shift", told(separated, &moved), ""));
    }
    Followed { main, others, separated }
}

fn nearest_within(lines: &[Line], place: f64, reach: f64) -> Option<usize> {
    let off = |line: &Line| (line.two_theta.value - place).abs();
    let inside = lines.iter().enumerate().filter(|(_, line)| off(line) < reach);
    // The strongest near it: a small neighbour may be nearer to a rough number.
    inside.max_by(|a, b| a.1.height.value.total_cmp(&b.1.height.value)).map(|(at, _)| at)
}

/// What was found of the movement from the first to the last pattern, in words.
fn told(separated: &Separated, moved: &[Moved]) -> String {
    let each: Vec<String> = moved
        .iter()
        .take(12)
        .map(|one| format!("{:.3}° by {:+.4} ± {:.4}", one.two_theta, one.by, one.u))
        .collect();
    let alone: Vec<String> = separated
        .alone
        .iter()
        .map(|one| {
            let amount = one.amounts.first().map_or_else(String::new, amount_words);
            format!("{amount} leaves χ² {:.1} of {}", one.chi_squared, one.freedom)
        })
        .collect();
    let together = separated.together.as_ref().map_or_else(String::new, |both: &Explanation| {
        let amounts: Vec<String> = both.amounts.iter().map(amount_words).collect();
        format!(
            "; together {} leave χ² {:.1} of {}",
            amounts.join(" and "),
            both.chi_squared,
            both.freedom
        )
    });
    format!(
        "from the first pattern to the last the reflections moved: {}. Alone: {}{together}. Verdict: {}",
        each.join(", "),
        alone.join("; "),
        separated.verdict.words()
    )
}

fn amount_words(amount: &super::shift::Amount) -> String {
    let (low, high) = amount.interval;
    match amount.cause {
        Cause::Displacement => {
            format!("Δs/R {:+.2e} (95 %: {low:+.2e} to {high:+.2e})", amount.value)
        }
        Cause::Zero => format!("zero {:+.4}° ({low:+.4} to {high:+.4})", amount.value),
        Cause::Lattice => format!("Δd/d {:+.2e} ({low:+.2e} to {high:+.2e})", amount.value),
    }
}

/// The movement of the followed peak from the first pattern to the last.
pub(super) fn peak_shift(
    patterns: &[Pattern],
    followed: &Followed,
    clock: &Clock,
) -> Option<Found> {
    let last = patterns.len().checked_sub(1).filter(|last| *last > 0)?;
    let track = followed.main.as_ref()?;
    let (a, b) = (track.line(0)?, track.line(last)?);
    let verdict = followed.separated.as_ref().map_or("", |one| one.verdict.words());
    let time = match clock.seconds.last() {
        Some(seconds) => format!(" in {:.2} h", seconds / 3600.0),
        None => String::new(),
    };
    let detail = format!(
        "from {} to {} over {} patterns{time}; uncertainty of the two fits; {verdict}",
        words::degrees(a.two_theta),
        words::degrees(b.two_theta),
        patterns.len(),
    );
    let shift = b.two_theta.value - a.two_theta.value;
    let u = a.two_theta.u.hypot(b.two_theta.u);
    found(PEAK_SHIFT, shift, Some(u), a.points + b.points, detail)
}
