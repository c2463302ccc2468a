//! The Leptos application: pages, components, design system, browser state and server functions.
//! It refuses to know SQL, ciphers and providers' wire formats.

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
pub use shell::{shell, SiteFiles};
