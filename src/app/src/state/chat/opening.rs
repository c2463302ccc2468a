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
    /// The target of a path such as `/` or `/c/0190…`.
    pub fn of_path(path: &str) -> Self {
        match path.trim_matches('/').strip_prefix("c/") {
            None => Self::New,
            Some(id) => id.parse().map_or(Self::Unreadable, Self::Stored),
        }
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
    /// new conversation began lives on when the address gets its name.
    pub fn next(previous: Option<Opening>, target: Target, begun: Option<Begun>) -> Opening {
        let Some(previous) = previous else {
            return Opening { number: 0, target };
        };
        let shown = match begun {
            Some(begun) if begun.number == previous.number => Target::Stored(begun.conversation),
            _ => previous.target,
        };
        if target == shown { previous } else { Opening { number: previous.number + 1, target } }
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
        assert_eq!(Target::of_path("/"), Target::New);
        assert_eq!(Target::of_path(&format!("/c/{ID}")), stored(ID));
        assert_eq!(Target::of_path(&format!("/c/{ID}/")), stored(ID));
        assert_eq!(Target::of_path("/c/nonsense"), Target::Unreadable);
    }

    #[test]
    fn the_view_lives_on_when_its_new_conversation_gets_an_address() {
        let first = Opening::next(None, Target::New, None);
        let begun = Some(Begun { number: first.number, conversation: ID.parse().unwrap() });
        // The frame comes before the address.
        assert_eq!(Opening::next(Some(first), stored(ID), begun), first);
        // "New chat" leads away from it, and the way back loads it like any other.
        let second = Opening::next(Some(first), Target::New, begun);
        assert_eq!(second, Opening { number: 1, target: Target::New });
        let third = Opening::next(Some(second), stored(ID), begun);
        assert_eq!(third, Opening { number: 2, target: stored(ID) });
    }

    #[test]
    fn another_conversation_is_another_opening_and_the_same_one_is_not() {
        let first = Opening::next(None, stored(ID), None);
        assert_eq!(Opening::next(Some(first), stored(ID), None), first);
        assert_eq!(Opening::next(Some(first), stored(OTHER), None).number, 1);
    }
}
