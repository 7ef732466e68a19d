//! What a vendor calls its columns, and which canonical columns they are.

use crate::columns::{Canonical, by_name};
use crate::text::heads::{plain, split_unit, unbracketed};
use crate::units::{Convert, Dimension, conversion, is_unit};

/// The names that a vendor's software writes. All are given without unit, in small letters, with single blanks
/// for what separates words (`chg cap` for `Chg. Cap.(Ah)`).
pub(crate) struct Vocabulary {
    /// A name, the canonical column that it stands for, and the unit where none is written. Where a file has
    /// several for one column, the first of this list is taken. A name may stand for several columns, told apart by
    /// their units.
    pub(crate) names: &'static [(&'static str, &'static str, &'static str)],
    /// Names that are known and keep their own names, because no canonical column means just this.
    pub(crate) others: &'static [&'static str],
}

/// What a name means.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Meaning {
    /// The canonical column.
    pub(crate) canonical: Canonical,
    /// How numbers are converted; none where the unit is not one of the column, as with `Time (hh:mm:ss)`.
    pub(crate) convert: Option<Convert>,
    /// Whether the unit of a time, voltage or current is not written, or that of a temperature cannot be read, and
    /// was taken from the vendor's habit.
    pub(crate) assumed: bool,
    rank: usize,
}

impl Vocabulary {
    /// What a name means, with the unit that a line of its own may give.
    pub(crate) fn meaning(&self, name: &str, unit: &str) -> Option<Meaning> {
        let (own, unit) = parts(name, unit);
        let base = plain(own);
        let mut found: Option<Meaning> = None;
        for (rank, (_, canonical, habit)) in
            self.names.iter().enumerate().filter(|(_, (known, ..))| *known == base)
        {
            let Some(canonical) = by_name(canonical) else { continue };
            let (convert, assumed) = match canonical.dimension {
                None => (None, false),
                Some(dimension) if unit.is_empty() => {
                    // `Volts` says its unit, and a resistance in other than ohms would be told.
                    let matters = matches!(
                        dimension,
                        Dimension::Time | Dimension::Voltage | Dimension::Current
                    );
                    (conversion(habit, dimension), matters && !is_unit(own))
                }
                Some(Dimension::Temperature) if is_broken(unit) => (Some(Convert::Same), true),
                Some(dimension) => (conversion(unit, dimension), false),
            };
            let meaning = Meaning { canonical, convert, assumed, rank };
            if convert.is_some() {
                return Some(meaning);
            }
            found.get_or_insert(meaning);
        }
        found
    }

    /// What each of several names means; none where another name means the same and is preferred.
    pub(crate) fn meanings(&self, names: &[String], units: &[String]) -> Vec<Option<Meaning>> {
        let unit = |place: usize| units.get(place).map_or("", String::as_str);
        let all: Vec<_> =
            names.iter().enumerate().map(|(place, name)| self.meaning(name, unit(place))).collect();
        all.iter()
            .enumerate()
            .map(|(place, meaning)| {
                let meaning = (*meaning)?;
                let better = all.iter().enumerate().any(|(other, same)| {
                    same.is_some_and(|same| {
                        same.canonical.name == meaning.canonical.name
                            && (same.rank, other) < (meaning.rank, place)
                    })
                });
                (!better).then_some(meaning)
            })
            .collect()
    }

    /// Whether a name is one that the vendor is known to write.
    pub(crate) fn knows(&self, name: &str) -> bool {
        let base = plain(parts(name, "").0);
        // Numbered columns: `Aux #1`, `VAR15`, `V1`.
        let stem = base.trim_end_matches(|c: char| c.is_ascii_digit()).trim_end();
        let numbered = format!("{stem} 1");
        self.names.iter().any(|(known, ..)| *known == base)
            || self
                .others
                .iter()
                .any(|known| *known == base || *known == stem || *known == numbered)
    }
}

/// A name and its unit. Vendors' names are known, so whatever stands in brackets at the end is taken for a unit.
pub(crate) fn parts<'a>(name: &'a str, unit: &'a str) -> (&'a str, &'a str) {
    let unit = unbracketed(unit);
    if !unit.is_empty() {
        return (name, unit);
    }
    let (base, unit) = split_unit(name);
    if !unit.is_empty() {
        return (base, unit.trim());
    }
    let name = name.trim();
    for (open, close) in [('(', ')'), ('[', ']')] {
        if let Some((base, unit)) = name.strip_suffix(close).and_then(|name| name.rsplit_once(open))
            && !base.trim().is_empty()
        {
            return (base, unit.trim());
        }
    }
    (name, "")
}

/// Whether a unit is what is left of `°C` when its sign is lost: `?`, `?C`, `ï¿½C`.
fn is_broken(unit: &str) -> bool {
    conversion(unit, Dimension::Temperature).is_none()
        && unit.chars().all(|c| c == 'C' || (!c.is_ascii_alphanumeric() && c != '-'))
}
