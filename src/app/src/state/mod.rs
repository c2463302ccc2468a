//! What the application remembers while a page is open. It refuses to know how anything looks.

pub mod account;
pub mod browser;
pub mod chat;
pub mod conversations;
pub mod handover;
pub mod notices;
pub mod theme;
