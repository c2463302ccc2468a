//! A message as the page holds it: what the server stored, and what the running stream has said since.
//! It refuses to know signals and views.

use marshmallow_core::{
    Author, ConsentOption, CredentialLabel, Fallback, MessageId, MessageStatus, MessageView, ModelId, Pause,
    PublicError, Receipt,
};

/// One message of the open conversation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Message {
    /// Its id.
    pub id: MessageId,
    /// Who wrote it.
    pub author: Author,
    /// How far it has come.
    pub status: MessageStatus,
    /// Its text so far.
    pub text: String,
    /// The model's reasoning so far.
    pub reasoning: String,
    /// The model that writes it.
    pub model: Option<ModelId>,
    /// The credential in use while no receipt says which one served.
    pub credential: Option<CredentialLabel>,
    /// Credentials that gave way to the next one, in order.
    pub fallbacks: Vec<Fallback>,
    /// Why it stands still, if it does.
    pub pause: Option<Pause>,
    /// Its receipt, when it has ended.
    pub receipt: Option<Receipt>,
    /// What went wrong, if something did.
    pub error: Option<PublicError>,
    /// The number of the last frame that it holds; none when no frame of it was seen.
    pub last_seq: Option<u32>,
}

impl Message {
    /// A question that the server has stored.
    pub fn question(id: MessageId, text: String) -> Self {
        Self {
            id,
            author: Author::User,
            status: MessageStatus::Complete,
            text,
            reasoning: String::new(),
            model: None,
            credential: None,
            fallbacks: Vec::new(),
            pause: None,
            receipt: None,
            error: None,
            last_seq: None,
        }
    }

    /// An answer of which nothing is known but who writes it.
    pub fn answer(id: MessageId, model: ModelId, credential: CredentialLabel) -> Self {
        Self {
            author: Author::Assistant,
            status: MessageStatus::Streaming,
            model: Some(model),
            credential: Some(credential),
            last_seq: Some(0),
            ..Self::question(id, String::new())
        }
    }

    /// Goes on, or waits, as somebody chose. What failed before is told from now on above the text.
    pub fn choose(&mut self, option: ConsentOption) {
        if let Some(Pause::Asking { consent }) = self.pause.take() {
            self.fallbacks = consent.failed;
        }
        if let ConsentOption::Wait { credential, until } = option {
            self.pause = Some(Pause::Waiting { credential, until });
        }
    }

    /// Whether it is an answer that is still being written.
    pub fn is_running(&self) -> bool {
        self.author == Author::Assistant && self.status == MessageStatus::Streaming
    }
}

impl From<MessageView> for Message {
    fn from(view: MessageView) -> Self {
        Self {
            id: view.id,
            author: view.author,
            status: view.status,
            text: view.text,
            reasoning: view.reasoning,
            model: view.model,
            credential: None,
            fallbacks: view
                .receipt
                .as_ref()
                .map(|receipt| receipt.fallbacks.clone())
                .unwrap_or_default(),
            pause: view.pause,
            receipt: view.receipt,
            error: view.error,
            last_seq: view.last_seq,
        }
    }
}
