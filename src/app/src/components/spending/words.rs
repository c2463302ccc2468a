//! The choices of the forms. Pure.

use marshmallow_core::FallbackPolicy;

use crate::ui::SelectOption;

/// The policies as choices.
pub fn options() -> Vec<SelectOption> {
    FallbackPolicy::ALL
        .map(|policy| SelectOption {
            value: policy.slug().to_owned(),
            label: policy.title().to_owned(),
        })
        .into()
}
