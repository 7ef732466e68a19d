//! The one drawing of a pixel: what is drawn for a pixel or a combined answer, in figures and on pages alike.
//!
//! A [`Glyph`] is a [`Mark`] (which answer, how strong) with overlays (who answered, stale, provisional, model
//! samples). Each state has a shape of its own, so that it is read without colour; the tone of the field and
//! the colour come second.

mod shapes;

use galvanome_model::answer::{Answer, Combined};
use galvanome_model::pixel::{By, Pixel, Progress};

pub use self::shapes::{CELL, Paint, css, literal, overlay_ids, symbol_defs, tokens_css};

/// How far the deciding interval clears its margin δ.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Strength {
    /// Not computed, or computed with margins that nobody confirmed: drawn as medium.
    Unknown,
    /// By less than one δ.
    Weak,
    /// By one to three δ.
    Medium,
    /// By more than three δ.
    Strong,
}

impl Strength {
    /// The strength of a distance in units of δ. Not a number is unknown.
    pub fn of(clears_by: Option<f64>) -> Self {
        match clears_by {
            Some(by) if by < 1.0 => Self::Weak,
            Some(by) if by <= 3.0 => Self::Medium,
            Some(by) if by > 3.0 => Self::Strong,
            _ => Self::Unknown,
        }
    }

    /// What it means, for a title; none when it is unknown.
    pub const fn words(self) -> Option<&'static str> {
        match self {
            Self::Unknown => None,
            Self::Weak => Some("clears the margin by less than 1 δ"),
            Self::Medium => Some("clears the margin by 1 to 3 δ"),
            Self::Strong => Some("clears the margin by more than 3 δ"),
        }
    }

    const fn step(self) -> usize {
        match self {
            Self::Weak => 0,
            Self::Unknown | Self::Medium => 1,
            Self::Strong => 2,
        }
    }
}

/// What is drawn in a cell.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mark {
    /// Yes: a disc, larger when stronger.
    Yes(Strength),
    /// No: a ring, heavier when stronger.
    No(Strength),
    /// Unsure: a half disc.
    Unsure,
    /// Unsure because a closed gate voids the data: a half disc, struck through.
    UnsureVoided,
    /// Not applicable: a grey field, nothing on it.
    NotApplicable,
    /// Not done: a dash in a thin frame.
    NotDone,
    /// No answer yet: a dotted frame, with arcs for the progress.
    Pending(Option<Progress>),
    /// Yes stands against no: half a disc beside half a ring.
    Contested,
    /// Answered, and this reader may not see it: a lock.
    Withheld,
}

/// The state in a word, as it stands in legends and titles.
pub const fn word(mark: Mark) -> &'static str {
    match mark {
        Mark::Yes(_) => "Yes",
        Mark::No(_) => "No",
        Mark::Unsure => "Unsure",
        Mark::UnsureVoided => "Unsure, data voided",
        Mark::NotApplicable => "Not applicable",
        Mark::NotDone => "Not done",
        Mark::Pending(None) => "Pending",
        Mark::Pending(Some(Progress::Planned)) => "Pending, planned",
        Mark::Pending(Some(Progress::InTransit)) => "Pending, in transit",
        Mark::Pending(Some(Progress::Measured)) => "Pending, measured",
        Mark::Pending(Some(Progress::Analysed)) => "Pending, analysed",
        Mark::Contested => "Contested",
        Mark::Withheld => "Withheld",
    }
}

/// The line under a mark: who answered. No line means computed (an expert agrees or is silent).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Line {
    /// Thin: an expert alone.
    Expert,
    /// Bold: an expert over a different computed answer.
    ExpertOverComputed,
}

/// A mark with everything that is drawn over it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Glyph {
    /// The mark.
    pub mark: Mark,
    /// Who answered.
    pub line: Option<Line>,
    /// A clock in the corner: what the computed answer rests on has changed.
    pub stale: bool,
    /// A dotted rim: pending pixels may still change this combined answer.
    pub rim: bool,
    /// A cut corner: it rests on model samples alone.
    pub surrogate: bool,
    /// Pending, and the catalogue does not expect an answer here: only the corners of the dotted frame.
    pub unexpected: bool,
}

