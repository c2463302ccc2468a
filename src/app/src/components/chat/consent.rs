//! The question of a paused answer: what failed, and a priced button for each choice.
//! It refuses to decide: the server offers, the person chooses.

use leptos::prelude::*;
use marshmallow_core::{Consent, ConsentOption, CredentialKind, MessageId, NanoDollars, Pause};

use super::ending::{fallback_lines, named};
use crate::{
    api::{ApiError, chat::choose},
    components::account::Failure,
    ui::{Button, ButtonVariant, Moment, Notice, Tone},
};

/// What letting a credential pay would cost, in words.
fn price(about: Option<NanoDollars>, at_most: Option<NanoDollars>) -> String {
    match about.zip(at_most) {
        Some((about, at_most)) => format!("about {about}, at most {at_most}"),
        None => "price unknown".to_owned(),
    }
}

/// The words of a choice's button.
fn button(option: &ConsentOption) -> String {
    match option {
        ConsentOption::Wait { .. } => "Wait for it".to_owned(),
        ConsentOption::Use { credential, .. } if credential.kind == CredentialKind::Platform => {
            "Let the platform pay".to_owned()
        }
        ConsentOption::Use { credential, .. } => format!("Use {}", named(credential)),
    }
}

/// The card of a paused answer.
#[component]
pub fn PauseCard(
    /// The answer.
    message: MessageId,
    /// Why it stands still.
    pause: Pause,
) -> impl IntoView {
    match pause {
        Pause::Asking { consent } => view! { <Question message=message consent=consent/> }.into_any(),
        Pause::Waiting { credential, until } => view! {
            <Notice tone=Tone::Info>
                <p role="status">
                    "Waiting for " {named(&credential)} ", which is free again " <Moment at=until/>
                    ". The answer goes on by itself; you may leave this page."
                </p>
            </Notice>
        }
        .into_any(),
    }
}

#[component]
fn Question(message: MessageId, consent: Consent) -> impl IntoView {
    let failure = RwSignal::new(None::<ApiError>);
    let send = Action::new(move |&option: &usize| async move {
        match choose(message, option).await {
            Ok(()) => failure.set(None),
            Err(error) => failure.set(Some(error)),
        }
    });
    let failed = fallback_lines(&consent.failed, None)
        .into_iter()
        .map(|line| view! { <p>{line}</p> })
        .collect_view();
    let choices = consent
        .options
        .into_iter()
        .enumerate()
        .map(|(place, option)| {
            let words = button(&option);
            let detail = match option {
                ConsentOption::Wait { credential, until } => view! {
                    {named(&credential)} " is free again " <Moment at=until/>
                }
                .into_any(),
                ConsentOption::Use { about, at_most, .. } => price(about, at_most).into_any(),
            };
            view! {
                <li class="flex flex-wrap items-center gap-x-3 gap-y-1">
                    <Button
                        variant=ButtonVariant::Secondary
                        loading=send.pending()
                        on_click=move |_| { send.dispatch(place); }
                    >
                        {words}
                    </Button>
                    <span class="text-sm tabular-nums text-soft">{detail}</span>
                </li>
            }
        })
        .collect_view();
    view! {
        <section aria-label="Who pays for this answer?" class="space-y-3">
            <Notice tone=Tone::Warning>
                {failed}
                <p class="font-medium" role="status">"How shall this answer go on?"</p>
            </Notice>
            <ul class="space-y-2">{choices}</ul>
            {move || failure.get().map(|error| view! { <Failure error=error/> })}
        </section>
    }
}

#[cfg(test)]
mod tests {
    use marshmallow_core::{CredentialLabel, Millis, Provider};

    use super::*;

    #[test]
    fn each_choice_says_who_pays_and_about_how_much() {
        let label = |kind, last_four: &str| CredentialLabel {
            kind,
            provider: Provider::OpenAi,
            label: String::new(),
            last_four: last_four.into(),
            key: None,
        };
        let option = |credential| ConsentOption::Use {
            credential,
            about: None,
            at_most: None,
        };
        assert_eq!(
            button(&option(label(CredentialKind::Platform, ""))),
            "Let the platform pay"
        );
        assert_eq!(
            button(&option(label(CredentialKind::OpenRouter, "b4c5"))),
            "Use your OpenAI key ··b4c5"
        );
        let wait = ConsentOption::Wait {
            credential: label(CredentialKind::Own, "x3Fa"),
            until: Millis(0),
        };
        assert_eq!(button(&wait), "Wait for it");
        assert_eq!(
            price(Some(NanoDollars(4_100_000)), Some(NanoDollars(20_000_000))),
            "about $0.0041, at most $0.020"
        );
        assert_eq!(price(None, None), "price unknown");
    }
}
