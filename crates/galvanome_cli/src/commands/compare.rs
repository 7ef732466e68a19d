//! `galvanome compare`

use std::io::{IsTerminal, Write};

use galvanome::compare::{Analysed, Asked, Comparison, Declared, Given, Row, Side, SideNumbers};
use galvanome_exchange::numbers::Shown;
use galvanome_model::answer::Answer;
use galvanome_model::note::Note;
use galvanome_server::pages::{standing, strip};
use galvanome_techniques::analysis::pattern_difference::{Difference, Differs, FEWEST};
use indicatif::{ProgressBar, ProgressStyle};
use serde_json::{Value, json};

use crate::args::Compare;
use crate::{say, style};

/// Compares two sides of specimens.
pub(crate) fn run(args: &Compare, out: &mut dyn Write) -> anyhow::Result<()> {
    let technique = galvanome::analyze::technique(&args.technique)?;
    let reference = galvanome::compare::specimens(&args.reference)?;
    let test = galvanome::compare::specimens(&args.test)?;
    let declared = Declared {
        delta: Given::parse(&args.delta)?,
        s0: Given::parse(&args.s0)?,
        u_sys: Given::parse(&args.u_sys)?,
    };
    let asked = Asked {
        technique,
        reference: &reference,
        test: &test,
        auxiliary: &args.with,
        settings: &args.set,
        declared: &declared,
        select: args.select.map(|percent| percent / 100.0),
    };
    let bar = bar();
    let comparison = galvanome::compare::paths(&asked, &|done, of| {
        bar.set_length(of as u64);
        bar.set_position(done as u64);
    });
    bar.finish_and_clear();
    let comparison = comparison?;
    if args.json {
        writeln!(out, "{}", document(technique, &comparison))?;
    } else {
        print(technique, &comparison, out)?;
    }
    Ok(())
}

/// A bar on a terminal, and nothing in a pipe.
fn bar() -> ProgressBar {
    if !std::io::stderr().is_terminal() {
        return ProgressBar::hidden();
    }
    let bar = ProgressBar::new(0);
    if let Ok(style) = ProgressStyle::with_template("{bar:30} {pos} of {len} specimens") {
        bar.set_style(style);
    }
    bar
}

fn document(technique: &galvanome_techniques::Technique, comparison: &Comparison) -> Value {
    let compared = &comparison.compared;
    let answers: Vec<Value> = compared
        .answers
        .iter()
        .map(|one| {
            json!({
                "observable": one.observable,
                "answer": one.answer.word(),
                "reason": or_null(one.reason),
                "direction": one.direction,
                "opposite_directions": one.opposite_directions,
                "decided_by": one.decided_by,
            })
        })
        .collect();
    let selection: Vec<Value> = comparison
        .selected
        .iter()
        .map(|one| {
            json!({
                "side": one.side.word(),
                "descriptor": one.descriptor,
                "allowed": one.allowed,
                "spread": one.spread,
                "kept": one.kept,
                "of": one.of,
            })
        })
        .collect();
    let specimens: Vec<Value> = comparison.specimens.iter().map(specimen).collect();
    json!({
        "schema": 1,
        "technique": technique.id,
        "version": technique.version,
        "paired": comparison.paired,
        "answer": compared.answer.word(),
        "answers": answers,
        "rule": {"alpha": compared.rule.alpha(), "kappa": compared.rule.kappa()},
        "rows": compared.rows.iter().map(row).collect::<Vec<_>>(),
        "specimens": specimens,
        "selection": selection,
        "pattern": comparison.pattern.as_ref().map(pattern),
        "notes": comparison.notes,
    })
}

fn pattern(found: &Difference) -> Value {
    json!({
        "answer": pattern_word(found),
        "reference": found.specimens.0,
        "test": found.specimens.1,
        "from": found.range.0,
        "to": found.range.1,
        "points": found.points,
        "normalisation": found.normalisation.words(),
        "within": Some(found.within).filter(|within| within.is_finite()),
        "between": found.between,
        "p": found.p,
        "ways": found.ways,
        "exhaustive": found.exhaustive,
    })
}

