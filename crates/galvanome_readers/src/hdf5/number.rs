//! Numbers of any width and order of bytes, as the format describes them bit by bit.

use galvanome_model::slabs::{VoxelKind, Voxels};

use crate::volume::Voxel;

/// Which byte of a number stands first.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Order {
    /// The low one.
    LowFirst,
    /// The high one.
    HighFirst,
}

/// A whole number of up to eight bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Integer {
    pub(super) size: usize,
    pub(super) order: Order,
    pub(super) signed: bool,
    /// The lowest bit that counts.
    pub(super) offset: u32,
    /// How many bits count.
    pub(super) precision: u32,
}

/// A float of up to eight bytes whose leading bit is implied, as IEEE 754 has it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Float {
    pub(super) size: usize,
    pub(super) order: Order,
    pub(super) sign_at: u32,
    pub(super) exponent_at: u32,
    pub(super) exponent_bits: u32,
    pub(super) mantissa_at: u32,
    pub(super) mantissa_bits: u32,
    pub(super) bias: u32,
}

/// How a number is stored.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Number {
    /// As processors have it.
    Plain(Voxel),
    /// Any other whole number.
    Integer(Integer),
    /// Any other float.
    Float(Float),
}

impl Number {
    /// A whole number in the simplest way.
    pub(super) fn integer(of: Integer) -> Self {
        use Order::{HighFirst, LowFirst};
        if of.offset != 0 || of.precision != 8 * of.size as u32 {
            return Self::Integer(of);
        }
        Self::Plain(match (of.size, of.signed, of.order) {
            (1, false, _) => Voxel::U8,
            (1, true, _) => Voxel::I8,
            (2, false, LowFirst) => Voxel::U16Le,
            (2, false, HighFirst) => Voxel::U16Be,
            (2, true, LowFirst) => Voxel::I16Le,
            (2, true, HighFirst) => Voxel::I16Be,
            (4, false, LowFirst) => Voxel::U32Le,
            (4, false, HighFirst) => Voxel::U32Be,
            (4, true, LowFirst) => Voxel::I32Le,
            (4, true, HighFirst) => Voxel::I32Be,
            _ => return Self::Integer(of),
        })
    }

    /// A float in the simplest way.
    pub(super) fn float(of: Float) -> Self {
        let is = |size, sign, exponent: (u32, u32), mantissa_bits, bias| {
            of.size == size
                && of.sign_at == sign
                && (of.exponent_at, of.exponent_bits) == exponent
                && (of.mantissa_at, of.mantissa_bits) == (0, mantissa_bits)
                && of.bias == bias
        };
        if is(4, 31, (23, 8), 23, 127) {
            Self::Plain(if of.order == Order::LowFirst { Voxel::F32Le } else { Voxel::F32Be })
        } else if is(8, 63, (52, 11), 52, 1023) {
            Self::Plain(if of.order == Order::LowFirst { Voxel::F64Le } else { Voxel::F64Be })
        } else {
            Self::Float(of)
        }
    }

    /// Bytes of one number.
    pub(super) fn size(&self) -> usize {
        match self {
            Self::Plain(voxel) => voxel.bytes(),
            Self::Integer(integer) => integer.size,
            Self::Float(float) => float.size,
        }
    }

    /// What it is held in. Only whole numbers beyond 2⁵³ are not held exactly.
    pub(super) fn kind(&self) -> VoxelKind {
        match self {
            Self::Plain(voxel) => voxel.kind(),
            Self::Integer(_) | Self::Float(_) => VoxelKind::F64,
        }
    }

    /// Whether it may be a whole number that no double holds.
    pub(super) fn may_be_rounded(&self) -> bool {
        matches!(self, Self::Integer(integer) if integer.precision > 53)
    }

    /// Whether it is a whole number.
    pub(super) fn is_whole(&self) -> bool {
        match self {
            Self::Plain(voxel) => {
                !matches!(voxel, Voxel::F32Le | Voxel::F32Be | Voxel::F64Le | Voxel::F64Be)
            }
            Self::Integer(_) => true,
            Self::Float(_) => false,
        }
    }

