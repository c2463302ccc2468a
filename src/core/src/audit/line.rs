//! Audit entries as people see and download them: lines, pages, filters, and the file to be verified.
//! They hold ids, labels, last characters, providers and diagnoses; never a secret.

use std::{fmt, str::FromStr};

use serde::{Deserialize, Serialize};

use super::chain::{AuditHead, ChainEntry};
use crate::{CredentialKind, IdParseError, KeyId, MessageId, Millis, ModelId, Provider, Role};

/// What an entry says beside its action. Words of ours only, never what a provider wrote.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct AuditDetail {
    /// A diagnosis or another word of ours.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub said: Option<String>,
    /// The key's provider.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub provider: Option<Provider>,
    /// The owner's name for the key.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub label: Option<String>,
    /// The key's last four characters.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub last_four: Option<String>,
    /// Whose credential it was.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub credential: Option<CredentialKind>,
    /// The model that was asked for.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub model: Option<ModelId>,
    /// The answer that the key was used for.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub message: Option<MessageId>,
    /// The role that an account was given.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub role: Option<Role>,
    /// The network address that it was done from.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub address: Option<String>,
}

impl AuditDetail {
    /// Nothing but a word.
    pub fn saying(word: &str) -> Self {
        Self {
            said: (!word.is_empty()).then(|| word.to_owned()),
            ..Self::default()
        }
    }

    /// As it is stored.
    pub fn to_json(&self) -> String {
        serde_json::to_string(self).unwrap_or_else(|_| "{}".to_owned())
    }

    /// Out of what is stored; what this version does not know is passed over.
    pub fn from_json(json: &str) -> Self {
        serde_json::from_str(json).unwrap_or_default()
    }
}

/// Where a page ends, so that the next one begins behind it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AuditCursor {
    /// The time of the last entry of the page.
    pub at: Millis,
    /// Its number.
    pub seq: i64,
    /// Its chain.
    pub chain: String,
}

impl fmt::Display for AuditCursor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}_{}_{}", self.at.0, self.seq, self.chain)
    }
}

impl FromStr for AuditCursor {
    type Err = IdParseError;

    fn from_str(text: &str) -> Result<Self, IdParseError> {
        let mut parts = text.splitn(3, '_');
        let mut number = || {
            parts
                .next()
                .and_then(|part| part.parse().ok())
                .ok_or(IdParseError)
        };
        let (at, seq) = (number()?, number()?);
        let chain = parts
            .next()
            .filter(|chain| chain.len() <= 40)
            .ok_or(IdParseError)?;
        Ok(Self {
            at: Millis(at),
            seq,
            chain: chain.to_owned(),
        })
    }
}

/// Which entries are asked for. The default asks for all.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct AuditFilter {
    /// Only this kind.
    pub kind: Option<super::AuditKind>,
    /// Only what was done to this key.
    pub key: Option<KeyId>,
    /// Only from this moment on.
    pub since: Option<Millis>,
}

/// One entry for people.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AuditLine {
    /// Its place.
    pub cursor: AuditCursor,
    /// The slug of what was done.
    pub action: String,
    /// The id of what it was done to.
    pub subject: Option<String>,
    /// More about it.
    pub detail: AuditDetail,
    /// Whose entry it is; only administrators who look at everyone's are told. None for the installation's own.
    pub person: Option<String>,
}

/// A page of entries, newest first.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct AuditPage {
    /// The entries.
    pub lines: Vec<AuditLine>,
    /// Whether older ones follow.
    pub has_more: bool,
}

/// The downloaded trail: whole chains, so that it can be verified without the server.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AuditExport {
    /// Always `marshmallow-audit`.
    pub format: String,
    /// The version of the file's form.
    pub version: u32,
    /// When it was made.
    pub exported_at: Millis,
    /// The last entry of each chain that the file holds, as the server knew it when the file was begun.
    pub heads: Vec<AuditHead>,
    /// The entries, chain by chain, oldest first.
    pub entries: Vec<ChainEntry>,
}

impl AuditExport {
    /// What `format` says.
    pub const FORMAT: &str = "marshmallow-audit";
    /// What `version` says.
    pub const VERSION: u32 = 1;
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cursor_survives_its_text_form() {
        let cursor = AuditCursor {
            at: Millis(5),
            seq: 7,
            chain: "installation".into(),
        };
        assert_eq!(cursor.to_string().parse(), Ok(cursor));
        for wrong in ["", "1", "1_2", "a_2_x", "1__x"] {
            assert!(wrong.parse::<AuditCursor>().is_err(), "{wrong}");
        }
    }

    #[test]
    fn details_of_older_and_newer_versions_are_read() {
        assert_eq!(AuditDetail::from_json("{}"), AuditDetail::default());
        assert_eq!(
            AuditDetail::from_json(r#"{"said":"valid","new":1}"#),
            AuditDetail::saying("valid")
        );
        assert_eq!(AuditDetail::saying("").to_json(), "{}");
        assert_eq!(AuditDetail::saying("valid").to_json(), r#"{"said":"valid"}"#);
    }
}
