//! Values counted, slab by slab.

use super::threads;

/// The smallest and largest of the values given so far: the first pass before a histogram of real numbers.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Extent {
    /// Smallest and largest finite value; none before the first.
    pub range: Option<(f64, f64)>,
    /// How many values were finite.
    pub finite: u64,
    /// How many were not a number or infinite, and left out.
    pub left_out: u64,
}

impl Extent {
    /// Takes in more values.
    pub fn add<T: Copy + Into<f64>>(&mut self, values: &[T]) {
        for value in values {
            let value: f64 = (*value).into();
            if value.is_finite() {
                self.finite += 1;
                let (low, high) = self.range.unwrap_or((value, value));
                self.range = Some((low.min(value), high.max(value)));
            } else {
                self.left_out += 1;
            }
        }
    }
}

/// How many values lie in each of a row of bins of one width.
#[derive(Debug, Clone, PartialEq)]
pub struct Histogram {
    counts: Vec<u64>,
    low: f64,
    high: f64,
    left_out: u64,
    /// Whether each bin is one whole number.
    is_exact: bool,
}

/// Values counted by one thread at a time; far below what overflows the counters of 32 bits.
const BLOCK: usize = 1 << 22;

impl Histogram {
    /// A bin for each whole number from 0 to 255.
    pub fn of_bytes() -> Self {
        Self::of_numbers(256)
    }

    /// A bin for each whole number from 0 to 65,535.
    pub fn of_words() -> Self {
        Self::of_numbers(1 << 16)
    }

    fn of_numbers(many: usize) -> Self {
        Self {
            counts: vec![0; many],
            low: -0.5,
            high: many as f64 - 0.5,
            left_out: 0,
            is_exact: true,
        }
    }

    /// `bins` bins of one width from `low` to `high`, each with its lower end, the last one with both. `None` when there
    /// is no bin, or the ends are not finite or not in order. As NumPy's `histogram` with a range.
    pub fn of_range(low: f64, high: f64, bins: usize) -> Option<Self> {
        let is_range =
            low.is_finite() && high.is_finite() && low < high && (high - low).is_finite();
        (is_range && bins > 0).then(|| Self {
            counts: vec![0; bins],
            low,
            high,
            left_out: 0,
            is_exact: false,
        })
    }

    /// Takes in bytes. The result is the same for any number of threads.
    pub fn add_u8(&mut self, values: &[u8], threads: usize) {
        if !self.is_exact {
            self.add(values);
            return;
        }
        let parts = threads::map(threads, values.len().div_ceil(BLOCK), |at| {
            let from = at * BLOCK;
            count_bytes(&values[from..values.len().min(from + BLOCK)])
        });
        for part in parts {
            for (sum, one) in self.counts.iter_mut().zip(part) {
                *sum += u64::from(one);
            }
        }
    }

    /// Takes in numbers of 16 bits. The result is the same for any number of threads. Those above 255 are left out of a
    /// histogram of bytes.
    pub fn add_u16(&mut self, values: &[u16], threads: usize) {
        if !self.is_exact {
            self.add(values);
            return;
        }
        let parts = threads::map(threads, values.len().div_ceil(BLOCK), |at| {
            let from = at * BLOCK;
            let mut counts = vec![0u32; 1 << 16];
            for value in &values[from..values.len().min(from + BLOCK)] {
                counts[usize::from(*value)] += 1;
            }
            counts
        });
        for part in parts {
            for (at, one) in part.into_iter().enumerate() {
                match self.counts.get_mut(at) {
                    Some(sum) => *sum += u64::from(one),
                    None => self.left_out += u64::from(one),
                }
            }
        }
    }

    /// Takes in values of any kind. What is not a number or outside the bins is left out and counted.
    pub fn add<T: Copy + Into<f64>>(&mut self, values: &[T]) {
        let bins = self.counts.len();
        let scale = bins as f64 / (self.high - self.low);
        for value in values {
            let value: f64 = (*value).into();
            if !(value >= self.low && value <= self.high) {
                self.left_out += 1;
                continue;
            }
            let mut at = (((value - self.low) * scale) as usize).min(bins - 1);
            // The product may round a value to the wrong side of an edge.
            if value < self.edge(at) {
                at = at.saturating_sub(1);
            } else if at + 1 < bins && value >= self.edge(at + 1) {
                at += 1;
            }
            self.counts[at] += 1;
        }
    }

    /// How many values lie in each bin.
    pub fn counts(&self) -> &[u64] {
        &self.counts
    }

    /// How many values were not a number or lay outside the bins.
    pub fn left_out(&self) -> u64 {
        self.left_out
    }

    /// How many values lie in bins.
    pub fn total(&self) -> u64 {
        self.counts.iter().sum()
    }

    /// The lower end of a bin.
    fn edge(&self, bin: usize) -> f64 {
        let step = (self.high - self.low) / self.counts.len() as f64;
        (bin as f64).mul_add(step, self.low)
    }

    /// The middle of a bin; for whole numbers, the number.
    pub fn middle(&self, bin: usize) -> f64 {
        if self.is_exact { bin as f64 } else { 0.5 * (self.edge(bin) + self.edge(bin + 1)) }
    }

    /// The part of the values in bins whose middle is above `threshold`: for whole numbers exactly the part above it,
    /// a phase fraction. NaN when there are no values.
    pub fn fraction_above(&self, threshold: f64) -> f64 {
        let above: u64 = (0..self.counts.len())
            .filter(|&bin| self.middle(bin) > threshold)
            .map(|bin| self.counts[bin])
            .sum();
        above as f64 / self.total() as f64
    }

    /// Mean and variance (divisor n) of the values as if each lay in the middle of its bin, which is exact for whole
    /// numbers. `None` when there are no values.
    pub fn moments(&self) -> Option<(f64, f64)> {
        let total = self.total();
        if total == 0 {
            return None;
        }
        let weighted = |of: &dyn Fn(f64) -> f64| {
            let terms =
                (0..self.counts.len()).map(|bin| self.counts[bin] as f64 * of(self.middle(bin)));
            crate::sum::compensated(terms) / total as f64
        };
        let mean = weighted(&|value| value);
        Some((mean, weighted(&|value| (value - mean) * (value - mean))))
    }
}

/// Counts of bytes. Four tables in turn, since equal bytes one after the other would wait for each other's count.
fn count_bytes(values: &[u8]) -> Vec<u32> {
    let mut tables = [[0u32; 256]; 4];
    let (eights, rest) = values.as_chunks::<8>();
    for eight in eights {
        let word = u64::from_le_bytes(*eight);
        for (at, table) in tables.iter_mut().enumerate() {
            table[usize::from((word >> (16 * at)) as u8)] += 1;
            table[usize::from((word >> (16 * at + 8)) as u8)] += 1;
        }
    }
    for value in rest {
        tables[0][usize::from(*value)] += 1;
    }
    (0..256).map(|value| tables.iter().map(|table| table[value]).sum()).collect()
}
