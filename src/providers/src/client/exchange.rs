//! One request and its answer: sends a call, bounds what is read, and says what a failed connection means.

use std::{error::Error, io, time::Duration};

use marshmallow_core::{ApiKey, Diagnosis, Provider};
use reqwest::{
    Response,
    header::{ACCEPT, AUTHORIZATION, HeaderName, HeaderValue},
};
use tokio::time::timeout;

use super::Client;
use crate::{
    ProviderError, Target, adapter,
    call::{Call, KeyHeader},
    egress::{AddressRefused, Route},
    hints::Hints,
};

/// Most of an error body that is read, in bytes.
const ERROR_BODY: usize = 4 * 1024;

impl Client {
    /// Sends a call and gives the answer once its headers say that it succeeded.
    pub(super) async fn open(
        &self,
        target: &Target,
        call: Call,
        key: &ApiKey,
    ) -> Result<Response, ProviderError> {
        let patience = self.deadlines.first_byte;
        let sent = timeout(patience, self.send(call, key)).await;
        let response = sent.map_err(|_| ProviderError::ours(Diagnosis::Garbled, "no answer in time"))??;
        accept(target.provider, response, patience).await
    }

    async fn send(&self, call: Call, key: &ApiKey) -> Result<Response, ProviderError> {
        let http = match self.egress.route(&call.url) {
            Route::Named => &self.named,
            Route::PublicOnly => &self.public_only,
            Route::Refused => return Err(address_blocked()),
        };
        let mut request = match &call.body {
            Some(body) => http
                .post(call.url)
                .header(ACCEPT, "text/event-stream, application/json")
                .json(body),
            None => http.get(call.url).header(ACCEPT, "application/json"),
        };
        for (name, value) in call.headers {
            request = request.header(*name, *value);
        }
        let (name, value) = key_header(call.key_header, key)?;
        request
            .header(name, value)
            .send()
            .await
            .map_err(|error| explain(&error))
    }
}

/// The header that shows the key, marked so that nothing prints it.
fn key_header(shape: KeyHeader, key: &ApiKey) -> Result<(HeaderName, HeaderValue), ProviderError> {
    let key = key.expose_secret();
    let (name, value) = match shape {
        KeyHeader::Bearer => (AUTHORIZATION, HeaderValue::try_from(format!("Bearer {key}"))),
        KeyHeader::Named(name) => (HeaderName::from_static(name), HeaderValue::from_str(key)),
    };
    let mut value =
        value.map_err(|_| ProviderError::ours(Diagnosis::Invalid, "the key cannot be sent in a header"))?;
    value.set_sensitive(true);
    Ok((name, value))
}

/// Lets a success through and turns every other answer into an error.
async fn accept(
    provider: Provider,
    response: Response,
    patience: Duration,
) -> Result<Response, ProviderError> {
    let status = response.status();
    if status.is_success() {
        return Ok(response);
    }
    let hints = Hints::read(response.headers());
    let body = read_body(response, ERROR_BODY, patience).await;
    Err(adapter::error_of_answer(provider, status.as_u16(), hints, &body))
}

/// Reads at most `most` bytes, for as long as they keep coming; what has arrived counts.
pub(super) async fn read_body(mut response: Response, most: usize, patience: Duration) -> Vec<u8> {
    let mut body = Vec::new();
    while let Ok(Ok(Some(chunk))) = timeout(patience, response.chunk()).await {
        let room = most - body.len();
        body.extend_from_slice(&chunk[..chunk.len().min(room)]);
        if chunk.len() >= room {
            break;
        }
    }
    body
}

fn address_blocked() -> ProviderError {
    ProviderError::ours(
        Diagnosis::AddressBlocked,
        "private addresses are reached only where the administrator allows them",
    )
}

/// What a failed request means. The library's own words hold addresses, so ours are used.
fn explain(error: &reqwest::Error) -> ProviderError {
    let chain = || std::iter::successors(error.source(), |cause: &&(dyn Error + 'static)| (*cause).source());
    if chain().any(|cause| cause.is::<AddressRefused>()) {
        return address_blocked();
    }
    if !error.is_connect() && !error.is_dns() {
        return ProviderError::ours(Diagnosis::Garbled, "the connection was closed without an answer");
    }
    let detail = if error.is_timeout() {
        "no connection in time"
    } else if chain().any(wraps_tls) {
        "the server's certificate is not trusted, or it does not speak TLS"
    } else if chain().any(is_refused) {
        "the connection was refused"
    } else if error.is_dns() {
        "the name of the server is not known"
    } else {
        "no connection"
    };
    ProviderError::ours(Diagnosis::Unreachable, detail)
}

/// TLS errors come wrapped into I/O errors, at times twice.
fn wraps_tls(cause: &(dyn Error + 'static)) -> bool {
    let inner = cause.downcast_ref::<io::Error>().and_then(io::Error::get_ref);
    cause.is::<rustls::Error>() || inner.is_some_and(|inner| wraps_tls(inner))
}

fn is_refused(cause: &(dyn Error + 'static)) -> bool {
    cause
        .downcast_ref::<io::Error>()
        .is_some_and(|error| error.kind() == io::ErrorKind::ConnectionRefused)
}
