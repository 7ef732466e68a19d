//! How to read a pixel: every state, and of the rarer signs those that are on the page.

use galvanome_exchange::marks::{
    Glyph, Line, Mark, Strength, glyph_of, overlay_ids, rim_of_combined,
};
use galvanome_model::metaview::Metaview;
use galvanome_model::pixel::Progress;

use crate::pages::marks::STATED;

/// One line of the legend.
pub(super) struct Entry {
    /// One mark, or several side by side.
    pub(super) marks: Vec<Vec<&'static str>>,
    pub(super) word: &'static str,
    pub(super) about: &'static str,
}

/// Lines under one heading.
pub(super) struct Group {
    pub(super) title: &'static str,
    pub(super) entries: Vec<Entry>,
    /// Short words side by side.
    pub(super) dense: bool,
}

/// The legend.
pub(super) struct Legend {
    pub(super) groups: Vec<Group>,
}

#[derive(Default)]
struct Seen {
    voided: bool,
    contested: bool,
    withheld: bool,
    stale: bool,
    surrogate: bool,
    unexpected: bool,
    progress: bool,
    strength: bool,
    expert: bool,
    over: bool,
    computed: bool,
    rim: bool,
    stated: bool,
}

fn look(metaviews: &[Metaview]) -> Seen {
    let mut seen = Seen::default();
    for view in metaviews {
        for pixel in &view.pixels {
            let glyph = glyph_of(pixel);
            match glyph.mark {
                Mark::UnsureVoided => seen.voided = true,
                Mark::Contested => seen.contested = true,
                Mark::Withheld => seen.withheld = true,
                Mark::Pending(Some(_)) => seen.progress = true,
                Mark::Yes(Strength::Unknown) | Mark::No(Strength::Unknown) => {}
                Mark::Yes(_) | Mark::No(_) => seen.strength = true,
                _ => {}
            }
            seen.computed |= pixel.computed.as_ref().is_some_and(|computed| !computed.provisional);
            seen.expert |= glyph.line == Some(Line::Expert);
            seen.over |= glyph.line == Some(Line::ExpertOverComputed);
            seen.stale |= glyph.stale;
            seen.surrogate |= glyph.surrogate;
            seen.unexpected |= glyph.unexpected;
        }
        let mut margins =
            view.by_technique.iter().map(|row| &row.combined).chain(&view.by_observable);
        seen.rim |= margins.any(rim_of_combined);
        seen.stated |= view
            .by_technique
            .iter()
            .any(|row| row.stated.is_some() && row.combined.answer.is_none());
    }
    seen
}

fn entry(glyph: Glyph, word: &'static str, about: &'static str) -> Entry {
    Entry { marks: vec![overlay_ids(&glyph)], word, about }
}

fn plain(mark: Mark, word: &'static str, about: &'static str) -> Entry {
    entry(Glyph::from(mark), word, about)
}

/// The legend of some metaviews.
pub(super) fn legend(metaviews: &[Metaview]) -> Legend {
    let seen = look(metaviews);
    let yes = Glyph::from(Mark::Yes(Strength::Unknown));
    let mut states = vec![
        plain(yes.mark, "Yes", "the groups differ"),
        plain(Mark::No(Strength::Unknown), "No", "they are alike within the margin"),
        plain(Mark::Unsure, "Unsure", "measured, but cannot tell"),
    ];
    if seen.voided {
        states.push(plain(Mark::UnsureVoided, "Unsure, gate closed", "a fault voids the data"));
    }
    states.extend([
        plain(Mark::NotApplicable, "Not applicable", "cannot see this property"),
        plain(Mark::NotDone, "Not done", "could, but was not measured"),
        plain(Mark::Pending(None), "Pending", "no answer yet"),
    ]);
    if seen.unexpected {
        let glyph = Glyph { unexpected: true, ..Glyph::from(Mark::Pending(None)) };
        states.push(entry(glyph, "Not expected", "pending; the catalogue expects no answer here"));
    }
    if seen.contested {
        states.push(plain(Mark::Contested, "Contested", "yes stands against no; counts as unsure"));
    }
    if seen.withheld {
        states.push(plain(Mark::Withheld, "Withheld", "answered, not shared with you"));
    }
    let mut groups = vec![Group { title: "How to read a pixel", entries: states, dense: false }];
    if seen.strength {
        let marks = [Strength::Weak, Strength::Medium, Strength::Strong]
            .map(|strength| overlay_ids(&Glyph::from(Mark::Yes(strength))));
        groups.push(Group {
            title: "Strength of evidence",
            entries: vec![Entry {
                marks: marks.to_vec(),
                word: "",
                about: "disc grows, ring thickens: the interval clears the margin by under 1 δ, 1 to 3 δ, more",
            }],
            dense: false,
        });
    }
    let mut who = Vec::new();
    if seen.computed {
        who.push(entry(yes, "No line", "computed; an expert agrees or is silent"));
    }
    if seen.expert {
        let glyph = Glyph { line: Some(Line::Expert), ..yes };
        who.push(entry(glyph, "Thin line", "expert alone, strength unknown"));
    }
    if seen.over {
        let glyph = Glyph { line: Some(Line::ExpertOverComputed), ..yes };
        who.push(entry(glyph, "Bold line", "expert over a different computed answer"));
    }
    if seen.stale {
        who.push(entry(
            Glyph { stale: true, ..yes },
            "Clock",
            "stale: what it rests on has changed",
        ));
    }
    if seen.surrogate {
        let about = "model samples alone; never a row's yes";
        who.push(entry(Glyph { surrogate: true, ..yes }, "Cut corner", about));
    }
    if !who.is_empty() {
        groups.push(Group { title: "Who answered", entries: who, dense: false });
    }
    if seen.progress {
        let steps = [
            (Progress::Planned, "planned"),
            (Progress::InTransit, "in transit"),
            (Progress::Measured, "measured"),
            (Progress::Analysed, "analysed"),
        ];
        groups.push(Group {
            title: "Progress of a pending pixel",
            entries: steps
                .map(|(progress, word)| plain(Mark::Pending(Some(progress)), "", word))
                .into_iter()
                .collect(),
            dense: true,
        });
    }
    let mut combined = Vec::new();
    if seen.rim {
        let glyph = Glyph { rim: true, ..Glyph::from(Mark::No(Strength::Unknown)) };
        combined.push(entry(glyph, "Dotted rim", "pending pixels may still change it"));
    }
    if seen.stated {
        let mut stated =
            plain(Mark::NotDone, "Brackets", "stated of the whole row, whose pixels are open");
        for marks in &mut stated.marks {
            marks.push(STATED);
        }
        combined.push(stated);
    }
    combined
        .push(Entry { marks: Vec::new(), word: "2·1·0", about: "how many yes · unsure · no" });
    groups.push(Group { title: "Rows and columns combined", entries: combined, dense: false });
    Legend { groups }
}
