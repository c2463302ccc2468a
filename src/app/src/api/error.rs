//! The error of server functions: our public error in the form that Leptos carries.
//! It refuses to pass on inner texts: what Leptos itself reports becomes one of our own sentences.

use leptos::server_fn::{
    codec::JsonEncoding,
    error::{FromServerFnError, ServerFnErrorErr},
};
use marshmallow_core::{ErrorCode, PublicError};
use serde::{Deserialize, Serialize};

/// What a server function answers when it cannot do what was asked.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct ApiError(pub PublicError);

impl FromServerFnError for ApiError {
    type Encoder = JsonEncoding;

    fn from_server_fn_error(error: ServerFnErrorErr) -> Self {
        Self(match error {
            ServerFnErrorErr::Request(_) | ServerFnErrorErr::Response(_) => PublicError::new(
                ErrorCode::Connection,
                "The server could not be reached.",
                "Check your connection and try again. What you typed is still here.",
            ),
            ServerFnErrorErr::Args(_)
            | ServerFnErrorErr::MissingArg(_)
            | ServerFnErrorErr::Deserialization(_) => PublicError::invalid(
                "The server did not understand this request.",
                "Reload the page and try again.",
            ),
            _ => PublicError::new(
                ErrorCode::Internal,
                "Something went wrong on this server.",
                "Try again; if it happens again, tell your administrator.",
            ),
        })
    }
}

impl std::fmt::Display for ApiError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.0.fmt(f)
    }
}
