//! Identifiers: one type per thing, so that a key's id can never stand where a user's is meant.
//! They refuse to know how anything is stored; their text form is a UUID (RFC 9562, version 7).

use std::{fmt, str::FromStr};

use serde::{Deserialize, Serialize};
use uuid::{Builder, Uuid};

use crate::{Millis, Random};

/// The text was not a UUID.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("this is not a valid id")]
pub struct IdParseError;

macro_rules! id {
    ($($(#[$doc:meta])* $name:ident)+) => {$(
        $(#[$doc])*
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(transparent)]
        pub struct $name(Uuid);

        impl $name {
            /// A new id: 48 bits of `now` and 74 random bits, so that ids sort by age.
            pub fn make(now: Millis, random: &dyn Random) -> Self {
                let mut bytes = [0; 10];
                random.fill(&mut bytes);
                let millis = u64::try_from(now.0).unwrap_or(0);
                Self(Builder::from_unix_timestamp_millis(millis, &bytes).into_uuid())
            }

            /// The 16 bytes that enter authenticated contexts.
            pub fn as_bytes(&self) -> &[u8; 16] {
                self.0.as_bytes()
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.0.fmt(f)
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(f, "{}({})", stringify!($name), self.0)
            }
        }

        impl FromStr for $name {
            type Err = IdParseError;

            fn from_str(text: &str) -> Result<Self, IdParseError> {
                Uuid::parse_str(text).map(Self).map_err(|_| IdParseError)
            }
        }
    )+};
}

id! {
    /// A person with an account.
    UserId
    /// One signed-in browser.
    SessionId
    /// One stored provider key.
    KeyId
    /// A conversation.
    ConversationId
    /// A message; an answer's generation has the id of the message that it writes.
    MessageId
    /// An invitation to register.
    InvitationId
}

#[cfg(test)]
mod tests {
    use super::*;

    struct Zero;
    impl Random for Zero {
        fn fill(&self, bytes: &mut [u8]) {
            bytes.fill(0);
        }
    }

    #[test]
    fn ids_sort_by_age_and_survive_their_text_form() {
        let older = KeyId::make(Millis(1_000), &Zero);
        let newer = KeyId::make(Millis(2_000), &Zero);
        assert!(older < newer);
        assert_eq!(older.to_string().parse(), Ok(older));
        assert_eq!("not-an-id".parse::<KeyId>(), Err(IdParseError));
    }
}
