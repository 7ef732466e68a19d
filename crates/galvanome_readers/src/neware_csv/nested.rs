//! The tables of cycles and steps that Neware's records are nested in.

use galvanome_model::measurement::Origin;

use super::names::VOCABULARY;
use crate::columns::by_name;
use crate::text::guess::{Looks, looks_of};
use crate::text::names::Heads;
use crate::text::rows::{Level, Outer, Plan, Take, carried, make_unique};
use crate::text::table::Table;
use crate::units::Convert;
use crate::vocabulary::parts;

/// What is carried from a cycle or step to its records.
const CARRIED: [&str; 4] = ["cycle_count", "step_id", "step_count", "step_type"];

/// The names of the outer tables, the outermost first.
#[derive(Debug, Default)]
pub(super) struct Levels {
    names: Vec<Vec<String>>,
}

impl Levels {
    /// How many there are.
    pub(super) fn len(&self) -> usize {
        self.names.len()
    }

    /// Looks at a line above the names of records.
    pub(super) fn look(&mut self, heads: &[Heads]) {
        const CYCLE: [&str; 5] = ["cycle index", "cycle id", "cycle", "循环号", "循环序号"];
        const STEP: [&str; 5] = ["step index", "step id", "step number", "工步号", "工步序号"];
        let is_level = |depth: usize, heads: &Heads| {
            let first = heads.names.iter().position(|name| !name.is_empty());
            let known = if depth == 0 { CYCLE } else { STEP };
            first == Some(depth) && known.contains(&heads.base(depth))
        };
        // Two levels follow each other; anything between them begins anew.
        let depth = self.names.len() % 2;
        if depth == 0 {
            self.names.clear();
        }
        match heads.iter().find(|heads| is_level(depth, heads)) {
            Some(heads) => self.names.push(heads.names.clone()),
            None => self.names.clear(),
        }
    }

    /// Whether as many levels stand right above as the names of records leave cells empty.
    pub(super) fn stand_above(&self, blank: usize) -> bool {
        blank == 2 && self.names.len() == 2
    }

    /// Adds to the plans of records what they are to be told of their cycle and step.
    pub(super) fn carry_into(&self, plans: &mut Vec<Plan>) {
        let mut told = Vec::new();
        for canonical in CARRIED {
            if plans.iter().any(|plan| plan.column.head.name == canonical) {
                continue;
            }
            told.extend(self.names.iter().enumerate().find_map(|(level, names)| {
                let cell = names.iter().position(|name| means(name, canonical))?;
                Some(carried(by_name(canonical)?, names.get(cell)?, level, cell))
            }));
        }
        plans.splice(..0, told);
    }

    /// The outer tables themselves.
    pub(super) fn into_outer(self, table: &Table<'_>) -> Outer {
        let tables = ["cycles", "steps"];
        let cycle = self.names.first().and_then(|names| {
            let cell = names.iter().position(|name| means(name, "cycle_count"))?;
            Some(carried(by_name("cycle_count")?, names.get(cell)?, 0, cell))
        });
        let levels = self.names.iter().zip(tables).enumerate().map(|(depth, (names, name))| {
            let rows = || table.ahead.rows().filter(|row| row.first_filled() == Some(depth));
            let most = rows().count();
            let mut plans: Vec<Plan> = names
                .iter()
                .enumerate()
                .skip(depth)
                .map(|(cell, name)| {
                    let cells = rows().map(|row| row.piece(cell));
                    plan(name, cell, looks_of(cells, most, table.decimal))
                })
                .collect();
            if depth > 0 {
                plans.splice(..0, cycle.clone());
            }
            make_unique(&mut plans);
            Level { name, width: names.len(), plans }
        });
        Outer::new(levels.collect())
    }
}

fn means(name: &str, canonical: &str) -> bool {
    VOCABULARY.meaning(name, "").is_some_and(|meaning| meaning.canonical.name == canonical)
}

/// A column of a cycle or step: their numbers and kinds have canonical names, everything else is a sum or an end
/// that no canonical column means.
fn plan(name: &str, cell: usize, looks: Looks) -> Plan {
    let canonical = CARRIED.into_iter().find(|canonical| means(name, canonical)).and_then(by_name);
    if let Some(canonical) = canonical {
        let take = match canonical.dimension {
            Some(_) => Take::Number(Convert::Same),
            None => Take::Text,
        };
        return Plan { column: canonical.column(name, Origin::Stored), cell, take };
    }
    let (take, unit) = match looks {
        Looks::Duration => (Take::Duration, "s"),
        Looks::Number | Looks::Empty => (Take::Number(Convert::Same), parts(name, "").1),
        _ => (Take::Text, ""),
    };
    Plan::own(name, unit, cell, take)
}
