//! Signed-in browsers. The token is 256 random bits in a cookie; the database holds its SHA-256 only.

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use marshmallow_core::{AuditAction, PublicError, Random, SessionId, SessionSummary, UserId};
use marshmallow_store::{AuditEntry, NewSession};
use sha2::{Digest, Sha256};
use zeroize::Zeroizing;

use super::{Accounts, Caller, SignedIn, summary};
use crate::ServiceError;

/// A session ends this long after it was last seen, in milliseconds.
const LIFE_MS: i64 = 30 * 24 * 60 * 60 * 1_000;
/// A session's last sight is stored at most this often, in milliseconds.
const TOUCH_MS: i64 = 60 * 1_000;

/// What a browser's cookie holds. Not printable.
pub struct SessionToken(Zeroizing<String>);

impl SessionToken {
    /// The token itself, for the cookie.
    pub fn expose_secret(&self) -> &str {
        &self.0
    }
}

/// 256 random bits as 43 characters that fit into a cookie or a link.
pub(super) fn make_token(random: &dyn Random) -> Zeroizing<String> {
    let mut bytes = Zeroizing::new([0; 32]);
    random.fill(bytes.as_mut());
    Zeroizing::new(URL_SAFE_NO_PAD.encode(bytes.as_ref()))
}

/// What the database knows of a token. The token has 256 random bits, so a plain hash cannot be reversed.
pub(super) fn token_hash(token: &str) -> [u8; 32] {
    Sha256::digest(token.as_bytes()).into()
}

impl Accounts {
    pub(super) async fn begin_session(
        &self,
        user: UserId,
        caller: Caller,
    ) -> Result<SessionToken, ServiceError> {
        let now = self.base.clock.now();
        let token = make_token(self.base.random.as_ref());
        let entry = AuditEntry {
            at: now,
            user: Some(user),
            action: AuditAction::SignedIn,
            subject: Some(user.to_string()),
            detail: super::from(&caller).to_json(),
        };
        let session = NewSession {
            id: SessionId::make(now, self.base.random.as_ref()),
            token_hash: token_hash(&token),
            user,
            created_at: now,
            expires_at: now.plus(LIFE_MS),
            user_agent: caller.user_agent.chars().take(200).collect(),
            address: caller.address,
        };
        self.base.store.create_session(session, &entry).await?;
        Ok(SessionToken(token))
    }

    /// Who a cookie's token belongs to, if it is good.
    pub async fn authenticate(&self, token: &str) -> Result<Option<SignedIn>, ServiceError> {
        if token.len() > 100 {
            return Ok(None);
        }
        let now = self.base.clock.now();
        let Some((session, user)) = self.base.store.session(&token_hash(token), now).await? else {
            return Ok(None);
        };
        if now.since(session.last_seen) > TOUCH_MS {
            self.base
                .store
                .touch_session(user.id, session.id, now, now.plus(LIFE_MS))
                .await?;
        }
        Ok(Some(SignedIn {
            session: session.id,
            account: summary(user),
        }))
    }

    /// Ends the session of the browser that asks.
    pub async fn sign_out(&self, signed_in: &SignedIn) -> Result<(), ServiceError> {
        self.base
            .store
            .revoke_session(signed_in.account.id, signed_in.session)
            .await?;
        Ok(())
    }

    /// The person's signed-in browsers, most recently seen first.
    pub async fn sessions(&self, signed_in: &SignedIn) -> Result<Vec<SessionSummary>, ServiceError> {
        let records = self
            .base
            .store
            .sessions(signed_in.account.id, self.base.clock.now())
            .await?;
        let mut sessions: Vec<_> = records
            .into_iter()
            .map(|record| SessionSummary {
                is_current: record.id == signed_in.session,
                id: record.id,
                user_agent: record.user_agent,
                address: record.address,
                created_at: record.created_at,
                last_seen: record.last_seen,
            })
            .collect();
        sessions.sort_by_key(|session| std::cmp::Reverse((session.is_current, session.last_seen)));
        Ok(sessions)
    }

    /// Signs one of the person's browsers out.
    pub async fn revoke_session(&self, signed_in: &SignedIn, session: SessionId) -> Result<(), ServiceError> {
        if self
            .base
            .store
            .revoke_session(signed_in.account.id, session)
            .await?
        {
            Ok(())
        } else {
            Err(PublicError::not_found("session").into())
        }
    }

    /// Signs all of the person's browsers out but the one that asks.
    pub async fn revoke_other_sessions(&self, signed_in: &SignedIn) -> Result<(), ServiceError> {
        self.base
            .store
            .revoke_other_sessions(signed_in.account.id, signed_in.session)
            .await?;
        Ok(())
    }
}
