//! Zarr arrays against what was written into them.

use std::io::Write;
use std::sync::Arc;

use galvanome_model::measurement::Measurement;
use galvanome_model::slabs::{VoxelKind, Voxels};
use galvanome_readers::{Collect, Files, Limits, ReadError, Together, read};

use crate::fixtures::zarr::{SHARDED, bytes_of, chunk, members, shard, zarray};
use crate::tiff::voxels;

/// A folder of files.
fn folder(members: Vec<(String, Vec<u8>)>) -> Files {
    let mut members: Vec<_> = members
        .into_iter()
        .map(|(name, bytes)| galvanome_readers::Member { name, source: Arc::new(bytes) })
        .collect();
    members.sort_by(|a, b| a.name.cmp(&b.name));
    Files::several(Together::Folder, "array.zarr", members)
}

fn collected(members: Vec<(String, Vec<u8>)>) -> Result<Measurement, ReadError> {
    let mut collect = Collect::new();
    let format = read(&folder(members), &Limits::default(), &mut collect)?;
    assert_eq!(format.id, "zarr");
    Ok(collect.into_measurement())
}

fn codes(measurement: &Measurement) -> Vec<&str> {
    measurement.notes.iter().map(|note| note.code.as_str()).collect()
}

fn zlib(bytes: &[u8]) -> Vec<u8> {
    let mut zlib = flate2::write::ZlibEncoder::new(Vec::new(), flate2::Compression::default());
    zlib.write_all(bytes).expect("memory takes bytes");
    zlib.finish().expect("memory takes bytes")
}

fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut gzip = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::default());
    gzip.write_all(bytes).expect("memory takes bytes");
    gzip.finish().expect("memory takes bytes")
}

fn lz4(bytes: &[u8]) -> Vec<u8> {
    let mut packed = (bytes.len() as u32).to_le_bytes().to_vec();
    packed.extend(lz4_flex::block::compress(bytes));
    packed
}

/// First bytes of all numbers of two bytes, then second ones.
fn shuffled(bytes: &[u8]) -> Vec<u8> {
    (0..2).flat_map(|nth| bytes.iter().skip(nth).step_by(2).copied()).collect()
}

/// A Blosc container with one block.
fn blosc(block: &[u8], flags: u8, pack: &dyn Fn(&[u8]) -> Vec<u8>) -> Vec<u8> {
    let mut packed = pack(block);
    if packed.len() == block.len() {
        // A stream of this length is taken as it is.
        packed = block.to_vec();
    }
    let mut all = vec![2, 1, flags, 2];
    for number in [block.len(), block.len(), 16 + 4 + 4 + packed.len(), 20, packed.len()] {
        all.extend((number as u32).to_le_bytes());
    }
    all.extend(packed);
    all
}

fn zstandard(bytes: &[u8]) -> Vec<u8> {
    zstd::encode_all(bytes, 1).expect("zstd")
}

fn snappy(bytes: &[u8]) -> Vec<u8> {
    snap::raw::Encoder::new().compress_vec(bytes).expect("snappy")
}

#[test]
fn every_codec_of_version_2_is_undone() {
    let check = |compressor: &str, filters: &str, packed: &dyn Fn(&[u8]) -> Vec<u8>| {
        for order in ["C", "F"] {
            let all = members(zarray(compressor, order, filters), order, packed);
            let read = collected(all).unwrap_or_else(|error| panic!("{compressor}: {error}"));
            let slabs = &read.images[0].slabs;
            assert_eq!((slabs.shape(), slabs.kind()), ([4, 5, 6], VoxelKind::U16));
            let wanted: Vec<_> = (0..120).map(f64::from).collect();
            assert_eq!(voxels(&read, 0), wanted, "{compressor} {order}");
        }
    };
    check("null", "null", &<[u8]>::to_vec);
    check("null", "[]", &<[u8]>::to_vec);
    check("{\"id\":\"zlib\",\"level\":1}", "null", &zlib);
    check("{\"id\":\"gzip\",\"level\":1}", "null", &gzip);
    check("{\"id\":\"zstd\",\"level\":1}", "null", &|bytes| {
        zstd::encode_all(bytes, 1).expect("zstd")
    });
    check("{\"id\":\"lz4\"}", "null", &lz4);
    check("{\"id\":\"zlib\"}", "[{\"id\":\"shuffle\",\"elementsize\":2}]", &|bytes| {
        zlib(&shuffled(bytes))
    });
    let container = "{\"id\":\"blosc\",\"cname\":\"lz4\"}";
    // Copied, packed with LZ4, zlib and Zstandard, with the bytes put together; blocks this small are never split.
    check(container, "null", &|bytes| {
        let mut all = vec![2, 1, 2, 2];
        all.extend(
            [bytes.len(), bytes.len(), bytes.len() + 16]
                .iter()
                .flat_map(|number| (*number as u32).to_le_bytes()),
        );
        all.extend(bytes);
        all
    });
    let block = lz4_flex::block::compress;
    check(container, "null", &|bytes| blosc(bytes, 1 << 5, &block));
    check(container, "null", &|bytes| blosc(&shuffled(bytes), 1 << 5 | 1, &block));
    check(container, "null", &|bytes| blosc(&shuffled(bytes), 3 << 5 | 1, &zlib));
    check(container, "null", &|bytes| blosc(bytes, 4 << 5, &zstandard));
    check(container, "null", &|bytes| blosc(bytes, 2 << 5, &snappy));
}

