//! What an answer may cost, set aside before its call and watched while it comes.
//! It refuses to let a call begin that a budget does not hold, and one go on that a budget holds no more.

use marshmallow_core::{NanoDollars, Price, PublicError, Usage};
use marshmallow_providers::ChatRequest;
use marshmallow_store::{Reservation, Reserved};

use super::{Inner, draft::Draft, generation::Job, metering};
use crate::{ServiceError, budgets, credentials::Candidate};

/// Who is to pay.
#[derive(Clone, Copy)]
pub struct Payer<'a> {
    /// The credential.
    pub candidate: &'a Candidate,
    /// What the platform may pay for this person in a day, where it is the platform's and there is a bound.
    pub platform_day: Option<NanoDollars>,
}

/// What a running call has set aside; nothing where no budget is concerned.
pub struct Meter {
    held: Option<Held>,
    prompt_tokens: u64,
}

struct Held {
    reservation: Reservation,
    price: Price,
    amount: NanoDollars,
}

/// Why a call may not begin or go on.
pub enum Refusal {
    /// The budget of this credential does not hold it; another credential's may.
    Over(PublicError),
    /// No credential could change it.
    Final(ServiceError),
}

impl Meter {
    /// Sets the worst case of a call aside.
    pub async fn begin(
        inner: &Inner,
        job: &Job,
        payer: Payer<'_>,
        request: &ChatRequest,
    ) -> Result<Self, Refusal> {
        let candidate = payer.candidate;
        let prompt_tokens = metering::most_prompt_tokens(request);
        let price = metering::price(candidate);
        let worst = Usage {
            input: prompt_tokens,
            output: request.max_output.into(),
            ..Usage::default()
        };
        let reservation = Reservation {
            user: job.user,
            message: job.answer,
            owner: inner.owner.clone(),
            key: candidate.label.key,
            platform_day: payer.platform_day,
            amount: price.map(|price| price.cost(&worst)),
            now: inner.base.clock.now(),
        };
        let is_held = reserve(inner, &reservation, candidate).await?;
        let held = price
            .zip(reservation.amount)
            .filter(|_| is_held)
            .map(|(price, amount)| Held {
                reservation,
                price,
                amount,
            });
        Ok(Self { held, prompt_tokens })
    }

    /// Whether what has come so far is within what is set aside; if it is not, more is set aside.
    pub async fn cover(
        &mut self,
        inner: &Inner,
        candidate: &Candidate,
        draft: &Draft,
    ) -> Result<(), Refusal> {
        let Some(held) = &mut self.held else { return Ok(()) };
        let cost = held.price.cost(&metering::so_far(draft, self.prompt_tokens));
        if cost <= held.amount {
            return Ok(());
        }
        // A quarter more than is needed now, so that not every further word asks again.
        let more = NanoDollars(cost.0 - held.amount.0 + held.amount.0 / 4);
        held.reservation.amount = Some(more);
        held.reservation.now = inner.base.clock.now();
        reserve(inner, &held.reservation, candidate).await?;
        held.amount = NanoDollars(held.amount.0.saturating_add(more.0));
        Ok(())
    }

    /// Gives back what is set aside, since the call did not take place. Where the database refuses now, the end of
    /// the answer gives it back.
    pub async fn release(self, inner: &Inner) {
        let Some(held) = self.held else { return };
        let Reservation { user, message, .. } = held.reservation;
        if let Err(error) = inner.base.store.release(user, message).await {
            tracing::warn!(%error, "a reservation could not be given back yet");
        }
    }
}

/// Whether anything had to be set aside.
async fn reserve(inner: &Inner, wanted: &Reservation, candidate: &Candidate) -> Result<bool, Refusal> {
    let outcome = inner.base.store.reserve(wanted).await;
    match outcome.map_err(|error| Refusal::Final(error.into()))? {
        Reserved::Free => Ok(false),
        Reserved::Held => Ok(true),
        Reserved::Over(subject, period) => {
            Err(Refusal::Over(budgets::over(subject, period, &candidate.label)))
        }
        Reserved::Unpriced => Err(Refusal::Final(budgets::unpriced(&candidate.model).into())),
        Reserved::Lost => Err(Refusal::Final(PublicError::not_found("answer").into())),
    }
}
