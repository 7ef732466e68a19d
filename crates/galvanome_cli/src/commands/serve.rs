//! `galvanome serve` and `galvanome demo`

use std::collections::BTreeMap;
use std::fs::DirBuilder;
use std::io::{ErrorKind, Write};
use std::net::SocketAddr;
use std::os::unix::fs::DirBuilderExt;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use anyhow::Context;
use galvanome::{Actor, Galvanome};
use tokio::signal::unix::{Signal, SignalKind, signal};

use crate::args::{Demo, Serve};
use crate::{data, say};

/// The paper's campaign, as it stands in `examples/lno-graphite`.
const EXAMPLE: &[(&str, &[u8])] = include!(concat!(env!("OUT_DIR"), "/example.rs"));

/// Serves a data folder until it is told to stop.
pub(crate) async fn serve(args: &Serve, out: &mut dyn Write) -> anyhow::Result<()> {
    let stop = Stop::listen()?;
    let galvanome = data::open(&args.data).await?;
    until_stopped(galvanome, args.listen, stop, out).await
}

/// Imports the paper's campaign and serves it. Without a data folder it uses one that goes away.
pub(crate) async fn demo(args: &Demo, out: &mut dyn Write) -> anyhow::Result<()> {
    let stop = Stop::listen()?;
    if let Some(folder) = &args.data {
        std::fs::create_dir_all(folder).map_err(|error| galvanome::Error::io(folder, error))?;
        return demo_in(folder, args.listen, stop, out).await;
    }
    let folder = fresh_folder()?;
    let served = demo_in(&folder, args.listen, stop, out).await;
    if let Err(error) = std::fs::remove_dir_all(&folder) {
        say::error(format_args!("{} could not be removed: {error}", folder.display()));
    }
    served
}

/// A folder that nobody had before and nobody else may look into.
fn fresh_folder() -> anyhow::Result<PathBuf> {
    let all = std::env::temp_dir();
    for number in 0u32.. {
        let folder = all.join(format!("galvanome-demo-{}-{number}", std::process::id()));
        match DirBuilder::new().mode(0o700).create(&folder) {
            Ok(()) => return Ok(folder),
            Err(error) if error.kind() == ErrorKind::AlreadyExists => {}
            Err(error) => return Err(galvanome::Error::io(&folder, error).into()),
        }
    }
    anyhow::bail!("there is no room for another folder in {}", all.display())
}

async fn demo_in(
    folder: &Path,
    listen: SocketAddr,
    stop: Stop,
    out: &mut dyn Write,
) -> anyhow::Result<()> {
    let galvanome = Galvanome::open(folder).await?;
    let text: BTreeMap<String, Vec<u8>> = EXAMPLE
        .iter()
        .filter(|(inside, _)| galvanome_exchange::folder::is_text(inside))
        .map(|(inside, bytes)| ((*inside).to_owned(), bytes.to_vec()))
        .collect();
    galvanome::import::carried(&galvanome, &text, &Actor::local_user()).await?;
    until_stopped(galvanome, listen, stop, out).await
}

async fn until_stopped(
    galvanome: Galvanome,
    listen: SocketAddr,
    stop: Stop,
    out: &mut dyn Write,
) -> anyhow::Result<()> {
    let server = galvanome_server::bind(Arc::new(galvanome), listen).await?;
    writeln!(out, "{}", server.address())?;
    out.flush()?;
    server.run(stop.told()).await?;
    Ok(())
}

/// SIGINT and SIGTERM. They are waited for from the beginning, so that nothing is left behind by whoever stops the
/// program while it starts.
struct Stop {
    interrupt: Signal,
    terminate: Signal,
}

impl Stop {
    fn listen() -> anyhow::Result<Self> {
        let listen = |kind| signal(kind).context("signals cannot be waited for");
        Ok(Self {
            interrupt: listen(SignalKind::interrupt())?,
            terminate: listen(SignalKind::terminate())?,
        })
    }

    /// Completes when one of them has come.
    async fn told(mut self) {
        tokio::select! {
            _ = self.interrupt.recv() => {}
            _ = self.terminate.recv() => {}
        }
    }
}
