//! One credential's try at an answer: the key is opened, the provider called, its events become frames.
//! It refuses to choose who tries next, and to let anybody try once something was shown.

use marshmallow_core::{AuditAction, AuditDetail, Diagnosis, FrameBody, MessageStatus, PublicError};
use marshmallow_providers::{Event, EventStream, ProviderError};
use marshmallow_store::{AuditEntry, MessageRecord};
use tokio::sync::watch;

use super::{
    Inner,
    draft::Draft,
    generation::{Ending, Job},
    live::Live,
    meter::{Meter, Payer, Refusal},
    prompt,
    writer::Writer,
};
use crate::{ServiceError, audit, budgets, credentials::Candidate, error::provider_error};

/// How one credential's try ended.
pub enum Try {
    /// The answer ends, however.
    Ended(Ending),
    /// Nothing was shown; the next credential may try.
    MoveOn(Failure),
}

/// Why a credential could not serve.
pub struct Failure {
    /// In a word.
    pub diagnosis: Diagnosis,
    /// As the person reads it, should nobody else serve.
    pub told: PublicError,
    /// What the provider said, if it was asked.
    pub error: Option<ProviderError>,
}

impl Failure {
    fn of(inner: &Inner, candidate: &Candidate, error: ProviderError) -> Self {
        Self {
            diagnosis: error.diagnosis,
            told: provider_error(candidate.label.provider, &error, inner.base.clock.now()),
            error: Some(error),
        }
    }
}

/// Opens the candidate's key, calls its provider and reads what comes.
pub async fn attempt(
    inner: &Inner,
    live: &Live,
    job: &Job,
    payer: Payer<'_>,
    branch: &[MessageRecord],
    writer: &mut Writer,
    draft: &mut Draft,
) -> Try {
    let candidate = payer.candidate;
    // What an earlier credential's try was told is not this one's.
    *draft = Draft::default();
    let mut end = live.end_wish();
    let opened = match inner.credentials.open(job.user, candidate).await {
        Ok(opened) => opened,
        Err(error @ ServiceError::KeyIsOver(_)) => {
            draft.failure = Some(Diagnosis::Lapsed);
            return Try::MoveOn(Failure {
                diagnosis: Diagnosis::Lapsed,
                told: error.into_public(),
                error: None,
            });
        }
        Err(error) => {
            if matches!(error, ServiceError::KeyDoesNotOpen) {
                record_sealed(inner, job, candidate).await;
            }
            return Try::Ended(Ending::failed(error.into_public()));
        }
    };
    let request = prompt::request(branch, &job.model, candidate.model.clone());
    draft.prompt_chars = request.turns.iter().map(|turn| turn.text.chars().count()).sum();

    let mut meter = match Meter::begin(inner, job, payer, &request).await {
        Ok(meter) => meter,
        Err(Refusal::Over(told)) => {
            draft.failure = Some(Diagnosis::OverBudget);
            return Try::MoveOn(Failure {
                diagnosis: Diagnosis::OverBudget,
                told,
                error: None,
            });
        }
        Err(Refusal::Final(error)) => return Try::Ended(Ending::failed(error.into_public())),
    };
    let call = inner.client.stream(&candidate.target, opened.key(), &request);
    let stream = tokio::select! {
        status = wished(&mut end) => return Try::Ended(Ending { status, error: None }),
        stream = call => stream,
    };
    drop(opened);
    let outcome = match stream {
        Ok(stream) => {
            draft.was_accepted = true;
            read(inner, live, candidate, stream, end, &mut meter, writer, draft).await
        }
        Err(error) => {
            draft.failure = Some(error.diagnosis);
            let failure = Failure::of(inner, candidate, error);
            if failure.diagnosis.allows_fallback() {
                Try::MoveOn(failure)
            } else {
                draft.request_id = failure.error.and_then(|error| error.request_id);
                Try::Ended(Ending::failed(failure.told))
            }
        }
    };
    if matches!(outcome, Try::MoveOn(_)) {
        meter.release(inner).await;
    }
    outcome
}

/// Turns the provider's events into frames until the answer ends, somebody ends it, or storing fails.
#[expect(
    clippy::too_many_arguments,
    reason = "the parts of one call, gathered by one caller"
)]
async fn read(
    inner: &Inner,
    live: &Live,
    candidate: &Candidate,
    mut stream: EventStream,
    mut end: watch::Receiver<Option<MessageStatus>>,
    meter: &mut Meter,
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
                draft.failure = Some(error.diagnosis);
                return Try::MoveOn(Failure::of(inner, candidate, error));
            }
            Event::Failed(error) => {
                draft.failure = Some(error.diagnosis);
                return Try::Ended(Ending::failed(Failure::of(inner, candidate, error).told));
            }
            Event::Alive | Event::Model(_) => {}
        }
        if let Err(refusal) = meter.cover(inner, candidate, draft).await {
            let error = match refusal {
                Refusal::Over(told) => budgets::stopped(told),
                Refusal::Final(error) => error.into_public(),
            };
            return Try::Ended(Ending {
                status: MessageStatus::Incomplete,
                error: Some(error),
            });
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

/// Notes a key that does not open.
async fn record_sealed(inner: &Inner, job: &Job, candidate: &Candidate) {
    let detail = AuditDetail {
        model: Some(job.model.clone()),
        message: Some(job.answer),
        ..audit::detail_of_credential(&candidate.label, "chat")
    };
    let entry = AuditEntry {
        at: inner.base.clock.now(),
        user: Some(job.user),
        action: AuditAction::KeyDidNotOpen,
        subject: candidate.label.key.map(|id| id.to_string()),
        detail: detail.to_json(),
    };
    if let Err(error) = inner.base.store.record(&entry).await {
        tracing::error!(%error, "an audit entry could not be written");
    }
}
