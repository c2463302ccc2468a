//! Parts of the Activity tab: the audit trail as a list to filter and to download.

mod activity_tab;
mod filter;
mod filter_bar;
mod line;
mod list;
mod words;

pub use activity_tab::ActivityTab;
