//! Bounds on what a person may send, in one place, so that browser and server agree.

/// The bounds themselves; lengths in bytes unless the name says otherwise.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// Shortest key, in characters. Custom endpoints take short words, so this is low.
    pub key_min_chars: usize,
    /// Longest key, in characters.
    pub key_max_chars: usize,
    /// Longest label of a key, in characters.
    pub label_max_chars: usize,
    /// Longest message.
    pub message_max_bytes: usize,
    /// Longest title of a conversation, in characters.
    pub title_max_chars: usize,
    /// Shortest password, in characters (NIST SP 800-63B-4, section 3.1.1.2).
    pub password_min_chars: usize,
    /// Longest password, so that hashing stays bounded.
    pub password_max_bytes: usize,
    /// Longest e-mail address (RFC 5321, section 4.5.3.1).
    pub email_max_bytes: usize,
    /// Longest display name, in characters.
    pub name_max_chars: usize,
    /// Conversations a page of the sidebar holds.
    pub conversations_per_page: usize,
    /// Keys one person may store.
    pub keys_per_user: usize,
    /// Keys that are taken out of one pasted text.
    pub keys_per_paste: usize,
    /// Shortest passphrase that seals a bundle, in characters.
    pub passphrase_min_chars: usize,
    /// Longest passphrase of a bundle.
    pub passphrase_max_bytes: usize,
    /// Largest bundle of keys.
    pub bundle_max_bytes: usize,
    /// Keys of a bundle that one call checks or stores; each call stretches the passphrase once.
    pub bundled_keys_per_call: usize,
}

/// The bounds in force.
pub const LIMITS: Limits = Limits {
    key_min_chars: 4,
    key_max_chars: 1_000,
    label_max_chars: 60,
    message_max_bytes: 64 * 1024,
    title_max_chars: 120,
    password_min_chars: 12,
    password_max_bytes: 1_024,
    email_max_bytes: 254,
    name_max_chars: 80,
    conversations_per_page: 40,
    keys_per_user: 100,
    keys_per_paste: 12,
    passphrase_min_chars: 12,
    passphrase_max_bytes: 1_024,
    bundle_max_bytes: 512 * 1024,
    bundled_keys_per_call: 6,
};
