//! Every difference of a column in units of its own margin δ, on one scale.

use galvanome_model::answer::Answer;
use galvanome_model::verdict::{ComputedAnswer, Verdict};

use super::{Row, SublayerInput};
use crate::pages::axis::Axis;
use crate::pages::groups;
use crate::pages::numbers;
use crate::pages::strip::{class_of, numbers_of};
use crate::pages::svg::{Anchor, Drawing};
use crate::pages::verdict_view::unit_of;
use crate::pages::words;

/// So many techniques without a number have rows of their own; more are named in a sentence.
const MOST_EMPTY_ROWS: usize = 6;
/// Longer whiskers end in arrows.
const MOST_MARGINS: f64 = 20.0;

/// The strips of a column.
pub(super) struct OneScale {
    pub(super) rows: Vec<ScaleRow>,
    /// Techniques without a number, where they are too many for rows of their own.
    pub(super) without: String,
    pub(super) axis: String,
    pub(super) kappa: String,
    pub(super) provisional: bool,
}

/// A technique's difference against its margin, or the word that there is none.
pub(super) struct ScaleRow {
    pub(super) name: String,
    pub(super) class: &'static str,
    /// Which descriptor and which groups, where a technique has several comparisons.
    pub(super) of: String,
    /// The estimate; none without a number.
    pub(super) estimate: Option<String>,
    /// Interval and margin in words.
    pub(super) said: String,
    pub(super) drawing: String,
}

fn whisker(verdict: &Verdict) -> Option<f64> {
    verdict
        .yes_bound
        .map(|bound| (verdict.d.abs() - bound) / verdict.delta)
        .filter(|half| half.is_finite())
}

/// The strips; none when no technique of the column has a difference against a margin.
pub(super) fn one_scale(input: &SublayerInput, rows: &[Row]) -> Option<OneScale> {
    let measured: Vec<&Row> = rows
        .iter()
        .filter(|row| !row.row.pixel.withheld && (row.is_measured() || row.row.computed.is_some()))
        .collect();
    let verdicts = || {
        measured
            .iter()
            .filter_map(|row| row.row.computed.as_ref())
            .flat_map(|computed| &computed.verdicts)
            .filter(|verdict| verdict.delta > 0.0 && verdict.d.is_finite())
    };
    verdicts().next()?;
    let (mut low, mut high) = (-1.0_f64, 1.0_f64);
    for verdict in verdicts() {
        let (at, half) = (verdict.d / verdict.delta, whisker(verdict).unwrap_or(0.0));
        low = low.min((at - half).max(at.min(0.0) - MOST_MARGINS));
        high = high.max((at + half).min(at.max(0.0) + MOST_MARGINS));
    }
    let axis = Axis::around(low, high, 0.06);
    let kappa = measured
        .iter()
        .find_map(|row| row.row.computed.as_ref())
        .map_or(0.5, |computed| computed.kappa);

    let mut all = Vec::new();
    for row in &measured {
        let name = row.technique.short_name.clone();
        let computed = row.row.computed.as_ref();
        let own: Vec<&Verdict> = computed
            .into_iter()
            .flat_map(|computed| &computed.verdicts)
            .filter(|verdict| verdict.delta > 0.0 && verdict.d.is_finite())
            .collect();
        match computed {
            Some(computed) if !own.is_empty() => {
                for verdict in &own {
                    all.push(strip_row(
                        input,
                        axis,
                        kappa,
                        name.clone(),
                        computed,
                        verdict,
                        own.len() > 1,
                    ));
                }
            }
            _ => {
                let mut drawing = Drawing::new();
                band(&mut drawing, axis, kappa);
                drawing.across_middle((0.0, 1.0), "no-number");
                all.push(ScaleRow {
                    name,
                    class: "",
                    of: String::new(),
                    estimate: None,
                    said: "no number against a margin".to_owned(),
                    drawing: drawing.finish(),
                });
            }
        }
    }
    let without: Vec<String> = all
        .iter()
        .filter(|row: &&ScaleRow| row.estimate.is_none())
        .map(|row| row.name.clone())
        .collect();
    let too_many = without.len() > MOST_EMPTY_ROWS;
    if too_many {
        all.retain(|row| row.estimate.is_some());
    }
    let without: Vec<&str> = without.iter().map(String::as_str).filter(|_| too_many).collect();
    Some(OneScale {
        rows: all,
        without: words::list(&without),
        axis: axis_labels(axis),
        kappa: words::digits(kappa, 2),
        provisional: measured
            .iter()
            .any(|row| row.row.computed.as_ref().is_some_and(|one| one.provisional)),
    })
}

