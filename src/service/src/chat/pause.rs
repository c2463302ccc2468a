//! Pausing an answer to ask, and going on with it: on whichever server, after a reload or a restart.
//! A paused answer is rows alone: no task, no lease, no connection to a provider is kept for it.

use std::{sync::Arc, time::Duration};

use marshmallow_core::{
    Consent, ConsentOption, ErrorCode, Fallback, FrameBody, MessageId, Millis, PublicError, UserId,
};

use super::{
    Chat, Inner,
    consent::OPEN_MS,
    draft::{Draft, Served},
    finish,
    generation::{self, Ending, Job, Progress},
    live::Live,
    metering,
    recovery::Found,
    writer::Writer,
};
use crate::{ServiceError, credentials::Resolution};

/// The pause between tries to read a journal.
const RETRY: Duration = Duration::from_secs(2);

/// Why a paused answer goes on.
enum Why {
    /// Somebody chose.
    Chosen(ConsentOption),
    /// The key that it waited for is free again.
    Woken,
    /// It ends, since somebody stopped it or nobody chose.
    Over(Ending),
}

impl Chat {
    /// Chooses an option of a paused answer's question by its place, from 0.
    pub async fn choose(&self, user: UserId, message: MessageId, option: usize) -> Result<(), ServiceError> {
        if self.0.base.store.message(user, message).await?.is_none() {
            return Err(PublicError::not_found("message").into());
        }
        let found = Found::of(&self.0, user, message).await?;
        let asked = found.question().ok_or_else(answered)?;
        let option = asked.options.get(option).cloned().ok_or_else(|| {
            PublicError::invalid("This cannot be chosen.", "Choose one of the options shown.")
        })?;
        if go_on(&self.0, user, message, Why::Chosen(option)).await? {
            Ok(())
        } else {
            Err(answered().into())
        }
    }
}

fn answered() -> PublicError {
    PublicError::new(
        ErrorCode::Busy,
        "This answer is not waiting for a choice any more.",
        "Reload the page to see how it went on.",
    )
}

/// Lets an answer stand still. False, and it is still this server's, if somebody wants it stopped; the frames that
/// ask must be written.
pub async fn pause(inner: &Inner, live: &Live, job: &Job, writer: &Writer, wake: Option<Millis>) -> bool {
    live.settled(writer.written()).await;
    let until = inner.base.clock.now().plus(OPEN_MS);
    let paused = inner
        .base
        .store
        .pause_turn(job.user, job.answer, &inner.owner, until, wake)
        .await
        .unwrap_or_else(|error| {
            tracing::error!(%error, "an answer could not be paused");
            false
        });
    if paused {
        inner.hub.remove(job.answer);
        live.part();
    }
    paused
}

/// Ends a paused answer that its person stops. False if it is not paused.
pub async fn stop(inner: &Arc<Inner>, user: UserId, message: MessageId) -> Result<bool, ServiceError> {
    go_on(inner, user, message, Why::Over(Ending::stopped())).await
}

/// Goes on with paused answers whose moment has come, and ends those that nobody chose for.
pub async fn wake_due(inner: &Arc<Inner>) -> Result<(), ServiceError> {
    let now = inner.base.clock.now();
    for turn in inner.base.store.due_pauses(now).await? {
        let why = if turn.lease_until <= now {
            Why::Over(Ending::failed(PublicError::new(
                ErrorCode::NoCredential,
                "Nobody chose who pays for this answer within a day.",
                "Retry when you want to go on.",
            )))
        } else {
            Why::Woken
        };
        if let Err(error) = go_on(inner, turn.user, turn.message, why).await {
            tracing::error!(message = %turn.message, %error, "a paused answer could not go on yet");
        }
    }
    Ok(())
}

/// Takes a paused answer and goes on with it in a task of its own. False if somebody else took it.
async fn go_on(inner: &Arc<Inner>, user: UserId, message: MessageId, why: Why) -> Result<bool, ServiceError> {
    let store = &inner.base.store;
    let Some(record) = store.message(user, message).await? else {
        return Ok(false);
    };
    let (Some(question), Some(model)) = (
        record.parent,
        record.model.as_deref().and_then(|model| model.parse().ok()),
    ) else {
        return Ok(false);
    };
    let resolution = match &why {
        Why::Over(_) => Resolution::default(),
        _ => inner.credentials.wallet(user).await?.resolve(&model),
    };
    let lease = inner.lease_until(inner.base.clock.now());
    if !store.resume_turn(user, message, &inner.owner, lease).await? {
        return Ok(false);
    }
    let live = inner.hub.add(user, message);
    let job = Job {
        user,
        conversation: record.conversation,
        question,
        answer: message,
        model,
        resolution,
        began: record.created_at,
    };
    tokio::spawn(resumed(inner.clone(), live, job, why));
    Ok(true)
}

async fn resumed(inner: Arc<Inner>, live: Arc<Live>, job: Job, why: Why) {
    let found = journal(&inner, &job).await;
    let written = found.last_seq.map_or(0, |last| last + 1);
    live.publish(found.lines.iter().cloned());
    let mut writer = Writer::new(inner.clone(), live.clone(), job.answer, written);
    let mut progress = Progress {
        fallbacks: found.fallbacks.clone(),
        is_started: true,
        ..Progress::default()
    };
    match why {
        Why::Over(ending) => return end(&inner, &live, &job, writer, progress.fallbacks, ending).await,
        Why::Woken => progress.chosen = found.waits_for().map(|credential| credential.key),
        Why::Chosen(option) => {
            writer.write(FrameBody::Chosen {
                option: option.clone(),
            });
            match option {
                ConsentOption::Wait { until, .. } => {
                    if !pause(&inner, &live, &job, &writer, Some(until)).await {
                        let stopped = Ending::stopped();
                        end(&inner, &live, &job, writer, progress.fallbacks, stopped).await;
                    }
                    return;
                }
                ConsentOption::Use { credential, .. } => {
                    progress.chosen = Some(credential.key);
                    progress.is_approved = true;
                }
            }
        }
    }
    generation::run(inner, live, job, writer, progress).await;
}

/// Ends an answer that was paused. Nothing was used; the receipt names those that failed, the last one as its own.
async fn end(
    inner: &Arc<Inner>,
    live: &Arc<Live>,
    job: &Job,
    writer: Writer,
    mut failed: Vec<Fallback>,
    ending: Ending,
) {
    let last = failed.pop();
    let draft = Draft {
        failure: last.as_ref().map(|last| last.because),
        ..Draft::default()
    };
    let served = last.map(|last| Served {
        label: last.from,
        price: metering::price_of_model(&job.model),
    });
    finish::finish(inner, live, job, writer, &draft, served.as_ref(), &failed, ending).await;
}

/// What the journal holds. While the database refuses, it keeps trying: the answer is this server's by now.
async fn journal(inner: &Inner, job: &Job) -> Found {
    loop {
        match Found::of(inner, job.user, job.answer).await {
            Ok(found) => return found,
            Err(error) => tracing::error!(%error, "a paused answer could not be read yet"),
        }
        tokio::time::sleep(RETRY).await;
    }
}

/// Writes the question and pauses. Gives the writer back where that was not possible.
pub async fn ask(
    inner: &Inner,
    live: &Live,
    job: &Job,
    mut writer: Writer,
    consent: Consent,
) -> Result<(), Writer> {
    writer.write(FrameBody::Consent { consent });
    if pause(inner, live, job, &writer, None).await {
        Ok(())
    } else {
        Err(writer)
    }
}
