//! People, their roles and their signed-in browsers, as far as a browser may know them.

use std::str::FromStr;

use serde::{Deserialize, Serialize};

use crate::{InvitationId, Millis, SessionId, UserId};

/// What a person may do.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Role {
    /// Runs the installation. Can never read or use another person's keys or conversations.
    Administrator,
    /// Uses the installation.
    User,
}

impl Role {
    /// The word stored in the database.
    pub fn slug(self) -> &'static str {
        match self {
            Role::Administrator => "administrator",
            Role::User => "user",
        }
    }

    /// The role of a stored word; whatever is unknown has the least rights.
    pub fn from_slug(slug: &str) -> Self {
        if slug == "administrator" {
            Role::Administrator
        } else {
            Role::User
        }
    }
}

/// The signed-in person.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AccountSummary {
    /// Their id.
    pub id: UserId,
    /// Their e-mail address, as they typed it.
    pub email: String,
    /// The name that they go by.
    pub name: String,
    /// What they may do.
    pub role: Role,
}

/// Who may register after the first account exists.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RegistrationPolicy {
    /// Anyone who reaches the page.
    Open,
    /// Holders of an invitation link.
    Invitation,
    /// Nobody.
    Closed,
}

impl FromStr for RegistrationPolicy {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        match text {
            "open" => Ok(Self::Open),
            "invitation" => Ok(Self::Invitation),
            "closed" => Ok(Self::Closed),
            other => Err(format!("'{other}' is none of: open, invitation, closed")),
        }
    }
}

/// What the registration page has to know.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct RegistrationState {
    /// The policy in force.
    pub policy: RegistrationPolicy,
    /// Whether nobody has registered yet: the first account becomes the administrator.
    pub is_first_account: bool,
}

/// One signed-in browser.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SessionSummary {
    /// Its id, which is not its token.
    pub id: SessionId,
    /// Whether this is the browser that asks.
    pub is_current: bool,
    /// The browser's own description of itself, shortened.
    pub user_agent: String,
    /// The network address at sign-in.
    pub address: String,
    /// When it signed in.
    pub created_at: Millis,
    /// When it was last seen, to the minute.
    pub last_seen: Millis,
}

/// An invitation, as administrators see it. Its link is shown once, when it is made.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct InvitationSummary {
    /// Its id.
    pub id: InvitationId,
    /// When it was made.
    pub created_at: Millis,
    /// When it ends.
    pub expires_at: Millis,
    /// When somebody registered with it.
    pub used_at: Option<Millis>,
}
