//! Decoding alone: files in memory, read again and again by one thread, with every check that a user gets.
//!
//! `cargo bench -p galvanome_readers --bench decoding -- [--runs N] FILE…` prints a line of JSON for each file: its
//! format, tables and bytes, the times in seconds (on the clock, and of the processor) with all columns kept in memory
//! and with a summary only, the bytes of the columns, and the most memory that the process held beyond what it held before.
//! `-- --make FOLDER` writes the large files that nobody publishes. `scripts/bench_readers.sh` runs both beside others.

use std::fs::{self, File};
use std::io::{self, BufWriter, Write};
use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, Instant};

use galvanome_model::measurement::{Column, ColumnHead, Measurement, Table, Values};
use galvanome_readers::bdf_csv::{Names, write_bdf};
use galvanome_readers::biologic_mpr::{Headed, Version, write_mpr};
use galvanome_readers::neware_ndax::{NdaxTest, write_ndax};
use galvanome_readers::{Collect, Files, Limits, Sink, Summary, read};

fn main() -> io::Result<()> {
    let mut runs = 15;
    // Cargo itself adds `--bench`.
    let mut arguments = std::env::args().skip(1).filter(|argument| argument != "--bench");
    while let Some(argument) = arguments.next() {
        let value =
            |next: Option<String>| next.ok_or_else(|| io::Error::other("a value is missing"));
        match argument.as_str() {
            "--make" => make(Path::new(&value(arguments.next())?))?,
            "--runs" => runs = value(arguments.next())?.parse().map_err(io::Error::other)?,
            file => measure(file, runs)?,
        }
    }
    Ok(())
}

/// Reads a file several times and prints what it took.
fn measure(file: &str, runs: usize) -> io::Result<()> {
    let bytes: Arc<[u8]> = fs::read(file)?.into();
    let len = bytes.len();
    let before = held();
    let mut collect = Collect::new();
    let format = read_into(file, &bytes, &mut collect)?;
    let most = most_held().saturating_sub(before);
    let measurement = collect.into_measurement();
    let tables: Vec<String> = measurement
        .tables
        .iter()
        .map(|table| format!("{{\"rows\":{},\"columns\":{}}}", table.rows, table.columns.len()))
        .collect();
    let columns = bytes_of(&measurement);
    drop(measurement);
    let kept = times(runs, || {
        let mut collect = Collect::new();
        read_into(file, &bytes, &mut collect)?;
        Ok(collect.into_measurement())
    })?;
    let summed = times(runs, || {
        let mut summary = Summary::new();
        read_into(file, &bytes, &mut summary)?;
        Ok(summary)
    })?;
    writeln!(
        io::stdout().lock(),
        "{{\"file\":{file:?},\"format\":\"{}\",\"bytes\":{len},\"tables\":[{}],\"columns_bytes\":{columns},\"memory_bytes\":{most},\"kept_s\":{:?},\"kept_cpu_s\":{:?},\"summary_s\":{:?},\"summary_cpu_s\":{:?}}}",
        format,
        tables.join(","),
        seconds(&kept, |both| both.0),
        seconds(&kept, |both| both.1),
        seconds(&summed, |both| both.0),
        seconds(&summed, |both| both.1),
    )
}

/// Reads a file as if for the first time, and gives the id of its format: files remember what was seen of them.
fn read_into(name: &str, bytes: &Arc<[u8]>, sink: &mut dyn Sink) -> io::Result<&'static str> {
    let files = Files::one(name, Arc::clone(bytes));
    read(&files, &Limits::default(), sink).map(|format| format.id).map_err(io::Error::other)
}

/// What one figure is taken over at least.
const SHORTEST: Duration = Duration::from_millis(60);

/// Runs something several times, after once that does not count, and gives the time on the clock and on the processor.
fn times<T>(
    runs: usize,
    mut run: impl FnMut() -> io::Result<T>,
) -> io::Result<Vec<(Duration, Duration)>> {
    // The system counts a processor's time in steps of some milliseconds: one figure is of enough readings on end.
    let (begun, mut on_end) = (processor_time(), 0_u32);
    while on_end == 0 || processor_time().saturating_sub(begun) < SHORTEST && on_end < 100_000 {
        drop(run()?);
        on_end += 1;
    }
    let mut times = Vec::with_capacity(runs);
    for _ in 0..runs {
        let (mut clock, mut processor) = (Duration::ZERO, Duration::ZERO);
        for _ in 0..on_end {
            let (begun, begun_cpu) = (Instant::now(), processor_time());
            let done = run()?;
            processor += processor_time().saturating_sub(begun_cpu);
            clock += begun.elapsed();
            // Giving back what was read is no part of reading it.
            drop(done);
        }
        times.push((clock / on_end, processor / on_end));
    }
    Ok(times)
}

fn seconds(
    times: &[(Duration, Duration)],
    which: impl Fn(&(Duration, Duration)) -> Duration,
) -> Vec<f64> {
    times.iter().map(|both| which(both).as_secs_f64()).collect()
}

