//! The one HTTP client. It shows a key to the address that its target names and to no other: no redirects,
//! no proxies, no cookies, no referrers.
//! What the bytes mean is known in the adapters; whether an address may be reached, in `egress`.

mod exchange;
mod probe;
mod stream;

use std::{sync::Arc, time::Duration};

use marshmallow_core::{ApiKey, Diagnosis};
use reqwest::{Certificate, redirect::Policy};

pub use probe::ProbeReport;
pub use stream::EventStream;

use crate::{
    ChatRequest, EgressPolicy, ProviderError, Target, adapter, egress::PublicOnly, redact::Redactor,
};

/// How long to wait for what.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Deadlines {
    /// For a connection: name, TCP and TLS together.
    pub connect: Duration,
    /// From the request to the answer's headers.
    pub first_byte: Duration,
    /// Between two pieces of a stream, pings included.
    pub silence: Duration,
    /// For each call of a probe, repetitions included.
    pub probe: Duration,
}

impl Default for Deadlines {
    fn default() -> Self {
        Self {
            connect: Duration::from_secs(10),
            first_byte: Duration::from_secs(60),
            silence: Duration::from_secs(60),
            probe: Duration::from_secs(10),
        }
    }
}

/// Why there is no client.
#[derive(Debug, thiserror::Error)]
pub enum ClientError {
    /// TLS could not be set up, neither with the system's certificates nor with the built-in ones.
    #[error("TLS could not be set up for calls to providers")]
    Tls(#[source] reqwest::Error),
}

/// The client. Cheap to clone; clones share their connections.
#[derive(Clone)]
pub struct Client {
    /// For hosts that the administrator named.
    named: reqwest::Client,
    /// For all others: cannot see private addresses.
    public_only: reqwest::Client,
    egress: Arc<EgressPolicy>,
    deadlines: Deadlines,
}

impl Client {
    /// Sets the client up. Trusts the system's certificates, or where there are none (a bare container)
    /// Mozilla's, which are built in.
    ///
    /// # Errors
    /// When TLS cannot be set up.
    #[expect(clippy::disallowed_methods, reason = "this is the one HTTP client")]
    pub fn new(deadlines: Deadlines, egress: EgressPolicy) -> Result<Self, ClientError> {
        if rustls::crypto::CryptoProvider::get_default().is_none() {
            // Losing a race means that another part of the process has installed one: as good.
            drop(rustls::crypto::ring::default_provider().install_default());
        }
        let plain = || {
            reqwest::Client::builder()
                .redirect(Policy::none())
                .no_proxy()
                .referer(false)
                .connect_timeout(deadlines.connect)
                .user_agent(concat!("marshmallow/", env!("CARGO_PKG_VERSION")))
        };
        Ok(Self {
            named: trusting(plain)?,
            public_only: trusting(|| plain().dns_resolver(PublicOnly))?,
            egress: Arc::new(egress),
            deadlines,
        })
    }

    /// Asks a model and gives the stream of its answer once the provider has accepted the call.
    ///
    /// # Errors
    /// When the call fails before the first piece: no connection, or an error answer.
    pub async fn stream(
        &self,
        target: &Target,
        key: &ApiKey,
        request: &ChatRequest,
    ) -> Result<EventStream, ProviderError> {
        let redactor = Redactor::new(key);
        let opened = match adapter::chat(target, request) {
            Ok(call) => self.open(target, call, key).await,
            Err(_) => Err(bad_base()),
        };
        match opened {
            Ok(response) => Ok(EventStream::new(
                target.provider,
                response,
                self.deadlines.silence,
                redactor,
            )),
            Err(error) => {
                let error = error.redacted(&redactor);
                tracing::debug!(
                    provider = target.provider.slug(),
                    status = error.status,
                    diagnosis = error.diagnosis.slug(),
                    "a chat call failed"
                );
                Err(error)
            }
        }
    }
}

/// Builds with the system's certificates, or with the built-in ones if it has none.
fn trusting(builder: impl Fn() -> reqwest::ClientBuilder) -> Result<reqwest::Client, ClientError> {
    if let Ok(client) = builder().build() {
        return Ok(client);
    }
    tracing::info!("the system has no certificates to trust; using the built-in ones");
    let built_in: Result<Vec<_>, _> = webpki_root_certs::TLS_SERVER_ROOT_CERTS
        .iter()
        .map(|der| Certificate::from_der(der))
        .collect();
    let built_in = built_in.map_err(ClientError::Tls)?;
    builder()
        .tls_certs_only(built_in)
        .build()
        .map_err(ClientError::Tls)
}

/// A stored base address that does not parse.
fn bad_base() -> ProviderError {
    ProviderError::ours(Diagnosis::Unreachable, "the address is not a web address")
}
