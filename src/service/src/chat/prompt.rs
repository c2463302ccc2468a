//! What is sent to a model: the checked message, the conversation as turns, and the title of a new one.
//! Pure.

use marshmallow_core::{LIMITS, ModelId, PublicError};
use marshmallow_providers::{ChatRequest, Turn};
use marshmallow_store::MessageRecord;

use crate::models::CATALOGUE;

/// The output limit where the catalogue knows none, in tokens.
const OUTPUT_UNKNOWN: u32 = 2_048;
/// The output limit of one answer at the most, in tokens.
const OUTPUT_MOST: u32 = 16_384;
/// A new conversation's title has at most this many characters.
const TITLE_CHARS: usize = 60;

/// The message as it is stored, or the sentence that says what to do.
pub fn checked_message(text: String) -> Result<String, PublicError> {
    if text.trim().is_empty() {
        return Err(PublicError::invalid(
            "The message is empty.",
            "Type something, then send it.",
        ));
    }
    if text.len() > LIMITS.message_max_bytes {
        return Err(PublicError::invalid(
            format!(
                "The message is too long: {} kB of {} kB.",
                text.len().div_ceil(1024),
                LIMITS.message_max_bytes / 1024
            ),
            "Shorten it or send it in parts. Your text is still here.",
        ));
    }
    Ok(text)
}

/// The first words of the first message.
pub fn title(text: &str) -> String {
    let line = text
        .lines()
        .map(str::trim)
        .find(|line| !line.is_empty())
        .unwrap_or_default();
    if line.chars().count() <= TITLE_CHARS {
        return line.to_owned();
    }
    let cut: String = line.chars().take(TITLE_CHARS).collect();
    let whole_words = cut.rsplit_once(' ').map_or(cut.as_str(), |(front, _)| front);
    format!("{}…", whole_words.trim_end())
}

/// The branch up to the question as a request for `model`, under the endpoint's own name of it.
pub fn request(branch: &[MessageRecord], model: &ModelId, name: String) -> ChatRequest {
    let turns = branch.iter().map(|message| Turn {
        author: message.author,
        text: message.text.clone(),
    });
    let turns = turns.collect();
    let known = CATALOGUE
        .find(model.endpoint.provider(), &model.name)
        .and_then(|known| known.max_output);
    let max_output = known.map_or(OUTPUT_UNKNOWN, |known| known.min(OUTPUT_MOST));
    ChatRequest {
        model: name,
        system: None,
        turns,
        max_output,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_message_must_hold_something_and_not_too_much() {
        assert!(checked_message(" \n ".into()).is_err());
        assert_eq!(checked_message("hello".into()).unwrap(), "hello");
        let error = checked_message("x".repeat(100 * 1024)).unwrap_err();
        assert_eq!(error.message, "The message is too long: 100 kB of 64 kB.");
    }

    #[test]
    fn a_title_is_the_first_line_cut_at_a_word() {
        assert_eq!(title("\n  Trip to Oslo \nmore"), "Trip to Oslo");
        let long = title(&"word ".repeat(40));
        assert!(
            long.ends_with("word…") && long.chars().count() <= TITLE_CHARS + 1,
            "{long}"
        );
        assert_eq!(title(&"x".repeat(80)).chars().count(), TITLE_CHARS + 1);
    }
}
