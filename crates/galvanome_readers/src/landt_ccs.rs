//! Landt (LAND, LANHE) `.ccs`: the binary test file of LANDdt and LandCT.
//!
//! Nobody has published its layout, and no trusted reader exists. What is known was found in one real file and holds
//! within it: a head of 2560 bytes (name of the test, GUID, start in milliseconds since 1970), then blocks of 128 bytes.
//! The low byte of a block's first number tells its kind. Kind 3 holds up to six samples (the second byte says how many) of
//! 20 bytes: milliseconds since the sample before, volts, amperes (a discharge is negative), ampere hours and watt hours
//! since the sample before. Kind 2 stands where a step begins or ends, with the milliseconds of the test so far: in the
//! file at hand the samples add up to them exactly, and current times interval gives the stored charge. No value was
//! compared with the vendor's software, which a note says.

use galvanome_model::measurement::{Origin, StartTime, Zone};
use galvanome_model::note::Note;

use crate::error::{ReadError, Trouble};
use crate::files::Files;
use crate::format::{Confidence, Format};
use crate::le::{f32_at, u8_at, u16_at, u32_at};
use crate::limits::Limits;
use crate::neware::batch::{Batch, ROWS};
use crate::sink::Sink;
use crate::source::{Source, read_full};
use crate::text::clock::iso_of_unix;

/// The entry of the list of formats.
pub(crate) const FORMAT: Format =
    Format { id: "landt-ccs", name: "Landt ccs", endings: &["ccs"], claims, read };

/// Bytes of the head, of a block, and of a sample.
const HEAD: usize = 2560;
const BLOCK: usize = 128;
const SAMPLE: usize = 20;

/// Kinds of blocks: where a step begins or ends, and samples.
const BOUND: u8 = 2;
const SAMPLES: u8 = 3;

/// Blocks that are fetched at a time.
const FETCH: usize = 512 * BLOCK;

/// Texts of the head, by place and length, and what they are.
const TEXTS: [(usize, usize, &str); 4] =
    [(0x10, 0x44, "Group"), (0x58, 0x20, "Computer"), (0x78, 0x26, "GUID"), (0xB0, 0x40, "Test")];

fn head_of(source: &dyn Source) -> std::io::Result<Vec<u8>> {
    let mut head = vec![0; HEAD];
    let got = read_full(source, 0, &mut head)?;
    head.truncate(got);
    Ok(head)
}

fn claims(files: &Files) -> Confidence {
    let Some(member) = files.only() else { return Confidence::No };
    let Ok(head) = head_of(member.source.as_ref()) else { return Confidence::No };
    // A GUID at its place, and the name of the maker or of the template behind it.
    let guid = head.get(0x78..0x9E).is_some_and(|guid| {
        guid.first() == Some(&b'{')
            && guid.last() == Some(&b'}')
            && [9, 14, 19, 24].iter().all(|&dash| guid.get(dash) == Some(&b'-'))
    });
    let says = |mark: &[u8]| head.windows(mark.len()).any(|window| window == mark);
    match guid {
        true if says(b"WuHan LAND") || says(b"TestName_StartTime_ChannelNumber") => {
            Confidence::Certain
        }
        true => Confidence::Likely,
        false => Confidence::No,
    }
}

/// Text up to its first zero, as the instrument's computer may have written it.
fn text_at(head: &[u8], at: usize, len: usize) -> String {
    let text = head.get(at..at + len).unwrap_or_default();
    let text = text.split(|&byte| byte == 0).next().unwrap_or_default();
    match std::str::from_utf8(text) {
        Ok(text) => text.to_owned(),
        Err(_) => encoding_rs::GB18030.decode_without_bom_handling(text).0.into_owned(),
    }
}

fn read(files: &Files, limits: &Limits, sink: &mut dyn Sink) -> Result<(), ReadError> {
    let Some(member) = files.only() else {
        return Err(ReadError::new(Trouble::Damaged, "a ccs test is one file", "name that file"));
    };
    let source = member.source.as_ref();
    let failed = |error: std::io::Error| ReadError::source(&member.name, &error);
    let head = head_of(source).map_err(failed)?;
    sink.instrument("Landt");
    for (at, len, key) in TEXTS {
        let text = text_at(&head, at, len);
        if !text.is_empty() {
            sink.metadata(key, &text);
        }
    }
    let started_ms = u64::from(u32_at(&head, 0xA8)) | u64::from(u32_at(&head, 0xAC)) << 32;
    if started_ms > 0
        && let Some(iso) = iso_of_unix(started_ms as f64 / 1e3)
    {
        sink.started_at(StartTime { iso, zone: Zone::Stated });
    }
    let message = "nobody has published the layout of Landt ccs; it was read as one real file shows it, and no value was compared with the vendor's software. Export the test from there as text to be sure";
    sink.note(Note::new("unverified-format", message, ""));
    read_blocks(source, &member.name, limits, sink)
}

/// What runs on from block to block.
#[derive(Default)]
struct Running {
    test_ms: u64,
    step_began_ms: u64,
    step: u32,
    charge_ah: f64,
    energy_wh: f64,
    rows: u64,
    unknown: u64,
    /// Where the steps' own times are not those of their rows: how often, and the first.
    differs: (u64, String),
}

