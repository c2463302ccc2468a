//! The vocabulary of Marshmallow, shared by browser and server.
//! It refuses to know databases, HTTP, ciphers and views: plain types and pure functions only.

#![cfg_attr(
    test,
    expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")
)]

mod account;
mod ambient;
mod audit;
mod budget;
mod bundle;
mod calendar;
mod chat;
mod consent;
mod credential;
mod diagnosis;
mod error;
mod finding;
mod form;
mod frame;
mod help_page;
mod ids;
mod inspection;
mod key;
mod leak;
mod life;
mod limits;
mod model;
mod money;
mod notice;
mod paste;
mod provider;
mod recognise;
mod replacement;
mod rest;
mod secret;
mod usage;

pub use account::{
    AccountSummary, InvitationSummary, RegistrationPolicy, RegistrationState, Role, SessionSummary,
};
pub use ambient::{Clock, Millis, Random};
pub use audit::{
    AUDIT_FORMAT, AuditAction, AuditCursor, AuditDetail, AuditExport, AuditFault, AuditFaultKind,
    AuditFilter, AuditHead, AuditKind, AuditLine, AuditPage, AuditRoot, ChainEntry, FIRST_PREV,
    INSTALLATION_CHAIN, ROOTS_CHAIN, Verifier, VerifyReport, chain_of, verify_export,
};
pub use budget::{Allowance, BudgetSubject, BudgetSummary, Period};
pub use bundle::{BundleChoice, BundleOutcome, BundleReview, BundleRow, BundleRowState, BundleStep};
pub use calendar::Calendar;
pub use chat::{Author, ConversationPage, ConversationSummary, ConversationView, MessageStatus, MessageView};
pub use consent::{
    Consent, ConsentOption, FallbackPolicy, FallbackRule, FallbackSettings, Pause, PlatformTerms,
};
pub use credential::{CredentialKind, CredentialLabel, Fallback, Receipt};
pub use diagnosis::{Diagnosis, Fault};
pub use error::{ErrorCode, PublicError};
pub use finding::Finding;
pub use form::judge_form;
pub use frame::{Frame, FrameBody, FrameReader};
pub use help_page::HelpPage;
pub use ids::{ConversationId, IdParseError, InvitationId, KeyId, MessageId, SessionId, UserId};
pub use inspection::KeyInspection;
pub use key::{KeyStatus, KeySummary, ProviderCard};
pub use leak::{Leak, find_keys, mask_keys};
pub use life::{KeyLife, life_words};
pub use limits::{LIMITS, Limits};
pub use model::{Abilities, ModelChoice, ModelId, ModelIdError, ModelSelection};
pub use money::{Cost, NanoDollars, NanoDollarsError, Price};
pub use notice::{KeyAge, Notice, NoticeBoard, NoticeCause, NoticedKey, Urgency, derive_notices};
pub use paste::{Paste, Pasted, read_paste};
pub use provider::{EndpointName, EndpointNameError, Provider};
pub use recognise::{KeyShape, Recognition, recognise};
pub use replacement::{Former, Proof, Replaced, WATCH_MS, next_watch, told_watch};
pub use rest::{Rest, TRIAL_MS};
pub use secret::{ApiKey, ApiKeyError};
pub use usage::{StopReason, Usage};
