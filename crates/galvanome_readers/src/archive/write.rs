//! Writing a zip, for the writers of packed formats.

use std::io::{self, Write};

use flate2::write::DeflateEncoder;
use flate2::{Compression, Crc};

use super::MARK;

/// Writes members, deflated, and the directory behind them. Errors when `into` cannot take the bytes.
pub(crate) fn write_zip(members: &[(String, Vec<u8>)], into: &mut dyn Write) -> io::Result<()> {
    let mut directory = Vec::new();
    let mut at: u32 = 0;
    for (name, bytes) in members {
        let mut crc = Crc::new();
        crc.update(bytes);
        let mut encoder = DeflateEncoder::new(Vec::new(), Compression::default());
        encoder.write_all(bytes)?;
        let packed = encoder.finish()?;
        // Version 2.0, no flags, deflated, midnight of 1 January 1980.
        let mut about = vec![20, 0, 0, 0, 8, 0, 0, 0, 0x21, 0];
        about.extend(crc.sum().to_le_bytes());
        about.extend((packed.len() as u32).to_le_bytes());
        about.extend((bytes.len() as u32).to_le_bytes());
        about.extend((name.len() as u16).to_le_bytes());
        about.extend(0_u16.to_le_bytes());
        into.write_all(MARK)?;
        into.write_all(&about)?;
        into.write_all(name.as_bytes())?;
        into.write_all(&packed)?;
        directory.extend(b"PK\x01\x02\x14\x00");
        directory.extend(&about);
        // No comment, first disk, no attributes.
        directory.extend([0; 10]);
        directory.extend(at.to_le_bytes());
        directory.extend(name.as_bytes());
        at += (MARK.len() + about.len() + name.len() + packed.len()) as u32;
    }
    into.write_all(&directory)?;
    let count = (members.len() as u16).to_le_bytes();
    into.write_all(b"PK\x05\x06\0\0\0\0")?;
    into.write_all(&count)?;
    into.write_all(&count)?;
    into.write_all(&(directory.len() as u32).to_le_bytes())?;
    into.write_all(&at.to_le_bytes())?;
    into.write_all(&[0, 0])
}
