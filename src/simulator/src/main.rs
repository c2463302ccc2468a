//! The simulator as a program, to try the product out without any provider. Knows only how to start and stop it.

use std::{
    io::{self, Write},
    net::SocketAddr,
};

use clap::Parser;
use marshmallow_simulator::{Simulator, guide};
use tokio::signal;

/// A scripted provider: every wire format and every failure, on a local port.
#[derive(Parser)]
#[command(version)]
struct Arguments {
    /// Where to listen.
    #[arg(long, default_value = "127.0.0.1:4010")]
    addr: SocketAddr,
}

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    let simulator = Simulator::start_on(Arguments::parse().addr).await?;
    let url = simulator.url();
    // The guide is for people; whoever starts this program waits for the line on the standard output.
    writeln!(io::stderr(), "{}", guide(&url))?;
    writeln!(io::stdout(), "listening on {url}")?;
    until_told_to_stop().await?;
    simulator.stop().await;
    Ok(())
}

#[cfg(unix)]
async fn until_told_to_stop() -> io::Result<()> {
    let mut terminate = signal::unix::signal(signal::unix::SignalKind::terminate())?;
    tokio::select! {
        pressed = signal::ctrl_c() => pressed,
        _ = terminate.recv() => Ok(()),
    }
}

#[cfg(not(unix))]
async fn until_told_to_stop() -> io::Result<()> {
    signal::ctrl_c().await
}
