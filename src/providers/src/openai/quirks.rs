//! In what the speakers of OpenAI's format differ, as one table. Nothing here is decided by a host name.

use marshmallow_core::Provider;

/// One speaker's habits.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Quirks {
    /// The field that bounds the answer. OpenAI's reasoning models refuse the old name; other servers know
    /// no other.
    pub(crate) limit_field: &'static str,
    /// The field that asks for token counts, and its content.
    pub(crate) usage_field: (&'static str, &'static str),
    /// The `id` of the first chunk is the call's id at this provider. Elsewhere a header holds it.
    pub(crate) has_id_in_body: bool,
}

/// The habits of a provider's servers.
pub(crate) fn quirks(provider: Provider) -> Quirks {
    match provider {
        Provider::OpenRouter => Quirks {
            limit_field: "max_tokens",
            usage_field: ("usage", "include"),
            has_id_in_body: true,
        },
        Provider::Custom => Quirks {
            limit_field: "max_tokens",
            usage_field: ("stream_options", "include_usage"),
            has_id_in_body: false,
        },
        _ => Quirks {
            limit_field: "max_completion_tokens",
            usage_field: ("stream_options", "include_usage"),
            has_id_in_body: false,
        },
    }
}
