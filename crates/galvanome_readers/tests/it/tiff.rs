//! TIFFs of every kind against what was written into them.

use galvanome_model::measurement::Measurement;
use galvanome_model::slabs::{VoxelKind, Voxels};
use galvanome_readers::{Collect, Files, Limits, ReadError, read};

use crate::fixtures::tiff::{FEI, Tiff, ZEISS, ramp, text};

fn collected(bytes: Vec<u8>) -> Result<Measurement, ReadError> {
    let mut collect = Collect::new();
    read(&Files::one("image.tif", bytes), &Limits::default(), &mut collect)?;
    Ok(collect.into_measurement())
}

fn codes(measurement: &Measurement) -> Vec<&str> {
    measurement.notes.iter().map(|note| note.code.as_str()).collect()
}

/// Every voxel of an image, whole and slice by slice.
pub(crate) fn voxels(measurement: &Measurement, image: usize) -> Vec<f64> {
    let slabs = &measurement.images[image].slabs;
    let mut into = Voxels::new(VoxelKind::U8);
    slabs.read(0..slabs.shape()[0], &mut into).expect("every slice");
    let all = into.to_f64();
    let mut single = Vec::new();
    for z in 0..slabs.shape()[0] {
        slabs.read(z..z + 1, &mut into).expect("a slice");
        single.extend(into.to_f64());
    }
    assert_eq!(all.len(), single.len());
    assert!(all.iter().zip(&single).all(|(a, b)| a.to_bits() == b.to_bits()));
    all
}

/// Writes and reads, and compares every number of every sample.
fn check(tiff: &Tiff, kind: VoxelKind, value: &dyn Fn(usize, usize, usize, usize) -> f64) {
    let read = collected(tiff.write(value)).unwrap_or_else(|error| panic!("{tiff:?}: {error}"));
    assert_eq!(read.images.len(), tiff.samples, "{tiff:?}");
    for sample in 0..tiff.samples {
        let slabs = &read.images[sample].slabs;
        assert_eq!(slabs.shape(), [tiff.pages, tiff.height, tiff.width], "{tiff:?}");
        assert_eq!(slabs.kind(), kind, "{tiff:?}");
        let mut wanted = Vec::new();
        for page in 0..tiff.pages {
            for y in 0..tiff.height {
                wanted.extend((0..tiff.width).map(|x| value(page, y, x, sample)));
            }
        }
        assert_eq!(voxels(&read, sample), wanted, "{tiff:?} sample {sample}");
    }
}

const KINDS: [(usize, u16, VoxelKind); 12] = [
    (8, 1, VoxelKind::U8),
    (8, 2, VoxelKind::F32),
    (16, 1, VoxelKind::U16),
    (16, 2, VoxelKind::F32),
    (16, 3, VoxelKind::F32),
    (32, 1, VoxelKind::F64),
    (32, 2, VoxelKind::F64),
    (32, 3, VoxelKind::F32),
    (64, 1, VoxelKind::F64),
    (64, 2, VoxelKind::F64),
    (64, 3, VoxelKind::F64),
    (4, 1, VoxelKind::U8),
];

#[test]
fn every_kind_of_number_layout_and_packing_is_read() {
    for (bits, format, kind) in KINDS {
        let value = move |page: usize, y: usize, x: usize, sample: usize| {
            let plain = ramp(page, y, x, sample);
            match (bits, format) {
                (4, _) => plain % 16.0,
                (8, 1) => plain % 251.0,
                (_, 1) => plain,
                (8, _) => plain % 100.0 - 50.0,
                (32 | 64, 3) => plain * 0.5 - 20.0,
                _ => plain - 20.0,
            }
        };
        for compression in [1, 5, 8, 32773, 32946, 50000] {
            let predictors: &[u16] = match format {
                _ if bits < 8 => &[1],
                3 => &[1, 3],
                _ => &[1, 2],
            };
            for &predictor in predictors {
                for (nth, tile) in [None, Some((16, 16)), Some((4, 3))].into_iter().enumerate() {
                    let tiff =
                        Tiff { bits, format, compression, predictor, tile, ..Tiff::default() };
                    let odd = nth % 2 == 1;
                    check(&Tiff { high_first: odd, ..tiff.clone() }, kind, &value);
                    check(
                        &Tiff { high_first: !odd, big: true, pages: 2, ..tiff.clone() },
                        kind,
                        &value,
                    );
                    let colours = Tiff { samples: 3, photometric: 2, ..tiff };
                    check(
                        &Tiff { high_first: odd, directory_first: true, ..colours.clone() },
                        kind,
                        &value,
                    );
                    check(&Tiff { apart: true, fill_order: 2, ..colours }, kind, &value);
                }
            }
        }
    }
}

