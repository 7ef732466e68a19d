//! The least and the greatest of every so many rows, so that any window of a long column is told from few of them.

/// Rows that one node of each level stands for. The lowest level lies beside the values, the others at the end.
pub(super) const LEVELS: [u64; 3] = [256, 4096, 65_536];

/// Bytes of a node in the file.
pub(super) const NODE_BYTES: usize = 32;

/// The least and the greatest of some rows, and which rows these are. Values that are missing do not count.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Node {
    /// The least value; infinite when every value is missing.
    pub(super) min: f64,
    /// The greatest; minus infinity when every value is missing.
    pub(super) max: f64,
    /// The first row that has the least.
    pub(super) min_row: u64,
    /// The first row that has the greatest.
    pub(super) max_row: u64,
}

impl Node {
    /// Of no rows.
    pub(super) const EMPTY: Self =
        Self { min: f64::INFINITY, max: f64::NEG_INFINITY, min_row: 0, max_row: 0 };

    /// Whether it has no value.
    pub(super) fn is_empty(&self) -> bool {
        self.min > self.max
    }

    /// Takes a value in.
    pub(super) fn take(&mut self, row: u64, value: f64) {
        if value < self.min {
            (self.min, self.min_row) = (value, row);
        }
        if value > self.max {
            (self.max, self.max_row) = (value, row);
        }
    }

    /// Takes rows in that follow on its own.
    pub(super) fn join(&mut self, other: &Self) {
        if other.min < self.min {
            (self.min, self.min_row) = (other.min, other.min_row);
        }
        if other.max > self.max {
            (self.max, self.max_row) = (other.max, other.max_row);
        }
    }

    /// As bytes.
    pub(super) fn bytes(&self) -> [u8; NODE_BYTES] {
        let mut out = [0; NODE_BYTES];
        let parts = [
            self.min.to_le_bytes(),
            self.max.to_le_bytes(),
            self.min_row.to_le_bytes(),
            self.max_row.to_le_bytes(),
        ];
        for (slot, part) in out.chunks_exact_mut(8).zip(parts) {
            slot.copy_from_slice(&part);
        }
        out
    }

    /// All nodes in some bytes; a rest too short for one is left.
    pub(super) fn all_of(bytes: &[u8]) -> Vec<Self> {
        let eight = |at: usize, from: &[u8]| -> [u8; 8] {
            from.get(at..at + 8).and_then(|part| part.try_into().ok()).unwrap_or_default()
        };
        bytes
            .chunks_exact(NODE_BYTES)
            .map(|one| Self {
                min: f64::from_le_bytes(eight(0, one)),
                max: f64::from_le_bytes(eight(8, one)),
                min_row: u64::from_le_bytes(eight(16, one)),
                max_row: u64::from_le_bytes(eight(24, one)),
            })
            .collect()
    }
}

/// The nodes of one level, filled value by value.
#[derive(Debug, Clone)]
pub(super) struct Level {
    rows_per_node: u64,
    /// Those that are whole, and at last the one that is not.
    pub(super) nodes: Vec<Node>,
    rows: u64,
}

impl Level {
    /// No rows yet.
    pub(super) fn new(rows_per_node: u64) -> Self {
        Self { rows_per_node, nodes: Vec::new(), rows: 0 }
    }

    /// Takes in the node of a lower level, which stands for so many rows.
    pub(super) fn take(&mut self, node: &Node, rows: u64) {
        if self.rows.is_multiple_of(self.rows_per_node) {
            self.nodes.push(Node::EMPTY);
        }
        if let Some(last) = self.nodes.last_mut() {
            last.join(node);
        }
        self.rows += rows;
    }
}

/// Values as bytes.
pub(super) fn bytes_of(values: &[f64]) -> Vec<u8> {
    values.iter().flat_map(|value| value.to_le_bytes()).collect()
}

/// Values from bytes; a rest too short for one is left.
pub(super) fn values_of(bytes: &[u8]) -> Vec<f64> {
    bytes
        .chunks_exact(8)
        .map(|eight| f64::from_le_bytes(eight.try_into().unwrap_or_default()))
        .collect()
}
