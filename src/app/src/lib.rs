//! The Leptos application: pages, components, design system, browser state and server functions.
//! It refuses to know SQL, ciphers and providers' wire formats.

#![cfg_attr(
    test,
    expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")
)]
// A view is one nested type; its layout goes deeper than the default allows.
#![recursion_limit = "256"]

pub mod api;
pub mod components;
pub mod format;
pub mod pages;
pub mod state;
pub mod ui;

mod root;
#[cfg(feature = "ssr")]
mod shell;

pub use root::App;
#[cfg(feature = "ssr")]
pub use shell::{SiteFiles, shell};
