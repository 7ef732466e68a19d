//! One dataset: what it is, what its file says, how far the work on it is, what was found in it.

use std::collections::BTreeMap;
use std::sync::Arc;

use futures_util::stream::BoxStream;
use galvanome_model::experiment::Dataset;
use galvanome_model::ids::{CampaignId, DatasetId};
use galvanome_model::visibility::Viewer;
use galvanome_store::{Job, JobState, QuantityFilter, StoreError};

use crate::curves::Columns;
use crate::findings::{self, Findings};
use crate::jobs::{self, Work};
use crate::progress::Progress;
use crate::{Error, Galvanome, HeldQuantity, Known, clock, ingest, reading};

/// How far one piece of work on a dataset is.
#[derive(Debug, Clone, PartialEq)]
pub enum Step {
    /// There is nothing to do: no file is held, or no analysis takes it.
    Nothing,
    /// It waits for its turn.
    Waits,
    /// It is being done.
    Runs {
        /// How much is done, from 0 to 1.
        share: f64,
        /// What is being done.
        saying: String,
    },
    /// It is done.
    Done,
    /// It failed, for this reason.
    Failed(String),
}

impl Step {
    /// Whether more is to come by itself.
    pub const fn is_open(&self) -> bool {
        matches!(self, Self::Waits | Self::Runs { .. })
    }
}

/// How far the work on a dataset is.
#[derive(Debug, Clone, PartialEq)]
pub struct Standing {
    /// Reading its file into columns.
    pub reading: Step,
    /// Finding quantities in it.
    pub analysing: Step,
}

/// A dataset with everything that its page shows.
#[derive(Debug)]
pub struct Opened {
    /// The campaign.
    pub known: Arc<Known>,
    /// The dataset.
    pub dataset: Dataset,
    /// What its file holds, once it has been read.
    pub columns: Option<Arc<Columns>>,
    /// How far the work on it is.
    pub work: Standing,
    /// The datasets that are analysed together with it, itself among them; empty when no analysis takes it.
    pub together: Vec<DatasetId>,
    /// The quantities that were found in it, or in those together with it, as far as this reader may see them.
    pub quantities: Vec<HeldQuantity>,
    /// What the analysis said beside them; none when it has not been done.
    pub findings: Option<Findings>,
}

/// A dataset of a campaign. Errors when there is none of this id, or this reader may not see it.
pub async fn find(
    galvanome: &Galvanome,
    id: &CampaignId,
    dataset: &str,
    viewer: &Viewer,
) -> Result<(Arc<Known>, Dataset), Error> {
    let known = galvanome.known(id).await?;
    let Some(found) = known.campaign.datasets.iter().find(|one| one.id.as_str() == dataset) else {
        return Err(Error::not_found("dataset", dataset));
    };
    if !known.datasets_for(viewer).iter().any(|one| one.id == found.id) {
        return Err(Error::Withheld(format!(
            "the dataset `{dataset}` is withheld: whoever measured it does not show it to you"
        )));
    }
    let found = found.clone();
    Ok((known, found))
}

/// Files up to this size are read while somebody waits, larger ones in the background.
const READ_AT_ONCE: u64 = 4 << 20;

/// How long a reading that failed is left alone before somebody who looks has it tried again, in microseconds.
const LEFT_ALONE_US: i64 = 600_000_000;

/// Opens a dataset. A held file that has not been read yet is read now when it is small, and put into the queue when it
/// is not. Errors as [`find`].
pub async fn open(
    galvanome: &Galvanome,
    id: &CampaignId,
    dataset: &str,
    viewer: &Viewer,
) -> Result<Opened, Error> {
    let (known, dataset) = find(galvanome, id, dataset, viewer).await?;
    let together = ingest::group_of(&known.campaign, &dataset);
    let mut columns = None;
    let mut failed = None;
    if is_held(galvanome, &dataset) {
        columns = reading::kept(galvanome, &dataset)?;
        if columns.is_none() && dataset.bytes.is_some_and(|bytes| bytes <= READ_AT_ONCE) {
            match reading::read(galvanome, &dataset, &Progress::default()).await {
                Ok(()) => columns = reading::kept(galvanome, &dataset)?,
                Err(Error::Read(error)) => failed = Some(error.to_string()),
                Err(error) => return Err(error),
            }
        }
    }
    let mut work = work_of(galvanome, id, &dataset, &together, columns.is_some()).await?;
    if let Some(reason) = failed {
        work.reading = Step::Failed(reason);
    }
    let mut quantities = Vec::new();
    let own = [dataset.id.clone()];
    for one in if together.is_empty() { own.as_slice() } else { together.as_slice() } {
        let filter = QuantityFilter { dataset: Some(one.clone()), ..QuantityFilter::default() };
        quantities.extend(galvanome.store.quantities(id, &filter).await?);
    }
    quantities.retain(|held| known.may_see(&held.quantity, viewer));
    let findings = findings_of(galvanome, id, &dataset, &together, &mut work).await?;
    Ok(Opened { known, dataset, columns, work, together, quantities, findings })
}

