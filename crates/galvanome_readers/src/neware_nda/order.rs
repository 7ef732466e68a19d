//! Rows in the order of their numbers, some at a time.

use galvanome_model::note::Note;

use super::find::Walk;
use crate::failure::Failure;
use crate::neware::batch::ROWS;
use crate::sink::Sink;
use crate::source::{Source, read_full};

/// Takes rows, one behind the other, and says whether it wants more.
pub(super) type Each<'a> = dyn FnMut(&[u8], &mut dyn Sink) -> Result<bool, Failure> + 'a;

/// Records of one length in parts of a file, some of which are rows.
pub(super) struct Rows<'a> {
    pub(super) source: &'a dyn Source,
    /// Bytes of a record.
    pub(super) len: usize,
    /// Where the parts begin and end.
    pub(super) stretches: &'a [(u64, u64)],
    /// The number of a row; none for records that are none.
    pub(super) index: &'a dyn Fn(&[u8]) -> Option<u32>,
}

impl Rows<'_> {
    /// Gives rows, one behind the other and some at a time, in the order of the file, until `each` wants no more.
    pub(super) fn in_file_order(
        &self,
        sink: &mut dyn Sink,
        each: &mut Each<'_>,
    ) -> Result<(), Failure> {
        let mut rows = Vec::with_capacity(ROWS * self.len);
        for &(begin, end) in self.stretches {
            let mut walk = Walk::new(self.source, begin, end);
            loop {
                let room = ROWS - rows.len() / self.len;
                let view = walk.view(self.len)?;
                let take = (view.len() / self.len).min(room);
                if take == 0 {
                    break;
                }
                for record in view.chunks_exact(self.len).take(take) {
                    if (self.index)(record).is_some() {
                        rows.extend_from_slice(record);
                    }
                }
                walk.advance(take * self.len);
                if !self.give_full(&mut rows, sink, each)? {
                    return Ok(());
                }
            }
        }
        each(&rows, sink)?;
        Ok(())
    }

    /// Gives rows by their numbers; of rows with one number the first is given. A note says so.
    pub(super) fn sorted(&self, sink: &mut dyn Sink, each: &mut Each<'_>) -> Result<(), Failure> {
        let mut order: Vec<(u32, u64)> = Vec::new();
        for &(begin, end) in self.stretches {
            let mut walk = Walk::new(self.source, begin, end);
            loop {
                let at = walk.at();
                let view = walk.view(self.len)?;
                let Some(record) = view.get(..self.len) else { break };
                order.extend((self.index)(record).map(|index| (index, at)));
                walk.advance(self.len);
            }
        }
        let all = order.len();
        order.sort_unstable();
        order.dedup_by_key(|(index, _)| *index);
        let message = format!(
            "rows do not stand in the order of their numbers, and {} of {all} repeat one; they were sorted, and of rows with one number the first was taken",
            all - order.len()
        );
        sink.note(Note::new("rows-out-of-order", message, "column record_index"));
        let mut rows = Vec::with_capacity(ROWS * self.len);
        let mut record = vec![0; self.len];
        for (_, at) in order {
            if read_full(self.source, at, &mut record)? == record.len() {
                rows.extend_from_slice(&record);
            }
            if !self.give_full(&mut rows, sink, each)? {
                return Ok(());
            }
        }
        each(&rows, sink)?;
        Ok(())
    }

    /// Gives rows once they are enough to be given. False when no more are wanted.
    fn give_full(
        &self,
        rows: &mut Vec<u8>,
        sink: &mut dyn Sink,
        each: &mut Each<'_>,
    ) -> Result<bool, Failure> {
        if rows.len() < ROWS * self.len {
            return Ok(true);
        }
        let more = each(rows, sink)?;
        rows.clear();
        Ok(more)
    }
}