#[test]
fn bits_are_put_back_into_their_numbers() {
    // Sixteen numbers of two bytes: bit by bit, the lowest first, each of two bytes for sixteen numbers.
    let numbers: Vec<u16> = (0..16).map(|nth| nth * 3001).collect();
    let mut planes = Vec::new();
    for bit in 0..16 {
        for eight in numbers.chunks(8) {
            planes.push(
                eight
                    .iter()
                    .enumerate()
                    .fold(0_u8, |byte, (nth, number)| byte | ((number >> bit & 1) as u8) << nth),
            );
        }
    }
    let packed = blosc(&planes, 1 << 5 | 4, &lz4_flex::block::compress);
    let metadata = "{\"zarr_format\":2,\"shape\":[4,4],\"chunks\":[4,4],\"dtype\":\"<u2\",\"compressor\":{\"id\":\"blosc\"},\"fill_value\":0,\"order\":\"C\",\"filters\":null}";
    let read = collected(vec![(".zarray".to_owned(), metadata.into()), ("0.0".to_owned(), packed)])
        .unwrap();
    assert_eq!(
        voxels(&read, 0),
        numbers.iter().map(|number| f64::from(*number)).collect::<Vec<_>>()
    );
}

#[test]
fn missing_chunks_hold_the_fill_value() {
    let mut all = members(zarray("null", "C", "null"), "C", &<[u8]>::to_vec);
    all.retain(|(name, _)| name != "1.0.0");
    let read = collected(all).unwrap();
    let found = voxels(&read, 0);
    assert_eq!((found[60], found[64], found[59]), (9.0, 64.0, 59.0));
}

#[test]
fn kinds_of_numbers_and_fill_values_are_known() {
    use VoxelKind::{F32, F64, U8, U16};
    let check = |version_3: bool, kind: &str, fill: &str, held: VoxelKind, wanted: f64| {
        let said = if version_3 {
            format!(
                "{{\"zarr_format\":3,\"node_type\":\"array\",\"shape\":[2,2],\"data_type\":\"{kind}\",\"chunk_grid\":{{\"name\":\"regular\",\"configuration\":{{\"chunk_shape\":[2,2]}}}},\"chunk_key_encoding\":{{\"name\":\"default\"}},\"fill_value\":{fill},\"codecs\":[{{\"name\":\"bytes\"}}]}}"
            )
        } else {
            format!(
                "{{\"zarr_format\":2,\"shape\":[2,2],\"chunks\":[2,2],\"dtype\":\"{kind}\",\"compressor\":null,\"fill_value\":{fill},\"order\":\"C\",\"filters\":null}}"
            )
        };
        let name = if version_3 { "zarr.json" } else { ".zarray" };
        let read = collected(vec![(name.to_owned(), said.into_bytes())]).unwrap();
        let slabs = &read.images[0].slabs;
        assert_eq!((slabs.shape(), slabs.kind()), ([1, 2, 2], held), "{kind}");
        let found = voxels(&read, 0)[0];
        assert!(found == wanted || found.is_nan() && wanted.is_nan(), "{kind}: {found}");
        assert_eq!(
            codes(&read).contains(&"integers-rounded"),
            kind.contains("64") && kind.contains("int") || kind == "<i8"
        );
    };
    check(false, "|u1", "7", U8, 7.0);
    check(false, "|b1", "true", U8, 1.0);
    check(false, "|i1", "-7", F32, -7.0);
    check(false, ">u2", "700", U16, 700.0);
    check(false, "<i2", "null", F32, 0.0);
    check(false, "<f4", "\"NaN\"", F32, f64::NAN);
    check(false, ">f8", "\"-Infinity\"", F64, f64::NEG_INFINITY);
    check(false, "<f2", "0.5", F32, 0.5);
    check(false, "<i8", "-3", F64, -3.0);
    check(true, "float32", "\"0x3fc00000\"", F32, 1.5);
    check(true, "float64", "\"Infinity\"", F64, f64::INFINITY);
    check(true, "uint64", "5", F64, 5.0);
    check(true, "int32", "-5", F64, -5.0);
    check(true, "bool", "false", U8, 0.0);
}

