//! Where the values of a row stand.
//!
//! The content of a data module is a count of rows, the numbers of the columns, and the rows, packed. How wide a
//! row is stands nowhere: it follows from the columns, and, because the count of rows and the length of the module
//! are known, from these as well. That is why a column that nobody knows need not stop the reader.

use super::bytes::{f32_at, f64_at, u8_at, u16_at, u32_at};
use super::columns::{Meaning, Stored, meaning};
use super::modules::Module;

/// Rows by which it is judged how unknown columns are stored.
pub(super) const SAMPLED: u64 = 64;

/// Bytes of a data module that hold all that stands before the rows.
pub(super) const HEAD: usize = 1007;

/// More unknown columns than this are not tried in every combination.
const MOST_UNKNOWN: usize = 6;

/// How the numbers of columns are written in a data module.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Writing {
    /// Where the count of columns stands: two bytes if the numbers begin behind them, else one.
    ids_at: usize,
    /// Bytes of a number.
    id_bytes: usize,
    /// Where the rows begin.
    pub(super) rows_at: usize,
}

/// EC-Lab before 10: bytes.
pub(super) const BYTES: Writing = Writing { ids_at: 5, id_bytes: 1, rows_at: 100 };
/// Data module 2, EC-Lab 10 and 11.0.
pub(super) const TWO: Writing = Writing { ids_at: 5, id_bytes: 2, rows_at: 405 };
/// Data module 3, EC-Lab 11.1 to 11.4.
pub(super) const THREE: Writing = Writing { ids_at: 5, id_bytes: 2, rows_at: 406 };
/// Data module 11, EC-Lab 11.50 and later.
pub(super) const WIDE: Writing = Writing { ids_at: 6, id_bytes: 2, rows_at: HEAD };

impl Writing {
    /// The ways in which a module may be written, the likeliest first.
    fn likely(module: &Module) -> [Self; 4] {
        match (module.long, module.version) {
            (true, _) => [WIDE, THREE, TWO, BYTES],
            (false, 3) => [THREE, TWO, WIDE, BYTES],
            (false, 2) => [TWO, THREE, WIDE, BYTES],
            (false, _) => [BYTES, WIDE, THREE, TWO],
        }
    }

    /// The numbers of the columns. None when they do not fit before the rows.
    fn ids(self, head: &[u8]) -> Option<Vec<u16>> {
        let count = if self.ids_at == 6 {
            usize::from(u16_at(head, 4)?)
        } else {
            usize::from(u8_at(head, 4)?)
        };
        if count == 0 || self.ids_at + count * self.id_bytes > self.rows_at {
            return None;
        }
        (0..count)
            .map(|place| match self.id_bytes {
                1 => u8_at(head, self.ids_at + place).map(u16::from),
                _ => u16_at(head, self.ids_at + 2 * place),
            })
            .collect()
    }
}

/// A column and where its value stands in a row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Place {
    /// Its number.
    pub(super) id: u16,
    /// What it is.
    pub(super) meaning: Meaning,
    /// Where its value stands, and how it is stored; none when that cannot be told.
    pub(super) at: Option<(usize, Stored)>,
    /// Whether how it is stored was concluded from the width of the rows.
    pub(super) concluded: bool,
}

/// How the rows of a data module stand.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Layout {
    /// Rows, as counted in the file.
    pub(super) counted: u64,
    /// Where the rows begin in the module.
    pub(super) rows_at: u64,
    /// Bytes of a row; none when it cannot be told, and then no row can be read.
    pub(super) width: Option<usize>,
    /// The columns, in the order of the file.
    pub(super) places: Vec<Place>,
}

impl Layout {
    /// How many whole rows there are, and how many the module should have by its length.
    pub(super) fn rows(&self, module: &Module) -> (u64, u64) {
        let Some(width) = self.width.map(|width| width as u64).filter(|&width| width > 0) else {
            return (0, 0);
        };
        let room = module.room.saturating_sub(self.rows_at);
        let counted = self.counted.checked_mul(width);
        // Where the length is wrong, the count may fit what is there exactly.
        let body =
            if counted == Some(room) { room } else { module.declared.saturating_sub(self.rows_at) };
        (body.min(room) / width, body / width)
    }
}

/// Reads the head of a data module. `sample` gives rows from all over the module when it is told where they begin
/// and how wide they are: by them it is judged how unknown columns are stored. None when no column is named.
pub(super) fn layout(
    head: &[u8],
    module: &Module,
    sample: &dyn Fn(usize, usize) -> Vec<u8>,
) -> Option<Layout> {
    let counted = u64::from(u32_at(head, 0)?);
    let likely = Writing::likely(module);
    let [likeliest, ..] = likely;
    if module.room < module.declared && module.room < likeliest.rows_at as u64 {
        // The file is cut before the first row: what is there would fit a shorter head by chance.
        return None;
    }
    let candidates = likely.into_iter().filter_map(|writing| {
        let ids = writing.ids(head)?;
        let meanings: Vec<Meaning> = ids.iter().map(|&id| meaning(id)).collect();
        let width = width_of(&meanings, counted, writing.rows_at, module);
        let strange = meanings.iter().filter(|meaning| is_strange(meaning)).count();
        // A way to read that fits the length is better than one that is merely likely.
        Some(((width.is_none(), strange), writing, ids, meanings, width))
    });
    let (_, writing, ids, meanings, fitting) = candidates.min_by_key(|candidate| candidate.0)?;
    let sample = |width: usize| sample(writing.rows_at, width);
    let (meanings, width) = match fitting {
        Some(width) => (meanings, Some(width)),
        None => unlike(meanings, counted, writing.rows_at, module, &sample),
    };
    let places = places(&ids, meanings, width, &sample);
    Some(Layout { counted, rows_at: writing.rows_at as u64, width, places })
}

