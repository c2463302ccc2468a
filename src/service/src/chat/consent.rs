//! Whether a credential may take over, and the question where the person has to say so. Pure.
//! Keys of the same provider follow each other freely: it is the same person's money at the same price.

use marshmallow_core::{
    Consent, ConsentOption, CredentialKind, Fallback, FallbackPolicy, FallbackSettings, Millis, NanoDollars,
    Rest, Usage,
};
use marshmallow_providers::ChatRequest;

use super::metering;
use crate::credentials::Candidate;

/// How long a question stays open, in milliseconds.
pub const OPEN_MS: i64 = 24 * 60 * 60 * 1_000;
/// Tokens of an answer of common length, for "about".
const COMMON_OUTPUT: u64 = 500;

/// What may happen with a candidate.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Gate {
    /// It may be tried. Where the platform pays, at most this much in a day.
    Open(Option<NanoDollars>),
    /// The person has to say so.
    Ask,
    /// The person's rule excludes it.
    Closed,
}

/// What a person's rule says about a candidate, after those in `failed` could not serve. `approved` tells whether they
/// have chosen this very one.
pub fn gate(settings: &FallbackSettings, candidate: &Candidate, failed: &[Fallback], approved: bool) -> Gate {
    let FallbackSettings { rule, grant, .. } = settings;
    let is_fallback = !failed.is_empty();
    match candidate.label.kind {
        CredentialKind::Own => Gate::Open(None),
        CredentialKind::OpenRouter => {
            let costs_another_way = failed
                .iter()
                .any(|fallback| fallback.from.kind == CredentialKind::Own);
            if costs_another_way && !approved && rule.policy == FallbackPolicy::Ask {
                Gate::Ask
            } else {
                Gate::Open(None)
            }
        }
        // Where it is the first choice, nothing of the person's was passed over.
        CredentialKind::Platform if !is_fallback || approved => Gate::Open(*grant),
        CredentialKind::Platform => match rule.policy {
            FallbackPolicy::Never => Gate::Closed,
            FallbackPolicy::Ask => Gate::Ask,
            FallbackPolicy::Automatic => Gate::Open(least(*grant, rule.day)),
        },
    }
}

fn least(one: Option<NanoDollars>, other: Option<NanoDollars>) -> Option<NanoDollars> {
    match (one, other) {
        (Some(one), Some(other)) => Some(one.min(other)),
        (bound, None) | (None, bound) => bound,
    }
}

/// The question: wait for the key that is free again first, or let one of the candidates pay.
pub fn question(
    failed: &[Fallback],
    resting: &[(Candidate, Rest)],
    candidates: &[(&Candidate, ChatRequest)],
    now: Millis,
) -> Consent {
    let wait = resting
        .iter()
        .min_by_key(|(_, rest)| rest.until)
        .map(|(candidate, rest)| ConsentOption::Wait {
            credential: candidate.label.clone(),
            until: rest.until,
        });
    let uses = candidates.iter().map(|(candidate, request)| {
        let cost = |output: u64| {
            let usage = Usage {
                input: metering::most_prompt_tokens(request),
                output,
                ..Usage::default()
            };
            metering::price(candidate).map(|price| price.cost(&usage))
        };
        let most = u64::from(request.max_output);
        ConsentOption::Use {
            credential: candidate.label.clone(),
            about: cost(COMMON_OUTPUT.min(most)),
            at_most: cost(most),
        }
    });
    Consent {
        failed: failed.to_vec(),
        options: wait.into_iter().chain(uses).collect(),
        until: now.plus(OPEN_MS),
    }
}
