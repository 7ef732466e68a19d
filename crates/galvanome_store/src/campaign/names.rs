//! Whether a campaign lists what something names.

use std::collections::BTreeSet;

use galvanome_model::ids::CampaignId;
use sqlx::{AnyConnection, AssertSqlSafe};

use crate::error::{StoreError, doing};
use crate::rows::Many;

/// A kind of thing that can be named.
pub(crate) struct Named {
    noun: &'static str,
    find: Many,
}

macro_rules! named {
    ($noun:literal) => {
        Named {
            noun: $noun,
            find: Many {
                head: concat!(
                    "SELECT id FROM ",
                    $noun,
                    " WHERE campaign = $1 AND listed = $2 AND id IN ("
                ),
                pattern: "?",
                tail: ")",
                shared: 2,
            },
        }
    };
}

pub(crate) static COMPONENT: Named = named!("component");
pub(crate) static QUESTION: Named = named!("question");
pub(crate) static TECHNIQUE: Named = named!("technique");
pub(crate) static SAMPLE: Named = named!("sample");
pub(crate) static EXPERIMENT: Named = named!("experiment");
pub(crate) static DATASET: Named = named!("dataset");

impl Named {
    /// Refuses the first of these ids that the campaign does not list.
    pub(crate) async fn need<'a>(
        &self,
        connection: &mut AnyConnection,
        campaign: &CampaignId,
        listed: i64,
        ids: impl Iterator<Item = &'a str>,
        named_by: &str,
    ) -> Result<(), StoreError> {
        let wanted: BTreeSet<&str> = ids.collect();
        let wanted: Vec<&str> = wanted.into_iter().collect();
        let mut known = BTreeSet::new();
        for batch in self.find.batches(&wanted) {
            let values = batch.values(
                |shared, _| {
                    shared.push(campaign.as_str());
                    shared.push(listed);
                },
                |row, id| row.push(*id),
            );
            let sql = AssertSqlSafe(batch.sql);
            let found: Vec<(String,)> = sqlx::query_as_with(sql, values.into_arguments())
                .fetch_all(&mut *connection)
                .await
                .map_err(doing("read a campaign"))?;
            known.extend(found.into_iter().map(|(id,)| id));
        }
        match wanted.into_iter().find(|id| !known.contains(*id)) {
            None => Ok(()),
            Some(id) => Err(StoreError::UnknownId {
                campaign: campaign.clone(),
                noun: self.noun,
                id: id.to_owned(),
                named_by: named_by.to_owned(),
            }),
        }
    }
}
