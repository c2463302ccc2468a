//! Journal before sending: one writer stores the waiting frames of all answers together, then lets readers
//! have them. While one write runs, the next batch gathers; there is no timer.
//! It refuses to publish what is not stored.

use std::{collections::HashMap, sync::Arc};

use marshmallow_core::{Frame, MessageId, PublicError};
use marshmallow_store::{JournalRow, Store, StoreError};
use tokio::sync::mpsc;

use super::live::Live;
use crate::error::storage_error;

/// Frames of one write at the most, so that a flood cannot make one transaction endless.
const BATCH: usize = 512;
/// How often a write is tried while the database is busy; each try waits for the lock itself.
const TRIES: u32 = 3;

struct Pending {
    message: MessageId,
    seq: u32,
    line: String,
    live: Arc<Live>,
}

/// The door to the writer.
pub struct Journal(mpsc::UnboundedSender<Pending>);

impl Journal {
    /// Starts the writer. It ends when the last door is closed and all is written.
    pub fn start(store: Store, owner: String) -> Self {
        let (sender, receiver) = mpsc::unbounded_channel();
        tokio::spawn(write_all(store, owner, receiver));
        Self(sender)
    }

    /// Hands a frame to the writer.
    pub fn append(&self, message: MessageId, frame: &Frame, live: &Arc<Live>) {
        let pending = Pending {
            message,
            seq: frame.seq,
            line: frame.to_line(),
            live: live.clone(),
        };
        if self.0.send(pending).is_err() {
            live.fail(storage_error(&StoreError::Busy));
        }
    }
}

async fn write_all(store: Store, owner: String, mut receiver: mpsc::UnboundedReceiver<Pending>) {
    let mut batch = Vec::with_capacity(BATCH);
    while receiver.recv_many(&mut batch, BATCH).await > 0 {
        batch.retain(|pending| !pending.live.has_failed());
        let rows: Vec<JournalRow> = batch
            .iter()
            .map(|pending| JournalRow {
                message: pending.message,
                seq: pending.seq,
                frame: pending.line.clone(),
            })
            .collect();
        match append(&store, &owner, &rows).await {
            Ok(lost) => {
                for pending in batch.extract_if(.., |pending| lost.contains(&pending.message)) {
                    pending.live.fail(PublicError::not_found("answer"));
                }
                publish(batch.drain(..));
            }
            Err(error) => {
                tracing::error!(%error, frames = rows.len(), "the journal could not be written");
                for pending in batch.drain(..) {
                    pending.live.fail(storage_error(&error));
                }
            }
        }
    }
}

/// Stores the frames and gives the answers that are no longer this server's: deleted, or taken over.
async fn append(store: &Store, owner: &str, rows: &[JournalRow]) -> Result<Vec<MessageId>, StoreError> {
    let mut tries = 1;
    loop {
        match store.append_frames(owner, rows).await {
            Err(StoreError::Busy) if tries < TRIES => tries += 1,
            outcome => return outcome,
        }
    }
}

/// Lets readers have the stored frames, once per answer.
fn publish(batch: impl Iterator<Item = Pending>) {
    let mut by_answer: HashMap<MessageId, (Arc<Live>, Vec<String>)> = HashMap::new();
    for pending in batch {
        by_answer
            .entry(pending.message)
            .or_insert_with(|| (pending.live, Vec::new()))
            .1
            .push(pending.line);
    }
    for (live, lines) in by_answer.into_values() {
        live.publish(lines);
    }
}
