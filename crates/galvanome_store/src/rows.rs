//! Many rows in one statement.
//!
//! A statement has a few hundred parameters at most, not the tens of thousands that both databases allow:
//! SQLite finds the name of a `$n` by walking through all names before it, so that long statements cost the square
//! of their length.

use std::fmt::Write as _;
use std::sync::Arc;

use futures_util::future::join;
use sqlx::any::AnyArguments;
use sqlx::{Any, AnyConnection, Arguments, AssertSqlSafe, Encode, Type};

use crate::error::{StoreError, doing};

/// Parameters that a statement may have.
const PARAMETERS: usize = 128;

/// The parameters of one statement.
#[derive(Default)]
pub(crate) struct Values(AnyArguments);

impl Values {
    /// Adds the next parameter.
    pub(crate) fn push<'a, T: Encode<'a, Any> + Type<Any>>(&mut self, value: T) {
        // Text, integers and numbers always encode: the driver's buffer takes them as they are.
        let _ = self.0.add(value);
    }

    pub(crate) fn into_arguments(self) -> AnyArguments {
        self.0
    }
}

/// A statement over many rows: `head`, then the pattern once for each row, then `tail`. In the pattern `?` is
/// the next parameter of the row, `#` the place of the row within the statement, from 0; `$1` and so on are
/// shared by all rows.
pub(crate) struct Many {
    /// Up to `VALUES`.
    pub(crate) head: &'static str,
    /// One row.
    pub(crate) pattern: &'static str,
    /// After the rows.
    pub(crate) tail: &'static str,
    /// How many parameters are shared.
    pub(crate) shared: usize,
}

/// A text of [`Many`] for a number of rows.
struct Text {
    rows: usize,
    sql: Arc<str>,
}

impl Many {
    fn text(&self, rows: usize) -> Text {
        let mut sql = String::from(self.head);
        let mut next = self.shared;
        for row in 0..rows {
            sql.push(if row == 0 { ' ' } else { ',' });
            for character in self.pattern.chars() {
                let _ = match character {
                    '?' => {
                        next += 1;
                        write!(sql, "${next}")
                    }
                    '#' => write!(sql, "{row}"),
                    other => sql.write_char(other),
                };
            }
        }
        sql.push_str(self.tail);
        Text { rows, sql: sql.into() }
    }

    /// At most three texts, largest first, so that the database compiles each once and reuses it.
    fn texts(&self, rows: usize) -> Vec<Text> {
        let own = self.pattern.matches('?').count().max(1);
        let most = ((PARAMETERS - self.shared) / own).max(1);
        let mut sizes = vec![most, most / 6, 1];
        sizes.dedup();
        sizes.retain(|size| *size > 0 && *size <= rows);
        sizes.into_iter().map(|size| self.text(size)).collect()
    }

    /// Runs it over all rows. `share` gives the shared parameters of a statement, knowing how many rows went
    /// before it; `bind` gives those of a row. The next statement is filled while the database runs this one.
    pub(crate) async fn run<T>(
        &self,
        connection: &mut AnyConnection,
        what: &'static str,
        rows: &[T],
        share: impl Fn(&mut Values, i64),
        bind: impl Fn(&mut Values, &T),
    ) -> Result<(), StoreError> {
        let mut batches = self.batches(rows).map(|batch| {
            let values = batch.values(&share, &bind);
            (batch.sql, values)
        });
        let mut next = batches.next();
        while let Some((sql, values)) = next {
            let running = sqlx::query_with(AssertSqlSafe(sql), values.into_arguments())
                .execute(&mut *connection);
            let (done, following) = join(running, async { batches.next() }).await;
            done.map_err(doing(what))?;
            next = following;
        }
        Ok(())
    }

    /// The statements, each with its rows.
    pub(crate) fn batches<'r, T>(
        &self,
        rows: &'r [T],
    ) -> impl Iterator<Item = Batch<'r, T>> + use<'r, T> {
        let texts = self.texts(rows.len());
        let mut before = 0;
        std::iter::from_fn(move || {
            let rest = rows.get(before..)?;
            let text = texts.iter().find(|text| text.rows <= rest.len())?;
            let batch = Batch {
                sql: Arc::clone(&text.sql),
                rows: rest.get(..text.rows)?,
                before: count(before),
            };
            before += text.rows;
            Some(batch)
        })
    }
}

/// One statement with its rows.
pub(crate) struct Batch<'r, T> {
    /// Its text.
    pub(crate) sql: Arc<str>,
    /// Its rows.
    pub(crate) rows: &'r [T],
    /// How many rows went before.
    before: i64,
}

impl<T> Batch<'_, T> {
    /// Its parameters.
    pub(crate) fn values(
        &self,
        share: impl Fn(&mut Values, i64),
        bind: impl Fn(&mut Values, &T),
    ) -> Values {
        let mut values = Values::default();
        share(&mut values, self.before);
        for row in self.rows {
            bind(&mut values, row);
        }
        values
    }
}

/// A number of rows as the database counts.
pub(crate) fn count(rows: usize) -> i64 {
    i64::try_from(rows).unwrap_or(i64::MAX)
}
