//! Many keys at once, out of a pasted text or `.env` file: each is found on this device, checked at its provider,
//! and shown with what was found; only what its owner then chooses is stored. Lines that hold no key are not sent.

use leptos::{prelude::*, task::spawn_local};
use marshmallow_core::{ApiKey, KeySummary, LIMITS, Paste, Provider, read_paste};

use super::{
    board::Board,
    review::{Found, ReviewList},
};
use crate::{
    api::keys,
    format::counted,
    ui::{Button, TextArea, use_toasts},
};

/// A key of the text, and its row in the list.
#[derive(Clone, Copy)]
struct PastedKey {
    row: Found,
    /// The key, until it is stored or put away.
    key: StoredValue<Option<ApiKey>>,
}

impl PastedKey {
    fn all_of(paste: Paste, first: usize) -> Vec<Self> {
        let keys = paste.keys.into_iter().zip(first..);
        keys.map(|(pasted, number)| {
            let name = pasted.name.chars().take(LIMITS.label_max_chars).collect();
            Self {
                row: Found::new(number, pasted.provider, name, pasted.key.last_four()),
                key: StoredValue::new(Some(pasted.key)),
            }
        })
        .collect()
    }

    fn slug(self) -> String {
        self.row.provider.map_or("", Provider::slug).to_owned()
    }

    fn text(self) -> Option<String> {
        self.key
            .with_value(|key| key.as_ref().map(|key| key.expose_secret().to_owned()))
    }

    async fn inspect(self) {
        let Some(key) = self.text() else { return };
        self.row.learn(keys::inspect_key(self.slug(), key).await);
    }

    /// Stores the key; it leaves this page's memory when that is done.
    async fn store(self) -> Option<KeySummary> {
        let key = self.text()?;
        let label = self.row.name.get_value();
        let stored = keys::add_key(
            self.slug(),
            key,
            label,
            String::new(),
            String::new(),
            String::new(),
            String::new(),
        )
        .await;
        let summary = stored.as_ref().ok().cloned();
        if summary.is_some() {
            self.key.set_value(None);
        }
        self.row.settle(stored);
        summary
    }
}

/// What is said about a text in which keys were looked for.
fn told(found: usize, left_out: usize) -> String {
    match (found, left_out) {
        (0, _) => "No key was found in this text.".to_owned(),
        (found, 0) => format!("{} found.", counted(found as u64, "key", "keys")),
        (found, left_out) => format!(
            "{} found; {left_out} more are left out. Paste those afterwards.",
            counted(found as u64, "key", "keys")
        ),
    }
}

/// The field for the text, and what was found in it.
#[component]
pub(super) fn Import(board: Board) -> impl IntoView {
    let toasts = use_toasts();
    let text = RwSignal::new(String::new());
    let found = RwSignal::new(Vec::<PastedKey>::new());
    let news = RwSignal::new(String::new());
    // Rows are told apart by number: the same key, pasted again, is looked at again.
    let count = StoredValue::new(0_usize);
    let is_checking = RwSignal::new(false);
    let is_storing = RwSignal::new(false);
    let is_busy = Signal::derive(move || is_checking.get() || is_storing.get());
    let read = move |_| {
        let paste = read_paste(&text.get_untracked());
        news.set(told(paste.keys.len(), paste.left_out));
        if paste.keys.is_empty() {
            return;
        }
        text.set(String::new());
        let all = PastedKey::all_of(paste, count.get_value());
        count.update_value(|count| *count += all.len());
        found.set(all.clone());
        is_checking.set(true);
        spawn_local(async move {
            for one in all {
                one.inspect().await;
            }
            is_checking.set(false);
        });
    };
    let store = move |()| {
        is_storing.set(true);
        let all = found.get_untracked();
        spawn_local(async move {
            let mut count = 0;
            for one in all.into_iter().filter(|one| one.row.is_chosen.get_untracked()) {
                if let Some(summary) = one.store().await {
                    board.put(summary);
                    count += 1;
                }
            }
            is_storing.set(false);
            if count > 0 {
                toasts.good(format!(
                    "{} sealed and ready.",
                    counted(count, "key is", "keys are")
                ));
            }
        });
    };
    let put_away = move |()| {
        found.set(Vec::new());
        news.set(String::new());
    };
    view! {
        <div class="space-y-4">
            <TextArea
                label="Keys or .env file"
                name="paste"
                value=text
                placeholder="OPENAI_API_KEY=sk-proj-…"
                hint="One key a line. Lines without a key are not sent anywhere."
                is_secret=true
            />
            <Button loading=is_busy on_click=read>"Find and check"</Button>
            <p role="status" class="text-sm text-soft empty:hidden">{move || news.get()}</p>
            <ReviewList
                found=Signal::derive(move || found.read().iter().map(|one| one.row).collect())
                is_busy=is_busy
                on_store=store
                on_put_away=put_away
            />
        </div>
    }
}

#[cfg(test)]
mod tests {
    use super::told;

    #[test]
    fn what_was_found_is_told_with_what_was_left_out() {
        assert_eq!(told(0, 0), "No key was found in this text.");
        assert_eq!(told(1, 0), "1 key found.");
        assert!(told(12, 3).contains("3 more are left out"));
    }
}
