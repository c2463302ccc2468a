//! What people get wrong and what providers do wrong: a fitting status, a clear sentence, and the next step.

use marshmallow_core::{Author, ConversationView, MessageStatus, Provider, PublicError};
use marshmallow_simulator::Simulator;

use crate::harness::{Actor, Answer, MODEL, Place, Server, own_key};

const COPY_IN_ONE_PIECE: &str = "Copy the key again, in one piece and without anything around it.";

async fn person() -> (Place, Server, Actor) {
    let place = Place::new().await;
    let server = place.start().await;
    let ana = server.anonymous().register("ana").await;
    (place, server, ana)
}

fn assert_refused(answer: &Answer, outcome: &str, message: &str, next_step: &str) {
    let error = answer.error();
    assert_eq!(
        (answer.outcome().as_str(), error.message.as_str()),
        (outcome, message)
    );
    assert_eq!(error.next_step, next_step);
}

#[tokio::test]
async fn a_key_that_cannot_work_is_refused_with_its_reason_and_not_stored() {
    let (place, _server, ana) = person().await;
    let long = "k".repeat(5_000);
    #[rustfmt::skip]
    let never_sent = [
        ("openai", "sk-ant-api03-simvalid-0123456789", "This looks like a key of Anthropic, not of the provider that you chose. It was not stored.", "Add it under Anthropic, or paste a key of the provider that you chose."),
        ("google", "sk-or-v1-simvalid-0123456789", "This looks like a key of OpenRouter, not of the provider that you chose. It was not stored.", "Add it under OpenRouter, or paste a key of the provider that you chose."),
        ("openai", "sk-proj-simvalid 0123456789", "The key has a space or a line break inside.", COPY_IN_ONE_PIECE),
        ("openai", "sk-proj-simvalid\r\n0123456789", "The key has a space or a line break inside.", COPY_IN_ONE_PIECE),
        ("openai", "  \n ", "No key was entered.", "Paste the key into the field."),
        ("openai", "sk", "This is too short for a key.", "Copy the whole key from the provider's page."),
        ("openai", long.as_str(), "This is too long for a key.", "Copy the key alone, without other text."),
        ("openai", "sk-proj-****************abcd", "This is not a whole key: something in it is missing, hidden or doubled. It was not stored.", "Copy the whole key with the provider's copy button."),
        ("anthropic", "sk-ant-oat01-simvalid-0123456789", "This is a sign-in token of Anthropic, not an API key. It was not stored.", "Make a key for the API at Anthropic and add that one."),
        ("openai", "sk-admin-simvalid-0123456789", "This is an administration key of OpenAI. It cannot chat. It was not stored.", "Make a key for the API at OpenAI and add that one."),
    ];
    for (provider, key, message, next_step) in never_sent {
        let answer = ana
            .post("keys/add", &[("provider", provider), ("key", key)])
            .await;
        assert_refused(&answer, "422 key_refused", message, next_step);
    }
    assert_eq!(place.simulator.requests(), [], "none of these left the server");

    #[rustfmt::skip]
    let refused_there = [
        ("sk-proj-mistyped-0123456789", "OpenAI does not accept this key. It was not stored.", "Copy the key again, or make a new one at the provider."),
        ("sk-proj-simexpired-0123456789", "OpenAI says that this key has expired. It was not stored.", "Make a new key at the provider and add it here."),
        ("sk-proj-simecho-0123456789", "OpenAI does not accept this key. It was not stored.", "Copy the key again, or make a new one at the provider."),
    ];
    for (key, message, next_step) in refused_there {
        let answer = ana
            .post("keys/add", &[("provider", "openai"), ("key", key)])
            .await;
        assert_refused(&answer, "422 key_refused", message, next_step);
    }
    let cards = ana.get("keys/list", &[]).await.value();
    assert!(
        cards
            .as_array()
            .unwrap()
            .iter()
            .all(|card| card["keys"] == serde_json::json!([])),
        "{cards}"
    );

    let pasted = format!("\n  {}\t", own_key(Provider::OpenAi, "ana"));
    ana.add_key(&place, Provider::OpenAi, &pasted).await;
    let answer = ana
        .post("keys/add", &[("provider", "openai"), ("key", pasted.trim())])
        .await;
    let next_step = "Look for it in the list; the last four characters are shown there.";
    assert_refused(
        &answer,
        "409 key_duplicate",
        "You have stored this key already.",
        next_step,
    );
}

