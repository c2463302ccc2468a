//! Tests of the reducer: order, repetition, taking up again, and every ending.

use marshmallow_core::{
    Author, Consent, ConsentOption, Cost, CredentialKind, CredentialLabel, Diagnosis, Fallback, KeyId,
    MessageView, Millis, ModelId, Pause, Provider, Random, Receipt, Usage,
};

use super::*;

struct Fixed(u8);
impl Random for Fixed {
    fn fill(&self, bytes: &mut [u8]) {
        bytes.fill(self.0);
    }
}

fn message_id(number: u8) -> MessageId {
    MessageId::make(Millis(1_000), &Fixed(number))
}

fn conversation_id() -> ConversationId {
    ConversationId::make(Millis(1_000), &Fixed(9))
}

fn model() -> ModelId {
    "openai/gpt-test".parse().unwrap()
}

fn label(kind: CredentialKind) -> CredentialLabel {
    CredentialLabel {
        kind,
        provider: Provider::OpenAi,
        label: "Work".into(),
        last_four: "x3Fa".into(),
        key: Some(KeyId::make(Millis(1), &Fixed(3))),
    }
}

fn receipt(fallbacks: Vec<Fallback>) -> Receipt {
    Receipt {
        credential: label(CredentialKind::Own),
        model: model(),
        usage: Usage::default(),
        cost: Cost {
            amount: None,
            is_estimated: false,
        },
        fallbacks,
        failure: None,
        stop: None,
        ttft_ms: Some(120),
        duration_ms: 900,
        request_id: None,
    }
}

fn frame(seq: u32, body: FrameBody) -> Frame {
    Frame { seq, body }
}

fn start(question: u8, answer: u8) -> Frame {
    frame(
        0,
        FrameBody::Start {
            conversation: conversation_id(),
            question: message_id(question),
            message: message_id(answer),
            model: model(),
            credential: label(CredentialKind::Own),
        },
    )
}

fn delta(seq: u32, text: &str) -> Frame {
    frame(seq, FrameBody::Delta { text: text.into() })
}

fn reasoning(seq: u32, text: &str) -> Frame {
    frame(seq, FrameBody::Reasoning { text: text.into() })
}

fn done(seq: u32, status: MessageStatus, receipt: Option<Receipt>) -> Frame {
    frame(seq, FrameBody::Done { status, receipt })
}

/// A whole answer: two pieces of reasoning, five of text, done.
fn whole_answer() -> Vec<Frame> {
    vec![
        start(1, 2),
        reasoning(1, "think"),
        reasoning(2, "ing"),
        delta(3, "Grü"),
        delta(4, "ße, "),
        delta(5, "世界"),
        frame(
            6,
            FrameBody::Usage {
                usage: Usage::default(),
            },
        ),
        delta(7, " 👋"),
        delta(8, "."),
        done(9, MessageStatus::Complete, Some(receipt(Vec::new()))),
    ]
}

fn play(frames: impl IntoIterator<Item = Frame>) -> Transcript {
    let mut transcript = Transcript::default();
    transcript.ask("Hello".into());
    for frame in frames {
        transcript.apply(frame);
    }
    transcript
}

fn stored(id: u8, author: Author, status: MessageStatus, text: &str, last_seq: Option<u32>) -> MessageView {
    MessageView {
        id: message_id(id),
        parent: None,
        author,
        status,
        text: text.into(),
        reasoning: String::new(),
        model: None,
        receipt: None,
        error: None,
        pause: None,
        last_seq,
        created_at: Millis(1_000),
    }
}

fn stored_conversation(messages: Vec<MessageView>) -> Transcript {
    Transcript::open(&ConversationView {
        id: conversation_id(),
        title: "Greetings".into(),
        model: None,
        messages,
    })
}

#[test]
fn an_answer_grows_and_ends_with_its_receipt() {
    let transcript = play(whole_answer());
    let [question, answer] = transcript.messages() else {
        panic!("two messages: {transcript:?}")
    };
    assert_eq!((question.author, question.text.as_str()), (Author::User, "Hello"));
    assert_eq!(answer.text, "Grüße, 世界 👋.");
    assert_eq!(answer.reasoning, "thinking");
    assert_eq!(answer.status, MessageStatus::Complete);
    assert_eq!(answer.receipt, Some(receipt(Vec::new())));
    assert_eq!(transcript.conversation(), Some(conversation_id()));
    assert!(transcript.running().is_none());
}

