//! The words for how an answer ended, for a credential that gave way, and for the one button that helps.
//! Pure: views choose where they stand.

use marshmallow_core::{
    CredentialKind, CredentialLabel, Diagnosis, ErrorCode, Fallback, Fault, MessageStatus, StopReason,
};

/// A page that helps with an error.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Remedy {
    /// The words of the link.
    pub label: &'static str,
    /// Where it leads.
    pub href: &'static str,
}

/// The page that helps with an error; none where trying again is all there is to do.
pub fn remedy(code: ErrorCode) -> Option<Remedy> {
    let keys = Remedy {
        label: "Go to API keys",
        href: "/settings/keys",
    };
    match code {
        ErrorCode::NoCredential | ErrorCode::Budget | ErrorCode::KeyRefused | ErrorCode::KeyDoesNotOpen => {
            Some(keys)
        }
        ErrorCode::Provider(
            Diagnosis::BadRequest
            | Diagnosis::Filtered
            | Diagnosis::ModelUnavailable
            | Diagnosis::RateLimited,
        ) => None,
        ErrorCode::Provider(diagnosis) if diagnosis.fault() == Fault::Owner => Some(keys),
        ErrorCode::SignInNeeded => Some(Remedy {
            label: "Sign in",
            href: "/sign-in",
        }),
        _ => None,
    }
}

/// What is said beneath an answer that is not simply whole. Errors speak for themselves.
pub fn ending(status: MessageStatus, stop: Option<StopReason>, has_error: bool) -> Option<&'static str> {
    match (status, stop) {
        (MessageStatus::Streaming, _) => None,
        (MessageStatus::Complete, Some(StopReason::Length)) => {
            Some("The answer reached the model's output limit and ends here.")
        }
        (MessageStatus::Complete, Some(StopReason::Filtered)) => {
            Some("The provider's content rules ended this answer.")
        }
        (MessageStatus::Complete, _) => None,
        (MessageStatus::Stopped, _) => {
            Some("You stopped this answer. What you see is all that was received.")
        }
        (MessageStatus::Interrupted, _) => {
            Some("The server stopped in mid-answer. What you see is all that was received.")
        }
        _ if has_error => None,
        (MessageStatus::Incomplete, _) => {
            Some("The provider ended this answer without saying that it is whole.")
        }
        (MessageStatus::Failed, _) => Some("This answer failed."),
    }
}

/// A credential in the middle of a sentence: "your OpenAI key ··x3Fa".
pub fn named(label: &CredentialLabel) -> String {
    let owner = match label.kind {
        CredentialKind::Own | CredentialKind::OpenRouter => "your",
        CredentialKind::Platform => "the platform's",
    };
    let end = if label.last_four.is_empty() {
        String::new()
    } else {
        format!(" ··{}", label.last_four)
    };
    format!("{owner} {} key{end}", label.provider)
}

/// The lines about credentials that gave way, each naming the one that took over.
pub fn fallback_lines(fallbacks: &[Fallback], serving: Option<&CredentialLabel>) -> Vec<String> {
    let next = fallbacks
        .iter()
        .skip(1)
        .map(|fallback| Some(&fallback.from))
        .chain([serving]);
    fallbacks
        .iter()
        .zip(next)
        .map(|(fallback, next)| {
            let failed = capitalised(&format!(
                "{} could not serve: {}.",
                named(&fallback.from),
                fallback.because.title().to_lowercase()
            ));
            match next {
                Some(next) => format!("{failed} {} took over.", capitalised(&named(next))),
                None => failed,
            }
        })
        .collect()
}

fn capitalised(text: &str) -> String {
    let mut letters = text.chars();
    letters
        .next()
        .map(|first| first.to_uppercase().chain(letters).collect())
        .unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use marshmallow_core::Provider;

    use super::*;

    fn label(kind: CredentialKind, last_four: &str) -> CredentialLabel {
        CredentialLabel {
            kind,
            provider: Provider::OpenAi,
            label: String::new(),
            last_four: last_four.into(),
            key: None,
        }
    }

    #[test]
    fn a_fallback_names_who_failed_why_and_who_took_over() {
        let fallbacks = [
            Fallback {
                from: label(CredentialKind::Own, "x3Fa"),
                because: Diagnosis::RateLimited,
            },
            Fallback {
                from: label(CredentialKind::Own, "9Kd2"),
                because: Diagnosis::NoCredit,
            },
        ];
        let platform = label(CredentialKind::Platform, "");
        assert_eq!(
            fallback_lines(&fallbacks, Some(&platform)),
            [
                "Your OpenAI key ··x3Fa could not serve: rate limited. Your OpenAI key ··9Kd2 took over.",
                "Your OpenAI key ··9Kd2 could not serve: no credit. The platform's OpenAI key took over.",
            ]
        );
        assert_eq!(fallback_lines(&[], Some(&platform)), Vec::<String>::new());
    }

    #[test]
    fn every_ending_but_a_whole_answer_is_told() {
        let told = |status| ending(status, None, false).is_some();
        assert!(!told(MessageStatus::Complete) && !told(MessageStatus::Streaming));
        for status in [
            MessageStatus::Stopped,
            MessageStatus::Interrupted,
            MessageStatus::Incomplete,
            MessageStatus::Failed,
        ] {
            assert!(told(status), "{status:?}");
        }
        assert!(ending(MessageStatus::Complete, Some(StopReason::Length), false).is_some());
        assert_eq!(ending(MessageStatus::Failed, None, true), None);
    }

    #[test]
    fn key_troubles_lead_to_the_keys_and_others_do_not() {
        let leads_to = |code| remedy(code).map(|remedy| remedy.href);
        for diagnosis in [Diagnosis::Invalid, Diagnosis::Expired, Diagnosis::NoCredit] {
            assert_eq!(
                leads_to(ErrorCode::Provider(diagnosis)),
                Some("/settings/keys"),
                "{diagnosis:?}"
            );
        }
        for diagnosis in [
            Diagnosis::ProviderDown,
            Diagnosis::Filtered,
            Diagnosis::RateLimited,
        ] {
            assert_eq!(leads_to(ErrorCode::Provider(diagnosis)), None, "{diagnosis:?}");
        }
        assert_eq!(leads_to(ErrorCode::NoCredential), Some("/settings/keys"));
        assert_eq!(leads_to(ErrorCode::SignInNeeded), Some("/sign-in"));
        assert_eq!(leads_to(ErrorCode::Connection), None);
    }
}
