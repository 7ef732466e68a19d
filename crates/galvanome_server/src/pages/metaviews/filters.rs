//! The filters above the matrices: each choice is a link to the same page, so that it works without scripts;
//! with scripts the page changes in place.

use galvanome_exchange::marks::{Line, glyph_of};
use galvanome_model::answer::Answer;
use galvanome_model::catalogue::{Facility, Mode, Support, Technique};
use galvanome_model::metaview::Metaview;
use galvanome_model::pixel::Pixel;

use super::query::{Order, Query, StateFilter, facility_word, mode_word, support_word};
use crate::pages::words;

/// One choice of a segmented control.
pub(super) struct Choice {
    pub(super) label: String,
    pub(super) href: String,
    pub(super) value: &'static str,
    pub(super) current: bool,
}

/// A segmented control.
pub(super) struct Control {
    /// What it sets, as in the address.
    pub(super) name: &'static str,
    /// What it is called.
    pub(super) label: &'static str,
    pub(super) choices: Vec<Choice>,
}

/// Whether an expert stands over a different computed answer.
pub(super) fn is_over(pixel: &Pixel) -> bool {
    glyph_of(pixel).line == Some(Line::ExpertOverComputed)
}

/// Whether a finding about data quality belongs to the pixel itself.
pub(super) fn has_note(pixel: &Pixel) -> bool {
    pixel.voided
        || pixel.contested
        || pixel.surrogate
        || pixel.computed.as_ref().is_some_and(|computed| computed.stale)
}

/// What the filters ask of a pixel.
#[derive(Clone, Copy)]
pub(super) struct Flags {
    answered: bool,
    pending: bool,
    over: bool,
    note: bool,
}

impl Flags {
    pub(super) fn of(pixel: &Pixel, row_has_note: bool) -> Self {
        Self {
            answered: pixel.answer.is_some_and(Answer::is_measured),
            pending: pixel.answer.is_none() && !pixel.withheld,
            over: is_over(pixel),
            note: has_note(pixel) || (row_has_note && pixel.answer != Some(Answer::NotApplicable)),
        }
    }

    /// The classes by which the style sheet dims a cell: a(nswered), p(ending), o(ver), n(ote).
    pub(super) const fn classes(self) -> &'static str {
        match (self.answered, self.pending, self.over, self.note) {
            (true, _, true, true) => "c a o n",
            (true, _, true, false) => "c a o",
            (true, _, false, true) => "c a n",
            (true, _, false, false) => "c a",
            (_, true, _, true) => "c p n",
            (_, true, _, false) => "c p",
            (_, _, _, true) => "c n",
            _ => "c",
        }
    }
}

/// How many pixels each of the filters lets stand out: answered, pending, over, note.
fn counts(metaviews: &[Metaview], noted: &[bool]) -> [usize; 4] {
    let mut counts = [0; 4];
    for view in metaviews {
        let columns = view.observables.len().max(1);
        for (at, pixel) in view.pixels.iter().enumerate() {
            let flags = Flags::of(pixel, noted.get(at / columns).copied().unwrap_or(false));
            let set = [flags.answered, flags.pending, flags.over, flags.note];
            for (count, set) in counts.iter_mut().zip(set) {
                *count += usize::from(set);
            }
        }
    }
    counts
}

fn control(
    name: &'static str,
    label: &'static str,
    choices: impl IntoIterator<Item = (String, &'static str, Query, bool)>,
) -> Control {
    let choices = choices
        .into_iter()
        .map(|(label, value, query, current)| Choice { href: query.link(), label, value, current })
        .collect();
    Control { name, label, choices }
}

/// The order of the rows.
pub(super) fn order(query: &Query) -> Control {
    control(
        "order",
        "Order of the rows",
        [("As published", "published", Order::Published), ("By depth", "depth", Order::Depth)].map(
            |(label, value, order)| {
                let with = Query { order, ..query.clone() };
                (label.to_owned(), value, with, query.order == order)
            },
        ),
    )
}

/// The filters, without those that could change nothing here.
pub(super) fn filters(
    query: &Query,
    techniques: &[Technique],
    metaviews: &[Metaview],
    noted: &[bool],
) -> Vec<Control> {
    let all: usize = metaviews.iter().map(|view| view.pixels.len()).sum();
    let [answered, pending, over, note] = counts(metaviews, noted);
    let states = [
        ("All", StateFilter::All, all),
        ("Answered", StateFilter::Answered, answered),
        ("Pending", StateFilter::Pending, pending),
        ("Expert over computed", StateFilter::Over, over),
        ("With a note", StateFilter::Note, note),
    ];
    let state = control(
        "state",
        "Which pixels",
        states.into_iter().filter(|(_, state, count)| *count > 0 || query.state == *state).map(
            |(label, state, count)| {
                let with = Query { state, ..query.clone() };
                (
                    format!("{label} {}", words::count(count)),
                    state.word(),
                    with,
                    query.state == state,
                )
            },
        ),
    );
    let having =
        |has: &dyn Fn(&Technique) -> bool| techniques.iter().filter(|one| has(one)).count();
    let facility = control(
        "facility",
        "Where it is measured",
        std::iter::once((
            "All facilities".to_owned(),
            "",
            Query { facility: None, ..query.clone() },
            query.facility.is_none(),
        ))
        .chain(
            [Facility::Lab, Facility::Synchrotron, Facility::Neutron].into_iter().filter_map(
                |facility| {
                    let count = having(&|technique| technique.facts.facility == Some(facility));
                    (count > 0).then(|| {
                        (
                            format!("{} {count}", words::facility(facility)),
                            facility_word(facility),
                            Query { facility: Some(facility), ..query.clone() },
                            query.facility == Some(facility),
                        )
                    })
                },
            ),
        ),
    );
    let support = control(
        "support",
        "What part of the specimen",
        std::iter::once((
            "Any depth".to_owned(),
            "",
            Query { support: None, ..query.clone() },
            query.support.is_none(),
        ))
        .chain([Support::Surface, Support::Bulk, Support::Local].into_iter().filter_map(
            |support| {
                let count = having(&|technique| {
                    technique.facts.support.as_ref().is_some_and(|all| all.contains(&support))
                });
                (count > 0).then(|| {
                    (
                        words::support(support).to_owned(),
                        support_word(support),
                        Query { support: Some(support), ..query.clone() },
                        query.support == Some(support),
                    )
                })
            },
        )),
    );
    let mode = control(
        "mode",
        "How the cell is while it is measured",
        std::iter::once((
            "Any mode".to_owned(),
            "",
            Query { mode: None, ..query.clone() },
            query.mode.is_none(),
        ))
        .chain([Mode::ExSitu, Mode::InSitu, Mode::Operando].into_iter().filter_map(
            |mode| {
                let count = having(&|technique| {
                    technique.facts.modes.as_ref().is_some_and(|all| all.contains(&mode))
                });
                (count > 0).then(|| {
                    (
                        words::mode(mode).to_owned(),
                        mode_word(mode),
                        Query { mode: Some(mode), ..query.clone() },
                        query.mode == Some(mode),
                    )
                })
            },
        )),
    );
    // A control with one way to set it beside "all" would select what is there anyway.
    [state, facility, support, mode].into_iter().filter(|one| one.choices.len() > 2).collect()
}
