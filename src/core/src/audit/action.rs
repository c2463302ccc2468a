//! What an audit entry can tell of: a stable word for the database, and words for people.
//! To record something new, add a variant to the table; nothing else has to know it.

/// A kind of actions, by which people filter. The word before the dot of an action's slug says which.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum AuditKind {
    /// Changes and checks of stored keys.
    Key,
    /// Keys at work: answers, fallbacks, failures.
    Use,
    /// Budgets, and who pays when own keys cannot.
    Rule,
    /// Accounts, passwords and sign-ins.
    Account,
    /// The root secret.
    Root,
    /// The trail itself.
    Audit,
}

impl AuditKind {
    /// All kinds.
    pub const ALL: [AuditKind; 6] = [
        AuditKind::Key,
        AuditKind::Use,
        AuditKind::Rule,
        AuditKind::Account,
        AuditKind::Root,
        AuditKind::Audit,
    ];

    /// The word before the dot.
    pub fn slug(self) -> &'static str {
        match self {
            AuditKind::Key => "key",
            AuditKind::Use => "use",
            AuditKind::Rule => "rule",
            AuditKind::Account => "account",
            AuditKind::Root => "root",
            AuditKind::Audit => "audit",
        }
    }

    /// The words that people choose it by.
    pub fn title(self) -> &'static str {
        match self {
            AuditKind::Key => "Key changes and checks",
            AuditKind::Use => "Key use",
            AuditKind::Rule => "Budgets and rules",
            AuditKind::Account => "Account and sign-in",
            AuditKind::Root => "Root secret",
            AuditKind::Audit => "The record itself",
        }
    }

    /// The kind of a slug.
    pub fn from_slug(slug: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.slug() == slug)
    }

    /// The kind of a stored action, known to this version or not.
    pub fn of(action: &str) -> Option<Self> {
        Self::from_slug(action.split('.').next()?)
    }
}

macro_rules! actions {
    ($($(#[$doc:meta])* $name:ident = $slug:literal, $title:literal;)+) => {
        /// What was done.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
        pub enum AuditAction {
            $($(#[$doc])* $name),+
        }

        impl AuditAction {
            /// All actions.
            pub const ALL: &[AuditAction] = &[$(AuditAction::$name),+];

            /// The stable word stored in the database. The part before the dot is its kind.
            pub fn slug(self) -> &'static str {
                match self {
                    $(AuditAction::$name => $slug),+
                }
            }

            /// The words that people read.
            pub fn title(self) -> &'static str {
                match self {
                    $(AuditAction::$name => $title),+
                }
            }
        }
    };
}

actions! {
    /// A key was looked at before its owner decided whether to store it.
    KeyInspected = "key.inspect", "Key looked at";
    /// A key was checked, sealed and stored.
    KeyAdded = "key.add", "Key added";
    /// A key was typed in and not stored; the diagnosis says why.
    KeyRefused = "key.refuse", "Key refused";
    /// A stored key was checked at its provider.
    KeyChecked = "key.check", "Key checked";
    /// A stored key was checked at its provider by the schedule.
    KeyRechecked = "key.recheck", "Key checked by schedule";
    /// A key was given an end of its life, or none.
    KeyExpirySet = "key.expiry", "End of a key's life set";
    /// A key's life was over.
    KeyExpired = "key.expired", "Key's life ended";
    /// A key was switched on.
    KeySwitchedOn = "key.switch_on", "Key switched on";
    /// A key was switched off.
    KeySwitchedOff = "key.switch_off", "Key switched off";
    /// A key got another name.
    KeyRenamed = "key.rename", "Key renamed";
    /// The order in which keys are tried was changed.
    KeysReordered = "key.reorder", "Keys put in order";
    /// A key's data key was wrapped under another root secret.
    KeyRewrapped = "key.rewrap", "Key moved to the new root secret";
    /// A key was removed, with all that was sealed of it.
    KeyRemoved = "key.remove", "Key removed";
    /// Another key took the place of this one.
    KeyReplaced = "key.replace", "Key replaced";
    /// A replaced key was taken back into use.
    KeyTakenBack = "key.take_back", "Replaced key taken back into use";
    /// The provider refuses a replaced key; what was sealed of it is deleted.
    KeyFoundDead = "key.found_dead", "Old key no longer works";
    /// The watch over a replaced key ended, and its provider still accepted it.
    KeyFoundAlive = "key.found_alive", "Old key still works";
    /// The watch over a replaced key ended without a proof.
    KeyFateUnknown = "key.fate_unknown", "Old key: not known whether it still works";
    /// A key left this server in a bundle that is sealed under a passphrase.
    KeyExported = "key.export", "Key exported";
    /// Somebody asked for an export and did not know the account's password.
    KeyExportRefused = "key.export_refused", "Export of keys refused";
    /// A stored key did not open.
    KeyDidNotOpen = "key.does_not_open", "Key did not open";
    /// A key was marked as invalid or expired, because its provider said so in a chat.
    KeyFailedInChat = "key.failed_in_chat", "Key marked as not working";
    /// A key served an answer.
    KeyUsed = "use.answer", "Key used for an answer";
    /// A key could not serve an answer, and another credential took over.
    KeyFellBack = "use.fall_back", "Key passed over";
    /// A key could not serve an answer, and none took over.
    KeyUseFailed = "use.fail", "Key failed in an answer";
    /// A budget was set.
    BudgetSet = "rule.budget", "Budget set";
    /// Somebody chose what happens when their own keys cannot serve.
    FallbackChosen = "rule.fallback", "Fallback rule chosen";
    /// An administrator set what the platform grants, and everyone's first rule.
    PlatformTermsSet = "rule.terms", "Platform terms set";
    /// An administrator bounded the life that anybody may give a key.
    KeyLifeBounded = "rule.key_life", "Longest life of keys set";
    /// An account was made.
    AccountCreated = "account.created", "Account created";
    /// An account was deleted, with all that belonged to it.
    AccountDeleted = "account.delete", "Account deleted";
    /// A new password was set.
    PasswordChanged = "account.change_password", "Password changed";
    /// Somebody signed in.
    SignedIn = "account.sign_in", "Signed in";
    /// Somebody tried to sign in and did not know the password, or there is no such account.
    SignInFailed = "account.sign_in_failed", "Sign-in failed";
    /// New keys are sealed under another root secret from here on.
    RootSwitched = "root.switch", "Root secret switched";
    /// Nothing is sealed under the former root secret any more.
    RootReplaced = "root.replaced", "Root secret replaced";
    /// The trail was downloaded.
    AuditExported = "audit.export", "Record downloaded";
    /// A root entry: the heads of all chains at a moment.
    AuditRooted = "audit.root", "Chains tied together";
}

impl AuditAction {
    /// The action of a stored word; none for one that another version wrote.
    pub fn from_slug(slug: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|action| action.slug() == slug)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_slug_is_unique_leads_back_and_has_a_kind() {
        for (place, action) in AuditAction::ALL.iter().enumerate() {
            assert_eq!(AuditAction::from_slug(action.slug()), Some(*action));
            assert!(AuditKind::of(action.slug()).is_some(), "{action:?}");
            assert!(
                !AuditAction::ALL[..place]
                    .iter()
                    .any(|other| other.title() == action.title())
            );
        }
        assert_eq!(AuditAction::from_slug("key.added"), None);
        assert_eq!(AuditKind::of("teapot.boil"), None);
    }
}
