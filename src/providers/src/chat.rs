//! The neutral vocabulary of a chat call: what is asked, and what comes back piece by piece.
//! No provider's field names appear here.

use marshmallow_core::{Author, NanoDollars, StopReason, Usage};

use crate::ProviderError;

/// A question to a model, with all that went before it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ChatRequest {
    /// The provider's own name of the model.
    pub model: String,
    /// Standing instructions.
    pub system: Option<String>,
    /// The conversation, oldest turn first.
    pub turns: Vec<Turn>,
    /// Most tokens that the answer may have.
    pub max_output: u32,
}

/// One turn of a conversation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Turn {
    /// Who wrote it.
    pub author: Author,
    /// What was written.
    pub text: String,
}

/// A piece of an answer.
#[derive(Debug, Clone, PartialEq)]
pub enum Event {
    /// More of the answer.
    Text(String),
    /// More of the model's reasoning.
    Reasoning(String),
    /// Tokens so far. A later one replaces an earlier one; they never add up.
    Usage {
        /// Token counts.
        usage: Usage,
        /// The amount that the provider itself charges, where it tells (OpenRouter).
        cost: Option<NanoDollars>,
    },
    /// The model has ended its answer. At most once; usage may still follow.
    Finish(StopReason),
    /// The call failed after it had begun. Always the last event.
    Failed(ProviderError),
    /// Bytes without content, such as a ping: the provider is alive.
    Alive,
    /// The provider's own id of the call.
    RequestId(String),
    /// The model that really answers, as the provider names it.
    Model(String),
}

impl ChatRequest {
    /// The turns as every chat template takes them: blank ones left out (an answer that failed before its
    /// first word), neighbours of one author joined. Some templates refuse two turns of one side in a row.
    pub(crate) fn alternating_turns(&self) -> Vec<Turn> {
        let mut turns: Vec<Turn> = Vec::with_capacity(self.turns.len());
        for turn in self.turns.iter().filter(|turn| !turn.text.trim().is_empty()) {
            match turns.last_mut() {
                Some(last) if last.author == turn.author => {
                    last.text.push_str("\n\n");
                    last.text.push_str(&turn.text);
                }
                _ => turns.push(turn.clone()),
            }
        }
        turns
    }

    /// The standing instructions, unless they are blank.
    pub(crate) fn instructions(&self) -> Option<&str> {
        self.system.as_deref().filter(|text| !text.trim().is_empty())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn blank_turns_vanish_and_neighbours_join() {
        let turn = |author, text: &str| Turn {
            author,
            text: text.into(),
        };
        let request = ChatRequest {
            model: "m".into(),
            system: Some("  ".into()),
            turns: vec![
                turn(Author::User, "one"),
                turn(Author::Assistant, " \n"),
                turn(Author::User, "two"),
                turn(Author::Assistant, "three"),
            ],
            max_output: 1,
        };
        assert_eq!(
            request.alternating_turns(),
            [turn(Author::User, "one\n\ntwo"), turn(Author::Assistant, "three")]
        );
        assert_eq!(request.instructions(), None);
    }
}
