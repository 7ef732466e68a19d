//! The drawing of a pixel: which mark, and whether it can be told from every other.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

use galvanome_exchange::marks::{
    self, Glyph, Line, Mark, Paint, Strength, glyph_of, glyph_of_combined, literal, overlay_ids,
};
use galvanome_model::answer::{Answer, Combined};
use galvanome_model::pixel::Progress;
use resvg::tiny_skia::{Pixmap, Transform};
use usvg::{Options, Tree};

use super::campaign;

#[test]
fn what_is_drawn_for_each_pixel() {
    let (_, views) = campaign::small(&campaign::member());
    let mut text = String::new();
    for view in &views {
        let _ = writeln!(text, "{}", view.question);
        for (index, pixel) in view.pixels.iter().enumerate() {
            let glyph = glyph_of(pixel);
            let technique = &view.techniques[index / view.observables.len()];
            let observable = &view.observables[index % view.observables.len()];
            let ids = overlay_ids(&glyph).join(" ");
            let _ = writeln!(text, "  {technique} {observable}: {ids}: {}", glyph.words());
        }
        for (technique, margin) in view.techniques.iter().zip(&view.by_technique) {
            let glyph = glyph_of_combined(&margin.combined);
            let ids = overlay_ids(&glyph).join(" ");
            let _ = writeln!(text, "  {technique}, combined: {ids}: {}", glyph.words());
        }
    }
    insta::assert_snapshot!(text);
}

fn check(answers: &[Option<Answer>], withheld: u32, ids: &str) {
    let combined = Combined { withheld, ..answers.iter().copied().collect() };
    assert_eq!(overlay_ids(&glyph_of_combined(&combined)).join(" "), ids, "{answers:?}");
}

#[test]
fn combined_answers_wear_a_rim_while_they_may_rise() {
    check(&[Some(Answer::Yes), None], 0, "m-yes-2");
    check(&[Some(Answer::No), None], 0, "m-no-2 m-rim");
    check(&[Some(Answer::Unsure), None], 0, "m-unsure m-rim");
    check(&[Some(Answer::NotDone), None], 0, "m-pending");
    check(&[Some(Answer::NotApplicable), None], 0, "m-pending");
    check(&[Some(Answer::NotApplicable)], 0, "m-na");
    check(&[Some(Answer::No), Some(Answer::NotDone)], 3, "m-no-2");
    check(&[], 2, "m-withheld");
    check(&[], 0, "m-pending");
}

#[test]
fn strength_is_measured_in_margins() {
    for (clears, strength) in [
        (None, Strength::Unknown),
        (Some(f64::NAN), Strength::Unknown),
        (Some(-1.0), Strength::Weak),
        (Some(0.99), Strength::Weak),
        (Some(1.0), Strength::Medium),
        (Some(3.0), Strength::Medium),
        (Some(3.01), Strength::Strong),
    ] {
        assert_eq!(Strength::of(clears), strength, "{clears:?}");
    }
}

fn every_glyph() -> Vec<Glyph> {
    let mut marks = vec![
        Mark::Unsure,
        Mark::UnsureVoided,
        Mark::NotApplicable,
        Mark::NotDone,
        Mark::Pending(None),
        Mark::Contested,
        Mark::Withheld,
    ];
    for strength in [Strength::Weak, Strength::Medium, Strength::Strong] {
        marks.extend([Mark::Yes(strength), Mark::No(strength)]);
    }
    for step in [Progress::Planned, Progress::InTransit, Progress::Measured, Progress::Analysed] {
        marks.push(Mark::Pending(Some(step)));
    }
    let mut glyphs: Vec<Glyph> = marks.into_iter().map(Glyph::from).collect();
    let yes = Glyph::from(Mark::Yes(Strength::Unknown));
    glyphs.extend([
        Glyph { unexpected: true, ..Glyph::from(Mark::Pending(None)) },
        Glyph { line: Some(Line::Expert), ..yes },
        Glyph { line: Some(Line::ExpertOverComputed), ..yes },
        Glyph { stale: true, ..yes },
        Glyph { surrogate: true, ..yes },
        Glyph { rim: true, ..yes },
    ]);
    glyphs
}

