//! Badges: a word with a tone. They refuse to speak by colour alone: each tone has its icon.

use leptos::prelude::*;

use super::{Icon, IconName, IconSize};

/// What a badge or notice says beside its words.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Tone {
    /// All is well.
    Good,
    /// Look at this soon.
    Warning,
    /// Something is wrong.
    Bad,
    /// Worth knowing.
    Info,
    /// A plain fact.
    #[default]
    Neutral,
}

impl Tone {
    /// The icon of the tone; a plain fact has none.
    pub const fn icon(self) -> Option<IconName> {
        match self {
            Tone::Good => Some(IconName::Good),
            Tone::Warning => Some(IconName::Alert),
            Tone::Bad => Some(IconName::Bad),
            Tone::Info => Some(IconName::Info),
            Tone::Neutral => None,
        }
    }

    const fn class(self) -> &'static str {
        match self {
            Tone::Good => "bg-good-soft text-good",
            Tone::Warning => "bg-warning-soft text-warning",
            Tone::Bad => "bg-bad-soft text-bad",
            Tone::Info => "bg-info-soft text-info",
            Tone::Neutral => "bg-sunken text-soft",
        }
    }
}

/// A word or two in a tone.
#[component]
pub fn Badge(
    /// What it says beside its words.
    #[prop(optional)]
    tone: Tone,
    /// Its words.
    children: Children,
) -> impl IntoView {
    view! {
        <span class=format!(
            "inline-flex items-center gap-1 rounded-full px-2 py-0.5 text-xs font-medium whitespace-nowrap {}",
            tone.class(),
        )>
            {tone.icon().map(|icon| view! { <Icon name=icon size=IconSize::Small/> })} {children()}
        </span>
    }
}