#[test]
fn shards_hold_several_chunks_and_say_which_are_missing() {
    let read =
        collected(vec![("zarr.json".to_owned(), SHARDED.into()), ("c/0/0".to_owned(), shard())])
            .unwrap();
    let wanted: Vec<_> = (0..16).map(|nth| if nth < 8 { f64::from(nth) } else { 5.0 }).collect();
    assert_eq!(voxels(&read, 0), wanted);
    assert!(read.metadata.contains(&("voltage".to_owned(), "3.7 V".to_owned())));
    // The list at the beginning, with its checksum, which then does not hold.
    let said = SHARDED
        .replace("\"end\"", "\"start\"")
        .replace("}}],\"index_location\"", "}},{\"name\":\"crc32c\"}],\"index_location\"");
    assert_ne!(said, SHARDED);
    let mut bytes: Vec<u8> =
        [36_u64, 16, u64::MAX, u64::MAX].iter().flat_map(|number| number.to_le_bytes()).collect();
    let sum = crc32c(&bytes);
    bytes.extend(sum.to_le_bytes());
    bytes.extend(bytes_of(0..8));
    let read = collected(vec![
        ("zarr.json".to_owned(), said.clone().into()),
        ("c/0/0".to_owned(), bytes.clone()),
    ])
    .unwrap();
    assert_eq!(voxels(&read, 0), wanted);
    bytes[0] ^= 1;
    let read = collected(vec![("zarr.json".to_owned(), said.into()), ("c/0/0".to_owned(), bytes)])
        .unwrap();
    let mut into = Voxels::new(VoxelKind::U8);
    let error = read.images[0].slabs.read(0..1, &mut into).unwrap_err();
    assert!(error.message.contains("checksum"), "{error}");
}

/// Bit by bit, as the standard describes it.
fn crc32c(bytes: &[u8]) -> u32 {
    let mut sum = u32::MAX;
    for byte in bytes {
        sum ^= u32::from(*byte);
        for _ in 0..8 {
            sum = if sum & 1 == 1 { sum >> 1 ^ 0x82F6_3B78 } else { sum >> 1 };
        }
    }
    !sum
}

#[test]
fn axes_may_be_turned_in_chunks() {
    // Kept with z fastest, then y: the order of axes 2, 1, 0.
    let said = "{\"zarr_format\":3,\"node_type\":\"array\",\"shape\":[4,5,6],\"data_type\":\"uint16\",\"chunk_grid\":{\"name\":\"regular\",\"configuration\":{\"chunk_shape\":[2,3,4]}},\"chunk_key_encoding\":{\"name\":\"v2\",\"configuration\":{\"separator\":\"-\"}},\"fill_value\":0,\"codecs\":[{\"name\":\"transpose\",\"configuration\":{\"order\":[2,1,0]}},{\"name\":\"bytes\",\"configuration\":{\"endian\":\"little\"}},{\"name\":\"zstd\",\"configuration\":{\"level\":1}},{\"name\":\"crc32c\"}]}";
    let mut all = vec![("zarr.json".to_owned(), said.as_bytes().to_vec())];
    for place @ [z, y, x] in crate::fixtures::zarr::places() {
        let mut packed = zstd::encode_all(&*chunk(place, "F"), 1).expect("zstd");
        packed.extend(crc32c(&packed).to_le_bytes());
        all.push((format!("{z}-{y}-{x}"), packed));
    }
    let read = collected(all).unwrap();
    assert_eq!(voxels(&read, 0), (0..120).map(f64::from).collect::<Vec<_>>());
}

