//! Secrets cannot be printed, and cannot be copied by accident.

use marshmallow_vault::{RootSecret, UserKek};

use crate::fixtures::{ALICE_KEK, KEY_TEXT, ROOT, context, envelope, hex};

#[test]
fn debug_shows_no_secret_and_no_sealed_byte() {
    assert_eq!(format!("{:?}", *ROOT), "RootSecret(redacted)");
    let kek = format!("{:?}", *ALICE_KEK);
    assert_eq!(
        kek,
        format!(
            "UserKek(redacted, of {:?} under {})",
            context().user,
            ROOT.kek_id()
        )
    );
    let envelope = envelope();
    let shown = format!("{envelope:?}");
    let expected = format!(
        "Envelope {{ format: 1, kek_id: {:?}, key_cipher_bytes: {}, wrapped_dek_bytes: 48, .. }}",
        envelope.kek_id.as_str(),
        KEY_TEXT.len() + 16
    );
    assert_eq!(shown, expected);
}

#[test]
fn errors_show_neither_key_nor_context() {
    let mut changed = envelope();
    changed.key_cipher[0] ^= 1;
    let error = ALICE_KEK.open(&context(), &changed).unwrap_err();
    let shown = format!("{error} {error:?}");
    assert_eq!(shown, "the stored key does not open DoesNotOpen");
}

#[test]
fn a_sealed_key_does_not_contain_its_text() {
    let envelope = envelope();
    let stored = [envelope.key_cipher, envelope.wrapped_dek].concat();
    let text = hex(KEY_TEXT.as_bytes());
    assert!(
        (0..text.len() - 8)
            .step_by(2)
            .all(|at| !hex(&stored).contains(&text[at..at + 8]))
    );
}

/// Has one implementation for every type and a second one for types that are `Clone`, so that naming it
/// without saying which compiles only for types that are not.
trait NotClone<Which> {
    const HOLDS: bool = true;
}
impl<T> NotClone<()> for T {}
impl<T: Clone> NotClone<u8> for T {}

#[test]
fn secrets_cannot_be_cloned() {
    const { assert!(<RootSecret as NotClone<_>>::HOLDS && <UserKek as NotClone<_>>::HOLDS) };
}
