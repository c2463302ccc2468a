//! Conversations in every state, rendered as the server does it, and checked.
//! With `MARSHMALLOW_GALLERY=<folder>` each page is written there, to be looked at in a browser.

use leptos::prelude::*;
use leptos_router::{components::Router, location::RequestUrl};
use marshmallow_core::{
    Abilities, Author, Consent, ConsentOption, ConversationView, Cost, CredentialKind, CredentialLabel,
    Diagnosis, Fallback, MessageStatus, MessageView, Millis, ModelChoice, ModelSelection, NanoDollars, Pause,
    Price, Provider, PublicError, Receipt, StopReason, Usage,
};

use super::{Conversation, ConversationSkeleton};
use crate::ui::gallery::{markup::faults, render, show};

fn label(kind: CredentialKind) -> CredentialLabel {
    let (label, last_four) = if kind == CredentialKind::Platform {
        ("", "")
    } else {
        ("Work", "x3Fa")
    };
    CredentialLabel {
        kind,
        provider: Provider::OpenAi,
        label: label.into(),
        last_four: last_four.into(),
        key: None,
    }
}

fn receipt() -> Receipt {
    Receipt {
        credential: label(CredentialKind::Platform),
        model: "openai/gpt-test".parse().unwrap(),
        usage: Usage {
            input: 1_200,
            cached_input: 400,
            output: 320,
            reasoning: 64,
            ..Usage::default()
        },
        cost: Cost {
            amount: Some(NanoDollars(4_100_000)),
            is_estimated: false,
        },
        fallbacks: vec![Fallback {
            from: label(CredentialKind::Own),
            because: Diagnosis::RateLimited,
        }],
        failure: None,
        stop: Some(StopReason::End),
        ttft_ms: Some(420),
        duration_ms: 5_300,
        request_id: Some("req_01".into()),
    }
}

fn message(number: u8, author: Author, status: MessageStatus, text: &str) -> MessageView {
    MessageView {
        id: format!("01900000-0000-7000-8000-0000000000{number:02}")
            .parse()
            .unwrap(),
        parent: None,
        author,
        status,
        text: text.into(),
        reasoning: String::new(),
        model: (author == Author::Assistant).then(|| "openai/gpt-test".parse().unwrap()),
        receipt: None,
        error: None,
        pause: None,
        last_seq: None,
        created_at: Millis(0),
    }
}

fn answer(number: u8, status: MessageStatus, text: &str) -> MessageView {
    message(number, Author::Assistant, status, text)
}

fn question(number: u8, text: &str) -> MessageView {
    message(number, Author::User, MessageStatus::Complete, text)
}

fn conversation(messages: Vec<MessageView>) -> ConversationView {
    ConversationView {
        id: "01900000-0000-7000-8000-000000000099".parse().unwrap(),
        title: "Trip to Oslo".into(),
        model: Some("openai/gpt-test".parse().unwrap()),
        messages,
    }
}

fn selection(kind: Option<CredentialKind>) -> ModelSelection {
    let id: marshmallow_core::ModelId = "openai/gpt-test".parse().unwrap();
    let choice = ModelChoice {
        id: id.clone(),
        title: "GPT Test".into(),
        context: Some(128_000),
        price: Some(Price {
            input: 2_500_000_000,
            cached_input: None,
            cache_write: None,
            output: 10_000_000_000,
        }),
        abilities: Abilities {
            vision: true,
            tools: true,
            reasoning: false,
        },
        credential: kind.map(label),
    };
    let preferred = choice.credential.is_some().then_some(id);
    ModelSelection {
        choices: vec![choice],
        preferred,
        prices_as_of: "2026-11-01".into(),
    }
}

/// Renders a conversation, checks its markup, and gives it back.
fn page(
    name: &str,
    stored: Option<ConversationView>,
    selection: Result<ModelSelection, PublicError>,
) -> String {
    let html = render(|| {
        provide_context(RequestUrl::new("/"));
        view! {
            <Router>
                <main class="flex h-dvh flex-col">
                    <Conversation stored=stored selection=selection on_news=Callback::new(|_| ())/>
                </main>
            </Router>
        }
    });
    show(name, &html);
    assert_eq!(faults(&html), Vec::<String>::new(), "{name}: {html}");
    html
}

#[test]
fn a_whole_answer_stands_in_the_page_with_its_receipt() {
    let whole = MessageView {
        reasoning: "They want museums.".into(),
        receipt: Some(receipt()),
        ..answer(2, MessageStatus::Complete, "Begin at the <Opera>.\n\nThen walk.")
    };
    let html = page(
        "chat-whole",
        Some(conversation(vec![question(1, "Where to in Oslo?"), whole])),
        Ok(selection(Some(CredentialKind::Own))),
    );
    for text in [
        "Where to in Oslo?",
        "Begin at the &lt;Opera&gt;.\n\nThen walk.",
        "They want museums.",
        "$0.0041",
        "req_01",
    ] {
        assert!(html.contains(text), "{text}: {html}");
    }
    assert!(
        html.contains("Your OpenAI key ··x3Fa could not serve: rate limited."),
        "{html}"
    );
    assert!(!html.contains("Ask anything, with your own keys"));
}

