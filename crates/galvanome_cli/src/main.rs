//! The one binary `galvanome`: parse, call a verb, print.

mod args;
mod commands;
mod data;
mod style;

use std::io::{self, BufWriter, Write};
use std::process::ExitCode;

use clap::{CommandFactory, Parser};

use crate::args::{Cli, Command};

fn main() -> ExitCode {
    let cli = Cli::parse();
    tracing_subscriber::fmt()
        .with_writer(io::stderr)
        .with_env_filter(
            tracing_subscriber::EnvFilter::try_from_env("GALVANOME_LOG")
                .unwrap_or_else(|_| tracing_subscriber::EnvFilter::new("warn")),
        )
        .init();
    let mut out = BufWriter::new(io::stdout().lock());
    let done = run(&cli.command, &mut out).and_then(|good| {
        out.flush()?;
        Ok(good)
    });
    match done {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::from(1),
        Err(error) if is_closed_pipe(&error) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("galvanome: {error:#}");
            ExitCode::from(1)
        }
    }
}

/// Whoever reads our output has seen enough, as with `| head`.
fn is_closed_pipe(error: &anyhow::Error) -> bool {
    error.chain().any(|cause| {
        let direct = cause.downcast_ref::<io::Error>().map(io::Error::kind);
        let in_json = cause.downcast_ref::<serde_json::Error>().and_then(|one| one.io_error_kind());
        direct.or(in_json) == Some(io::ErrorKind::BrokenPipe)
    })
}

/// Does what is asked. False when some of the input was wrong and the rest was done.
fn run(command: &Command, out: &mut dyn Write) -> anyhow::Result<bool> {
    match command {
        Command::Judge(args) => return commands::judge::run(args, out),
        Command::Inspect(args) => return commands::inspect::run(args, out),
        Command::Analyze(args) => commands::analyze::run(args, out)?,
        Command::Techniques(args) => commands::techniques::run(args, out)?,
        Command::Completions { shell } => {
            clap_complete::generate(*shell, &mut Cli::command(), "galvanome", out);
        }
        Command::Demo(args) => runtime()?.block_on(commands::serve::demo(args, out))?,
        Command::Serve(args) => runtime()?.block_on(commands::serve::serve(args, out))?,
        Command::Campaign(args) => runtime()?.block_on(commands::campaign::run(args, out))?,
        Command::Metaview(args) => runtime()?.block_on(commands::metaview::run(args, out))?,
        Command::Why(args) => runtime()?.block_on(commands::why::run(args, out))?,
    }
    Ok(true)
}

fn runtime() -> io::Result<tokio::runtime::Runtime> {
    tokio::runtime::Builder::new_multi_thread().enable_all().build()
}
