//! EC-Lab and BT-Lab binary (`.mpr`): what BioLogic's instruments record, in every version of its modules.
//!
//! A chain of modules: the settings, the data, the log, and, where there are any, the loops and the external
//! devices. The data are packed rows of numbered columns; which number means what is in `biologic_mpr/columns.rs`.
//! A column with an unknown number is kept as `unknown_<number>` where the width of a row tells how it is stored.
//! Settings that are not understood never stop the data. Positive current charges, as in EC-Lab.

mod bytes;
pub(crate) mod columns;
mod decode;
mod layout;
mod log;
mod modules;
mod parameters;
mod plan;
mod rows;
mod settings;
mod write;

use galvanome_model::note::Note;

use self::layout::layout;
use self::modules::{DATA, GREETING, Module, modules};
use self::plan::Beside;
use self::rows::read_rows;
pub use self::write::{Headed, Version, write_mpr};
use crate::error::{ReadError, Trouble};
use crate::files::Files;
use crate::format::{Confidence, Format};
use crate::impedance::Impedance;
use crate::limits::Limits;
use crate::sink::Sink;
use crate::source::{Source, head_of, read_full};

/// The entry of the list of formats.
pub(crate) const FORMAT: Format = Format {
    id: "biologic-mpr",
    name: "BioLogic EC-Lab and BT-Lab binary",
    endings: &["mpr"],
    claims,
    read,
};

fn claims(files: &Files) -> Confidence {
    let head = files.only().and_then(|member| head_of(member.source.as_ref(), GREETING.len()).ok());
    if head.is_some_and(|head| head == GREETING) { Confidence::Certain } else { Confidence::No }
}

fn read(files: &Files, limits: &Limits, sink: &mut dyn Sink) -> Result<(), ReadError> {
    let Some(member) = files.only() else {
        return Err(ReadError::new(
            Trouble::Unsupported,
            "a BioLogic binary is one file",
            "name the files one by one",
        ));
    };
    let (source, file) = (member.source.as_ref(), member.name.as_str());
    if claims(files) == Confidence::No {
        return Err(ReadError::new(
            Trouble::Damaged,
            "the file does not begin as EC-Lab's files do",
            "fetch it from the instrument's computer again",
        ));
    }
    let modules = modules(source, file, sink)?;
    let find = |name: &str| modules.iter().find(|module| module.name == name);
    let head = |module: Option<&Module>, most: usize| match module {
        Some(module) => module.head(source, file, most),
        None => Ok(Vec::new()),
    };
    let mut beside = Beside::default();
    let set = head(find("VMP Set"), settings::HEAD)?;
    let (device, cell) = settings::read_settings(&set, sink);
    parameters::read_parameters(&set, sink);
    beside.cell = cell;
    let date = modules.first().and_then(|module| log::day(&module.date));
    let log = find("VMP LOG");
    let told = if log.is_some() {
        log::read_log(&head(log, log::HEAD)?, date.as_deref(), sink)
    } else {
        log::start_by_day(date.as_deref(), sink);
        log::Told::default()
    };
    beside.cell |= told.bt_lab;
    if let Some(device) = device.filter(|_| !told.instrument) {
        sink.instrument(&settings::device(device));
    }
    beside.analog = settings::read_external_device(&head(find("VMP ExtDev"), 4096)?, sink);
    let loops = head(find("VMP loop"), 4 * limits.max_metadata)?;
    beside.loops = settings::read_loops(&loops, sink);
    others(&modules, sink);
    let data: Vec<&Module> = modules.iter().filter(|module| module.name == DATA).collect();
    if data.is_empty() {
        let message =
            "the file holds no module of data, so it has no rows; it may have been cut off";
        sink.note(Note::new("no-data", message, ""));
    }
    for (place, module) in data.iter().enumerate() {
        let head = module.head(source, file, layout::HEAD)?;
        let sample = |rows_at: usize, width: usize| sample(source, module, rows_at, width);
        let Some(layout) = layout(&head, module, &sample) else {
            let (code, message) = if module.room < module.declared {
                ("truncated-file", "the file stops before its first row; fetch it again")
            } else {
                ("damaged-module", "the module of data names no columns, so it has no rows")
            };
            sink.note(Note::new(code, message, format!("byte {}", module.at)));
            continue;
        };
        // Files that were merged have one module of data each; each is a table.
        let name = if place == 0 { "records".to_owned() } else { format!("records {}", place + 1) };
        let mut impedance = Impedance::new(sink);
        let outcome =
            read_rows(&name, module, &layout, &beside, (source, file), limits, &mut impedance);
        outcome.and(impedance.finish())?;
    }
    Ok(())
}

/// Rows from all over a module of data; fewer when the source cannot be read, which will be told later.
fn sample(source: &dyn Source, module: &Module, rows_at: usize, width: usize) -> Vec<u8> {
    let rows = module.room.saturating_sub(rows_at as u64) / width.max(1) as u64;
    let taken = rows.min(layout::SAMPLED);
    let mut bytes = Vec::new();
    for place in 0..taken {
        // The first and the last among them: counters often rise late.
        let row = place * (rows - 1) / (taken - 1).max(1);
        let mut one = vec![0; width];
        let at = module.at + rows_at as u64 + row * width as u64;
        if read_full(source, at, &mut one).is_ok_and(|read| read == width) {
            bytes.extend(one);
        }
    }
    bytes
}

/// Says which modules were not read.
fn others(modules: &[Module], sink: &mut dyn Sink) {
    const READ: [&str; 5] = ["VMP Set", DATA, "VMP LOG", "VMP loop", "VMP ExtDev"];
    let mut others: Vec<&str> = modules.iter().map(|module| module.name.as_str()).collect();
    others.retain(|name| !READ.contains(name));
    if !others.is_empty() {
        let message = format!(
            "the file holds modules that are not known and were not read: {}",
            others.join(", ")
        );
        sink.note(Note::new("unknown-module", message, ""));
    }
}
