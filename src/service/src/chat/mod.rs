//! Conversations and answers. An answer is written by a task of the server (`generation`), each frame is
//! stored before anyone reads it (`journal`), and every reader, first or returning, reads the same way
//! (`reader`). It refuses to let a browser's connection decide whether an answer goes on.

mod attempt;
mod consent;
mod conversations;
mod draft;
mod finish;
mod generation;
mod heartbeat;
mod journal;
mod live;
mod meter;
mod metering;
mod pause;
mod prompt;
mod reader;
mod recovery;
mod trail;
mod writer;

use std::sync::Arc;

use marshmallow_core::{
    ConversationId, ErrorCode, MessageId, MessageStatus, Millis, ModelId, PublicError, UserId,
};
use marshmallow_providers::Client;
use marshmallow_store::{BeginTurnError, NewTurn, TurnPlace, TurnQuestion};

pub use reader::AnswerStream;

use crate::{
    Base, ServiceError,
    credentials::{Credentials, Resolution},
};
use journal::Journal;
use live::Hub;

/// How long an answer's lease lasts without a heartbeat, in milliseconds.
const LEASE_MS: i64 = 15_000;
/// Answers that one person may have running at once.
const RUNNING_PER_USER: usize = 8;

/// What the parts of this module share.
struct Inner {
    base: Base,
    credentials: Credentials,
    client: Client,
    hub: Hub,
    journal: Journal,
    /// This server process, as the owner of leases.
    owner: String,
}

impl Inner {
    fn lease_until(&self, now: Millis) -> Millis {
        now.plus(LEASE_MS)
    }
}

/// The use cases of conversations and answers.
pub struct Chat(Arc<Inner>);

impl Chat {
    pub(crate) async fn start(
        base: Base,
        credentials: Credentials,
        client: Client,
    ) -> Result<Self, ServiceError> {
        let owner = MessageId::make(base.clock.now(), base.random.as_ref()).to_string();
        let journal = Journal::start(base.store.clone(), owner.clone());
        let inner = Arc::new(Inner {
            base,
            credentials,
            client,
            hub: Hub::default(),
            journal,
            owner,
        });
        recovery::recover_at_start(&inner).await?;
        heartbeat::start(&inner);
        Ok(Self(inner))
    }

    /// Stores a message and begins its answer; without a conversation, a new one begins.
    pub async fn send(
        &self,
        user: UserId,
        conversation: Option<ConversationId>,
        model: ModelId,
        text: String,
    ) -> Result<AnswerStream, ServiceError> {
        let text = prompt::checked_message(text)?;
        let resolution = self.resolve(user, &model).await?;
        let now = self.0.base.clock.now();
        let random = self.0.base.random.as_ref();
        let place = match conversation {
            Some(id) => TurnPlace::Existing(id),
            None => TurnPlace::New {
                id: ConversationId::make(now, random),
                title: prompt::title(&text),
            },
        };
        let question = TurnQuestion::Send {
            id: MessageId::make(now, random),
            text,
        };
        self.begin(user, place, question, model, resolution).await
    }

    /// Answers the question of `answer` once more, beside the first answer.
    pub async fn retry(
        &self,
        user: UserId,
        answer: MessageId,
        model: ModelId,
    ) -> Result<AnswerStream, ServiceError> {
        let message = self
            .0
            .base
            .store
            .message(user, answer)
            .await?
            .ok_or_else(|| PublicError::not_found("message"))?;
        let question = message.parent.ok_or_else(|| PublicError::not_found("message"))?;
        let resolution = self.resolve(user, &model).await?;
        let place = TurnPlace::Existing(message.conversation);
        self.begin(user, place, TurnQuestion::Retry(question), model, resolution)
            .await
    }

    /// Reads an answer from frame `after` on; without it, from the first frame.
    pub async fn attach(
        &self,
        user: UserId,
        message: MessageId,
        after: Option<u32>,
    ) -> Result<AnswerStream, ServiceError> {
        if self.0.base.store.message(user, message).await?.is_none() {
            return Err(PublicError::not_found("message").into());
        }
        let next = after.map_or(0, |seq| seq.saturating_add(1));
        Ok(reader::read(self.0.clone(), user, message, next))
    }

    /// Stops a running answer; what has been written stays. Stopping one that has ended does nothing.
    pub async fn stop(&self, user: UserId, message: MessageId) -> Result<(), ServiceError> {
        if self.0.base.store.message(user, message).await?.is_none() {
            return Err(PublicError::not_found("message").into());
        }
        self.0.base.store.request_stop(user, message).await?;
        self.0.hub.end(message, MessageStatus::Stopped);
        pause::stop(&self.0, user, message).await?;
        Ok(())
    }

