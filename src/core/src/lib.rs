//! The vocabulary of Marshmallow, shared by browser and server.
//! It refuses to know databases, HTTP, ciphers and views: plain types and pure functions only.

#![cfg_attr(
    test,
    expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")
)]

mod account;
mod ambient;
mod audit;
mod calendar;
mod chat;
mod credential;
mod diagnosis;
mod error;
mod frame;
mod ids;
mod key;
mod limits;
mod model;
mod money;
mod provider;
mod recognise;
mod secret;
mod usage;

pub use account::{
    AccountSummary, InvitationSummary, RegistrationPolicy, RegistrationState, Role, SessionSummary,
};
pub use ambient::{Clock, Millis, Random};
pub use audit::{
    AUDIT_FORMAT, AuditAction, AuditCursor, AuditDetail, AuditExport, AuditFilter, AuditHead, AuditKind,
    AuditLine, AuditPage, AuditRoot, ChainEntry, FIRST_PREV, Finding, FindingKind, INSTALLATION_CHAIN,
    ROOTS_CHAIN, Verifier, VerifyReport, chain_of, verify_export,
};
pub use calendar::Calendar;
pub use chat::{Author, ConversationPage, ConversationSummary, ConversationView, MessageStatus, MessageView};
pub use credential::{CredentialKind, CredentialLabel, Fallback, Receipt};
pub use diagnosis::{Diagnosis, Fault};
pub use error::{ErrorCode, PublicError};
pub use frame::{Frame, FrameBody, FrameReader};
pub use ids::{ConversationId, IdParseError, InvitationId, KeyId, MessageId, SessionId, UserId};
pub use key::{KeyStatus, KeySummary, ProviderCard};
pub use limits::{LIMITS, Limits};
pub use model::{Abilities, ModelChoice, ModelId, ModelIdError, ModelSelection};
pub use money::{Cost, NanoDollars, Price};
pub use provider::{EndpointName, EndpointNameError, Provider};
pub use recognise::{KeyShape, Recognition, recognise};
pub use secret::{ApiKey, ApiKeyError};
pub use usage::{StopReason, Usage};
