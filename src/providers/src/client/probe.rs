//! Checks a key without spending anything: no tokens, no model's name
//! (a check that chats breaks for everyone when its model retires).

use std::time::Duration;

use marshmallow_core::{ApiKey, Diagnosis, NanoDollars, Provider};
use serde_json::Value;
use tokio::time::{sleep, timeout};

use super::{Client, bad_base, exchange::read_body};
use crate::{
    ListedModel, ProviderError, Target,
    account::Account,
    adapter,
    call::{BadBase, Call},
    listing::Page,
    redact::Redactor,
};

/// Pauses before a call is repeated that found no connection or a faulty server.
const PAUSES: [Duration; 2] = [Duration::from_millis(200), Duration::from_millis(600)];

/// Most of a list that is read, in bytes.
const LIST_BODY: usize = 4 * 1024 * 1024;

/// Most pages of a list that are read.
const PAGES: usize = 5;

/// No server has given this key to anyone. One that accepts it accepts all.
const MADE_UP_KEY: &str = "made-up-key-of-a-control-check-0000";

/// What a check of a key has found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ProbeReport {
    /// What the answer says of the key.
    pub diagnosis: Diagnosis,
    /// How long the provider asks to wait.
    pub retry_after: Option<Duration>,
    /// The provider's own message, or ours where none arrived: redacted, at most 300 characters. Empty
    /// when all is well.
    pub detail: String,
    /// The models that the key can use; none where the list could not be read.
    pub models: Option<Vec<ListedModel>>,
    /// What is left to spend; none where the provider does not tell, or sets no limit.
    pub credit_left: Option<NanoDollars>,
}

/// What the first answers prove, and the first page of the list, if it came along.
struct Verdict {
    account: Account,
    page: Option<Page>,
}

impl Verdict {
    /// What a list proves.
    fn of_list(diagnosis: Diagnosis, page: Page) -> Self {
        Self {
            account: Account {
                diagnosis,
                credit_left: None,
            },
            page: Some(page),
        }
    }
}

impl Client {
    /// Checks a key at its provider, free of charge, and lists the models that it can use.
    pub async fn probe(&self, target: &Target, key: &ApiKey) -> ProbeReport {
        let redactor = Redactor::new(key);
        let verdict = match (adapter::account(target), target.provider) {
            (Some(call), _) => self.probe_account(target, key, call).await,
            (None, Provider::Custom) => self.probe_with_control(target, key).await,
            (None, _) => self.probe_list(target, key).await,
        };
        let report = match verdict {
            Ok(Verdict { account, page }) => ProbeReport {
                diagnosis: account.diagnosis,
                credit_left: account.credit_left.map(NanoDollars),
                retry_after: None,
                detail: String::new(),
                models: match page {
                    Some(page) => Some(redactor.models(self.all_pages(target, key, page).await)),
                    None => None,
                },
            },
            Err(error) => report_failure(error.redacted(&redactor)),
        };
        tracing::debug!(
            provider = target.provider.slug(),
            diagnosis = report.diagnosis.slug(),
            "a key was checked"
        );
        report
    }

    /// The list itself proves the key.
    async fn probe_list(&self, target: &Target, key: &ApiKey) -> Result<Verdict, ProviderError> {
        let page = self.fetch_page(target, key, None).await?;
        Ok(Verdict::of_list(Diagnosis::Valid, page))
    }

    /// Where the provider tells of the key itself, that comes first: it says more than its list.
    async fn probe_account(
        &self,
        target: &Target,
        key: &ApiKey,
        call: Result<Call, BadBase>,
    ) -> Result<Verdict, ProviderError> {
        let account = self.fetch(target, key, call).await?;
        let account = adapter::read_account(target.provider, &account).ok_or_else(unreadable)?;
        let page = if account.diagnosis.may_be_stored() {
            self.fetch_page(target, key, None).await.ok()
        } else {
            None
        };
        Ok(Verdict { account, page })
    }

