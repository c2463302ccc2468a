//! The HTTP server: hands requests to the log and to `answer`, and answers to the network. Decides nothing.

use axum::{
    Router,
    body::{self, Body},
    extract::{Request, State},
    http::{HeaderValue, StatusCode, header::HeaderName, request::Parts},
    response::{IntoResponse, Response},
};
use serde_json::Value;
use tokio::{sync::watch, time};

use crate::{
    answer,
    record::{Exchange, Log, Outcome, Recorded},
    revoked::Revoked,
    stream,
};

/// Where a key is revoked: the body of a POST is the key. No provider has this path.
const REVOKE: &str = "/revoke";
/// Larger requests are recorded without their body.
const BODY_LIMIT: usize = 64 * 1024 * 1024;

/// What every connection shares.
#[derive(Clone)]
pub(crate) struct World {
    pub log: Log,
    pub revoked: Revoked,
    pub stop: watch::Receiver<()>,
}

/// One handler for every path: the paths belong to the wire formats.
pub(crate) fn router(world: World) -> Router {
    Router::new().fallback(handle).with_state(world)
}

async fn handle(State(mut world): State<World>, request: Request) -> Response {
    let (head, body) = request.into_parts();
    let bytes = body::to_bytes(body, BODY_LIMIT).await.unwrap_or_default();
    if (head.method.as_str(), head.uri.path()) == ("POST", REVOKE) {
        world.revoked.add(&String::from_utf8_lossy(&bytes));
        return StatusCode::NO_CONTENT.into_response();
    }
    let recorded = recorded(&head, &bytes);
    let mut exchange = world.log.open(recorded.clone());
    let answer = answer::answer(&recorded, exchange.id(), &world.revoked);
    let waiting = async {
        match answer.pace.headers {
            Some(pause) => time::sleep(pause).await,
            None => std::future::pending().await,
        }
    };
    tokio::select! {
        biased;
        () = waiting => {}
        _ = world.stop.changed() => return stopped(&mut exchange),
    }
    let mut response = Response::new(stream::body(answer.frames, &answer.pace, exchange, world.stop));
    *response.status_mut() = StatusCode::from_u16(answer.status).unwrap_or_default();
    for (name, value) in answer.headers {
        if let Ok(value) = HeaderValue::from_str(&value) {
            response
                .headers_mut()
                .append(HeaderName::from_static(name), value);
        }
    }
    response
}

/// The connection closes after it: the server is shutting down.
fn stopped(exchange: &mut Exchange) -> Response {
    exchange.end(Outcome::CutBySimulator);
    let mut response = Response::new(Body::empty());
    *response.status_mut() = StatusCode::SERVICE_UNAVAILABLE;
    response
}

fn recorded(head: &Parts, bytes: &[u8]) -> Recorded {
    let headers = head.headers.iter();
    let text = |value: &HeaderValue| String::from_utf8_lossy(value.as_bytes()).into_owned();
    Recorded {
        method: head.method.to_string(),
        path: head.uri.path().to_owned(),
        query: head.uri.query().unwrap_or_default().to_owned(),
        headers: headers
            .map(|(name, value)| (name.to_string(), text(value)))
            .collect(),
        body: match bytes {
            [] => Value::Null,
            bytes => serde_json::from_slice(bytes)
                .unwrap_or_else(|_| Value::String(String::from_utf8_lossy(bytes).into_owned())),
        },
        outcome: Outcome::Open,
    }
}