/// It is yes or unsure: not to see a difference is no proof that there is none.
fn pattern_word(found: &Difference) -> &'static str {
    if found.differs == Differs::Yes { Answer::Yes.word() } else { Answer::Unsure.word() }
}

/// What the comparison of whole spectra says, in one line.
fn pattern_said(found: &Difference) -> String {
    let within = if found.within.is_finite() {
        format!("{:.4} within", found.within)
    } else {
        "no two specimens on a side".to_owned()
    };
    let why = match found.differs {
        Differs::TooFew => format!("; below {FEWEST} specimens a side nothing is said"),
        Differs::Yes | Differs::Unsure => String::new(),
    };
    format!(
        "mean distance {:.4} between the sides, {within}; {:.3} of {} ways to group them differ as much{why} ({})",
        found.between,
        found.p,
        found.ways,
        found.normalisation.words()
    )
}

fn or_null(word: &str) -> Option<&str> {
    Some(word).filter(|word| !word.is_empty())
}

fn specimen(one: &Analysed) -> Value {
    json!({
        "side": one.side.word(),
        "label": one.label,
        "files": one.files.iter().map(|file| file.display().to_string()).collect::<Vec<_>>(),
        "selected": one.rejected.is_none(),
        "rejected": one.rejected.map(galvanome_techniques::selection::Rejected::word),
        "notes": one.analysis.notes,
    })
}

fn row(row: &Row) -> Value {
    let verdict = row.verdict.as_ref();
    let judged = verdict.filter(|_| row.unanswered.is_none());
    let margin = row.margin.as_ref().map(|margin| {
        json!({
            "delta": margin.delta,
            "s0": margin.s0,
            "s0_test": margin.s0_test,
            "u_sys": margin.u_sys,
            "delta_source": margin.delta_source,
            "s0_source": margin.s0_source,
            "confirmed_by": margin.confirmed_by,
        })
    });
    json!({
        "descriptor": row.descriptor.id,
        "name": row.descriptor.name,
        "unit": row.descriptor.unit,
        "scale": row.descriptor.scale,
        "observable": row.observable,
        "primary": row.primary,
        "comparisons": row.comparisons,
        "answer": judged.map(|verdict| verdict.answer.word()),
        "reason": judged.and_then(|verdict| or_null(&verdict.reason)),
        "direction": judged.and_then(|verdict| verdict.direction),
        "unanswered": row.unanswered.map(galvanome::compare::Unanswered::word),
        "reference": side(&row.reference),
        "test": side(&row.test),
        "d": verdict.map(|verdict| verdict.d),
        "u": verdict.and_then(|verdict| verdict.u),
        "nu": verdict.and_then(|verdict| verdict.nu),
        "yes_bound": judged.and_then(|verdict| verdict.yes_bound),
        "no_bound": judged.and_then(|verdict| verdict.no_bound),
        "delta": judged.map(|verdict| verdict.delta),
        "break_even_s0": judged.and_then(|verdict| verdict.break_even_s0),
        "u_needed_for_no": judged.and_then(|verdict| verdict.u_needed_for_no),
        "margin": margin,
    })
}

fn side(side: &SideNumbers) -> Value {
    let specimens: Vec<Value> = side
        .numbers
        .iter()
        .map(|one| {
            json!({
                "label": one.label,
                "qualifier": one.qualifier,
                "value": one.value,
                "uncertainty": one.uncertainty,
                "detail": one.detail,
            })
        })
        .collect();
    json!({
        "n": side.numbers.len(),
        "mean": side.mean,
        "uncertainty": side.uncertainty,
        "specimens": specimens,
    })
}

