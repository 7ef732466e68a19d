//! Impedance spectra as Maccor's software exports them: a file for each spectrum.

use crate::error::ReadError;
use crate::files::Files;
use crate::limits::Limits;
use crate::sink::Sink;
use crate::text::cells::decode;
use crate::text::clock::{Civil, DateOrder};
use crate::text::names::names_in;
use crate::text::records::Records;
use crate::text::table::Table;
use crate::vocabulary::Vocabulary;

const VOCABULARY: Vocabulary = Vocabulary {
    names: &[
        ("freq", "frequency_hertz", "Hz"),
        ("z'", "real_impedance_ohm", "ohm"),
        ("z''", "imaginary_impedance_ohm", "ohm"),
        ("z mag", "absolute_impedance_ohm", "ohm"),
        ("phase angle", "phase_degree", "deg"),
        ("time", "test_time_second", ""),
    ],
    // Headings of these do not fit their columns in the files that are known.
    others: &[
        "polar", "c", "status", "irg", "vmag", "imag", "v dc", "isg", "rc", "vsc", "vsg", "vsp",
        "bl", "bf", "bhc", "ufl", "ufh", "blh",
    ],
};

/// Whether a file begins as one of impedance.
pub(super) fn is_mark(head: &[u8]) -> bool {
    let first = head.split(|&byte| byte == b'\n').next().unwrap_or_default();
    head.starts_with(b"MACCOR") && first.windows(12).any(|part| part == b"AC Impedance")
}

/// Reads such a file. Errors as a format does.
pub(super) fn read(files: &Files, limits: &Limits, sink: &mut dyn Sink) -> Result<(), ReadError> {
    let mut written = Vec::new();
    let names_of = |line: &[u8]| {
        let mut heads = names_in(line, |heads| heads.names.len() >= 4 && heads.has(&["freq"]))?;
        written.clone_from(&heads.names);
        for name in &mut heads.names {
            // Letters for the axes stand where units do: `Z'(a)`.
            *name = name.trim_end_matches("(a)").trim_end_matches("(b)").to_owned();
        }
        Some(heads)
    };
    let table = Table::below(files, limits, sink, names_of, |line, sink| {
        let text = decode(line.bytes);
        let text = text.trim();
        if let Some((date, time)) =
            text.strip_prefix("Start Date:").and_then(|rest| rest.split_once("Start Time:"))
            && let Some(civil) =
                Civil::date(date, DateOrder::MonthFirst).and_then(|date| date.at(time))
        {
            sink.started_at(civil.start());
        }
        if !text.is_empty() {
            sink.metadata("", text);
        }
    })?;
    let Some(table) = table else { return Ok(()) };
    let mut records = Records::of(table, 0, &VOCABULARY, None, None, sink);
    for plan in &mut records.plans {
        if let Some(written) = written.get(plan.cell) {
            written.clone_into(&mut plan.column.head.vendor_name);
        }
    }
    records.read_as("impedance", sink, limits)
}
