//! Who may do what: every server function and every page, for everyone who may ask.

mod functions;
mod pages;
mod privacy;
mod scene;
