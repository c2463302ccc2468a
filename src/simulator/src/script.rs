//! From a directive and a message to what is going to be said, step by step, before any wire format.
//! Pure: the same request gives the same script, so a test can compute the answer that it must receive.

use crate::{
    directive::{self, Directive, FailKind, Passage, Stop},
    text,
};

/// Tokens that every message costs beyond its words.
const TOKENS_PER_MESSAGE: u64 = 4;

/// One thing that happens on the wire.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Step {
    Reasoning(String),
    Text(String),
    Malformed,
    Error,
    Stall,
    Cut,
    Finish(Stop),
}

/// Token counts, before a provider adds them up in its own way.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Usage {
    /// Everything sent: four tokens a message, one a word, and the cached ones.
    pub input: u64,
    /// The part of `input` that came out of the provider's cache.
    pub cached: u64,
    /// One token for every word of the answer.
    pub answer: u64,
    /// One token for every word of reasoning.
    pub reasoning: u64,
}

/// What is going to be said.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Script {
    pub steps: Vec<Step>,
    /// None where the directive keeps the counts back.
    pub usage: Option<Usage>,
}

impl Script {
    /// Why the answer ends, where it says so; a stream without it stops without any closing events.
    pub fn finish(&self) -> Option<Stop> {
        match self.steps.last() {
            Some(Step::Finish(stop)) => Some(*stop),
            _ => None,
        }
    }

    /// The answer as one text.
    pub fn text(&self) -> String {
        let words = self.steps.iter().filter_map(|step| {
            if let Step::Text(word) = step {
                Some(word)
            } else {
                None
            }
        });
        words.map(String::as_str).collect()
    }

    /// The reasoning as one text.
    pub fn reasoning(&self) -> String {
        let words = self.steps.iter().filter_map(|step| {
            if let Step::Reasoning(word) = step {
                Some(word)
            } else {
                None
            }
        });
        words.map(String::as_str).collect()
    }
}

/// The words of the answer to `message`, the last user message as it was sent. A failure cuts the list short on the
/// wire, not here: after `fail=cut@3` a reader has seen the first three.
#[must_use]
pub fn answer_words(directive: &Directive, message: &str) -> Vec<String> {
    if let Some(text) = &directive.text {
        return text::split(text);
    }
    let passage = match directive.passage {
        Passage::Markdown => text::MARKDOWN,
        Passage::Emoji => text::EMOJI,
        Passage::Html => text::HTML,
    };
    let prose = directive::read(message).map_or_else(|_| message.to_owned(), |(_, prose)| prose);
    text::say(&text::quotation(&prose), passage, directive.words)
}

/// The whole answer to `message`, as it arrives when nothing fails.
#[must_use]
pub fn answer_text(directive: &Directive, message: &str) -> String {
    answer_words(directive, message).concat()
}

/// The reasoning that comes before the answer.
#[must_use]
pub fn reasoning_text(directive: &Directive) -> String {
    reasoning_words(directive).concat()
}

/// The tokens that a provider bills for a request whose messages (system message included) hold these texts.
#[must_use]
pub fn usage(directive: &Directive, texts: &[String], message: &str) -> Usage {
    let counted: u64 = texts
        .iter()
        .map(|text| TOKENS_PER_MESSAGE + count(text.split_whitespace()))
        .sum();
    Usage {
        input: counted + directive.cached,
        cached: directive.cached,
        answer: count(answer_words(directive, message)),
        reasoning: count(reasoning_words(directive)),
    }
}

/// The script of one answer.
pub(crate) fn script(directive: &Directive, texts: &[String], message: &str) -> Script {
    let mut steps: Vec<Step> = reasoning_words(directive)
        .into_iter()
        .map(Step::Reasoning)
        .collect();
    let words = answer_words(directive, message);
    let usage = directive.usage.then(|| usage(directive, texts, message));
    let Some(fail) = directive.fail else {
        steps.extend(words.into_iter().map(Step::Text));
        steps.extend(finish(directive.stop));
        return Script { steps, usage };
    };
    let (before, after) = words.split_at(fail.after.min(words.len()));
    steps.extend(before.iter().cloned().map(Step::Text));
    match fail.kind {
        FailKind::Stall => steps.push(Step::Stall),
        FailKind::Cut => steps.push(Step::Cut),
        FailKind::Error => steps.push(Step::Error),
        FailKind::Malformed => {
            steps.push(Step::Malformed);
            steps.extend(after.iter().cloned().map(Step::Text));
            steps.extend(finish(directive.stop));
        }
    }
    Script { steps, usage }
}

fn reasoning_words(directive: &Directive) -> Vec<String> {
    text::say("", text::REASONING, Some(directive.reasoning))
}

fn finish(stop: Stop) -> Option<Step> {
    (stop != Stop::Silent).then_some(Step::Finish(stop))
}

fn count<T>(words: impl IntoIterator<Item = T>) -> u64 {
    words.into_iter().map(|_| 1).sum()
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]
mod tests {
    use super::*;

    fn steps(message: &str) -> Vec<Step> {
        script(
            &Directive::parse(message).unwrap(),
            &[message.to_owned()],
            message,
        )
        .steps
    }

    fn text(word: &str) -> Step {
        Step::Text(word.to_owned())
    }

    #[test]
    fn the_default_answer_quotes_the_message_without_its_directive() {
        let message = "Hello there #sim delay=0";
        let answer = answer_text(&Directive::parse(message).unwrap(), message);
        assert!(
            answer.starts_with("You said:\n\n> Hello there\n\nThis answer is **scripted**"),
            "{answer}"
        );
        assert!(answer.ends_with("after a block of code."), "{answer}");
        assert_eq!(answer.split_whitespace().count(), 59);
    }

    #[test]
    fn exact_text_becomes_its_words_and_an_end() {
        assert_eq!(
            steps("#sim text=a  b"),
            [text("a  "), text("b"), Step::Finish(Stop::Complete)]
        );
        assert_eq!(steps("#sim stop=none text=a"), [text("a")]);
        assert_eq!(steps("#sim stop=length text="), [Step::Finish(Stop::Length)]);
    }

    #[test]
    fn reasoning_comes_first() {
        let expected = [
            Step::Reasoning("First ".to_owned()),
            Step::Reasoning("I".to_owned()),
            text("a"),
            Step::Finish(Stop::Complete),
        ];
        assert_eq!(steps("#sim reasoning=2 text=a"), expected);
    }

    #[test]
    fn a_failure_comes_after_its_words_and_ends_the_script() {
        assert_eq!(steps("#sim fail=stall@1 text=a b"), [text("a "), Step::Stall]);
        assert_eq!(steps("#sim fail=cut@0 text=a b"), [Step::Cut]);
        assert_eq!(
            steps("#sim fail=error@9 text=a b"),
            [text("a "), text("b"), Step::Error]
        );
        let goes_on = [
            text("a "),
            Step::Malformed,
            text("b"),
            Step::Finish(Stop::Complete),
        ];
        assert_eq!(steps("#sim fail=malformed@1 text=a b"), goes_on);
    }

    #[test]
    fn tokens_are_counted_from_the_words() {
        let directive = Directive {
            cached: 100,
            reasoning: 3,
            text: Some("a b".to_owned()),
            ..Directive::default()
        };
        let counted = usage(
            &directive,
            &["be brief".to_owned(), "one two three".to_owned()],
            "one two three",
        );
        assert_eq!(
            counted,
            Usage {
                input: 113,
                cached: 100,
                answer: 2,
                reasoning: 3
            }
        );
    }
}
