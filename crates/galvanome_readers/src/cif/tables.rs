//! The tables of a block: cell, atoms, symmetry, and every other loop.

use galvanome_model::measurement::{ColumnHead, Origin, Values};

use super::block::{Block, Loop};
use super::number::number_of;
use super::powder::{self, wavelengths};
use crate::columns::unique;
use crate::error::ReadError;
use crate::limits::Limits;
use crate::sink::{Kind, NewColumn, Sink};

/// Numbers of a cell: column, name in the file, unit, whether it has an uncertainty.
const CELL: [(&str, &str, &str, bool); 9] = [
    ("a", "_cell_length_a", "angstrom", true),
    ("b", "_cell_length_b", "angstrom", true),
    ("c", "_cell_length_c", "angstrom", true),
    ("alpha", "_cell_angle_alpha", "deg", true),
    ("beta", "_cell_angle_beta", "deg", true),
    ("gamma", "_cell_angle_gamma", "deg", true),
    ("volume", "_cell_volume", "angstrom^3", true),
    ("formula_units", "_cell_formula_units_z", "1", false),
    ("temperature", "_cell_measurement_temperature", "K", false),
];

/// Texts of a cell: column, and the names that it may have in the file.
const TEXTS: [(&str, &[&str]); 4] = [
    ("space_group", &["_space_group_name_h-m_alt", "_symmetry_space_group_name_h-m"]),
    ("space_group_hall", &["_space_group_name_hall", "_symmetry_space_group_name_hall"]),
    ("formula", &["_chemical_formula_sum"]),
    (
        "phase",
        &[
            "_pd_phase_name",
            "_chemical_name_mineral",
            "_chemical_name_common",
            "_chemical_name_systematic",
        ],
    ),
];

const SPACE_GROUP_NUMBER: [&str; 2] = ["_space_group_it_number", "_symmetry_int_tables_number"];

/// What symmetry operations are called.
const OPERATIONS: [&str; 2] = ["_space_group_symop_operation_xyz", "_symmetry_equiv_pos_as_xyz"];

/// Columns of atoms that have a name of ours: the file's, ours, the unit.
const ATOMS: [(&str, &str, &str); 13] = [
    ("_atom_site_label", "label", ""),
    ("_atom_site_type_symbol", "element", ""),
    ("_atom_site_fract_x", "x", "1"),
    ("_atom_site_fract_y", "y", "1"),
    ("_atom_site_fract_z", "z", "1"),
    ("_atom_site_cartn_x", "cartesian_x", "angstrom"),
    ("_atom_site_cartn_y", "cartesian_y", "angstrom"),
    ("_atom_site_cartn_z", "cartesian_z", "angstrom"),
    ("_atom_site_occupancy", "occupancy", "1"),
    ("_atom_site_u_iso_or_equiv", "u_iso", "angstrom^2"),
    ("_atom_site_b_iso_or_equiv", "b_iso", "angstrom^2"),
    ("_atom_site_symmetry_multiplicity", "multiplicity", "1"),
    ("_atom_site_site_symmetry_multiplicity", "multiplicity", "1"),
];

/// A table on its way.
#[derive(Default)]
struct Building {
    columns: Vec<NewColumn>,
    values: Vec<Values>,
}

impl Building {
    fn add(&mut self, (name, unit): (&str, &str), vendor_name: &str, values: Values) {
        let kind = match values {
            Values::Number(_) => Kind::Number,
            Values::Text(_) => Kind::Text,
        };
        let head = ColumnHead {
            name: name.to_owned(),
            unit: unit.to_owned(),
            vendor_name: vendor_name.to_owned(),
            origin: Origin::Stored,
        };
        self.columns.push(NewColumn { head, kind });
        self.values.push(values);
    }

    fn give(mut self, name: &str, sink: &mut dyn Sink, limits: &Limits) -> Result<(), ReadError> {
        sink_note(limits, self.columns.len(), name, sink);
        self.columns.truncate(limits.max_columns);
        self.values.truncate(limits.max_columns);
        unique(self.columns.iter_mut().map(|column| &mut column.head.name).zip(0..));
        sink.table(name, &self.columns);
        sink.rows(&self.values)
    }
}

fn sink_note(limits: &Limits, columns: usize, name: &str, sink: &mut dyn Sink) {
    if let Some(note) = limits.too_many_columns(columns, name) {
        sink.note(note);
    }
}

