//! The link of an invitation just made: shown once, ready to copy.

use leptos::{prelude::*, task::spawn_local};

use crate::{
    state::browser,
    ui::{Button, Icon, IconName, Notice, Tone, use_toasts},
};

/// A link with its copy button. It is made by a click, so only ever in a browser.
#[component]
pub(super) fn FreshLink(
    /// The path that the server gave.
    path: String,
) -> impl IntoView {
    let toasts = use_toasts();
    let link = StoredValue::new(format!("{}{path}", browser::origin()));
    let copy = move |_| {
        spawn_local(async move {
            if browser::copy_text(&link.get_value()).await {
                toasts.good("The link is copied.");
            } else {
                toasts
                    .info("This browser does not allow copying here. Select the link and copy it yourself.");
            }
        });
    };
    view! {
        <Notice tone=Tone::Good title="Send this link to the person you invite">
            <p class="text-soft">"It is shown this one time, and one person can use it."</p>
            <div class="flex flex-wrap items-center gap-3 pt-2">
                <code class="min-w-0 flex-1 basis-64 rounded-sm bg-surface px-3 py-2 font-mono text-xs break-all">
                    {link.get_value()}
                </code>
                <Button on_click=copy>
                    <Icon name=IconName::Copy/>
                    "Copy link"
                </Button>
            </div>
        </Notice>
    }
}
