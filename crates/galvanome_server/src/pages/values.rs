//! The numbers of each group: a table of values with a dot plot in it.

use galvanome_model::campaign::{Definition, Question};
use galvanome_model::catalogue::{Descriptor, Scale, Technique};
use galvanome_model::ids::{DescriptorId, GroupId, ObservableId};
use galvanome_model::quantity::{Qualifier, Quantity};

use super::axis::Axis;
use super::groups::{self, GroupStyle};
use super::numbers::{self, Shown};
use super::svg::{Anchor, Drawing};

/// The numbers of one descriptor.
#[derive(Debug, Clone, PartialEq)]
pub struct ValueTable {
    /// Name of the descriptor.
    pub name: String,
    /// Its id.
    pub id: String,
    /// What the numbers are: `pure number`, `in nm`.
    pub unit: String,
    /// What is to be known when reading it.
    pub note: String,
    /// Whether it decides the pixel.
    pub primary: bool,
    /// The rows, in the campaign's order of groups.
    pub rows: Vec<ValueRow>,
    /// The axis below the dots: the inside of an `<svg>` 20 pixels high; none when there is nothing to draw.
    pub axis: Option<String>,
    /// Whether bars of uncertainty are drawn.
    pub has_bars: bool,
}

/// One value, or the word that there is none.
#[derive(Debug, Clone, PartialEq)]
pub struct ValueRow {
    /// The groups that it is a value of.
    pub groups: Vec<GroupStyle>,
    /// The value with its unit; none when this group has no number.
    pub value: Option<String>,
    /// Its standard uncertainty.
    pub uncertainty: Option<String>,
    /// Number of specimens; none when it is not stated.
    pub n: Option<String>,
    /// Where it comes from.
    pub source: String,
    /// The specimen; empty for a mean over several.
    pub sample: String,
    /// What made it.
    pub method: String,
    /// What else is to be known, in a word or two.
    pub tags: Vec<String>,
    /// The dot: the inside of an `<svg>` of any size.
    pub dot: String,
}

/// How a qualifier is written before a number.
pub const fn qualifier(qualifier: Qualifier) -> &'static str {
    match qualifier {
        Qualifier::Equal => "",
        Qualifier::Less => "< ",
        Qualifier::Greater => "> ",
        Qualifier::About => "≈ ",
    }
}

/// The groups of a question in its own order, then the campaign's others.
fn order_of(definition: &Definition, question: Option<&Question>) -> Vec<GroupId> {
    let asked = question.map(|question| (&question.reference, &question.test));
    let mut order: Vec<GroupId> = Vec::new();
    let of_campaign = definition.groups.iter().map(|group| &group.id);
    let of_question = asked.into_iter().flat_map(|(reference, test)| reference.iter().chain(test));
    for id in of_campaign.chain(of_question) {
        if !order.contains(id) {
            order.push(id.clone());
        }
    }
    order
}

/// The tables of a technique's descriptors that speak for an observable or have numbers here: those that decide
/// first. A group of the question without any number has a row that says so, in the tables that decide.
pub fn tables(
    definition: &Definition,
    question: Option<&Question>,
    technique: Option<&Technique>,
    observable: &ObservableId,
    quantities: &[(Quantity, bool)],
) -> Vec<ValueTable> {
    let mut ids: Vec<&DescriptorId> = Vec::new();
    let spoken =
        technique.map(|technique| technique.descriptors_for(observable)).unwrap_or_default();
    let known = spoken.iter().map(|(descriptor, _)| &descriptor.id);
    for id in known.chain(quantities.iter().map(|(quantity, _)| &quantity.descriptor)) {
        if !ids.contains(&id) && quantities.iter().any(|(quantity, _)| quantity.descriptor == *id) {
            ids.push(id);
        }
    }
    let order = order_of(definition, question);
    ids.into_iter()
        .map(|id| {
            let descriptor = technique.and_then(|technique| technique.descriptor(id));
            let primary = spoken.iter().any(|(one, speaks)| one.id == *id && speaks.primary);
            let of_id: Vec<&(Quantity, bool)> =
                quantities.iter().filter(|(quantity, _)| quantity.descriptor == *id).collect();
            table(definition, question, &order, id, descriptor, primary, &of_id)
        })
        .collect()
}

