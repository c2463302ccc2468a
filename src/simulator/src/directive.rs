//! The `#sim` directive: what a user's message asks the simulator to do.
//! Pure parsing; it knows no wire format, no key and no clock.
//!
//! `#sim` may stand anywhere in a message, as a word of its own. The words after it, to the end of the line, are read
//! until one comes that is no setting; that word and the rest are prose again. A `name=value` that is not understood
//! is an error, since a test that misspells a setting must not pass by accident.

use std::{num::NonZeroUsize, str::FromStr, time::Duration};

#[cfg(test)]
mod tests;

const MARKER: &str = "#sim";

/// What the next answer is to look like. `Default` is a plain, complete, quick answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Directive {
    /// `words=N`: how many words to say; without it, the passage is said once.
    pub words: Option<usize>,
    /// `delay=MS`: pause between two words.
    pub delay: Duration,
    /// `first=MS`: pause between the response headers and the first byte of the body.
    pub first: Duration,
    /// `headers=MS`: pause before the response headers.
    pub headers: Duration,
    /// `reasoning=N`: words of reasoning before the answer.
    pub reasoning: usize,
    /// `cached=N`: prompt tokens that came out of the provider's cache, on top of the counted ones.
    pub cached: u64,
    /// `size=N`: split the body into pieces of N bytes, wherever that falls.
    pub size: Option<NonZeroUsize>,
    /// `emoji`, `html` or neither: which passage to say.
    pub passage: Passage,
    /// `crlf`: end lines with CR LF.
    pub crlf: bool,
    /// `text=…`: say exactly the rest of this line.
    pub text: Option<String>,
    /// `stop=…`: why the answer ends.
    pub stop: Stop,
    /// False after `nousage`: report no token counts.
    pub usage: bool,
    /// `fail=KIND@N`: what goes wrong, and after how many words.
    pub fail: Option<Fail>,
    /// `status=NNN`: answer with this HTTP error instead.
    pub status: Option<u16>,
    /// `retry-after=S`: seconds, sent along with `status`.
    pub retry_after: Option<u64>,
    /// `kind=…`: a variant of the error that `status` or `fail` asks for.
    pub kind: Option<Kind>,
}

/// What the answer consists of.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Passage {
    /// Ordinary Markdown.
    #[default]
    Markdown,
    /// Multi-byte, combining and right-to-left characters.
    Emoji,
    /// Markup and script that a page must not run.
    Html,
}

/// Why an answer ends.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Stop {
    /// It is complete.
    #[default]
    Complete,
    /// `length`: the token limit was reached.
    Length,
    /// `content_filter`: the provider withheld the rest.
    ContentFilter,
    /// `none`: the stream ends without saying why.
    Silent,
}

/// Something that goes wrong while the answer is being said.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Fail {
    /// What goes wrong.
    pub kind: FailKind,
    /// After how many words of the answer; reasoning does not count.
    pub after: usize,
}

/// The ways in which a stream can go wrong.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FailKind {
    /// Silence for ever, on an open connection.
    Stall,
    /// The connection is cut within a line and within a character.
    Cut,
    /// One event is broken JSON; the stream goes on.
    Malformed,
    /// The provider reports an error inside its successful answer.
    Error,
}

/// A variant of an error.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// With `status`: an empty account instead of what the status usually means.
    InsufficientQuota,
    /// With `fail=error`: the error is a proper event even where the provider sends it bare (Google).
    Framed,
}

/// A setting that was not understood.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the simulator does not understand `{0}`")]
pub struct BadDirective(pub String);

impl Default for Directive {
    fn default() -> Self {
        Self {
            words: None,
            delay: Duration::from_millis(10),
            first: Duration::ZERO,
            headers: Duration::ZERO,
            reasoning: 0,
            cached: 0,
            size: None,
            passage: Passage::Markdown,
            crlf: false,
            text: None,
            stop: Stop::Complete,
            usage: true,
            fail: None,
            status: None,
            retry_after: None,
            kind: None,
        }
    }
}

