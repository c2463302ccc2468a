//! Recorded streams, each replayed whole, split at every byte, and byte by byte: the same events each time.
//! A recording is evidence; when one fails, the decoder is wrong, not the recording.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

use std::{collections::BTreeSet, fs, path::PathBuf, time::Duration};

use marshmallow_core::{Diagnosis, NanoDollars, Provider, StopReason, Usage};
use marshmallow_providers::{Decoder, Event};
use proptest::prelude::*;

fn streams() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/streams")
}

fn decode<'a>(provider: Provider, chunks: impl IntoIterator<Item = &'a [u8]>) -> Vec<Event> {
    let mut decoder = Decoder::new(provider);
    let mut events = Vec::new();
    for chunk in chunks {
        events.extend(decoder.push(chunk));
    }
    events.extend(decoder.finish());
    events
}

/// Decodes a recording in every way in which a network can split it.
fn replay(name: &str) -> Vec<Event> {
    let provider = Provider::from_slug(name.split_once('/').unwrap().0).unwrap();
    let bytes = fs::read(streams().join(format!("{name}.txt"))).unwrap();
    let whole = decode(provider, [bytes.as_slice()]);
    for at in 0..=bytes.len() {
        let (left, right) = bytes.split_at(at);
        assert_eq!(decode(provider, [left, right]), whole, "{name} split at {at}");
    }
    assert_eq!(decode(provider, bytes.chunks(1)), whole, "{name} byte by byte");
    whole
}

fn text(text: &str) -> Event {
    Event::Text(text.into())
}

fn reasoning(text: &str) -> Event {
    Event::Reasoning(text.into())
}

fn model(name: &str) -> Event {
    Event::Model(name.into())
}

fn id(id: &str) -> Event {
    Event::RequestId(id.into())
}

/// Counts in the order of [`Usage`]'s fields.
fn usage([input, cached_input, cache_write, output, reasoning]: [u64; 5]) -> Event {
    Event::Usage {
        usage: Usage {
            input,
            cached_input,
            cache_write,
            output,
            reasoning,
        },
        cost: None,
    }
}

/// Replays a recording that ends in a failure, and gives what came before it and its diagnosis.
fn replay_failure(name: &str) -> (Vec<Event>, Diagnosis) {
    let mut events = replay(name);
    match events.pop() {
        Some(Event::Failed(error)) => (events, error.diagnosis),
        other => panic!("{name} ends with {other:?}"),
    }
}

#[test]
fn openai_answers_with_usage_in_a_chunk_of_its_own() {
    assert_eq!(
        replay("openai/plain"),
        [
            model("gpt-5-mini-2025-08-07"),
            text("Grüße 🦔"),
            Event::Alive,
            text(" — 日本"),
            Event::Finish(StopReason::End),
            usage([1200, 1024, 0, 300, 256]),
        ]
    );
}

#[test]
fn openai_refuses_in_a_field_of_its_own() {
    assert_eq!(
        replay("openai/refusal_and_filter"),
        [
            model("gpt-5"),
            text("I cannot help."),
            Event::Finish(StopReason::Filtered)
        ]
    );
}

#[test]
fn a_stream_that_just_ends_has_no_finish() {
    assert_eq!(replay("openai/no_finish"), [model("gpt-5"), text("half an")]);
}

#[test]
fn an_error_inside_a_stream_is_diagnosed() {
    assert_eq!(replay_failure("openai/error"), (vec![], Diagnosis::ProviderDown));
}

#[test]
fn a_damaged_event_is_passed_over_and_five_in_a_row_end_the_stream() {
    assert_eq!(
        replay("openai/one_malformed"),
        [
            model("gpt-5"),
            text("a"),
            text("b"),
            Event::Finish(StopReason::Length)
        ]
    );
    assert_eq!(
        replay_failure("openai/five_malformed"),
        (vec![model("gpt-5"), text("a")], Diagnosis::Garbled)
    );
}