#[test]
fn long_strips_fill_the_table_of_strings() {
    // Noise without a pattern: 4096 strings are met several times.
    let noise = |_: usize, y: usize, x: usize, _: usize| {
        let mut state = (y * 8191 + x) as u64;
        state = (state ^ state >> 7).wrapping_mul(0x9E37_79B9_7F4A_7C15);
        f64::from((state >> 60) as u8)
    };
    let tiff =
        Tiff { width: 300, height: 120, rows: 120, bits: 8, compression: 5, ..Tiff::default() };
    check(&tiff, VoxelKind::U8, &noise);
    check(&Tiff { width: 301, bits: 1, ..tiff }, VoxelKind::U8, &|_, y, x, _| {
        ((x * y / 3) % 2) as f64
    });
}

#[test]
fn floats_that_are_no_numbers_stay_what_they_are() {
    let tiff = Tiff { bits: 32, format: 3, ..Tiff::default() };
    let value = |_: usize, y: usize, x: usize, _: usize| match (y, x) {
        (0, 0) => f64::NAN,
        (0, 1) => f64::INFINITY,
        _ => -1.5,
    };
    let read = collected(tiff.write(&value)).unwrap();
    let all = voxels(&read, 0);
    assert!(all[0].is_nan() && all[1] == f64::INFINITY && all[2] == -1.5);
}

/// What a description and tags say of the edges of a voxel.
fn check_voxel(
    tags: &dyn Fn(&Tiff) -> Vec<crate::fixtures::tiff::Tag>,
    pages: usize,
    wanted: [f64; 3],
) {
    let mut tiff = Tiff { pages, ..Tiff::default() };
    tiff.tags = tags(&tiff);
    let read = collected(tiff.write(&ramp)).expect("a ramp");
    let found = read.images[0].slabs.voxel_m();
    for (found, wanted) in found.into_iter().zip(wanted) {
        let near = match found {
            Some(found) => (found / wanted - 1.0).abs() < 1e-12,
            None => wanted == 0.0,
        };
        assert!(near, "{found:?} and not {wanted}: {tiff:?}");
    }
}

#[test]
fn edges_of_a_voxel_come_from_whoever_says_them() {
    let with = |tiff: &Tiff, described: &str, per_unit: (u32, u32), unit: u16| {
        let mut tags = vec![
            tiff.fraction(282, per_unit.0, per_unit.1),
            tiff.fraction(283, per_unit.0, 2 * per_unit.1),
            tiff.short(296, unit),
        ];
        if !described.is_empty() {
            tags.push(text(270, described));
        }
        tags
    };
    let none = [0.0; 3];
    check_voxel(&|_| Vec::new(), 1, none);
    // Pixels a centimetre, and an inch; along y half as many.
    check_voxel(&|tiff| with(tiff, "", (10_000_000, 158_000), 3), 1, [0.0, 3.16e-4, 1.58e-4]);
    check_voxel(&|tiff| with(tiff, "", (25400, 1), 2), 1, [0.0, 2e-6, 1e-6]);
    // A unit that is none, a resolution that is none, that of a screen.
    check_voxel(&|tiff| with(tiff, "", (25400, 1), 1), 1, none);
    check_voxel(&|tiff| with(tiff, "", (0, 0), 2), 1, none);
    check_voxel(&|tiff| with(tiff, "", (144, 2), 2), 1, [0.0, 0.0254 / 36.0, 0.0]);
    let imagej = "ImageJ=1.53t\nimages=2\nslices=2\nunit=micron\nspacing=0.5\n";
    check_voxel(&|tiff| with(tiff, imagej, (20, 10), 1), 2, [5e-7, 1e-6, 5e-7]);
    check_voxel(
        &|tiff| with(tiff, &imagej.replace("micron", "\\u00B5m"), (20, 10), 1),
        2,
        [5e-7, 1e-6, 5e-7],
    );
    check_voxel(&|tiff| with(tiff, &imagej.replace("micron", "pixel"), (20, 10), 1), 2, none);
    let ome = "<?xml version=\"1.0\"?><OME><Image><Pixels DimensionOrder=\"XYZCT\" PhysicalSizeX=\"2.5\" PhysicalSizeXUnit=\"nm\" PhysicalSizeY=\"0.75\" PhysicalSizeZ=\"3\" PhysicalSizeZUnit=\"µm\" SizeC=\"1\" SizeT=\"1\" SizeX=\"7\" SizeY=\"5\" SizeZ=\"2\" Type=\"uint16\"></Pixels></Image></OME>";
    check_voxel(&|_| vec![text(270, ome)], 2, [3e-6, 7.5e-7, 2.5e-9]);
    check_voxel(&|_| vec![text(34118, ZEISS)], 1, [0.0, 5.824988e-9, 5.824988e-9]);
    check_voxel(&|_| vec![text(34682, FEI)], 1, [0.0, 1.25e-9, 1.5e-9]);
}