fn print(
    technique: &galvanome_techniques::Technique,
    comparison: &Comparison,
    out: &mut dyn Write,
) -> std::io::Result<()> {
    let colours = style::colours();
    for side in [Side::Reference, Side::Test] {
        let of: Vec<String> = comparison
            .specimens
            .iter()
            .filter(|one| one.side == side && one.rejected.is_none())
            .map(named)
            .collect();
        writeln!(out, "{}: {}", style::bold(side.word(), colours), of.join(", "))?;
    }
    if comparison.paired {
        writeln!(out, "the same specimens on both sides, compared in pairs")?;
    }
    for one in &comparison.selected {
        writeln!(
            out,
            "{}: {} of {} specimens lie within {} of {} ({})",
            one.side.word(),
            one.kept,
            one.of,
            galvanome_exchange::numbers::share(one.allowed),
            one.descriptor,
            one.spread.map_or_else(|| "none".to_owned(), galvanome_exchange::numbers::share)
        )?;
    }
    for one in &comparison.specimens {
        if let Some(why) = one.rejected {
            let why = why.word().replace('_', " ");
            writeln!(out, "{}: left out by the selection: {} ({why})", one.side.word(), one.label)?;
        }
    }
    writeln!(out)?;
    let kappa = comparison.compared.rule.kappa();
    let alpha = comparison.compared.rule.alpha();
    let head = ["descriptor", "reference", "n", "test", "n", "d", "u", "δ", "answer"];
    let mut lines: Vec<Vec<String>> = vec![head.map(str::to_owned).to_vec()];
    lines.extend(comparison.compared.rows.iter().map(|row| cells(row, alpha, kappa)));
    table(&lines, out)?;
    writeln!(out)?;
    for (why, of) in reasons(&comparison.compared.rows) {
        writeln!(out, "{}: {why}", of.join(", "))?;
    }
    writeln!(out)?;
    let compared = &comparison.compared;
    for one in &compared.answers {
        let word = style::of_answer(Some(one.answer), one.answer.word(), colours);
        writeln!(
            out,
            "{} by {}: {word}{} ({}), by {}",
            style::bold(one.observable.as_str(), colours),
            technique.id,
            one.direction.map_or_else(String::new, |way| format!(", {}", way.word())),
            standing::reason(one.answer, one.reason),
            one.decided_by.join(", ")
        )?;
    }
    if compared.answers.is_empty() {
        let word = style::of_answer(Some(Answer::Unsure), Answer::Unsure.word(), colours);
        writeln!(out, "{}: {word} (nothing decides)", style::bold(technique.id, colours))?;
    }
    if let Some(found) = &comparison.pattern {
        let answer = if found.differs == Differs::Yes { Answer::Yes } else { Answer::Unsure };
        let word = style::of_answer(Some(answer), answer.word(), colours);
        let name = style::bold("the spectra as a whole", colours);
        writeln!(out, "{name}: {word} ({})", pattern_said(found))?;
    }
    say_notes(comparison);
    Ok(())
}

/// What is said of the rows, each with those that share it, in the order of the rows.
fn reasons(rows: &[Row]) -> Vec<(String, Vec<&str>)> {
    let mut all: Vec<(String, Vec<&str>)> = Vec::new();
    for row in rows {
        let (why, id) = (why(row), row.descriptor.id.as_str());
        match all.iter_mut().find(|(other, _)| *other == why) {
            Some((_, of)) => of.push(id),
            None => all.push((why, vec![id])),
        }
    }
    all
}

