//! Whose key: the one visual language for it, used in the selector, the composer, answers and settings.
//! It refuses to decide whose key serves.

use leptos::prelude::*;
use marshmallow_core::CredentialKind;

use super::{Icon, IconName, IconSize};

/// The words for a credential: "Your key · Work ··x3Fa". Without a kind, that none serves.
pub fn credential_text(kind: Option<CredentialKind>, label: &str, last_four: &str) -> String {
    let Some(kind) = kind else {
        return "Needs a key".to_owned();
    };
    let mut text = kind.title().to_owned();
    if !label.is_empty() {
        text.push_str(" · ");
        text.push_str(label);
    }
    if !last_four.is_empty() {
        text.push_str(" ··");
        text.push_str(last_four);
    }
    text
}

const fn icon(kind: Option<CredentialKind>) -> IconName {
    match kind {
        Some(CredentialKind::Own) => IconName::Key,
        Some(CredentialKind::OpenRouter) => IconName::Route,
        Some(CredentialKind::Platform) => IconName::Platform,
        None => IconName::Unserved,
    }
}

const fn text_class(kind: Option<CredentialKind>) -> &'static str {
    match kind {
        Some(CredentialKind::Own) => "text-own",
        Some(CredentialKind::OpenRouter) => "text-openrouter",
        Some(CredentialKind::Platform) => "text-platform",
        None => "text-unserved",
    }
}

const fn soft_class(kind: Option<CredentialKind>) -> &'static str {
    match kind {
        Some(CredentialKind::Own) => "bg-own-soft px-2 py-0.5",
        Some(CredentialKind::OpenRouter) => "bg-openrouter-soft px-2 py-0.5",
        Some(CredentialKind::Platform) => "bg-platform-soft px-2 py-0.5",
        None => "bg-unserved-soft px-2 py-0.5",
    }
}

/// Whose key, in colour, icon and word. A long label is cut with an ellipsis, the last four never.
#[component]
pub fn CredentialBadge(
    /// Whose it is; none when no key serves.
    kind: Option<CredentialKind>,
    /// The owner's name for it; may be empty.
    #[prop(optional, into)]
    label: String,
    /// Its last four characters; may be empty.
    #[prop(optional, into)]
    last_four: String,
    /// Without the tinted ground, for a quiet line.
    #[prop(optional)]
    plain: bool,
) -> impl IntoView {
    let ground = if plain { "" } else { soft_class(kind) };
    let full = credential_text(kind, &label, &last_four);
    let words = credential_text(kind, &label, "");
    let tail = (kind.is_some() && !last_four.is_empty()).then(|| format!("··{last_four}"));
    view! {
        <span
            class=format!(
                "inline-flex max-w-full min-w-0 items-center gap-1 rounded-full text-xs font-medium {} {ground}",
                text_class(kind),
            )
            title=full
        >
            <Icon name=icon(kind) size=IconSize::Small/>
            <span class="truncate">{words}</span>
            {tail.map(|tail| view! { <span class="shrink-0 font-mono">{tail}</span> })}
        </span>
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_words_name_owner_label_and_end() {
        let own = Some(CredentialKind::Own);
        assert_eq!(credential_text(own, "Work", "x3Fa"), "Your key · Work ··x3Fa");
        assert_eq!(credential_text(own, "", "x3Fa"), "Your key ··x3Fa");
        assert_eq!(
            credential_text(Some(CredentialKind::Platform), "", ""),
            "Platform"
        );
        assert_eq!(credential_text(None, "Work", "x3Fa"), "Needs a key");
    }
}
