//! Held files of one specimen to quantities in the store.

mod group;
mod needed;

use galvanome_model::experiment::Dataset;
use galvanome_model::ids::{CampaignId, DatasetId};
use galvanome_model::note::Note;
use galvanome_model::quantity::Quantity;
use galvanome_readers::{Files, Trouble};
use galvanome_store::Actor;
use galvanome_techniques::{Input, Inputs, Settings, Technique};

pub(crate) use self::group::{affected_by, analysable, group_of};
use self::group::{analysis_of, auxiliaries, together};
use crate::files::FileSource;
use crate::findings::{self, Findings};
use crate::progress::Progress;
use crate::{Error, Galvanome, Known, analyze, clock};

/// The part of the work that reading is; the rest is analysis.
const READING: f64 = 0.7;

/// Reads the files of a dataset and of those that are analysed together with it, analyses them in time order, and
/// keeps the quantities that they give in place of those that an earlier analysis gave. The quantities belong to
/// the dataset that is first in time, and name the others. Gives whether any of them changed. Errors when there
/// is no such dataset or one of the files cannot be read.
pub async fn dataset(
    galvanome: &Galvanome,
    id: &CampaignId,
    dataset: &DatasetId,
    actor: &Actor,
    progress: &Progress,
) -> Result<bool, Error> {
    let known = galvanome.known(id).await?;
    let Some(held) = known.campaign.datasets.iter().find(|one| one.id == *dataset) else {
        return Err(Error::not_found("dataset", dataset));
    };
    let Some(technique) = analysis_of(&known.campaign, held) else {
        return Err(Error::not_found("analysis for dataset", dataset));
    };
    let group = together(&known.campaign, held);
    let mut files = Vec::with_capacity(group.len());
    for one in &group {
        let of = files_of(galvanome, one).await?;
        files.push((one.id.to_string(), progress.watch(&of, READING)));
    }
    let beside = auxiliaries(&known.campaign, technique, held);
    let mut helping = Vec::with_capacity(beside.len());
    for one in &beside {
        let of = files_of(galvanome, one).await?;
        helping.push((one.role.clone(), one.id.to_string(), progress.watch(&of, READING)));
    }
    progress.say("reading");
    let several = files.len() > 1;
    let telling = progress.clone();
    let (order, with, analysis) = tokio::task::spawn_blocking(move || -> Result<_, Error> {
        let mut inputs = Inputs::default();
        let mut rows = 0;
        let mut left_out = Vec::new();
        for (name, files) in files {
            let measurement = match needed::read(&files, &mut rows, needed::MOST_ROWS) {
                Ok(measurement) => measurement,
                // One file that nothing reads must not take the others' numbers away.
                Err(Error::Read(error)) if several && is_of_the_file(error.trouble()) => {
                    let message = format!("the file cannot be read, and was left out: {error}");
                    left_out.push(Note::new("unreadable-file", message, name));
                    continue;
                }
                Err(error) => return Err(error),
            };
            inputs.main.push(Input { name, measurement });
        }
        if inputs.main.is_empty() {
            let all = left_out.iter().map(|note| format!("{}: {}", note.place, note.message));
            return Err(Error::Wrong(all.collect::<Vec<_>>().join("\n")));
        }
        for (role, name, files) in helping {
            match needed::read(&files, &mut rows, needed::MOST_ROWS) {
                Ok(measurement) => inputs.auxiliary.push((role, Input { name, measurement })),
                Err(error) => {
                    let message = format!(
                        "the file in the role {role} cannot be read, and was left out: {error}"
                    );
                    left_out.push(Note::new("unreadable-file", message, name));
                }
            }
        }
        telling.say("analysing");
        // Ordered here already, so that it is known which is first; the note comes again below.
        let _ = inputs.order_by_start();
        let order: Vec<String> = inputs.main.iter().map(|input| input.name.clone()).collect();
        // Those of the readers stand with their own file.
        let helping = inputs.auxiliary.iter().map(|(_, input)| input);
        let all = inputs.main.iter().chain(helping);
        let read: Vec<Note> = all.flat_map(|input| input.measurement.notes.clone()).collect();
        let with: Vec<String> =
            inputs.auxiliary.iter().map(|(role, input)| format!("{role} {}", input.name)).collect();
        let mut analysis = analyze::inputs_of(technique, inputs, &Settings::default());
        analysis.notes.retain(|note| !read.contains(note));
        analysis.notes.splice(0..0, left_out);
        Ok((order, with, analysis))
    })
    .await
    .map_err(|error| Error::Wrong(format!("analysing {dataset} stopped: {error}")))??;
    let first = order.first().and_then(|name| group.iter().find(|one| one.id.as_str() == name));
    let first = first.copied().unwrap_or(held);
    let mut quantities = quantities_of(&known, first, technique, &analysis);
    if order.len() > 1 {
        for quantity in &mut quantities {
            quantity.source =
                format!("{}; from {} in time order", quantity.source, order.join(", "));
        }
    }
    if !with.is_empty() {
        for quantity in &mut quantities {
            quantity.source = format!("{}; with {}", quantity.source, with.join(", "));
        }
    }
    let now = clock::now_us();
    let mut changed = false;
    // What the others gave while they stood alone, or were first, is no longer right.
    for other in group.iter().filter(|one| one.id != first.id) {
        let none = &[];
        let put =
            galvanome.store.put_computed_quantities(id, &other.id, technique.id, none, actor, now);
        changed |= put.await?;
    }
    let together: Vec<DatasetId> = group.iter().map(|one| one.id.clone()).collect();
    findings::keep(galvanome, id, &together, &Findings::new(technique.method(), analysis.notes))?;
    let put = galvanome.store.put_computed_quantities(
        id,
        &first.id,
        technique.id,
        &quantities,
        actor,
        now,
    );
    Ok(put.await? || changed)
}

async fn files_of(galvanome: &Galvanome, dataset: &Dataset) -> Result<Files, Error> {
    let name = dataset.path.rsplit('/').next().unwrap_or(&dataset.path);
    Ok(match galvanome.store.object_file(&dataset.sha256) {
        Some(path) => Files::one(name, FileSource::open(&path)?),
        None => Files::one(name, galvanome.store.object(&dataset.sha256).await?),
    })
}

fn quantities_of(
    known: &Known,
    dataset: &Dataset,
    technique: &Technique,
    analysis: &galvanome_techniques::Analysis,
) -> Vec<Quantity> {
    let sample = dataset.samples.first();
    let facts = known.campaign.samples.iter().find(|one| Some(&one.id) == sample);
    analysis
        .quantities
        .iter()
        .filter(|found| known.frame.catalogue.descriptor(&found.descriptor).is_some())
        .map(|found| Quantity {
            descriptor: found.descriptor.clone(),
            component: facts.and_then(|sample| sample.component.clone()),
            groups: facts.and_then(|sample| sample.group.clone()).into_iter().collect(),
            sample: sample.cloned(),
            experiment: Some(dataset.experiment.clone()),
            dataset: Some(dataset.id.clone()),
            qualifier: found.qualifier,
            value: found.value,
            uncertainty: found.uncertainty,
            unit: found.unit.clone(),
            n: Some(1),
            method: technique.method(),
            source: found.detail.clone(),
            visibility: dataset.visibility.clone(),
            extra: std::collections::BTreeMap::new(),
        })
        .collect()
}

/// Whether trouble lies in the file itself: then reading it again, or elsewhere, does not mend it.
const fn is_of_the_file(trouble: Trouble) -> bool {
    matches!(trouble, Trouble::NotRecognised | Trouble::Damaged | Trouble::Unsupported)
}
