//! What the file says of each spectrum, as a table `spectra`.

use galvanome_model::measurement::{ColumnHead, Origin as CameAbout, Values};

use super::header::Header;
use super::kinds;
use super::origins::Origin;
use crate::error::ReadError;
use crate::limits::Limits;
use crate::sink::{Kind, NewColumn, Sink};

/// Tells the table, without columns of nothing but zeros that say nothing (flags, checksums). Errors when the sink cannot
/// keep it.
pub(super) fn tell(
    header: &Header,
    origins: &[Origin],
    count: usize,
    limits: &Limits,
    sink: &mut dyn Sink,
) -> Result<(), ReadError> {
    let mut columns = vec![column("spectrum", "1", "")];
    let mut values = vec![Values::Number((0..count).map(|number| number as f64).collect())];
    for origin in origins.iter().take(limits.max_columns.saturating_sub(1)) {
        let Some((name, unit, numbers)) = numbers_of(header, origin) else { continue };
        let mut unique = name.clone();
        let mut again = 1;
        while columns.iter().any(|column| column.head.name == unique) {
            again += 1;
            unique = format!("{name} {again}");
        }
        columns.push(column(&unique, unit, &origin.name));
        values.push(Values::Number(numbers));
    }
    if columns.len() > 1 {
        sink.table("spectra", &columns);
        sink.rows(&values)?;
    }
    Ok(())
}

fn column(name: &str, unit: &str, vendor_name: &str) -> NewColumn {
    let head = ColumnHead {
        name: name.to_owned(),
        unit: unit.to_owned(),
        vendor_name: vendor_name.to_owned(),
        origin: CameAbout::Stored,
    };
    NewColumn { head, kind: Kind::Number }
}

/// Name, unit and numbers of the column of an origin; none where it says nothing.
fn numbers_of(header: &Header, origin: &Origin) -> Option<(String, &'static str, Vec<f64>)> {
    let own = |fallback: &str| {
        if origin.name.is_empty() { fallback.to_owned() } else { origin.name.to_lowercase() }
    };
    if let (kinds::X | kinds::Y | kinds::Z | kinds::FOCUS, Some((metres, _))) =
        (origin.kind, origin.metres())
    {
        return Some((own("position"), "m", metres));
    }
    if let (kinds::TIME | kinds::ELAPSED, Some(seconds)) =
        (origin.kind, origin.seconds_since(header.start))
    {
        return Some((own("time"), "s", seconds));
    }
    if let Some(numbers) = origin.numbers() {
        return Some((own("value"), kinds::unit(origin.unit), numbers.to_vec()));
    }
    let words = origin.words()?;
    if origin.kind == kinds::CHECKSUM || words.iter().all(|word| *word == 0) {
        return None;
    }
    // Flags up to 2^53 are exact as floats; the mask has bit 48.
    Some((own("flags"), "1", words.iter().map(|word| *word as f64).collect()))
}
