//! The numbering of one answer's frames on their way to the journal. It refuses to know what they say.

use std::sync::Arc;

use marshmallow_core::{Frame, FrameBody, MessageId};

use super::{Inner, live::Live};

/// The frames of one answer on their way to the journal.
pub struct Writer {
    inner: Arc<Inner>,
    live: Arc<Live>,
    message: MessageId,
    next_seq: u32,
}

impl Writer {
    /// The writer of an answer's frames from number `next_seq` on.
    pub fn new(inner: Arc<Inner>, live: Arc<Live>, message: MessageId, next_seq: u32) -> Self {
        Self {
            inner,
            live,
            message,
            next_seq,
        }
    }

    /// Hands the next frame to the journal.
    pub fn write(&mut self, body: FrameBody) {
        let frame = self.number(body);
        self.inner.journal.append(self.message, &frame, &self.live);
    }

    /// How many frames have been handed to the journal.
    pub fn written(&self) -> u32 {
        self.next_seq
    }

    /// Gives the next number to a frame.
    pub fn number(&mut self, body: FrameBody) -> Frame {
        let frame = Frame {
            seq: self.next_seq,
            body,
        };
        self.next_seq += 1;
        frame
    }
}
