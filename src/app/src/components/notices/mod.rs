//! What needs attention: the bell on every page, the panel that it opens, and the same list above the keys.

mod bell;
mod item;
mod key_age;
mod list;
mod panel;
mod words;

pub use bell::BellLink;
pub use list::NoticeCard;
pub use panel::BellPanel;
