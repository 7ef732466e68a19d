//! The campaign folder: a campaign as plain files that a person edits in a text editor and a spreadsheet.
//!
//! [`read`] and [`write`] go both ways without loss and know no file system: the caller hands over the files by
//! their paths inside the folder. Reading reports everything that is wrong at once, each with its file, row and
//! column and with what would be right; a campaign comes out only when nothing is wrong.

mod answers;
mod cell;
mod datasets;
mod definition;
mod definition_text;
mod documents;
mod entries;
mod experiments;
mod gates;
mod header;
mod ids;
mod known;
mod lineage;
mod nearest;
mod path;
mod problem;
mod quantities;
mod questions;
mod row;
mod rows;
mod samples;
mod shipments;
mod table;

use std::collections::BTreeMap;

use galvanome_model::campaign::Campaign;
use galvanome_model::catalogue::Catalogue;

use self::known::Known;
pub use self::problem::Problem;
use self::problem::Problems;

/// The version of the folder format that is written, and the newest that is read.
pub const FORMAT: u32 = 1;

/// What is known of a data file that lies in the folder.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HeldFile {
    /// Its size.
    pub bytes: u64,
    /// SHA-256 of its bytes, in hexadecimal.
    pub sha256: String,
}

/// Whether a file of a campaign folder is read as text by [`read`]: the definition, a table, a metadata form or a
/// protocol. Files under `data/` are not; of them only size and checksum are wanted.
pub fn is_text(path: &str) -> bool {
    let is_table = !path.contains('/') && path::ends(path, "csv");
    path == entries::FILE || is_table || documents::is_document(path)
}

/// What a campaign folder does not carry, to be said on export.
pub const fn not_carried() -> &'static [&'static str] {
    &[
        "computed answers and the quantities of our own analyses: they are computed again from the files",
        "people, their roles and the groups they belong to; `visibility` carries the names of groups only",
        "discussions",
        "the audit log, and when each answer was written into this database (`answered_on` is carried)",
        "files that a dataset only refers to by URL or DOI",
    ]
}

/// Reads a campaign folder.
///
/// `files` holds what [`is_text`] names, by path inside the folder with `/`; `held` tells of every file under
/// `data/`; `shipped` is the catalogue without any campaign. A byte order mark, CRLF line ends and a missing table
/// are accepted. Otherwise everything that is wrong is returned, in the order of the files and lines.
pub fn read(
    files: &BTreeMap<String, Vec<u8>>,
    held: &BTreeMap<String, HeldFile>,
    shipped: &Catalogue,
) -> Result<Campaign, Vec<Problem>> {
    let mut problems = Problems::default();
    report_strangers(files, &mut problems);
    let Some(definition) = definition::read(files, shipped, &mut problems) else {
        return Err(problems.sorted());
    };
    let mut known = Known::of(&definition);
    let samples = samples::read(files, &mut known, &mut problems);
    let shipments = shipments::read(files, &mut known, &mut problems);
    let experiments = experiments::read(files, &mut known, &mut problems);
    let datasets = datasets::read(files, held, &mut known, &mut problems);
    let quantities = quantities::read(files, &known, &mut problems);
    let answers = answers::read(files, &known, &mut problems);
    let gates = gates::read(files, &known, &mut problems);
    let documents = documents::read(files, &mut problems);
    if !problems.is_empty() {
        return Err(problems.sorted());
    }
    Ok(Campaign {
        definition: definition.definition,
        samples,
        shipments,
        experiments,
        datasets,
        quantities,
        answers,
        gates,
        documents,
    })
}

/// Writes a campaign as the text files of its folder, by path. The files under `data/` are not among them: the
/// caller puts them where `datasets.csv` names them. The same campaign gives the same bytes.
///
/// What [`read`] gives comes back as it was. A campaign made otherwise is written as it would be read: list
/// entries of `evidence` lose white space at their ends, empty ones and empty `x_` cells are left out, and documents are in the
/// order of their paths.
pub fn write(campaign: &Campaign) -> BTreeMap<String, Vec<u8>> {
    let mut files: BTreeMap<String, Vec<u8>> = [
        (entries::FILE, definition_text::write(&campaign.definition)),
        (samples::TABLE.file, samples::write(&campaign.samples)),
        (shipments::TABLE.file, shipments::write(&campaign.shipments)),
        (experiments::TABLE.file, experiments::write(&campaign.experiments)),
        (datasets::TABLE.file, datasets::write(&campaign.datasets)),
        (quantities::TABLE.file, quantities::write(&campaign.quantities)),
        (answers::TABLE.file, answers::write(&campaign.answers)),
        (gates::TABLE.file, gates::write(&campaign.gates)),
    ]
    .into_iter()
    .map(|(file, bytes)| (file.to_owned(), bytes))
    .collect();
    for document in &campaign.documents {
        files.insert(document.path.clone(), document.bytes.clone());
    }
    files
}

/// The files of a folder, in the order in which a person reads them.
const ORDER: [&str; 8] = [
    entries::FILE,
    samples::TABLE.file,
    shipments::TABLE.file,
    experiments::TABLE.file,
    datasets::TABLE.file,
    quantities::TABLE.file,
    answers::TABLE.file,
    gates::TABLE.file,
];

fn report_strangers(files: &BTreeMap<String, Vec<u8>>, problems: &mut Problems) {
    for name in files.keys() {
        if documents::is_document(name) {
            if let Some(why) = path::fault(name) {
                problems.of_file(name, why, None);
            }
        } else if !ORDER.contains(&name.as_str()) {
            let hint = nearest::nearest(name, ORDER.into_iter()).map_or_else(
                || format!("the tables are {}", ORDER[1..].join(", ")),
                |near| format!("did you mean `{near}`?"),
            );
            problems.of_file(name, "is not a file of a campaign folder", Some(hint));
        }
    }
}
