//! Keys out of a pasted text: one a line, bare or as the lines of a `.env` file. What is no key stays where it
//! was pasted: nothing else of the text is taken.

use crate::{ApiKey, LIMITS, Provider, Recognition, recognise};

/// A key of a pasted text.
#[derive(Debug)]
pub struct Pasted {
    /// The name before the equals sign; empty for a bare key.
    pub name: String,
    /// Whose it is by its form, or by its name where the form leaves it open.
    pub provider: Option<Provider>,
    /// The key.
    pub key: ApiKey,
}

/// What a pasted text held.
#[derive(Debug, Default)]
pub struct Paste {
    /// The keys, in their order, each once.
    pub keys: Vec<Pasted>,
    /// Keys beyond the most that are taken at once.
    pub left_out: usize,
}

/// What variables are called that hold a provider's key.
const NAMES: [(&str, Provider); 6] = [
    ("OPENROUTER", Provider::OpenRouter),
    ("OPENAI", Provider::OpenAi),
    ("ANTHROPIC", Provider::Anthropic),
    ("CLAUDE", Provider::Anthropic),
    ("GEMINI", Provider::Google),
    ("GOOGLE", Provider::Google),
];

/// Reads a pasted text.
pub fn read_paste(text: &str) -> Paste {
    let mut paste = Paste::default();
    for pasted in text.lines().filter_map(read_line) {
        let is_known = paste
            .keys
            .iter()
            .any(|known| known.key.expose_secret() == pasted.key.expose_secret());
        if is_known {
            continue;
        }
        if paste.keys.len() < LIMITS.keys_per_paste {
            paste.keys.push(pasted);
        } else {
            paste.left_out += 1;
        }
    }
    paste
}

fn read_line(line: &str) -> Option<Pasted> {
    let line = line.trim();
    let line = line.strip_prefix("export ").unwrap_or(line).trim_start();
    if line.starts_with('#') {
        return None;
    }
    let (name, value) = match line.split_once('=') {
        Some((name, value)) if is_name(name.trim()) => (name.trim(), value),
        _ => ("", line),
    };
    let value = unquoted(value.trim());
    let by_name = owner_of(name);
    let provider = match recognise(value) {
        Recognition::Key(owner, _) => Some(owner),
        Recognition::Ambiguous => by_name,
        Recognition::Foreign(_) => None,
        Recognition::Unknown => Some(by_name?),
    };
    Some(Pasted {
        name: name.to_owned(),
        provider,
        key: ApiKey::parse(value.to_owned()).ok()?,
    })
}

fn is_name(text: &str) -> bool {
    !text.is_empty() && text.chars().all(|c| c.is_ascii_alphanumeric() || c == '_')
}

/// A value without its quotes, or without the comment behind it.
fn unquoted(value: &str) -> &str {
    for quote in ['"', '\''] {
        let inner = value.strip_prefix(quote).and_then(|rest| rest.split_once(quote));
        if let Some((inner, _)) = inner {
            return inner;
        }
    }
    value.split(" #").next().unwrap_or_default().trim_end()
}

fn owner_of(name: &str) -> Option<Provider> {
    let name = name.to_ascii_uppercase();
    if !name.ends_with("KEY") && !name.ends_with("TOKEN") {
        return None;
    }
    NAMES
        .iter()
        .find(|(word, _)| name.contains(word))
        .map(|&(_, owner)| owner)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Vec<(String, Option<Provider>, String)> {
        let keys = read_paste(text).keys.into_iter();
        keys.map(|pasted| {
            (
                pasted.name,
                pasted.provider,
                pasted.key.expose_secret().to_owned(),
            )
        })
        .collect()
    }

    #[test]
    fn every_notation_of_an_env_file_is_read() {
        let found = read(
            "# my keys\n\
             OPENAI_API_KEY=sk-proj-abc123\n\
             export ANTHROPIC_API_KEY=\"sk-ant-api03-abc123\" # work\n\
             GEMINI_API_KEY = 'AQ.abc123'\r\n\
             \n\
             sk-or-v1-0123\n\
             OPENAI_OLD_KEY=sk-0123456789 # before projects\n",
        );
        let expected = [
            ("OPENAI_API_KEY", Provider::OpenAi, "sk-proj-abc123"),
            ("ANTHROPIC_API_KEY", Provider::Anthropic, "sk-ant-api03-abc123"),
            ("GEMINI_API_KEY", Provider::Google, "AQ.abc123"),
            ("", Provider::OpenRouter, "sk-or-v1-0123"),
            ("OPENAI_OLD_KEY", Provider::OpenAi, "sk-0123456789"),
        ];
        let expected = expected.map(|(name, owner, key)| (name.to_owned(), Some(owner), key.to_owned()));
        assert_eq!(found, expected);
    }

    #[test]
    fn what_is_no_key_is_left_alone() {
        for text in [
            "",
            "DATABASE_URL=postgres://me:secret@localhost/db",
            "PORT=8080\nDEBUG=true",
            "STRIPE_SECRET_KEY=whatever-this-is",
            "#OPENAI_API_KEY=sk-proj-abc123",
            "OPENAI_API_KEY=",
            "dear diary",
        ] {
            assert_eq!(read(text), [], "{text}");
        }
    }

    #[test]
    fn a_foreign_key_is_read_without_a_provider() {
        assert_eq!(read("GROQ_API_KEY=gsk_0123")[0].1, None);
    }

    #[test]
    fn a_key_counts_once_and_many_are_bounded() {
        assert_eq!(read("A=sk-proj-abc123\nsk-proj-abc123").len(), 1);
        let many: String = (0..20).map(|n| format!("sk-proj-abcdef{n}\n")).collect();
        let paste = read_paste(&many);
        assert_eq!(paste.keys.len(), LIMITS.keys_per_paste);
        assert_eq!(paste.left_out, 20 - LIMITS.keys_per_paste);
    }
}
