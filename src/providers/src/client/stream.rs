//! A running answer: bytes from the connection, events to the caller. Notices silence and a cut.
//! Dropping it closes the connection, which is how a provider learns that nobody wants the rest.

use std::{collections::VecDeque, time::Duration};

use marshmallow_core::{Diagnosis, Provider};
use reqwest::Response;
use tokio::time::timeout;

use crate::{Decoder, Event, ProviderError, answer_filter::AnswerFilter, hints::Hints, redact::Redactor};

/// How long the end of a connection may lag behind the end of its answer.
const FAREWELL: Duration = Duration::from_millis(100);

/// The stream of one answer.
pub struct EventStream {
    /// None once nothing more will be read.
    response: Option<Response>,
    decoder: Decoder,
    waiting: VecDeque<Event>,
    silence: Duration,
    redactor: Redactor,
    filter: AnswerFilter,
}

impl EventStream {
    pub(super) fn new(provider: Provider, response: Response, silence: Duration, redactor: Redactor) -> Self {
        let id = Hints::read(response.headers()).request_id;
        let mut stream = Self {
            response: Some(response),
            decoder: Decoder::new(provider),
            waiting: VecDeque::new(),
            silence,
            redactor,
            filter: AnswerFilter::default(),
        };
        stream.enqueue(id.map(Event::RequestId));
        stream
    }

    /// The next event, or none after the last. An answer that ends without [`Event::Finish`] and without
    /// [`Event::Failed`] is incomplete. Can be cancelled between two events without loss.
    pub async fn next(&mut self) -> Option<Event> {
        loop {
            if let Some(event) = self.waiting.pop_front() {
                return Some(event);
            }
            let response = self.response.as_mut()?;
            if self.decoder.is_over() {
                self.give_rest();
                self.part().await;
                continue;
            }
            match timeout(self.silence, response.chunk()).await {
                Ok(Ok(Some(bytes))) => {
                    let events = self.decoder.push(&bytes);
                    self.enqueue(events);
                }
                Ok(Ok(None)) => {
                    self.response = None;
                    let events = self.decoder.finish();
                    self.enqueue(events);
                    self.give_rest();
                }
                Ok(Err(_)) => self.break_off("the connection was lost"),
                Err(_) => self.break_off("the provider fell silent"),
            }
        }
    }

    /// Reads what may still be under way behind the last word, so that the connection can serve again.
    async fn part(&mut self) {
        if let Some(mut response) = self.response.take() {
            let drained = async { while let Ok(Some(_)) = response.chunk().await {} };
            // A server that holds the connection open loses it; the answer is complete either way.
            drop(timeout(FAREWELL.min(self.silence), drained).await);
        }
    }

    /// Ends the stream early. Behind a finish reason only token counts can be missing: no failure.
    fn break_off(&mut self, detail: &str) {
        self.response = None;
        self.give_rest();
        if !self.decoder.has_finished() {
            self.waiting
                .push_back(Event::Failed(ProviderError::ours(Diagnosis::Garbled, detail)));
        }
    }

    fn enqueue(&mut self, events: impl IntoIterator<Item = Event>) {
        for event in events {
            let clean = match event {
                Event::Failed(error) => Event::Failed(error.redacted(&self.redactor)),
                Event::RequestId(id) => Event::RequestId(self.redactor.label(&id)),
                Event::Model(name) => Event::Model(self.redactor.label(&name)),
                other => other,
            };
            match self.redactor.answer_key() {
                Some(key) => self.waiting.extend(self.filter.pass(clean, key)),
                None => self.waiting.push_back(clean),
            }
        }
    }

    /// Gives what was held back: nothing can follow that would make it a key.
    fn give_rest(&mut self) {
        self.waiting.extend(self.filter.rest());
    }
}