#[test]
fn each_frame_says_what_it_changed() {
    let mut transcript = Transcript::default();
    transcript.ask("Hello".into());
    let changes: Vec<Change> = whole_answer()
        .into_iter()
        .map(|frame| transcript.apply(frame))
        .collect();
    let mut expected = vec![Change::Grown; 10];
    expected[0] = Change::Begun;
    expected[6] = Change::Nothing;
    expected[9] = Change::Ended;
    assert_eq!(changes, expected);
}

#[test]
fn repeated_frames_change_nothing_wherever_the_stream_is_taken_up_again() {
    let frames = whole_answer();
    let expected = play(frames.clone());
    for broke_after in 1..frames.len() {
        for resumed_from in 1..=broke_after {
            let replayed = frames[..broke_after]
                .iter()
                .chain(&frames[resumed_from..])
                .cloned();
            assert_eq!(
                play(replayed),
                expected,
                "broke after {broke_after}, from {resumed_from} on"
            );
        }
    }
}

#[test]
fn a_stream_that_starts_anew_begins_from_nothing() {
    let frames = whole_answer();
    let expected = play(frames.clone());
    for broke_after in 1..frames.len() {
        let replayed = frames[..broke_after].iter().chain(&frames).cloned();
        assert_eq!(play(replayed), expected, "broke after {broke_after}");
    }
}

#[test]
fn a_running_answer_goes_on_from_the_stored_text() {
    let mut transcript = stored_conversation(vec![
        stored(1, Author::User, MessageStatus::Complete, "Hello", None),
        stored(2, Author::Assistant, MessageStatus::Streaming, "Grüße", Some(4)),
    ]);
    assert_eq!(transcript.running().map(|answer| answer.last_seq), Some(Some(4)));
    for known in [delta(3, "Grü"), delta(4, "ße")] {
        assert_eq!(transcript.apply(known), Change::Nothing);
    }
    assert_eq!(transcript.apply(delta(5, ", Welt")), Change::Grown);
    assert_eq!(transcript.messages()[1].text, "Grüße, Welt");
}

#[test]
fn pings_repeat_a_number_and_hide_no_frame() {
    let mut transcript = play([start(1, 2)]);
    assert_eq!(transcript.apply(frame(0, FrameBody::Ping)), Change::Nothing);
    // A ping may also carry a number that no frame had yet.
    assert_eq!(transcript.apply(frame(1, FrameBody::Ping)), Change::Nothing);
    assert_eq!(transcript.apply(delta(1, "a")), Change::Grown);
    assert_eq!(transcript.messages()[1].text, "a");
}

#[test]
fn a_notice_names_the_credential_that_takes_over() {
    let fallback = Fallback {
        from: label(CredentialKind::Own),
        because: Diagnosis::RateLimited,
    };
    let notice = FrameBody::Notice {
        fallback: fallback.clone(),
        credential: label(CredentialKind::Platform),
    };
    let mut transcript = play([start(1, 2), frame(1, notice)]);
    let answer = &transcript.messages()[1];
    assert_eq!(
        answer.credential.as_ref().map(|label| label.kind),
        Some(CredentialKind::Platform)
    );
    assert_eq!(answer.fallbacks, std::slice::from_ref(&fallback));
    transcript.apply(done(
        2,
        MessageStatus::Complete,
        Some(receipt(vec![fallback.clone()])),
    ));
    assert_eq!(transcript.messages()[1].fallbacks, [fallback], "counted once");
}

