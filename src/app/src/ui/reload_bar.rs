//! The bar for a page that looks alive and is dead: the wasm did not start, or it panicked. It is always part of
//! the page, as nothing could add it then; the `data-failed` attribute of `<html>` shows it.

use leptos::prelude::*;

use super::{Icon, IconName};

/// The bar at the upper edge, hidden while all is well.
#[component]
pub fn ReloadBar() -> impl IntoView {
    view! {
        <div
            role="alert"
            class="fixed inset-x-0 top-0 z-50 hidden items-center justify-center gap-3 border-b border-bad/30 bg-bad-soft \
            px-4 py-2 text-sm text-ink failed:flex"
        >
            <span class="text-bad">
                <Icon name=IconName::Alert/>
            </span>
            <span>"This page has stopped working. What is stored is safe."</span>
            // `external` keeps the router, which may be broken, out of the way.
            <a href="" rel="external" class="link font-medium">
                "Reload"
            </a>
        </div>
    }
}