/// Gives the tables of a block, named behind the block where the file has several. Errors when the sink cannot keep them.
pub(super) fn give(
    block: &Block,
    several: bool,
    sink: &mut dyn Sink,
    limits: &Limits,
) -> Result<(), ReadError> {
    let named = |table: &str| {
        if several { format!("{table} {}", block.name) } else { table.to_owned() }
    };
    if block.value("_cell_length_a").is_some() {
        cell(block).give(&named("cell"), sink, limits)?;
    }
    let is_atoms = |found: &&Loop| {
        ["_atom_site_fract_x", "_atom_site_cartn_x"].iter().any(|tag| found.column(tag).is_some())
    };
    let atoms = block.loops.iter().find(is_atoms);
    if let Some(atoms) = atoms {
        of_loop(atoms, &ATOMS, "_atom_site_").give(&named("atoms"), sink, limits)?;
    }
    let operations = OPERATIONS.iter().map(|tag| (tag, block.values(tag)));
    if let Some((tag, operations)) = operations.into_iter().find(|(_, found)| !found.is_empty()) {
        let mut table = Building::default();
        let texts = operations.into_iter().map(str::to_owned).collect();
        table.add(("operation", ""), tag, Values::Text(texts));
        table.give(&named("symmetry"), sink, limits)?;
    }
    for found in &block.loops {
        let given = atoms.is_some_and(|atoms| std::ptr::eq(atoms, found))
            || OPERATIONS.iter().any(|tag| found.column(tag).is_some())
            || powder::is_pattern(block, found);
        if !given {
            let category = category(found);
            let name = category.trim_matches(['_', '.']);
            let name = if name.is_empty() { "loop" } else { name };
            of_loop(found, &[], &category).give(&named(name), sink, limits)?;
        }
    }
    Ok(())
}

fn cell(block: &Block) -> Building {
    let mut table = Building::default();
    let number = |tag: &str| block.value(tag).and_then(number_of).unwrap_or((f64::NAN, f64::NAN));
    for (name, tag, unit, with_uncertainty) in CELL {
        let (value, uncertainty) = number(tag);
        table.add((name, unit), tag, Values::Number(vec![value]));
        if with_uncertainty {
            let name = format!("{name}_uncertainty");
            table.add((&name, unit), tag, Values::Number(vec![uncertainty]));
        }
    }
    let group = block.first_of(&SPACE_GROUP_NUMBER).and_then(number_of).unwrap_or((f64::NAN, 0.0));
    let group_tag = SPACE_GROUP_NUMBER[0];
    table.add(("space_group_number", "1"), group_tag, Values::Number(vec![group.0]));
    let (wavelength, _, _) = wavelengths(block);
    let wavelength = Values::Number(vec![wavelength.unwrap_or(f64::NAN)]);
    table.add(("wavelength", "angstrom"), "_diffrn_radiation_wavelength", wavelength);
    for (name, tags) in TEXTS {
        let text = block.first_of(tags).unwrap_or_default().to_owned();
        let tag = tags.first().copied().unwrap_or_default();
        table.add((name, ""), tag, Values::Text(vec![text]));
    }
    table
}

/// What the names of a loop have in common, to the last stroke or point in it.
fn category(found: &Loop) -> String {
    let Some(first) = found.tags.first() else { return String::new() };
    let common = found.tags.iter().fold(first.as_str(), |common, tag| {
        let same = common.bytes().zip(tag.bytes()).take_while(|(a, b)| a == b).count();
        common.get(..same).unwrap_or_default()
    });
    if found.tags.len() == 1 {
        return common.to_owned();
    }
    let end = common.rfind(['_', '.']).map_or(0, |place| place + 1);
    common.get(..end).unwrap_or_default().to_owned()
}

/// A loop as a table. A column is of numbers when all its values are, and its name is none of a label.
fn of_loop(found: &Loop, known: &[(&str, &str, &str)], category: &str) -> Building {
    let mut table = Building::default();
    for (column, tag) in found.tags.iter().enumerate() {
        let ours = known.iter().find(|(tag, _, _)| found.column(tag) == Some(column));
        let short = tag.get(category.len()..).unwrap_or_default().to_lowercase();
        let short = if short.is_empty() { "value" } else { &short };
        let (name, unit) = ours.map_or((short, ""), |(_, name, unit)| (*name, *unit));
        let lower = tag.to_lowercase();
        let is_label = ["label", "symbol", "_id", "code", "xyz", "_type", "date", "name"]
            .iter()
            .any(|word| lower.ends_with(word));
        let all = || found.values(column).map(number_of);
        let filled = found.values(column).any(|value| !value.is_empty());
        if is_label || !filled || !all().all(|number| number.is_some()) {
            let texts = found.values(column).map(str::to_owned).collect();
            table.add((name, ""), tag, Values::Text(texts));
            continue;
        }
        let (numbers, uncertainties): (Vec<f64>, Vec<f64>) = all().flatten().unzip();
        table.add((name, unit), tag, Values::Number(numbers));
        if uncertainties.iter().any(|uncertainty| !uncertainty.is_nan()) {
            let name = format!("{name}_uncertainty");
            table.add((&name, unit), tag, Values::Number(uncertainties));
        }
    }
    table
}
