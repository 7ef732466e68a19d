//! Property sets: names and values, nested in each other.
//!
//! An item is a letter for its type, a byte of flags, the number of its key, and its value. Keys from 32,768 on have names
//! that the set itself, or one around it, gives (type `k`), before or behind their use; the others mean the same everywhere.

use std::borrow::Cow;
use std::collections::HashMap;

use crate::le::{f32_at, i16_at, i32_at, i64_at, u16_at, u32_at, u64_at};

/// Values of a list that are told.
const LIST_MAX: usize = 16;
/// Sets inside sets.
const DEPTH_MAX: usize = 16;
/// Flags of an item.
const ARRAY: u8 = 0x80;
const PACKED: u8 = 0x40;

/// Keys that mean the same everywhere.
const KEYS: [(u16, &str); 53] = [
    (1, "WiRE2 Version"),
    (2, "ErrorCode"),
    (3, "CreationTime"),
    (4, "StartTime"),
    (5, "EndTime"),
    (6, "ETA"),
    (7, "wizardclsid"),
    (8, "ExpectedDatasetCount"),
    (9, "AcquisitionCount"),
    (10, "NumberOfPoints"),
    (11, "FileHandlerVersion"),
    (12, "autoSaveInterval"),
    (13, "MeasurementType"),
    (14, "responseCalibration"),
    (15, "restoreInstrumentState"),
    (16, "closeLaserShutter"),
    (17, "FocusTrackEnabled"),
    (18, "FocusTrackInterval"),
    (19, "LineFocusMode"),
    (20, "yStepSize"),
    (201, "DepthSeriesInterval"),
    (202, "DepthSeriesStartPos"),
    (203, "DepthSeriesFinalPos"),
    (301, "ScanCompletionStatus"),
    (302, "usingPixelIntensityVariationFunction"),
    (401, "Results"),
    (402, "Property"),
    (403, "Properties"),
    (410, "Data"),
    (411, "Label"),
    (412, "MapType"),
    (430, "Operator"),
    (431, "Time"),
    (432, "Version"),
    (1001, "Name"),
    (1002, "Description"),
    (1003, "Language"),
    (1004, "Code"),
    (1005, "Status"),
    (1006, "System"),
    (1007, "DataFileFormat"),
    (1008, "DataSaveMode"),
    (1009, "DataSaveFile"),
    (1010, "Result"),
    (1011, "NamedItems"),
    (1012, "Image"),
    (1013, "AreaKey"),
    (1014, "InstrumentState"),
    (1015, "Laser Name"),
    (1018, "Grating Name"),
    (1020, "Camera"),
    (1021, "Instrument"),
    (1023, "Objective name"),
];

/// A value.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Value<'a> {
    Truth(bool),
    Whole(i64),
    Number(f64),
    /// Windows' time.
    Time(u64),
    Text(Cow<'a, str>),
    /// So many bytes that are not told.
    Bytes(usize),
    List(Vec<Value<'a>>, usize),
}

/// What is done with each item: its path, and its value. False ends the reading.
pub(super) type Visit<'v> = dyn FnMut(&[Cow<'_, str>], &Value<'_>) -> bool + 'v;

/// Walks over the items of a set, behind its mark and length. False when it is cut, or not written as sets are, or `visit`
/// ended it.
pub(super) fn walk(bytes: &[u8], visit: &mut Visit<'_>) -> bool {
    Walk { names: Vec::new(), path: Vec::new() }.set(bytes, visit)
}

struct Walk<'a> {
    /// Names that the set at hand, and those around it, give to keys.
    names: Vec<HashMap<u16, &'a [u8]>>,
    path: Vec<Cow<'a, str>>,
}

/// An item as it lies there.
struct Item<'a> {
    kind: u8,
    flags: u8,
    key: u16,
    count: usize,
    /// Its value, or values.
    body: &'a [u8],
}

