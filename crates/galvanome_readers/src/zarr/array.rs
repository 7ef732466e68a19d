//! What the metadata of an array say: its shape, its chunks, how a number is kept.

use serde_json::Value;

use super::codecs::Codec;
use crate::volume::Voxel;

/// Bytes of a chunk that are read at most: it is held in memory.
const CHUNK_MAX: usize = 1 << 30;
/// Dimensions of an array.
const DIMENSIONS_MAX: usize = 16;

/// An array.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Array {
    pub(super) shape: Vec<usize>,
    /// Sides of the chunks that are read; of an array in shards those inside.
    pub(super) chunk: Vec<usize>,
    pub(super) voxel: Voxel,
    pub(super) fill: f64,
    /// Whether names of chunks begin with `c`, and what separates numbers.
    pub(super) named: (bool, char),
    /// Which axis is the outermost in a chunk as it is kept, which the next, and so on.
    pub(super) order: Vec<usize>,
    /// In the order in which they were applied.
    pub(super) codecs: Vec<Codec>,
    pub(super) shard: Option<Shard>,
}

/// Files that hold several chunks each.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Shard {
    /// Chunks along each axis.
    pub(super) chunks: Vec<usize>,
    /// Whether the list of places is at the beginning, and whether a checksum stands behind it.
    pub(super) first: bool,
    pub(super) summed: bool,
}

impl Array {
    /// Bytes of a chunk's numbers.
    pub(super) fn chunk_bytes(&self) -> usize {
        self.chunk.iter().product::<usize>() * self.voxel.bytes()
    }
}

fn sizes(value: &Value, what: &str) -> Result<Vec<usize>, String> {
    let sizes: Option<Vec<_>> = value
        .as_array()
        .and_then(|sizes| sizes.iter().map(|size| usize::try_from(size.as_u64()?).ok()).collect());
    sizes
        .filter(|sizes| sizes.len() <= DIMENSIONS_MAX)
        .ok_or_else(|| format!("its metadata do not say its {what}"))
}

/// Checks what no number may say.
fn sound(array: Array) -> Result<Array, String> {
    let count =
        |sides: &[usize]| sides.iter().try_fold(1_usize, |all, &side| all.checked_mul(side));
    if array.chunk.len() != array.shape.len() || array.chunk.contains(&0) {
        return Err("its chunks do not fit its shape".to_owned());
    }
    let bytes = count(&array.chunk).and_then(|count| count.checked_mul(array.voxel.bytes()));
    if bytes.is_none_or(|bytes| bytes > CHUNK_MAX) {
        return Err(format!("its chunks of {:?} numbers are larger than is read", array.chunk));
    }
    if count(&array.shape).is_none_or(|count| count > usize::MAX >> 8) {
        return Err(format!("its shape {:?} holds more numbers than can be counted", array.shape));
    }
    Ok(array)
}

/// An array by the metadata of version 2 (`.zarray`).
pub(super) fn version_2(said: &Value) -> Result<Array, String> {
    let shape = sizes(&said["shape"], "shape")?;
    let chunk = sizes(&said["chunks"], "chunks")?;
    let kind = said["dtype"].as_str().ok_or("its numbers are records, which are not read")?;
    let voxel = match kind.split_at_checked(1) {
        Some((order @ ("|" | "<" | ">" | "="), kind)) => voxel_of(kind, order == ">"),
        _ => None,
    };
    let voxel = voxel.ok_or_else(|| format!("its kind of numbers {kind:?} is not read"))?;
    let mut codecs = Vec::new();
    for filter in said["filters"].as_array().into_iter().flatten() {
        codecs.push(Codec::of(filter["id"].as_str().unwrap_or_default(), filter)?);
    }
    let compressor = &said["compressor"];
    if !compressor.is_null() {
        codecs.push(Codec::of(compressor["id"].as_str().unwrap_or_default(), compressor)?);
    }
    let mut order: Vec<_> = (0..shape.len()).collect();
    if said["order"].as_str() == Some("F") {
        order.reverse();
    }
    let separator = said["dimension_separator"].as_str().and_then(|text| text.chars().next());
    sound(Array {
        fill: fill_of(&said["fill_value"], voxel),
        named: (false, separator.unwrap_or('.')),
        shape,
        chunk,
        voxel,
        order,
        codecs,
        shard: None,
    })
}

/// Kinds of numbers by their signs in version 2.
fn voxel_of(kind: &str, high_first: bool) -> Option<Voxel> {
    let of = |le, be| Some(if high_first { be } else { le });
    match kind {
        "u1" | "b1" => Some(Voxel::U8),
        "i1" => Some(Voxel::I8),
        "u2" => of(Voxel::U16Le, Voxel::U16Be),
        "i2" => of(Voxel::I16Le, Voxel::I16Be),
        "u4" => of(Voxel::U32Le, Voxel::U32Be),
        "i4" => of(Voxel::I32Le, Voxel::I32Be),
        "u8" => of(Voxel::U64Le, Voxel::U64Be),
        "i8" => of(Voxel::I64Le, Voxel::I64Be),
        "f2" => of(Voxel::F16Le, Voxel::F16Be),
        "f4" => of(Voxel::F32Le, Voxel::F32Be),
        "f8" => of(Voxel::F64Le, Voxel::F64Be),
        _ => None,
    }
}