    /// Some servers show their list to anyone. Only where a made-up key is turned away does a success
    /// prove anything.
    async fn probe_with_control(&self, target: &Target, key: &ApiKey) -> Result<Verdict, ProviderError> {
        let made_up = ApiKey::parse(MADE_UP_KEY.to_owned())
            .map_err(|_| ProviderError::ours(Diagnosis::Unverifiable, "no control check was possible"))?;
        let control = self.fetch_page(target, &made_up, None).await;
        let turned_away = match control {
            Ok(_) => false,
            Err(error) => match error.diagnosis {
                Diagnosis::AddressBlocked | Diagnosis::Unreachable => return Err(error),
                _ => matches!(error.status, Some(400 | 401 | 403)),
            },
        };
        let page = self.fetch_page(target, key, None).await?;
        let diagnosis = if turned_away {
            Diagnosis::Valid
        } else {
            Diagnosis::Unverifiable
        };
        Ok(Verdict::of_list(diagnosis, page))
    }

    /// Follows a list to its end. A page that fails does not take back what the first one proved.
    async fn all_pages(&self, target: &Target, key: &ApiKey, first: Page) -> Vec<ListedModel> {
        let Page { mut models, mut next } = first;
        for _ in 1..PAGES {
            let Some(token) = next.take() else { break };
            let Ok(page) = self.fetch_page(target, key, Some(&token)).await else {
                break;
            };
            models.extend(page.models);
            next = page.next;
        }
        models
    }

    async fn fetch_page(
        &self,
        target: &Target,
        key: &ApiKey,
        page: Option<&str>,
    ) -> Result<Page, ProviderError> {
        let body = self.fetch(target, key, adapter::list(target, page)).await?;
        adapter::read_list(target.provider, &body).ok_or_else(unreadable)
    }

    /// The JSON answer of a call, tried up to three times within the deadline.
    async fn fetch(
        &self,
        target: &Target,
        key: &ApiKey,
        call: Result<Call, BadBase>,
    ) -> Result<Value, ProviderError> {
        let call = call.map_err(|_| bad_base())?;
        let attempts = async {
            for pause in PAUSES {
                let outcome = self.fetch_once(target, key, call.clone()).await;
                match outcome {
                    Err(error) if is_worth_repeating(&error) => sleep(pause).await,
                    _ => return outcome,
                }
            }
            self.fetch_once(target, key, call.clone()).await
        };
        timeout(self.deadlines.probe, attempts)
            .await
            .unwrap_or_else(|_| Err(ProviderError::ours(Diagnosis::Unreachable, "no answer in time")))
    }

    async fn fetch_once(&self, target: &Target, key: &ApiKey, call: Call) -> Result<Value, ProviderError> {
        let response = self.open(target, call, key).await?;
        let body = read_body(response, LIST_BODY, self.deadlines.silence).await;
        serde_json::from_slice(&body).map_err(|_| unreadable())
    }
}

/// A fault that may be gone in a moment. A refusal is an answer and stays one.
fn is_worth_repeating(error: &ProviderError) -> bool {
    match error.status {
        Some(status) => status >= 500,
        None => matches!(error.diagnosis, Diagnosis::Unreachable | Diagnosis::Garbled),
    }
}

fn unreadable() -> ProviderError {
    let detail = "the server answered with something else than a list of models";
    ProviderError {
        status: Some(200),
        ..ProviderError::ours(Diagnosis::Garbled, detail)
    }
}

fn report_failure(error: ProviderError) -> ProbeReport {
    // No model was named, so "not found" means that the address holds no such interface.
    let (diagnosis, ours) = match error.diagnosis {
        Diagnosis::ModelUnavailable => (
            Diagnosis::Unreachable,
            "there is no list of models at this address",
        ),
        diagnosis => (diagnosis, ""),
    };
    ProbeReport {
        diagnosis,
        retry_after: error.retry_after,
        detail: if ours.is_empty() {
            error.detail
        } else {
            ours.to_owned()
        },
        models: None,
        credit_left: None,
    }
}
