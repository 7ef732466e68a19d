//! Numbers of any width in bits: runs of equal ones beside packed ones, and differences. What lies beyond the bytes
//! is not there. Source: Apache Parquet format 2.11, `Encodings.md`.

/// The number of `width` bits (at most 64) that begins at a bit.
fn bits(bytes: &[u8], bit: u64, width: u32) -> Option<u64> {
    if width == 0 {
        return Some(0);
    }
    let at = usize::try_from(bit / 8).ok()?;
    let shift = (bit % 8) as u32;
    let mask = u64::MAX >> (64 - width);
    let word = bytes.get(at..at.checked_add(8)?).and_then(|word| word.try_into().ok());
    if let Some(word) = word.filter(|_| shift + width <= 64) {
        return Some((u64::from_le_bytes(word) >> shift) & mask);
    }
    let needed = (shift + width).div_ceil(8) as usize;
    let all = bytes.get(at..at.checked_add(needed)?)?;
    let wide = all.iter().rev().fold(0_u128, |wide, &byte| wide << 8 | u128::from(byte));
    Some((wide >> shift) as u64 & mask)
}

fn unsigned(bytes: &[u8], at: &mut usize) -> Option<u64> {
    let mut value = 0;
    for shift in (0..64).step_by(7) {
        let byte = *bytes.get(*at)?;
        *at += 1;
        value |= u64::from(byte & 0x7F) << shift;
        if byte & 0x80 == 0 {
            return Some(value);
        }
    }
    None
}

fn signed(bytes: &[u8], at: &mut usize) -> Option<i64> {
    let value = unsigned(bytes, at)?;
    Some((value >> 1).cast_signed() ^ -(value & 1).cast_signed())
}

/// Runs of equal numbers and groups of packed ones, in turn.
#[derive(Debug)]
pub(super) struct Hybrid {
    at: usize,
    end: usize,
    width: u32,
    run: Run,
}

#[derive(Debug, Clone, Copy)]
enum Run {
    Same { value: u32, left: u64 },
    Packed { bit: u64, left: u64 },
}

impl Hybrid {
    /// Numbers of `width` bits that stand from byte `at` to byte `end`. None when they are wider than 32 bits.
    pub(super) fn new(at: usize, end: usize, width: u32) -> Option<Self> {
        (width <= 32).then_some(Self { at, end, width, run: Run::Same { value: 0, left: 0 } })
    }

    /// Gives the next `count` numbers to `take`, each with how often it stands there on end. Gives how many there
    /// were.
    pub(super) fn take(
        &mut self,
        bytes: &[u8],
        count: usize,
        mut take: impl FnMut(u32, usize),
    ) -> usize {
        let bytes = bytes.get(..self.end).unwrap_or(bytes);
        let mut taken = 0;
        while taken < count {
            let want = (count - taken) as u64;
            match &mut self.run {
                Run::Same { left: 0, .. } | Run::Packed { left: 0, .. } => {
                    let Some(run) = self.next_run(bytes) else { break };
                    self.run = run;
                }
                Run::Same { value, left } => {
                    let some = want.min(*left);
                    *left -= some;
                    take(*value, some as usize);
                    taken += some as usize;
                }
                Run::Packed { bit, left } => {
                    let some = want.min(*left);
                    let (mut got, mut same, mut value) = (0, 0, 0);
                    while got < some {
                        let Some(next) = bits(bytes, *bit, self.width) else { break };
                        if next as u32 != value && same > 0 {
                            take(value, same);
                            same = 0;
                        }
                        value = next as u32;
                        same += 1;
                        *bit += u64::from(self.width);
                        got += 1;
                    }
                    if same > 0 {
                        take(value, same);
                    }
                    taken += got as usize;
                    *left -= got;
                    if got < some {
                        break;
                    }
                }
            }
        }
        taken
    }

    /// Whether the run at hand is the last one.
    pub(super) fn is_last_run(&self) -> bool {
        self.at == self.end
    }

