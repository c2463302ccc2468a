//! What the tests of the wire formats share: requests without a network, and answers taken apart.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

use serde_json::{Value, json};

use crate::{
    answer::{Answer, answer},
    record::{Outcome, Recorded},
    revoked::Revoked,
    sse::Frame,
};

/// A request with a JSON body; `Null` stands for none.
pub(crate) fn request(method: &str, target: &str, headers: &[(&str, &str)], body: Value) -> Recorded {
    let (path, query) = target.split_once('?').unwrap_or((target, ""));
    Recorded {
        method: method.to_owned(),
        path: path.to_owned(),
        query: query.to_owned(),
        headers: headers
            .iter()
            .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()))
            .collect(),
        body,
        outcome: Outcome::Open,
    }
}

/// The answer to a request, the eighth of its simulator.
pub(crate) fn answer_to(method: &str, target: &str, headers: &[(&str, &str)], body: Value) -> Answer {
    answer(&request(method, target, headers, body), 7, &Revoked::default())
}

impl Answer {
    /// Everything that is sent, as text.
    pub fn text(&self) -> String {
        let texts = self.frames.iter().map(|frame| match frame {
            Frame::Now(text) | Frame::Word(text) => text.clone(),
            Frame::Stall => "<silence>".to_owned(),
            Frame::Cut(bytes) => format!("{}<cut>", String::from_utf8_lossy(bytes)),
        });
        texts.collect()
    }

    /// The body of an answer that is not streamed.
    pub fn json(&self) -> Value {
        serde_json::from_str(&self.text()).unwrap()
    }

    /// Status and body.
    pub fn refusal(&self) -> (u16, Value) {
        (self.status, self.json())
    }

    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers
            .iter()
            .find(|(header, _)| *header == name)
            .map(|(_, value)| value.as_str())
    }

    /// The events of a stream, each as its lines; the JSON of a data line parsed.
    pub fn events(&self) -> Vec<Value> {
        let text = self.text().replace("\r\n", "\n");
        let events = text.split_terminator("\n\n");
        events
            .map(|event| event.lines().map(line).collect::<Vec<_>>())
            .map(|mut lines| {
                if lines.len() == 1 {
                    lines.remove(0)
                } else {
                    json!(lines)
                }
            })
            .collect()
    }
}

fn line(line: &str) -> Value {
    let data = line
        .strip_prefix("data: ")
        .and_then(|data| serde_json::from_str(data).ok());
    data.unwrap_or_else(|| json!(line))
}
