//! Which models the list shows for what is typed above it. Pure.

use marshmallow_core::ModelChoice;

/// How many rows are shown at first, and how many more each time.
pub(super) const PAGE: usize = 60;

/// The models whose name or title holds every typed word, in the order in which they came.
pub(super) fn matching(choices: &[ModelChoice], typed: &str) -> Vec<ModelChoice> {
    let words: Vec<String> = typed.split_whitespace().map(str::to_lowercase).collect();
    let fits = |choice: &&ModelChoice| {
        let text = format!("{} {} {}", choice.id, choice.title, choice.id.endpoint.provider()).to_lowercase();
        words.iter().all(|word| text.contains(word))
    };
    choices.iter().filter(fits).cloned().collect()
}

#[cfg(test)]
mod tests {
    use marshmallow_core::Abilities;

    use super::*;

    fn choice(id: &str, title: &str) -> ModelChoice {
        ModelChoice {
            id: id.parse().unwrap(),
            title: title.into(),
            context: None,
            price: None,
            abilities: Abilities::default(),
            credential: None,
        }
    }

    #[test]
    fn every_word_has_to_fit_somewhere() {
        let all = [
            choice("openai/gpt-5", "GPT-5"),
            choice("google/gemini-3-pro", "Gemini 3 Pro"),
        ];
        let found = |typed| {
            matching(&all, typed)
                .into_iter()
                .map(|choice| choice.title)
                .collect::<Vec<_>>()
        };
        assert_eq!(found(""), ["GPT-5", "Gemini 3 Pro"]);
        assert_eq!(found("pro GEMINI"), ["Gemini 3 Pro"]);
        assert_eq!(found("google ai"), ["Gemini 3 Pro"]);
        assert!(found("gemini gpt").is_empty());
    }
}