/// What the analysis of a dataset said. Where that is gone, or was not yet kept when it was analysed, it is analysed once
/// more.
async fn findings_of(
    galvanome: &Galvanome,
    id: &CampaignId,
    dataset: &Dataset,
    together: &[DatasetId],
    work: &mut Standing,
) -> Result<Option<Findings>, Error> {
    let Some(first) = together.first().filter(|_| is_held(galvanome, dataset)) else {
        return Ok(None);
    };
    let found = findings::kept(galvanome, id, &dataset.id)?;
    if found.is_none() && work.analysing == Step::Done {
        let again = Work::Ingest { campaign: id.clone(), dataset: first.clone() };
        jobs::enqueue(galvanome, &again).await?;
        work.analysing = Step::Waits;
    }
    Ok(found)
}

/// What a dataset's file holds, once it has been read. Errors as [`find`], and when it has not been read.
pub async fn columns(
    galvanome: &Galvanome,
    id: &CampaignId,
    dataset: &str,
    viewer: &Viewer,
) -> Result<(Arc<Known>, Dataset, Arc<Columns>), Error> {
    let opened = open(galvanome, id, dataset, viewer).await?;
    match (opened.columns, opened.work.reading) {
        (Some(columns), _) => Ok((opened.known, opened.dataset, columns)),
        (None, Step::Failed(reason)) => {
            Err(Error::Wrong(format!("the file of `{dataset}` could not be read: {reason}")))
        }
        (None, Step::Nothing) => {
            Err(Error::Wrong(format!("no file of `{dataset}` is held here, so it has no columns")))
        }
        (None, _) => Err(Error::NotYet(format!(
            "the file of `{dataset}` is being read; ask again in a moment"
        ))),
    }
}

/// Whether its file is held here.
pub fn is_held(galvanome: &Galvanome, dataset: &Dataset) -> bool {
    !dataset.path.is_empty() && galvanome.store.object_file(&dataset.sha256).is_some()
}

/// The bytes of a dataset's file, and how many there are. Errors when it is not held.
pub async fn file(
    galvanome: &Galvanome,
    dataset: &Dataset,
) -> Result<(u64, BoxStream<'static, Result<Vec<u8>, StoreError>>), Error> {
    let path = galvanome.store.object_file(&dataset.sha256).filter(|_| !dataset.path.is_empty());
    let Some(path) = path else {
        return Err(Error::not_found("file of dataset", &dataset.id));
    };
    let bytes = path.metadata().map_err(|error| Error::io(&path, error))?.len();
    Ok((bytes, galvanome.store.object_stream(&dataset.sha256).await?))
}

/// How many jobs of a campaign are looked through, the newest first.
const MANY: u32 = 1000;

/// How far the work on every dataset of a campaign is that has work in the job table.
pub async fn work(
    galvanome: &Galvanome,
    id: &CampaignId,
) -> Result<BTreeMap<DatasetId, Standing>, Error> {
    let known = galvanome.known(id).await?;
    let jobs = galvanome.store.jobs(Some(id), None, None, MANY).await?;
    let mut all = BTreeMap::new();
    for dataset in &known.campaign.datasets {
        if !is_held(galvanome, dataset) {
            continue;
        }
        let together = ingest::group_of(&known.campaign, dataset);
        let is_read = reading::is_kept(galvanome, dataset)?;
        let reading = if is_read { Step::Done } else { reading_of(&jobs, dataset) };
        all.insert(
            dataset.id.clone(),
            Standing { reading, analysing: analysing_of(&jobs, &together) },
        );
    }
    Ok(all)
}

