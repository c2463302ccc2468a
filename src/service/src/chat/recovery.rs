//! Answers whose server is gone: what the journal holds becomes the message, marked as interrupted.
//! Every character that a browser was shown had been stored before, so none is lost.

use std::sync::Arc;

use marshmallow_core::{
    Consent, ConsentOption, CredentialLabel, Fallback, Frame, FrameBody, MessageId, MessageStatus, Millis,
    Pause, Receipt, UserId,
};
use marshmallow_store::{ExpiredTurn, FinishedTurn, MessageRecord};

use super::{Inner, draft::millis_between, finish::usage_row, metering, trail::Ended};
use crate::ServiceError;

/// Frames read from the journal at once.
const PAGE: usize = 1_000;

/// SQLite has one server, so at its start every running answer is one that an earlier process left.
pub async fn recover_at_start(inner: &Arc<Inner>) -> Result<(), ServiceError> {
    if !inner.base.store.is_sqlite() {
        return Ok(());
    }
    let turns = inner.base.store.turns_of_other_owners(&inner.owner).await?;
    recover_each(inner, turns).await;
    Ok(())
}

/// Takes over answers whose lease has run out.
pub async fn recover_expired(inner: &Arc<Inner>) -> Result<(), ServiceError> {
    let mut turns = inner.base.store.expired_turns(inner.base.clock.now()).await?;
    turns.retain(|turn| inner.hub.get(turn.message).is_none());
    recover_each(inner, turns).await;
    Ok(())
}

/// Each by itself: one that cannot be recovered now neither holds up the others nor keeps a server from
/// starting. Its lease runs out, and a later beat tries again.
async fn recover_each(inner: &Inner, turns: Vec<ExpiredTurn>) {
    for turn in turns {
        if let Err(error) = recover(inner, &turn).await {
            tracing::error!(message = %turn.message, %error, "an interrupted answer could not be kept yet");
        }
    }
}

async fn recover(inner: &Inner, turn: &ExpiredTurn) -> Result<(), ServiceError> {
    let store = &inner.base.store;
    let now = inner.base.clock.now();
    // Under a name that no heartbeat renews, so that what fails here is found again.
    let owner = format!("{} recovers", inner.owner);
    if !store.claim_turn(turn, &owner, inner.lease_until(now)).await? {
        return Ok(());
    }
    let found = Found::read(inner, turn).await?;
    let branch = store.branch(turn.user, turn.conversation).await?;
    let receipt = found.receipt(&branch, now);
    let told = receipt.as_ref().map(|receipt| Ended {
        user: turn.user,
        message: turn.message,
        model: &receipt.model,
        at: now,
        credential: Some(&receipt.credential),
        was_accepted: !(found.text.is_empty() && found.reasoning.is_empty()),
        fallbacks: &receipt.fallbacks,
        status: MessageStatus::Interrupted,
        error: None,
    });
    let finished = FinishedTurn {
        entries: told.map(|told| told.entries()).unwrap_or_default(),
        message: turn.message,
        user: turn.user,
        owner,
        status: MessageStatus::Interrupted,
        text: found.text,
        reasoning: found.reasoning,
        error: None,
        completed_at: now,
        usage: receipt
            .as_ref()
            .map(|receipt| usage_row(receipt, MessageStatus::Interrupted, now)),
        used_key: None,
        receipt: receipt
            .as_ref()
            .and_then(|receipt| serde_json::to_string(receipt).ok()),
    };
    store.finish_turn(&finished).await?;
    tracing::info!(message = %turn.message, "an interrupted answer was kept");
    Ok(())
}

/// What the journal holds of an answer.
#[derive(Default)]
pub struct Found {
    pub text: String,
    pub reasoning: String,
    pub last_seq: Option<u32>,
    /// All frames as they are stored.
    pub lines: Vec<String>,
    /// The credentials that could not serve.
    pub fallbacks: Vec<Fallback>,
    /// Why it stands still, if it does.
    pub pause: Option<Pause>,
    start: Option<FrameBody>,
}

impl Found {
    async fn read(inner: &Inner, turn: &ExpiredTurn) -> Result<Self, ServiceError> {
        Self::of(inner, turn.user, turn.message).await
    }

    /// Reads all stored frames of the user's running answer.
    pub async fn of(inner: &Inner, user: UserId, message: MessageId) -> Result<Self, ServiceError> {
        let mut found = Self::default();
        loop {
            let frames = inner
                .base
                .store
                .frames(user, message, found.last_seq, PAGE)
                .await?;
            let Some((last, _)) = frames.last() else {
                return Ok(found);
            };
            found.last_seq = Some(*last);
            // As in the browser, what another version wrote and this one does not know is passed over.
            for frame in frames
                .iter()
                .filter_map(|(_, line)| serde_json::from_str::<Frame>(line).ok())
            {
                found.take(frame.body);
            }
            found.lines.extend(frames.into_iter().map(|(_, line)| line));
        }
    }

    fn take(&mut self, body: FrameBody) {
        match body {
            FrameBody::Delta { text } => self.text.push_str(&text),
            FrameBody::Reasoning { text } => self.reasoning.push_str(&text),
            FrameBody::Consent { consent } => {
                self.fallbacks.clone_from(&consent.failed);
                self.pause = Some(Pause::Asking { consent });
            }
            FrameBody::Chosen { option } => {
                self.pause = match option {
                    ConsentOption::Wait { credential, until } => Some(Pause::Waiting { credential, until }),
                    ConsentOption::Use { .. } => None,
                };
            }
            FrameBody::Notice { fallback, credential } => {
                self.pause = None;
                // What a question has told is told again when somebody takes over.
                if self.fallbacks.last() != Some(&fallback) {
                    self.fallbacks.push(fallback);
                }
                if let Some(FrameBody::Start {
                    credential: serving, ..
                }) = &mut self.start
                {
                    *serving = credential;
                }
            }
            start @ FrameBody::Start { .. } => self.start = Some(start),
            FrameBody::Usage { .. } | FrameBody::Error { .. } | FrameBody::Ping | FrameBody::Done { .. } => {}
        }
    }

    /// The question that is open.
    pub fn question(&self) -> Option<&Consent> {
        match &self.pause {
            Some(Pause::Asking { consent }) => Some(consent),
            _ => None,
        }
    }

    /// The key that it waits for.
    pub fn waits_for(&self) -> Option<&CredentialLabel> {
        match &self.pause {
            Some(Pause::Waiting { credential, .. }) => Some(credential),
            _ => None,
        }
    }

    /// A receipt by estimate: from the branch that was sent and what came back.
    fn receipt(&self, branch: &[MessageRecord], now: Millis) -> Option<Receipt> {
        let Some(FrameBody::Start {
            model, credential, ..
        }) = &self.start
        else {
            return None;
        };
        let sent = branch.iter().map(|message| message.text.chars().count()).sum();
        let usage = metering::estimate(sent, self.text.chars().count() + self.reasoning.chars().count());
        let began = branch.last().map_or(now, |answer| answer.created_at);
        Some(Receipt {
            credential: credential.clone(),
            model: model.clone(),
            usage,
            cost: metering::cost(metering::price_of_model(model), &usage, None, true),
            fallbacks: self.fallbacks.clone(),
            failure: None,
            stop: None,
            ttft_ms: None,
            duration_ms: millis_between(began, now),
            request_id: None,
        })
    }
}