    fn next_run(&mut self, bytes: &[u8]) -> Option<Run> {
        let head = unsigned(bytes, &mut self.at)?;
        if head & 1 == 0 {
            let len = self.width.div_ceil(8) as usize;
            let value = bytes.get(self.at..self.at.checked_add(len)?)?;
            self.at += len;
            let value = value.iter().rev().fold(0_u32, |all, &byte| all << 8 | u32::from(byte));
            return Some(Run::Same { value, left: head >> 1 });
        }
        let groups = head >> 1;
        if self.width == 0 {
            return Some(Run::Same { value: 0, left: groups.saturating_mul(8) });
        }
        let bit = self.at as u64 * 8;
        let len = groups.saturating_mul(u64::from(self.width));
        self.at = usize::try_from(len).map_or(bytes.len(), |len| self.at.saturating_add(len));
        Some(Run::Packed { bit, left: groups.saturating_mul(8) })
    }
}

/// Integers stored as differences, in blocks that are packed as tightly as each allows.
#[derive(Debug)]
pub(super) struct Delta {
    at: usize,
    left: u64,
    minis: usize,
    /// Numbers in each miniblock.
    per_mini: u64,
    last: i64,
    is_first: bool,
    /// Where the widths of this block stand, and which of them is the next one's.
    widths: usize,
    next_mini: usize,
    least: i64,
    mini_left: u64,
    bit: u64,
    width: u32,
}

impl Delta {
    /// Reads the head of such integers at a byte.
    pub(super) fn new(bytes: &[u8], mut at: usize) -> Option<Self> {
        let block = unsigned(bytes, &mut at)?;
        let minis = usize::try_from(unsigned(bytes, &mut at)?).ok().filter(|&minis| minis > 0)?;
        let left = unsigned(bytes, &mut at)?;
        let last = signed(bytes, &mut at)?;
        let per_mini = block / minis as u64;
        if per_mini == 0
            || !per_mini.is_multiple_of(8)
            || per_mini.checked_mul(minis as u64) != Some(block)
        {
            return None;
        }
        Some(Self {
            at,
            left,
            minis,
            per_mini,
            last,
            is_first: true,
            widths: 0,
            next_mini: minis,
            least: 0,
            mini_left: 0,
            bit: 0,
            width: 0,
        })
    }

    /// The next integer.
    pub(super) fn next(&mut self, bytes: &[u8]) -> Option<i64> {
        self.left = self.left.checked_sub(1)?;
        if self.is_first {
            self.is_first = false;
            return Some(self.last);
        }
        if self.mini_left == 0 {
            self.begin_mini(bytes)?;
        }
        let delta = bits(bytes, self.bit, self.width)?;
        self.bit += u64::from(self.width);
        self.mini_left -= 1;
        self.last = self.last.wrapping_add(self.least).wrapping_add(delta.cast_signed());
        Some(self.last)
    }

    fn begin_mini(&mut self, bytes: &[u8]) -> Option<()> {
        if self.next_mini == self.minis {
            self.least = signed(bytes, &mut self.at)?;
            self.widths = self.at;
            self.at = self.at.checked_add(self.minis)?;
            self.next_mini = 0;
        }
        self.width = u32::from(*bytes.get(self.widths + self.next_mini)?);
        if self.width > 64 {
            return None;
        }
        self.next_mini += 1;
        self.bit = (self.at as u64).checked_mul(8)?;
        let len = (self.per_mini / 8).checked_mul(u64::from(self.width))?;
        self.at = self.at.checked_add(usize::try_from(len).ok()?)?;
        self.mini_left = self.per_mini;
        Some(())
    }

    /// The byte behind the last integer. No integer may have been taken before.
    pub(super) fn end(&self, bytes: &[u8]) -> Option<usize> {
        let mut ahead = Self { ..*self };
        let mut left = self.left.saturating_sub(1);
        while left > 0 {
            ahead.begin_mini(bytes)?;
            left = left.saturating_sub(self.per_mini);
        }
        Some(ahead.at)
    }
}
