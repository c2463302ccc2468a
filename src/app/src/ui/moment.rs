//! A moment in time: exact on the server and to those who look closely, relative once the browser's clock is
//! known. Both sides first render the same text, so hydration fits.

use leptos::prelude::*;
use marshmallow_core::Millis;

use crate::{format, state::browser};

/// A moment, relative to now.
#[component]
pub fn Moment(
    /// When.
    at: Millis,
) -> impl IntoView {
    let now = RwSignal::new(None);
    Effect::new(move |_| now.set(Some(browser::now())));
    let exact = format::exact_time(at);
    let shown = {
        let exact = exact.clone();
        move || {
            now.get()
                .map_or_else(|| exact.clone(), |now| format::relative_time(at, now))
        }
    };
    view! {
        <time datetime=format::iso_time(at) title=exact class="whitespace-nowrap">
            {shown}
        </time>
    }
}