#[test]
fn a_question_stands_until_somebody_chose_and_tells_nothing_twice() {
    let failed = Fallback {
        from: label(CredentialKind::Own),
        because: Diagnosis::NoCredit,
    };
    let platform = label(CredentialKind::Platform);
    let option = ConsentOption::Use {
        credential: platform.clone(),
        about: None,
        at_most: None,
    };
    let consent = Consent {
        failed: vec![failed.clone()],
        options: vec![option.clone()],
        until: Millis(9),
    };
    let asked = FrameBody::Consent {
        consent: consent.clone(),
    };
    let mut transcript = play([start(1, 2), frame(1, asked)]);
    assert_eq!(transcript.messages()[1].pause, Some(Pause::Asking { consent }));
    let wait = ConsentOption::Wait {
        credential: label(CredentialKind::Own),
        until: Millis(5),
    };
    transcript.apply(frame(2, FrameBody::Chosen { option: wait }));
    assert!(matches!(
        transcript.messages()[1].pause,
        Some(Pause::Waiting { until: Millis(5), .. })
    ));
    transcript.apply(frame(3, FrameBody::Chosen { option }));
    let notice = FrameBody::Notice {
        fallback: failed.clone(),
        credential: platform,
    };
    transcript.apply(frame(4, notice));
    let answer = &transcript.messages()[1];
    assert_eq!((&answer.pause, &answer.fallbacks), (&None, &vec![failed]));
}

#[test]
fn an_error_stays_on_the_answer_that_failed() {
    let error = PublicError::provider(Provider::OpenAi, Diagnosis::NoCredit);
    let transcript = play([
        start(1, 2),
        delta(1, "half"),
        frame(2, FrameBody::Error { error: error.clone() }),
        done(3, MessageStatus::Failed, None),
    ]);
    let answer = &transcript.messages()[1];
    assert_eq!(
        (answer.status, answer.text.as_str()),
        (MessageStatus::Failed, "half")
    );
    assert_eq!(answer.error, Some(error));
}

#[test]
fn a_retry_takes_the_place_of_what_followed_its_question() {
    let mut transcript = stored_conversation(vec![
        stored(1, Author::User, MessageStatus::Complete, "one", None),
        stored(2, Author::Assistant, MessageStatus::Failed, "", None),
        stored(3, Author::User, MessageStatus::Complete, "two", None),
        stored(4, Author::Assistant, MessageStatus::Complete, "second", None),
    ]);
    assert_eq!(transcript.apply(start(1, 5)), Change::Begun);
    let ids: Vec<MessageId> = transcript.messages().iter().map(|message| message.id).collect();
    assert_eq!(ids, [message_id(1), message_id(5)]);
}

#[test]
fn the_next_question_follows_the_last_answer() {
    let mut transcript = play(whole_answer());
    transcript.ask("And then?".into());
    transcript.apply(start(3, 4));
    let texts: Vec<&str> = transcript
        .messages()
        .iter()
        .map(|message| message.text.as_str())
        .collect();
    assert_eq!(texts, ["Hello", "Grüße, 世界 👋.", "And then?", ""]);
}

#[test]
fn frames_without_a_running_answer_are_ignored() {
    let mut transcript = play(whole_answer());
    let before = transcript.clone();
    assert_eq!(transcript.apply(delta(10, "late")), Change::Nothing);
    assert_eq!(transcript, before);
}

#[test]
fn giving_up_keeps_the_text_and_ends_the_answer() {
    let mut transcript = play([start(1, 2), delta(1, "half")]);
    transcript.give_up(PublicError::sign_in_needed());
    let answer = &transcript.messages()[1];
    assert_eq!(
        (answer.status, answer.text.as_str()),
        (MessageStatus::Incomplete, "half")
    );
    assert_eq!(answer.error, Some(PublicError::sign_in_needed()));
    assert!(transcript.running().is_none());
}

#[test]
fn an_end_under_an_old_number_still_ends_the_answer_and_says_so() {
    let mut transcript = play([start(1, 2), delta(1, "a"), delta(2, "b"), delta(3, "c")]);
    assert_eq!(transcript.apply(delta(0, "abcd")), Change::Nothing);
    assert_eq!(
        transcript.apply(done(1, MessageStatus::Interrupted, None)),
        Change::EndedElsewhere
    );
    let answer = &transcript.messages()[1];
    assert_eq!(
        (answer.status, answer.text.as_str()),
        (MessageStatus::Interrupted, "abc")
    );
}
