//! Renishaw `.wdf`: what WiRE stores of Raman and luminescence spectra, series and maps.
//!
//! A head of 512 bytes says how many spectra of how many points there are, with which laser and when. Blocks follow, each
//! with a name of four letters and its length: `DATA` holds the spectra one after the other as floats, `XLST` the axis that
//! they share, `ORGN` where and when each was taken, `WMAP` the area that a map was to cover, and property sets (`WXDA`,
//! `WXDM`, `WXIS` and others) hold settings as names and values. Spectra are given in the order of the file and their axis
//! as it runs there, which mostly falls.
//!
//! A map is a signal of spectra with positions, which come from `ORGN`, and from `WMAP` only where the former is missing. A
//! series has the axis along which it was taken. The table `spectra` holds whatever else the file says of each spectrum.
//!
//! Source: the layout as the vendor's own accessor of such files describes it (renishaw-wdf 1.4.0, Apache-2.0), held against
//! real files.

mod area;
mod blocks;
mod header;
mod kinds;
mod origins;
mod positions;
mod properties;
mod signals;
mod spectra;
mod table;
mod tell;

use self::blocks::Blocks;
use self::header::Header;
use crate::error::{ReadError, Trouble};
use crate::failure::Failure;
use crate::files::Files;
use crate::format::{Confidence, Format};
use crate::limits::Limits;
use crate::sink::Sink;
use crate::source::{Source, head_of};

/// The entry of the list of formats.
pub(crate) const FORMAT: Format =
    Format { id: "renishaw-wdf", name: "Renishaw WiRE wdf", endings: &["wdf"], claims, read };

/// What every file begins with.
const MARK: &[u8] = b"WDF1";

fn claims(files: &Files) -> Confidence {
    let head = files.only().and_then(|member| head_of(member.source.as_ref(), MARK.len()).ok());
    Confidence::certain_if(head.is_some_and(|head| head == MARK))
}

fn read(files: &Files, limits: &Limits, sink: &mut dyn Sink) -> Result<(), ReadError> {
    let damaged = |what: &str| {
        ReadError::new(Trouble::Damaged, what, "copy the file from the instrument's computer again")
            .in_file(files.name())
    };
    let Some(member) = files.only() else { return Err(damaged("a Renishaw wdf is one file")) };
    let source = member.source.as_ref();
    let head =
        head_of(source, header::LEN).map_err(|error| ReadError::source(&member.name, &error))?;
    if !head.starts_with(MARK) {
        return Err(damaged("the file does not begin as a Renishaw wdf does"));
    }
    let Some(header) = Header::of(&head) else {
        return Err(damaged("the file ends within its head, so it holds no spectra"));
    };
    if header.points == 0 {
        return Err(damaged("the head says that spectra have no points").at_byte(60));
    }
    all(source, &header, limits, sink).map_err(|failure| failure.in_file(&member.name))
}

fn all(
    source: &dyn Source,
    header: &Header,
    limits: &Limits,
    sink: &mut dyn Sink,
) -> Result<(), Failure> {
    let blocks = Blocks::walk(source, limits, sink)?;
    let settings = tell::all(source, header, &blocks, limits, sink)?;
    signals::read(source, header, &blocks, &settings, limits, sink)
}