#[test]
fn openrouter_tells_reasoning_id_and_its_own_cost() {
    assert_eq!(
        replay("openrouter/reasoning"),
        [
            Event::Alive,
            Event::Alive,
            id("gen-1793600000-abc"),
            model("anthropic/claude-sonnet-4.5"),
            reasoning("Let me think."),
            Event::Alive,
            text("Done."),
            Event::Finish(StopReason::End),
            Event::Usage {
                usage: Usage {
                    input: 20,
                    cached_input: 4,
                    cache_write: 2,
                    output: 30,
                    reasoning: 10,
                },
                cost: Some(NanoDollars(512_000)),
            },
        ]
    );
}

#[test]
fn openrouter_adds_what_a_persons_own_upstream_key_pays() {
    let cost = replay("openrouter/byok")
        .into_iter()
        .find_map(|event| match event {
            Event::Usage { cost, .. } => cost,
            _ => None,
        });
    assert_eq!(cost, Some(NanoDollars(210_000)));
}

#[test]
fn openrouter_fails_inside_a_200() {
    let events = replay("openrouter/error_inside_200");
    let Some(Event::Failed(error)) = events.last() else {
        panic!("{events:?}");
    };
    assert_eq!(error.diagnosis, Diagnosis::ProviderDown);
    assert_eq!(error.status, Some(502));
    assert_eq!(
        error.detail,
        "Provider disconnected unexpectedly: upstream connect error"
    );
    assert!(events.contains(&text("partly")));
}

#[test]
fn compatible_servers_have_their_ways() {
    assert_eq!(
        replay("custom/mistral_parts_crlf"),
        [
            model("magistral-medium"),
            reasoning("Hm"),
            reasoning("m."),
            text("Voilà"),
            text("."),
            usage([9, 0, 0, 3, 0]),
            Event::Finish(StopReason::End),
        ]
    );
    assert_eq!(
        replay("custom/deepseek"),
        [
            Event::Alive,
            model("deepseek-reasoner"),
            reasoning("First"),
            text("42"),
            usage([100, 64, 0, 50, 40]),
            Event::Finish(StopReason::Length),
        ]
    );
    assert_eq!(
        replay("custom/groq"),
        [
            model("llama-3.3-70b"),
            text("ok"),
            usage([18, 0, 0, 2, 0]),
            Event::Finish(StopReason::Tool),
        ]
    );
    assert_eq!(
        replay("custom/xai_reasoning_beside"),
        [
            model("grok-4"),
            text("yes"),
            Event::Finish(StopReason::End),
            usage([10, 3, 0, 35, 15]),
        ]
    );
    assert_eq!(
        replay("custom/bom_cr_no_end"),
        [
            model("m"),
            text("bom"),
            Event::Finish(StopReason::End),
            usage([1, 0, 0, 1, 0]),
        ]
    );
}

#[test]
fn what_is_no_stream_is_a_failure() {
    assert_eq!(
        replay_failure("custom/json_instead_of_events"),
        (vec![], Diagnosis::ProviderDown)
    );
    assert_eq!(
        replay_failure("custom/page_instead_of_events"),
        (vec![], Diagnosis::Garbled)
    );
    for provider in Provider::ALL {
        let events = decode(provider, []);
        assert!(matches!(events.as_slice(), [Event::Failed(e)] if e.diagnosis == Diagnosis::Garbled));
    }
}

#[test]
fn anthropic_sums_its_three_inputs_and_overwrites_its_output() {
    assert_eq!(
        replay("anthropic/thinking_and_cache"),
        [
            model("claude-sonnet-4-5-20250929"),
            usage([1110, 1000, 100, 3, 0]),
            Event::Alive,
            reasoning("Überlegen …"),
            text("Hallo"),
            text(" 👋🏽"),
            usage([1110, 1000, 100, 42, 0]),
            Event::Finish(StopReason::End),
        ]
    );
    assert_eq!(
        replay("anthropic/refusal_cumulative"),
        [
            model("claude-x"),
            usage([7, 0, 0, 1, 0]),
            usage([7, 0, 0, 10, 0]),
            usage([10, 2, 0, 15, 0]),
            Event::Finish(StopReason::Filtered),
        ]
    );
}

