//! What browsers keep as files. Each download has a file of its own here.

mod activity;
mod keys;

pub use activity::{csv, json};
pub use keys::keys;
