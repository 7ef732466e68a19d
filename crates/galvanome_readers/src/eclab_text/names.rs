//! What EC-Lab calls its columns.

use galvanome_model::note::Note;

use crate::biologic_mpr::columns::is_stored;
use crate::columns::{Canonical, by_name};
use crate::units::{Convert, conversion};

/// Names without units that stand for a canonical column. Where a file has several for one, the first of this
/// list is taken: an instantaneous value before a mean, a cell voltage before a single electrode's.
const CANONICAL: &[(&str, &str)] = &[
    ("time", "test_time_second"),
    ("Ecell", "voltage_volt"),
    ("Ewe", "voltage_volt"),
    ("<Ecell>", "voltage_volt"),
    ("<Ewe>", "voltage_volt"),
    ("I", "current_ampere"),
    ("<I>", "current_ampere"),
    ("cycle number", "cycle_count"),
    ("Ns", "step_id"),
    ("step time", "step_time_second"),
    ("(Q-Qo)", "net_capacity_ah"),
    ("P", "power_watt"),
    ("R", "internal_resistance_ohm"),
    ("Temperature", "temperature_t1_celsius"),
    ("Ece", "ece_volt"),
    ("<Ece>", "ece_volt"),
    ("Ewe-Ece", "ewe_ece_volt"),
    ("<Ewe-Ece>", "ewe_ece_volt"),
    ("freq", "frequency_hertz"),
    ("|Z|", "absolute_impedance_ohm"),
    ("Phase(Z)", "phase_degree"),
    ("Re(Z)", "real_impedance_ohm"),
    ("-Im(Z)", "imaginary_impedance_ohm"),
    ("Im(Z)", "imaginary_impedance_ohm"),
    ("Pwe", "power_watt"),
];

/// Names without units that EC-Lab is known to write and that keep their own names here.
const OTHERS: &[&str] = &[
    "mode",
    "ox/red",
    "error",
    "control changes",
    "Ns changes",
    "counter inc.",
    "I Range",
    "half cycle",
    "z cycle",
    "control",
    "control/V/mA",
    "dq",
    "dQ",
    "|Energy|",
    "Q charge/discharge",
    "Q charge",
    "Q discharge",
    "Capacity",
    "Efficiency",
    "x",
    "Energy",
    "Energy charge",
    "Energy discharge",
    "Energy we",
    "Energy we charge",
    "Energy we discharge",
    "Energy ce",
    "Energy ce charge",
    "Energy ce discharge",
    "Energy we-ce charge",
    "Energy we-ce discharge",
    "Capacitance charge",
    "Capacitance discharge",
    "Energy ce",
    "Energy we-ce",
    "Pce",
    "Pwe-ce",
    "Rwe",
    "Rce",
    "Rwe-ce",
    "Re(Y)",
    "Im(Y)",
    "|Y|",
    "Phase(Y)",
    "Re(C)",
    "Im(C)",
    "|C|",
    "Phase(C)",
    "Re(M)",
    "Im(M)",
    "|M|",
    "Phase(M)",
    "Re(Permittivity)",
    "Im(Permittivity)",
    "|Permittivity|",
    "Phase(Permittivity)",
    "Re(Resistivity)",
    "Im(Resistivity)",
    "|Resistivity|",
    "Phase(Resistivity)",
    "Re(Conductivity)",
    "Im(Conductivity)",
    "|Conductivity|",
    "Phase(Conductivity)",
    "Tan(Delta)",
    "Loss Angle(Delta)",
    "THD Ewe",
    "NSD Ewe",
    "NSR Ewe",
    "THD I",
    "NSD I",
    "NSR I",
    "|Ewe|",
    "|I|",
    "|Ece|",
    "|Zce|",
    "Phase(Zce)",
    "Re(Zce)",
    "-Im(Zce)",
    "Analog IN 1",
    "Analog IN 2",
    "Analog OUT",
    "Cs",
    "Cp",
    "Ri",
];

/// The name of a column and its unit. The unit stands behind the last stroke; a name may hold strokes and
/// brackets of its own (`Q charge/discharge/mA.h`, `<Ewe/V>`).
pub(crate) fn base_and_unit(name: &str) -> (&str, &str) {
    match name {
        "ox/red" | "Acir/Dcir Control" | "log(|<I>/A|)" | "log(|I/A|)" => return (name, "1"),
        "control/V/mA" => return (name, ""),
        _ => {}
    }
    if let Some(inside) = name.strip_prefix('<').and_then(|name| name.strip_suffix('>'))
        && let Some((_, unit)) = inside.rsplit_once('/')
    {
        return (name, unit);
    }
    if let Some(base) = name.strip_suffix("/mS/cm") {
        return (base, "mS/cm");
    }
    match name.rsplit_once('/') {
        Some((base, unit)) => (base, unit),
        None => (name, "1"),
    }
}

/// The canonical column that a name stands for with its conversion, and its rank among those for the same.
pub(super) fn canonical_of(name: &str) -> Option<((Canonical, Convert), usize)> {
    let (base, unit) = base_and_unit(name);
    // Older versions write `<Ewe/V>` for `<Ewe>/V`.
    let base = match base {
        "<Ewe/V>" => "<Ewe>",
        "<Ece/V>" => "<Ece>",
        "<I/mA>" => "<I>",
        other => other,
    };
    // Exports through other encodings lose the sign of degrees.
    let unit = if base == "Temperature" && unit.ends_with('C') { "degC" } else { unit };
    let rank = CANONICAL.iter().position(|(vendor, _)| *vendor == base)?;
    let known = by_name(CANONICAL.get(rank)?.1)?;
    let convert = match conversion(unit, known.dimension?)? {
        Convert::Same if base.starts_with('-') => Convert::Minus,
        _ if base.starts_with('-') => return None,
        convert => convert,
    };
    Some(((known, convert), rank))
}

/// For each name the canonical column that it becomes, if any. Several may mean one thing (`Ewe/V` and
/// `<Ewe>/V`); the best one is it, others keep their names.
pub(crate) fn chosen(names: &[String]) -> Vec<Option<(Canonical, Convert)>> {
    let meant: Vec<_> = names.iter().map(|name| canonical_of(name)).collect();
    let taken = |place: usize, known: Canonical, rank: usize| {
        meant.iter().enumerate().any(|(other, meant)| {
            meant.is_some_and(|((same, _), other_rank)| {
                same.name == known.name && (other_rank, other) < (rank, place)
            })
        })
    };
    meant
        .iter()
        .enumerate()
        .map(|(place, meant)| {
            let (canonical, rank) = (*meant)?;
            (!taken(place, canonical.0, rank)).then_some(canonical)
        })
        .collect()
}

/// What to know about potentials when a table has the column of a name.
pub(crate) fn electrodes(has: impl Fn(&str) -> bool) -> Option<Note> {
    let three = has("voltage_volt") && (has("ece_volt") || has("ewe_ece_volt"));
    three.then(|| {
        Note::new(
            "three-electrodes",
            "three electrodes: voltage_volt is the working electrode against the reference; the cell voltage is ewe_ece_volt, where it was recorded",
            "",
        )
    })
}

/// Whether a name is one that EC-Lab is known to write.
pub(super) fn is_known(name: &str) -> bool {
    let (base, _) = base_and_unit(name);
    canonical_of(name).is_some()
        || is_stored(name)
        || OTHERS.contains(&base)
        || OTHERS.contains(&name)
        // Harmonics of voltage and current.
        || base.starts_with("|Ewe h")
        || base.starts_with("|I h")
}
