//! The task that writes one answer: it tries the credentials in order, as far as the person's rule allows, and
//! stores the answer with its receipt, or pauses to ask.
//! It refuses to fall back once something was shown, and ever to fall back from a key that does not open.

use std::sync::Arc;

use marshmallow_core::{
    Consent, ConversationId, CredentialLabel, Diagnosis, Fallback, FrameBody, KeyId, MessageId,
    MessageStatus, Millis, ModelId, PublicError, UserId,
};
use marshmallow_store::MessageRecord;

use super::{
    Inner,
    attempt::{Try, attempt},
    consent::{self, Gate, gate},
    draft::{Draft, Served},
    finish,
    live::Live,
    meter::Payer,
    pause, prompt,
    writer::Writer,
};
use crate::{
    ServiceError,
    credentials::{Candidate, Resolution},
    fallback,
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
    /// Ended because somebody wished so.
    pub fn stopped() -> Self {
        Self {
            status: MessageStatus::Stopped,
            error: None,
        }
    }

    /// Ended by an error.
    pub fn failed(error: PublicError) -> Self {
        Self {
            status: MessageStatus::Failed,
            error: Some(error),
        }
    }
}

/// How far an answer has come before this task.
#[derive(Default)]
pub struct Progress {
    /// The credentials that could not serve.
    pub fallbacks: Vec<Fallback>,
    /// Whether its first frame was written.
    pub is_started: bool,
    /// The credential to go on with, by its key; none within is the platform's.
    pub chosen: Option<Option<KeyId>>,
    /// Whether the person said that it may pay.
    pub is_approved: bool,
}

/// Begins to write an answer.
pub async fn begin(inner: Arc<Inner>, live: Arc<Live>, job: Job) {
    let writer = Writer::new(inner.clone(), live.clone(), job.answer, 0);
    let progress = Progress {
        fallbacks: job.resolution.skipped.clone(),
        ..Progress::default()
    };
    run(inner, live, job, writer, progress).await;
}

/// How the round of the credentials ended.
enum Round {
    Over(Ending),
    Ask(Consent),
}

/// Writes an answer to its last frame, or to a question.
pub async fn run(inner: Arc<Inner>, live: Arc<Live>, job: Job, writer: Writer, progress: Progress) {
    let mut turn = Turn {
        inner: &inner,
        live: &live,
        job: &job,
        writer,
        draft: Draft::default(),
        served: None,
        progress,
    };
    let round = turn
        .round()
        .await
        .unwrap_or_else(|error| Round::Over(Ending::failed(error.into_public())));
    let Turn {
        mut writer,
        draft,
        served,
        progress,
        ..
    } = turn;
    let ending = match round {
        Round::Over(ending) => ending,
        Round::Ask(consent) => match pause::ask(&inner, &live, &job, writer, consent).await {
            Ok(()) => return,
            Err(unpaused) => {
                writer = unpaused;
                Ending::stopped()
            }
        },
    };
    if let Some(candidate) = &served
        && draft.has_begun()
    {
        inner.credentials.worked(job.user, candidate).await;
    }
    let fallbacks = &progress.fallbacks;
    let served = served.as_ref().map(Served::of);
    finish::finish(
        &inner,
        &live,
        &job,
        writer,
        &draft,
        served.as_ref(),
        fallbacks,
        ending,
    )
    .await;
}

/// One answer on its way through the credentials.
struct Turn<'a> {
    inner: &'a Inner,
    live: &'a Live,
    job: &'a Job,
    writer: Writer,
    draft: Draft,
    served: Option<Candidate>,
    progress: Progress,
}