fn read_blocks(
    source: &dyn Source,
    name: &str,
    limits: &Limits,
    sink: &mut dyn Sink,
) -> Result<(), ReadError> {
    let mut batch = Batch::default();
    let (stored, rebuilt) = (Origin::Stored, Origin::Reconstructed);
    let test_time = batch.numbers("test_time_second", "s", "", rebuilt);
    let voltage = batch.numbers("voltage_volt", "V", "", stored);
    let current = batch.numbers("current_ampere", "A", "", stored);
    let step_count = batch.numbers("step_count", "1", "", rebuilt);
    let step_time = batch.numbers("step_time_second", "s", "", rebuilt);
    let index = batch.numbers("record_index", "1", "", rebuilt);
    let capacity = batch.numbers("step_capacity_ah", "Ah", "", Origin::Integrated);
    let energy = batch.numbers("step_energy_wh", "Wh", "", Origin::Integrated);
    let code = batch.numbers("unknown_5", "", "", stored);
    batch.begin(limits, sink);
    let mut running = Running::default();
    let mut at = HEAD as u64;
    let mut blocks = vec![0; FETCH];
    let mut waiting = 0;
    let cut = 'file: loop {
        let got =
            read_full(source, at, &mut blocks).map_err(|error| ReadError::source(name, &error))?;
        for block in blocks.get(..got).unwrap_or_default().chunks(BLOCK) {
            if block.len() < BLOCK {
                break 'file true;
            }
            match u8_at(block, 0) {
                SAMPLES => {}
                BOUND => {
                    running.bound(block, at);
                    at += BLOCK as u64;
                    continue;
                }
                _ => {
                    running.unknown += u64::from(block.iter().any(|&byte| byte != 0));
                    at += BLOCK as u64;
                    continue;
                }
            }
            let count = usize::from(u8_at(block, 1)).min((BLOCK - 8) / SAMPLE);
            let samples = block.get(8..).unwrap_or_default().chunks_exact(SAMPLE);
            for sample in samples.take(count) {
                running.test_ms = running.test_ms.saturating_add(u64::from(u32_at(sample, 0)));
                running.charge_ah += known(f32_at(sample, 12)).abs();
                running.energy_wh += known(f32_at(sample, 16)).abs();
                running.rows += 1;
                waiting += 1;
                batch.push(test_time, running.test_ms as f64 / 1e3);
                batch.push(voltage, finite(f32_at(sample, 4)));
                batch.push(current, finite(f32_at(sample, 8)));
                batch.push(step_count, f64::from(running.step.max(1)));
                let step_ms = running.test_ms.saturating_sub(running.step_began_ms);
                batch.push(step_time, step_ms as f64 / 1e3);
                batch.push(index, running.rows as f64);
                batch.push(capacity, running.charge_ah);
                batch.push(energy, running.energy_wh);
                batch.push(code, f64::from(u16_at(block, 5)));
            }
            at += BLOCK as u64;
            if waiting >= ROWS {
                waiting = 0;
                if !batch.flush(sink)? {
                    return Ok(());
                }
            }
        }
        if got < blocks.len() {
            break false;
        }
    };
    batch.flush(sink)?;
    running.notes(cut || at == HEAD as u64 && source.len() < HEAD as u64, at, sink);
    Ok(())
}

impl Running {
    /// A step begins, or ends.
    fn bound(&mut self, block: &[u8], at: u64) {
        let says_ms = u64::from(u32_at(block, 24));
        if self.rows > 0 && says_ms != self.test_ms {
            if self.differs.0 == 0 {
                self.differs.1 = format!("byte {at}");
            }
            self.differs.0 += 1;
        }
        self.step += 1;
        self.step_began_ms = self.test_ms;
        self.charge_ah = 0.0;
        self.energy_wh = 0.0;
    }

    fn notes(&self, cut: bool, at: u64, sink: &mut dyn Sink) {
        if cut {
            let message = format!(
                "the file stops within a block; {} whole samples were read. Fetch the file again if the test is longer",
                self.rows
            );
            sink.note(Note::new("truncated-file", message, format!("byte {at}")));
        }
        if self.unknown > 0 {
            let message = format!("{} blocks of unknown kinds were left out", self.unknown);
            sink.note(Note::new("unknown-record", message, ""));
        }
        if self.differs.0 > 0 {
            let message = format!(
                "{} steps end at other times than their samples add up to: samples may be missing",
                self.differs.0
            );
            sink.note(Note::new("row-count", message, self.differs.1.clone()));
        }
        let message = "the meaning of these numbers is not known; they are called by their byte in the block: unknown_5";
        sink.note(Note::new("unknown-column", message, ""));
    }
}

fn finite(value: f64) -> f64 {
    if value.is_finite() { value } else { f64::NAN }
}

/// What is added to a sum: nothing where there is no number.
fn known(value: f64) -> f64 {
    if value.is_finite() { value } else { 0.0 }
}