fn band(drawing: &mut Drawing, axis: Axis, kappa: f64) {
    drawing.band((axis.share(-1.0), axis.share(1.0)), "band");
    for (at, class) in
        [(-1.0, "edge"), (1.0, "edge"), (-kappa, "guard"), (kappa, "guard"), (0.0, "zero")]
    {
        drawing.post(axis.share(at), class);
    }
}

fn strip_row(
    input: &SublayerInput,
    axis: Axis,
    kappa: f64,
    name: String,
    computed: &ComputedAnswer,
    verdict: &Verdict,
    several: bool,
) -> ScaleRow {
    let catalogue = &input.frame.catalogue;
    let said = numbers_of(
        verdict,
        unit_of(catalogue, verdict),
        computed.alpha,
        computed.kappa,
        computed.verdicts.len(),
    );
    let at = verdict.d / verdict.delta;
    let mut drawing = Drawing::new();
    band(&mut drawing, axis, kappa);
    if let Some(half) = whisker(verdict) {
        drawing.across_middle((axis.share(at - half), axis.share(at + half)), "whisker");
        for (end, outward) in [(at - half, -1.0), (at + half, 1.0)] {
            let inner = if axis.holds(end) {
                r#"<path class="whisker" d="M0 -5V5"/>"#.to_owned()
            } else {
                format!(r#"<path class="whisker" d="M{0} -4L0 0L{0} 4"/>"#, -5.0 * outward)
            };
            drawing.at_middle(axis.share(end), &inner);
        }
    }
    let shape = match verdict.answer {
        Answer::Yes => r#"<circle class="estimate" r="5"/>"#,
        _ => r#"<circle class="estimate hollow" r="4.6"/>"#,
    };
    drawing.at_middle(axis.share(at), shape);
    let of = if several {
        let what = catalogue.descriptor(&verdict.descriptor).map_or_else(
            || verdict.descriptor.to_string(),
            |descriptor| {
                descriptor.name.split([',', '(']).next().unwrap_or_default().trim().to_owned()
            },
        );
        format!("{what}, {}", groups::names_in_sentence(&input.frame.definition, &verdict.test))
    } else {
        String::new()
    };
    ScaleRow {
        name,
        class: class_of(verdict.answer),
        of,
        said: match &said.yes_interval {
            Some((from, to)) => {
                format!("{} interval {from} to {to}; δ {}", said.yes_level, said.delta)
            }
            None => format!("no spread is known; δ {}", said.delta),
        },
        estimate: Some(said.estimate),
        drawing: drawing.finish(),
    }
}

fn axis_labels(axis: Axis) -> String {
    let mut drawing = Drawing::new();
    let mut last = f64::NEG_INFINITY;
    for value in axis.round_values(6) {
        let at = axis.share(value);
        if at - last < 0.15 {
            continue;
        }
        last = at;
        let label = if value == 0.0 {
            "0".to_owned()
        } else {
            format!("{} δ", numbers::signed(value, i32::from(value.fract() != 0.0)))
        };
        drawing.text((at, 0.0), 13.0, Anchor::Middle, "tick", &label);
    }
    drawing.finish()
}
