//! Who pays when own keys cannot: each person's rule, and the administrator's terms for everybody.

mod rule;
mod terms;
mod words;

pub use rule::RuleCard;
pub use terms::TermsCard;
