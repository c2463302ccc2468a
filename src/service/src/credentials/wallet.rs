//! What a person may pay a turn with, and the order in which it is tried: their keys of the model's provider in
//! their own order, their OpenRouter keys for the same model, the platform's. It opens nothing.

use std::{fmt, sync::Arc};

use marshmallow_core::{
    CredentialKind, CredentialLabel, Diagnosis, Fallback, KeyStatus, Millis, ModelId, Provider, Rest,
};
use marshmallow_providers::Target;
use marshmallow_store::{KeyRecord, SealedKey};

use super::PlatformCredential;
use crate::models::{listed::Listed, openrouter_name};

/// All credentials that a person may use now.
pub(crate) struct Wallet {
    /// Their own keys that are in use and switched on, in their order, with the models listed for each.
    pub own: Vec<(KeyRecord, Vec<Listed>)>,
    /// The platform's keys with the models listed for each.
    pub platform: Vec<PlatformCredential>,
    /// The moment of the look, which decides who rests.
    pub at: Millis,
}

/// A credential that may serve a turn.
#[derive(Debug, Clone)]
pub(crate) struct Candidate {
    /// As it may be shown.
    pub label: CredentialLabel,
    /// Where it is sent.
    pub target: Target,
    /// That endpoint's own name of the model.
    pub model: String,
    /// Failed calls in a row before this turn.
    pub failures: u32,
    /// The rest after faults that it had; the first turn after it tries alone.
    pub rested: Option<Rest>,
    pub(super) source: Source,
}

#[derive(Clone)]
pub(super) enum Source {
    /// One of the person's, not taken for a call.
    Stored,
    /// One of the person's, as it was when it was taken.
    Taken(Arc<(KeyRecord, SealedKey)>),
    Platform(usize),
}

impl fmt::Debug for Source {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Source::Stored => "Stored",
            Source::Taken(_) => "Taken",
            Source::Platform(_) => "Platform",
        })
    }
}

/// The credentials for a turn, in order, and those that cannot serve now.
#[derive(Debug, Default)]
pub(crate) struct Resolution {
    /// Those that would come before the first candidate but are known not to work now.
    pub skipped: Vec<Fallback>,
    /// Those that are tried, in order.
    pub candidates: Vec<Candidate>,
    /// Those that rest, and until when.
    pub resting: Vec<(Candidate, Rest)>,
}

impl Wallet {
    /// The credentials for `model`, in the order in which they are tried.
    pub fn resolve(&self, model: &ModelId) -> Resolution {
        let mut resolution = Resolution::default();
        for (record, _) in self
            .own
            .iter()
            .filter(|(record, _)| record.endpoint == model.endpoint)
        {
            let candidate = own(record, CredentialKind::Own, model.name.clone());
            resolution.offer(candidate, record, self.at);
        }
        let via_openrouter = self
            .own
            .iter()
            .filter(|(record, _)| record.provider == Provider::OpenRouter);
        for (record, listed) in via_openrouter {
            if let Some(name) = openrouter_name(model, listed) {
                let candidate = own(record, CredentialKind::OpenRouter, name);
                resolution.offer(candidate, record, self.at);
            }
        }
        for platform in self
            .platform
            .iter()
            .filter(|platform| self.platform_may_serve(platform, model))
        {
            resolution.candidates.push(platform.candidate(model.name.clone()));
        }
        resolution.break_rests_if_alone();
        resolution
    }

    /// The platform serves the models of its endpoints. Where a person named an endpoint of their own like
    /// one of the platform's but at another address, that name means theirs.
    fn platform_may_serve(&self, platform: &PlatformCredential, model: &ModelId) -> bool {
        platform.endpoint == model.endpoint
            && self
                .own
                .iter()
                .filter(|(record, _)| record.endpoint == model.endpoint)
                .all(|(record, _)| record.base_url == platform.base_url)
    }
}

impl Resolution {
    fn offer(&mut self, candidate: Candidate, record: &KeyRecord, now: Millis) {
        match (record.status, record.rest) {
            _ if record.is_over(now) => self.skip(&candidate, Diagnosis::Lapsed),
            (KeyStatus::Checked(because), _) if !because.may_serve() => self.skip(&candidate, because),
            (_, Some(rest)) if rest.is_on(now) => {
                self.skip(&candidate, rest.because);
                self.resting.push((candidate, rest));
            }
            _ => self.candidates.push(candidate),
        }
    }

    /// Behind a candidate it would not have come first, so nothing was passed over.
    fn skip(&mut self, candidate: &Candidate, because: Diagnosis) {
        if self.candidates.is_empty() {
            self.skipped.push(Fallback {
                from: candidate.label.clone(),
                because,
            });
        }
    }

    /// A rest after faults is there so that another credential serves without delay; where there is none, a try
    /// is better than nothing.
    fn break_rests_if_alone(&mut self) {
        if self.candidates.is_empty() {
            let alone = self.resting.extract_if(.., |(_, rest)| rest.may_be_broken());
            self.candidates.extend(alone.map(|(candidate, _)| candidate));
            let is_tried = |from: &CredentialLabel| {
                self.candidates
                    .iter()
                    .any(|candidate| candidate.label.key == from.key)
            };
            self.skipped.retain(|skipped| !is_tried(&skipped.from));
        }
    }

    /// The credential that is tried first, or is free again first.
    pub fn first(self) -> Option<CredentialLabel> {
        let resting = self
            .resting
            .into_iter()
            .min_by_key(|(_, rest)| rest.until)
            .map(|(candidate, _)| candidate);
        self.candidates
            .into_iter()
            .next()
            .or(resting)
            .map(|candidate| candidate.label)
    }
}

/// How an own key is shown.
fn own_label(record: &KeyRecord, kind: CredentialKind) -> CredentialLabel {
    CredentialLabel {
        kind,
        provider: record.provider,
        label: record.label.clone(),
        last_four: record.last_four.clone(),
        key: Some(record.id),
    }
}

/// An own key as a candidate for a model, by the endpoint's own name of it.
pub(super) fn own(record: &KeyRecord, kind: CredentialKind, model: String) -> Candidate {
    Candidate {
        label: own_label(record, kind),
        target: Target {
            provider: record.provider,
            base_url: record.base_url.clone(),
        },
        model,
        failures: record.failures,
        rested: record.rest.filter(|rest| rest.may_be_broken()),
        source: Source::Stored,
    }
}
