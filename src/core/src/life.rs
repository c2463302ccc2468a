//! How long a key may be used, as its owner chooses it within the administrator's bound. Pure: the present moment comes
//! in. It refuses to know keys.

use serde::{Deserialize, Serialize};

use crate::{Calendar, Millis, PublicError};

const MINUTE: i64 = 60_000;
const HOUR: i64 = 60 * MINUTE;
const DAY: i64 = 24 * HOUR;

/// The word for a life without an end.
const NEVER: &str = "never";
/// The word for a date and time of one's own.
const UNTIL: &str = "until";

/// How long a key may be used from now on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub enum KeyLife {
    /// As long as the administrator's bound allows; without a bound, for ever.
    #[default]
    Longest,
    /// For ever.
    Never,
    /// For so many milliseconds.
    For(i64),
    /// Until a moment.
    Until(Millis),
}

impl KeyLife {
    /// The lives to choose from, shortest first: the word that is sent, the words for people, milliseconds.
    pub const CHOICES: [(&str, &str, i64); 8] = [
        ("30m", "30 minutes", 30 * MINUTE),
        ("1h", "1 hour", HOUR),
        ("8h", "8 hours", 8 * HOUR),
        ("1d", "1 day", DAY),
        ("7d", "7 days", 7 * DAY),
        ("30d", "30 days", 30 * DAY),
        ("90d", "90 days", 90 * DAY),
        ("1y", "1 year", 365 * DAY),
    ];

    /// Reads what a form says. `word` is one of [`CHOICES`](Self::CHOICES), "never", "until" with a date and time (UTC)
    /// in `until`, or nothing for as long as is allowed.
    pub fn parse(word: &str, until: &str) -> Result<Self, PublicError> {
        match word {
            "" => Ok(Self::Longest),
            NEVER => Ok(Self::Never),
            UNTIL => Calendar::read_local(until).map(Self::Until).ok_or_else(|| {
                PublicError::invalid(
                    "This is no date and time.",
                    "Enter when the key is to expire, like 2027-01-31 18:00, in UTC.",
                )
            }),
            word => Self::CHOICES
                .into_iter()
                .find(|(choice, ..)| *choice == word)
                .map(|(.., millis)| Self::For(millis))
                .ok_or_else(|| {
                    PublicError::invalid("This time limit is not known here.", "Choose one of the list.")
                }),
        }
    }

    /// When a life that begins `now` ends; none for never. `longest` is the administrator's bound in milliseconds.
    pub fn end(self, now: Millis, longest: Option<i64>) -> Result<Option<Millis>, PublicError> {
        let last = longest.map(|longest| now.plus(longest));
        let end = match self {
            Self::Longest => return Ok(last),
            Self::Never => None,
            Self::For(millis) => Some(now.plus(millis)),
            Self::Until(end) if end <= now => {
                return Err(PublicError::invalid(
                    "This moment has passed.",
                    "Enter a moment in the future, in UTC; or switch the key off if it is not to be used any more.",
                ));
            }
            Self::Until(end) => Some(end),
        };
        match (last, longest) {
            (Some(last), Some(longest)) if end.is_none_or(|end| end > last) => Err(PublicError::invalid(
                format!(
                    "The administrator of this server lets keys be used for {} at the longest.",
                    life_words(longest)
                ),
                "Choose a shorter time; it can be extended whenever you like.",
            )),
            _ => Ok(end),
        }
    }
}

/// A length of time in words: "90 days", "30 minutes".
pub fn life_words(millis: i64) -> String {
    let known = KeyLife::CHOICES.into_iter().find(|(.., known)| *known == millis);
    known.map_or_else(
        || format!("{} minutes", millis / MINUTE),
        |(_, words, _)| words.to_owned(),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: Millis = Millis(1_800_000_000_000);

    fn end(word: &str, until: &str, longest: Option<i64>) -> Result<Option<Millis>, PublicError> {
        KeyLife::parse(word, until)?.end(NOW, longest)
    }

    #[test]
    fn without_a_bound_every_choice_is_allowed() {
        assert_eq!(end("", "", None), Ok(None));
        assert_eq!(end("never", "", None), Ok(None));
        for (word, _, millis) in KeyLife::CHOICES {
            assert_eq!(end(word, "", None), Ok(Some(NOW.plus(millis))));
        }
        // 1 800 000 000 is 15 January 2027, 08:00 UTC.
        assert_eq!(end("until", "2027-01-15T08:01", None), Ok(Some(NOW.plus(60_000))));
    }

    #[test]
    fn nobody_gets_beyond_the_bound() {
        let week = Some(7 * DAY);
        assert_eq!(end("", "", week), Ok(Some(NOW.plus(7 * DAY))));
        assert_eq!(end("7d", "", week), Ok(Some(NOW.plus(7 * DAY))));
        assert_eq!(
            end("until", "2027-01-22T08:00", week),
            Ok(Some(NOW.plus(7 * DAY)))
        );
        for (word, until) in [("never", ""), ("30d", ""), ("until", "2027-01-22T08:01")] {
            let error = end(word, until, week).unwrap_err();
            assert!(error.message.contains("for 7 days"), "{error}");
        }
    }

    #[test]
    fn what_is_no_future_moment_is_refused() {
        for (word, until) in [
            ("until", "2027-01-15T08:00"),
            ("until", "2001-01-01T00:00"),
            ("until", ""),
            ("until", "tomorrow"),
            ("forever", ""),
        ] {
            let error = end(word, until, None).unwrap_err();
            assert!(!error.next_step.is_empty(), "{word} {until}");
        }
    }

    #[test]
    fn lengths_have_words() {
        assert_eq!(life_words(90 * DAY), "90 days");
        assert_eq!(life_words(5 * MINUTE), "5 minutes");
    }
}
