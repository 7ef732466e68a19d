//! What is counted while the rows of sheets are read.

/// Something that was counted: how often, and the first line of it, from 1.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Count {
    pub(crate) times: u64,
    pub(crate) first: u64,
}

impl Count {
    /// Counts one more, in a line.
    pub(super) fn add(&mut self, line: u64) {
        if self.times == 0 {
            self.first = line;
        }
        self.times += 1;
    }
}

/// What was found while lines were made.
#[derive(Debug, Clone, Default)]
pub(crate) struct Found {
    /// Cells that hold an error, as of a formula.
    pub(crate) errors: Count,
    /// Texts that the table of shared texts does not hold.
    pub(crate) lost: Count,
    /// Rows that are too long or too sparse.
    pub(crate) unusable: Count,
    /// Lines after which a sheet stopped before its end, and how.
    pub(crate) stopped: Vec<(u64, Stop)>,
    /// Last lines of sheets whose checksum does not hold.
    pub(crate) altered: Vec<u64>,
}

/// How a sheet stopped before its end.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Stop {
    /// The file ends.
    Cut,
    /// It does not unpack, or its tags end, from here on.
    Broken,
    /// It is packed or locked in a way that is not known.
    Unknown,
    /// It goes on with nothing of use, or with more rows than a sheet has.
    Endless,
}
