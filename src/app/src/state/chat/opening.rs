//! Which conversation the address asks for, and when that is another one than the page already shows.
//! It refuses to know the router and signals.

use marshmallow_core::ConversationId;

/// What an address asks for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Target {
    /// A conversation that does not exist yet.
    New,
    /// A stored conversation.
    Stored(ConversationId),
    /// Something that cannot be the id of a conversation.
    Unreadable,
}

impl Target {
    /// The target of a path such as `/` or `/c/0190…`; none for one that leads out of the chat.
    pub fn of_path(path: &str) -> Option<Self> {
        let path = path.trim_matches('/');
        if path.is_empty() {
            return Some(Self::New);
        }
        let id = path.strip_prefix("c/")?;
        Some(id.parse().map_or(Self::Unreadable, Self::Stored))
    }
}

/// One opening of the chat view. A new number means: a fresh view.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Opening {
    /// Counts the openings of this page.
    pub number: u32,
    /// What was asked for when it opened.
    pub target: Target,
}

/// A new conversation that came to be in an opening.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Begun {
    /// The opening in which it began.
    pub number: u32,
    /// The conversation.
    pub conversation: ConversationId,
}

impl Opening {
    /// The opening for an address: the previous one as long as it shows just that, so that a view in which a
    /// new conversation began lives on when the address gets its name. An address outside the chat changes
    /// nothing: the page is about to be left.
    pub fn next(previous: Option<Opening>, target: Option<Target>, begun: Option<Begun>) -> Opening {
        let Some(previous) = previous else {
            return Opening {
                number: 0,
                target: target.unwrap_or(Target::New),
            };
        };
        let Some(target) = target else {
            return previous;
        };
        let shown = match begun {
            Some(begun) if begun.number == previous.number => Target::Stored(begun.conversation),
            _ => previous.target,
        };
        if target == shown {
            previous
        } else {
            Opening {
                number: previous.number + 1,
                target,
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const ID: &str = "01900000-0000-7000-8000-000000000001";
    const OTHER: &str = "01900000-0000-7000-8000-000000000002";

    fn stored(id: &str) -> Target {
        Target::Stored(id.parse().unwrap())
    }

    #[test]
    fn a_path_names_its_target() {
        assert_eq!(Target::of_path("/"), Some(Target::New));
        assert_eq!(Target::of_path(&format!("/c/{ID}")), Some(stored(ID)));
        assert_eq!(Target::of_path(&format!("/c/{ID}/")), Some(stored(ID)));
        assert_eq!(Target::of_path("/c/nonsense"), Some(Target::Unreadable));
        assert_eq!(Target::of_path("/settings/keys"), None);
    }

    #[test]
    fn the_view_lives_on_when_its_new_conversation_gets_an_address() {
        let first = Opening::next(None, Some(Target::New), None);
        let begun = Some(Begun {
            number: first.number,
            conversation: ID.parse().unwrap(),
        });
        // The frame comes before the address.
        assert_eq!(Opening::next(Some(first), Some(stored(ID)), begun), first);
        // "New chat" leads away from it, and the way back loads it like any other.
        let second = Opening::next(Some(first), Some(Target::New), begun);
        assert_eq!(
            second,
            Opening {
                number: 1,
                target: Target::New
            }
        );
        let third = Opening::next(Some(second), Some(stored(ID)), begun);
        assert_eq!(
            third,
            Opening {
                number: 2,
                target: stored(ID)
            }
        );
    }

    #[test]
    fn another_conversation_is_another_opening_and_the_same_one_is_not() {
        let first = Opening::next(None, Some(stored(ID)), None);
        assert_eq!(Opening::next(Some(first), Some(stored(ID)), None), first);
        assert_eq!(Opening::next(Some(first), Some(stored(OTHER)), None).number, 1);
        assert_eq!(
            Opening::next(Some(first), None, None),
            first,
            "the page is being left"
        );
    }
}
