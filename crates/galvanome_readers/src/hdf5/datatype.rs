//! Datatypes: what one value is (specification IV.A.2.d).

use super::cursor::Cursor;
use super::number::{Float, Integer, Number, Order};
use super::trouble::Trouble;

/// How deep types may hold types.
const DEPTH_MAX: usize = 16;

/// What one value is, and how many bytes it takes.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Datatype {
    /// Bytes of one value; at least 1.
    pub(super) size: usize,
    /// What it is.
    pub(super) kind: Kind,
}

/// What a value is.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Kind {
    /// A number.
    Number(Number),
    /// A whole number that stands for a name.
    Enumeration(Number, Vec<(String, i128)>),
    /// Text in place; with `true` the blanks at its end do not belong to it.
    FixedText(bool),
    /// Text in the file's heap.
    HeapText,
    /// Members side by side.
    Compound(Vec<Member>),
    /// Several values of one type.
    Array(Vec<u64>, Box<Datatype>),
    /// Something that no number or text can be made of, by its name.
    Other(&'static str),
}

/// A member of a compound.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Member {
    /// Its name.
    pub(super) name: String,
    /// Where it begins in the compound.
    pub(super) offset: usize,
    /// What it is.
    pub(super) of: Datatype,
}

impl Datatype {
    /// How its numbers are stored, if it is one.
    pub(super) fn number(&self) -> Option<&Number> {
        match &self.kind {
            Kind::Number(number) | Kind::Enumeration(number, _) => Some(number),
            _ => None,
        }
    }

    /// Whether it is text.
    pub(super) fn is_text(&self) -> bool {
        matches!(self.kind, Kind::FixedText(_) | Kind::HeapText)
    }
}

/// Reads the content of a message.
pub(super) fn read(cursor: &mut Cursor) -> Result<Datatype, Trouble> {
    nested(cursor, 0)
}

fn nested(cursor: &mut Cursor, depth: usize) -> Result<Datatype, Trouble> {
    let byte = cursor.byte();
    let head = cursor.u8()?;
    let (version, class) = (head >> 4, head & 0xF);
    let bits = cursor.uint(3)? as u32;
    let size = cursor.u32()? as usize;
    if size == 0 || depth > DEPTH_MAX {
        return Err(Trouble::damaged("a datatype makes no sense", byte));
    }
    if !(1..=5).contains(&version) {
        return Err(Trouble::refused(format!("version {version} of a datatype")));
    }
    let kind = match class {
        0 | 4 => Kind::Number(integer(cursor, size, bits, class == 0 && bits & 8 != 0)?),
        1 => float(cursor, size, bits)?,
        2 => {
            cursor.skip(2)?;
            Kind::Other("a time")
        }
        3 => Kind::FixedText(bits & 0xF == 2),
        5 => {
            cursor.skip((bits as usize & 0xFF).next_multiple_of(8).min(cursor.left()))?;
            Kind::Other("opaque bytes")
        }
        6 => compound(cursor, version, bits & 0xFFFF, size, depth)?,
        7 => Kind::Other("a reference"),
        8 => enumeration(cursor, version, bits & 0xFFFF, size, depth)?,
        9 => {
            nested(cursor, depth + 1)?;
            if bits & 0xF == 1 { Kind::HeapText } else { Kind::Other("lists of different lengths") }
        }
        10 => array(cursor, version, size, depth)?,
        other => return Err(Trouble::refused(format!("a datatype of class {other}"))),
    };
    Ok(Datatype { size, kind })
}

fn order(bits: u32) -> Order {
    if bits & 1 == 0 { Order::LowFirst } else { Order::HighFirst }
}

fn integer(cursor: &mut Cursor, size: usize, bits: u32, signed: bool) -> Result<Number, Trouble> {
    let byte = cursor.byte();
    let (offset, precision) = (u32::from(cursor.u16()?), u32::from(cursor.u16()?));
    if size > 8 {
        return Err(Trouble::refused(format!("a whole number of {size} bytes")));
    }
    if precision == 0 || u64::from(offset + precision) > 8 * size as u64 {
        return Err(Trouble::damaged("a datatype makes no sense", byte));
    }
    Ok(Number::integer(Integer { size, order: order(bits), signed, offset, precision }))
}

