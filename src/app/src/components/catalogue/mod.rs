//! Parts of the Models tab: the whole list with prices, and the choice of the default.

mod filter;
mod model_row;
mod models_tab;

pub use models_tab::ModelsTab;
