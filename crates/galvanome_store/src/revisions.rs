//! Revisions of answers as they are read: many in one text.
//!
//! A driver spends far more on handing over a row, value by value, than the database does on finding it, and a
//! metaview may have ten thousand answers. So the database joins the revisions of each row of a matrix into one
//! text, and this takes it apart again. Fields are separated by U+001F, revisions by U+001E. Neither is ever part
//! of a field: ids and words have no control characters, an actor refuses them, and JSON escapes them.

use futures_util::TryStreamExt as _;
use galvanome_model::answer::Answer;
use galvanome_model::ids::{BadId, CampaignId, ComponentId, ObservableId, QuestionId, TechniqueId};
use galvanome_model::pixel::PixelKey;
use galvanome_model::record::{AnswerRecord, Given, Revision};
use sqlx::any::AnyArguments;
use sqlx::query::QueryAs;
use sqlx::{Any, AnyConnection};

use crate::answer::{Body, COMPUTED};
use crate::body;
use crate::error::{StoreError, doing};
use crate::rows::Values;
use crate::store::Store;

/// Between the fields of a revision.
const FIELD: char = '\u{1f}';
/// Between revisions.
const RECORD: char = '\u{1e}';

/// The query for revisions, each row of a matrix in one text: `$1` and `$2` are the separators
/// ([`push_separators`]), `$3` is the campaign. What is given goes on after `campaign = $3 AND`.
macro_rules! packed {
    () => {
        "SELECT string_agg(concat_ws($1, seq, component, question, technique, observable, \
         COALESCE(experiment, ''), origin, answer, written_at_us, COALESCE(CAST(replaced AS TEXT), ''), \
         actor, body), $2) FROM answer WHERE campaign = $3 AND "
    };
    ($condition:literal) => {
        concat!($crate::revisions::packed!(), $condition, " GROUP BY component, question, technique")
    };
}
pub(crate) use packed;

/// The parameters `$1` and `$2` of [`packed`].
pub(crate) fn push_separators(values: &mut Values) {
    values.push(FIELD.to_string());
    values.push(RECORD.to_string());
}

/// The fields of one revision.
pub(crate) struct Fields<'t> {
    pub(crate) seq: i64,
    component: &'t str,
    question: &'t str,
    technique: &'t str,
    /// Empty for a statement on a whole row.
    observable: &'t str,
    /// Empty where the answer names none.
    experiment: &'t str,
    origin: &'t str,
    answer: &'t str,
    written_at_us: i64,
    replaced: Option<i64>,
    actor: &'t str,
    body: &'t str,
}

impl<'t> Fields<'t> {
    fn of(text: &'t str) -> Option<Self> {
        let mut fields = text.splitn(12, FIELD);
        let mut next = || fields.next();
        Some(Self {
            seq: next()?.parse().ok()?,
            component: next()?,
            question: next()?,
            technique: next()?,
            observable: next()?,
            experiment: next()?,
            origin: next()?,
            answer: next()?,
            written_at_us: next()?.parse().ok()?,
            replaced: match next()? {
                "" => None,
                number => Some(number.parse().ok()?),
            },
            actor: next()?,
            body: next()?,
        })
    }
}