fn float(cursor: &mut Cursor, size: usize, bits: u32) -> Result<Kind, Trouble> {
    let byte = cursor.byte();
    let offset = u32::from(cursor.u16()?);
    let precision = u32::from(cursor.u16()?);
    let mut one = || cursor.u8().map(u32::from);
    let (exponent_at, exponent_bits, mantissa_at, mantissa_bits) = (one()?, one()?, one()?, one()?);
    let bias = cursor.u32()?;
    let sign_at = bits >> 8 & 0xFF;
    if bits & 0x41 == 0x41 {
        return Ok(Kind::Other("a float of a VAX"));
    }
    let float = Float {
        size,
        order: order(bits),
        sign_at,
        exponent_at,
        exponent_bits,
        mantissa_at,
        mantissa_bits,
        bias,
    };
    let all = u32::try_from(8 * size as u64).unwrap_or(u32::MAX);
    if offset + precision > all {
        return Err(Trouble::damaged("a datatype makes no sense", byte));
    }
    // Implied leading bit, everything within eight bytes, and nothing that a double does not hold.
    let holds = bits >> 4 & 3 == 2
        && size <= 8
        && sign_at < all
        && (1..=11).contains(&exponent_bits)
        && (1..=52).contains(&mantissa_bits)
        && exponent_at + exponent_bits <= all
        && mantissa_at + mantissa_bits <= all
        && bias <= 1023;
    Ok(if holds { Kind::Number(Number::float(float)) } else { Kind::Other("an unusual float") })
}

fn compound(
    cursor: &mut Cursor,
    version: u8,
    count: u32,
    size: usize,
    depth: usize,
) -> Result<Kind, Trouble> {
    let mut members = Vec::new();
    for _ in 0..count {
        let byte = cursor.byte();
        let name = cursor.text(version < 3)?;
        let offset = if version < 3 { 4 } else { super::file::bytes_for(size as u64) };
        let offset = cursor.uint(offset)? as usize;
        let mut dims = Vec::new();
        if version == 1 {
            let rank = usize::from(cursor.u8()?);
            cursor.skip(11)?;
            let all: Result<Vec<u64>, Trouble> =
                (0..4).map(|_| cursor.u32().map(u64::from)).collect();
            dims = all?;
            dims.truncate(rank);
        }
        let mut of = nested(cursor, depth + 1)?;
        if !dims.is_empty() {
            of = array_of(dims, of, byte)?;
        }
        if offset.checked_add(of.size).is_none_or(|end| end > size) {
            return Err(Trouble::damaged("a member stands outside of its compound", byte));
        }
        members.push(Member { name, offset, of });
    }
    Ok(Kind::Compound(members))
}

fn array_of(dims: Vec<u64>, of: Datatype, byte: u64) -> Result<Datatype, Trouble> {
    let size = dims.iter().try_fold(of.size as u64, |size, &side| size.checked_mul(side));
    match size.filter(|&size| size > 0 && size < 1 << 32) {
        Some(size) => Ok(Datatype { size: size as usize, kind: Kind::Array(dims, Box::new(of)) }),
        None => Err(Trouble::damaged("an array makes no sense", byte)),
    }
}

fn enumeration(
    cursor: &mut Cursor,
    version: u8,
    count: u32,
    size: usize,
    depth: usize,
) -> Result<Kind, Trouble> {
    let byte = cursor.byte();
    let base = nested(cursor, depth + 1)?;
    let Kind::Number(number) = base.kind else {
        return Err(Trouble::damaged("an enumeration is not of whole numbers", byte));
    };
    if base.size != size {
        return Err(Trouble::damaged("an enumeration makes no sense", byte));
    }
    let names: Result<Vec<String>, Trouble> =
        (0..count).map(|_| cursor.text(version < 3)).collect();
    let mut named = Vec::new();
    for name in names? {
        named.push((name, number.whole(cursor.take(size)?).unwrap_or(0)));
    }
    Ok(Kind::Enumeration(number, named))
}

fn array(cursor: &mut Cursor, version: u8, size: usize, depth: usize) -> Result<Kind, Trouble> {
    let byte = cursor.byte();
    let rank = usize::from(cursor.u8()?);
    cursor.skip(if version < 3 { 3 } else { 0 })?;
    let dims: Result<Vec<u64>, Trouble> = (0..rank).map(|_| cursor.u32().map(u64::from)).collect();
    let dims = dims?;
    cursor.skip(if version < 3 { 4 * rank } else { 0 })?;
    let of = nested(cursor, depth + 1)?;
    let whole = array_of(dims, of, byte)?;
    if whole.size == size {
        Ok(whole.kind)
    } else {
        Err(Trouble::damaged("an array makes no sense", byte))
    }
}
