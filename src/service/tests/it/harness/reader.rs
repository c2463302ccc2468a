//! A browser that reads an answer: puts frames together, and fails on a gap, a repetition or a hang.

use futures::StreamExt;
use marshmallow_core::{
    Consent, ConsentOption, ConversationId, CredentialLabel, Fallback, Frame, FrameBody, FrameReader,
    MessageId, MessageStatus, PublicError, Receipt,
};
use marshmallow_service::AnswerStream;

use super::PATIENCE;

/// What the first frame says.
#[derive(Debug, Clone, PartialEq)]
pub struct Start {
    pub conversation: ConversationId,
    pub question: MessageId,
    pub message: MessageId,
    pub credential: CredentialLabel,
}

/// What a browser has put together.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Answer {
    pub start: Option<Start>,
    pub text: String,
    pub reasoning: String,
    pub notices: Vec<(Fallback, CredentialLabel)>,
    pub consents: Vec<Consent>,
    pub chosen: Vec<ConsentOption>,
    pub error: Option<PublicError>,
    pub done: Option<(MessageStatus, Option<Receipt>)>,
    /// The number that the next stored frame must have.
    pub next: u32,
}

impl Answer {
    /// Takes a frame in, and checks its number: stored frames count up, others repeat the last number.
    fn take(&mut self, frame: Frame) {
        assert!(self.done.is_none(), "a frame behind the last one: {frame:?}");
        let is_stored = frame.seq == self.next;
        match frame.body {
            FrameBody::Start {
                conversation,
                question,
                message,
                credential,
                ..
            } => {
                assert_eq!(frame.seq, 0);
                let start = Some(Start {
                    conversation,
                    question,
                    message,
                    credential,
                });
                *self = Self {
                    start,
                    next: 1,
                    ..Self::default()
                };
                return;
            }
            FrameBody::Ping => return,
            FrameBody::Error { error } => self.error = Some(error),
            FrameBody::Done { status, receipt } => self.done = Some((status, receipt)),
            body => {
                assert!(
                    is_stored,
                    "frame {} instead of {}: {body:?}",
                    frame.seq, self.next
                );
                match body {
                    FrameBody::Delta { text } => self.text.push_str(&text),
                    FrameBody::Reasoning { text } => self.reasoning.push_str(&text),
                    FrameBody::Notice { fallback, credential } => self.notices.push((fallback, credential)),
                    FrameBody::Consent { consent } => self.consents.push(consent),
                    FrameBody::Chosen { option } => self.chosen.push(option),
                    other => panic!("an unexpected frame: {other:?}"),
                }
            }
        }
        assert!(
            is_stored || frame.seq == self.next.saturating_sub(1),
            "frame {}",
            frame.seq
        );
        self.next += u32::from(is_stored);
    }

    pub fn conversation(&self) -> ConversationId {
        self.start.as_ref().expect("a start frame").conversation
    }

    pub fn message(&self) -> MessageId {
        self.start.as_ref().expect("a start frame").message
    }

    pub fn status(&self) -> MessageStatus {
        self.done.as_ref().expect("a done frame").0
    }

    pub fn receipt(&self) -> &Receipt {
        self.done
            .as_ref()
            .expect("a done frame")
            .1
            .as_ref()
            .expect("a receipt")
    }
}

/// A browser on an answer's stream.
pub struct Reader {
    stream: AnswerStream,
    frames: FrameReader,
    pub answer: Answer,
    /// Answers as they were after each frame.
    pub history: Vec<Answer>,
}

impl Reader {
    pub fn new(stream: AnswerStream) -> Self {
        Self::resumed(Answer::default(), stream)
    }

    /// A browser that has part of the answer already.
    pub fn resumed(answer: Answer, stream: AnswerStream) -> Self {
        Self {
            stream,
            frames: FrameReader::default(),
            answer,
            history: Vec::new(),
        }
    }

    /// Takes the next chunk; false when the stream has ended.
    pub async fn advance(&mut self) -> bool {
        let chunk = tokio::time::timeout(PATIENCE, self.stream.next())
            .await
            .unwrap_or_else(|_| panic!("no further frame: {:?}", self.answer));
        let Some(chunk) = chunk else { return false };
        for frame in self.frames.push(&chunk) {
            self.answer.take(frame);
            self.history.push(self.answer.clone());
        }
        true
    }

    /// Reads until a condition holds.
    pub async fn until(&mut self, condition: impl Fn(&Answer) -> bool) {
        while !condition(&self.answer) {
            assert!(self.advance().await, "it ended too early: {:?}", self.answer);
        }
    }

    /// Reads to the end.
    pub async fn end(mut self) -> Answer {
        while self.advance().await {}
        assert!(
            self.answer.done.is_some(),
            "it ended without a last frame: {:?}",
            self.answer
        );
        self.answer
    }
}