#[test]
fn scales_of_ngff_are_edges_of_a_voxel() {
    let array =
        zarray("null", "C", "null").replace("[4,5,6]", "[2,4,5,6]").replace("[2,3,4]", "[1,2,3,4]");
    let group = "{\"multiscales\":[{\"axes\":[{\"name\":\"c\",\"type\":\"channel\"},{\"name\":\"z\",\"unit\":\"micrometer\"},{\"name\":\"y\",\"unit\":\"nanometer\"},{\"name\":\"x\"}],\"datasets\":[{\"path\":\"fine\",\"coordinateTransformations\":[{\"type\":\"scale\",\"scale\":[1,0.5,250,4]}]},{\"path\":\"coarse\",\"coordinateTransformations\":[]}],\"coordinateTransformations\":[{\"type\":\"scale\",\"scale\":[1,2,1,1]}]}]}";
    let read = collected(vec![
        (".zgroup".to_owned(), b"{\"zarr_format\":2}".to_vec()),
        (".zattrs".to_owned(), group.into()),
        ("fine/.zarray".to_owned(), array.clone().into()),
        ("coarse/.zarray".to_owned(), array.into()),
    ])
    .unwrap();
    let labels: Vec<_> = read.images.iter().map(|image| image.label.as_str()).collect();
    assert_eq!(labels, ["fine [0]", "fine [1]"]);
    assert_eq!(read.images[1].slabs.voxel_m(), [Some(1e-6), Some(250.0 * 1e-9), None]);
    assert!(read.metadata.contains(&("smaller copy, not read".to_owned(), "coarse".to_owned())));
}

#[test]
fn what_is_not_read_is_named() {
    let check = |metadata: String, words: &str| {
        let error = collected(vec![(".zarray".to_owned(), metadata.into_bytes())]).unwrap_err();
        assert!(error.to_string().contains(words), "{error}");
    };
    let plain = zarray("null", "C", "null");
    check(zarray("{\"id\":\"lzma\"}", "C", "null"), "codec \"lzma\"");
    check(zarray("null", "C", "[{\"id\":\"delta\"}]"), "codec \"delta\"");
    check(plain.replace("<u2", "<c8"), "c8");
    check(plain.replace("\"<u2\"", "[[\"a\",\"<u2\"]]"), "records");
    check(plain.replace("[4,5,6]", "[4]").replace("[2,3,4]", "[2]"), "1 axes");
    check(plain.replace("[4,5,6]", "[4,0,6]"), "holds nothing");
    check(plain.replace("[4,5,6]", "[4,99999999,99999999]"), "can hold");
    check(plain.replace("[4,5,6]", "[4,99999999999999,99999999999]"), "can be counted");
    check(plain.replace("[2,3,4]", "[2,0,4]"), "do not fit");
    check(plain.replace("[2,3,4]", "[99999,99999,99999]"), "larger than is read");
    check(plain.replace("\"shape\":[4,5,6]", "\"shape\":-1"), "shape");
    // The rest is read where one array of several is not.
    let mut all = members(plain.clone(), "C", &<[u8]>::to_vec);
    all.push(("b/.zarray".to_owned(), plain.replace("<u2", "<c8").into_bytes()));
    assert_eq!(codes(&collected(all).unwrap()), ["array-not-read"]);
}

#[test]
fn damaged_chunks_are_errors_and_never_other_numbers() {
    let check = |compressor: &str, packed: &dyn Fn(&[u8]) -> Vec<u8>| {
        let whole = members(zarray(compressor, "C", "null"), "C", packed);
        let mut into = Voxels::new(VoxelKind::U8);
        let place = whole.iter().position(|(name, _)| name == "0.0.0").expect("a chunk");
        for cut in 0..whole[place].1.len() {
            let mut cut_off = whole.clone();
            cut_off[place].1.truncate(cut);
            let read = collected(cut_off).unwrap();
            let wrong = read.images[0].slabs.read(0..1, &mut into);
            // A checksum of gzip or zlib may be missing, never a number.
            assert!(
                wrong.is_err() || into.to_f64() == (0..30).map(f64::from).collect::<Vec<_>>(),
                "{compressor} cut at {cut}"
            );
            assert!(read.images[0].slabs.read(2..3, &mut into).is_ok());
        }
    };
    check("null", &<[u8]>::to_vec);
    check("{\"id\":\"zlib\"}", &zlib);
    check("{\"id\":\"gzip\"}", &gzip);
    check("{\"id\":\"lz4\"}", &lz4);
    check("{\"id\":\"zstd\"}", &|bytes| zstd::encode_all(bytes, 1).expect("zstd"));
    check("{\"id\":\"blosc\"}", &|bytes| blosc(bytes, 1 << 5, &lz4_flex::block::compress));
}
