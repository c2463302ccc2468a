//! Events out of a provider's stream: bytes in, events out, no I/O. What is the same for all providers
//! stands here (framing, damage, the end); what differs stands in each provider's `decode`.

use marshmallow_core::{Diagnosis, Provider};
use serde_json::Value;

use crate::{
    Event, ProviderError, adapter, anthropic, gemini, openai,
    sse::{Parser, Piece, TooLong},
};

/// This many unreadable events in a row mean that the rest is noise.
const PATIENCE: u8 = 5;

/// One stream's decoder.
#[derive(Debug)]
pub struct Decoder {
    provider: Provider,
    parser: Parser,
    dialect: Dialect,
    unreadable: u8,
    has_event: bool,
    has_finished: bool,
    is_over: bool,
}

#[derive(Debug)]
enum Dialect {
    OpenAi(openai::Decode),
    Anthropic(anthropic::Decode),
    Gemini(gemini::Decode),
}

impl Decoder {
    /// A decoder for one answer of `provider`.
    pub fn new(provider: Provider) -> Self {
        let dialect = match provider {
            Provider::OpenAi | Provider::OpenRouter | Provider::Custom => {
                Dialect::OpenAi(openai::Decode::new(provider))
            }
            Provider::Anthropic => Dialect::Anthropic(anthropic::Decode::default()),
            Provider::Google => Dialect::Gemini(gemini::Decode::default()),
        };
        Self {
            provider,
            parser: Parser::default(),
            dialect,
            unreadable: 0,
            has_event: false,
            has_finished: false,
            is_over: false,
        }
    }

    /// Takes the next bytes, split anywhere. Gives nothing once the stream is over.
    pub fn push(&mut self, bytes: &[u8]) -> Vec<Event> {
        if self.is_over {
            return Vec::new();
        }
        let pieces = self.parser.push(bytes);
        self.read(pieces)
    }

    /// The connection has ended in order. A stream that stops without a finish reason gives no
    /// [`Event::Finish`]; one that held no readable event at all has failed.
    pub fn finish(&mut self) -> Vec<Event> {
        if self.is_over {
            return Vec::new();
        }
        let pieces = self.parser.finish();
        let mut events = self.read(pieces);
        if !self.is_over && !self.has_finished {
            events.extend(self.failure_at_the_end());
        }
        self.is_over = true;
        events
    }

    /// An error that stands bare after the last event, or instead of all events (Google, and servers that
    /// answer 200 to everything).
    fn failure_at_the_end(&self) -> Option<Event> {
        let bare: Option<Value> = serde_json::from_str(self.parser.stray()).ok();
        match bare {
            Some(value) if is_error(&value) || value.get(0).is_some_and(is_error) => {
                Some(Event::Failed(adapter::error_in_stream(self.provider, &value)))
            }
            _ if self.has_event => None,
            _ => Some(garbled("the answer is not an event stream")),
        }
    }

    /// Whether the model has said that its answer is complete.
    pub fn has_finished(&self) -> bool {
        self.has_finished
    }

    /// Whether the stream has said its last word, so that nothing more needs to be read.
    pub fn is_over(&self) -> bool {
        self.is_over
    }

    fn read(&mut self, pieces: Result<Vec<Piece>, TooLong>) -> Vec<Event> {
        let Ok(pieces) = pieces else {
            self.is_over = true;
            return vec![garbled("an event is too long")];
        };
        let mut events = Vec::new();
        for piece in pieces {
            match piece {
                Piece::Comment => events.push(Event::Alive),
                Piece::Message { event, data } => {
                    let mut fresh = Vec::new();
                    self.read_message(&event, &data, &mut fresh);
                    events.extend(fresh.into_iter().filter(|event| self.is_news(event)));
                }
            }
            if self.is_over {
                break;
            }
        }
        events
    }

    /// Lets the first finish reason through (some providers repeat theirs), and ends the stream at a failure.
    fn is_news(&mut self, event: &Event) -> bool {
        match event {
            Event::Finish(_) => !std::mem::replace(&mut self.has_finished, true),
            Event::Failed(_) => !std::mem::replace(&mut self.is_over, true),
            _ => true,
        }
    }

    fn read_message(&mut self, event: &str, data: &str, out: &mut Vec<Event>) {
        if data.trim() == "[DONE]" {
            self.is_over = true;
            return;
        }
        match serde_json::from_str::<Value>(data) {
            Ok(value) if value.is_object() => {
                self.unreadable = 0;
                self.has_event = true;
                match &mut self.dialect {
                    Dialect::OpenAi(decode) => decode.read(&value, out),
                    Dialect::Anthropic(decode) => self.is_over = decode.read(event, &value, out),
                    Dialect::Gemini(decode) => decode.read(&value, out),
                }
            }
            _ => {
                self.unreadable += 1;
                if self.unreadable >= PATIENCE {
                    out.push(garbled("five events in a row could not be read"));
                }
            }
        }
    }
}

fn is_error(value: &Value) -> bool {
    !value["error"].is_null()
}

fn garbled(detail: &str) -> Event {
    Event::Failed(ProviderError::ours(Diagnosis::Garbled, detail))
}

/// What every dialect tells once and repeats in each event: the model and the id of the call.
#[derive(Debug, Default)]
pub(crate) struct Told {
    model: Option<String>,
    id: Option<String>,
}

impl Told {
    /// Gives the model's name when it is new.
    pub(crate) fn model(&mut self, value: &Value, out: &mut Vec<Event>) {
        if let Some(name) = news(&mut self.model, value) {
            out.push(Event::Model(name));
        }
    }

    /// Gives the call's id when it is new.
    pub(crate) fn id(&mut self, value: &Value, out: &mut Vec<Event>) {
        if let Some(id) = news(&mut self.id, value) {
            out.push(Event::RequestId(id));
        }
    }
}

fn news(known: &mut Option<String>, value: &Value) -> Option<String> {
    let text = value.as_str().filter(|text| !text.is_empty())?;
    if known.as_deref() == Some(text) {
        return None;
    }
    *known = Some(text.to_owned());
    known.clone()
}

/// Adds a piece of text as an event, unless it is empty or no text.
pub(crate) fn push_text(value: &Value, make: fn(String) -> Event, out: &mut Vec<Event>) {
    if let Some(text) = value.as_str().filter(|text| !text.is_empty()) {
        out.push(make(text.to_owned()));
    }
}
