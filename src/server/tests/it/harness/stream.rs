//! The stream of an answer, read frame by frame as a browser does, and what the person has been shown of it.

use std::sync::{Arc, Mutex};

use marshmallow_core::{Frame, FrameBody, FrameReader, MessageStatus, PublicError, Receipt};

/// An open stream.
pub struct Stream {
    response: reqwest::Response,
    reader: FrameReader,
    shown: Shown,
    heard: Arc<Mutex<Vec<u8>>>,
}

impl Stream {
    /// All that comes is also added to `heard`.
    pub fn new(response: reqwest::Response, heard: Arc<Mutex<Vec<u8>>>) -> Self {
        assert_eq!(response.status(), 200);
        Self { response, reader: FrameReader::default(), shown: Shown::default(), heard }
    }

    /// Reads until `count` frames have come or the stream has ended.
    pub async fn read(&mut self, count: usize) -> &Shown {
        while self.shown.frames.len() < count && self.more().await {}
        &self.shown
    }

    /// Reads until the stream ends, however it does.
    pub async fn rest(mut self) -> Shown {
        while self.more().await {}
        self.shown
    }

    async fn more(&mut self) -> bool {
        match self.response.chunk().await {
            Ok(Some(chunk)) => {
                self.heard.lock().unwrap().extend_from_slice(&chunk);
                self.shown.frames.extend(self.reader.push(&chunk));
                true
            }
            Ok(None) | Err(_) => false,
        }
    }
}

/// What has been shown of an answer.
#[derive(Debug, Default, Clone)]
pub struct Shown {
    pub frames: Vec<Frame>,
}

impl Shown {
    pub fn text(&self) -> String {
        let pieces = self.frames.iter().filter_map(|frame| match &frame.body {
            FrameBody::Delta { text } => Some(text.as_str()),
            _ => None,
        });
        pieces.collect()
    }

    pub fn reasoning(&self) -> String {
        let pieces = self.frames.iter().filter_map(|frame| match &frame.body {
            FrameBody::Reasoning { text } => Some(text.as_str()),
            _ => None,
        });
        pieces.collect()
    }

    /// The ids of conversation and answer, from the first frame.
    pub fn ids(&self) -> (String, String) {
        match self.frames.first().map(|frame| &frame.body) {
            Some(FrameBody::Start { conversation, message, .. }) => (conversation.to_string(), message.to_string()),
            other => panic!("a stream begins with start, not with {other:?}"),
        }
    }

    /// How it ended; none where the stream was cut.
    pub fn ending(&self) -> Option<(MessageStatus, Option<Receipt>)> {
        match self.frames.last().map(|frame| &frame.body) {
            Some(FrameBody::Done { status, receipt }) => Some((*status, receipt.clone())),
            _ => None,
        }
    }

    pub fn error(&self) -> Option<PublicError> {
        self.frames.iter().find_map(|frame| match &frame.body {
            FrameBody::Error { error } => Some(error.clone()),
            _ => None,
        })
    }

    /// Whether the numbers count up by one, which pings do not take part in.
    pub fn is_in_order(&self) -> bool {
        let counted = self.frames.iter().filter(|frame| frame.body != FrameBody::Ping);
        (0..).zip(counted).all(|(number, frame)| frame.seq == number)
    }
}
