//! The signals that the chat page reads, and the actions that it offers: send, retry, stop, attach.
//! Growing text reaches the signals once an animation frame, so that a fast answer stays smooth.

use leptos::prelude::*;
use marshmallow_core::{
    ConversationId, ConversationView, Frame, MessageId, MessageStatus, ModelId, PublicError,
};

use super::{
    message::Message,
    reader::{Call, Listener, follow},
    tasks::Tasks,
    transcript::{Change, Transcript},
};
use crate::api;

/// What the open conversation is doing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Phase {
    /// Waiting for the person.
    Idle,
    /// The message is on its way; nothing has confirmed it yet.
    Sending,
    /// An answer is being written.
    Answering,
    /// The stream is gone and being taken up again.
    Reconnecting,
    /// The person asked the answer to stop.
    Stopping,
}

impl Phase {
    /// Whether a message cannot be sent now.
    pub fn is_busy(self) -> bool {
        self != Phase::Idle
    }
}

/// A message with a signal of its own, so that a growing answer redraws nothing but itself.
#[derive(Clone)]
pub struct Row {
    /// The message's id.
    pub id: MessageId,
    /// The message.
    pub message: ArcRwSignal<Message>,
}

/// The open conversation.
#[derive(Clone, Copy)]
pub struct Chat {
    transcript: StoredValue<Transcript>,
    is_frame_due: StoredValue<bool>,
    tasks: Tasks,
    on_news: Callback<ConversationId>,
    sent: StoredValue<Option<String>>,
    /// The messages.
    pub rows: RwSignal<Vec<Row>>,
    /// What is going on.
    pub phase: RwSignal<Phase>,
    /// What stands in the composer.
    pub draft: RwSignal<String>,
    /// Why the last action was refused.
    pub refusal: RwSignal<Option<PublicError>>,
    /// What screen readers are told: the beginning and the end of an answer, not each word.
    pub announcement: RwSignal<&'static str>,
    /// The model that the next message is sent to.
    pub model: RwSignal<Option<ModelId>>,
}

impl Chat {
    /// The state of a stored conversation, or of a new one. `on_news` runs with the conversation whenever an
    /// answer in it begins or ends.
    pub fn new(
        stored: Option<&ConversationView>,
        model: Option<ModelId>,
        on_news: Callback<ConversationId>,
    ) -> Self {
        let transcript = stored.map(Transcript::open).unwrap_or_default();
        let rows = transcript.messages().iter().cloned().map(Row::new).collect();
        let phase = if transcript.running().is_some() {
            Phase::Answering
        } else {
            Phase::Idle
        };
        Self {
            transcript: StoredValue::new(transcript),
            is_frame_due: StoredValue::new(false),
            tasks: Tasks::of_this_view(),
            on_news,
            sent: StoredValue::new(None),
            rows: RwSignal::new(rows),
            phase: RwSignal::new(phase),
            draft: RwSignal::new(String::new()),
            refusal: RwSignal::new(None),
            announcement: RwSignal::new(""),
            model: RwSignal::new(model),
        }
    }

    /// Sends what stands in the composer. It stays there until the server has confirmed it.
    pub fn send(self, model: ModelId) {
        if self.phase.get_untracked().is_busy() {
            return;
        }
        let text = self.draft.get_untracked();
        let conversation = self.transcript.with_value(Transcript::conversation);
        self.transcript
            .update_value(|transcript| transcript.ask(text.clone()));
        self.sent.set_value(Some(text.clone()));
        self.run(
            Phase::Sending,
            Call::Send {
                conversation,
                model,
                text,
            },
        );
    }

    /// Asks for another answer to the question of `answer`.
    pub fn retry(self, answer: MessageId, model: ModelId) {
        if !self.phase.get_untracked().is_busy() {
            self.run(Phase::Sending, Call::Retry { answer, model });
        }
    }

    /// Takes up the answer that was running when the page was made, if one was.
    pub fn attach(self) {
        if let Some((message, after)) = self.resume_point() {
            self.run(Phase::Answering, Call::Attach { message, after });
        }
    }

    /// Stops the running answer. Its stream says when it has.
    pub fn stop(self) {
        let Some((message, _)) = self.resume_point() else {
            return;
        };
        let before = self.phase.get_untracked();
        self.phase.set(Phase::Stopping);
        self.tasks.spawn(async move {
            if let Err(api::ApiError(error)) = api::chat::stop(message).await {
                self.refusal.set(Some(error));
                if self.phase.get_untracked() == Phase::Stopping {
                    self.phase.set(before);
                }
            }
        });
    }

    fn run(self, phase: Phase, call: Call) {
        self.refusal.set(None);
        self.phase.set(phase);
        self.tasks.spawn(async move {
            if let Err(error) = follow(call, &self).await {
                self.fail(error);
            }
            self.phase.set(Phase::Idle);
        });
    }

