//! The decision rule alone, on numbers that somebody gives it: one JSON object a line.

use galvanome_inference::comparison::{Comparison, DEFAULT_NU0, Gate, Input};
use galvanome_inference::pixel::{self, PixelVerdict};
use galvanome_inference::rule::{self, Rule};
use galvanome_model::catalogue::Scale;
use serde::{Deserialize, Serialize};

/// One line as it is given. For ratios, `delta`, `s0`, `s0_test` and `u_sys` are fractions r, used as ln(1+r).
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Line {
    descriptors: Vec<Descriptor>,
    alpha: Option<f64>,
    kappa: Option<f64>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Descriptor {
    name: String,
    scale: Scale,
    reference: Vec<f64>,
    test: Vec<f64>,
    #[serde(default)]
    reference_u: Option<Vec<f64>>,
    #[serde(default)]
    test_u: Option<Vec<f64>>,
    #[serde(default)]
    paired: bool,
    delta: f64,
    s0: Option<f64>,
    s0_test: Option<f64>,
    nu0: Option<f64>,
    u_sys: Option<f64>,
    nu_sys: Option<f64>,
    #[serde(default)]
    gates: Vec<GateWord>,
}

/// The gates that need no number.
#[derive(Debug, Clone, Copy, Deserialize)]
#[serde(rename_all = "snake_case")]
enum GateWord {
    Void,
    NoCannot,
    YesCannot,
}

/// Why a line was not answered.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("line {line}: {message}")]
pub struct BadLine {
    /// The line, counted from 1.
    pub line: u64,
    /// What is wrong with it.
    pub message: String,
}

/// A line's answer with the names of its descriptors.
#[derive(Debug, Clone, PartialEq)]
pub struct Judged {
    names: Vec<String>,
    verdict: PixelVerdict,
}

/// Judges one line. Errors say what is wrong and name the line.
pub fn line(text: &[u8], number: u64) -> Result<Judged, BadLine> {
    let bad = |message: String| BadLine { line: number, message };
    let line: Line = serde_json::from_slice(text).map_err(|error| bad(place(&error)))?;
    let default = Rule::default();
    let rule = Rule::new(
        line.alpha.unwrap_or_else(|| default.alpha()),
        line.kappa.unwrap_or_else(|| default.kappa()),
    )
    .map_err(|error| bad(error.to_string()))?;
    let mut comparisons = Vec::with_capacity(line.descriptors.len());
    for one in &line.descriptors {
        let gates: Vec<Gate> = one.gates.iter().map(|gate| (*gate).into()).collect();
        let input = Input {
            reference_u: one.reference_u.as_deref(),
            test_u: one.test_u.as_deref(),
            paired: one.paired,
            s0: one.s0,
            s0_test: one.s0_test,
            nu0: one.nu0.unwrap_or(DEFAULT_NU0),
            u_sys: one.u_sys.unwrap_or(0.0),
            nu_sys: one.nu_sys,
            gates: &gates,
            ..Input::new(&one.name, one.scale, &one.reference, &one.test, one.delta)
        };
        comparisons.push(Comparison::new(&input).map_err(|error| bad(error.to_string()))?);
    }
    let verdict = pixel::judge(&comparisons, rule).map_err(|error| bad(error.to_string()))?;
    Ok(Judged { names: line.descriptors.into_iter().map(|one| one.name).collect(), verdict })
}

/// What serde says, with its place in words: it always counts the one line that it was given as line 1.
fn place(error: &serde_json::Error) -> String {
    let text = error.to_string();
    text.rfind(" at line 1 column ").map_or_else(
        || text.clone(),
        |at| {
            let column = &text[at + " at line 1 column ".len()..];
            format!("{} (at character {column})", &text[..at])
        },
    )
}

impl From<GateWord> for Gate {
    fn from(word: GateWord) -> Self {
        match word {
            GateWord::Void => Self::Void,
            GateWord::NoCannot => Self::NoCannot,
            GateWord::YesCannot => Self::YesCannot,
        }
    }
}

#[derive(Serialize)]
struct AnswerOut<'a> {
    schema: u32,
    answer: &'static str,
    reason: Option<&'static str>,
    direction: Option<&'static str>,
    opposite_directions: bool,
    descriptors: Vec<DescriptorOut<'a>>,
}

#[derive(Serialize)]
struct DescriptorOut<'a> {
    name: &'a str,
    answer: &'static str,
    reason: Option<&'static str>,
    direction: Option<&'static str>,
    d: f64,
    u: Option<f64>,
    nu: Option<f64>,
    yes_bound: Option<f64>,
    no_bound: Option<f64>,
    delta: f64,
    break_even_s0: Option<f64>,
    u_needed_for_no: Option<f64>,
}

#[derive(Serialize)]
struct ErrorOut<'a> {
    schema: u32,
    error: ErrorPlace<'a>,
}

#[derive(Serialize)]
struct ErrorPlace<'a> {
    line: u64,
    message: &'a str,
}

/// The one line of output for one line of input.
pub fn document(judged: &Result<Judged, BadLine>, number: u64) -> String {
    let written = match judged {
        Ok(judged) => serde_json::to_string(&AnswerOut {
            schema: 1,
            answer: judged.verdict.answer.word(),
            reason: judged.verdict.reason.map(rule::Reason::word),
            direction: judged.verdict.direction.map(galvanome_model::verdict::Direction::word),
            opposite_directions: judged.verdict.opposite_directions,
            descriptors: judged
                .names
                .iter()
                .zip(&judged.verdict.descriptors)
                .map(|(name, verdict)| DescriptorOut {
                    name,
                    answer: verdict.answer.word(),
                    reason: verdict.reason.map(rule::Reason::word),
                    direction: verdict.direction.map(galvanome_model::verdict::Direction::word),
                    d: verdict.d,
                    u: verdict.u,
                    nu: verdict.nu.filter(|nu| nu.is_finite()),
                    yes_bound: verdict.yes_bound,
                    no_bound: verdict.no_bound,
                    delta: verdict.delta,
                    break_even_s0: verdict.break_even_s0,
                    u_needed_for_no: verdict.u_needed_for_no,
                })
                .collect(),
        }),
        Err(bad) => serde_json::to_string(&ErrorOut {
            schema: 1,
            error: ErrorPlace { line: number, message: &bad.message },
        }),
    };
    written.unwrap_or_default()
}
