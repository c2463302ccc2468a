//! The public name of a root secret, which stands in every sealed row.
//! It refuses to know the secret itself: 8 bytes of a keyed hash say which one, and nothing about it.

use std::{fmt, str::FromStr};

use crate::hex;

/// Digits of a kek id.
const DIGITS: usize = 16;

/// Says under which root secret a DEK was wrapped: 16 lower-case hex digits. Not a secret.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct KekId(String);

/// The text was not 16 lower-case hex digits.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("this is not a valid kek id")]
pub struct KekIdError;

impl KekId {
    /// The id that these first 8 bytes of the keyed hash spell.
    pub(crate) fn from_bytes(bytes: [u8; DIGITS / 2]) -> Self {
        Self(hex::encode(&bytes).to_string())
    }

    /// The id as text, as it stands in the database and in authenticated contexts.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for KekId {
    type Err = KekIdError;

    fn from_str(text: &str) -> Result<Self, KekIdError> {
        let fits = text.len() == DIGITS && text.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'));
        fits.then(|| Self(text.to_owned())).ok_or(KekIdError)
    }
}

impl fmt::Display for KekId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_id_survives_its_text_form() {
        let id = KekId::from_bytes([0, 1, 0x2f, 0xa0, 0xff, 9, 0x80, 0x7e]);
        assert_eq!(id.to_string(), "00012fa0ff09807e");
        assert_eq!("00012fa0ff09807e".parse(), Ok(id));
    }

    #[test]
    fn another_text_is_no_id() {
        for wrong in [
            "",
            "00012fa0ff09807",
            "00012fa0ff09807e0",
            "00012FA0FF09807E",
            "00012fa0ff09807g",
        ] {
            assert_eq!(wrong.parse::<KekId>(), Err(KekIdError), "{wrong}");
        }
    }
}
