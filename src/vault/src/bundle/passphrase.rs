//! A passphrase: the one thing that opens a bundle. Normalised, so that it can be typed on another keyboard; bounded, so
//! that reading it stays cheap. It refuses to be printed, and is wiped when dropped.

use std::fmt;

use marshmallow_core::{LIMITS, Random};
use unicode_normalization::UnicodeNormalization;
use zeroize::Zeroizing;

/// 32 letters and digits that look like no other: five bits each.
const LETTERS: &[u8; 32] = b"abcdefghijkmnpqrstuvwxyz23456789";
const GROUPS: usize = 6;
const LETTERS_PER_GROUP: usize = 4;

/// A passphrase in Unicode's form NFKC. Nothing else is done to it: blanks and case count.
pub struct Passphrase(Zeroizing<String>);

/// Why a text is no passphrase.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum PassphraseError {
    /// Nothing at all.
    #[error("no passphrase was entered")]
    Empty,
    /// Fewer characters than a new bundle takes.
    #[error("the passphrase is too short")]
    TooShort,
    /// The same few characters again and again.
    #[error("the passphrase has too few different characters")]
    TooPlain,
    /// More bytes than are read.
    #[error("the passphrase is too long")]
    TooLong,
}

impl Passphrase {
    /// Reads what was typed to open a bundle, which may have been made elsewhere: any length that is bounded. The text
    /// handed in is wiped.
    pub fn parse(typed: String) -> Result<Self, PassphraseError> {
        let typed = Zeroizing::new(typed);
        if typed.is_empty() {
            return Err(PassphraseError::Empty);
        }
        if typed.len() > LIMITS.passphrase_max_bytes {
            return Err(PassphraseError::TooLong);
        }
        // Reserved in full: a text that grew would leave a part of the passphrase in the memory it gave up.
        let length = typed.nfkc().map(char::len_utf8).sum();
        let mut normal = Zeroizing::new(String::with_capacity(length));
        normal.extend(typed.nfkc());
        Ok(Self(normal))
    }

    /// Reads what was typed to seal a new bundle, which everybody who gets the file can try to guess at leisure.
    pub fn choose(typed: String) -> Result<Self, PassphraseError> {
        let passphrase = Self::parse(typed)?;
        if passphrase.0.chars().count() < LIMITS.passphrase_min_chars {
            return Err(PassphraseError::TooShort);
        }
        let is_first =
            |(place, letter): &(usize, char)| !passphrase.0.chars().take(*place).any(|c| c == *letter);
        let different = passphrase.0.chars().enumerate().filter(is_first).count();
        if different < LIMITS.passphrase_min_chars / 2 {
            return Err(PassphraseError::TooPlain);
        }
        Ok(passphrase)
    }

    /// A passphrase of 120 random bits, in groups that can be read aloud: `kq7m-x3fa-…`.
    pub fn make(random: &dyn Random) -> Self {
        let mut bytes = Zeroizing::new([0; GROUPS * LETTERS_PER_GROUP]);
        random.fill(bytes.as_mut_slice());
        let mut text = Zeroizing::new(String::with_capacity(GROUPS * (LETTERS_PER_GROUP + 1)));
        for (place, byte) in bytes.iter().enumerate() {
            if place > 0 && place % LETTERS_PER_GROUP == 0 {
                text.push('-');
            }
            // 32 divides 256, so every letter is as likely as any other.
            text.push(char::from(LETTERS[usize::from(byte % 32)]));
        }
        Self(text)
    }

    /// The passphrase itself: for the derivation, and to be shown once to the person it was made for.
    pub fn expose_secret(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for Passphrase {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Passphrase(redacted)")
    }
}
