//! 32 secret bytes at one place of the heap, wiped when dropped.
//! It refuses to be cloned, compared or printed, and does not know which key it is.

use zeroize::Zeroizing;

/// A 256-bit key. Boxed, so that moving it moves a pointer and leaves no copy of the bytes on the stack.
pub(crate) struct Key256(Box<Zeroizing<[u8; 32]>>);

impl Key256 {
    /// A key whose bytes are written in place by `fill`.
    pub(crate) fn filled_by(fill: impl FnOnce(&mut [u8; 32])) -> Self {
        let mut bytes = Box::new(Zeroizing::new([0; 32]));
        fill(&mut bytes);
        Self(bytes)
    }

    /// A copy of exactly 32 bytes; none for any other length.
    pub(crate) fn copied_from(bytes: &[u8]) -> Option<Self> {
        (bytes.len() == 32).then(|| Self::filled_by(|key| key.copy_from_slice(bytes)))
    }

    /// The bytes, for a primitive.
    pub(crate) fn expose_bytes(&self) -> &[u8; 32] {
        &self.0
    }
}
