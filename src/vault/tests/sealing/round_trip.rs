//! What was sealed opens again, whatever the key and its origin look like, and after a rewrap too.

use std::collections::HashSet;

use marshmallow_core::Provider;
use marshmallow_vault::KeyContext;
use proptest::prelude::*;

use crate::fixtures::{
    ALICE_KEK, KEY_TEXT, OTHER_ROOT_KEK, OTHER_SALT_KEK, Script, Seeded, context, envelope, key,
};

proptest! {
    #[test]
    fn any_key_opens_again(
        text in "[!-~]{4,1000}",
        origin in "\\PC{0,80}",
        provider in prop::sample::select(Provider::ALL.to_vec()),
        seed in any::<u64>(),
    ) {
        let context = KeyContext { provider, origin: &origin, ..context() };
        let sealed = ALICE_KEK.seal(&context, &key(&text), &Seeded::new(seed)).unwrap();
        prop_assert_eq!(sealed.key_cipher.len(), text.len() + 16);
        prop_assert_eq!(sealed.wrapped_dek.len(), 48);
        let opened = ALICE_KEK.open(&context, &sealed).unwrap();
        prop_assert_eq!(opened.expose_secret(), text);
    }
}

#[test]
fn no_nonce_and_no_ciphertext_comes_twice() {
    let random = Seeded::new(4);
    let (mut nonces, mut ciphers, mut deks) = (HashSet::new(), HashSet::new(), HashSet::new());
    for _ in 0..200 {
        let sealed = ALICE_KEK.seal(&context(), &key(KEY_TEXT), &random).unwrap();
        nonces.extend([sealed.iv, sealed.dek_iv]);
        ciphers.insert(sealed.key_cipher);
        deks.insert(sealed.wrapped_dek);
    }
    assert_eq!((nonces.len(), ciphers.len(), deks.len()), (400, 200, 200));
}

#[test]
fn every_sealing_draws_its_own_dek() {
    // Same nonces, another DEK: were the DEK not drawn anew, both ciphertexts would be equal.
    let nonces = [5; 24];
    let seal = |dek: [u8; 32]| {
        let random = Script::new(&[&dek, &nonces]);
        let sealed = ALICE_KEK.seal(&context(), &key(KEY_TEXT), &random).unwrap();
        assert!(random.is_used_up());
        sealed
    };
    assert_ne!(seal([1; 32]).key_cipher, seal([2; 32]).key_cipher);
}

#[test]
fn a_rewrap_changes_the_dek_only() {
    let old = envelope();
    let new = ALICE_KEK
        .rewrap(&context(), &old, &OTHER_ROOT_KEK, &Seeded::new(5))
        .unwrap();
    assert_eq!(
        (&new.key_cipher, new.iv, new.format),
        (&old.key_cipher, old.iv, old.format)
    );
    assert_eq!(&new.kek_id, OTHER_ROOT_KEK.kek_id());
    assert_ne!(new.wrapped_dek, old.wrapped_dek);
    assert_ne!(new.dek_iv, old.dek_iv);

    let opened = OTHER_ROOT_KEK.open(&context(), &new).unwrap();
    assert_eq!(opened.expose_secret(), KEY_TEXT);
    // The old row still opens under the old root secret, until it is overwritten.
    assert_eq!(
        ALICE_KEK.open(&context(), &old).unwrap().expose_secret(),
        KEY_TEXT
    );
}

#[test]
fn a_rewrap_to_another_salt_keeps_the_kek_id() {
    let new = ALICE_KEK
        .rewrap(&context(), &envelope(), &OTHER_SALT_KEK, &Seeded::new(6))
        .unwrap();
    assert_eq!(&new.kek_id, ALICE_KEK.kek_id());
    assert_eq!(
        OTHER_SALT_KEK.open(&context(), &new).unwrap().expose_secret(),
        KEY_TEXT
    );
    assert!(ALICE_KEK.open(&context(), &new).is_err());
}
