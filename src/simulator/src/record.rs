//! The log of what clients sent and how each exchange ended. Knows no provider and no wire format.

use std::{
    collections::BTreeMap,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use serde_json::Value;
use tokio::sync::watch;

/// How an exchange ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// It has not ended yet.
    Open,
    /// The answer went out to its last byte.
    Completed,
    /// The client closed the connection before the answer was complete.
    DroppedByClient,
    /// The simulator cut the connection, as it was told to, or because it was stopped.
    CutBySimulator,
}

/// A request as it arrived, and what became of it.
#[derive(Clone, Debug, PartialEq)]
pub struct Recorded {
    /// `GET`, `POST`, …
    pub method: String,
    /// The path without its query, such as `/openai/v1/models`.
    pub path: String,
    /// The query as it was sent, without the question mark; empty where there is none.
    pub query: String,
    /// Names in lower case, in the order of arrival.
    pub headers: Vec<(String, String)>,
    /// The body: `Null` where it is empty, a string where it is no JSON.
    pub body: Value,
    /// How the exchange ended.
    pub outcome: Outcome,
}

impl Recorded {
    /// The first header of this name, which is given in lower case.
    #[must_use]
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers
            .iter()
            .find(|(header, _)| header == name)
            .map(|(_, value)| value.as_str())
    }

    /// The value of a query parameter, not decoded.
    #[must_use]
    pub fn query_value(&self, name: &str) -> Option<&str> {
        self.query
            .split('&')
            .filter_map(|pair| pair.split_once('='))
            .find(|(n, _)| *n == name)
            .map(|(_, value)| value)
    }

    /// The key of an `Authorization: Bearer` header.
    #[must_use]
    pub fn bearer(&self) -> Option<&str> {
        self.header("authorization")?
            .strip_prefix("Bearer ")
            .map(str::trim)
            .filter(|key| !key.is_empty())
    }
}

/// The log, shared between the server and its owner.
#[derive(Clone)]
pub(crate) struct Log {
    entries: Arc<Mutex<Entries>>,
    changed: watch::Sender<()>,
}

#[derive(Default)]
struct Entries {
    next: u64,
    requests: BTreeMap<u64, Recorded>,
}

impl Log {
    pub fn new() -> Self {
        Self {
            entries: Arc::default(),
            changed: watch::Sender::new(()),
        }
    }

    /// Notes a request; the exchange counts as dropped by the client unless it is told otherwise.
    pub fn open(&self, request: Recorded) -> Exchange {
        let mut entries = self.lock();
        let id = entries.next;
        entries.next += 1;
        entries.requests.insert(id, request);
        drop(entries);
        self.changed.send_replace(());
        Exchange {
            log: self.clone(),
            id,
            ended: false,
        }
    }

    pub fn requests(&self) -> Vec<Recorded> {
        self.lock().requests.values().cloned().collect()
    }

    pub fn clear(&self) {
        self.lock().requests.clear();
        self.changed.send_replace(());
    }

    /// Waits until the log fulfils a condition.
    pub async fn wait_for(&self, condition: impl Fn(&[Recorded]) -> bool) -> Vec<Recorded> {
        let mut changes = self.changed.subscribe();
        loop {
            changes.borrow_and_update();
            let requests = self.requests();
            // The sender lives in `self`, so `changed` cannot fail while this waits.
            if condition(&requests) || changes.changed().await.is_err() {
                return requests;
            }
        }
    }

    fn end(&self, id: u64, outcome: Outcome) {
        if let Some(request) = self.lock().requests.get_mut(&id) {
            request.outcome = outcome;
        }
        self.changed.send_replace(());
    }

    fn lock(&self) -> MutexGuard<'_, Entries> {
        // The log stays readable after a panic elsewhere: every change is a single assignment.
        self.entries.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// One exchange under way. The server drops it with the connection, and that is how a leaving client is noticed.
pub(crate) struct Exchange {
    log: Log,
    id: u64,
    ended: bool,
}

impl Exchange {
    /// The number of the exchange, counted from 0 for each simulator.
    pub fn id(&self) -> u64 {
        self.id
    }

    /// Notes how the exchange ended.
    pub fn end(&mut self, outcome: Outcome) {
        self.ended = true;
        self.log.end(self.id, outcome);
    }
}

impl Drop for Exchange {
    fn drop(&mut self) {
        if !self.ended {
            self.end(Outcome::DroppedByClient);
        }
    }
}
