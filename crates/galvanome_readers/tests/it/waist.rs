//! Sources, limits, errors, volumes.

use std::io;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use galvanome_model::measurement::Values;
use galvanome_model::note::Note;
use galvanome_model::signal::{Axis, Position, Signal, axes, conditions};
use galvanome_model::slabs::{Slabs, VoxelKind, Voxels};
use galvanome_readers::checks::Checked;
use galvanome_readers::sink::{CsvFile, Summary};
use galvanome_readers::{
    Collect, Files, Layout, Limits, ReadError, Sink, Source, SourceSlabs, Together, Trouble, Voxel,
    head_of, read,
};

fn codes(notes: &[Note]) -> Vec<&str> {
    notes.iter().map(|note| note.code.as_str()).collect()
}

/// A text of any length that is never in memory, and remembers the largest piece asked for.
#[derive(Clone)]
struct Endless {
    head: &'static [u8],
    line: &'static [u8],
    len: u64,
    largest: Arc<AtomicUsize>,
}

impl Source for Endless {
    fn len(&self) -> u64 {
        self.len
    }

    fn read_at(&self, offset: u64, into: &mut [u8]) -> io::Result<usize> {
        self.largest.fetch_max(into.len(), Ordering::Relaxed);
        let there =
            usize::try_from(self.len.saturating_sub(offset)).unwrap_or(usize::MAX).min(into.len());
        for (place, byte) in (offset..).zip(into.iter_mut().take(there)) {
            let head = self.head.len() as u64;
            let line = self.line.len() as u64;
            *byte = if place < head {
                self.head[place as usize]
            } else {
                self.line[((place - head) % line) as usize]
            };
        }
        Ok(there)
    }
}

#[test]
fn long_texts_stream() {
    let head = b"test_time_second,voltage_volt,current_ampere\n";
    let line = b"12345.678,3.14159,-0.05\n";
    let rows = 400_000;
    let len = (head.len() + rows * line.len()) as u64;
    let text = Endless { head, line, len, largest: Arc::default() };
    let mut summary = Summary::new();
    read(&Files::one("long.csv", text.clone()), &Limits::default(), &mut summary).unwrap();
    assert_eq!(summary.tables[0].rows, rows as u64);
    assert!(text.largest.load(Ordering::Relaxed) <= 1 << 20);
    // A line without an end is left out, not kept.
    let endless = Endless { line: b"7", len: 30_000_000, ..text };
    let mut summary = Summary::new();
    read(&Files::one("endless.csv", endless), &Limits::default(), &mut summary).unwrap();
    assert_eq!((summary.tables[0].rows, codes(&summary.notes)), (0, vec!["unreadable-line"]));
}

#[test]
fn a_line_that_is_too_long_does_not_take_its_neighbours_along() {
    let head = "test_time_second,voltage_volt\n";
    let limits = Limits { max_line_bytes: 600_000, ..Limits::default() };
    for length in [599_990, 600_000, 600_001, 700_000, 786_400, 1_000_000, 3_000_000] {
        let text = format!("{head}1,3\n{}\n2,4\n3,5\n", "x".repeat(length));
        let mut collect = Collect::new();
        read(&Files::one("wide.csv", text.into_bytes()), &limits, &mut collect).unwrap();
        let read = collect.into_measurement();
        let times = read.tables[0].numbers("test_time_second").unwrap();
        assert_eq!(times, [1.0, 2.0, 3.0], "{length}");
    }
}

#[test]
fn limits_end_a_reading_with_a_note() {
    let words = "word".repeat(30);
    let rows = (0..100).map(|row| format!("{row},3,{words}\n"));
    let text = format!("test_time_second,voltage_volt,note\n{}", rows.collect::<String>());
    let check = |limits: Limits, rows: usize, columns: usize| {
        let mut collect = Collect::new();
        read(&Files::one("a.csv", text.clone().into_bytes()), &limits, &mut collect).unwrap();
        let measurement = collect.into_measurement();
        let table = &measurement.tables[0];
        assert_eq!((table.rows, table.columns.len()), (rows, columns));
        assert!(codes(&measurement.notes).contains(&"limit-reached"), "{:?}", measurement.notes);
        measurement
    };
    check(Limits { max_rows: 7, ..Limits::default() }, 7, 3);
    check(Limits { max_cells: 31, ..Limits::default() }, 10, 3);
    check(Limits { max_columns: 2, ..Limits::default() }, 100, 2);
    let short = check(Limits { max_text_bytes: 9, ..Limits::default() }, 100, 3);
    let Values::Text(texts) = &short.tables[0].columns[2].values else { panic!("text") };
    assert_eq!(texts[0], "wordwordw");
}

