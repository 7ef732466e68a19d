//! Instrument files of one specimen to quantities with uncertainties.

use std::path::{Path, PathBuf};

use galvanome_model::measurement::Measurement;
use galvanome_readers::{Collect, Files, Limits};
use galvanome_techniques::{Analysis, Input, Inputs, Settings, TECHNIQUES, Technique};

use crate::{Error, files};

/// The analysis of a technique. Errors when the technique has none, naming those that have.
pub fn technique(id: &str) -> Result<&'static Technique, Error> {
    TECHNIQUES.iter().find(|technique| technique.id == id).ok_or_else(|| {
        Error::not_found_among(
            "analysis for technique",
            id,
            TECHNIQUES.iter().map(|technique| technique.id),
        )
    })
}

/// Everything that a set of files says. Errors when nothing at all could be read.
pub fn measurement(files: &Files) -> Result<Measurement, Error> {
    let mut collect = Collect::new();
    galvanome_readers::read(files, &Limits::default(), &mut collect)?;
    Ok(collect.into_measurement())
}

/// An auxiliary measurement with its role.
pub(crate) type AuxiliaryInput = (String, Input);

/// Reads one file. Errors when nothing at all could be read.
pub(crate) fn read(path: &Path) -> Result<Input, Error> {
    let measurement = measurement(&files::open(path)?)?;
    Ok(Input { name: path.display().to_string(), measurement })
}

/// Reads auxiliary files by role. Errors when one cannot be read, or the technique does not know its role.
pub(crate) fn auxiliary(
    technique: &Technique,
    given: &[(String, PathBuf)],
) -> Result<Vec<AuxiliaryInput>, Error> {
    for (role, _) in given {
        if !technique.roles.iter().any(|(known, _)| known == role) {
            let known = technique.roles.iter().map(|(role, _)| *role);
            return Err(Error::not_found_among("auxiliary role", role, known));
        }
    }
    given.iter().map(|(role, path)| Ok((role.clone(), read(path)?))).collect()
}

/// Analyses files of one specimen, with auxiliary files by role and settings as `KEY=VALUE`.
/// Errors when a file cannot be read at all or a setting is wrong; trouble with the data is in the notes.
pub fn paths(
    technique: &Technique,
    main: &[PathBuf],
    auxiliary: &[(String, PathBuf)],
    settings: &[String],
) -> Result<Analysis, Error> {
    let settings = parse(technique, settings)?;
    let mut inputs = Inputs { main: Vec::new(), auxiliary: self::auxiliary(technique, auxiliary)? };
    for path in main {
        inputs.main.push(read(path)?);
    }
    Ok(inputs_of(technique, inputs, &settings))
}

/// Settings as a technique declares them. Errors with everything that is wrong.
pub fn parse(technique: &Technique, given: &[String]) -> Result<Settings, Error> {
    Settings::parse(technique.settings, given).map_err(|bad| {
        let lines: Vec<String> = bad.iter().map(ToString::to_string).collect();
        Error::Wrong(lines.join("\n"))
    })
}

/// Analyses what was read of one specimen. The notes of the readers come first.
pub fn inputs_of(technique: &Technique, mut inputs: Inputs, settings: &Settings) -> Analysis {
    let order = inputs.order_by_start();
    let read = inputs.main.iter().chain(inputs.auxiliary.iter().map(|(_, input)| input));
    let mut notes: Vec<_> = read.flat_map(|input| input.measurement.notes.clone()).collect();
    notes.extend(order);
    let mut analysis = (technique.analyze)(&inputs, settings);
    // An analysis that joins files may find the same about their order.
    analysis.notes.retain(|note| !notes.contains(note));
    notes.append(&mut analysis.notes);
    analysis.notes = notes;
    analysis
}
