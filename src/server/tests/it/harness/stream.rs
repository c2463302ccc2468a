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
        Self {
            response,
            reader: FrameReader::default(),
            shown: Shown::default(),
            heard,
        }
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
    /// The frames that count: `start` means to begin from nothing.
    fn current(&self) -> &[Frame] {
        let start = self
            .frames
            .iter()
            .rposition(|frame| matches!(frame.body, FrameBody::Start { .. }));
        &self.frames[start.unwrap_or_default()..]
    }

    pub fn text(&self) -> String {
        let pieces = self.current().iter().filter_map(|frame| match &frame.body {
            FrameBody::Delta { text } => Some(text.as_str()),
            _ => None,
        });
        pieces.collect()
    }

    pub fn reasoning(&self) -> String {
        let pieces = self.current().iter().filter_map(|frame| match &frame.body {
            FrameBody::Reasoning { text } => Some(text.as_str()),
            _ => None,
        });
        pieces.collect()
    }

    /// The ids of conversation and answer, from the first frame.
    pub fn ids(&self) -> (String, String) {
        match self.current().first().map(|frame| &frame.body) {
            Some(FrameBody::Start {
                conversation,
                message,
                ..
            }) => (conversation.to_string(), message.to_string()),
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

    /// Whether the numbers count up by one, which pings do not take part in. A stream that was attached late begins
    /// with a later number than 0, and `start` begins anew.
    pub fn is_in_order(&self) -> bool {
        let counted: Vec<&Frame> = self
            .frames
            .iter()
            .filter(|frame| frame.body != FrameBody::Ping)
            .collect();
        counted.windows(2).all(|pair| {
            let expected = if matches!(pair[1].body, FrameBody::Start { .. }) {
                0
            } else {
                pair[0].seq + 1
            };
            pair[1].seq == expected
        })
    }

    /// Whether the stream began, or at some point began anew, from nothing.
    pub fn is_from_start(&self) -> bool {
        matches!(
            self.current().first(),
            Some(Frame {
                seq: 0,
                body: FrameBody::Start { .. }
            })
        )
    }
}
