//! The sidebar: new chat, the list of conversations, account and settings. On a phone it is a drawer.

mod drawer;
mod foot;
mod groups;
mod line;
mod list;

pub use drawer::{Drawer, DrawerButton, Sidebar};
