//! The download of keys in a sealed file: a form's fields in, a file out, with or without a script. What may leave is
//! decided in `service`. The fields never stand in an address, and are wiped here.

use std::sync::Arc;

use axum::{
    Extension, Json,
    body::Bytes,
    extract::State,
    response::{IntoResponse, Redirect, Response},
};
use http::{HeaderMap, StatusCode, header};
use leptos::server_fn::error::ServerFnUrlError;
use marshmallow_app::api::{ApiError, EXPORT_KEYS_PATH};
use marshmallow_core::PublicError;
use marshmallow_service::{Caller, ExportRequest, ExportedKeys, Service, ServiceError, SignedIn};
use zeroize::Zeroizing;

/// Where a browser without a script is led back to when there is no file for it.
const PAGE: &str = "/settings/keys";

/// Keys of whoever asks, sealed under the passphrase of the form.
pub async fn keys(
    State(service): State<Arc<Service>>,
    signed_in: Option<Extension<SignedIn>>,
    caller: Option<Extension<Caller>>,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    let outcome = async {
        let Extension(signed_in) = signed_in.ok_or_else(PublicError::sign_in_needed)?;
        let request = read(&body)?;
        let caller = caller.map(|Extension(caller)| caller).unwrap_or_default();
        service.export_keys(&signed_in, request, caller).await
    };
    match outcome.await {
        Ok(exported) => file(exported),
        Err(error) => refuse(&headers, error),
    }
}

fn read(body: &[u8]) -> Result<ExportRequest, PublicError> {
    let not_understood = || {
        PublicError::invalid(
            "The server did not understand this request.",
            "Reload the page and try again.",
        )
    };
    let mut request = ExportRequest::default();
    for (name, value) in url::form_urlencoded::parse(body) {
        let value = Zeroizing::new(value.into_owned());
        match name.as_ref() {
            "password" => request.password = value,
            "passphrase" => request.passphrase = value,
            "again" => request.again = value,
            "key" => request.keys.push(value.parse().map_err(|_| not_understood())?),
            _ => return Err(not_understood()),
        }
    }
    if request.password.is_empty() && request.passphrase.is_empty() {
        return Err(not_understood());
    }
    Ok(request)
}

fn file(exported: ExportedKeys) -> Response {
    let name = format!("attachment; filename=\"{}\"", exported.name);
    let headers = [
        (header::CONTENT_TYPE, "application/octet-stream"),
        (header::CONTENT_DISPOSITION, name.as_str()),
        (header::CACHE_CONTROL, "no-store"),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
    ];
    (headers, exported.text).into_response()
}

/// A script gets the error itself. A browser that posted the form is led back to its page, as server functions lead
/// back, with the error in the address and nothing that was typed.
fn refuse(headers: &HeaderMap, error: ServiceError) -> Response {
    let public = error.into_public();
    let accepted = headers.get(header::ACCEPT).and_then(|value| value.to_str().ok());
    if accepted.is_some_and(|accepted| accepted.contains("text/html"))
        && let Ok(address) = ServerFnUrlError::new(EXPORT_KEYS_PATH, ApiError(public.clone())).to_url(&base())
    {
        return Redirect::to(&format!("{PAGE}?{}", address.query().unwrap_or_default())).into_response();
    }
    let status = StatusCode::from_u16(public.http_status()).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    (status, Json(public)).into_response()
}

/// Any whole address: of the result the query alone is used.
fn base() -> String {
    format!("http://localhost{PAGE}")
}