#[tokio::test]
async fn a_custom_endpoint_that_cannot_be_called_is_refused() {
    let (place, _server, ana) = person().await;
    let ours = place.provider_url(Provider::Custom);
    let not_allowed = "This address is not allowed by the administrator of this server. It was not stored.";
    #[rustfmt::skip]
    let cases = [
        ("http://169.254.169.254/v1", "mine", "422 key_refused", not_allowed),
        ("http://127.0.0.1:1/v1", "mine", "422 key_refused", not_allowed),
        ("http://[::1]:1/v1", "mine", "422 key_refused", not_allowed),
        ("http://localhost:1/v1", "mine", "422 key_refused", not_allowed),
        ("file:///etc/passwd", "mine", "422 invalid_input", "This is not an address of a server."),
        ("", "mine", "422 invalid_input", "This is not an address of a server."),
        (&ours, "openai", "422 invalid_input", "'openai' is the name of a provider."),
        (&ours, "My Server", "422 invalid_input", "This endpoint needs another short name."),
    ];
    for (base_url, endpoint, outcome, message) in cases {
        let fields = [
            ("provider", "custom"),
            ("key", "simvalid-0123"),
            ("base_url", base_url),
            ("endpoint", endpoint),
        ];
        let answer = ana.post("keys/add", &fields).await;
        assert_eq!(
            (answer.outcome().as_str(), answer.error().message.as_str()),
            (outcome, message),
            "{base_url}"
        );
    }
    assert_eq!(place.simulator.requests(), []);
}

#[tokio::test]
async fn a_message_that_cannot_be_sent_is_refused_and_nothing_begins() {
    let (place, _server, ana) = person().await;
    ana.add_key(&place, Provider::OpenAi, &own_key(Provider::OpenAi, "ana"))
        .await;
    place.simulator.clear();
    let long = "x".repeat(100 * 1024);
    let not_understood = "The server did not understand this request.";
    #[rustfmt::skip]
    let cases = [
        (MODEL, "", "422 invalid_input", "The message is empty.", "Type something, then send it."),
        (MODEL, " \n\t ", "422 invalid_input", "The message is empty.", "Type something, then send it."),
        (MODEL, long.as_str(), "422 invalid_input", "The message is too long: 100 kB of 64 kB.", "Shorten it or send it in parts. Your text is still here."),
        ("nowhere/large", "Hi", "422 no_credential", "No key of yours serves nowhere/large, and the platform does not offer it.", "Add a key for Custom endpoint under Settings, or choose another model."),
        ("anthropic/claude-haiku-4-5", "Hi", "422 no_credential", "No key of yours serves anthropic/claude-haiku-4-5, and the platform does not offer it.", "Add a key for Anthropic under Settings, or choose another model."),
        ("no-slash", "Hi", "422 invalid_input", not_understood, "Reload the page and try again."),
    ];
    for (model, text, outcome, message, next_step) in cases {
        let answer = ana.post("chat/send", &[("model", model), ("text", text)]).await;
        assert_refused(&answer, outcome, message, next_step);
    }
    let conversation = "0197f0a0-0000-7000-8000-000000000000";
    let answer = ana
        .post(
            "chat/send",
            &[("conversation", conversation), ("model", MODEL), ("text", "Hi")],
        )
        .await;
    assert_refused(
        &answer,
        "404 not_found",
        "This conversation does not exist.",
        "Go back and choose another one.",
    );
    let conversations = ana.get("chat/conversations", &[]).await.value();
    assert_eq!(conversations["conversations"], serde_json::json!([]));
    assert_eq!(place.simulator.requests(), []);
}

/// Asks and expects the answer to fail; the question stays, and so does the error.
async fn failed(ana: &Actor, model: &str, text: &str) -> (PublicError, ConversationView) {
    let shown = ana.ask(model, text).await.rest().await;
    assert!(shown.is_in_order(), "{:?}", shown.frames);
    let error = shown
        .error()
        .unwrap_or_else(|| panic!("{text} did not fail: {:?}", shown.frames));
    assert_eq!(shown.ending().unwrap().0, MessageStatus::Failed, "{text}");
    let view = ana.conversation(&shown.ids().0).await;
    assert_eq!(
        (view.messages[0].author, view.messages[0].text.as_str()),
        (Author::User, text)
    );
    assert_eq!(view.messages[1].error.as_ref(), Some(&error));
    assert_eq!(view.messages[1].text, shown.text());
    (error, view)
}

