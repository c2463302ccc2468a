//! Export and import of keys in sealed files, behind one quiet line.

mod export;
mod import;
mod opened;
mod passphrase;

use leptos::{prelude::*, server::ServerActionError, server_fn::error::ServerFnUrlError};

use self::{export::ExportForm, import::ImportForm};
use super::board::Board;
use crate::{
    api::{ApiError, EXPORT_KEYS_PATH},
    ui::{Card, Disclosure},
};

/// The line, and what it opens.
#[component]
pub(super) fn Bundles(board: Board) -> impl IntoView {
    let posted = refusal_of_post();
    view! {
        <Card title="Move keys">
            <Disclosure
                open=posted.is_some()
                summary=|| view! { <span class="font-medium text-ink">"Export or import keys"</span> }
            >
                <div class="space-y-8">
                    <ExportForm board=board refusal=posted/>
                    <ImportForm board=board/>
                </div>
            </Disclosure>
        </Card>
    }
}

/// Why an export was refused that was posted without a script, which leads back to this page.
fn refusal_of_post() -> Option<ApiError> {
    let posted = use_context::<ServerActionError>()?;
    (posted.path() == EXPORT_KEYS_PATH).then(|| ServerFnUrlError::<ApiError>::decode_err(posted.err()))
}
