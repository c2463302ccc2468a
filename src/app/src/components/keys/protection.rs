//! How keys are protected, in plain and honest words. It refuses to promise more than the design
//! keeps.

use leptos::prelude::*;

use crate::ui::{Card, Disclosure, Icon, IconName};

const PROMISES: [(&str, &str); 5] = [
    (
        "Sealed before it is stored.",
        "A key is sealed with AES-256-GCM under a key of your own, derived from a root secret that is not in the \
         database. Who steals the database alone can read nothing.",
    ),
    (
        "Never shown again.",
        "After it is sent, only its last four characters come back to any screen.",
    ),
    (
        "Sent to one address only.",
        "It goes to the address shown beside it, over an encrypted connection wherever that address has one, and \
         nowhere else.",
    ),
    (
        "Yours alone.",
        "Administrators cannot read it either: no page and no command of Marshmallow hands out a key.",
    ),
    (
        "What this cannot prevent.",
        "Someone who holds both the database and the root secret, or who controls this server while it runs, could \
         open your keys. Give each key a spend limit at its provider, and revoke it there if in doubt.",
    ),
];

/// The card with the quiet line that opens the words.
#[component]
pub(super) fn Protection() -> impl IntoView {
    let promises = PROMISES
        .map(|(title, text)| {
            view! {
                <div>
                    <dt class="font-medium">{title}</dt>
                    <dd class="text-soft">{text}</dd>
                </div>
            }
        })
        .collect_view();
    view! {
        <Card>
            <Disclosure summary=|| {
                view! {
                    <Icon name=IconName::Shield/>
                    "How your keys are protected"
                }
            }>
                <dl class="max-w-measure space-y-3 text-sm">{promises}</dl>
            </Disclosure>
        </Card>
    }
}