/// Hands over the revisions that a query with [`packed`] finds, in no order.
pub(crate) async fn each(
    query: QueryAs<'_, Any, (String,), AnyArguments>,
    connection: &mut AnyConnection,
    what: &'static str,
    mut take: impl FnMut(Fields<'_>) -> Result<(), StoreError>,
) -> Result<(), StoreError> {
    let mut rows = query.fetch(connection);
    while let Some((text,)) = rows.try_next().await.map_err(doing(what))? {
        for one in text.split(RECORD) {
            let fields = Fields::of(one).ok_or_else(|| {
                StoreError::unreadable("an answer", "it lacks some of its fields")
            })?;
            take(fields)?;
        }
    }
    Ok(())
}

/// Makes revisions of their fields. Neighbours mostly name the same component, question and technique.
#[derive(Default)]
pub(crate) struct Reader {
    component: Option<ComponentId>,
    question: Option<QuestionId>,
    technique: Option<TechniqueId>,
}

/// The id of a text, taken from the revision before when that had the same.
fn id<T>(before: &mut Option<T>, text: &str) -> Result<T, BadId>
where
    T: std::str::FromStr<Err = BadId> + std::borrow::Borrow<str> + Clone,
{
    if let Some(same) = before.as_ref().filter(|before| (*before).borrow() == text) {
        return Ok(same.clone());
    }
    let id: T = text.parse()?;
    *before = Some(id.clone());
    Ok(id)
}

fn optional<T: std::str::FromStr>(text: &str) -> Result<Option<T>, T::Err> {
    if text.is_empty() { Ok(None) } else { text.parse().map(Some) }
}

impl Reader {
    /// The revision of its fields.
    pub(crate) fn revision(&mut self, fields: &Fields<'_>) -> Result<Revision, StoreError> {
        let given = if fields.origin == COMPUTED {
            Given::Computed(body::read(format_args!("answer {}", fields.seq), fields.body)?)
        } else {
            Given::Expert(self.record(fields)?)
        };
        Ok(Revision {
            seq: fields.seq,
            written_at_us: fields.written_at_us,
            actor: fields.actor.to_owned(),
            replaced: fields.replaced,
            given,
        })
    }

    /// The record of an expert's revision.
    pub(crate) fn record(&mut self, fields: &Fields<'_>) -> Result<AnswerRecord, StoreError> {
        let seq = fields.seq;
        let unreadable = |error: BadId| StoreError::unreadable(format!("answer {seq}"), error);
        let body: Body<'_> = body::read(format_args!("answer {seq}"), fields.body)?;
        Ok(AnswerRecord {
            component: id(&mut self.component, fields.component).map_err(unreadable)?,
            question: id(&mut self.question, fields.question).map_err(unreadable)?,
            technique: id(&mut self.technique, fields.technique).map_err(unreadable)?,
            observable: optional(fields.observable).map_err(unreadable)?,
            answer: Answer::from_word(fields.answer).ok_or_else(|| {
                let why = format!("`{}` is no answer", fields.answer);
                StoreError::unreadable(format!("answer {seq}"), why)
            })?,
            certainty: body.certainty,
            author: body.author.into_owned(),
            answered_on: body.on.into_owned(),
            reason: body.reason.into_owned(),
            experiment: optional(fields.experiment).map_err(unreadable)?,
            evidence: body.evidence.into_owned(),
            visibility: body.visibility.into_owned(),
            extra: body.extra.into_owned(),
        })
    }
}

impl Store {
    /// All revisions of all answers of one metaview, row statements among them, oldest first. A campaign or
    /// question that does not exist has none.
    pub async fn revisions_of_view(
        &self,
        id: &CampaignId,
        component: &ComponentId,
        question: &QuestionId,
    ) -> Result<Vec<Revision>, StoreError> {
        let sql = packed!("component = $4 AND question = $5");
        self.revisions(sql, &[id.as_str(), component.as_str(), question.as_str()]).await
    }

    /// All revisions of the answers on one observable of a metaview, by all techniques, oldest first.
    pub async fn revisions_of_column(
        &self,
        id: &CampaignId,
        component: &ComponentId,
        question: &QuestionId,
        observable: &ObservableId,
    ) -> Result<Vec<Revision>, StoreError> {
        let sql = packed!("component = $4 AND question = $5 AND observable = $6");
        let of = [id.as_str(), component.as_str(), question.as_str(), observable.as_str()];
        self.revisions(sql, &of).await
    }

    /// All revisions of one pixel, oldest first.
    pub async fn revisions_of_pixel(
        &self,
        id: &CampaignId,
        pixel: &PixelKey,
    ) -> Result<Vec<Revision>, StoreError> {
        let sql =
            packed!("component = $4 AND question = $5 AND technique = $6 AND observable = $7");
        let of = [
            id.as_str(),
            pixel.component.as_str(),
            pixel.question.as_str(),
            pixel.technique.as_str(),
            pixel.observable.as_str(),
        ];
        self.revisions(sql, &of).await
    }

    async fn revisions(&self, sql: &'static str, of: &[&str]) -> Result<Vec<Revision>, StoreError> {
        let mut values = Values::default();
        push_separators(&mut values);
        for one in of {
            values.push(*one);
        }
        let what = "read answers";
        let mut connection = self.readers().acquire().await.map_err(doing(what))?;
        let mut reader = Reader::default();
        let mut revisions = Vec::new();
        let query = sqlx::query_as_with(sql, values.into_arguments());
        each(query, &mut connection, what, |fields| {
            revisions.push(reader.revision(&fields)?);
            Ok(())
        })
        .await?;
        revisions.sort_unstable_by_key(|revision: &Revision| revision.seq);
        Ok(revisions)
    }
}