#[test]
fn hyperstacks_are_a_volume_a_channel_and_a_time() {
    let described = "ImageJ=1.53t\nimages=12\nchannels=2\nslices=3\nframes=2\nhyperstack=true\n";
    let tiff = Tiff { pages: 12, tags: vec![text(270, described)], ..Tiff::default() };
    let read = collected(tiff.write(&ramp)).unwrap();
    let labels: Vec<_> = read.images.iter().map(|image| image.label.as_str()).collect();
    assert_eq!(
        labels,
        ["frame 1, channel 1", "frame 1, channel 2", "frame 2, channel 1", "frame 2, channel 2"]
    );
    for (image, first) in [0, 1, 6, 7].into_iter().enumerate() {
        let slices: Vec<_> = voxels(&read, image).chunks(35).map(|slice| slice[0]).collect();
        let wanted: Vec<_> = (0..3).map(|z| ramp(first + 2 * z, 0, 0, 0)).collect();
        assert_eq!(slices, wanted);
    }
    // OME: here the channel is the slowest.
    let ome = "<OME><Pixels DimensionOrder=\"XYZTC\" SizeC=\"2\" SizeT=\"1\" SizeZ=\"3\"/></OME>";
    let tiff = Tiff { pages: 6, tags: vec![text(270, ome)], ..Tiff::default() };
    let read = collected(tiff.write(&ramp)).unwrap();
    assert_eq!(read.images.len(), 2);
    assert_eq!(voxels(&read, 1)[0], ramp(3, 0, 0, 0));
}

/// ImageJ writes stacks beyond 4 GB, which a classic TIFF cannot list, behind a single directory.
#[test]
fn slices_behind_a_single_directory_are_found() {
    let described = "ImageJ=1.53t\nimages=4\nslices=4\n";
    let tiff = Tiff {
        rows: 5,
        high_first: true,
        directory_first: true,
        tags: vec![text(270, described)],
        ..Tiff::default()
    };
    let mut bytes = tiff.write(&ramp);
    for page in 1..4_u16 {
        bytes.extend((0..35).flat_map(|place| (page * 100 + place).to_be_bytes()));
    }
    let check = |bytes: Vec<u8>, slices: usize, noted: bool| {
        let read = collected(bytes).unwrap();
        assert_eq!(read.images[0].slabs.shape(), [slices, 5, 7]);
        let wanted: Vec<_> = (0..slices)
            .flat_map(|page| (0..35).map(move |place| (page * 100 + place) as f64))
            .collect();
        assert_eq!(voxels(&read, 0), wanted);
        assert_eq!(codes(&read).contains(&"truncated-file"), noted);
    };
    check(bytes.clone(), 4, false);
    check(bytes[..bytes.len() - 1].to_vec(), 3, true);
}

#[test]
fn pages_that_differ_are_images_of_their_own() {
    // A large page, then a small copy of it that says so: the second directory is that of another file, moved.
    let large = Tiff { pages: 2, ..Tiff::default() };
    let mut bytes = large.write(&ramp);
    // The height of the last page: tag 257 in its directory.
    let at = bytes.windows(4).rposition(|window| window == [1, 1, 4, 0]).expect("a height") + 8;
    bytes[at] = 4;
    let read = collected(bytes.clone()).unwrap();
    assert_eq!(read.images.len(), 2);
    assert_eq!(read.images[1].slabs.shape(), [1, 4, 7]);
    assert_eq!(read.images[1].label, "page 2");
    assert_eq!(
        voxels(&read, 1)[..],
        (0..28).map(|place| 100.0 + f64::from(place)).collect::<Vec<_>>()[..]
    );
    // Rows of a strip made into the mark of a smaller copy.
    let at = bytes.windows(4).rposition(|window| window == [28, 1, 3, 0]).expect("planes");
    bytes[at..at + 2].copy_from_slice(&[254, 0]);
    let read = collected(bytes).unwrap();
    assert_eq!(read.images.len(), 1);
    assert!(
        read.metadata
            .iter()
            .any(|(key, value)| key.contains("smaller copy") && value.contains("page 2"))
    );
}

