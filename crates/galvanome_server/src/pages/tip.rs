//! What a pixel says beside the pixel: the fragment behind `?tip=1`.

use askama::Template;
use galvanome_exchange::marks::{Glyph, Strength, glyph_of, mark_of_answer};
use galvanome_model::answer::Answer;
use galvanome_model::metaview::Frame;
use galvanome_model::pixel::{By, Part, Pixel, PixelKey};
use galvanome_model::record::Certainty;
use galvanome_model::verdict::ComputedAnswer;

use super::marks::Drawn;
use super::strip::STRIP_HEIGHT;
use super::verdict_view::{self, VerdictView};
use super::{address, words};

/// What the fragment says.
#[derive(Debug, Clone, Copy)]
pub struct TipInput<'a> {
    /// Rows, columns and questions.
    pub frame: &'a Frame,
    /// Which pixel.
    pub key: &'a PixelKey,
    /// The pixel as this reader sees it.
    pub pixel: &'a Pixel,
    /// The computed answer with its comparisons; none where nothing was computed.
    pub computed: Option<&'a ComputedAnswer>,
}

struct Said {
    ids: Vec<&'static str>,
    said: String,
}

#[derive(Template)]
#[template(path = "tip.html")]
struct Fragment<'a> {
    ids: Vec<&'static str>,
    answer: &'static str,
    who: String,
    place: String,
    verdict: Option<VerdictView>,
    strip_height: f64,
    reason: &'a str,
    parts: Vec<Said>,
    remarks: Vec<String>,
    href: String,
    sublayer: String,
}

fn headline(pixel: &Pixel) -> &'static str {
    if pixel.withheld {
        "Withheld"
    } else if pixel.contested {
        "Contested"
    } else {
        words::answer(pixel.answer)
    }
}

/// Who answered, and whether the other side agrees.
fn who(pixel: &Pixel) -> String {
    if pixel.contested {
        let says = |answer| pixel.parts.iter().any(|part| part.answer == answer);
        let apart = says(Answer::Yes) && says(Answer::No);
        return if apart { "between laboratories" } else { "expert against computed" }.to_owned();
    }
    let computed = pixel.computed.as_ref().filter(|computed| !computed.provisional);
    match (pixel.by, computed) {
        (By::Expert, Some(computed)) if Some(computed.answer) == pixel.answer => {
            "expert and computed agree".to_owned()
        }
        (By::Expert, Some(computed)) => format!(
            "by an expert; computed {}",
            words::answer(Some(computed.answer)).to_lowercase()
        ),
        (By::Expert, None) if pixel.certainty == Some(Certainty::Implied) => {
            "by an expert, implied".to_owned()
        }
        (by, _) => words::by(by).to_owned(),
    }
}

fn remarks(pixel: &Pixel) -> Vec<String> {
    let mut remarks = Vec::new();
    if pixel.withheld {
        remarks.push("Somebody answered, and keeps it within their group.".to_owned());
        return remarks;
    }
    if pixel.answer.is_none() {
        remarks.push(match pixel.progress {
            Some(progress) => format!("Nobody has answered yet: {}.", words::progress(progress)),
            None if pixel.expected => {
                "Nobody has answered yet; no experiment is planned.".to_owned()
            }
            None => "Nobody has answered, and the catalogue does not expect this technique to."
                .to_owned(),
        });
    }
    for (said, what) in [
        (
            pixel.contested,
            "Yes stands against no: it counts as unsure until a second reviewer signs.",
        ),
        (pixel.voided, "A closed gate voids the data."),
        (pixel.surrogate, "It rests on model samples alone, and never makes a row's yes."),
    ] {
        if said {
            remarks.push(what.to_owned());
        }
    }
    if let Some(computed) = &pixel.computed {
        if computed.stale {
            remarks.push("The computed answer is stale: what it rests on has changed.".to_owned());
        } else if computed.provisional {
            remarks.push(format!(
                "Computed {}, provisional: nobody has confirmed the margin and the spread.",
                words::answer(Some(computed.answer)).to_lowercase()
            ));
        } else if let Some(strength) =
            Some(Strength::of(computed.strength)).filter(|_| Some(computed.answer) == pixel.answer)
        {
            remarks.extend(strength.words().map(|words| format!("The interval {words}.")));
        }
    }
    remarks
}

/// The comparison that decides: of those with the computed answer, the one that stands out most.
fn deciding(frame: &Frame, key: &PixelKey, computed: &ComputedAnswer) -> Option<VerdictView> {
    let size = |at: usize| computed.verdicts.get(at).map_or(0.0, |one| (one.d / one.delta).abs());
    let at = (0..computed.verdicts.len())
        .filter(|at| computed.verdicts.get(*at).is_some_and(|one| one.answer == computed.answer))
        .max_by(|a, b| size(*a).total_cmp(&size(*b)))?;
    verdict_view::views(&frame.definition, &frame.catalogue, &key.observable, computed)
        .into_iter()
        .nth(at)
}

fn part(frame: &Frame, part: &Part) -> Said {
    let whom = part
        .partner
        .as_ref()
        .map(|id| {
            frame
                .definition
                .partner(id)
                .map_or_else(|| id.to_string(), |partner| partner.name.clone())
        })
        .or_else(|| part.experiment.as_ref().map(ToString::to_string))
        .unwrap_or_else(|| part.record.author.clone());
    Said {
        ids: Drawn::from(&Glyph::from(mark_of_answer(part.answer, Strength::Unknown))).ids,
        said: format!("{}: {whom}", words::answer(Some(part.answer))),
    }
}

/// Renders the fragment.
pub fn render(input: &TipInput) -> askama::Result<String> {
    let (frame, key, pixel) = (input.frame, input.key, input.pixel);
    let campaign = &frame.definition.id;
    let technique = frame
        .catalogue
        .technique(&key.technique)
        .map_or(key.technique.as_str(), |technique| technique.short_name.as_str());
    let column = frame
        .catalogue
        .observable(&key.observable)
        .map_or(key.observable.as_str(), |observable| observable.name.as_str());
    let question = frame.definition.question(&key.question);
    let (code, _) =
        words::question(key.question.as_str(), question.map_or("", |question| &question.name));
    // The campaign's definition gives one reason for a whole row; the rest is the pixel's own.
    let reason = if pixel.withheld { "" } else { pixel.reason.as_str() };
    let reason = if pixel.by == By::Computed && pixel.answer.is_some_and(Answer::is_measured) {
        ""
    } else {
        reason
    };
    Fragment {
        ids: Drawn::from(&glyph_of(pixel)).ids,
        answer: headline(pixel),
        who: who(pixel),
        place: format!("{technique} · {column} · {code}, {}", key.component),
        verdict: input.computed.and_then(|computed| deciding(frame, key, computed)),
        strip_height: STRIP_HEIGHT,
        reason,
        parts: if pixel.parts.len() > 1 {
            pixel.parts.iter().map(|one| part(frame, one)).collect()
        } else {
            Vec::new()
        },
        remarks: remarks(pixel),
        href: address::pixel(campaign, key),
        sublayer: address::sublayer(campaign, &key.component, &key.question, &key.observable),
    }
    .render()
}
