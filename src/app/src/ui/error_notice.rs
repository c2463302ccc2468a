//! An error as a good colleague tells it: what happened, whose turn it is, what to do, one button that does it.
//! It refuses to know where the error came from.

use leptos::prelude::*;
use marshmallow_core::{ErrorCode, Fault, PublicError};

use super::{Button, ButtonSize, Icon, IconName, LinkButton};

/// The one button of an error.
#[derive(Debug, Clone)]
pub enum ErrorAction {
    /// Leads to a page.
    Link {
        /// Its words.
        label: String,
        /// Where it leads.
        href: String,
    },
    /// Does something.
    Run {
        /// Its words.
        label: String,
        /// What it does.
        run: Callback<()>,
    },
}

impl ErrorAction {
    /// A button that does something.
    pub fn run(label: impl Into<String>, run: impl Into<Callback<()>>) -> Self {
        ErrorAction::Run {
            label: label.into(),
            run: run.into(),
        }
    }

    /// A button that leads to a page.
    pub fn link(label: impl Into<String>, href: impl Into<String>) -> Self {
        ErrorAction::Link {
            label: label.into(),
            href: href.into(),
        }
    }
}

/// Whose turn it is, in a few words; none where the message itself says enough.
fn whose_turn(code: ErrorCode) -> Option<&'static str> {
    match code {
        ErrorCode::Provider(diagnosis) => match diagnosis.fault() {
            Fault::None => None,
            Fault::Owner => Some("Between you and the provider"),
            Fault::Provider => Some("The provider's fault"),
            Fault::Administrator => Some("Your administrator decides this"),
        },
        ErrorCode::KeyDoesNotOpen | ErrorCode::Storage | ErrorCode::Internal => {
            Some("A fault of this server, not yours")
        }
        ErrorCode::Connection => Some("The connection to this server"),
        ErrorCode::Forbidden | ErrorCode::RegistrationRefused => Some("Your administrator decides this"),
        _ => None,
    }
}

/// An error in place.
#[component]
pub fn ErrorNotice(
    /// What happened.
    error: PublicError,
    /// The one button that does the next step.
    #[prop(optional, into)]
    action: Option<ErrorAction>,
    /// What stands there instead of its two sentences.
    #[prop(optional, into)]
    words: Option<AnyView>,
) -> impl IntoView {
    let words = words.unwrap_or_else(|| {
        view! {
            <p class="font-semibold">{error.message}</p>
            <p>{error.next_step}</p>
        }
        .into_any()
    });
    let button = action.map(|action| match action {
        ErrorAction::Link { label, href } => view! {
            <LinkButton href=href size=ButtonSize::Small>
                {label}
            </LinkButton>
        }
        .into_any(),
        ErrorAction::Run { label, run } => view! {
            <Button size=ButtonSize::Small on_click=move |_| run.run(())>
                {label}
            </Button>
        }
        .into_any(),
    });
    view! {
        <div role="alert" class="flex flex-wrap gap-3 rounded-md border border-bad/30 bg-bad-soft p-3 text-sm text-ink">
            <span class="mt-0.5 text-bad">
                <Icon name=IconName::Bad/>
            </span>
            <div class="min-w-0 flex-1 basis-56 space-y-1 break-words">
                {words}
                {whose_turn(error.code).map(|words| view! { <p class="text-xs text-soft">{words}</p> })}
            </div>
            {button.map(|button| view! { <div class="self-center">{button}</div> })}
        </div>
    }
}

#[cfg(test)]
mod tests {
    use marshmallow_core::Diagnosis;

    use super::*;

    #[test]
    fn faults_are_given_to_those_who_can_act() {
        assert_eq!(
            whose_turn(ErrorCode::Provider(Diagnosis::ProviderDown)),
            Some("The provider's fault")
        );
        assert_eq!(
            whose_turn(ErrorCode::Provider(Diagnosis::AddressBlocked)),
            Some("Your administrator decides this")
        );
        assert_eq!(
            whose_turn(ErrorCode::Internal),
            Some("A fault of this server, not yours")
        );
        assert_eq!(whose_turn(ErrorCode::InvalidInput), None);
    }
}
