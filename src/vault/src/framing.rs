//! Joins fields to one message in a way that can be read back in one way only.
//! Without lengths, `("ab", "c")` and `("a", "bc")` would be the same context. It refuses to know the fields.

use zeroize::Zeroizing;

const LENGTH_BYTES: usize = size_of::<u64>();

/// Each field as its length (8 bytes, big endian) and its bytes, one after the other.
pub(crate) fn framed(fields: &[&[u8]]) -> Zeroizing<Vec<u8>> {
    let total = fields.iter().map(|field| LENGTH_BYTES + field.len()).sum();
    // Reserved in full: a buffer that grew would leave a secret field behind in the memory it gave up.
    let mut message = Zeroizing::new(Vec::with_capacity(total));
    for field in fields {
        message.extend_from_slice(&(field.len() as u64).to_be_bytes());
        message.extend_from_slice(field);
    }
    message
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_field_is_its_length_and_its_bytes() {
        let message = framed(&[b"abc", b"", b"z"]);
        let expected = b"\0\0\0\0\0\0\0\x03abc\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\x01z";
        assert_eq!(message.as_slice(), expected);
    }

    #[test]
    fn a_byte_that_moves_to_the_next_field_changes_the_message() {
        assert_ne!(framed(&[b"ab", b"c"]), framed(&[b"a", b"bc"]));
        assert_ne!(framed(&[b"ab"]), framed(&[b"ab", b""]));
    }
}