/// Time that this thread had on a processor; none where the system does not tell.
fn processor_time() -> Duration {
    let told = fs::read_to_string("/proc/thread-self/schedstat").unwrap_or_default();
    let nanoseconds = told.split(' ').next().and_then(|told| told.parse().ok());
    Duration::from_nanos(nanoseconds.unwrap_or(0))
}

/// A figure of this process's memory in bytes; 0 where the system does not tell.
fn memory(name: &str) -> u64 {
    let told = fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = told.lines().find_map(|line| line.strip_prefix(name));
    let kilobytes = line.and_then(|line| line.split_whitespace().next()?.parse::<u64>().ok());
    kilobytes.unwrap_or(0) << 10
}

/// Memory that is held now, from which the most is counted on.
fn held() -> u64 {
    // Where this cannot be written, the most stays that of all before, which is no less.
    drop(fs::write("/proc/self/clear_refs", "5"));
    memory("VmRSS:")
}

fn most_held() -> u64 {
    memory("VmHWM:")
}

/// Bytes that the columns take in memory.
fn bytes_of(measurement: &Measurement) -> usize {
    let columns = measurement.tables.iter().flat_map(|table| &table.columns);
    let bytes = columns.map(|column| match &column.values {
        Values::Number(numbers) => size_of_val(numbers.as_slice()),
        Values::Text(texts) => {
            size_of_val(texts.as_slice()) + texts.iter().map(String::len).sum::<usize>()
        }
    });
    bytes.sum()
}

/// Rows of the large test file of Neware: a week at one row a second, and a tenth more.
const WEEK_ROWS: usize = 700_000;

/// Rows of the large BioLogic file, of 47 bytes each: 100 MB.
const LARGE_ROWS: usize = 2_130_000;

/// Writes the large files. The same bytes every time.
fn make(folder: &Path) -> io::Result<()> {
    fs::create_dir_all(folder)?;
    let create = |name: &str| Ok::<_, io::Error>(BufWriter::new(File::create(folder.join(name))?));
    let test = NdaxTest {
        version: 14,
        range: -100,
        start_s: 1_614_701_879.5,
        remarks: "made up",
        temperatures_c: &[],
        cycle_mode: None,
    };
    let mut into = create("week.ndax")?;
    let week = cell(WEEK_ROWS, &[]);
    write_ndax(&week, &test, &mut into)?;
    into.flush()?;
    let mut into = create("week.bdf.csv")?;
    write_bdf(&week, Names::Label, &mut into)?;
    into.flush()?;
    let headed = Headed {
        technique: "GCPL",
        device: "VMP3",
        started_at: "2021-03-02T16:17:59.500",
        ..Headed::default()
    };
    let more = ["control/V", "dq/mA.h", "(Q-Qo)/mA.h", "half cycle", "Ns changes", "mode"];
    let mut into = create("large.mpr")?;
    write_mpr(&cell(LARGE_ROWS, &more), &headed, Version::Wide, &mut into)?;
    into.flush()
}

/// A cell of 50 mAh that is charged, rests, is discharged and rests, with a row a second and noise as of an instrument.
fn cell(rows: usize, more: &[&str]) -> Table {
    const PERIOD: usize = 4800;
    let phase = |row: usize| match row % PERIOD {
        at if at < 2200 => (0.05, 3.0 + 1.1 * at as f64 / 2200.0),
        at if at < 2400 => (0.0, 4.1 - 0.05 * (at - 2200) as f64 / 200.0),
        at if at < 4600 => (-0.05, 4.05 - 1.1 * (at - 2400) as f64 / 2200.0),
        at => (0.0, 2.95 + 0.05 * (at - 4600) as f64 / 200.0),
    };
    // A fixed sequence, of which the upper bits are good.
    let mut state: u32 = 0x9E37_79B9;
    let mut noise = move || {
        state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        f64::from(state >> 16) / 65536.0 - 0.5
    };
    let mut column = |name: &str, of: &mut dyn FnMut(usize, f64) -> f64| Column {
        head: ColumnHead { name: name.to_owned(), ..ColumnHead::default() },
        values: Values::Number((0..rows).map(|row| of(row, noise())).collect()),
    };
    let round = |value: f64, steps: f64| (value * steps).round() / steps;
    let mut columns = vec![
        column("test_time_second", &mut |row, _| row as f64),
        column("voltage_volt", &mut |row, noise| round(phase(row).1 + 4e-4 * noise, 1e4)),
        column("current_ampere", &mut |row, noise| match phase(row).0 {
            0.0 => 0.0,
            current => round(current + 4e-6 * noise, 1e6),
        }),
        column("cycle_count", &mut |row, _| (row / PERIOD + 1) as f64),
    ];
    columns
        .extend(more.iter().map(|name| column(name, &mut |row, noise| row as f64 / 1e4 + noise)));
    Table { name: "records".to_owned(), columns, rows }
}
