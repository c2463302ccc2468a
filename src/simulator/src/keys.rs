//! What a key makes the simulator do: a word within the key decides. Knows no wire format and no HTTP.

use std::time::Duration;

use crate::{
    refusal::{Reason, Refusal},
    wire::Site,
};

/// How long a slow probe takes.
const SLOW: Duration = Duration::from_secs(3);
/// Seconds that a rate-limited key is told to wait.
const RETRY_AFTER: u64 = 30;

/// The words, what they do, and how the table of keys describes them. A word that contains another one comes first.
pub(crate) const WORDS: [(&str, Behaviour, &str); 19] = [
    ("simvalid", Behaviour::Valid, "works"),
    (
        "simrestricted401",
        Behaviour::RestrictedPlain,
        "may chat but not list models, told by a 401 (OpenAI)",
    ),
    (
        "simrestricted",
        Behaviour::Restricted,
        "may chat but not list models, told by a 403",
    ),
    (
        "simnocredit",
        Behaviour::NoCredit,
        "lists models, cannot pay for a chat",
    ),
    (
        "simspendcap",
        Behaviour::SpendCap,
        "has reached its own spend limit",
    ),
    (
        "simratelimited",
        Behaviour::RateLimited,
        "429 with retry-after: 30",
    ),
    (
        "simratenohint",
        Behaviour::RateLimitedNoHint,
        "429 without retry-after",
    ),
    (
        "simexpired",
        Behaviour::Expired,
        "has expired, and the answer says so",
    ),
    ("simadmin", Behaviour::Admin, "manages keys, cannot chat"),
    (
        "simregion",
        Behaviour::Region,
        "used from a country that is not served",
    ),
    ("simpayment402", Behaviour::Payment, "402"),
    ("simforbidden403", Behaviour::Forbidden, "403"),
    ("simdown500", Behaviour::Down, "500"),
    ("simoverloaded529", Behaviour::Overloaded, "529"),
    ("simslow", Behaviour::Slow, "works; the probe takes 3 s"),
    ("simstall", Behaviour::Stall, "never gets an answer"),
    ("simecho", Behaviour::Echo, "401 whose body repeats the key"),
    ("simhtml", Behaviour::Html, "200 with a page instead of JSON"),
    (
        "simredirect",
        Behaviour::Redirect,
        "302 to a path that would accept it",
    ),
];

/// What a key stands for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Behaviour {
    Valid,
    Restricted,
    RestrictedPlain,
    NoCredit,
    SpendCap,
    RateLimited,
    RateLimitedNoHint,
    Expired,
    Admin,
    Region,
    Payment,
    Forbidden,
    Down,
    Overloaded,
    Slow,
    Stall,
    Echo,
    Html,
    Redirect,
    Unknown,
}

/// What is being asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Purpose {
    /// A free call: the model list, or what the provider knows about the key.
    Probe,
    Chat,
}

/// What happens to a request because of its key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Verdict {
    Serve,
    ServeAfter(Duration),
    NeverAnswer,
    Page,
    Redirect,
    Refuse(Refusal),
}

/// The behaviour that a key asks for at a site.
pub(crate) fn behaviour(site: Site, key: &str) -> Behaviour {
    if let Some((_, behaviour, _)) = WORDS.iter().find(|(word, ..)| key.contains(word)) {
        return *behaviour;
    }
    // A custom server hands out keys of its own making; "invalid" contains "valid", and is not meant.
    if site == Site::Custom && key.contains("valid") && !key.contains("invalid") {
        return Behaviour::Valid;
    }
    Behaviour::Unknown
}

/// What a key that behaves like this leads to.
pub(crate) fn verdict(site: Site, behaviour: Behaviour, purpose: Purpose, key: &str) -> Verdict {
    let probe = purpose == Purpose::Probe;
    let refuse = |reason: Reason| Verdict::Refuse(reason.into());
    match behaviour {
        Behaviour::Valid => Verdict::Serve,
        Behaviour::Restricted if probe => refuse(Reason::Restricted),
        Behaviour::RestrictedPlain if probe => refuse(Reason::RestrictedPlain),
        Behaviour::Restricted | Behaviour::RestrictedPlain => Verdict::Serve,
        Behaviour::NoCredit if probe => Verdict::Serve,
        Behaviour::NoCredit => refuse(Reason::NoCredit),
        // Anthropic alone tells already on a free call.
        Behaviour::SpendCap if probe && site != Site::Anthropic => Verdict::Serve,
        Behaviour::SpendCap => refuse(Reason::SpendCap),
        Behaviour::RateLimited => Verdict::Refuse(Refusal {
            retry_after: Some(RETRY_AFTER),
            ..Reason::RateLimited.into()
        }),
        Behaviour::RateLimitedNoHint => refuse(Reason::RateLimited),
        Behaviour::Expired => refuse(Reason::ExpiredKey),
        // OpenRouter answers the question what this key is; it says so in the answer.
        Behaviour::Admin if probe && site == Site::OpenRouter => Verdict::Serve,
        Behaviour::Admin => refuse(Reason::ManagementKey),
        Behaviour::Region => refuse(Reason::Region),
        Behaviour::Payment => refuse(Reason::PaymentRequired),
        Behaviour::Forbidden => refuse(Reason::Forbidden),
        Behaviour::Down => refuse(Reason::Internal),
        Behaviour::Overloaded => Verdict::Refuse(Refusal {
            status: Some(529),
            ..Reason::Overloaded.into()
        }),
        Behaviour::Slow if probe => Verdict::ServeAfter(SLOW),
        Behaviour::Slow => Verdict::Serve,
        Behaviour::Stall => Verdict::NeverAnswer,
        Behaviour::Echo => refuse(Reason::EchoedKey(key.to_owned())),
        Behaviour::Html => Verdict::Page,
        Behaviour::Redirect => Verdict::Redirect,
        Behaviour::Unknown => refuse(Reason::InvalidKey(key.to_owned())),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_word_is_found_within_a_key() {
        for (word, expected, _) in WORDS {
            assert_eq!(
                behaviour(Site::OpenAi, &format!("sk-proj-{word}0123")),
                expected,
                "{word}"
            );
        }
        assert_eq!(behaviour(Site::OpenAi, "sk-proj-valid"), Behaviour::Unknown);
    }

    #[test]
    fn a_custom_server_accepts_any_valid_key_but_no_invalid_one() {
        assert_eq!(behaviour(Site::Custom, "my-valid-key"), Behaviour::Valid);
        assert_eq!(behaviour(Site::Custom, "my-invalid-key"), Behaviour::Unknown);
        assert_eq!(behaviour(Site::Custom, "simnocredit"), Behaviour::NoCredit);
    }

    #[test]
    fn a_probe_and_a_chat_differ_where_the_key_is_live_but_limited() {
        let of = |word, purpose| verdict(Site::OpenAi, behaviour(Site::OpenAi, word), purpose, word);
        assert_eq!(of("simnocredit", Purpose::Probe), Verdict::Serve);
        assert_eq!(
            of("simnocredit", Purpose::Chat),
            Verdict::Refuse(Reason::NoCredit.into())
        );
        assert_eq!(
            of("simrestricted", Purpose::Probe),
            Verdict::Refuse(Reason::Restricted.into())
        );
        assert_eq!(of("simrestricted", Purpose::Chat), Verdict::Serve);
        assert_eq!(of("simslow", Purpose::Probe), Verdict::ServeAfter(SLOW));
        assert_eq!(of("simslow", Purpose::Chat), Verdict::Serve);
    }
}
