//! Two sides of specimens by one technique: their quantities side by side, and whether they differ.
//!
//! The files of each specimen are analysed together, every descriptor that both sides have is compared, and the primary
//! ones with a margin decide an observable by the decision rule ([`galvanome_inference::rule`]). Where the labels
//! of the two sides are the same, they are the same specimens before and after, and are compared in pairs. The unit of
//! replication is the specimen: what is one cell's counts once, however many files or copies of them are given.

mod bounds;
mod judged;
mod margins;
mod number;
mod pattern;
mod rows;
mod same;
mod specimen;

use std::path::PathBuf;
use std::sync::atomic::{AtomicUsize, Ordering};

use galvanome_model::note::Note;
use galvanome_techniques::analysis::pattern_difference::Difference;
use galvanome_techniques::selection::{self, Candidate, Rejected};
use galvanome_techniques::{Analysis, Inputs, Settings, Technique};

pub use self::judged::{Answered, Compared};
pub use self::margins::{Declared, Given};
pub use self::number::Number;
pub use self::rows::{Row, SideNumbers, Unanswered};
pub use self::specimen::{Specimen, specimens};

use self::pattern::Curves;
use self::same::Sketch;
use crate::analyze::{self, AuxiliaryInput};
use crate::{Error, files};

/// What is compared with what.
#[derive(Debug)]
pub struct Asked<'a> {
    /// The technique, which has an analysis.
    pub technique: &'static Technique,
    /// The specimens that are compared with.
    pub reference: &'a [Specimen],
    /// The specimens that are compared.
    pub test: &'a [Specimen],
    /// Auxiliary files by role; they hold for every specimen.
    pub auxiliary: &'a [(String, PathBuf)],
    /// Settings of the analysis as `KEY=VALUE`; they hold for every specimen.
    pub settings: &'a [String],
    /// What was declared about margins and spreads.
    pub declared: &'a Declared,
    /// The relative spread of capacity within which specimens are selected on each side before they are compared
    /// (0.08 for 8 %); none when all are taken.
    pub select: Option<f64>,
}

/// One side of a comparison.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Side {
    /// What is compared with.
    Reference,
    /// What is compared.
    Test,
}

impl Side {
    /// The word used in files and JSON.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Reference => "reference",
            Self::Test => "test",
        }
    }
}

/// One specimen with what was found in it.
#[derive(Debug, Clone, PartialEq)]
pub struct Analysed {
    /// Its side.
    pub side: Side,
    /// Its label.
    pub label: String,
    /// Its files as they were given, copies left out.
    pub files: Vec<PathBuf>,
    /// What was found in them, in time order.
    pub analysis: Analysis,
    /// Why it takes no part, when specimens were selected and it was not.
    pub rejected: Option<Rejected>,
}

/// How specimens were selected on one side.
#[derive(Debug, Clone, PartialEq)]
pub struct Selected {
    /// The side.
    pub side: Side,
    /// The descriptor of the capacity before ageing.
    pub descriptor: &'static str,
    /// The relative spread that was allowed.
    pub allowed: f64,
    /// (max - min)/median of those that were selected; none when none was.
    pub spread: Option<f64>,
    /// How many were selected.
    pub kept: usize,
    /// Of so many.
    pub of: usize,
}

/// Both sides and the answer.
#[derive(Debug, Clone, PartialEq)]
pub struct Comparison {
    /// Every specimen, the reference side first, each in the order given.
    pub specimens: Vec<Analysed>,
    /// Whether the sides are the same specimens, compared in pairs.
    pub paired: bool,
    /// How specimens were selected; empty when all were taken.
    pub selected: Vec<Selected>,
    /// What was compared, and the answers.
    pub compared: Compared,
    /// Whether the spectra differ as a whole; none for techniques without spectra, and with a note where they cannot be
    /// compared. It decides no observable.
    pub pattern: Option<Difference>,
    /// About the comparison as a whole; those of each specimen are in its analysis.
    pub notes: Vec<Note>,
}

/// Analyses and compares two sides. `done` is told how many specimens of how many are analysed, from any thread.
///
/// Errors when a file cannot be read, a setting, role, margin or descriptor is wrong, one file stands for two
/// specimens, or labels are shared by some specimens of the sides and not by others.
pub fn paths(asked: &Asked<'_>, done: &(dyn Fn(usize, usize) + Sync)) -> Result<Comparison, Error> {
    let settings = analyze::parse(asked.technique, asked.settings)?;
    asked.declared.check(asked.technique.id)?;
    let paired = specimen::paired(asked.reference, asked.test)?;
    let mut notes = Vec::new();
    let mut given: Vec<(Side, Specimen)> = Vec::new();
    for (side, specimens) in [(Side::Reference, asked.reference), (Side::Test, asked.test)] {
        given.extend(specimens.iter().cloned().map(|specimen| (side, specimen)));
    }
    same::without_copies(&mut given, &mut notes)?;
    let by_file: Vec<&str> = given
        .iter()
        .filter(|(_, specimen)| !specimen.labelled)
        .map(|(_, specimen)| specimen.label.as_str())
        .collect();
    if !by_file.is_empty() {
        let message = format!(
            "files without a label are one specimen each: {}; write LABEL=FILE for each file of a specimen that has several",
            by_file.join(", ")
        );
        notes.push(Note::new("specimen-by-file", message, ""));
    }
    let auxiliary = analyze::auxiliary(asked.technique, asked.auxiliary)?;
    let all = analyse_all(asked.technique, &given, &auxiliary, &settings, done)?;
    let (mut specimens, sketches, curves) = all;
    same::report_overlaps(&specimens, &sketches, &mut notes)?;
    let selected = match asked.select {
        Some(spread) => select(asked.technique, &mut specimens, spread, paired)?,
        None => Vec::new(),
    };
    let compared =
        judged::compare(asked.technique, &specimens, paired, asked.declared, &mut notes)?;
    let pattern = asked.technique.pattern.as_ref();
    let pattern = pattern.and_then(|one| pattern::compare(one, &specimens, &curves, &mut notes));
    Ok(Comparison { specimens, paired, selected, compared, pattern, notes })
}