/// The notes: first those on the comparison, then those of the specimens, each with all that share it.
fn say_notes(comparison: &Comparison) {
    for note in &comparison.notes {
        say::line(format_args!("note {}: {}", note.code, note.message));
    }
    let mut all: Vec<(&Note, Vec<&str>)> = Vec::new();
    for one in &comparison.specimens {
        for note in &one.analysis.notes {
            let same = |other: &&mut (&Note, Vec<&str>)| {
                (&other.0.code, &other.0.message) == (&note.code, &note.message)
            };
            match all.iter_mut().find(same) {
                Some((_, of)) if of.last() == Some(&one.label.as_str()) => {}
                Some((_, of)) => of.push(&one.label),
                None => all.push((note, vec![&one.label])),
            }
        }
    }
    for (note, of) in all {
        let of = if of.len() == comparison.specimens.len() && of.len() > 1 {
            "all specimens".to_owned()
        } else {
            of.join(", ")
        };
        say::line(format_args!("note {} ({of}): {}", note.code, note.message));
    }
}

/// A specimen with its files, where the label does not say them.
fn named(one: &Analysed) -> String {
    let files: Vec<String> = one.files.iter().map(|file| file.display().to_string()).collect();
    if files.len() == 1 && files.first() == Some(&one.label) {
        one.label.clone()
    } else {
        format!("{} ({})", one.label, files.join(", "))
    }
}

fn cells(row: &Row, alpha: f64, kappa: f64) -> Vec<String> {
    let unit = row.descriptor.unit.as_str();
    let numbers =
        row.verdict.as_ref().map(|one| strip::numbers_of(one, unit, alpha, kappa, row.comparisons));
    let verdict = row.verdict.as_ref();
    let judged = verdict.filter(|_| row.unanswered.is_none());
    let u = verdict.and_then(|one| Some(strip::margin(one.u?, one.scale, unit)));
    let dash = || "–".to_owned();
    vec![
        row.descriptor.id.to_string(),
        mean(&row.reference, unit),
        row.reference.numbers.len().to_string(),
        mean(&row.test, unit),
        row.test.numbers.len().to_string(),
        numbers.as_ref().map_or_else(dash, |one| one.estimate.clone()),
        u.unwrap_or_else(dash),
        judged.and(numbers.as_ref()).map_or_else(dash, |one| one.delta.clone()),
        judged.map_or_else(dash, |one| one.answer.word().to_owned()),
    ]
}

/// The mean of a side; of bounds each of them.
fn mean(side: &SideNumbers, unit: &str) -> String {
    if let Some(mean) = side.mean {
        return Shown::of(mean, side.uncertainty, unit).text();
    }
    let each = side.numbers.iter().map(|one| {
        let sign = if one.qualifier.is_equal() { "" } else { one.qualifier.sign() };
        format!("{sign}{}", Shown::of(one.value, one.uncertainty, unit).value_text())
    });
    each.collect::<Vec<_>>().join(", ")
}

/// Why a row is answered as it is, or not at all.
fn why(row: &Row) -> String {
    match (row.unanswered, &row.verdict) {
        (Some(why), _) => format!("not answered; {}", why.sentence()),
        (None, Some(verdict)) => {
            let deciding = if row.primary { "" } else { " (does not decide)" };
            let way = verdict.direction.map_or_else(String::new, |way| format!(", {}", way.word()));
            let reason = standing::reason(verdict.answer, &verdict.reason);
            format!("{}{way}{deciding}: {reason}", verdict.answer.word())
        }
        (None, None) => String::new(),
    }
}

/// Columns aligned by what is seen of them.
fn table(lines: &[Vec<String>], out: &mut dyn Write) -> std::io::Result<()> {
    let columns = lines.first().map_or(0, Vec::len);
    let wide = |column: usize| {
        lines.iter().filter_map(|line| line.get(column)).map(|cell| cell.chars().count()).max()
    };
    let widths: Vec<usize> = (0..columns).map(|column| wide(column).unwrap_or(0)).collect();
    for line in lines {
        let mut text = String::new();
        for (cell, width) in line.iter().zip(&widths) {
            text.push_str(cell);
            text.extend(std::iter::repeat_n(' ', width - cell.chars().count() + 2));
        }
        writeln!(out, "{}", text.trim_end())?;
    }
    Ok(())
}