impl Turn<'_> {
    /// Tries one credential after the other, as far as the person's rule allows.
    async fn round(&mut self) -> Result<Round, ServiceError> {
        let (inner, job) = (self.inner, self.job);
        let branch = inner.base.store.branch(job.user, job.conversation).await?;
        let settings = fallback::in_force(&inner.base, job.user).await?;
        let mut ending = Ending::failed(super::no_credential(&job.model, &job.resolution));
        let candidates = &job.resolution.candidates[self.first_place()..];
        for (place, candidate) in candidates.iter().enumerate() {
            let is_last = place + 1 == candidates.len();
            if !is_last
                && let Some(rest) = candidate.rested
                && !inner.credentials.may_try(job.user, candidate).await
            {
                self.pass_over(candidate, rest.because);
                continue;
            }
            let is_approved = self.progress.is_approved && self.progress.chosen == Some(candidate.label.key);
            let platform_day = match gate(&settings, candidate, &self.progress.fallbacks, is_approved) {
                Gate::Open(platform_day) => platform_day,
                Gate::Ask => {
                    self.start_failed();
                    let consent = self.question(&candidates[place..], &branch).await?;
                    return Ok(Round::Ask(consent));
                }
                Gate::Closed => {
                    self.start_failed();
                    self.keep_last_failure();
                    ending.error = ending.error.map(closed);
                    break;
                }
            };
            let candidate = &inner
                .credentials
                .take(job.user, job.answer, &inner.owner, candidate)
                .await?;
            self.start(candidate);
            let payer = Payer {
                candidate,
                platform_day,
            };
            let (writer, draft) = (&mut self.writer, &mut self.draft);
            match attempt(inner, self.live, job, payer, &branch, writer, draft).await {
                Try::Ended(end) => return Ok(Round::Over(end)),
                Try::MoveOn(failure) => {
                    ending = Ending::failed(failure.told);
                    if let Some(error) = failure.error {
                        inner.credentials.failed(job.user, candidate, &error).await;
                        self.draft.request_id = error.request_id.or(self.draft.request_id.take());
                    }
                    if !is_last {
                        self.pass_over(candidate, failure.diagnosis);
                    }
                }
            }
        }
        Ok(Round::Over(ending))
    }

    /// Where to begin: at what was chosen, if it is still there.
    fn first_place(&self) -> usize {
        let mut candidates = self.job.resolution.candidates.iter();
        self.progress
            .chosen
            .and_then(|key| candidates.position(|candidate| candidate.label.key == key))
            .unwrap_or(0)
    }

    /// The first credential opens the stream; each further one, or one that stands in for a key known not to work, is
    /// announced.
    fn start(&mut self, candidate: &Candidate) {
        self.served = Some(candidate.clone());
        self.open(&candidate.label);
        if let Some(fallback) = self.progress.fallbacks.last() {
            self.writer.write(FrameBody::Notice {
                fallback: fallback.clone(),
                credential: candidate.label.clone(),
            });
        }
    }

    /// Opens the stream in the name of the first credential that could not serve, where none was tried.
    fn start_failed(&mut self) {
        if let Some(failed) = self.progress.fallbacks.first() {
            let label = failed.from.clone();
            self.open(&label);
        }
    }

    fn open(&mut self, credential: &CredentialLabel) {
        if !std::mem::replace(&mut self.progress.is_started, true) {
            self.writer.write(FrameBody::Start {
                conversation: self.job.conversation,
                question: self.job.question,
                message: self.job.answer,
                model: self.job.model.clone(),
                credential: credential.clone(),
            });
        }
    }

    fn pass_over(&mut self, candidate: &Candidate, because: Diagnosis) {
        self.progress.fallbacks.push(Fallback {
            from: candidate.label.clone(),
            because,
        });
    }

    /// What was tried last gave way to nobody: it is the receipt's own failure.
    fn keep_last_failure(&mut self) {
        let served = self.served.as_ref().map(|candidate| &candidate.label);
        let fallbacks = &mut self.progress.fallbacks;
        if served.is_some() && fallbacks.last().map(|last| &last.from) == served {
            fallbacks.pop();
        }
    }

    async fn question(
        &self,
        candidates: &[Candidate],
        branch: &[MessageRecord],
    ) -> Result<Consent, ServiceError> {
        let model = &self.job.model;
        let priced: Vec<_> = candidates
            .iter()
            .map(|candidate| {
                let request = prompt::request(branch, model, candidate.model.clone());
                (candidate, request)
            })
            .collect();
        // Asked anew: a key that failed in this turn rests since then.
        let wallet = self.inner.credentials.wallet(self.job.user).await?;
        let resting = wallet.resolve(model).resting;
        let now = self.inner.base.clock.now();
        Ok(consent::question(
            &self.progress.fallbacks,
            &resting,
            &priced,
            now,
        ))
    }
}

/// The reason why nobody served, where the person's rule keeps others from it.
fn closed(mut error: PublicError) -> PublicError {
    error
        .next_step
        .push_str(" Nobody else pays for your chats: you can change that under Settings, API keys.");
    error
}
