//! The end of an answer: it is stored with its receipt in one transaction, and only then told to readers.

use std::{sync::Arc, time::Duration};

use marshmallow_core::{Fallback, FrameBody, MessageStatus, Millis, PublicError, Receipt};
use marshmallow_store::{FinishedTurn, UsageRow};

use super::{
    Inner,
    draft::{Draft, Served},
    generation::{Ending, Job},
    live::Live,
    trail::Ended,
    writer::Writer,
};
use crate::error::storage_error;

/// Pauses between tries to store a finished answer, while the database is locked or the disk is full.
const PAUSES: [Duration; 5] = [
    Duration::from_millis(100),
    Duration::from_millis(500),
    Duration::from_secs(2),
    Duration::from_secs(10),
    LONGEST,
];
/// The pause between all further tries.
const LONGEST: Duration = Duration::from_secs(30);

/// Stores the answer and lets its readers have the last frames. It does not give up while this server
/// lives: the heartbeat keeps the lease, so nobody else would store the answer.
#[expect(
    clippy::too_many_arguments,
    reason = "the parts of one answer, gathered by one caller"
)]
pub async fn finish(
    inner: &Arc<Inner>,
    live: &Arc<Live>,
    job: &Job,
    mut writer: Writer,
    draft: &Draft,
    served: Option<&Served>,
    fallbacks: &[Fallback],
    ending: Ending,
) {
    let now = inner.base.clock.now();
    let receipt = served.map(|served| draft.receipt(served, &job.model, fallbacks, job.began, now));
    if let Some(error) = ending.error.clone() {
        writer.write(FrameBody::Error { error });
    }
    let told = Ended {
        user: job.user,
        message: job.answer,
        model: &job.model,
        at: now,
        credential: served.map(|served| &served.label),
        was_accepted: draft.was_accepted,
        fallbacks,
        status: ending.status,
        error: ending.error.as_ref(),
    };
    let turn = FinishedTurn {
        entries: told.entries(),
        message: job.answer,
        user: job.user,
        owner: inner.owner.clone(),
        status: ending.status,
        text: draft.text.clone(),
        reasoning: draft.reasoning.clone(),
        error: ending
            .error
            .as_ref()
            .and_then(|error| serde_json::to_string(error).ok()),
        completed_at: now,
        usage: receipt
            .as_ref()
            .map(|receipt| usage_row(receipt, ending.status, now)),
        used_key: receipt
            .as_ref()
            .filter(|_| draft.was_accepted)
            .and_then(|receipt| receipt.credential.key),
        receipt: receipt
            .as_ref()
            .and_then(|receipt| serde_json::to_string(receipt).ok()),
    };
    live.settled(writer.written()).await;
    if store(inner, live, &turn).await {
        let done = writer.number(FrameBody::Done {
            status: ending.status,
            receipt,
        });
        live.publish_done(done.to_line());
    } else {
        live.fail(PublicError::not_found("answer"));
    }
    inner.hub.remove(job.answer);
}

/// Tries until the answer is stored, or is no longer this server's: deleted, or taken over. Readers wait
/// for the first tries only.
async fn store(inner: &Inner, live: &Live, turn: &FinishedTurn) -> bool {
    let mut pauses = PAUSES.into_iter();
    loop {
        let error = match inner.base.store.finish_turn(turn).await {
            Ok(true) => return true,
            Ok(false) => {
                settle_deleted(inner, turn).await;
                return false;
            }
            Err(error) => error,
        };
        tracing::error!(%error, "an answer could not be stored yet");
        let pause = pauses.next().unwrap_or_else(|| {
            live.fail(storage_error(&error));
            LONGEST
        });
        tokio::time::sleep(pause).await;
    }
}

/// What an answer cost that was deleted while it was being written counts all the same. Should this fail, the
/// heartbeat settles it by the worst case.
async fn settle_deleted(inner: &Inner, turn: &FinishedTurn) {
    let settled = inner
        .base
        .store
        .settle_deleted(turn.user, turn.message, turn.usage.as_ref())
        .await;
    if let Err(error) = settled {
        tracing::warn!(%error, "a deleted answer could not be settled yet");
    }
}

/// The row that dashboards and budgets count.
pub fn usage_row(receipt: &Receipt, status: MessageStatus, now: Millis) -> UsageRow {
    UsageRow {
        key: receipt.credential.key,
        credential: receipt.credential.kind,
        provider: receipt.credential.provider,
        model: receipt.model.to_string(),
        usage: receipt.usage,
        cost: receipt.cost.amount,
        is_estimated: receipt.cost.is_estimated,
        ttft_ms: receipt.ttft_ms,
        duration_ms: receipt.duration_ms,
        outcome: status,
        fallback_reason: receipt
            .fallbacks
            .last()
            .map(|fallback| fallback.because.slug().to_owned()),
        created_at: now,
    }
}