    /// Shows an error where it belongs: on the answer that it ended, else at the composer.
    fn fail(self, error: PublicError) {
        if self.resume_point().is_some() {
            self.transcript
                .update_value(|transcript| transcript.give_up(error));
            self.show_last();
            self.announcement.set("The answer could not be read to its end.");
        } else {
            self.refusal.set(Some(error));
        }
    }

    /// Brings the list of messages to the signals.
    fn show_all(self) {
        let messages = self
            .transcript
            .with_value(|transcript| transcript.messages().to_vec());
        let known = self.rows.get_untracked();
        let rows = messages
            .into_iter()
            .map(|message| match known.iter().find(|row| row.id == message.id) {
                Some(row) => {
                    row.show(message);
                    row.clone()
                }
                None => Row::new(message),
            })
            .collect();
        self.rows.set(rows);
    }

    /// Brings the last message to its signal.
    fn show_last(self) {
        let last = self
            .transcript
            .try_with_value(|transcript| transcript.messages().last().cloned())
            .flatten();
        if let Some(message) = last {
            let row = self
                .rows
                .with_untracked(|rows| rows.iter().rfind(|row| row.id == message.id).cloned());
            if let Some(row) = row {
                row.show(message);
            }
        }
    }

    /// Brings the last message to its signal with the next animation frame.
    fn show_last_soon(self) {
        if self.is_frame_due.get_value() {
            return;
        }
        self.is_frame_due.set_value(true);
        request_animation_frame(move || {
            // The page may be gone by now.
            if self
                .is_frame_due
                .try_update_value(|is_due| *is_due = false)
                .is_some()
            {
                self.show_last();
            }
        });
    }

    fn begun(self) {
        self.show_all();
        self.phase.set(Phase::Answering);
        self.announcement.set("Answer started.");
        let sent = self.sent.try_update_value(Option::take).flatten();
        // Whatever was typed since stays.
        if sent.is_some_and(|sent| self.draft.with_untracked(|draft| *draft == sent)) {
            self.draft.set(String::new());
        }
        self.tell_news();
    }

    fn ended(self) {
        self.show_last();
        let status = self
            .transcript
            .with_value(|transcript| transcript.messages().last().map(|message| message.status))
            .unwrap_or(MessageStatus::Complete);
        self.announcement.set(ending(status));
        self.tell_news();
    }

    /// Takes the conversation as the server has stored it; what is shown stays when that fails.
    fn reload(self) {
        let Some(conversation) = self.transcript.with_value(Transcript::conversation) else {
            return;
        };
        self.tasks.spawn(async move {
            if let Ok(stored) = api::chat::conversation(conversation).await
                && !self.phase.get_untracked().is_busy()
            {
                self.transcript.set_value(Transcript::open(&stored));
                self.show_all();
            }
        });
    }

    fn tell_news(self) {
        if let Some(conversation) = self.transcript.with_value(Transcript::conversation) {
            self.on_news.run(conversation);
        }
    }
}

impl Listener for Chat {
    fn hear(&self, frame: Frame) -> bool {
        if self.phase.get_untracked() == Phase::Reconnecting {
            self.phase.set(Phase::Answering);
        }
        let change = self
            .transcript
            .try_update_value(|transcript| transcript.apply(frame));
        match change.unwrap_or(Change::Nothing) {
            Change::Nothing => {}
            Change::Begun => self.begun(),
            Change::Grown => self.show_last_soon(),
            Change::Ended => {
                self.ended();
                return true;
            }
            Change::EndedElsewhere => {
                self.ended();
                self.reload();
                return true;
            }
        }
        false
    }

    fn resume_point(&self) -> Option<(MessageId, Option<u32>)> {
        self.transcript
            .try_with_value(|transcript| transcript.running().map(|answer| (answer.id, answer.last_seq)))
            .flatten()
    }

    fn lost(&self) {
        self.phase.set(Phase::Reconnecting);
        self.announcement.set("Connection lost, reconnecting.");
    }
}

impl Row {
    fn new(message: Message) -> Self {
        Self {
            id: message.id,
            message: ArcRwSignal::new(message),
        }
    }

    fn show(&self, message: Message) {
        if self.message.with_untracked(|shown| *shown != message) {
            self.message.set(message);
        }
    }
}

/// The sentence that announces the end of an answer.
fn ending(status: MessageStatus) -> &'static str {
    match status {
        MessageStatus::Complete | MessageStatus::Streaming => "Answer finished.",
        MessageStatus::Stopped => "Answer stopped.",
        MessageStatus::Interrupted => "The server stopped in mid-answer.",
        MessageStatus::Incomplete => "The answer ended early.",
        MessageStatus::Failed => "The answer failed.",
    }
}
