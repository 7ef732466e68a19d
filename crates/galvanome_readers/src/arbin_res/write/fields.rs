//! One row in bytes.

use super::super::definition::Holds;
use super::super::pages::Jet;

/// A value of a row.
#[derive(Debug, Clone)]
pub(super) enum Cell {
    Missing,
    Number(f64),
    Text(String),
    /// Bytes as they stand in the row: the head of a long value.
    Bytes(Vec<u8>),
}

/// Bytes of a column of fixed length; none for others.
pub(super) fn fixed_len(holds: Holds) -> Option<usize> {
    match holds {
        Holds::Bool => Some(0),
        Holds::Byte => Some(1),
        Holds::Int => Some(2),
        Holds::Long | Holds::Float => Some(4),
        Holds::Money | Holds::Double | Holds::Date => Some(8),
        Holds::Numeric(_) => Some(17),
        Holds::Text | Holds::Memo | Holds::Other => None,
    }
}

/// A number in the bytes of a column.
fn fixed(holds: Holds, value: f64) -> Vec<u8> {
    match holds {
        Holds::Byte => vec![value as u8],
        Holds::Int => (value as i16).to_le_bytes().to_vec(),
        Holds::Long => (value as i32).to_le_bytes().to_vec(),
        Holds::Float => (value as f32).to_le_bytes().to_vec(),
        Holds::Money => ((value * 1e4).round() as i64).to_le_bytes().to_vec(),
        Holds::Double | Holds::Date => value.to_le_bytes().to_vec(),
        Holds::Numeric(scale) => {
            let size = (value.abs() * 10_f64.powi(i32::from(scale))).round() as u128;
            let mut bytes = vec![if value < 0.0 { 0x80 } else { 0 }];
            for word in [96, 64, 32, 0] {
                bytes.extend(((size >> word) as u32).to_le_bytes());
            }
            bytes
        }
        Holds::Bool | Holds::Text | Holds::Memo | Holds::Other => Vec::new(),
    }
}

/// A row in bytes; its columns are numbered by their order, and texts are encoded by `text`.
pub(super) fn row(
    jet: Jet,
    columns: &[(String, Holds)],
    cells: &[Cell],
    text: &dyn Fn(&str) -> Vec<u8>,
) -> Vec<u8> {
    let count = columns.len();
    let mut bytes = match jet {
        Jet::Three => vec![count as u8],
        Jet::Four => (count as u16).to_le_bytes().to_vec(),
    };
    let mut mask = vec![0_u8; count.div_ceil(8)];
    let mut lists = Vec::new();
    for (place, ((_, holds), cell)) in columns.iter().zip(cells).enumerate() {
        let there = match (holds, cell) {
            (Holds::Bool, Cell::Number(number)) => *number != 0.0,
            (Holds::Bool, _) | (_, Cell::Missing) => false,
            _ => true,
        };
        if let Some(byte) = mask.get_mut(place / 8).filter(|_| there) {
            *byte |= 1 << (place % 8);
        }
        match (fixed_len(*holds), cell) {
            (Some(_), Cell::Number(value)) => bytes.extend(fixed(*holds, *value)),
            (Some(len), _) => bytes.resize(bytes.len() + len, 0),
            (None, Cell::Text(value)) => lists.push(text(value)),
            (None, Cell::Bytes(value)) => lists.push(value.clone()),
            (None, _) => lists.push(Vec::new()),
        }
    }
    if lists.is_empty() {
        bytes.extend(mask);
        return bytes;
    }
    let mut places = vec![bytes.len()];
    for list in &lists {
        bytes.extend(list);
        places.push(bytes.len());
    }
    match jet {
        Jet::Four => {
            for place in places.iter().rev() {
                bytes.extend((*place as u16).to_le_bytes());
            }
            bytes.extend((lists.len() as u16).to_le_bytes());
        }
        Jet::Three => {
            bytes.extend(places.iter().rev().map(|place| *place as u8));
            // The list of jumps counts towards the length that it is made for.
            let bare = bytes.len() + 1 + mask.len();
            let mut jumps = 0;
            while (bare + jumps - 1) / 256 > jumps {
                jumps += 1;
            }
            for jump in (1..=jumps).rev() {
                let from = places.iter().position(|place| *place >= 256 * jump);
                bytes.push(from.map_or(0xFF, |from| from as u8));
            }
            bytes.push(lists.len() as u8);
        }
    }
    bytes.extend(mask);
    bytes
}