impl<'a> Walk<'a> {
    fn set(&mut self, bytes: &'a [u8], visit: &mut Visit<'_>) -> bool {
        if self.names.len() >= DEPTH_MAX {
            return true;
        }
        let mut named = HashMap::new();
        let mut rest = bytes;
        while let Some(item) = next(&mut rest) {
            if item.kind == b'k' {
                named.insert(item.key, item.body.get(4..).unwrap_or_default());
            }
        }
        let mut whole = rest.is_empty();
        self.names.push(named);
        let mut rest = bytes;
        while let Some(item) = next(&mut rest) {
            if item.kind == b'k' {
                continue;
            }
            self.path.push(self.name(item.key));
            let went_on = if item.kind == b'p' {
                self.set(item.body.get(4..).unwrap_or_default(), visit)
            } else {
                visit(&self.path, &value(&item))
            };
            self.path.pop();
            if !went_on {
                whole = false;
                break;
            }
        }
        self.names.pop();
        whole
    }

    fn name(&self, key: u16) -> Cow<'a, str> {
        if let Some(&(_, name)) = KEYS.iter().find(|(known, _)| *known == key) {
            return Cow::Borrowed(name);
        }
        let named = self.names.iter().rev().find_map(|names| names.get(&key));
        match named {
            Some(name) => String::from_utf8_lossy(name.get(..name.len().min(128)).unwrap_or(name)),
            None => Cow::Owned(format!("key {key}")),
        }
    }
}

/// Bytes of one value of a type; none where a length comes before it.
fn size(kind: u8) -> Option<usize> {
    match kind {
        b'?' | b'c' => Some(1),
        b's' => Some(2),
        b'i' | b'r' => Some(4),
        b'w' | b'q' | b't' => Some(8),
        _ => None,
    }
}

/// The next item; none at the end, and where what follows is none.
fn next<'a>(rest: &mut &'a [u8]) -> Option<Item<'a>> {
    let bytes = *rest;
    let (kind, flags) = (*bytes.first()?, *bytes.get(1)?);
    let key = u16_at(bytes.get(..4)?, 2);
    let mut at = 4_usize;
    let mut count = 1;
    if flags & ARRAY != 0 {
        count = u32_at(bytes.get(..8)?, 4) as usize;
        at = 8;
    }
    let len = match (size(kind), kind) {
        (Some(size), _) => size.checked_mul(count)?,
        (None, b'u' | b'b' | b'k' | b'p') => {
            let mut len = 0_usize;
            for _ in 0..count {
                let from = at.checked_add(len)?;
                let one = u32_at(bytes.get(from..from.checked_add(4)?)?, 0) as usize;
                len = len.checked_add(4)?.checked_add(one)?;
            }
            len
        }
        _ => return None,
    };
    let end = at.checked_add(len)?;
    let body = bytes.get(at..end)?;
    *rest = bytes.get(end..)?;
    Some(Item { kind, flags, key, count, body })
}

fn value<'a>(item: &Item<'a>) -> Value<'a> {
    let &Item { kind, flags, count, body, .. } = item;
    let Some(size) = size(kind) else {
        // A list of texts, of which the first is told.
        let len = u32_at(body, 0) as usize;
        let text = body.get(4..).and_then(|rest| rest.get(..len)).unwrap_or_default();
        return match kind {
            b'u' if flags & PACKED == 0 => Value::Text(String::from_utf8_lossy(text)),
            _ => Value::Bytes(body.len().saturating_sub(4)),
        };
    };
    let at = |place: usize| match kind {
        b'?' => Value::Truth(body.get(place).is_some_and(|byte| *byte != 0)),
        b'c' => Value::Whole(body.get(place).map_or(0, |byte| i64::from(byte.cast_signed()))),
        b's' => Value::Whole(i16_at(body, place).into()),
        b'i' => Value::Whole(i32_at(body, place).into()),
        b'w' => Value::Whole(i64_at(body, place)),
        b'r' => Value::Number(f32_at(body, place)),
        b'q' => Value::Number(f64::from_bits(u64_at(body, place))),
        _ => Value::Time(u64_at(body, place)),
    };
    if count == 1 {
        return at(0);
    }
    Value::List((0..count.min(LIST_MAX)).map(|place| at(place * size)).collect(), count)
}
