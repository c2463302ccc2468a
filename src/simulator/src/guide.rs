//! What a person reads who starts the simulator by hand. Knows the tables of sites and keys, and nothing else.

use std::fmt::Write;

use crate::{keys, wire::Site};

/// The base URLs below `url`, the words that decide how a key fares, and how a message steers its answer.
#[must_use]
pub fn guide(url: &str) -> String {
    let mut text = String::from("Base URLs:\n");
    // Writing to a string cannot fail.
    for (_, path) in Site::ALL {
        let _ = writeln!(text, "  {url}{path}");
    }
    text.push_str(
        "\nKeys: a word within the key decides, behind any prefix, as in sk-proj-simvalid-0123456789abcdef\n",
    );
    for (word, _, meaning) in keys::WORDS {
        let _ = writeln!(text, "  {word:<17} {meaning}");
    }
    text.push_str("  anything else     is invalid\n");
    let _ = writeln!(text, "\nA key is revoked by: curl --data '<key>' {url}/revoke");
    text.push_str(
        "\nA message steers its answer: #sim words=200 delay=50, #sim reasoning=30, #sim fail=cut@20\n",
    );
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_guide_names_every_base_url_and_key() {
        let text = guide("http://127.0.0.1:4010");
        assert!(text.contains("  http://127.0.0.1:4010/google/v1beta\n"), "{text}");
        for (word, ..) in keys::WORDS {
            assert!(text.contains(&format!("  {word} ")), "{word}");
        }
    }
}
