//! Hexadecimal text of bytes, both ways. It refuses to know whether the bytes are secret, so it wipes.

use zeroize::Zeroizing;

const DIGITS: &[u8; 16] = b"0123456789abcdef";

/// Two lower-case digits for each byte.
pub(crate) fn encode(bytes: &[u8]) -> Zeroizing<String> {
    // Reserved in full: a text that grew would leave digits behind in the memory it gave up.
    let mut text = Zeroizing::new(String::with_capacity(bytes.len() * 2));
    for byte in bytes {
        text.push(char::from(DIGITS[usize::from(byte >> 4)]));
        text.push(char::from(DIGITS[usize::from(byte & 15)]));
    }
    text
}

/// The bytes of a text of digits in either case; none for an odd length or another character.
pub(crate) fn decode(text: &str) -> Option<Zeroizing<Vec<u8>>> {
    let digits = text.as_bytes();
    if digits.len() % 2 == 1 {
        return None;
    }
    let mut bytes = Zeroizing::new(Vec::with_capacity(digits.len() / 2));
    for pair in digits.chunks_exact(2) {
        bytes.push(value(pair[0])? << 4 | value(pair[1])?);
    }
    Some(bytes)
}

fn value(digit: u8) -> Option<u8> {
    match digit {
        b'0'..=b'9' => Some(digit - b'0'),
        b'a'..=b'f' => Some(digit - b'a' + 10),
        b'A'..=b'F' => Some(digit - b'A' + 10),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_byte_survives_its_digits() {
        let bytes: Vec<u8> = (0..=255).collect();
        let text = encode(&bytes);
        assert!(text.starts_with("000102030405060708090a0b0c0d0e0f10"));
        assert_eq!(decode(&text).as_deref(), Some(&bytes));
        assert_eq!(decode(&text.to_uppercase()).as_deref(), Some(&bytes));
    }

    #[test]
    fn what_is_no_hexadecimal_is_refused() {
        for wrong in ["0", "0g", "+f", " f", "é", "0x"] {
            assert!(decode(wrong).is_none(), "{wrong}");
        }
    }
}
