//! Neware `.nda`: the test file of BTS 5 to 9.
//!
//! A head with pointers to blocks, descriptions of device and test, then records of one length that hold
//! everything of a row. Versions up to 29 write integers scaled by the current range; versions 129 and 130
//! (BTS 9) write floating-point numbers. Positive current charges, as in the file.
//!
//! The instrument's own count of cycles is kept. Test time is not in the file up to version 29: it is the sum of
//! the longest times of the steps before, as BTSDA shows it.

mod aux;
mod bts9;
mod classic;
mod find;
mod header;
mod order;
mod write;

pub use self::write::{NdaTest, write_nda};
use crate::error::{ReadError, Trouble};
use crate::files::Files;
use crate::format::{Confidence, Format};
use crate::limits::Limits;
use crate::neware::record;
use crate::sink::Sink;
use crate::source::head_of;

/// The entry of the list of formats.
pub(crate) const FORMAT: Format =
    Format { id: "neware-nda", name: "Neware nda", endings: &["nda"], claims, read };

/// What every version begins with.
const MARK: &[u8] = b"NEWARE";
/// Where the version stands.
const VERSION_AT: usize = 14;

fn claims(files: &Files) -> Confidence {
    let head = files.only().and_then(|member| head_of(member.source.as_ref(), 16).ok());
    match head {
        Some(head) if head.starts_with(MARK) && head.len() > VERSION_AT => Confidence::Certain,
        _ => Confidence::No,
    }
}

fn read(files: &Files, limits: &Limits, sink: &mut dyn Sink) -> Result<(), ReadError> {
    let damaged = |what: &str| {
        ReadError::new(Trouble::Damaged, what, "copy the file from the instrument's computer again")
            .in_file(files.name())
    };
    let Some(member) = files.only() else {
        return Err(damaged("a Neware nda is one file"));
    };
    let source = member.source.as_ref();
    let head =
        head_of(source, header::HEAD).map_err(|error| ReadError::source(&member.name, &error))?;
    let version = match head.get(VERSION_AT) {
        Some(version) if head.starts_with(MARK) => *version,
        _ => return Err(damaged("the file does not begin as a Neware nda does")),
    };
    let result = match (version, record::of_nda(version)) {
        (129 | 130, _) => bts9::read(source, &head, limits, sink),
        (_, Some(layout)) => classic::read(source, &head, version, layout, limits, sink),
        _ => {
            return Err(ReadError::new(
                Trouble::Unsupported,
                format!("version {version} of Neware nda is not known"),
                "export the test from BTSDA as text, and send the makers of this reader the file",
            ));
        }
    };
    result.map_err(|failure| failure.in_file(&member.name))
}