/// Fails behind a certain byte.
struct Failing;

impl Source for Failing {
    fn len(&self) -> u64 {
        1 << 21
    }

    fn read_at(&self, offset: u64, into: &mut [u8]) -> io::Result<usize> {
        if offset > 1 << 19 {
            return Err(io::Error::other("the share went away"));
        }
        into.fill(b'\n');
        let head = b"test_time_second,voltage_volt\n1,3\n2,4\n";
        if offset == 0 && into.len() >= head.len() {
            into[..head.len()].copy_from_slice(head);
        }
        Ok(into.len())
    }
}

#[test]
fn errors_say_what_where_and_what_to_do() {
    let fail = |files: &Files| -> (ReadError, Collect) {
        let mut collect = Collect::new();
        (read(files, &Limits::default(), &mut collect).unwrap_err(), collect)
    };
    let (error, collect) = fail(&Files::one("cell.csv", Failing));
    assert_eq!(
        (error.trouble(), error.reader(), error.file()),
        (Trouble::Source, "bdf-csv", "cell.csv")
    );
    assert!(error.byte().is_some() && error.to_string().contains("the share went away"), "{error}");
    assert_eq!(collect.into_measurement().tables[0].rows, 2, "whole rows are kept");
    let (error, _) = fail(&Files::one("picture.png", b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR".to_vec()));
    assert_eq!(error.trouble(), Trouble::NotRecognised);
    assert!(
        error.to_string().starts_with("picture.png: no reader recognises this content"),
        "{error}"
    );
    let (error, _) = fail(&Files::one("empty.csv", Vec::new()));
    assert_eq!(
        error.to_string(),
        "empty.csv: the file is empty; fetch it from the instrument again"
    );
    let (error, _) = fail(&Files::several(Together::Folder, "nothing", Vec::new()));
    assert_eq!(error.to_string(), "nothing: there is no file to read; name at least one file");
    let full = ReadError::new(Trouble::Damaged, "a row is broken", "export it again")
        .in_file("a.mpt")
        .by_reader("eclab-text")
        .at_row(12)
        .at_column("Ewe/V")
        .at_byte(1034);
    assert_eq!(
        full.to_string(),
        "a.mpt, row 12, column Ewe/V, byte 1034: a row is broken (reader eclab-text); export it again"
    );
}

#[test]
fn sources_are_read_at_any_place() {
    let check = |source: &dyn Source| {
        let mut three = [0; 3];
        assert_eq!((source.len(), source.is_empty()), (5, false));
        assert_eq!((source.read_at(1, &mut three).unwrap(), &three), (3, b"bcd"));
        assert_eq!((source.read_at(4, &mut three).unwrap(), three[0]), (1, b'e'));
        assert_eq!(source.read_at(5, &mut three).unwrap(), 0);
        assert_eq!(source.read_at(u64::MAX, &mut three).unwrap(), 0);
        assert_eq!(head_of(source, 2).unwrap(), b"ab");
        assert_eq!(head_of(source, 99).unwrap(), b"abcde");
    };
    check(&b"abcde".as_slice());
    check(&b"abcde".to_vec());
    check(&Arc::<[u8]>::from(b"abcde".as_slice()));
}

#[test]
fn volumes_are_read_slice_by_slice() {
    use VoxelKind::{F32, F64, U8, U16};
    let shape = [3, 2, 2];
    let voxel_m = [None, Some(1e-6), Some(1e-6)];
    let check = |voxel: Voxel, kind: VoxelKind, bytes: Vec<u8>, first: f64| {
        let mut source = vec![0xAA; 5];
        source.extend(bytes);
        let layout = Layout { shape, voxel_m, offset: 5, voxel };
        let volume = SourceSlabs::new(Arc::new(source.clone()), layout).unwrap();
        assert_eq!((volume.shape(), volume.voxel_m(), volume.kind()), (shape, voxel_m, kind));
        let mut slices = Voxels::new(VoxelKind::F64);
        volume.read(0..3, &mut slices).unwrap();
        let all: Vec<f64> = (0..12_i16).map(|voxel| first + f64::from(voxel)).collect();
        assert_eq!((slices.kind(), slices.to_f64()), (kind, all.clone()));
        volume.read(1..2, &mut slices).unwrap();
        assert_eq!(slices.to_f64(), all[4..8]);
        volume.read(3..3, &mut slices).unwrap();
        assert!(slices.is_empty());
        assert!(volume.read(2..4, &mut slices).is_err());
        source.pop();
        assert!(SourceSlabs::new(Arc::new(source), layout).is_err());
    };
    check(Voxel::U8, U8, (7..19).collect(), 7.0);
    check(Voxel::I8, F32, (-5_i8..7).flat_map(i8::to_le_bytes).collect(), -5.0);
    check(Voxel::U16Le, U16, (300_u16..312).flat_map(u16::to_le_bytes).collect(), 300.0);
    check(Voxel::U16Be, U16, (300_u16..312).flat_map(u16::to_be_bytes).collect(), 300.0);
    check(Voxel::I16Le, F32, (-5_i16..7).flat_map(i16::to_le_bytes).collect(), -5.0);
    check(Voxel::I16Be, F32, (-5_i16..7).flat_map(i16::to_be_bytes).collect(), -5.0);
    let large = 4_000_000_001_u32;
    check(
        Voxel::U32Le,
        F64,
        (large..large + 12).flat_map(u32::to_le_bytes).collect(),
        large.into(),
    );
    check(
        Voxel::U32Be,
        F64,
        (large..large + 12).flat_map(u32::to_be_bytes).collect(),
        large.into(),
    );
    let low = i32::MIN;
    check(Voxel::I32Le, F64, (low..low + 12).flat_map(i32::to_le_bytes).collect(), low.into());
    check(Voxel::I32Be, F64, (low..low + 12).flat_map(i32::to_be_bytes).collect(), low.into());
    check(Voxel::U64Le, F64, (7_u64..19).flat_map(u64::to_le_bytes).collect(), 7.0);
    check(Voxel::U64Be, F64, (7_u64..19).flat_map(u64::to_be_bytes).collect(), 7.0);
    check(Voxel::I64Le, F64, (-5_i64..7).flat_map(i64::to_le_bytes).collect(), -5.0);
    check(Voxel::I64Be, F64, (-5_i64..7).flat_map(i64::to_be_bytes).collect(), -5.0);
    // Halves from 1024 to 2048 count by one.
    let halves = || 0x6400_u16..0x640C;
    check(Voxel::F16Le, F32, halves().flat_map(u16::to_le_bytes).collect(), 1024.0);
    check(Voxel::F16Be, F32, halves().flat_map(u16::to_be_bytes).collect(), 1024.0);
    let floats = || (0..12_i16).map(|voxel| 0.5 + f32::from(voxel));
    check(Voxel::F32Le, F32, floats().flat_map(f32::to_le_bytes).collect(), 0.5);
    check(Voxel::F32Be, F32, floats().flat_map(f32::to_be_bytes).collect(), 0.5);
    let doubles = || (0..12_i16).map(|voxel| 0.1 + f64::from(voxel));
    check(Voxel::F64Le, F64, doubles().flat_map(f64::to_le_bytes).collect(), 0.1);
    check(Voxel::F64Be, F64, doubles().flat_map(f64::to_be_bytes).collect(), 0.1);
    let huge = Layout { shape: [usize::MAX; 3], voxel_m, offset: u64::MAX, voxel: Voxel::F32Le };
    assert!(SourceSlabs::new(Arc::new(vec![0; 8]), huge).is_err());
}

#[test]
fn halves_of_every_size_are_read() {
    let check = |bits: u16, value: f32| {
        let mut voxels = Voxels::new(VoxelKind::F32);
        Voxel::F16Le.decode(&bits.to_le_bytes(), &mut voxels);
        assert_eq!(voxels, Voxels::F32(vec![value]), "{bits:#06x}");
    };
    // The values that IEEE 754 names: one, its neighbour, the largest, the smallest normal and the smallest at all.
    check(0x3C00, 1.0);
    check(0x3C01, 1.0 + 1.0 / 1024.0);
    check(0xC000, -2.0);
    check(0x7BFF, 65504.0);
    check(0x0400, 6.103_515_6e-5);
    check(0x0001, 5.960_464_5e-8);
    check(0x3555, 0.333_251_95);
    check(0x7C00, f32::INFINITY);
    check(0xFC00, f32::NEG_INFINITY);
    let mut voxels = Voxels::new(VoxelKind::F32);
    Voxel::F16Be.decode(&[0x7E, 0], &mut voxels);
    assert!(voxels.to_f64()[0].is_nan());
}

/// A map of two spectra of three points, with a place and uncertainties.
fn map() -> Signal {
    let place = |x_m| Position { x_m, y_m: 2e-6, z_m: f64::NAN };
    Signal {
        name: "intensity".to_owned(),
        label: "Spot 7".to_owned(),
        unit: "counts".to_owned(),
        axes: vec![
            Axis::of(axes::SPECTRUM, "", vec![0.0, 1.0]),
            Axis::of(axes::RAMAN_SHIFT, "Shift", vec![100.0, 101.0, 102.0]),
        ],
        values: (1..7).map(f64::from).collect(),
        uncertainties: vec![0.5; 6],
        positions: vec![place(0.0), place(1e-6)],
        counting: None,
        conditions: vec![conditions::LASER_WAVELENGTH.at(532.0)],
    }
}

#[test]
fn signals_become_tables_where_a_file_holds_one() {
    let mut text = Vec::new();
    let mut sink = CsvFile::new(&mut text, None);
    sink.format("test");
    sink.signal(map());
    sink.signal(map());
    let written = sink.finish().unwrap();
    assert_eq!((written.table.as_str(), written.rows), ("Spot 7", 6));
    assert_eq!(written.others, ["Spot 7 2"]);
    let names: Vec<&str> = written.columns.iter().map(|head| head.name.as_str()).collect();
    assert_eq!(
        names,
        ["spectrum", "raman_shift", "x", "y", "z", "intensity", "intensity_uncertainty"]
    );
    let text = String::from_utf8(text).unwrap();
    let mut rows = text.lines().filter(|line| !line.starts_with('#'));
    let last: Vec<&str> = rows.next_back().unwrap_or_default().split(',').collect();
    assert_eq!(last, ["1", "102", "1e-6", "2e-6", "", "6", "0.5"]);
}

#[test]
fn signals_give_their_spectra() {
    let map = map();
    assert_eq!((map.spectra(), map.spectrum_len()), (2, 3));
    assert_eq!((map.spectrum(1), map.spectrum(2)), (&[4.0, 5.0, 6.0][..], &[][..]));
    assert_eq!(map.condition(conditions::LASER_WAVELENGTH), Some(532.0));
    assert_eq!(map.condition(conditions::WAVELENGTH), None);
}

#[test]
fn what_may_be_wrong_with_a_signal_is_told() {
    let check = |change: fn(&mut Signal), expected: &[&str]| {
        let mut collect = Collect::new();
        let mut checked = Checked::new(&mut collect, &Limits::default());
        let mut signal = map();
        change(&mut signal);
        checked.signal(signal);
        checked.finish().unwrap();
        let read = collect.into_measurement();
        assert_eq!(codes(&read.notes), expected, "{:?}", read.notes);
        assert!(read.signals[0].values.iter().all(|value| !value.is_infinite()));
        assert!(read.signals[0].conditions.iter().all(|known| known.value.is_finite()));
    };
    check(|_| {}, &[]);
    check(|map| map.axes[1].points.reverse(), &[]);
    check(|map| map.values[2] = f64::NAN, &["missing-values"]);
    check(|map| map.values[2] = f64::INFINITY, &["infinite-value"]);
    check(|map| map.values[2] = -1.0, &["negative-counts"]);
    check(|map| map.axes[1].points[1] = 107.0, &["axis-unsorted"]);
    check(|map| map.axes[1].points[1] = 100.0, &["axis-repeats"]);
    check(|map| map.axes[0].points[1] = f64::NAN, &["missing-values"]);
    check(|map| map.conditions.push(conditions::WAVELENGTH.at(f64::NAN)), &[]);
}
