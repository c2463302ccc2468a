//! The answers that this process is writing: their stored frames, for readers, and the wish to end them.
//! A frame enters here only after the journal has stored it.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use marshmallow_core::{MessageId, MessageStatus, PublicError, UserId};
use tokio::sync::watch;

/// One answer being written.
pub struct Live {
    user: UserId,
    stored: Mutex<Stored>,
    /// Counts changes of `stored`, so that readers wait without polling.
    changed: watch::Sender<u64>,
    /// How the answer shall end, once somebody wants it to.
    end: watch::Sender<Option<MessageStatus>>,
}

#[derive(Default)]
struct Stored {
    /// The stored frames as lines; the place in the list is the sequence number.
    lines: Vec<String>,
    is_done: bool,
    /// Whether this process has let it go unfinished: its journal is where it goes on.
    is_parted: bool,
    failure: Option<PublicError>,
}

/// What a reader finds from a sequence number on.
pub struct Found {
    pub lines: String,
    pub next: u32,
    pub is_done: bool,
    pub is_parted: bool,
    pub failure: Option<PublicError>,
}

impl Live {
    fn new(user: UserId) -> Self {
        Self {
            user,
            stored: Mutex::default(),
            changed: watch::Sender::new(0),
            end: watch::Sender::new(None),
        }
    }

    /// Makes stored frames readable, in order.
    pub fn publish(&self, lines: impl IntoIterator<Item = String>) {
        self.change(|stored| stored.lines.extend(lines));
    }

    /// Makes the last frame readable. The answer itself is stored by then.
    pub fn publish_done(&self, line: String) {
        self.change(|stored| {
            stored.lines.push(line);
            stored.is_done = true;
        });
    }

    /// Lets readers go to the journal: the answer stands still, or somebody else goes on with it.
    pub fn part(&self) {
        self.change(|stored| stored.is_parted = true);
    }

    /// Says that frames can no longer be stored, so that no reader waits for more.
    pub fn fail(&self, error: PublicError) {
        self.change(|stored| stored.failure = Some(error));
    }

    /// Whether frames can no longer be stored.
    pub fn has_failed(&self) -> bool {
        self.stored().failure.is_some()
    }

    /// Waits until `count` frames are readable, or storing has failed.
    pub async fn settled(&self, count: u32) {
        let mut changes = self.changes();
        while self.count() < count && !self.has_failed() {
            if changes.changed().await.is_err() {
                return;
            }
        }
    }

    /// How many frames are readable.
    fn count(&self) -> u32 {
        u32::try_from(self.stored().lines.len()).unwrap_or(u32::MAX)
    }

    /// All that is readable from frame `next` on.
    pub fn read(&self, next: u32) -> Found {
        let stored = self.stored();
        let from = usize::try_from(next)
            .unwrap_or(usize::MAX)
            .min(stored.lines.len());
        Found {
            lines: stored.lines[from..].concat(),
            next: next.max(u32::try_from(stored.lines.len()).unwrap_or(u32::MAX)),
            is_done: stored.is_done,
            is_parted: stored.is_parted,
            failure: stored.failure.clone(),
        }
    }

    /// A watch that changes whenever more is readable.
    pub fn changes(&self) -> watch::Receiver<u64> {
        self.changed.subscribe()
    }

    /// A watch on how the answer shall end.
    pub fn end_wish(&self) -> watch::Receiver<Option<MessageStatus>> {
        self.end.subscribe()
    }

    fn change(&self, change: impl FnOnce(&mut Stored)) {
        change(&mut self.stored());
        self.changed.send_modify(|count| *count += 1);
    }

    fn stored(&self) -> MutexGuard<'_, Stored> {
        self.stored.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// All answers that this process is writing.
#[derive(Default)]
pub struct Hub(Mutex<HashMap<MessageId, Arc<Live>>>);

impl Hub {
    /// Takes a new answer in.
    pub fn add(&self, user: UserId, message: MessageId) -> Arc<Live> {
        let live = Arc::new(Live::new(user));
        self.map().insert(message, live.clone());
        live
    }

    /// The answer, if this process is writing it.
    pub fn get(&self, message: MessageId) -> Option<Arc<Live>> {
        self.map().get(&message).cloned()
    }

    /// Lets an ended answer go. Readers that have it read on to its end.
    pub fn remove(&self, message: MessageId) {
        self.map().remove(&message);
    }

    /// How many answers are being written for this person.
    pub fn running_of(&self, user: UserId) -> usize {
        self.map().values().filter(|live| live.user == user).count()
    }

    /// Wishes an answer to end; nothing happens if this process is not writing it.
    pub fn end(&self, message: MessageId, how: MessageStatus) {
        if let Some(live) = self.get(message) {
            live.end.send_replace(Some(how));
        }
    }

    /// Wishes all of a person's answers to end.
    pub fn end_of(&self, user: UserId, how: MessageStatus) {
        for live in self.map().values().filter(|live| live.user == user) {
            live.end.send_replace(Some(how));
        }
    }

    /// Wishes all answers to end.
    pub fn end_all(&self, how: MessageStatus) {
        for live in self.map().values() {
            live.end.send_replace(Some(how));
        }
    }

    /// Waits until no answer is being written, for ten seconds at most.
    pub async fn wait_until_empty(&self) {
        self.wait_until(|map| map.is_empty()).await;
    }

    /// Waits until no answer is being written for this person, for ten seconds at most.
    pub async fn wait_until_none_of(&self, user: UserId) {
        self.wait_until(|map| map.values().all(|live| live.user != user))
            .await;
    }

    async fn wait_until(&self, condition: impl Fn(&HashMap<MessageId, Arc<Live>>) -> bool) {
        for _ in 0..200 {
            if condition(&self.map()) {
                return;
            }
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    }

    fn map(&self) -> MutexGuard<'_, HashMap<MessageId, Arc<Live>>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
