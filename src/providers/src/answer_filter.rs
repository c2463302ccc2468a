//! Takes the key in use out of a running answer, wherever the network splits it: an endpoint may repeat what it
//! was shown. Text is held back only for as long as it could be the beginning of the key.

use crate::{Event, redact::MASK};

/// Shorter keys are words that people type for servers which want none ("ollama"): they stay, or answers about
/// them could not be read.
const SHORTEST: usize = 12;

/// Whether a key is long enough to be told from a word.
pub(crate) fn is_filtered(key: &str) -> bool {
    key.len() >= SHORTEST
}

/// The filter of one answer.
#[derive(Default)]
pub(crate) struct AnswerFilter {
    text: Channel,
    reasoning: Channel,
}

/// One of the texts that an answer consists of. They are put together apart from each other, so a key can be
/// split within each.
#[derive(Default)]
struct Channel {
    held: String,
}

impl Channel {
    /// Takes the next piece and gives what is certain.
    fn push(&mut self, piece: &str, key: &str) -> String {
        let mut clean = std::mem::take(&mut self.held);
        clean.push_str(piece);
        if clean.contains(key) {
            clean = clean.replace(key, MASK);
        }
        // A key is ASCII, so every length of it is a boundary of characters.
        let most = (key.len() - 1).min(clean.len());
        let held = (1..=most).rev().find(|&n| clean.ends_with(&key[..n]));
        self.held = clean.split_off(clean.len() - held.unwrap_or(0));
        clean
    }
}

impl AnswerFilter {
    /// Gives an event on, as far as it is certain; what was held back comes before the answer's end.
    pub(crate) fn pass(&mut self, event: Event, key: &str) -> Vec<Event> {
        let certain = match event {
            Event::Text(piece) => Event::Text(self.text.push(&piece, key)),
            Event::Reasoning(piece) => Event::Reasoning(self.reasoning.push(&piece, key)),
            end @ (Event::Finish(_) | Event::Failed(_)) => {
                let mut events = self.rest();
                events.push(end);
                return events;
            }
            other => other,
        };
        match &certain {
            Event::Text(text) | Event::Reasoning(text) if text.is_empty() => Vec::new(),
            _ => vec![certain],
        }
    }

    /// What is still held back, once nothing more can come.
    pub(crate) fn rest(&mut self) -> Vec<Event> {
        let mut take = |make: fn(String) -> Event, channel: fn(&mut Self) -> &mut Channel| {
            let held = std::mem::take(&mut channel(self).held);
            (!held.is_empty()).then(|| make(held))
        };
        let reasoning = take(Event::Reasoning, |filter| &mut filter.reasoning);
        let text = take(Event::Text, |filter| &mut filter.text);
        reasoning.into_iter().chain(text).collect()
    }
}

#[cfg(test)]
mod tests {
    use marshmallow_core::StopReason;
    use proptest::prelude::*;

    use super::*;

    const KEY: &str = "sk-proj-Canary0123456789";

    fn filtered<'a>(pieces: impl IntoIterator<Item = &'a str>) -> String {
        let mut filter = AnswerFilter::default();
        let mut events: Vec<Event> = pieces
            .into_iter()
            .flat_map(|piece| filter.pass(Event::Text(piece.to_owned()), KEY))
            .collect();
        events.extend(filter.pass(Event::Finish(StopReason::End), KEY));
        assert_eq!(events.pop(), Some(Event::Finish(StopReason::End)));
        let texts = events.into_iter().map(|event| match event {
            Event::Text(text) => text,
            other => panic!("{other:?}"),
        });
        texts.collect()
    }

    #[test]
    fn a_key_is_taken_out_at_every_split() {
        let answer = format!("Grüße, you sent {KEY} 🦔 and sk-proj-C, {KEY}{KEY}. Yours");
        let clean = answer.replace(KEY, MASK);
        for at in (0..=answer.len()).filter(|&at| answer.is_char_boundary(at)) {
            let (left, right) = answer.split_at(at);
            assert_eq!(filtered([left, right]), clean, "split at {at}");
        }
        let letters: Vec<String> = answer.chars().map(String::from).collect();
        assert_eq!(filtered(letters.iter().map(String::as_str)), clean);
    }

    #[test]
    fn a_key_split_by_reasoning_is_still_one_text() {
        let mut filter = AnswerFilter::default();
        let mut events = Vec::new();
        for event in [
            Event::Text(format!("a {}", &KEY[..9])),
            Event::Reasoning(format!("b {}", &KEY[..5])),
            Event::Alive,
            Event::Text(KEY[9..].to_owned()),
            Event::Reasoning(KEY[5..].to_owned()),
        ] {
            events.extend(filter.pass(event, KEY));
        }
        events.extend(filter.rest());
        assert_eq!(
            events,
            [
                Event::Text("a ".into()),
                Event::Reasoning("b ".into()),
                Event::Alive,
                Event::Text(MASK.into()),
                Event::Reasoning(MASK.into()),
            ]
        );
    }

    #[test]
    fn what_only_begins_like_the_key_comes_before_the_end() {
        assert_eq!(filtered(["it begins with sk-pro"]), "it begins with sk-pro");
        assert!(!is_filtered("ollama") && is_filtered(KEY));
    }

    proptest! {
        #[test]
        fn nothing_but_the_key_is_lost(parts in prop::collection::vec("(sk-|proj-|[a-zé ]|Canary){0,6}", 0..6)) {
            let answer = parts.join(KEY);
            let cut: Vec<&str> = answer.split_inclusive(['-', 'a', '5']).collect();
            prop_assert_eq!(filtered(cut), answer.replace(KEY, MASK));
        }
    }
}
