//! Parts of the API keys tab.

mod add_key;
mod board;
mod bundle;
mod emergency;
mod help;
mod import;
mod import_row;
mod key_name;
mod key_row;
mod keys_tab;
mod life;
mod life_bound;
mod order;
mod progress;
mod protection;
mod provider_section;
mod reach;
mod recognition;
mod remove;
mod replace;
mod replaced;
mod review;

pub use keys_tab::KeysTab;
