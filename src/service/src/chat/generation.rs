//! The task that writes one answer: it tries the credentials in order, turns the provider's events into
//! frames, and stores the answer with its receipt. It refuses to fall back once something was shown, and
//! ever to fall back from a key that does not open.

use std::sync::Arc;

use marshmallow_core::{
    AuditAction, AuditDetail, ConversationId, Diagnosis, Fallback, Frame, FrameBody, KeyStatus, MessageId,
    MessageStatus, Millis, ModelId, PublicError, UserId,
};
use marshmallow_providers::{Event, EventStream, ProviderError};
use marshmallow_store::AuditEntry;
use tokio::sync::watch;

use super::{Inner, draft::Draft, finish, live::Live, prompt};
use crate::{
    ServiceError,
    credentials::{Candidate, Resolution},
};

/// What is to be written.
pub struct Job {
    pub user: UserId,
    pub conversation: ConversationId,
    pub question: MessageId,
    pub answer: MessageId,
    pub model: ModelId,
    pub resolution: Resolution,
    pub began: Millis,
}

/// How an answer ended.
pub struct Ending {
    pub status: MessageStatus,
    pub error: Option<PublicError>,
}

impl Ending {
    fn failed(error: PublicError) -> Self {
        Self {
            status: MessageStatus::Failed,
            error: Some(error),
        }
    }
}

/// How one credential's try ended.
enum Try {
    /// The answer ends, however.
    Ended(Ending),
    /// Nothing was shown; the next credential may try.
    MoveOn(ProviderError),
}

/// The frames of one answer on their way to the journal.
pub struct Writer {
    inner: Arc<Inner>,
    live: Arc<Live>,
    message: MessageId,
    next_seq: u32,
}

impl Writer {
    /// Hands the next frame to the journal.
    pub fn write(&mut self, body: FrameBody) {
        let frame = self.number(body);
        self.inner.journal.append(self.message, &frame, &self.live);
    }

    /// How many frames have been handed to the journal.
    pub fn written(&self) -> u32 {
        self.next_seq
    }

    /// Gives the next number to a frame.
    pub fn number(&mut self, body: FrameBody) -> Frame {
        let frame = Frame {
            seq: self.next_seq,
            body,
        };
        self.next_seq += 1;
        frame
    }
}

/// Writes the answer from its first to its last frame.
pub async fn run(inner: Arc<Inner>, live: Arc<Live>, job: Job) {
    let mut writer = Writer {
        inner: inner.clone(),
        live: live.clone(),
        message: job.answer,
        next_seq: 0,
    };
    let mut draft = Draft::default();
    let mut fallbacks = job.resolution.skipped.clone();
    let mut served: Option<&Candidate> = None;
    let mut ending = Ending::failed(super::no_credential(&job.model, &job.resolution));

    let mut candidates = job.resolution.candidates.iter().peekable();
    while let Some(candidate) = candidates.next() {
        announce(&mut writer, &job, candidate, served.is_none(), &fallbacks);
        served = Some(candidate);
        let outcome = attempt(&inner, &live, &job, candidate, &mut writer, &mut draft).await;
        match outcome {
            Try::Ended(end) => {
                ending = end;
                break;
            }
            Try::MoveOn(error) => {
                note_failure(&inner, &job, candidate, &error).await;
                let provider = candidate.label.provider;
                ending = Ending::failed(PublicError::provider(provider, error.diagnosis));
                draft.request_id = error.request_id.or(draft.request_id.take());
                if candidates.peek().is_some() {
                    fallbacks.push(Fallback {
                        from: candidate.label.clone(),
                        because: error.diagnosis,
                    });
                }
            }
        }
    }
    finish::finish(&inner, &live, &job, writer, &draft, served, &fallbacks, ending).await;
}

/// The first credential opens the stream; each further one, or one that stands in for a key known not to
/// work, is announced.
fn announce(writer: &mut Writer, job: &Job, candidate: &Candidate, is_first: bool, fallbacks: &[Fallback]) {
    if is_first {
        writer.write(FrameBody::Start {
            conversation: job.conversation,
            question: job.question,
            message: job.answer,
            model: job.model.clone(),
            credential: candidate.label.clone(),
        });
    }
    if let Some(fallback) = fallbacks.last() {
        writer.write(FrameBody::Notice {
            fallback: fallback.clone(),
            credential: candidate.label.clone(),
        });
    }
}

