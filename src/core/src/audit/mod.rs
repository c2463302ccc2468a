//! The audit trail's vocabulary: what can be recorded, how entries hang together, and how a chain is verified.
//! It refuses to know where entries are kept, and who may see them.

mod action;
mod chain;
mod line;
mod verify;

pub use action::{AuditAction, AuditKind};
pub use chain::{
    AUDIT_FORMAT, AuditHead, AuditRoot, ChainEntry, FIRST_PREV, INSTALLATION_CHAIN, ROOTS_CHAIN, chain_of,
};
pub use line::{AuditCursor, AuditDetail, AuditExport, AuditFilter, AuditLine, AuditPage};
pub use verify::{AuditFault, AuditFaultKind, Verifier, VerifyReport, verify_export};
