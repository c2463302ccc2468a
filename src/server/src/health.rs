//! What machines ask: whether this process lives, and whether it should be sent requests. It tells nothing that a
//! stranger could use.

use std::sync::Arc;

use axum::{Router, extract::State, response::IntoResponse, routing::get};
use http::StatusCode;
use marshmallow_service::{Readiness, Service};

/// `GET /health`, which never depends on anything else, so that nobody restarts a server over a slow database; and
/// `GET /ready`.
pub fn routes(service: Arc<Service>) -> Router {
    Router::new()
        .route("/health", get(|| async { StatusCode::OK }))
        .route("/ready", get(ready))
        .with_state(service)
}

async fn ready(State(service): State<Arc<Service>>) -> impl IntoResponse {
    match service.readiness().await {
        Readiness::Ready => (StatusCode::OK, "ready\n"),
        Readiness::DatabaseSilent => (StatusCode::SERVICE_UNAVAILABLE, "the database does not answer\n"),
        Readiness::RootSecretMissing => (StatusCode::SERVICE_UNAVAILABLE, "a root secret is missing\n"),
    }
}
