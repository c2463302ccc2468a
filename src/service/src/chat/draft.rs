//! An answer in the making: its text, counts and times, and the receipt that comes of them. No I/O.

use marshmallow_core::{
    CredentialLabel, Diagnosis, Fallback, Millis, ModelId, NanoDollars, Price, Receipt, StopReason, Usage,
};

use super::metering;
use crate::credentials::Candidate;

/// What has been received so far.
#[derive(Debug, Default)]
pub struct Draft {
    pub text: String,
    pub reasoning: String,
    pub usage: Option<Usage>,
    pub told_cost: Option<NanoDollars>,
    pub stop: Option<StopReason>,
    pub first_text_at: Option<Millis>,
    pub request_id: Option<String>,
    pub prompt_chars: usize,
    /// Whether a provider accepted the call: without it, nothing was used.
    pub was_accepted: bool,
    /// Why the call failed, if it did.
    pub failure: Option<Diagnosis>,
}

/// The credential that a receipt names, with the price of what was asked of it.
pub struct Served {
    pub label: CredentialLabel,
    pub price: Option<Price>,
}

impl Served {
    /// A candidate that was tried.
    pub fn of(candidate: &Candidate) -> Self {
        Self {
            label: candidate.label.clone(),
            price: metering::price(candidate),
        }
    }
}

impl Draft {
    /// Whether the person has been shown something; from then on no other credential may take over.
    pub fn has_begun(&self) -> bool {
        !self.text.is_empty() || !self.reasoning.is_empty()
    }

    /// The receipt for the credential that served, or that was tried last.
    pub fn receipt(
        &self,
        served: &Served,
        model: &ModelId,
        fallbacks: &[Fallback],
        began: Millis,
        now: Millis,
    ) -> Receipt {
        let output_chars = self.text.chars().count() + self.reasoning.chars().count();
        let estimate = metering::estimate(self.prompt_chars, output_chars);
        let (usage, is_estimated) = match self.usage {
            Some(usage) if self.stop.is_some() => (usage, false),
            // Counts that came early, as Anthropic's first ones do, miss what was written after them.
            Some(early) => (
                Usage {
                    output: early.output.max(estimate.output),
                    ..early
                },
                true,
            ),
            None if self.was_accepted => (estimate, true),
            None => (Usage::default(), false),
        };
        Receipt {
            credential: served.label.clone(),
            model: model.clone(),
            usage,
            cost: metering::cost(served.price, &usage, self.told_cost, is_estimated),
            fallbacks: fallbacks.to_vec(),
            failure: self.failure,
            stop: self.stop,
            ttft_ms: self.first_text_at.map(|at| millis_between(began, at)),
            duration_ms: millis_between(began, now),
            request_id: self.request_id.clone(),
        }
    }
}

/// Whole milliseconds from `earlier` to `later`, at least 0.
pub fn millis_between(earlier: Millis, later: Millis) -> u32 {
    u32::try_from(later.since(earlier).max(0)).unwrap_or(u32::MAX)
}