fn table(
    definition: &Definition,
    question: Option<&Question>,
    order: &[GroupId],
    id: &DescriptorId,
    descriptor: Option<&Descriptor>,
    primary: bool,
    quantities: &[&(Quantity, bool)],
) -> ValueTable {
    let place = |quantity: &Quantity| {
        let first = quantity.groups.first();
        first.and_then(|group| order.iter().position(|id| id == group)).unwrap_or(usize::MAX)
    };
    let mut sorted = quantities.to_vec();
    sorted.sort_by_key(|(quantity, _)| (place(quantity), quantity.groups.len()));
    let unit = sorted.first().map_or("", |(quantity, _)| quantity.unit.as_str());
    let one_unit = sorted.iter().all(|(quantity, _)| quantity.unit == unit);
    let axis =
        one_unit.then(|| axis_of(&sorted, descriptor.map(|descriptor| descriptor.scale))).flatten();
    let ticks = axis.map_or_else(Vec::new, |axis| axis.ticks(5, unit));
    let grid = |drawing: &mut Drawing| {
        for tick in &ticks {
            drawing.post(tick.at, if tick.wide_only { "grid w" } else { "grid" });
        }
    };

    let mut rows = Vec::new();
    for (quantity, computed) in sorted.iter().copied() {
        let styles: Vec<GroupStyle> =
            quantity.groups.iter().map(|group| groups::style(definition, group)).collect();
        let mut drawing = Drawing::new();
        grid(&mut drawing);
        if let Some(axis) = axis {
            draw_dot(&mut drawing, axis, quantity, styles.first());
        }
        rows.push(row(quantity, *computed, styles, drawing.finish()));
    }
    if primary && let Some(question) = question {
        for group in question.reference.iter().chain(&question.test) {
            if !sorted.iter().any(|(quantity, _)| quantity.groups.contains(group)) {
                let mut drawing = Drawing::new();
                grid(&mut drawing);
                let at = order.iter().position(|id| id == group).unwrap_or(usize::MAX);
                let before = sorted.iter().filter(|(quantity, _)| place(quantity) < at).count();
                let missing = ValueRow {
                    groups: vec![groups::style(definition, group)],
                    value: None,
                    uncertainty: None,
                    n: None,
                    source: String::new(),
                    sample: String::new(),
                    method: String::new(),
                    tags: Vec::new(),
                    dot: drawing.finish(),
                };
                rows.insert(before.min(rows.len()), missing);
            }
        }
    }
    ValueTable {
        name: descriptor.map_or_else(|| id.to_string(), |descriptor| descriptor.name.clone()),
        id: id.to_string(),
        unit: if one_unit { numbers::unit_said(unit) } else { "in several units".to_owned() },
        note: descriptor.and_then(|descriptor| descriptor.note.clone()).unwrap_or_default(),
        primary,
        axis: (!ticks.is_empty()).then(|| {
            let mut drawing = Drawing::new();
            for tick in &ticks {
                let class = if tick.wide_only { "tick w" } else { "tick" };
                drawing.text((tick.at, 0.0), 13.0, Anchor::Middle, class, &tick.label);
            }
            drawing.finish()
        }),
        has_bars: sorted.iter().any(|(quantity, _)| quantity.uncertainty.is_some_and(|u| u > 0.0)),
        rows,
    }
}

fn row(quantity: &Quantity, computed: bool, styles: Vec<GroupStyle>, dot: String) -> ValueRow {
    let shown = Shown::of(quantity.value, quantity.uncertainty, &quantity.unit);
    let mut tags = Vec::new();
    if quantity.component.is_none() {
        tags.push("whole cell".to_owned());
    }
    if computed {
        tags.push("computed here".to_owned());
    }
    ValueRow {
        groups: styles,
        value: Some(format!("{}{}", qualifier(quantity.qualifier), shown.value_text())),
        uncertainty: shown.uncertainty_text(),
        n: quantity.n.map(|n| n.to_string()),
        source: quantity.source.clone(),
        sample: quantity.sample.as_ref().map(ToString::to_string).unwrap_or_default(),
        method: quantity.method.clone(),
        tags,
        dot,
    }
}

/// The axis of the dots: from 0 for ratios that differ much, otherwise close around the values.
fn axis_of(quantities: &[&(Quantity, bool)], scale: Option<Scale>) -> Option<Axis> {
    let finite: Vec<&Quantity> = quantities
        .iter()
        .map(|(quantity, _)| quantity)
        .filter(|quantity| quantity.value.is_finite())
        .collect();
    let end = |sign: f64| {
        finite
            .iter()
            .map(|quantity| quantity.value + sign * 2.0 * bar_of(quantity))
            .collect::<Vec<_>>()
    };
    let low = end(-1.0).into_iter().reduce(f64::min)?;
    let high = end(1.0).into_iter().reduce(f64::max)?;
    if scale != Some(Scale::Difference) && low >= 0.0 && low < 0.75 * high {
        return Some(Axis { from: 0.0, to: high * 1.12 });
    }
    let axis = Axis::around(low, high, 0.3);
    Some(if low >= 0.0 { Axis { from: axis.from.max(0.0), to: axis.to } } else { axis })
}

fn bar_of(quantity: &Quantity) -> f64 {
    quantity.uncertainty.filter(|u| u.is_finite() && *u > 0.0).unwrap_or(0.0)
}

fn draw_dot(drawing: &mut Drawing, axis: Axis, quantity: &Quantity, style: Option<&GroupStyle>) {
    let class = style.map_or("g0", |style| style.class);
    let at = axis.share(quantity.value);
    match quantity.qualifier {
        Qualifier::Less | Qualifier::Greater => {
            let way = if quantity.qualifier == Qualifier::Less { -1.0 } else { 1.0 };
            drawing.at_middle(
                at,
                &format!(
                    r#"<path class="{class} gs" d="M0 -6V6M0 0H{x}M{back} -4L{x} 0L{back} 4"/>"#,
                    x = 22.0 * way,
                    back = 17.0 * way
                ),
            );
        }
        Qualifier::Equal | Qualifier::About => {
            let bar = 2.0 * bar_of(quantity);
            if bar > 0.0 {
                let ends = (axis.share(quantity.value - bar), axis.share(quantity.value + bar));
                drawing.across_middle(ends, &format!("{class} gs"));
            }
            let marker =
                style.map_or(r#"<circle class="g0 gf" r="4"/>"#, |style| style.marker.as_str());
            drawing.at_middle(at, marker);
        }
    }
}
