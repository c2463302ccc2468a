//! The tamper matrix: an envelope of which anything was changed or moved does not open.

use marshmallow_core::Provider;
use marshmallow_vault::{Envelope, KeyContext, OpenError};

use crate::fixtures::{
    ALICE_KEK, BOB_KEK, KEY_TEXT, OTHER_SALT_KEK, Seeded, bob, context, envelope, key, second_row,
};

/// How a stolen or damaged row differs from the one that was sealed.
fn assert_does_not_open(context: &KeyContext<'_>, envelope: &Envelope, what: &str) {
    assert_eq!(
        ALICE_KEK.open(context, envelope).unwrap_err(),
        OpenError::DoesNotOpen,
        "{what}"
    );
}

/// Flips every bit of one part, one at a time.
fn flip_every_bit(what: &str, part: impl Fn(&mut Envelope) -> &mut [u8]) {
    let length = part(&mut envelope()).len();
    assert!(length >= 12, "{what} has its bytes");
    for bit in 0..length * 8 {
        let mut changed = envelope();
        part(&mut changed)[bit / 8] ^= 1 << (bit % 8);
        assert_does_not_open(&context(), &changed, &format!("{what}, bit {bit}"));
    }
}

/// Cuts one part at every length, at its end and at its start, and makes it a byte longer.
fn cut_everywhere(what: &str, part: impl Fn(&mut Envelope) -> &mut Vec<u8>) {
    let length = part(&mut envelope()).len();
    for kept in 0..length {
        let mut cut = envelope();
        part(&mut cut).truncate(kept);
        assert_does_not_open(&context(), &cut, &format!("first {kept} bytes of {what}"));
        let mut cut = envelope();
        part(&mut cut).drain(..length - kept);
        assert_does_not_open(&context(), &cut, &format!("last {kept} bytes of {what}"));
    }
    let mut longer = envelope();
    part(&mut longer).push(0);
    assert_does_not_open(&context(), &longer, &format!("{what} and one byte more"));
}

#[test]
fn the_untouched_envelope_opens() {
    let opened = ALICE_KEK.open(&context(), &envelope()).unwrap();
    assert_eq!(opened.expose_secret(), KEY_TEXT);
}

#[test]
fn no_bit_can_be_changed() {
    flip_every_bit("key_cipher", |envelope| &mut envelope.key_cipher);
    flip_every_bit("iv", |envelope| &mut envelope.iv);
    flip_every_bit("wrapped_dek", |envelope| &mut envelope.wrapped_dek);
    flip_every_bit("dek_iv", |envelope| &mut envelope.dek_iv);
}

#[test]
fn nothing_can_be_cut_or_appended() {
    cut_everywhere("key_cipher", |envelope| &mut envelope.key_cipher);
    cut_everywhere("wrapped_dek", |envelope| &mut envelope.wrapped_dek);
}

#[test]
fn a_key_does_not_open_at_another_provider() {
    for provider in Provider::ALL
        .into_iter()
        .filter(|provider| *provider != context().provider)
    {
        assert_does_not_open(
            &KeyContext {
                provider,
                ..context()
            },
            &envelope(),
            provider.slug(),
        );
    }
}

#[test]
fn a_key_does_not_open_for_another_origin() {
    let origins = [
        "",
        "https://api.openai.com/v",
        "https://api.openai.com/v1/",
        "http://api.openai.com/v1",
        "https://api.openai.com.evil.example/v1",
        "HTTPS://api.openai.com/v1",
    ];
    for origin in origins {
        assert_does_not_open(&KeyContext { origin, ..context() }, &envelope(), origin);
    }
}

#[test]
fn a_key_does_not_open_in_another_row() {
    assert_does_not_open(&second_row(), &envelope(), "another key id");
}

#[test]
fn the_parts_of_two_rows_do_not_mix() {
    let (first, second) = (
        envelope(),
        ALICE_KEK
            .seal(&second_row(), &key("sk-proj-second"), &Seeded::new(7))
            .unwrap(),
    );
    let foreign_dek = Envelope {
        wrapped_dek: second.wrapped_dek.clone(),
        dek_iv: second.dek_iv,
        ..first.clone()
    };
    let foreign_key = Envelope {
        key_cipher: second.key_cipher.clone(),
        iv: second.iv,
        ..first.clone()
    };
    for (mixed, what) in [(&foreign_dek, "a foreign DEK"), (&foreign_key, "a foreign key")] {
        assert_does_not_open(&context(), mixed, what);
        assert_does_not_open(&second_row(), mixed, what);
    }
    // Not even within one row: an older sealing's DEK does not open the newer one's key.
    let newer = ALICE_KEK
        .seal(&context(), &key("sk-proj-newer"), &Seeded::new(8))
        .unwrap();
    let replayed = Envelope {
        wrapped_dek: first.wrapped_dek.clone(),
        dek_iv: first.dek_iv,
        ..newer
    };
    assert_does_not_open(&context(), &replayed, "the DEK of an older sealing");
}

#[test]
fn nobody_opens_another_persons_row() {
    let moved = KeyContext {
        user: bob(),
        ..context()
    };
    // Bob's KEK has the same bytes here, since both have one salt: the context alone refuses.
    for (kek, context, what) in [
        (&BOB_KEK, moved, "the row moved to Bob"),
        (&BOB_KEK, context(), "Bob asks for Alice's row"),
        (&ALICE_KEK, moved, "Alice's KEK in Bob's name"),
    ] {
        assert_eq!(
            kek.open(&context, &envelope()).unwrap_err(),
            OpenError::DoesNotOpen,
            "{what}"
        );
    }
}

#[test]
fn a_sealed_key_moved_below_bobs_own_dek_does_not_open() {
    let bobs = KeyContext {
        user: bob(),
        ..context()
    };
    let own = BOB_KEK
        .seal(&bobs, &key("sk-proj-of-bob"), &Seeded::new(9))
        .unwrap();
    let mixed = Envelope {
        key_cipher: envelope().key_cipher,
        iv: envelope().iv,
        ..own
    };
    assert_eq!(BOB_KEK.open(&bobs, &mixed).unwrap_err(), OpenError::DoesNotOpen);
}

#[test]
fn another_salt_does_not_open() {
    assert_eq!(
        OTHER_SALT_KEK.open(&context(), &envelope()).unwrap_err(),
        OpenError::DoesNotOpen
    );
}
