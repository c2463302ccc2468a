//! Finding models in a long list: words, sections, a bounded number of rows, and the moves of the keyboard.
//! It refuses to sort: the server's order says what serves the person best.

use marshmallow_core::{CredentialKind, ModelChoice};

/// Most rows that are shown at once.
pub const MOST_ROWS: usize = 60;

/// Rows that a page key moves.
const PAGE: usize = 8;

/// Models under one heading.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Section {
    /// Whose key serves them; none when they need one.
    pub kind: Option<CredentialKind>,
    /// The models, each with its place in the whole list of rows.
    pub rows: Vec<(usize, ModelChoice)>,
}

/// What a search found.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Found {
    /// The sections that hold something.
    pub sections: Vec<Section>,
    /// How many rows are shown.
    pub shown: usize,
    /// How many more fit the search.
    pub hidden: usize,
}

/// The order of the sections.
const SECTIONS: [Option<CredentialKind>; 4] = [
    Some(CredentialKind::Own),
    Some(CredentialKind::OpenRouter),
    Some(CredentialKind::Platform),
    None,
];

/// The heading of a section.
pub fn heading(kind: Option<CredentialKind>) -> &'static str {
    match kind {
        Some(CredentialKind::Own) => "Your keys",
        Some(CredentialKind::OpenRouter) => "Through your OpenRouter key",
        Some(CredentialKind::Platform) => "Paid by the platform",
        None => "Needs a key",
    }
}

/// The abilities of a model in words.
pub fn abilities(choice: &ModelChoice) -> Vec<&'static str> {
    [
        (choice.abilities.vision, "vision"),
        (choice.abilities.tools, "tools"),
        (choice.abilities.reasoning, "reasoning"),
    ]
    .into_iter()
    .filter_map(|(has, word)| has.then_some(word))
    .collect()
}

/// Finds the models that hold every word of `query` in title, name or abilities, in any order and case.
pub fn find(choices: &[ModelChoice], query: &str) -> Found {
    let words: Vec<String> = query.split_whitespace().map(str::to_lowercase).collect();
    let fitting: Vec<&ModelChoice> = choices.iter().filter(|choice| fits(choice, &words)).collect();
    let mut found = Found {
        hidden: fitting.len().saturating_sub(MOST_ROWS),
        ..Found::default()
    };
    for kind in SECTIONS {
        let rows: Vec<(usize, ModelChoice)> = fitting
            .iter()
            .filter(|choice| choice.credential.as_ref().map(|credential| credential.kind) == kind)
            .take(MOST_ROWS - found.shown)
            .enumerate()
            .map(|(place, choice)| (found.shown + place, (*choice).clone()))
            .collect();
        if !rows.is_empty() {
            found.shown += rows.len();
            found.sections.push(Section { kind, rows });
        }
    }
    found
}

fn fits(choice: &ModelChoice, words: &[String]) -> bool {
    if words.is_empty() {
        return true;
    }
    let text = format!("{} {} {}", choice.title, choice.id, abilities(choice).join(" ")).to_lowercase();
    words.iter().all(|word| text.contains(word))
}

impl Found {
    /// The row at a place.
    pub fn row(&self, place: usize) -> Option<&ModelChoice> {
        self.sections
            .iter()
            .flat_map(|section| &section.rows)
            .find(|(at, _)| *at == place)
            .map(|(_, row)| row)
    }
}

/// Where a key leads among `count` rows: arrows go round the ends, page keys stop there. None for other keys.
pub fn step(place: usize, count: usize, key: &str) -> Option<usize> {
    let last = count.checked_sub(1)?;
    match key {
        "ArrowDown" => Some(if place >= last { 0 } else { place + 1 }),
        "ArrowUp" => Some(if place == 0 { last } else { place - 1 }),
        "PageDown" => Some((place + PAGE).min(last)),
        "PageUp" => Some(place.saturating_sub(PAGE)),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use marshmallow_core::{Abilities, CredentialLabel, Provider};

    use super::*;

    fn choice(id: &str, title: &str, kind: Option<CredentialKind>) -> ModelChoice {
        ModelChoice {
            id: id.parse().unwrap(),
            title: title.into(),
            context: None,
            price: None,
            abilities: Abilities {
                vision: title.contains("Vision"),
                ..Abilities::default()
            },
            credential: kind.map(|kind| CredentialLabel {
                kind,
                provider: Provider::OpenAi,
                label: String::new(),
                last_four: String::new(),
                key: None,
            }),
        }
    }

    fn titles(found: &Found) -> Vec<&str> {
        found
            .sections
            .iter()
            .flat_map(|section| &section.rows)
            .map(|(_, row)| row.title.as_str())
            .collect()
    }

    #[test]
    fn every_word_has_to_fit_in_any_order_and_case() {
        let choices = [
            choice("openai/gpt-large", "GPT Large Vision", Some(CredentialKind::Own)),
            choice("openai/gpt-small", "GPT Small", Some(CredentialKind::Own)),
        ];
        assert_eq!(titles(&find(&choices, "")), ["GPT Large Vision", "GPT Small"]);
        assert_eq!(titles(&find(&choices, "LARGE openai/")), ["GPT Large Vision"]);
        assert_eq!(titles(&find(&choices, "vision")), ["GPT Large Vision"]);
        assert_eq!(find(&choices, "large small"), Found::default());
    }

    #[test]
    fn own_keys_come_first_and_places_run_through_all_sections() {
        let choices = [
            choice("google/a", "A", None),
            choice("openai/b", "B", Some(CredentialKind::Platform)),
            choice("openai/c", "C", Some(CredentialKind::Own)),
            choice("openai/d", "D", Some(CredentialKind::Own)),
        ];
        let found = find(&choices, "");
        assert_eq!(titles(&found), ["C", "D", "B", "A"]);
        let places: Vec<usize> = found
            .sections
            .iter()
            .flat_map(|section| &section.rows)
            .map(|(place, _)| *place)
            .collect();
        assert_eq!(places, [0, 1, 2, 3]);
        assert_eq!(found.row(2).map(|row| row.title.as_str()), Some("B"));
        assert_eq!(found.row(4), None);
    }

    #[test]
    fn a_long_list_is_cut_and_says_so() {
        let choices: Vec<ModelChoice> = (0..400)
            .map(|n| {
                choice(
                    &format!("openrouter/m{n}"),
                    &format!("M{n}"),
                    Some(CredentialKind::OpenRouter),
                )
            })
            .chain([choice("google/z", "Z", None)])
            .collect();
        let found = find(&choices, "");
        assert_eq!((found.shown, found.hidden), (MOST_ROWS, 401 - MOST_ROWS));
        assert_eq!(titles(&find(&choices, "google")), ["Z"]);
    }

    #[test]
    fn keys_move_among_the_rows() {
        assert_eq!(step(0, 3, "ArrowDown"), Some(1));
        assert_eq!(step(2, 3, "ArrowDown"), Some(0));
        assert_eq!(step(0, 3, "ArrowUp"), Some(2));
        assert_eq!(step(1, 30, "PageDown"), Some(9));
        assert_eq!(step(28, 30, "PageDown"), Some(29));
        assert_eq!(step(3, 30, "PageUp"), Some(0));
        assert_eq!(step(0, 0, "ArrowDown"), None);
        assert_eq!(step(0, 3, "a"), None);
    }
}
