//! The task that writes one answer: it tries the credentials in order and stores the answer with its receipt.
//! It refuses to fall back once something was shown, and ever to fall back from a key that does not open.

use std::sync::Arc;

use marshmallow_core::{
    ConversationId, Diagnosis, Fallback, FrameBody, MessageId, MessageStatus, Millis, ModelId, PublicError,
    UserId,
};

use super::{
    Inner,
    attempt::{Try, attempt},
    draft::Draft,
    finish,
    live::Live,
    writer::Writer,
};
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
    /// Ended by an error.
    pub fn failed(error: PublicError) -> Self {
        Self {
            status: MessageStatus::Failed,
            error: Some(error),
        }
    }
}

/// Writes the answer from its first to its last frame.
pub async fn run(inner: Arc<Inner>, live: Arc<Live>, job: Job) {
    let mut writer = Writer::new(inner.clone(), live.clone(), job.answer, 0);
    let mut draft = Draft::default();
    let mut fallbacks = job.resolution.skipped.clone();
    let mut served: Option<&Candidate> = None;
    let mut ending = Ending::failed(super::no_credential(&job.model, &job.resolution));

    let branch = match inner.base.store.branch(job.user, job.conversation).await {
        Ok(branch) => branch,
        Err(error) => {
            ending = Ending::failed(ServiceError::from(error).into_public());
            return finish::finish(&inner, &live, &job, writer, &draft, None, &fallbacks, ending).await;
        }
    };
    let mut candidates = job.resolution.candidates.iter().peekable();
    while let Some(candidate) = candidates.next() {
        if candidates.peek().is_some()
            && let Some(rest) = candidate.rested
            && !inner.credentials.may_try(job.user, candidate).await
        {
            fallbacks.push(passed_over(candidate, rest.because));
            continue;
        }
        announce(&mut writer, &job, candidate, served.is_none(), &fallbacks);
        served = Some(candidate);
        let outcome = attempt(&inner, &live, &job, candidate, &branch, &mut writer, &mut draft).await;
        match outcome {
            Try::Ended(end) => {
                ending = end;
                break;
            }
            Try::MoveOn(failure) => {
                ending = Ending::failed(failure.told);
                if let Some(error) = failure.error {
                    inner.credentials.failed(job.user, candidate, &error).await;
                    draft.request_id = error.request_id.or(draft.request_id.take());
                }
                if candidates.peek().is_some() {
                    fallbacks.push(passed_over(candidate, failure.diagnosis));
                }
            }
        }
    }
    if let Some(candidate) = served
        && draft.has_begun()
    {
        inner.credentials.worked(job.user, candidate).await;
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

fn passed_over(candidate: &Candidate, because: Diagnosis) -> Fallback {
    Fallback {
        from: candidate.label.clone(),
        because,
    }
}
