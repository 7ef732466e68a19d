//! Delimited text that Landt's (LANHE's) software exports.
//!
//! Three kinds. One with names such as `test_time_s` and `current_A`, below lines of what was tested that end in many
//! commas. One with names such as `TestTime/Sec.` and `Current/mA`, in English or Chinese, perhaps in GB18030. One
//! with the names of Maccor's text and the clock called `DPt-Time`. Rows may be wider or narrower than the names.

use crate::error::ReadError;
use crate::files::Files;
use crate::format::{Confidence, Format};
use crate::limits::Limits;
use crate::maccor_text;
use crate::sink::Sink;
use crate::text::cells::decode;
use crate::text::clock::DateOrder;
use crate::text::names::{Heads, entry, names_in};
use crate::text::records::Records;
use crate::text::sign::by_state;
use crate::text::table::Table;
use crate::text::wall::Wall;
use crate::vocabulary::Vocabulary;

/// The entry of the list of formats.
pub(crate) const FORMAT: Format =
    Format { id: "landt-csv", name: "Landt text", endings: &["csv", "txt"], claims, read };

const CLOCK: [&str; 6] =
    ["date time iso string", "systime", "system time", "dpt time", "系统时间", "绝对时间"];

/// What the software calls its columns. Charge and energy begin anew with each step.
pub(crate) const VOCABULARY: Vocabulary = Vocabulary {
    names: &[
        ("test time", "test_time_second", ""),
        ("testtime", "test_time_second", ""),
        ("测试时间", "test_time_second", ""),
        ("step time", "step_time_second", ""),
        ("steptime", "step_time_second", ""),
        ("步时间", "step_time_second", ""),
        ("工步时间", "step_time_second", ""),
        ("voltage", "voltage_volt", ""),
        ("电压", "voltage_volt", ""),
        ("current", "current_ampere", ""),
        ("电流", "current_ampere", ""),
        ("cycle index", "cycle_count", "1"),
        ("cycleno", "cycle_count", "1"),
        ("cycle", "cycle_count", "1"),
        ("循环序号", "cycle_count", "1"),
        ("循环号", "cycle_count", "1"),
        ("step index", "step_id", "1"),
        ("stepno", "step_id", "1"),
        ("step", "step_id", "1"),
        ("工步序号", "step_id", "1"),
        ("工步号", "step_id", "1"),
        ("step name", "step_type", ""),
        ("state", "step_type", ""),
        ("stepstatus", "step_type", ""),
        ("mode", "step_type", ""),
        ("状态", "step_type", ""),
        ("工步状态", "step_type", ""),
        ("record", "record_index", "1"),
        ("index", "record_index", "1"),
        ("channel index", "record_index", "1"),
        ("记录序号", "record_index", "1"),
        ("记录", "record_index", "1"),
        ("charge capacity", "step_charging_capacity_ah", ""),
        ("discharge capacity", "step_discharging_capacity_ah", ""),
        ("charge energy", "step_charging_energy_wh", ""),
        ("discharge energy", "step_discharging_energy_wh", ""),
        ("capacity", "step_cumulative_capacity_ah", ""),
        ("容量", "step_cumulative_capacity_ah", ""),
        ("energy", "step_cumulative_energy_wh", ""),
        ("能量", "step_cumulative_energy_wh", ""),
        ("power", "power_watt", ""),
        ("temperature 1", "temperature_t1_celsius", ""),
        ("temperature 2", "temperature_t2_celsius", ""),
        ("temperature 3", "temperature_t3_celsius", ""),
        ("temperature", "temperature_t1_celsius", ""),
    ],
    others: &[
        "date time iso string",
        "systime",
        "system time",
        "系统时间",
        "pressure",
        "scap",
        "scapacity",
        "speccap",
        "specapacity",
        "speccapacity",
        "比容量",
        "senergy",
        "specenergy",
        "speenergy",
        "比能量",
        "auxvolt",
        "auxtemp",
        "dq/dv",
        "scapacity/mah/g",
        "scap/mah/g",
        "specapacity/mah/g",
        "senergy/wh/kg",
        "senergy/mwh/g",
        "比容量/mah/g",
        "比能量/mwh/g",
    ],
};

fn claims(files: &Files) -> Confidence {
    Confidence::certain_if(files.opening().is_some_and(|opening| opening.names(40, are_names)))
}

/// Whether names are those of a Landt table.
fn are_names(heads: &Heads) -> bool {
    let begins = |begin: &str| heads.names.iter().any(|name| name.starts_with(begin));
    let named =
        heads.is("date_time_iso_string") || heads.is("channel_index") && heads.is("step_name");
    let strokes = (begins("TestTime/") || begins("TestTime") && heads.has(&["systime"]))
        && begins("Voltage/")
        && begins("Current/");
    let chinese = begins("测试时间") && begins("电压/") && begins("电流/");
    (named && heads.has(&["voltage"]) && heads.has(&["current"]))
        || strokes
        || chinese
        || is_maccor_like(&heads.names)
}

/// Whether names are those of the kind that follows Maccor.
fn is_maccor_like(names: &[String]) -> bool {
    let is = |exact: &str| names.iter().any(|name| name == exact);
    is("DPt-Time") && is("Rec#")
}

fn read(files: &Files, limits: &Limits, sink: &mut dyn Sink) -> Result<(), ReadError> {
    let names_of = |line: &[u8]| names_in(line, are_names);
    let table = Table::below(files, limits, sink, names_of, |line, sink| {
        if let Some((key, value)) = entry(&decode(line.bytes)) {
            sink.metadata(key, value);
        }
    })?;
    let Some(table) = table else { return Ok(()) };
    if is_maccor_like(&table.names) {
        return maccor_text::read_table(table, &maccor_text::Header::default(), limits, sink);
    }
    let wall = Wall::find(&table, &CLOCK, DateOrder::MonthFirst, None, sink);
    let mut records = Records::of(table, 0, &VOCABULARY, wall, None, sink);
    records.add_test_time(sink);
    if let Some(start) = records.start() {
        sink.started_at(start);
    }
    by_state(&mut records, sink);
    records.read(sink, limits)
}
