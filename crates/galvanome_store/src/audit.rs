//! Who changed what: one entry for each writing transaction, chained by hashes.
//!
//! Every writing transaction ends here: taking the head's row puts all writers in one order on both
//! databases. An entry's hash covers the hash before it, so that a changed, removed or inserted entry breaks
//! the chain from there on.

use std::cmp::Ordering;

use sha2::{Digest, Sha256};
use sqlx::{Any, AnyConnection, Transaction};

use crate::actor::Actor;
use crate::error::{StoreError, doing};
use crate::objects::hexadecimal;
use crate::store::Store;

/// One entry of the audit log.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AuditEntry {
    /// Its number, from 1, without gaps.
    pub seq: i64,
    /// When, in microseconds since 1970 UTC.
    pub at_us: i64,
    /// The id of who did it.
    pub actor: String,
    /// The campaign it concerns; empty when it concerns none.
    pub campaign: String,
    /// What was done, in a word (`put-campaign`).
    pub action: String,
    /// What it was done to: a JSON object of ids and counts.
    pub detail: String,
    /// SHA-256 over the hash before it and the fields above, in hexadecimal.
    pub hash: String,
}

impl AuditEntry {
    fn hash_after(&self, before: &str) -> String {
        let mut hash = Sha256::new();
        let (seq, at_us) = (self.seq.to_string(), self.at_us.to_string());
        let fields =
            [before, &seq, &at_us, &self.actor, &self.campaign, &self.action, &self.detail];
        for field in fields {
            // Lengths keep a field from running into the next.
            hash.update((field.len() as u64).to_le_bytes());
            hash.update(field.as_bytes());
        }
        hexadecimal(&hash.finalize())
    }
}

/// Whether the audit log is as it was written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AuditState {
    /// All entries hold together.
    Whole {
        /// How many there are.
        entries: i64,
    },
    /// An entry was changed, removed or inserted.
    Broken {
        /// The first number that does not fit.
        seq: i64,
    },
}

/// What a transaction did.
pub(crate) struct Deed<'a> {
    pub(crate) actor: &'a Actor,
    pub(crate) now_us: i64,
    pub(crate) campaign: &'a str,
    pub(crate) action: &'static str,
    pub(crate) detail: serde_json::Value,
}

/// Takes the next number of the log, which no other transaction can take until this one ends.
pub(crate) async fn next(tx: &mut Transaction<'static, Any>) -> Result<(i64, String), StoreError> {
    sqlx::query_as("UPDATE audit_head SET seq = seq + 1 WHERE id = 1 RETURNING seq, hash")
        .fetch_one(&mut **tx)
        .await
        .map_err(doing("write the audit log"))
}

/// Writes the entry and commits.
pub(crate) async fn commit(
    mut tx: Transaction<'static, Any>,
    deed: Deed<'_>,
) -> Result<(), StoreError> {
    let head = next(&mut tx).await?;
    commit_as(tx, head, deed).await
}

/// Writes the entry under a number that [`next`] gave, and commits.
pub(crate) async fn commit_as(
    mut tx: Transaction<'static, Any>,
    (seq, before): (i64, String),
    deed: Deed<'_>,
) -> Result<(), StoreError> {
    let mut entry = AuditEntry {
        seq,
        at_us: deed.now_us,
        actor: deed.actor.id().to_owned(),
        campaign: deed.campaign.to_owned(),
        action: deed.action.to_owned(),
        detail: deed.detail.to_string(),
        hash: String::new(),
    };
    entry.hash = entry.hash_after(&before);
    sqlx::query(
        "INSERT INTO audit (seq, at_us, actor, campaign, action, detail, hash) \
         VALUES ($1, $2, $3, $4, $5, $6, $7)",
    )
    .bind(entry.seq)
    .bind(entry.at_us)
    .bind(&entry.actor)
    .bind(&entry.campaign)
    .bind(&entry.action)
    .bind(&entry.detail)
    .bind(&entry.hash)
    .execute(&mut *tx)
    .await
    .map_err(doing("write the audit log"))?;
    sqlx::query("UPDATE audit_head SET hash = $1 WHERE id = 1")
        .bind(&entry.hash)
        .execute(&mut *tx)
        .await
        .map_err(doing("write the audit log"))?;
    tx.commit().await.map_err(doing("commit"))
}

type AuditRow = (i64, i64, String, String, String, String, String);

impl Store {
    /// Entries of the audit log after a number (0 for the beginning), oldest first.
    pub async fn audit(&self, after: i64, limit: u32) -> Result<Vec<AuditEntry>, StoreError> {
        entries(&mut *self.read().await?, after, limit).await
    }

    /// Checks the whole audit log.
    pub async fn verify_audit(&self) -> Result<AuditState, StoreError> {
        let mut tx = self.read().await?;
        let (head, head_hash): (i64, String) =
            sqlx::query_as("SELECT seq, hash FROM audit_head WHERE id = 1")
                .fetch_one(&mut *tx)
                .await
                .map_err(doing("read the audit log"))?;
        let (mut seq, mut hash) = (0, String::new());
        loop {
            let entries = entries(&mut tx, seq, 1000).await?;
            if entries.is_empty() {
                break;
            }
            for entry in entries {
                if entry.seq != seq + 1 || entry.hash != entry.hash_after(&hash) {
                    return Ok(AuditState::Broken { seq: seq + 1 });
                }
                (seq, hash) = (entry.seq, entry.hash);
            }
        }
        Ok(match seq.cmp(&head) {
            Ordering::Equal if hash == head_hash => AuditState::Whole { entries: seq },
            Ordering::Equal => AuditState::Broken { seq },
            Ordering::Less => AuditState::Broken { seq: seq + 1 },
            Ordering::Greater => AuditState::Broken { seq: head + 1 },
        })
    }
}

async fn entries(
    connection: &mut AnyConnection,
    after: i64,
    limit: u32,
) -> Result<Vec<AuditEntry>, StoreError> {
    let rows: Vec<AuditRow> = sqlx::query_as(
        "SELECT seq, at_us, actor, campaign, action, detail, hash FROM audit \
         WHERE seq > $1 ORDER BY seq LIMIT $2",
    )
    .bind(after)
    .bind(i64::from(limit))
    .fetch_all(connection)
    .await
    .map_err(doing("read the audit log"))?;
    let entry = |(seq, at_us, actor, campaign, action, detail, hash)| AuditEntry {
        seq,
        at_us,
        actor,
        campaign,
        action,
        detail,
        hash,
    };
    Ok(rows.into_iter().map(entry).collect())
}
