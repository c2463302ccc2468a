//! What keys may spend, and who pays when own keys cannot: parts of the Spending tab, and the limit of a single key.

mod budget;
mod rule;
mod spending_tab;
mod terms;
mod words;

pub use budget::BudgetLine;
pub use spending_tab::SpendingTab;
