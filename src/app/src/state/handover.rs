//! What one page hands to the next within the same window: a key that was typed in the wrong place, and the
//! message it stood in. In memory alone: it stands in no address, no storage and no history, and is given once.

use leptos::prelude::*;
use marshmallow_core::ApiKey;

/// The hand between two pages.
#[derive(Clone, Copy)]
pub struct Handover {
    key: StoredValue<Option<ApiKey>>,
    draft: StoredValue<Option<String>>,
}

/// Provides an empty hand to all pages.
pub fn provide_handover() {
    provide_context(Handover {
        key: StoredValue::new(None),
        draft: StoredValue::new(None),
    });
}

/// The hand; an empty one where nobody has provided any.
pub fn use_handover() -> Handover {
    use_context().unwrap_or_else(|| Handover {
        key: StoredValue::new(None),
        draft: StoredValue::new(None),
    })
}

impl Handover {
    /// Keeps a key for the form that stores keys, and the rest of the message for the composer.
    pub fn put(self, key: ApiKey, draft: String) {
        self.key.set_value(Some(key));
        self.draft.set_value((!draft.is_empty()).then_some(draft));
    }

    /// Gives the key, once.
    pub fn take_key(self) -> Option<ApiKey> {
        self.key.try_update_value(Option::take).flatten()
    }

    /// Gives the message, once.
    pub fn take_draft(self) -> Option<String> {
        self.draft.try_update_value(Option::take).flatten()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn everything_is_given_once() {
        let owner = Owner::new();
        owner.with(|| {
            provide_handover();
            let key = ApiKey::parse("sk-proj-0123456789".into()).unwrap();
            use_handover().put(key, "the rest".into());
            let taken = use_handover().take_key();
            assert_eq!(
                taken.as_ref().map(ApiKey::expose_secret),
                Some("sk-proj-0123456789")
            );
            assert!(use_handover().take_key().is_none());
            assert_eq!(use_handover().take_draft().as_deref(), Some("the rest"));
            assert_eq!(use_handover().take_draft(), None);
        });
    }
}