impl From<Mark> for Glyph {
    fn from(mark: Mark) -> Self {
        Self { mark, line: None, stale: false, rim: false, surrogate: false, unexpected: false }
    }
}

/// The mark of a pixel, as this reader sees it.
pub fn mark_of(pixel: &Pixel) -> Mark {
    if pixel.withheld {
        return Mark::Withheld;
    }
    if pixel.contested {
        return Mark::Contested;
    }
    match pixel.answer {
        Some(Answer::Unsure) if pixel.voided => Mark::UnsureVoided,
        Some(answer) => mark_of_answer(answer, strength_of(pixel)),
        None => Mark::Pending(pixel.progress),
    }
}

/// The mark of an answer of a given strength.
pub const fn mark_of_answer(answer: Answer, strength: Strength) -> Mark {
    match answer {
        Answer::Yes => Mark::Yes(strength),
        Answer::No => Mark::No(strength),
        Answer::Unsure => Mark::Unsure,
        Answer::NotDone => Mark::NotDone,
        Answer::NotApplicable => Mark::NotApplicable,
    }
}

/// The strength is drawn only where it was computed, with confirmed margins, for the answer that is shown.
fn strength_of(pixel: &Pixel) -> Strength {
    let computed = pixel
        .computed
        .as_ref()
        .filter(|computed| !computed.provisional && Some(computed.answer) == pixel.answer);
    Strength::of(computed.and_then(|computed| computed.strength))
}

/// The mark of a combined answer. What pending pixels could still raise is drawn as it is so far, with a rim
/// ([`rim_of_combined`]); before any yes, unsure or no it stays pending.
pub fn mark_of_combined(combined: &Combined) -> Mark {
    match combined.answer.or(combined.so_far.filter(|answer| answer.is_measured())) {
        Some(answer) => mark_of_answer(answer, Strength::Unknown),
        None if combined.pending == 0 && combined.withheld > 0 => Mark::Withheld,
        None => Mark::Pending(None),
    }
}

/// Whether a combined answer is drawn with the dotted rim: pending pixels may still change it.
pub fn rim_of_combined(combined: &Combined) -> bool {
    combined.answer.is_none() && combined.so_far.is_some_and(Answer::is_measured)
}

/// The mark of a pixel with its overlays.
pub fn glyph_of(pixel: &Pixel) -> Glyph {
    let mark = mark_of(pixel);
    if mark == Mark::Withheld {
        return Glyph::from(mark);
    }
    let computed = pixel.computed.as_ref().filter(|computed| !computed.provisional);
    let line = match computed {
        _ if pixel.by != By::Expert || pixel.contested => None,
        Some(computed) if Some(computed.answer) == pixel.answer => None,
        Some(_) => Some(Line::ExpertOverComputed),
        // Only yes, no and unsure could have been computed: on the others the line would say nothing.
        None => pixel.answer.is_some_and(Answer::is_measured).then_some(Line::Expert),
    };
    Glyph {
        mark,
        line,
        stale: pixel.answer.is_some() && computed.is_some_and(|computed| computed.stale),
        rim: false,
        surrogate: pixel.surrogate && pixel.answer.is_some(),
        unexpected: mark == Mark::Pending(None) && !pixel.expected,
    }
}

/// The mark of a combined answer with its rim.
pub fn glyph_of_combined(combined: &Combined) -> Glyph {
    Glyph { rim: rim_of_combined(combined), ..Glyph::from(mark_of_combined(combined)) }
}

impl Glyph {
    /// A short description for titles and labels: `Yes, expert`, `Pending, not expected`.
    pub fn words(&self) -> String {
        let mut words = vec![word(self.mark)];
        if let Mark::Yes(strength) | Mark::No(strength) = self.mark {
            words.extend(strength.words());
        }
        words.extend(self.line.map(|line| match line {
            Line::Expert => "expert",
            Line::ExpertOverComputed => "expert over a different computed answer",
        }));
        for (said, what) in [
            (self.rim, "so far; pending pixels may still change it"),
            (self.surrogate, "model samples alone"),
            (self.stale, "stale"),
            (self.unexpected, "not expected"),
        ] {
            if said {
                words.push(what);
            }
        }
        words.join(", ")
    }
}