async fn attempt(
    inner: &Inner,
    live: &Live,
    job: &Job,
    candidate: &Candidate,
    writer: &mut Writer,
    draft: &mut Draft,
) -> Try {
    // What an earlier credential's try was told is not this one's.
    *draft = Draft::default();
    let mut end = live.end_wish();
    let opened = match inner.credentials.open(job.user, candidate).await {
        Ok(opened) => opened,
        Err(error) => {
            if matches!(error, ServiceError::KeyDoesNotOpen) {
                record(inner, job, candidate, AuditAction::KeyDidNotOpen, "chat").await;
            }
            return Try::Ended(Ending::failed(error.into_public()));
        }
    };
    let branch = match inner.base.store.branch(job.user, job.conversation).await {
        Ok(branch) => branch,
        Err(error) => return Try::Ended(Ending::failed(ServiceError::from(error).into_public())),
    };
    let request = prompt::request(&branch, &job.model, candidate.model.clone());
    draft.prompt_chars = request.turns.iter().map(|turn| turn.text.chars().count()).sum();

    let call = inner.client.stream(&candidate.target, opened.key(), &request);
    let stream = tokio::select! {
        status = wished(&mut end) => return Try::Ended(Ending { status, error: None }),
        stream = call => stream,
    };
    drop(opened);
    match stream {
        Ok(stream) => {
            draft.was_accepted = true;
            read(inner, live, candidate, stream, end, writer, draft).await
        }
        Err(error) if error.diagnosis.allows_fallback() => Try::MoveOn(error),
        Err(error) => {
            draft.request_id = error.request_id;
            Try::Ended(Ending::failed(PublicError::provider(
                candidate.label.provider,
                error.diagnosis,
            )))
        }
    }
}

/// Turns the provider's events into frames until the answer ends, somebody ends it, or storing fails.
async fn read(
    inner: &Inner,
    live: &Live,
    candidate: &Candidate,
    mut stream: EventStream,
    mut end: watch::Receiver<Option<MessageStatus>>,
    writer: &mut Writer,
    draft: &mut Draft,
) -> Try {
    loop {
        let event = tokio::select! {
            status = wished(&mut end) => return Try::Ended(Ending { status, error: None }),
            event = stream.next() => event,
        };
        if live.has_failed() {
            return Try::Ended(Ending {
                status: MessageStatus::Interrupted,
                error: None,
            });
        }
        let Some(event) = event else {
            let status = if draft.stop.is_some() {
                MessageStatus::Complete
            } else {
                MessageStatus::Incomplete
            };
            return Try::Ended(Ending { status, error: None });
        };
        if matches!(event, Event::Text(_) | Event::Reasoning(_)) && draft.first_text_at.is_none() {
            draft.first_text_at = Some(inner.base.clock.now());
        }
        match event {
            Event::Text(text) => {
                draft.text.push_str(&text);
                writer.write(FrameBody::Delta { text });
            }
            Event::Reasoning(text) => {
                draft.reasoning.push_str(&text);
                writer.write(FrameBody::Reasoning { text });
            }
            Event::Usage { usage, cost } => {
                draft.usage = Some(usage);
                draft.told_cost = cost.or(draft.told_cost);
            }
            Event::Finish(stop) => draft.stop = Some(stop),
            Event::RequestId(id) => draft.request_id = Some(id),
            Event::Failed(error) if !draft.has_begun() && error.diagnosis.allows_fallback() => {
                draft.was_accepted = false;
                return Try::MoveOn(error);
            }
            Event::Failed(error) => {
                let provider = candidate.label.provider;
                return Try::Ended(Ending::failed(PublicError::provider(provider, error.diagnosis)));
            }
            Event::Alive | Event::Model(_) => {}
        }
    }
}

/// Waits until somebody wishes the answer to end; for ever, if nobody does.
async fn wished(end: &mut watch::Receiver<Option<MessageStatus>>) -> MessageStatus {
    loop {
        if let Some(status) = *end.borrow_and_update() {
            return status;
        }
        if end.changed().await.is_err() {
            std::future::pending::<()>().await;
        }
    }
}

/// A key that its provider calls invalid or expired is marked so; nothing else changes its status here.
async fn note_failure(inner: &Inner, job: &Job, candidate: &Candidate, error: &ProviderError) {
    if matches!(error.diagnosis, Diagnosis::Invalid | Diagnosis::Expired)
        && let Some(id) = candidate.label.key
    {
        let status = KeyStatus::Checked(error.diagnosis);
        let entry = entry(
            inner,
            job,
            candidate,
            AuditAction::KeyFailedInChat,
            error.diagnosis.slug(),
        );
        let now = inner.base.clock.now();
        if let Err(error) = inner
            .base
            .store
            .record_check(job.user, id, status, None, now, &entry)
            .await
        {
            tracing::error!(%error, "a failed key could not be marked");
        }
    }
}

async fn record(inner: &Inner, job: &Job, candidate: &Candidate, action: AuditAction, said: &str) {
    let entry = entry(inner, job, candidate, action, said);
    if let Err(error) = inner.base.store.record(&entry).await {
        tracing::error!(%error, action = action.slug(), "an audit entry could not be written");
    }
}

fn entry(inner: &Inner, job: &Job, candidate: &Candidate, action: AuditAction, said: &str) -> AuditEntry {
    let detail = AuditDetail {
        provider: Some(candidate.label.provider),
        label: Some(candidate.label.label.clone()).filter(|label| !label.is_empty()),
        last_four: Some(candidate.label.last_four.clone()),
        model: Some(job.model.clone()),
        message: Some(job.answer),
        ..AuditDetail::saying(said)
    };
    AuditEntry {
        at: inner.base.clock.now(),
        user: Some(job.user),
        action,
        subject: candidate.label.key.map(|id| id.to_string()),
        detail: detail.to_json(),
    }
}