#[tokio::test]
async fn a_provider_that_fails_is_named_and_the_question_stays() {
    let (place, _server, ana) = person().await;
    ana.add_key(&place, Provider::OpenAi, &own_key(Provider::OpenAi, "ana"))
        .await;
    #[rustfmt::skip]
    let cases = [
        ("openai/gpt-of-next-year", "Hi", "OpenAI does not offer this model to this key.", "Choose another model."),
        (MODEL, "Hi #sim status=500", "OpenAI has a fault or is overloaded.", "Try again in a minute, or choose another model."),
        (MODEL, "Hi #sim delay=0 fail=error@3", "OpenAI has a fault or is overloaded.", "Try again in a minute, or choose another model."),
    ];
    for (model, text, message, next_step) in cases {
        let (error, _) = failed(&ana, model, text).await;
        assert_eq!(
            (error.message.as_str(), error.next_step.as_str()),
            (message, next_step),
            "{text}"
        );
    }
    let cut = ana.ask(MODEL, "Hi #sim delay=0 fail=cut@3").await.rest().await;
    assert!([MessageStatus::Incomplete, MessageStatus::Failed].contains(&cut.ending().unwrap().0));
    assert_eq!(
        cut.text().split_whitespace().count(),
        3,
        "what came before the cut is kept: {}",
        cut.text()
    );
    // Last, since the key rests afterwards.
    let (error, _) = failed(&ana, MODEL, "Hi #sim status=429").await;
    assert_eq!(
        (error.message.as_str(), error.next_step.as_str()),
        (
            "OpenAI has received too many requests with this key for now.",
            "Wait a little and try again."
        )
    );
}

#[tokio::test]
async fn a_slow_provider_is_waited_for() {
    let (place, _server, ana) = person().await;
    ana.add_key(&place, Provider::OpenAi, &own_key(Provider::OpenAi, "ana"))
        .await;
    let shown = ana
        .ask(MODEL, "Hi #sim headers=800 first=800 words=3 delay=0")
        .await
        .rest()
        .await;
    let (status, receipt) = shown.ending().unwrap();
    assert_eq!(status, MessageStatus::Complete);
    assert!(
        receipt.unwrap().ttft_ms.unwrap() >= 1_600,
        "the wait stands on the receipt"
    );
}

#[tokio::test]
async fn a_provider_that_talks_nonsense_or_is_gone_keeps_the_key_and_the_question() {
    let (mut place, _server, ana) = person().await;
    let nonsense = "sk-proj-simhtml-0123456789";
    let added = ana
        .post("keys/add", &[("provider", "openai"), ("key", nonsense)])
        .await
        .value();
    assert_eq!(
        added["status"]["diagnosis"], "garbled",
        "unproven, and so kept: {added}"
    );
    let (error, view) = failed(&ana, MODEL, "Hi").await;
    assert_eq!(
        error.message,
        "OpenAI stopped answering, or sent something that cannot be read."
    );
    assert_eq!(error.next_step, "Try again in a minute, or choose another model.");

    let last = Simulator::start().await;
    std::mem::replace(&mut place.simulator, last).stop().await;
    let (error, _) = failed(&ana, MODEL, "Hi again").await;
    assert_eq!(
        (error.message.as_str(), error.next_step.as_str()),
        ("OpenAI could not be reached.", "Try again in a minute.")
    );
    let key = own_key(Provider::Anthropic, "ana");
    let added = ana
        .post("keys/add", &[("provider", "anthropic"), ("key", &key)])
        .await
        .value();
    assert_eq!(
        added["status"]["diagnosis"], "unreachable",
        "unproven, and so kept: {added}"
    );
    let answer = view.messages[1].id.to_string();
    let again = ana
        .stream("chat/retry", &[("answer", &answer), ("model", MODEL)])
        .await
        .rest()
        .await;
    assert_eq!(again.error().unwrap().message, "OpenAI could not be reached.");
}
