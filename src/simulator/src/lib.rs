//! A scripted provider on a local port: every wire format, every failure, no tokens, no money.
//! It stands in for outsiders, so it shares no code with the product.
//!
//! Tests start a [`Simulator`], point a client at one of the base URLs below [`Simulator::url`], and look at what
//! arrived. A word within the key decides how the key fares ([`guide`] lists them); a directive in the user's
//! message decides how the answer goes ([`directive`]); [`script::answer_text`] computes the answer to expect.
//!
//! | base URL | stands in for |
//! |---|---|
//! | `/openai/v1` | OpenAI: chat completions, models |
//! | `/anthropic/v1` | Anthropic: messages, models |
//! | `/google/v1beta` | Google AI: `streamGenerateContent`, `generateContent`, models |
//! | `/openrouter/api/v1` | OpenRouter: chat completions, key, models |
//! | `/custom/v1` | an OpenAI-compatible server that demands a key containing `valid` |
//! | `/open/v1` | an OpenAI-compatible server that demands none |

use std::{
    collections::BTreeMap,
    io,
    net::{Ipv4Addr, SocketAddr},
};

use axum::serve::ListenerExt;
use tokio::{net::TcpListener, sync::watch, task::JoinHandle};

pub use guide::guide;
pub use record::{Outcome, Recorded};

use record::Log;
use revoked::Revoked;
use server::World;

mod answer;
mod anthropic;
mod chat;
mod compatible;
pub mod directive;
mod google;
mod guide;
mod keys;
mod openai;
mod openrouter;
mod record;
mod refusal;
mod revoked;
pub mod script;
mod server;
mod sse;
mod stream;
#[cfg(test)]
mod testing;
mod text;
mod wire;

/// A running simulator. Dropping it stops it: streams under way are cut, and the port is free again.
pub struct Simulator {
    address: SocketAddr,
    log: Log,
    revoked: Revoked,
    stop: watch::Sender<()>,
    server: JoinHandle<()>,
}

impl Simulator {
    /// Starts on a free port of the loopback interface.
    ///
    /// # Panics
    /// Without a loopback port there is nothing to test with.
    #[expect(
        clippy::expect_used,
        reason = "a test cannot go on without it, and every caller is one"
    )]
    pub async fn start() -> Self {
        Self::start_on((Ipv4Addr::LOCALHOST, 0).into())
            .await
            .expect("a free loopback port")
    }

    /// Starts on an address.
    ///
    /// # Errors
    /// The address cannot be bound.
    pub async fn start_on(address: SocketAddr) -> io::Result<Self> {
        let listener = TcpListener::bind(address).await?;
        let address = listener.local_addr()?;
        // As real providers do: an event must not wait for the acknowledgement of the one before.
        let listener = listener.tap_io(|connection| drop(connection.set_nodelay(true)));
        let (log, revoked) = (Log::new(), Revoked::default());
        let (stop, stopped) = watch::channel(());
        let router = server::router(World {
            log: log.clone(),
            revoked: revoked.clone(),
            stop: stopped.clone(),
        });
        let server = tokio::spawn(async move {
            let mut stopped = stopped;
            let until = async move { drop(stopped.changed().await) };
            // Serving ends with the signal alone; it reports no error of its own.
            drop(axum::serve(listener, router).with_graceful_shutdown(until).await);
        });
        Ok(Self {
            address,
            log,
            revoked,
            stop,
            server,
        })
    }

    /// Where it listens, without a slash at the end: `http://127.0.0.1:41234`.
    #[must_use]
    pub fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// The requests so far, in the order of arrival.
    #[must_use]
    pub fn requests(&self) -> Vec<Recorded> {
        self.log.requests()
    }

    /// Waits until the requests fulfil a condition, and returns them. It waits for ever for one that never comes true.
    pub async fn wait_for(&self, condition: impl Fn(&[Recorded]) -> bool) -> Vec<Recorded> {
        self.log.wait_for(condition).await
    }

    /// Refuses every further call with this key, as after its owner has revoked it. A POST of the key to `/revoke`
    /// does the same.
    pub fn revoke(&self, key: &str) {
        self.revoked.add(key);
    }

    /// How many requests each path got.
    #[must_use]
    pub fn counts(&self) -> BTreeMap<String, usize> {
        self.log
            .requests()
            .into_iter()
            .fold(BTreeMap::new(), |mut counts, request| {
                *counts.entry(request.path).or_default() += 1;
                counts
            })
    }

    /// Forgets the requests so far, also those under way.
    pub fn clear(&self) {
        self.log.clear();
    }

    /// Stops, and waits until every connection is closed and the port is free.
    pub async fn stop(self) {
        let Self { stop, server, .. } = self;
        drop(stop);
        // It ends by itself, and a panic in it has been reported already.
        drop(server.await);
    }
}
