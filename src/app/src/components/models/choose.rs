//! The models of the open page: what may be chosen, what is chosen at first, and what a person without a key
//! is offered. It refuses to decide whose key serves: the server has.

use leptos::prelude::*;
use marshmallow_core::{CredentialKind, ModelChoice, ModelId, ModelSelection, PublicError};

use crate::{api, format::counted, state::chat::Tasks};

/// The models as the server last told them.
#[derive(Clone, Copy)]
pub struct Models {
    told: RwSignal<Result<ModelSelection, PublicError>>,
    tasks: Tasks,
}

impl Models {
    /// The models of the current view.
    pub fn new(told: Result<ModelSelection, PublicError>) -> Self {
        Self {
            told: RwSignal::new(told),
            tasks: Tasks::of_this_view(),
        }
    }

    /// Why they could not be told.
    pub fn error(self) -> Option<PublicError> {
        self.told.with(|told| told.as_ref().err().cloned())
    }

    /// Reads them.
    pub fn with<T>(self, read: impl FnOnce(&ModelSelection) -> T) -> T {
        self.told.with(|told| match told {
            Ok(selection) => read(selection),
            Err(_) => read(&ModelSelection::default()),
        })
    }

    /// The model of a name.
    pub fn find(self, id: &ModelId) -> Option<ModelChoice> {
        self.with(|selection| selection.choices.iter().find(|choice| choice.id == *id).cloned())
    }

    /// Asks the server again; an answer that does not come leaves what is there.
    pub fn refresh(self) {
        self.tasks.spawn(async move {
            let told = api::models::models().await.map_err(|api::ApiError(error)| error);
            if told.is_ok() || self.told.with_untracked(Result::is_err) {
                self.told.set(told);
            }
        });
    }

    /// Remembers the model for new conversations.
    pub fn prefer(self, model: ModelId) {
        self.tasks.spawn(async move {
            // The choice holds on this page anyway; the next page asks for it again.
            let _ = api::models::prefer_model(model).await;
        });
    }
}

/// The model that a conversation begins with: its own as long as it is listed, so that nobody's key pays
/// unasked, else the preferred one.
pub fn first_choice(selection: &ModelSelection, of_conversation: Option<&ModelId>) -> Option<ModelId> {
    of_conversation
        .filter(|id| selection.choices.iter().any(|choice| choice.id == **id))
        .or(selection.preferred.as_ref())
        .cloned()
}

/// What a person may use right now.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Offer {
    /// Models that their own keys serve, and how many.
    Own(usize),
    /// Models that the platform pays for, and how many.
    Platform(usize),
    /// Nothing before a key is added.
    Nothing,
}

impl Offer {
    /// The offer of a selection.
    pub fn of(selection: &ModelSelection) -> Self {
        let count = |wanted: fn(CredentialKind) -> bool| {
            selection
                .choices
                .iter()
                .filter(|choice| choice.credential.as_ref().is_some_and(|label| wanted(label.kind)))
                .count()
        };
        let own = count(|kind| kind != CredentialKind::Platform);
        let platform = count(|kind| kind == CredentialKind::Platform);
        match (own, platform) {
            (0, 0) => Self::Nothing,
            (0, platform) => Self::Platform(platform),
            (own, _) => Self::Own(own),
        }
    }

    /// The offer in a sentence.
    pub fn sentence(self) -> String {
        match self {
            Self::Own(count) => format!("{} ready with your own keys.", models_are(count)),
            Self::Platform(count) => {
                format!(
                    "{} free to use without a key of your own: the platform pays.",
                    models_are(count)
                )
            }
            Self::Nothing => {
                "Add a key of a provider to begin. It is sealed, and only you can use it.".into()
            }
        }
    }
}

fn models_are(count: usize) -> String {
    let verb = if count == 1 { "is" } else { "are" };
    format!("{} {verb}", counted(count as u64, "model", "models"))
}

#[cfg(test)]
mod tests {
    use marshmallow_core::{Abilities, CredentialLabel, Provider};

    use super::*;

    fn selection(models: &[(&str, Option<CredentialKind>)]) -> ModelSelection {
        let choices = models
            .iter()
            .map(|(id, kind)| ModelChoice {
                id: id.parse().unwrap(),
                title: (*id).into(),
                context: None,
                price: None,
                abilities: Abilities::default(),
                credential: kind.map(|kind| CredentialLabel {
                    kind,
                    provider: Provider::OpenAi,
                    label: String::new(),
                    last_four: String::new(),
                    key: None,
                }),
            })
            .collect();
        ModelSelection {
            choices,
            preferred: models.first().map(|(id, _)| id.parse().unwrap()),
            ..Default::default()
        }
    }

    #[test]
    fn a_conversation_keeps_its_model_even_when_it_needs_a_key_now() {
        let selection = selection(&[("openai/a", Some(CredentialKind::Own)), ("google/b", None)]);
        let of = |id: &str| first_choice(&selection, Some(&id.parse().unwrap())).map(String::from);
        assert_eq!(of("google/b").as_deref(), Some("google/b"));
        assert_eq!(of("gone/model").as_deref(), Some("openai/a"));
        assert_eq!(first_choice(&ModelSelection::default(), None), None);
    }

    #[test]
    fn the_offer_tells_who_pays() {
        let own = selection(&[
            ("openai/a", Some(CredentialKind::Own)),
            ("openai/b", Some(CredentialKind::Platform)),
        ]);
        assert_eq!(Offer::of(&own), Offer::Own(1));
        assert_eq!(Offer::of(&own).sentence(), "1 model is ready with your own keys.");
        let platform = selection(&[("openai/b", Some(CredentialKind::Platform)), ("google/c", None)]);
        assert_eq!(Offer::of(&platform), Offer::Platform(1));
        let routed = selection(&[("openai/b", Some(CredentialKind::OpenRouter))]);
        assert_eq!(Offer::of(&routed), Offer::Own(1));
        assert_eq!(Offer::of(&selection(&[("google/c", None)])), Offer::Nothing);
    }
}
