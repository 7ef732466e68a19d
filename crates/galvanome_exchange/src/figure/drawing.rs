//! The whole sheet: heading, a block for each component, legend, caption.

use super::FigureInput;
use super::canvas::{Canvas, INK, INK_2, RULE, Style};
use super::contents::{INVENTED, counts_in_words, total};
use super::font::Weight;
use super::legend::Legend;
use super::panel::Plan;

const MARGIN: f64 = 28.0;
const NARROWEST: f64 = 660.0;

const HEADING: Style = Style::new(22.0, Weight::Bold, INK);
const TAG: Style = Style::new(12.0, Weight::Bold, INK);
const CAPTION: Style = Style::new(11.0, Weight::Regular, INK_2);

/// The publication figure as one SVG file: for each component a global panel with one column for each question
/// (the combined answers of rows), then a matrix for each question with the combined answers of its columns;
/// below, the legend and a caption with counts, date, data version and address.
///
/// It takes any number of components, questions, techniques and observables: names are measured with the
/// embedded typeface, broken at two lines, and matrices that do not fit beside each other go to the next line
/// with the names of the rows repeated. Lengths are in CSS pixels. The same input gives the same bytes.
pub fn svg(input: &FigureInput<'_>) -> String {
    let names = input.names();
    let plans: Vec<Plan<'_>> = input.blocks().iter().map(|block| Plan::new(block, names)).collect();
    let width = plans.iter().map(|plan| plan.width).fold(NARROWEST, f64::max);
    let mut canvas = Canvas::default();
    let mut y = MARGIN;
    for line in HEADING.wrap(input.title, width, 4) {
        canvas.text(MARGIN, y + 20.0, &HEADING, &line);
        y += 28.0;
    }
    if input.frame.definition.invented {
        canvas.frame((MARGIN, y + 2.0), TAG.width(INVENTED) + 20.0, 24.0, INK_2);
        canvas.text(MARGIN + 10.0, y + 18.0, &TAG, INVENTED);
        y += 34.0;
    }
    if plans.is_empty() {
        canvas.text(MARGIN, y + 24.0, &CAPTION, "No metaview to show.");
        y += 40.0;
    }
    for (index, plan) in plans.iter().enumerate() {
        if index > 0 {
            canvas.line((MARGIN, y), (MARGIN + width, y), RULE, 1.0);
        }
        y += 18.0;
        plan.draw(&mut canvas, MARGIN, y);
        y += plan.height() + 24.0;
    }
    canvas.line((MARGIN, y), (MARGIN + width, y), RULE, 1.0);
    y += 18.0;
    let legend = Legend::new(input, width);
    legend.draw(&mut canvas, MARGIN, y);
    y += legend.height;
    canvas.line((MARGIN, y), (MARGIN + width, y), RULE, 1.0);
    y += 6.0;
    let caption = caption(input);
    for line in CAPTION.wrap(&caption, width, usize::MAX) {
        canvas.text(MARGIN, y + 13.0, &CAPTION, &line);
        y += 16.0;
    }
    canvas.finish(width + 2.0 * MARGIN, y + MARGIN - 6.0, input.title, &caption)
}

fn caption(input: &FigureInput<'_>) -> String {
    let mut parts = input.origin();
    parts.push(counts_in_words(&total(input.views)));
    parts.join(" · ")
}
