//! What is told apart on purpose, since a caller acts on it: the format, the root secret, a wrong caller.

use marshmallow_vault::{Envelope, KeyContext, OpenError, SealError};

use crate::fixtures::{
    ALICE_KEK, BOB_KEK, KEY_TEXT, OTHER_ROOT_KEK, OTHER_SALT_KEK, Seeded, bob, context, envelope, key,
    second_row,
};

#[test]
fn an_unknown_format_is_named_before_anything_else() {
    for format in [0, 2, 255] {
        let foreign = Envelope {
            format,
            kek_id: OTHER_ROOT_KEK.kek_id().clone(),
            ..envelope()
        };
        assert_eq!(
            ALICE_KEK.open(&context(), &foreign).unwrap_err(),
            OpenError::UnknownFormat,
            "{format}"
        );
    }
}

#[test]
fn another_root_secret_is_named() {
    assert_eq!(
        OTHER_ROOT_KEK.open(&context(), &envelope()).unwrap_err(),
        OpenError::OtherRoot
    );
    let relabelled = Envelope {
        kek_id: "0123456789abcdef".parse().unwrap(),
        ..envelope()
    };
    assert_eq!(
        ALICE_KEK.open(&context(), &relabelled).unwrap_err(),
        OpenError::OtherRoot
    );
}

#[test]
fn a_changed_kek_id_does_not_lead_to_the_named_root_secret() {
    let relabelled = Envelope {
        kek_id: OTHER_ROOT_KEK.kek_id().clone(),
        ..envelope()
    };
    assert_eq!(
        OTHER_ROOT_KEK.open(&context(), &relabelled).unwrap_err(),
        OpenError::DoesNotOpen
    );
}

#[test]
fn a_kek_seals_for_its_own_user_only() {
    let bobs = KeyContext {
        user: bob(),
        ..context()
    };
    let refused = ALICE_KEK
        .seal(&bobs, &key(KEY_TEXT), &Seeded::new(10))
        .unwrap_err();
    assert_eq!(refused, SealError::OtherUser);
}

#[test]
fn a_rewrap_refuses_what_open_refuses() {
    let rewrap = |context, envelope: Envelope| {
        ALICE_KEK
            .rewrap(&context, &envelope, &OTHER_ROOT_KEK, &Seeded::new(11))
            .unwrap_err()
    };
    assert_eq!(
        rewrap(
            context(),
            Envelope {
                format: 2,
                ..envelope()
            }
        ),
        OpenError::UnknownFormat
    );
    let foreign = Envelope {
        kek_id: OTHER_ROOT_KEK.kek_id().clone(),
        ..envelope()
    };
    assert_eq!(rewrap(context(), foreign), OpenError::OtherRoot);
    assert_eq!(rewrap(second_row(), envelope()), OpenError::DoesNotOpen);
    assert_eq!(
        rewrap(
            KeyContext {
                user: bob(),
                ..context()
            },
            envelope()
        ),
        OpenError::DoesNotOpen
    );
    let mut changed = envelope();
    changed.wrapped_dek[0] ^= 1;
    assert_eq!(rewrap(context(), changed), OpenError::DoesNotOpen);
}

#[test]
fn a_rewrap_never_hands_a_key_to_another_user() {
    let refused = ALICE_KEK
        .rewrap(&context(), &envelope(), &BOB_KEK, &Seeded::new(12))
        .unwrap_err();
    assert_eq!(refused, OpenError::DoesNotOpen);
}

#[test]
fn a_rewrap_carries_a_damaged_key_along_and_open_finds_it() {
    let mut damaged = envelope();
    damaged.key_cipher[0] ^= 1;
    let moved = ALICE_KEK
        .rewrap(&context(), &damaged, &OTHER_SALT_KEK, &Seeded::new(13))
        .unwrap();
    assert_eq!(moved.key_cipher, damaged.key_cipher);
    assert_eq!(
        OTHER_SALT_KEK.open(&context(), &moved).unwrap_err(),
        OpenError::DoesNotOpen
    );
}