#[test]
fn cut_files_give_every_whole_page() {
    let stack = Tiff { pages: 4, directory_first: true, ..Tiff::default() };
    let bytes = stack.write(&ramp);
    let mut before = 0;
    for cut in 0..bytes.len() {
        let Ok(read) = collected(bytes[..cut].to_vec()) else {
            assert_eq!(before, 0, "cut at {cut}");
            continue;
        };
        let [slices, rows, _] = read.images[0].slabs.shape();
        assert!(codes(&read).contains(&"truncated-file"), "cut at {cut}");
        assert!(slices >= before && (rows == 5 || slices == 1), "cut at {cut}");
        before = slices;
        let all = voxels(&read, 0);
        for (place, value) in all.iter().enumerate() {
            let (page, rest) = (place / (rows * 7), place % (rows * 7));
            assert_eq!(*value, ramp(page, rest / 7, rest % 7, 0), "cut at {cut}");
        }
    }
    assert_eq!(before, 3);
}

#[test]
fn what_is_not_read_is_named() {
    let check = |tag: u16, value: u16, words: &str| {
        let tiff = Tiff::default();
        let mut bytes = tiff.write(&ramp);
        let mark = [tiff.number(tag.into(), 2), tiff.number(3, 2)].concat();
        let at = bytes.windows(4).rposition(|window| window == mark).expect("the tag") + 8;
        bytes[at..at + 2].copy_from_slice(&value.to_le_bytes());
        let error = collected(bytes).unwrap_err().to_string();
        assert!(error.contains(words) && error.contains("page 1"), "{error}");
    };
    check(259, 7, "compression 7 (JPEG)");
    check(258, 12, "12 bits");
    check(262, 6, "YCbCr");
    check(256, 0, "0 columns");
    check(278, 0, "0 rows");
    check(317, 3, "predictor 3");
    check(339, 6, "complex");
}

#[test]
fn what_an_analysis_should_know_is_noted() {
    let check = |tiff: Tiff, code: &str| {
        let read = collected(tiff.write(&ramp)).unwrap();
        assert!(codes(&read).contains(&code), "{code}: {:?}", read.notes);
    };
    check(Tiff { photometric: 0, ..Tiff::default() }, "white-is-zero");
    check(Tiff { photometric: 3, bits: 8, ..Tiff::default() }, "palette-index");
    check(Tiff { bits: 64, ..Tiff::default() }, "integers-rounded");
    let tiff = Tiff::default();
    check(Tiff { tags: vec![tiff.short(274, 3)], ..Tiff::default() }, "orientation-not-applied");
    check(Tiff { tags: vec![tiff.fraction(282, 96, 1)], ..Tiff::default() }, "screen-resolution");
    check(
        Tiff { tags: vec![text(270, "ImageJ=1.5\ncf=0\nc0=-32768\nc1=1\n")], ..Tiff::default() },
        "calibration-not-applied",
    );
}

#[test]
fn what_instruments_say_is_kept() {
    let told = |tiff: Tiff| collected(tiff.write(&ramp)).unwrap();
    let zeiss = told(Tiff { tags: vec![text(34118, ZEISS)], ..Tiff::default() });
    let wanted = [
        ("AP_WD", "WD =  3.9 mm"),
        ("DP_OUT_TYPE", "Output To = Display/File"),
        ("AP_TILT", "Tilt =   0.0 °"),
    ];
    for (key, value) in wanted {
        assert!(
            zeiss.metadata.contains(&(key.to_owned(), value.to_owned())),
            "{:?}",
            zeiss.metadata
        );
    }
    let fei = told(Tiff { tags: vec![text(34682, FEI)], ..Tiff::default() });
    assert_eq!(fei.instrument, "Helios G4");
    assert!(fei.metadata.contains(&("User.Date".to_owned(), "01/02/2024".to_owned())));
    // A beamline's private tags, and ImageJ's information in UTF-16.
    let tiff = Tiff::default();
    let mut pieces = b"JIJI".to_vec();
    pieces.extend(b"ofni\x01\0\0\0");
    pieces.extend("Energy = 22 keV".encode_utf16().flat_map(u16::to_le_bytes));
    let lengths = [tiff.number(12, 4), tiff.number(30, 4)].concat();
    let tags = vec![
        text(65010, "SampleName:NMC 622"),
        (65003, 4, 1, tiff.number(17, 4)),
        (50838, 4, 2, lengths),
        (50839, 1, pieces.len() as u64, pieces),
    ];
    let beamline = told(Tiff { tags, ..tiff });
    for (key, value) in
        [("tag 65010", "SampleName:NMC 622"), ("tag 65003", "17"), ("Energy", "22 keV")]
    {
        assert!(
            beamline.metadata.contains(&(key.to_owned(), value.to_owned())),
            "{:?}",
            beamline.metadata
        );
    }
}