    /// Adds the numbers that bytes hold to some of its own kind. A rest too short for one is left.
    pub(super) fn decode(&self, bytes: &[u8], into: &mut Voxels) {
        let each = |of: &dyn Fn(&[u8]) -> f64, size: usize, into: &mut Voxels| {
            if let Voxels::F64(into) = into {
                into.extend(bytes.chunks_exact(size).map(of));
            }
        };
        match self {
            Self::Plain(voxel) => voxel.decode(bytes, into),
            Self::Integer(integer) => each(&|one| integer.value(one) as f64, integer.size, into),
            Self::Float(float) => each(&|one| float.value(one), float.size, into),
        }
    }

    /// The number that bytes hold, as a double.
    pub(super) fn value(&self, bytes: &[u8]) -> Option<f64> {
        let mut one = Voxels::new(self.kind());
        self.decode(bytes.get(..self.size())?, &mut one);
        one.to_f64().first().copied()
    }

    /// The whole number that bytes hold, exactly; none of a float.
    pub(super) fn whole(&self, bytes: &[u8]) -> Option<i128> {
        match self {
            Self::Integer(integer) => Some(integer.value(bytes.get(..integer.size)?)),
            Self::Plain(_) if self.is_whole() => self.value(bytes).map(|value| value as i128),
            _ => None,
        }
    }
}

fn bits(bytes: &[u8], order: Order) -> u64 {
    let take = |number: u64, byte: &u8| number << 8 | u64::from(*byte);
    match order {
        Order::LowFirst => bytes.iter().rev().fold(0, take),
        Order::HighFirst => bytes.iter().fold(0, take),
    }
}

fn part(bits: u64, at: u32, count: u32) -> u64 {
    bits >> at & u64::MAX >> (64 - count)
}

impl Integer {
    fn value(&self, bytes: &[u8]) -> i128 {
        let value = part(bits(bytes, self.order), self.offset, self.precision);
        if self.signed && value >> (self.precision - 1) == 1 {
            i128::from(value) - (1 << self.precision)
        } else {
            i128::from(value)
        }
    }
}

impl Float {
    fn value(&self, bytes: &[u8]) -> f64 {
        let bits = bits(bytes, self.order);
        let exponent = part(bits, self.exponent_at, self.exponent_bits);
        let mantissa = part(bits, self.mantissa_at, self.mantissa_bits);
        // A double has at least as many bits of both, so nothing is rounded: what is below its normal numbers is made by
        // multiplying with a power of two.
        let fraction = mantissa as f64 / (1_u64 << self.mantissa_bits) as f64;
        let bias = i64::from(self.bias);
        let value = if exponent == u64::MAX >> (64 - self.exponent_bits) {
            if mantissa == 0 { f64::INFINITY } else { f64::NAN }
        } else if exponent == 0 {
            fraction * 2_f64.powi((1 - bias) as i32)
        } else {
            (1.0 + fraction) * 2_f64.powi((exponent.cast_signed() - bias) as i32)
        };
        if part(bits, self.sign_at, 1) == 1 { -value } else { value }
    }
}

#[cfg(test)]
mod tests {
    use super::Order::{HighFirst, LowFirst};
    use super::*;

    #[test]
    fn halves() {
        let half = Float {
            size: 2,
            order: Order::LowFirst,
            sign_at: 15,
            exponent_at: 10,
            exponent_bits: 5,
            mantissa_at: 0,
            mantissa_bits: 10,
            bias: 15,
        };
        let check = |bits: u16, expected: f64| {
            assert_eq!(Number::float(half).value(&bits.to_le_bytes()), Some(expected));
        };
        check(0x3C00, 1.0);
        check(0xC000, -2.0);
        check(0x7BFF, 65504.0);
        check(0x0001, 2_f64.powi(-24));
        check(0x7C00, f64::INFINITY);
    }

    #[test]
    fn whole_numbers() {
        let check = |size, order, signed, (offset, precision), bytes: &[u8], expected: i128| {
            let of = Number::integer(Integer { size, order, signed, offset, precision });
            assert_eq!(of.whole(bytes), Some(expected), "{of:?}");
            assert_eq!(of.value(bytes), Some(expected as f64), "{of:?}");
        };
        check(8, LowFirst, false, (0, 64), &[0xFF; 8], i128::from(u64::MAX));
        check(8, HighFirst, true, (0, 64), &(-5_i64).to_be_bytes(), -5);
        check(3, HighFirst, false, (0, 24), &[1, 0, 2], 0x1_0002);
        check(2, LowFirst, true, (4, 12), &[0xF7, 0xFF], -1);
        check(4, HighFirst, true, (0, 32), &(-7_i32).to_be_bytes(), -7);
    }
}
