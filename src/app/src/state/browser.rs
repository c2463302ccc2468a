//! The one door to what only a browser has: cookies, the clipboard, timers, the clock, the address bar,
//! files.
//! On the server the same functions exist and do nothing, so that views call them without a condition.

#[cfg(feature = "hydrate")]
mod files;
#[cfg(feature = "hydrate")]
mod page;
#[cfg(not(feature = "hydrate"))]
mod server;

#[cfg(feature = "hydrate")]
pub use files::{file_bytes, read_file, send_for_file};
#[cfg(feature = "hydrate")]
pub use page::{after, copy_text, go_to, now, origin, root_attribute, set_cookie, set_root_attribute};
#[cfg(not(feature = "hydrate"))]
pub use server::{
    after, copy_text, file_bytes, go_to, now, origin, read_file, root_attribute, send_for_file, set_cookie,
    set_root_attribute,
};
