//! The one binary `galvanome`: parse, call a verb, print.

mod args;
mod commands;
mod data;
mod say;
mod style;

use std::io::{self, BufWriter, ErrorKind, Write};
use std::process::ExitCode;
use std::time::Duration;

use anyhow::Context;
use clap::{CommandFactory, Parser};

use crate::args::{Cli, Command};

fn main() -> ExitCode {
    let cli = match Cli::try_parse() {
        Ok(cli) => cli,
        Err(answer) => return of_clap(&answer),
    };
    tracing_subscriber::fmt()
        .with_writer(io::stderr)
        .log_internal_errors(false)
        .with_max_level(log_level())
        .init();
    let mut out = BufWriter::new(io::stdout().lock());
    let done = run(&cli.command, &mut out).and_then(|good| {
        out.flush()?;
        Ok(good)
    });
    match done {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::from(1),
        Err(error) if of_output(&error).is_some_and(is_closed_pipe) => ExitCode::SUCCESS,
        Err(error) => {
            say::error(in_words(&error));
            ExitCode::from(1)
        }
    }
}

/// Help and versions are data; everything else that the parser says is a wrong command line.
fn of_clap(answer: &clap::Error) -> ExitCode {
    let printed = answer.print();
    if answer.use_stderr() {
        return ExitCode::from(2);
    }
    match printed {
        Err(error) if !is_closed_pipe(error.kind()) => {
            say::error(in_words(&error.into()));
            ExitCode::from(1)
        }
        _ => ExitCode::SUCCESS,
    }
}

/// What went wrong with standard output, if it was that: files are written by verbs, whose errors name them.
fn of_output(error: &anyhow::Error) -> Option<ErrorKind> {
    let direct = error.downcast_ref::<io::Error>().map(io::Error::kind);
    direct.or_else(|| error.downcast_ref::<serde_json::Error>()?.io_error_kind())
}

/// How much the log says: `GALVANOME_LOG` is `off`, `error`, `warn` (the usual), `info`, `debug` or `trace`.
fn log_level() -> tracing_subscriber::filter::LevelFilter {
    let set = std::env::var("GALVANOME_LOG").ok();
    set.and_then(|level| level.parse().ok())
        .unwrap_or(tracing_subscriber::filter::LevelFilter::WARN)
}

/// Whoever reads our output has seen enough, as with `| head`.
fn is_closed_pipe(kind: ErrorKind) -> bool {
    kind == ErrorKind::BrokenPipe
}

/// An error with its causes, as far as it does not name them itself.
fn in_words(error: &anyhow::Error) -> String {
    let mut text = match of_output(error) {
        Some(_) => format!("cannot write to standard output: {error}"),
        None => error.to_string(),
    };
    for cause in error.chain().skip(1).map(ToString::to_string) {
        if !text.contains(&cause) {
            text.push_str(": ");
            text.push_str(&cause);
        }
    }
    text
}

/// Does what is asked. False when some of the input was wrong and the rest was done.
fn run(command: &Command, out: &mut dyn Write) -> anyhow::Result<bool> {
    match command {
        Command::Judge(args) => return commands::judge::run(args, out),
        Command::Inspect(args) => return commands::inspect::run(args, out),
        Command::Convert(args) => return commands::convert::run(args, out),
        Command::Analyze(args) => return commands::analyze::run(args, out),
        Command::Compare(args) => commands::compare::run(args, out)?,
        Command::Techniques(args) => commands::techniques::run(args, out)?,
        Command::Completions { shell } => {
            // Into memory first: the generator panics when its output fails.
            let mut script = Vec::new();
            clap_complete::generate(*shell, &mut Cli::command(), "galvanome", &mut script);
            out.write_all(&script)?;
        }
        Command::Demo(args) => wait_for(commands::serve::demo(args, out))?,
        Command::Serve(args) => wait_for(commands::serve::serve(args, out))?,
        Command::Campaign(args) => wait_for(commands::campaign::run(args, out))?,
        Command::Metaview(args) => wait_for(commands::metaview::run(args, out))?,
        Command::Why(args) => wait_for(commands::why::run(args, out))?,
    }
    Ok(true)
}

/// How long work that cannot be interrupted may hold up the end of the program.
const LAST_WORK: Duration = Duration::from_millis(500);

fn wait_for(work: impl Future<Output = anyhow::Result<()>>) -> anyhow::Result<()> {
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build();
    let runtime = runtime.context("the program cannot start its threads")?;
    let done = runtime.block_on(work);
    runtime.shutdown_timeout(LAST_WORK);
    done
}