/// Kinds of numbers by their names in version 3, as the signs of version 2.
fn sign_of(name: &str) -> Option<&'static str> {
    Some(match name {
        "bool" => "b1",
        "uint8" => "u1",
        "int8" => "i1",
        "uint16" => "u2",
        "int16" => "i2",
        "uint32" => "u4",
        "int32" => "i4",
        "uint64" => "u8",
        "int64" => "i8",
        "float16" => "f2",
        "float32" => "f4",
        "float64" => "f8",
        _ => return None,
    })
}

/// The number of chunks that are missing.
fn fill_of(said: &Value, voxel: Voxel) -> f64 {
    match said {
        Value::Bool(truth) => f64::from(u8::from(*truth)),
        Value::Number(number) => number.as_f64().unwrap_or(0.0),
        Value::String(text) => match text.as_str() {
            "NaN" => f64::NAN,
            "Infinity" => f64::INFINITY,
            "-Infinity" => f64::NEG_INFINITY,
            // The bits of a float.
            bits => match bits.strip_prefix("0x").and_then(|hex| u64::from_str_radix(hex, 16).ok())
            {
                Some(bits) if voxel.bytes() == 4 => f64::from(f32::from_bits(bits as u32)),
                Some(bits) if voxel.bytes() == 8 => f64::from_bits(bits),
                _ => 0.0,
            },
        },
        _ => 0.0,
    }
}

/// What a chain of codecs of version 3 says.
struct Chain {
    order: Vec<usize>,
    high_first: bool,
    codecs: Vec<Codec>,
    /// What is configured of shards.
    shards: Option<Value>,
}

fn chain(said: &Value, dimensions: usize) -> Result<Chain, String> {
    let mut chain = Chain {
        order: (0..dimensions).collect(),
        high_first: false,
        codecs: Vec::new(),
        shards: None,
    };
    for codec in said.as_array().into_iter().flatten() {
        let name = codec["name"].as_str().or(codec.as_str()).unwrap_or_default();
        let configured = &codec["configuration"];
        match name {
            "bytes" => chain.high_first = configured["endian"].as_str() == Some("big"),
            "transpose" => {
                let order = sizes(&configured["order"], "order of axes")?;
                let mut sorted = order.clone();
                sorted.sort_unstable();
                if sorted != (0..dimensions).collect::<Vec<_>>() {
                    return Err(format!("its order of axes {order:?} is none"));
                }
                // Several in a row are one.
                chain.order =
                    order.iter().filter_map(|&axis| chain.order.get(axis).copied()).collect();
            }
            "sharding_indexed" => chain.shards = Some(configured.clone()),
            _ if chain.shards.is_some() => {
                return Err(format!("its shards are packed with {name:?}, which is not read"));
            }
            _ => chain.codecs.push(Codec::of(name, configured)?),
        }
    }
    Ok(chain)
}

/// An array by the metadata of version 3 (`zarr.json`).
pub(super) fn version_3(said: &Value) -> Result<Array, String> {
    let shape = sizes(&said["shape"], "shape")?;
    let grid = &said["chunk_grid"];
    if grid["name"].as_str() != Some("regular") {
        return Err(format!("its grid of chunks {} is not read", grid["name"]));
    }
    let mut chunk = sizes(&grid["configuration"]["chunk_shape"], "chunks")?;
    let kind = &said["data_type"];
    let sign = kind.as_str().and_then(sign_of);
    let sign = sign.ok_or_else(|| format!("its kind of numbers {kind} is not read"))?;
    let mut chained = chain(&said["codecs"], shape.len())?;
    let mut shard = None;
    if let Some(configured) = chained.shards.take() {
        if !chained.codecs.is_empty()
            || chained.order.iter().enumerate().any(|(place, axis)| place != *axis)
        {
            return Err("its shards are packed or turned as a whole, which is not read".to_owned());
        }
        let inner = sizes(&configured["chunk_shape"], "chunks in shards")?;
        let fits = inner.len() == chunk.len()
            && chunk
                .iter()
                .zip(&inner)
                .all(|(whole, part)| *part > 0 && whole.is_multiple_of(*part));
        if !fits {
            return Err("its chunks do not fit its shards".to_owned());
        }
        let index = chain(&configured["index_codecs"], 1)?;
        if index.high_first || index.codecs.iter().any(|codec| *codec != Codec::Crc32c) {
            return Err("the lists of its shards are packed in a way that is not read".to_owned());
        }
        shard = Some(Shard {
            chunks: chunk.iter().zip(&inner).map(|(whole, part)| whole / part).collect(),
            first: configured["index_location"].as_str() == Some("start"),
            summed: !index.codecs.is_empty(),
        });
        chunk = inner;
        chained = chain(&configured["codecs"], shape.len())?;
        if chained.shards.is_some() {
            return Err("its shards hold shards, which is not read".to_owned());
        }
    }
    let voxel = voxel_of(sign, chained.high_first).ok_or("its kind of numbers is not read")?;
    let encoding = &said["chunk_key_encoding"];
    let old = encoding["name"].as_str() == Some("v2");
    let separator = encoding["configuration"]["separator"].as_str();
    let separator = separator.and_then(|text| text.chars().next());
    sound(Array {
        fill: fill_of(&said["fill_value"], voxel),
        named: (!old, separator.unwrap_or(if old { '.' } else { '/' })),
        shape,
        chunk,
        voxel,
        order: chained.order,
        codecs: chained.codecs,
        shard,
    })
}
