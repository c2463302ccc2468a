//! The server functions: all that a browser may ask. Each one is a public endpoint, so each body begins by
//! asking who calls, and hands everything else to `service`.

#![expect(
    missing_docs,
    reason = "each server function makes a struct of its arguments, which its own text explains"
)]

pub mod accounts;
pub mod audit;
pub mod budgets;
pub mod bundles;
pub mod chat;
pub mod fallback;
pub mod invitations;
pub mod key_life;
pub mod keys;
pub mod models;
pub mod notices;
pub mod removal;
pub mod replace;

#[cfg(feature = "ssr")]
pub mod door;
mod error;

pub use bundles::EXPORT_KEYS_PATH;
pub use error::ApiError;