#[test]
fn every_ending_is_told_with_what_to_do() {
    let failed = MessageView {
        error: Some(PublicError::provider(Provider::OpenAi, Diagnosis::NoCredit)),
        ..answer(2, MessageStatus::Failed, "")
    };
    for (name, last, told) in [
        (
            "interrupted",
            answer(2, MessageStatus::Interrupted, "Half"),
            "The server stopped in mid-answer.",
        ),
        (
            "stopped",
            answer(2, MessageStatus::Stopped, "Half"),
            "You stopped this answer.",
        ),
        (
            "incomplete",
            answer(2, MessageStatus::Incomplete, "Half"),
            "without saying that it is whole",
        ),
        ("failed", failed, "has no credit left"),
    ] {
        let html = page(
            &format!("chat-{name}"),
            Some(conversation(vec![question(1, "Hello"), last])),
            Ok(selection(Some(CredentialKind::Own))),
        );
        assert!(html.contains(told), "{name}: {html}");
        assert!(html.contains("Retry"), "{name}: {html}");
        assert_eq!(html.contains("Go to API keys"), name == "failed", "{name}");
    }
}

#[test]
fn a_paused_answer_asks_with_the_price_of_each_choice() {
    let asked = MessageView {
        last_seq: Some(1),
        pause: Some(Pause::Asking {
            consent: Consent {
                failed: vec![Fallback {
                    from: label(CredentialKind::Own),
                    because: Diagnosis::RateLimited,
                }],
                options: vec![
                    ConsentOption::Wait {
                        credential: label(CredentialKind::Own),
                        until: Millis(1_795_000_000_000),
                    },
                    ConsentOption::Use {
                        credential: label(CredentialKind::Platform),
                        about: Some(NanoDollars(4_100_000)),
                        at_most: Some(NanoDollars(20_000_000)),
                    },
                ],
                until: Millis(1_795_100_000_000),
            },
        }),
        ..answer(2, MessageStatus::Streaming, "")
    };
    let html = page(
        "chat-paused",
        Some(conversation(vec![question(1, "Hello"), asked])),
        Ok(selection(Some(CredentialKind::Own))),
    );
    for told in [
        "could not serve: rate limited",
        "Wait for it",
        "Let the platform pay",
        "about $0.0041, at most $0.020",
    ] {
        assert!(html.contains(told), "{told}: {html}");
    }
    assert!(!html.contains("Waiting for the first words"));
}

#[test]
fn a_running_answer_shows_what_is_there_and_can_be_stopped() {
    let running = MessageView {
        last_seq: Some(7),
        ..answer(2, MessageStatus::Streaming, "So far")
    };
    let html = page(
        "chat-running",
        Some(conversation(vec![question(1, "Hello"), running])),
        Ok(selection(Some(CredentialKind::Own))),
    );
    assert!(
        html.contains("So far") && html.contains("aria-busy=\"true\""),
        "{html}"
    );
    assert!(
        html.contains("Stop the answer") && !html.contains("Retry"),
        "{html}"
    );
}

#[test]
fn the_first_ten_seconds_tell_what_may_be_used() {
    let own = page("chat-own", None, Ok(selection(Some(CredentialKind::Own))));
    assert!(own.contains("1 model is ready with your own keys."), "{own}");
    let lent = page(
        "chat-platform",
        None,
        Ok(selection(Some(CredentialKind::Platform))),
    );
    assert!(
        lent.contains("the platform pays") && lent.contains("Add your key"),
        "{lent}"
    );
    let none = page("chat-nothing", None, Ok(selection(None)));
    assert!(
        none.contains("Add a key of a provider to begin.") && none.contains("/settings/keys"),
        "{none}"
    );
}

#[test]
fn without_a_usable_model_the_composer_says_so_in_place() {
    let stored = conversation(vec![
        question(1, "Hello"),
        answer(2, MessageStatus::Complete, "Hi"),
    ]);
    let html = page("chat-no-model", Some(stored.clone()), Ok(selection(None)));
    assert!(html.contains("No model can answer right now"), "{html}");
    let failed = PublicError::new(
        marshmallow_core::ErrorCode::Storage,
        "The list of models is gone.",
        "Wait.",
    );
    let html = page("chat-no-models", Some(stored), Err(failed));
    assert!(
        html.contains("The list of models is gone.") && html.contains("Hi"),
        "{html}"
    );
}

#[test]
fn the_skeleton_is_sound_markup() {
    let html = render(|| view! { <ConversationSkeleton/> });
    assert_eq!(faults(&html), Vec::<String>::new());
    assert!(html.contains("Loading the conversation"));
}
