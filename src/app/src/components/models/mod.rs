//! The model selector: which model answers next, whose key would pay, and what it costs.

mod choose;
mod palette;
mod search;
mod selector;

pub use choose::{Models, Offer, first_choice};
pub use selector::ModelSelector;
