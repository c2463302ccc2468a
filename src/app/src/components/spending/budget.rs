//! What a key, or all keys together, may spend: a bar for each limit, and the form that sets them.
//! It refuses to reckon: the server counts.

use leptos::prelude::*;
use marshmallow_core::{Allowance, BudgetSummary, KeyId, NanoDollars, Period};

use crate::{
    api::{ApiError, budgets::set_budget},
    components::account::Failure,
    format::typed_dollars,
    ui::{Button, ButtonSize, ButtonType, Disclosure, Meter, TextField, Tone, use_toasts},
};

/// From this share on, a bar warns.
const WARNING: f64 = 0.8;

/// What a bar says.
fn words(period: Period, allowance: Allowance) -> String {
    let when = match period {
        Period::Day => "today",
        Period::Month => "this month",
    };
    let reserved = match allowance.reserved {
        NanoDollars(0) => String::new(),
        reserved => format!(", {reserved} reserved for running answers"),
    };
    format!("{} of {} {when}{reserved}", allowance.used, allowance.limit)
}

fn tone(share: f64) -> Tone {
    if share >= 1.0 {
        Tone::Bad
    } else if share >= WARNING {
        Tone::Warning
    } else {
        Tone::Good
    }
}

/// The bars of a budget and its form.
#[component]
pub fn BudgetLine(
    /// The key; none for all together.
    key: Option<KeyId>,
    /// What it is called in the form's labels.
    #[prop(into)]
    name: String,
    /// The budgets that have a limit; a saved one takes its place there.
    budgets: RwSignal<Vec<BudgetSummary>>,
) -> impl IntoView {
    let budget =
        Memo::new(move |_| budgets.with(|budgets| budgets.iter().copied().find(|budget| budget.key == key)));
    let bars = move || {
        let budget = budget.get()?;
        let bars = [(Period::Day, budget.day), (Period::Month, budget.month)];
        let bars = bars
            .into_iter()
            .filter_map(|(period, allowance)| Some(view! { <Bar period=period allowance=allowance?/> }));
        Some(bars.collect_view())
    };
    view! {
        <div class="space-y-2">
            {bars}
            <Disclosure summary=move || {
                view! {
                    <span class="text-xs">
                        {move || if budget.get().is_some() { "Change the limit" } else { "Set a spending limit" }}
                    </span>
                }
            }>
                <BudgetForm key=key name=name budget=budget budgets=budgets/>
            </Disclosure>
        </div>
    }
}

#[component]
fn Bar(period: Period, allowance: Allowance) -> impl IntoView {
    let words = words(period, allowance);
    let share = allowance.share();
    view! {
        <div class="max-w-sm space-y-1">
            <p class="text-xs tabular-nums text-soft">{words.clone()}</p>
            <Meter share=Signal::stored(share) label=Signal::stored(words) tone=tone(share)/>
        </div>
    }
}

#[component]
fn BudgetForm(
    key: Option<KeyId>,
    name: String,
    budget: Memo<Option<BudgetSummary>>,
    budgets: RwSignal<Vec<BudgetSummary>>,
) -> impl IntoView {
    let toasts = use_toasts();
    let stored = budget.get_untracked();
    let day = RwSignal::new(typed_dollars(
        stored.and_then(|budget| budget.day).map(|day| day.limit),
    ));
    let month = RwSignal::new(typed_dollars(
        stored.and_then(|budget| budget.month).map(|month| month.limit),
    ));
    let failure = RwSignal::new(None::<ApiError>);
    let save = Action::new(move |&(): &()| async move {
        match set_budget(key, day.get_untracked(), month.get_untracked()).await {
            Ok(saved) => {
                failure.set(None);
                budgets.set(saved);
                toasts.good("The limit is saved.");
            }
            Err(error) => failure.set(Some(error)),
        }
    });
    let id = key.map_or_else(|| "account".to_owned(), |key| key.to_string());
    view! {
        <form
            class="max-w-sm space-y-3 pt-2"
            aria-label=format!("Spending limit of {name}")
            on:submit=move |event| {
                event.prevent_default();
                save.dispatch(());
            }
        >
            <TextField
                label="Dollars a day"
                name="day"
                id=format!("budget-day-{id}")
                value=day
                placeholder="no limit"
                autocomplete="off"
                mono=true
            />
            <TextField
                label="Dollars a month"
                name="month"
                id=format!("budget-month-{id}")
                value=month
                placeholder="no limit"
                autocomplete="off"
                hint="Days and months are in UTC. A chat begins only if the most that it can cost still fits."
                mono=true
            />
            {move || failure.get().map(|error| view! { <Failure error=error/> })}
            <Button kind=ButtonType::Submit size=ButtonSize::Small loading=save.pending()>
                "Save the limit"
            </Button>
        </form>
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn allowance(limit: i64, used: i64, reserved: i64) -> Allowance {
        Allowance {
            limit: NanoDollars(limit),
            used: NanoDollars(used),
            reserved: NanoDollars(reserved),
        }
    }

    #[test]
    fn a_bar_tells_what_is_used_and_what_is_set_aside() {
        let told = words(Period::Day, allowance(5_000_000_000, 1_200_000_000, 0));
        assert_eq!(told, "$1.20 of $5.00 today");
        let told = words(Period::Month, allowance(5_000_000_000, 0, 4_100_000));
        assert_eq!(
            told,
            "$0.00 of $5.00 this month, $0.0041 reserved for running answers"
        );
    }

    #[test]
    fn a_bar_warns_before_it_is_full() {
        assert_eq!(
            [tone(0.5), tone(0.8), tone(1.0)],
            [Tone::Good, Tone::Warning, Tone::Bad]
        );
    }
}
