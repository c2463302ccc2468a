//! What is inside a bundle: a list of keys with what belongs to each, as JSON that is padded. It knows no cipher, and
//! judges no key: whoever stores one does.

use std::borrow::Cow;

use marshmallow_core::{ApiKey, ApiKeyError, EndpointName, LIMITS, Millis, Provider};
use serde::{Deserialize, Serialize};
use zeroize::Zeroizing;

use super::BundleError;

/// Contents are filled up to a multiple of this, so that a file's size does not tell how many keys are in it.
const BLOCK_BYTES: usize = 4_096;
/// Room for an entry's punctuation, names and short words.
const ENTRY_BYTES: usize = 256;

/// A key on its way into a bundle.
#[derive(Debug, Clone, Copy)]
pub struct BundleEntry<'a> {
    /// Whose key it is.
    pub provider: Provider,
    /// The word before the slash of the models that it serves.
    pub endpoint: &'a EndpointName,
    /// The only address to which it was ever sent.
    pub base_url: &'a str,
    /// The owner's name for it.
    pub label: &'a str,
    /// Whether turns may use it.
    pub is_active: bool,
    /// From when on it is not used any more; none for never.
    pub expires_at: Option<Millis>,
    /// The key.
    pub key: &'a ApiKey,
}

/// What was in a bundle.
#[derive(Debug)]
pub struct Bundle {
    /// When it was made.
    pub made_at: Millis,
    /// The keys, in the order in which their owner had them.
    pub keys: Vec<BundledKey>,
}

/// A key out of a bundle. The words beside it are as the file says, of any length and perhaps unknown here.
#[derive(Debug)]
pub struct BundledKey {
    /// The provider's slug.
    pub provider: String,
    /// The word before the slash of the models that it serves.
    pub endpoint: String,
    /// The only address to which it was ever sent.
    pub base_url: String,
    /// The owner's name for it.
    pub label: String,
    /// Whether turns may use it.
    pub is_active: bool,
    /// From when on it is not used any more; none for never.
    pub expires_at: Option<Millis>,
    /// The key, unless it cannot be one.
    pub key: Result<ApiKey, ApiKeyError>,
}

#[derive(Serialize, Deserialize)]
struct Content<'a> {
    made_at: Millis,
    #[serde(borrow)]
    keys: Vec<Entry<'a>>,
}

/// The key is borrowed, so that reading it leaves no copy; one with a quote or a backslash inside, which no provider
/// makes, goes through a buffer of the parser.
#[derive(Serialize, Deserialize)]
struct Entry<'a> {
    provider: Cow<'a, str>,
    #[serde(default)]
    endpoint: Cow<'a, str>,
    #[serde(default)]
    base_url: Cow<'a, str>,
    #[serde(default)]
    label: Cow<'a, str>,
    #[serde(default = "yes")]
    is_active: bool,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    expires_at: Option<Millis>,
    #[serde(borrow)]
    key: Cow<'a, str>,
}

fn yes() -> bool {
    true
}

/// The list as padded JSON.
pub(super) fn write(made_at: Millis, entries: &[BundleEntry<'_>]) -> Result<Zeroizing<Vec<u8>>, BundleError> {
    if entries.len() > LIMITS.keys_per_user {
        return Err(BundleError::TooManyKeys);
    }
    let texts = entries.iter().map(|entry| {
        entry.key.expose_secret().len()
            + entry.label.len()
            + entry.base_url.len()
            + entry.endpoint.as_str().len()
    });
    // Reserved in full: a buffer that grew would leave keys behind. Escaping at most doubles what has no control
    // characters, and what does not fit is an error, never a second buffer.
    let room = BLOCK_BYTES + texts.map(|length| ENTRY_BYTES + 2 * length).sum::<usize>();
    let room = room.next_multiple_of(BLOCK_BYTES);
    let mut bytes = Zeroizing::new(vec![b' '; room]);
    let content = Content {
        made_at,
        keys: entries.iter().map(to_entry).collect(),
    };
    let mut rest = bytes.as_mut_slice();
    serde_json::to_writer(&mut rest, &content).map_err(|_| BundleError::TooLarge)?;
    let written = room - rest.len();
    bytes.truncate(written.next_multiple_of(BLOCK_BYTES));
    Ok(bytes)
}

fn to_entry<'a>(entry: &BundleEntry<'a>) -> Entry<'a> {
    Entry {
        provider: entry.provider.slug().into(),
        endpoint: entry.endpoint.as_str().into(),
        base_url: entry.base_url.into(),
        label: entry.label.into(),
        is_active: entry.is_active,
        expires_at: entry.expires_at,
        key: entry.key.expose_secret().into(),
    }
}

/// Reads what [`write`] wrote. Members of an entry that are not known are passed over.
pub(super) fn read(bytes: &[u8]) -> Result<Bundle, BundleError> {
    let content: Content<'_> = serde_json::from_slice(bytes).map_err(|_| BundleError::Content)?;
    if content.keys.len() > LIMITS.keys_per_user {
        return Err(BundleError::TooManyKeys);
    }
    Ok(Bundle {
        made_at: content.made_at,
        keys: content.keys.into_iter().map(from_entry).collect(),
    })
}

fn from_entry(entry: Entry<'_>) -> BundledKey {
    BundledKey {
        provider: entry.provider.into_owned(),
        endpoint: entry.endpoint.into_owned(),
        base_url: entry.base_url.into_owned(),
        label: entry.label.into_owned(),
        is_active: entry.is_active,
        expires_at: entry.expires_at,
        // `parse` wipes the copy that it is given.
        key: ApiKey::parse(entry.key.into_owned()),
    }
}
