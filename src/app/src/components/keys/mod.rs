//! Parts of the API keys tab.

mod add_key;
mod board;
mod emergency;
mod help;
mod key_row;
mod keys_tab;
mod progress;
mod protection;
mod provider_section;
mod recognition;

pub use keys_tab::KeysTab;