#[test]
fn anthropic_fails_by_an_event() {
    let (before, diagnosis) = replay_failure("anthropic/overloaded");
    assert_eq!(before.last(), Some(&text("Half")));
    assert_eq!(diagnosis, Diagnosis::ProviderDown);
}

#[test]
fn google_counts_thoughts_as_output_and_the_last_count_stands() {
    assert_eq!(
        replay("google/thoughts_crlf"),
        [
            id("r1AbC"),
            model("gemini-2.5-pro"),
            reasoning("Planning"),
            usage([12, 0, 0, 8, 8]),
            text("Sieh "),
            text("da 🎉"),
            usage([12, 4, 0, 28, 25]),
            usage([12, 4, 0, 30, 25]),
            Event::Finish(StopReason::End),
        ]
    );
}

#[test]
fn google_blocks_before_or_while_it_answers() {
    let (before, diagnosis) = replay_failure("google/blocked");
    assert_eq!(diagnosis, Diagnosis::Filtered);
    assert!(before.contains(&usage([9, 0, 0, 0, 0])));
    assert_eq!(
        replay("google/safety").last(),
        Some(&Event::Finish(StopReason::Filtered))
    );
}

#[test]
fn google_fails_inside_and_outside_of_events() {
    let (before, diagnosis) = replay_failure("google/bare_error");
    assert_eq!(before, [model("gemini-2.5-flash"), text("One")]);
    assert_eq!(diagnosis, Diagnosis::ProviderDown);

    let events = replay("google/framed_error");
    let Some(Event::Failed(error)) = events.last() else {
        panic!("{events:?}");
    };
    assert_eq!(error.diagnosis, Diagnosis::RateLimited);
    assert_eq!(error.retry_after, Some(Duration::from_secs(9)));
}

#[test]
fn every_recording_is_replayed() {
    let source = include_str!("replay.rs");
    let mut names = BTreeSet::new();
    for folder in fs::read_dir(streams()).unwrap() {
        let folder = folder.unwrap();
        for file in fs::read_dir(folder.path()).unwrap() {
            let stem = file
                .unwrap()
                .path()
                .file_stem()
                .unwrap()
                .to_string_lossy()
                .into_owned();
            names.insert(format!("{}/{stem}", folder.file_name().to_string_lossy()));
        }
    }
    assert!(names.len() > 15);
    for name in names {
        assert!(source.contains(&format!("\"{name}\"")), "{name} is in no test");
    }
}

/// Noise that looks like a stream often enough to get past the first check.
fn noise() -> impl Strategy<Value = Vec<u8>> {
    let token = prop_oneof![
        Just(b"data: ".to_vec()),
        Just(b"event: error\n".to_vec()),
        Just(b"\n\n".to_vec()),
        Just(
            br#"{"choices":[{"delta":{"content":"x"},"finish_reason":"stop"}],"usage":{"prompt_tokens":-1}}"#
                .to_vec()
        ),
        Just(br#"{"type":"message_delta","usage":{"output_tokens":18446744073709551615}}"#.to_vec()),
        Just(br#"{"type":"content_block_delta","delta":7}"#.to_vec()),
        Just(br#"{"candidates":[],"usageMetadata":{"thoughtsTokenCount":1e99}}"#.to_vec()),
        Just(br#"{"error":null}"#.to_vec()),
        Just(b"[DONE]".to_vec()),
        proptest::collection::vec(any::<u8>(), 0..8),
    ];
    proptest::collection::vec(token, 0..40).prop_map(|tokens| tokens.concat())
}

proptest! {
    #[test]
    fn noise_never_panics_and_a_failure_is_always_the_last_event(bytes in noise(), size in 1_usize..50) {
        for provider in Provider::ALL {
            let events = decode(provider, bytes.chunks(size));
            prop_assert_eq!(&events, &decode(provider, [bytes.as_slice()]));
            let failed = events.iter().position(|event| matches!(event, Event::Failed(_)));
            prop_assert!(failed.is_none_or(|at| at == events.len() - 1));
            let finishes = events.iter().filter(|event| matches!(event, Event::Finish(_))).count();
            prop_assert!(finishes <= 1);
        }
    }
}
