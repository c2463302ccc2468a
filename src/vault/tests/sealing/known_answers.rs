//! Pinned answers of format 1. They are never regenerated: where one fails, stored keys no longer open.
//!
//! All inputs are chosen by a formula: with `h(x) = SHA-256("marshmallow/known-answer/" ‖ x)`, the root
//! secret is h("root"), the salt the first 16 bytes of h("salt"), the DEK h("dek"), `iv` the first 12 bytes
//! of h("iv") and `dek_iv` the first 12 of h("dek_iv"). The outputs follow from the formulas in the crate's
//! documentation with any HMAC, PBKDF2 and AES-256-GCM; these were computed with Python's `hashlib` and
//! `hmac` and the package `cryptography`, before this crate had produced any.

use marshmallow_core::{Provider, UserId};
use marshmallow_vault::{Envelope, KeyContext, RootSecret, RootSecretError};

use crate::fixtures::{Script, hex, key, unhex};

const ROOT: &str = "7c9fc5684d382ad201136d06f25ab4173e411d2c46a51360cc69e0cd1b1626e3";
const SALT: &str = "81475e27aeef5170762090f5ae6137dc";
const DEK: &str = "8320865a699f5fab6f7264f5d0bcedb371ea59f538ac7c458f79c753213353e9";
const IV: &str = "eb10527c595f8664e07e896e";
const DEK_IV: &str = "c7c5ca3f36b63ff26ae41209";

const USER: &str = "01890a5d-ac96-774b-bcce-b302099a8057";
const KEY_ID: &str = "01890a5d-ac96-774b-bcce-b302099a8058";
const ORIGIN: &str = "https://api.openai.com/v1";
const KEY_TEXT: &str = "sk-proj-known-answer-0123456789abcdefABCDEF";

// The user KEK in between is 9e9e71f066595e2296e5bd42e0a14358812e3bd95a00a9eb55512618aa82d641.
const KEK_ID: &str = "e6d09f241c1d451c";
const KEY_CIPHER: &str = "dfe0f75e2e0c8f859cab85a93cbef0879074391f11d1ec6233f933bb1a8dbc811a7a6ea78683\
                          00747f5a99663a41b53687d6fab1e750ef0985c3cc";
const WRAPPED_DEK: &str =
    "af98f50a01c2357ead9b58094186c746615580f9ff9a4ede683eb8d0d97287510838da3e29bdaad0bc141e53bfed180c";
const FINGERPRINT: &str = "7d85fc3b926f391955dbde0a4bcd1c3ecec881392830d9087b13afc97627ad12";

fn root() -> RootSecret {
    RootSecret::make(&Script::new(&[&unhex(ROOT)]))
}

fn user() -> UserId {
    USER.parse().unwrap()
}

fn context() -> KeyContext<'static> {
    KeyContext {
        user: user(),
        key: KEY_ID.parse().unwrap(),
        provider: Provider::OpenAi,
        origin: ORIGIN,
    }
}

fn pinned() -> Envelope {
    Envelope {
        format: 1,
        key_cipher: unhex(KEY_CIPHER),
        iv: unhex(IV).try_into().unwrap(),
        wrapped_dek: unhex(WRAPPED_DEK),
        dek_iv: unhex(DEK_IV).try_into().unwrap(),
        kek_id: KEK_ID.parse().unwrap(),
    }
}

#[test]
fn format_1_seals_and_opens_the_pinned_envelope() {
    let kek = root().derive_user_kek(user(), &unhex(SALT).try_into().unwrap());
    let random = Script::new(&[&unhex(DEK), &unhex(IV), &unhex(DEK_IV)]);

    let sealed = kek.seal(&context(), &key(KEY_TEXT), &random).unwrap();
    assert_eq!(hex(&sealed.key_cipher), KEY_CIPHER);
    assert_eq!(hex(&sealed.wrapped_dek), WRAPPED_DEK);
    assert!(sealed == pinned() && random.is_used_up());

    let opened = kek.open(&context(), &pinned()).unwrap();
    assert_eq!(opened.expose_secret(), KEY_TEXT);
}

#[test]
fn the_kek_id_is_pinned() {
    assert_eq!(root().kek_id().to_string(), KEK_ID);
}

#[test]
fn the_fingerprint_is_pinned() {
    let print = root().fingerprint(user(), Provider::OpenAi, ORIGIN, &key(KEY_TEXT));
    assert_eq!(hex(&print), FINGERPRINT);
}

#[test]
fn the_root_secret_of_this_page_is_not_accepted_from_an_operator() {
    assert_eq!(RootSecret::parse(ROOT).unwrap_err(), RootSecretError::WellKnown);
}