/// Its luminance on white, 36 × 36, with the light theme's colours.
fn grey(glyph: Glyph) -> Vec<f64> {
    let svg = format!(
        r##"<svg xmlns="http://www.w3.org/2000/svg" width="36" height="36"><rect width="36" height="36" fill="#FFF"/>{}</svg>"##,
        literal(&overlay_ids(&glyph), Paint::Literal)
    );
    let mut picture = Pixmap::new(36, 36).unwrap();
    let tree = Tree::from_str(&svg, &Options::default()).unwrap();
    resvg::render(&tree, Transform::identity(), &mut picture.as_mut());
    picture
        .pixels()
        .iter()
        .map(|pixel| {
            0.299 * f64::from(pixel.red())
                + 0.587 * f64::from(pixel.green())
                + 0.114 * f64::from(pixel.blue())
        })
        .collect()
}

/// Each state differs from each other one in many points by a shade that the eye tells apart, colour aside.
#[test]
fn every_state_can_be_told_apart_in_greyscale() {
    let glyphs = every_glyph();
    let drawn: Vec<Vec<f64>> = glyphs.iter().copied().map(grey).collect();
    for (index, one) in drawn.iter().enumerate() {
        for (other, two) in drawn.iter().enumerate().skip(index + 1) {
            let far = one.iter().zip(two).filter(|(a, b)| (*a - *b).abs() > 30.0).count();
            // The thin line is the slightest difference: 7 units long.
            assert!(far >= 7, "{:?} and {:?} differ in {far} points", glyphs[index], glyphs[other]);
        }
    }
}

fn luminance(colour: &str) -> f64 {
    let channel = |at: usize| {
        let value = f64::from(u8::from_str_radix(&colour[at..at + 2], 16).unwrap()) / 255.0;
        if value <= 0.04045 { value / 12.92 } else { ((value + 0.055) / 1.055).powf(2.4) }
    };
    0.2126 * channel(1) + 0.7152 * channel(3) + 0.0722 * channel(5)
}

/// WCAG 2.2, 1.4.11: a mark stands out from its field by 3:1.
#[test]
fn marks_stand_out_from_their_fields_in_both_themes() {
    let text = marks::tokens_css();
    for theme in text.lines() {
        let colours: BTreeMap<&str, &str> = theme
            .split(['{', ';', '}'])
            .filter_map(|rule| rule.strip_prefix("--")?.split_once(':'))
            .collect();
        for (mark, field) in [
            ("yes-mark", "yes-field"),
            ("no-mark", "no-field"),
            ("unsure-mark", "unsure-field"),
            ("nd-mark", "nd-field"),
            ("held-mark", "held-field"),
            ("pend-edge", "paper"),
            ("pend-arc", "paper"),
            ("ink", "yes-field"),
            ("ink", "no-field"),
        ] {
            let (a, b) = (luminance(colours[mark]), luminance(colours[field]));
            let contrast = (a.max(b) + 0.05) / (a.min(b) + 0.05);
            assert!(contrast >= 3.0, "{mark} on {field}: {contrast:.2} in {theme}");
        }
    }
    assert_eq!(text.lines().count(), 3);
}

#[test]
fn symbols_are_there_once_and_follow_the_theme() {
    let defs = marks::symbol_defs();
    let ids: Vec<&str> =
        defs.split("<symbol id=\"").skip(1).map(|rest| rest.split_once('"').unwrap().0).collect();
    let unique: BTreeSet<&str> = ids.iter().copied().collect();
    assert_eq!(unique.len(), ids.len());
    assert!(!defs.contains("#8FCBAA"), "colours come from classes");
    let css = marks::css();
    for class in
        defs.split("class=\"").skip(1).flat_map(|rest| rest.split_once('"').unwrap().0.split(' '))
    {
        assert!(css.contains(&format!(".{class}{{")), "no rule for {class}");
    }
    for glyph in every_glyph() {
        for id in overlay_ids(&glyph) {
            assert!(unique.contains(id), "no symbol {id}");
        }
    }
    let yes = Glyph { line: Some(Line::Expert), ..Glyph::from(Mark::Yes(Strength::Strong)) };
    assert_eq!(yes.uses(), r##"<use href="#m-yes-3"/><use href="#m-expert"/>"##);
}
