//! The reducer of the open conversation: frames in, messages out.
//! It refuses to know how frames arrive, so that a stream that broke and was taken up again, with frames
//! repeated, gives the same text as one that never broke.

use marshmallow_core::{
    ConversationId, ConversationView, Frame, FrameBody, MessageId, MessageStatus, Pause, PublicError,
};

use super::message::Message;

#[cfg(test)]
mod tests;

/// The messages of the open conversation.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Transcript {
    conversation: Option<ConversationId>,
    messages: Vec<Message>,
    asked: Option<String>,
}

/// What a frame changed, as far as a page has to know.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Change {
    /// Nothing: the frame was known already, or says nothing to show.
    Nothing,
    /// An answer began, or began anew: the list of messages may differ.
    Begun,
    /// The running answer has grown.
    Grown,
    /// The running answer has ended.
    Ended,
    /// The running answer has ended, but a part of it may be missing here: its end came under a number that
    /// is older than what was seen, as from a server that has folded the frames away.
    EndedElsewhere,
}

impl Transcript {
    /// The transcript of a stored conversation.
    pub fn open(view: &ConversationView) -> Self {
        Self {
            conversation: Some(view.id),
            messages: view.messages.iter().cloned().map(Message::from).collect(),
            asked: None,
        }
    }

    /// The conversation; none before the first answer of a new one began.
    pub fn conversation(&self) -> Option<ConversationId> {
        self.conversation
    }

    /// The messages, oldest first.
    pub fn messages(&self) -> &[Message] {
        &self.messages
    }

    /// The answer that is being written.
    pub fn running(&self) -> Option<&Message> {
        self.messages.iter().rev().find(|message| message.is_running())
    }

    /// Keeps the text that was asked, until `start` tells the id under which it is stored.
    pub fn ask(&mut self, text: String) {
        self.asked = Some(text);
    }

    /// Takes a frame. Frames that the running answer already holds change nothing.
    pub fn apply(&mut self, frame: Frame) -> Change {
        let Frame { seq, body } = frame;
        if let FrameBody::Start {
            conversation,
            question,
            message,
            model,
            credential,
        } = body
        {
            self.conversation = Some(conversation);
            self.begin(question, Message::answer(message, model, credential));
            return Change::Begun;
        }
        let Some(answer) = self
            .messages
            .iter_mut()
            .rev()
            .find(|message| message.is_running())
        else {
            return Change::Nothing;
        };
        let is_known = answer.last_seq.is_some_and(|last| seq <= last);
        let is_end = matches!(body, FrameBody::Done { .. });
        if body == FrameBody::Ping || is_known && !is_end {
            return Change::Nothing;
        }
        answer.last_seq = answer.last_seq.max(Some(seq));
        match body {
            FrameBody::Delta { text } => answer.text.push_str(&text),
            FrameBody::Reasoning { text } => answer.reasoning.push_str(&text),
            FrameBody::Notice { fallback, credential } => {
                answer.pause = None;
                // What a question has told is told again when somebody takes over.
                if answer.fallbacks.last() != Some(&fallback) {
                    answer.fallbacks.push(fallback);
                }
                answer.credential = Some(credential);
            }
            FrameBody::Consent { consent } => answer.pause = Some(Pause::Asking { consent }),
            FrameBody::Chosen { option } => answer.choose(option),
            FrameBody::Error { error } => answer.error = Some(error),
            FrameBody::Done { status, receipt } => {
                if let Some(receipt) = &receipt {
                    answer.fallbacks.clone_from(&receipt.fallbacks);
                }
                answer.pause = None;
                answer.status = status;
                answer.receipt = receipt;
                return if is_known {
                    Change::EndedElsewhere
                } else {
                    Change::Ended
                };
            }
            // The receipt brings the counts once more, with their cost.
            FrameBody::Usage { .. } | FrameBody::Start { .. } | FrameBody::Ping => return Change::Nothing,
        }
        Change::Grown
    }

    /// Ends the running answer on this page, because nothing more of it can be read.
    pub fn give_up(&mut self, error: PublicError) {
        if let Some(answer) = self
            .messages
            .iter_mut()
            .rev()
            .find(|message| message.is_running())
        {
            answer.status = MessageStatus::Incomplete;
            answer.error = Some(error);
        }
    }

    /// Puts an answer behind its question, in place of what followed there.
    fn begin(&mut self, question: MessageId, answer: Message) {
        if let Some(known) = self.messages.iter_mut().find(|message| message.id == answer.id) {
            *known = answer;
            return;
        }
        match self.messages.iter().position(|message| message.id == question) {
            Some(place) => self.messages.truncate(place + 1),
            None => self
                .messages
                .push(Message::question(question, self.asked.take().unwrap_or_default())),
        }
        self.asked = None;
        self.messages.push(answer);
    }
}
