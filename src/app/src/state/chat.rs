//! The state of the open conversation: a pure reducer, the reader that feeds it, and the signals of the page.
//! It refuses to know how anything looks.

mod backoff;
mod board;
pub mod draft;
pub mod guard;
pub mod message;
pub mod opening;
mod reader;
mod tasks;
mod timer;
mod transcript;

pub use board::{Chat, Phase, Row};
pub use tasks::Tasks;
