//! Published vectors of RFC 4231 (HMAC) and RFC 7914, section 11 (PBKDF2).

use super::*;
use crate::hex;

fn pbkdf2(password: &str, salt: &str, rounds: u32) -> String {
    let mut output = [0; 64];
    pbkdf2_hmac_sha256(password.as_bytes(), salt.as_bytes(), rounds, &mut output);
    hex::encode(&output).to_string()
}

#[test]
fn pbkdf2_agrees_with_rfc_7914() {
    assert_eq!(
        pbkdf2("passwd", "salt", 1),
        "55ac046e56e3089fec1691c22544b605f94185216dde0465e68b9d57c20dacbc4\
         9ca9cccf179b645991664b39d77ef317c71b845b1e30bd509112041d3a19783"
    );
    assert_eq!(
        pbkdf2("Password", "NaCl", 80_000),
        "4ddcd8f60b98be21830cee5ef22701f9641a4418d04c0414aeff08876b34ab56\
         a1d425a1225833549adb841b51c9b3176a272bdebba1d078478f62b397f33c8d"
    );
}

#[test]
fn hmac_agrees_with_rfc_4231() {
    let code = |key: &[u8], message: &[u8]| hex::encode(&*hmac_sha256(key, message)).to_string();
    assert_eq!(
        code(&[0x0b; 20], b"Hi There"),
        "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7"
    );
    assert_eq!(
        code(b"Jefe", b"what do ya want for nothing?"),
        "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843"
    );
    assert_eq!(
        code(
            &[0xaa; 131],
            b"Test Using Larger Than Block-Size Key - Hash Key First"
        ),
        "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54"
    );
}