impl Directive {
    /// Reads the directive of a message; a message without one asks for the default.
    ///
    /// # Errors
    /// A setting whose name or value is unknown.
    pub fn parse(message: &str) -> Result<Self, BadDirective> {
        read(message).map(|(directive, _)| directive)
    }

    /// Takes one word into account; false when the word is no setting at all.
    fn apply(&mut self, word: &str) -> Result<bool, BadDirective> {
        let bad = || BadDirective(word.to_owned());
        let Some((name, value)) = word.split_once('=') else {
            match word {
                "emoji" => self.passage = Passage::Emoji,
                "html" => self.passage = Passage::Html,
                "crlf" => self.crlf = true,
                "nousage" => self.usage = false,
                _ => return Ok(false),
            }
            return Ok(true);
        };
        match name {
            "words" => self.words = Some(number(value).ok_or_else(bad)?),
            "delay" => self.delay = milliseconds(value).ok_or_else(bad)?,
            "first" => self.first = milliseconds(value).ok_or_else(bad)?,
            "headers" => self.headers = milliseconds(value).ok_or_else(bad)?,
            "reasoning" => self.reasoning = number(value).ok_or_else(bad)?,
            "cached" => self.cached = number(value).ok_or_else(bad)?,
            "size" => self.size = Some(number(value).ok_or_else(bad)?),
            "stop" => self.stop = stop(value).ok_or_else(bad)?,
            "fail" => self.fail = Some(fail(value).ok_or_else(bad)?),
            "status" => {
                let status = number(value).filter(|status| (400..600).contains(status));
                self.status = Some(status.ok_or_else(bad)?);
            }
            "retry-after" => self.retry_after = Some(number(value).ok_or_else(bad)?),
            "kind" => self.kind = Some(kind(value).ok_or_else(bad)?),
            _ => return Err(bad()),
        }
        Ok(true)
    }
}

/// Reads the directive of a message, and hands back the message without it.
pub(crate) fn read(message: &str) -> Result<(Directive, String), BadDirective> {
    let mut directive = Directive::default();
    let Some(start) = find_marker(message) else {
        return Ok((directive, message.trim().to_owned()));
    };
    let after = &message[start + MARKER.len()..];
    let (mut line, tail) = after.split_at(after.find('\n').unwrap_or(after.len()));
    loop {
        line = line.trim_start();
        if let Some(text) = line.strip_prefix("text=") {
            directive.text = Some(text.strip_suffix('\r').unwrap_or(text).to_owned());
            line = "";
            break;
        }
        let (word, rest) = line.split_at(line.find(char::is_whitespace).unwrap_or(line.len()));
        if word.is_empty() || !directive.apply(word)? {
            break;
        }
        line = rest;
    }
    let prose = format!("{}{line}{tail}", &message[..start]);
    Ok((directive, prose.trim().to_owned()))
}

fn find_marker(message: &str) -> Option<usize> {
    message
        .match_indices(MARKER)
        .map(|(start, _)| start)
        .find(|start| {
            let before = message[..*start].chars().next_back();
            let after = message[start + MARKER.len()..].chars().next();
            before.is_none_or(char::is_whitespace) && after.is_none_or(char::is_whitespace)
        })
}

fn number<N: FromStr>(value: &str) -> Option<N> {
    value.parse().ok()
}

fn milliseconds(value: &str) -> Option<Duration> {
    number(value).map(Duration::from_millis)
}

fn stop(value: &str) -> Option<Stop> {
    match value {
        "length" => Some(Stop::Length),
        "content_filter" => Some(Stop::ContentFilter),
        "none" => Some(Stop::Silent),
        _ => None,
    }
}

fn fail(value: &str) -> Option<Fail> {
    let (kind, after) = value.split_once('@')?;
    let kind = match kind {
        "stall" => FailKind::Stall,
        "cut" => FailKind::Cut,
        "malformed" => FailKind::Malformed,
        "error" => FailKind::Error,
        _ => return None,
    };
    Some(Fail {
        kind,
        after: number(after)?,
    })
}

fn kind(value: &str) -> Option<Kind> {
    match value {
        "insufficient_quota" => Some(Kind::InsufficientQuota),
        "framed" => Some(Kind::Framed),
        _ => None,
    }
}
