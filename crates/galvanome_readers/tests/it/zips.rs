//! Zips that nobody should trust.

use std::io::{Read, Write};

use flate2::read::DeflateDecoder;
use flate2::write::DeflateEncoder;
use flate2::{Compression, Crc};

/// A member of a zip, with what its head says of it.
pub(crate) struct Member {
    pub(crate) name: String,
    pub(crate) method: u16,
    pub(crate) flags: u16,
    pub(crate) packed: Vec<u8>,
    /// The unpacked length that the head claims.
    pub(crate) says: u32,
    /// The checksum that the zip says.
    pub(crate) checksum: u32,
}

fn checksum(bytes: &[u8]) -> u32 {
    let mut crc = Crc::new();
    crc.update(bytes);
    crc.sum()
}

impl Member {
    pub(crate) fn stored(name: &str, bytes: &[u8]) -> Self {
        let says = bytes.len() as u32;
        let checksum = checksum(bytes);
        Self { name: name.to_owned(), method: 0, flags: 0, packed: bytes.to_vec(), says, checksum }
    }

    pub(crate) fn deflated(name: &str, bytes: &[u8]) -> Self {
        let mut encoder = DeflateEncoder::new(Vec::new(), Compression::default());
        encoder.write_all(bytes).expect("memory takes bytes");
        let packed = encoder.finish().expect("memory takes bytes");
        let (says, checksum) = (bytes.len() as u32, checksum(bytes));
        Self { name: name.to_owned(), method: 8, flags: 0, packed, says, checksum }
    }
}

/// A zip of members.
pub(crate) fn zip(members: &[Member]) -> Vec<u8> {
    let (mut bytes, mut directory) = (Vec::new(), Vec::new());
    for member in members {
        let at = bytes.len() as u32;
        let streamed = member.flags & 8 != 0;
        let about = |sizes: bool| {
            let mut about = vec![20, 0];
            about.extend(member.flags.to_le_bytes());
            about.extend(member.method.to_le_bytes());
            about.extend([0; 4]);
            about.extend((if sizes { member.checksum } else { 0 }).to_le_bytes());
            let packed = if sizes { member.packed.len() as u32 } else { 0 };
            about.extend(packed.to_le_bytes());
            about.extend((if sizes { member.says } else { 0 }).to_le_bytes());
            about.extend((member.name.len() as u16).to_le_bytes());
            about.extend([0, 0]);
            about
        };
        bytes.extend(b"PK\x03\x04");
        bytes.extend(about(!streamed));
        bytes.extend(member.name.as_bytes());
        bytes.extend(&member.packed);
        if streamed {
            bytes.extend(b"PK\x07\x08");
            bytes.extend(member.checksum.to_le_bytes());
            bytes.extend((member.packed.len() as u32).to_le_bytes());
            bytes.extend(member.says.to_le_bytes());
        }
        directory.extend(b"PK\x01\x02\x14\0");
        directory.extend(about(true));
        directory.extend([0; 10]);
        directory.extend(at.to_le_bytes());
        directory.extend(member.name.as_bytes());
    }
    let at = bytes.len() as u32;
    bytes.extend(&directory);
    bytes.extend(b"PK\x05\x06\0\0\0\0");
    bytes.extend((members.len() as u16).to_le_bytes());
    bytes.extend((members.len() as u16).to_le_bytes());
    bytes.extend((directory.len() as u32).to_le_bytes());
    bytes.extend(at.to_le_bytes());
    bytes.extend([0, 0]);
    bytes
}

/// The members of a zip that our own writers made.
pub(crate) fn unzip(bytes: &[u8]) -> Vec<(String, Vec<u8>)> {
    let number = |at: usize, len: usize| {
        bytes[at..at + len].iter().rev().fold(0, |number, &byte| number << 8 | usize::from(byte))
    };
    let (mut at, mut members) = (0, Vec::new());
    while bytes[at..].starts_with(b"PK\x03\x04") {
        let begins = at + 30 + number(at + 26, 2);
        let ends = begins + number(at + 18, 4);
        let mut unpacked = Vec::new();
        DeflateDecoder::new(&bytes[begins..ends]).read_to_end(&mut unpacked).expect("deflated");
        members
            .push((String::from_utf8(bytes[at + 30..begins].to_vec()).expect("a name"), unpacked));
        at = ends;
    }
    members
}
