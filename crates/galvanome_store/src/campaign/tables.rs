//! The tables of nouns, and a campaign as rows of them.

use galvanome_model::campaign::{Campaign, Definition};
use galvanome_model::experiment::{Dataset, Experiment, Gate};
use galvanome_model::sample::{Sample, Shipment};
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::json;
use sha2::{Digest, Sha256};
use sqlx::AnyConnection;

use crate::body;
use crate::error::{StoreError, doing};
use crate::objects::{ObjectId, hexadecimal};
use crate::quantity;
use crate::rows::Many;

/// A table of one noun.
pub(crate) struct Table {
    /// Its name.
    name: &'static str,
    insert: Many,
    read: &'static str,
}

macro_rules! one_parameter {
    ($column:literal) => {
        "?, "
    };
}

/// A table with its own columns, between the common ones and the body.
macro_rules! table {
    ($name:literal $(, $column:literal)*) => {
        Table {
            name: $name,
            insert: Many {
                head: concat!(
                    "INSERT INTO ", $name, " (campaign, listed, position, id, ", $($column, ", ",)* "body) VALUES"
                ),
                pattern: concat!("($1, $2, $3 + #, ?, ", $(one_parameter!($column),)* "?)"),
                tail: concat!(
                    " ON CONFLICT (campaign, id) DO UPDATE SET position = excluded.position, ",
                    "listed = excluded.listed, ", $($column, " = excluded.", $column, ", ",)*
                    "body = excluded.body"
                ),
                shared: 3,
            },
            read: concat!(
                "SELECT body FROM ", $name, " WHERE campaign = $1 AND listed = $2 ORDER BY position"
            ),
        }
    };
}

pub(crate) static PARTNER: Table = table!("partner");
pub(crate) static COMPONENT: Table = table!("component");
pub(crate) static GROUP: Table = table!("sample_group");
pub(crate) static QUESTION: Table = table!("question");
pub(crate) static OBSERVABLE: Table = table!("observable");
pub(crate) static TECHNIQUE: Table = table!("technique");
pub(crate) static DESCRIPTOR: Table = table!("descriptor");
pub(crate) static MARGIN: Table = table!("margin");
pub(crate) static FACT: Table = table!("fact");
pub(crate) static SAMPLE: Table = table!("sample", "component", "sample_group", "made_by");
pub(crate) static SHIPMENT: Table = table!("shipment", "sender", "receiver");
pub(crate) static EXPERIMENT: Table = table!("experiment", "technique", "partner");
pub(crate) static DATASET: Table = table!("dataset", "experiment");
pub(crate) static GATE: Table = table!("gate", "experiment", "dataset");
pub(crate) static DOCUMENT: Table = table!("document", "sha256");

/// A table of which noun names which.
struct Links {
    delete: &'static str,
    insert: Many,
}

macro_rules! links {
    ($name:literal, $from:literal, $to:literal) => {
        Links {
            delete: concat!("DELETE FROM ", $name, " WHERE campaign = $1"),
            insert: Many {
                head: concat!(
                    "INSERT INTO ",
                    $name,
                    " (campaign, ",
                    $from,
                    ", position, ",
                    $to,
                    ") VALUES"
                ),
                pattern: "($1, ?, ?, ?)",
                tail: "",
                shared: 1,
            },
        }
    };
}

static SAMPLE_PARENT: Links = links!("sample_parent", "sample", "parent");
static SHIPMENT_SAMPLE: Links = links!("shipment_sample", "shipment", "sample");
static EXPERIMENT_SAMPLE: Links = links!("experiment_sample", "experiment", "sample");
static DATASET_SAMPLE: Links = links!("dataset_sample", "dataset", "sample");
static DATASET_SOURCE: Links = links!("dataset_source", "dataset", "source");

impl Table {
    /// The listed nouns, in order.
    pub(crate) async fn read<T: DeserializeOwned>(
        &self,
        connection: &mut AnyConnection,
        campaign: &str,
        listed: i64,
    ) -> Result<Vec<T>, StoreError> {
        let bodies: Vec<(String,)> = sqlx::query_as(self.read)
            .bind(campaign)
            .bind(listed)
            .fetch_all(connection)
            .await
            .map_err(doing("read a campaign"))?;
        bodies.iter().map(|(text,)| body::read(self.name, text)).collect()
    }
}

/// One row of a [`Table`].
struct Noun {
    id: String,
    names: Vec<Option<String>>,
    body: String,
}