/// Every specimen, with what tells copies and its curves.
type Everything = (Vec<Analysed>, Vec<Sketch>, Vec<Curves>);

/// Analyses every specimen, as many at a time as there are processors; the outcome does not depend on it.
fn analyse_all(
    technique: &'static Technique,
    given: &[(Side, Specimen)],
    auxiliary: &[AuxiliaryInput],
    settings: &Settings,
    done: &(dyn Fn(usize, usize) + Sync),
) -> Result<Everything, Error> {
    let (next, finished) = (AtomicUsize::new(0), AtomicUsize::new(0));
    let (next, finished) = (&next, &finished);
    let work = || {
        let mut mine = Vec::new();
        loop {
            let place = next.fetch_add(1, Ordering::Relaxed);
            let Some((side, specimen)) = given.get(place) else { return mine };
            let one = analyse(technique, *side, specimen, auxiliary, settings);
            mine.push((place, one));
            done(finished.fetch_add(1, Ordering::Relaxed) + 1, given.len());
        }
    };
    let workers = std::thread::available_parallelism().map_or(1, usize::from).min(given.len());
    let mut all = std::thread::scope(|scope| {
        let others: Vec<_> = (1..workers).map(|_| scope.spawn(work)).collect();
        let mut all = work();
        for other in others {
            match other.join() {
                Ok(more) => all.extend(more),
                Err(panic) => std::panic::resume_unwind(panic),
            }
        }
        all
    });
    all.sort_by_key(|(place, _)| *place);
    let (mut specimens, mut sketches, mut curves) = (Vec::new(), Vec::new(), Vec::new());
    for (_, one) in all {
        let (specimen, sketch, of_specimen) = one?;
        specimens.push(specimen);
        sketches.push(sketch);
        curves.push(of_specimen);
    }
    Ok((specimens, sketches, curves))
}

fn analyse(
    technique: &Technique,
    side: Side,
    specimen: &Specimen,
    auxiliary: &[AuxiliaryInput],
    settings: &Settings,
) -> Result<(Analysed, Sketch, Curves), Error> {
    let mut inputs = Inputs { main: Vec::new(), auxiliary: auxiliary.to_vec() };
    for path in &specimen.files {
        inputs.main.push(analyze::read(path)?);
    }
    let sketch = Sketch::of(&inputs.main);
    let curves = technique
        .pattern
        .as_ref()
        .map_or_else(Vec::new, |pattern| pattern::curves_of(&inputs.main, pattern));
    let analysis = analyze::inputs_of(technique, inputs, settings);
    let (label, files) = (specimen.label.clone(), specimen.files.clone());
    Ok((Analysed { side, label, files, analysis, rejected: None }, sketch, curves))
}

/// Selects on each side the largest set of specimens within a relative spread of the capacity before ageing.
/// Of pairs the reference side decides. Errors when the technique has no such capacity, or no specimen gave it.
fn select(
    technique: &'static Technique,
    specimens: &mut [Analysed],
    allowed: f64,
    paired: bool,
) -> Result<Vec<Selected>, Error> {
    if !(allowed > 0.0 && allowed < 1.0) {
        return Err(Error::Wrong(format!(
            "specimens are selected within a relative spread between 0 and 1, such as 0.08 for 8 %, not {allowed}"
        )));
    }
    let chooses = |one: &&Analysed| !paired || one.side == Side::Reference;
    let value = |one: &Analysed, descriptor: &str| {
        one.analysis
            .quantity(descriptor)
            .filter(|found| found.qualifier.is_value())
            .map(|found| found.value)
    };
    let having = |descriptor: &str| {
        specimens.iter().filter(chooses).filter(|one| value(one, descriptor).is_some()).count()
    };
    // The first that every specimen has, otherwise the one that most have.
    let most = technique.select_by.iter().copied().rev().max_by_key(|one| having(one));
    let Some(descriptor) = most.filter(|descriptor| having(descriptor) > 0) else {
        return Err(Error::Wrong(format!(
            "no specimen has a capacity before ageing ({}), so none can be selected by it",
            technique.select_by.join(" or ")
        )));
    };
    let candidates: Vec<Candidate> = specimens
        .iter()
        .filter(chooses)
        .map(|one| Candidate {
            specimen: one.label.clone(),
            group: one.side.word().to_owned(),
            capacity: value(one, descriptor).unwrap_or(f64::NAN),
        })
        .collect();
    let mut selected = Vec::new();
    for chosen in selection::select(&candidates, allowed) {
        let side = if chosen.group == Side::Test.word() { Side::Test } else { Side::Reference };
        for &(place, why) in &chosen.rejected {
            let Some(candidate) = candidates.get(place) else { continue };
            specimens
                .iter_mut()
                .filter(|one| one.label == candidate.specimen && (paired || one.side == side))
                .for_each(|one| one.rejected = Some(why));
        }
        selected.push(Selected {
            side,
            descriptor,
            allowed,
            spread: chosen.spread,
            kept: chosen.kept.len(),
            of: chosen.kept.len() + chosen.rejected.len(),
        });
    }
    Ok(selected)
}

/// Whether files are the same to the last byte: the SHA-256 of each, of a folder over its files in order.
fn fingerprint(path: &std::path::Path) -> Result<[u8; 32], Error> {
    files::fingerprint(&files::open(path)?).map_err(|error| Error::io(path, error))
}
