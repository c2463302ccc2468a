//! Downloads of the audit trail as files. Who may have what is decided in `service`; this gives it headers.

use std::sync::Arc;

use axum::{
    Extension, Json,
    body::Body,
    extract::{Query, State, rejection::QueryRejection},
    response::{IntoResponse, Response},
};
use http::{StatusCode, header};
use marshmallow_core::PublicError;
use marshmallow_service::{AuditQuery, AuditStream, Service, ServiceError, SignedIn};
use serde::Deserialize;

/// What an address asks for.
#[derive(Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Asked {
    everyone: bool,
    kind: String,
    key: String,
    days: u32,
}

type Question = Result<Query<Asked>, QueryRejection>;

/// Entries as CSV.
pub async fn csv(
    State(service): State<Arc<Service>>,
    signed_in: Option<Extension<SignedIn>>,
    question: Question,
) -> Response {
    let outcome = async {
        let (signed_in, asked, query) = read(signed_in, question)?;
        let stream = service.audit.csv(&signed_in, query).await?;
        Ok(file(stream, "text/csv; charset=utf-8", &name(&asked, "csv")))
    };
    outcome.await.unwrap_or_else(refuse)
}

/// Whole chains as JSON, to be verified.
pub async fn json(
    State(service): State<Arc<Service>>,
    signed_in: Option<Extension<SignedIn>>,
    question: Question,
) -> Response {
    let outcome = async {
        let (signed_in, asked, _) = read(signed_in, question)?;
        let stream = service.audit.json(&signed_in, asked.everyone).await?;
        Ok(file(stream, "application/json", &name(&asked, "json")))
    };
    outcome.await.unwrap_or_else(refuse)
}

fn read(
    signed_in: Option<Extension<SignedIn>>,
    question: Question,
) -> Result<(SignedIn, Asked, AuditQuery), ServiceError> {
    let Extension(signed_in) = signed_in.ok_or_else(PublicError::sign_in_needed)?;
    let Query(asked) = question.map_err(|_| {
        PublicError::invalid(
            "This address asks for something that is not known here.",
            "Download the file from Settings, Activity.",
        )
    })?;
    let query = AuditQuery::parse(asked.everyone, &asked.kind, &asked.key, asked.days)?;
    Ok((signed_in, asked, query))
}

fn name(asked: &Asked, extension: &str) -> String {
    let whose = if asked.everyone { "everyone" } else { "own" };
    format!("attachment; filename=\"marshmallow-activity-{whose}.{extension}\"")
}

fn file(stream: AuditStream, kind: &'static str, name: &str) -> Response {
    let headers = [(header::CONTENT_TYPE, kind), (header::CONTENT_DISPOSITION, name)];
    (headers, Body::from_stream(stream)).into_response()
}

fn refuse(error: ServiceError) -> Response {
    let public = error.into_public();
    let status = StatusCode::from_u16(public.http_status()).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    (status, Json(public)).into_response()
}
