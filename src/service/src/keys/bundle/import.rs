//! Keys come in from a file: shown without being sent anywhere, checked when asked, stored when chosen. Each takes the
//! way of a key that was typed, so nothing is stored that would not be stored then.

use futures::future::join_all;
use marshmallow_core::{
    ApiKey, BundleChoice, BundleOutcome, BundleReview, BundleRow, BundleRowState, BundleStep, KeyInspection,
    KeyLife, KeySummary, LIMITS, Provider, PublicError, UserId,
};
use marshmallow_store::KeyRecord;
use marshmallow_vault::BundledKey;

use super::{Keys, SealedFile};
use crate::{
    ServiceConfig, ServiceError,
    keys::{
        add::unreadable,
        place::{CheckedPlace, KeyPlace},
    },
};

impl Keys {
    /// What is inside a file. Nothing is sent to a provider, and nothing is stored.
    pub async fn review_bundle(&self, user: UserId, file: SealedFile) -> Result<BundleReview, ServiceError> {
        let bundle = self.open(user, file).await?;
        let stored = self.base.store.keys(user).await?;
        let mut keys = Vec::with_capacity(bundle.keys.len());
        for (number, key) in bundle.keys.iter().enumerate() {
            let state = self.state_of(user, &bundle.keys[..number], key, &stored).await?;
            keys.push(row(number, key, state));
        }
        Ok(BundleReview {
            made_at: bundle.made_at,
            keys,
        })
    }

    /// Asks the providers about some keys of a file, as of keys that were pasted.
    pub async fn inspect_bundle(
        &self,
        user: UserId,
        file: SealedFile,
        numbers: &[usize],
    ) -> Result<Vec<BundleOutcome<KeyInspection>>, ServiceError> {
        bounded(numbers.len())?;
        let bundle = self.open(user, file).await?;
        let mut asked: Vec<_> = bundle.keys.into_iter().map(Some).collect();
        let asking = numbers.iter().map(|&number| {
            let key = asked.get_mut(number).and_then(Option::take);
            async move {
                let outcome = match key.ok_or_else(not_there) {
                    Ok(key) => self.inspect_bundled(user, key).await,
                    Err(refusal) => Err(refusal.into()),
                };
                BundleOutcome {
                    number,
                    outcome: outcome.map_err(ServiceError::into_public),
                }
            }
        });
        let asking: Vec<_> = asking.collect();
        Ok(join_all(asking).await)
    }

    async fn inspect_bundled(&self, user: UserId, key: BundledKey) -> Result<KeyInspection, ServiceError> {
        let place = place_of(&key, &self.base.config)?;
        self.inspect(user, place, key.key).await
    }

    /// Stores what was chosen of a file, in the order of the file.
    pub async fn import_bundle(
        &self,
        user: UserId,
        file: SealedFile,
        mut choices: Vec<BundleChoice>,
    ) -> Result<Vec<BundleOutcome<KeySummary>>, ServiceError> {
        bounded(choices.len())?;
        choices.sort_by_key(|choice| choice.number);
        let bundle = self.open(user, file).await?;
        let mut keys: Vec<_> = bundle.keys.into_iter().map(Some).collect();
        let mut outcomes = Vec::with_capacity(choices.len());
        for BundleChoice { number, step } in choices {
            let key = keys.get_mut(number).and_then(Option::take);
            let outcome = match (key.ok_or_else(not_there), step) {
                (Err(refusal), _) => Err(refusal.into()),
                (Ok(key), BundleStep::Add) => self.add_bundled(user, key).await,
                (Ok(key), BundleStep::TakeSettings) => self.take_settings(user, &key).await,
            };
            outcomes.push(BundleOutcome {
                number,
                outcome: outcome.map_err(ServiceError::into_public),
            });
        }
        Ok(outcomes)
    }

    async fn add_bundled(&self, user: UserId, key: BundledKey) -> Result<KeySummary, ServiceError> {
        let place = KeyPlace {
            life: self.life_of(&key).await?,
            ..place_of(&key, &self.base.config)?
        };
        let added = self.add(user, place, key.key).await?;
        if key.is_active {
            return Ok(added);
        }
        self.set_active(user, added.id, false).await
    }

    fn is_over(&self, key: &BundledKey) -> bool {
        key.expires_at.is_some_and(|end| end <= self.base.clock.now())
    }

    /// It ends when its owner wanted it to, or as late as is allowed here.
    async fn life_of(&self, key: &BundledKey) -> Result<KeyLife, ServiceError> {
        if self.is_over(key) {
            return Err(over().into());
        }
        let last = self.end_of(KeyLife::Longest).await?;
        Ok(match key.expires_at {
            Some(end) if last.is_none_or(|last| end < last) => KeyLife::Until(end),
            _ => KeyLife::Longest,
        })
    }

