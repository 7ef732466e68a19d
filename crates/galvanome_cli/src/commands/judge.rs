//! `galvanome judge`

use std::fs::File;
use std::io::{self, BufRead, BufReader, Read, Write};
use std::path::Path;

use crate::args::Judge;
use crate::say;

/// Answers each line. A wrong line gets an error with its number and the exit status becomes 1; the rest are
/// answered.
pub(crate) fn run(args: &Judge, out: &mut dyn Write) -> anyhow::Result<bool> {
    match args.file.as_deref().filter(|path| *path != Path::new("-")) {
        Some(path) => {
            let file = File::open(path).map_err(|error| galvanome::Error::io(path, error))?;
            lines(BufReader::with_capacity(1 << 16, file), path, out)
        }
        None => lines(io::stdin().lock(), Path::new("standard input"), out),
    }
}

/// Room for a hundred thousand specimens on a side.
const LONGEST_LINE: u64 = 16 << 20;

fn lines(mut input: impl BufRead, name: &Path, out: &mut dyn Write) -> anyhow::Result<bool> {
    let mut good = true;
    let mut line = Vec::new();
    for number in 1u64.. {
        line.clear();
        let read = input.by_ref().take(LONGEST_LINE).read_until(b'\n', &mut line);
        let read = read.map_err(|error| galvanome::Error::io(name, error))?;
        if read == 0 {
            break;
        }
        if read as u64 == LONGEST_LINE && !line.ends_with(b"\n") {
            anyhow::bail!(
                "{}: line {number} is longer than {} MB; write one JSON object a line",
                name.display(),
                LONGEST_LINE >> 20
            );
        }
        if line.trim_ascii().is_empty() {
            continue;
        }
        let answer = galvanome::judge::line(&line, number);
        if let Err(error) = &answer {
            good = false;
            say::error(error);
        }
        writeln!(out, "{}", galvanome::judge::document(&answer, number))?;
    }
    out.flush()?;
    Ok(good)
}
