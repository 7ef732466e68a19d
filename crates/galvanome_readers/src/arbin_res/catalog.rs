//! The tables of a database: by its catalogue, or where that is lost by the columns that tables have.

use std::io;

use super::definition::{self, Definition, Holds};
use super::le::u8_at;
use super::long;
use super::pages::{DEFINITION, Pages};
use super::rows::{self, Fields, Found};
use super::slots::slots;
use super::usage;

/// The page where the definition of the catalogue begins in every database.
const CATALOG: u32 = 2;
/// The type of a table among the objects of the catalogue, and flags of the tables that Access itself needs.
const TABLE: f64 = 1.0;
const SYSTEM: u32 = 0x8000_0002;

/// Tables that are looked at, and definitions that are tried where the catalogue is lost. Arbin has some thirty.
const MOST_TABLES: usize = 512;
const MOST_TRIED: usize = 4096;

/// The tables of a test.
pub(super) const RECORDS: &str = "Channel_Normal_Table";
pub(super) const STATISTICS: &str = "Channel_Statistic_Table";
pub(super) const GLOBAL: &str = "Global_Table";
pub(super) const AUXILIARY: &str = "Auxiliary_Table";
pub(super) const EVENTS: &str = "Event_Table";
/// Its name differs between versions.
pub(super) const AUXILIARY_NAMES: [&str; 2] =
    ["Aux_Global_Data_Table", "Auxiliary_Global_Data_Table"];

/// By which columns tables are known whose names are lost.
const SIGNS: [(&str, &[&str]); 7] = [
    (RECORDS, &["Test_ID", "Data_Point", "Test_Time", "Step_Index", "Voltage", "Current"]),
    (STATISTICS, &["Test_ID", "Data_Point", "Vmax_On_Cycle"]),
    (GLOBAL, &["Test_ID", "Test_Name", "Start_DateTime"]),
    (AUXILIARY, &["Test_ID", "Data_Point", "Auxiliary_Index", "Data_Type", "X"]),
    (AUXILIARY_NAMES[0], &["Channel_Index", "Auxiliary_Index", "Data_Type", "Unit"]),
    (EVENTS, &["Test_ID", "Event_Type"]),
    ("Version_Table", &["Version_Schema_Field"]),
];

/// A table.
#[derive(Debug, Clone)]
pub(super) struct Table {
    pub(super) name: String,
    pub(super) definition: Definition,
}

/// The tables of a database.
#[derive(Debug, Default)]
pub(super) struct Catalog {
    /// Every table but those of Access itself, in the order of the catalogue.
    pub(super) tables: Vec<Table>,
    /// Whether the catalogue named them.
    pub(super) named: bool,
    /// Names of tables whose definition is not there.
    pub(super) lost: Vec<String>,
    /// Whether all its pages are there, and the map of them.
    pub(super) whole: bool,
}

impl Catalog {
    /// The definition of a table.
    pub(super) fn get(&self, name: &str) -> Option<&Definition> {
        let table = self.tables.iter().find(|table| table.name.eq_ignore_ascii_case(name));
        table.map(|table| &table.definition)
    }

    /// Whether it has the tables of an Arbin test.
    pub(super) fn is_arbin(&self) -> bool {
        self.get(RECORDS)
            .or_else(|| self.get(GLOBAL))
            .is_some_and(|table| table.column("Test_ID").is_some())
            || [RECORDS, GLOBAL].iter().any(|name| self.lost.iter().any(|lost| lost == name))
    }

    /// Reads the catalogue; where it does not lead to the records of a test, looks for tables by their columns. Errors
    /// when the source cannot be read.
    pub(super) fn read(pages: &Pages<'_>) -> io::Result<Self> {
        let mut catalog = Self::by_name(pages)?;
        catalog.named = catalog.get(RECORDS).is_some();
        if !catalog.named {
            catalog.add_by_columns(pages)?;
        }
        Ok(catalog)
    }

    fn by_name(pages: &Pages<'_>) -> io::Result<Self> {
        let mut catalog = Self::default();
        let Some(own) = definition::read(pages, CATALOG)? else { return Ok(catalog) };
        let column = |name| own.column(name).cloned();
        let (Some(id), Some(name), Some(kind)) = (column("Id"), column("Name"), column("Type"))
        else {
            return Ok(catalog);
        };
        let flags = column("Flags").filter(|flags| flags.holds == Holds::Long);
        let owned = usage::find(pages, &own)?;
        catalog.whole = owned.mapped && owned.beyond == 0;
        for number in owned.pages {
            let Some(page) = pages.page(number)?.filter(|page| usage::is_of(page, &own)) else {
                continue;
            };
            for row in 0..slots(&page, pages.jet) {
                if catalog.tables.len() + catalog.lost.len() >= MOST_TABLES {
                    return Ok(catalog);
                }
                let Found::Row(row) = rows::find(pages, &own, &page, row)? else { continue };
                let Some(fields) = Fields::of(pages.jet, own.has_variable, row.bytes()) else {
                    continue;
                };
                let flags = flags.as_ref().map_or(0.0, |flags| fields.number(flags));
                let id = fields.number(&id);
                if fields.number(&kind) != TABLE
                    || flags as i64 as u32 & SYSTEM != 0
                    || id.is_nan()
                    || id <= 0.0
                {
                    continue;
                }
                let Some((name, _)) = long::text(pages, &fields, &name, 1024)? else { continue };
                if name.starts_with("MSys") || catalog.get(&name).is_some() {
                    continue;
                }
                let page = id as u32 & 0x00FF_FFFF;
                if catalog.tables.iter().any(|table| table.definition.page == page) {
                    continue;
                }
                match definition::read(pages, page)? {
                    Some(definition) => catalog.tables.push(Table { name, definition }),
                    None => catalog.lost.push(name),
                }
            }
        }
        Ok(catalog)
    }

    fn add_by_columns(&mut self, pages: &Pages<'_>) -> io::Result<()> {
        let mut tried = 0;
        for number in CATALOG + 1..pages.count {
            let Some(page) = pages.page(number)? else { continue };
            if u8_at(&page, 0) != DEFINITION {
                continue;
            }
            tried += 1;
            if tried > MOST_TRIED {
                break;
            }
            let Some(definition) = definition::read(pages, number)? else { continue };
            let known = SIGNS.iter().find(|(_, columns)| {
                columns.iter().all(|column| definition.column(column).is_some())
            });
            if let Some((name, _)) = known
                && self.get(name).is_none()
            {
                self.lost.retain(|lost| lost != name);
                self.tables.push(Table { name: (*name).to_owned(), definition });
            }
        }
        Ok(())
    }
}
