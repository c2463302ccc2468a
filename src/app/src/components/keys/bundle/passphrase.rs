//! A passphrase that was made for somebody: shown once, ready to copy.

use leptos::{prelude::*, task::spawn_local};

use crate::{
    state::browser,
    ui::{Button, Icon, IconName, Notice, Tone, use_toasts},
};

/// A passphrase with its copy button. It is made by a click, so only ever in a browser.
#[component]
pub(super) fn FreshPassphrase(
    /// The passphrase.
    text: String,
) -> impl IntoView {
    let toasts = use_toasts();
    let text = StoredValue::new(text);
    let copy = move |_| {
        spawn_local(async move {
            if browser::copy_text(&text.get_value()).await {
                toasts.good("The passphrase is copied.");
            } else {
                toasts.info(
                    "This browser does not allow copying here. Select the passphrase and copy it yourself.",
                );
            }
        });
    };
    view! {
        <Notice tone=Tone::Warning title="Keep this passphrase, apart from the file">
            <p>"It is shown this one time and stored nowhere. Without it nobody can open the file, not even this server."</p>
            <div class="flex flex-wrap items-center gap-3 pt-2">
                <code class="min-w-0 flex-1 basis-64 rounded-sm bg-surface px-3 py-2 font-mono text-sm break-all">
                    {text.get_value()}
                </code>
                <Button on_click=copy>
                    <Icon name=IconName::Copy/>
                    "Copy passphrase"
                </Button>
            </div>
        </Notice>
    }
}
