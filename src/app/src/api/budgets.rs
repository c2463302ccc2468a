//! Server functions for budgets: what the caller's keys may spend. Amounts are typed dollars on the way in and
//! nano-dollars on the way out.

use leptos::prelude::*;
use leptos::server_fn::codec::GetUrl;
use marshmallow_core::{BudgetSummary, KeyId};

use super::ApiError;

/// The caller's budgets that have a limit.
#[server(prefix = "/api", endpoint = "budgets/list", input = GetUrl)]
pub async fn budgets() -> Result<Vec<BudgetSummary>, ApiError> {
    use super::door;
    let signed_in = door::signed_in()?;
    door::service()?
        .budgets
        .list(signed_in.account.id)
        .await
        .map_err(door::refuse)
}

/// Limits what a key, or without one all keys together, may spend. Nothing typed is no limit.
#[server(prefix = "/api", endpoint = "budgets/set")]
pub async fn set_budget(
    key: Option<KeyId>,
    day: String,
    month: String,
) -> Result<Vec<BudgetSummary>, ApiError> {
    use super::door;
    let signed_in = door::signed_in()?;
    door::service()?
        .budgets
        .set(signed_in.account.id, key, &day, &month)
        .await
        .map_err(door::refuse)
}