/// One row of [`Links`].
struct Link<'a> {
    from: &'a str,
    position: i64,
    to: &'a str,
}

/// Everything of a campaign but its answers, as rows, in an order in which foreign keys hold.
pub(crate) struct Facts<'a> {
    /// The definition without its lists.
    pub(crate) body: String,
    nouns: Vec<(&'static Table, Vec<Noun>)>,
    links: Vec<(&'static Links, Vec<Link<'a>>)>,
    quantities: Vec<quantity::Row<'a>>,
}

impl<'a> Facts<'a> {
    /// The rows of a campaign that [`super::check`] found sound. Refuses numbers that are not finite.
    pub(crate) fn of(campaign: &'a Campaign, documents: &[ObjectId]) -> Result<Self, StoreError> {
        let definition = &campaign.definition;
        let nouns = vec![
            (&PARTNER, nouns("partner", &definition.partners, |it| &it.id)?),
            (&COMPONENT, nouns("component", &definition.components, |it| &it.id)?),
            (&GROUP, nouns("group", &definition.groups, |it| &it.id)?),
            (&QUESTION, nouns("question", &definition.questions, |it| &it.id)?),
            (&OBSERVABLE, nouns("observable", &definition.observables, |it| &it.id)?),
            (&TECHNIQUE, nouns("technique", &definition.techniques, |it| &it.id)?),
            (&DESCRIPTOR, nouns("descriptor", &definition.descriptors, |it| &it.id)?),
            (
                &MARGIN,
                nouns("margin", &definition.margins, |it| {
                    format!("{} {}", it.descriptor, it.observable)
                })?,
            ),
            (&FACT, nouns("fact", &definition.facts, |it| &it.id)?),
            (&SAMPLE, samples(&campaign.samples)?),
            (&SHIPMENT, shipments(&campaign.shipments)?),
            (&EXPERIMENT, experiments(&campaign.experiments)?),
            (&DATASET, datasets(&campaign.datasets)?),
            (&GATE, gates(&campaign.gates)?),
            (&DOCUMENT, self::documents(campaign, documents)),
        ];
        let links = vec![
            (&SAMPLE_PARENT, links(&campaign.samples, |it| (it.id.as_str(), &it.parents))),
            (&SHIPMENT_SAMPLE, links(&campaign.shipments, |it| (it.id.as_str(), &it.samples))),
            (&EXPERIMENT_SAMPLE, links(&campaign.experiments, |it| (it.id.as_str(), &it.samples))),
            (&DATASET_SAMPLE, links(&campaign.datasets, |it| (it.id.as_str(), &it.samples))),
            (&DATASET_SOURCE, links(&campaign.datasets, |it| (it.id.as_str(), &it.derived_from))),
        ];
        let quantities = quantity::rows(&campaign.quantities)?;
        Ok(Self { body: without_lists(definition)?, nouns, links, quantities })
    }

    /// SHA-256 over all of it, to know an unchanged campaign again.
    pub(crate) fn sha256(&self) -> String {
        let mut hash = Sha256::new();
        // Every text goes in with its length, so that none runs into the next.
        let mut take = |text: &str| {
            hash.update((text.len() as u64).to_le_bytes());
            hash.update(text);
        };
        take(&self.body);
        for (table, nouns) in &self.nouns {
            take(table.name);
            for noun in nouns {
                take(&noun.id);
                take(&noun.body);
                for name in &noun.names {
                    take(name.as_deref().unwrap_or(""));
                }
            }
        }
        // Links are part of the bodies.
        for row in &self.quantities {
            take(&row.body);
        }
        hexadecimal(&hash.finalize())
    }

    /// Writes the rows as those that count from this revision on.
    pub(crate) async fn write(
        &self,
        connection: &mut AnyConnection,
        campaign: &str,
        listed: i64,
    ) -> Result<(), StoreError> {
        for (table, nouns) in &self.nouns {
            let share = |shared: &mut crate::rows::Values, before: i64| {
                shared.push(campaign);
                shared.push(listed);
                shared.push(before);
            };
            let bind = |row: &mut crate::rows::Values, noun: &Noun| {
                row.push(noun.id.as_str());
                for name in &noun.names {
                    row.push(name.as_deref());
                }
                row.push(noun.body.as_str());
            };
            table.insert.run(connection, "write a campaign", nouns, share, bind).await?;
        }
        for (table, links) in &self.links {
            sqlx::query(table.delete)
                .bind(campaign)
                .execute(&mut *connection)
                .await
                .map_err(doing("write a campaign"))?;
            let share = |shared: &mut crate::rows::Values, _| shared.push(campaign);
            let bind = |row: &mut crate::rows::Values, link: &Link<'_>| {
                row.push(link.from);
                row.push(link.position);
                row.push(link.to);
            };
            table.insert.run(connection, "write a campaign", links, share, bind).await?;
        }
        quantity::replace(connection, campaign, "", &self.quantities).await
    }
}

