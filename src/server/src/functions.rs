//! Server functions over HTTP: what Leptos would say in its own words leaves as an error of ours, under the status
//! that fits it. It knows no function by name.

use axum::{
    Json,
    body::{Body, to_bytes},
    response::IntoResponse,
};
use http::{HeaderValue, Request, Response, StatusCode, header};
use leptos::server_fn::{
    axum::get_server_fn_service,
    error::{SERVER_FN_ERROR_HEADER, ServerFnUrlError},
};
use marshmallow_app::api::ApiError;
use marshmallow_core::PublicError;

/// Errors are short; a longer body is none.
const LONGEST_ERROR: usize = 64 * 1024;

/// Calls the server function that the request names.
pub async fn call(context: impl Fn() + Clone + Send + 'static, mut request: Request<Body>) -> Response<Body> {
    if get_server_fn_service(request.uri().path(), request.method().clone()).is_none() {
        return (StatusCode::NOT_FOUND, Json(PublicError::not_found("address"))).into_response();
    }
    forget_earlier_error(&mut request);
    let response = leptos_axum::handle_server_fns_with_context(context, request)
        .await
        .into_response();
    // A form posted without a script is led back to its page, where the error is shown.
    let is_error = response.headers().contains_key(SERVER_FN_ERROR_HEADER);
    if is_error && !response.status().is_redirection() {
        with_fitting_status(response).await
    } else {
        response
    }
}

/// A form posted without a script leads back to its page with the error in the address. The next attempt comes
/// from that address, and its own error would stand behind the earlier one.
fn forget_earlier_error(request: &mut Request<Body>) {
    let referrer = request
        .headers()
        .get(header::REFERER)
        .and_then(|value| value.to_str().ok());
    let Some(mut referrer) = referrer
        .filter(|address| address.contains("__err="))
        .map(str::to_owned)
    else {
        return;
    };
    ServerFnUrlError::<ApiError>::strip_error_info(&mut referrer);
    if let Ok(referrer) = HeaderValue::try_from(referrer) {
        request.headers_mut().insert(header::REFERER, referrer);
    }
}

async fn with_fitting_status(response: Response<Body>) -> Response<Body> {
    let (mut parts, body) = response.into_parts();
    let body = to_bytes(body, LONGEST_ERROR).await.unwrap_or_default();
    let error = serde_json::from_slice::<PublicError>(&body).ok();
    if let Some(status) = error.and_then(|error| StatusCode::from_u16(error.http_status()).ok()) {
        parts.status = status;
    }
    Response::from_parts(parts, body.into())
}
