//! The frames of an answer's stream: one JSON object a line, numbered from 0 (`start`).
//! They refuse to know how they travel; chunks may split and join them at will.

use serde::{Deserialize, Serialize};

use crate::{
    Consent, ConsentOption, ConversationId, CredentialLabel, Fallback, MessageId, MessageStatus, ModelId,
    PublicError, Receipt, Usage,
};

/// One numbered frame.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Frame {
    /// Its number within the answer. `start` is 0 and means: begin from nothing.
    pub seq: u32,
    /// What it says.
    #[serde(flatten)]
    pub body: FrameBody,
}

/// What a frame says.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum FrameBody {
    /// The first frame: which answer this is and whose key is tried first.
    Start {
        /// The conversation.
        conversation: ConversationId,
        /// The person's message that is answered.
        question: MessageId,
        /// The answer being written.
        message: MessageId,
        /// The model.
        model: ModelId,
        /// The credential in use.
        credential: CredentialLabel,
    },
    /// A piece of the answer.
    Delta {
        /// The piece.
        text: String,
    },
    /// A piece of the model's reasoning.
    Reasoning {
        /// The piece.
        text: String,
    },
    /// Another credential takes over.
    Notice {
        /// Which one failed, and why.
        fallback: Fallback,
        /// The one that takes over.
        credential: CredentialLabel,
    },
    /// The answer pauses and asks before another credential takes over.
    Consent {
        /// The question.
        consent: Consent,
    },
    /// Somebody chose, and the answer goes on, or waits.
    Chosen {
        /// What was chosen.
        option: ConsentOption,
    },
    /// Token counts so far.
    Usage {
        /// The counts.
        usage: Usage,
    },
    /// Something went wrong; `done` follows.
    Error {
        /// What and what to do.
        error: PublicError,
    },
    /// Nothing to say, still here. Not stored and not counted: it repeats the last number.
    Ping,
    /// The last frame.
    Done {
        /// How the answer ended.
        status: MessageStatus,
        /// Its receipt; none when no provider was reached.
        receipt: Option<Receipt>,
    },
}

impl Frame {
    /// The frame as a line, with its line end.
    pub fn to_line(&self) -> String {
        // A frame holds strings, numbers and lists only, which always serialise.
        let mut line = serde_json::to_string(self).unwrap_or_default();
        line.push('\n');
        line
    }
}

/// Puts frames together from chunks that split anywhere, also inside a UTF-8 character.
#[derive(Debug, Default)]
pub struct FrameReader {
    pending: Vec<u8>,
}

impl FrameReader {
    /// Takes a chunk and gives the frames that it completes. Lines that are no frame are passed over:
    /// a newer server may say things that this version does not know.
    pub fn push(&mut self, chunk: &[u8]) -> Vec<Frame> {
        self.pending.extend_from_slice(chunk);
        let Some(end) = self.pending.iter().rposition(|&byte| byte == b'\n') else {
            return Vec::new();
        };
        let rest = self.pending.split_off(end + 1);
        let whole = std::mem::replace(&mut self.pending, rest);
        whole
            .split(|&byte| byte == b'\n')
            .filter_map(|line| serde_json::from_slice(line).ok())
            .collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn frames_survive_every_split() {
        let frames = vec![
            Frame {
                seq: 1,
                body: FrameBody::Delta {
                    text: "Grüße, 世界 👋\n".into(),
                },
            },
            Frame {
                seq: 2,
                body: FrameBody::Ping,
            },
            Frame {
                seq: 3,
                body: FrameBody::Done {
                    status: MessageStatus::Complete,
                    receipt: None,
                },
            },
        ];
        let bytes = frames.iter().map(Frame::to_line).collect::<String>().into_bytes();
        for cut in 0..=bytes.len() {
            let mut reader = FrameReader::default();
            let mut read = reader.push(&bytes[..cut]);
            read.extend(reader.push(&bytes[cut..]));
            assert_eq!(read, frames, "cut at {cut}");
        }
    }

    #[test]
    fn unknown_frames_are_passed_over() {
        let mut reader = FrameReader::default();
        let read =
            reader.push(b"{\"seq\":1,\"type\":\"hologram\"}\nnonsense\n{\"seq\":2,\"type\":\"ping\"}\n");
        assert_eq!(
            read,
            [Frame {
                seq: 2,
                body: FrameBody::Ping
            }]
        );
    }

    #[test]
    fn the_wire_form_is_stable() {
        let frame = Frame {
            seq: 7,
            body: FrameBody::Delta { text: "a\nb".into() },
        };
        assert_eq!(
            frame.to_line(),
            "{\"seq\":7,\"type\":\"delta\",\"text\":\"a\\nb\"}\n"
        );
    }
}
