//! `galvanome serve` and `galvanome demo`

use std::collections::BTreeMap;
use std::io::Write;
use std::net::SocketAddr;
use std::path::Path;
use std::sync::Arc;

use galvanome::{Actor, Galvanome};
use tokio::signal::unix::{SignalKind, signal};

use crate::args::{Demo, Serve};
use crate::data;

/// The paper's campaign, as it stands in `examples/lno-graphite`.
const EXAMPLE: &[(&str, &[u8])] = include!(concat!(env!("OUT_DIR"), "/example.rs"));

/// Serves a data folder until it is told to stop.
pub(crate) async fn serve(args: &Serve, out: &mut dyn Write) -> anyhow::Result<()> {
    let galvanome = data::open(&args.data).await?;
    until_stopped(galvanome, args.listen, out).await
}

/// Imports the paper's campaign and serves it. Without a data folder it uses one that goes away.
pub(crate) async fn demo(args: &Demo, out: &mut dyn Write) -> anyhow::Result<()> {
    if let Some(folder) = &args.data {
        std::fs::create_dir_all(folder).map_err(|error| galvanome::Error::io(folder, error))?;
        return demo_in(folder, args.listen, out).await;
    }
    let folder = std::env::temp_dir().join(format!("galvanome-demo-{}", std::process::id()));
    std::fs::create_dir_all(&folder).map_err(|error| galvanome::Error::io(&folder, error))?;
    let served = demo_in(&folder, args.listen, out).await;
    if let Err(error) = std::fs::remove_dir_all(&folder) {
        eprintln!("galvanome: {} could not be removed: {error}", folder.display());
    }
    served
}

async fn demo_in(folder: &Path, listen: SocketAddr, out: &mut dyn Write) -> anyhow::Result<()> {
    let galvanome = Galvanome::open(folder).await?;
    let text: BTreeMap<String, Vec<u8>> = EXAMPLE
        .iter()
        .filter(|(inside, _)| galvanome_exchange::folder::is_text(inside))
        .map(|(inside, bytes)| ((*inside).to_owned(), bytes.to_vec()))
        .collect();
    galvanome::import::carried(&galvanome, &text, &Actor::local_user()).await?;
    until_stopped(galvanome, listen, out).await
}

async fn until_stopped(
    galvanome: Galvanome,
    listen: SocketAddr,
    out: &mut dyn Write,
) -> anyhow::Result<()> {
    let mut terminate = signal(SignalKind::terminate())?;
    let mut interrupt = signal(SignalKind::interrupt())?;
    let server = galvanome_server::bind(Arc::new(galvanome), listen).await?;
    writeln!(out, "{}", server.address())?;
    out.flush()?;
    server
        .run(async move {
            tokio::select! {
                _ = terminate.recv() => {}
                _ = interrupt.recv() => {}
            }
        })
        .await?;
    Ok(())
}
