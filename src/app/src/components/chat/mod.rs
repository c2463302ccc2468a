//! The open conversation: its messages, receipts and endings, and the composer below them.

mod answer;
mod composer;
mod consent;
mod conversation;
mod ending;
mod leak_guard;
mod question;
mod receipt;
mod scroll;
mod skeleton;
mod welcome;

#[cfg(all(test, feature = "ssr"))]
mod gallery;

pub use conversation::Conversation;
pub use skeleton::ConversationSkeleton;
