//! A diagnosis with all that a person is told of it: whose answer it was, and until when it holds.
//! It refuses to choose words of its own: they stand in `Diagnosis`, the links in `help_page`.

use serde::{Deserialize, Serialize};

use crate::{Diagnosis, HelpPage, Millis, Provider};

/// What was found about a key or a failed turn.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Finding {
    /// Who answered; for a key of another provider, whose key it looks like.
    pub provider: Provider,
    /// What the answer means.
    pub diagnosis: Diagnosis,
    /// When the provider serves again, where it told.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub until: Option<Millis>,
}

impl Finding {
    /// A finding that holds for nobody knows how long.
    pub fn new(provider: Provider, diagnosis: Diagnosis) -> Self {
        Self {
            provider,
            diagnosis,
            until: None,
        }
    }

    /// The same, until `moment`.
    pub fn until(self, moment: Option<Millis>) -> Self {
        Self {
            until: moment,
            ..self
        }
    }

    /// What it means, in a sentence that names the provider.
    pub fn meaning(self) -> String {
        self.diagnosis.meaning(self.provider)
    }

    /// The one thing to do next.
    pub fn next_step(self) -> String {
        self.diagnosis.next_step(self.provider)
    }

    /// The provider's page that helps.
    pub fn page(self) -> Option<HelpPage> {
        self.provider.help_page(self.diagnosis)
    }
}
