//! Reading an answer from a frame on: the same for the browser that asked, for one that comes back, and for
//! one that another server serves. It refuses to read anything that is not stored.

use std::{
    pin::Pin,
    sync::Arc,
    task::{Context, Poll},
    time::Duration,
};

use bytes::Bytes;
use futures::{Stream, stream};
use marshmallow_core::{Frame, FrameBody, MessageId, MessageStatus, UserId};
use marshmallow_store::MessageRecord;

use super::{Inner, live::Live};
use crate::ServiceError;

/// How often a silent stream says that it is alive.
const PING: Duration = Duration::from_secs(15);
/// How often the journal is asked for an answer that another server writes.
const POLL: Duration = Duration::from_millis(250);
/// Frames read from the journal at once.
const PAGE: usize = 500;

/// The frames of an answer as lines of JSON. Dropping it leaves the answer running.
pub struct AnswerStream(Pin<Box<dyn Stream<Item = Bytes> + Send>>);

impl Stream for AnswerStream {
    type Item = Bytes;

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Bytes>> {
        self.0.as_mut().poll_next(context)
    }
}

/// Reads `message`, which is the user's, from frame `next` on.
pub(super) fn read(inner: Arc<Inner>, user: UserId, message: MessageId, next: u32) -> AnswerStream {
    let live = inner.hub.get(message);
    let reader = Reader {
        inner,
        user,
        message,
        next,
        live,
        is_ended: false,
    };
    AnswerStream(Box::pin(stream::unfold(reader, |mut reader| async move {
        let lines = reader.step().await?;
        Some((Bytes::from(lines), reader))
    })))
}

struct Reader {
    inner: Arc<Inner>,
    user: UserId,
    message: MessageId,
    next: u32,
    live: Option<Arc<Live>>,
    is_ended: bool,
}

impl Reader {
    /// The next lines; none when the answer has ended.
    async fn step(&mut self) -> Option<String> {
        if self.is_ended {
            return None;
        }
        match self.live.clone() {
            Some(live) => Some(self.step_here(&live).await),
            None => Some(self.step_elsewhere().await),
        }
    }

    /// An answer that this server writes: woken by each change.
    async fn step_here(&mut self, live: &Live) -> String {
        let mut changes = live.changes();
        loop {
            let found = live.read(self.next);
            self.next = found.next;
            let mut lines = found.lines;
            if found.is_done {
                self.is_ended = true;
                return lines;
            }
            if let Some(error) = found.failure {
                self.is_ended = true;
                lines.push_str(&self.line(FrameBody::Error { error }));
                lines.push_str(&self.line(FrameBody::Done {
                    status: MessageStatus::Interrupted,
                    receipt: None,
                }));
                return lines;
            }
            if found.is_parted {
                self.live = None;
                return lines;
            }
            if !lines.is_empty() {
                return lines;
            }
            if !matches!(tokio::time::timeout(PING, changes.changed()).await, Ok(Ok(()))) {
                return self.line(FrameBody::Ping);
            }
        }
    }

    /// An answer that another server writes, or that has ended: from the journal, then from the message.
    async fn step_elsewhere(&mut self) -> String {
        let mut waited = Duration::ZERO;
        loop {
            match self.look_elsewhere().await {
                Ok(Some(lines)) => return lines,
                Ok(None) => {}
                Err(error) => {
                    self.is_ended = true;
                    return self.line(FrameBody::Error {
                        error: error.into_public(),
                    });
                }
            }
            if waited >= PING {
                return self.line(FrameBody::Ping);
            }
            tokio::time::sleep(POLL).await;
            waited += POLL;
        }
    }

    async fn look_elsewhere(&mut self) -> Result<Option<String>, ServiceError> {
        let store = &self.inner.base.store;
        let after = self.next.checked_sub(1);
        let frames = store.frames(self.user, self.message, after, PAGE).await?;
        if let Some((seq, _)) = frames.last() {
            self.next = seq + 1;
            return Ok(Some(frames.into_iter().map(|(_, line)| line).collect()));
        }
        let message = store.message(self.user, self.message).await?;
        match message {
            Some(message) if message.status == MessageStatus::Streaming => {
                // A paused answer may go on here.
                self.live = self.inner.hub.get(self.message);
                Ok(self.live.is_some().then(String::new))
            }
            Some(message) => {
                self.is_ended = true;
                Ok(Some(replay(&message)))
            }
            None => {
                self.is_ended = true;
                Ok(Some(String::new()))
            }
        }
    }

    /// A line that is not stored: it repeats the number of the last stored one.
    fn line(&self, body: FrameBody) -> String {
        Frame {
            seq: self.next.saturating_sub(1),
            body,
        }
        .to_line()
    }
}

/// A stored answer as frames, beginning anew: its journal has been folded into the message.
fn replay(message: &MessageRecord) -> String {
    let receipt: Option<marshmallow_core::Receipt> = message
        .receipt
        .as_deref()
        .and_then(|json| serde_json::from_str(json).ok());
    let error = message
        .error
        .as_deref()
        .and_then(|json| serde_json::from_str(json).ok());
    let mut bodies = Vec::new();
    if let (Some(receipt), Some(question)) = (&receipt, message.parent) {
        bodies.push(FrameBody::Start {
            conversation: message.conversation,
            question,
            message: message.id,
            model: receipt.model.clone(),
            credential: receipt.credential.clone(),
        });
    }
    if !message.reasoning.is_empty() {
        bodies.push(FrameBody::Reasoning {
            text: message.reasoning.clone(),
        });
    }
    if !message.text.is_empty() {
        bodies.push(FrameBody::Delta {
            text: message.text.clone(),
        });
    }
    bodies.extend(error.map(|error| FrameBody::Error { error }));
    bodies.push(FrameBody::Done {
        status: message.status,
        receipt,
    });
    (0..)
        .zip(bodies)
        .map(|(seq, body)| Frame { seq, body }.to_line())
        .collect()
}
