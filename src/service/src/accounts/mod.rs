//! Accounts: registering, signing in and out, passwords.
//! It refuses to tell whether an account exists, and to keep a password or token in readable form.

mod input;
mod invitations;
mod password;
mod sessions;
mod throttle;

use marshmallow_core::{
    AccountSummary, AuditAction, AuditDetail, ErrorCode, PublicError, RegistrationPolicy, RegistrationState,
    SessionId, UserId,
};
use marshmallow_store::{Admission, AuditEntry, CreateUserError, NewUser, UserRecord};
use zeroize::Zeroizing;

pub use sessions::SessionToken;

use crate::{Base, ServiceError};
use throttle::Throttle;

/// Where a request came from, as far as it may be kept.
#[derive(Debug, Clone, Default)]
pub struct Caller {
    /// The network address.
    pub address: String,
    /// The browser's description of itself.
    pub user_agent: String,
}

/// A signed-in person, in the browser that asks.
#[derive(Debug, Clone)]
pub struct SignedIn {
    /// The person.
    pub account: AccountSummary,
    /// The browser.
    pub session: SessionId,
}

/// The use cases of accounts.
pub struct Accounts {
    base: Base,
    throttle: Throttle,
}

impl Accounts {
    pub(crate) fn new(base: Base) -> Self {
        Self {
            base,
            throttle: Throttle::new(),
        }
    }

    /// What the registration page has to know.
    pub async fn registration(&self) -> Result<RegistrationState, ServiceError> {
        let is_first_account = self.base.store.user_count().await? == 0;
        Ok(RegistrationState {
            policy: self.base.config.registration,
            is_first_account,
        })
    }

    /// Makes an account and signs it in. The first one becomes the administrator.
    pub async fn register(
        &self,
        email: &str,
        name: &str,
        password: String,
        invitation: &str,
        caller: Caller,
    ) -> Result<SessionToken, ServiceError> {
        let password = Zeroizing::new(password);
        self.throttle.check_address(&caller.address)?;
        let email = input::email(email)?;
        let name = input::name(name)?;
        input::new_password(&password, &email, &name)?;
        let admission = match self.base.config.registration {
            RegistrationPolicy::Open => Admission::Open,
            RegistrationPolicy::Invitation if invitation.is_empty() => Admission::Closed,
            RegistrationPolicy::Invitation => Admission::Invitation {
                token_hash: sessions::token_hash(invitation),
            },
            RegistrationPolicy::Closed => Admission::Closed,
        };
        let now = self.base.clock.now();
        let mut kek_salt = [0; 16];
        self.base.random.fill(&mut kek_salt);
        let user = NewUser {
            id: UserId::make(now, self.base.random.as_ref()),
            email,
            name,
            password_hash: password::hash(password, self.base.random.clone()).await?,
            kek_salt,
            created_at: now,
        };
        let id = user.id;
        self.base
            .store
            .create_user(user, admission)
            .await
            .map_err(|error| self.refuse_registration(error))?;
        self.begin_session(id, caller).await
    }

    fn refuse_registration(&self, error: CreateUserError) -> ServiceError {
        let (message, next_step) = match error {
            CreateUserError::Store(inner) => return inner.into(),
            CreateUserError::EmailTaken => (
                "This account could not be made.",
                "If you registered before, sign in. Otherwise use another e-mail address.",
            ),
            CreateUserError::InvitationInvalid => (
                "This invitation is not valid: it was used, taken back, or is too old.",
                "Ask your administrator for a new link.",
            ),
            CreateUserError::Closed => match self.base.config.registration {
                RegistrationPolicy::Invitation => (
                    "Registration here needs an invitation.",
                    "Open the invitation link that your administrator gave you.",
                ),
                _ => (
                    "Registration is closed on this server.",
                    "Ask your administrator for an account.",
                ),
            },
        };
        PublicError::new(ErrorCode::RegistrationRefused, message, next_step).into()
    }

    /// Signs in. Takes as long for an account that does not exist as for a wrong password.
    pub async fn sign_in(
        &self,
        email: &str,
        password: String,
        caller: Caller,
    ) -> Result<SessionToken, ServiceError> {
        let password = Zeroizing::new(password);
        let email_lower = email.trim().to_lowercase();
        self.throttle.check_address(&caller.address)?;
        self.throttle.check_account(&email_lower)?;
        let found = match input::email(email) {
            Ok(_) => self.base.store.user_by_email(&email_lower).await?,
            Err(_) => None,
        };
        let is_right =
            password::verify(password, found.as_ref().map(|user| user.password_hash.clone())).await?;
        match found {
            Some(user) if is_right => self.begin_session(user.id, caller).await,
            found => {
                let user = found.map(|user| user.id);
                let entry = AuditEntry {
                    at: self.base.clock.now(),
                    user,
                    action: AuditAction::SignInFailed,
                    subject: user.map(|user| user.to_string()),
                    detail: from(&caller).to_json(),
                };
                self.base.store.record(&entry).await?;
                Err(wrong_credentials().into())
            }
        }
    }

    /// Sets a new password and signs all other browsers out.
    pub async fn change_password(
        &self,
        signed_in: &SignedIn,
        current: String,
        new: String,
        caller: Caller,
    ) -> Result<(), ServiceError> {
        let new = Zeroizing::new(new);
        let account = &signed_in.account;
        self.confirm(account, current, &caller).await?;
        input::new_password(&new, &account.email, &account.name)?;
        let hash = password::hash(new, self.base.random.clone()).await?;
        let entry = AuditEntry {
            at: self.base.clock.now(),
            user: Some(account.id),
            action: AuditAction::PasswordChanged,
            subject: Some(account.id.to_string()),
            detail: from(&caller).to_json(),
        };
        self.base
            .store
            .set_password(account.id, &hash, Some(signed_in.session), &entry)
            .await?;
        Ok(())
    }

    /// Refuses unless the password is the person's.
    pub(crate) async fn confirm(
        &self,
        account: &AccountSummary,
        password: String,
        caller: &Caller,
    ) -> Result<(), ServiceError> {
        let password = Zeroizing::new(password);
        self.throttle.check_address(&caller.address)?;
        self.throttle.check_account(&account.email.to_lowercase())?;
        let user = self
            .base
            .store
            .user(account.id)
            .await?
            .ok_or_else(PublicError::sign_in_needed)?;
        if password::verify(password, Some(user.password_hash)).await? {
            return Ok(());
        }
        Err(PublicError::new(
            ErrorCode::WrongCredentials,
            "The current password is not right.",
            "Type it again.",
        )
        .into())
    }
}

fn wrong_credentials() -> PublicError {
    PublicError::new(
        ErrorCode::WrongCredentials,
        "E-mail address and password do not fit together.",
        "Check both and try again.",
    )
}

/// What an entry says of where a request came from.
fn from(caller: &Caller) -> AuditDetail {
    AuditDetail {
        address: (!caller.address.is_empty()).then(|| caller.address.clone()),
        ..AuditDetail::default()
    }
}

/// The stored account as its owner sees it.
fn summary(user: UserRecord) -> AccountSummary {
    AccountSummary {
        id: user.id,
        email: user.email,
        name: user.name,
        role: user.role,
    }
}