    /// Stops all running answers of a person and waits until those of this server are stored. Other servers stop
    /// theirs with their next heartbeat.
    pub(crate) async fn stop_all(&self, user: UserId) -> Result<(), ServiceError> {
        self.0.base.store.request_stop_of_all(user).await?;
        self.0.hub.end_of(user, MessageStatus::Stopped);
        self.0.hub.wait_until_none_of(user).await;
        Ok(())
    }

    /// Ends all running answers as interrupted and waits until they are stored.
    pub async fn shut_down(&self) {
        self.0.hub.end_all(MessageStatus::Interrupted);
        self.0.hub.wait_until_empty().await;
    }

    async fn resolve(&self, user: UserId, model: &ModelId) -> Result<Resolution, ServiceError> {
        let resolution = self.0.credentials.wallet(user).await?.resolve(model);
        if resolution.candidates.is_empty() {
            return Err(no_credential(model, &resolution).into());
        }
        Ok(resolution)
    }

    async fn begin(
        &self,
        user: UserId,
        place: TurnPlace,
        question: TurnQuestion,
        model: ModelId,
        resolution: Resolution,
    ) -> Result<AnswerStream, ServiceError> {
        let inner = &self.0;
        if inner.hub.running_of(user) >= RUNNING_PER_USER {
            return Err(PublicError::new(
                ErrorCode::Busy,
                format!("{RUNNING_PER_USER} answers are being written for you at the same time."),
                "Wait for one of them, or stop one.",
            )
            .into());
        }
        let now = inner.base.clock.now();
        let conversation = match &place {
            TurnPlace::Existing(id) | TurnPlace::New { id, .. } => *id,
        };
        let question_id = match &question {
            TurnQuestion::Retry(id) | TurnQuestion::Send { id, .. } => *id,
        };
        let answer = MessageId::make(now.plus(1), inner.base.random.as_ref());
        let turn = NewTurn {
            user,
            place,
            question,
            answer,
            model: model.to_string(),
            now,
            owner: inner.owner.clone(),
            lease_until: inner.lease_until(now),
        };
        let job = generation::Job {
            user,
            conversation,
            question: question_id,
            answer,
            model,
            resolution,
            began: now,
        };
        // In a task of its own: whoever asked may leave at any moment, and an answer that is stored as
        // begun must have its writer.
        let begun = tokio::spawn(begin(inner.clone(), turn, job));
        begun
            .await
            .map_err(|_| ServiceError::Internal("beginning an answer"))??;
        Ok(reader::read(inner.clone(), user, answer, 0))
    }
}

/// Stores the turn and lets its answer be written.
async fn begin(inner: Arc<Inner>, turn: NewTurn, job: generation::Job) -> Result<(), ServiceError> {
    let live = inner.hub.add(job.user, job.answer);
    if let Err(error) = inner.base.store.begin_turn(&turn).await {
        inner.hub.remove(job.answer);
        return Err(refuse_turn(error));
    }
    tokio::spawn(generation::begin(inner, live, job));
    Ok(())
}

fn refuse_turn(error: BeginTurnError) -> ServiceError {
    match error {
        BeginTurnError::Busy => PublicError::new(
            ErrorCode::Busy,
            "An answer is still being written in this conversation.",
            "Wait for it or stop it, then send again. Your text is still here.",
        )
        .into(),
        BeginTurnError::NotFound => PublicError::not_found("conversation").into(),
        BeginTurnError::Store(inner) => inner.into(),
    }
}

/// What a person reads when no credential can serve: the reason why the first one cannot, if there is one.
fn no_credential(model: &ModelId, resolution: &Resolution) -> PublicError {
    if let Some((candidate, rest)) = resolution.resting.first() {
        let provider = candidate.label.provider;
        return PublicError::new(
            ErrorCode::NoCredential,
            format!(
                "Your key ··{} rests: {}",
                candidate.label.last_four,
                rest.because.meaning(provider)
            ),
            "Settings, API keys, shows until when. Wait for it, or add another key.",
        );
    }
    match resolution.skipped.first() {
        Some(skipped) => PublicError::new(
            ErrorCode::NoCredential,
            format!(
                "Your key ··{} cannot serve: {}",
                skipped.from.last_four,
                skipped.because.meaning(skipped.from.provider)
            ),
            skipped.because.next_step(skipped.from.provider),
        ),
        None => PublicError::new(
            ErrorCode::NoCredential,
            format!("No key of yours serves {model}, and the platform does not offer it."),
            format!(
                "Add a key for {} under Settings, or choose another model.",
                model.endpoint.provider()
            ),
        ),
    }
}