fn without_lists(definition: &Definition) -> Result<String, StoreError> {
    let mut bare = definition.clone();
    bare.partners.clear();
    bare.components.clear();
    bare.groups.clear();
    bare.questions.clear();
    bare.observables.clear();
    bare.techniques.clear();
    bare.descriptors.clear();
    bare.margins.clear();
    bare.facts.clear();
    body::write("the campaign's definition", &bare)
}

fn nouns<'a, T, I>(
    noun: &'static str,
    all: &'a [T],
    id: impl Fn(&'a T) -> I,
) -> Result<Vec<Noun>, StoreError>
where
    T: Serialize + DeserializeOwned + PartialEq,
    I: ToString,
{
    all.iter().map(|it| with_names(noun, &id(it), Vec::new(), it)).collect()
}

fn with_names<T>(
    noun: &'static str,
    id: &impl ToString,
    names: Vec<Option<String>>,
    it: &T,
) -> Result<Noun, StoreError>
where
    T: Serialize + DeserializeOwned + PartialEq,
{
    let id = id.to_string();
    let body = body::write(&format!("the {noun} `{id}`"), it)?;
    Ok(Noun { id, names, body })
}

fn text(id: Option<&impl ToString>) -> Option<String> {
    id.map(ToString::to_string)
}

fn samples(all: &[Sample]) -> Result<Vec<Noun>, StoreError> {
    let noun = |it: &Sample| {
        let names =
            vec![text(it.component.as_ref()), text(it.group.as_ref()), text(it.made_by.as_ref())];
        with_names("sample", &it.id, names, it)
    };
    all.iter().map(noun).collect()
}

fn shipments(all: &[Shipment]) -> Result<Vec<Noun>, StoreError> {
    let noun = |it: &Shipment| {
        with_names("shipment", &it.id, vec![text(Some(&it.from)), text(Some(&it.to))], it)
    };
    all.iter().map(noun).collect()
}

fn experiments(all: &[Experiment]) -> Result<Vec<Noun>, StoreError> {
    let noun = |it: &Experiment| {
        let names = vec![text(Some(&it.technique)), text(it.partner.as_ref())];
        with_names("experiment", &it.id, names, it)
    };
    all.iter().map(noun).collect()
}

/// The JSON of a dataset. Refuses numbers that are not finite.
pub(crate) fn dataset_body(dataset: &Dataset) -> Result<String, StoreError> {
    body::write(&format!("the dataset `{}`", dataset.id), dataset)
}

fn datasets(all: &[Dataset]) -> Result<Vec<Noun>, StoreError> {
    let noun = |it: &Dataset| with_names("dataset", &it.id, vec![text(Some(&it.experiment))], it);
    all.iter().map(noun).collect()
}

fn gates(all: &[Gate]) -> Result<Vec<Noun>, StoreError> {
    let noun = |(place, it): (usize, &Gate)| {
        let names = vec![text(it.experiment.as_ref()), text(it.dataset.as_ref())];
        with_names("gate", &place, names, it)
    };
    all.iter().enumerate().map(noun).collect()
}

fn documents(campaign: &Campaign, objects: &[ObjectId]) -> Vec<Noun> {
    let noun = |(document, object): (&galvanome_model::campaign::Document, &ObjectId)| Noun {
        id: document.path.clone(),
        names: vec![Some(object.sha256.clone())],
        body: json!({"bytes": object.bytes}).to_string(),
    };
    campaign.documents.iter().zip(objects).map(noun).collect()
}

fn links<'a, T, I>(all: &'a [T], of: impl Fn(&'a T) -> (&'a str, &'a Vec<I>)) -> Vec<Link<'a>>
where
    I: std::borrow::Borrow<str> + 'a,
{
    all.iter()
        .flat_map(|it| {
            let (from, to) = of(it);
            (0_i64..).zip(to).map(move |(position, to)| Link { from, position, to: to.borrow() })
        })
        .collect()
}
