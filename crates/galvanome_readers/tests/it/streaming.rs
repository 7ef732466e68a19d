//! Volumes larger than memory: their bytes are computed when they are asked for. Memory is measured in a process of its own.

use std::io;
use std::process::Command;

use galvanome_model::slabs::{VoxelKind, Voxels};
use galvanome_readers::{Collect, Files, Limits, Source, read};

use crate::robust::{forget_most, most_held};

/// Memory in bytes that reading slice by slice may take.
const ROOM: u64 = 64 << 20;

/// A BigTIFF of as many pages as one likes, each with its directory before its pixels, which are not in memory.
struct Pages {
    width: u64,
    height: u64,
    count: u64,
}

/// Bytes before the first page, and of a directory: ten entries.
const HEAD: u64 = 16;
const DIRECTORY: u64 = 8 + 10 * 20 + 8;

impl Pages {
    fn pixels(&self) -> u64 {
        self.width * self.height * 2
    }

    fn page(&self) -> u64 {
        DIRECTORY + self.pixels()
    }

    /// The value of a pixel.
    fn value(&self, page: u64, place: u64) -> u16 {
        (page * 31 + place / self.width) as u16
    }

    fn directory(&self, page: u64) -> Vec<u8> {
        let at = HEAD + page * self.page();
        let entries: [(u16, u64); 10] = [
            (256, self.width),
            (257, self.height),
            (258, 16),
            (259, 1),
            (262, 1),
            (273, at + DIRECTORY),
            (277, 1),
            (278, self.height),
            (279, self.pixels()),
            (339, 1),
        ];
        let mut bytes = (entries.len() as u64).to_le_bytes().to_vec();
        for (tag, value) in entries {
            bytes.extend(tag.to_le_bytes());
            bytes.extend(16_u16.to_le_bytes());
            bytes.extend(1_u64.to_le_bytes());
            bytes.extend(value.to_le_bytes());
        }
        let next = if page + 1 < self.count { at + self.page() } else { 0 };
        bytes.extend(next.to_le_bytes());
        bytes
    }
}

impl Source for Pages {
    fn len(&self) -> u64 {
        HEAD + self.count * self.page()
    }

    fn read_at(&self, offset: u64, into: &mut [u8]) -> io::Result<usize> {
        let mut done = 0;
        while done < into.len() {
            let at = offset + done as u64;
            let room = &mut into[done..];
            if at < HEAD {
                let mut head = b"II\x2B\0\x08\0\0\0".to_vec();
                head.extend(HEAD.to_le_bytes());
                room[0] = head[at as usize];
                done += 1;
                continue;
            }
            let (page, within) = ((at - HEAD) / self.page(), (at - HEAD) % self.page());
            if page >= self.count {
                break;
            }
            if within < DIRECTORY {
                let directory = self.directory(page);
                let rest = &directory[within as usize..];
                let len = rest.len().min(room.len());
                room[..len].copy_from_slice(&rest[..len]);
                done += len;
                continue;
            }
            let place = within - DIRECTORY;
            // As long as the value stays the same: to the end of the row.
            let row = self.width * 2;
            let len = usize::try_from(row - place % row).expect("a row").min(room.len());
            let value = self.value(page, place / 2).to_le_bytes();
            for (nth, byte) in room[..len].iter_mut().enumerate() {
                *byte = value[(place as usize + nth) % 2];
            }
            done += len;
        }
        Ok(done)
    }
}

/// What the process of its own does.
#[test]
#[ignore = "run by the test below"]
fn streams_in_little_memory() {
    let pages = Pages { width: 2048, height: 1024, count: 768 };
    let len = pages.len();
    assert!(len > 3_000_000_000);
    forget_most();
    let before = most_held();
    let mut collect = Collect::new();
    read(&Files::one("large.tif", pages), &Limits::default(), &mut collect).expect("pages");
    let measurement = collect.into_measurement();
    assert!(measurement.notes.is_empty(), "{:?}", measurement.notes);
    let slabs = &measurement.images[0].slabs;
    assert_eq!(slabs.shape(), [768, 1024, 2048]);
    let mut voxels = Voxels::new(VoxelKind::U16);
    let mut sum = 0_u64;
    for z in 0..768 {
        slabs.read(z..z + 1, &mut voxels).expect("a slice");
        let Voxels::U16(voxels) = &voxels else { panic!("sixteen bits") };
        sum += voxels.iter().map(|&voxel| u64::from(voxel)).sum::<u64>();
    }
    // Rows of 2048 equal values: page * 31 + row.
    let rows = (0..768_u64).flat_map(|page| (0..1024_u64).map(move |row| page * 31 + row));
    assert_eq!(sum, 2048 * rows.sum::<u64>());
    let took = most_held().saturating_sub(before);
    assert!(took < ROOM, "{took} bytes were taken");
}

#[test]
fn three_gigabytes_stream_slice_by_slice() {
    if !cfg!(target_os = "linux") {
        return;
    }
    let output = Command::new("/proc/self/exe")
        .args(["streaming::streams_in_little_memory", "--exact", "--ignored", "--test-threads=1"])
        .output()
        .expect("a process");
    let said = String::from_utf8_lossy(&output.stdout);
    assert!(output.status.success() && said.contains("1 passed"), "{said}");
}

/// A file that is read as it lies.
struct Plain(std::fs::File, u64);
impl Source for Plain {
    fn len(&self) -> u64 {
        self.1
    }
    fn read_at(&self, offset: u64, into: &mut [u8]) -> io::Result<usize> {
        std::os::unix::fs::FileExt::read_at(&self.0, into, offset)
    }
}

/// How fast slices of a file come, beside a plain read of it: `GALVANOME_VOLUME=FILE cargo test … -- --ignored --nocapture`.
#[test]
#[ignore = "measures a file that somebody names"]
fn slices_beside_a_plain_read() {
    let Ok(path) = std::env::var("GALVANOME_VOLUME") else { return };
    let open = || {
        let file = std::fs::File::open(&path).expect("a file");
        let len = file.metadata().expect("its length").len();
        Plain(file, len)
    };
    for _ in 0..3 {
        let source = open();
        let begin = std::time::Instant::now();
        let mut buffer = vec![0; 1 << 20];
        let mut at = 0;
        while let Ok(got @ 1..) = source.read_at(at, &mut buffer) {
            at += got as u64;
        }
        let plain = begin.elapsed();
        let begin = std::time::Instant::now();
        let mut collect = Collect::new();
        read(&Files::one("volume", open()), &Limits::default(), &mut collect).expect("a volume");
        let slabs = &collect.into_measurement().images[0].slabs.clone();
        let opened = begin.elapsed();
        let mut voxels = Voxels::new(slabs.kind());
        for z in 0..slabs.shape()[0] {
            slabs.read(z..z + 1, &mut voxels).expect("a slice");
        }
        let ours = begin.elapsed();
        let share = plain.as_secs_f64() / ours.as_secs_f64();
        eprintln!(
            "plain read {plain:?}, opened in {opened:?}, slices {ours:?}: {:.0} %",
            100.0 * share
        );
    }
}
