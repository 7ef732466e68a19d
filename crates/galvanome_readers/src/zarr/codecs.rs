//! From the bytes of a chunk as they are kept to those of its numbers.

use serde_json::Value;

use super::blosc;
use super::grow::grow;
use crate::le::u32_at;

/// What is done to the bytes of a chunk.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Codec {
    Zlib,
    Gzip,
    Zstd,
    /// A bare block behind its length.
    Lz4,
    Blosc,
    /// A checksum behind the bytes.
    Crc32c,
    /// Bytes of numbers of so many bytes put together by their place.
    Shuffle(usize),
}

impl Codec {
    /// The codec of a name with what is configured of it. Errors name those that are not read.
    pub(super) fn of(name: &str, configured: &Value) -> Result<Self, String> {
        Ok(match name {
            "zlib" | "numcodecs.zlib" => Self::Zlib,
            "gzip" | "numcodecs.gzip" => Self::Gzip,
            "zstd" | "numcodecs.zstd" => Self::Zstd,
            "lz4" | "numcodecs.lz4" => Self::Lz4,
            "blosc" | "numcodecs.blosc" => Self::Blosc,
            "crc32c" => Self::Crc32c,
            "shuffle" | "numcodecs.shuffle" => {
                let size = configured.get("elementsize").and_then(Value::as_u64).unwrap_or(4);
                Self::Shuffle(usize::try_from(size).unwrap_or(1).clamp(1, 64))
            }
            other => return Err(format!("its codec {other:?} is not read")),
        })
    }

    /// Undoes it. `most` is the number of bytes that the chunk's numbers take. Errors say what is wrong with the bytes.
    fn undo(self, bytes: &[u8], most: usize) -> Result<Vec<u8>, String> {
        let mut into = Vec::new();
        match self {
            Self::Zlib => grow(flate2::read::ZlibDecoder::new(bytes), most, &mut into)?,
            Self::Gzip => grow(flate2::read::MultiGzDecoder::new(bytes), most, &mut into)?,
            Self::Zstd => {
                let stream = zstd::stream::read::Decoder::with_buffer(bytes);
                grow(stream.map_err(|error| error.to_string())?, most, &mut into)?;
            }
            Self::Lz4 => {
                let len = bytes.get(..4).map_or(0, |four| u32_at(four, 0) as usize);
                if len > most {
                    return Err(format!("an LZ4 block says {len} bytes where {most} belong"));
                }
                blosc::lz4(bytes.get(4..).unwrap_or_default(), len, &mut into)?;
            }
            Self::Blosc => into = blosc::unpack(bytes, most)?,
            Self::Crc32c => {
                let Some((rest, stated)) = bytes.split_last_chunk::<4>() else {
                    return Err("it is too short for its checksum".to_owned());
                };
                if crc32c(rest) != u32::from_le_bytes(*stated) {
                    return Err("its checksum does not hold: it was changed or damaged".to_owned());
                }
                into = rest.to_vec();
            }
            Self::Shuffle(size) => blosc::unshuffle(bytes, size, &mut into),
        }
        Ok(into)
    }
}

/// The bytes of a chunk's numbers: every codec undone, the last one first. Checksums may stand behind any of them, so that
/// four bytes a codec may come beyond what the numbers take. Errors say what is wrong.
pub(super) fn undone(codecs: &[Codec], bytes: Vec<u8>, wanted: usize) -> Result<Vec<u8>, String> {
    let mut bytes = bytes;
    for (place, codec) in codecs.iter().enumerate().rev() {
        let sums = codecs.iter().take(place).filter(|codec| **codec == Codec::Crc32c).count();
        bytes = codec.undo(&bytes, wanted + 4 * sums)?;
    }
    if bytes.len() == wanted {
        Ok(bytes)
    } else {
        Err(format!("it holds {} bytes where {wanted} belong", bytes.len()))
    }
}

/// The checksum of Castagnoli (RFC 3720, appendix B.4).
fn crc32c(bytes: &[u8]) -> u32 {
    const TABLE: [u32; 256] = {
        let mut table = [0; 256];
        let mut place = 0;
        while place < 256 {
            let mut value = place as u32;
            let mut bit = 0;
            while bit < 8 {
                value = if value & 1 == 1 { value >> 1 ^ 0x82F6_3B78 } else { value >> 1 };
                bit += 1;
            }
            table[place] = value;
            place += 1;
        }
        table
    };
    !bytes.iter().fold(!0, |sum, byte| {
        let place = usize::from(sum as u8 ^ byte);
        sum >> 8 ^ TABLE.get(place).copied().unwrap_or(0)
    })
}

#[cfg(test)]
mod tests {
    use super::crc32c;

    #[test]
    fn the_checksum_is_that_of_the_standard() {
        // The examples of RFC 3720, B.4.
        assert_eq!(crc32c(&[0; 32]), 0x8A91_36AA);
        assert_eq!(crc32c(&[0xFF; 32]), 0x62A8_AB43);
        assert_eq!(crc32c(b"123456789"), 0xE306_9283);
    }
}
