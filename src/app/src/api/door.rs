//! The door between a request and the use cases: who asks, from where, and in which form answers leave.
//! Only server functions use it. It decides nothing but whether somebody may enter.

use std::sync::Arc;

use axum_extra::extract::cookie::{Cookie, SameSite};
use futures::StreamExt;
use http::{HeaderValue, header, request::Parts};
use leptos::prelude::{expect_context, use_context};
use leptos::server_fn::codec::ByteStream;
use leptos_axum::ResponseOptions;
use marshmallow_core::{ErrorCode, PublicError, Role};
use marshmallow_service::{AnswerStream, Caller, Service, ServiceError, SignedIn, accounts::SessionToken};
pub use marshmallow_service::{AuditQuery, Emergency, KeyPlace, SealedFile};

use super::ApiError;

/// Whether browsers reach this server over HTTPS, which decides the cookie's name and flags.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct IsHttps(pub bool);

impl IsHttps {
    /// The session cookie's name. The prefix binds it to this host and to HTTPS (RFC 6265bis, 4.1.3.2).
    pub fn cookie_name(self) -> &'static str {
        if self.0 {
            "__Host-marshmallow"
        } else {
            "marshmallow"
        }
    }

    fn cookie(self, value: String) -> Cookie<'static> {
        Cookie::build((self.cookie_name(), value))
            .path("/")
            .http_only(true)
            .same_site(SameSite::Lax)
            .secure(self.0)
            .permanent()
            .build()
    }
}

/// The use cases.
pub fn service() -> Result<Arc<Service>, ApiError> {
    use_context::<Arc<Service>>().ok_or_else(misused)
}

/// Who is signed in, if anyone.
pub fn visitor() -> Option<SignedIn> {
    use_context::<Parts>()?.extensions.get::<SignedIn>().cloned()
}

/// Who is signed in; everyone else is turned away.
pub fn signed_in() -> Result<SignedIn, ApiError> {
    visitor().ok_or_else(|| refuse(PublicError::sign_in_needed().into()))
}

/// The signed-in administrator; everyone else is turned away.
pub fn administrator() -> Result<SignedIn, ApiError> {
    let signed_in = signed_in()?;
    match signed_in.account.role {
        Role::Administrator => Ok(signed_in),
        Role::User => Err(refuse(PublicError::forbidden().into())),
    }
}

/// Where the request came from.
pub fn caller() -> Result<Caller, ApiError> {
    let parts = use_context::<Parts>().ok_or_else(misused)?;
    Ok(parts.extensions.get::<Caller>().cloned().unwrap_or_default())
}

/// Gives the browser its session cookie.
pub fn begin_session(token: &SessionToken) -> Result<(), ApiError> {
    let is_https = use_context::<IsHttps>().ok_or_else(misused)?;
    set_cookie(is_https.cookie(token.expose_secret().to_owned()))
}

/// Takes the session cookie back.
pub fn end_session() -> Result<(), ApiError> {
    let is_https = use_context::<IsHttps>().ok_or_else(misused)?;
    let mut cookie = is_https.cookie(String::new());
    cookie.make_removal();
    set_cookie(cookie)
}

fn set_cookie(cookie: Cookie<'static>) -> Result<(), ApiError> {
    let value = HeaderValue::try_from(cookie.to_string()).map_err(|_| misused())?;
    expect_context::<ResponseOptions>().append_header(header::SET_COOKIE, value);
    Ok(())
}

/// Leads the browser to a page of ours.
pub fn go_to(path: &'static str) {
    leptos_axum::redirect(path);
}

/// An error as it leaves: in public words. The server gives it the fitting status.
pub fn refuse(error: ServiceError) -> ApiError {
    ApiError(error.into_public())
}

/// An answer's frames as a server function's stream. Errors travel inside as frames.
pub fn frames(answer: AnswerStream) -> ByteStream<ApiError> {
    ByteStream::new(answer.map(Ok::<_, ApiError>))
}

fn misused() -> ApiError {
    ApiError(PublicError::new(
        ErrorCode::Internal,
        "Something went wrong on this server.",
        "Try again; if it happens again, tell your administrator.",
    ))
}