    /// The same key, which is stored already, takes label and switch from the file. The sealed key is not touched.
    async fn take_settings(&self, user: UserId, key: &BundledKey) -> Result<KeySummary, ServiceError> {
        let (place, typed) = checked(key, &self.base.config)?;
        let id = self.stored_as(user, &place, typed).await?;
        let id = id.ok_or_else(|| {
            PublicError::invalid(
                "This key is not stored here any more.",
                "Open the file again to see what can be done with it.",
            )
        })?;
        let mut summary = self.summary_of(user, id).await?;
        if summary.replaced.is_some() {
            return Err(replaced_here().into());
        }
        if summary.label != place.label {
            summary = self.rename(user, id, &place.label).await?;
        }
        if summary.is_active != key.is_active {
            summary = self.set_active(user, id, key.is_active).await?;
        }
        Ok(summary)
    }

    /// Whether a key can be stored, judged without asking anybody.
    async fn state_of(
        &self,
        user: UserId,
        before: &[BundledKey],
        key: &BundledKey,
        stored: &[KeyRecord],
    ) -> Result<BundleRowState, ServiceError> {
        let (place, text) = match checked(key, &self.base.config) {
            Ok(found) => found,
            Err(refusal) => return Ok(BundleRowState::Refused(refusal)),
        };
        let is_same = |other: &BundledKey| {
            let same_text = other
                .key
                .as_ref()
                .is_ok_and(|other| other.expose_secret() == text.expose_secret());
            same_text && other.provider == key.provider && other.base_url == key.base_url
        };
        if before.iter().any(is_same) {
            return Ok(BundleRowState::Refused(PublicError::invalid(
                "This key stands in the file twice.",
                "Use the one above.",
            )));
        }
        let id = self.stored_as(user, &place, text).await?;
        Ok(match stored.iter().find(|record| Some(record.id) == id) {
            Some(record) if record.replaced.is_some() => BundleRowState::Refused(replaced_here()),
            Some(record) => BundleRowState::Stored {
                label: record.label.clone(),
                is_active: record.is_active,
            },
            None if self.is_over(key) => BundleRowState::Refused(over()),
            None => BundleRowState::New,
        })
    }
}

fn bounded(count: usize) -> Result<(), PublicError> {
    if (1..=LIMITS.bundled_keys_per_call).contains(&count) {
        return Ok(());
    }
    Err(PublicError::invalid(
        "This is not a number of keys that is taken at once.",
        "Reload the page and try again.",
    ))
}

fn replaced_here() -> PublicError {
    PublicError::invalid(
        "Another key has taken the place of this one here.",
        "It can be taken back into use where the replaced keys stand.",
    )
}

fn over() -> PublicError {
    PublicError::invalid(
        "The time limit that its owner set for this key has passed.",
        "If it is still to be used, paste the key itself and give it another expiry.",
    )
}

fn not_there() -> PublicError {
    PublicError::not_found("key of the file")
}

/// Where a key of a file belongs here, and the key, if both can be.
fn checked<'a>(
    key: &'a BundledKey,
    config: &ServiceConfig,
) -> Result<(CheckedPlace, &'a ApiKey), PublicError> {
    let place = place_of(key, config)?;
    let text = key.key.as_ref().map_err(|error| unreadable(*error))?;
    Ok((place.check(text.expose_secret(), config)?, text))
}

/// What would have been typed beside the key. It is sent to no other address than the one it was entered for.
fn place_of(key: &BundledKey, config: &ServiceConfig) -> Result<KeyPlace, PublicError> {
    let provider = Provider::from_slug(&key.provider).ok_or_else(|| {
        PublicError::invalid(
            "This key is for a provider that this version does not know.",
            "Update this server, or add the key as a custom endpoint.",
        )
    })?;
    let here = config.base_url(provider);
    if here.is_some_and(|here| !key.base_url.is_empty() && here != key.base_url) {
        return Err(PublicError::invalid(
            format!("Where this key comes from, keys of {provider} are sent to another address than here."),
            "If you want it to be sent to this server's address, paste the key itself.",
        ));
    }
    let is_custom = provider == Provider::Custom;
    let of_custom = |text: &String| if is_custom { text.clone() } else { String::new() };
    Ok(KeyPlace {
        provider: key.provider.clone(),
        label: key.label.clone(),
        base_url: of_custom(&key.base_url),
        endpoint: of_custom(&key.endpoint),
        ..KeyPlace::default()
    })
}

fn row(number: usize, key: &BundledKey, state: BundleRowState) -> BundleRow {
    let provider = Provider::from_slug(&key.provider);
    let short = |text: &str, most: usize| text.chars().filter(|c| !c.is_control()).take(most).collect();
    BundleRow {
        number,
        provider,
        label: short(&key.label, LIMITS.label_max_chars),
        last_four: key.key.as_ref().map(ApiKey::last_four).unwrap_or_default(),
        base_url: (provider == Some(Provider::Custom)).then(|| short(&key.base_url, 200)),
        is_active: key.is_active,
        expires_at: key.expires_at,
        state,
    }
}