/// What to make of rows whose width is not that of their columns: if it is that of the rows counted, one column
/// may be stored in another way than it is known for; the one is taken with which the rows look best. Else known
/// columns have their width all the same, and the count or the length is wrong.
fn unlike(
    meanings: Vec<Meaning>,
    counted: u64,
    rows_at: usize,
    module: &Module,
    sample: &dyn Fn(usize) -> Vec<u8>,
) -> (Vec<Meaning>, Option<usize>) {
    if !meanings.iter().all(has_width) {
        return (meanings, None);
    }
    let known = known_width(&meanings);
    let body = module.declared.saturating_sub(rows_at as u64);
    let width = body.checked_div(counted).filter(|width| width * counted == body && *width > 0);
    let width = width.and_then(|width| usize::try_from(width).ok());
    // One column more or less than it is known for is at most seven bytes.
    let Some(width) = width.filter(|width| width.abs_diff(known) < 8) else {
        return (meanings, Some(known));
    };
    let rows = sample(width);
    let rows = rows.as_slice();
    let tried = meanings.iter().enumerate().filter_map(|(place, meaning)| {
        let Meaning::Value { name, stored: Some(stored) } = meaning else { return None };
        let rest = (width + stored.bytes()).checked_sub(known)?;
        let mut other = meanings.clone();
        *other.get_mut(place)? = Meaning::Value { name: name.clone(), stored: None };
        let ways = best(&other, 1, rest, width, rows);
        let way = ways.first()?;
        Some((score(&spread(&other, way), width, rows), other))
    });
    // Of equals the first: `max_by_key` would give the last.
    match tried.reduce(|best, next| if next.0 > best.0 { next } else { best }) {
        Some((_, other)) => (other, Some(width)),
        None => (meanings, Some(known)),
    }
}

fn is_strange(meaning: &Meaning) -> bool {
    matches!(meaning, Meaning::Value { name: None, .. })
}

fn has_width(meaning: &Meaning) -> bool {
    !matches!(meaning, Meaning::Value { stored: None, .. })
}

/// Bytes of the columns whose storing is known, the flags together one.
fn known_width(meanings: &[Meaning]) -> usize {
    let flags = usize::from(meanings.iter().any(|m| matches!(m, Meaning::Flag { .. })));
    let values = meanings.iter().map(|meaning| match meaning {
        Meaning::Value { stored: Some(stored), .. } => stored.bytes(),
        _ => 0,
    });
    flags + values.sum::<usize>()
}

/// The width of a row by which the rows counted fill the module exactly, if there is one that the columns allow.
fn width_of(meanings: &[Meaning], counted: u64, rows_at: usize, module: &Module) -> Option<usize> {
    let known = known_width(meanings);
    let unknown = meanings.iter().filter(|meaning| !has_width(meaning)).count();
    [module.declared, module.room].into_iter().find_map(|len| {
        let body = len.checked_sub(rows_at as u64)?;
        if counted == 0 {
            return (body == 0 && unknown == 0).then_some(known);
        }
        if body % counted != 0 {
            return None;
        }
        let width = usize::try_from(body / counted).ok()?;
        let rest = width.checked_sub(known)?;
        let fits = if unknown == 0 { rest == 0 } else { (unknown..=8 * unknown).contains(&rest) };
        fits.then_some(width)
    })
}

/// Gives every column its place.
fn places(
    ids: &[u16],
    meanings: Vec<Meaning>,
    width: Option<usize>,
    sample: &dyn Fn(usize) -> Vec<u8>,
) -> Vec<Place> {
    let unknown = meanings.iter().filter(|meaning| !has_width(meaning)).count();
    let rest = width.and_then(|width| width.checked_sub(known_width(&meanings)));
    let chosen = match (unknown, rest, width) {
        (0, ..) => vec![Vec::new()],
        (1..=MOST_UNKNOWN, Some(rest), Some(width)) => {
            best(&meanings, unknown, rest, width, &sample(width))
        }
        _ => Vec::new(),
    };
    let mut spread = chosen.iter().map(|stored| spread(&meanings, stored));
    let mut at = spread.next().unwrap_or_else(|| ends(&meanings, width));
    for other in spread {
        // Where the ways to read that are equally good differ, nothing is read.
        for (place, other) in at.iter_mut().zip(other) {
            if *place != other {
                *place = None;
            }
        }
    }
    ids.iter()
        .zip(meanings)
        .zip(at)
        .map(|((&id, meaning), at)| {
            let concluded = !has_width(&meaning);
            Place { id, meaning, at, concluded }
        })
        .collect()
}