async fn work_of(
    galvanome: &Galvanome,
    id: &CampaignId,
    dataset: &Dataset,
    together: &[DatasetId],
    is_read: bool,
) -> Result<Standing, Error> {
    let jobs = galvanome.store.jobs(Some(id), None, None, MANY).await?;
    let analysing = analysing_of(&jobs, together);
    if is_read {
        return Ok(Standing { reading: Step::Done, analysing });
    }
    if !is_held(galvanome, dataset) {
        return Ok(Standing { reading: Step::Nothing, analysing });
    }
    let mut reading = reading_of(&jobs, dataset);
    let wanted = Work::Read { campaign: id.clone(), dataset: dataset.id.clone() };
    let again = match latest(&jobs, |work| *work == wanted) {
        None => true,
        Some(job) if job.state == JobState::Failed => {
            clock::now_us() - job.updated_us > LEFT_ALONE_US
        }
        // It was read once, and what was kept is gone.
        Some(job) => job.state == JobState::Done,
    };
    // A small file is read while somebody waits, and has no job.
    if again && dataset.bytes.is_none_or(|bytes| bytes > READ_AT_ONCE) {
        jobs::enqueue(galvanome, &wanted).await?;
        reading = Step::Waits;
    }
    Ok(Standing { reading, analysing })
}

fn latest(jobs: &[Job], is: impl Fn(&Work) -> bool) -> Option<&Job> {
    jobs.iter()
        .find(|job| serde_json::from_value::<Work>(job.payload.clone()).is_ok_and(|work| is(&work)))
}

fn reading_of(jobs: &[Job], dataset: &Dataset) -> Step {
    let job =
        latest(jobs, |work| matches!(work, Work::Read { dataset: of, .. } if *of == dataset.id));
    match job.map(step) {
        // What was kept is gone; it is read again when somebody looks.
        None | Some(Step::Done) => Step::Waits,
        Some(step) => step,
    }
}

fn analysing_of(jobs: &[Job], together: &[DatasetId]) -> Step {
    if together.is_empty() {
        return Step::Nothing;
    }
    let job = latest(
        jobs,
        |work| matches!(work, Work::Ingest { dataset, .. } if together.contains(dataset)),
    );
    job.map_or(Step::Done, step)
}

fn step(job: &Job) -> Step {
    match job.state {
        JobState::Ready => Step::Waits,
        JobState::Running => Step::Runs { share: job.progress, saying: job.message.clone() },
        JobState::Done => Step::Done,
        JobState::Failed => Step::Failed(job.message.clone()),
    }
}

/// A column of a preview.
#[derive(Debug, Clone, PartialEq)]
pub enum Cells {
    /// Numbers; a missing one is NaN.
    Numbers(Vec<f64>),
    /// Texts; a missing one is empty.
    Texts(Vec<String>),
}

/// Rows that a preview holds, at most.
pub const MOST_ROWS: u64 = 1000;

/// Some rows of a table as they were read, column by column without those that were worked out here. Errors when there is
/// no such table.
pub fn rows(
    columns: &Columns,
    table: &str,
    first: u64,
    limit: u64,
) -> Result<Vec<(String, Cells)>, Error> {
    let tables = &columns.contents().tables;
    let Some((place, facts)) = tables.iter().enumerate().find(|(_, one)| one.name == table) else {
        return Err(Error::not_found_among("table", table, tables.iter().map(|one| &one.name)));
    };
    let rows = first..first.saturating_add(limit.min(MOST_ROWS));
    let failed = |error| Error::io("the columns kept of the file", error);
    let mut all = Vec::new();
    for (at, column) in facts.columns.iter().enumerate().filter(|(_, column)| !column.ours) {
        let cells = if column.is_text {
            Cells::Texts(columns.texts(place, at, rows.clone()).map_err(failed)?)
        } else {
            Cells::Numbers(columns.numbers(place, at, rows.clone()).map_err(failed)?)
        };
        all.push((column.head.name.clone(), cells));
    }
    Ok(all)
}