/// Places of all columns when the unknown ones are stored as said.
fn spread(meanings: &[Meaning], unknown: &[Stored]) -> Vec<Option<(usize, Stored)>> {
    let mut unknown = unknown.iter();
    let (mut at, mut flags) = (0, None);
    meanings
        .iter()
        .map(|meaning| {
            let stored = match meaning {
                Meaning::Flag { .. } => {
                    let place = *flags.get_or_insert_with(|| {
                        at += 1;
                        at - 1
                    });
                    return Some((place, Stored::U8));
                }
                Meaning::Value { stored, .. } => stored.or_else(|| unknown.next().copied())?,
            };
            at += stored.bytes();
            Some((at - stored.bytes(), stored))
        })
        .collect()
}

/// Places of the columns before the first unknown one, and, counted from the end of the row, behind the last.
fn ends(meanings: &[Meaning], width: Option<usize>) -> Vec<Option<(usize, Stored)>> {
    let mut places = vec![None; meanings.len()];
    let whole = |part: &[Meaning]| part.iter().all(has_width);
    let Some(width) = width else { return places };
    let first = meanings.iter().take_while(|meaning| has_width(meaning)).count();
    let head = meanings.get(..first).unwrap_or_default();
    for (place, at) in places.iter_mut().zip(spread(head, &[])) {
        *place = at;
    }
    let last = meanings.iter().rposition(|meaning| !has_width(meaning)).map_or(0, |last| last + 1);
    let tail = meanings.get(last..).unwrap_or_default();
    // The byte of flags may stand before.
    let flags_before = head.iter().any(|m| matches!(m, Meaning::Flag { .. }));
    let values: Vec<Meaning> = tail
        .iter()
        .filter(|meaning| !(flags_before && matches!(meaning, Meaning::Flag { .. })))
        .cloned()
        .collect();
    if whole(&values)
        && let Some(begin) = width.checked_sub(known_width(&values))
    {
        let mut at = spread(&values, &[]).into_iter();
        for (place, meaning) in places.iter_mut().zip(meanings).skip(last) {
            if !(flags_before && matches!(meaning, Meaning::Flag { .. })) {
                *place = at.next().flatten().map(|(at, stored)| (begin + at, stored));
            }
        }
        let flags = head.iter().zip(spread(head, &[])).find_map(|(meaning, at)| {
            matches!(meaning, Meaning::Flag { .. }).then_some(at).flatten()
        });
        for (place, meaning) in places.iter_mut().zip(meanings).skip(last) {
            if flags_before && matches!(meaning, Meaning::Flag { .. }) {
                *place = flags;
            }
        }
    }
    places
}

/// The ways to store the unknown columns that fill the rest of the row, as far as they look best in the rows.
fn best(
    meanings: &[Meaning],
    unknown: usize,
    rest: usize,
    width: usize,
    rows: &[u8],
) -> Vec<Vec<Stored>> {
    let mut best: (usize, Vec<Vec<Stored>>) = (0, Vec::new());
    let mut tried = vec![Stored::U8; unknown];
    try_all(&mut tried, 0, rest, &mut |stored| {
        let score = score(&spread(meanings, stored), width, rows);
        if score > best.0 || best.1.is_empty() {
            best = (score, vec![stored.to_vec()]);
        } else if score == best.0 {
            best.1.push(stored.to_vec());
        }
    });
    best.1
}

fn try_all(tried: &mut [Stored], place: usize, rest: usize, found: &mut dyn FnMut(&[Stored])) {
    let left = tried.len() - place;
    if left == 0 {
        if rest == 0 {
            found(tried);
        }
        return;
    }
    for stored in Stored::ALL {
        let Some(rest) = rest.checked_sub(stored.bytes()) else { continue };
        if rest < left - 1 || rest > 8 * (left - 1) {
            continue;
        }
        if let Some(now) = tried.get_mut(place) {
            *now = stored;
        }
        try_all(tried, place + 1, rest, found);
    }
}

/// How many values of rows look like measured ones. Whole numbers count less than floats: almost any
/// four bytes are a whole number, few are a float of a size that occurs.
fn score(places: &[Option<(usize, Stored)>], width: usize, rows: &[u8]) -> usize {
    let plausible = |value: f64| value == 0.0 || (1e-18..1e12).contains(&value.abs());
    let mut score = 0;
    for row in rows.chunks_exact(width.max(1)) {
        for &(at, stored) in places.iter().flatten() {
            score += match stored {
                Stored::F32 if f32_at(row, at).is_some_and(|v| plausible(f64::from(v))) => 4,
                Stored::F64 if f64_at(row, at).is_some_and(plausible) => 8,
                Stored::U32 if u32_at(row, at).is_some_and(|value| value < 1 << 20) => 3,
                Stored::U16 if u16_at(row, at).is_some_and(|value| value < 1 << 12) => 1,
                Stored::U8 => 1,
                _ => 0,
            };
        }
    }
    score
}
